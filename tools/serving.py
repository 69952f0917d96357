"""Runs the real site in a process of its own, for the browser tests and the page benchmark."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psutil

from mangetamain.themes import themes


@dataclass(frozen=True)
class Server:
    """A site that is being served.

    Parameters
    ----------
    url
        Its address, without a slash at the end.
    home
        Its data folder.
    process
        The server; its children compute and render.
    """

    url: str
    home: Path
    process: psutil.Process

    def memory(self) -> dict[int, float]:
        """Return the megabytes (PSS) of the server and of each process that it started."""
        found = dict[int, float]()
        for each in [self.process, *self.process.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                found[each.pid] = each.memory_full_info().pss / 1e6
        return found


def free_port() -> int:
    """Return a loopback port that nothing listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextlib.contextmanager
def serving(home: Path, *, base_url: str = "/", seconds: float = 600) -> Iterator[Server]:
    """Serve a data folder on a free loopback port until the block ends; none of its processes outlives it."""
    port = free_port()
    # Its processes find their compiled modules again, whatever the machine says.
    known = {**os.environ, "MANGETAMAIN_DATA": str(home), "PYTHONDONTWRITEBYTECODE": ""}
    known["MANGETAMAIN_READY_SECONDS"] = "86400"  # one check at the start, and none after it
    command = [str(Path(sys.executable).with_name("mangetamain")), "serve", "--port", str(port)]
    command += ["--base-url", base_url]
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, env=known, stdout=subprocess.DEVNULL, stderr=said) as started,
    ):
        server = Server(f"http://127.0.0.1:{port}{base_url.rstrip('/')}", home, psutil.Process(started.pid))
        try:
            try:
                _wait(server, started, seconds)
            except RuntimeError as error:
                said.seek(0)
                raise RuntimeError(f"{error}: {said.read().strip()}") from None
            yield server
        finally:
            _end(server.process)


def _wait(server: Server, started: subprocess.Popen[bytes], seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if started.poll() is not None:
            raise RuntimeError("the site did not start")
        with contextlib.suppress(OSError):
            report = _ready(server.url)
            # Its pages were rendered, or there is nothing to render.
            if "warehouse" in report["reason"] or (report["checked"] and not any(map(_soon, _pages(server.url)))):
                return
        time.sleep(0.1)
    raise RuntimeError(f"the site did not answer within {seconds:.0f} s")


def _ready(url: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"{url}/ready", timeout=60) as reply:
            return dict(json.load(reply))
    except urllib.error.HTTPError as error:
        return dict(json.load(error))


def _pages(url: str) -> list[str]:
    return [f"{url}/{name}" for name in themes()]


def _soon(page: str) -> bool:
    """Whether a page says that it is being prepared."""
    try:
        with urllib.request.urlopen(page, timeout=60):
            return False
    except urllib.error.HTTPError as error:
        return error.code == HTTPStatus.SERVICE_UNAVAILABLE


def _end(process: psutil.Process) -> None:
    """End the server and whatever it started, by id."""
    family = [process]
    with contextlib.suppress(psutil.Error):
        family += process.children(recursive=True)
        process.terminate()
    _, left = psutil.wait_procs(family, timeout=120)
    for each in left:
        with contextlib.suppress(psutil.Error):
            each.kill()
    psutil.wait_procs(left, timeout=60)
