"""What differs between two runs of one notebook, by meaning: data only, the texts are made elsewhere."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from mangetamain import state_files
from mangetamain.errors import BadInput, UserError
from mangetamain.language import N_
from mangetamain.reports.diff.figure import FigureDiff, compare_figures
from mangetamain.reports.diff.finding import NumberChange, compare_findings
from mangetamain.reports.diff.table import TableDiff, compare_tables
from mangetamain.reports.diff.values import Change, changes

Record = Mapping[str, Any]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PanelDiff:
    """What changed in one panel; a part that stayed as it was is None or empty.

    Parameters
    ----------
    title, renamed
        What the later run calls the panel, and the change where the earlier one called it otherwise.
    kind
        Which kind of finding it is.
    parameters
        The question's parameters, where the notebook gives it others.
    numbers
        Every number of the finding that moved; for two kinds of finding only those that both have.
    """

    panel: str
    title: str
    sentence: Change | None = None
    verdict: Change | None = None
    kind: Change | None = None
    renamed: Change | None = None
    parameters: tuple[Change, ...] = ()
    numbers: tuple[NumberChange, ...] = ()
    table: TableDiff = field(default_factory=TableDiff)
    figure: FigureDiff = field(default_factory=FigureDiff)

    @property
    def noticed(self) -> bool:
        """Whether a reader would see it: in the title, sentence, verdict, table or figure."""
        said = self.sentence or self.verdict or self.renamed
        return bool(said) or self.table.noticed or self.figure.noticed

    @property
    def changed(self) -> bool:
        """Whether anything moved at all, seen or not."""
        return self.noticed or bool(self.kind or self.parameters or self.numbers)


@dataclass(frozen=True)
class Run:
    """Which run was compared."""

    name: str
    key: str
    title: str
    lang: str
    source: str
    synthetic: bool
    started: str


@dataclass(frozen=True)
class Comparison:
    """Two runs of one notebook side by side: what differs around the answers, and in them.

    Parameters
    ----------
    gone, added
        Key and title of the panels that only one of them has.
    panels
        The panels of both, in the later run's order.
    """

    before: Run
    after: Run
    parameters: tuple[Change, ...]
    data: tuple[Change, ...]
    versions: tuple[Change, ...]
    outcome: tuple[Change, ...]
    gone: tuple[tuple[str, str], ...]
    added: tuple[tuple[str, str], ...]
    panels: tuple[PanelDiff, ...]

    @property
    def worded(self) -> bool:
        """Whether texts were compared: two languages say the same in other words."""
        return self.before.lang == self.after.lang

    @property
    def noticed(self) -> bool:
        """Whether a reader would notice anything; parameters, time, fingerprint and versions alone are not noticed."""
        around = self.gone or self.added or self.before.synthetic != self.after.synthetic
        return bool(around) or any(panel.noticed for panel in self.panels)

    def as_dict(self) -> dict[str, Any]:
        """Give the comparison as JSON can hold it."""
        panels = [{**_json(asdict(panel)), "noticed": panel.noticed} for panel in self.panels]
        return {"noticed": self.noticed, "worded": self.worded, **_json(asdict(self)), "panels": panels}


def compare(before: Record, after: Record) -> Comparison:
    """Compare two runs by what they say, not by how it is stored, numbers to six significant digits.

    Raises
    ------
    BadInput
        For runs of two notebooks.
    """
    if before["theme"] != after["theme"]:
        runs = {"before": before["name"], "after": after["name"], "first": before["theme"], "second": after["theme"]}
        text = N_("{before} and {after} cannot be compared: they are runs of two notebooks, {first} and {second}.")
        raise BadInput(text, **runs)
    old, new = ({answer["panel"]: answer for answer in record["answers"]} for record in (before, after))
    worded = before.get("lang") == after.get("lang")
    return Comparison(
        before=_run(before),
        after=_run(after),
        parameters=changes(before["parameters"], after["parameters"]),
        data=changes(_data(before), _data(after)),
        versions=changes(before.get("versions", {}), after.get("versions", {})),
        outcome=changes({"outcome": before.get("outcome")}, {"outcome": after.get("outcome")}),
        gone=tuple((key, str(answer["title"])) for key, answer in old.items() if key not in new),
        added=tuple((key, str(answer["title"])) for key, answer in new.items() if key not in old),
        panels=tuple(_panel(old[key], new[key], worded) for key in new if key in old),
    )


@contextmanager
def comparable(before: str, after: str) -> Iterator[None]:
    """Make one `BadInput` of all that damaged answers can cause beyond what is checked; the log says what it was."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        log.exception("two reports cannot be compared")
        raise BadInput(
            "{before} and {after} cannot be compared, the answers of one are damaged: make both again with {option}.",
            before=before, after=after, option="--force",
        ) from error  # fmt: skip


def _run(record: Record) -> Run:
    data = record["data"]
    texts = {name: str(record.get(name, "")) for name in ("name", "key", "title", "lang", "started")}
    return Run(**texts, source=str(data["source"]), synthetic=bool(data.get("synthetic")))


def _data(record: Record) -> dict[str, Any]:
    """Return where the data came from, with each parameter of the cleaning by itself."""
    data = dict(record["data"])
    cleaning = data.pop("cleaning", None)
    try:
        named = cleaning if isinstance(cleaning, dict) else state_files.parsed(cleaning or "{}", dict)
    except state_files.Damaged:
        named = {"": cleaning}
    return data | {f"cleaning.{name}".rstrip("."): value for name, value in named.items()}


def _panel(old: Record, new: Record, worded: bool) -> PanelDiff:
    def one(name: str) -> Change | None:
        return next(iter(changes({name: old.get(name)}, {name: new.get(name)})), None)

    return PanelDiff(
        panel=str(new["panel"]),
        title=str(new["title"]),
        sentence=one("sentence") if worded else None,
        verdict=one("verdict"),
        kind=next(iter(changes({"kind": old["finding"]["is"]}, {"kind": new["finding"]["is"]})), None),
        renamed=one("title") if worded else None,
        parameters=changes(old["parameters"], new["parameters"]),
        numbers=compare_findings(old["finding"], new["finding"]),
        table=compare_tables(old["columns"], new["columns"]),
        figure=compare_figures(old["figure"], new["figure"], worded=worded),
    )


def _json(value: Any) -> Any:  # noqa: ANN401 - whatever a comparison holds
    """Return a value as strict JSON has it: no tuples, and infinity as a word."""
    if isinstance(value, Mapping):
        return {name: _json(item) for name, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_json(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
