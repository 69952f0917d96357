"""Whoever asks past the page's controls is refused in one sentence, and breaks nothing for the next reader."""

import json

import pytest

from mangetamain.themes import theme
from tests.waiting import PATIENCE

pytestmark = pytest.mark.browser
SCRIPT = "<img src=x onerror=\"document.title='taken'\">"
ASK = """async (path) => {
  const reply = await fetch(path);
  return [reply.status, reply.headers.get("Content-Type"), await reply.text()];
}"""


@pytest.fixture(scope="module")
def visit(shared_reader):
    """One page that every intruder speaks from: what breaks it breaks it for those who come after."""
    return shared_reader().open("trends")


@pytest.mark.parametrize(
    ("asked", "named"),
    [("years=1999-2900", "2900"), ("of=nothing", "nothing"), (f"among={SCRIPT}", "onerror"), ("exec=1", "exec"),
     ("part=cells", "cells"), ("lang=xx", "xx"), ("of=" + "x" * 5000, "x")],
)  # fmt: skip
def test_what_no_control_says_is_refused_in_one_sentence(visit, asked, named):
    status, kind, text = visit.page.evaluate(ASK, f"/answer/level?{asked}")
    visit.forgive("400")
    assert (status, kind.partition(";")[0]) == (400, "application/json")
    trouble = json.loads(text)["trouble"]
    assert named in trouble
    assert len(trouble) < 1000
    assert "Traceback" not in text


def test_a_control_that_is_made_to_say_what_it_cannot_gives_a_card(visit, sample):
    panel = next(each for each in theme("trends").asked if each.key == "volume")
    select = visit.panel(panel.key).locator("select").first
    select.evaluate("(list, text) => { list.append(new Option(text, text)); list.value = text; }", SCRIPT)
    select.dispatch_event("change")
    card = visit.panel(panel.key).locator(".mm-card:visible")
    card.wait_for()
    visit.forgive("400")
    assert "onerror" in card.inner_text()
    assert visit.page.title() != "taken"
    visit.choose(panel.key, "Count", "Reviews")
    visit.says(panel.key, panel.question(sample, **{**panel.given, "of": "reviews"}).sentence("en"))


def test_a_name_in_the_address_is_shown_and_never_obeyed(reader):
    visit = reader()
    visit.page.goto(f"{visit.url}/trends?years={SCRIPT}&{SCRIPT}=1")
    visit.page.locator(".mm-notes").wait_for(timeout=PATIENCE * 1000)
    assert "onerror" in visit.page.locator(".mm-notes").inner_text()
    assert visit.page.title() != "taken"
    assert visit.page.locator(".mm-notes img").count() == 0
