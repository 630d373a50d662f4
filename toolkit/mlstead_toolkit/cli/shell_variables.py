"""What a shell needs so that the AWS CLI, boto3 and the Pulumi CLI reach `local`."""

from __future__ import annotations

import os
import shutil

from mlstead_toolkit.cli.acting import signing
from mlstead_toolkit.cli.aws_access import local_endpoint
from mlstead_toolkit.cli.local_place import local_place
from mlstead_toolkit.cli.local_stack import local_outputs
from mlstead_toolkit.engine.secrets import passphrase
from mlstead_toolkit.home import cloud_port, home_directory
from mlstead_toolkit.project import ACTING_AS, DEFAULT_REGION, Project, acting_as


def shell_variables(project: Project, use: str | None = None) -> dict[str, str]:
    """Give the variables by name; where there is a `pulumi`, the cloud and the provider that it needs are started.

    Args:
        project: whose shell it is.
        use: of the role that the shell acts as, or its ARN; None: what MLSTEAD_AS says.

    Raises:
        MlsteadError: there is no such role, or the local cloud does not run.
    """
    home, region = home_directory(), str(local_outputs(project).get("region") or DEFAULT_REGION)
    signer = signing(local_place().target(region), project.name, use).signer
    variables = {
        "AWS_ENDPOINT_URL": local_endpoint(),
        "AWS_ACCESS_KEY_ID": signer.access_key if signer else "mlstead",
        "AWS_SECRET_ACCESS_KEY": signer.secret_key if signer else "mlstead",
        **({"AWS_SESSION_TOKEN": signer.session_token, ACTING_AS: use or acting_as()} if signer else {}),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "PULUMI_BACKEND_URL": f"file://{home}",
    }
    if not {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"} & os.environ.keys():
        passphrase(home)  # there has to be one
        variables["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(home / "passphrase")
    if shutil.which("pulumi"):
        from mlstead_toolkit.cli.provider_server import ensure_serving
        from mlstead_toolkit.cloud.control import ensure_running

        ensure_running(home, cloud_port())
        port = ensure_serving(home, project.infra, local_endpoint(), region, signer)
        variables["PULUMI_DEBUG_PROVIDERS"] = f"aws:{port}"
    return variables
