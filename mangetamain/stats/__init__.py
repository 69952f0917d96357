"""Statistics on arrays: numbers with intervals that hold, and the published definitions beside them."""

from mangetamain.stats._mixtures import Mixture
from mangetamain.stats.calendars import (
    SeriesMeans,
    calendar_means,
    calendar_means_together,
    paired_means,
    within_years,
)
from mangetamain.stats.clusters import Clusters, ClusterSums, Pair, pairwise, two_way
from mangetamain.stats.cycles import Cycle, YearlyCycles, cycle, waves, yearly_cycles
from mangetamain.stats.diversity import rarefaction_error, rarefy
from mangetamain.stats.families import Scatter, family_scatter, family_slopes, family_steps, family_trends
from mangetamain.stats.gatherings import Gatherings, family_gatherings
from mangetamain.stats.moments import mean_se, wilson
from mangetamain.stats.published import (
    Regression,
    anova_from_moments,
    kruskal,
    mann_whitney,
    weighted_spearman,
    wls,
)
from mangetamain.stats.shapes import Kind, Piece, Shape, shape, without_each
from mangetamain.stats.shifts import Shift, Steps, level_shifts
from mangetamain.stats.shrinkage import family_ranks, greatest_deviation, shrunk
from mangetamain.stats.trends import TrendFit, trend

__all__ = [
    "ClusterSums",
    "Clusters",
    "Cycle",
    "Gatherings",
    "Kind",
    "Mixture",
    "Pair",
    "Piece",
    "Regression",
    "Scatter",
    "SeriesMeans",
    "Shape",
    "Shift",
    "Steps",
    "TrendFit",
    "YearlyCycles",
    "anova_from_moments",
    "calendar_means",
    "calendar_means_together",
    "cycle",
    "family_gatherings",
    "family_ranks",
    "family_scatter",
    "family_slopes",
    "family_steps",
    "family_trends",
    "greatest_deviation",
    "kruskal",
    "level_shifts",
    "mann_whitney",
    "mean_se",
    "paired_means",
    "pairwise",
    "rarefaction_error",
    "rarefy",
    "shape",
    "shrunk",
    "trend",
    "two_way",
    "waves",
    "weighted_spearman",
    "wilson",
    "within_years",
    "without_each",
    "wls",
    "yearly_cycles",
]
