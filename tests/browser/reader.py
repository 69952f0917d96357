"""A reader in front of a page: what she does, what she sees, and what the browser has to say of it."""

from __future__ import annotations

import contextlib
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Locator, Page, Request, TimeoutError

from mangetamain.language import say
from mangetamain.themes import theme
from tests.waiting import PATIENCE

# Whether a figure has something in it, beyond its frame.
DRAWN = "(plot) => Boolean(plot.querySelector('.overplot .trace path'))"
# Every panel lives, and each has a figure, be it an empty one, or says in a card why there is none.
LIVING = """(asked) => {
  const panels = [...document.querySelectorAll('.mm-cell[data-state=live] .mm-live .mm-panel')];
  return panels.length === asked && panels.every((panel) => panel.querySelector('.mm-card, .mm-plot[role=figure]'));
}"""

# Options longer than the room that their closed list has: its paddings and its arrow take some 32 pixels.
CUT = """(page) => [...page.querySelectorAll('.mm-live .mm-controls select')].flatMap((select) => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = getComputedStyle(select).font;
  const room = select.clientWidth - 32;
  return [...select.options].map((option) => option.text).filter((text) => pen.measureText(text).width > room);
})"""


class Reader:
    """One page, in a context of its own."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.requests: list[Request] = []
        self.troubles: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("request", lambda sent: self.requests.append(sent))
        self.page.on("requestfailed", self._failed)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(f"page error: {error}"))
        self.page.on("dialog", lambda dialog: (self.troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _failed(self, sent: Request) -> None:
        # A page that is left says so by a beacon, and asks for nothing more: the browser calls both aborted.
        if sent.failure != "net::ERR_ABORTED":
            self.troubles.append(f"failed: {sent.url} {sent.failure}")

    def _heard(self, message: ConsoleMessage) -> None:
        # What Jupyter's module federation says of its versions is a warning, and so no error.
        if message.type == "error":
            self.troubles.append(f"console: {message.text} ({message.location.get('url', '')})")

    def leave(self) -> None:
        """Leave the page as a reader does, so that its kernel ends, and put the browser's profile away."""
        with contextlib.suppress(Error):  # closed already
            self.page.goto("about:blank")
        self.context.close()

    def forgive(self, text: str) -> None:
        """Leave out of the troubles what a test provoked."""
        self.troubles[:] = [trouble for trouble in self.troubles if text not in trouble]

    def foreign(self) -> list[str]:
        """Return the requests that went to another host than the site's."""
        home = urlsplit(self.url).netloc
        return [sent.url for sent in self.requests if urlsplit(sent.url).netloc not in (home, "")]

    def open(self, name: str, query: str = "") -> Reader:
        """Go to a notebook's page and wait until each of its panels lives."""
        self.page.goto(f"{self.url}/{name}{query}")
        return self.wait(name)

    def wait(self, name: str) -> Reader:
        """Wait until each panel that the notebook asks for shows a living figure or a card."""
        try:
            self.page.wait_for_function(LIVING, arg=len(theme(name).asked))
        except TimeoutError:
            states = self.page.locator(".mm-cell").evaluate_all("(cells) => cells.map((cell) => cell.dataset.state)")
            raise AssertionError(f"not every panel lives: {states}; {self.troubles}") from None
        return self

    def panel(self, key: str) -> Locator:
        """Return a living panel."""
        return self.page.locator(f".mm-live .mm-key-{key}")

    def sentence(self, key: str) -> str:
        """Return what a panel says, its verdict with it."""
        return self.panel(key).locator(".mm-sentence").inner_text()

    def says(self, key: str, text: str) -> None:
        """Wait until a panel's sentence or card holds a text."""
        self.page.wait_for_function(
            "([key, text]) => document.querySelector(`.mm-live .mm-key-${key}`).textContent.includes(text)",
            arg=[key, text],
        )

    def choose(self, key: str, option: str, value: str) -> None:
        """Choose among a panel's options, found by the label of the control."""
        self.panel(key).get_by_label(option, exact=True).select_option(value)

    def speaks(self, lang: str) -> None:
        """Wait until the controls are labelled in a language."""
        label = say("Years").render(lang)
        self.page.wait_for_function(
            "(label) => [...document.querySelectorAll('.mm-controls label')].some((at) => at.textContent === label)",
            arg=label,
        )

    def years(self, key: str, end: str, press: str, times: int = 1) -> None:
        """Move one end of a panel's years with the keyboard."""
        handle = self.panel(key).locator(f".noUi-handle-{end}")
        handle.focus()
        for _ in range(times):
            handle.press(press)

    def address(self) -> dict[str, str]:
        """Return what the page's address carries."""
        return dict(parse_qsl(urlsplit(self.page.url).query))

    def drawn(self, key: str) -> list[list[object]]:
        """Return the places of a figure's traces, as the browser holds them."""
        found: list[list[object]] = (
            self.panel(key)
            .locator(".js-plotly-plot")
            .evaluate("(plot) => plot._fullData.map((trace) => Array.from(trace.y ?? []))")
        )
        return found

    def titles(self, key: str) -> list[str]:
        """Return the axis titles of a figure, as drawn."""
        return self.panel(key).locator(".js-plotly-plot :is(.xtitle, .ytitle)").all_text_contents()
