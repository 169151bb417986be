"""Exercises of lesson 06 about slopes: those of a softmax layer, and back through a hidden layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake, Property

if TYPE_CHECKING:
    from collections.abc import Iterator


def one_hot_rows(
    rng: np.random.Generator, n: int, n_inputs: int, n_classes: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs and one-hot labels; every class occurs if there are rows enough."""
    classes = np.r_[np.arange(n_classes), rng.integers(0, n_classes, max(0, n - n_classes))][:n]
    return rng.normal(size=(n, n_inputs)), np.eye(n_classes)[rng.permutation(classes)]


def _layer(rng: np.random.Generator) -> Iterator[Case]:
    for n, n_inputs, n_classes in ((8, 2, 3), (5, 4, 3), (12, 3, 4)):
        X, Y = one_hot_rows(rng, n, n_inputs, n_classes)
        yield Case(X, Y, rng.normal(size=(n_inputs, n_classes)), rng.normal(size=n_classes))
    X, Y = one_hot_rows(rng, 6, 3, 3)
    yield Case(
        X, Y, np.zeros((3, 3)), np.zeros(3), note="all weights at zero, so every probability is a third"
    )
    X, Y = one_hot_rows(rng, 1, 2, 3)
    yield Case(X, Y, rng.normal(size=(2, 3)), rng.normal(size=3), note="a single row")


_SOLUTION = """
def slopes(X, Y, W, b):
    E = np.exp(X @ W + b)
    P = E / E.sum(axis=1, keepdims=True)
    error = (P - Y) / len(X)
    return X.T @ error, error.sum(axis=0)
"""


SLOPES = Exercise(
    id="06-slopes",
    title="A softmax that mixes its rows",
    level=2,
    concept="gradient of a softmax layer",
    prompt="""
This function should return the slopes of a softmax layer, for the weights and for the biases: the gradient
of the mean cross-entropy of all rows. `Y` is one-hot.

For a single row it is right. For more rows the training goes wrong. Find the bug and fix it.
""",
    name="slopes",
    setup="import numpy as np\nimport scipy.special\n",
    cases=_layer,
    starter="""
def slopes(X, Y, W, b):
    E = np.exp(X @ W + b)
    P = E / E.sum()
    error = (P - Y) / len(X)
    return X.T @ error, error.sum(axis=0)
""",
    hints=(
        "Each item is of exactly one material. So what should each *row* of `P` add up to? Print it.",
        "`E.sum()` is one number for the whole table. The bug is in that line.",
        "`E.sum(axis=1, keepdims=True)` gives each row its own sum, as a column that divides it.",
    ),
    solution=_SOLUTION,
    explanation="""
The shapes were right, the slopes were finite, and for one row it even worked. Only a check of the row sums
finds it, or
wiggling a weight, as the lesson does. Do that once for every gradient you write.
""",
    alternatives=(
        """
def slopes(X, Y, W, b):
    P = np.array([np.exp(z - z.max()) / np.exp(z - z.max()).sum() for z in X @ W + b])
    return np.mean([np.outer(x, e) for x, e in zip(X, P - Y)], axis=0), (P - Y).mean(axis=0)
""",
        """
from scipy.special import softmax

def slopes(X, Y, W, b):
    error = softmax(X @ W + b, axis=1) - Y
    return np.einsum("ni,nk->ik", X, error) / X.shape[0], np.average(error, axis=0)
""",
        """
def slopes(X, Y, W, b):
    # The biases are the weights of an input that is always 1.
    X1, W1 = np.column_stack([X, np.ones(len(X))]), np.vstack([W, b])
    E = np.exp(X1 @ W1)
    both = X1.T @ (E / E.sum(1)[:, None] - Y) / len(X)
    return both[:-1], both[-1]
""",
    ),
    mistakes=(
        Mistake(
            "columns-add-up",
            _SOLUTION.replace("axis=1, keepdims=True", "axis=0"),
            "Now each *column* of `P` adds up to 1. But the materials of one item share the whole, and an "
            "item is a row.",
            "columns-are-samples",
        ),
        Mistake(
            "uphill",
            _SOLUTION.replace("(P - Y)", "(Y - P)"),
            "Every sign is turned. The slope is P − Y; the minus of the step comes later, when the weights "
            "move.",
            "gradient-is-added",
        ),
        Mistake(
            "sum-not-mean",
            _SOLUTION.replace("(P - Y) / len(X)", "P - Y"),
            "The softmax is right now, but these are the slopes of the *sum* over the rows. Then a learning "
            "rate that suits "
            "10 rows is far too large for 1000. Divide by the number of rows.",
            "loss-is-summed-over-rows",
        ),
        Mistake(
            "divided-by-cells",
            _SOLUTION.replace("/ len(X)", "/ Y.size"),
            "You divide by the number of *cells* of `Y`. That is right for several labels with binary "
            "cross-entropy. A "
            "softmax row has one loss, so divide by the rows.",
            "cells-instead-of-rows",
        ),
        Mistake(
            "no-softmax",
            "def slopes(X, Y, W, b):\n    error = (X @ W + b - Y) / len(X)\n    return X.T @ error, "
            "error.sum(axis=0)",
            "This compares the *logits* with the labels. The error is P − Y, with the probabilities of the "
            "softmax.",
            "logits-are-probabilities",
        ),
        Mistake(
            "one-bias-slope",
            _SOLUTION.replace("error.sum(axis=0)", "error.sum()"),
            "The weights are right. But each material has a bias of its own, so there must be a slope for "
            "each.",
        ),
    ),
    properties=(
        Property(
            "It should return two things: slopes of the weights, slopes of the biases.",
            lambda out, *_: len(out) == 2,
        ),
    ),
)


def _hidden(rng: np.random.Generator) -> Iterator[Case]:
    for n, n_inputs, n_hidden, n_classes in ((7, 3, 4, 2), (6, 2, 5, 3), (9, 4, 3, 3)):
        X, Y = one_hot_rows(rng, n, n_inputs, n_classes)
        Z = rng.normal(size=(n, n_hidden))
        P = rng.dirichlet(np.ones(n_classes), n)
        yield Case(X, Z, P, Y, rng.normal(size=(n_hidden, n_classes)))
    X, Y = one_hot_rows(rng, 4, 2, 3)
    Z = -np.abs(rng.normal(size=(4, 3)))
    yield Case(
        X, Z, rng.dirichlet(np.ones(3), 4), Y, rng.normal(size=(3, 3)), note="every hidden unit is off"
    )
    yield Case(X, -Z, Y.copy(), Y, rng.normal(size=(3, 3)), note="a network that is perfectly right")


_BACK = """
def back(X, Z, P, Y, W2):
    H = np.maximum(0, Z)
    error2 = (P - Y) / len(X)
    error1 = (error2 @ W2.T) * (Z > 0)
    return X.T @ error1, error1.sum(axis=0), H.T @ error2, error2.sum(axis=0)
"""


BACK = Exercise(
    id="06-back",
    title="Back through the hidden layer",
    level=3,
    concept="backpropagation",
    prompt="""
A network has one hidden ReLU layer and a softmax output. The forward pass is done: `X` are the inputs, `Z`
the hidden units
*before* ReLU, `P` the probabilities, `Y` the one-hot labels, `W2` the weights from the hidden units to the
output.

Write `back(X, Z, P, Y, W2)`. It returns the slopes of the mean cross-entropy for the **hidden weights, the
hidden biases, the output weights, the output biases**, in this order.
""",
    name="back",
    cases=_hidden,
    starter="""
def back(X, Z, P, Y, W2):
    return ...
""",
    hints=(
        (
            "Begin at the end: the error at the output is `(P - Y) / len(X)`. What came into the output "
            "layer is `np.maximum(0, Z)`."
        ),
        (
            "The error of the hidden units: send the output error through `W2`, turned round (`W2.T`). Units "
            "that were off get 0."
        ),
        (
            "For both layers: slope of the weights = (what came in, turned round) @ error; slope of the "
            "biases = the error summed over the rows."
        ),
    ),
    solution=_BACK,
    explanation="""
The same two lines for each layer, from the last to the first: *what came in, times the error*, and *send
the error one
layer back*. Frameworks do nothing else; they only keep book of which layer came after which.
""",
    alternatives=(
        """
def back(X, Z, P, Y, W2):
    n = len(X)
    on = np.where(Z > 0, 1.0, 0.0)
    gW2 = sum(np.outer(h, e) for h, e in zip(Z * on, P - Y)) / n
    d = np.einsum("nk,jk->nj", P - Y, W2) * on
    return np.tensordot(X, d, axes=(0, 0)) / n, d.mean(axis=0), gW2, (P - Y).mean(axis=0)
""",
        """
def back(X, Z, P, Y, W2):
    error2 = (P - Y) / Z.shape[0]
    error1 = (W2 @ error2.T).T
    error1[Z <= 0] = 0
    ones = np.ones(len(X))
    return (error1.T @ X).T, ones @ error1, Z.clip(min=0).T @ error2, ones @ error2
""",
        """
def back(X, Z, P, Y, W2):
    g = [0, 0, 0, 0]
    for x, z, p, y in zip(X, Z, P, Y):
        e2 = p - y
        e1 = np.array([(W2[j] * e2).sum() if z[j] > 0 else 0.0 for j in range(len(z))])
        for i, part in enumerate((np.outer(x, e1), e1, np.outer(np.maximum(z, 0), e2), e2)):
            g[i] = g[i] + part / len(X)
    return g
""",
    ),
    mistakes=(
        Mistake(
            "no-relu",
            _BACK.replace(" * (Z > 0)", ""),
            "Units that were off get blamed, too. ReLU gave 0 there, whatever the unit wanted; such a unit "
            "changed nothing "
            "in this row. Its error is 0.",
            "relu-off-units-still-learn",
        ),
        Mistake(
            "relu-on-the-error",
            _BACK.replace("(error2 @ W2.T) * (Z > 0)", "np.maximum(0, error2 @ W2.T)"),
            "You put the *error* through ReLU. On the way back ReLU asks only whether the unit was on; "
            "negative errors may pass.",
            "relu-blocks-negative-errors",
        ),
        Mistake(
            "sum-not-mean",
            _BACK.replace(" / len(X)", ""),
            "All four are too large by the same factor, the number of rows. These are the slopes of the "
            "sum; the loss is the mean.",
            "loss-is-summed-over-rows",
        ),
        Mistake(
            "z-instead-of-h",
            _BACK.replace("H.T @ error2", "Z.T @ error2"),
            "Only the third is wrong. What came into the output layer is what ReLU let through, not `Z` "
            "itself.",
        ),
        Mistake(
            "scaled-by-z",
            _BACK.replace("* (Z > 0)", "* H"),
            "You multiply the hidden error with the unit's *value*. ReLU's slope is 1 where the unit was on "
            "and 0 where it was off.",
            "slope-is-the-value",
        ),
        Mistake(
            "uphill",
            _BACK.replace("(P - Y)", "(Y - P)"),
            "Every sign is turned. The error is P − Y; the minus comes when the weights move.",
            "gradient-is-added",
        ),
        Mistake(
            "output-first",
            _BACK.replace(
                "return X.T @ error1, error1.sum(axis=0), H.T @ error2, error2.sum(axis=0)",
                "return H.T @ error2, error2.sum(axis=0), X.T @ error1, error1.sum(axis=0)",
            ),
            "The four are right, but in the wrong order. The hidden layer's two come first.",
        ),
    ),
)
