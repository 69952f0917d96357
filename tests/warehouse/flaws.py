"""Flaws of a disk, made on purpose."""

from __future__ import annotations

from pathlib import Path

import duckdb

BLOCK = 262_144


def flip_a_block(path: Path) -> str:
    """Flip one bit where only a query that reads all of one table meets it; return that table."""
    good = path.read_bytes()
    for place in range(3 * 4096 + BLOCK // 2, len(good), BLOCK):
        flawed = bytearray(good)
        flawed[place] ^= 1
        trial = path.with_name("trial.duckdb")
        trial.write_bytes(flawed)
        table = _met(trial)
        trial.unlink()
        if table:
            path.write_bytes(flawed)
            return table
    raise AssertionError("no such place")


def _met(path: Path) -> str:
    try:
        with duckdb.connect(path, read_only=True) as con:
            for table in ("build_info", "row_counts", "cleaning", "rejects"):
                con.execute(f"FROM {table}").fetchall()
            tables = con.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
            for (table,) in tables:
                con.execute(f"SELECT count(*) FROM {table}").fetchall()
            for (table,) in tables:
                try:
                    con.execute(f"FROM {table}").fetchall()
                except duckdb.Error:  # 2.0 gives it no kind of its own
                    return str(table)
    except duckdb.Error:
        return ""
    return ""
