"""What lies under a figure: the table, the method, the file to take home."""

import csv
from pathlib import Path

import pytest

from mangetamain.answers.runnable import runnable
from mangetamain.language import say
from mangetamain.questions.answer_html import METHOD, TABLE, file_name
from mangetamain.themes import theme

pytestmark = pytest.mark.browser
WORDS = {text: say(text).render("en") for text in (METHOD, TABLE)}


@pytest.fixture(scope="module")
def visit(shared_reader):
    return shared_reader().open("trends")


def asked(key):
    return next(panel for panel in theme("trends").asked if panel.key == key)


def opened(visit, key, label):
    visit.panel(key).locator("summary", has_text=WORDS[label]).click()
    return visit.panel(key)


@pytest.mark.parametrize("key", ["volume", "level", "term_curve", "diversity"])
def test_the_table_holds_the_answers_rows_and_so_does_the_file(visit, key, sample):
    columns = asked(key).answer(sample).columns
    panel = opened(visit, key, TABLE)
    rows = panel.locator(".mm-table tbody tr")
    rows.first.wait_for()
    length = len(next(iter(columns.values())))
    assert rows.count() == length
    assert panel.locator(".mm-table th").count() == len(columns)
    with visit.page.expect_download() as begun:
        visit.take(key, "csv")
    assert begun.value.suggested_filename == file_name(asked(key).question, asked(key).answer(sample), "csv")
    held = Path(begun.value.path()).read_bytes()
    assert held.startswith(b"\xef\xbb\xbf")  # or a spreadsheet reads other letters
    written = list(csv.reader(held.decode("utf-8-sig").splitlines()))
    assert written[0] == [*columns, "parameters", "fingerprint", "synthetic"]
    assert [row[0] for row in written[1:]] == [str(value) for value in next(iter(columns.values())).tolist()]
    assert {row[-1] for row in written[1:]} == {"True"}
    assert {row[-2] for row in written[1:]} == {sample.fingerprint}
    opened(visit, key, TABLE)
    panel.locator(".mm-table").wait_for(state="detached")


def test_a_wide_table_keeps_the_names_of_its_rows_in_sight(visit):
    table = opened(visit, "level", TABLE).locator(".mm-table")
    table.wait_for()
    table.evaluate("(table) => { table.style.width = '300px'; table.scrollLeft = 200; }")
    assert table.evaluate("(table) => table.scrollLeft") > 100
    assert table.locator("td").first.bounding_box()["x"] == pytest.approx(table.bounding_box()["x"], abs=1)
    opened(visit, "level", TABLE)


def test_the_method_shows_the_words_and_the_sql_that_ran(visit, sample):
    question, answer = asked("level").question, asked("level").answer(sample)
    panel = opened(visit, "level", METHOD)
    panel.locator(".mm-sql").wait_for()
    assert panel.locator(".mm-sql").inner_text().strip() == runnable(answer.sql).strip()
    assert say(question.method).render("en") in panel.inner_text()
    assert "complexity" in panel.inner_text()


def test_an_open_table_follows_the_controls(visit, sample):
    panel = opened(visit, "level-2", TABLE)
    panel.locator(".mm-table").wait_for()
    years = panel.locator(".mm-table tbody tr").count()
    visit.years("level-2", "upper", "ArrowLeft", times=2)
    visit.page.wait_for_function(
        "(rows) => document.querySelectorAll('.mm-key-level-2 tbody tr').length === rows", arg=years - 2
    )


def test_a_figure_has_its_sentence_as_a_label_for_who_cannot_see_it(visit, sample):
    for panel in theme("trends").asked[:2]:
        figure = visit.figure(panel.key)
        assert figure.get_attribute("role") == "figure"
        assert figure.get_attribute("aria-label") == panel.answer(sample).sentence("en")


def test_the_footer_says_what_data_speak(visit, sample):
    footer, info = visit.page.locator(".mm-footer").inner_text(), sample.info
    assert info.fingerprint in footer
    assert info.source in footer
    assert visit.page.locator(".mm-banner").is_visible()
