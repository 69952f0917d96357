"""The site as files: whole or not at all, each file that a page names beside it, and nothing asked of a server."""

import json
import os
import re
import shutil
import subprocess
import sys

import duckdb
import pytest

from mangetamain.errors import BadInput, UserError
from mangetamain.site.copying import export
from mangetamain.warehouse.versions.listing import newest
from tests.site.conftest import only

FILE = re.compile(r'(?:src|href)="(?!https:)([^"#?]+)')
PAGES = ("trends", "week")
HELD = re.compile(r'<script type="application/json" class="mm-answers">(.*?)</script>')


@pytest.fixture(scope="module")
def copied(small_home, tmp_path_factory):
    """The command, and the folder that it wrote of two of the notebooks."""
    place = tmp_path_factory.mktemp("copies") / "site"
    command = [
        sys.executable,
        "-m",
        "mangetamain",
        "export",
        "site",
        str(place),
        "--lang",
        "en",
        "--years",
        "2002-2010",
    ]
    env = {**os.environ, "MANGETAMAIN_DATA": str(small_home), **only(tmp_path_factory.mktemp("pages") / "here", *PAGES)}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True), place


@pytest.mark.slow
def test_each_file_that_a_page_names_lies_beside_it(copied):
    done, place = copied
    assert [path.name for path in place.parent.iterdir()] == ["site"]
    assert done.stderr.splitlines() == [f"writing {name}" for name in PAGES]
    answers = {f"answers/{path.name}" for path in (place / "answers").iterdir()}
    assert done.stdout.startswith(f"{len(answers)} answers beside the pages: open {place}")
    named = set()
    for name in ("index", "how-to-read", *PAGES):
        page = (place / f"{name}.html").read_text("utf-8")
        assert [file for file in FILE.findall(page) if not (place / file).is_file()] == []
        for held in HELD.findall(page):
            named |= set(json.loads(held).values())
    assert named == answers | {"assets/terms.js"}
    terms = (place / "assets" / "terms.js").read_text("utf-8").removeprefix("mangetamainAnswers(").removesuffix(");\n")
    assert {"word", "text", "name", "told"} == set(json.loads(terms)["terms?kind=tag&lang=en"]["terms"][0])


@pytest.mark.slow
def test_a_panel_has_the_answers_that_one_control_is_away(copied):
    _, place = copied
    held = json.loads(HELD.findall((place / "trends.html").read_text("utf-8"))[0])
    moved = {"level?of=calories&lang=en", "level?of=sugar&lang=en", "level?of=calories&years=2002-2010&lang=en"}
    assert moved <= set(held)
    assert "level?of=sugar&years=2002-2010&lang=en" not in held
    text = (place / held["level?of=sugar&lang=en"]).read_text("utf-8")
    told = json.loads(text.removeprefix("mangetamainAnswers(").removesuffix(");\n"))
    assert "sugar" in told["level?of=sugar&lang=en"]["sentence"].lower()
    assert {"table", "method", "csv", "svg"} == {place.partition("&part=")[2] for place in told} - {""}


@pytest.mark.slow
def test_a_copy_whose_answers_cannot_be_had_is_none(small_home, tmp_path, monkeypatch):
    home = shutil.copytree(small_home, tmp_path / "home", ignore=shutil.ignore_patterns("answers"))
    with duckdb.connect(home / "warehouse" / newest(home / "warehouse")) as con:
        con.execute("DROP TABLE cube_recipes")
    monkeypatch.setenv("MANGETAMAIN_DATA", str(home))
    for name, value in only(tmp_path / "home" / "pages", "trends").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("mangetamain.themes.folder", lambda: tmp_path / "home" / "pages")
    with pytest.raises(UserError, match=r"could not be had: .* cannot be read: it holds other tables"):
        export(tmp_path / "copy", langs=("en",))
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_place_that_is_taken_and_years_that_are_none_are_refused(tmp_path):
    (tmp_path / "mine").touch()
    with pytest.raises(BadInput, match="is taken"):
        export(tmp_path)
    with pytest.raises(BadInput, match="expected first-last"):
        export(tmp_path / "copy", years=["soon"])
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
