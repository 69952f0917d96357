"""Records and a folder of its own for each test, and real servers that answer what a test tells them to."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mangetamain.delivery.records.ledger import Ledger

READY = {
    "ready": True, "environment": "PREPROD", "version": "0.1.0", "revision": "abcdef0123456789",
    "image": "sha256:" + "12" * 32, "checked": "2026-11-23T20:00:00+00:00", "seconds": 1.0, "reason": "",
    "warehouse": {"version": "food-1763925000000000000", "fingerprint": "0123456789abcdef", "source": "sample",
                  "synthetic": True},
    "pages": {"trends": {"ok": True, "figures": 8, "reason": ""}},
}  # fmt: skip


class Peer:
    """A server on loopback: what it was asked and sent, and what it says, by path."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes, dict[str, str]] | Callable] = {}
        self.asked: list[tuple[str, bytes]] = []
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                size = int(self.headers.get("Content-Length", 0))
                peer.asked.append((self.path, self.rfile.read(size)))
                answer = peer.answers.get(self.path.partition("?")[0], (404, b"no such page", {}))
                if callable(answer):
                    answer(self)
                    return
                status, body, headers = answer
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """Say nothing of a client that hung up."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()  # looks up so often

    def say(self, path: str, told: object, status: int = 200) -> None:
        """Answer a path with JSON from now on."""
        self.answers[path] = (status, json.dumps(told).encode(), {"Content-Type": "application/json"})

    def site(self, base: str = "", **changed: object) -> None:
        """Answer as a site does."""
        told = {**READY, **changed}
        self.say(f"{base}/health", {"ok": True, **{name: told[name] for name in ("environment", "version")}})
        self.say(f"{base}/ready", told, 200 if told["ready"] else 503)

    def close(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def peer() -> Iterator[Peer]:
    """One server."""
    made = Peer()
    yield made
    made.close()


@pytest.fixture
def another() -> Iterator[Peer]:
    """Another one."""
    made = Peer()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A delivery folder that nothing has been written to."""
    place = tmp_path / "delivery"
    monkeypatch.setenv("MANGETAMAIN_DELIVERY", str(place))
    for name in ("MANGETAMAIN_NOTIFY_FILE", "MANGETAMAIN_NOTIFY_URLS", "MANGETAMAIN_ENVIRONMENTS", "GITHUB_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    return place


class Records(Ledger):
    """Records in a folder of this machine, read and written by the very scripts, without an engine."""

    volume = "records"
    held, busy = True, False

    def __init__(self, place):
        self.place, self._seen = place, None

    def _shell(self, script, *words, mode=""):
        command = ["sh", "-c", script, "sh", *words]
        done = subprocess.run(command, cwd=self.place, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OSError(done.stderr)
        return done.stdout


@pytest.fixture
def ledger(tmp_path):
    """Records of nothing."""
    (tmp_path / "records").mkdir()
    return Records(tmp_path / "records")
