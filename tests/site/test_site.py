"""The site as its visitors, their browsers, proxies and attackers meet it."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import pytest

from mangetamain.errors import BadInput
from mangetamain.site.server import check_port, prefix, serve
from mangetamain.themes import themes
from mangetamain.warehouse import build
from tests.conftest import write_official_files
from tests.site.conftest import Server, served

SOURCE = ("mm.connect", "import ", '"cell_type"', "def ")


def test_the_first_page_says_the_question_its_answers_and_the_ways_on(site: Server) -> None:
    started = site.log.count("Kernel started")
    page = site.get("/")
    assert page.status == 200
    assert "Did home cooking become simpler" in page.text
    assert page.text.count('class="mm-headline"') == 3
    for theme in themes().values():
        assert f'href="/{theme.name}"' in page.text
        assert all(theme.title(lang) in page.text for lang in ("en", "fr"))
    assert site.log.count("Kernel started") == started


@pytest.mark.parametrize(
    ("path", "accept", "lang"),
    [
        ("/", "", "en"),
        ("/", "fr-CH,en;q=0.5", "fr"),
        ("/", "de,fr;q=0.5", "fr"),
        ("/", "en;q=0.3,fr;q=0.8", "fr"),
        ("/", "fr;q=nonsense", "en"),
        ("/?lang=fr", "en", "fr"),
        ("/?lang=xx", "", "en"),
    ],
)
def test_the_first_page_opens_in_the_readers_language(site: Server, path: str, accept: str, lang: str) -> None:
    assert f'<html lang="{lang}"' in site.get(path, Accept_Language=accept).text


def test_health_needs_neither_data_nor_kernel(site: Server) -> None:
    reply = site.get("/health")
    assert (reply.status, json.loads(reply.text)["ok"]) == (200, True)


def test_pages_forbid_other_hosts(site: Server) -> None:
    for path in ("/", "/nowhere", "/health"):
        assert "default-src 'self'" in site.get(path).headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere", "/nowhere/", "/trends//", "/trends.ipynb", "/snapshot/nowhere.json", "/../pyproject.toml",
        "/voila/render/nowhere.ipynb", "/voila/tree", "/voila/tree/", "/voila/templates", "/voila/templates/x",
        "/voila/api/contents", "/voila/api/contents/trends.ipynb", "/voila/files/trends.ipynb",
        "/voila/render/sub/trends.ipynb", "/voila/render/trends.ipynb/../../../pyproject.toml",
        "/voila/render/%2e%2e%2fpyproject.toml", "/voila/files/../pyproject.toml", "/voila/files/%2e%2e/pyproject.toml",
        "/snapshot/..%2f..%2fpyproject.json", "/voila/templates/lab/static/../../conf.json",
    ],
)  # fmt: skip
def test_what_is_not_a_page_is_a_friendly_404(site: Server, path: str) -> None:
    reply = site.get(path, Accept_Language="fr")
    assert reply.status == 404
    assert 'class="mm-card"' in reply.text
    assert '<html lang="fr"' in reply.text
    assert not any(trace in reply.text for trace in ("Traceback", *SOURCE[2:]))


@pytest.mark.parametrize(
    "folder", ["assets", "voila/labextensions/mangetamain/static", "voila/templates/mangetamain/static"]
)
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
    style = re.search(r"/assets/mangetamain\.css\?v=\w+", site.get("/").text)
    assert style
    assert "immutable" in site.get(style[0]).headers["Cache-Control"]
    assert site.get("/assets/mangetamain.css").headers["Cache-Control"] == "no-cache"
    bundle = "/voila/labextensions/mangetamain/static/plotly-cartesian.min.js"
    assert int(site.get(bundle, method="HEAD").headers["Content-Length"]) > 1_000_000


def test_a_snapshot_holds_each_panels_first_answer_in_each_language(site: Server) -> None:
    started = site.log.count("Kernel started")
    reply = site.get("/snapshot/trends.json")
    data = json.loads(reply.text)
    asked = themes()["trends"].asked
    assert list(data["figures"]) == [panel.key for panel in asked]
    for panel in asked:
        shown = data["figures"][panel.key]
        assert shown["controls"] == len(panel.question.parameters)
        assert {"title", "sentence", "verdict", "word", "spec"} == set(shown["en"]) == set(shown["fr"])
    assert data["about"]["synthetic"] is False
    assert site.log.count("Kernel started") == started


def test_a_snapshot_is_sent_once(site: Server) -> None:
    tag = site.get("/snapshot/ratings.json").headers["Etag"]
    again = site.get("/snapshot/ratings.json", If_None_Match=tag)
    assert (again.status, again.text) == (304, "")
    assert site.get("/snapshot/ratings.json", If_None_Match='"other"').status == 200


def test_a_notebook_is_a_page_without_its_source_and_its_kernel_ends_with_it(site: Server) -> None:
    page = site.get("/trends")
    assert page.status == 200
    assert page.text.rstrip().endswith("</html>")
    assert page.text.count('class="mm-cell"') == len(themes()["trends"].asked)
    assert not any(trace in page.text for trace in ("mm.connect", "mm.panel", "Traceback", "ExecutionError"))
    kernel = re.search(r'"kernelId": "([\w-]+)"', page.text)
    assert kernel
    assert site.get(f"/voila/api/shutdown/{kernel[1]}", method="POST").status == 204
    assert f"Kernel shutdown: {kernel[1][:8]}" in site.log


def test_without_data_every_page_says_what_to_do_until_there_are_some(tmp_path: Path) -> None:
    with served(tmp_path, base="/cooking/", proved=True) as site:
        assert "mangetamain build" in site.until(ready=False, checked=False)["reason"]
        page = site.get("/cooking/", Accept_Language="fr")
        assert page.status == 503
        assert "mangetamain build" in page.text
        assert 'class="mm-card"' in page.text
        assert 'href="/cooking/trends"' in page.text
        assert set(json.loads(site.get("/cooking/snapshot/trends.json").text)) == {"problem"}
        assert site.get("/cooking/health").status == 200
        notebook = site.get("/cooking/trends")
        assert notebook.status == 200
        assert "Traceback" not in notebook.text
        build(str(write_official_files(tmp_path / "raw")), home=tmp_path)
        assert site.get("/cooking/").status == 200
        good = site.until(ready=True)
        assert good["pages"]["trends"]["ok"]
        started = site.log.count("Kernel started")
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
        assert site.log.count("Kernel started") == started, "data that cannot be read are no reason to render"


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
    check_port(port, "127.0.0.1")


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
