"""Lesson 12: dividing logits by a temperature, and choosing it on validation rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _logits(rng: np.random.Generator) -> Iterator[Case]:
    for n, k, t in ((5, 3, 2.0), (6, 4, 1.7)):
        yield Case(rng.normal(0, 3, (n, k)), t)
    yield Case(rng.normal(0, 2, (4, 4)), 0.5, note="a temperature below 1")
    yield Case(np.array([[2.0, 0.0], [0.0, 5.0]]), 1.0, note="a temperature of exactly 1")
    yield Case(np.array([[20000.0, 0.0, 19990.0]]), 5.0, note="very large logits")


TEMPERED = Exercise(
    id="12-tempered",
    title="A temperature without effect",
    level=2,
    concept="temperature scaling",
    prompt="""
`Z` holds logits, a row for each plant, `T` is a temperature. The function should return the probabilities at this temperature. It runs, every row adds up
to 1, and **nothing ever changes, whatever `T` is**. Find the bug.
""",
    name="tempered",
    cases=_logits,
    starter="""
def tempered(Z, T):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    E = E / T
    return E / E.sum(axis=1, keepdims=True)
""",
    hints=(
        "In the last line each row is divided by its sum. What becomes of a factor that stands before every entry of the row?",
        "The temperature has to act before the exponential function.",
        "Divide `Z` by `T` first. Then everything else stays as it is.",
    ),
    solution="""
def tempered(Z, T):
    Z = Z / T
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
""",
    explanation="""
A common factor cancels when the row is divided by its sum. Dividing the *logits* takes every ratio of two probabilities to the power $1/T$, and that stays.
""",
    alternatives=(
        """
def tempered(Z, T):
    E = np.exp((Z - Z.max(axis=1, keepdims=True)) / T)
    return E / E.sum(axis=1, keepdims=True)
""",
        """
def tempered(Z, T):
    log_sum = np.logaddexp.reduce(Z / T, axis=1, keepdims=True)
    return np.exp(Z / T - log_sum)
""",
        """
def tempered(Z, T):
    E = np.exp(Z - Z.max(axis=1, keepdims=True)) ** (1 / T)
    return np.array([row / sum(row) for row in E])
""",
    ),
    mistakes=(
        Mistake(
            "multiplied",
            """
def tempered(Z, T):
    E = np.exp(T * (Z - Z.max(axis=1, keepdims=True)))
    return E / E.sum(axis=1, keepdims=True)
""",
            "The logits are multiplied. A temperature above 1 should make the answers more *even*, and here it makes them surer.",
            "temperature-works-upside-down",
        ),
        Mistake(
            "probabilities-divided",
            """
def tempered(Z, T):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True) / T
""",
            "The finished probabilities are divided, so a row adds up to 1/T. The logits are to be divided, before the exponential function.",
            "temperature-divides-the-probabilities",
        ),
        Mistake(
            "columns",
            """
def tempered(Z, T):
    E = np.exp((Z - Z.max(axis=0)) / T)
    return E / E.sum(axis=0)
""",
            "Here the *columns* add up to 1. A plant's probabilities stand in a row.",
            "columns-are-samples",
        ),
        Mistake(
            "shift-forgotten",
            """
def tempered(Z, T):
    with np.errstate(over="ignore", invalid="ignore"):
        E = np.exp(Z / T)
        return E / E.sum(axis=1, keepdims=True)
""",
            "For very large logits the exponential function overflows, and ∞ / ∞ is NaN. Take out the row's largest value first.",
            "numpy-never-overflows",
        ),
    ),
)


def _validation(rng: np.random.Generator) -> Iterator[Case]:
    grid = np.array([0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0])
    for n, factor in ((150, 2.0), (300, 3.0)):
        honest = rng.normal(0, 1.5, (n, 4))
        P = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
        y = np.array([rng.choice(4, p=row) for row in P])
        yield Case(y, factor * honest, grid)
    honest = rng.normal(0, 2.0, (200, 3))
    P = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    y = np.array([rng.choice(3, p=row) for row in P])
    yield Case(y, 0.5 * honest, grid, note="a model that is too modest")
    yield Case(y, 500 * honest, grid * 200, note="very large logits")


BEST_TEMPERATURE = Exercise(
    id="12-best-temperature",
    title="The best of these temperatures",
    level=3,
    concept="temperature scaling",
    prompt="""
`y` holds the classes of validation rows, `Z` the network's logits for them, `temperatures` an array of candidates. Write
`best_of(y, Z, temperatures)`: return the **candidate with the smallest log loss**. The log loss is the mean of minus the log of the probability that the
true class gets. Mind very large logits.
""",
    name="best_of",
    cases=_validation,
    starter="""
def best_of(y, Z, temperatures):
    return ...
""",
    hints=(
        "Go through the candidates: divide, softmax, look up the truth's probability, log, mean. Keep the losses in a list.",
        "The log of the softmax can be had without overflow: `Z / T` less `np.logaddexp.reduce(Z / T, axis=1, keepdims=True)`.",
        "`np.argmin(losses)` is the place of the smallest; `temperatures[...]` the candidate itself.",
    ),
    solution="""
def best_of(y, Z, temperatures):
    losses = []
    for T in temperatures:
        log_p = Z / T - np.logaddexp.reduce(Z / T, axis=1, keepdims=True)
        losses.append(-log_p[np.arange(len(y)), y].mean())
    return temperatures[np.argmin(losses)]
""",
    explanation="""
In practice one lets a search find the exact place (`scipy.optimize.minimize_scalar`): the loss falls to one lowest point and rises again. The accuracy cannot
choose a temperature, since it is the same for all of them.
""",
    alternatives=(
        """
def best_of(y, Z, temperatures):
    def loss(T):
        S = (Z - Z.max(axis=1, keepdims=True)) / T
        P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
        return -np.mean(S[np.arange(len(y)), y] - np.log(np.exp(S).sum(axis=1)))
    return min(temperatures, key=loss)
""",
        """
def best_of(y, Z, temperatures):
    S = Z[None] / np.asarray(temperatures)[:, None, None]
    log_p = S - np.logaddexp.reduce(S, axis=2, keepdims=True)
    return temperatures[log_p[:, np.arange(len(y)), y].mean(axis=1).argmax()]
""",
        """
def best_of(y, Z, temperatures):
    best, least = None, np.inf
    for T in temperatures:
        total = 0.0
        for truth, row in zip(y, Z):
            margin = (row - row[truth]) / T
            total += np.logaddexp.reduce(margin)
        if total < least:
            best, least = T, total
    return best
""",
    ),
    mistakes=(
        Mistake(
            "by-accuracy",
            """
def best_of(y, Z, temperatures):
    return max(temperatures, key=lambda T: np.mean((Z / T).argmax(axis=1) == y))
""",
            "It always returns the first candidate. That happens if one asks for the accuracy, which is the same for all of them, or for how sure the "
            "winner is. Ask for the probability of the *truth*.",
            "temperature-changes-the-winner",
        ),
        Mistake(
            "multiplied",
            """
def best_of(y, Z, temperatures):
    def loss(T):
        S = Z * T
        return -np.mean(S[np.arange(len(y)), y] - np.logaddexp.reduce(S, axis=1))
    return min(temperatures, key=loss)
""",
            "The logits are multiplied by the candidate. Divide them.",
            "temperature-works-upside-down",
        ),
        Mistake(
            "the-place",
            """
def best_of(y, Z, temperatures):
    S = Z[None] / temperatures[:, None, None]
    log_p = S - np.logaddexp.reduce(S, axis=2, keepdims=True)
    return log_p[:, np.arange(len(y)), y].mean(axis=1).argmax()
""",
            "You return the *place* of the best candidate in the list. Wanted is the candidate itself.",
        ),
        Mistake(
            "largest-loss",
            """
def best_of(y, Z, temperatures):
    def loss(T):
        S = Z / T
        return -np.mean(S[np.arange(len(y)), y] - np.logaddexp.reduce(S, axis=1))
    return max(temperatures, key=loss)
""",
            "The losses are right, and you take the largest. (Or the sign is lost: minus the log.)",
        ),
    ),
)
