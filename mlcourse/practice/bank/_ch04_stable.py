"""Exercises of lesson 04 about a softmax that survives any logits and any temperature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake, Property
from mlcourse.practice.bank._ch04_softmax import POSITIVE, ROWS_ADD_UP

if TYPE_CHECKING:
    from collections.abc import Iterator


def _large(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(rng.normal(scale=2, size=(4, 3)))
    yield Case(np.array([[1000.0, 999.0, 0.0, -1000.0]]), note="the huge logits of the lesson")
    yield Case(np.array([[-1000.0, -1001.0], [-900.0, -900.0]]), note="logits that are all very low")
    yield Case(
        np.array([[1000.0, 998.0, 0.0], [-1000.0, -1002.0, -1001.0]]),
        note="a high row and a low row together",
    )
    yield Case(np.array([[3.0e5, 3.0e5 - 1, 0.0]]), note="a logit of 300,000")


STABLE = Exercise(
    id="04-stable",
    title="A softmax that survives",
    level=2,
    concept="stable softmax",
    prompt="""
`Z` is a table of logits, a row for each text. This softmax is right, and it breaks: for a row like
`[1000, 999, 0, -1000]` it returns `nan`. Change it so that it gives the true softmax for **any** logits, however large or
small, row by row.
""",
    name="stable_softmax",
    cases=_large,
    starter="""
def stable_softmax(Z):
    weights = np.exp(Z)
    return weights / weights.sum(axis=1, keepdims=True)
""",
    hints=(
        "What may you add to or subtract from all logits of a row without changing its softmax?",
        "Which logit must become 0, so that no exponential is larger than 1?",
        "`Z.max(axis=1, keepdims=True)` is the largest of each row, standing in a column. Subtract it *before* `np.exp`.",
    ),
    solution="""
def stable_softmax(Z):
    weights = np.exp(Z - Z.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
""",
    explanation="""
The result is the same, since only differences count. Now the largest exponential is 1, and the sum lies between
1 and the number of units: nothing can overflow, and nothing is divided by 0. Each row needs a maximum of its own.
""",
    alternatives=(
        "def stable_softmax(Z):\n    return np.array([1 / np.exp(np.minimum(z[None] - z[:, None], 700)).sum(axis=1) for z in Z])",
        "def stable_softmax(Z):\n    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))",
        """
def stable_softmax(Z):
    out = []
    for row in Z:
        weights = np.exp(row - max(row))
        out.append(weights / sum(weights))
    return np.stack(out)
""",
        """
from scipy.special import softmax

def stable_softmax(Z):
    return softmax(Z, axis=1)
""",
    ),
    mistakes=(
        Mistake(
            "one-maximum-for-all",
            """
def stable_softmax(Z):
    weights = np.exp(Z - Z.max())
    return weights / weights.sum(axis=1, keepdims=True)
""",
            "You subtract the largest logit of the *whole table*. A row far below it then has nothing but zeros, and "
            "0 / 0 is `nan`. Each row needs its own.",
        ),
        Mistake(
            "clipped",
            """
def stable_softmax(Z):
    weights = np.exp(np.clip(Z, -700, 700))
    return weights / weights.sum(axis=1, keepdims=True)
""",
            "No `nan` any more, but the numbers are wrong: 1000 and 999 are both cut off at the same limit, and their "
            "difference is lost. The difference is all that counts.",
            "overflow-is-cut-off",
        ),
        Mistake(
            "nan-to-zero",
            """
def stable_softmax(Z):
    weights = np.exp(Z)
    return np.nan_to_num(weights / weights.sum(axis=1, keepdims=True))
""",
            "You replace the `nan` afterwards. But the true answer for the first unit is 0.73, not 0, and by then it is lost. "
            "Keep the overflow from happening.",
            "maximum-comes-after-exp",
        ),
        Mistake(
            "after-the-exponential",
            """
def stable_softmax(Z):
    weights = np.exp(Z)
    weights = weights / weights.max(axis=1, keepdims=True)
    return weights / weights.sum(axis=1, keepdims=True)
""",
            "The largest weight is taken out *after* the exponential. By then it is `inf` already. Do it to the logits.",
            "maximum-comes-after-exp",
        ),
        Mistake(
            "smallest-subtracted",
            """
def stable_softmax(Z):
    weights = np.exp(Z - Z.min(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
""",
            "You subtract the *smallest* logit. Then all are positive, and the largest exponential is larger than ever. "
            "Which logit should become 0?",
            "any-shift-is-stable",
        ),
        Mistake(
            "mean-subtracted",
            """
def stable_softmax(Z):
    weights = np.exp(Z - Z.mean(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
""",
            "Subtracting the mean changes nothing in the result, that is right. But the largest logit may still be "
            "hundreds above the mean, and then it overflows.",
            "any-shift-is-stable",
        ),
    ),
    properties=(
        Property(
            "No result may be `nan` or `inf`.", lambda P, *_: bool(np.isfinite(np.asarray(P, float)).all())
        ),
        ROWS_ADD_UP,
    ),
)


def _temperatures(rng: np.random.Generator) -> Iterator[Case]:
    def softmax(Z: np.ndarray) -> np.ndarray:
        weights = np.exp(Z - Z.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    yield Case(softmax(np.array([[2.0, 1.0, 0.1, -1.0]])), 2.0, note="the article of the lesson")
    yield Case(softmax(rng.normal(scale=2, size=(4, 3))), 0.5)
    yield Case(softmax(rng.normal(scale=2, size=(2, 5))), 1.0, note="temperature 1")
    yield Case(np.array([[0.3, 0.25, 0.25, 0.2], [0.26, 0.25, 0.25, 0.24]]), 0.001, note="very cold")
    yield Case(softmax(np.array([[20.0, 0.0], [3.0, 0.0]])), 1000.0, note="very hot")


TEMPERATURE = Exercise(
    id="04-temperature",
    title="Cold and hot, without logits",
    level=3,
    concept="temperature",
    prompt="""
Somebody else's network returns its softmax only; the logits stay inside. `P` is such a table of probabilities, a row for each
text, none of them 0. `T` is a number above 0. Return the table that the network would have given at temperature `T`, that is,
if its logits had been divided by `T`. It must survive any temperature, from very cold (0.001) to very hot (1000).
""",
    name="tempered",
    cases=_temperatures,
    starter="""
def tempered(P, T):
    return ...
""",
    hints=(
        "Softmax does not see the level of the logits. So you need not find *the* logits; any with the same differences will do.",
        "Sport is $e^{\\text{difference}}$ times as probable as politics. Which function gets the difference back out of that?",
        "`np.log(P)` are logits that give `P`. Divide them by `T`, and take a softmax that survives, row by row.",
    ),
    solution="""
def tempered(P, T):
    Z = np.log(P) / T
    weights = np.exp(Z - Z.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
""",
    explanation="""
$\\log p_k = z_k - \\log \\sum_j e^{z_j}$: the logarithms of the probabilities are the logits, all moved by the same number, and
softmax does not notice that. Without the logarithm it reads $p_k^{1/T}$, shared out again.
""",
    alternatives=(
        "def tempered(P, T):\n    Z = np.log(P) / T\n    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))",
        """
def tempered(P, T):
    weights = (P / P.max(axis=1, keepdims=True)) ** (1 / T)
    return weights / weights.sum(axis=1, keepdims=True)
""",
        """
def tempered(probabilities, temperature):
    out = np.empty(probabilities.shape)
    for i, row in enumerate(probabilities):
        weights = np.exp((np.log(row) - np.log(row.max())) / temperature)
        out[i] = weights / weights.sum()
    return out
""",
        """
from scipy.special import softmax

def tempered(P, T):
    return softmax(np.log(P) / T, axis=-1)
""",
    ),
    mistakes=(
        Mistake(
            "softmax-again",
            """
def tempered(P, T):
    weights = np.exp(P / T)
    return weights / weights.sum(axis=1, keepdims=True)
""",
            "You use the probabilities as if they were logits: that is a softmax of a softmax, Pitfall 2. Even temperature 1 changes "
            "them then. First get logits back.",
            "softmax-twice-is-harmless",
        ),
        Mistake(
            "divided",
            "def tempered(P, T):\n    return P / T",
            "You divide the *probabilities*, and the rows no longer add up to 1. The temperature belongs to the logits.",
            "temperature-divides-the-probabilities",
        ),
        Mistake(
            "unchanged",
            "def tempered(P, T):\n    return P / T / (P / T).sum(axis=1, keepdims=True)",
            "The probabilities come out as they went in, whatever `T` is. Dividing the shares of a row by the same number and "
            "sharing out again changes nothing. It is the *logits* that have to be divided.",
            "temperature-divides-the-probabilities",
        ),
        Mistake(
            "underflows",
            """
def tempered(P, T):
    weights = P ** (1 / T)
    return weights / weights.sum(axis=1, keepdims=True)
""",
            "In mathematics this is right: $p^{1/T}$, shared out again. But at temperature 0.001 the computer rounds $0.25^{1000}$ to 0, "
            "and the row becomes 0 / 0. Make the largest number of each row 1 before the power, or work with logarithms.",
            "softmax-is-never-zero",
        ),
        Mistake(
            "upside-down",
            """
def tempered(P, T):
    Z = np.log(P) * T
    weights = np.exp(Z - Z.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
""",
            "Heat makes your answers more extreme, cold makes them more even. It has to be the other way round.",
            "temperature-works-upside-down",
        ),
        Mistake(
            "not-shared-out",
            "def tempered(P, T):\n    return P ** (1 / T)",
            "These are the new weights. They have to be shared out once more, so that each row adds up to 1.",
        ),
        Mistake(
            "whole-table",
            """
def tempered(P, T):
    Z = np.log(P) / T
    weights = np.exp(Z - Z.max())
    return weights / weights.sum()
""",
            "The whole *table* adds up to 1 here. Each text needs a whole of its own.",
            "texts-compete-for-a-class",
        ),
    ),
    properties=(POSITIVE, ROWS_ADD_UP),
)
