"""The image goes to a registry once, and comes back by its digest: a real one, from Debian's package."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.stack import ROOT, docker, eventually, get

IMAGE = "mangetamain-registry:test"
REGISTRY = """FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends docker-registry && rm -rf /var/lib/apt/lists/*
COPY config.yml /
CMD ["docker-registry", "serve", "/config.yml"]
"""
OPEN = "{version: 0.1, storage: {filesystem: {rootdirectory: /srv}}, http: {addr: ':5000'}}"


@pytest.fixture
def registry(engine: None, tmp_path: Path) -> Iterator[str]:
    """The address of an empty registry."""
    (tmp_path / "Dockerfile").write_text(REGISTRY)
    (tmp_path / "config.yml").write_text(OPEN)
    docker("build", "--quiet", "--tag", IMAGE, str(tmp_path))
    started = docker("run", "--detach", "--publish", "127.0.0.1::5000", IMAGE).strip()
    try:
        place = docker("port", started, "5000/tcp").splitlines()[0]
        eventually(lambda: "listening on" in docker("logs", started), 600, "the registry listens")
        yield place
    finally:
        docker("rm", "--force", "--volumes", started)
        docker("image", "rm", "--force", IMAGE)


def test_one_build_is_pushed_and_named_by_its_digest(registry, revision):
    done = subprocess.run(
        [ROOT / "docker" / "publish.sh", f"{registry}/Owner/Mangetamain"], capture_output=True, text=True, timeout=1200
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (line,) = done.stdout.splitlines()
    name, _, digest = line.removeprefix("image=").partition("@")
    assert name == f"{registry}/owner/mangetamain"
    try:
        status, _, body = get(f"http://{registry}/v2/owner/mangetamain/tags/list")
        assert (status, json.loads(body)["tags"]) == (200, [revision])
        docker("image", "rm", f"{name}:{revision}")
        docker("pull", "--quiet", f"{name}@{digest}")
        labels = json.loads(docker("image", "inspect", f"{name}@{digest}"))[0]["Config"]["Labels"]
        assert labels["org.opencontainers.image.revision"] == revision
    finally:
        docker("image", "rm", "--force", f"{name}:{revision}", f"{name}@{digest}", check=False)


def test_a_registry_that_is_not_there_is_an_error_and_no_digest(engine):
    done = subprocess.run(
        [ROOT / "docker" / "publish.sh", "127.0.0.1:9/owner/mangetamain"], capture_output=True, text=True, timeout=1200
    )
    assert done.returncode != 0
    assert done.stdout == ""
