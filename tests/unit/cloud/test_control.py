"""Starting, finding and stopping the local cloud."""

from __future__ import annotations

import http.server
import json
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest

from mlstead_toolkit.cloud import control
from mlstead_toolkit.cloud.control import CloudError, PortBusy

REGION = "eu-west-1"
TRUST = json.dumps({"Statement": [
    {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
PULL = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}]})


def client(status: control.CloudStatus, service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=status.endpoint,
        region_name=REGION,
        aws_access_key_id="mlstead",
        aws_secret_access_key="mlstead",
    )


def wait_for(condition: Any, seconds: float = 10) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def start_endless_job(status: control.CloudStatus, home: Path) -> int:
    """Start a job that does not end by itself; gives the process id of a child of its."""
    root = home.parent / "project"
    root.mkdir()
    (root / "endless.py").write_text("""
import pathlib, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])
pathlib.Path("child.pid").write_text(str(child.pid))
child.wait()
""")
    control.register_image(status.endpoint, "project", root, Path(sys.executable))
    role = client(status, "iam").create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    client(status, "iam").put_role_policy(RoleName="worker", PolicyName="pull", PolicyDocument=PULL)
    client(status, "sagemaker").create_processing_job(
        ProcessingJobName="endless",
        RoleArn=role,
        AppSpecification={
            "ImageUri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/project:1",
            "ContainerEntrypoint": [sys.executable, "endless.py"],
        },
        ProcessingResources={"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}},
    )
    note = root / "child.pid"
    return int(wait_for(lambda: note.exists() and note.read_text()))


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_the_cloud_is_ready_when_start_returns(home: Path, free_port: int) -> None:
    assert control.status(home, free_port).running is False
    started = control.ensure_running(home, free_port)
    assert started.running
    assert started.pid is not None
    assert psutil.Process(started.pid).status() != psutil.STATUS_ZOMBIE
    assert client(started, "s3").list_buckets()["Buckets"] == []


def test_starting_twice_changes_nothing(home: Path, free_port: int) -> None:
    with ThreadPoolExecutor(4) as pool:
        ids = {status.boot_id for status in pool.map(lambda _: control.ensure_running(home, free_port), range(4))}
    assert len(ids) == 1
    assert control.start(home, free_port).boot_id in ids


def test_a_foreign_process_on_the_port_is_named_with_the_fix(home: Path, free_port: int) -> None:
    class Foreign(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", free_port), Foreign) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(PortBusy, match=rf"Port {free_port} is taken by .*process {os.getpid()}") as raised:
            control.ensure_running(home, free_port)
        server.shutdown()
    assert f"MLSTEAD_CLOUD_PORT={free_port + 1}" in str(raised.value.fix)


def test_the_cloud_of_another_home_is_not_taken_for_ours(home: Path, free_port: int, tmp_path: Path) -> None:
    control.ensure_running(home, free_port)
    with pytest.raises(PortBusy, match="Another local cloud runs on this port"):
        control.ensure_running(tmp_path / "other", free_port)


def test_stop_ends_jobs_and_their_children(home: Path, free_port: int) -> None:
    status = control.ensure_running(home, free_port)
    child = start_endless_job(status, home)
    assert control.status(home, free_port).jobs_running == 1
    control.stop(home, free_port)
    assert control.status(home, free_port).running is False
    wait_for(lambda: is_gone(child))
    assert control.stop(home, free_port).running is False


def test_nothing_outlives_a_killed_cloud(home: Path, free_port: int) -> None:
    status = control.ensure_running(home, free_port)
    child = start_endless_job(status, home)
    assert status.pid is not None
    os.kill(status.pid, signal.SIGKILL)
    wait_for(lambda: is_gone(child))
    again = control.ensure_running(home, free_port)
    assert again.boot_id != status.boot_id


def test_a_reset_empties_everything_and_shows_it(home: Path, free_port: int) -> None:
    before = control.ensure_running(home, free_port)
    client(before, "s3").create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    child = start_endless_job(before, home)
    after = control.reset(home, free_port)
    assert after.boot_id != before.boot_id
    assert after.jobs_running == 0
    assert client(after, "s3").list_buckets()["Buckets"] == []
    assert client(after, "sagemaker").list_processing_jobs()["ProcessingJobSummaries"] == []
    wait_for(lambda: is_gone(child))


def test_an_image_of_a_missing_folder_is_refused(home: Path, free_port: int) -> None:
    status = control.ensure_running(home, free_port)
    with pytest.raises(CloudError, match="/no/where does not exist"):
        control.register_image(status.endpoint, "project", Path("/no/where"), Path(sys.executable))


def test_every_call_is_on_record_with_its_principal_and_whether_it_was_refused(home: Path, free_port: int) -> None:
    status = control.ensure_running(home, free_port)
    client(status, "s3").create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    iam = client(status, "iam")
    arn = iam.create_role(RoleName="reader", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    assumed = client(status, "sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    session = boto3.Session(
        assumed["AccessKeyId"], assumed["SecretAccessKey"], assumed["SessionToken"], region_name=REGION
    )
    reader, chaining = (session.client(service, endpoint_url=status.endpoint) for service in ("s3", "sts"))
    with pytest.raises(reader.exceptions.ClientError, match="no identity-based policy allows the s3:PutObject action"):
        reader.put_object(Bucket="bucket", Key="a b.txt", Body=b"x")
    with pytest.raises(chaining.exceptions.ClientError, match="no role trust policy allows the sts:AssumeRole action"):
        chaining.assume_role(RoleArn=arn, RoleSessionName="again")
    put = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::bucket/*"}
    policy = {"Version": "2012-10-17", "Statement": put}
    iam.put_role_policy(RoleName="reader", PolicyName="put", PolicyDocument=json.dumps(policy))
    reader.put_object(Bucket="bucket", Key="a b.txt", Body=b"x")
    own = client(status, "s3")
    own.copy_object(Bucket="bucket", Key="c", CopySource="bucket/a b.txt")
    own.put_object(Bucket="bucket", Key="d", Body=b"x")
    own.list_objects_v2(Bucket="bucket")
    own.list_object_versions(Bucket="bucket")
    trail = home / "cloud" / "calls.jsonl"
    wait_for(lambda: "ListObjectVersions" in trail.read_text())
    lines = [json.loads(line) for line in trail.read_text().splitlines()]
    assert [(line["service"], line["operation"], line["principal"]) for line in lines] == [
        ("s3", "CreateBucket", "mlstead"),
        ("iam", "CreateRole", "mlstead"),
        ("sts", "AssumeRole", "mlstead"),
        ("s3", "PutObject", arn),
        ("sts", "AssumeRole", arn),
        ("iam", "PutRolePolicy", "mlstead"),
        ("s3", "PutObject", arn),
        ("s3", "CopyObject", "mlstead"),
        ("s3", "PutObject", "mlstead"),
        ("s3", "ListObjectsV2", "mlstead"),
        ("s3", "ListObjectVersions", "mlstead"),
    ]
    assert [index for index, line in enumerate(lines) if "refused" in line] == [3, 4]


def test_the_log_does_not_grow_without_bound(home: Path, free_port: int) -> None:
    log = control.log_path(home)
    log.parent.mkdir(parents=True)
    log.write_text("x" * (control.LOG_LIMIT + 1))
    control.ensure_running(home, free_port)
    assert log.stat().st_size < 10_000
