"""Repeatable randomness in plain SQL: a number is a function of a row's key, a stream's name and the seed."""

from __future__ import annotations

import duckdb

# A 32-bit integer hash (two multiplications, three xor-shifts; Wellons 2018, "lowbias32") in 64-bit arithmetic, and not
# random(), nor DuckDB's own hash(): the result depends neither on threads nor on DuckDB's version.
MACROS = {
    "sample_mix_a(x)": "(xor(x, x >> 16) * 2146121005) & 4294967295",
    "sample_mix_b(x)": "(xor(x, x >> 15) * 2221713035) & 4294967295",
    "sample_mix_c(x)": "xor(x, x >> 16)",
    "sample_hash(key, stream)": (
        "CAST(sample_mix_c(sample_mix_b(sample_mix_a("
        "xor(CAST(key AS UBIGINT), md5_number_lower(stream || sample_seed()) & 4294967295)))) AS BIGINT)"
    ),
    "sample_draw(key, stream)": "(sample_hash(key, stream) + 0.5e0) / 4294967296e0",
    "sample_normal(key, stream)": (
        "sqrt(-2e0 * ln(sample_draw(key, stream))) * cos(2e0 * pi() * sample_draw(key, stream || ' angle'))"
    ),
    # Snap a place down to a multiple of a power of two, at least 2 ** n with probability share ** n. The multiples of
    # high powers so become the popular places, with a Pareto tail.
    "sample_snap(place, u, share, most)": (
        "place - place % (1 << CAST(least(floor(ln(u) / ln(share)), most) AS INTEGER))"
    ),
    # A quantile function given by the logarithms of 1 + its values at the normal scores -4.5, -4, ..., 4.5.
    "sample_place(z)": "least(greatest((z + 4.5e0) * 2, 0e0), 17.999999e0)",
    "sample_quantile(z, logs)": (
        "exp(list_extract(logs, CAST(floor(sample_place(z)) AS INTEGER) + 1)"
        " + (sample_place(z) - floor(sample_place(z)))"
        " * (list_extract(logs, CAST(floor(sample_place(z)) AS INTEGER) + 2)"
        " - list_extract(logs, CAST(floor(sample_place(z)) AS INTEGER) + 1))) - 1"
    ),
}


def create_macros(con: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Make the temporary macros ``sample_draw(key, stream)``, uniform, ``sample_normal(key, stream)`` and their kin."""
    con.execute(f"CREATE TEMP MACRO sample_seed() AS ' {int(seed)}'")
    for signature, body in MACROS.items():
        con.execute(f"CREATE TEMP MACRO {signature} AS {body}")
