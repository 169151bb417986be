"""Exercises of lesson 11 about choosing honestly: drawing settings, cutting folds, reporting seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _ranges(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(np.array([0.0, 0.25, 0.5, 0.75, 1.0]), 0.0001, 0.1)
    yield Case(rng.random(6).round(3), 0.001, 10.0)
    yield Case(np.array([0.5]), 1.0, 100.0, note="the middle between 1 and 100")
    yield Case(rng.random(3).round(3), 0.003, 0.3)


DRAW = Exercise(
    id="11-draw",
    title="Draw a learning rate",
    level=1,
    concept="random search",
    prompt="""
A learning rate between 0.0001 and 0.1 should be drawn **evenly on the scale of factors**: as often between 0.0001 and 0.001
as between 0.01 and 0.1. `u` is an array of even random numbers from 0 to 1. Turn each into a value from `low` (at 0) to
`high` (at 1).
""",
    name="draw",
    cases=_ranges,
    starter="""
def draw(u, low, high):
    return low * (...) ** ...
""",
    hints=(
        "At `u = 0` nothing is multiplied to `low`; at `u = 1` it is multiplied by the whole factor between both ends.",
        "The whole factor is `high / low`. What is a number to the power of 0, and to the power of 1?",
        "`low * (high / low) ** u`. At one half this gives the *geometric* mean: between 1 and 100 it is 10.",
    ),
    solution="""
def draw(u, low, high):
    return low * (high / low) ** u
""",
    explanation="""
Even steps in `u` are equal *factors* of the result. Drawn evenly between 0.0001 and 0.1, nine of ten rates would lie above
0.01, and the small ones would never be tried.
""",
    alternatives=(
        "def draw(u, low, high):\n    return np.exp(np.log(low) + u * (np.log(high) - np.log(low)))",
        "def draw(u, low, high):\n    return 10 ** ((1 - u) * np.log10(low) + u * np.log10(high))",
        "def draw(u, low, high):\n    return low ** (1 - u) * high**u",
    ),
    mistakes=(
        Mistake(
            "even",
            "def draw(u, low, high):\n    return low + (high - low) * u",
            "Both ends are right, but between them the values are spread evenly: nearly all of them are large.",
            "rates-are-drawn-evenly",
        ),
        Mistake(
            "difference-as-factor",
            "def draw(u, low, high):\n    return low * (high - low) ** u",
            "At `u = 0` this is `low`, but at `u = 1` it is not `high`. By which *factor* is `high` larger than `low`?",
            "rates-are-drawn-evenly",
        ),
        Mistake(
            "upside-down",
            "def draw(u, low, high):\n    return low * (low / high) ** u",
            "This goes from `low` further down. Turn the factor over.",
        ),
        Mistake(
            "only-high",
            "def draw(u, low, high):\n    return low * high**u",
            "At `u = 1` this is `low * high`. The factor that leads from `low` to `high` is another one.",
        ),
        Mistake(
            "without-luck",
            "def draw(u, low, high):\n    return np.geomspace(low, high, len(u))",
            "These are even steps on the scale of factors, but nothing is drawn: the numbers in `u` are not used.",
        ),
        Mistake(
            "backwards",
            "def draw(u, low, high):\n    return high * (low / high) ** u",
            "The right values in the wrong direction: here 0 gives `high` and 1 gives `low`.",
        ),
    ),
)


def _sizes(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(10, 5)
    yield Case(12, 3)
    yield Case(10, 3, note="10 rows do not divide evenly into 3 parts")
    yield Case(7, 7, note="as many parts as rows")
    yield Case(int(rng.integers(20, 30)), 4)


def _as_lists(answer: Any, n: int, k: int) -> Any:
    """Return what an answer cut, lists and arrays alike; anything else as it is."""
    made = answer(n, k)
    try:
        return [tuple([int(row) for row in part] for part in pair) for pair in made]
    except (TypeError, ValueError):
        return made


FOLDS = Exercise(
    id="11-folds",
    title="Cut the folds",
    level=3,
    concept="cross-validation",
    prompt="""
Write k-fold cross-validation's cut. There are `n` rows, numbered from 0. Cut them, **in order**, into `k` parts. If that does
not come out even, the first parts are larger by one row: 10 rows in 3 parts are 4, 3, 3.

Return a list with a pair for each part: the numbers of the rows to **train** on, and the numbers of the rows **held back**.
Both as lists or arrays, in ascending order.
""",
    name="folds",
    cases=_sizes,
    probe=_as_lists,
    starter="""
def folds(n, k):
    return ...
""",
    hints=(
        "Cut first. `np.array_split(np.arange(n), k)` cuts exactly like this.",
        "Each part is held back once; the pair's other half is everything else.",
        "For everything else: `[i for i in range(n) if i not in held]`, or `np.setdiff1d(np.arange(n), held)`.",
    ),
    solution="""
def folds(n, k):
    pairs = []
    for held in np.array_split(np.arange(n), k):
        pairs.append((np.setdiff1d(np.arange(n), held), held))
    return pairs
""",
    explanation="""
Every row is held back exactly once and trains `k - 1` models. (On real data, shuffle the rows first: files often come
sorted. scikit-learn's `KFold(k)` without shuffling cuts exactly as you did.)
""",
    alternatives=(
        """
def folds(n, k):
    pairs, first = [], 0
    for part in range(k):
        size = n // k + (1 if part < n % k else 0)
        held = list(range(first, first + size))
        pairs.append(([i for i in range(n) if i not in held], held))
        first += size
    return pairs
""",
        """
def folds(n, k):
    part = np.sort(np.arange(n) % k)
    return [(np.flatnonzero(part != i), np.flatnonzero(part == i)) for i in range(k)]
""",
        """
def folds(n, k):
    parts = np.array_split(np.arange(n), k)
    return [(np.concatenate([p for j, p in enumerate(parts) if j != i]), parts[i]) for i in range(k)]
""",
    ),
    mistakes=(
        Mistake(
            "rest-dropped",
            """
def folds(n, k):
    size = n // k
    pairs = []
    for first in range(0, size * k, size):
        held = np.arange(first, first + size)
        pairs.append((np.setdiff1d(np.arange(n), held), held))
    return pairs
""",
            "Where it does not come out even, the last rows are never held back. Every row must be, once.",
            "folds-may-drop-rows",
        ),
        Mistake(
            "every-kth",
            """
def folds(n, k):
    return [(np.flatnonzero(np.arange(n) % k != i), np.arange(i, n, k)) for i in range(k)]
""",
            "A sound cut, but not the one that was asked for: you take every k-th row. Here each part is a run of "
            "neighbouring rows.",
        ),
        Mistake(
            "swapped",
            """
def folds(n, k):
    return [(held, np.setdiff1d(np.arange(n), held)) for held in np.array_split(np.arange(n), k)]
""",
            "The halves are swapped: this trains on the small part and judges by the large one.",
            "cross-validation-trains-on-one-fold",
        ),
        Mistake(
            "train-on-all",
            """
def folds(n, k):
    return [(np.arange(n), held) for held in np.array_split(np.arange(n), k)]
""",
            "The rows held back are among the training rows, too. Whoever learns by heart gets a perfect score.",
            "training-score-is-the-score",
        ),
        Mistake(
            "growing",
            """
def folds(n, k):
    parts = np.array_split(np.arange(n), k)
    return [(np.arange(part[0]), part) for part in parts]
""",
            "Only the rows *before* the part are used for training. (For time series that is right.) Here all others are.",
        ),
    ),
)


def _scores(rng: np.random.Generator) -> Iterator[Case]:
    yield Case([0.80, 0.82, 0.84])
    yield Case((0.75 + 0.02 * rng.normal(size=10)).round(3).tolist())
    yield Case([0.9, 0.9, 0.9], note="three equal scores")
    yield Case([0.61, 0.83], note="two seeds only")


REPORT = Exercise(
    id="11-report",
    title="What goes into the report",
    level=3,
    concept="spread over seeds",
    prompt="""
`scores` is a list: the accuracy of the same network with several seeds. Return the three numbers of an honest report, as a
tuple:

1. the mean,
2. the standard deviation of a sample (the squares' sum is divided by one less than the number of scores),
3. the standard error of the mean: that standard deviation, divided by the square root of the number of scores.
""",
    name="report",
    cases=_scores,
    starter="""
def report(scores):
    return ...
""",
    hints=(
        "`np.mean` and `np.std` do nearly everything. What does `np.std` divide by?",
        "`np.std(scores, ddof=1)` divides by `n - 1`.",
        "The third number is the second, divided by `np.sqrt(len(scores))`.",
    ),
    solution="""
def report(scores):
    spread = np.std(scores, ddof=1)
    return np.mean(scores), spread, spread / np.sqrt(len(scores))
""",
    explanation="""
The second number says how far the *next* seed may be off, the third how far the *mean* may be off. More seeds shrink only
the third.
""",
    alternatives=(
        """
def report(scores):
    n = len(scores)
    mean = sum(scores) / n
    spread = (sum((s - mean) ** 2 for s in scores) / (n - 1)) ** 0.5
    return mean, spread, spread / n**0.5
""",
        """
def report(scores):
    from statistics import mean, stdev

    return mean(scores), stdev(scores), stdev(scores) / len(scores) ** 0.5
""",
        """
def report(scores):
    s = np.asarray(scores)
    variance = s.var() * len(s) / (len(s) - 1)
    return s.mean(), np.sqrt(variance), np.sqrt(variance / len(s))
""",
    ),
    mistakes=(
        Mistake(
            "divided-by-n",
            """
def report(scores):
    spread = np.std(scores)
    return np.mean(scores), spread, spread / np.sqrt(len(scores))
""",
            "`np.std` divides by the number of scores. With two or three seeds that makes the spread look clearly smaller. "
            "`ddof=1` mends it.",
        ),
        Mistake(
            "best-run",
            """
def report(scores):
    spread = np.std(scores, ddof=1)
    return max(scores), spread, spread / np.sqrt(len(scores))
""",
            "The first number is the best score. It grows with the number of seeds that you try, although the network stays "
            "the same.",
            "best-seed-is-the-result",
        ),
        Mistake(
            "divided-by-number",
            """
def report(scores):
    spread = np.std(scores, ddof=1)
    return np.mean(scores), spread, spread / len(scores)
""",
            "The standard error shrinks with the *square root* of the number of scores. Four times the seeds, half the error.",
            "noise-shrinks-with-n",
        ),
        Mistake(
            "variance",
            """
def report(scores):
    spread = np.var(scores, ddof=1)
    return np.mean(scores), spread, spread / np.sqrt(len(scores))
""",
            "The second number is the variance. Its square root has the unit of the scores.",
        ),
        Mistake(
            "range",
            """
def report(scores):
    spread = max(scores) - min(scores)
    return np.mean(scores), spread, spread / np.sqrt(len(scores))
""",
            "Largest minus smallest grows with each further seed. The standard deviation does not.",
        ),
    ),
)
