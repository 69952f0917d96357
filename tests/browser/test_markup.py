"""No text of the data becomes an element of a page: not in a figure, its legend, its hover label, or a table."""

import pytest

from mangetamain.charts import MOST_CHARACTERS
from mangetamain.questions.answer_html import TABLE
from tests.browser.conftest import readers, serving_trends
from tests.conftest import HIDDEN, HOSTILE

pytestmark = pytest.mark.browser
# Whatever an element could be made of by a name; our own links are named.
STRANGE = """() => [...document.querySelectorAll(
  '.mm-panel :is(a, b, i, em, img, image, script, iframe, mjx-container)'
  + ':not(.mm-download, .mm-means > a, .mm-controls *, svg > *)'
)].map((element) => element.outerHTML)"""
STYLED = """() => [...document.querySelectorAll('.js-plotly-plot text, .js-plotly-plot tspan')]
  .filter((text) => /bold|italic/.test(text.getAttribute('style') ?? '')).map((text) => text.outerHTML)"""
DRAWN = "(plots) => plots.flatMap((plot) => [...plot.querySelectorAll('text')].map((text) => text.textContent))"


@pytest.fixture(scope="module")
def hostile_site(hostile_home, tmp_path_factory):
    """A site whose every name is hostile."""
    with serving_trends(hostile_home, tmp_path_factory.mktemp("notebooks") / "here") as server:
        yield server


@pytest.fixture(scope="module")
def trends(browser, hostile_site):
    """Its page of trends."""
    with readers(browser, hostile_site) as come:
        yield come().open("trends")


def shown(name):
    """A name as a tick that may stand on several lines shows it."""
    return "".join(name.lower().split())


def test_names_are_drawn_letter_by_letter(trends):
    visit = trends
    # The pictures before the figures: their texts are the same, and no element of the data's.
    pictures = visit.page.locator(".mm-picture").evaluate_all(DRAWN)
    assert not set("".join(pictures)) & set(HIDDEN)
    assert visit.page.evaluate(STRANGE) == []
    # Hover: both the curves and the bars name terms.
    for key in ("term_curve", "term_changes"):
        plot = visit.figure(key)
        plot.locator(".nsewdrag").first.hover()
        plot.locator(".hoverlayer text").first.wait_for()
        assert visit.page.evaluate(STRANGE) == []
    assert visit.page.evaluate(STYLED) == []
    texts = visit.page.locator(".js-plotly-plot").evaluate_all(DRAWN)
    assert not set("".join(texts)) & set(HIDDEN)
    drawn = {shown(text) for text in texts}
    for name in ('<a href="https://evil.example/">x</a>', "$x^2$", "![x](y.png)", "%(x)s", "&lt;b&gt;"):
        assert shown(name) in drawn, name
    assert max(len(text) for text in texts) <= 3 * MOST_CHARACTERS


def test_a_table_holds_whole_names_and_its_file_too(trends):
    visit = trends
    panel = visit.panel("term_changes")
    panel.locator("summary", has_text=TABLE).click()
    panel.locator(".mm-table tbody tr").first.wait_for()
    cells = panel.locator(".mm-table td:first-child").all_text_contents()
    assert {"x" * 10_000, "<b>bold</b>", "\\u202egnisrever", "two\\nlines"} <= set(cells)
    assert len(cells) == len(HOSTILE)
    assert visit.page.evaluate(STRANGE) == []
    # The longest name makes no table that is wider than a screen or two.
    assert panel.locator(".mm-table table").evaluate("(table) => table.scrollWidth") < 3000
    with visit.page.expect_download() as begun:
        visit.take("term_changes", "csv")
    assert begun.value.suggested_filename.startswith("mangetamain-term-changes-")


def test_a_source_is_named_and_nothing_more(own_reader, hostile_site):
    visit = own_reader(hostile_site)
    visit.page.goto(hostile_site.url)
    named = visit.page.locator(".mm-footer dd").first
    assert named.inner_text() == "<b>raw<|b> [x](y) \\u202e\\x1b[31m$x$"
    assert named.locator("*").count() == 0
