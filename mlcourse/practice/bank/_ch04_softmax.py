"""Exercises of lesson 04 about softmax: the formula, a table of rows, large logits, temperature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake, Property

if TYPE_CHECKING:
    from collections.abc import Iterator

_POSITIVE = Property(
    "No share can be negative, and none larger than 1.",
    lambda P, *_: bool(np.all(P >= 0) and np.all(P <= 1)),
)
_ROWS_ADD_UP = Property(
    "Each row has to add up to 1.", lambda P, *_: bool(np.allclose(np.asarray(P).sum(axis=-1), 1))
)


def _rows(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(np.array([2.0, 1.0, 0.1, -1.0]), note="the article of the lesson")
    for k in (3, 6):
        yield Case(rng.normal(scale=2, size=k))
    yield Case(np.array([-3.0, -4.0, -6.0]), note="only negative logits")
    yield Case(np.array([1.0, 1.0, 1.0, 1.0, 1.0]), note="five equal logits")


SOFTMAX = Exercise(
    id="04-softmax",
    title="The formula",
    level=1,
    concept="what softmax computes",
    prompt="""
`z` holds the logits of one text. Return its softmax, an array of the same length: the share that each
$e^{z_k}$ has in their sum. (The plain formula will do; `04-stable` is for large logits.)

Fill the blanks, run the cell, then `practice.exercise("04-softmax").check(row_softmax)`.
""",
    name="row_softmax",
    cases=_rows,
    starter="""
def row_softmax(z):
    weights = ...
    return weights / ...
""",
    hints=(
        "A logit may be negative, a share may not. Which function makes a positive weight of any number?",
        "`np.exp` takes a whole array.",
        "What do the shares add up to, if each weight is divided by the *sum of the weights*?",
    ),
    solution="""
def row_softmax(z):
    weights = np.exp(z)
    return weights / weights.sum()
""",
    explanation="""
The exponential makes all weights positive and turns differences of logits into ratios of shares. The division
makes the shares one whole, and with it every unit depends on every logit.
""",
    alternatives=(
        "def row_softmax(z):\n    return np.exp(z - np.log(np.sum(np.exp(z))))",
        "def row_softmax(z):\n    return np.array([1 / np.exp(z - one).sum() for one in z])",
        """
def row_softmax(logits):
    lowered = logits - logits.max()
    return np.exp(lowered) / np.exp(lowered).sum()
""",
        """
import math

def row_softmax(z):
    weights = [math.exp(v) for v in z]
    return np.array([w / sum(weights) for w in weights])
""",
    ),
    mistakes=(
        Mistake(
            "shares-of-logits",
            "def row_softmax(z):\n    return z / z.sum()",
            "These are shares of the *logits*. A negative logit then gets a negative share, or all shares turn "
            "upside down. Each logit has to become a positive weight first.",
            "softmax-divides-by-the-sum",
        ),
        Mistake(
            "sum-of-logits",
            "def row_softmax(z):\n    return np.exp(z) / z.sum()",
            "The weights are right. But they are divided by the sum of the logits, and so they are no shares of "
            "one whole. Whose sum do they have to be divided by?",
            "softmax-divides-by-the-sum",
        ),
        Mistake(
            "sigmoid",
            "def row_softmax(z):\n    return 1 / (1 + np.exp(-z))",
            "This is the sigmoid: each unit answers by itself, and the row adds up to anything. Softmax divides by "
            "a sum over all units.",
            "softmax-and-sigmoid-swapped",
        ),
        Mistake(
            "largest-is-one",
            "def row_softmax(z):\n    return np.exp(z) / np.exp(z).max()",
            "The largest is always exactly 1 here. You have divided by the largest weight instead of by all of "
            "them together.",
        ),
        Mistake(
            "not-divided",
            "def row_softmax(z):\n    return np.exp(z)",
            "These are the weights. To become shares of one whole they have to be divided by their sum.",
        ),
        Mistake(
            "minus-sign",
            "def row_softmax(z):\n    return np.exp(-z) / np.exp(-z).sum()",
            "The *smallest* logit wins here. The minus sign belongs to the sigmoid's formula.",
            "softmax-and-sigmoid-swapped",
        ),
    ),
    properties=(_POSITIVE, _ROWS_ADD_UP),
)


def _tables(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((3, 4), (5, 2)):
        yield Case(rng.normal(scale=2, size=(n, k)))
    yield Case(rng.normal(size=(3, 3)), note="as many texts as sections")
    yield Case(rng.normal(size=(1, 4)), note="a table of one text")


AXIS = Exercise(
    id="04-axis",
    title="A whole for each text",
    level=2,
    concept="a softmax for each row",
    prompt="""
`Z` is a table: a row for each text, a column for each section. A colleague's softmax gives every text tiny
probabilities, and the more texts there are, the tinier they get. Find out why, and fix it.
""",
    name="table_softmax",
    cases=_tables,
    starter="""
def table_softmax(Z):
    weights = np.exp(Z)
    return weights / weights.sum()
""",
    hints=(
        "What does the result of the colleague add up to, over *all* texts?",
        "Who competes with whom? The sections of one text. `sum` has an argument `axis`.",
        (
            "`axis=1` adds along each row. `keepdims=True` keeps the sums in a column, so that NumPy divides row "
            "by row."
        ),
    ),
    solution="""
def table_softmax(Z):
    weights = np.exp(Z)
    return weights / weights.sum(axis=1, keepdims=True)
""",
    explanation="""
Every text has a whole of its own. `axis=-1`, the last axis, says the same and works for a single row as well;
that is why Keras and SciPy are mostly called with it.
""",
    alternatives=(
        "def table_softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum(axis=-1)[:, None]",
        "def table_softmax(Z):\n    return (np.exp(Z).T / np.exp(Z).sum(axis=1)).T",
        "def table_softmax(Z):\n    return np.array([np.exp(z) / np.exp(z).sum() for z in Z])",
        "def table_softmax(Z):\n    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))",
    ),
    mistakes=(
        Mistake(
            "columns",
            "def table_softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum(axis=0)",
            "Now each *column* adds up to 1: the texts compete for a section. The answer for a text then depends on "
            "what else is in the table.",
            "texts-compete-for-a-class",
        ),
        Mistake(
            "no-keepdims",
            "def table_softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum(axis=1)",
            "The sums are right, one for each text. But they lie in a row, and NumPy lines them up with the "
            "*columns*: an error, or, with as many texts as sections, wrong numbers. They have to stand in a column.",
        ),
        Mistake(
            "row-maximum",
            "def table_softmax(Z):\n    return np.exp(Z) / np.exp(Z).max(axis=1, keepdims=True)",
            "Row by row, that is right. But each is divided by its largest weight, so the winner always gets 1 and "
            "the row adds up to more.",
        ),
        Mistake(
            "mean-of-rows",
            "def table_softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum() * len(Z)",
            "The tininess is gone on average. But a text with large logits still takes from the other texts: not "
            "every row adds up to 1.",
            "texts-compete-for-a-class",
        ),
        Mistake(
            "logits-in-the-sum",
            "def table_softmax(Z):\n    return np.exp(Z) / Z.sum(axis=1, keepdims=True)",
            "The direction is right. But below the line stands the sum of the logits, not that of the weights.",
            "softmax-divides-by-the-sum",
        ),
    ),
    properties=(_POSITIVE, _ROWS_ADD_UP),
)


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
        _ROWS_ADD_UP,
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
    properties=(_POSITIVE, _ROWS_ADD_UP),
)
