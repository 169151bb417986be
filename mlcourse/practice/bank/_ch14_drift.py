"""Lesson 14: shares in bins, PSI from counts, the largest gap between two samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _samples(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(rng.normal(size=200), rng.normal(0.8, 1.0, size=60), 10)
    yield Case(rng.exponential(size=97), rng.exponential(2.0, size=150), 5, note="a lopsided reference")
    yield Case(np.arange(8.0), np.array([-5.0, 20.0, 30.0]), 4, note="readings outside of all that was known")
    yield Case(rng.normal(size=50), rng.normal(size=50), 4, note="as many readings as in the reference")


BINS = Exercise(
    id="14-bins",
    title="Shares in bins",
    level=1,
    concept="PSI",
    prompt="""
Which share of `values` lies in each bin? There are `bins` bins, and each holds the same part of the **reference**. The outer two
are open. Fill the two blanks.
""",
    name="bin_shares",
    cases=_samples,
    starter="""
def bin_shares(reference, values, bins):
    steps = np.linspace(0, 1, bins + 1)[1:-1]
    inner_edges = np.quantile(..., steps)
    place = np.searchsorted(inner_edges, values, side="right")
    return np.bincount(place, minlength=bins) / ...
""",
    hints=(
        "Whose quantiles are the edges? If they came from `values`, every bin would hold the same share of them.",
        "The shares have to add up to 1. How many numbers were counted?",
        "`np.quantile(reference, steps)`, and `/ len(values)`.",
    ),
    solution="""
def bin_shares(reference, values, bins):
    steps = np.linspace(0, 1, bins + 1)[1:-1]
    inner_edges = np.quantile(reference, steps)
    place = np.searchsorted(inner_edges, values, side="right")
    return np.bincount(place, minlength=bins) / len(values)
""",
    explanation="""
The edges are made once, from the reference, and serve for every month. Only inner edges are used, so the first bin reaches down
to −∞ and the last one up to ∞. `minlength` keeps the empty bins at the end.
""",
    alternatives=(
        """
def bin_shares(reference, values, bins):
    edges = np.quantile(reference, np.linspace(0, 1, bins + 1))
    edges[0], edges[-1] = -np.inf, np.inf
    counts, _ = np.histogram(values, edges)
    return counts / counts.sum()
""",
        """
def bin_shares(reference, values, bins):
    edges = [np.quantile(reference, k / bins) for k in range(1, bins)]
    place = np.digitize(values, edges)
    return np.array([np.mean(place == k) for k in range(bins)])
""",
        """
def bin_shares(known, fresh, bins):
    edges = np.percentile(known, 100 * np.arange(1, bins) / bins)
    at_least = [1.0] + [np.mean(fresh >= edge) for edge in edges] + [0.0]
    return -np.diff(at_least)
""",
    ),
    mistakes=(
        Mistake(
            "own-bins",
            """
def bin_shares(reference, values, bins):
    inner_edges = np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1])
    return np.bincount(np.searchsorted(inner_edges, values, side="right"), minlength=bins) / len(values)
""",
            "The bins come from `values` themselves. Then each bin holds the same share, whatever has happened.",
            "bins-follow-the-month",
        ),
        Mistake(
            "reference-length",
            """
def bin_shares(reference, values, bins):
    inner_edges = np.quantile(reference, np.linspace(0, 1, bins + 1)[1:-1])
    return np.bincount(np.searchsorted(inner_edges, values, side="right"), minlength=bins) / len(reference)
""",
            "The shares do not add up to 1: the *values* are counted, and then divided by the size of the reference.",
        ),
        Mistake(
            "dropped-outside",
            """
def bin_shares(reference, values, bins):
    edges = np.quantile(reference, np.linspace(0, 1, bins + 1))
    return np.histogram(values, edges)[0] / len(values)
""",
            "Readings below the smallest and above the largest of the reference are lost. They are the most interesting ones: "
            "the outer bins must be open.",
            "outside-is-not-counted",
        ),
        Mistake(
            "equal-width",
            """
def bin_shares(reference, values, bins):
    inner_edges = np.linspace(np.min(reference), np.max(reference), bins + 1)[1:-1]
    return np.bincount(np.searchsorted(inner_edges, values, side="right"), minlength=bins) / len(values)
""",
            "These bins are equally *wide*. Asked for are bins that hold equal parts of the reference: its quantiles.",
        ),
    ),
)


def _counts(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(np.array([500, 500]), np.array([30, 70]), note="the two bins of the lesson")
    yield Case(np.array([100, 100, 100]), np.array([40, 0, 60]), note="a bin that is empty this month")
    yield Case(np.array([90, 110, 0]), np.array([45, 45, 10]), note="a bin that was empty in the reference")
    yield Case(rng.integers(5, 60, 10), rng.integers(5, 60, 10))
    yield Case(np.array([20, 30, 50]), np.array([40, 60, 100]), note="the same shares, twice as many items")


PSI = Exercise(
    id="14-psi",
    title="PSI from counts",
    level=1,
    concept="PSI",
    prompt="""
`reference` and `month` hold how many items lie in each bin. Return the PSI, $\\sum (q - p) \\ln (q / p)$, where $p$ and $q$ are
the **shares**, lifted to at least 0.001. Fill the two blanks.
""",
    name="psi_from_counts",
    cases=_counts,
    starter="""
def psi_from_counts(reference, month):
    p = np.maximum(reference / reference.sum(), 0.001)
    q = np.maximum(..., 0.001)
    return np.sum(... * np.log(q / p))
""",
    hints=(
        "`q` is made of `month` as `p` is made of `reference`.",
        "By what is the logarithm multiplied? Look at the formula.",
        "`month / month.sum()` and `(q - p)`.",
    ),
    solution="""
def psi_from_counts(reference, month):
    p = np.maximum(reference / reference.sum(), 0.001)
    q = np.maximum(month / month.sum(), 0.001)
    return np.sum((q - p) * np.log(q / p))
""",
    explanation="""
Each term is 0 or more. The 0.001 keeps an empty bin from making the sum infinite; another value gives another PSI, so it belongs
into the record.
""",
    alternatives=(
        """
def psi_from_counts(reference, month):
    total = 0.0
    for a, b in zip(reference, month):
        p, q = max(a / sum(reference), 0.001), max(b / sum(month), 0.001)
        total += (q - p) * (np.log(q) - np.log(p))
    return total
""",
        """
def psi_from_counts(reference, month):
    p, q = (np.clip(c / np.sum(c), 0.001, None) for c in (reference, month))
    return np.dot(p - q, np.log(p / q))
""",
        """
def psi_from_counts(reference, month):
    p = np.where(reference == 0, 0.001, reference / reference.sum())
    q = np.where(month == 0, 0.001, month / month.sum())
    return (q * np.log(q / p)).sum() + (p * np.log(p / q)).sum()
""",
    ),
    mistakes=(
        Mistake(
            "one-way",
            """
def psi_from_counts(reference, month):
    p = np.maximum(reference / reference.sum(), 0.001)
    q = np.maximum(month / month.sum(), 0.001)
    return np.sum(q * np.log(q / p))
""",
            "The logarithm is multiplied by `q` alone. That is the Kullback–Leibler divergence, one of the two halves of the PSI.",
        ),
        Mistake(
            "counts",
            """
def psi_from_counts(reference, month):
    p = np.maximum(reference / reference.sum(), 0.001)
    q = np.maximum(month / reference.sum(), 0.001)
    return np.sum((q - p) * np.log(q / p))
""",
            "The month's counts are divided by the number of items in the *reference*. A month with fewer items then looks like a "
            "drift in every bin.",
        ),
        Mistake(
            "cancelled",
            """
def psi_from_counts(reference, month):
    p = np.maximum(reference / reference.sum(), 0.001)
    q = np.maximum(month / month.sum(), 0.001)
    return np.sum((p - q) * np.log(q / p))
""",
            "This PSI is never positive. Difference and quotient must go the same way round, `q - p` with `q / p`.",
            "psi-terms-cancel",
        ),
        Mistake(
            "no-log",
            """
def psi_from_counts(reference, month):
    p = np.maximum(reference / reference.sum(), 0.001)
    q = np.maximum(month / month.sum(), 0.001)
    return np.sum(np.abs(q - p))
""",
            "This is the sum of the differences. In the PSI each one is multiplied by the logarithm of the quotient, so that going "
            "from 1 % to 6 % counts more than from 41 % to 46 %.",
        ),
    ),
)


def _pairs(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(np.array([1.0, 2.0, 3.0, 4.0]), np.array([3.0, 4.0, 5.0, 6.0]), note="half of each overlaps")
    yield Case(np.array([5.0, 6.0]), np.array([1.0, 2.0, 3.0]), note="no overlap; the second one lies lower")
    yield Case(rng.normal(size=80), rng.normal(0.7, 1.0, size=50))
    yield Case(rng.normal(0.6, 1.0, size=40), rng.normal(size=70), note="the second one lies lower")
    yield Case(rng.normal(size=60), rng.normal(0.0, 2.5, size=60), note="the same middle, another spread")
    yield Case(
        rng.integers(0, 6, 30).astype(float), rng.integers(2, 8, 20).astype(float), note="equal values"
    )


GAP = Exercise(
    id="14-gap",
    title="The largest gap",
    level=2,
    concept="KS distance",
    prompt="""
`largest_gap(a, b)` shall return the KS distance: over all readings $v$ of **both** samples, the largest difference, without its
sign, between the share of `a` and the share of `b` at or below $v$. The function is too small for some samples. Find out why; it
has to be mended in two places.
""",
    name="largest_gap",
    cases=_pairs,
    starter="""
def largest_gap(a, b):
    below_a = np.searchsorted(np.sort(a), a, side="right") / len(a)
    below_b = np.searchsorted(np.sort(b), a, side="right") / len(b)
    return np.max(below_a - below_b)
""",
    hints=(
        "Try `a = [5, 6]` and `b = [1, 2, 3]`: nothing overlaps, so the distance is 1.",
        "Which of the two shares is larger depends on who lies lower. And at which values does it look?",
        "Look at `np.concatenate([a, b])` instead of `a`, and take `np.abs` of the differences.",
    ),
    solution="""
def largest_gap(a, b):
    values = np.concatenate([a, b])
    below_a = np.searchsorted(np.sort(a), values, side="right") / len(a)
    below_b = np.searchsorted(np.sort(b), values, side="right") / len(b)
    return np.max(np.abs(below_a - below_b))
""",
    explanation="""
Both shares are staircases. Between two readings nothing changes, so the largest gap stands at one of them, in `a` or in `b`.
""",
    alternatives=(
        """
from scipy.stats import ks_2samp

def largest_gap(a, b):
    return ks_2samp(a, b, method="asymp").statistic
""",
        """
def largest_gap(a, b):
    return max(abs(np.mean(a <= v) - np.mean(b <= v)) for v in [*a, *b])
""",
        """
def largest_gap(a, b):
    v = np.unique(np.append(a, b))
    gaps = (a[:, None] <= v).mean(axis=0) - (b[:, None] <= v).mean(axis=0)
    return max(gaps.max(), -gaps.min())
""",
    ),
    mistakes=(
        Mistake(
            "only-b",
            """
def largest_gap(a, b):
    below_a = np.searchsorted(np.sort(a), b, side="right") / len(a)
    below_b = np.searchsorted(np.sort(b), b, side="right") / len(b)
    return np.max(np.abs(below_a - below_b))
""",
            "The sign is mended. But now only the readings of `b` are looked at, and the largest gap may stand at one of `a`.",
        ),
        Mistake(
            "only-a",
            """
def largest_gap(a, b):
    below_a = np.searchsorted(np.sort(a), a, side="right") / len(a)
    below_b = np.searchsorted(np.sort(b), a, side="right") / len(b)
    return np.max(np.abs(below_a - below_b))
""",
            "The sign is mended. But only the readings of `a` are looked at, and the largest gap may stand at one of `b`.",
        ),
        Mistake(
            "means",
            """
def largest_gap(a, b):
    return abs(np.mean(a) - np.mean(b))
""",
            "This is how far the means are apart, in the sensor's units. The distance compares *shares*, and lies between 0 and 1.",
            "ks-is-in-units",
        ),
        Mistake(
            "mean-gap",
            """
def largest_gap(a, b):
    values = np.concatenate([a, b])
    below_a = np.searchsorted(np.sort(a), values, side="right") / len(a)
    below_b = np.searchsorted(np.sort(b), values, side="right") / len(b)
    return np.mean(np.abs(below_a - below_b))
""",
            "This is the *mean* gap. Asked for is the largest one.",
        ),
    ),
)
