"""Whom a site answers: who asks for it by its own name or address, and nobody who was led there by another."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mangetamain.errors import BadInput
from mangetamain.site.access.hosts import answers_to, host_of, read_hosts
from mangetamain.site.app import reached
from mangetamain.site.server import listening
from tests.command import command
from tests.site.conftest import Server, free_port, served
from tests.waiting import PATIENCE

NAMED = frozenset({"food.example.org", "192.0.2.7"})


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("localhost", "localhost"), ("LocalHost:8866", "localhost"), ("127.0.0.1:80", "127.0.0.1"), ("a.b.", "a.b"),
        ("[::1]:8866", "::1"), ("[0:0::1]", "::1"), ("[::ffff:127.0.0.1]", "127.0.0.1"), ("my_host-1:1", "my_host-1"),
        *((bad, "") for bad in ("", " ", "a b", "::1", "[::1", "[localhost]", "[127.0.0.1]", "a:b", "a:", ":80", "a/b",
                                "a@b", "user:pw@a", "a,b", "a:80:80", "a:999999", "é", "a\n", "-a", "a..", "*")),
    ],
)  # fmt: skip
def test_a_host_is_read_without_its_port(written: str, host: str) -> None:
    assert host_of(written) == host


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("localhost:8866", True), ("127.0.0.1", True), ("127.9.9.9:1", True), ("[::1]:8866", True),
        ("10.1.2.3:8866", True), ("food.example.org", True), ("FOOD.example.org.:443", True), ("192.0.2.7", True),
        ("10.1.2.4", False), ("evil.example", False), ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("food.example.org.evil.example", False), ("xfood.example.org", False), ("[::2]", False), ("0.0.0.0", False),
        ("2130706433", False), ("", False), ("*", False),
    ],
)  # fmt: skip
def test_a_site_answers_to_its_own_names_alone(written: str, own: bool) -> None:
    assert answers_to(written, "10.1.2.3", NAMED) is own
    assert answers_to(written, "10.1.2.3", frozenset({"*"})) is bool(host_of(written))


def test_names_are_given_one_by_one_or_between_commas() -> None:
    given = ["food.example.org, 192.0.2.7", "Other:8500", "::2", "[::3]:1"]
    assert read_hosts(given) == {*NAMED, "other", "::2", "::3"}
    assert read_hosts(["*"]) == {"*"}
    assert read_hosts(["", " "]) == frozenset()
    with pytest.raises(BadInput, match=r"'http://a'.*food\.example\.org"):
        read_hosts(["b,http://a"])


@pytest.fixture(scope="module")
def site(tiny_home: Path) -> Iterator[Server]:
    """A site with one more name."""
    with served(tiny_home, hosts=["food.example.org"]) as server:
        yield server


PATHS = ["/", "/health", "/ready", "/trends", "/nowhere", "/assets/page.js", "/answer/level", "/voila/static/x"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "BREW"])
def test_who_asks_for_another_host_gets_one_sentence(site: Server, path: str, method: str) -> None:
    for headers in ({}, {"X_Forwarded_Host": "localhost"}, {"Forwarded": "host=localhost"}):
        reply = site.get(path, method, Host="evil.example", **headers)
        assert reply.status == 421
        assert "Set-Cookie" not in reply.headers
        if method != "HEAD":
            assert "does not answer to that name" in reply.text
            assert "ne répond pas à ce nom" in reply.text
        assert not any(word in reply.text for word in ("src=", "href=", "trends", "PREPROD"))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.3.2.1:5", "[::1]:8866", "food.example.org:443"])
def test_who_asks_for_the_site_is_answered(site: Server, host: str) -> None:
    for path in ("/", "/health", "/assets/page.js"):
        assert site.get(path, Host=host, X_Forwarded_Host="evil.example").status == 200


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("GET / HTTP/1.0", 421),
        ("GET / HTTP/1.1", 400),
        ("GET / HTTP/1.1\r\nHost:", 421),
        ("GET / HTTP/1.1\r\nHost: a b", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example", 400),
        ("GET / HTTP/1.1\r\nHost: localhost,evil.example", 400),
        ("GET / HTTP/1.1\r\nHost: [::1", 421),
        ("GET / HTTP/1.1\r\nHost: localhost:x", 421),
        ("GET http://localhost/ HTTP/1.1\r\nHost: evil.example", 421),
    ],
)
def test_a_host_that_is_none_is_refused(site: Server, lines: str, status: int) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as line:
        line.sendall(f"{lines}\r\n\r\n".encode())
        assert int(line.recv(100).split()[1]) == status


def test_a_site_that_listens_everywhere_answers_to_the_address_it_was_reached_at(tiny_home: Path) -> None:
    with served(tiny_home, ip="0.0.0.0") as site:
        for place in ("127.0.0.1", "127.7.7.7"):
            with socket.create_connection((place, site.port), timeout=PATIENCE) as line:
                line.sendall(f"GET /health HTTP/1.1\r\nHost: {place}:{site.port}\r\n\r\n".encode())
                assert line.recv(100).startswith(b"HTTP/1.1 200")
        assert site.get("/health", Host="10.0.0.1").status == 421


@pytest.mark.parametrize(
    ("ip", "root"),
    [
        ("127.0.0.1", "http://127.0.0.1:8866"), ("0.0.0.0", "http://127.0.0.1:8866"), ("::", "http://[::1]:8866"),
        ("::1", "http://[::1]:8866"), ("localhost", "http://localhost:8866"), ("10.0.0.1", "http://10.0.0.1:8866"),
    ],
)  # fmt: skip
def test_the_address_that_is_told_can_be_opened(ip: str, root: str) -> None:
    assert reached(ip, 8866) == root


@pytest.mark.parametrize(
    "ip", ["", " ", "nonsense", "300.1.1.1", "1.2.3", "http://127.0.0.1", "a\0b", "é" * 80, "::1::"]
)
def test_what_is_no_address_is_refused(ip: str) -> None:
    with pytest.raises(BadInput, match=r"(cannot listen on .* as in 127\.0\.0\.1|cannot be used)"):
        listening(free_port(), ip)


def test_the_command_line_refuses_an_empty_address_in_one_sentence() -> None:
    done = command("serve", "--ip", "", home="/nowhere")
    assert done.returncode == 2
    assert "The site cannot listen on ''" in done.stderr
    assert done.stderr.strip().count("\n") == 0
