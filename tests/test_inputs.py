"""What people and their machines hand to the command line: never a traceback, never exit code 1."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from mangetamain.warehouse import build
from tests.command import command
from tests.conftest import MEASURED, ROOT
from tests.waiting import PATIENCE

COMMAND = Path(sys.executable).with_name("mangetamain")
NINES = "9" * 5000
BAD = {
    "data of nobody": (["status"], {"MANGETAMAIN_DATA": "~nouser/x"}),
    "state of nobody": (["status"], {"MANGETAMAIN_STATE": "~nouser/x"}),
    "deliveries of nobody": (["journal"], {"MANGETAMAIN_DELIVERY": "~nouser/x"}),
    "source of nobody": (["build", "~nouser/x"], {}),
    "report of nobody": (["report", "show", "~nouser/x"], {}),
    "reports of nobody": (["report", "list", "--in", "~nouser/x"], {}),
    "long sample": (["build", f"sample:{NINES}"], {}),
    "large sample": (["build", "sample:99999999999999999999"], {}),
    "long minutes": (["build", "sample:20", "--minutes", f"1-{NINES}"], {}),
    "long steps": (["build", "sample:20", "--steps", f"1-{NINES}"], {}),
    "long ingredients": (["build", "sample:20", "--ingredients", f"{NINES}-{NINES}"], {}),
    "large minutes": (["build", "sample:20", "--minutes", "1-99999999999999999999"], {}),
    "many quantiles": (["build", "sample:20", "--quantiles", NINES], {}),
    "long years": (["answers", "-p", f"years={NINES}"], {}),
    "bytes for a notebook": (["answers", b"\xff"], {}),
    "bytes for a value": (["answers", "-p", b"years=\xff"], {}),
    "bytes for a source": (["build", b"\xff"], {}),
    "bytes for the data": (["build", "sample:20"], {"MANGETAMAIN_DATA": b"/tmp/\xff/x"}),
    "data are a file": (["build", "sample:20"], {"MANGETAMAIN_DATA": "/etc/passwd"}),
    "pins in a file": (["pin", "preprod"], {"MANGETAMAIN_DATA": "/etc/passwd"}),
    "a long name": (["status"], {"MANGETAMAIN_DATA": "/tmp/" + "a" * 5000}),
}


def run(*words, home, cwd=ROOT, **more):
    environment = {**os.environ, **MEASURED, "MANGETAMAIN_DATA": str(home), "NO_COLOR": "1", **more}
    return subprocess.run(
        [COMMAND, *words], capture_output=True, env=environment, cwd=cwd, timeout=PATIENCE, check=False
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("inputs")
    build("sample:200", home=home)
    return home


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_one_sentence_and_exit_code_2(name, home):
    words, variables = BAD[name]
    # Bytes that are no text reach a process alone.
    plain = all(isinstance(text, str) for text in (*words, *variables.values()))
    done = (command if plain else run)(*words, home=home, **variables)
    told = done.stderr if plain else done.stderr.decode()
    assert done.returncode == 2, told
    assert "Traceback" not in told
    assert len(told.splitlines()) == 1, told


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
def test_a_terminal_of_another_encoding_gets_the_nearest(encoding, home):
    done = run("answers", "trends", "--lang", "fr", home=home, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode("utf-8" if encoding == "ascii" else encoding)  # which typer takes for a mistake
    assert "Tendances" in text
    assert "\\u" not in text


def test_a_reader_that_goes_away_ends_it_quietly(home):
    words = f"{COMMAND} answers --json | head -c 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", words], env={**os.environ, "MANGETAMAIN_DATA": str(home)}, capture_output=True, check=False
    )
    assert done.returncode in (0, 141)
    assert done.stderr == b""


def test_a_full_disk_behind_standard_output_is_one_sentence(home):
    words = [COMMAND, "status"]
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            words, stdout=full, stderr=subprocess.PIPE, env={**os.environ, "MANGETAMAIN_DATA": str(home)}, check=False
        )
    assert done.returncode == 2, done.stderr
    assert done.stderr.splitlines() == [done.stderr.strip()]
    assert b"No space left" in done.stderr


def test_a_working_folder_that_is_gone_does_no_harm(home, tmp_path):
    words = f"mkdir gone && cd gone && rmdir ../gone && exec {COMMAND} status"
    environment = {**os.environ, "MANGETAMAIN_DATA": str(home)}
    done = subprocess.run(["sh", "-c", words], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def traps(tmp_path, monkeypatch):
    """A user's folder with modules called like ours and Python's, and a user's kernel of another Python."""
    for name in ("mangetamain", "random", "json", "numpy", "duckdb"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('the wrong module')\n")
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    argv = ["/no/such/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "stale", "language": "python"}))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    return tmp_path


def test_the_package_runs_as_a_module_beside_others_of_python_s_names(traps, home):
    (traps / "mangetamain.py").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "mangetamain", "status"], cwd=traps, capture_output=True, check=False,
        env={**os.environ, "MANGETAMAIN_DATA": str(home)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_kernels_are_of_this_python_whatever_a_user_s_folder_says(traps):
    from mangetamain.kernelspec import OwnKernel, OwnKernels

    assert OwnKernels().get_kernel_spec("python3").argv[0] == sys.executable
    assert OwnKernels().get_all_specs()["python3"]["spec"]["argv"][0] == sys.executable
    assert OwnKernel().kernel_spec.argv[0] == sys.executable


def on_a_terminal(words, cwd, home):
    """Run a command on a terminal of its own; give its exit code and what it showed."""
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(cwd)
        os.environ.update(MEASURED, MANGETAMAIN_DATA=str(home), BROWSER="/bin/echo opened %s")
        os.environ.update(TERM="xterm", COLUMNS="200")
        os.execv(COMMAND, [str(COMMAND), *words])
    shown = b""
    while True:
        try:
            shown += (more := os.read(terminal, 65536))
        except OSError:
            break
        if not more:
            break
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def test_a_report_shows_a_person_a_bar_and_the_page_and_opens_it(home, tmp_path):
    code, shown = on_a_terminal(["report", "ratings", "--to", "out", "--open"], tmp_path, home)
    assert code == 0, shown
    assert "of 1 report" in shown
    assert "1 made" in shown
    assert '"event"' not in shown
    assert "report.html" in shown
    assert "opened file://" in shown


def test_a_report_runs_by_this_python_and_its_modules_and_tells_json_on_a_terminal_when_asked(home, traps):
    code, shown = on_a_terminal(["report", "ratings", "--to", "out", "--json"], traps, home)
    assert code == 0, shown
    assert list((traps / "out").glob("ratings_*/report.html"))
    events = [json.loads(line)["event"] for line in shown.splitlines() if line.startswith("{")]
    assert events == ["started", "finished", "ended"]
    assert shown.splitlines()[-1].startswith("out/ratings_")
