"""The services of one compose project on the Docker Engine: what runs, and starting it with a pair."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mangetamain.delivery.addresses import environments, named
from mangetamain.delivery.containers.docker import COMMAND_SECONDS, FENCES, docker
from mangetamain.delivery.containers.settings import compose_variables
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.pair import Pair
from mangetamain.delivery.probe import clean
from mangetamain.environment import BASE_URL_VARIABLE, PACKAGE, REVISION_VARIABLE, SITE_PORT
from mangetamain.errors import BadInput
from mangetamain.language import N_
from mangetamain.warehouse.reader.warehouse import PIN

TITLE = "label=org.opencontainers.image.title=Mangetamain"
LABEL = "com.docker.compose"
PROXY_SECONDS = 60.0  # in which a proxy alone becomes healthy


@dataclass(frozen=True)
class Container:
    """A service's container as the engine sees it."""

    id: str
    image: str
    running: bool  # neither ended nor paused
    restarts: int
    ip: str
    environment: Mapping[str, str]
    configured: str  # compose's digest of all that it was started with
    ports: Mapping[str, str]  # its own to where they are published, as host:port

    @property
    def pair(self) -> Pair:
        """What it really runs: its image's id, and the version it was told to read."""
        return Pair(self.image, self.environment.get(PIN, ""), self.environment.get(REVISION_VARIABLE, ""))

    @property
    def base(self) -> str:
        """The path that the site is under: empty, or with a slash at its beginning and none at its end."""
        path = self.environment.get(BASE_URL_VARIABLE, "").strip("/")
        return f"/{path}" if path else ""

    @property
    def url(self) -> str:
        """The site's address inside the engine's network, past every proxy."""
        return f"http://{self.ip}:{SITE_PORT}{self.base}"


def service(environment: str, *, standby: bool = False) -> str:
    """Name an environment's service."""
    return f"mange_{environment}" + ("_standby" if standby else "")


def proxy(environment: str) -> str:
    """Name the service of an environment's proxy."""
    return f"proxy_{environment}"


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
    """The Docker Engine, as far as one compose project goes.

    A command that changes containers keeps the descriptors `lock` open, and so the lock though this process is killed.
    """

    def __init__(self, compose: Path) -> None:
        self.file = compose
        self.text = compose.read_text("utf-8")
        self.lock: Sequence[int] = ()

    @cached_property
    def config(self) -> dict[str, Any]:
        """The compose file as it reads now."""
        found: dict[str, Any] = json.loads(self.compose("config", "--format", "json", project=""))
        return found

    @property
    def project(self) -> str:
        """The compose project: whatever is its own is named after it."""
        return str(self.config["name"])

    def compose(
        self, *words: str, pair: Pair | None = None, project: str | None = None,
        seconds: float = COMMAND_SECONDS, changes: bool = False,
    ) -> str:  # fmt: skip
        """Run a docker compose command on a pair's compose file with the pair's settings; on today's without a pair."""
        text = pair.compose if pair and pair.compose else self.text
        name = self.project if project is None else project
        options = ["--progress", "quiet", "--profile", "standby", "--project-directory", str(self.file.parent),
                   "--env-file", os.devnull, *(["--project-name", name] if name else []), "--file", "-"]  # fmt: skip
        return docker(
            "compose", *options, *words, typed=text, variables=compose_variables(text, self.file, pair),
            seconds=seconds, kept=self.lock if changes else (),
        )  # fmt: skip

    def start(self, name: str, pair: Pair) -> None:
        """Start a service anew with a pair; nothing is built and nothing is pulled.

        Its container goes first: compose's own way to replace one, killed midway, leaves a second that bars the next.
        """
        self.remove(name)
        self.compose("up", "--detach", "--no-deps", "--no-build", "--pull", "never", name, pair=pair, changes=True)

    def try_proxy(self, environment: str, pair: Pair) -> None:
        """See a pair's proxy healthy beside the one that serves, where it is another; raise `DeliveryFailed` if not."""
        if self.runs_as(proxy(environment), pair):
            return
        name = f"{self.project}-{environment}-proxy-trial"
        docker("rm", "--force", name)
        try:
            self.compose("run", "--detach", "--no-deps", "--name", name, proxy(environment), pair=pair, changes=True)
            until = time.monotonic() + PROXY_SECONDS
            while (said := docker("inspect", "--format", "{{.State.Health.Status}}", name).strip()) != "healthy":
                if time.monotonic() > until or said == "unhealthy":
                    words = docker("container", "logs", "--tail", "1", name, both=True)
                    raise DeliveryFailed(N_("The proxy does not become healthy: {reason}"), reason=clean(words) or "-")
                time.sleep(0.5)
        finally:
            docker("rm", "--force", name)

    def runs_as(self, name: str, pair: Pair) -> bool:
        """Whether a service runs, with the very image, data and settings of a pair."""
        found = self.container(name)
        if found is None or not found.running or not found.ip:
            return False
        *_, wanted = self.compose("config", "--hash", name, pair=pair).split()
        return found.configured == wanted

    def remove(self, name: str) -> None:
        """Stop and remove a service's containers; one that is hung is killed."""
        if ids := self._ids(name):
            docker("stop", "-t", "10", *ids, kept=self.lock)
            docker("rm", "--force", *ids, kept=self.lock)

    def run(self, name: str, pair: Pair, *words: str, seconds: float = COMMAND_SECONDS) -> str:
        """Run a command as a service would run with a pair, in a container of its own that is gone afterwards."""
        return self.compose("run", "--rm", "--no-TTY", "--no-deps", "--quiet-pull", name, *words,
                            pair=pair, seconds=seconds)  # fmt: skip

    def on_data(self, image: str, *words: str) -> str:
        """Run a command of an image on the data volume, as its owner."""
        volume = self.config["volumes"]["data"]["name"]
        return docker("run", "--rm", *FENCES, "--tmpfs", "/tmp", "--volume", f"{volume}:/data",  # noqa: S108
                      "--env", "MANGETAMAIN_STATE=/data", image, *words)  # fmt: skip

    def container(self, name: str) -> Container | None:
        """Return a service's container, or None where there is none."""
        ids = self._ids(name)
        # A compose that was killed while it replaced one leaves two: the one that runs is the service.
        containers = [_container(each) for each in json.loads(docker("inspect", *ids))] if ids else []
        return next((each for each in containers if each.running), containers[0] if containers else None)

    def _ids(self, name: str) -> list[str]:
        """List a service's containers: the engine knows them by compose's labels, whatever a compose file says."""
        labels = {"project": self.project, "service": name, "oneoff": "False"}
        filters = [f"--filter=label={LABEL}.{label}={value}" for label, value in labels.items()]
        return docker("ps", "--all", "--quiet", "--no-trunc", *filters).split()

    def address(self, environment: str) -> str | None:
        """Return where readers find an environment: as the operator says, else where its proxy is published here."""
        if named():
            return environments().get(environment)
        found, site = self.container(proxy(environment)), self.container(service(environment))
        place = next(iter(found.ports.values()), None) if found else None
        return f"http://{place}{site.base if site else ''}" if place else None

    def any_image(self) -> str:
        """Return an image of ours, for what any of them can do; raise `DeliveryFailed` when there is none."""
        for named_only in (("--filter", "dangling=false"), ()):  # a nameless one may be swept at any moment
            if images := docker("image", "ls", "--quiet", "--no-trunc", "--filter", TITLE, *named_only).split():
                return images[0]
        raise DeliveryFailed(N_("There is no image of Mangetamain on this machine: build one, or fetch it."))

    def last_words(self, container: Container) -> str:
        """Return the last line that a container wrote; `-` where it wrote none."""
        output = docker("container", "logs", "--tail", "20", container.id, both=True)
        return next((clean(line) for line in reversed(output.splitlines()) if line.strip()), "-")


def _container(inspected: dict[str, Any]) -> Container:
    networks = inspected["NetworkSettings"]["Networks"] or {}
    bound = inspected["HostConfig"].get("PortBindings") or {}
    return Container(
        id=inspected["Id"],
        image=inspected["Image"],
        running=inspected["State"]["Status"] == "running",
        restarts=int(inspected.get("RestartCount", 0)),
        ip=next((one["IPAddress"] for _, one in sorted(networks.items()) if one["IPAddress"]), ""),
        environment=dict(word.partition("=")[::2] for word in inspected["Config"]["Env"] or []),
        configured=(inspected["Config"].get("Labels") or {}).get(f"{LABEL}.config-hash", ""),
        ports={port: _published(places[0]) for port, places in bound.items() if places},
    )


def _published(place: Mapping[str, str]) -> str:
    """Return host and port at which a port is reached from this machine."""
    everywhere = not place["HostIp"] or re.fullmatch(r"0\.0\.0\.0|::", place["HostIp"])
    return f"{'127.0.0.1' if everywhere else place['HostIp']}:{place['HostPort']}"
