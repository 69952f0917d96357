"""Building: raw data to the current warehouse, all or nothing."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from mangetamain import __version__, stopping
from mangetamain.errors import BadSource, UserError
from mangetamain.language import Value, say
from mangetamain.warehouse import origin, sql
from mangetamain.warehouse.cleaning.rules import Step, clean
from mangetamain.warehouse.cleaning.thresholds import Cleaning
from mangetamain.warehouse.home import data_home
from mangetamain.warehouse.info import BuildInfo, read_info, write_info
from mangetamain.warehouse.origin import SAMPLE, Origin
from mangetamain.warehouse.reader.connection import stoppable
from mangetamain.warehouse.reader.warehouse_errors import in_the_way
from mangetamain.warehouse.schema import OFFICIAL_ROWS
from mangetamain.warehouse.tables import cubes, enrich
from mangetamain.warehouse.versions import switch
from mangetamain.warehouse.versions.drafts import building, drafted
from mangetamain.warehouse.versions.listing import folder_of, newest

log = logging.getLogger(__name__)
Progress = Callable[[str], None]
# A full disk shows itself as any of these, depending on what was being written.
DISK_ERRORS = (duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException, duckdb.FatalException)
# Read by DuckDB 1.5 and 2.0 alike, at half the size of the older default.
STORAGE: dict[str, str | bool | int | float | list[str]] = {"storage_compatibility_version": "v1.5.0"}


def build(
    source: str = SAMPLE,
    *,
    cleaning: Cleaning = Cleaning(),  # noqa: B008 - frozen
    home: Path | None = None,
    progress: Progress | None = None,
) -> BuildInfo:
    """Build a warehouse from raw data and make it the current one; the one before serves until then.

    Parameters
    ----------
    source
        A folder or a zip of the Food.com files, ``s3://bucket/prefix``, ``sample`` for made-up data of the real
        set's size, or ``sample:2000`` for that many recipes.
    cleaning
        The thresholds of the cleaning rules.
    home
        The data folder; without it, that of `data_home`.
    progress
        Called with a line at each step.

    Returns
    -------
    BuildInfo
        The card of the warehouse that now stands.

    Raises
    ------
    UserError
        When another build is running, or the warehouse cannot be written.
    BadInput, BadSource
        When the source is not one, or its data cannot be trusted.
    """
    started = time.monotonic()
    origin.sample_size(source)  # refuses a mistyped one before anything is touched
    home = home or data_home()
    tell = progress or _silent
    if place := in_the_way(folder_of(home)):
        raise place
    with _explained(home), building(home) as folder, drafted(folder) as draft:
        with closing(stoppable(duckdb.connect(draft, config=STORAGE))) as con:
            con.execute("SET enable_progress_bar = false")
            loaded = origin.load(con, source, home, tell)
            tell("Cleaning")
            _check_recipes(clean(con, cleaning), tell)
            tell("Making the tables of recipes and reviews")
            enrich.make_recipes(con)
            enrich.make_reviews(con)
            tell("Making the cubes")
            cubes.make_cubes(con)
            write_info(con, _card(con, loaded, cleaning, time.monotonic() - started))
            info = read_info(con)
            tell("Writing the warehouse")
            con.execute("CHECKPOINT")  # closing would not say that it failed
        with stopping.in_peace():  # whole or not at all
            stopping.raise_if_stopped()  # DuckDB may have swallowed the signal
            switch.make_current(draft, folder, tell)
    tell(f"Built in {time.monotonic() - started:.1f} s")
    return info


def _check_recipes(steps: list[Step], tell: Progress) -> None:
    for step in steps:
        threshold = f" ({step.threshold})" if step.threshold else ""
        tell(f"Cleaning {step.tbl}, {step.rule}{threshold}: {step.removed:,} removed, {step.remaining:,} left")
    last = [step for step in steps if step.tbl == "recipes"][-1]
    if not last.remaining:
        emptied = next(step for step in steps if step.tbl == "recipes" and not step.remaining)
        raise BadSource(
            "No recipe is left after the cleaning rule {rule} ({threshold}).",
            rule=f"“{emptied.rule}”", threshold=emptied.threshold or "no threshold")  # fmt: skip


def _card(con: duckdb.DuckDBPyConnection, loaded: Origin, cleaning: Cleaning, seconds: float) -> BuildInfo:
    rows = sql.counts(con, "raw")
    full = all(rows[table] == OFFICIAL_ROWS[table] for table in ("RAW_recipes", "RAW_interactions"))
    parameters = json.dumps(cleaning.as_dict())
    return BuildInfo(
        kind="sample" if loaded.synthetic else "foodcom",
        synthetic=loaded.synthetic,
        source=loaded.label,
        fingerprint=_digest(loaded.content, parameters, _code()),
        recipes_full=full and not loaded.synthetic,
        package_version=__version__,
        duckdb_version=duckdb.__version__,
        cleaning_parameters=parameters,
        built_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        seconds=round(seconds, 2),
    )


def _digest(*texts: str) -> str:
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16]


def _code() -> str:
    here = Path(__file__).parent
    files = sorted(here.rglob("*.py"))  # a room is part of the house
    return _digest(*(text for file in files for text in (str(file.relative_to(here)), file.read_text("utf-8"))))


@contextmanager
def _explained(home: Path) -> Iterator[None]:
    """Tell why a build ended, and what serves now: it is looked up, for a build may fail after the switch."""
    before = _serving(home)
    try:
        yield
    except (OSError, *DISK_ERRORS) as error:
        log.exception("the build failed")
        after, place, reason = _serving(home), str(home), _reason(error)
        if after and after != before:
            raise UserError(
                "The new warehouse {version} serves in {folder}, but its build could not be ended well: {reason}.",
                version=after, folder=place, reason=reason) from error  # fmt: skip
        if after:
            raise UserError(
                "The warehouse could not be written in {folder}, and the one before is unchanged: {reason}.",
                folder=place, reason=reason) from error  # fmt: skip
        raise UserError(
            "The warehouse could not be written in {folder}: {reason}.", folder=place, reason=reason
        ) from error


def _serving(home: Path) -> str:
    try:
        return newest(folder_of(home)).removesuffix(".duckdb")
    except OSError:
        return ""


def _reason(error: Exception) -> Value:
    """Say what the system says; of the engine's words only those about the disk are for people."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror} ({error.filename})" if error.filename else error.strerror
    if isinstance(error, duckdb.OutOfMemoryException) and "disk" not in str(error).lower():
        return say("too little memory")
    full = re.search(r"No space left on device|Disk quota exceeded|File too large|Read-only file system", str(error))
    return full[0] if full else say("the disk could not be written, and the log says how")


def _silent(_line: str) -> None:
    """Say nothing."""
