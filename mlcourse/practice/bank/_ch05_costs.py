"""Lesson 05: the cost of each label, and the loss of class numbers and of one-hot rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _labels(rng: np.random.Generator) -> Iterator[Case]:
    for shape in ((6,), (4, 3), (5, 4)):
        yield Case(rng.integers(0, 2, shape), rng.uniform(0.05, 0.95, shape))
    yield Case(np.array([1, 0, 1, 0]), np.array([0.9, 0.2, 0.6, 0.1]), note="the article of the lesson")
    yield Case(
        np.array([1, 1]), np.array([0.001, 0.999]), note="one answer sure and wrong, one sure and right"
    )
    yield Case(np.array([0, 0, 0]), np.array([0.5, 0.9, 0.01]), note="a text without any tag")


COST = Exercise(
    id="05-cost",
    title="The cost of each label",
    level=1,
    concept="binary cross-entropy of several labels",
    prompt="""
`y` holds the truth, 0s and 1s. `p` holds the probabilities, of the same shape. Return the cost of **each
label** on its own, an array of that shape: $-\\log p$ where the truth is yes, $-\\log(1 - p)$ where it is no.

Fill the blanks, run the cell, then `practice.exercise("05-cost").check(label_cost)`.
""",
    name="label_cost",
    cases=_labels,
    starter="""
def label_cost(y, p):
    return -y * ... - (1 - y) * ...
""",
    hints=(
        "`y` is 1 for a yes, so it switches the first half on. What did the network give to *yes*?",
        "To *no* the network gave what is left of one.",
        "`np.log(p)` stands in the first half, and the same of `1 - p` in the second.",
    ),
    solution="""
def label_cost(y, p):
    return -y * np.log(p) - (1 - y) * np.log(1 - p)
""",
    explanation="""
For a yes the second half is multiplied by 0, for a no the first half. So each label pays minus the logarithm
of what the network gave the truth. Its mean over the labels is Keras' `binary_crossentropy`.
""",
    alternatives=(
        "def label_cost(y, p):\n    return np.where(y == 1, -np.log(p), -np.log(1 - p))",
        "def label_cost(y, p):\n    return -np.log(1 - np.abs(y - p))",
        """
def label_cost(truth, given):
    out = np.empty(given.shape)
    for place, p in np.ndenumerate(given):
        out[place] = np.log(1 / p) if truth[place] else np.log(1 / (1 - p))
    return out
""",
    ),
    mistakes=(
        Mistake(
            "only-yes",
            "def label_cost(y, p):\n    return -y * np.log(p)",
            "Labels that should be off cost nothing here. Then a network that says yes to everything is "
            "perfect. A *no* is an answer, too, and it pays for what it gave to *no*.",
            "only-true-labels-count",
        ),
        Mistake(
            "swapped",
            "def label_cost(y, p):\n    return -(1 - y) * np.log(p) - y * np.log(1 - p)",
            "The two halves are swapped: a sure and right answer costs most here. `y` is 1 for a yes, so "
            "it must switch on what the network gave to yes.",
            "yes-and-no-swapped",
        ),
        Mistake(
            "log-p-for-both",
            "def label_cost(y, p):\n    return -y * np.log(p) - (1 - y) * np.log(p)",
            "Both halves take the logarithm of `p`. For a label that is off, `p` is what the network gave "
            "to the *wrong* side. The truth got the rest.",
            "no-costs-log-p",
        ),
        Mistake(
            "base-ten",
            "def label_cost(y, p):\n    return -y * np.log10(p) - (1 - y) * np.log10(1 - p)",
            "All your costs are too small by the same factor, 2.30: this is the logarithm to base ten. "
            "Losses use the natural one, so that guessing costs 0.69 and the gradient is $p - y$.",
            "log-to-base-ten",
        ),
        Mistake(
            "distance",
            "def label_cost(y, p):\n    return np.abs(y - p)",
            "This is the distance to the truth. It is never above 1, so a sure mistake is hardly worse "
            "than an unsure one. Take minus the logarithm of what the truth was given.",
            "loss-is-the-distance",
        ),
        Mistake(
            "no-minus",
            "def label_cost(y, p):\n    return y * np.log(p) + (1 - y) * np.log(1 - p)",
            "The logarithm of a probability is negative, so this is a *reward*, and training would make it "
            "as small as it can: as wrong as it can. Mind the signs.",
        ),
        Mistake(
            "mean-already",
            "def label_cost(y, p):\n    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))",
            "This is one number, the mean. It is the loss of the row; here the cost of every single label "
            "is asked for.",
        ),
    ),
)


def _classes(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((5, 4), (6, 3), (3, 5)):
        z = rng.normal(0, 1.5, (n, k))
        P = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        yield Case(rng.integers(0, k, n), P)
    yield Case(np.array([2]), np.array([[0.15, 0.05, 0.70, 0.10]]), note="the flash of the lesson, alone")
    yield Case(np.array([1, 1, 1]), np.full((3, 3), 1 / 3), note="a network that knows nothing")


SPARSE = Exercise(
    id="05-sparse",
    title="The loss of class numbers",
    level=1,
    concept="sparse and one-hot labels",
    prompt="""
`y` holds class numbers, one for each row, such as `[2, 0, 3]`. `P` holds softmax outputs, a row for each, a
column for each class. Return the sparse categorical cross-entropy: **one number**, the mean over the rows.
""",
    name="sparse_loss",
    cases=_classes,
    starter="""
def sparse_loss(y, P):
    given_to_the_truth = P[..., ...]
    return ...
""",
    hints=(
        (
            "From each row you need one number, the probability of its true class. That makes "
            "as many numbers as rows."
        ),
        "Two index arrays of the same length make pairs. The first one counts the rows: `np.arange(len(y))`.",
        (
            "`P[np.arange(len(y)), y]` are the probabilities of the truth. Then minus the logarithm, "
            "then the mean."
        ),
    ),
    solution="""
def sparse_loss(y, P):
    given_to_the_truth = P[np.arange(len(y)), y]
    return -np.log(given_to_the_truth).mean()
""",
    explanation="""
Row by row, the loss is minus the logarithm of what the true class got. The other outputs need no terms of
their own, since the row adds up to 1: whatever they take is missing from the true one.
""",
    alternatives=(
        """
def sparse_loss(y, P):
    one_hot = np.eye(P.shape[1])[y]
    return -(one_hot * np.log(P)).sum(axis=1).mean()
""",
        "def sparse_loss(y, P):\n    return np.mean([-np.log(row[k]) for k, row in zip(y, P)])",
        """
def sparse_loss(y, P):
    picked = np.take_along_axis(P, y[:, None], axis=1)
    return float(-np.log(np.prod(picked)) / len(picked))
""",
    ),
    mistakes=(
        Mistake(
            "grid",
            "def sparse_loss(y, P):\n    return -np.log(P[:, y]).mean()",
            "`P[:, y]` takes *every* row with *every* entry of `y`. Each row has only one true class: pair "
            "row 0 with `y[0]`, row 1 with `y[1]`.",
            "index-pairs-are-a-grid",
        ),
        Mistake(
            "sum",
            "def sparse_loss(y, P):\n    return -np.log(P[np.arange(len(y)), y]).sum()",
            "The costs are right, and you return their sum. With twice the rows the loss would be twice as "
            "high. Keras takes the mean over the rows.",
        ),
        Mistake(
            "mean-of-all-entries",
            """
def sparse_loss(y, P):
    one_hot = np.eye(P.shape[1])[y]
    return -(one_hot * np.log(P)).mean()
""",
            "The mean runs over *all* entries of the table, the zeros of the one-hot rows too. Sum over "
            "the classes first; the mean is over the rows.",
        ),
        Mistake(
            "binary",
            """
def sparse_loss(y, P):
    one_hot = np.eye(P.shape[1])[y]
    return -(one_hot * np.log(P) + (1 - one_hot) * np.log(1 - P)).mean()
""",
            "This is *binary* cross-entropy, which charges the other classes, too. With softmax they need "
            "no terms of their own.",
            "losses-are-comparable",
        ),
        Mistake(
            "log-of-mean",
            "def sparse_loss(y, P):\n    return -np.log(P[np.arange(len(y)), y].mean())",
            "First the logarithm, then the mean. The other way round, one sure mistake would hide among "
            "good answers.",
            "one-answer-cannot-move-the-mean",
        ),
        Mistake(
            "largest",
            "def sparse_loss(y, P):\n    return -np.log(P.max(axis=1)).mean()",
            "This takes the largest probability of each row, whatever the truth is. A network that is sure "
            "and wrong would have a small loss.",
            "large-probability-small-loss",
        ),
    ),
)


def _one_hot_rows(rng: np.random.Generator) -> Iterator[Case]:
    for case in _classes(rng):
        y, P = case.args
        yield Case(np.eye(P.shape[1])[y], P, note=case.note)


CATEGORICAL = Exercise(
    id="05-categorical",
    title="The loss of one-hot rows",
    level=1,
    concept="sparse and one-hot labels",
    prompt="""
Now the truth comes as one-hot rows: `Y` has a row for each flash, with a single 1. `P` holds softmax outputs of the
same shape. Return the categorical cross-entropy: **one number**, the mean over the rows.
""",
    name="categorical_loss",
    cases=_one_hot_rows,
    starter="""
def categorical_loss(Y, P):
    surprise = -(... * ...).sum(axis=1)
    return surprise.mean()
""",
    hints=(
        "The sum runs over the classes. All but one of its terms should be 0; which array holds the zeros?",
        "The term that is left should be minus the logarithm of what the true class got.",
        "`Y * np.log(P)`: the one-hot row switches off all classes but the true one.",
    ),
    solution="""
def categorical_loss(Y, P):
    surprise = -(Y * np.log(P)).sum(axis=1)
    return surprise.mean()
""",
    explanation="""
$-\\sum_k y_k \\log p_k$ has a single term that is not 0. So this is the same number as the sparse loss, for the same truth
in another spelling.
""",
    alternatives=(
        "def categorical_loss(Y, P):\n    return -np.log((Y * P).sum(axis=1)).mean()",
        "def categorical_loss(Y, P):\n    return -np.log(P[np.arange(len(Y)), Y.argmax(axis=1)]).mean()",
        """
def categorical_loss(rows, answers):
    total = 0.0
    for truth, given in zip(rows, answers):
        total -= np.log(given[list(truth).index(1)])
    return total / len(rows)
""",
    ),
    mistakes=(
        Mistake(
            "no-logarithm",
            "def categorical_loss(Y, P):\n    return -(Y * P).sum(axis=1).mean()",
            "The probability of the true class is picked, but the logarithm is missing. Your loss is negative, and a "
            "sure mistake costs hardly more than an unsure one.",
            "loss-is-the-distance",
        ),
        Mistake(
            "own-entropy",
            "def categorical_loss(Y, P):\n    return -(P * np.log(P)).sum(axis=1).mean()",
            "The truth does not occur in it: this measures how undecided the network is. Sure and wrong would cost "
            "nothing.",
            "large-probability-small-loss",
        ),
        Mistake(
            "binary-sum",
            """
def categorical_loss(Y, P):
    return -(Y * np.log(P) + (1 - Y) * np.log(1 - P)).sum(axis=1).mean()
""",
            "The other classes pay here as well, as in *binary* cross-entropy. With softmax their share is already "
            "missing from the true class.",
            "losses-are-comparable",
        ),
        Mistake(
            "wrong-classes",
            "def categorical_loss(Y, P):\n    return -((1 - Y) * np.log(P)).sum(axis=1).mean()",
            "You take the logarithm of all the *wrong* classes. The row switches on its 1, so it must be `Y` itself.",
            "yes-and-no-swapped",
        ),
        Mistake(
            "no-minus",
            "def categorical_loss(Y, P):\n    return (Y * np.log(P)).sum(axis=1).mean()",
            "The logarithm of a probability is negative, and so is your loss. Training would make it as small as it "
            "can: as wrong as it can.",
        ),
    ),
)
