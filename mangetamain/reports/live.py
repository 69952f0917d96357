"""What one sees while reports are made: a live table in a terminal, or a line of JSON for each event where asked."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mangetamain.language import N_, in_english, plural, say
from mangetamain.reports.batch import Event, Outcome, Step
from mangetamain.safe_text import json_text, visible

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console, Group


@contextmanager
def watch(todo: Sequence[Step], console: Console, as_json: bool) -> Iterator[Any]:
    """Give a function that shows events: as JSON lines where asked, else in a terminal as a live table."""

    def write(event: Event) -> None:
        if as_json and event.kind != "progress":
            console.file.write(json_line(event) + "\n")
            console.file.flush()

    if as_json or not console.is_terminal:
        yield write
        return
    from rich.live import Live

    table = Table(len(todo))
    with Live(get_renderable=table.render, console=console, refresh_per_second=4, transient=True):
        yield table.take


def json_line(event: Event) -> str:
    """Write an event as one line of JSON."""
    fields = {"event": event.kind, "report": event.run.name, "key": event.key, "note": in_english(event.note)}
    return json_text({name: value for name, value in fields.items() if value})


def passed_over(odd: Sequence[str]) -> str:
    """Say in one line which folders hold no record that can be read."""
    names = ", ".join(odd[:3]) + (", ..." if odd[3:] else "")
    problem = say("passed over without a readable record: {names}", names=names)
    return f"mangetamain: {problem}"


def closing(ended: Outcome, index: Path, odd: Sequence[str], console: Console, as_json: bool) -> None:
    """Say how a batch ended: in words, or as a last line of JSON."""
    if as_json:
        counts = {"made": ended.finished, "there": ended.skipped, "failed": len(ended.failed)}
        fields = {"event": "ended", **counts, "stopped": ended.stopped, "index": str(index), "odd": list(odd)}
        console.file.write(json_text(fields) + "\n")
        return
    lines = [f"mangetamain: {sentence}" for sentence in ended.failed.values()]
    lines += [passed_over(odd)] if odd else []
    text = N_("{made} made, {skipped} there already, {failed} failed; see {index}")
    counts = {"made": ended.finished, "skipped": ended.skipped, "failed": len(ended.failed)}
    lines.append(str(say(text, **counts, index=str(index))))
    if ended.stopped:
        lines.append(str(say("Stopped; start again to go on with the rest.")))
    console.file.write(visible("\n".join(lines), "\n") + "\n")


class Table:
    """The state of a batch, as its events tell it."""

    def __init__(self, total: int) -> None:
        self.total, self.began = total, time.monotonic()
        self.running: dict[str, tuple[Event, float]] = {}
        self.counts = {"finished": 0, "skipped": 0, "failed": 0}
        self.failures: list[Event] = []

    def take(self, event: Event) -> None:
        """Follow an event."""
        if event.kind == "started":
            self.running[event.key] = (event, time.monotonic())
        elif event.kind == "progress" and event.key in self.running:
            self.running[event.key] = (event, self.running[event.key][1])
        elif event.kind in self.counts:
            self.running.pop(event.key, None)
            self.counts[event.kind] += 1
            if event.kind == "failed":
                self.failures.append(event)

    def left(self, now: float) -> float | None:
        """Estimate the seconds left by the reports made so far; None before the first."""
        made = self.counts["finished"] + self.counts["failed"]
        rest = self.total - sum(self.counts.values())
        return (now - self.began) / made * rest if made else None

    def render(self) -> Group:
        """Draw counts, time left and the running reports."""
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table as Grid
        from rich.text import Text

        now = time.monotonic()
        left = self.left(now)
        ended = sum(self.counts.values())
        text = plural(
            "{ended} of {n} report ({finished} finished, {skipped} skipped, {failed} failed)",
            "{ended} of {n} reports ({finished} finished, {skipped} skipped, {failed} failed)",
        )
        head = Text(str(say(text, ended=ended, n=self.total, **self.counts)))
        if left is not None:
            head.append(str(say(", about {seconds} s left", seconds=round(left))))
        grid = Grid.grid(padding=(0, 2))
        grid.add_row(head, ProgressBar(total=max(self.total, 1), completed=ended, width=30), "")
        for event, since in self.running.values():
            bar = ProgressBar(total=max(event.total, 1), completed=event.done, width=30)
            grid.add_row(Text(f"  {event.run.name}"), bar, f"{now - since:.0f} s")
        failed = (say("failed: {reason}", reason=event.note) for event in self.failures[-5:])
        return Group(grid, *(Text(f"  {text}", style="red") for text in failed))
