"""Counts by value: the same centres and errors as from the values themselves."""

from __future__ import annotations

import numpy as np
import pytest

from mangetamain.stats import mean_se, mid_quantile, trimmed_mean
from mangetamain.stats.counts import Counts


def counted(*samples: np.ndarray) -> Counts:
    """Count the values of some samples, a group each."""
    parts = [np.unique(sample, return_counts=True) for sample in samples]
    group = np.repeat(np.arange(len(samples)), [len(values) for values, _ in parts])
    return Counts(group, *(np.concatenate(part) for part in zip(*parts, strict=True)), len(samples))


@pytest.fixture
def samples() -> list[np.ndarray]:
    """Heaped minutes, one value alone, one repeated, none, and half-steps."""
    rng = np.random.default_rng(1)
    return [
        5.0 * rng.poisson(7, 400) + rng.integers(0, 2, 400), np.array([3.0]), np.array([2.0] * 7), np.array([]),
        rng.normal(100, 20, 999).round(1),
    ]  # fmt: skip


def test_means_and_deviations(samples):
    counts = counted(*samples)
    assert counts.size.tolist() == [400, 1, 7, 0, 999]
    for i, sample in enumerate(samples):
        n, total, squares = len(sample), sample.sum(), (sample**2).sum()
        mean, sd, se = mean_se(n, total, squares)
        assert [counts.mean[i], counts.sd[i]] == pytest.approx([mean, sd], nan_ok=True)
        centre, transform = counts.centre("mean")
        assert [centre[i], counts.error("mean", counts.spread(transform))[i]] == pytest.approx([mean, se], nan_ok=True)


def test_trimmed_means_and_their_errors(samples):
    counts = counted(*samples)
    centre, transform = counts.centre("trimmed")
    error = counts.error("trimmed", counts.spread(transform))
    for i, sample in enumerate(samples):
        assert [centre[i], error[i]] == pytest.approx(trimmed_mean(np.sort(sample)), nan_ok=True)


def test_mid_medians_and_their_errors(samples):
    counts = counted(*samples)
    centre, transform = counts.centre("median")
    error = counts.error("median", np.sqrt(0.25 / np.maximum(counts.size, 1)))
    for i, sample in enumerate(samples):
        assert [centre[i], error[i]] == pytest.approx(mid_quantile(sample, 0.5), nan_ok=True)
    # What is below the median is half of all, by mid-distribution; its deviation gives the error.
    made = counts.sum(counts.n * counts.made(transform)) / np.maximum(counts.size, 1)
    assert made[[0, 4]] == pytest.approx([0.5, 0.5])
    assert counts.spread(transform)[[0, 4]] == pytest.approx(np.sqrt(0.25 / counts.size[[0, 4]]), rel=0.1)


def test_nearest_quantiles_and_plain_medians(samples):
    counts = counted(*samples)
    for i, sample in enumerate(samples):
        ordered = np.sort(sample)
        median = np.median(sample) if len(sample) else np.nan
        assert counts.median()[i] == pytest.approx(median, nan_ok=True)
        for q in (0.05, 0.25, 0.33, 0.9):
            wanted = ordered[int(np.floor(q * (len(ordered) - 1) + 0.5))] if len(ordered) else np.nan
            assert counts.nearest(q)[i] == pytest.approx(wanted, nan_ok=True)


def test_nothing_is_nothing():
    counts = Counts([], [], [], 2)
    for kind in ("mean", "trimmed", "median"):
        centre, transform = counts.centre(kind)
        assert np.isnan(centre).all()
        assert np.isnan(counts.spread(transform)).all()
    assert np.isnan(counts.nearest(0.5)).all()
