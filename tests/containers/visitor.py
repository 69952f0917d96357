"""A visitor without a browser: a page, its kernel, and the websocket between them."""

from __future__ import annotations

import contextlib
import json
import re
import uuid
from typing import Any, Self
from urllib.parse import urlsplit

import websocket

from tests.containers.stack import get


class Visitor:
    """Somebody who has opened a page; use it in a `with` to leave as a browser does."""

    def __init__(self, url: str, page: str = "trends") -> None:
        self.url, self.socket = url, None
        self.status, _, body = get(f"{url}/{page}", seconds=600)
        self.html = body.decode("utf-8", "replace")
        found = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', self.html, re.DOTALL)
        config: dict[str, Any] = json.loads(found[1]) if found else {}
        self.kernel, self.base = str(config.get("kernelId", "")), str(config.get("baseUrl", "/"))

    @property
    def whole(self) -> bool:
        """Whether the page came to its end, with a kernel."""
        return self.status == 200 and bool(self.kernel) and "</html>" in self.html

    def listen(self, origin: str | None = None) -> None:
        """Open the page's websocket."""
        parts = urlsplit(self.url)
        address = f"ws://{parts.netloc}{self.base}api/kernels/{self.kernel}/channels?session_id={uuid.uuid4()}"
        self.socket = websocket.create_connection(address, origin=origin or f"http://{parts.netloc}", timeout=600)

    def widgets(self) -> int:
        """Ask the kernel, as the page does, which widgets it holds."""
        header = {"msg_id": str(uuid.uuid4()), "msg_type": "comm_info_request", "username": "", "session": "visitor",
                  "date": "", "version": "5.3"}  # fmt: skip
        said = {"channel": "shell", "header": header, "content": {}, "parent_header": {}, "metadata": {}, "buffers": []}
        self.socket.send(json.dumps(said))
        while True:
            heard = json.loads(self.socket.recv())
            if heard.get("msg_type") == "comm_info_reply":
                return len(heard["content"]["comms"])

    def vanish(self) -> None:
        """Go without a word, as a machine that is switched off."""
        if self.socket:
            with contextlib.suppress(OSError, websocket.WebSocketException):
                self.socket.close(timeout=1)

    def leave(self) -> None:
        """Go as a browser's tab does, which says so."""
        self.vanish()
        import urllib.request

        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{self.url}/voila/api/shutdown/{self.kernel}", data=b"", timeout=60).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
