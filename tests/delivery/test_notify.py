"""Messages: what arrives at a real server, what is escaped, and that no channel can hurt a delivery."""

import json
import logging
import re
import threading

import pytest

from mangetamain.delivery.notify import EVENTS, Notifier, addresses, escaped
from tests.waiting import PATIENCE


@pytest.fixture
def warned():
    """The warnings so far."""
    return []


def send(warned, *messages):
    """Send messages as a command does, and say whether any arrived."""
    notifier = Notifier(warned.append)
    for event, environment, text in messages:
        notifier.tell(event, environment, text)
    return notifier.finish()


def bodies(peer):
    return [json.loads(body) for _, body in peer.asked]


def test_every_event_reaches_a_channel_in_order(peer, warned, monkeypatch):
    peer.say("/hook", {})
    monkeypatch.setenv("MANGETAMAIN_NOTIFY_URLS", f"json://127.0.0.1:{peer.port}/hook")
    assert send(warned, *((event, "prod", f"about {event}") for event in EVENTS))
    assert [body["title"] for body in bodies(peer)] == [
        "PROD: deploy started", "PROD: deploy succeeded", "PROD: deploy failed", "PROD: rolled back",
        "PROD: the site is down", "PROD: the site is back",
    ]  # fmt: skip
    assert [body["type"] for body in bodies(peer)] == ["info", "success", "failure", "warning", "failure", "success"]
    assert bodies(peer)[0]["message"] == "about started"
    assert warned == []


def test_channels_come_from_a_secret_file_too(peer, another, warned, monkeypatch, tmp_path):
    for each in (peer, another):
        each.say("/", {})
    secret = tmp_path / "urls"
    secret.write_text(f"# channels\n\njson://127.0.0.1:{peer.port}/\n  json://127.0.0.1:{another.port}/  \n")
    monkeypatch.setenv("MANGETAMAIN_NOTIFY_FILE", str(secret))
    assert send(warned, ("failed", "prod", "why"))
    assert len(peer.asked) == len(another.asked) == 1


def test_without_channels_nothing_is_said(warned):
    assert send(warned, ("started", "prod", "x"))
    assert warned == []


def discord(peer, monkeypatch):
    """Have apprise's own Discord plugin post to a server of ours."""
    from apprise.plugins.discord import NotifyDiscord

    monkeypatch.setattr(NotifyDiscord, "notify_url", f"{peer.url}/api/webhooks")
    monkeypatch.setenv("MANGETAMAIN_NOTIFY_URLS", "discord://1234567890/s3cretToken")
    peer.answers["/api/webhooks/1234567890/s3cretToken"] = (204, b"", {})


def test_discord_gets_text_that_calls_nobody_and_formats_nothing(peer, warned, monkeypatch):
    discord(peer, monkeypatch)
    hostile = "@everyone @here <@1234> <@&5> <#6> **b** _i_ `c` ~~s~~ ||x|| [a](http://evil.example) > q # h me@host"
    assert send(warned, ("failed", "prod", hostile))
    (body,) = bodies(peer)
    content = body["content"]
    assert "embeds" not in body
    for call in ("@everyone", "@here", "@1234", "@&5", "me@host"):
        assert call not in content
    assert not re.search(r"(?<!\\)[*_`~|<>#\[\]()]", content)
    assert "http://" not in content
    # Without the marks that Discord hides it is what was said.
    assert content.replace("\\", "").replace("\u200b", "").endswith(hostile)


def test_control_characters_and_endless_texts_are_cut():
    assert escaped("a\x1b[31m\x00b\nc", markdown=False) == "a\\x1b[31m\\x00b\nc"
    assert len(escaped("x\n" * 5000, markdown=False)) <= 1500


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1:1/s3cret",  # nobody listens
        "discord://bad",  # lacks its token
        "no-such-service://s3cret",
        "json://s3cret:99999999/x",
        "s3cret",
        "http://[::1",
    ],
)
def test_a_dead_or_malformed_channel_is_one_warning_without_its_secret(url, warned, monkeypatch, caplog):
    monkeypatch.setenv("MANGETAMAIN_NOTIFY_URLS", url)
    with caplog.at_level(logging.DEBUG):
        send(warned, ("started", "prod", "x"))
    assert len(warned) == 1
    assert "s3cret" not in warned[0] + caplog.text
    assert "\n" not in warned[0]


@pytest.mark.parametrize("status", [301, 400, 404, 429, 500])
def test_a_channel_that_refuses_is_a_warning(status, peer, warned, monkeypatch):
    discord(peer, monkeypatch)
    peer.answers["/api/webhooks/1234567890/s3cretToken"] = (status, b"no", {})
    assert send(warned, ("started", "prod", "x")) is False
    assert len(warned) == 1
    assert "s3cret" not in warned[0]
    assert "Discord" in warned[0]


def test_one_dead_channel_does_not_keep_the_others_from_hearing(peer, warned, monkeypatch):
    peer.say("/", {})
    monkeypatch.setenv("MANGETAMAIN_NOTIFY_URLS", f"json://127.0.0.1:1/ json://127.0.0.1:{peer.port}/")
    assert send(warned, ("started", "prod", "x"))
    assert len(peer.asked) == len(warned) == 1


def test_a_channel_that_hangs_holds_nobody_up(peer, warned, monkeypatch):
    hangs, waited = threading.Event(), []
    peer.answers["/"] = lambda _: waited.append(hangs.wait(PATIENCE))
    monkeypatch.setenv("MANGETAMAIN_NOTIFY_URLS", f"json://127.0.0.1:{peer.port}/?cto=600&rto=600")
    notifier = Notifier(warned.append)
    notifier.tell("started", "prod", "x")  # goes on its own, though nobody answers
    hangs.set()
    assert notifier.finish() is False
    assert waited == [True]
    assert len(warned) == 1


def test_a_secret_file_that_cannot_be_read_is_a_warning(warned, monkeypatch, tmp_path):
    monkeypatch.setenv("MANGETAMAIN_NOTIFY_FILE", str(tmp_path / "none"))
    assert addresses(warned.append) == []
    assert len(warned) == 1
