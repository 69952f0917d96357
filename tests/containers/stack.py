"""The compose file brought up for real, by docker alone, under a project name and ports of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.serving import free_port

ROOT = Path(__file__).parent.parent.parent
COMPOSE = ROOT / "docker" / "compose.yaml"
ENVIRONMENTS = ("preprod", "prod")


def docker(*words: str, check: bool = True, seconds: float = 1800, **variables: str) -> str:
    """Run a docker command and return all that it said; what fails says it in the test's own report."""
    done = subprocess.run(
        ["docker", *words], env={**os.environ, **variables}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=seconds, check=False,
    )  # fmt: skip
    assert not check or done.returncode == 0, f"docker {' '.join(words)}: {done.stdout[-3000:]}"
    return done.stdout


def missing() -> str:
    """Say in one line why no container can be run here, or nothing."""
    if shutil.which("docker") is None:
        return "no docker command"
    try:
        docker("version", "--format", "{{.Server.Version}}", seconds=20)
        docker("compose", "version", seconds=20)
    except (AssertionError, subprocess.TimeoutExpired) as error:
        return " ".join(str(error).split())[:200]
    return ""


def eventually(check: Callable[[], object], seconds: float, what: str, pause: float = 0.2) -> Any:
    """Wait until something is true and return it; the pause is for what costs the engine something to say."""
    until = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < until, f"not within {seconds:.0f} s: {what}"
        time.sleep(pause)
    return found


def get(url: str, seconds: float = 120, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask for an address and return status, headers in small letters, and body, whatever the status."""
    asked = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(asked, timeout=seconds) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()


@dataclass
class Stack:
    """One compose project: both sites, their standbys, their proxies."""

    name: str
    image: str
    proxy: str
    variables: dict[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = (COMPOSE,)
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in ENVIRONMENTS})

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the compose file is read with."""
        roles = ("BUILD", *(f"{name}{kind}" for name in ("PREPROD", "PROD") for kind in ("", "_STANDBY")))
        images = {f"{role}_IMAGE": self.image for role in roles}
        ports = {f"{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        return {"COMPOSE_PROJECT_NAME": self.name, "PROXY_IMAGE": self.proxy, **images, **ports, **self.variables}

    def docker(self, *words: str, check: bool = True) -> str:
        """Run a docker command on the project's engine."""
        return docker(*words, check=check, **self.environment)

    def compose(self, *words: str, check: bool = True) -> str:
        """Run docker compose on the project."""
        files = [word for file in self.files for word in ("-f", str(file))]
        return self.docker("compose", "--progress", "plain", *files, *words, check=check)

    def up(self, *services: str, seconds: int = 900) -> None:
        """Start services and wait until they are healthy."""
        self.compose("up", "-d", "--no-build", "--wait", "--wait-timeout", str(seconds), *services)

    def build(self, source: str = "sample:2000") -> None:
        """Fill the data volume."""
        self.variables["BUILD_SOURCE"] = source
        self.compose("run", "--rm", "-T", "build")

    def down(self) -> None:
        """Remove all that the project made."""
        self.compose(
            "--profile", "standby", "--profile", "build", "down", "-v", "-t", "3", "--remove-orphans", check=False
        )

    def id(self, service: str) -> str:
        """Return a service's container; asked of the engine itself, for compose reads its whole file first."""
        labels = {"project": self.name, "service": service, "oneoff": "False"}
        filters = [f"--filter=label=com.docker.compose.{name}={value}" for name, value in labels.items()]
        return self.docker("ps", "-aq", "--no-trunc", *filters).strip()

    def inspect(self, service: str) -> dict[str, Any]:
        """Return what the engine knows of a service's container."""
        found: dict[str, Any] = json.loads(self.docker("inspect", self.id(service)))[0]
        return found

    def health(self, service: str) -> str:
        """Return the container's state as its health check has it."""
        return str(self.inspect(service)["State"].get("Health", {}).get("Status", ""))

    def says(self, service: str, what: str) -> dict[str, Any] | None:
        """Return what a site says of its readiness, asked past its proxy, where this is true of it."""
        ask = "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8866); c.request('GET', '/ready')"
        said = self.execute(service, "python", "-c", f"{ask}; print(c.getresponse().read().decode())", check=False)
        report: dict[str, Any] = json.loads(said) if said.startswith("{") else {}
        return report if report.get(what) else None

    def execute(self, service: str, *words: str, user: str = "10001", check: bool = True) -> str:
        """Run a command in a service's container."""
        return self.docker("exec", "-u", user, self.id(service), *words, check=check)

    def url(self, environment: str) -> str:
        """Return a site's address through the proxy, without a slash at the end."""
        base = self.variables.get(f"{environment.upper()}_BASE_URL", "/")
        return f"http://127.0.0.1:{self.ports[environment]}{base.rstrip('/')}"

    def processes(self, service: str) -> list[str]:
        """List the commands that run in a service's container."""
        return self.docker("top", self.id(service), "-eo", "pid,args").splitlines()[1:]

    def kernels(self, service: str) -> int:
        """Count the kernels that run in a service's container: one while pages are rendered, else none."""
        return sum("ipykernel" in line for line in self.processes(service))

    def megabytes(self, service: str) -> float:
        """Return the memory that a service's processes hold."""
        sizes = self.docker("top", self.id(service), "-eo", "pid,rss").splitlines()[1:]
        return sum(int(line.split()[-1]) for line in sizes) / 1024

    def logs(self) -> str:
        """Return what all services wrote to their terminals."""
        return self.compose("logs", "--no-color", check=False)

    def volume(self, *words: str) -> str:
        """Run a command on the data volume as its owner, as a build would."""
        volume = f"{self.name}_data:/data"
        return self.docker("run", "--rm", "--network", "none", "-v", volume, self.image, *words)


@contextlib.contextmanager
def standing(stack: Stack, *services: str) -> Iterator[Stack]:
    """Build the sample, bring services up, or all, and take everything down at the end; what fails says its words."""
    try:
        stack.build()
        stack.up(*services)
        yield stack
    except BaseException:
        print(stack.compose("ps", "-a", check=False), stack.logs()[-6000:])
        raise
    finally:
        stack.down()
