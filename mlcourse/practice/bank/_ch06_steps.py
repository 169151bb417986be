"""Exercises of lesson 06 about steps: one step, how many there are, and which rows each gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake, Property

if TYPE_CHECKING:
    from collections.abc import Iterator


def _weights(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), 0.5)
    yield Case(rng.normal(size=(4, 2)), rng.normal(size=(4, 2)), 0.01)
    yield Case(rng.normal(size=3), rng.normal(size=3), 2.0, note="the biases, a single row of numbers")
    yield Case(np.ones((2, 2)), np.zeros((2, 2)), 0.5, note="a slope of 0 everywhere")


ONE_STEP = Exercise(
    id="06-one-step",
    title="One step",
    level=1,
    concept="gradient descent",
    prompt="""
`W` holds weights, `slope` the slope of the loss for each of them, `rate` is the learning rate.
Return the weights after **one step** that makes the loss smaller. Leave `W` itself as it is.

Fill the blank, run the cell, then `practice.exercise("06-one-step").check(step)`.
""",
    name="step",
    cases=_weights,
    starter="""
def step(W, slope, rate):
    return ...
""",
    hints=(
        (
            "A positive slope means that the loss rises when the weight is turned up. Which way should the "
            "weight go?"
        ),
        "How far? The slope, made smaller by the learning rate.",
        "It is one line: the old weights, minus rate times slope.",
    ),
    solution="""
def step(W, slope, rate):
    return W - rate * slope
""",
    explanation="""
This line is all that gradient descent does, in a network of nine weights or of nine billion. `W -= …` would
do the
same, but it changes the caller's array, and with it every other place that still needs the old weights.
""",
    alternatives=(
        """
def step(W, slope, rate):
    return np.subtract(W, np.multiply(rate, slope))
""",
        """
def step(weights, gradient, learning_rate):
    new = weights.copy()
    new -= learning_rate * gradient
    return new
""",
        """
def step(W, slope, rate):
    flat = [w - rate * s for w, s in zip(W.ravel(), slope.ravel())]
    return np.array(flat).reshape(W.shape)
""",
    ),
    mistakes=(
        Mistake(
            "uphill",
            "def step(W, slope, rate):\n    return W + rate * slope",
            "This goes *up*: where the slope is positive, you turn the weight up, and the loss rises.",
            "gradient-is-added",
        ),
        Mistake(
            "no-rate",
            "def step(W, slope, rate):\n    return W - slope",
            "The direction is right, but `rate` is not used. It is there to make the step shorter or longer.",
            "learning-rate-left-out",
        ),
        Mistake(
            "only-the-change",
            "def step(W, slope, rate):\n    return -rate * slope",
            "This is the change alone. A step begins where the weights are: the old weights and the change "
            "together.",
        ),
        Mistake(
            "shrinks-all",
            "def step(W, slope, rate):\n    return rate * (W - slope)",
            "The brackets make the rate shrink the weights themselves, too. Only the slope is multiplied by "
            "it.",
        ),
        Mistake(
            "in-place",
            "def step(W, slope, rate):\n    W -= rate * slope\n    return W",
            "The numbers are right, but `W -= …` changes the array that was handed in. Make a new one, so "
            "that the "
            "caller still has the old weights.",
        ),
        Mistake(
            "sign-only",
            "def step(W, slope, rate):\n    return W - rate * np.sign(slope)",
            "You use only the slope's sign, so steep and flat directions get steps of the same length. The "
            "step is "
            "rate times the slope itself.",
        ),
    ),
)


def _counts(rng: np.random.Generator) -> Iterator[Case]:
    for n, size, epochs in ((600, 32, 5), (1000, 64, 3), (45, 7, 10)):
        yield Case(n, size, epochs)
    yield Case(int(rng.integers(100, 999)), 16, 2)
    yield Case(640, 32, 4, note="batches that fit exactly")
    yield Case(20, 32, 3, note="fewer rows than a batch holds")
    yield Case(50, 1, 2, note="batches of one row")


COUNT_STEPS = Exercise(
    id="06-count-steps",
    title="How many steps?",
    level=1,
    concept="batches and epochs",
    prompt="""
`fit` gets `n_rows` rows, a `batch_size` and a number of `epochs`. The last batch of an epoch may be smaller,
and still makes a step. How many steps does the training make in all?

Write it as a whole number.
""",
    name="count_steps",
    cases=_counts,
    starter="""
def count_steps(n_rows, batch_size, epochs):
    return ...
""",
    hints=(
        (
            "How many batches does *one* epoch have? With 600 rows and batches of 32 it is 19: 18 full ones, "
            "and one of 24 rows."
        ),
        "So divide and round **up**: `np.ceil(...)`, or `-(-a // b)`.",
        "Round up inside the epoch, then multiply by the number of epochs.",
    ),
    solution="""
def count_steps(n_rows, batch_size, epochs):
    return int(np.ceil(n_rows / batch_size)) * epochs
""",
    explanation="""
Rounding comes first, since every epoch begins with a fresh batch. Half the batch size makes twice the steps
out of
the same rows; that is why small batches often learn faster in the same number of epochs.
""",
    alternatives=(
        "def count_steps(n_rows, batch_size, epochs):\n    return -(-n_rows // batch_size) * epochs",
        "def count_steps(n, size, epochs):\n    return sum(len(range(0, n, size)) for _ in range(epochs))",
        """
def count_steps(n_rows, batch_size, epochs):
    full, rest = divmod(n_rows, batch_size)
    return (full + (rest > 0)) * epochs
""",
    ),
    mistakes=(
        Mistake(
            "last-batch-dropped",
            "def count_steps(n_rows, batch_size, epochs):\n    return n_rows // batch_size * epochs",
            "You left out the last, smaller batch of each epoch. Keras trains on it, too.",
            "last-batch-is-dropped",
        ),
        Mistake(
            "across-epochs",
            "def count_steps(n_rows, batch_size, epochs):\n    return int(np.ceil(n_rows * epochs / "
            "batch_size))",
            "You round up once, at the end. But each epoch begins with a fresh batch, so each one rounds up "
            "by itself.",
            "batches-run-across-epochs",
        ),
        Mistake(
            "a-fraction",
            "def count_steps(n_rows, batch_size, epochs):\n    return n_rows / batch_size * epochs",
            "There are no fractions of a step. Round up: the last, smaller batch makes a whole one.",
            "last-batch-is-dropped",
        ),
        Mistake(
            "one-epoch",
            "def count_steps(n_rows, batch_size, epochs):\n    return int(np.ceil(n_rows / batch_size))",
            "That is one epoch. The rows go through again in every epoch.",
        ),
        Mistake(
            "rows",
            "def count_steps(n_rows, batch_size, epochs):\n    return n_rows * epochs",
            "That is how many rows are looked at. A batch of rows makes one step together.",
            "every-row-is-a-step",
        ),
        Mistake(
            "epochs-only",
            "def count_steps(n_rows, batch_size, epochs):\n    return epochs",
            "The weights move after every batch, not once an epoch.",
            "epoch-is-one-step",
        ),
    ),
)


def _rows_and_orders(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(rng.permutation(10), 4)
    yield Case(rng.permutation(7), 3)
    yield Case(rng.permutation(12), 4, note="batches that fit exactly")
    yield Case(rng.permutation(5), 8, note="fewer rows than a batch holds")
    yield Case(rng.permutation(4), 1, note="batches of one row")


BATCHES = Exercise(
    id="06-batches",
    title="The rows that never train",
    level=2,
    concept="batches and epochs",
    prompt="""
`order` holds the row numbers of an epoch in shuffled order. The function cuts it into batches of `size`;
the last one may
be smaller. It returns a list of arrays, and every row number must be in exactly one of them.

It runs, training works, and some rows are never used. Find the bug and fix it.
""",
    name="batches",
    cases=_rows_and_orders,
    starter="""
def batches(order, size):
    made = []
    for first in range(0, len(order), size):
        made.append(order[first : first + size - 1])
    return made
""",
    hints=(
        "Print `batches(np.arange(10), 4)`. Which numbers are missing?",
        "A slice `order[a:b]` stops *before* b. How many entries has `order[0 : 4 - 1]`?",
        "The slice should end at `first + size`. NumPy cuts the last one short by itself.",
    ),
    solution="""
def batches(order, size):
    return [order[first : first + size] for first in range(0, len(order), size)]
""",
    explanation="""
One row of every batch was lost, and nobody complained: the loss fell all the same. Such bugs are found by
counting.
A good habit is one line after the loop: are all rows there, each once?
""",
    alternatives=(
        """
def batches(order, size):
    return np.split(order, range(size, len(order), size))
""",
        """
def batches(order, size):
    rest, made = list(order), []
    while rest:
        made.append(np.array(rest[:size]))
        rest = rest[size:]
    return made
""",
        """
def batches(order, size):
    number = np.arange(len(order)) // size
    return [order[number == k] for k in range(number.max() + 1)]
""",
    ),
    mistakes=(
        Mistake(
            "last-dropped",
            """
def batches(order, size):
    return [order[first : first + size] for first in range(0, len(order) - size + 1, size)]
""",
            "Full batches only: the rows at the end that don't fill one are lost, in every epoch. A smaller "
            "last batch is fine.",
            "last-batch-is-dropped",
        ),
        Mistake(
            "size-many-batches",
            "def batches(order, size):\n    return np.array_split(order, size)",
            "This makes `size` batches. `size` is how many rows a batch has.",
            "batch-size-is-number-of-batches",
        ),
        Mistake(
            "not-the-order",
            """
def batches(order, size):
    return [np.arange(first, min(first + size, len(order))) for first in range(0, len(order), size)]
""",
            "The batches have the right sizes, but they hold the rows in their old order. Take them from "
            "`order`, which is shuffled.",
        ),
        Mistake(
            "overlapping",
            "def batches(order, size):\n    return [order[first : first + size] for first in "
            "range(len(order))]",
            "Your batches overlap: each begins one row after the one before. The next batch begins where "
            "the last one ended.",
            "every-row-is-a-step",
        ),
        Mistake(
            "filled-up",
            """
def batches(order, size):
    return [np.resize(order[first : first + size], size) for first in range(0, len(order), size)]
""",
            "You fill the last batch up with rows that it already has. Then these rows count twice. A "
            "smaller last batch is fine.",
            "last-batch-is-dropped",
        ),
    ),
    properties=(
        Property(
            "Every row number must be in the batches, each once.",
            lambda out, order, _: sorted(int(i) for b in out for i in np.ravel(b)) == sorted(map(int, order)),
        ),
    ),
)
