"""Opens each page of a site in a real Chromium, as a reader does, and says what she would see."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.probe import clean
from mangetamain.delivery.proof.chromium import flags, installed
from mangetamain.language import N_, say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# A page lives after some two seconds on a machine at rest; one that is busy with a deploy may need much longer.
PAGE_SECONDS = 180.0
NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED"
# Every panel lives, waits for nothing, and shows a figure or a card; how many figures hold marks, as pictures or
# living, and what the cards say.
ALL_LIVE_JS = """() => {
  const panels = [...document.querySelectorAll('.mm-panel')];
  return panels.length > 0 && panels.every((panel) => 'live' in panel.dataset && panel.ariaBusy === 'false' &&
    panel.querySelector('.mm-figure > *, .mm-card:not([hidden])'));
}"""
FIGURES_JS = """() => [...document.querySelectorAll('.mm-panel .mm-figure')]
  .filter((figure) => figure.querySelector('.mm-picture svg g > *, .js-plotly-plot .overplot .trace path')).length"""
STATES_JS = """() => [...document.querySelectorAll('.mm-panel')]
  .map((panel) => 'live' in panel.dataset ? panel.ariaBusy === 'true' ? 'asking' : 'live' : 'waiting').join(', ')"""
CARDS_JS = """() => [...document.querySelectorAll('.mm-card')]
  .filter((card) => card.checkVisibility()).map((card) => card.textContent)"""


@dataclass(frozen=True)
class Opened:
    """One page as a browser showed it.

    Parameters
    ----------
    page
        The notebook.
    figures
        How many figures were drawn with something in them.
    seconds
        Until all of them lived.
    troubles
        Errors of the console, requests that failed or went to other hosts, and panels that show a complaint.
    again
        Whether that may be the machine's doing: the page did not come to life in time, and the browser complained of
        nothing, or a network came or went, of a container perhaps, which has Chromium give up what it asks for.
    """

    page: str
    figures: int
    seconds: float
    troubles: tuple[str, ...]
    again: bool = False

    @property
    def fine(self) -> bool:
        """Whether a reader sees figures and the browser complains of nothing."""
        return self.figures > 0 and not self.troubles


def open_pages(url: str, pages: Iterable[str], token: str = "") -> list[Opened]:
    """Open each page of a site, with its token if it asks for one; raise `DeliveryFailed` when no browser starts."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise DeliveryFailed(
            N_("Pages cannot be opened in a browser: install {package} on this machine."), package="mangetamain[deploy]"
        ) from None
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=installed(), args=flags())
        except Error as error:
            raise DeliveryFailed(
                N_("Pages cannot be opened in a browser ({reason}): install Chromium on this machine."),
                reason=clean(str(error).splitlines()[0]),
            ) from None
        try:
            opened = [_open(browser, url, name, token) for name in pages]
            # What may be the machine's doing gets one more try; what a browser complained of gets none.
            return [_open(browser, url, each.page, token) if each.again else each for each in opened]
        finally:
            browser.close()


def _open(browser: Browser, url: str, name: str, token: str) -> Opened:
    """Open one page with a profile of its own, and leave it as a reader does."""
    from playwright.sync_api import Error, TimeoutError

    with browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.set_default_timeout(PAGE_SECONDS * 1000)
        troubles = _listen(page, urlsplit(url).netloc)
        began, figures, cards, again = time.monotonic(), 0, [], False
        try:
            page.goto(f"{url}/{name}" + (f"?{urlencode({'token': token})}" if token else ""))
            page.wait_for_function(ALL_LIVE_JS)
            figures, cards = page.evaluate(FIGURES_JS), page.evaluate(CARDS_JS)
        except TimeoutError:
            again = not troubles
            states = clean(page.evaluate(STATES_JS)) or "-"
            troubles.append(str(say("the page did not come to life in time; its panels: {states}", states=states)))
        except Error as error:
            troubles.append(str(say("the page cannot be opened: {reason}", reason=clean(str(error).splitlines()[0]))))
        again = again or any(NETWORK_CHANGED in trouble for trouble in troubles)
        seconds = round(time.monotonic() - began, 2)
        seen = tuple(dict.fromkeys(_without(text, token) for text in [*troubles, *map(clean, cards)]))
        with contextlib.suppress(Error):  # a page that never came cannot be left
            page.goto("about:blank")
    return Opened(name, figures, seconds, seen, again)


def _listen(page: Page, host: str) -> list[str]:
    troubles: list[str] = []

    def requested(request: Any) -> None:  # noqa: ANN401 - playwright's own
        where = urlsplit(request.url)
        if where.scheme in ("http", "https", "ws", "wss") and where.netloc != host:
            troubles.append(str(say("the page asked another host: {host}", host=clean(where.netloc))))

    def failed(request: Any) -> None:  # noqa: ANN401
        # A page that is left asks for nothing more, nor is an answer that is wanted no more: both are called aborted.
        if request.failure != "net::ERR_ABORTED":
            path, reason = clean(urlsplit(request.url).path), clean(request.failure)
            troubles.append(str(say("the request of {path} failed: {reason}", path=path, reason=reason)))

    def heard(message: Any) -> None:  # noqa: ANN401
        if message.type == "error":
            troubles.append(str(say("console error: {text}", text=clean(message.text))))

    page.on("request", requested)
    page.on("requestfailed", failed)
    page.on("console", heard)
    page.on("pageerror", lambda error: troubles.append(str(say("page error: {text}", text=clean(str(error))))))
    return troubles


def _without(text: str, token: str) -> str:
    return text.replace(token, "***") if token else text
