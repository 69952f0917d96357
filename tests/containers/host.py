"""A machine that deploys: the command line at work on a compose project, with records and channels of its own."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mangetamain.site.answering.pool import LATE
from tests.containers.stack import ROOT, Stack, docker, eventually, get

# Seconds that a site may take to become ready on a machine that has other things to do.
PATIENCE = 900
WAITING = ("deploy", "rollback", "mend")
# A line of an image whose notebooks are taken to pass: running them is `test_deploy.py`'s.
PASSES = "RUN echo 'echo 7 passed' > /app/bin/mangetamain-nbval"


def line(*words: str) -> list[str]:
    """Write a command line; where a site is waited for, patiently."""
    patience = ["--wait", str(PATIENCE)] if words[0] in WAITING else []
    return [sys.executable, "-m", "mangetamain", *words, *patience]


@dataclass
class Done:
    """A command that has ended: exit code, results, and what it said on the way."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The sentence that it ended with."""
        return self.err.strip().splitlines()[-1] if self.err.strip() else ""


@dataclass
class Host:
    """The command line on one project."""

    stack: Stack
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The variables of an operator's shell; what it says of images must not win over what was deployed."""
        places = " ".join(f"{name}={self.stack.url(name)}" for name in self.stack.ports)
        own = {"MANGETAMAIN_DELIVERY": str(self.folder), "MANGETAMAIN_ENVIRONMENTS": places, "NO_COLOR": "1"}
        return {**os.environ, **self.stack.environment, **own, **self.variables}

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command and leave it running, in a process group of its own."""
        return subprocess.Popen(
            line(*words), cwd=ROOT, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def run(self, *words: str, typed: str = "") -> Done:
        """Run a command to its end."""
        done = subprocess.run(
            line(*words), cwd=ROOT, env=self.environment, text=True, input=typed,
            capture_output=True, timeout=2 * PATIENCE, check=False,
        )  # fmt: skip
        print(f"$ mangetamain {' '.join(words)}\n{done.stdout}{done.stderr}")
        return Done(done.returncode, done.stdout, done.stderr)

    def well(self, *words: str) -> Done:
        """Run a command that must succeed."""
        done = self.run(*words)
        assert done.code == 0, done.out + done.err
        return done

    def killed(self, step: str, *words: str, group: bool = False, after: float = 0) -> None:
        """Start a command and kill it with SIGKILL some time after a step; with its children, or without."""
        running = self.start(*words)
        for line in running.stderr:
            if line.strip().endswith(f": {step}"):
                time.sleep(after)
                os.killpg(running.pid, signal.SIGKILL) if group else running.kill()
                break
        assert running.wait(120) == -signal.SIGKILL, f"it ended before the step {step!r}"

    def served(self, environment: str) -> dict[str, Any]:
        """Return what the records say."""
        record: dict[str, Any] = json.loads(self.ledger("cat", f"{environment}.json"))
        return {**(record["pair"] or {}), **record}

    def ledger(self, *words: str, check: bool = True) -> str:
        """Run a command in the volume of the records."""
        volume = ("--volume", f"{self.stack.name}_delivery:/delivery", "--workdir", "/delivery")
        return docker("run", "--rm", "--user", "0", "--network", "none", *volume, self.stack.image, *words, check=check)

    @contextlib.contextmanager
    def removed_at_the_end(self) -> Iterator[None]:
        """Remove all that the project made when its tests end; where they cannot begin, its logs are shown."""
        try:
            yield
        except BaseException:
            print(self.stack.logs()[-6000:])
            raise
        finally:
            self.down()

    def down(self) -> None:
        """Remove all that the project made, the names of its images too."""
        self.stack.down()
        docker("rm", "-f", f"{self.stack.name}_delivery", check=False)
        docker("volume", "rm", "-f", f"{self.stack.name}_delivery", check=False)
        names = docker("images", "--format", "{{.Repository}}:{{.Tag}}", self.stack.name).split()
        docker("image", "rm", *names, check=False)

    def journal(self) -> list[dict[str, str]]:
        """Return the journal."""
        found: list[dict[str, str]] = json.loads(self.run("journal", "--json", "--last", "1000").out)
        return found

    def image_of(self, environment: str) -> str:
        """Return the id of the image that an environment's container runs."""
        return str(self.stack.inspect(f"mange_{environment}")["Image"])

    def standbys(self) -> str:
        """Return the standbys' containers, running or not."""
        return "".join(map(self.stack.id, ("mange_preprod_standby", "mange_prod_standby")))


def image_id(name: str) -> str:
    """Return an image's id."""
    return docker("image", "inspect", "--format", "{{.Id}}", name).strip()


def derive(base: str, name: str, *lines: str) -> str:
    """Make another image of one, and return its name."""
    text = "\n".join([f"FROM {base}", "USER root", *lines, "USER 10001:10001"])
    subprocess.run(["docker", "build", "-q", "-t", name, "-"], input=text, text=True, check=True, capture_output=True)
    return name


# What a reader's browser asks for, by its kind, and what only the whole of it holds: its end, or that it is JSON.
ASKED = {
    "/": {"/": b"</html>"},
    "page": {"/trends": b"</html>", "/trends?lang=fr": b"</html>"},
    "asset": {"/assets/page.js": b""},
    "answer": {"/answer/level": b"}", "/answer/volume?by=year&part=table": b"}"},
}


class Visitor:
    """Somebody who asks for pages, answers and files again and again; `failures` holds each time she was not served."""

    def __init__(self, url: str, rate: float = 5) -> None:
        self.url, self.pause, self.slowest = url, 1 / rate, 0.0
        self.counts = dict.fromkeys(ASKED, 0)
        self.failures: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._visit, args=(kind,), daemon=True) for kind in ASKED]

    @property
    def asked(self) -> int:
        """How often she has asked for anything."""
        return sum(self.counts.values())

    @property
    def told(self) -> str:
        """How often she was not served."""
        return f"{len(self.failures)} of {self.asked}"

    def _visit(self, kind: str) -> None:
        for path, end in itertools.cycle(ASKED[kind].items()):
            if self._stop.is_set():
                break
            began = time.monotonic()
            try:
                status, _, body = get(f"{self.url}{path}", seconds=60)
                # A machine that is too busy for an answer within the site's own limit is nobody's fault here.
                busy = status == 503 and LATE.encode() in body
                if not busy and (status != 200 or not body.rstrip().endswith(end)):
                    self.failures.append(f"{time.strftime('%X')} {path} {status} {len(body)} bytes {body[-80:]!r}")
            except (OSError, http.client.HTTPException) as error:  # the second is a body that ends too soon
                self.failures.append(f"{time.strftime('%X')} {path} {error!r}")
            self.counts[kind] += 1
            took = time.monotonic() - began
            self.slowest = max(self.slowest, took)
            self._stop.wait(self.pause - took)

    def __enter__(self) -> Visitor:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(90)

    def asks(self, each: int) -> None:
        """Wait until she has asked so often for something of each kind."""
        eventually(lambda: min(self.counts.values()) >= each, 600, f"{each} visits of each kind")

    def was_always_served(self, each: int = 5) -> None:
        """Hold that each of her visits, so many of each kind at least, was answered with the whole of it."""
        assert not self.failures, f"{self.told}: {self.failures[:5]}"
        assert min(self.counts.values()) >= each, self.counts
