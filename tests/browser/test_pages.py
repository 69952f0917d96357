"""The pages as served: every figure drawn, every control at work, the address in step."""

import pytest

from mangetamain.charter import SCHEMES
from mangetamain.language import LANGS, say
from mangetamain.panels.view import LABELS
from mangetamain.themes import theme, themes
from tests.browser.axe import flaws
from tests.browser.reader import CUT, DRAWN
from tests.waiting import eventually

pytestmark = pytest.mark.browser

# The share of a figure's width that what is drawn in it takes; a round one has its height's.
FILLED = """(plots) => plots.filter((plot) => !plot.layout.yaxis.scaleanchor).map((plot) => {
  const boxes = [...plot.querySelectorAll('.overplot .trace path')].map((path) => path.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left)), right = Math.max(...boxes.map((box) => box.right));
  return (right - left) / plot.querySelector('.nsewdrag').getBoundingClientRect().width;
})"""


@pytest.fixture(scope="module", params=list(themes()))
def looked_at(shared_reader, request):
    """A page that is looked at and left as it is."""
    return request.param, shared_reader().open(request.param).figures(request.param)


@pytest.fixture(scope="module")
def moved(shared_reader):
    """A page whose controls one test after the other moves, each those of a panel of its own."""
    return shared_reader().open("trends").figures("trends")


def test_every_figure_that_the_notebook_asks_for_is_drawn(looked_at, sample):
    name, visit = looked_at
    asked = theme(name).asked
    # Where nothing stands out there is nothing to draw: the sample has no terms of the weekend.
    full = [bool(panel.answer(sample).figure_spec("en")["data"]) for panel in asked]
    visit.page.wait_for_function(
        f"(full) => [...document.querySelectorAll('.js-plotly-plot')].filter({DRAWN}).length === full",
        arg=sum(full),
    )
    assert visit.page.locator(".js-plotly-plot").evaluate_all(f"(all) => all.map({DRAWN})") == full
    assert visit.page.locator(".mm-picture").count() == 0  # each gave its place to the living figure
    # An empty one says in itself that it is.
    noted = "(all) => all.map((plot) => !plot.layout.annotations?.some((note) => note.y === 0.5))"
    assert visit.page.locator(".js-plotly-plot").evaluate_all(noted) == full
    figures = visit.page.locator(".js-plotly-plot:has(.overplot .trace path)")
    eventually(lambda: min(figures.evaluate_all(FILLED)) > 0.45, lambda: figures.evaluate_all(FILLED))
    for panel, has in zip(asked, full, strict=True):
        assert visit.sentence(panel.key).strip()
        # Names that stand above their columns say by themselves what they are.
        assert visit.titles(panel.key) or panel.question.name == "term_contrast"
        assert any(visit.drawn(panel.key)) is has


def test_the_sentences_are_the_answers_of_the_same_data(looked_at, sample):
    name, visit = looked_at
    for panel in theme(name).asked:
        assert visit.sentence(panel.key).startswith(panel.answer(sample).sentence("en"))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_everybody_can_use_it(looked_at, scheme):
    _, visit = looked_at
    assert flaws(visit, scheme) == []


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["", "how-to-read", "nosuch"])
def test_everybody_can_use_what_has_no_notebook(reader, name, lang, width):
    visit = reader(viewport={"width": width, "height": 844})
    visit.page.goto(f"{visit.url}/{name}?lang={lang}")
    assert [flaws(visit, scheme) for scheme in SCHEMES] == [[], []]
    visit.forgive("404")


def test_no_option_is_cut_off(looked_at):
    _, visit = looked_at
    assert visit.page.locator("body").evaluate(CUT) == []


def test_the_first_page_leads_to_each_notebook(reader):
    visit = reader()
    visit.page.goto(visit.url + "/")
    assert visit.page.locator(".mm-headline").count() >= 2
    for name, each in themes().items():
        link = visit.page.locator(f'.mm-themes a[href$="/{name}"]')
        assert each.title("en") in link.inner_text()
    link.click()
    visit.wait(name)
    assert visit.page.locator("h1:visible").inner_text() == each.title("en")
    assert visit.page.title().startswith(each.title("en"))


def test_a_choice_changes_figure_sentence_and_address(moved):
    visit, address = moved, moved.address()
    before, others = visit.drawn("level"), visit.sentence("diversity")
    visit.choose("level", "Measure", "Calories")
    visit.says("level", "calorie")
    visit.page.wait_for_function("() => location.search.includes('calories')")
    assert visit.address() == {**address, "level.of": "calories"}
    names = "[...document.querySelectorAll('.mm-key-level .annotation-text')]"
    visit.page.wait_for_function(f"() => {names}.some((name) => name.textContent.includes('kcal'))")
    assert visit.drawn("level") != before
    assert visit.sentence("diversity") == others


def test_years_moved_with_the_keyboard_change_figure_sentence_and_address(moved):
    visit, address = moved, moved.address()
    years = len(visit.drawn("volume")[0])
    before = visit.sentence("volume")
    visit.years("volume", "upper", "ArrowLeft", times=3)
    visit.page.wait_for_function("() => location.search.includes('1999-2015')")
    visit.page.wait_for_function(
        "(text) => document.querySelector('.mm-key-volume .mm-sentence').innerText !== text", arg=before
    )
    assert visit.address() == {**address, "volume.years": "1999-2015"}
    assert "2015" in visit.shown("volume")["controls"]["Years"]
    visit.page.wait_for_function(
        "(years) => document.querySelector('.mm-key-volume .js-plotly-plot')._fullData"
        ".flatMap((trace) => [...trace.x]).every((year) => year <= 2015)",
        arg=years,
    )


def test_years_dragged_with_the_mouse_answer_once_she_lets_go(moved):
    visit, address = moved, moved.address()
    handle = visit.handle("level-2", "lower")
    handle.scroll_into_view_if_needed()
    track = handle.bounding_box()
    middle = track["y"] + track["height"] / 2
    visit.page.mouse.move(track["x"] + 8, middle)
    visit.page.mouse.down()
    for share in (0.1, 0.3, 0.5):
        visit.page.mouse.move(track["x"] + share * track["width"], middle)
    assert visit.address() == address
    visit.page.mouse.up()
    visit.page.wait_for_function("() => location.search.includes('level-2.years=')")
    first, last = map(int, visit.address()["level-2.years"].split("-"))
    assert 2005 <= first <= 2012
    assert last == 2018


def test_without_a_script_a_page_has_sentences_pictures_and_tables(browser, site, sample):
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{site.url}/trends?years=2002-2012")
    while page.locator("[data-pending]").count():  # a busy machine had no time for all of them
        page.reload()
    for panel in theme("trends").asked:
        said = panel.question(sample, **{**panel.given, "years": "2002-2012"}).sentence("fr")
        shown = page.locator(f".mm-key-{panel.key}")
        assert said in shown.inner_text()
        assert shown.locator(".mm-picture:visible").count() == 1
        assert shown.locator(".mm-table tbody tr").count() > 0
    context.close()


def test_the_first_sentence_that_is_painted_is_the_one_asked_for(reader, sample):
    visit = reader()
    visit.page.route("**/page.js*", lambda route: route.abort())
    visit.page.goto(f"{visit.url}/trends?years=2002-2010&level.of=sugar&lang=fr", wait_until="commit")
    panel = next(each for each in theme("trends").asked if each.key == "level")
    said = panel.question(sample, **{**panel.given, "years": "2002-2010", "of": "sugar"}).sentence("fr")
    visit.page.locator(".mm-key-level .mm-sentence").wait_for()
    first = visit.page.locator(".mm-key-level .mm-sentence").inner_text()
    visit.forgive("page.js")
    assert first.startswith((said, say(LABELS["pending"]).render("fr")))


def test_back_undoes_a_control(reader, sample):
    visit = reader().open("trends")
    panel = next(each for each in theme("trends").asked if each.key == "level")
    before = panel.answer(sample).sentence("en")
    for of in ("sugar", "fat"):
        visit.choose("level", "Measure", of.capitalize())
        visit.says("level", panel.question(sample, **{**panel.given, "of": of}).sentence("en"))
    visit.page.go_back()
    visit.says("level", panel.question(sample, **{**panel.given, "of": "sugar"}).sentence("en"))
    assert visit.shown("level")["controls"]["Measure"] == "sugar"
    visit.page.go_back()
    visit.says("level", before)
    assert visit.address() == {}


def test_what_is_refused_at_once_leaves_its_card_and_nothing_else(reader):
    visit = reader().open("trends", "?among=vegetrian")
    visit.forgive("400")
    panel = visit.panel("level")
    panel.scroll_into_view_if_needed()
    panel.hover()
    visit.page.wait_for_function("window.Plotly")
    card = panel.locator(".mm-card:visible")
    assert "tag:vegetarian" in card.inner_text()
    assert panel.locator(".mm-sentence").inner_text() == ""
    assert panel.locator(".mm-foot:visible").count() == 0
    assert panel.locator(".mm-figure").bounding_box()["height"] == 0
    visit.type("level", "Among", "vegetarian")
    visit.page.wait_for_selector(".mm-key-level .mm-foot:visible")
    visit.figure("level")


@pytest.mark.parametrize("lang", LANGS)
def test_a_tablet_has_its_links_in_a_row_and_its_headlines_in_a_column(reader, lang):
    visit = reader(viewport={"width": 768, "height": 1000})
    visit.page.goto(f"{visit.url}/?lang={lang}")
    links = [link.bounding_box()["y"] for link in visit.page.locator(".mm-nav a").all()]
    assert len(set(links)) == 1
    cards = [card.bounding_box() for card in visit.page.locator(".mm-headline").all()]
    assert len({card["x"] for card in cards}) == 1
    for card, picture in zip(cards, visit.page.locator(".mm-headline .mm-picture:visible").all(), strict=True):
        assert picture.bounding_box()["x"] > card["x"] + card["width"] / 2
