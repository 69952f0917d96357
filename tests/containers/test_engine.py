"""The engine itself is stopped and started, as when its host is: what ran runs again, by itself."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import ClassVar

import pytest

from tests.containers.stack import ROOT, docker, eventually

LAB = ROOT.parent / "shared" / "container-lab.sh"
ASKS = """
import http.client
line = http.client.HTTPConnection("proxy_prod", 8080, timeout=120)
line.request("GET", "/health", headers={"Host": "localhost"})
print(line.getresponse().read().decode())
"""


class SecondLab:
    """An engine beside the one at hand, in a folder of its own, which a test may stop."""

    def __init__(self, folder):
        self.folder = folder
        first = Path(os.environ["DOCKER_HOST"].removeprefix("unix://")).parent
        for part in ("bin", "config"):
            shutil.copytree(first / part, folder / part, symlinks=True)
        self.variables = {"DOCKER_HOST": f"unix://{folder}/docker.sock", "DOCKER_CONFIG": f"{folder}/config"}

    def run(self, command):
        known = {**os.environ, "CONTAINER_LAB_DIR": str(self.folder), "CONTAINER_LAB_SUITES": " "}
        done = subprocess.run([LAB, command], env=known, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr

    def take(self, *images):
        """Copy images from the engine at hand."""
        with subprocess.Popen(["docker", "save", *images], stdout=subprocess.PIPE) as saved:
            known = {**os.environ, **self.variables}
            subprocess.run(["docker", "load", "-q"], stdin=saved.stdout, env=known, capture_output=True, check=True)

    def restart(self):
        """End the engine as a host that goes down does; the lab's own stop would stop each container for good."""
        outer = int((self.folder / "unshare.pid").read_text())
        first = int(Path(f"/proc/{outer}/task/{outer}/children").read_text())
        os.kill(first, signal.SIGTERM)
        eventually(lambda: not Path(f"/proc/{outer}").exists() or is_zombie(outer), 600, "the engine stopped")
        self.run("up")


def is_zombie(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


class HostEngine:
    """The engine of a machine that is thrown away afterwards."""

    variables: ClassVar[dict[str, str]] = {}

    def take(self, *images):
        """The images are here already."""

    def run(self, command):
        """The engine runs already, and goes on."""

    def restart(self):
        subprocess.run(["sudo", "-n", "systemctl", "restart", "docker.socket", "docker"], check=True, timeout=120)


@pytest.fixture
def place():
    """A folder of a short name: the engine's sockets lie in it, and their names are bounded."""
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def own_engine(engine, place):
    """An engine that may be stopped: a second lab, or that of a machine of GitHub's."""
    if LAB.is_file() and "/container-lab/" in os.environ.get("DOCKER_HOST", ""):
        found = SecondLab(place)
    elif os.environ.get("GITHUB_ACTIONS") and "PYTEST_XDIST_WORKER" in os.environ:
        pytest.skip("other workers use this engine: `make containers` runs this file alone afterwards")
    elif os.environ.get("GITHUB_ACTIONS"):
        found = HostEngine()
    else:
        pytest.skip("the engine here is not the tests' own, to be stopped")
    try:
        found.run("up")
        yield found
    finally:
        found.run("purge")


def test_both_sites_come_back_with_the_engine(own_engine, make_stack):
    stack = make_stack("restarted", **own_engine.variables)
    own_engine.take(stack.image, stack.proxy)
    try:
        stack.build()
        stack.up()
        services = [f"{kind}_{name}" for kind in ("mange", "proxy") for name in ("preprod", "prod")]
        before = {name: stack.inspect(name)["State"]["StartedAt"] for name in services}
        own_engine.restart()
        for name, started in before.items():
            eventually(lambda name=name: stack.health(name) == "healthy", 600, f"{name} healthy again")
            assert stack.inspect(name)["State"]["StartedAt"] > started
        assert '"environment": "PROD"' in stack.execute("mange_prod", "python", "-c", ASKS)
    finally:
        stack.down()


def test_the_engine_at_hand_is_left_alone(own_engine):
    assert docker("version", "--format", "{{.Server.Version}}").strip()
