"""How a warehouse shows itself: its source, whether it is made up, its tables with their rows and what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from mangetamain.language import Number, catalogue, say, spoken
from mangetamain.warehouse import sql
from mangetamain.warehouse.info import SYNTHETIC, BuildInfo

if TYPE_CHECKING:
    import duckdb

# What questions read comes first; the tables on how it was built, and the raw ones, after it.
FIRST = ("recipes", "reviews", "recipe_terms", "days")


@dataclass(frozen=True)
class Contents:
    """One table of a warehouse.

    Parameters
    ----------
    name
        Its name, the raw ones' with their schema.
    rows
        How many rows it has.
    comment
        What one row is, and from where, in English: a key of the translations.
    columns
        Name, type and comment of each column.
    """

    name: str
    rows: int
    comment: str
    columns: tuple[tuple[str, str, str], ...]


def contents(con: duckdb.DuckDBPyConnection) -> list[Contents]:
    """List the tables of the warehouse that a connection is open on, those that questions read first."""
    columns: dict[str, list[tuple[str, str, str]]] = {}
    for schema, table, *column in con.execute("""
        SELECT schema_name, table_name, column_name, data_type, coalesce(comment, '') AS comment
        FROM duckdb_columns() WHERE schema_name IN ('main', 'raw') AND NOT internal
            AND database_name = current_database()
        ORDER BY schema_name, table_name, column_index
    """).fetchall():
        columns.setdefault(_name(schema, table), []).append((column[0], column[1], column[2]))
    found = con.execute("""
        SELECT schema_name, table_name, coalesce(comment, '') AS comment
        FROM duckdb_tables() WHERE schema_name IN ('main', 'raw') AND database_name = current_database()
        ORDER BY schema_name, table_name
    """).fetchall()
    tables = [
        Contents(name := _name(schema, table), sql.count(con, name), comment, tuple(columns[name]))
        for schema, table, comment in found
    ]
    return sorted(tables, key=lambda table: FIRST.index(table.name) if table.name in FIRST else len(FIRST))


def as_text(info: BuildInfo, tables: list[Contents]) -> str:
    """Write the source and a line for each table."""
    width = max((len(table.name) for table in tables), default=0)
    lines = [f"{table.name:<{width}}  {_rows(table):>11}  {_said(table.comment)}" for table in tables]
    return "\n".join([_headline(info), *lines])


def as_html(info: BuildInfo, tables: list[Contents]) -> str:
    """Write the source and a row for each table, which opens to its columns; with no style but that of the notebook."""
    heads = "".join(f"<th>{escape(str(head))}</th>" for head in (say("table"), say("rows"), say("what it holds")))
    rows = "".join(
        f"<tr><td><code>{escape(table.name)}</code></td><td>{escape(_rows(table))}</td>"
        f'<td style="text-align: left"><details><summary>{escape(_said(table.comment))}</summary>{_columns(table)}'
        "</details></td></tr>"
        for table in tables
    )
    return (
        f"<p>{escape(_headline(info))}</p>"
        f'<table lang="{spoken()}"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _columns(table: Contents) -> str:
    return "".join(
        f"<div><code>{escape(name)}</code> {escape(kind)} — {escape(_said(comment))}</div>"
        for name, kind, comment in table.columns
    )


def _headline(info: BuildInfo) -> str:
    origin = say("Warehouse of {source}", source=info.source)
    return f"{origin} ({say(SYNTHETIC)})" if info.synthetic else str(origin)


def _rows(table: Contents) -> str:
    return Number(table.rows).render(spoken())


def _said(comment: str) -> str:
    return catalogue(spoken()).gettext(comment) if comment else ""


def _name(schema: str, table: str) -> str:
    return table if schema == "main" else f"{schema}.{table}"
