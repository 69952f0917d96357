"""Nonsense on a page's websocket: it ends that connection, costs at most a line of the log, and nothing else."""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.conftest import Server, served
from tests.waiting import PATIENCE

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9
NOBODY = "00000000-0000-0000-0000-000000000000"
HEADER = {"msg_id": "1", "msg_type": "comm_msg", "username": "", "session": "x", "date": "", "version": "5.3"}
MESSAGE = {"channel": "shell", "header": HEADER, "content": {}, "parent_header": {}, "metadata": {}, "buffers": []}


def frame(kind: int, said: bytes, first: int = 0x80) -> bytes:
    """Write one masked frame, with whatever flags."""
    size = bytes([0x80 | len(said)]) if len(said) < 126 else b"\xfe" + struct.pack(">H", len(said))
    return bytes([first | kind]) + size + b"\0\0\0\0" + said


def text(said: object) -> bytes:
    return frame(TEXT, json.dumps(said).encode())


SENT: list[object] = []
NONSENSE = {
    "no JSON": frame(TEXT, b"{"),
    "nothing": frame(TEXT, b""),
    "no object": text([1, 2]),
    "a number": text(7),
    "null": text(None),
    "an empty object": text({}),
    "no header": text({**MESSAGE, "header": 7}),
    "an unknown channel": text({**MESSAGE, "channel": "nowhere"}),
    "a channel with a long name": text({**MESSAGE, "channel": "x" * 60_000}),
    "a channel that is no name": text({**MESSAGE, "channel": [1]}),
    "a kind that is no name": text({**MESSAGE, "header": {**HEADER, "msg_type": {}}}),
    "nested deep": frame(TEXT, b"[" * 50_000),
    "no UTF-8": frame(TEXT, b"\xff\xfe"),
    "short bytes": frame(BINARY, b"\x01"),
    "more parts than can be": frame(BINARY, struct.pack("<QQQ", 2**40, 7, 9)),
    "more buffers than can be": frame(BINARY, struct.pack(">III", 2**31 - 1, 7, 9)),
    "parts that lie nowhere": frame(BINARY, struct.pack("<QQQ", 2, 70, 9)),
    "zeros": frame(BINARY, bytes(100)),
    "a reserved flag": frame(TEXT, b"{}", first=0xF0),
    "an unknown kind of frame": frame(0xB, b"{}"),
    "a continuation of nothing": frame(0, b"{}"),
    "a long ping": frame(PING, b"x" * 200),
    "a broken close": frame(CLOSE, b"\x01"),
    "half a frame": frame(TEXT, b"x" * 100)[:20],
    "half a size": frame(TEXT, b"x" * 1000)[:3],
    "a frame of a terabyte": bytes([0x81, 0xFF]) + struct.pack(">Q", 2**40) + b"\0\0\0\0x",
}


@pytest.fixture(scope="module")
def site(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site that logs to a folder of its own, at most one short line for each nonsense that it was sent."""
    with served(tiny_home, env={"MANGETAMAIN_STATE": str(tmp_path_factory.mktemp("state"))}) as server:
        before = len(server.log)
        yield server
        lines = [json.loads(line) for line in server.log[before:].splitlines()]
        told = [line for line in lines if line["level"] in ("WARNING", "ERROR") and "not trusted" not in str(line)]
        assert len(told) <= len(SENT)
        assert all(len(line["message"]) < 300 for line in told)
        assert not any("traceback" in line for line in lines)


@pytest.fixture(scope="module")
def kernel(site: Server) -> Iterator[str]:
    """A page's kernel."""
    found = re.search(r'"kernelId": "([\w-]+)"', site.get("/trends").text)
    assert found
    yield found[1]
    assert site.get(f"/voila/api/shutdown/{found[1]}", method="POST").status == 204


def opened(site: Server, kernel: str, **headers: str) -> tuple[socket.socket, int]:
    """Ask for a websocket; return it and the status of the answer."""
    asked = {
        "Host": f"127.0.0.1:{site.port}", "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(), **headers,
    }  # fmt: skip
    lines = [f"GET /api/kernels/{kernel}/channels?session_id={os.urandom(4).hex()} HTTP/1.1",
             *(f"{name}: {value}" for name, value in asked.items())]  # fmt: skip
    line = socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE)
    line.sendall("\r\n".join([*lines, "", ""]).encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += line.recv(1)
    return line, int(head.split()[1])


@pytest.mark.parametrize("said", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("protocol", ["", "v1.kernel.websocket.jupyter.org"])
def test_what_cannot_be_read_ends_the_connection_with_one_line(
    site: Server, kernel: str, said: bytes, protocol: str
) -> None:
    SENT.append(said)
    wanted = {"Sec-WebSocket-Protocol": protocol} if protocol else {}
    line, status = opened(site, kernel, **wanted)
    assert status == 101
    with line:
        line.sendall(said)
        line.shutdown(socket.SHUT_WR)
        while line.recv(65_536):
            pass
    assert site.get("/health").status == 200


@pytest.mark.parametrize(
    ("asked", "headers", "status"),
    [
        (NOBODY, {}, 404),
        ("", {"Origin": "http://evil.example"}, 403),
        ("", {"Upgrade": "nothing"}, 400),
        ("", {"Connection": "close"}, 400),
        ("", {"Sec-WebSocket-Version": "1"}, 426),
        ("", {"Sec-WebSocket-Key": ""}, 400),
        ("", {"Host": "evil.example", "Origin": "http://evil.example"}, 421),
        ("", {"Sec-WebSocket-Protocol": "no such, another"}, 101),
        ("", {"Sec-WebSocket-Extensions": "permessage-deflate; server_max_window_bits=99"}, 101),
    ],
)
def test_a_handshake_that_is_none_is_refused_in_a_line(
    site: Server, kernel: str, asked: str, headers: dict[str, str], status: int
) -> None:
    SENT.append(asked)
    line, answered = opened(site, asked or kernel, **headers)
    line.close()
    assert answered == status


def test_a_page_whose_kernel_ended_hears_so_and_the_log_little(site: Server) -> None:
    found = re.search(r'"kernelId": "([\w-]+)"', site.get("/ratings").text)
    assert found
    line, status = opened(site, found[1])
    assert status == 101
    SENT.append(found[1])
    assert site.get(f"/voila/api/shutdown/{found[1]}", method="POST").status == 204
    with line:
        for _ in range(3):
            line.sendall(text(MESSAGE))
        line.shutdown(socket.SHUT_WR)
        while line.recv(65_536):
            pass
    assert opened(site, found[1])[1] == 404
    assert site.get(f"/voila/api/shutdown/{found[1]}", method="POST").status == 404
