"""The documentation builds without a warning, says what a run says, and asks nothing of another host."""

from __future__ import annotations

import ast
import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from mangetamain import themes
from mangetamain.cli.app import app
from mangetamain.warehouse import connect
from tests.conftest import ROOT

DOCS = ROOT / "docs"


def sphinx(source: Path, out: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Build pages as `make docs` does."""
    command = [sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going", "-d", str(out / "trees"), str(source)]
    env = {**os.environ, "MANGETAMAIN_DATA": str(home)}
    return subprocess.run([*command, str(out / "html")], env=env, cwd=ROOT, capture_output=True, text=True)


@pytest.fixture(scope="module")
def html(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built documentation; the first worker that asks for it builds it for all."""
    own = tmp_path_factory.getbasetemp()
    out = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "docs"
    with out.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (out / "whole").exists():
            done = sphinx(DOCS, out, sample_home)
            assert done.returncode == 0, done.stderr
            (out / "whole").touch()
    return out / "html"


def test_every_page_is_built_from_its_source(html):
    sources = [path.relative_to(DOCS) for path in DOCS.rglob("*.md")]
    assert {"index.md", "sample.md", "reports.md", "operate.md", "fr/lire.md"} <= {str(path) for path in sources}
    assert all((html / path.with_suffix(".html")).is_file() for path in sources)


def test_figures_and_numbers_come_from_the_run(html, sample_home):
    answer = themes.QUESTIONS["level"](connect(sample_home), of="steps")
    page, french = ((html / name).read_text("utf-8") for name in ("reading.html", "fr/lire.html"))
    assert answer.sentence_with_verdict("en") in page
    assert answer.sentence_with_verdict("fr") in french
    assert "data-figure=" in page
    assert "231,637" in (html / "data.html").read_text("utf-8")


def test_french_pages_say_so(html):
    assert re.search(r'<section[^>]* lang="fr"', (html / "fr" / "lire.html").read_text("utf-8"))
    assert ' lang="fr"' not in (html / "security.html").read_text("utf-8").partition('<div class="content">')[2]


def test_a_page_asks_nothing_of_another_host(html):
    loaded = re.compile(r'<(?:script|link|img|iframe)\b[^>]*?(?:src|href)="(?:https?:)?//[^"]+"')
    for page in html.rglob("*.html"):
        assert loaded.findall(page.read_text("utf-8")) == [], page
    for sheet in html.rglob("*.css"):
        assert not re.search(r"@import|url\(\W?(?:https?:)?//", sheet.read_text("utf-8")), sheet


def test_every_command_is_told_of():
    told = "\n".join(path.read_text("utf-8") for path in DOCS.rglob("*.md"))
    for name, command in typer.main.get_command(app).commands.items():
        assert command.hidden or f"mangetamain {name}" in told, f"no page tells of mangetamain {name}"


def defined(path: Path) -> set[str]:
    """The functions, classes and methods of a file, as the documentation writes them."""
    text = path.read_text("utf-8")
    if path.suffix == ".js":
        return set(re.findall(r"^\s*(?:export )?(?:async )?(?:function|const) (\w+)", text, re.M))
    tops = [
        node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    parts = [(top.name, node.name) for top in tops for node in ast.iter_child_nodes(top) if hasattr(node, "name")]
    return {top.name for top in tops} | {".".join(names) for names in parts}


@pytest.mark.parametrize(("page", "least"), [("what-happens.md", 20), ("security.md", 6)])
def test_every_function_that_a_page_names_is_there(page, least):
    steps = re.findall(r"`([\w./-]+\.(?:py|js)): ([\w.]+)`", (DOCS / page).read_text("utf-8"))
    assert len(steps) >= least
    files = {file: ROOT / "mangetamain" / file for file, _ in steps}
    known = {file: defined(path) if path.is_file() else set() for file, path in files.items()}
    assert [f"{file}: {name}" for file, name in steps if name not in known[file]] == []


def test_a_wrong_word_is_an_error(tmp_path, sample_home):
    shutil.copytree(DOCS, tmp_path / "docs", ignore=shutil.ignore_patterns("*.md"))
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    page = "# One\n\n{said}`The site has gone fishing.`\n\n{py:func}`mangetamain.no_such`\n"
    (tmp_path / "docs" / "index.md").write_text(page)
    done = sphinx(tmp_path / "docs", tmp_path, sample_home)
    assert done.returncode != 0
    assert "nothing of ours says: The site has gone fishing." in done.stderr
    assert "mangetamain.no_such" in done.stderr
