"""The address carries what a reader chose, restores it, and takes nothing that is not ours."""

import pytest

from mangetamain.language import say
from mangetamain.themes import theme

pytestmark = pytest.mark.browser
SCRIPT = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"


def answer(sample, key, **changed):
    panel = next(panel for panel in theme("trends").asked if panel.key == key)
    return panel.question(sample, **{**panel.given, **changed})


def test_a_reload_restores_what_was_chosen(reader, sample):
    visit = reader().open("trends")
    visit.choose("level-2", "Measure", "Sugar")
    visit.years("level-2", "lower", "ArrowRight", times=4)
    visit.page.wait_for_function("() => location.search.includes('2003-2018')")
    expected = answer(sample, "level-2", of="sugar", years="2003-2018").sentence("en")
    visit.says("level-2", expected)
    kept = visit.address()
    visit.page.reload()
    visit.wait("trends")
    visit.says("level-2", expected)
    assert visit.address() == kept == {"level-2.of": "sugar", "level-2.years": "2003-2018"}
    assert visit.shown("level-2")["controls"]["Measure"] == "sugar"


def test_parameters_typed_by_hand_hold_for_every_panel(reader, sample):
    visit = reader().open("trends", "?years=2002-2010&of=calories&lang=fr")
    for key in ("level", "level-2"):
        visit.says(key, answer(sample, key, of="calories", years="2002-2010").sentence("fr"))
    visit.says("diversity", answer(sample, "diversity", years="2002-2010").sentence("fr"))
    assert "2002" in visit.shown("volume")["controls"][say("Years").render("fr")]
    # The next choice writes the address anew: nothing that was asked for is lost.
    visit.choose("volume", say("Method").render("fr"), say("As the predecessor published").render("fr"))
    visit.page.wait_for_function("() => location.search.includes('method')")
    given = {"years": "2002-2010", "lang": "fr", "volume.method": "published"}
    # The measure is no value of the page's, and one panel asks for calories of its own: the others carry the word.
    assert visit.address() == {**given, "level.of": "calories", "relation.of": "calories"}


def test_a_selection_typed_by_hand_holds_for_every_panel_that_takes_one(reader, sample):
    visit = reader().open("trends", "?among=easy,minutes%3C=30")
    for key in ("level", "level-2"):
        visit.says(key, answer(sample, key, among="easy, minutes<=30").sentence("en"))
    assert visit.panel("level").get_by_label("Among", exact=True).input_value() == "easy, minutes<=30"


def test_a_mistyped_selection_is_a_sentence_in_the_page(reader):
    visit = reader().open("trends", "?among=esay&lang=fr")
    card = visit.panel("level").locator(".mm-card:visible").inner_text()
    visit.forgive("400")
    assert "«\u202fesay\u202f»" in card
    assert "vouliez-vous dire" in card


def test_hostile_values_give_a_card_and_run_nothing(reader, sample):
    visit = reader().open("trends", f"?level-2.years=banana&level.of={SCRIPT}&nonsense=1&lang=xx")
    card = visit.page.locator(".mm-notes")
    assert "banana" in card.inner_text()
    assert "2018" in card.inner_text()
    assert "document.title" in card.inner_text()
    assert visit.page.title() != "taken"
    assert card.locator("script, img").count() == 0
    # The panel shows the notebook's own answer beside the note, and works on.
    visit.says("level-2", answer(sample, "level-2").sentence("en"))
    visit.choose("level-2", "Measure", "Fat")
    visit.says("level-2", answer(sample, "level-2", of="fat").sentence("en"))
    assert visit.page.title() != "taken"


@pytest.mark.parametrize(
    "query",
    [
        "?level.years=1066-1492&level-2.years=2010-2002&volume.years=" + "9" * 5000,
        "?" + "&".join(f"a{i}=1" for i in range(90)),
    ],
    ids=["out of range, reversed and very long", "very many"],
)
def test_any_address_gives_a_page_that_works(reader, sample, query):
    visit = reader().open("trends", query)
    for key in ("level", "level-2"):
        visit.choose(key, "Measure", "Sodium")
    for key in ("level", "level-2"):
        visit.says(key, answer(sample, key, of="sodium").sentence("en"))


def test_an_old_address_leads_to_the_page_and_an_unknown_one_to_a_kind_word(reader):
    visit = reader()
    visit.page.goto(f"{visit.url}/voila/render/ratings.ipynb?lang=fr")
    visit.wait("ratings")
    assert visit.page.url.endswith("/ratings?lang=fr")
    reply = visit.page.goto(f"{visit.url}/nowhere")
    assert reply.status == 404
    assert visit.page.locator(".mm-card").is_visible()
    visit.forgive("404")
    visit.page.locator(".mm-card a").click()
    visit.page.wait_for_selector(".mm-themes")


def test_back_from_the_first_page_finds_a_living_one(reader, sample):
    visit = reader().open("trends", "?level.of=protein")
    visit.page.locator(".mm-brand").click()
    visit.page.wait_for_selector(".mm-themes")
    visit.page.go_back()
    visit.wait("trends")
    visit.says("level", answer(sample, "level", of="protein").sentence("en"))
    visit.choose("level", "Measure", "Carbohydrates")
    visit.says("level", answer(sample, "level", of="carbohydrates").sentence("en"))
