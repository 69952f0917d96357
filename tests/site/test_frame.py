"""What stands around a page's content: what a link to it is shown with, its footer, and what machines are told."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mangetamain.language import LANGS, say
from mangetamain.panels.view import MEANINGS
from mangetamain.safe_text import unbroken
from mangetamain.site.pages.html import About, Landing, Pages
from mangetamain.site.pages.words import WORDS
from mangetamain.themes import theme, themes
from mangetamain.warehouse import connect
from tests.site.conftest import Server, only, served
from tests.site.test_pages import whole

META = re.compile(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)">')


def meta(page: str) -> dict[str, str]:
    """Return what a page says of itself."""
    return {name: unescape(text) for name, text in META.findall(page)}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", list(themes()))
def test_a_link_to_a_page_is_shown_with_what_the_page_says_first(
    site: Server, tiny_home: Path, name: str, lang: str
) -> None:
    page = whole(site, f"/{name}?lang={lang}")
    told, origin = meta(page), f"http://127.0.0.1:{site.port}"
    said = unbroken(theme(name).asked[0].answer(connect(tiny_home)).headline(lang))
    assert told["description"] == told["og:description"] == said
    assert told["og:title"] == f"{theme(name).title(lang)} · Mangetamain"
    assert told["og:url"] == f"{origin}/{name}?lang={lang}"
    assert f'<link rel="canonical" href="{told["og:url"]}">' in page
    for other in LANGS:
        assert f'<link rel="alternate" hreflang="{other}" href="{origin}/{name}?lang={other}">' in page
    picture = site.get(told["og:image"].removeprefix(origin))
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/svg+xml")
    assert ElementTree.fromstring(picture.text).tag == "{http://www.w3.org/2000/svg}svg"
    assert "#FFFFFF" in picture.text  # its colours are inside


def test_a_proxys_scheme_is_the_sites(site: Server) -> None:
    assert meta(site.get("/", X_Forwarded_Proto="https").text)["og:url"].startswith("https://127.0.0.1:")


@pytest.mark.parametrize("lang", LANGS)
def test_made_up_data_are_called_so_wherever_a_link_is_shown(lang: str) -> None:
    page = Pages("/", []).landing(Landing(About(synthetic=True, known=True)), lang)
    assert meta(page)["description"].startswith(say(WORDS["synthetic"]).render(lang))


def test_what_is_no_page_is_for_no_search(site: Server) -> None:
    told = meta(site.get("/nowhere").text)
    assert told["robots"] == "noindex"
    assert not any(name.startswith("og:") for name in told)


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_ends_with_its_source_its_paper_and_how_it_is_read(site: Server, lang: str) -> None:
    for path in ("/", "/trends", "/how-to-read", "/nowhere"):
        footer = site.get(f"{path}?lang={lang}").text.partition("<footer")[2]
        for word in ("authors", "licence", "reading", "method"):
            assert say(WORDS[word]).render(lang) in unescape(footer)
        assert 'href="/how-to-read"' in footer
        assert 'href="/how-to-read#method"' in footer


def test_how_to_read_says_what_each_verdict_means_and_shows_an_answer(site: Server) -> None:
    page = site.get("/how-to-read?lang=fr")
    assert page.status == 200
    for meaning in MEANINGS.values():
        for lang in LANGS:
            assert say(meaning).render(lang) in unescape(page.text)
    assert page.text.partition("<article")[2].count('<svg class="mm-picture"') == len(LANGS)
    assert 'id="method"' in page.text


@pytest.mark.parametrize("lang", LANGS)
def test_the_first_page_says_what_changed_most_and_leads_there(site: Server, tiny_home: Path, lang: str) -> None:
    most = site.get(f"/?lang={lang}").text.partition('id="mm-most"')[2].partition("</section>")[0]
    con, asked = connect(tiny_home), {each.key: each for each in theme("trends").asked}
    for key in ("profile", "term_changes"):
        assert f'href="/trends#{key}"' in most
        assert unbroken(asked[key].answer(con).headline(lang)) in unescape(most)


def test_machines_read_the_pages_of_the_public_site_alone(site: Server, tiny_home: Path, tmp_path: Path) -> None:
    assert site.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    env = {"APP_ENV": "prod", "MANGETAMAIN_STATE": str(tmp_path), **only(tmp_path / "pages", "trends")}
    with served(tiny_home, base="/cooking/", env=env) as public:
        for path in ("/robots.txt", "/cooking/robots.txt"):
            told = public.get(path).text
            assert "Disallow: /cooking/answer/\n" in told
            assert "Disallow: /\n" not in told
