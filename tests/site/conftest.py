"""A real server in a process of its own."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

from mangetamain.themes import folder
from tests.conftest import MEASURED
from tests.waiting import PATIENCE, eventually

# The clock that ends what does not end by itself would end what is slow, and say so: it is given all the time there is.
T = TypeVar("T")
START = """
import os
from mangetamain import stopping
[os.environ.pop(name) for name in list(os.environ) if name.startswith("COVERAGE_")]  # of the server alone
stopping.END_SECONDS += {patience}
import mangetamain.site.requests.notebooks
mangetamain.site.requests.notebooks.FIRST_SECONDS = {patience}
{before}
from mangetamain.site.server import serve
serve(port={port}, base_url={base!r}, **{options})
"""
# Kernels that render pages, and the proof that these are well, which few tests are about.
UNPROVED = "import mangetamain.site.health.readiness as r; r.Readiness.due = lambda self: False"
UNRENDERED = "import mangetamain.site.pages.rendered as r; r.Renderings.follow = lambda self, fingerprint: None"


# Notebooks of a test's own, for the server and for the process that renders them.
ELSEWHERE = "import pathlib, mangetamain.themes as t; t.folder = lambda: pathlib.Path({place!r})\n"


def only(place: Path, *names: str) -> dict[str, str]:
    """Copy these notebooks, or all; return the variables by which the copies are a site's.

    Of a test whose subject is not the pages themselves, one page is a quarter of the rendering.
    """
    place.mkdir(parents=True)
    for path in folder().glob("*.ipynb"):
        if not names or path.stem in names:
            shutil.copy(path, place)
    (place / "sitecustomize.py").write_text(ELSEWHERE.format(place=str(place)))
    return {"PYTHONPATH": str(place)}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass(frozen=True)
class Server:
    """Where a server listens, and its data folder."""

    port: int
    home: Path
    base: str = "/"
    process: int = 0
    state: Path | None = None

    def get(self, path: str, method: str = "GET", timeout: float = PATIENCE, **headers: str) -> Reply:
        """Ask for a path exactly as written: no client tidies the dots away."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
            reply = connection.getresponse()
            body = reply.read()
            unpacked = gzip.decompress(body) if body and reply.headers["Content-Encoding"] == "gzip" else body
            return Reply(reply.status, reply.headers, unpacked.decode("utf-8", "replace"))
        finally:
            connection.close()

    def ready(self) -> dict[str, Any]:
        """Ask for its readiness; its status and what it says agree."""
        reply = self.get(f"{self.base}ready")
        report: dict[str, Any] = json.loads(reply.text)
        assert reply.status == (200 if report["ready"] else 503)
        assert report["ready"] == (not report["reason"])
        return report

    def until(self, ready: bool, checked: bool = True) -> dict[str, Any]:
        """Wait until the site is ready or not, by a check of its pages where `checked`."""
        found: list[dict[str, Any]] = []

        def so() -> bool:
            found[:] = [self.ready()]
            return found[0]["ready"] == ready and (not checked or bool(found[0]["checked"]))

        eventually(so, lambda: found)
        return found[0]

    def kernels(self) -> list[psutil.Process]:
        """Return the kernels that render pages now."""
        found = []
        for child in psutil.Process(self.process).children(recursive=True):
            with suppress(psutil.Error):
                if any("ipykernel" in word for word in child.cmdline()) and child.status() != psutil.STATUS_ZOMBIE:
                    found.append(child)
        return found

    @property
    def log(self) -> str:
        path = (self.state or self.home) / "logs" / "debug.log"
        return path.read_text("utf-8") if path.exists() else ""


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def answers(server: Server, process: subprocess.Popen[str]) -> bool:
    """Say whether a server that is being started listens by now."""
    try:
        return server.get(f"{server.base}health").status == 200
    except OSError:
        assert process.poll() is None, process.communicate()[0]
        return False


@contextmanager
def served(
    home: Path,
    base: str = "/",
    *,
    env: Mapping[str, str] | None = None,
    before: str = "",
    cwd: Path | None = None,
    within: Sequence[str] = (),
    lines: int | None = 1,
    rendered: bool = False,
    proved: bool = False,
    **options: object,
) -> Iterator[Server]:
    """Serve a data folder until the block ends.

    With other variables, from another folder, by a command that runs the server, after code that runs before its own;
    with pages `rendered`, and `proved` by its own checks, or never ready.
    """
    port = free_port()
    known = {**os.environ, **MEASURED, "MANGETAMAIN_DATA": str(home), "APP_ENV": "preprod", **(env or {})}
    options = {"ready_seconds": 3600, **options}
    left_out = [*([] if proved else [UNPROVED]), *([] if proved or rendered else [UNRENDERED])]
    words = {"base": base, "before": "\n".join([before, *left_out]), "options": options}
    code = START.format(port=port, patience=PATIENCE, **words)
    command = [*within, sys.executable, "-c", code]
    process = subprocess.Popen(command, env=known, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    state = known.get("MANGETAMAIN_STATE")
    server = Server(port, home, base, process.pid, Path(state) if state else None)
    try:
        eventually(lambda: answers(server, process), "the server answers")
        yield server
    finally:
        process.terminate()
        try:
            out, _ = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    if lines is not None:
        assert lines == out.count("\n"), f"the terminal keeps to one line:\n{out}"
    assert f"http://127.0.0.1:{server.port}{base}" in out


@pytest.fixture(scope="session")
def site(tiny_home: Path) -> Iterator[Server]:
    """The site over ten recipes."""
    with served(tiny_home, rendered=True) as server:
        yield server


def alone(work: Coroutine[Any, Any, T]) -> T:
    """Run in a loop of its own: the browser tests of the same process have one running in the main thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
