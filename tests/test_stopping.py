"""How commands end when they are told to: real processes, real signals, at many moments."""

import contextlib
import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from mangetamain.warehouse import build, connect
from tests.command import PATIENT, told_to_end
from tests.conftest import ROOT, write_official_files
from tests.waiting import PATIENCE, eventually
from tools.serving import free_port

ENDED = {signal.SIGINT: 130, signal.SIGTERM: 143}


@pytest.fixture
def place():
    """A data folder, with a folder for temporary files of its own that must be empty in the end."""
    with tempfile.TemporaryDirectory(prefix="mm-") as short:  # kernels' sockets lie in it, and their names are bounded
        (Path(short) / "tmp").mkdir()
        yield Path(short)


# Holds a command where it has said a line with a word, until it is told to go on: a signal meanwhile finds it there.
HELD = """
import os, signal, sys
say, said = sys.stderr.write, ""
def held(text):
    global said
    done, said = say(text), said + text
    if {word!r} in said and said.endswith("\\n"):
        said = ""  # held once
        sys.stderr.flush()
        os.kill(os.getpid(), signal.SIGSTOP)
    return done
sys.stderr.write = held
"""


@contextlib.contextmanager
def started(place, *words, held_at="", **extra):
    environment = {**os.environ, "MANGETAMAIN_DATA": str(place / "home"), "TMPDIR": str(place / "tmp"), **extra}
    python, option, code = PATIENT
    before = HELD.format(word=held_at) if held_at else ""
    process = told_to_end([python, option, before + code, *words], env=environment, cwd=place)
    try:
        yield process
    finally:
        for each in family(place):
            each.kill()
        process.kill()
        process.communicate()


def family(place):
    """Who lives with this test's folder for temporary files: the command and whatever it started."""
    found = []
    for each in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if each.environ().get("TMPDIR") == str(place / "tmp") and each.status() != psutil.STATUS_ZOMBIE:
                found.append(each)
    return found


def ended_well(place, process, number, said=True):
    """Send a signal, and hold the end to what is right."""
    process.send_signal(number)
    process.send_signal(signal.SIGCONT)
    out, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == ENDED[number], out + told
    assert "Traceback" not in told
    assert not said or told.splitlines()[-1] == "mangetamain: stopped."
    errors = place / "home" / "logs" / "error.log"
    assert not errors.exists() or errors.read_text() == ""
    assert family(place) == []
    assert list((place / "tmp").iterdir()) == []
    warehouse = place / "home" / "warehouse"
    assert not [*warehouse.glob("draft-*"), *(place / "home" / "cache").glob("ingest-*")]
    if (warehouse / "build.lock").exists():
        with (warehouse / "build.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return out, told


def listens(process):
    """Say whether a command has begun to listen; before that a signal ends Python itself, in its own words."""
    assert process.poll() is None, "it ended before it was told to"
    caught = Path(f"/proc/{process.pid}/status").read_text().partition("SigCgt:")[2].split()[0]
    return bool(int(caught, 16) >> signal.SIGHUP - 1 & 1)  # which nobody else here listens to


def until(process, word):
    """Read what a command says until it says a word."""
    for line in process.stderr:
        if word in line:
            return
    raise AssertionError(f"it ended before {word!r}")


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("Making 2,000", signal.SIGINT), ("Cleaning recipes", signal.SIGTERM), ("Making the cubes", signal.SIGINT),
        ("Writing the warehouse", signal.SIGTERM), ("Writing the warehouse", signal.SIGINT),
    ],
)  # fmt: skip
def test_a_build_that_is_told_to_end_makes_nothing_current(word, number, place):
    with started(place, "build", "sample:2000", held_at=word) as process:
        until(process, word)
        eventually(lambda: psutil.Process(process.pid).status() == psutil.STATUS_STOPPED)
        ended_well(place, process, number)
    assert not list((place / "home" / "warehouse").glob("*.duckdb"))


def test_a_build_of_files_leaves_no_scratch(place):
    raw = write_official_files(place / "raw")
    with started(place, "build", str(raw)) as process:
        until(process, "Reading")
        ended_well(place, process, signal.SIGINT)


@pytest.mark.slow
def test_a_build_ends_well_at_any_moment(place):
    moments = random.Random(7)
    for _ in range(6):
        with started(place, "build", "sample:20000") as process:
            eventually(lambda: listens(process))
            time.sleep(moments.random() * 3)
            ended_well(place, process, signal.SIGINT)
        assert not list((place / "home" / "warehouse").glob("*.duckdb"))


def test_what_swallows_the_signal_is_ended_all_the_same(place):
    script = (
        "import sys, time; from mangetamain import stopping; from mangetamain.cli import app, entry\n"
        "stopping.END_SECONDS = 0.5\n"
        "def deaf():\n"
        "    while True:\n"
        "        try: print('deaf', file=sys.stderr, flush=True); time.sleep(60)\n"
        "        except KeyboardInterrupt: pass\n"
        "app.main = deaf; entry.main()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        until(process, "deaf")
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 143
    assert told.splitlines()[-1] == "mangetamain: stopped."


def test_a_swallowed_signal_makes_nothing_current(place):
    """DuckDB's own handler may eat it: what comes right before the switch asks again."""
    script = (
        "import importlib, signal, sys; from mangetamain.cli import entry\n"
        "b = importlib.import_module('mangetamain.warehouse.build')\n"
        "import contextlib; before = b.closing\n"
        "@contextlib.contextmanager\n"
        "def eaten(con):\n"
        "    with before(con): yield con\n"
        "    try: signal.raise_signal(signal.SIGINT)\n"
        "    except KeyboardInterrupt: pass\n"
        "b.closing = eaten; sys.argv = ['mangetamain', 'build', 'sample:20']; entry.main()"
    )
    environment = {**os.environ, "MANGETAMAIN_DATA": str(place / "home")}
    with told_to_end([sys.executable, "-c", script], env=environment, cwd=ROOT) as process:
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, told
    assert not list((place / "home" / "warehouse").glob("*.duckdb"))


@pytest.fixture(scope="module")
def unanswered(tmp_path_factory):
    """A data folder in which no answer is known."""
    home = tmp_path_factory.mktemp("unanswered")
    build("sample:2000", home=home)
    return home


@pytest.mark.parametrize("number", ENDED)
def test_answers_end_at_a_word(number, place, unanswered):
    shutil.copytree(unanswered, place / "home", symlinks=True)
    with started(place, "answers", "-p", "years=2003-2011", PYTHONUNBUFFERED="1") as process:
        assert process.stdout.readline() == "\n"
        ended_well(place, process, number)
    assert connect(place / "home").info.source == "sample:2000"


@pytest.mark.parametrize("number", ENDED)
def test_a_site_ends_with_its_kernels(number, place, tiny_home):
    shutil.copytree(tiny_home, place / "home", symlinks=True, ignore=shutil.ignore_patterns("answers", "logs", "cache"))
    with started(place, "serve", "--port", str(free_port())) as process:
        assert "is served" in process.stdout.readline()
        wait_for_kernels(process)
        ended_well(place, process, number)


@pytest.mark.parametrize("number", ENDED)
def test_lab_ends_with_jupyterlab(number, place):
    words = ["lab", "--", "--no-browser", "--allow-root", f"--ServerApp.port={free_port()}"]
    folders = {"JUPYTER_RUNTIME_DIR": str(place / "run"), "JUPYTER_CONFIG_DIR": str(place / "config")}
    with started(place, *words, **folders) as process:
        until(process, "is running at")
        assert len(family(place)) >= 2
        ended_well(place, process, number)


def wait_for_kernels(process):
    eventually(psutil.Process(process.pid).children)
