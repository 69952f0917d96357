"""The report commands as a stranger uses them."""

import base64
import gzip
import json
import os
import re
import shutil
import subprocess

import pytest

from mangetamain.panels.view import reply
from mangetamain.questions import QUESTIONS
from mangetamain.reports import NoRoom, Registry
from mangetamain.themes import theme
from mangetamain.warehouse import connect
from tests.command import command


def run(*words, home, code=0):
    done = command("report", *words, home=home)
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture
def folder(commanded_once, tmp_path):
    """A copy of the two reports that the command made."""
    return shutil.copytree(commanded_once, tmp_path / "made")


def ended(done):
    """What the last line says; all of them are JSON."""
    last = [json.loads(line) for line in done.stderr.splitlines()][-1]
    assert last["event"] == "ended"
    return {name: last[name] for name in ("made", "there", "failed")}


def test_a_second_start_makes_nothing(folder, home):
    words = ("ratings", "trends", "-p", "lang=fr", "--to", folder, "--formats", "html,csv", "--json")
    assert "skip, it is there" in run(*words, "--dry-run", home=home).stdout
    assert ended(run(*words, home=home)) == {"made": 0, "there": 2, "failed": 0}


def test_a_person_is_told_each_report_and_the_page_to_open(folder, home):
    done = run("ratings", "trends", "-p", "lang=fr", "--to", folder, "--formats", "html,csv", home=home)
    pages = [next(folder.glob(f"{name}_*/report.html")) for name in ("ratings", "trends")]
    assert done.stdout.splitlines() == [f"{page.parent.name.rpartition('_')[0]}: {page}" for page in pages]
    assert done.stderr == f"0 made, 2 there already, 0 failed; see {folder / 'index.html'}\n"


def test_a_page_whose_panels_move_is_written_without_a_kernel(folder, home, monkeypatch):
    monkeypatch.setattr("mangetamain.reports.run.execute", None)
    words = ("ratings", "-p", "lang=fr", "--to", folder, "--formats", "html", "--interactive")
    assert run(*words, home=home).stdout == f"ratings_lang-fr: {next(folder.glob('ratings_*')) / 'interactive.html'}\n"
    page = next(folder.glob("ratings_*/interactive.html")).read_text("utf-8")
    assert page.count('class="mm-model"') == len(theme("ratings").asked)
    [packed] = re.findall(r'<script class="mm-answers"[^>]*>(.*?)</script>', page)
    held = json.loads(gzip.decompress(base64.b64decode(packed)))
    asked = {"level?of=five&by=month&lang=fr", "level?of=rating&by=month&centre=median&lang=fr"}
    assert asked <= {address for address in held if address.startswith("level?of=") and "&part=" not in address}
    assert {"table", "method", "csv", "svg"} == {address.partition("&part=")[2] for address in held} - {""}
    # As a server, or a copy of the site, gives it.
    told = reply(QUESTIONS["level"], connect(home), {"of": "five", "by": "month"}, "fr")
    assert held["level?of=five&by=month&lang=fr"] == {name: told[name] for name in told if name != "pictures"}


def test_a_lost_file_is_made_again(folder, home, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "out")
    words = ("ratings", "trends", "-p", "lang=fr", "--to", copy, "--formats", "html,csv", "--json")
    (ratings,), (trends,) = copy.glob("ratings_*"), copy.glob("trends_*")
    (ratings / "answers.json").unlink()
    shown = run("show", ratings, home=home, code=2)
    refused(shown, "answers.json is gone or damaged", "mangetamain report ratings -p lang=fr")
    refused(run("diff", ratings, ratings, home=home, code=2), "answers.json is gone or damaged")
    (trends / "report.html").unlink()
    assert "write html" in run(*words, "--dry-run", home=home).stdout
    assert ended(run(*words, home=home)) == {"made": 2, "there": 0, "failed": 0}
    assert (trends / "report.html").is_file()
    run("show", ratings, home=home)
    (trends / "report.ipynb").unlink()
    assert run(*words, "--dry-run", home=home).stdout.splitlines()[1].endswith("trends_lang-fr: run")


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_a_selection_is_looked_up_before_a_kernel_starts(home, tmp_path, more):
    words = ("ratings", "-p", "among=minutes<=30, esay", "--to", tmp_path / "none", *more)
    refused(run(*words, home=home, code=2), "No recipe has 'esay'", "did you mean tag:easy?")
    assert not (tmp_path / "none").exists()


def test_a_dry_run_writes_nothing(home, tmp_path):
    told = run("trends", "--to", tmp_path / "none", "--dry-run", home=home).stdout
    assert told.strip().endswith("trends: run")
    assert not (tmp_path / "none").exists()


def test_reports_are_listed_and_shown(folder, home):
    lines = run("list", "--to", folder, home=home).stdout.splitlines()
    assert sorted(line.split()[-2] for line in lines) == ["ratings_lang-fr", "trends_lang-fr"]
    shown = run("show", "trends_lang-fr", "--to", folder, home=home).stdout
    assert "again: mangetamain report trends -p lang=fr -p years=1999-2018" in shown
    assert shown.count("\n- ") == len(theme("trends").asked)
    record = json.loads(run("show", "trends_lang-fr", "--to", folder, "--json", home=home).stdout)
    assert record["answers"][0]["question"] == theme("trends").asked[0].question.name
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
    "deep YAML": ("[" * 100_000, "is nested too deeply"),
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


@pytest.mark.parametrize("words", [("trends", "--to"), ("list", "--in"), ("prune", "--keep", "0", "--in")])
def test_an_empty_folder_name_is_not_this_folder(words, home):
    refused(run(*words, "", home=home, code=2), "--to needs a folder")


@pytest.mark.parametrize("days", ["inf", "nan", "-1", "1e12"])
def test_an_age_that_cannot_be_is_one_sentence(days, folder, home):
    refused(run("prune", f"--days={days}", "--in", folder, home=home, code=2), "expected a number from 0 to 36,500")


def test_what_is_no_record_is_passed_over_and_told(folder, home, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "out")
    (copy / "odd").mkdir()
    (copy / "odd" / "record.json").write_text('{"a": 1}')
    (copy / ".making-foo").mkdir()
    listed = run("list", "--in", copy, home=home)
    assert len(listed.stdout.splitlines()) >= 2
    refused(listed, "passed over", ": odd")
    refused(run("prune", "--days", "1", "--in", copy, home=home), "passed over", ": odd")
    made = run("ratings", "-p", "lang=fr", "--to", copy, "--formats", "html,csv", "--json", home=home)
    assert json.loads(made.stderr.splitlines()[-1])["odd"] == ["odd"]
    assert (copy / ".making-foo").is_dir()


def test_a_comparison_that_cannot_be_written_is_no_difference(folder, home, tmp_path):
    words = ("diff", "trends_lang-fr", "trends_lang-fr", "--to", folder, "--html", tmp_path / "none" / "diff.html")
    refused(run(*words, home=home, code=2), "cannot be written: No such file or directory")


@pytest.mark.skipif(os.geteuid() != 0, reason="a small tmpfs can be mounted by root alone")
@pytest.mark.parametrize("how", ["read-only", "full"])
def test_pruning_where_nothing_can_be_written_says_what_was_done(how, folder, home, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this machine mounts no tmpfs")
    try:
        shutil.copytree(folder, disk / "out")
        if how == "read-only":
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
            done = run("prune", "--keep", "0", "--in", disk / "out", home=home, code=2)
            refused(done, "cannot be removed", "Read-only file system")
            assert done.stdout == ""
        else:
            subprocess.run(["dd", "if=/dev/zero", f"of={disk / 'fill'}"], check=False, capture_output=True)
            with pytest.raises(NoRoom, match="cannot be written: No space left"):
                Registry(disk / "out").write_index()
            assert not list((disk / "out").glob(".*"))
            done = run("prune", "--keep", "0", "--in", disk / "out", home=home)
            assert done.stdout.count("removed") >= 2
        assert not list((disk / "out").glob(".*"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="an immutable file is made by root alone")
def test_what_cannot_be_removed_is_not_said_to_be(folder, home, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "out")
    held = next(copy.glob("trends_*/report.html"))
    if subprocess.run(["chattr", "+i", str(held)], check=False).returncode:
        pytest.skip("this disk holds no immutable files")
    try:
        done = run("prune", "--keep", "0", "--in", copy, home=home, code=2)
        refused(done, held.parent.name, "cannot be removed")
        assert "removed trends_lang-fr\n" not in done.stdout
    finally:
        subprocess.run(["chattr", "-i", str(held)], check=True)


def test_help_says_how_to_run():
    told = " ".join(run("--help", home="/nowhere").stdout.split())
    assert "mangetamain report trends ratings -p lang=fr" in told
    assert "mangetamain report run --help" in told


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
        ((), "Name a notebook (trends, seasons, week, ratings)"),
        (("trends", "--formats", "pdf"), "formats cannot be 'pdf'"),
        (("trends", "trends"), "named twice"),
        (("show", "nothing"), "There is no report 'nothing'"),
        (("diff", "a", "b"), "There is no report 'a'"),
        (("diff", "a", "b", "--lang", "de"), "lang cannot be 'de'"),
        (("lst",), "no command or notebook 'lst'; did you mean list?"),
        (("trend",), "no notebook 'trend'"),
        (("prune", "--days", "1e12"), "There is no folder"),
    ],
)
def test_a_typo_is_one_sentence(words, said, home, tmp_path):
    refused(run(*words, "--to", tmp_path / "out", home=home, code=2), said)
