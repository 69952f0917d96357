"""The log: lines of JSON that many processes write at once, turned over by size, with nothing personal in them."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest

from mangetamain import logs
from tests.command import command

WRITER = """
import logging, sys
from pathlib import Path
from mangetamain import logs
from tests.command import command
logs.FILE_BYTES = int(sys.argv[3])
logs.start("kernel", Path(sys.argv[1]))
for number in range(1000):
    logging.getLogger("mangetamain.test").info("line", extra={"writer": sys.argv[2], "number": number})
    if number == 0:
        print("ready", flush=True)
        sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Start without a log, and leave none."""
    for name in ("APP_ENV", logs.LEVEL, logs.STDOUT):
        monkeypatch.delenv(name, raising=False)
    yield
    for logger in (logging.getLogger(), logging.getLogger("mangetamain")):
        for handler in [handler for handler in logger.handlers if isinstance(handler, logs.Log)]:
            logger.removeHandler(handler)
            handler.close()


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]] if path.exists() else []


def test_a_line_says_when_where_and_what(tmp_path):
    logs.start("kernel", tmp_path / "logs")
    assert not (tmp_path / "logs").exists()
    logging.getLogger("mangetamain.actions").info("control moved", extra={"parameter": "of", "value": "steps"})
    [line] = lines(tmp_path / "logs" / logs.DEBUG_FILE)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO", "logger": "mangetamain.actions", "message": "control moved", "environment": "LOCAL",
        "process": "kernel", "pid": os.getpid(), "parameter": "of", "value": "steps",
    }  # fmt: skip


def test_a_traceback_is_one_line_of_the_error_file(tmp_path):
    logs.start("kernel", tmp_path)
    log = logging.getLogger("mangetamain.panels")
    log.info("all is well")
    try:
        raise ZeroDivisionError("of two\nlines")
    except ZeroDivisionError:
        log.exception("an answer failed")
    [line] = lines(tmp_path / logs.ERROR_FILE)
    assert line["traceback"].startswith("Traceback")
    assert line["traceback"].endswith("ZeroDivisionError: of two\nlines")
    assert [line["message"] for line in lines(tmp_path / logs.DEBUG_FILE)] == ["all is well", "an answer failed"]


@pytest.mark.parametrize(
    ("environment", "named", "level"),
    [
        ("", "", "debug"),
        ("preprod", "", "debug"),
        ("prod", "", "info"),
        ("PROD", "debug", "debug"),
        ("", "ERROR", "error"),
    ],
)
def test_the_level_follows_the_environment(environment, named, level, monkeypatch):
    monkeypatch.setenv("APP_ENV", environment)
    monkeypatch.setenv(logs.LEVEL, named)
    assert logs.level() == logs.LEVELS[level]


def test_production_does_not_write_what_is_for_finding_faults(tmp_path, monkeypatch):
    monkeypatch.setenv("APP_ENV", "prod")
    logs.start("site", tmp_path)
    logging.getLogger("mangetamain.requests").debug("request")
    logging.getLogger("mangetamain.requests").info("request", extra={"page": "trends"})
    assert [line.get("page") for line in lines(tmp_path / logs.DEBUG_FILE)] == ["trends"]


def test_a_level_that_is_none_is_one_sentence(tmp_path):
    done = command("status", home=tmp_path, **{logs.LEVEL: "debgu"})
    assert (done.returncode, done.stdout) == (2, "")
    expected = "expected one of debug, info, warning, error; did you mean debug?"
    assert done.stderr == f"mangetamain: {logs.LEVEL} cannot be 'debgu': {expected}\n"


def test_starting_again_writes_each_line_once_and_to_the_last_place(tmp_path):
    first = logs.start("kernel", tmp_path / "a")
    assert logs.start("kernel", tmp_path / "a") is first
    logs.start("command", tmp_path / "b")
    logging.getLogger("mangetamain").info("hello")
    assert not (tmp_path / "a").exists()
    assert len(lines(tmp_path / "b" / logs.DEBUG_FILE)) == 1


def test_a_folder_that_cannot_be_written_breaks_nothing(tmp_path, capfd):
    (tmp_path / "file").write_text("")
    assert logs.trouble(tmp_path / "file" / "logs") == "not a directory"
    assert logs.trouble(tmp_path / "logs") == ""
    logs.start("kernel", tmp_path / "file" / "logs")
    logging.getLogger("mangetamain").error("nobody hears this")
    assert capfd.readouterr() == ("", "")


def test_a_pipe_in_place_of_a_log_is_not_waited_for(tmp_path, capfd):
    os.mkfifo(tmp_path / logs.ERROR_FILE)
    logs.start("kernel", tmp_path)
    logging.getLogger("mangetamain").error("nobody hears this")
    assert capfd.readouterr() == ("", "")


def test_a_full_disk_breaks_nothing(tmp_path, capfd):
    (tmp_path / logs.DEBUG_FILE).symlink_to("/dev/full")
    logs.start("kernel", tmp_path)
    logging.getLogger("mangetamain").error("nobody hears this")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /trends?token=s3cret&of=steps (192.168.1.20)", "GET /trends?... (...)"),
        ("Request(uri='/?years=2002', remote_ip='2001:db8::7')", "Request(uri='/?...', remote_ip='...')"),
        ("from ::1 and ::ffff:10.0.0.1 at 12:30:45", "from ... and ... at 12:30:45"),
        ("'Authorization': 'token s3cret'", "'Authorization': '...'"),
        ("token=s3cret&x=1", "token=...&x=1"),
        ("cannot read s3://key:s3c/ret@bucket/x", "cannot read s3://...@bucket/x"),
        ("GET https://h/a.zip?X-Amz-Signature=s3cret failed", "GET https://h/a.zip?... failed"),
        ("Kernel started: 12345678-9abc-4def-8123-56789abcdef0", "Kernel started: 12345678"),
        ("did you mean years? duckdb 1.5.5, face: b", "did you mean years? duckdb 1.5.5, face: b"),
    ],
)  # fmt: skip
def test_what_libraries_say_of_a_visitor_is_hidden(said, kept, tmp_path):
    logs.start("site", tmp_path)
    try:
        raise ValueError(said)
    except ValueError:
        logging.getLogger("tornado.application").exception(said)
    [line] = lines(tmp_path / logs.ERROR_FILE)
    assert line["message"] == kept
    assert line["traceback"].endswith(f"ValueError: {kept}")


def test_what_is_told_beside_a_line_is_hidden_too(tmp_path):
    logs.start("command", tmp_path)
    told = {"command": ["https://user:s3cret@h/"], "data": {"source": ("a", "token=s3cret")}}
    logging.getLogger("mangetamain").info("\x1b[31mred\u202e\nnew", extra=told)
    raw = (tmp_path / logs.DEBUG_FILE).read_text("utf-8")
    [line] = lines(tmp_path / logs.DEBUG_FILE)
    assert (line["command"], line["data"]) == (["https://...@h/"], {"source": ["a", "token=..."]})
    assert not set(raw) & set("\x1b\u202e")


def written(folder):
    return [line for path in folder.glob("debug.log*") for line in lines(path)]


@pytest.mark.parametrize("size", [5_000_000, 180_000])
def test_processes_that_write_at_once_lose_no_line(size, tmp_path):
    """Also while the file is turned over: 4,000 lines are some 800 kB."""
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    writers = [subprocess.Popen([*command, name, str(size)], **pipes) for name in "abcd"]
    assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * 4
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.communicate(timeout=600)[0] for writer in writers] == [""] * 4
    found = sorted((line["writer"], line["number"]) for line in written(tmp_path))
    assert found == [(name, number) for name in "abcd" for number in range(1000)]
    assert (tmp_path / "debug.log.1").exists() == (size == 180_000)


def test_old_files_go_when_there_are_enough(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "FILE_BYTES", 2000)
    logs.start("kernel", tmp_path)
    for number in range(200):
        logging.getLogger("mangetamain").info("line", extra={"number": number})
    assert len(list(tmp_path.glob("debug.log*"))) == logs.OLD_FILES + 1
    assert max(path.stat().st_size for path in tmp_path.glob("debug.log*")) < 2500
    assert lines(tmp_path / "debug.log")[-1]["number"] == 199


def test_what_writes_the_log_is_loaded_by_the_first_line_only(tmp_path):
    code = (
        "import sys, logging; from pathlib import Path; from mangetamain import logs; import mangetamain.panels.panel\n"
        f"logs.start('kernel', Path({str(tmp_path)!r}))\n"
        "loaded = lambda: {'concurrent_log_handler', 'pythonjsonlogger'} & set(sys.modules)\n"
        "assert not loaded(); logging.getLogger('mangetamain').info('x'); assert len(loaded()) == 2"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
