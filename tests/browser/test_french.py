"""French, by the button and by the address: nothing of the page stays in English."""

import re

import pytest
from babel.messages.pofile import read_po

from mangetamain.errors import BadInput
from mangetamain.language import LOCALE, say
from mangetamain.questions.answer_html import METHOD, TABLE
from mangetamain.themes import theme, themes
from tests.waiting import eventually
from tools.translations import forms

pytestmark = pytest.mark.browser
# What a reader sees or hears: texts, options of lists, texts of figures, labels for screen readers.
SEEN = """() => {
  const skipped = 'script, style, noscript, pre, code, cite, [data-mm-lang], .mm-footer dd';
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(skipped);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [document.title];
  while (walk.nextNode()) if (seen(walk.currentNode.parentElement)) texts.push(walk.currentNode.textContent);
  for (const option of document.querySelectorAll('option')) texts.push(option.textContent);
  for (const named of document.querySelectorAll('[aria-label], [title]')) {
    if (seen(named)) texts.push(named.getAttribute('aria-label') ?? '', named.getAttribute('title') ?? '');
  }
  return texts.map((text) => text.replace(/\\s+/g, ' ').trim()).filter(Boolean);
}"""


def catalogue() -> list:
    """Return the messages that have a French text of their own."""
    messages = read_po((LOCALE / "fr" / "LC_MESSAGES" / "mangetamain.po").open("rb"))
    return [message for message in messages if message.id and message.id != message.string]


def english() -> set[str]:
    """Return the English words that stand between the places of messages which read otherwise in French."""
    pieces = {
        piece.strip(" .,;:()") for message in catalogue()
        for text in forms(message.id) for piece in re.split(r"\{[^}]*\}", text) if piece not in str(message.string)
    }  # fmt: skip
    # Names of ingredients and tags are data, and stay English: words that might be one of them do not count.
    return {piece for piece in pieces if len(piece) > 3 and (" " in piece or piece[0].isupper())}


def left_in_english(visit) -> list[tuple[str, str]]:
    texts = visit.page.evaluate(SEEN)
    # A whole French message is French, though one of its words be English elsewhere ("Points de pourcentage").
    french = {text for message in catalogue() for text in forms(message.string)}
    found = {piece: re.compile(rf"(?<!\w){re.escape(piece)}(?!\w)") for piece in english()}
    doubtful = [text for text in texts if text not in french]
    return [(piece, text) for piece, pattern in found.items() for text in doubtful if pattern.search(text)]


@pytest.fixture(scope="module", params=list(themes()))
def french(shared_reader, request):
    """Open a page in English and press the button; the page that follows is shared by this module's tests."""
    visit = shared_reader().open(request.param)
    assert visit.page.locator("html").get_attribute("lang") == "en"
    assert len(left_in_english(visit)) > 20
    visit.page.locator("[data-mm-lang]").click()
    visit.speaks("fr")
    visit.page.wait_for_function("() => location.search === '?lang=fr'")
    return request.param, visit


def test_the_button_leaves_no_english(french):
    _, visit = french
    for label in (TABLE, METHOD):
        visit.page.locator("summary", has_text=say(label).render("fr")).first.click()
        visit.page.wait_for_function("() => document.querySelector('.mm-table, .mm-sql')")
        assert left_in_english(visit) == []
    prose = visit.page.locator(".mm-prose[lang=en]").evaluate_all(
        "(cells) => cells.map((cell) => cell.checkVisibility())"
    )
    assert len(prose) > 3
    assert not any(prose)


def test_sentences_and_headings_are_the_french_ones(french, sample):
    name, visit = french
    for panel in theme(name).asked:
        answer = panel.answer(sample)
        visit.says(panel.key, answer.sentence("fr"))
        assert answer.sentence("fr") != answer.sentence("en")
    assert visit.page.locator("html").get_attribute("lang") == "fr"
    assert visit.page.locator("h1:visible").all_inner_texts() == [theme(name).title("fr")]
    assert visit.page.title().startswith(theme(name).title("fr"))


def test_figures_are_drawn_in_french(french, sample):
    name, visit = french
    for panel in theme(name).asked:
        layout = panel.answer(sample).figure_spec("fr")["layout"]
        titles = [layout[axis].get("title", {}).get("text") for axis in ("xaxis", "yaxis")]
        visit.figure(panel.key)
        visit.page.wait_for_function(
            "([key, wanted]) => wanted.every((title) => [...document.querySelectorAll("
            "`.mm-key-${key} :is(.xtitle, .annotation-text)`)].some((text) => text.textContent === title))",
            arg=[panel.key, [title for title in titles if title]],
        )
        assert visit.panel(panel.key).locator(".js-plotly-plot").get_attribute("aria-label") == (
            panel.answer(sample).sentence("fr")
        )


@pytest.mark.parametrize("french", ["ratings"], indirect=True)
def test_it_is_kept_for_the_next_page_and_given_up_by_the_button(french):
    name, visit = french
    visit.page.goto(visit.url + "/")
    assert visit.page.locator("html").get_attribute("lang") == "fr"
    assert left_in_english(visit) == []
    visit.open(name)
    visit.speaks("fr")
    visit.page.locator("[data-mm-lang]").click()
    visit.speaks("en")
    assert visit.page.locator("html").get_attribute("lang") == "en"


def test_a_french_browser_gets_french_without_asking_and_cards_too(reader):
    visit = reader(locale="fr-FR")
    visit.page.goto(visit.url + "/")
    assert visit.page.locator("html").get_attribute("lang") == "fr"
    visit.open("ratings", "?years=banane")
    visit.speaks("fr")
    card = visit.page.locator(".mm-notes")
    with pytest.raises(BadInput) as refused:
        theme("ratings").read({"years": "banane"})
    said = refused.value.message
    assert said.render("fr") != said.render("en")
    eventually(lambda: card.inner_text() == said.render("fr"), card.inner_text)
