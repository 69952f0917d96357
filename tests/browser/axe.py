"""What axe has to say of a page: who could not read or use it, and where."""

from __future__ import annotations

from importlib import resources

from mangetamain.charter import colour
from tests.browser.reader import Reader

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# Everything but what axe itself calls minor. Of what is well it is to say nothing, which takes a third of its time.
FLAWS = """async () => (await axe.run({ reporter: 'no-passes' })).violations.filter(({ impact }) => impact !== 'minor')
  .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`))"""
GROUND = "(ground) => getComputedStyle(document.body).backgroundColor === ground"


def rgb(name: str, scheme: str) -> str:
    """Write a colour of the charter as a browser does."""
    value = colour(name, scheme)
    return f"rgb({', '.join(str(int(value[i : i + 2], 16)) for i in (1, 3, 5))})"


def flaws(visit: Reader, scheme: str) -> list[str]:
    """Turn the reader's system to a scheme, and return what axe finds then."""
    visit.page.emulate_media(color_scheme=scheme)
    visit.page.wait_for_function(GROUND, arg=rgb("ground", scheme))
    if not visit.page.evaluate("'axe' in window"):
        visit.page.evaluate(AXE)
    found: list[str] = visit.page.evaluate(FLAWS)
    return found
