"""What a reader does on a page is in the log, and nothing of who she is."""

import json

import pytest

from mangetamain.language import say
from mangetamain.questions.answer_html import TABLE
from tests.waiting import eventually

pytestmark = pytest.mark.browser


def written(path, since):
    """Return what a log holds since a place in it."""
    return path.read_bytes()[since:].decode() if path.exists() else ""


def test_a_moved_control_an_opened_and_a_saved_table_each_write_their_line(reader, state):
    log, errors = (state / "logs" / name for name in ("debug.log", "error.log"))
    visit = reader().open("trends", "?token=s3cret&nonsense=alice")
    since, wrong = (path.stat().st_size if path.exists() else 0 for path in (log, errors))
    visit.choose("level-2", "Measure", "Sugar")
    visit.page.wait_for_function("() => location.search.includes('sugar')")
    visit.type("level-2", "Among", "minutes<=31, alicesdish")
    panel = visit.panel("level-2")
    panel.locator(".mm-card:visible").wait_for()
    visit.type("level-2", "Among", "")
    panel.locator(".mm-card:visible").wait_for(state="hidden")
    panel.locator("summary", has_text=say(TABLE).render("en")).click()
    panel.locator(".mm-table").wait_for()
    with visit.page.expect_download():
        visit.take("level-2", "csv")

    def told():
        lines = [json.loads(line) for line in written(log, since).split("\n")[:-1]]
        return [line for line in lines if line["message"] == "answer asked" and line["question"] == "level"]

    eventually(lambda: {line["part"] for line in told()} == {"answer", "table", "csv"}, told)
    assert all(line["given"]["of"] == "sugar" for line in told())
    assert {"words": 2, "characters": 23} in [line["given"].get("among") for line in told()]
    visit.forgive("400")
    whole = written(log, since)
    assert [word for word in ("s3cret", "alice", "Chrom", "127.0.0.1") if word in whole] == []
    assert written(errors, wrong) == ""
