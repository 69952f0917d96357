"""The command line as a stranger uses it: real files, typos, and real processes where those are the subject."""

import json
import os
import subprocess
import sys

import pytest

from mangetamain import __version__
from mangetamain.themes import themes
from tests.command import command
from tests.conftest import MEASURED, ROOT, write_official_files
from tests.waiting import PATIENCE


def process(*words, home, **extra):
    """Run a command in a process of its own: where the way into it, or its bytes, are the subject."""
    environment = {**os.environ, **MEASURED, "MANGETAMAIN_DATA": str(home), "NO_COLOR": "1", **extra}
    words = [sys.executable, "-m", "mangetamain", *words]
    return subprocess.run(words, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=PATIENCE)


def one_sentence(done, *parts):
    assert (done.returncode, done.stdout) == (2, ""), done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert all(part in lines[0] for part in parts), lines[0]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A data folder that the build command filled from ten hand-written recipes."""
    home = tmp_path_factory.mktemp("cli")
    done = process("build", str(write_official_files(home / "raw")), home=home)
    assert done.returncode == 0, done.stderr
    assert "duration" in done.stdout
    assert "answering trends: volume" in done.stderr
    return home


def test_status_says_what_stands(home):
    said = command("status", home=home).stdout
    assert "raw.RAW_recipes" in said
    assert "1 to 180" in said
    data = json.loads(command("status", "--json", home=home).stdout)
    assert data["tables"]["recipes"] == 8
    assert data["rejects"] == 0
    assert [step["removed"] for step in data["cleaning"] if step["rule"] == "duration"] == [1]


def test_answers_are_said_in_both_languages(home):
    english = command("answers", "trends", home=home).stdout
    french = command("answers", "trends", "--lang", "fr", home=home).stdout
    assert command("answers", "trends", "-p", "lang=fr", home=home).stdout == french
    assert english.splitlines()[1] == "Trends"
    assert french.splitlines()[1] == "Tendances"
    assert english.count("\n- ") == french.count("\n- ") == len(themes()["trends"].asked)
    assert "Synthetic" not in english


def test_answers_as_json_hold_every_finding(home):
    found = json.loads(command("answers", "--json", "-p", "years=2004-2005", home=home).stdout)
    assert {each["notebook"] for each in found} == themes().keys()
    assert {each["parameters"]["years"] for each in found} == {"2004-2005"}
    assert found[0]["finding"]["n"] == 5


def test_published_numbers_are_not_judged_on_other_data(home, tmp_path):
    file = tmp_path / "published.json"
    file.write_text(json.dumps({"entries": [{"id": "clean.final_rows", "value": [200066, 28]}]}))
    done = command("answers", "--published", str(file), home=home)
    assert "clean.final_rows 0: published 200066, ours 8" in done.stdout
    assert "are not the full Food.com set" in done.stdout


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["answers", "trend"], ["no notebook 'trend'", "did you mean trends?"]),
        (["answers", "trends", "-p", "yeers=2004"], ["no parameter 'yeers'", "did you mean years?"]),
        (["answers", "trends", "-p", "years=2010-2004"], ["did you mean 2004-2010?"]),
        (["answers", "-p", "among=esay"], ["did you mean tag:easy?"]),
        (["answers", "-p", "source=train"], ["no parameter 'source'"]),
        (["answers", "trends", "-p", "lang=de"], ["lang cannot be 'de'"]),
        (["report", "trends", "-p", "among=easy", "-p", "against=easy"], ["against cannot be 'easy'"]),
        (["answers", "trends", "-p", "years"], ["written name=value"]),
        (["answers", "trends", "-p", "years=2004", "-p", "years=2005"], ["given twice"]),
        (["answers", "--lang", "de"], ["lang cannot be 'de'", "en, fr"]),
        (["answers", "--published", "/no/such/file.json"], ["/no/such/file.json"]),
        (["build", "/no/such/folder"], ["/no/such/folder"]),
        (["build", "smaple"], ["smaple", "sample"]),
        (["build", ""], ["nothing at ''", "sample"]),
        (["build", "  "], ["nothing at '  '", "sample"]),
        (["build", "sample:many"], ["many"]),
        (["build", "sample:9", "--minutes", "180-1"], ["180"]),
        (["build", "sample:9", "--quantiles", "2"], ["2"]),
    ],
)
def test_a_typo_gets_one_sentence_and_exit_code_2(home, words, parts):
    one_sentence(command(*words, home=home), *parts)


def test_a_process_ends_as_its_command_does(home):
    one_sentence(process("answers", f"tr{ESCAPE}ends", home=home), "no notebook 'tr\\x1b]0;pwned\\x07\\x9b\\u202eends'")


def test_a_mistaken_command_names_the_nearest(home):
    done = command("anwsers", home=home)
    assert done.returncode == 2
    assert "answers" in done.stderr


@pytest.mark.parametrize("words", [["status"], ["answers"], ["report", "trends"]])
def test_without_a_warehouse_one_sentence_says_how_to_make_one(words, tmp_path):
    one_sentence(command(*words, home=tmp_path), "mangetamain build")


def test_a_fault_is_one_line_and_its_traceback_goes_to_the_log(home):
    code = (
        "import sys; sys.argv = ['mangetamain', 'status']\n"
        "import mangetamain.warehouse as w, mangetamain.cli.app as c\n"
        "def fail(*_): raise ZeroDivisionError('inside')\n"
        "w.status = fail; c.main()"
    )
    environment = {**os.environ, "MANGETAMAIN_DATA": str(home)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=ROOT)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "ZeroDivisionError: inside" in (home / "logs" / "error.log").read_text()


def test_the_version_is_said_and_nothing_else_is_done():
    done = process("--version", "build", "/no/such/folder", home="/tmp")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"mangetamain {__version__}\n", "")


def test_the_help_names_every_command():
    done = command("--help", home="/tmp")
    for name in ("build", "status", "answers", "report", "serve", "lab"):
        assert f"  {name}" in done.stdout


ESCAPE = "\x1b]0;pwned\x07\x9b\u202e"


@pytest.mark.parametrize(
    "words",
    [
        ("build", f"no{ESCAPE}such"),
        ("build", f"a\nmangetamain: b{ESCAPE}"),
        ("build", "a", f"b{ESCAPE}"),
        ("build", f"--no{ESCAPE}"),
        ("build", "--minutes", ESCAPE),
        (f"x{ESCAPE}",),
        ("answers", f"tr{ESCAPE}ends"),
        ("answers", "-p", f"x{ESCAPE}=1"),
        ("answers", "-p", f"years={ESCAPE}"),
        ("answers", "--published", f"no{ESCAPE}.json"),
        ("serve", "--token-file", f"no{ESCAPE}", "--port", "1"),
        ("serve", "--port", ESCAPE),
        ("status", "--url", f"http://127.0.0.1:1/{ESCAPE}"),
        ("report", f"tr{ESCAPE}ends"),
        ("report", "show", ESCAPE),
        ("report", "diff", ESCAPE, "b"),
        ("report", "--grid", f"no{ESCAPE}.yml"),
        ("report", "trends", "--formats", ESCAPE),
        ("pin", ESCAPE, "x"),
        ("deploy", ESCAPE),
    ],
)
def test_what_was_typed_is_no_order_to_the_terminal(words, home):
    done = command(*words, home=home)
    said = done.stdout + done.stderr
    assert done.returncode == 2, said
    assert not set(said) & set("\x1b\x07\x9b\u202e")
    assert "Traceback" not in said


@pytest.mark.parametrize("variable", ["MANGETAMAIN_DATA", "MANGETAMAIN_LOG_LEVEL"])
def test_nor_is_what_a_variable_holds(variable, tmp_path):
    done = command("status", **{"home": tmp_path, variable: f"{tmp_path}/{ESCAPE}"})
    assert done.returncode == 2
    assert "\\x1b]0;pwned\\x07\\x9b\\u202e" in done.stderr
    assert not set(done.stderr) & set(ESCAPE[:1])


@pytest.mark.parametrize(
    "words",
    [
        ("status", "--url", "http://user:s3cret@127.0.0.1:99999/"),
        ("status", "--url", "user:s3cret@127.0.0.1:1"),
        ("build", "https://user:s3cret@host/archive.zip"),
        ("build", "https://b.s3.example/archive.zip?X-Amz-Signature=s3cret"),
        ("build", "s3://key:s3cret@bucket/x"),
        ("build", "a", "https://user:s3cret@host/"),
        ("answers", "https://user:s3cret@host/"),
        ("report", "--grid", "https://host/plan.yml?token=s3cret"),
    ],
)
def test_a_refused_address_keeps_its_secret(words, home):
    done = command(*words, home=home)
    assert done.returncode == 2
    assert "s3cret" not in done.stdout + done.stderr
    assert "..." in done.stderr or "bucket" in done.stderr
    logged = [path.read_text("utf-8") for path in home.rglob("*.log*") if path.is_file()]
    assert "s3cret" not in "".join(logged)


def test_json_is_json_whatever_a_name_holds(home, tmp_path):
    source = tmp_path / f"raw{ESCAPE}"
    assert command("build", str(write_official_files(source)), home=tmp_path).returncode == 0
    said = command("status", "--json", home=tmp_path).stdout
    assert json.loads(said)["info"]["source"] == "raw\\x1b]0;pwned\\x07\\x9b\\u202e"
    assert not set(said) & set(ESCAPE[:1] + "\x9b\u202e")


def test_an_endless_value_is_cut(home):
    done = command("answers", "x" * 50_000, home=home)
    assert done.returncode == 2
    assert len(done.stderr) < 700
