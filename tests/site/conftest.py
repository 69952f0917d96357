"""A real server in a process of its own."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

START = "from mangetamain.site.server import serve; serve(port={port}, preheat=0, base_url={base!r})"


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

    def get(self, path: str, method: str = "GET", timeout: float = 60, **headers: str) -> Reply:
        """Ask for a path exactly as written: no client tidies the dots away."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
            reply = connection.getresponse()
            return Reply(reply.status, reply.headers, reply.read().decode("utf-8", "replace"))
        finally:
            connection.close()

    @property
    def log(self) -> str:
        path = self.home / "logs" / "debug.log"
        return path.read_text("utf-8") if path.exists() else ""


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def served(home: Path, base: str = "/") -> Iterator[Server]:
    """Serve a data folder until the block ends."""
    server = Server(free_port(), home, base)
    env = {**os.environ, "MANGETAMAIN_DATA": str(home), "APP_ENV": "preprod"}
    command = [sys.executable, "-c", START.format(port=server.port, base=base)]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for _ in range(300):
            try:
                server.get(f"{base}health")
                break
            except OSError:
                assert process.poll() is None, process.communicate()[0]
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        try:
            out, _ = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert out.count("\n") == 1, f"the terminal keeps to one line:\n{out}"
    assert f"http://127.0.0.1:{server.port}{base}" in out


@pytest.fixture(scope="module")
def site(tiny_home: Path) -> Iterator[Server]:
    """The site over ten recipes."""
    with served(tiny_home) as server:
        yield server
