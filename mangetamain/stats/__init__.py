"""Statistics on arrays: numbers with intervals that hold, and the published definitions beside them."""

from mangetamain.stats.clusters import GroupMeans, Pair, cluster_contrasts, equal_means, pairwise
from mangetamain.stats.diversity import rarefy
from mangetamain.stats.moments import mean_se, mid_quantile, quantile_se, share_se, trimmed_mean, wilson
from mangetamain.stats.published import (
    Anova,
    Statistic,
    Wls,
    anova_from_moments,
    chi2_uniform,
    kendall_tau,
    kruskal,
    kruskal_from_counts,
    ranks,
    weighted_spearman,
    wls,
)
from mangetamain.stats.shifts import Shift, level_shifts
from mangetamain.stats.trends import Slopes, TrendFit, benjamini_hochberg, slopes, trend

__all__ = [
    "Anova",
    "GroupMeans",
    "Pair",
    "Shift",
    "Slopes",
    "Statistic",
    "TrendFit",
    "Wls",
    "anova_from_moments",
    "benjamini_hochberg",
    "chi2_uniform",
    "cluster_contrasts",
    "equal_means",
    "kendall_tau",
    "kruskal",
    "kruskal_from_counts",
    "level_shifts",
    "mean_se",
    "mid_quantile",
    "pairwise",
    "quantile_se",
    "ranks",
    "rarefy",
    "share_se",
    "slopes",
    "trend",
    "trimmed_mean",
    "weighted_spearman",
    "wilson",
    "wls",
]
