"""Lesson 15: the bootstrap in two steps, and whether two scores differ by more than chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _draws(rng: np.random.Generator) -> Iterator[Case]:
    for n, times in ((8, 5), (30, 12)):
        yield Case((rng.random(n) < 0.7).astype(int), rng.integers(0, n, (times, n)))
    yield Case(
        np.array([1, 1, 0, 1]), np.array([[2, 2, 2, 2], [0, 1, 3, 3]]), note="one row drawn four times"
    )


RESAMPLED = Exercise(
    id="15-resampled",
    title="Score what was drawn",
    level=1,
    concept="bootstrap",
    prompt="""
`right` says for each row whether the answer was right (1) or wrong (0). Each row of `draws` holds the numbers of the rows that were
drawn for one resample. Return the **accuracy of each resample**: an array with one number for each row of `draws`.
""",
    name="resampled",
    cases=_draws,
    starter="""
def resampled(right, draws):
    drawn = ...
    return drawn.mean(axis=...)
""",
    hints=(
        "`right[draws]` looks up every number at once. What is its shape?",
        "It has the shape of `draws`: a resample in each row. The mean goes along the row.",
        "`right[draws].mean(axis=1)`.",
    ),
    solution="""
def resampled(right, draws):
    drawn = right[draws]
    return drawn.mean(axis=1)
""",
    explanation="""
NumPy looks up a whole table of row numbers at once. A row that was drawn three times counts three times: that is what *with replacement*
means.
""",
    alternatives=(
        "def resampled(right, draws):\n    return np.array([right[rows].mean() for rows in draws])",
        "def resampled(right, draws):\n    return np.take(right, draws).sum(axis=-1) / draws.shape[1]",
        """
def resampled(right, draws):
    counts = np.stack([np.bincount(rows, minlength=len(right)) for rows in draws])
    return counts @ right / draws.shape[1]
""",
    ),
    mistakes=(
        Mistake(
            "wrong-axis",
            "def resampled(right, draws):\n    return right[draws].mean(axis=0)",
            "This is a number for each *place* of a resample. A resample is a row: take the mean along it, `axis=1`.",
            "columns-are-samples",
        ),
        Mistake(
            "each-row-once",
            "def resampled(right, draws):\n    return np.array([right[np.unique(rows)].mean() for rows in draws])",
            "A row that was drawn several times counts once here. With replacement means that it counts as often as it was drawn.",
            "resample-has-no-twins",
        ),
        Mistake(
            "counts",
            "def resampled(right, draws):\n    return right[draws].sum(axis=1)",
            "These are numbers of right answers. The accuracy is their *share*.",
        ),
        Mistake(
            "all-in-one",
            "def resampled(right, draws):\n    return right[draws].mean()",
            "This is one number for all resamples together. One for *each* is wanted; their spread is the point.",
            "interval-needs-one-resample",
        ),
    ),
)


def _scores(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(rng.normal(0.7, 0.05, 1000))
    yield Case(rng.beta(30, 3, 400), note="scores near 1: not symmetric")
    yield Case(np.arange(101) / 100, note="0.00, 0.01, … 1.00")


MIDDLE = Exercise(
    id="15-middle",
    title="The middle 95 %",
    level=1,
    concept="bootstrap",
    prompt="""
`scores` holds the scores of many resamples, in any order. Return `low, high`: the interval with the **middle 95 %** of them.
As many are left out below as above.
""",
    name="middle",
    cases=_scores,
    starter="""
def middle(scores):
    low = np.quantile(scores, ...)
    high = np.quantile(scores, ...)
    return low, high
""",
    hints=(
        "How much lies outside, and how much of that below?",
        "5 % lie outside: half of it below `low`, half above `high`.",
        "The quantiles 0.025 and 0.975.",
    ),
    solution="""
def middle(scores):
    low = np.quantile(scores, 0.025)
    high = np.quantile(scores, 0.975)
    return low, high
""",
    explanation="""
This is the *percentile* interval. It needs no bell curve: where scores crowd below 1, the interval reaches further down than up.
""",
    alternatives=(
        "def middle(scores):\n    return np.quantile(scores, [0.025, 0.975])",
        "def middle(scores):\n    return tuple(np.percentile(scores, (2.5, 97.5)))",
        """
def middle(scores):
    ordered = np.sort(scores)
    places = np.arange(len(ordered)) / (len(ordered) - 1)
    return np.interp(0.025, places, ordered), np.interp(0.975, places, ordered)
""",
    ),
    mistakes=(
        Mistake(
            "five-on-each-side",
            "def middle(scores):\n    return np.quantile(scores, 0.05), np.quantile(scores, 0.95)",
            "5 % are cut off on *each* side here, so the middle 90 % are left.",
            "five-percent-on-each-side",
        ),
        Mistake(
            "everything",
            "def middle(scores):\n    return scores.min(), scores.max()",
            "This is the range of all resamples. It grows with their number; the middle 95 % does not.",
            "more-resamples-narrow-the-interval",
        ),
        Mistake(
            "two-deviations",
            "def middle(scores):\n    return scores.mean() - 2 * scores.std(), scores.mean() + 2 * scores.std()",
            "Two standard deviations to each side fit a bell curve. Scores near 1 have none: the interval may reach above 1.",
            "every-spread-is-a-bell",
        ),
        Mistake(
            "one-sided",
            "def middle(scores):\n    return np.quantile(scores, 0.0), np.quantile(scores, 0.95)",
            "All 5 % are cut off at the top. As many should be left out below as above.",
        ),
    ),
)


def _two(rng: np.random.Generator) -> Iterator[Case]:
    def rows(n: int, share: float) -> np.ndarray:
        return rng.permutation(np.arange(n) < round(share * n)).astype(int)

    yield Case(rows(400, 0.9), rows(2000, 0.8))
    yield Case(rows(400, 0.82), rows(2000, 0.8))
    yield Case(rows(60, 0.9), rows(2000, 0.8), note="few rows of one's own")
    yield Case(rows(60, 0.96), rows(60, 0.8), note="few rows on both sides")
    yield Case(rows(400, 0.7), rows(2000, 0.8), note="the own score is lower")
    yield Case(rows(3000, 0.83), rows(3000, 0.8), note="a small difference on many rows")
    yield Case(
        rows(900, 0.86), rows(900, 0.8), note="2.4 standard errors of one score alone would be too few"
    )
    yield Case(rows(250, 0.85), rows(100, 0.7), note="more own rows than held-back ones")


BEYOND_CHANCE = Exercise(
    id="15-beyond-chance",
    title="Too good for chance",
    level=3,
    concept="leaks",
    prompt="""
`own` and `held` say for each own test row and each held-back row whether the answer was right (1) or wrong (0). Return `True` if the own
accuracy lies **more than three standard errors above** the held-back one.

The standard error of a difference is $\\sqrt{a (1 - a) / n + b (1 - b) / m}$, with the accuracies $a$, $b$ on $n$ and $m$ rows.
""",
    name="beyond_chance",
    cases=_two,
    starter="""
def beyond_chance(own, held):
    return ...
""",
    hints=(
        "Two accuracies, two numbers of rows, one root.",
        "Only *above* counts. A lower own score is bad luck or honesty, and no leak.",
        "`own.mean() - held.mean() > 3 * np.sqrt(a * (1 - a) / len(own) + b * (1 - b) / len(held))`",
    ),
    solution="""
def beyond_chance(own, held):
    a, b = own.mean(), held.mean()
    error = np.sqrt(a * (1 - a) / len(own) + b * (1 - b) / len(held))
    return a - b > 3 * error
""",
    explanation="""
Variances of independent scores add up; standard errors do not. Three standard errors are exceeded by chance about once in 700 honest hand-ins.
A difference of 3 points can be beyond chance (3000 rows), and one of 10 points need not be (60 rows).
""",
    alternatives=(
        """
def beyond_chance(own, held):
    spread = np.hypot(own.std() / np.sqrt(len(own)), held.std() / np.sqrt(len(held)))
    return bool(own.mean() > held.mean() + 3 * spread)
""",
        """
def beyond_chance(own, held):
    gap = own.mean() - held.mean()
    return gap > 0 and gap**2 > 9 * (own.var() / len(own) + held.var() / len(held))
""",
        """
def beyond_chance(own, held):
    variance = sum(x.mean() * (1 - x.mean()) / x.size for x in (own, held))
    return (own.mean() - held.mean()) / variance**0.5 > 3
""",
    ),
    mistakes=(
        Mistake(
            "any-difference",
            "def beyond_chance(own, held):\n    return own.mean() > held.mean()",
            "Any difference counts here. Half of all honest hand-ins have an own score above the held-back one, by chance.",
            "every-difference-is-real",
        ),
        Mistake(
            "either-direction",
            """
def beyond_chance(own, held):
    a, b = own.mean(), held.mean()
    return abs(a - b) > 3 * np.sqrt(a * (1 - a) / len(own) + b * (1 - b) / len(held))
""",
            "A much *lower* own score is counted, too. No leak makes a score worse.",
        ),
        Mistake(
            "errors-added",
            """
def beyond_chance(own, held):
    a, b = own.mean(), held.mean()
    return a - b > 3 * (np.sqrt(a * (1 - a) / len(own)) + np.sqrt(b * (1 - b) / len(held)))
""",
            "You added the two standard errors. Their squares add up: one root over the sum, which is smaller.",
            "standard-errors-add-up",
        ),
        Mistake(
            "own-error-only",
            """
def beyond_chance(own, held):
    a, b = own.mean(), held.mean()
    return a - b > 3 * np.sqrt(a * (1 - a) / len(own))
""",
            "Only the own score has a standard error here. The held-back score is a sample, too.",
            "held-back-is-exact",
        ),
        Mistake(
            "fixed-margin",
            "def beyond_chance(own, held):\n    return own.mean() - held.mean() > 0.05",
            "Five points are much on 3000 rows and little on 60. The margin has to follow from the rows.",
            "one-split-is-exact",
        ),
    ),
)
