"""A warehouse's status as text for a terminal."""

from __future__ import annotations

import io

from mangetamain.plain import shown
from mangetamain.warehouse import Status


def status_text(status: Status) -> str:
    """Write source, accounting, tables and cleaning audit as aligned tables."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    info = status.info
    console = Console(file=(out := io.StringIO()), width=120, highlight=False, markup=False, emoji=False)
    note = "  (synthetic sample data, not real recipes)" if info.synthetic else ""
    console.print(f"source       {shown(info.source)}{note}")
    console.print(f"fingerprint  {info.fingerprint}")
    console.print(f"built        {info.built_at:%Y-%m-%d %H:%M} UTC in {info.seconds:.1f} s")
    console.print(f"with         mangetamain {info.package_version}, duckdb {info.duckdb_version}")
    console.print(f"rejects      {status.rejects:,}")
    for reject in status.first_rejects:
        console.print(
            f"  {shown(reject.file)} line {reject.line}, {shown(reject.column_name or 'the whole record')}: "
            f"{shown(reject.reason)}"
        )

    def table(title: str, *columns: str) -> Table:
        made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        for i, column in enumerate(columns):
            made.add_column(column, justify="left" if i < 1 or column in ("rule", "threshold") else "right")
        return made

    files = table("Files", "table", "records", "loaded", "rejected")
    for count in info.row_counts:
        files.add_row(
            f"{count.tbl} ({shown(count.file)})", *(f"{n:,}" for n in (count.records, count.loaded, count.rejected))
        )
    rules = table("Cleaning", "table", "rule", "threshold", "removed", "left")
    for step in status.cleaning:
        rules.add_row(step.tbl, step.rule, step.threshold, f"{step.removed:,}", f"{step.remaining:,}")
    tables = table("Tables", "table", "rows")
    for name, rows in status.tables.items():
        tables.add_row(name, f"{rows:,}")
    for each in (files, rules, tables):
        console.print(each)
    return out.getvalue().rstrip()
