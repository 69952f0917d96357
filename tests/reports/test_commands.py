"""The report commands as a stranger uses them."""

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT


def run(*words, home, code=0):
    environment = {**os.environ, "MANGETAMAIN_DATA": str(home), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "mangetamain", "report", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=300)
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def folder(home, tmp_path_factory):
    """Two reports, made by the command."""
    folder = tmp_path_factory.mktemp("made") / "out"
    done = run("ratings", "trends", "-p", "lang=fr", "--to", folder, "--formats", "html,csv", home=home)
    assert len(done.stdout.split()) == 2
    assert "2 made, 0 there already, 0 failed" in done.stderr
    return folder


def test_a_second_start_makes_nothing(folder, home):
    words = ("ratings", "trends", "-p", "lang=fr", "--to", folder, "--formats", "html,csv")
    assert "skip, it is there" in run(*words, "--dry-run", home=home).stdout
    assert "0 made, 2 there already" in run(*words, home=home).stderr


def test_a_dry_run_writes_nothing(home, tmp_path):
    told = run("trends", "--to", tmp_path / "none", "--dry-run", home=home).stdout
    assert told.strip().endswith("trends: run")
    assert not (tmp_path / "none").exists()


def test_reports_are_listed_and_shown(folder, home):
    lines = run("list", "--to", folder, home=home).stdout.splitlines()
    assert sorted(line.split()[-2] for line in lines) == ["ratings_lang-fr", "trends_lang-fr"]
    shown = run("show", "trends_lang-fr", "--to", folder, home=home).stdout
    assert "again: mangetamain report trends -p lang=fr -p years=1999-2018" in shown
    assert shown.count("\n- ") == 8
    record = json.loads(run("show", "trends_lang-fr", "--to", folder, "--json", home=home).stdout)
    assert record["answers"][0]["question"] == "volume"
    assert len(json.loads(run("list", "--to", folder, "--json", home=home).stdout)) == 2


def test_a_report_differs_from_itself_in_nothing_and_from_another_in_much(folder, home, tmp_path):
    run("trends", "-p", "lang=fr", "-p", "years=2005-2006", "--to", folder, home=home)
    run("diff", "trends_lang-fr", "trends_lang-fr", "--to", folder, home=home)
    page = tmp_path / "diff.html"
    told = run(
        "diff", "trends_lang-fr", "trends_lang-fr_years-2005-2006", "--to", folder, "--html", page, home=home, code=1
    )
    assert "years" in told.stdout
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_pruning_needs_to_be_told_what(folder, home):
    assert "--days N, --keep N" in run("prune", "--to", folder, home=home, code=2).stderr
    run("prune", "--days", "1", "--to", folder, home=home)
    assert len(run("list", "--to", folder, home=home).stdout.splitlines()) >= 2


BAD = {
    "unknown notebook": ("runs:\n  - notebook: trend", "no notebook 'trend'"),
    "unknown parameter": ("runs:\n  - notebook: trends\n    parameters: {yeers: 2005}", "did you mean years?"),
    "wrong type": ("runs:\n  - notebook: trends\n    parameters: {years: soon}", "years cannot be 'soon'"),
    "empty range": ("runs:\n  - notebook: trends\n    grid: {years: []}", "the list of years is empty"),
    "years backwards": ("runs:\n  - notebook: trends\n    parameters: {years: 2010-2000}", "did you mean 2000-2010?"),
    "duplicate": ("runs:\n  - notebook: trends\n  - notebook: trends", "stands already on line 2"),
    "bad YAML": ("runs: [", "is not YAML"),
}


def refused(done, *parts):
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert all(part in lines[0] for part in parts), lines[0]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_plan_is_one_sentence_and_leaves_nothing(name, home, tmp_path):
    text, said = BAD[name]
    (tmp_path / "plan.yaml").write_text(text)
    done = run("--grid", tmp_path / "plan.yaml", "--to", tmp_path / "out", home=home, code=2)
    refused(done, "plan.yaml, line ", said)
    assert [path.name for path in tmp_path.iterdir()] == ["plan.yaml"]


def test_a_folder_that_cannot_be_written_is_one_sentence(home, tmp_path):
    (tmp_path / "file").write_text("")
    refused(
        run("trends", "--to", tmp_path / "file" / "out", home=home, code=2), "cannot be written", str(tmp_path / "file")
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="a small tmpfs can be mounted by root alone")
def test_a_full_disk_is_one_sentence(home, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this machine mounts no tmpfs")
    try:
        refused(run("trends", "--to", disk / "out", home=home, code=2), "too little room", "3 MB are free")
        assert list((disk / "out").iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_without_a_warehouse_nothing_is_begun(tmp_path):
    refused(run("trends", "--to", tmp_path / "out", home=tmp_path / "empty", code=2), "mangetamain build")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name a notebook (trends, ratings)"),
        (("trends", "--formats", "pdf"), "formats cannot be 'pdf'"),
        (("trends", "trends"), "named twice"),
        (("show", "nothing"), "There is no report 'nothing'"),
        (("diff", "a", "b"), "There is no report 'a'"),
        (("diff", "a", "b", "--lang", "de"), "lang cannot be 'de'"),
    ],
)
def test_a_typo_is_one_sentence(words, said, home, tmp_path):
    refused(run(*words, "--to", tmp_path / "out", home=home, code=2), said)
