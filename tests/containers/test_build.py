"""The one-shot build: the data volume filled from a folder, a zip, or a bucket whose keys are a secret."""

import json
import zipfile

import boto3
import pytest
from botocore.config import Config

from tests.conftest import write_official_files
from tests.containers.stack import docker
from tests.warehouse.s3 import weed

BUCKET = "food"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The ten recipes as official files, readable for any user."""
    found = write_official_files(tmp_path_factory.mktemp("source") / "raw")
    for path in (*found.parents, found, *found.iterdir()):
        if path.is_relative_to("/tmp"):
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o644))
    return found


@pytest.fixture(scope="module")
def project(make_stack):
    made = make_stack("build")
    yield made
    made.down()


@pytest.fixture
def stack(project):
    """One project and its data volume for all; each test has variables of its own."""
    project.variables.clear()
    return project


def built(stack):
    """Return what the volume's warehouse says of itself."""
    return json.loads(stack.volume("mangetamain", "status", "--json"))


def test_a_folder(stack, folder):
    stack.variables["BUILD_FOLDER"] = str(folder)
    stack.build("/source")
    assert built(stack)["info"]["source"] == "source"


def test_a_zip(stack, folder):
    path = folder.parent / "kaggle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    path.chmod(0o644)
    stack.variables |= {"BUILD_FOLDER": str(path), "BUILD_MOUNT": "/kaggle.zip"}
    stack.build("/kaggle.zip")
    assert built(stack)["info"]["source"] == "kaggle.zip"


def test_a_bucket_by_a_secret_that_nobody_else_reads(stack, folder, tmp_path):
    gateway = json.loads(docker("network", "inspect", "bridge"))[0]["IPAM"]["Config"][0]["Gateway"]
    store = tmp_path / "store"
    store.mkdir()
    with weed.serving(store) as server, weed.cutting_proxy(server.port, after=1 << 40, host="0.0.0.0") as port:
        client = boto3.client(
            "s3", endpoint_url=server.endpoint, region_name="us-east-1",
            aws_access_key_id=weed.KEY, aws_secret_access_key=weed.SECRET,
            config=Config(s3={"addressing_style": "path"}),
        )  # fmt: skip
        client.create_bucket(Bucket=BUCKET)
        for file in folder.iterdir():
            client.put_object(Bucket=BUCKET, Key=f"raw/{file.name}", Body=file.read_bytes())
        keys = tmp_path / "keys"
        keys.write_text(
            f"[default]\naws_access_key_id = {weed.KEY}\naws_secret_access_key = {weed.SECRET}\n"
            f"endpoint_url = http://{gateway}:{port}\nregion = garage\n"
        )
        keys.chmod(0o644)
        stack.variables["S3_CREDENTIALS_FILE"] = str(keys)
        stack.build(f"s3://{BUCKET}/raw")
    assert built(stack)["info"]["source"] == f"s3://{BUCKET}/raw"
    assert weed.SECRET not in stack.compose("config") + stack.volume("cat", "/proc/self/environ")
    assert weed.SECRET not in stack.volume("sh", "-c", "cat /data/logs/* 2>/dev/null; true")


def test_a_source_that_is_none_leaves_the_old_warehouse(stack):
    stack.build("sample:2000")
    before = built(stack)["info"]["fingerprint"]
    with pytest.raises(AssertionError) as failed:
        stack.build("/no/such/folder")
    assert "mangetamain: " in str(failed.value)
    assert "Traceback" not in str(failed.value)
    assert built(stack)["info"]["fingerprint"] == before
