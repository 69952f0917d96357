"""How long a question takes: known, at its defaults, and after a slider's move: `python -m benchmarks.questions`."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import duckdb

from mangetamain.questions import QUESTIONS, Question
from mangetamain.warehouse import Warehouse, connect

REPEATS = 15
BUDGET = 0.150  # seconds, p95, where the answer must be computed (docs: what a page may cost)


def timed(work: Callable[[], object]) -> float:
    """Run once and return the seconds it took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def computed(question: Question, con: Warehouse, **given: object) -> float:
    """Time an answer past the store."""
    connection, info = con.current()
    values = question.read(given)
    return timed(lambda: question.answer(connection, values, info.fingerprint, info.synthetic))


def spans(count: int) -> list[tuple[int, int]]:
    """Draw year spans as a reader's slider would give them."""
    dice = random.Random(2018)
    return [tuple(sorted(dice.sample(range(1999, 2019), 2))) for _ in range(count)]  # type: ignore[misc]


def main() -> None:
    """Print each question's times as ratios to one count over the recipes, all measured in this run."""
    con = connect()
    info = con.info
    counted = "SELECT year, count(*), avg(minutes) FROM recipes GROUP BY year"
    reference = statistics.median(timed(lambda: con.execute(counted).fetchall()) for _ in range(50))
    print(f"{datetime.now(UTC):%Y-%m-%d}, duckdb {duckdb.__version__}, {info.source}, fingerprint {info.fingerprint}")
    print(f"reference: count and mean by year of the recipes, {1000 * reference:.1f} ms; the rest are multiples of it")
    print(f"{'question':22}{'known':>8}{'default':>10}{'slider p50':>12}{'slider p95':>12}{'p95 ms':>9}")
    for question in QUESTIONS.values():
        question(con)
        known = statistics.median(timed(lambda q=question: q(con)) for _ in range(REPEATS))
        default = statistics.median(computed(question, con) for _ in range(REPEATS))
        moved = sorted(computed(question, con, years=span) for span in spans(2 * REPEATS))
        p50, p95 = moved[len(moved) // 2], moved[int(0.95 * len(moved))]
        ratios = [f"{value / reference:.1f}" for value in (known, default, p50, p95)]
        note = "" if p95 <= BUDGET else f"  over {1000 * BUDGET:.0f} ms"
        print(f"{question.name:22}{ratios[0]:>8}{ratios[1]:>10}{ratios[2]:>12}{ratios[3]:>12}{1000 * p95:>9.0f}{note}")


if __name__ == "__main__":
    main()
