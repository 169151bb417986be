"""Lesson 12: the calibration error, the Brier score of several classes, and its three parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _answers(rng: np.random.Generator) -> Iterator[Case]:
    for n in (60, 200):
        sure = rng.uniform(0.3, 0.999, n).round(3) + 0.0004  # never on the border of a bin
        yield Case(sure, (rng.random(n) < 0.15 + 0.7 * sure).astype(int))
    sure = np.array([0.55, 0.58, 0.72, 0.75, 0.78, 0.93, 0.95, 0.96, 0.98, 0.98])
    yield Case(sure, np.array([1, 0, 1, 1, 1, 1, 0, 1, 1, 1]), note="the ten answers of the lesson")
    yield Case(np.full(8, 0.85), np.array([1, 1, 1, 1, 0, 0, 1, 0]), note="all answers in one bin")


ECE = Exercise(
    id="12-ece",
    title="Promised and kept",
    level=1,
    concept="expected calibration error",
    prompt="""
`sure` holds how sure the model was of each answer (0 to 1), `right` whether it was right (0 or 1). Return the **ECE** over ten bins
of equal width: the mean gap between promised and kept, each bin weighted by its share of the answers.

Fill the blanks, run the cell, then `practice.exercise("12-ece").check(ece_of)`.
""",
    name="ece_of",
    cases=_answers,
    starter="""
def ece_of(sure, right):
    bin_of = np.minimum(np.floor(sure * 10), 9).astype(int)  # 1.0 belongs to the last bin
    total = 0.0
    for b in np.unique(bin_of):
        here = bin_of == b
        promised = ...
        kept = ...
        total += ... * abs(kept - promised)
    return total
""",
    hints=(
        "`sure[here]` are the promises of this bin, `right[here]` what came of them. A share of ones is a mean.",
        "The weight of a bin is the share of all answers that lie in it.",
        "`here` is True where an answer lies in the bin, so its share is `here.mean()`.",
    ),
    solution="""
def ece_of(sure, right):
    bin_of = np.minimum(np.floor(sure * 10), 9).astype(int)  # 1.0 belongs to the last bin
    total = 0.0
    for b in np.unique(bin_of):
        here = bin_of == b
        promised = sure[here].mean()
        kept = right[here].mean()
        total += here.mean() * abs(kept - promised)
    return total
""",
    explanation="""
Each *answer* counts alike, so a bin counts by its number of answers. The sign is taken off inside a bin's gap and not earlier: within a
bin, errors in both directions may cancel; between bins they may not.
""",
    alternatives=(
        """
def ece_of(sure, right):
    bin_of = np.floor(sure * 10).astype(int)
    gaps = np.bincount(bin_of, weights=right - sure)
    return np.abs(gaps).sum() / len(sure)
""",
        """
def ece_of(sure, right):
    total = 0
    for low in np.arange(10):
        here = (sure * 10 >= low) & (sure * 10 < low + 1)
        if here.any():
            total += here.sum() * abs(sure[here].mean() - right[here].mean())
    return total / len(sure)
""",
        """
def ece_of(sure, right):
    bins = {}
    for s, r in zip(sure, right):
        bins.setdefault(int(s * 10), []).append(r - s)
    return sum(abs(sum(gaps)) for gaps in bins.values()) / len(sure)
""",
    ),
    mistakes=(
        Mistake(
            "bins-alike",
            """
def ece_of(sure, right):
    b = np.floor(sure * 10).astype(int)
    return np.mean([abs(sure[b == i].mean() - right[b == i].mean()) for i in np.unique(b)])
""",
            "Each bin counts alike here, the one with two answers as much as the one with fifty. Weigh it by its share of the "
            "answers.",
            "ece-bins-count-alike",
        ),
        Mistake(
            "signs-kept",
            "def ece_of(sure, right):\n    return abs(sure.mean() - right.mean())",
            "This is the gap of all answers together. Promises that are too high and promises that are too low cancel in it.",
            "calibration-errors-cancel",
        ),
        Mistake(
            "row-by-row",
            "def ece_of(sure, right):\n    return np.mean(np.abs(right - sure))",
            "The distance of each single answer from 0 or 1. First take the means inside a bin, then the distance.",
            "calibration-is-per-row",
        ),
        Mistake(
            "worst-bin",
            """
def ece_of(sure, right):
    b = np.floor(sure * 10).astype(int)
    return max(abs(sure[b == i].mean() - right[b == i].mean()) for i in np.unique(b))
""",
            "This is the largest gap. Wanted is the mean of the gaps.",
            "ece-is-the-worst-bin",
        ),
        Mistake(
            "sum-of-counts",
            """
def ece_of(sure, right):
    b = np.floor(sure * 10).astype(int)
    return sum((b == i).sum() * abs(sure[b == i].mean() - right[b == i].mean()) for i in np.unique(b))
""",
            "The gaps are weighted by the *number* of answers. Divide by all of them, then it is a mean.",
        ),
        Mistake(
            "error-rate",
            "def ece_of(sure, right):\n    return 1 - right.mean()",
            "This is the share of wrong answers. What was promised plays no part in it.",
            "ece-is-the-error-rate",
        ),
    ),
)


def _forecasts(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((12, 3), (20, 4)):
        yield Case(rng.integers(0, k, n), rng.dirichlet(np.ones(k), n))
    yield Case(np.array([0, 1, 2]), np.eye(3)[[0, 1, 0]], note="three answers with 100 %, the last one wrong")
    yield Case(np.array([1, 1, 0]), np.full((3, 4), 0.25), note="a quarter for each class")


BRIER = Exercise(
    id="12-brier",
    title="The Brier score of several classes",
    level=1,
    concept="Brier score",
    prompt="""
`y` holds class numbers, `P` probabilities, a row for each plant. Return the **Brier score**: for each row the squared distances from the
one-hot truth, *summed* over the classes; then the *mean* over the rows.

Fill the blanks, run the cell, then `practice.exercise("12-brier").check(brier_of)`.
""",
    name="brier_of",
    cases=_forecasts,
    starter="""
def brier_of(y, P):
    truth = np.eye(P.shape[1])[...]
    squared = ...
    return np.mean(squared.sum(axis=...))
""",
    hints=(
        "`np.eye(4)` has a one-hot row for each class. Indexed with class numbers, it gives a one-hot row for each plant.",
        "The distance of two tables of the same shape: subtract, then square.",
        "A row is a plant, so the sum over the classes runs along `axis=1`.",
    ),
    solution="""
def brier_of(y, P):
    truth = np.eye(P.shape[1])[y]
    squared = (P - truth) ** 2
    return np.mean(squared.sum(axis=1))
""",
    explanation="""
It lies between 0 and 2: whoever gives a wrong class 100 % is off by 1 in two columns. Some books (and scikit-learn for two classes) count
one column only; then it lies between 0 and 1. Say which.
""",
    alternatives=(
        """
def brier_of(y, P):
    given = P[np.arange(len(y)), y]
    return np.mean((P**2).sum(axis=1) - 2 * given + 1)
""",
        """
def brier_of(y, P):
    total = 0.0
    for truth, row in zip(y, P):
        for k, p in enumerate(row):
            total += (p - (k == truth)) ** 2
    return total / len(y)
""",
        """
def brier_of(y, P):
    D = P.copy()
    D[np.arange(len(y)), y] -= 1
    return np.einsum("ij,ij->", D, D) / len(D)
""",
    ),
    mistakes=(
        Mistake(
            "mean-over-classes",
            "def brier_of(y, P):\n    return np.mean((P - np.eye(P.shape[1])[y]) ** 2)",
            "The mean runs over the classes, too. So the score gets smaller the more classes there are. Sum over the classes, mean over "
            "the rows.",
            "cells-instead-of-rows",
        ),
        Mistake(
            "plain-distance",
            "def brier_of(y, P):\n    return np.mean(np.abs(P - np.eye(P.shape[1])[y]).sum(axis=1))",
            "These are plain distances. Without the square it pays to say 100 % of whatever is most probable.",
            "brier-is-the-mean-distance",
        ),
        Mistake(
            "true-class-only",
            "def brier_of(y, P):\n    return np.mean((1 - P[np.arange(len(y)), y]) ** 2)",
            "Only the probability of the true class is looked at. The others count, too.",
            "only-true-labels-count",
        ),
        Mistake(
            "summed-over-rows",
            "def brier_of(y, P):\n    return np.sum((P - np.eye(P.shape[1])[y]) ** 2)",
            "This is the sum over all rows. With more plants it would get larger by itself. Take the mean.",
            "loss-is-summed-over-rows",
        ),
        Mistake(
            "answers-not-probabilities",
            "def brier_of(y, P):\n    E = np.eye(P.shape[1])\n    return np.mean(((E[P.argmax(axis=1)] - E[y]) ** 2).sum(axis=1))",
            "The winner was taken first, so it no longer matters how sure the model was. Use the probabilities themselves.",
            "loss-counts-errors",
        ),
    ),
)


def _tenths(rng: np.random.Generator) -> Iterator[Case]:
    for n in (40, 120):
        p = rng.choice([0.1, 0.3, 0.5, 0.8, 0.9], n)
        yield Case(p, (rng.random(n) < p**1.5).astype(int))
    yield Case(np.full(10, 0.3), np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]), note="always the share of rain")
    yield Case(np.array([1.0, 0, 1, 0]), np.array([1, 0, 1, 0]), note="a forecaster who knows")
    yield Case(np.array([0.2, 0.2, 0.9]), np.array([0, 1, 1]), note="three days, two different forecasts")


PARTS = Exercise(
    id="12-parts",
    title="Brier, taken apart",
    level=3,
    concept="Brier score",
    prompt="""
A weather forecaster uses only a few different numbers. `p` holds what was said for each day, `y` whether it rained. All days with the **same
number** are one bin. Write `parts(p, y)`: return the three numbers **unreliability, resolution, uncertainty**, in this order.

$$\\text{Brier} = \\sum_b \\frac{n_b}{n} (p_b - \\text{kept}_b)^2 - \\sum_b \\frac{n_b}{n} (\\text{kept}_b - \\text{share})^2 +
\\text{share} (1 - \\text{share})$$
""",
    name="parts",
    cases=_tenths,
    starter="""
def parts(p, y):
    return ...
""",
    hints=(
        "`np.unique(p)` gives each different number once. Go through them in a loop; `here = p == value` are the days of this bin.",
        "Of each bin you need its weight `here.mean()`, its number `value`, and the share of rain in it, `y[here].mean()`.",
        "Unreliability squares *number less share in the bin*. Resolution squares *share in the bin less share of all days*.",
    ),
    solution="""
def parts(p, y):
    share = y.mean()
    unreliability = resolution = 0.0
    for value in np.unique(p):
        here = p == value
        unreliability += here.mean() * (value - y[here].mean()) ** 2
        resolution += here.mean() * (y[here].mean() - share) ** 2
    return unreliability, resolution, share * (1 - share)
""",
    explanation="""
Check it yourself: unreliability − resolution + uncertainty is `np.mean((p - y) ** 2)`, exactly, since here a bin holds one number only. Who always says
the share has (0, 0, uncertainty). Who knows has a resolution that eats all the uncertainty.
""",
    alternatives=(
        """
def parts(p, y):
    values, bin_of, n = np.unique(p, return_inverse=True, return_counts=True)
    kept = np.bincount(bin_of, weights=y) / n
    w = n / n.sum()
    return (w * (values - kept) ** 2).sum(), (w * (kept - y.mean()) ** 2).sum(), y.var()
""",
        """
def parts(p, y):
    kept = np.array([y[p == one].mean() for one in p])
    return np.mean((p - kept) ** 2), kept.var(), y.mean() - y.mean() ** 2
""",
        """
def parts(p, y):
    kept = np.array([y[p == one].mean() for one in p])
    uncertainty = y.mean() * (1 - y.mean())
    unreliability = ((p - kept) ** 2).mean()
    return [unreliability, unreliability + uncertainty - ((p - y) ** 2).mean(), uncertainty]
""",
    ),
    mistakes=(
        Mistake(
            "bins-alike",
            """
def parts(p, y):
    values, share = np.unique(p), y.mean()
    kept = np.array([y[p == v].mean() for v in values])
    return np.mean((values - kept) ** 2), np.mean((kept - share) ** 2), share * (1 - share)
""",
            "Each bin counts alike here. Weigh it by its share of the days.",
            "ece-bins-count-alike",
        ),
        Mistake(
            "forecast-spread",
            """
def parts(p, y):
    kept = np.array([y[p == one].mean() for one in p])
    return np.mean((p - kept) ** 2), p.var(), y.var()
""",
            "The second number is how far the *forecasts* are spread. A boaster spreads them widely. Resolution is how far the shares that *came true* "
            "are spread.",
            "surer-is-better",
        ),
        Mistake(
            "uncertainty-of-the-model",
            """
def parts(p, y):
    kept = np.array([y[p == one].mean() for one in p])
    return np.mean((p - kept) ** 2), kept.var(), np.mean(p * (1 - p))
""",
            "The third number is how unsure the *forecaster* is. Uncertainty belongs to the weather: it looks at the share of rain alone.",
            "uncertainty-is-the-models",
        ),
        Mistake(
            "row-by-row",
            """
def parts(p, y):
    kept = np.array([y[p == one].mean() for one in p])
    return np.mean((p - y) ** 2), kept.var(), y.var()
""",
            "The first number is the whole Brier score. For the unreliability compare the forecast with the *share* of rain in its bin, not with each single day.",
            "calibration-is-per-row",
        ),
        Mistake(
            "plain-distances",
            """
def parts(p, y):
    kept = np.array([y[p == one].mean() for one in p])
    return np.mean(np.abs(p - kept)), np.mean(np.abs(kept - y.mean())), y.var()
""",
            "These are plain distances, as in the ECE. The parts of the Brier score are squared, or they do not add up.",
            "brier-is-the-mean-distance",
        ),
    ),
)
