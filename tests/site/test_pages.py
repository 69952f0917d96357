"""A notebook's page as it is first painted, and as those read it who run no script."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from markupsafe import escape

from mangetamain.panels.carried import Placed
from mangetamain.panels.view import defaults
from mangetamain.questions import QUESTIONS
from mangetamain.safe_text import unbroken
from mangetamain.site.answering.asked import version
from mangetamain.site.pages.rendered import split
from mangetamain.themes import theme, themes
from mangetamain.warehouse import connect
from tests.site.conftest import Server, only, served
from tests.waiting import eventually

SECTION = re.compile(
    r'<section class="mm-cell" data-panel="([\w-]+)" id="[\w-]+"( data-pending)?>(.*?)</section>', re.DOTALL
)
MODEL = re.compile(r'<script type="application/json" class="mm-model">(.*?)</script>', re.DOTALL)


def panels(text: str) -> dict[str, str]:
    """Return each panel's part of a page."""
    return {key: body for key, _, body in SECTION.findall(text)}


def whole(site: Server, path: str) -> str:
    """Ask for a page until each of its answers was worked out."""
    return eventually(lambda: "data-pending" not in (text := site.get(path).text) and MODEL.search(text) and text)


def models(text: str) -> dict[str, dict]:
    """Return what the page's script is given of each panel."""
    return {each["key"]: each for each in map(json.loads, MODEL.findall(text))}


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", list(themes()))
def test_a_page_is_whole_without_a_script(site: Server, tiny_home: Path, name: str, lang: str) -> None:
    con, page = (
        connect(tiny_home),
        eventually(lambda: (reply := site.get(f"/{name}?lang={lang}")).status == 200 and reply),
    )
    assert page.text.rstrip().endswith("</html>")
    shown = panels(page.text)
    assert list(shown) == [asked.key for asked in theme(name).asked]
    assert "data-pending" not in page.text
    for asked in theme(name).asked:
        answer, body = asked.first_answer(con), shown[asked.key]
        if answer is None:
            assert 'class="mm-card"' in body
            continue
        values = asked.question.read(answer.parameters)
        assert escape(unbroken(asked.question.heading(values).render(lang))) in body
        assert escape(unbroken(answer.headline(lang))) in body
        assert f'<p class="mm-sentence">{answer.sentence(lang)[:20]}' in body
        assert body.count('<svg class="mm-picture"') == 2
        assert re.search(r'<noscript><div class="mm-table.*</table></div></noscript>', body, re.DOTALL)
        assert (f'data-verdict="{answer.verdict}"' in body) == bool(answer.verdict)
    assert theme(name).title(lang) in re.search("<title[^>]*>(.*)</title>", page.text)[1]
    assert not any(word in page.text for word in ("mm.connect", "Traceback", "kernel", "celltag"))


def test_the_model_of_a_panel_is_what_its_script_needs(site: Server, tiny_home: Path) -> None:
    page = whole(site, "/trends?lang=fr&years=2004-2006")
    now = version(connect(tiny_home).fingerprint)
    assert f'data-version="{now}"' in page
    for asked in theme("trends").asked:
        model = models(page)[asked.key]
        assert set(model) == {"key", "question", "lang", "base", "frames", "given", "before", "reply"}
        assert (model["question"], model["lang"]) == (asked.question.name, "fr")
        assert list(model["base"]) == list(asked.question.parameters) == list(model["frames"]["fr"]["defaults"])
        assert model["base"]["years"] == "1999-2018"
        assert model["reply"]["version"] == now
        assert "pictures" not in model["reply"]  # they stand in the page
        assert model["given"]["years"] == "2004-2006"


def test_the_first_painted_sentence_is_that_of_the_address(site: Server, tiny_home: Path) -> None:
    con, asked = connect(tiny_home), {each.key: each for each in theme("trends").asked}
    path = "/trends?years=2004-2006&level-2.of=sugar&level-2.years=2004-2005&lang=fr"
    expected = {
        "level": asked["level"].question(con, of="complexity", years="2004-2006"),
        "level-2": asked["level-2"].question(con, of="sugar", years="2004-2005"),
        "volume": asked["volume"].question(con, years="2004-2006"),
    }
    page = whole(site, path)
    for key, answer in expected.items():
        assert models(page)[key]["reply"]["values"] == dict(answer.parameters)
        assert answer.sentence("fr").replace("'", "&#39;") in panels(page)[key]


def test_what_is_not_ours_is_said_once_in_the_readers_language(site: Server) -> None:
    page = whole(site, "/trends?yeras=2002&years=1800&lang=fr")
    [notes] = re.findall(r'<section class="mm-card mm-notes" role="alert">(.*?)</section>', page, re.DOTALL)
    assert notes.count("<p>") == 2
    assert "yeras" in notes
    assert "1800" in notes
    assert not re.search(r"cannot|does not", notes)
    assert models(page)["level"]["reply"]["values"]["years"] == "1999-2018"
    assert "mm-notes" not in site.get("/trends?years=2004-2006&utm_source=x").text


def test_what_a_reader_writes_into_an_address_is_text(site: Server) -> None:
    page = site.get(
        "/trends?%3Cscript%3Ealert(1)%3C/script%3E=1&among=%3C/script%3E%3Cimg%20src=x%3E&level.of=%3Cb%3E"
    ).text
    assert not re.search(r"<script>alert|<img src=x|<b>", page)
    for each in MODEL.findall(page):
        assert "<" not in each


def test_a_page_that_everybody_gets_is_sent_once(site: Server) -> None:
    first = site.get("/trends", Accept_Encoding="gzip")
    assert first.headers["Cache-Control"] == "no-cache"
    assert site.get("/trends", If_None_Match=first.headers["Etag"]).status == 304
    assert site.get("/trends?lang=fr", If_None_Match=first.headers["Etag"]).status == 200


WAITING = "import mangetamain.site.requests.notebooks as n; n.PATIENCE_SECONDS = 0"


def test_what_is_not_known_in_time_is_visibly_pending(tiny_home: Path, tmp_path: Path) -> None:
    env = {"MANGETAMAIN_STATE": str(tmp_path), **only(tmp_path / "pages", "trends")}
    with served(tiny_home, env=env, before=WAITING, rendered=True) as site:
        page = eventually(lambda: (reply := site.get("/trends?years=2005-2006&lang=fr")).status == 200 and reply.text)
        assert {pending for _, pending, _ in SECTION.findall(page)} == {" data-pending"}
        for body in panels(page).values():
            assert "La réponse" in body
            assert 'aria-busy="true"' in body
            assert "<svg" not in body
        assert {each["reply"] for each in models(page).values()} == {None}


def test_what_voila_rendered_is_split_at_its_markers() -> None:
    given = dict(reversed(defaults(QUESTIONS["level"]).items()))
    said = json.dumps({"key": "level-2", "question": "level", "base": given}).replace('"', "&#34;")
    page = split(f'<p>a</p><template data-mm-panel="{said}"></template><p>b</p><template data-mm-widget></template>')
    assert page.parts[0] == "<p>a</p>"
    assert isinstance(page.parts[1], Placed)
    assert list(page.parts[1].base.items()) == list(reversed(given.items()))
    assert page.parts[2] == "<p>b</p>"
    assert page.foreign
    assert not split("<p>a</p>").foreign
