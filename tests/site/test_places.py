"""Where a site runs changes its badge and nothing else: not its paths, nor what it serves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mangetamain.answers.store import AnswerStore, sealed, version
from mangetamain.site.pages.data import notebooks
from mangetamain.site.pages.html import About, Landing, Pages
from mangetamain.themes import themes
from mangetamain.warehouse import connect
from tests.conftest import ROOT
from tests.site.conftest import Server, only, served

# As root nothing is forbidden: the folder is then mounted read-only, for the server alone.
MOUNTED = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" "$0" && exec "$@"'


@pytest.fixture
def read_only(tiny_home: Path, tmp_path: Path) -> tuple[Path, list[str]]:
    """A data folder that cannot be written, and the command under which that is so."""
    home = tmp_path / "data"
    shutil.copytree(tiny_home, home, symlinks=True, ignore=lambda *_: {"logs", "answers", "cache"})
    for path in (home, *home.rglob("*")):
        if path.is_dir():
            path.chmod(0o555)
    within: list[str] = []
    if os.access(home, os.W_OK):
        within = ["unshare", "--mount", "sh", "-c", MOUNTED, str(home)]
        if shutil.which("unshare") is None or subprocess.run([*within, "true"], capture_output=True).returncode:
            pytest.skip("root may write anywhere, and nothing can be mounted here")
    return home, within


BADGES = [
    ("preprod", "PREPROD", ("rehearsal", "répétition")),
    (" Prod ", "PROD", ("public site", "site public")),
    ("", "LOCAL", ("own machine", "propre machine")),
    ('"><b>x', "&#34;&gt;&lt;B&gt;X", ("Neither", "Ni")),
]


def says_where(page: str, badge: str, words: tuple[str, str]) -> bool:
    """Say whether a page shows a badge, and explains it in both languages."""
    found = re.search(r'<span class="mm-badge[^>]*title="([^"]*)"[^>]*>([^<]*)</span>', page)
    return bool(found) and found[2] == badge and all(word in found[0] for word in words)


@pytest.mark.parametrize(("named", "badge", "words"), BADGES)
def test_every_page_says_where_it_runs(
    named: str, badge: str, words: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_ENV", named)
    pages = Pages("/", notebooks())
    made = [pages.landing(Landing(), "en"), pages.notice("missing", "en")]
    made += [pages.notebook(name, [], [], True, About(), "fr") for name in themes()]
    assert all(says_where(page, badge, words) for page in made)


@pytest.fixture(scope="module")
def elsewhere(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A site of a strange name, started in a folder of things that look like ours, from where its data are named."""
    folder, state = tmp_path_factory.mktemp("folder"), tmp_path_factory.mktemp("state")
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "strange.ipynb").write_text("{}")
    (folder / "voila.json").write_text('{"VoilaConfiguration": {"template": "lab", "show_tracebacks": true}}')
    (folder / "mangetamain.py").write_text("raise SystemExit('the wrong package')")
    (folder / "data").symlink_to(tiny_home)
    env = {
        "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "MANGETAMAIN_DATA": "data", "MANGETAMAIN_STATE": str(state),
        "APP_ENV": BADGES[-1][0],
    }  # fmt: skip
    with served(tiny_home, env=env, cwd=folder, proved=True) as site:
        yield site, folder


def test_a_notebooks_page_says_where_it_runs_as_the_others_do(elsewhere: tuple[Server, Path]) -> None:
    site, _ = elsewhere
    for path in ("/", "/nowhere", *(f"/{name}" for name in themes())):
        assert says_where(site.get(path).text, *BADGES[-1][1:]), path


def test_the_folder_it_is_started_in_makes_no_difference(elsewhere: tuple[Server, Path]) -> None:
    site, folder = elsewhere
    report = site.until(ready=True)
    assert set(report["pages"]) == set(themes())
    assert "strange" not in site.get("/").text
    assert {path.name for path in folder.iterdir()} == {"notebooks", "voila.json", "mangetamain.py", "data"}


def test_data_named_as_seen_from_where_it_is_started_are_what_its_processes_read(
    elsewhere: tuple[Server, Path],
) -> None:
    report = elsewhere[0].until(ready=True)
    assert all(page["figures"] for page in report["pages"].values())


def overlay(site: Server, read_only: Path, state: Path) -> None:
    """Hold that all pages are made, with answers kept beside the state and none beside the data."""
    report = site.until(ready=True)
    assert all(page["figures"] for page in report["pages"].values())
    assert {path.name for path in read_only.iterdir()} == {"warehouse", "raw"}
    kept = list((state / "answers" / version(connect(read_only).fingerprint)).glob("*.json"))
    assert len(kept) >= sum(len(themes()[name].asked) for name in report["pages"]) - 1


def test_read_only_data_are_served_and_fresh_answers_kept_elsewhere(
    read_only: tuple[Path, list[str]], tmp_path: Path
) -> None:
    home, within = read_only
    state = tmp_path / "state"
    env = {"MANGETAMAIN_STATE": str(state), **only(tmp_path / "pages", "trends")}
    with served(home, env=env, within=within, proved=True) as site:
        overlay(site, home, state)
        assert "request" in site.log


def test_with_nowhere_to_write_the_site_serves_and_says_once_that_nothing_is_logged(
    read_only: tuple[Path, list[str]], tmp_path: Path
) -> None:
    home, within = read_only
    with served(home, env=only(tmp_path / "pages", "trends"), within=within, lines=2, proved=True) as site:
        assert site.until(ready=True)["pages"]["trends"]["ok"]
        assert site.get("/").status == 200


def test_answers_that_came_with_the_data_are_read_and_fresh_ones_kept_apart(
    tiny_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "data"
    shutil.copytree(tiny_home, home, symlinks=True, ignore=lambda *_: {"logs", "answers"})
    con, asked = connect(home), themes()["trends"].asked[0]
    given = asked.answer(con)
    monkeypatch.setenv("MANGETAMAIN_STATE", str(tmp_path))
    store = AnswerStore(home)
    assert store.folder == tmp_path / "answers"
    assert store.read(given.fingerprint, given.question, given.parameters)
    assert not store.folder.exists()
    other = asked.question(con, years="2004-2005")
    kept = store.path(other.fingerprint, other.question, other.parameters)
    assert kept.is_relative_to(tmp_path)
    assert kept.exists()
    # What a site wrote itself goes before what came with the data, and a few states of data and code are enough.
    kept.write_text(sealed(replace(other, sql="mine").to_json()))
    found = store.read(other.fingerprint, other.question, other.parameters)
    assert found is not None
    assert found["sql"] == "mine"
    shutil.rmtree(kept.parent)
    for name in "abcd":
        (store.folder / name).mkdir()
    store.write(other)
    assert len(list(store.folder.iterdir())) == 3
    assert kept.exists()
