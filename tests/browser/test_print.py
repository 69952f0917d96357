"""What a page is on paper: light, with its tables, and with what is to be known of its data on each sheet."""

import gzip

import pytest

from mangetamain.language import LANGS, say
from mangetamain.reports import Registry, make, run_of
from mangetamain.themes import theme
from mangetamain.warehouse import connect
from mangetamain.warehouse.info import SYNTHETIC
from tests.browser.axe import flaws, rgb
from tests.waiting import eventually

pytestmark = pytest.mark.browser
# What the head of each sheet is made of, by the rule for paper and the root's own words.
SAID = "() => getComputedStyle(document.documentElement).getPropertyValue('--mm-said').trim()"
HEADED = """() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
  .some((rule) => rule.cssText.startsWith('@page') && rule.cssText.includes('var(--mm-said'))"""
TABLES = "(tables) => tables.filter((table) => table.checkVisibility()).length"
CUT = "(tables) => tables.filter((table) => table.clientHeight < table.scrollHeight - 1).length"


def printed(page):
    """Have a page made ready for paper."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")


def screened(page):
    """Have it back on the screen."""
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")


@pytest.fixture(scope="module")
def reports(sample_home, tmp_path_factory):
    """The report of a notebook on the sample: one that stands still, one whose panels move."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MANGETAMAIN_DATA", str(sample_home))
        run, registry = run_of(theme("week"), {"lang": "fr"}), Registry(tmp_path_factory.mktemp("reports"))
        return make(run, registry, connect(sample_home), formats=("html", "interactive"))


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_is_printed_with_its_tables(reader, lang):
    visit = reader(color_scheme="dark").open("week", f"?lang={lang}")
    tables = visit.page.locator(".mm-panel .mm-table")
    assert tables.count() == 0
    printed(visit.page)
    assert tables.evaluate_all(TABLES) == len(theme("week").asked)
    assert tables.evaluate_all(CUT) == 0
    assert visit.page.locator(".mm-controls:visible, .mm-foot:visible, .mm-nav:visible").count() == 0
    assert visit.page.evaluate("() => getComputedStyle(document.querySelector('h1')).color") == rgb("text", "light")
    assert visit.page.evaluate(HEADED)
    assert visit.page.evaluate(SAID) == f'"{say(SYNTHETIC).render(lang)}"'.replace('"', "'")
    screened(visit.page)
    assert tables.count() == 0
    assert visit.page.evaluate("() => document.documentElement.dataset.theme") is None


def test_an_answer_that_was_asked_for_is_printed_with_its_own_table(reader, sample):
    visit = reader().open("week")
    with visit.page.expect_response("**/answer/contrast?*part=table*"):
        visit.choose("contrast", "Measure", "Calories")
    asked = next(each for each in theme("week").asked if each.key == "contrast")
    columns = asked.question(sample, **{**asked.given, "of": "calories"}).columns

    def on_paper():
        printed(visit.page)
        tables = visit.panel("contrast").locator(".mm-table").all_inner_texts()
        screened(visit.page)
        return "".join(tables)

    # The reply that came is told to the panel a moment later.
    eventually(lambda: f"{columns['mean'][0]:.2f}" in on_paper(), on_paper)


@pytest.mark.parametrize("name", ["report.html", "interactive.html"])
def test_a_report_is_printed_with_its_tables(browser, reports, name):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto((reports / name).as_uri())
    page.wait_for_function("document.querySelectorAll('.mm-panel[data-live], [data-figure] .mm-plot').length > 0")
    printed(page)
    assert page.locator(".mm-panel .mm-table").evaluate_all(TABLES) == len(theme("week").asked)
    assert page.evaluate(SAID) == f"'{say(SYNTHETIC).render('fr')}'"
    context.close()


def test_the_panels_of_a_report_move_among_the_answers_that_it_carries(browser, reports, sample):
    context = browser.new_context()
    page, asked = context.new_page(), []
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto((reports / "interactive.html").as_uri())
    panel = page.locator(".mm-key-contrast[data-live]")
    panel.get_by_label("Mesure", exact=True).select_option("calories")
    answer = next(each for each in theme("week").asked if each.key == "contrast")
    said = answer.question(sample, **{**answer.given, "of": "calories"}).sentence("fr")
    panel.get_by_text(said).wait_for()
    panel.locator("summary", has_text="Tableau").click()
    panel.locator(".mm-table tbody tr").first.wait_for()
    panel.locator(".mm-more > summary").click()
    panel.get_by_label("Parmi", exact=True).fill("easy")
    panel.get_by_label("Parmi", exact=True).press("Enter")
    panel.locator(".mm-card", has_text="Ce fichier ne contient pas").wait_for()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    # Compressed, its answers leave it small enough to be sent.
    assert len(gzip.compress((reports / "interactive.html").read_bytes(), 1)) < 5_000_000
    context.close()


class Visit:
    """A page as axe is shown it."""

    def __init__(self, page):
        self.page = page


@pytest.mark.parametrize("name", ["report.html", "interactive.html"])
def test_everybody_can_use_a_report(browser, reports, name):
    context = browser.new_context()
    page = context.new_page()
    page.goto((reports / name).as_uri())
    page.wait_for_function("document.querySelectorAll('.mm-panel[data-live], [data-figure] .mm-plot').length > 0")
    assert [flaws(Visit(page), scheme) for scheme in ("dark", "light")] == [[], []]
    context.close()
