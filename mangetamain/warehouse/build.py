"""Building: raw data to the current warehouse, all or nothing."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from mangetamain import __version__, stopping
from mangetamain.errors import BadSource, UserError
from mangetamain.language import N_, Number, Value, say
from mangetamain.warehouse import origin, sql
from mangetamain.warehouse.cleaning.rules import Step, clean
from mangetamain.warehouse.cleaning.thresholds import Cleaning
from mangetamain.warehouse.home import data_home
from mangetamain.warehouse.info import BuildInfo, read_info, write_info
from mangetamain.warehouse.ingest.file_errors import DISK_FULL
from mangetamain.warehouse.origin import SAMPLE, Origin
from mangetamain.warehouse.reader.connection import stoppable
from mangetamain.warehouse.reader.warehouse_errors import in_the_way
from mangetamain.warehouse.schema import OFFICIAL_ROWS
from mangetamain.warehouse.tables import cubes, enrich, terms
from mangetamain.warehouse.tables.comments import write_comments
from mangetamain.warehouse.versions import switch
from mangetamain.warehouse.versions.drafts import building, drafted
from mangetamain.warehouse.versions.listing import folder_of, newest

log = logging.getLogger(__name__)
Progress = Callable[[str], None]
# A full disk shows itself as any of these, depending on what was being written.
DISK_ERRORS = (duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException, duckdb.FatalException)
# What reads a warehouse, or says which one is read, cannot change what is in it: an edit there leaves the fingerprint,
# and stored answers stay good. Whatever is new counts as code that can. The Makefile knows the same files.
READS = ("reader/", "versions/", "status.py")
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
    tell = progress or (lambda _line: None)
    if place := in_the_way(folder_of(home)):
        raise place
    with _explained(home), building(home) as folder, drafted(folder) as draft:
        with closing(stoppable(duckdb.connect(draft, config=STORAGE))) as con:
            con.execute("SET enable_progress_bar = false")
            loaded = origin.load(con, source, home, tell)
            tell(str(say("Cleaning")))
            _check_recipes(clean(con, cleaning), tell)
            tell(str(say("Making the tables of recipes and reviews")))
            terms.make_terms(con)
            enrich.make_recipes(con)
            enrich.make_reviews(con)
            enrich.make_days(con)
            tell(str(say("Making the cubes")))
            cubes.make_cubes(con)
            write_info(con, _card(con, loaded, cleaning, time.monotonic() - started))
            write_comments(con)
            info = read_info(con)
            tell(str(say("Writing the warehouse")))
            con.execute("CHECKPOINT")  # closing would not say that it failed
        with stopping.in_peace():  # whole or not at all
            stopping.raise_if_stopped()  # DuckDB may have swallowed the signal
            switch.make_current(draft, folder, tell)
    tell(str(say("Built in {seconds} s", seconds=Number(time.monotonic() - started, 1))))
    return info


def _check_recipes(steps: list[Step], tell: Progress) -> None:
    for step in steps:
        rule = f"{step.tbl}, {step.rule}" + (f" ({step.threshold})" if step.threshold else "")
        text = N_("Cleaning {rule}: {removed} removed, {left} left")
        tell(str(say(text, rule=rule, removed=step.removed, left=step.remaining)))
    if emptied := next((step for step in steps if step.tbl == "recipes" and not step.remaining), None):
        raise BadSource(
            "No recipe is left after the cleaning rule {rule} ({threshold}).",
            rule=f"“{emptied.rule}”", threshold=emptied.threshold or say("no threshold"))  # fmt: skip


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
    return _digest(
        *(text for file in _deciding(here) for text in (str(file.relative_to(here)), file.read_text("utf-8")))
    )


def _deciding(here: Path) -> list[Path]:
    """List the code that decides what is in a warehouse, in whichever room it is."""
    return [file for file in sorted(here.rglob("*.py")) if not str(file.relative_to(here)).startswith(READS)]


@contextmanager
def _explained(home: Path) -> Iterator[None]:
    """Tell why a build ended, and what serves now: it is looked up, for a build may fail after the switch."""
    before = _serving(home)
    try:
        yield
    except (OSError, *DISK_ERRORS) as error:
        log.exception("the build failed")
        after = _serving(home)
        words = N_("The warehouse could not be written in {folder}: {reason}.")
        if after:
            words = N_("The warehouse could not be written in {folder}, and the one before is unchanged: {reason}.")
        if after != before:
            words = N_(
                "The new warehouse {version} serves in {folder}, but its build could not be ended well: {reason}."
            )
        raise UserError(words, version=after, folder=str(home), reason=_reason(error)) from error


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
    full = DISK_FULL.search(str(error))
    return full[0] if full else say("the disk could not be written, and the log says how")
