"""Many reports at once: nothing finished is done again, nothing is half there, no failure spreads."""

import json
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from mangetamain.reports import Event, NoRoom, Registry, Run, batch, jobs_that_fit, run_of, steps
from mangetamain.reports.live import Table, json_line
from mangetamain.themes import Theme, theme
from tests.command import PATIENT, told_to_end
from tests.conftest import ROOT
from tests.reports.conftest import YEARS, runs
from tests.waiting import PATIENCE, eventually


def do(todo, registry, con, jobs=2, formats=("html",), tell=lambda _: None):
    return batch(todo, registry, con, formats=formats, jobs=jobs, timeout=PATIENCE, tell=tell)


def test_what_is_there_is_skipped_and_forced_when_told(con, made):
    todo = steps(runs(3), made, con.info, ("html",), force=False)
    assert [step.todo for step in todo] == ["skip", "skip", "run"]
    again = do(todo, made, con)
    assert (again.finished, again.skipped) == (1, 2)
    assert {step.todo for step in steps(runs(3), made, con.info, ("html",), force=True)} == {"run"}
    assert (made.folder / "index.html").read_text("utf-8").count('report.html"') == 3


def test_another_format_needs_no_kernel(con, made, monkeypatch):
    monkeypatch.setattr("papermill.execute_notebook", lambda *_, **__: pytest.fail("a kernel was started"))
    todo = steps(runs(1), made, con.info, ("html", "md", "csv"), force=False)
    assert [(step.todo, step.missing) for step in todo] == [("export", ("md", "csv"))]
    assert do(todo, made, con, formats=("html", "md", "csv")).finished == 1
    assert made.done(todo[0].run, todo[0].key)["formats"] == ["html", "ipynb", "md", "csv"]


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


def test_a_failing_report_stops_no_other(con, made, tmp_path):
    bad = tmp_path / "trends.ipynb"
    bad.write_text(theme("trends").path.read_text("utf-8").replace("con = mm.connect(", "raise ValueError('no')  # "))
    events = []
    plan = [Run(Theme("trends", bad), run_of(theme("trends"), {}).parameters), *runs(3)]
    ended = do(steps(plan, made, con.info, ("html",), force=False), made, con, tell=events.append)
    assert (ended.finished, ended.skipped) == (1, 2)
    assert list(ended.failed) == ["trends"]
    assert "ValueError: no" in str(ended.failed["trends"])
    kinds = [event.kind for event in events if event.run.name == "trends" and event.kind != "progress"]
    assert kinds == ["started", "failed"]
    # A failed report is not done: it is run again.
    assert steps(plan[:1], made, con.info, ("html",), force=False)[0].todo == "run"


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


def test_a_disk_that_fills_midway_keeps_what_is_finished(con, made, monkeypatch):
    import errno

    module, count = sys.modules["mangetamain.reports.batch"], []
    real = module.make

    def make(*args, **kwargs):
        count.append(1)
        if len(count) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*args, **kwargs)

    monkeypatch.setattr(module, "make", make)
    with pytest.raises(NoRoom, match="is full; what is finished stays"):
        do(steps(runs(4), made, con.info, ("html",), force=False), made, con, jobs=1)
    assert len(made.records()) == 3


@pytest.mark.parametrize(
    ("processors", "free", "jobs"),
    [(2, 64e9, 2), (8, 1.6e9, 3), (8, 0.4e9, 1), (None, 64e9, 1)],
    ids=["as many as there are processors", "as many as memory has room for", "one at least", "who knows how many"],
)
def test_jobs_fit_the_machine(processors, free, jobs, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=int(free)))
    assert jobs_that_fit() == jobs


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
    words = ["report", "--grid", str(plan), "--to", str(folder), "--jobs", "2", "--json", *more]
    return told_to_end([*PATIENT, *words], cwd=ROOT, env={**os.environ, "MANGETAMAIN_DATA": str(home)})


def finished(folder):
    paths = [path for path in folder.glob("*/record.json") if not path.parent.name.startswith(".")]
    return {path.parent.name: path.stat().st_mtime_ns for path in paths}


def wait_for(folder, count, process):
    def there():
        assert process.poll() is None, process.communicate()
        return len(finished(folder)) >= count

    eventually(there)


def plan_of(tmp_path, per_theme):
    spans = ", ".join(YEARS[:per_theme])
    blocks = "\n".join(f"  - notebook: {name}\n    grid: {{years: [{spans}]}}" for name in ("trends", "ratings"))
    (tmp_path / "plan.yaml").write_text(f"runs:\n{blocks}\n")
    return tmp_path / "plan.yaml"


def test_runs_killed_halfway_go_on_where_they_were(home, tmp_path):
    plan, folder = plan_of(tmp_path, 2), tmp_path / "out"
    first = started(plan, folder, home)
    wait_for(folder, 1, first)
    first.kill()
    first.communicate()
    kept = finished(folder)
    assert 1 <= len(kept) < 4
    second = started(plan, folder, home)
    _, told = second.communicate(timeout=PATIENCE)
    assert second.returncode == 0, told
    now = finished(folder)
    assert len(now) == 4
    assert {name: now[name] for name in kept} == kept
    assert not list(folder.glob(".making-*"))
    events = [json.loads(line) for line in told.splitlines()]
    assert sum(event["event"] == "finished" for event in events) == 4 - len(kept)
    assert (events[-1]["made"], events[-1]["there"], events[-1]["failed"]) == (4 - len(kept), len(kept), 0)


def test_a_forced_run_that_is_interrupted_costs_no_good_report(home, made, tmp_path):
    (tmp_path / "plan.yaml").write_text(
        f"runs:\n  - notebook: ratings\n    grid: {{years: [{', '.join(YEARS[:2])}]}}\n"
    )
    good = finished(made.folder)
    assert len(good) == 2
    process = started(tmp_path / "plan.yaml", made.folder, home, "--force")
    assert json.loads(process.stderr.readline())["event"] == "started"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert finished(made.folder).keys() == good.keys()
    assert {json.loads(path.read_text())["outcome"] for path in made.folder.glob("*/record.json")} == {"done"}
    assert not list(made.folder.glob(".*"))


def test_a_forced_run_that_fails_costs_no_good_report(con, made, monkeypatch):
    todo = runs(1)
    monkeypatch.setattr("papermill.execute_notebook", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("no kernel")))
    ended = do(steps(todo, made, con.info, ("html",), force=True), made, con)
    assert "died" in str(ended.failed[todo[0].name])
    assert steps(todo, made, con.info, ("html",), force=False)[0].todo == "skip"


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
    assert process.pid not in [parent.info["ppid"] for parent in psutil.process_iter(["ppid"])]
