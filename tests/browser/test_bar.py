"""The bar of a page: years and recipes for all panels at once, the contents, and the way back."""

from __future__ import annotations

import pytest

from mangetamain.charter import SCHEMES
from mangetamain.language import LANGS, say
from mangetamain.panels.view import LABELS
from mangetamain.themes import theme
from tests.browser.axe import flaws
from tests.waiting import eventually

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def says(con, key, lang="en", **moved):
    """Return the sentence that a panel is to say."""
    panel = next(panel for panel in theme("trends").asked if panel.key == key)
    return panel.question(con, **{**panel.given, **moved}).sentence(lang)


def among(visit, text):
    """Type into the bar's field and press Enter."""
    field = visit.page.locator(".mm-pagebar").get_by_role("combobox")
    field.fill(text)
    field.press("Enter")


def test_years_of_the_page_move_all_panels_and_are_written_once(reader, sample):
    visit = reader().open("trends")
    low = visit.page.locator(".mm-pagebar input[type=range]").first
    low.focus()
    for _ in range(3):
        low.press("ArrowRight")
    for key in ("level", "term_curve", "diversity"):
        visit.says(key, says(sample, key, years="2002-2018"))
    assert visit.address() == {"years": "2002-2018"}
    visit.page.reload()
    visit.wait("trends")
    assert visit.page.locator(".mm-pagebar .mm-said").inner_text() == "2002–2018"
    visit.says("level", says(sample, "level", years="2002-2018"))
    while visit.address():
        visit.page.go_back()
    visit.says("level", says(sample, "level"))
    visit.says("diversity", says(sample, "diversity"))
    assert visit.page.locator(".mm-pagebar .mm-said").inner_text() == "1999–2018"


def test_a_panel_with_years_of_its_own_says_so_and_may_follow_again(reader, sample):
    visit = reader().open("trends", "?level-2.years=2005-2010")
    own = visit.panel("level-2").locator(".mm-own")
    assert "2005–2010" in own.inner_text()
    assert say(LABELS["own_years"]).render("en") in own.inner_text()
    assert visit.page.locator(".mm-own:visible").count() == 1
    among(visit, "easy")
    visit.says("level-2", says(sample, "level-2", years="2005-2010", among="easy"))
    visit.says("level", says(sample, "level", among="easy"))
    assert visit.address() == {"among": "easy", "level-2.years": "2005-2010"}
    own.get_by_role("button").click()
    visit.says("level-2", says(sample, "level-2", among="easy"))
    assert visit.address() == {"among": "easy"}
    assert not own.is_visible()


def test_a_panel_that_was_given_its_own_keeps_them_when_the_page_moves(reader, sample):
    visit = reader().open("trends")
    visit.type("level", "Among", "desserts")
    visit.says("level", says(sample, "level", among="desserts"))
    among(visit, "easy")
    visit.says("level-2", says(sample, "level-2", among="easy"))
    visit.says("level", says(sample, "level", among="desserts"))
    assert visit.address() == {"among": "easy", "level.among": "desserts"}


def test_what_the_data_do_not_know_is_refused_in_the_bar_and_no_panel_moves(reader, sample):
    visit = reader().open("trends")
    before = visit.shown("level")
    among(visit, "esay")
    trouble = visit.page.locator(".mm-pagebar [role=alert]:visible")
    assert "did you mean" in trouble.inner_text()
    assert visit.shown("level") == before
    assert visit.address() == {}
    assert visit.page.locator(".mm-pagebar").get_by_role("combobox").input_value() == "esay"  # to be mended
    among(visit, "easy")
    visit.says("level", says(sample, "level", among="easy"))
    assert not visit.page.locator(".mm-pagebar [role=alert]").is_visible()
    visit.forgive("status of 400")


def test_reset_leads_back_to_the_page_as_it_was_and_back_undoes_it(reader, sample):
    visit = reader().open("trends", "?years=2002-2010&level.of=sugar&lang=en")
    reset = visit.page.locator(".mm-pagebar").get_by_role("button", name=LABELS["reset"])
    reset.click()
    visit.says("level", says(sample, "level"))
    visit.says("diversity", says(sample, "diversity"))
    assert visit.address() == {"lang": "en"}
    assert reset.is_disabled()
    visit.page.go_back()
    visit.says("level", says(sample, "level", years="2002-2010", of="sugar"))
    assert not reset.is_disabled()


def test_the_bar_stays_in_sight_and_its_contents_lead_to_what_it_leaves_free(reader):
    visit = reader().open("trends")
    bar = visit.page.locator(".mm-pagebar")
    bar.get_by_role("button", name=LABELS["contents"]).click()
    link = visit.page.locator(".mm-menu nav a:visible").nth(2)
    title = link.inner_text()
    link.click()
    visit.page.wait_for_function("() => scrollY > 500")
    visit.page.wait_for_function(
        "() => new Promise((done) => { const at = scrollY; setTimeout(() => done(scrollY === at), 300); })"
    )
    assert bar.bounding_box()["y"] == 0
    heading = visit.page.get_by_role("heading", name=title)
    assert heading.bounding_box()["y"] > bar.bounding_box()["height"]
    assert not visit.page.locator(".mm-menu nav").first.is_visible()


def test_words_are_offered_at_the_caret_and_taken_by_key(reader, sample):
    visit = reader().open("trends")
    field = visit.page.locator(".mm-pagebar").get_by_role("combobox")
    options = visit.page.locator(".mm-pagebar").get_by_role("option")
    field.press_sequentially("easy, min")
    # The words for what was typed before may still be on their way.
    eventually(lambda: "minutes" in options.first.inner_text(), lambda: options.all_inner_texts())
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    chosen = visit.page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    field.press("Enter")
    assert (field.input_value(), visit.address()) == ("easy, minutes<=", {})  # its number is still to come
    field.press_sequentially("30")
    field.press("Enter")
    visit.says("level", says(sample, "level", among="easy, minutes<=30"))
    field.press("Home")
    field.press_sequentially("veg")
    options.first.wait_for()
    assert "recipes" in options.first.inner_text()
    field.press("Escape")
    assert (options.count(), field.get_attribute("aria-expanded")) == (0, "false")
    assert field.input_value() == "vegeasy, minutes<=30"


def test_a_word_is_taken_by_hand_and_asked_at_once(reader, sample):
    visit = reader().open("trends")
    visit.page.locator(".mm-pagebar").get_by_role("combobox").press_sequentially("veget")
    visit.page.locator(".mm-pagebar").get_by_role("option", name="vegetarian").click()
    visit.says("level", says(sample, "level", among="vegetarian"))


def test_a_field_of_terms_offers_those_of_its_kind(reader, sample):
    visit = reader().open("trends")
    field = visit.panel("term_curve").get_by_label("Chosen terms", exact=True)
    field.press_sequentially("che")
    options = visit.panel("term_curve").get_by_role("listbox").get_by_role("option")
    options.first.wait_for()
    assert all("ingredient" in text for text in options.all_inner_texts())
    field.fill("salt, butt")
    visit.panel("term_curve").get_by_role("listbox").get_by_role("option", name="butter").first.click()
    visit.says("term_curve", says(sample, "term_curve", chosen="salt,butter"))


def test_a_phone_folds_the_bar_to_one_line(reader, sample):
    visit = reader(**PHONE).open("trends")
    bar, fold = visit.page.locator(".mm-pagebar"), visit.page.locator(".mm-fold")
    assert bar.bounding_box()["height"] < 60
    assert fold.inner_text() == "all recipes, 1999–2018"
    fold.tap()
    assert fold.get_attribute("aria-expanded") == "true"
    among(visit, "easy")
    visit.says("level", says(sample, "level", among="easy"))
    assert fold.inner_text() == "easy, 1999–2018"


def test_a_phone_shows_a_long_selection_whole(reader, sample):
    visit = reader(**PHONE).open("trends", "?lang=fr&among=easy,vegetarian,minutes<=30")
    said = visit.page.locator(".mm-fold > span")
    assert said.inner_text() == "easy, vegetarian, minutes<=30, 1999–2018"
    assert said.evaluate("(said) => said.scrollHeight <= said.clientHeight && said.scrollWidth <= said.clientWidth")


def test_an_open_bar_goes_with_a_phone_s_page_and_folds_once_it_is_gone(reader, sample):
    visit = reader(**PHONE).open("trends")
    bar, panel = visit.page.locator(".mm-pagebar"), visit.panel("level")
    panel.scroll_into_view_if_needed()
    visit.page.wait_for_function("() => document.querySelector('.mm-pagebar').getBoundingClientRect().top === 0")
    before = panel.bounding_box()["y"]
    visit.page.touchscreen.tap(250, 28)
    visit.page.wait_for_selector(".mm-pagebar[data-open]")
    assert (bar.bounding_box()["y"], panel.bounding_box()["y"]) == (0, pytest.approx(before, abs=1))
    visit.page.evaluate("scrollBy({ top: 60, behavior: 'instant' })")
    assert bar.bounding_box()["y"] == pytest.approx(-60, abs=1)
    visit.page.evaluate("scrollBy({ top: 200, behavior: 'instant' })")
    visit.page.wait_for_selector(".mm-pagebar:not([data-open])")
    assert bar.bounding_box()["y"] == 0
    assert panel.bounding_box()["y"] == pytest.approx(before - 260, abs=1)


def test_the_menu_keeps_what_is_asked_of_the_page_and_its_language(reader, sample):
    visit = reader().open("trends", "?lang=fr&years=2002-2010&level.among=desserts")
    among(visit, "easy")
    visit.says("level-2", says(sample, "level-2", "fr", years="2002-2010", among="easy"))
    visit.page.locator(".mm-nav a").last.click()
    visit.wait("ratings")
    assert visit.address() == {"lang": "fr", "years": "2002-2010", "among": "easy"}
    assert visit.page.locator(".mm-pagebar").get_by_role("combobox").input_value() == "easy"
    visit.page.locator(".mm-pagebar").get_by_role("button", name=say(LABELS["reset"]).render("fr")).click()
    visit.page.locator(".mm-nav a").first.click()
    visit.wait("trends")
    assert visit.address() == {"lang": "fr"}


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("lang", LANGS)
def test_everybody_can_use_what_is_open(reader, lang, width):
    visit = reader(viewport={"width": width, "height": 844}).open("trends", f"?lang={lang}&level.years=2005-2010")
    visit.panel("level").locator(".mm-verdict").click()
    if width < 800:
        visit.page.locator(".mm-fold").click()
    visit.page.locator(".mm-pagebar").get_by_role("combobox").press_sequentially("veg")
    visit.page.locator(".mm-pagebar").get_by_role("option").first.wait_for()
    assert [flaws(visit, scheme) for scheme in SCHEMES] == [[], []]
    for opener in (visit.page.locator(".mm-pagebar .mm-opens"), *visit.panel("level").locator(".mm-opens").all()):
        opener.click()
        assert flaws(visit, SCHEMES[0]) == []
        visit.page.keyboard.press("Escape")
    visit.forgive("status of 400")  # half a word, when the field was left


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_the_bar_comes(reader, width):
    visit = reader(viewport={"width": width, "height": 900})
    visit.page.add_init_script(
        "window.moved = []; const told = (list) => list.getEntries().forEach((each) => moved.push(each.value));"
        "new PerformanceObserver(told).observe({ type: 'layout-shift', buffered: true })"
    )
    visit.open("trends", "?years=2002-2018")
    assert sum(visit.page.evaluate("moved")) < 0.02
