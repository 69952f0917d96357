"""What a kernel's own page may hear of it, whatever it is told."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from tornado.websocket import websocket_connect

from tests.site.conftest import Server, alone, served
from tests.waiting import PATIENCE

BROKEN = [
    ("comm_open", {}),
    ("comm_open", {"comm_id": "x", "target_name": "no such", "data": {}}),
    ("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {"state": {"_model_name": 7}}}),
    ("comm_open", {"comm_id": "x", "target_name": "jupyter.widget.control", "data": 7}),
    ("comm_msg", {"comm_id": 7, "data": None}),
    ("comm_msg", {}),
    ("comm_close", {"comm_id": []}),
    ("comm_info_request", {"target_name": {}}),
]


@pytest.fixture(scope="module")
def site(tiny_home: Path) -> Iterator[Server]:
    """A site whose kernels may complain on its terminal, which is the place for it."""
    with served(tiny_home, lines=None) as server:
        yield server


async def heard(address: str, says: list[tuple[str, object]], protocol: str | None) -> list[str | bytes]:
    """Say malformed things to a kernel, then ask something it answers; return all that was heard until then."""
    socket = await websocket_connect(address, subprotocols=[protocol] if protocol else None)
    for kind, content in [*says, ("comm_info_request", {"target_name": "jupyter.widget"})]:
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "username": "",
            "session": "x",
            "date": "",
            "version": "5.3",
        }
        message = {"channel": "shell", "header": header, "content": content, "parent_header": {}, "metadata": {}}
        if protocol:
            parts = [b"shell", *(json.dumps(message[name]).encode() for name in
                     ("header", "parent_header", "metadata", "content"))]  # fmt: skip
            places = [8 * (len(parts) + 2)]
            for part in parts:
                places.append(places[-1] + len(part))
            numbers = b"".join(place.to_bytes(8, "little") for place in [len(places), *places])
            await socket.write_message(numbers + b"".join(parts), binary=True)
        else:
            await socket.write_message(json.dumps({**message, "buffers": []}))
    found: list[str | bytes] = []
    awaited = {"idle", "comm_info_reply"}
    while awaited:
        said = await asyncio.wait_for(socket.read_message(), PATIENCE)
        assert said is not None
        found.append(said)
        if header["msg_id"] in str(said):
            awaited = {word for word in awaited if word not in str(said)}
    socket.close()
    return found


@pytest.mark.parametrize("protocol", [None, "v1.kernel.websocket.jupyter.org"])
def test_no_traceback_and_no_path_of_the_server_leaves_a_kernel(site: Server, protocol: str | None) -> None:
    page = site.get("/trends")
    kernel = re.search(r'"kernelId": "([\w-]+)"', page.text)
    assert kernel
    address = f"ws://127.0.0.1:{site.port}/api/kernels/{kernel[1]}/channels?session_id=x"
    told = [str(message) for message in alone(heard(address, BROKEN, protocol))]
    assert any("comm_info_reply" in message for message in told), "the kernel lives"
    for message in told:
        assert not re.search(r"Traceback|site-packages|\.py\b|Exception", message)
    assert site.get(f"/voila/api/shutdown/{kernel[1]}", method="POST").status == 204
