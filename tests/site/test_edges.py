"""What no page asks: other methods, odd paths and bytes. A friendly page, no cookie, no traceback, no fault."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.conftest import Server, only, served
from tests.waiting import PATIENCE

BASE = "/food/"
KERNEL = "00000000-0000-0000-0000-000000000000"
PAGES = ["", "health", "ready", "assets/page.js", "voila/labextensions/mangetamain/static/draw.js"]
LEADS = ["trends/?years=2002-2012", "voila/render/trends.ipynb?lang=fr"]
FOLDERS = ["assets", "answer/", "voila/static", "voila/labextensions", "voila/labextensions/mangetamain/static",
           "voila/templates/mangetamain/static", "voila/files", "voila/api/themes"]  # fmt: skip
LEAVES = [b"", b"%00", b"../", b"%2e%2e/", b"%ff", b"\xff", b"%zz", b"a" * 5000, b"a/" * 2000, b"x%00.js", b".."]
PATHS = [
    b"nowhere", b"login", b"logout", b"logout?next=//evil.example", b"%00", b"trends%00", b"trends/%00", b"%ff%fe",
    b"\xff\xfe", b"%zz", b"a" * 9000, b"nowhere?lang=%ff", b"nowhere?lang=\xff&lang=fr", b"api/kernels",
    b"api/contents", b"nowhere?" + b"a=1&" * 500, b"snapshot/%00.json", f"api/kernels/{KERNEL}".encode(),
    b"voila/api/shutdown/x%00",
    f"api/kernels/{KERNEL}/channels".encode(), f"voila/query/{KERNEL}".encode(), b"voila/api/shutdown/%ff",
    *(f"{folder}/".encode() + leaf for folder in FOLDERS for leaf in LEAVES),
]  # fmt: skip
ODD = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "CONNECT", "BREW", "get"]


@pytest.fixture(scope="module")
def site(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site under a path, which logs to a folder of its own; nothing that is sent to it is a fault."""
    state = tmp_path_factory.mktemp("state")
    env = {"MANGETAMAIN_STATE": str(state), **only(state / "pages", "trends")}
    ready = "import mangetamain.site.health.readiness as r; r.Readiness.reason = lambda self: ''"
    with served(tiny_home, BASE, env=env, before=ready, rendered=True) as server:
        yield server
        lines = [json.loads(line) for line in server.log.splitlines()]
        assert [line for line in lines if line["level"] in ("WARNING", "ERROR")] == []


def ask(site: Server, method: str, path: bytes) -> tuple[int, str, bytes]:
    """Send a path byte for byte; return status, headers and body."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as line:
        head = b"Host: localhost\r\nContent-Length: 0\r\nAccept-Language: fr\r\nConnection: close\r\n\r\n"
        line.sendall(method.encode() + b" " + path + b" HTTP/1.1\r\n" + head)
        got = b""
        while more := line.recv(65_536):
            got += more
    told, _, body = got.partition(b"\r\n\r\n")
    return int(told.split()[1]), told.decode("latin1"), body


def friendly(told: str, body: bytes) -> bool:
    """Say whether an answer is a page of ours, in French as it was asked for, and leaves no cookie."""
    page = body.decode()
    ours = '<html lang="fr"' in page and 'class="mm-card"' in page and "Traceback" not in page
    return ours and "set-cookie" not in told.lower() and "default-src 'self'" in told


@pytest.mark.parametrize("path", PATHS, ids=lambda path: repr(path[:60]))
def test_a_path_that_is_none_is_a_friendly_page(site: Server, path: bytes) -> None:
    status, told, body = ask(site, "GET", BASE.encode() + path)
    assert status in (400, 404, 405)
    assert friendly(told, body)


@pytest.mark.parametrize(
    "path", ["/nowhere", "/foo", "/foods", "//", "/food//", "/x/food/", "/assets/page.js", "/health"]
)
def test_what_lies_outside_is_a_friendly_404(site: Server, path: str) -> None:
    status, told, body = ask(site, "GET", path.encode())
    assert status == 404
    assert friendly(told, body)


@pytest.mark.parametrize("method", ODD)
def test_a_method_of_no_page_is_a_friendly_page(site: Server, method: str) -> None:
    for path in [*PAGES, *LEADS, "trends", "nowhere", f"api/kernels/{KERNEL}", "login"]:
        status, told, body = ask(site, method, f"{BASE}{path}".encode())
        assert status in (404, 405), path
        assert friendly(told, body), path


@pytest.mark.parametrize("path", ["/food?a=1&b=%C3%A9", "/?a=1&b=%C3%A9"])
def test_what_stands_before_the_site_leads_to_it(site: Server, path: str) -> None:
    for method in ("GET", "HEAD"):
        reply = site.get(path, method)
        assert (reply.status, reply.headers["Location"]) == (302, "/food/?a=1&b=%C3%A9")


@pytest.mark.parametrize(
    "path", [*(BASE + page for page in [*PAGES, *LEADS, "nowhere", "assets/%00"]), "/food", "/", "/x"]
)
def test_head_is_get_without_its_body(site: Server, path: str) -> None:
    whole, head = site.get(path), site.get(path, "HEAD")
    assert head.status == whole.status
    assert head.text == ""
    varies = {"Date", "Content-Length", "Etag"} if path.endswith("ready") else {"Date"}
    assert {name: text for name, text in head.headers.items() if name not in varies} == {
        name: text for name, text in whole.headers.items() if name not in varies
    }


def test_a_page_and_an_answer_are_looked_at_without_being_made(site: Server) -> None:
    for path in ("trends", "answer/level?years=2004-2004"):
        before = len(site.log)
        head = site.get(f"{BASE}{path}", "HEAD")
        assert site.get(f"{BASE}{path}", "HEAD").text == ""
        assert not any(word in site.log[before:] for word in ("an answer", "failed"))
        page = site.get(f"{BASE}{path}")
        assert (head.status, head.headers["Content-Type"]) == (page.status, page.headers["Content-Type"])


@pytest.mark.parametrize("cookie", ["", "mangetamain-visitor=x", "username-localhost=1; _xsrf=2", "a=\xff; =;;"])
def test_no_cookie_is_set_nor_asked_for(site: Server, cookie: str) -> None:
    for path in [*PAGES, *LEADS, "trends", "nowhere", "login", "logout"]:
        reply = site.get(BASE + path, Cookie=cookie)
        assert "Set-Cookie" not in reply.headers
        assert reply.status in (200, 302, 404)
