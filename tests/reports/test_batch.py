"""Many reports at once: nothing finished is done again, nothing is half there, no failure spreads."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from mangetamain.reports import Event, NoRoom, Registry, Run, batch, jobs_that_fit, run_of, steps
from mangetamain.reports.live import Table, json_line
from mangetamain.themes import Theme, theme
from tests.conftest import ROOT
from tests.waiting import PATIENCE

YEARS = [f"{first}-{last}" for first in range(1999, 2009) for last in range(2014, 2019)]


def runs(count, *, lang="en"):
    return [run_of(theme("ratings"), {"years": span, "lang": lang}) for span in YEARS[:count]]


def do(todo, registry, con, jobs=2, formats=("html",), tell=lambda _: None):
    return batch(todo, registry, con, formats=formats, jobs=jobs, timeout=PATIENCE, tell=tell)


def test_what_is_there_is_skipped_and_forced_when_told(con, tmp_path):
    registry, formats = Registry(tmp_path / "out"), ("html",)
    first = do(steps(runs(3), registry, con.info, formats, force=False), registry, con)
    assert (first.finished, first.skipped) == (3, 0)
    todo = steps(runs(4), registry, con.info, formats, force=False)
    assert [step.todo for step in todo] == ["skip", "skip", "skip", "run"]
    again = do(todo, registry, con)
    assert (again.finished, again.skipped) == (1, 3)
    assert {step.todo for step in steps(runs(4), registry, con.info, formats, force=True)} == {"run"}
    assert (tmp_path / "out" / "index.html").read_text("utf-8").count('report.html"') == 4


def test_another_format_needs_no_kernel(con, tmp_path, monkeypatch):
    registry = Registry(tmp_path / "out")
    do(steps(runs(1), registry, con.info, ("html",), force=False), registry, con)
    monkeypatch.setattr("papermill.execute_notebook", lambda *_, **__: pytest.fail("a kernel was started"))
    todo = steps(runs(1), registry, con.info, ("html", "md", "csv"), force=False)
    assert [(step.todo, step.missing) for step in todo] == [("export", ("md", "csv"))]
    assert do(todo, registry, con, formats=("html", "md", "csv")).finished == 1
    assert registry.records()[0]["formats"] == ["html", "ipynb", "md", "csv"]


def test_other_code_parameters_or_data_are_another_report(con, tmp_path):
    from dataclasses import replace

    run, info = run_of(theme("trends"), {}), con.info
    copy = tmp_path / "trends.ipynb"
    copy.write_text(theme("trends").path.read_text("utf-8").replace("## How many?", "## How much?"))
    others = [(run_of(theme("trends"), {"lang": "fr"}), info), (Run(Theme("trends", copy), run.parameters), info)]
    others.append((run, replace(info, fingerprint="0" * 16)))
    keys = [
        steps([each], Registry(tmp_path), card, ("html",), force=False)[0].key for each, card in [(run, info), *others]
    ]
    assert len(set(keys)) == 4


def test_a_failing_report_stops_no_other(con, tmp_path):
    bad = tmp_path / "trends.ipynb"
    bad.write_text(theme("trends").path.read_text("utf-8").replace("con = mm.connect()", "raise ValueError('no')"))
    registry, events = Registry(tmp_path / "out"), []
    plan = [Run(Theme("trends", bad), run_of(theme("trends"), {}).parameters), *runs(2)]
    ended = do(steps(plan, registry, con.info, ("html",), force=False), registry, con, tell=events.append)
    assert ended.finished == 2
    assert list(ended.failed) == ["trends"]
    assert "ValueError: no" in ended.failed["trends"]
    kinds = [event.kind for event in events if event.run.name == "trends" and event.kind != "progress"]
    assert kinds == ["started", "failed"]
    # A failed report is not done: it is run again.
    assert steps(plan[:1], registry, con.info, ("html",), force=False)[0].todo == "run"


def test_a_folder_that_cannot_take_reports_is_told_before_anything_runs(con, tmp_path):
    (tmp_path / "file").write_text("in the way")
    registry = Registry(tmp_path / "file" / "out")
    with pytest.raises(NoRoom, match="cannot be written to"):
        do(steps(runs(1), registry, con.info, ("html",), force=False), registry, con)


@pytest.mark.skipif(os.geteuid() != 0, reason="a small tmpfs can be mounted by root alone")
def test_a_full_disk_is_one_sentence_and_leaves_nothing(con, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this machine mounts no tmpfs")
    try:
        registry = Registry(disk / "out")
        with pytest.raises(NoRoom, match="too little room"):
            do(steps(runs(1), registry, con.info, ("html",), force=False), registry, con)
        assert list(registry.folder.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_fills_midway_keeps_what_is_finished(con, tmp_path, monkeypatch):
    import errno

    module = sys.modules["mangetamain.reports.batch"]
    registry, real = Registry(tmp_path / "out"), module.make
    count = []

    def make(*args, **kwargs):
        count.append(1)
        if len(count) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*args, **kwargs)

    monkeypatch.setattr(module, "make", make)
    with pytest.raises(NoRoom, match="is full; what is finished stays"):
        do(steps(runs(4), registry, con.info, ("html",), force=False), registry, con, jobs=1)
    assert len(registry.records()) == 1


def test_jobs_fit_the_machine():
    assert 1 <= jobs_that_fit() <= (os.cpu_count() or 1)


def test_the_live_table_tells_counts_time_left_and_failures():
    from rich.console import Console

    run, table = runs(1)[0], Table(4)
    assert table.left(table.began + 1) is None
    told = [("started", "a"), ("progress", "a"), ("finished", "a"), ("skipped", "b")]
    for kind, key in [*told, ("started", "c"), ("failed", "c"), ("started", "d")]:
        event = Event(kind, run, key, done=3, total=9, note="it broke" if kind == "failed" else "")
        table.take(event)
    assert table.left(table.began + 10) == pytest.approx(5)
    console = Console(width=120, record=True, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    console.print(table.render())
    text = console.export_text()
    assert "3 of 4 reports (1 finished, 1 skipped, 1 failed)" in text
    assert "it broke" in text
    assert json.loads(json_line(Event("failed", run, "c", note="it broke"))) == {
        "event": "failed", "report": run.name, "key": "c", "note": "it broke",
    }  # fmt: skip


def started(plan, folder, home, *more):
    words = ["report", "--grid", str(plan), "--to", str(folder), "--jobs", "2", *more]
    return subprocess.Popen(
        [sys.executable, "-m", "mangetamain", *words],
        cwd=ROOT,
        env={**os.environ, "MANGETAMAIN_DATA": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs ignore Ctrl-C, and their children would too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def finished(folder):
    paths = [path for path in folder.glob("*/record.json") if not path.parent.name.startswith(".")]
    return {path.parent.name: path.stat().st_mtime_ns for path in paths}


def wait_for(folder, count, process):
    end = time.monotonic() + 600
    while len(finished(folder)) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.1)


def plan_of(tmp_path, per_theme):
    spans = ", ".join(YEARS[:per_theme])
    blocks = "\n".join(f"  - notebook: {name}\n    grid: {{years: [{spans}]}}" for name in ("trends", "ratings"))
    (tmp_path / "plan.yaml").write_text(f"runs:\n{blocks}\n")
    return tmp_path / "plan.yaml"


@pytest.mark.slow
def test_a_hundred_runs_killed_halfway_go_on_where_they_were(sample_home, tmp_path):
    plan, folder = plan_of(tmp_path, 50), tmp_path / "out"
    first = started(plan, folder, sample_home)
    wait_for(folder, 50, first)
    first.kill()
    first.communicate()
    kept = finished(folder)
    assert 50 <= len(kept) < 100
    second = started(plan, folder, sample_home)
    _, told = second.communicate(timeout=3 * PATIENCE)
    assert second.returncode == 0, told
    now = finished(folder)
    assert len(now) == 100
    assert {name: now[name] for name in kept} == kept
    assert not list(folder.glob(".making-*"))
    events = [json.loads(line) for line in told.splitlines()]
    assert sum(event["event"] == "finished" for event in events) == 100 - len(kept)
    assert (events[-1]["made"], events[-1]["there"], events[-1]["failed"]) == (100 - len(kept), len(kept), 0)


def test_a_forced_run_that_is_interrupted_costs_no_good_report(home, tmp_path):
    plan, folder = plan_of(tmp_path, 2), tmp_path / "out"
    started(plan, folder, home).communicate(timeout=PATIENCE)
    good = finished(folder)
    assert len(good) == 4
    process = started(plan, folder, home, "--force")
    assert json.loads(process.stderr.readline())["event"] == "started"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert finished(folder).keys() == good.keys()
    assert {json.loads(path.read_text())["outcome"] for path in folder.glob("*/record.json")} == {"done"}
    assert not list(folder.glob(".*"))


def test_a_forced_run_that_fails_costs_no_good_report(con, tmp_path, monkeypatch):
    registry, todo = Registry(tmp_path / "out"), runs(1)
    do(steps(todo, registry, con.info, ("html",), force=False), registry, con)
    monkeypatch.setattr("papermill.execute_notebook", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("no kernel")))
    ended = do(steps(todo, registry, con.info, ("html",), force=True), registry, con)
    assert "died" in ended.failed[todo[0].name]
    assert steps(todo, registry, con.info, ("html",), force=False)[0].todo == "skip"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_and_sigterm_end_cleanly_and_keep_what_is_finished(home, tmp_path, number, code, monkeypatch):
    import psutil

    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    plan, folder = plan_of(tmp_path, 20), tmp_path / "out"
    process = started(plan, folder, home)
    wait_for(folder, 2, process)
    # Who is impatient is told the same.
    process.send_signal(number)
    process.send_signal(number)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, told
    events = [json.loads(line) for line in told.splitlines()]
    assert (events[-1]["event"], events[-1]["stopped"], events[-1]["failed"]) == ("ended", True, 0)
    assert not [event for event in events if event["event"] == "failed"]
    outcomes = [
        json.loads((place / "record.json").read_text())["outcome"] for place in map(folder.joinpath, finished(folder))
    ]
    assert len(outcomes) >= 2
    assert set(outcomes) == {"done"}
    assert not list(folder.glob(".*"))
    assert not list((tmp_path / "tmp").iterdir())
    assert not [child for child in psutil.process_iter() if child.ppid() == process.pid]
