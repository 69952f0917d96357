"""Damaged sources of every shape: all records accounted for, or one sentence; never anything else.

The run of the test suite is always the same. A long one, of other cases each time, by hand:

    MANGETAMAIN_FUZZ=20000 .venv/bin/python -m pytest tests/warehouse/test_fuzz.py -s
"""

from __future__ import annotations

import faulthandler
import os
import re
import resource
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings

from mangetamain.errors import UserError
from mangetamain.warehouse import build, origin, sources
from mangetamain.warehouse.ingest import load as ingest
from tests.waiting import PATIENCE
from tests.warehouse.mutations import CASES, SHAPES, Case, write_case

EXAMPLES = int(os.environ.get("MANGETAMAIN_FUZZ", "0"))
LONGEST = 1_500  # letters of a sentence
MOST = 2 << 30  # bytes of memory
HANG = PATIENCE  # for one case, after which the process ends and says where it was
# What the engine and Python say of errors, and what belongs to a log.
FOREIGN = re.compile(
    r"Traceback|Invalid Input|Error:|IO Error|Conversion|Binder|Parser|INTERNAL|Exception|read_(csv|parquet)|TProtocol"
)
seen: Counter[str] = Counter()


def settled(few: int) -> settings:
    return settings(
        max_examples=EXAMPLES or few,
        derandomize=not EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def check_sentence(error: UserError) -> None:
    sentence = str(error)
    assert error.exit_code == 2
    assert "\n" not in sentence
    assert 10 < len(sentence) < LONGEST, sentence
    assert not FOREIGN.search(sentence), sentence


def peak() -> int:
    """Return the most bytes that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def read(folder: Path, case: Case) -> str:
    """Read a source as a build does; return how it ended."""
    source = write_case(folder / "food", case)
    con = duckdb.connect()
    try:
        with sources.resolve(str(source), folder / "home") as found:
            counts = ingest.load(con, found, None, case.max_rejects)
        origin.check_counts(con)
        kept = con.execute("SELECT count(*) FROM rejects").fetchone()
        assert kept == (sum(count.rejected for count in counts),)
        assert all(count.records for count in counts)
        return "loaded"
    except UserError as error:
        check_sentence(error)
        return "told in a sentence"
    finally:
        con.close()


def attempt(case: Case) -> None:
    before = peak()  # of other tests
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    faulthandler.dump_traceback_later(HANG, exit=True, file=sys.__stderr__)
    try:
        seen[f"{case.shape}: {read(folder, case)}"] += 1
        assert not list((folder / "home" / "cache").iterdir())
    finally:
        faulthandler.cancel_dump_traceback_later()
        shutil.rmtree(folder)
    assert peak() < max(MOST, before + 1)


def test_a_damaged_source_is_accounted_for_or_told_in_a_sentence() -> None:
    """Both ends are met in every shape: else the damage is too little, or too much, to learn from."""
    try:
        settled(250)(given(CASES)(attempt))()
    finally:
        for name in sorted(seen):
            print(f"{seen[name]:>8,}  {name}")
        print(f"{sum(seen.values()):>8,}  cases")
    assert len(seen) == 2 * len(SHAPES), seen


@pytest.mark.skipif(bool(EXAMPLES), reason="the long run reads without building")
@settled(12)
@given(CASES)
def test_a_build_of_a_damaged_source_ends_whole_or_leaves_nothing(case: Case) -> None:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    faulthandler.dump_traceback_later(HANG, exit=True, file=sys.__stderr__)
    try:
        source = write_case(folder / "food", case)
        try:
            info = build(str(source), home=folder / "home")
            assert all(count.records == count.loaded + count.rejected for count in info.row_counts)
        except UserError as error:
            check_sentence(error)
            assert not list((folder / "home").rglob("*.duckdb"))
    finally:
        faulthandler.cancel_dump_traceback_later()
        shutil.rmtree(folder)
