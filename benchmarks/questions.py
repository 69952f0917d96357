"""How long a question takes: known, at its defaults, and after a slider's move, without and with a selection.

Run it with ``python -m benchmarks.questions [--times 10]``: at so many times the size of the collection it makes the
sample once, beside the warehouse.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from mangetamain.questions import QUESTIONS, Question
from mangetamain.warehouse import Warehouse, build, connect, data_home
from mangetamain.warehouse.schema import OFFICIAL_ROWS

REPEATS = 15
# Multiples of the reference, p95 of a slider's move: without a selection, and with one of those below in turn. More
# where every year is fitted by itself, or every term compared in each group or by its values.
BUDGET = 25, 40
BUDGETS = {"cycle": (40, 40), "term_contrast": (60, 60), "term_levels": (60, 60)}
SELECTIONS = "desserts", "minutes<=30, not desserts", "ingredient:salt, steps 5-10"


def timed(work: Callable[[], object]) -> float:
    """Run once and return the seconds of processor time it took: the engine has one thread, and other work may run."""
    start = time.process_time()
    work()
    return time.process_time() - start


def computed(question: Question, con: Warehouse, **given: object) -> float:
    """Time an answer past the store."""
    connection, info = con.current()
    values = question.read(given)
    return timed(lambda: question.answer(connection, values, info.fingerprint, info.synthetic))


def spans(count: int) -> list[tuple[int, int]]:
    """Draw year spans as a reader's slider would give them."""
    dice = random.Random(2018)
    return [tuple(sorted(dice.sample(range(1999, 2019), 2))) for _ in range(count)]  # type: ignore[misc]


def moved(question: Question, con: Warehouse, *selections: str) -> tuple[float, float]:
    """Time moves of the slider, the selections in turn, and return their median and 95th percentile."""
    given = [{"among": selections[i % len(selections)]} if selections else {} for i in range(2 * REPEATS)]
    times = sorted(
        computed(question, con, years=span, **each) for span, each in zip(spans(2 * REPEATS), given, strict=True)
    )
    return times[len(times) // 2], times[int(0.95 * len(times))]


def tried(question: Question, con: Warehouse, reference: float) -> str:
    """Time a question and write it as multiples of the reference, with what is over its budget."""
    question(con)
    known = statistics.median(timed(lambda: question(con)) for _ in range(REPEATS))
    default = statistics.median(computed(question, con) for _ in range(REPEATS))
    p50, p95 = moved(question, con)
    selected = moved(question, con, *SELECTIONS)[1] if "among" in question.parameters else float("nan")
    ratios = "".join(f"{value / reference:10.1f}" for value in (known, default, p50, p95, selected))
    budget = BUDGETS.get(question.name, BUDGET)
    over = [str(most) for value, most in zip((p95, selected), budget, strict=True) if value > most * reference]
    return f"{question.name:14}{ratios}{1000 * p95:8.0f}" + (f"  over {' and '.join(over)}" if over else "")


def home_of(times: int) -> Path:
    """Return the data folder of the sample so many times as large, made where it is not there yet."""
    home = data_home() / f"times-{times}" if times > 1 else data_home()
    if times > 1 and not (home / "warehouse").is_dir():
        build(f"sample:{times * OFFICIAL_ROWS['RAW_recipes']}", home=home)
    return home


def main() -> None:
    """Print each question's times as ratios to one count over the recipes, all measured in this run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1, help="how many times the size of the collection")
    con = connect(home_of(parser.parse_args().times))
    info = con.info
    counted = "SELECT year, count(*), avg(minutes) FROM recipes GROUP BY year"
    reference = statistics.median(timed(lambda: con.execute(counted).fetchall()) for _ in range(50))
    print(f"{datetime.now(UTC):%Y-%m-%d}, duckdb {duckdb.__version__}, {info.source}, fingerprint {info.fingerprint}")
    print(f"reference: count and mean by year of the recipes, {1000 * reference:.1f} ms; the rest are multiples of it")
    print(f"{'question':14}{'known':>10}{'default':>10}{'move p50':>10}{'move p95':>10}{'selected':>10}{'p95 ms':>8}")
    for question in QUESTIONS.values():
        print(tried(question, con, reference), flush=True)


if __name__ == "__main__":
    main()
