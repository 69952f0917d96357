"""A batch: a plan run by several kernels at once, where what is finished is never done again and no failure spreads."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Literal

from mangetamain import stopping
from mangetamain.language import N_, Message
from mangetamain.reports.plan import Run
from mangetamain.reports.registry import NoRoom, Registry, key_of
from mangetamain.reports.run import ReportFailed, add_formats, make
from mangetamain.warehouse import BuildInfo, Warehouse

log = logging.getLogger(__name__)
Todo = Literal["run", "export", "skip"]
# A report of Trends takes about this much: page, executed notebook and answers.
REPORT_BYTES = 6_000_000
# A kernel that works an answer out takes about this much memory; more of them than fit would swap.
KERNEL_BYTES = 500_000_000


@dataclass(frozen=True)
class Step:
    """What is to be done for one run."""

    run: Run
    key: str
    todo: Todo
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    """Something that happened to a run: started, progressed, finished, skipped or failed."""

    kind: Literal["started", "progress", "finished", "skipped", "failed"]
    run: Run
    key: str
    done: int = 0
    total: int = 0
    note: str | Message = ""


@dataclass
class Outcome:
    """How a batch ended."""

    finished: int = 0
    skipped: int = 0
    failed: dict[str, str | Message] = field(default_factory=dict)
    stopped: bool = False


def steps(
    runs: Sequence[Run], registry: Registry, info: BuildInfo, formats: Collection[str], force: bool
) -> list[Step]:
    """Say for each run whether it must be run, needs another format, or is there already."""
    todo = []
    for run in runs:
        key = key_of(run, info.fingerprint)
        record = None if force else registry.done(run, key)
        missing = tuple(kind for kind in formats if kind not in record["formats"]) if record else ()
        todo.append(Step(run, key, "run" if record is None else "export" if missing else "skip", missing))
    return todo


def jobs_that_fit() -> int:
    """Return how many kernels this machine has processors and free memory for."""
    import psutil

    return max(1, min(os.cpu_count() or 1, int(psutil.virtual_memory().available // KERNEL_BYTES)))


def batch(
    todo: Sequence[Step],
    registry: Registry,
    con: Warehouse,
    *,
    formats: Collection[str],
    jobs: int,
    timeout: float,
    tell: Callable[[Event], None],
) -> Outcome:
    """Do the steps of a plan.

    Parameters
    ----------
    todo
        What `steps` said.
    registry
        Where reports go; it is opened first, so that a folder that cannot take them stops nothing halfway.
    con
        The warehouse that the steps were said of, held to its version.
    formats
        What to write of each report.
    jobs
        Kernels at once.
    timeout
        Seconds that one run may take, from its kernel's start to its last cell's end.
    tell
        Told of each event, one at a time.

    Returns
    -------
    Outcome
        Counts, and the sentence of each run that failed. After Ctrl-C `stopped` is set and finished reports stay.

    Raises
    ------
    NoRoom
        When the folder cannot be written or is full, before or midway.
    """
    registry.open(REPORT_BYTES * sum(step.todo == "run" for step in todo))
    work = _Work(registry, con, formats, timeout, tell)
    with ThreadPoolExecutor(jobs, thread_name_prefix="report") as pool:
        waiting: set[Future[None]] = set()
        try:
            for step in todo:
                waiting.add(pool.submit(work.do, step))
            while waiting:
                done, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()  # raises what `do` does: a full disk
        except BaseException as reason:
            work.stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            with stopping.in_peace():
                # Again and again: one may be about to start its kernel.
                while wait([future for future in waiting if not future.cancelled()], timeout=0.2).not_done:
                    _end_kernels()
            if not isinstance(reason, KeyboardInterrupt):
                raise
            work.outcome.stopped = True
    registry.write_index()
    return work.outcome


@dataclass
class _Work:
    """Does one step after the other for each thread of the pool, and counts how they end."""

    registry: Registry
    con: Warehouse
    formats: Collection[str]
    timeout: float
    listen: Callable[[Event], None]
    outcome: Outcome = field(default_factory=Outcome)
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def do(self, step: Step) -> None:
        """Do one step; only a full disk is raised."""
        if self.stop.is_set():
            return
        if step.todo == "skip":
            self._end(step, "skipped")
            return
        self.tell(Event("started", step.run, step.key))
        clock = time.monotonic()
        try:
            self._make(step)
        except ReportFailed as error:
            self._end(step, "failed", error.message)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                text = N_("The folder {folder} is full; what is finished stays.")
                raise NoRoom(text, folder=str(self.registry.folder)) from error
            self._end(step, "failed", str(error))
        except Exception as error:
            self._end(step, "failed", f"{type(error).__name__}: {error}")
        else:
            self._end(step, "finished", f"{time.monotonic() - clock:.1f} s")

    def _make(self, step: Step) -> None:
        if step.todo == "export":
            record, place = self.registry.done(step.run, step.key), self.registry.place(step.run, step.key)
            if record and add_formats(place, record, step.missing, self.con):
                return
        make(
            step.run, self.registry, self.con, formats=self.formats, timeout=self.timeout, stop=self.stop,
            progress=lambda done, total: self.tell(Event("progress", step.run, step.key, done, total)),
        )  # fmt: skip

    def tell(self, event: Event) -> None:
        """Pass an event on, one at a time."""
        with self.lock:
            self.listen(event)

    def _end(self, step: Step, kind: Any, note: str | Message = "") -> None:  # noqa: ANN401 - an Event's kind
        if kind == "failed" and self.stop.is_set():
            return  # interrupted: it is as if it had not begun
        if kind == "failed":
            log.error("a report of %s failed", step.run.theme.name, exc_info=True, extra={"report": step.key})
        with self.lock:
            if kind == "failed":
                self.outcome.failed[step.run.name] = note
            elif kind == "skipped":
                self.outcome.skipped += 1
            else:
                self.outcome.finished += 1
            self.listen(Event(kind, step.run, step.key, note=note))


def _end_kernels() -> None:
    """End the kernels that this process started, so that its threads can end too."""
    import psutil

    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it ended by itself
            if any("ipykernel" in word for word in child.cmdline()):
                child.kill()
