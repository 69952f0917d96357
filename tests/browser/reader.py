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
# Every panel lives, waits for nothing, and has a figure or says in a card why there is none.
LIVING = """(asked) => {
  const panels = [...document.querySelectorAll('.mm-panel[data-live]')];
  return panels.length === asked && panels.every((panel) => panel.ariaBusy === 'false'
    && panel.querySelector('.mm-card:not([hidden]), .mm-figure > *'));
}"""
# What a panel shows: its title, sentence and verdict, what stands in its controls, and its card.
SHOWN = """(panel) => ({
  title: panel.querySelector('.mm-heading').textContent,
  sentence: panel.querySelector('.mm-sentence').firstChild?.textContent,
  verdict: panel.querySelector('.mm-verdict')?.textContent,
  controls: Object.fromEntries([...panel.querySelectorAll('.mm-control')].map((control) => {
    const field = control.querySelector('select, input');
    return [control.querySelector('label, .mm-label').textContent,
      control.querySelector('.mm-said')?.textContent ?? (field.type === 'checkbox' ? field.checked : field.value)];
  })),
  card: panel.querySelector('.mm-card:not([hidden])')?.textContent,
  stale: panel.hasAttribute('data-stale'),
})"""

# Options longer than the room that their closed list has: its paddings and its arrow take some 32 pixels.
CUT = """(page) => [...page.querySelectorAll('.mm-controls select')].flatMap((select) => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = getComputedStyle(select).font;
  const room = select.clientWidth - 32;
  return [...select.options].map((option) => option.text).filter((text) => pen.measureText(text).width > room);
})"""

# Which of the menus of its panel one is.
PLACE = "(menu) => [...menu.closest('.mm-panel').querySelectorAll('.mm-menu')].indexOf(menu)"


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
        # An answer that is wanted no more, or a page that is left: the browser calls both aborted.
        if sent.failure != "net::ERR_ABORTED":
            self.troubles.append(f"failed: {sent.url} {sent.failure}")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text} ({message.location.get('url', '')})")

    def leave(self) -> None:
        """Leave the page as a reader does, and put the browser's profile away."""
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
        """Wait until each panel that the notebook asks for shows an answer or a card."""
        try:
            self.page.wait_for_function(LIVING, arg=len(theme(name.removesuffix(".html")).asked))
        except TimeoutError:
            states = self.page.locator(".mm-panel").evaluate_all(
                "(all) => all.map((each) => [each.className, each.ariaBusy])"
            )
            raise AssertionError(f"not every panel lives: {states}; {self.troubles}") from None
        return self

    def panel(self, key: str) -> Locator:
        """Return a panel."""
        return self.page.locator(f".mm-key-{key}")

    def shown(self, key: str) -> dict[str, object]:
        """Return what a panel shows."""
        found: dict[str, object] = self.panel(key).evaluate(SHOWN)
        return found

    def sentence(self, key: str) -> str:
        """Return what a panel says, its verdict with it."""
        return self.panel(key).locator(".mm-sentence").inner_text()

    def says(self, key: str, text: str) -> None:
        """Wait until a panel that waits for nothing says a text, as an answer or in a card."""
        self.page.wait_for_function(
            "([key, text]) => [...document.querySelectorAll("
            "`.mm-key-${key}[aria-busy=false] > :is(.mm-sentence, .mm-card)`)]"
            ".some((place) => place.textContent.includes(text))",
            arg=[key, text],
        )

    def more(self, key: str) -> None:
        """Open a panel's other controls."""
        self.panel(key).locator(".mm-more").evaluate("(more) => { more.open = true; }")

    def choose(self, key: str, option: str, value: str) -> None:
        """Choose among a panel's options, found by the label of the control."""
        self.more(key)
        self.panel(key).get_by_label(option, exact=True).select_option(value)

    def type(self, key: str, option: str, text: str) -> None:
        """Type into a field, found by its label, and press Enter."""
        self.more(key)
        field = self.panel(key).get_by_label(option, exact=True)
        field.fill(text)
        field.press("Enter")

    def speaks(self, lang: str) -> None:
        """Wait until the controls are labelled in a language."""
        self.page.wait_for_function(
            "(label) => [...document.querySelectorAll('.mm-control .mm-label')].some((at) => at.textContent === label)",
            arg=say("Years").render(lang),
        )

    def handle(self, key: str, end: str) -> Locator:
        """Return the handle of one end of a panel's years: lower or upper."""
        self.more(key)
        return self.panel(key).locator(".mm-span input").nth(int(end == "upper"))

    def take(self, key: str, act: str) -> None:
        """Take something away from a panel, by the menu that holds it."""
        item = self.panel(key).locator(f"[data-act={act}]")
        if not item.is_visible():
            menu = self.panel(key).locator(".mm-menu").filter(has=self.page.locator(f"[data-act={act}]"))
            self.panel(key).locator(".mm-opens").nth(menu.evaluate(PLACE)).click()
        item.click()

    def years(self, key: str, end: str, press: str, times: int = 1) -> None:
        """Move one end of a panel's years with the keyboard."""
        handle = self.handle(key, end)
        handle.focus()
        for _ in range(times):
            handle.press(press)

    def address(self) -> dict[str, str]:
        """Return what the page's address carries."""
        return dict(parse_qsl(urlsplit(self.page.url).query, keep_blank_values=True))

    def figure(self, key: str) -> Locator:
        """Come near a figure and return the living one that takes its picture's place."""
        self.panel(key).locator(".mm-figure").scroll_into_view_if_needed()
        self.panel(key).dispatch_event("pointerenter")
        plot = self.panel(key).locator(".js-plotly-plot[role=figure]")
        plot.wait_for()
        return plot

    def figures(self, name: str) -> Reader:
        """Come near each figure of a notebook's page, until all of them are living ones."""
        for panel in theme(name).asked:
            if self.panel(panel.key).locator(".mm-figure > *").count():
                self.figure(panel.key)
        return self

    def drawn(self, key: str) -> list[list[object]]:
        """Return the places of a figure's traces, as the browser holds them."""
        found: list[list[object]] = self.figure(key).evaluate(
            "(plot) => plot._fullData.map((trace) => Array.from(trace.y ?? []))"
        )
        return found

    def titles(self, key: str) -> list[str]:
        """Return the axis titles of a figure, as drawn."""
        return self.figure(key).locator(":is(.xtitle, .annotation-text)").all_text_contents()
