"""Exercises of lesson 04 about softmax: the formula, and a table of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake, Property

if TYPE_CHECKING:
    from collections.abc import Iterator

POSITIVE = Property(
    "No share can be negative, and none larger than 1.",
    lambda P, *_: bool(np.all(P >= 0) and np.all(P <= 1)),
)
ROWS_ADD_UP = Property(
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
    properties=(POSITIVE, ROWS_ADD_UP),
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
    properties=(POSITIVE, ROWS_ADD_UP),
)
