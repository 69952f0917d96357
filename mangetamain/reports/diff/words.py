"""A comparison in words, in a language: what the terminal and the page both say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mangetamain.language import N_, say
from mangetamain.questions.cells import NOTHING
from mangetamain.reports.diff.compare import Comparison, PanelDiff, Run
from mangetamain.reports.diff.fields import percent
from mangetamain.reports.diff.figure import FigureDiff, Trace, TraceDiff
from mangetamain.reports.diff.finding import NumberChange
from mangetamain.reports.diff.shown import ARROW, change, field, shown, verdict
from mangetamain.reports.diff.table import CellChange
from mangetamain.reports.diff.values import Change
from mangetamain.warehouse.info import SYNTHETIC

# Of names and numbers said in one line: who wants all of them opens the page.
NAMES = 3


def runs(comparison: Comparison, lang: str) -> list[tuple[str, str]]:
    """Say which runs are compared and what differs around the answers: label and text, line by line."""
    before, after = N_("Before"), N_("After")
    return [
        (say(before).render(lang), run(comparison.before, lang)),
        (say(after).render(lang), run(comparison.after, lang)),
        *around(comparison, lang),
    ]


def changed(panel: PanelDiff, comparison: Comparison, lang: str) -> list[tuple[str, str]]:
    """Say all that changed in a panel, sentence and verdict first: label and text, line by line."""
    lines = []
    if panel.sentence:
        texts = (N_("Before"), panel.sentence.before), (N_("After"), panel.sentence.after)
        lines += [(say(label).render(lang), str(text)) for label, text in texts]
    if panel.verdict:
        both = (verdict(each, lang) for each in (panel.verdict.before, panel.verdict.after))
        lines.append((say("Verdict").render(lang), ARROW.join(both)))
    return lines + details(panel, comparison, lang)


def note(comparison: Comparison, lang: str) -> str:
    """Say in which language the texts are, where that needs saying."""
    if not comparison.worded:
        return say("The runs speak two languages: their texts are not compared.").render(lang)
    texts = {"en": N_("The texts of the reports are in English."), "fr": N_("The texts of the reports are in French.")}
    spoken = comparison.after.lang
    return say(texts[spoken]).render(lang) if spoken in texts and spoken != lang else ""


def unchanged(comparison: Comparison, lang: str) -> str:
    """Name the panels in which nothing changed."""
    same = [f"{panel.title} ({panel.panel})" for panel in comparison.panels if not panel.changed]
    return say("Unchanged: {names}", names=" · ".join(same)).render(lang) if same else ""


def summary(comparison: Comparison, lang: str) -> str:
    """Say in one line whether a reader would notice anything."""
    if not comparison.noticed:
        return say("Nothing that a reader would notice changed.").render(lang)
    seen = sum(panel.noticed for panel in comparison.panels)
    text = N_("A reader would notice: {seen} of {all} answers changed.")
    parts = [say(text, seen=seen, all=len(comparison.panels)).render(lang)]
    if comparison.before.synthetic != comparison.after.synthetic:
        now = N_("Synthetic data took the place of real ones.")
        no_more = N_("Real data took the place of synthetic ones.")
        parts.append(say(now if comparison.after.synthetic else no_more).render(lang))
    if comparison.gone:
        parts.append(say("Answers gone: {names}.", names=_quoted(comparison.gone)).render(lang))
    if comparison.added:
        parts.append(say("New answers: {names}.", names=_quoted(comparison.added)).render(lang))
    return " ".join(parts)


def _quoted(panels: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{title} ({key})" for key, title in panels)


def run(one: Run, lang: str) -> str:
    """Say which run it is, and of what data."""
    note = say(SYNTHETIC).render(lang) if one.synthetic else ""
    return ", ".join(filter(None, (one.name, one.key[:12], one.source, note, one.started)))


def around(comparison: Comparison, lang: str) -> list[tuple[str, str]]:
    """Say what differs around the answers: label and change, line by line."""
    groups = (
        (N_("Parameters"), comparison.parameters),
        (N_("Data"), comparison.data),
        (N_("Versions"), comparison.versions),
        (N_("Outcome"), comparison.outcome),
    )
    return [(say(label).render(lang), each(some, lang)) for label, some in groups if some]


def each(some: Sequence[Change], lang: str) -> str:
    """Say each of a few changes: name, value before, value after."""
    return " · ".join(f"{field(one.name, lang)} {change(one.before, one.after, lang)}" for one in some)


def details(panel: PanelDiff, comparison: Comparison, lang: str) -> list[tuple[str, str]]:
    """Say what changed in a panel beside its sentence and verdict: label and text, line by line."""
    known = {(one.name, one.before, one.after) for one in comparison.parameters}
    own = [one for one in panel.parameters if (one.name, one.before, one.after) not in known]
    parts = (
        (N_("Title"), change(panel.renamed.before, panel.renamed.after, lang) if panel.renamed else ""),
        (N_("Parameters"), each(own, lang)),
        (N_("Finding"), kind(panel, lang)),
        (N_("Numbers"), numbers(panel, lang)),
        (N_("Table"), table(panel, lang)),
        (N_("Figure"), figure(panel.figure, lang, example=not panel.table.cells)),
    )
    return [(say(label).render(lang), text) for label, text in parts if text]


def kind(panel: PanelDiff, lang: str) -> str:
    """Say that the finding is one of another kind."""
    if panel.kind is None:
        return ""
    return say("of another kind than before: most of its numbers cannot be compared").render(lang)


def numbers(panel: PanelDiff, lang: str) -> str:
    """Say how many numbers moved inside and outside their interval, and name those outside."""
    found = panel.numbers
    inside = [one for one in found if one.inside]
    outside = [one for one in found if one.inside is False]
    came, went = ([o for o in found if o.before is None], [o for o in found if o.after is None])
    other = [one for one in found if one.inside is None and one not in came and one not in went]
    parts = []
    if inside or outside:
        text = N_("{inside} moved inside their interval, {outside} outside")
        parts.append(say(text, inside=len(inside), outside=len(outside)).render(lang))
    parts += [number(one, panel.panel, lang) for one in outside[:NAMES]]
    for text, some in (
        (N_("{count} without an interval changed ({names})"), other),
        (N_("{count} came ({names})"), came),
        (N_("{count} went ({names})"), went),
    ):
        if some:
            names = few([field(one.name, lang) for one in some])
            parts.append(say(text, count=len(some), names=names).render(lang))
    return " · ".join(parts)


def number(one: NumberChange, panel: str, lang: str) -> str:
    """Say one number's change and, of an estimate, where it lies."""
    text = f"{field(one.name, lang)} {change(one.before, one.after, lang, one.name, percent(panel, one.name))}"
    return f"{text}, {say(place(one)).render(lang)}" if one.inside is not None else text


def place(one: NumberChange) -> str:
    """Return where two estimates lie of one another, as a text to be said."""
    return {
        (True, True): N_("each inside the other’s interval"),
        (True, False): N_("inside the old interval, the old value outside the new one"),
        (False, True): N_("outside the old interval, the old value inside the new one"),
        (False, False): N_("each outside the other’s interval"),
    }[bool(one.inside), bool(one.back)]


def table(panel: PanelDiff, lang: str) -> str:
    """Say how many rows and cells changed, with one cell."""
    diff, parts = panel.table, []
    for text, count, rows in (
        (N_("rows that came: {count}"), diff.added, diff.first_added),
        (N_("rows that went: {count}"), diff.gone, diff.first_gone),
    ):
        if count:
            names = few([row(one, diff.by, lang) for one in rows], count) if diff.by else ""
            parts.append(say(text, count=count).render(lang) + (f" ({names})" if names else ""))
    if diff.changed:
        text = N_("rows that changed: {count} of {rows}, in {cells} cells")
        parts.append(say(text, count=diff.changed, rows=diff.rows[1], cells=diff.cells).render(lang))
        parts.append(cell(diff.first[0], panel, lang))
    for text, columns in (
        (N_("new columns: {names}"), diff.columns_added),
        (N_("columns gone: {names}"), diff.columns_gone),
    ):
        if columns:
            parts.append(say(text, names=few([field(name, lang) for name in columns])).render(lang))
    if diff.moved:
        parts.append(say("rows in another order").render(lang))
    return " · ".join(parts)


def cell(one: CellChange, panel: PanelDiff, lang: str) -> str:
    """Say one cell's change."""
    moved = change(one.before, one.after, lang, one.column, percent(panel.panel, one.column))
    return f"{row(one.row, panel.table.by, lang)}, {field(one.column, lang)} {moved}"


def row(values: Sequence[Any], by: Sequence[str], lang: str) -> str:
    """Name a row by the columns that tell it from the others, or by its place."""
    return ", ".join(shown(value, lang, name) for value, name in zip(values, by or ("place",), strict=True))


def figure(diff: FigureDiff, lang: str, *, example: bool = False) -> str:
    """Say which traces came and went, how many points are elsewhere, and what the axes are called."""
    parts = []
    for text, traces in ((N_("came: {names}"), diff.added), (N_("went: {names}"), diff.gone)):
        if traces:
            parts.append(say(text, names=few(_named(traces, lang))).render(lang))
    parts += [f"{one.was or NOTHING}{ARROW}{trace(one.trace, lang)}" for one in diff.traces if one.was is not None]
    moved = [one for one in diff.traces if one.added or one.gone or one.changed]
    counts = [
        say(text, count=count).render(lang)
        for text, count in (
            (N_("points that came: {count}"), sum(one.added for one in moved)),
            (N_("points that went: {count}"), sum(one.gone for one in moved)),
            (N_("points that changed: {count}"), sum(one.changed for one in moved)),
        )
        if count
    ]
    if moved:
        names = few(_named([one.trace for one in moved], lang)) if any(one.trace.name for one in moved) else ""
        parts.append(", ".join(counts) + (f" ({names})" if names else ""))
    parts += [point(one, lang) for one in moved[:1] if example and one.first]
    return " · ".join([*parts, *(axis(one, lang) for one in diff.axes)])


def point(one: TraceDiff, lang: str) -> str:
    """Say where the first point of a trace that moved was and is."""
    if one.first is None:
        return ""
    was, now = one.first.before, one.first.after
    name = next(name for name in now if was.get(name) != now[name])
    return f"{trace(one.trace, lang)}, {one.first.name} {change(was.get(name), now[name], lang)}"


def axis(one: Change, lang: str) -> str:
    """Say how an axis is called now, or which names came and went on it."""
    if not one.name.endswith(".ticks"):
        return f"{field(one.name, lang)} {change(one.before, one.after, lang)}"
    came = [name for name in one.after or () if name not in (one.before or ())]
    went = [name for name in one.before or () if name not in (one.after or ())]
    groups = [(N_("came: {names}"), came), (N_("went: {names}"), went)]
    parts = [say(text, names=few(names)).render(lang) for text, names in groups if names]
    order = say("in another order").render(lang)
    return f"{field(one.name, lang)} ({', '.join(parts) or order})"


def trace(one: Trace, lang: str) -> str:
    """Name a trace; one without a name is the edge of another."""
    return one.name or say("without a name").render(lang)


def _named(traces: Sequence[Trace], lang: str) -> list[str]:
    """Name several traces, each name once, and those without a name only where there are no others."""
    names = dict.fromkeys(one.name for one in traces if one.name)
    return list(names) or [say("without a name").render(lang)]


def few(names: Sequence[str], count: int | None = None) -> str:
    """Join a few names, and three dots where there are more."""
    more = "…" if max(count or 0, len(names)) > NAMES else ""
    return ", ".join([*names[:NAMES], *filter(None, [more])])
