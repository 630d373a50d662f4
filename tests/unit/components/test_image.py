"""The image that jobs run is one that cannot become another."""

import json

import pytest

from mlstead.errors import MlsteadError
from mlstead.settings.project_settings import ProjectSettings
from mlstead.training.image_repository import Image
from mlstead_toolkit.policies.images import is_floating, is_in_ecr

DIGEST = "sha256:" + "0123456789abcdef" * 4
ADDRESS = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/flight-delays-dev"


def images_of_jobs(run):
    definitions = [json.loads(each.inputs["pipelineDefinition"]) for each in run.of("Pipeline")]
    found = [{each["Name"]: each.get("DefaultValue") for each in one["Parameters"]}["Image"] for one in definitions]
    assert len(found) == 2
    return set(found)


def test_with_a_digest_every_job_runs_that_very_image(run_project):
    run = run_project("dev", {"image": {"tag": "1f2e3d4", "digest": DIGEST}})
    assert images_of_jobs(run) == {f"{ADDRESS}@{DIGEST}"}
    assert (run.exports["image_tag"], run.exports["image_digest"]) == ("1f2e3d4", DIGEST)
    assert is_in_ecr(f"{ADDRESS}@{DIGEST}") and not is_floating(f"{ADDRESS}@{DIGEST}")


def test_without_one_jobs_run_what_the_tag_names(run_project):
    run = run_project("dev", {"image": {"tag": "0.2.0"}})
    assert images_of_jobs(run) == {f"{ADDRESS}:0.2.0"}
    assert (run.exports["image_tag"], run.exports.get("image_digest")) == ("0.2.0", None)


@pytest.mark.parametrize("digest", ["", "0123", "sha256:0123", DIGEST.upper(), DIGEST + "0", "sha512:" + "0" * 64])
def test_what_is_no_digest_is_refused_by_the_settings_name(digest):
    image = json.dumps({"tag": "1", "digest": digest})
    given = {"p:foundation": "organization/mlstead-foundation/dev", "p:image": image}
    with pytest.raises(MlsteadError, match=r"p:image\.digest.* is no digest of an image") as told:
        ProjectSettings.read(given, "p", "Pulumi.dev.yaml")
    assert "64 small hexadecimal digits" in told.value.fix
    with pytest.raises(MlsteadError, match="is no digest of an image"):
        Image(None, "1", digest)
