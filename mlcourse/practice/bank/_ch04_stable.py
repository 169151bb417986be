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
This softmax is right, and it breaks: for a row like `[1000, 999, 0, -1000]` it returns `nan`. Change it so that
it gives the true softmax for **any** logits, however large or small, row by row.
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
    yield Case(np.array([[2.0, 1.0, 0.1, -1.0]]), 2.0, note="the article of the lesson")
    yield Case(rng.normal(scale=3, size=(4, 3)), 0.5)
    yield Case(rng.normal(scale=3, size=(2, 5)), 1.0, note="temperature 1")
    yield Case(np.array([[40.0, 39.0, 0.0]]), 0.01, note="very cold")
    yield Case(np.array([[0.0, -1000.0], [10.0, 0.0]]), 1000.0, note="very hot")


TEMPERATURE = Exercise(
    id="04-temperature",
    title="Cold and hot",
    level=3,
    concept="temperature",
    prompt="""
Write a softmax with a temperature. `Z` is a table of logits, a row for each text; `T` is a number above 0. Return a table of
probabilities of the same shape: the softmax of the logits divided by `T`. It must survive any temperature, from very
cold (0.01) to very hot (1000).
""",
    name="tempered",
    cases=_temperatures,
    starter="""
def tempered(Z, T):
    return ...
""",
    hints=(
        "The temperature comes first: divide the logits, then take the softmax of what you get.",
        "A cold temperature makes large logits: 40 / 0.01 is 4000. What keeps a softmax from overflowing?",
        "`Z = Z / T`, then `Z - Z.max(axis=1, keepdims=True)`, then exponential, sum of each row, division.",
    ),
    solution="""
def tempered(Z, T):
    Z = Z / T
    weights = np.exp(Z - Z.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
""",
    explanation="""
All differences are divided by `T`: above 1 the row becomes more even, below 1 more extreme, and the order stays.
Dividing the logits is the only safe place for it.
""",
    alternatives=(
        "def tempered(Z, T):\n    Z = Z / T\n    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))",
        """
def tempered(logits, temperature):
    out = np.empty(logits.shape)
    for i, row in enumerate(logits):
        weights = np.exp((row - row.max()) / temperature)
        out[i] = weights / weights.sum()
    return out
""",
        """
from scipy.special import softmax

def tempered(Z, T):
    return softmax(Z / T, axis=-1)
""",
    ),
    mistakes=(
        Mistake(
            "multiplied",
            """
def tempered(Z, T):
    Z = Z * T
    weights = np.exp(Z - Z.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
""",
            "Heat makes your answers more extreme, cold makes them more even. It has to be the other way round.",
            "temperature-works-upside-down",
        ),
        Mistake(
            "divided-afterwards",
            """
def tempered(Z, T):
    weights = np.exp(Z - Z.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) / T
""",
            "You divide the *probabilities*, and the rows no longer add up to 1. The temperature belongs to the logits.",
            "temperature-divides-the-probabilities",
        ),
        Mistake(
            "overflows",
            """
def tempered(Z, T):
    weights = np.exp(Z / T)
    return weights / weights.sum(axis=1, keepdims=True)
""",
            "Right for ordinary temperatures. But 40 / 0.01 is 4000, and its exponential overflows. Subtract the largest "
            "logit of each row.",
            "numpy-never-overflows",
        ),
        Mistake(
            "power-afterwards",
            """
def tempered(Z, T):
    weights = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = (weights / weights.sum(axis=1, keepdims=True)) ** (1 / T)
    return P / P.sum(axis=1, keepdims=True)
""",
            "In mathematics this is right: $p^{1/T}$, shared out again. On the computer a probability may have been rounded to 0 "
            "already, and no heat brings it back. Divide the logits, as long as nothing has been rounded.",
            "softmax-is-never-zero",
        ),
        Mistake(
            "whole-table",
            """
def tempered(Z, T):
    weights = np.exp(Z / T - np.max(Z / T))
    return weights / weights.sum()
""",
            "The whole *table* adds up to 1 here. Each text needs a whole of its own.",
            "texts-compete-for-a-class",
        ),
        Mistake(
            "no-temperature",
            """
def tempered(Z, T):
    weights = np.exp(Z - Z.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
""",
            "A good softmax. But `T` is not used, so this is temperature 1 every time.",
        ),
    ),
    properties=(POSITIVE, ROWS_ADD_UP),
)
