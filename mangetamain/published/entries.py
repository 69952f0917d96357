"""What we say, by the published method, for each number that the predecessor published."""

from __future__ import annotations

from mangetamain.language import N_
from mangetamain.published.cuts import CUTS
from mangetamain.published.data import DATA
from mangetamain.published.ingredients import INGREDIENTS
from mangetamain.published.ours import Entry
from mangetamain.published.ratings import RATINGS
from mangetamain.published.trends import TRENDS

ENTRIES: dict[str, Entry] = {**DATA, **TRENDS, **CUTS, **RATINGS, **INGREDIENTS}
# Why nothing of ours answers an entry.
UNANSWERED = {
    "ringr.week.hypotheses": N_("which six ingredients either hypothesis was of is written down nowhere"),
}
# What an answered number is no matter how equal.
REMARKS = {
    "season.nutrition.chi2w": N_("a sum of relative squares: it has no distribution of chi-squared, and tests nothing"),
    "trend.ing.diversity_wls": N_("the printed R² is of squares around the unweighted mean"),
    "rating.lt.ci": N_("the formula has no meaning as an interval"),
    "rating.lt.shape": N_("read off the pixels of a figure"),
    "rating.lt.volume_peak": N_("read off the pixels of a figure"),
    "weekend.nutrition.sd_implied": N_("worked out of p-values of three decimals"),
}
