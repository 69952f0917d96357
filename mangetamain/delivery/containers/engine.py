"""Thin over `docker` and `docker compose`: images, containers and services of the one compose file."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mangetamain.delivery.addresses import environments
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.probe import clean
from mangetamain.delivery.records import state
from mangetamain.delivery.records.state import Pair
from mangetamain.environment import BASE_URL_VARIABLE, DEPLOYED, REVISION_VARIABLE, SITE_PORT
from mangetamain.errors import BadInput
from mangetamain.language import N_
from mangetamain.themes import PACKAGE
from mangetamain.warehouse.reader.warehouse import PIN

REVISION_LABEL = "org.opencontainers.image.revision"
# A command of the engine that takes longer hangs: starting a container takes a second, stopping one five.
COMMAND_SECONDS = 300.0


@dataclass(frozen=True)
class Container:
    """A service's container as the engine sees it."""

    id: str
    project: str
    image: str
    running: bool
    restarts: int
    ip: str
    environment: Mapping[str, str]

    @property
    def pair(self) -> Pair:
        """What it really runs: its image's id, and the version it was told to read."""
        return Pair(self.image, self.environment.get(PIN, ""), self.environment.get(REVISION_VARIABLE, ""))

    @property
    def url(self) -> str:
        """The site's address inside the engine's network, past every proxy."""
        base = self.environment.get(BASE_URL_VARIABLE, "").strip("/")
        return f"http://{self.ip}:{SITE_PORT}" + (f"/{base}" if base else "")


def service(environment: str, *, standby: bool = False) -> str:
    """Name an environment's service."""
    return f"mange_{environment}" + ("_standby" if standby else "")


def compose_file(named: Path | None = None) -> Path:
    """Return the compose file: the one named, else the one in the wheel or beside the package in a checkout."""
    candidates = [named] if named else [PACKAGE / "docker" / "compose.yaml", PACKAGE.parent / "docker" / "compose.yaml"]
    for path in candidates:
        if path.is_file():
            return path.resolve()
    raise BadInput(
        "There is no compose file {file}: name one with {option}.", file=str(candidates[0]), option="--compose"
    )


class Engine:
    """The Docker Engine, with the pairs that its services are to run.

    Commands which change containers inherit the descriptor `lock`: they hold it though this process is killed.
    """

    def __init__(self, compose: Path, lock: int) -> None:
        self.file, self.lock = compose, lock
        self.pairs: dict[str, Pair] = {}
        self.builder = ""  # whose commands work on the data volume
        for environment in DEPLOYED:
            with contextlib.suppress(DeliveryFailed):  # a torn record bars its own environment, and no other
                if served := state.read(environment):
                    self.pairs[service(environment)] = served.pair
                    self.builder = self.builder or served.pair.image
        self._write()

    def assign(self, name: str, pair: Pair) -> None:
        """Have a service run a pair from its next start on."""
        self.pairs[name], self.builder = pair, pair.image
        self._write()

    def _write(self) -> None:
        known = variables(self.pairs) | asked_as() | ({"BUILD_IMAGE": self.builder} if self.builder else {})
        lines = [f"{name}={value}" for name, value in known.items()]
        state.put(state.folder() / "compose.env", "\n".join(lines) + "\n")

    def docker(self, *words: str, seconds: float = COMMAND_SECONDS, changes: bool = False, both: bool = False) -> str:
        """Run a docker command and return what it printed, with its errors where `both` is set.

        Raises
        ------
        DeliveryFailed
            With the command's last line, when it fails or takes too long.
        """
        # The pairs come from the file alone: compose would let the caller's own environment win.
        services = [service(name, standby=standby) for name in DEPLOYED for standby in (False, True)]
        ours = {*variables(dict.fromkeys(services, Pair("", ""))), *asked_as(), "BUILD_IMAGE"}
        known = {name: value for name, value in os.environ.items() if name not in ours}
        try:
            done = subprocess.run(  # noqa: S603
                ["docker", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",  # noqa: S607
                env=known, timeout=seconds, check=False, pass_fds=[self.lock] if changes else [],
            )  # fmt: skip
        except FileNotFoundError:
            raise DeliveryFailed(N_("There is no docker command on this machine.")) from None
        except subprocess.TimeoutExpired:
            raise DeliveryFailed(
                N_("{command} did not end within {seconds} s."), command=_told(words), seconds=round(seconds)
            ) from None
        if done.returncode:
            output = [clean(line) for line in (done.stderr or done.stdout).splitlines() if line.strip()]
            raise DeliveryFailed(N_("{command} failed: {reason}"), command=_told(words), reason=(output or ["?"])[-1])
        return done.stdout + (done.stderr if both else "")

    def compose(self, *words: str, seconds: float = COMMAND_SECONDS, changes: bool = False) -> str:
        """Run a docker compose command on the compose file.

        The machine's own settings (ports, token, paths) come from the environment, from a `.env` beside the compose
        file, and from `settings.env` in the delivery folder, which no checkout sweeps away.
        """
        own = (self.file.parent / ".env", state.folder() / "settings.env", state.folder() / "compose.env")
        files = [word for path in own if path.is_file() for word in ("--env-file", str(path))]
        options = ["--progress", "quiet", "--profile", "standby", "-f", str(self.file), *files]
        return self.docker("compose", *options, *words, seconds=seconds, changes=changes)

    def start(self, name: str) -> None:
        """Start a service anew with its pair; nothing is built and nothing is pulled.

        Its container goes first: compose's own way to replace one, killed midway, leaves a second that bars the next.
        """
        self.remove(name)
        self.compose("up", "--detach", "--no-deps", "--no-build", "--pull", "never", name, changes=True)

    def ensure_proxy(self, environment: str) -> None:
        """Have an environment's proxy run; one that runs is left alone."""
        name = f"proxy_{environment}"
        self.compose("up", "--detach", "--no-deps", "--no-recreate", name, seconds=600, changes=True)

    def remove(self, name: str) -> None:
        """Stop and remove a service's containers."""
        self.compose("rm", "--stop", "--force", name, changes=True)

    def run(self, name: str, *words: str, seconds: float = COMMAND_SECONDS) -> str:
        """Run a command as a service would run, in a container of its own that is gone afterwards."""
        return self.compose("run", "--rm", "--no-TTY", "--no-deps", "--quiet-pull", name, *words, seconds=seconds)

    def container(self, name: str) -> Container | None:
        """Return a service's container, or None where there is none."""
        ids = self.compose("ps", "--all", "--quiet", name).split()
        # A compose that was killed while it replaced one leaves two: the one that runs is the service.
        containers = [_container(each) for each in json.loads(self.docker("inspect", *ids))] if ids else []
        return next((each for each in containers if each.running), containers[0] if containers else None)

    def last_words(self, container: Container) -> str:
        """Return the last line that a container wrote; `-` where it wrote none."""
        output = self.docker("container", "logs", "--tail", "20", container.id, both=True)
        return next((clean(line) for line in reversed(output.splitlines()) if line.strip()), "-")


def variables(pairs: Mapping[str, Pair]) -> dict[str, str]:
    """Return the compose file's variables for the services' pairs."""
    values: dict[str, str] = {}
    for name, pair in pairs.items():
        prefix = name.removeprefix("mange_").upper()
        values |= {f"{prefix}_IMAGE": pair.image, f"{prefix}_WAREHOUSE": pair.warehouse}
    return values


def asked_as() -> dict[str, str]:
    """Return the compose file's variables for the names at which each environment is asked how it is."""
    known = environments()
    return {f"{name.upper()}_ASKED_AS": urlsplit(known[name]).hostname or "" for name in DEPLOYED if name in known}


def _container(inspected: dict[str, Any]) -> Container:
    networks = inspected["NetworkSettings"]["Networks"] or {}
    return Container(
        id=inspected["Id"],
        project=(inspected["Config"].get("Labels") or {}).get("com.docker.compose.project", "mangetamain"),
        image=inspected["Image"],
        running=inspected["State"]["Status"] == "running",
        restarts=int(inspected.get("RestartCount", 0)),
        ip=next((one["IPAddress"] for _, one in sorted(networks.items()) if one["IPAddress"]), ""),
        environment=dict(word.partition("=")[::2] for word in inspected["Config"]["Env"] or []),
    )


def _told(words: Sequence[str]) -> str:
    """Return a command as a sentence may hold it, without its options."""
    verb = next((word for word in words if word in ("up", "rm", "run", "ps", "inspect", "logs", "pull")), words[0])
    return clean(f"docker compose {verb}" if words[0] == "compose" else f"docker {verb}")
