"""The command line speaks its user's language: an option's, else the environment's, else English."""

import json
import logging
import threading

import pytest
from typer.testing import CliRunner

from mangetamain.cli import speech
from mangetamain.cli.app import app, ended_by
from mangetamain.errors import BadInput
from mangetamain.language import in_english, say, speak, speaking, spoken
from mangetamain.logs import Log
from tests.conftest import write_official_files


@pytest.fixture
def said(monkeypatch, tiny_home, capsys):
    """Run a command as somebody's environment has it, and return its exit code, output and complaints."""
    monkeypatch.setenv("MANGETAMAIN_DATA", str(tiny_home))
    for name in speech.VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def run(*words, **variables):
        with monkeypatch.context() as patched:
            for name, value in variables.items():
                patched.setenv(name, value)
            done = CliRunner().invoke(app, list(words))
        code = done.exit_code
        if done.exception and not isinstance(done.exception, SystemExit):
            code = ended_by(done.exception)
        return code, done.stdout, done.stderr + capsys.readouterr().err

    yield run
    speech.begin("en")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "fr_CA@euro"}, "fr"),
        ({"LANG": "FR.utf8"}, "fr"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "frp_FR"}, "en"),
        ({"LANG": "fr_FR", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB", "LC_MESSAGES": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR", "LC_MESSAGES": "fr_FR", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB", "LC_MESSAGES": "en_GB", "LC_ALL": "fr_FR"}, "fr"),
        ({"LANG": "fr_FR", "LC_MESSAGES": "", "LC_ALL": ""}, "fr"),
        ({"LANGUAGE": "fr", "LC_CTYPE": "fr_FR"}, "en"),
    ],
)
def test_the_environment_names_a_language_in_posix_order(variables, expected):
    assert speech.of_environment(variables) == expected


# What a French user and the C locale see of an error, of the status, and of a report's list.
COMMANDS = [
    (["answers", "trend"], "There is no notebook 'trend'", "Il n’y a pas de notebook «\u202ftrend\u202f»"),
    (["report", "show", "none"], "There is no report 'none'", "Il n’y a pas de rapport «\u202fnone\u202f»"),
    (["status"], "Cleaning", "Nettoyage"),
    (["status"], "fingerprint", "empreinte"),
    (["report", "list"], "passed over without a readable record: odd", "ignorés, sans fiche lisible\u00a0: odd"),
]


@pytest.mark.parametrize(("words", "english", "french"), COMMANDS)
def test_a_french_user_is_answered_in_french_and_the_c_locale_in_english(said, tmp_path, words, english, french):
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "record.json").write_text("{}")
    words = [*words, "--in", str(tmp_path)] if words[0] == "report" else words
    for variables, options, expected, other in (
        ({"LANG": "fr_FR.UTF-8"}, [], french, english),
        ({"LANG": "C.UTF-8"}, ["--lang", "fr"], french, english),
        ({"LANG": "C"}, [], english, french),
        ({"LANG": "fr_FR.UTF-8"}, ["--lang", "en"], english, french),
    ):
        code, out, err = said(*options, *words, **variables)
        assert code == (2 if words[0] == "answers" or "show" in words else 0)
        assert expected in out + err
        assert other not in out + err


def test_the_option_of_a_command_rules_over_all_others(said):
    _, out, _ = said("--lang", "en", "answers", "trends", "--lang", "fr")
    assert out.splitlines()[1] == "Tendances"
    _, _, err = said("--lang", "fr", "answers", "trend", "--lang", "en")
    assert "There is no notebook" in err
    assert said("--lang", "fr", "answers", "trends")[1].splitlines()[1] == "Tendances"
    assert said("answers", "trends", LANG="fr_FR")[1].splitlines()[1] == "Tendances"
    assert said("answers", "trends")[1].splitlines()[1] == "Trends"


@pytest.mark.parametrize("words", [["--lang", "xx", "status"], ["answers", "--lang", "xx"]])
def test_a_language_that_is_not_spoken_is_refused_in_one_sentence(said, words):
    code, out, err = said(*words)
    assert (code, out, err) == (2, "", "mangetamain: lang cannot be 'xx': expected one of en, fr.\n")


@pytest.mark.parametrize("words", [["status"], ["answers", "ratings"], ["report", "list"]], ids=lambda words: words[0])
def test_json_does_not_follow_the_environment(said, words, monkeypatch, tmp_path):
    monkeypatch.setenv("MANGETAMAIN_STATE", str(tmp_path))
    code, english, _ = said(*words, "--json")
    assert said(*words, "--json", LANG="fr_FR.UTF-8")[:2] == (code, english)
    json.loads(english)


def test_sentences_in_json_are_in_a_language_that_was_asked_for(said):
    for words in (["--lang", "fr", "answers", "ratings"], ["answers", "ratings", "--lang", "fr"]):
        sentences = [each["sentence"] for each in json.loads(said(*words, "--json")[1])]
        assert any("étoiles" in sentence for sentence in sentences)


def test_what_a_build_does_is_told_in_french(said, tmp_path, monkeypatch):
    monkeypatch.setenv("MANGETAMAIN_DATA", str(tmp_path / "home"))
    code, out, err = said("build", str(write_official_files(tmp_path / "raw")), LANG="fr_FR.UTF-8")
    assert code == 0
    assert "Nettoyage recipes, duration (1 to 180)\u00a0: 1 retirée, 9 restantes" in err
    assert "réponse de trends\u00a0: volume" in err
    assert "construit" in out
    assert not [line for line in err.splitlines() if line.startswith(("Cleaning", "Making", "Loading", "answering"))]


def test_an_error_is_worded_when_it_is_shown_not_when_it_is_raised():
    error = BadInput("The parameter {name} is given twice.", name="x")
    with speaking("fr"):
        assert str(error) == "Le paramètre x est donné deux fois."
        assert in_english(error) == "The parameter x is given twice."
        assert spoken() == "fr"
    assert str(error) == "The parameter x is given twice."


def test_threads_speak_as_their_process_does_and_the_log_stays_english(tmp_path):
    heard = []
    speak("fr")
    try:
        thread = threading.Thread(target=lambda: heard.append(str(say("Cleaning"))))
        thread.start()
        thread.join()
        log = Log("command", tmp_path, logging.DEBUG)
        error = BadInput("The parameter {name} is given twice.", name="x")
        log.emit(logging.LogRecord("x", logging.ERROR, "f", 1, "it is: %s", (error,), (BadInput, error, None)))
        log.close()
    finally:
        speak("en")
    assert heard == ["Nettoyage"]
    line = json.loads((tmp_path / "debug.log").read_text())
    assert line["message"] == "it is: The parameter x is given twice."
    assert "twice" in line["traceback"]
