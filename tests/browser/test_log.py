"""What a reader does on a page is in the log, and nothing of who she is."""

import json

import pytest

from mangetamain.language import say
from mangetamain.questions.answer_html import DOWNLOAD, TABLE
from tests.waiting import eventually

pytestmark = pytest.mark.browser


def written(path, since):
    """Return what a log holds since a place in it."""
    return path.read_bytes()[since:].decode() if path.exists() else ""


def test_a_moved_control_an_opened_and_a_saved_table_each_write_their_line(reader, state):
    log, errors = (state / "logs" / name for name in ("debug.log", "error.log"))
    since, wrong = (path.stat().st_size if path.exists() else 0 for path in (log, errors))
    visit = reader().open("trends", "?token=s3cret&nonsense=alice")
    visit.choose("level-2", "Measure", "Sugar")
    panel = visit.panel("level-2")
    panel.get_by_role("button", name=say(TABLE).render("en")).click()
    with visit.page.expect_download():
        panel.get_by_text(say(DOWNLOAD).render("en")).click()

    def told():
        lines = [json.loads(line) for line in written(log, since).split("\n")[:-1]]
        return [line for line in lines if line["logger"] == "mangetamain.actions"]

    eventually(lambda: len(told()) >= 3, told)
    assert [line["message"] for line in told()] == ["control moved", "details opened", "csv downloaded"]
    assert {(line["process"], line["question"], line["panel"]) for line in told()} == {("kernel", "level", "level-2")}
    assert (told()[0]["parameter"], told()[0]["value"]) == ("of", "sugar")
    whole = written(log, since)
    assert [word for word in ("s3cret", "alice", "Chrom", "127.0.0.1") if word in whole] == []
    assert written(errors, wrong) == ""
