"""The predecessor's description of yearly counts, and its tests of whether they are normal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from mangetamain.finding import Finding
from mangetamain.language import N_, Message, Number, say
from mangetamain.volumes import Volume


@dataclass(frozen=True, kw_only=True)
class PublishedVolume(Finding):
    """The predecessor's description of the yearly counts and its normal probability plot."""

    years: int
    mean: float
    median: float
    sd: float
    sd_population: Annotated[float, N_("Standard deviation (of a population)")]
    variation: Annotated[float, N_("Coefficient of variation")]
    lower_quartile: Annotated[float, N_("Lower quartile")]
    upper_quartile: Annotated[float, N_("Upper quartile")]
    least: Annotated[int, N_("Least number")]
    most: Annotated[int, N_("Largest number")]
    peak_year: Annotated[int, N_("Year of the peak")]
    probability_plot_r2: Annotated[float, N_("R² of the probability plot")]
    shapiro_w: Annotated[float, N_("Shapiro and Wilk’s W")]
    shapiro_p: Annotated[float, N_("p-value of Shapiro and Wilk’s test")]
    agostino_k2: Annotated[float, N_("D’Agostino’s K²")]
    agostino_p: Annotated[float, N_("p-value of D’Agostino’s test")]


def published_volume(years: np.ndarray, n: np.ndarray) -> PublishedVolume:
    """Describe the yearly counts."""
    from scipy import stats as scipy_stats

    counts = n.astype(float)
    enough = len(n) >= 8  # the fewest that D'Agostino's test of skewness is made for, and that scipy takes
    fit = scipy_stats.probplot(counts)[1] if len(n) > 2 else (0.0, 0.0, 0.0)
    shapiro = scipy_stats.shapiro(counts) if len(n) > 2 else (0.0, 1.0)
    agostino = scipy_stats.normaltest(counts) if enough else (0.0, 1.0)
    return PublishedVolume(
        n=int(n.sum()),
        years=len(n),
        mean=float(counts.mean()),
        median=float(np.median(counts)),
        sd=float(counts.std(ddof=1)) if len(n) > 1 else 0.0,
        sd_population=float(counts.std()),
        variation=float(counts.std() / counts.mean()),
        lower_quartile=float(np.quantile(counts, 0.25)),
        upper_quartile=float(np.quantile(counts, 0.75)),
        least=int(n.min()),
        most=int(n.max()),
        peak_year=int(years[np.argmax(n)]),
        probability_plot_r2=float(fit[2]) ** 2,
        shapiro_w=float(shapiro[0]),
        shapiro_p=float(shapiro[1]),
        agostino_k2=float(agostino[0]),
        agostino_p=float(agostino[1]),
    )


def say_published(finding: PublishedVolume, volume: Volume) -> Message:
    """Say the yearly mean and the peak."""
    return say(
        "{subject} over {years} years is {mean} a year on average; the peak is {most} in {peak}.",
        subject=say(volume.subject), years=finding.years, mean=Number(finding.mean, 1),
        most=finding.most, peak=str(finding.peak_year),
    )  # fmt: skip
