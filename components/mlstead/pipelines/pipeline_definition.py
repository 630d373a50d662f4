"""The reviewed JSON of a pipeline, and its parameters filled for one environment."""

from __future__ import annotations

import copy
import difflib
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from mlstead.pipelines.instance_types import has_local_disks
from mlstead.refusal import Refusal

_COMPILE = "change pipelines/ and type: mlstead compile"
_VOLUME_KEY = {"Get": "Parameters.KmsKey"}
_NETWORK = {
    "Subnets": [{"Get": "Parameters.FirstSubnet"}, {"Get": "Parameters.SecondSubnet"}],
    "SecurityGroupIds": [{"Get": "Parameters.SecurityGroup"}],
}
_PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "String": str, "Integer": int, "Float": (int, float), "Boolean": bool,
}


class PipelineDefinition:
    """A SageMaker pipeline definition (schema 2020-12-01) that holds nothing of any environment.

    Args:
        path: the JSON file that `mlstead compile` writes; relative to the program's folder.

    Raises:
        Refusal: there is no such file, or it holds no pipeline definition.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            self._body: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
            self.parameters: dict[str, dict[str, Any]] = {each["Name"]: each for each in self._body["Parameters"]}
            if not self._body["Steps"]:
                raise KeyError("Steps")
        except FileNotFoundError:
            raise Refusal("There is no pipeline definition.", where=str(self.path), fix="mlstead compile") from None
        except (ValueError, KeyError, TypeError) as error:
            raise Refusal(f"This is no pipeline definition: {error}.", where=str(self.path), fix=_COMPILE) from None

    def check(self, filled: Mapping[str, object]) -> None:
        """Refuse a parameter that would stay without a value, and a value that no parameter takes."""
        for name in filled:
            if name not in self.parameters:
                close = difflib.get_close_matches(name, self.parameters, n=1)
                guess = f"did you mean {close[0]}? " if close else ""
                raise Refusal(f"The pipeline has no parameter {name}.", where=str(self.path),
                              fix=f"{guess}declare it in the pipeline, or leave it out; " + _COMPILE)
        for name, parameter in self.parameters.items():
            if name not in filled and parameter.get("DefaultValue") is None:
                raise Refusal(
                    f"The pipeline's parameter {name} has no value.", where=str(self.path),
                    fix=f"give it a default in the pipeline, or a value in the component's parameters; {_COMPILE}",
                )

    def job_types(self) -> list[str]:
        """Give which types of jobs it runs: Processing, Training."""
        return sorted({step["Type"] for step in self._jobs()})

    def every_job_has_outputs(self) -> bool:
        """Tell whether SageMaker itself writes what each of its jobs has made."""
        return all(_outputs(step["Arguments"]) for step in self._jobs())

    def check_jobs(
        self, instance_types: Mapping[str, str], output_keys: Collection[str] = (), *, isolated: bool = True
    ) -> None:
        """Refuse a job outside the private network, or that does not encrypt; by default, one whose container is open.

        AWS would deny the pipeline's role each of them, and say so only when the step's turn has come.

        Args:
            instance_types: what jobs may run on, by the parameter that takes each.
            output_keys: parameters besides KmsKey whose keys may encrypt what a job writes.
            isolated: whether the container must be cut off from every network, also from the private one.
        """
        guards = ("EnableNetworkIsolation",) if isolated else ()
        for step in self._jobs():
            arguments = step["Arguments"]
            network = arguments.get("NetworkConfig", arguments)
            for guard in (*guards, "EnableInterContainerTrafficEncryption"):
                if network.get(guard) is not True:
                    raise Refusal(f"The step {step.get('Name')} does not set {guard}.", where=str(self.path),
                                  fix=f"set it to true; {_COMPILE}")
            if network.get("VpcConfig") != _NETWORK:
                raise Refusal(f"The step {step.get('Name')} does not run in the private network.", where=str(self.path),
                              fix=f"set VpcConfig to FirstSubnet and SecondSubnet, with SecurityGroup; {_COMPILE}")
            if _machine(arguments).get("VolumeKmsKeyId") != _VOLUME_KEY:
                raise Refusal(f"The step {step.get('Name')} does not encrypt its volume with the parameter KmsKey.",
                              where=str(self.path), fix=f"set VolumeKmsKeyId to that parameter; {_COMPILE}")
            if _machine(arguments).get("InstanceType") not in _getting(instance_types):
                raise Refusal(f"The step {step.get('Name')} runs on what no setting names.", where=str(self.path),
                              fix=f"set InstanceType to the parameter {' or '.join(instance_types)}; {_COMPILE}")
            keys = ["KmsKey", *output_keys]
            if (written := _outputs(arguments)) and written.get("KmsKeyId") not in _getting(keys):
                raise Refusal(f"The step {step.get('Name')} does not encrypt what it writes.", where=str(self.path),
                              fix=f"set KmsKeyId of its outputs to the parameter {' or '.join(keys)}; {_COMPILE}")

    def fill(self, values: Mapping[str, object]) -> str:
        """Give the definition as text, with these values as the parameters' defaults.

        A job on an instance type with local disks loses its volume key there, since SageMaker refuses such a job one.
        """
        parameters = []
        for name, parameter in self.parameters.items():
            if name in values:
                expected = _PYTHON_TYPES.get(parameter["Type"], str)
                value = values[name]
                if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
                    raise Refusal(f"The pipeline's parameter {name} is a {parameter['Type']}, not {value!r}.",
                                  where=str(self.path), fix="correct the value in the component's parameters")
                parameter = parameter | {"DefaultValue": value}
            parameters.append(parameter)
        body = copy.deepcopy(self._body) | {"Parameters": parameters}
        defaults = {f"Parameters.{each['Name']}": each.get("DefaultValue") for each in parameters}
        for step in _steps(body["Steps"]):
            machine = _machine(step.get("Arguments", {}))
            chosen = machine.get("InstanceType")
            if has_local_disks(str(defaults.get(chosen["Get"]) if isinstance(chosen, dict) else chosen)):
                machine.pop("VolumeKmsKeyId", None)
        return json.dumps(body, separators=(",", ":"))

    def _jobs(self) -> Iterator[dict[str, Any]]:
        return (step for step in _steps(self._body["Steps"]) if step.get("Type") in ("Processing", "Training"))


def _machine(arguments: dict[str, Any]) -> dict[str, Any]:
    """Give what a processing or training job runs on; nothing for other steps."""
    cluster = arguments.get("ProcessingResources", {}).get("ClusterConfig", {})
    machine: dict[str, Any] = arguments.get("ResourceConfig", cluster)
    return machine


def _outputs(arguments: dict[str, Any]) -> dict[str, Any]:
    """Give what SageMaker is to write for a job, and with which key; nothing where it is to write nothing."""
    processing = arguments.get("ProcessingOutputConfig", {})
    written: dict[str, Any] = processing if processing.get("Outputs") else arguments.get("OutputDataConfig", {})
    return written


def _getting(parameters: Collection[str]) -> list[dict[str, str]]:
    return [{"Get": f"Parameters.{name}"} for name in parameters]


def _steps(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give every step, also those that a condition chooses between."""
    for step in steps:
        yield step
        for branch in ("IfSteps", "ElseSteps"):
            yield from _steps(step.get("Arguments", {}).get(branch, []))
