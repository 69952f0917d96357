"""Statistics on arrays: numbers with intervals that hold, and the published definitions beside them."""

from mangetamain.stats.calendars import SeriesMeans, calendar_means, paired_means, within_years
from mangetamain.stats.clusters import GroupMeans, Pair, cluster_contrasts, equal_means, pairwise
from mangetamain.stats.diversity import rarefaction_error, rarefy
from mangetamain.stats.families import FamilyFit, Scatter, family_scatter, family_slopes, family_steps
from mangetamain.stats.moments import mean_se, mid_quantile, share_se, trimmed_mean, wilson
from mangetamain.stats.pooling import pooled_se
from mangetamain.stats.published import Regression, anova_from_moments, kruskal_from_counts, weighted_spearman, wls
from mangetamain.stats.shapes import Kind, Piece, Shape, shape, without_each
from mangetamain.stats.shifts import Shift, Steps, level_shifts
from mangetamain.stats.trends import Slopes, TrendFit, slopes, trend

__all__ = [
    "FamilyFit",
    "GroupMeans",
    "Kind",
    "Pair",
    "Piece",
    "Regression",
    "Scatter",
    "SeriesMeans",
    "Shape",
    "Shift",
    "Slopes",
    "Steps",
    "TrendFit",
    "anova_from_moments",
    "calendar_means",
    "cluster_contrasts",
    "equal_means",
    "family_scatter",
    "family_slopes",
    "family_steps",
    "kruskal_from_counts",
    "level_shifts",
    "mean_se",
    "mid_quantile",
    "paired_means",
    "pairwise",
    "pooled_se",
    "rarefaction_error",
    "rarefy",
    "shape",
    "share_se",
    "slopes",
    "trend",
    "trimmed_mean",
    "weighted_spearman",
    "wilson",
    "within_years",
    "without_each",
    "wls",
]
