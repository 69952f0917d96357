"""What a page costs its reader and its server, beside a bare page with one figure: `python -m benchmarks.pages`.

Everything is measured in this run, in one browser, on a copy of the data folder's warehouse with no answers but those
that a build leaves. Medians of several loads; moves by hand of random measures and years that nobody has asked for yet.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.browsing import CLOCK, MOVE, bare_page, load, settle, weight
from mangetamain.assets import DRAWING
from mangetamain.charter import themed
from mangetamain.themes import fill, theme, themes
from mangetamain.warehouse import connect
from tools.chromium import FLAGS, find_or_install
from tools.serving import Server, serving

ROOT = Path(__file__).parent.parent
SEED = 2018
VIEW = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Row:
    """One line of the table; `reference` is what the bare page took, `budget` what we allow ourselves."""

    what: str
    measured: float
    unit: str
    reference: float | None = None
    budget: float | None = None

    def __str__(self) -> str:
        ratio = f"{self.measured / self.reference:.1f} x" if self.reference else ""
        digits = 0 if self.unit == "" else 1 if self.unit == "MB" else 0
        measured = f"{self.measured:,.{digits}f} {self.unit}"
        budget = "" if self.budget is None else f"{self.budget:g} {self.unit}"
        over = "" if self.budget is None else "over" if self.measured > self.budget else "kept"
        return f"{self.what:<58}{measured:>12}{ratio:>9}{budget:>12} {over}".rstrip()


def p95(values: list[float]) -> float:
    """Return the 95th percentile, the nearest value above."""
    return sorted(values)[max(0, -(-95 * len(values) // 100) - 1)]


def times(browser: Browser, server: Server, bare: str, loads: int) -> Iterator[Row]:
    """Measure loads with a warm browser and a kernel that waits, one page after the other."""
    context = browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
    context.add_init_script(CLOCK)
    page = context.new_page()
    load(page, bare, "first")
    bares = [load(page, bare, "first")["first"] for _ in range(loads)]
    first = statistics.median(bares)
    yield Row("bare page: first figure (the reference of loads)", first, "ms", first)
    for name in themes():
        found = []
        for _ in range(loads + 1):
            page.goto("about:blank")
            settle(server, len(themes()))
            found.append(load(page, f"{server.url}/{name}"))
        median = {mark: statistics.median(each[mark] for each in found[1:]) for mark in found[0]}
        yield Row(f"{name}: first figure painted (stored answer)", median["first"], "ms", first, 700)
        yield Row(f"{name}: controls live, the first panel", median["live"], "ms", first, 2000)
        yield Row(f"{name}: controls live, every panel", median["all"], "ms", first, 2000)
    page.goto("about:blank")
    context.close()


def moves(browser: Browser, server: Server, bare: str, count: int) -> Iterator[Row]:
    """Measure a control's change to the screen, where the answer is known and where it must be computed."""
    dice = random.Random(SEED)
    context = browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
    context.add_init_script(CLOCK)
    page = context.new_page()
    load(page, bare, "first")
    redraws = [float(page.evaluate("(turn) => bench.redraw(turn)", turn)) for turn in range(1, count + 1)]
    redraw = statistics.median(redraws)
    yield Row("bare page: redraw, p50 (the reference of moves)", redraw, "ms", redraw)
    first, last = sorted(dice.sample(range(2000, 2017), 2))
    open_at(page, f"{server.url}/trends?level.years={first}-{last}")
    yield from spread("trends: the first answer a kernel computes", [move(page, "level", 0, 4)], redraw, 150)
    lists = {0: 11, 1: 3, 2: 4}  # measure, centre, band
    fresh = [move(page, "level", which, dice.randrange(lists[which])) for which in dice.choices([0, 0, 1, 2], k=count)]
    yield from spread("level: another measure, centre or band, computed", fresh, redraw, 150)
    for choice in range(11):
        move(page, "level", 0, choice)
    known = [move(page, "level", 0, choice % 11) for choice in range(count)]
    yield from spread("level: another measure, answer known", known, redraw, 50)
    for name in themes():
        open_at(page, f"{server.url}/{name}")
        move(page, theme(name).asked[-1].key, "years", [2000, 2017])
        for panel in theme(name).asked:
            spans = [sorted(dice.sample(range(1999, 2019), 2)) for _ in range(max(6, count // 3))]
            computed = [move(page, panel.key, "years", [low, high]) for low, high in spans]
            yield from spread(f"{panel.key}: other years, computed", computed, redraw, 150)
    page.goto("about:blank")
    context.close()


def open_at(page: Page, url: str) -> None:
    """Open a page and let it come to rest, as it has when a reader reaches for a control."""
    load(page, url)
    page.wait_for_load_state("networkidle")


def memory(browser: Browser, server: Server) -> Iterator[Row]:
    """Measure kernels after some moves: one alone, then four."""
    context = browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
    context.add_init_script(CLOCK)
    names = list(themes())
    for number in range(4):
        page, name = context.new_page(), names[number % len(names)]
        load(page, f"{server.url}/{name}")
        fresh = statistics.mean(kernel.memory_full_info().pss for kernel in server.kernels()) / 1e6
        for panel in theme(name).asked:
            move(page, panel.key, "years", [2002 + number, 2014])
        moved = statistics.mean(kernel.memory_full_info().pss for kernel in server.kernels()) / 1e6
        if number == 0:
            yield Row(f"one kernel ({name}): memory (PSS) before any move", fresh, "MB", None, 110)
            yield Row(f"one kernel ({name}): memory after a move of each panel", moved, "MB", None, 110)
    yield Row("four kernels, two of each page: mean memory after moves", moved, "MB", None, 110)
    context.close()


def move(page: Page, key: str, act: str | int, value: object) -> float | None:
    """Change a control; None where the figure stayed as it was."""
    found: float | None = page.evaluate(MOVE, [key, act, value])
    return found


def spread(what: str, found: list[float | None], reference: float, budget: float) -> Iterator[Row]:
    """Make the rows of a control: p50 and p95 of the moves that changed the figure."""
    taken = [value for value in found if value is not None]
    if len(taken) > 1:
        yield Row(f"{what}, p50", statistics.median(taken), "ms", reference)
        yield Row(f"{what}, p95 of {len(taken)}", p95(taken), "ms", reference, budget)
    elif taken:
        yield Row(what, taken[0], "ms", reference, budget)


def weights(browser: Browser, server: Server, bundle: Path) -> Iterator[Row]:
    """Measure what a first visit transfers."""
    bare = bundle.stat().st_size / 1e6
    yield Row("plotly bundle alone, raw (the reference of weights)", bare, "MB", bare)
    for name in themes():
        context = browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
        context.add_init_script(CLOCK)
        found = weight(context, f"{server.url}/{name}")
        context.close()
        yield Row(f"{name}: first visit, raw", found["raw"], "MB", bare)
        yield Row(f"{name}: first visit, each reply gzipped", found["compressed"], "MB", bare, 2.5)
        yield Row(f"{name}: websocket until live", found["socket"], "MB", bare)
        yield Row(f"{name}: requests", found["requests"], "")


def measure(home: Path, loads: int, count: int) -> Iterator[Row]:
    """Measure everything on a copy of a data folder."""
    bundle, spec = DRAWING / "plotly-cartesian.min.js", theme("trends").asked[0].answer(connect(home)).figure_spec("en")
    with (
        tempfile.TemporaryDirectory(prefix="pages-benchmark-") as scratch,
        sync_playwright() as playwright,
        bare_page(Path(scratch), bundle, themed(spec, "light")) as bare,
    ):
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=list(FLAGS))
        with serving(home) as server:
            yield from times(browser, server, bare, loads)
            yield from weights(browser, server, bundle)
            yield from moves(browser, server, bare, count)
        with serving(home, preheat=0) as server:
            yield from memory(browser, server)
        browser.close()


def main() -> None:
    """Print the table, dated, with versions and the budget of each number."""
    parser = argparse.ArgumentParser(description="What a page costs.")
    parser.add_argument("--loads", type=int, default=7, help="loads of each page")
    parser.add_argument("--moves", type=int, default=30, help="moves of each measured control")
    chosen = parser.parse_args()
    data = Path(os.environ.get("MANGETAMAIN_DATA", ROOT / ".data" / "test"))
    with tempfile.TemporaryDirectory(prefix="pages-home-") as folder:
        home = Path(folder)
        (home / "warehouse").symlink_to((data / "warehouse").resolve())
        info = connect(home).info
        fill(connect(home))
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=find_or_install(), args=list(FLAGS))
            chromium = started.version
            started.close()
        packages = ", ".join(f"{name} {version(name)}" for name in ("voila", "plotly", "duckdb", "ipywidgets"))
        print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, Chromium {chromium}, {packages}")
        print(
            f"{info.source}, fingerprint {info.fingerprint}; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
        )
        print(f"{'':<58}{'measured':>12}{'ratio':>9}{'budget':>12}")
        for row in measure(home, chosen.loads, chosen.moves):
            print(row, flush=True)


if __name__ == "__main__":
    main()
