"""The site as its visitors, their browsers, proxies and attackers meet it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
from pathlib import Path

import pytest

from mangetamain.errors import BadInput
from mangetamain.site.server import listening, prefix, serve
from mangetamain.themes import themes
from mangetamain.warehouse import build
from tests.conftest import write_official_files
from tests.site.conftest import Server, only, served
from tests.waiting import eventually

SOURCE = ("mm.connect", "import ", '"cell_type"', "def ")


def test_the_first_page_says_the_question_its_answers_and_the_ways_on(site: Server) -> None:
    page = site.get("/")
    assert page.status == 200
    assert "Did home cooking become simpler" in page.text
    assert page.text.count('class="mm-headline"') == 3
    for theme in themes().values():
        assert f'href="/{theme.name}"' in page.text
        assert all(theme.title(lang) in page.text for lang in ("en", "fr"))


@pytest.mark.parametrize(
    ("path", "accept", "lang"),
    [
        ("/trends", "fr", "fr"),
        ("/trends?lang=en", "fr", "en"),
        ("/", "", "en"),
        ("/", "fr-CH,en;q=0.5", "fr"),
        ("/", "de,fr;q=0.5", "fr"),
        ("/", "en;q=0.3,fr;q=0.8", "fr"),
        ("/", "fr;q=nonsense", "en"),
        ("/?lang=fr", "en", "fr"),
        ("/?lang=xx", "", "en"),
    ],
)
def test_a_page_opens_in_the_readers_language(site: Server, path: str, accept: str, lang: str) -> None:
    reply = site.get(path, Accept_Language=accept)
    assert f'<html lang="{lang}"' in reply.text
    assert {"Accept-Language, Cookie", "Accept-Encoding"} == set(reply.headers.get_all("Vary", []))


def test_the_language_that_was_chosen_goes_before_the_browsers_and_the_addresss_before_both(site: Server) -> None:
    for path in ("/", "/nowhere", "/trends"):
        assert '<html lang="fr"' in site.get(path, Accept_Language="en", Cookie="mm-lang=fr").text
        assert '<html lang="en"' in site.get(f"{path}?lang=en", Cookie="mm-lang=fr").text
        assert '<html lang="fr"' in site.get(path, Accept_Language="fr", Cookie="mm-lang=<b>").text


def test_health_needs_no_data(site: Server) -> None:
    reply = site.get("/health")
    assert (reply.status, json.loads(reply.text)["ok"]) == (200, True)


def test_pages_forbid_other_hosts(site: Server) -> None:
    for path in ("/", "/nowhere", "/health"):
        policy = site.get(path).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert not any(word in policy for word in ("unsafe-eval", "ws:", "script-src 'self' 'unsafe-inline'"))


def test_the_one_script_inside_a_page_is_the_one_that_the_policy_lets_run(site: Server) -> None:
    page = site.get("/trends")
    inside = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inside]
    assert len(digests) == 1
    assert f"'sha256-{digests[0]}'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere", "/nowhere/", "/trends//", "/trends.ipynb", "/snapshot/nowhere.json", "/../pyproject.toml",
        "/voila/render/nowhere.ipynb", "/voila/tree", "/voila/tree/", "/voila/templates", "/voila/templates/x",
        "/voila/api/contents", "/voila/api/contents/trends.ipynb", "/voila/files/trends.ipynb",
        "/voila/render/sub/trends.ipynb", "/voila/render/trends.ipynb/../../../pyproject.toml",
        "/voila/render/%2e%2e%2fpyproject.toml", "/voila/files/../pyproject.toml", "/voila/files/%2e%2e/pyproject.toml",
        "/snapshot/..%2f..%2fpyproject.json", "/voila/templates/lab/static/../../conf.json",
        "/snapshot/trends.json", "/voila/static/voila.js", "/api/kernels", "/api/kernels/x/channels",
        "/voila/api/shutdown/x",
        "/answer", "/answer/level/x", "/voila/templates/mangetamain/static/mangetamain.css", "/static/favicon.ico",
    ],
)  # fmt: skip
def test_what_is_not_a_page_is_a_friendly_404(site: Server, path: str) -> None:
    reply = site.get(path, Accept_Language="fr")
    assert reply.status == 404
    assert 'class="mm-card"' in reply.text
    assert '<html lang="fr"' in reply.text
    assert not any(trace in reply.text for trace in ("Traceback", *SOURCE[2:]))


@pytest.mark.parametrize("folder", ["assets", "voila/labextensions/mangetamain/static", "answer"])
@pytest.mark.parametrize("climb", ["..", "%2e%2e", "..%2f..", "....//.."])
def test_static_files_end_at_their_folder(site: Server, folder: str, climb: str) -> None:
    for depth in (1, 3, 6):
        for target in ("server.py", "pyproject.toml", "etc/passwd"):
            reply = site.get(f"/{folder}/{'/'.join([climb] * depth)}/{target}")
            assert reply.status in (403, 404), f"{folder} {climb} {depth}"
            assert "root:" not in reply.text


def test_the_old_address_of_a_notebook_leads_to_its_page(site: Server) -> None:
    reply = site.get("/voila/render/trends.ipynb?lang=fr")
    assert (reply.status, reply.headers["Location"]) == (302, "/trends?lang=fr")
    assert not any(trace in reply.text for trace in SOURCE)


def test_a_slash_too_many_leads_to_the_page(site: Server) -> None:
    reply = site.get("/trends/?years=2002-2012")
    assert (reply.status, reply.headers["Location"]) == (302, "/trends?years=2002-2012")


def test_static_files_are_kept_where_their_address_holds_a_version(site: Server) -> None:
    page = site.get("/").text
    style = re.search(r"/assets/page\.css\?v=\w+", page)
    assert style
    # Of our own, a page names nothing that a browser would have to ask for again: fonts never change under their name.
    named = re.findall(r'(?:src|href)="(/(?:assets|voila)/[^"]+)"', page)
    assert [each for each in named if "?v=" not in each and not each.endswith(".woff2")] == []
    assert "immutable" in site.get(style[0]).headers["Cache-Control"]
    assert site.get("/assets/mangetamain.css").headers["Cache-Control"] == "no-cache"
    bundle = "/voila/labextensions/mangetamain/static/plotly-cartesian.min.js"
    assert int(site.get(bundle, method="HEAD").headers["Content-Length"]) > 1_000_000
    small = site.get(bundle, Accept_Encoding="gzip")
    assert int(small.headers["Content-Length"]) < 600_000 < len(small.text)
    assert site.get(bundle, If_None_Match=small.headers["Etag"]).status == 304


def test_without_data_every_page_says_what_to_do_until_there_are_some(tmp_path: Path) -> None:
    with served(tmp_path, base="/cooking/", env=only(tmp_path / "pages", "trends"), proved=True) as site:
        assert "mangetamain build" in site.until(ready=False, checked=False)["reason"]
        page = site.get("/cooking/", Accept_Language="fr")
        assert page.status == 503
        assert "mangetamain build" in page.text
        assert 'class="mm-card"' in page.text
        assert 'href="/cooking/trends"' in page.text
        answer = site.get("/cooking/answer/level")
        assert (answer.status, set(json.loads(answer.text))) == (503, {"trouble", "later", "version"})
        assert site.get("/cooking/health").status == 200
        notebook = site.get("/cooking/trends")
        assert notebook.status == 200
        assert "mangetamain build" in notebook.text
        assert "Traceback" not in notebook.text
        build(str(write_official_files(tmp_path / "raw")), home=tmp_path)
        assert site.get("/cooking/").status == 200
        good = site.until(ready=True)
        assert good["pages"]["trends"]["ok"]
        assert "mangetamain build" not in site.get("/cooking/trends").text
        eventually(lambda: site.log.count('"the notebooks are rendered"') == 2)
        broken = tmp_path / "warehouse" / f"food-{9 * 10**18}.duckdb"
        broken.write_bytes(b"no database" * 1000)
        page = site.get("/cooking/")
        assert page.status == 503
        assert 'class="mm-card"' in page.text
        report = site.until(ready=False)
        assert broken.stem in report["reason"]
        assert "cannot be read" in report["reason"]
        assert report["warehouse"] is None
        assert site.get("/cooking/health").status == 200
        broken.unlink()
        assert site.until(ready=True)["warehouse"] == good["warehouse"]
        assert site.log.count('"the notebooks are rendered"') == 2, "data that cannot be read are no reason to render"


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"Port {port} of 127.0.0.1 cannot be used"):
            serve(port=port)


def test_a_port_is_free_again_at_once() -> None:
    with socket.socket() as gone:
        gone.bind(("127.0.0.1", 0))
        port = gone.getsockname()[1]
    [bound] = listening(port, "127.0.0.1")
    bound.close()


@pytest.mark.parametrize(
    ("given", "path"),
    [("", "/"), ("/", "/"), ("a", "/a/"), ("/a/b-1/", "/a/b-1/"), (" //a ", "/a/"), ("~me_2", "/~me_2/")],
)
def test_a_prefix_has_a_slash_at_both_ends(given: str, path: str) -> None:
    assert prefix(given) == path


@pytest.mark.parametrize("given", ["/(", "a b", "/a//b", "/../a", ".", "/.*", "http://host/a", "/é", "a?b", "a\nb"])
def test_what_is_no_path_is_no_prefix(given: str) -> None:
    with pytest.raises(BadInput, match="as in /cooking/"):
        prefix(given)
