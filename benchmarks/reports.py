"""What a batch of reports costs over its notebooks' own work, and beside papermill's command line.

Run it as `python -m benchmarks.reports [--runs 20] [--sampled 2]`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from mangetamain.reports import Registry, Run, batch, jobs_that_fit, run_of, steps
from mangetamain.themes import theme, themes
from mangetamain.warehouse import connect


def runs_of(count: int) -> list[Run]:
    """Spread runs over the notebooks and over spans of years."""
    spans = [f"{first}-{last}" for last in range(2018, 2005, -1) for first in range(1999, 2005)]
    pairs = [(name, span) for span in spans for name in themes()][:count]
    return [run_of(theme(name), {"years": span}) for name, span in pairs]


def sample_of(runs: list[Run], each: int) -> list[Run]:
    """Choose as many runs of each notebook, spread over its spans of years."""
    found: list[Run] = []
    for name in dict.fromkeys(run.theme.name for run in runs):
        own = [run for run in runs if run.theme.name == name]
        found += own[:: max(1, len(own) // each)][:each]
    return found


def own_work(folder: Path) -> list[float]:
    """Return the seconds that the cells of each executed notebook took, as papermill wrote them down."""
    found = []
    for path in folder.glob("*/report.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        found.append(sum(cell["metadata"].get("papermill", {}).get("duration") or 0.0 for cell in cells))
    return found


def plain(run: Run, folder: Path) -> float:
    """Time one run of papermill's own command."""
    words = [word for name, text in run.parameters.items() for word in ("-p", name, text)]
    command = [sys.executable, "-m", "papermill", str(run.theme.path), str(folder / "plain.ipynb"), *words]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Make reports with one batch, run a few notebooks by papermill's command, and print ratios."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=20, help="Reports of the batch.")
    words.add_argument("--sampled", type=int, default=2, help="Runs of each notebook by papermill's command.")
    given = words.parse_args()
    runs, con, jobs = runs_of(given.runs), connect(), jobs_that_fit()
    info = con.info
    with tempfile.TemporaryDirectory(prefix="reports-") as folder:
        registry = Registry(Path(folder) / "batch")
        start = time.perf_counter()
        todo = steps(runs, registry, info, ("html",), force=True)
        ended = batch(todo, registry, con, formats=("html",), jobs=jobs, timeout=600, tell=lambda _: None)
        wall = time.perf_counter() - start
        if ended.failed:
            reasons = map(str, ended.failed.values())
            sys.exit("\n".join(["not every report was made, so nothing is measured:", *reasons]))
        cells = own_work(registry.folder)
        start = time.perf_counter()
        batch(
            steps(runs, registry, info, ("html",), force=False),
            registry, con, formats=("html",), jobs=jobs, timeout=600, tell=lambda _: None,
        )  # fmt: skip
        again = time.perf_counter() - start
        alone = [plain(run, Path(folder)) for run in sample_of(runs, given.sampled)]
    each, own, cli = wall * jobs / len(runs), sum(cells) / len(cells), sum(alone) / len(alone)
    print(f"{datetime.now(UTC):%Y-%m-%d}, papermill {version('papermill')}, {info.source}, {jobs} kernels at once")
    told = f"{ended.finished} reports in {wall:.1f} s measured"
    print(f"{told}; started again, all there: {again / wall:.3f} of that")
    print(f"a report takes {each / own:.2f} times its cells' own work ({own:.2f} s), {each - own:.2f} s more")
    print(
        f"papermill's command takes {cli:.2f} s a notebook, {given.sampled} of each notebook sampled, and makes no page"
    )
    print(f"{len(runs)} runs of it one after the other: {cli * len(runs) / wall:.1f} times as long as the batch")


if __name__ == "__main__":
    main()
