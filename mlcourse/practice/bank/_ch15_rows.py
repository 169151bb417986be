"""Lesson 15: rows on both sides of a split, a threshold rule, and the parameters of a dense network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _tables(rng: np.random.Generator) -> Iterator[Case]:
    for n, m in ((20, 10), (40, 15)):
        train, test = rng.integers(0, 9, (n, 4)), rng.integers(0, 9, (m, 4))
        test[:3] = train[[5, 5, 9]]
        yield Case(train, test)
    yield Case(
        np.array([[1, 2], [3, 4]]),
        np.array([[1, 4], [2, 1], [3, 4]]),
        note="all numbers are known, but only one row",
    )
    yield Case(
        np.array([[1, 2], [1, 2], [1, 2]]),
        np.array([[1, 2], [5, 6]]),
        note="a training row that stands there three times",
    )
    yield Case(np.array([[1, 2], [3, 4]]), np.array([[5, 6]]), note="nothing shared")


SHARED = Exercise(
    id="15-shared",
    title="Rows on both sides",
    level=2,
    concept="leaks",
    prompt="""
Two tables of whole numbers. The function should count **how many rows of `test` stand in `train`, too**. It runs, and finds far too
many. Find the bug.
""",
    name="shared",
    cases=_tables,
    starter="""
def shared(train, test):
    return int(np.isin(test, train).all(axis=1).sum())
""",
    hints=(
        "What does `np.isin` compare: rows, or single numbers?",
        "Single numbers. A row of known numbers need not be a known row. Turn each row into one thing that can be compared.",
        "`known = {tuple(row) for row in train.tolist()}`, then count the test rows that are in it.",
    ),
    solution="""
def shared(train, test):
    known = {tuple(row) for row in train.tolist()}
    return sum(tuple(row) in known for row in test.tolist())
""",
    explanation="""
A set of rows answers each question at once, however many rows there are. For arrays of any type `row.tobytes()` does the same; the
examiner does it so.
""",
    alternatives=(
        "def shared(train, test):\n    return int((test[:, None] == train[None]).all(axis=2).any(axis=1).sum())",
        """
def shared(train, test):
    known = {row.tobytes() for row in np.ascontiguousarray(train)}
    return len([row for row in np.ascontiguousarray(test) if row.tobytes() in known])
""",
        """
def shared(train, test):
    count = 0
    for row in test:
        count += (train == row).all(axis=1).any()
    return int(count)
""",
    ),
    mistakes=(
        Mistake(
            "pairs",
            "def shared(train, test):\n    return int((test[:, None] == train[None]).all(axis=2).sum())",
            "A test row that stands three times in training is counted three times. Count test rows, not pairs.",
            "shared-rows-are-pairs",
        ),
        Mistake(
            "training-rows",
            "def shared(train, test):\n    return int((test[:, None] == train[None]).all(axis=2).any(axis=0).sum())",
            "You counted the *training* rows that stand in the test. Asked is how many test rows were known.",
            "shared-rows-are-pairs",
        ),
        Mistake(
            "same-place",
            """
def shared(train, test):
    n = min(len(train), len(test))
    return int((train[:n] == test[:n]).all(axis=1).sum())
""",
            "Only rows at the same place are compared. After shuffling, a copy may stand anywhere.",
        ),
        Mistake(
            "different-ones",
            """
def shared(train, test):
    return len({tuple(r) for r in train.tolist()} & {tuple(r) for r in test.tolist()})
""",
            "A row that stands twice in the test counts once here. Both of them were known before the test.",
            "shared-rows-are-pairs",
        ),
    ),
)


def _answers(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((6, 3), (10, 5)):
        yield Case(rng.random((n, k)).round(2), rng.random(k).round(2))
    yield Case(
        np.array([[0.3, 0.5, 0.2], [0.3, 0.49, 0.7]]),
        np.array([0.3, 0.5, 0.7]),
        note="probabilities equal to the threshold",
    )
    yield Case(
        np.array([[0.1, 0.2], [1.0, 0.8], [0.5, 1.0]]),
        np.array([0.0, 1.0]),
        note="thresholds and probabilities 0 and 1",
    )


RULE = Exercise(
    id="15-rule",
    title="A rule with a threshold for each label",
    level=2,
    concept="threshold rule",
    prompt="""
`P` holds probabilities, a row for each article, a column for each label; `thresholds` one number for each label. The function should
return 0s and 1s: a label is **on if its probability is at least its threshold**. It runs, and is
right for nearly all probabilities. Find the bug.
""",
    name="rule",
    cases=_answers,
    same_kind=True,
    starter="""
def rule(P, thresholds):
    return np.round(P - thresholds + 0.5).astype(int)
""",
    hints=(
        "What does rounding do with exactly 0.5, and with 1.5?",
        "NumPy rounds halves to the even number, and a probability far above its threshold gives more than 1. Compare instead.",
        "`(P >= thresholds).astype(int)`: NumPy lines up the thresholds with the columns.",
    ),
    solution="""
def rule(P, thresholds):
    return (P >= thresholds).astype(int)
""",
    explanation="""
"At least" and "above" differ only where a probability equals its threshold. Decide once, and write it into the hand-in: the examiner and every trace of
the course say *at least*.
""",
    alternatives=(
        "def rule(P, thresholds):\n    return np.where(P < thresholds, 0, 1)",
        "def rule(P, thresholds):\n    return np.array([[int(p >= t) for p, t in zip(row, thresholds)] for row in P])",
        "def rule(P, thresholds):\n    return np.greater_equal(P, thresholds[None, :]) * 1",
    ),
    mistakes=(
        Mistake(
            "above",
            "def rule(P, thresholds):\n    return (P > thresholds).astype(int)",
            "A probability equal to its threshold is off here. Wanted is *at least*, `>=`.",
        ),
        Mistake(
            "one-for-all",
            "def rule(P, thresholds):\n    return (P >= thresholds.mean()).astype(int)",
            "One threshold for all labels: the mean. Each label has its own, because each is differently rare and differently hard.",
            "one-threshold-for-all",
        ),
        Mistake(
            "half",
            "def rule(P, thresholds):\n    return (P >= 0.5).astype(int)",
            "The thresholds are not used at all; this cuts at 0.5.",
            "half-is-the-natural-threshold",
        ),
        Mistake(
            "largest",
            "def rule(P, thresholds):\n    return np.eye(P.shape[1], dtype=int)[(P - thresholds).argmax(axis=1)]",
            "Each row gets exactly one label. Any number of labels may be on, or none.",
            "threshold-picks-one-label",
        ),
    ),
)


def _networks(rng: np.random.Generator) -> Iterator[Case]:
    yield Case([20, 48, 5])
    yield Case([12, 5], note="no hidden layer")
    yield Case([20, 64, 32, 5])
    for _ in range(2):
        yield Case([int(n) for n in rng.integers(2, 40, 4)])


PARAMETERS = Exercise(
    id="15-parameters",
    title="The size of a network",
    level=3,
    concept="size",
    prompt="""
A network of dense layers, given by its widths: `[20, 48, 5]` takes 20 numbers, has 48 hidden units and 5 outputs. Return its **number of
parameters**, all weights and biases.
""",
    name="parameters",
    cases=_networks,
    same_kind=True,
    starter="""
def parameters(widths):
    return ...
""",
    hints=(
        "Each unit has a weight for each number that comes in, and one bias.",
        "A layer from a to b numbers has `(a + 1) * b` parameters.",
        "`sum((a + 1) * b for a, b in zip(widths, widths[1:]))`",
    ),
    solution="""
def parameters(widths):
    return sum((a + 1) * b for a, b in zip(widths, widths[1:]))
""",
    explanation="""
`[20, 48, 5]`: 21 · 48 + 49 · 5 = 1253. (Ada's network has 41 more: the means and variances of its `Normalization` layer and a counter, none of
them trained.)
""",
    alternatives=(
        """
def parameters(widths):
    total = 0
    for a, b in zip(widths[:-1], widths[1:]):
        total += a * b + b
    return total
""",
        "def parameters(widths):\n    w = np.array(widths)\n    return int(((w[:-1] + 1) * w[1:]).sum())",
        "def parameters(widths):\n    return sum(widths[i] * widths[i + 1] for i in range(len(widths) - 1)) + sum(widths[1:])",
    ),
    mistakes=(
        Mistake(
            "no-biases",
            "def parameters(widths):\n    return sum(a * b for a, b in zip(widths, widths[1:]))",
            "The biases are missing: one for each unit.",
            "units-have-no-bias",
        ),
        Mistake(
            "bias-for-each-input",
            "def parameters(widths):\n    return sum(a * (b + 1) for a, b in zip(widths, widths[1:]))",
            "A bias belongs to each *unit* of a layer, not to each number that comes in.",
        ),
        Mistake(
            "one-bias-a-layer",
            "def parameters(widths):\n    return sum(a * b + 1 for a, b in zip(widths, widths[1:]))",
            "One bias for a whole layer is too few. Each unit has its own.",
        ),
        Mistake(
            "units",
            "def parameters(widths):\n    return sum(widths[1:])",
            "These are the units. Each of them has a weight for every number that comes in.",
            "units-are-parameters",
        ),
    ),
)
