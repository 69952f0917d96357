"""Speed and memory of ingest on files of the real size, beside a bare DuckDB parse and pandas, all in one run.

Run it with ``python -m benchmarks.ingest [--recipes N]``. The files are synthetic, in the official format, with quotes,
lists and text lengths like the real ones. Each measure is the faster of two processes of its own, Python's start and
its imports left out of the time; memory is the largest resident size of that process.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

RECIPES = 231_637
REVIEWS = 1_132_367
PANDAS_SAMPLE = 50_000  # recipes: all of them as Python lists are more memory than a small machine has
SEED = 1999
# fmt: off
WORDS = (  # noqa: SIM905 - shorter than a list of quoted words
    "sugar butter salt flour water onion garlic pepper cream olive oil bake stir until with the and a minutes heat pan "
    "cook mix add degrees 350 fresh top for about , it's don't"
).split()
# fmt: on


def generate(folder: Path, recipes: int) -> None:
    """Write RAW_recipes.csv and RAW_interactions.csv, about 290 and 350 MB at the real size."""
    import duckdb

    rng = random.Random(SEED)
    text = " ".join(rng.choice([*WORDS * 3, '1/2"']) for _ in range(600))
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    con.execute(f"CREATE MACRO words(h, n) AS trim(substr($${text}$$, 1 + (h % 2500)::INTEGER, n))")
    con.execute("""
        CREATE MACRO literal(s) AS CASE WHEN contains(s, '''') AND NOT contains(s, '"') THEN '"' || s || '"'
        ELSE '''' || replace(s, '''', '\\''') || '''' END
    """)
    con.execute("""
        CREATE MACRO listed(i, n, length, salt) AS
        '[' || array_to_string(list_transform(range(n), lambda m: literal(words(hash(i, m, salt), length))), ', ')
        || ']'
    """)
    con.execute(f"""
        COPY (SELECT words(hash(i, 1), 27) AS name, i AS id, i % 180 AS minutes, i % 9999 AS contributor_id,
                DATE '1999-08-06' + (i % 7000)::INTEGER AS submitted, listed(i, 18, 12, 2) AS tags,
                '[' || array_to_string(list_transform([10, 90, 91, 92, 93, 94, 95], lambda m: i % (m * 7) / 1.0), ', ')
                || ']' AS nutrition, 10 AS n_steps, listed(i, 10, 51, 3) AS steps,
                words(hash(i, 4), 190) AS description,
                listed(i, 9, 11, 5) AS ingredients, 9 AS n_ingredients
            FROM range({recipes}) t(i)) TO '{folder}/RAW_recipes.csv' (HEADER)
    """)
    con.execute(f"""
        COPY (SELECT i % 226570 AS user_id, i % {recipes} AS recipe_id, DATE '2000-01-01' + (i % 6900)::INTEGER AS date,
                i % 6 AS rating, words(hash(i, 6), 260) || CASE WHEN i % 10 = 0 THEN E'\\r\\n' ELSE ' ' END
                || words(hash(i, 7), 12) AS review
            FROM range({recipes * REVIEWS // RECIPES}) t(i)) TO '{folder}/RAW_interactions.csv' (HEADER)
    """)


def parse_bare(folder: Path) -> Callable[[], None]:
    """Prepare what DuckDB's reader alone needs: every value converted, nothing checked, nothing stored."""
    import duckdb

    from mangetamain.warehouse.schema import TABLES

    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")

    def run() -> None:
        for table in ("RAW_recipes", "RAW_interactions"):
            columns = TABLES[table].columns
            types = ", ".join(f"'{column.name}': '{column.sql_type}'" for column in columns)
            counts = ", ".join(f"count({column.name})" for column in columns)
            con.execute(
                f"SELECT {counts} FROM read_csv('{folder}/{table}.csv', columns = {{{types}}}, header = true, "
                "delim = ',', quote = '\"', escape = '\"', auto_detect = false)"
            ).fetchall()

    return run


def load(folder: Path, fingerprinted: bool = False) -> Callable[[], None]:
    """Prepare the project's own way: to a finished file, with every check; with the fingerprint if asked."""
    import duckdb

    from mangetamain.warehouse import sources
    from mangetamain.warehouse.ingest import load as ingest

    def run() -> None:
        with tempfile.TemporaryDirectory(dir=folder) as home:
            paths = {name: [folder / f"{name}.csv"] for name in ("RAW_recipes", "RAW_interactions")}
            con = duckdb.connect(f"{home}/food.duckdb", config={"storage_compatibility_version": "v1.5.0"})
            con.execute("SET enable_progress_bar = false")
            con.execute("SET memory_limit = '1GB'")
            if fingerprinted:
                sources.fingerprint(paths)
            ingest.load(con, sources.Source("benchmark", paths, "", Path(home) / "scratch"))
            con.close()

    return run


def load_and_fingerprint(folder: Path) -> Callable[[], None]:
    """Prepare the same with the content's fingerprint, which a build needs as well."""
    return load(folder, fingerprinted=True)


def read_pandas(folder: Path) -> Callable[[], None]:
    """Prepare pandas with ast.literal_eval, on the first PANDAS_SAMPLE recipes and their share of reviews."""
    import ast

    import pandas as pd

    def run() -> None:
        recipes = pd.read_csv(folder / "RAW_recipes.csv", nrows=PANDAS_SAMPLE, parse_dates=["submitted"])
        for column in ("tags", "nutrition", "steps", "ingredients"):
            recipes[column] = recipes[column].map(ast.literal_eval)
        pd.read_csv(folder / "RAW_interactions.csv", nrows=PANDAS_SAMPLE * REVIEWS // RECIPES, parse_dates=["date"])

    return run


WAYS: dict[str, Callable[[Path], Callable[[], None]]] = {
    "bare": parse_bare,
    "load": load,
    "load+fingerprint": load_and_fingerprint,
    "pandas": read_pandas,
}


def measure(way: str, folder: Path) -> dict[str, float]:
    """Run one way in a process of its own; return its seconds, processor seconds and megabytes."""
    command = [sys.executable, "-m", "benchmarks.ingest", "--way", way, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_way(way: str, folder: Path) -> None:
    """Run one way in this process and print what it took."""
    import resource

    run = WAYS[way](folder)
    start, processor = time.perf_counter(), time.process_time()
    run()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    taken = {"seconds": time.perf_counter() - start, "processor": time.process_time() - processor, "peak": peak}
    print(json.dumps(taken))


def report(recipes: int) -> None:
    """Generate the files, measure every way on them and print the ratios."""
    with tempfile.TemporaryDirectory(prefix="ingest-benchmark-") as name:
        folder = Path(name)
        generate(folder, recipes)
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        print(f"{recipes:,} recipes, {recipes * REVIEWS // RECIPES:,} reviews: {size:,.0f} MB of CSV")
        # One round after the other, so that a neighbour's busy minute does not fall on one way alone.
        rounds = [{way: measure(way, folder) for way in WAYS} for _ in range(2)]
        found = {way: min((each[way] for each in rounds), key=lambda taken: taken["seconds"]) for way in WAYS}
        share = min(PANDAS_SAMPLE / recipes, 1)
        print(f"pandas is measured on {share:.1%} of the records and scaled up; its memory is that of the part")
        for way, taken in found.items():
            scale = share if way == "pandas" else 1
            seconds, processor = taken["seconds"] / scale, taken["processor"] / scale
            rate = f"{size / seconds:8.1f} MB/s {taken['peak']:8.0f} MB peak"
            print(f"{way:<17} {seconds:8.2f} s {processor:8.2f} s cpu {rate}")
        for unit in ("seconds", "processor"):
            load, bare, pandas = found["load"][unit], found["bare"][unit], found["pandas"][unit] / share
            print(
                f"{unit}: load / bare parse {load / bare:.1f}, load / pandas with ast.literal_eval {load / pandas:.2f}"
            )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Speed and memory of ingest.")
    parser.add_argument("--recipes", type=int, default=RECIPES)
    parser.add_argument("--way", choices=list(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        run_way(chosen.way, chosen.folder)
    else:
        report(chosen.recipes)


if __name__ == "__main__":
    main()
