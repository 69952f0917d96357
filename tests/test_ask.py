"""The command `ask`: one question, as text, JSON and CSV, its help, and what a shell completes."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mangetamain.cli.ask import table_text
from mangetamain.questions import QUESTIONS, level, term_changes, terms
from mangetamain.warehouse import connect
from tests.command import command
from tests.conftest import HIDDEN, ROOT
from tests.waiting import PATIENCE

GIVEN = {"of": "sugar", "years": "2004-2005", "among": "easy, minutes<=30"}
WORDS = [f"{name}={value}" for name, value in GIVEN.items()]


def test_the_headline_comes_first_then_the_sentence_with_its_verdict_and_the_table(sample_home):
    answer = level(connect(sample_home), of="calories", years="2002-2010")
    said = command("ask", "level", "of=calories", "years=2002-2010", home=sample_home).stdout.splitlines()
    assert said[:3] == [answer.headline("en"), "", answer.sentence_with_verdict("en")]
    assert said[2].endswith(f"[{answer.verdict}]")
    assert said[-1].startswith("Synthetic")
    years = [line.split()[0] for line in said if line.strip()[:1] == "2"]
    assert years == [str(year) for year in range(2002, 2011)]
    french = command("ask", "level", "of=calories", "years=2002-2010", "--lang", "fr", home=sample_home).stdout
    assert french.splitlines()[:3] == [answer.headline("fr"), "", answer.sentence_with_verdict("fr")]
    assert "Moyenne" in french


def test_words_begin_and_numbers_end_below_one_another(tiny):
    assert table_text(terms(tiny), "fr").splitlines()[:4] == [
        "                                                   Recettes en",
        " Terme       Recettes     Part      Bas     Haut          tout   Vocabulaire",
        " ───────────────────────────────────────────────────────────────────────────",
        " salt               7   0,8750   0,5291   0,9776             8            10",
    ]


def test_json_and_csv_hold_what_the_api_gives(tiny_home):
    answer = level(connect(tiny_home), **GIVEN)
    data = json.loads(command("ask", "level", *WORDS, "--json", home=tiny_home).stdout)
    assert data["parameters"] == answer.parameters
    assert data["headline"] == answer.headline("en")
    assert data["sentence"] == answer.sentence("en")
    rows = list(csv.DictReader(io.StringIO(command("ask", "level", *WORDS, "--csv", home=tiny_home).stdout)))
    assert [int(row["year"]) for row in rows] == data["columns"]["year"] == [2004, 2005]
    assert [float(row["mean"]) for row in rows] == answer.table["mean"].tolist()


def test_the_first_parameter_needs_no_name(tiny_home):
    bare, named = (command("ask", "level", word, home=tiny_home).stdout for word in ("sugar", "of=sugar"))
    assert bare == named != command("ask", "level", home=tiny_home).stdout


def test_a_long_table_is_cut_on_a_screen_and_whole_in_csv(sample_home):
    everything = len(term_changes(connect(sample_home)).table)
    shown = command("ask", "term_changes", home=sample_home).stdout
    assert everything > 300
    assert f"and {everything - 300:,} more; --csv gives them all" in shown
    assert len(command("ask", "term_changes", "--csv", home=sample_home).stdout.splitlines()) == everything + 1


@pytest.mark.parametrize("way", [[], ["--csv"], ["--json"]])
def test_no_name_of_the_data_commands_the_terminal(hostile_home, way):
    done = command("ask", "terms", *way, home=hostile_home)
    assert done.returncode == 0
    assert not set(HIDDEN) & set(done.stdout)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["levle"], "There is no question 'levle'.*did you mean level?"),
        (["levle", "--help"], "There is no question 'levle'.*did you mean level?"),
        (["level", "off=sugar"], "There is no parameter 'off'.*did you mean of?"),
        (["level", "of=suger"], "of cannot be 'suger'.*did you mean sugar?"),
        (["level", "suger"], "of cannot be 'suger'.*did you mean sugar?"),
        (["level", "of=sugar", "2002-2010"], "A parameter is written name=value.*'2002-2010' is not"),
        (["level", "of=sugar", "of=fat"], "The parameter 'of' is given twice"),
        (["level", "among=esay"], "did you mean tag:easy?"),
        (["level", "--json", "--csv"], "--json and --csv do not go together"),
    ],
)
def test_a_mistake_is_one_sentence_with_the_nearest(tiny_home, words, sentence):
    done = command("ask", *words, home=tiny_home)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    start, _, end = sentence.partition(".*")
    assert start in done.stderr
    assert end in done.stderr


def test_help_lists_the_questions_and_of_one_its_parameters(tiny_home):
    every = command("ask", "--help", home=tiny_home).stdout
    assert all(f"  {name}" in every and question.title.split()[-1] in every for name, question in QUESTIONS.items())
    one = command("ask", "level", "--help", home=tiny_home).stdout
    assert all(f"\n  {name} " in one for name in level.parameters)
    assert "sugar" in one
    assert "1999-2018 unless it is given" in " ".join(one.split())
    for lang in ("--lang", "fr"), ():
        french = command(*lang, "ask", "level", "--help", home=tiny_home, LC_ALL="C" if lang else "fr_FR.UTF-8").stdout
        assert "1999-2018 par défaut" in " ".join(french.split())
        assert "est l’un de\u00a0:\n" in french


def test_the_help_begins_with_what_a_beginner_needs():
    said = command("--help", home="/tmp").stdout
    places = [said.index(f"\n  {name} ") for name in ("build", "serve", "lab", "ask", "answers", "deploy")]
    assert places == sorted(places)
    assert said.index("Begin here:") < places[0]
    assert said.index("Delivery:") < places[-1]
    for example in ("mangetamain serve --open", "mangetamain ask level of=sugar"):
        assert example in said


COMPLETED = {
    "a": {"ask", "answers"},
    "ask lev": {"level"},
    "ask level b": {"by=", "band="},
    "ask level o": {f"of={name}" for name in level.parameters["of"][0].values},
    "ask level of=sug": {"of=sugar"},
    "ask level of = sug": {"sugar"},  # as bash splits it
    "ask level of = sugar fit_all = y": {"yes"},
    "ask level of=sugar amo": {"among="},
    "ask level among = sal": {"salads", "salt"},
    "ask level among=easy,oni": {"among=easy,onion"},
    "ask level among=minu": {"among=minutes"},
    "ask nothing o": set(),
    "answers t": {"trends"},
    "report ra": {"ratings"},
}


@pytest.mark.parametrize("typed", COMPLETED)
def test_a_shell_completes_questions_parameters_and_values(tiny_home, typed):
    """What the shell asks, without a shell of its own each: the one that bash splits is asked by bash, too."""
    words = ["mangetamain", *typed.split()]
    asked = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1), "LC_ALL": "fr_FR.UTF-8"}
    done = command(home=tiny_home, _MANGETAMAIN_COMPLETE="complete_bash", **asked)
    assert set(done.stdout.split()) == COMPLETED[typed]


def test_bash_hands_over_what_is_typed_and_takes_what_completes_it(tiny_home):
    words = ["mangetamain", "ask", "level", "of", "=", "sug"]
    script = 'eval "$(mangetamain)"; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _mangetamain_completion mangetamain'
    script += '; printf "%s\\n" "${COMPREPLY[@]}"'
    begun = {"_MANGETAMAIN_COMPLETE": "source_bash", "MANGETAMAIN_DATA": str(tiny_home), "LC_ALL": "fr_FR.UTF-8"}
    environment = {**os.environ, **begun, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script, "bash", *words], env=environment, cwd=ROOT, capture_output=True, text=True,
        timeout=PATIENCE, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["sugar"]
