"""What became of each published analysis: its number and ours, what our method finds, and what of its claim holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from mangetamain.calendars import CALENDARS
from mangetamain.finding import Estimate, Finding
from mangetamain.language import N_, Listing, Message, Number, say
from mangetamain.parameters import Choice
from mangetamain.published.analyses import ANALYSES, Analysis, Order, Peak
from mangetamain.published.compare import number
from mangetamain.published.ours import Ours
from mangetamain.published.told import effect
from mangetamain.questions import QUESTIONS, Answer
from mangetamain.questions.courses import LevelFinding
from mangetamain.questions.drifts import FALSE_DISCOVERY_RATE, MOST_WRONG
from mangetamain.questions.group_levels import GroupGap
from mangetamain.questions.term_levels import sure
from mangetamain.questions.volume import VolumeFinding
from mangetamain.themes import Place, place_of
from mangetamain.warehouse import Warehouse

JUDGEMENTS = {
    "right": N_("right"),
    "part": N_("right only in part"),
    "negligible": N_("right, but negligible"),
    "noise": N_("noise (undecided)"),
    "absent": N_("not in these data"),
    "rare": N_("too rare here to judge"),
    "nothing": N_("wrong: nothing that would matter"),
    "moves": N_("wrong: there is a difference"),
    "other": N_("wrong: it goes another way"),
    "artefact": N_("not shown: its number is an artefact"),
}


@dataclass(frozen=True)
class Judged:
    """A published analysis, our number by its method, what our own method answers, and where a page shows that."""

    analysis: Analysis
    ours: float | None
    answer: Answer
    judgement: Message
    place: Place

    @property
    def command(self) -> str:
        """The line that asks for our answer."""
        given = (f"{name}={value}" for name, value in self.analysis.given.items())
        return " ".join(["mangetamain ask", self.analysis.question, *given])

    @property
    def numbers(self) -> Message:
        """The published number and ours by its method."""
        analysis, digits = self.analysis, self.analysis.digits
        return say(
            "{unit}: {published}, here {ours}",
            published=Number(analysis.published, digits), unit=say(analysis.unit),
            ours="–" if self.ours is None else Number(self.ours, digits),
        )  # fmt: skip

    @property
    def artefact(self) -> Message | None:
        """What the published number is an artefact of, where it is one."""
        what = self.analysis.artefact
        return say("The number is an artefact: {what}.", what=say(what)) if what else None


def judged(con: Warehouse) -> list[Judged]:
    """Judge every published analysis on the data loaded."""
    ours = Ours(con)
    return [_judged(con, ours, analysis) for analysis in ANALYSES]


def _judged(con: Warehouse, ours: Ours, analysis: Analysis) -> Judged:
    answer = QUESTIONS[analysis.question](con, **analysis.given)
    if isinstance(analysis.claimed, Mapping):
        found = _of_terms(con, answer, analysis.claimed)
    else:
        found = say(JUDGEMENTS[judgement(answer.finding, analysis.claimed, ranked(answer))])
    return Judged(analysis, number(ours, analysis.where), answer, found, place_of(answer))


def ranked(answer: Answer) -> list[str]:
    """Name the groups of a calendar that an answer compares, from the highest to the lowest."""
    if not isinstance(answer.finding, GroupGap):
        return []
    gap = answer.columns["gap"]
    known = np.flatnonzero(np.isfinite(gap))
    groups = answer.columns[answer.parameters["by"]]
    return [str(groups[i]) for i in known[np.argsort(-gap[known], kind="stable")]]


def judgement(finding: Finding, claimed: str | Peak | Order, ranked: Sequence[str] = ()) -> str:
    """Judge a claim by the verdict of our finding and by each of its parts; a key of `JUDGEMENTS`.

    `ranked` are the groups that the finding compares, from the highest to the lowest.
    """
    if claimed == "method":
        return "artefact"
    found = effect(finding)
    if claimed == "none" and isinstance(finding, LevelFinding) and finding.steps:
        return "moves"  # whatever the line does that the steps break
    if found is None or finding.verdict == "undecided":
        return "noise"
    if claimed in ("none", "trace"):
        small = finding.verdict == "negligible"
        # A trace is a difference, too: one that chance may have made is half of the claim.
        return "moves" if not small else "right" if claimed == "none" or found.excludes_zero else "part"
    held = parts(finding, found, claimed, ranked)
    if finding.verdict == "negligible":
        return "negligible" if all(held) and found.excludes_zero else "nothing"
    return "right" if all(held) else "part" if any(held) else "other"


def parts(finding: Finding, found: Estimate, claimed: str | Peak | Order, ranked: Sequence[str]) -> list[bool]:
    """Tell of each part of a claim whether the finding goes its way: a peak and the fall, or each group's place."""
    match claimed:
        case Peak(year=year):
            return [isinstance(finding, VolumeFinding) and finding.peak_year == year, found.value < 0]
        case Order(highest=highest, lowest=lowest):
            top, bottom = ranked[: len(highest)], ranked[len(ranked) - len(lowest) :]
            return [group in top for group in highest] + [group in bottom for group in lowest]
        case way:
            return [way == ("up" if found.value > 0 else "down")]


def _of_terms(con: Warehouse, answer: Answer, claimed: Mapping[str, str]) -> Message:
    """Name the claimed terms that go their way beyond doubt, those that go another, and the others."""
    sql = "SELECT spelling, term FROM vocabulary WHERE kind = $kind AND spelling IN (SELECT unnest($spellings))"
    kind = answer.parameters["kind"]
    known = dict(con.execute(sql, {"kind": kind, "spellings": [*claimed]}).fetchall())
    found, terms = ways(answer), {*answer.columns["term"].tolist()}
    small = answer.verdict == "negligible"

    def became(spelling: str, way: str) -> str:
        term = str(known.get(spelling, ""))
        if term not in terms:
            return "rare" if term else "absent"
        return outcome(found.get(term, {}), way, small=small)

    each = {spelling: became(spelling, way) for spelling, way in claimed.items()}
    said = tuple(
        say("{judgement}: {terms}", judgement=say(text), terms=Listing(tuple(t for t in each if each[t] == name)))
        for name, text in JUDGEMENTS.items()
        if name in each.values()
    )
    return reduce(lambda first, then: say("{first}; {then}", first=first, then=then), said)


def outcome(ways: Mapping[str, bool], claimed: str, *, small: bool = False) -> str:
    """Judge one term by the ways that it goes beyond doubt; `small` tells that no term goes by enough to matter."""
    if claimed in ways:
        return "right" if ways[claimed] else "negligible"
    if any(ways.values()):
        return "other"
    return "nothing" if ways or small else "noise"


def ways(answer: Answer) -> dict[str, dict[str, bool]]:
    """Name the ways that each term of an answer goes beyond doubt, and whether it may be by enough to matter.

    A way is up or down, or a group where the term is above.
    """
    table, found = answer.columns, dict[str, dict[str, bool]]()
    if not len(table["term"]):
        return found
    effect = next(table[name] - (name == "times") for name in ("change", "times", "gap") if name in table)
    group = next((table[name] for name in CALENDARS if name in table), None)
    way = np.where(effect > 0, "up", "down") if group is None else group
    beyond = table["wrong"] < MOST_WRONG if "wrong" in table else table["q"] < FALSE_DISCOVERY_RATE
    if "gap" in table:
        beyond = sure(table["q"], table["low"], table["high"])
    beyond &= (effect > 0) | (group is None)
    rows = (column[beyond].tolist() for column in (table["term"], way, table["verdict"]))
    for term, of_term, verdict in zip(*rows, strict=True):
        found.setdefault(term, {})[str(of_term)] = verdict != "negligible"
    return found


def moved(place: Place) -> Listing:
    """Name the controls that are to be moved, each with what it is to show."""
    kinds = place.panel.question.parameters
    texts = ((kinds[name][0], text) for name, text in place.moved.items())
    return Listing(
        tuple(
            say("{label}: {value}", label=say(kind.label), value=value)
            for kind, text in texts
            for value in [say(kind.values[text]) if isinstance(kind, Choice) else text]
        )
    )


MADE_UP = N_(
    "The data loaded are synthetic: numbers and judgements are of the sample, and say nothing of the published claims."
)
OTHERS = N_("The data loaded are not the full Food.com set: the judgements are of what is loaded.")


def caution(con: Warehouse) -> Message | None:
    """Say what the judgements are of, where the data are not those of the publication."""
    return say(MADE_UP) if con.info.synthetic else None if con.info.recipes_full else say(OTHERS)


HEADS = (N_("Claim"), N_("Published number"), N_("What our method says"), N_("Judgement"), N_("Where"))


def write(con: Warehouse, lang: str) -> str:
    """Write the analyses one below the other."""
    top, found = caution(con), judged(con)
    return "\n\n".join([*([top.render(lang)] if top else []), *(_write(one, lang) for one in found)])


def _write(one: Judged, lang: str) -> str:
    head = say("{claim}: {judgement}", claim=say(one.analysis.claim), judgement=one.judgement)
    lines = [line.render(lang) for line in (one.numbers, one.artefact) if line]
    lines += [one.answer.sentence_with_verdict(lang), one.command]
    return "\n    ".join([f"{one.analysis.id}  {head.render(lang)}", *lines])
