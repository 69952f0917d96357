"""A site is asked how it is: what answers well, what answers badly, and what would harm who asks."""

import json
import socket
import threading
import time

import pytest

from mangetamain.delivery.addresses import checked, environments
from mangetamain.delivery.probe import ANSWER_BYTES, look
from mangetamain.errors import BadInput
from tests.delivery.conftest import READY

# Seconds for which a peer drips: whoever waits for its end never comes back.
ENDLESS = 3600


def test_a_healthy_site_says_who_it_is(peer):
    peer.site()
    seen = look(peer.url, "preprod")
    assert (seen.health, seen.reason, seen.environment, seen.version) == ("healthy", "", "PREPROD", "0.1.0")
    assert (seen.revision, seen.image) == (READY["revision"], READY["image"])
    assert (seen.warehouse, seen.fingerprint) == ("food-1763925000000000000", "0123456789abcdef")
    assert seen.pages == (("trends", 8),)


def test_a_site_under_a_path_is_asked_there(peer):
    peer.site("/cooking")
    assert look(checked(f"{peer.url}/cooking/")).health == "healthy"
    assert look(peer.url).health == "missing"


def test_a_site_that_renders_nothing_is_unhealthy_and_says_why(peer):
    peer.site(ready=False, reason="trends: its kernel died", warehouse=None)
    seen = look(peer.url)
    assert (seen.health, seen.reason, seen.warehouse) == ("unhealthy", "trends: its kernel died", "")


def test_another_environment_at_the_address_is_a_fault(peer):
    peer.site()
    seen = look(peer.url, "prod")
    assert seen.health == "unhealthy"
    assert "PREPROD answers where PROD should" in seen.reason


def test_a_liveness_that_fails_is_enough(peer):
    peer.site()
    del peer.answers["/health"]
    assert look(peer.url).health == "missing"


def test_a_site_that_lives_and_cannot_say_it_is_ready_is_unhealthy(peer):
    peer.site()
    peer.answers["/ready"] = (200, b"<html>hello</html>", {})
    seen = look(peer.url)
    assert seen.health == "unhealthy"
    assert "no site of ours answers there" in seen.reason


@pytest.mark.parametrize(
    ("status", "body", "part"),
    [
        (200, b"<html>hello</html>", "no site of ours answers there (status 200)"),
        (503, b"<html>back in a moment</html>", "no site of ours answers there (status 503)"),
        (200, b"[1, 2]", "no site of ours"),
        (200, b"", "no site of ours"),
        (200, b"\xff\xfe\x00", "no site of ours"),
        (200, b"[" * 50_000, "no site of ours"),
        (200, b'{"a": "' + b"x" * ANSWER_BYTES + b'"}', "too long"),
    ],
)
def test_what_is_no_site_of_ours_is_missing(peer, status, body, part):
    peer.answers["/health"] = (status, body, {})
    seen = look(peer.url)
    assert seen.health == "missing"
    assert part in seen.reason


def test_no_redirect_is_followed(peer, another):
    another.site()
    peer.answers["/health"] = (302, b"", {"Location": f"{another.url}/health"})
    assert "not followed" in look(peer.url).reason
    assert another.asked == []


def test_a_site_that_does_not_answer_to_the_name_says_what_to_do(peer):
    peer.answers["/health"] = (421, b"<h1>not that name</h1>", {})
    assert "that name: give it with --host" in look(peer.url).reason


def test_an_endless_or_dripping_answer_ends_with_the_clock(peer):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(10 * ENDLESS):
            handler.wfile.write(b" ")
            time.sleep(0.1)

    peer.answers["/health"] = drip
    assert "did not answer in time" in look(peer.url, seconds=1).reason


def test_dripping_headers_end_with_the_clock_too():
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip():
            peer, _ = listening.accept()
            with peer:
                for char in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10 * ENDLESS:
                    try:
                        peer.sendall(bytes([char]))
                    except OSError:
                        return
                    time.sleep(0.1)

        threading.Thread(target=drip, daemon=True).start()
        assert "in time" in look(f"http://127.0.0.1:{listening.getsockname()[1]}", seconds=1).reason


def test_a_peer_that_speaks_no_http_is_missing():
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet():
            peer, _ = listening.accept()
            with peer:
                peer.recv(1000)
                peer.sendall(b"220 mail.example ESMTP\r\n")

        threading.Thread(target=greet, daemon=True).start()
        assert look(f"http://127.0.0.1:{listening.getsockname()[1]}", seconds=600).health == "missing"


def test_texts_from_elsewhere_are_cleaned(peer):
    peer.site(version="\x1b[31mred\x07\n[bold]", revision=["a"], environment={"x": 1}, reason="y" * 5000, ready=False)
    seen = look(peer.url)
    assert seen.version == "\\x1b[31mred\\x07\\n[bold]"
    assert (seen.revision, seen.environment) == ("", "")
    assert len(seen.reason) <= 200


@pytest.mark.parametrize("changed", [{"ready": "true"}, {"ready": 1}, {"pages": [1], "ready": None}])
def test_only_a_plain_yes_is_a_yes(peer, changed):
    peer.site(**changed)
    assert look(peer.url).health == "unhealthy"


def test_an_unknown_host_and_a_closed_port_are_missing(peer):
    assert "its host is not known" in look("http://no-such-host.invalid").reason
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "connection refused" in look(f"http://127.0.0.1:{port}").reason


def test_a_certificate_that_cannot_be_trusted_is_said(peer):
    peer.site()
    assert look(peer.url.replace("http:", "https:"), seconds=600).health == "missing"


@pytest.mark.parametrize(
    "url",
    [
        "", "localhost:8500", "ftp://127.0.0.1", "file:///etc/passwd", "http://", "http://127.0.0.1:99999",
        "http://127.0.0.1:0", "http://127.0.0.1:abc", "http://[::1", "http://a b", "http://a\r\nHost: b", "http://a\x00",
        "http://me:secret@127.0.0.1", "http://127.0.0.1/?token=x", "http://127.0.0.1/#x", "http://é.example",
        "http://" + "a" * 3000, "HTTP//x",
    ],
)  # fmt: skip
def test_a_malformed_address_is_refused(url):
    with pytest.raises(BadInput):
        checked(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8500", "https://food.example/a/b", "http://[::1]:8501", "HTTP://localhost"]
)
def test_a_good_address_is_taken(url):
    assert checked(url + "/") == url


def test_environments_come_from_the_variable(monkeypatch):
    assert list(environments()) == ["preprod", "prod"]
    monkeypatch.setenv("MANGETAMAIN_ENVIRONMENTS", " local=http://127.0.0.1:1/ \n far=https://food.example ")
    assert environments() == {"local": "http://127.0.0.1:1", "far": "https://food.example"}
    for wrong in ("http://127.0.0.1", "a=http://x a=http://y", "=http://x", "a=ftp://x", "a/b=http://x"):
        monkeypatch.setenv("MANGETAMAIN_ENVIRONMENTS", wrong)
        with pytest.raises(BadInput):
            environments()


def test_what_was_seen_goes_to_json(peer):
    peer.site()
    assert json.loads(json.dumps(look(peer.url).as_dict()))["pages"] == {"trends": 8}
