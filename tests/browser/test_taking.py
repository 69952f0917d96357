"""What is taken away from a panel: the files, the figure for another page, the SQL; and what its verdict means."""

import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mangetamain.answers.runnable import runnable
from mangetamain.language import say
from mangetamain.panels.view import LABELS
from mangetamain.themes import theme
from mangetamain.warehouse.info import SYNTHETIC

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(reader):
    return reader(permissions=["clipboard-read", "clipboard-write"]).open("trends", "?level.of=sugar&years=2002-2018")


def asked():
    return next(panel for panel in theme("trends").asked if panel.key == "level")


def saved(visit, act):
    with visit.page.expect_download() as begun:
        visit.take("level", act)
    return begun.value.suggested_filename, Path(begun.value.path()).read_bytes()


def test_each_file_has_a_name_and_is_what_it_says(visit, sample):
    answer = asked().question(sample, **{**asked().given, "of": "sugar", "years": "2002-2018"})
    files = {act: saved(visit, act) for act in ("csv", "parquet", "svg", "png")}
    assert {name for name, _ in files.values()} == {f"mangetamain-level-sugar-2002-2018.{act}" for act in files}
    assert files["svg"][1].decode().startswith("<svg ")
    assert say(SYNTHETIC).render("en") in files["svg"][1].decode()
    assert files["png"][1].startswith(b"\x89PNG")
    drawn = ElementTree.fromstring(files["svg"][1])
    assert struct.unpack(">II", files["png"][1][16:24]) == tuple(
        2 * int(drawn.get(side)) for side in ("width", "height")
    )
    assert len(files["png"][1]) > 20_000  # something is drawn
    assert files["parquet"][1].startswith(b"PAR1")
    assert len(files["csv"][1].splitlines()) == 1 + len(answer.columns["year"])
    assert not visit.panel("level").locator(".mm-menu:popover-open").count()


def copied(visit, act):
    visit.take("level", act)
    visit.panel("level").locator(f"[data-act={act}]", has_text=LABELS["copied"]).wait_for()
    return visit.page.evaluate("navigator.clipboard.readText()")


def test_the_figure_stands_in_another_page_and_leads_here(visit, browser, sample):
    text = copied(visit, "embed")
    page = browser.new_page()
    page.set_content(text)
    page.wait_for_function("document.querySelector('img').naturalWidth > 900")
    answer = asked().question(sample, **{**asked().given, "of": "sugar", "years": "2002-2018"})
    assert page.locator("img").get_attribute("alt") == answer.sentence("en")
    assert page.locator("a").get_attribute("href") == visit.page.url.split("#")[0] + "#level"
    page.close()


def test_the_sql_that_is_copied_runs(visit, sample):
    panel = visit.panel("level")
    panel.locator("summary", has_text="SQL").click()
    panel.locator(".mm-sql").wait_for()
    text = copied(visit, "sql")
    answer = asked().question(sample, **{**asked().given, "of": "sugar", "years": "2002-2018"})
    assert text.strip() == runnable(answer.sql).strip()
    con = sample.current()[0]
    for statement in text.split(";\n\n"):
        assert con.execute(statement).fetchall()


def test_a_verdict_is_explained_by_key_and_leads_to_how_to_read(visit):
    word = visit.panel("level").locator("button.mm-verdict")
    word.focus()
    visit.page.keyboard.press("Enter")
    assert word.get_attribute("aria-expanded") == "true"
    link = visit.panel("level").locator(".mm-means a")
    assert link.get_attribute("href") == "/how-to-read#verdict"
    visit.page.keyboard.press("Enter")
    assert not link.is_visible()


def test_a_menu_is_used_by_keys_alone(visit):
    opener = visit.panel("level").locator("[data-act=share]")
    opener.focus()
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.dataset.act") == "link"
    visit.page.keyboard.press("Escape")
    assert visit.page.evaluate("document.activeElement.dataset.act") == "share"
