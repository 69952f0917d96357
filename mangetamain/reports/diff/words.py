"""A comparison in words, in the language that is spoken: what the terminal and the page both say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mangetamain.answers.cells import NOTHING
from mangetamain.language import N_, plural, say, spoken
from mangetamain.reports.diff.compare import Comparison, PanelDiff, Run
from mangetamain.reports.diff.fields import percent
from mangetamain.reports.diff.figure import FigureDiff, Trace
from mangetamain.reports.diff.finding import NumberChange
from mangetamain.reports.diff.table import CellChange
from mangetamain.reports.diff.value_text import ARROW, change, field, shown, verdict
from mangetamain.reports.diff.values import Change
from mangetamain.warehouse.info import SYNTHETIC

# Of names and numbers said in one line: who wants all of them opens the page.
NAMES = 3
# Where two estimates lie of one another: the new value in the old interval, and the old value in the new one.
PLACES: dict[tuple[bool | None, bool | None], str] = {
    (True, True): N_("each inside the other’s interval"),
    (True, False): N_("inside the old interval, the old value outside the new one"),
    (False, True): N_("outside the old interval, the old value inside the new one"),
    (False, False): N_("each outside the other’s interval"),
}


def summary(comparison: Comparison) -> str:
    """Say in one line whether a reader would notice anything."""
    if not comparison.noticed:
        return str(say("Nothing that a reader would notice changed."))
    seen = sum(panel.noticed for panel in comparison.panels)
    text = plural(
        "A reader would notice: {seen} of {n} answer changed.", "A reader would notice: {seen} of {n} answers changed."
    )
    parts = [say(text, seen=seen, n=len(comparison.panels))]
    if comparison.before.synthetic != comparison.after.synthetic:
        now = N_("Synthetic data took the place of real ones.")
        no_more = N_("Real data took the place of synthetic ones.")
        parts.append(say(now if comparison.after.synthetic else no_more))
    if comparison.gone:
        parts.append(say("Answers gone: {names}.", names=_quoted(comparison.gone)))
    if comparison.added:
        parts.append(say("New answers: {names}.", names=_quoted(comparison.added)))
    return " ".join(map(str, parts))


def _quoted(panels: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{title} ({key})" for key, title in panels)


def note(comparison: Comparison) -> str:
    """Say in which language the texts are, where that needs saying."""
    if not comparison.worded:
        return str(say("The runs speak two languages: their texts are not compared."))
    texts = {"en": N_("The texts of the reports are in English."), "fr": N_("The texts of the reports are in French.")}
    lang = comparison.after.lang
    return str(say(texts[lang])) if lang in texts and lang != spoken() else ""


def unchanged(comparison: Comparison) -> str:
    """Name the panels in which nothing changed."""
    same = [f"{panel.title} ({panel.panel})" for panel in comparison.panels if not panel.changed]
    return str(say("Unchanged: {names}", names=" · ".join(same))) if same else ""


def runs(comparison: Comparison) -> list[tuple[str, str]]:
    """Say which runs are compared and what differs around the answers: label and text, line by line."""
    return _lines(
        (N_("Before"), run(comparison.before)),
        (N_("After"), run(comparison.after)),
        (N_("Parameters"), each(comparison.parameters)),
        (N_("Data"), each(comparison.data)),
        (N_("Versions"), each(comparison.versions)),
        (N_("Outcome"), each(comparison.outcome)),
    )


def changed(panel: PanelDiff, comparison: Comparison) -> list[tuple[str, str]]:
    """Say all that changed in a panel, sentence and verdict first: label and text, line by line."""
    before, after = (panel.sentence.before, panel.sentence.after) if panel.sentence else ("", "")
    verdicts = (verdict(panel.verdict.before), verdict(panel.verdict.after)) if panel.verdict else ()
    own = [one for one in panel.parameters if one not in comparison.parameters]
    another = say("of another kind than before: most of its numbers cannot be compared")
    return _lines(
        (N_("Before"), str(before)),
        (N_("After"), str(after)),
        (N_("Verdict"), ARROW.join(verdicts)),
        (N_("Title"), change(panel.renamed.before, panel.renamed.after) if panel.renamed else ""),
        (N_("Parameters"), each(own)),
        (N_("Finding"), str(another) if panel.kind else ""),
        (N_("Numbers"), numbers(panel)),
        (N_("Table"), table(panel)),
        (N_("Figure"), figure(panel.figure, example=not panel.table.cells)),
    )


def _lines(*lines: tuple[str, str]) -> list[tuple[str, str]]:
    """Say the labels of the lines that have a text."""
    return [(str(say(label)), text) for label, text in lines if text]


def run(one: Run) -> str:
    """Say which run it is, and of what data."""
    note = str(say(SYNTHETIC)) if one.synthetic else ""
    return ", ".join(filter(None, (one.name, one.key[:12], one.source, note, one.started)))


def each(some: Sequence[Change]) -> str:
    """Say each of a few changes: name, value before, value after."""
    return " · ".join(f"{field(one.name)} {change(one.before, one.after)}" for one in some)


def numbers(panel: PanelDiff) -> str:
    """Say how many numbers moved inside and outside their interval, and name those outside."""
    found = panel.numbers
    inside = [one for one in found if one.inside]
    outside = [one for one in found if one.inside is False]
    came, went = ([o for o in found if o.before is None], [o for o in found if o.after is None])
    other = [one for one in found if one.inside is None and one not in came and one not in went]
    parts: list[object] = []
    if inside or outside:
        text = N_("{inside} moved inside their interval, {outside} outside")
        parts.append(say(text, inside=len(inside), outside=len(outside)))
    parts += ["{} {}, {}".format(*number(one, panel)) for one in outside[:NAMES]]
    for text, some in (
        (N_("{count} without an interval changed ({names})"), other),
        (N_("{count} came ({names})"), came),
        (N_("{count} went ({names})"), went),
    ):
        if some:
            parts.append(say(text, count=len(some), names=few([field(one.name) for one in some])))
    return " · ".join(map(str, parts))


def number(one: NumberChange, panel: PanelDiff) -> tuple[str, str, str]:
    """Say a number's name, its change and, of an estimate, where it lies."""
    moved = change(one.before, one.after, one.name, percent(panel.panel, one.name))
    return field(one.name), moved, str(say(PLACES.get((one.inside, one.back), "")))


def table(panel: PanelDiff) -> str:
    """Say how many rows and cells changed, with one cell."""
    diff = panel.table
    parts: list[object] = []
    for text, count, rows in (
        (N_("rows that came: {count}"), diff.added, diff.first_added),
        (N_("rows that went: {count}"), diff.gone, diff.first_gone),
    ):
        if count:
            names = few([row(one, diff.by) for one in rows], count) if diff.by else ""
            parts.append(f"{say(text, count=count)} ({names})" if names else say(text, count=count))
    if diff.changed:
        cells = plural(
            "rows that changed: {count} of {rows}, in {n} cell", "rows that changed: {count} of {rows}, in {n} cells"
        )
        parts.append(say(cells, count=diff.changed, rows=diff.rows[1], n=diff.cells))
        parts.append(cell(diff.first[0], panel))
    for text, columns in (
        (N_("new columns: {names}"), diff.columns_added),
        (N_("columns gone: {names}"), diff.columns_gone),
    ):
        if columns:
            parts.append(say(text, names=few([field(name) for name in columns])))
    if diff.moved:
        parts.append(say("rows in another order"))
    return " · ".join(map(str, parts))


def cell(one: CellChange, panel: PanelDiff) -> str:
    """Say one cell's change."""
    moved = change(one.before, one.after, one.column, percent(panel.panel, one.column))
    return f"{row(one.row, panel.table.by)}, {field(one.column)} {moved}"


def row(values: Sequence[Any], by: Sequence[str]) -> str:
    """Name a row by the columns that tell it from the others, or by its place."""
    return ", ".join(shown(value, name) for value, name in zip(values, by or ("place",), strict=True))


def figure(diff: FigureDiff, *, example: bool = False) -> str:
    """Say which traces came and went, how many points are elsewhere, and what the axes are called."""
    parts: list[object] = []
    for text, traces in ((N_("came: {names}"), diff.added), (N_("went: {names}"), diff.gone)):
        if traces:
            parts.append(say(text, names=few(_named(traces))))
    parts += [f"{one.was or NOTHING}{ARROW}{trace(one.trace)}" for one in diff.traces if one.was is not None]
    moved = [one for one in diff.traces if one.added or one.gone or one.changed]
    counts = (
        (N_("points that came: {count}"), sum(one.added for one in moved)),
        (N_("points that went: {count}"), sum(one.gone for one in moved)),
        (N_("points that changed: {count}"), sum(one.changed for one in moved)),
    )
    if moved:
        names = few(_named([one.trace for one in moved])) if any(one.trace.name for one in moved) else ""
        said = ", ".join(str(say(text, count=count)) for text, count in counts if count)
        parts.append(f"{said} ({names})" if names else said)
    if moved and example and (first := moved[0].first):
        name = next(name for name, value in first.after.items() if first.before.get(name) != value)
        at = change(first.before.get(name), first.after[name])
        parts.append(f"{trace(moved[0].trace)}, {first.name} {at}")
    return " · ".join(map(str, [*parts, *map(axis, diff.axes)]))


def axis(one: Change) -> str:
    """Say how an axis is called now, or which names came and went on it."""
    if not one.name.endswith(".ticks"):
        return f"{field(one.name)} {change(one.before, one.after)}"
    came = [name for name in one.after or () if name not in (one.before or ())]
    went = [name for name in one.before or () if name not in (one.after or ())]
    groups = [(N_("came: {names}"), came), (N_("went: {names}"), went)]
    parts = [str(say(text, names=few(names))) for text, names in groups if names]
    order = say("in another order")
    return f"{field(one.name)} ({', '.join(parts) or order})"


def trace(one: Trace) -> str:
    """Name a trace; one without a name is the edge of another."""
    return one.name or str(say("without a name"))


def _named(traces: Sequence[Trace]) -> list[str]:
    """Name several traces, each name once, and those without a name only where there are no others."""
    return list(dict.fromkeys(one.name for one in traces if one.name)) or [str(say("without a name"))]


def few(names: Sequence[str], count: int | None = None) -> str:
    """Join a few names, and three dots where there are more."""
    more = ["…"] if max(count or 0, len(names)) > NAMES else []
    return ", ".join([*names[:NAMES], *more])
