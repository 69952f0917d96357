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

from benchmarks.browsing import CLOCK, MOVE, bare_page, load, slowed, weight
from benchmarks.home import fresh_home
from mangetamain.assets import DRAWING
from mangetamain.charter import themed
from mangetamain.parameters import Choice
from mangetamain.questions import QUESTIONS
from mangetamain.themes import theme, themes
from mangetamain.warehouse import connect
from tools.chromium import FLAGS, find_or_install
from tools.serving import Server, serving

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
    """Measure loads: in a fresh profile, in a warm tab, and in a fresh profile on a processor four times slower."""
    for how, slower, fresh in (("fresh profile", 1, True), ("warm tab", 1, False), ("fresh, slow processor", 4, True)):
        first = statistics.median(each["first"] for each in opened(browser, bare, loads, slower, fresh, "first"))
        yield Row(f"{how}: bare page, first figure (the reference)", first, "ms", first)
        for name in themes():
            found = opened(browser, f"{server.url}/{name}", loads, slower, fresh, "all")
            picture, controls = (statistics.median(each[mark] for each in found) for mark in ("first", "all"))
            budget = (0.5, 0.6) if fresh else (1.0, 1.5)
            yield Row(f"{how}: {name}, first picture", picture, "ms", first, round(budget[0] * first))
            yield Row(f"{how}: {name}, its controls answer", controls, "ms", first, round(budget[1] * first))


def opened(browser: Browser, url: str, loads: int, slower: int, fresh: bool, mark: str) -> list[dict[str, float]]:
    """Open a page time and again; the first load of a warm tab only warms it."""
    found, context = [], None
    for _ in range(loads + (not fresh)):
        if context is None or fresh:
            context = browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
            context.add_init_script(CLOCK)
            page = slowed(context.new_page(), slower)
        found.append(load(page, url, mark))
        page.goto("about:blank")
        if fresh:
            context.close()
    if context and not fresh:
        context.close()
    return found[not fresh :]


def moves(browser: Browser, server: Server, bare: str, count: int) -> Iterator[Row]:
    """Measure a control's change to the screen, where the answer is known and where it must be computed."""
    dice = random.Random(SEED)
    context = browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
    context.add_init_script(CLOCK)
    page = context.new_page()
    load(page, bare, "first")
    redraw = statistics.median(page.evaluate("(turn) => bench.redraw(turn)", turn) for turn in range(1, count + 1))
    yield Row("bare page: redraw, p50 (the reference of moves)", redraw, "ms", redraw)
    near(page, f"{server.url}/trends", "level")
    measures = [str(each) for each in kinds("level")]
    for of in measures:
        move(page, "level", "of", of)
    known = [move(page, "level", "of", measures[i % len(measures)]) for i in range(count)]
    what = f"level: another measure, answer known, p95 of {count}"
    yield Row(what, p95([each["shown"] for each in known]), "ms", redraw, round(redraw + 10))
    yield Row(f"{what}, living again", p95([each["living"] for each in known]), "ms", redraw)
    for name in themes():
        for panel in theme(name).asked:
            if "years" not in panel.question.parameters:
                continue
            near(page, f"{server.url}/{name}", panel.key)
            spans = [sorted(dice.sample(range(1999, 2019), 2)) for _ in range(max(6, count // 3))]
            found = [move(page, panel.key, "years", span)["shown"] for span in spans]
            what = f"{name}, {panel.key}: other years, computed, p95 of {len(found)}"
            yield Row(what, p95(found), "ms", redraw, round(redraw + 60))
    context.close()


def kinds(question: str) -> list[str]:
    """List the values of a question's first parameter."""
    kind, _ = next(iter(QUESTIONS[question].parameters.values()))
    return list(kind.values) if isinstance(kind, Choice) else []


def near(page: Page, url: str, key: str) -> None:
    """Open a page and come near a panel, until its figure lives."""
    load(page, url)
    page.locator(f".mm-key-{key} .mm-figure").scroll_into_view_if_needed()
    page.locator(f".mm-key-{key}").dispatch_event("pointerenter")
    page.locator(f".mm-key-{key} .js-plotly-plot[role=figure]").wait_for()


def move(page: Page, key: str, name: str, value: object) -> dict[str, float]:
    """Change a control and return the milliseconds to its answer on the screen, and to its living figure."""
    found: dict[str, float] = page.evaluate(MOVE, [key, name, value])
    return found


def weights(browser: Browser, server: Server, bundle: Path) -> Iterator[Row]:
    """Measure what a first visit transfers, the figure library with it."""
    bare = bundle.stat().st_size / 1e6
    yield Row("plotly bundle alone, raw (the reference of weights)", bare, "MB", bare)
    for name in themes():
        context = browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
        context.add_init_script(CLOCK)
        found = weight(context, f"{server.url}/{name}")
        context.close()
        yield Row(f"{name}: first visit, raw", found["raw"], "MB", bare)
        yield Row(f"{name}: first visit, each reply gzipped", found["compressed"], "MB", bare, 0.8)
        yield Row(f"{name}: requests", found["requests"], "", None, 20)


def measure(home: Path, loads: int, count: int) -> Iterator[Row]:
    """Measure everything on a copy of a data folder."""
    asked = next(panel for panel in theme("trends").asked if panel.key == "level")
    bundle, spec = DRAWING / "plotly-cartesian.min.js", asked.answer(connect(home)).figure_spec("en")
    with (
        tempfile.TemporaryDirectory(prefix="pages-benchmark-") as scratch,
        sync_playwright() as playwright,
        bare_page(Path(scratch), bundle, themed(spec, "light")) as bare,
        serving(home) as server,
    ):
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=list(FLAGS))
        yield from times(browser, server, bare, loads)
        yield from weights(browser, server, bundle)
        yield from moves(browser, server, bare, count)
        yield Row("server and pool: memory (PSS)", sum(server.memory().values()), "MB", None, 500)
        browser.close()


def main() -> None:
    """Print the table, dated, with versions and the budget of each number."""
    parser = argparse.ArgumentParser(description="What a page costs.")
    parser.add_argument("--loads", type=int, default=7, help="loads of each page")
    parser.add_argument("--moves", type=int, default=30, help="moves of each measured control")
    chosen = parser.parse_args()
    with fresh_home() as home:
        info = connect(home).info
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=find_or_install(), args=list(FLAGS))
            chromium = started.version
            started.close()
        packages = ", ".join(f"{name} {version(name)}" for name in ("voila", "plotly", "duckdb", "tornado"))
        print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, Chromium {chromium}, {packages}")
        print(
            f"{info.source}, fingerprint {info.fingerprint}; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
        )
        print(f"{'':<58}{'measured':>12}{'ratio':>9}{'budget':>12}")
        for row in measure(home, chosen.loads, chosen.moves):
            print(row, flush=True)


if __name__ == "__main__":
    main()
