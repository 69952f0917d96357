"""A site that is not for everybody, and those who try."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mangetamain.errors import BadInput
from mangetamain.site.access.token import read_token
from tests.site.conftest import Server, only, served
from tests.waiting import PATIENCE

TOKEN = "a plain/secret+of 1 kitchen"
WRITTEN = "a%20plain%2Fsecret%2Bof+1+kitchen"
BASE = "/cooking/"
SECRETS = ("Trends", "trends", "sentence", "function", "@font-face {", "DUCK")


@pytest.fixture(scope="module")
def site(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A guarded site under a path, as behind a proxy, proved ready by its own visits."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "token").write_text(f"{TOKEN}\n")
    env = {"MANGETAMAIN_STATE": str(folder), **only(folder / "pages", "trends")}
    before = "from pathlib import PosixPath"
    with served(tiny_home, BASE, env=env, before=before, proved=True, token_file=folder / "token") as server:
        server.until(ready=True)
        yield server


@pytest.fixture(scope="module")
def cookie(site: Server) -> str:
    """What a visitor has after coming with the token."""
    return site.get(f"{BASE}?token={WRITTEN}").headers["Set-Cookie"].split(";")[0]


def test_the_token_lets_in_once_and_leaves_the_address(site: Server) -> None:
    reply = site.get(f"{BASE}trends?years=2002-2012&token={WRITTEN}&of=calories")
    assert (reply.status, reply.headers["Location"]) == (302, f"{BASE}trends?years=2002-2012&of=calories")
    left = reply.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", f"Path={BASE}"} <= {part.strip() for part in left.split(";")}
    assert "Secure" not in left
    assert TOKEN not in left
    assert WRITTEN not in left
    secure = site.get(f"{BASE}?token={WRITTEN}", X_Forwarded_Proto="https").headers["Set-Cookie"]
    assert "Secure" in secure


def test_who_was_let_in_sees_everything(site: Server, cookie: str) -> None:
    for path in ("", "trends", "assets/page.js", "answer/level"):
        assert site.get(BASE + path, Cookie=cookie).status == 200
    assert site.get(BASE, Authorization=f"Bearer {TOKEN}").status == 200


def test_health_and_readiness_are_for_everybody(site: Server) -> None:
    for path in ("health", "ready", "health?token=wrong"):
        assert site.get(BASE + path).status == 200
        assert site.get(BASE + path, method="HEAD").status == 200


PATHS = [
    "/", BASE, f"{BASE}trends", f"{BASE}trends/", f"{BASE}assets/page.js", f"{BASE}assets/favicon.svg",
    f"{BASE}assets/fonts/inter-latin.woff2", f"{BASE}answer/level", f"{BASE}answer/level?v=x",
    f"{BASE}voila/static/voila.js",
    f"{BASE}voila/labextensions/mangetamain/static/draw.js", f"{BASE}voila/templates/mangetamain/static/page.js",
    f"{BASE}login", f"{BASE}logout", f"{BASE}static/favicon.ico", f"{BASE}voila/api/themes/x", f"{BASE}nowhere",
    # As health is open: what a router might take for it, or a proxy.
    f"{BASE}health/", f"{BASE}health/../trends", f"{BASE}health%2f..%2ftrends", f"{BASE}ready/../trends",
    f"{BASE}/health", f"{BASE}HEALTH", f"{BASE}health;x", f"{BASE}./health", "/health", "//health", "/ready",
    f"/{BASE}trends", f"{BASE}%74rends", f"{BASE}trends%00", f"{BASE}trends#/health", f"http://127.0.0.1{BASE}trends",
    f"{BASE}trends?token=", f"{BASE}trends?token=wrong", f"{BASE}trends?TOKEN={WRITTEN}", f"{BASE}trends?token%5B%5D=x",
    f"{BASE}trends?token={WRITTEN}&token=wrong", f"{BASE}trends?x=/cooking/health", f"{BASE}trends?token={WRITTEN}x",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_without_the_token_nothing_answers(site: Server, path: str) -> None:
    reply = site.get(path)
    assert reply.status == 403
    assert not any(secret in reply.text for secret in SECRETS)
    assert 'lang="en"' in reply.text
    assert 'lang="fr"' in reply.text
    assert "src=" not in reply.text
    assert "href=" not in reply.text
    assert "Set-Cookie" not in reply.headers
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"])
def test_no_other_method_gets_past(site: Server, method: str) -> None:
    for path in (BASE, f"{BASE}trends", f"{BASE}assets/page.js", f"{BASE}answer/level"):
        reply = site.get(path, method=method)
        assert reply.status == 403
        assert not any(secret in reply.text for secret in SECRETS)
    # Nor does a token in the address of what is not a visit, nor another method on what is open.
    if method != "HEAD":
        assert site.get(f"{BASE}trends?token={WRITTEN}", method=method).status == 403
        assert site.get(f"{BASE}health", method=method).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "mangetamain="}, {"Cookie": f"mangetamain={'0' * 64}"}, {"Cookie": "mangetamain=\xff\xfe"},
        {"Cookie": "a=b; mangetamain=x; mangetamain"}, {"Cookie": f"mangetamain={WRITTEN}"},
        {"Authorization": "Bearer"}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"token {TOKEN}"}, {"X_Forwarded_For": "127.0.0.1"}, {"Cookie": "mm-lang=en"},
        {"X_Original_Url": f"{BASE}health"}, {"X_Rewrite_Url": f"{BASE}health"}, {"X_HTTP_Method_Override": "HEAD"},
    ],
)  # fmt: skip
def test_no_header_but_the_right_one_opens(site: Server, headers: dict[str, str]) -> None:
    assert site.get(f"{BASE}trends", **headers).status == 403


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example", "///evil.example", "http://evil.example/x"])
def test_the_way_in_leads_to_no_other_host(site: Server, path: str) -> None:
    to = site.get(f"{path}?token={WRITTEN}", Host="localhost").headers["Location"]
    assert re.match(r"/[^/\\]", to)


def test_what_a_stranger_sends_is_not_waited_for(site: Server) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as stranger:
        stranger.sendall(f"POST {BASE}trends HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\nx".encode())
        assert stranger.recv(100).startswith(b"HTTP/1.1 403")


def test_no_token_is_written_to_the_log(site: Server, cookie: str) -> None:
    for path in (f"{BASE}?token=mistyped-secret", f"{BASE}?token={WRITTEN}", f"{BASE}health?token=mistyped-secret"):
        site.get(path)
    site.get(BASE, Authorization="Bearer mistyped-secret")
    assert site.state
    written = "".join(path.read_text("utf-8") for path in (site.state / "logs").glob("*.log"))
    assert "request" in written
    for secret in ("mistyped", TOKEN, WRITTEN, cookie.partition("=")[2]):
        assert secret not in written


def test_a_token_file_that_holds_none_stops_the_site_from_starting(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"cannot be read from .*absent: no such file or directory"):
        read_token(tmp_path / "absent")
    (tmp_path / "empty").write_text(" \n")
    with pytest.raises(BadInput, match="empty is empty"):
        read_token(tmp_path / "empty")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="it is no text"):
        read_token(tmp_path / "bytes")
    assert read_token(None) == ""
