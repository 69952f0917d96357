"""Messages to people: any channel that apprise knows, with texts escaped; a dead channel is a warning and no more."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from mangetamain.delivery.probe import clean
from mangetamain.errors import BadInput
from mangetamain.language import N_, say
from mangetamain.warehouse.home import read_path

if TYPE_CHECKING:
    from apprise import NotifyBase

FILE_VARIABLE = "MANGETAMAIN_NOTIFY_FILE"
URLS_VARIABLE = "MANGETAMAIN_NOTIFY_URLS"
SENDING_SECONDS = 20.0
Event = Literal["started", "succeeded", "failed", "rolled back", "site down", "site back"]
# The title of each, and what apprise calls its kind.
EVENTS: dict[Event, tuple[str, str]] = {
    "started": (N_("{environment}: {command} started"), "info"),
    "succeeded": (N_("{environment}: {command} succeeded"), "success"),
    "failed": (N_("{environment}: {command} failed"), "failure"),
    "rolled back": (N_("{environment}: rolled back"), "warning"),
    "site down": (N_("{environment}: the site is down"), "failure"),
    "site back": (N_("{environment}: the site is back"), "success"),
}
Warn = Callable[[str], object]  # takes one line about a channel, which never holds the channel's address


class Notifier:
    """Sends messages one after the other in the background, so that no channel holds up a switch."""

    def __init__(self, warn: Warn) -> None:
        self.warn = warn
        # Their own logs name addresses, which hold the secret.
        for noisy in ("apprise", "urllib3"):
            logging.getLogger(noisy).disabled = True
        self.channels = self._open()
        self.reached = 0
        self._waiting: queue.Queue[tuple[Event, str, str] | None] = queue.Queue()
        # A daemon: a channel that never ends its answer does not keep the command from ending.
        self._sending = threading.Thread(target=self._work, daemon=True)
        if self.channels:
            self._sending.start()

    def _open(self) -> dict[int, NotifyBase]:
        urls = addresses(self.warn)
        if not urls:
            return {}
        try:
            import apprise
        except ImportError:
            self.warn(str(say("No message is sent: install {package}.", package="mangetamain[deploy]")))
            return {}
        channels: dict[int, NotifyBase] = {}
        for place, url in enumerate(urls, 1):
            channel = None
            with contextlib.suppress(Exception):  # whatever a plugin raises for a mistyped address
                channel = apprise.Apprise.instantiate(url)
            if channel is None:
                self.warn(str(say("Channel {place} of the messages has an address that is none.", place=place)))
            else:
                channels[place] = channel
        return channels

    def tell(self, event: Event, environment: str, text: str, *, command: str = "deploy") -> None:
        """Queue a message about an environment."""
        title = str(say(EVENTS[event][0], environment=environment.upper(), command=command))
        self._waiting.put((event, title, text))

    def _work(self) -> None:
        while (message := self._waiting.get()) is not None:
            for place, channel in self.channels.items():
                if _send(channel, *message):
                    self.reached += 1
                else:
                    name = clean(str(channel.service_name))
                    text = say("Channel {place} of the messages ({name}) could not be reached.", place=place, name=name)
                    self.warn(str(text))

    def finish(self) -> bool:
        """Wait a bounded time for what is queued; say whether a message arrived, or there was nowhere to send it."""
        if not self.channels:
            return True
        self._waiting.put(None)
        self._sending.join(SENDING_SECONDS)
        return self.reached > 0


def _send(channel: NotifyBase, event: Event, title: str, text: str) -> bool:
    discord = type(channel).__name__ == "NotifyDiscord"
    head, body = (escaped(each, markdown=discord) for each in (title, text))
    try:
        return bool(channel.notify(title=head, body=body or head, notify_type=EVENTS[event][1]))
    except Exception:  # whatever a plugin raises, a message must not fail a deploy
        return False


def addresses(warn: Warn) -> list[str]:
    """Return the channels' addresses from the secret file, one a line, and from the variable."""
    urls = os.environ.get(URLS_VARIABLE, "").split()
    named = os.environ.get(FILE_VARIABLE, "").strip()
    if named:
        try:
            lines = read_path(named).read_text("utf-8").splitlines()
        except (OSError, ValueError, BadInput):
            unheard = N_("The file that {variable} names cannot be read: its channels hear nothing.")
            warn(str(say(unheard, variable=FILE_VARIABLE)))
        else:
            urls += [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return list(dict.fromkeys(urls))


def escaped(text: str, *, markdown: bool) -> str:
    """Return a text that calls nobody and, where the channel reads Markdown, formats nothing.

    A mention ends at a zero-width space: a backslash does not keep Discord from reading one.
    """
    flat = "\n".join(clean(line) for line in text.splitlines())[:1500]
    quiet = re.sub(r"@(?=\S)", "@\u200b", flat)
    return re.sub(r"([\\`*_~|>#\[\]()<:-])", r"\\\1", quiet) if markdown else quiet
