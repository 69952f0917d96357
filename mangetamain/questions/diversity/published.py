"""The predecessor's regression of the different spellings of each year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mangetamain import stats
from mangetamain.finding import Finding
from mangetamain.language import N_, Message, Number, probability, say
from mangetamain.questions.shares import FewYears
from mangetamain.warehouse import Columns

# A line through two points says nothing of the others.
FEWEST_PUBLISHED = 3


@dataclass(frozen=True, kw_only=True)
class PublishedDiversity(Finding):
    """The predecessor's regression of raw counts of spellings on all years, weighted by the number of recipes."""

    kind: str
    first: int
    last: int
    start: Annotated[int, N_("At the start")]
    end: Annotated[int, N_("At the end")]
    slope: Annotated[float, N_("Slope")]
    intercept: Annotated[float, N_("Intercept")]
    r2: Annotated[float, N_("R²")]
    p: Annotated[float, N_("p-value")]
    spearman: Annotated[float, N_("Spearman’s correlation")]


def published_diversity(table: Columns, kind: str, n: int) -> PublishedDiversity | FewYears:
    """Regress the numbers of spellings on the years, weighted by the number of recipes."""
    years, spellings = table["year"].astype(float), table["spellings"]
    if len(years) < FEWEST_PUBLISHED:
        return FewYears(n=n, years=len(years), least=0)
    return PublishedDiversity(
        n=n,
        kind=kind,
        first=int(years[0]),
        last=int(years[-1]),
        start=int(spellings[0]),
        end=int(spellings[-1]),
        **vars(stats.wls(years, spellings, table["n"])),
        spearman=stats.weighted_spearman(years, spellings, table["n"]),
    )


def say_published(finding: PublishedDiversity, subject: Message) -> Message:
    """Say the published regression."""
    return say(
        "From {start} in {first} to {end} in {last}, {subject} as spelled changes by {slope} a year in the "
        "published regression (R² {r2}, p {p}).",
        subject=subject, first=str(finding.first), last=str(finding.last),
        start=finding.start, end=finding.end, slope=Number(finding.slope, 1, signed=True),
        r2=Number(finding.r2, 4), p=probability(finding.p),
    )  # fmt: skip
