"""A site that is told to end: who has asked is answered or put off, who comes later refused, nobody meets a fault."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.site.conftest import Reply, Server, served
from tests.waiting import PATIENCE, eventually

# A selection that no other test asks for, so that its answers are in no store and have to be computed.
UNKNOWN = "among=minutes%3C%3D171"
FINISH = "import mangetamain.site.app as a; a.FINISH_SECONDS = {}"

# Of the system's: so that the server itself holds what its reader has not taken yet.
SMALL_BUFFERS = """
import socket
import mangetamain.site.server as s
bound, small = s.bind_sockets, (socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
s.bind_sockets = lambda *at: [each for each in bound(*at) if not each.setsockopt(*small)]
"""


@contextmanager
def computing(server: Server, path: str) -> Iterator[tuple[psutil.Process, Future[Reply]]]:
    """Ask for an answer whose process is held, so that it is under way until that goes on; give both."""
    assert server.get(f"/answer/volume?{UNKNOWN}").status == 200
    children = psutil.Process(server.process).children()
    [worker] = [child for child in children if any("spawn_main" in word for word in child.cmdline())]
    worker.suspend()
    with ThreadPoolExecutor(1) as reader:
        asked = server.log.count('"answer asked"')
        reply = reader.submit(server.get, path)
        eventually(lambda: server.log.count('"answer asked"') > asked)
        yield worker, reply


def refuses(server: Server) -> bool:
    """Say whether nobody new is let in."""
    try:
        server.get("/health")
    except ConnectionRefusedError:
        return True
    except OSError:  # it was let in, and the end came
        pass
    return False


def statuses(server: Server) -> set[int]:
    """Visit the first page until nobody is let in; return what came of it."""
    seen: set[int] = set()
    while True:
        try:
            seen.add(server.get("/").status)
        except ConnectionRefusedError:
            return seen
        except (OSError, http.client.HTTPException):  # it was let in, and the end came
            pass


@pytest.fixture
def state(tmp_path: Path) -> dict[str, str]:
    """A place for the log and the answers of a test's own site."""
    return {"MANGETAMAIN_STATE": str(tmp_path)}


def test_what_was_asked_is_answered_and_who_comes_later_is_refused(tiny_home: Path, state: dict[str, str]) -> None:
    with (
        served(tiny_home, env=state, before=FINISH.format(PATIENCE), workers=1) as server,
        computing(server, f"/answer/level?{UNKNOWN}") as (worker, reply),
    ):
        kept = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        kept.request("GET", "/health")
        assert kept.getresponse().read()
        os.kill(server.process, signal.SIGTERM)
        eventually(lambda: refuses(server))
        kept.request("GET", "/health")
        last = kept.getresponse()
        assert (last.status, last.headers["Connection"]) == (200, "close")
        worker.resume()
        assert reply.result().status == 200


def test_what_cannot_be_finished_is_put_off_and_no_fault(tiny_home: Path, state: dict[str, str]) -> None:
    with (
        served(tiny_home, env=state, before=FINISH.format(0), workers=1) as server,
        computing(server, f"/answer/level?{UNKNOWN}&lang=fr") as (_, reply),
        ThreadPoolExecutor(2) as reader,
    ):
        seen = reader.submit(statuses, server)
        page = reader.submit(server.get, "/trends", Accept_Language="fr")  # which nobody renders
        assert server.get("/health").status == 200  # who came before has been let in
        os.kill(server.process, signal.SIGTERM)
        for put_off in (page.result(), reply.result()):
            assert (put_off.status, put_off.headers["Retry-After"]) == (503, "3")
            assert "Le site s’arrête" in put_off.text
        assert json.loads(reply.result().text)["later"]
        assert seen.result() <= {200, 503}
    assert '"ERROR"' not in server.log


def test_a_proxy_is_left_to_ask_the_site_that_takes_over(tiny_home: Path, state: dict[str, str]) -> None:
    with (
        served(tiny_home, env=state, before=FINISH.format(0), workers=1) as server,
        computing(server, f"/answer/level?{UNKNOWN}&lang=fr"),
        ThreadPoolExecutor(1) as reader,
    ):
        page = reader.submit(server.get, "/trends", X_Forwarded_For="192.0.2.7")
        assert server.get("/health").status == 200  # who came before has been let in
        os.kill(server.process, signal.SIGTERM)
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            page.result()
    assert '"ERROR"' not in server.log


def test_a_body_that_is_under_way_reaches_its_reader_whole(tiny_home: Path, state: dict[str, str]) -> None:
    drawing = "/voila/labextensions/mangetamain/static/plotly-cartesian.min.js"
    with served(tiny_home, env=state, before=SMALL_BUFFERS) as server, socket.socket() as reader:
        whole = int(server.get(drawing, "HEAD").headers["Content-Length"])
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # who reads slowly
        reader.connect(("127.0.0.1", server.port))
        reader.sendall(f"GET {drawing} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        got = reader.recv(1)
        os.kill(server.process, signal.SIGTERM)
        eventually(lambda: refuses(server))
        while more := reader.recv(65536):
            got += more
    assert len(got.partition(b"\r\n\r\n")[2]) == whole
