"""Pages whose data are missing, damaged, made or made anew while the site is up, under a path as behind a proxy."""

import itertools
import shutil

import pytest

from mangetamain.language import say
from mangetamain.themes import theme
from mangetamain.warehouse import build, connect
from tests.browser.conftest import serving_trends

pytestmark = pytest.mark.browser
SIZES = itertools.count(300, 100)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    pages = tmp_path_factory.mktemp("notebooks") / "here"
    with serving_trends(tmp_path_factory.mktemp("changing"), pages, base_url="/cooking/") as started:
        yield started


@pytest.fixture
def visit(own_reader, server):
    return own_reader(server)


def make(home):
    """Build data that there have never been before."""
    build(f"sample:{next(SIZES)}", home=home)
    for panel in theme("trends").asked:
        panel.first_answer(connect(home))


def remove(home):
    shutil.rmtree(home / "warehouse", ignore_errors=True)


def damage(home):
    remove(home)
    (home / "warehouse").mkdir()
    (home / "warehouse" / "food-1.duckdb").write_bytes(b"not a database at all" * 1000)


def sentence(home, key, lang="en", **changed):
    panel = next(panel for panel in theme("trends").asked if panel.key == key)
    return panel.question(connect(home), **{**panel.given, **changed}).sentence(lang)


@pytest.mark.parametrize("breaks", [remove, damage])
def test_without_data_every_page_says_so_kindly(visit, server, breaks):
    breaks(server.home)
    for lang in ("en", "fr"):
        reply = visit.page.goto(f"{visit.url}/?lang={lang}")
        assert reply.status == 503
        assert "Traceback" not in reply.text()
        visit.forgive("503")
        card = visit.page.locator(".mm-card")
        assert "mangetamain build" in card.inner_text()
        assert say("There is nothing to show yet").render(lang) in card.inner_text()
    visit.open("trends", "?lang=en")
    visit.forgive("503")
    for lang in ("en", "fr"):
        visit.speaks(lang)
        for panel in theme("trends").asked:
            assert "mangetamain build" in visit.panel(panel.key).locator(".mm-card").inner_text()
            assert visit.panel(panel.key).locator(".mm-picture, .js-plotly-plot").count() == 0
        assert "Traceback" not in visit.page.content()
        if lang == "en":
            visit.page.locator("[data-mm-lang]").click()
    visit.wait("trends")
    visit.forgive("503")


def test_data_made_later_make_the_pages_whole_without_a_restart(visit, server):
    remove(server.home)
    visit.open("trends")
    make(server.home)
    # The page that was open speaks at its next control.
    visit.choose("level", "Measure", "Sugar")
    visit.says("level", sentence(server.home, "level", of="sugar"))
    visit.figure("level")
    visit.panel("level").locator(".mm-card").wait_for(state="hidden")
    visit.open("trends")
    for panel in theme("trends").asked:
        visit.says(panel.key, panel.answer(connect(server.home)).sentence("en"))
    visit.page.wait_for_function("() => !document.querySelector('.mm-card:not([hidden])')")
    visit.page.goto(visit.url + "/")
    assert visit.page.locator(".mm-headline").count() > 0


def test_data_made_anew_speak_at_the_next_control_of_an_open_page_and_whole_after_a_reload(visit, server):
    make(server.home)
    visit.open("trends")
    before = sentence(server.home, "volume", of="reviews")
    make(server.home)
    after = sentence(server.home, "volume", of="reviews")
    assert after != before
    visit.choose("volume", "Count", "Reviews")
    visit.says("volume", after)
    visit.page.wait_for_function("() => location.search.includes('volume.of=reviews')")
    visit.page.reload()
    visit.wait("trends")
    visit.says("volume", after)
    for panel in theme("trends").asked:
        if panel.key != "volume":
            visit.says(panel.key, panel.answer(connect(server.home)).sentence("en"))
    assert connect(server.home).info.fingerprint in visit.page.locator(".mm-footer").inner_text()
