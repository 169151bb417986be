"""Exercises of lesson 11 about two cures by hand: dropout, and weight decay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _hidden(rng: np.random.Generator) -> Iterator[Case]:
    for rate in (0.5, 0.2, 0.75):
        h = rng.normal(size=(4, 6)).round(2)
        yield Case(h, rng.random((4, 6)).round(3), rate)
    yield Case(np.ones((2, 5)), rng.random((2, 5)).round(3), 0.0, note="a rate of 0: nothing is dropped")
    yield Case(
        np.array([[1.0, 2.0, 3.0]]), np.array([[0.29, 0.3, 0.31]]), 0.3, note="a number exactly at the rate"
    )


DROPOUT = Exercise(
    id="11-dropout",
    title="Switch units off",
    level=1,
    concept="dropout",
    prompt="""
`h` holds the values of hidden units, `luck` a random number between 0 and 1 for each of them, `rate` the share that
dropout switches off (0.2: one in five).

A unit **stays** if its number is at least `rate`. Those that stay are made larger, so that the mean of a unit over many
draws is its value. Return the new values.
""",
    name="dropout",
    cases=_hidden,
    starter="""
def dropout(h, luck, rate):
    kept = ... >= ...
    return h * kept / ...
""",
    hints=(
        "`kept` is an array of True and False, one for each unit. Which two things are compared?",
        "With a rate of 0.2, a unit is there in 80 % of the draws. By what must it be divided to come out right?",
        "`kept = luck >= rate`, and what is kept is divided by `1 - rate`.",
    ),
    solution="""
def dropout(h, luck, rate):
    kept = luck >= rate
    return h * kept / (1 - rate)
""",
    explanation="""
A unit stays with probability $1 - r$ and is then $1 / (1 - r)$ times as large: on average it is as before. So the network
that answers, with all units on, needs no change.
""",
    alternatives=(
        "def dropout(h, luck, rate):\n    return np.where(luck < rate, 0.0, h / (1 - rate))",
        """
def dropout(h, luck, rate):
    out = np.array(h, dtype=float)
    out[luck < rate] = 0
    return out * (1 / (1 - rate))
""",
        """
def dropout(h, luck, rate):
    rows = []
    for values, numbers in zip(h, luck):
        rows.append([v / (1 - rate) if u >= rate else 0.0 for v, u in zip(values, numbers)])
    return np.array(rows)
""",
    ),
    mistakes=(
        Mistake(
            "not-made-larger",
            "def dropout(h, luck, rate):\n    return h * (luck >= rate)",
            "The right units are off, but those that stay keep their size. The next layer then gets less in training "
            "than when the network answers.",
            "dropout-needs-no-scaling",
        ),
        Mistake(
            "divided-by-rate",
            "def dropout(h, luck, rate):\n    return h * (luck >= rate) / rate if rate else h",
            "You divide by the share that is switched *off*. Divide by the share that stays.",
            "dropout-rate-is-what-stays",
        ),
        Mistake(
            "rate-is-kept",
            "def dropout(h, luck, rate):\n    return h * (luck < rate) / rate if rate else h * 0",
            "Here a share of `rate` stays. In Keras, and here, `rate` is the share that is switched off.",
            "dropout-rate-is-what-stays",
        ),
        Mistake(
            "others-kept",
            "def dropout(h, luck, rate):\n    return h * (luck < rate) / (1 - rate)",
            "The wrong ones are switched off: a unit stays if its number is *at least* the rate.",
        ),
        Mistake(
            "strictly-above",
            "def dropout(h, luck, rate):\n    return h * (luck > rate) / (1 - rate)",
            "Almost. A number exactly equal to the rate counts as staying: *at least*.",
        ),
        Mistake(
            "multiplied",
            "def dropout(h, luck, rate):\n    return h * (luck >= rate) * (1 - rate)",
            "Those that stay are made *smaller* here. They have to make up for the missing ones.",
            "dropout-needs-no-scaling",
        ),
    ),
)


def _weights(rng: np.random.Generator) -> Iterator[Case]:
    for _ in range(3):
        yield Case(rng.normal(size=(3, 2)).round(2), rng.normal(size=(3, 2)).round(2), 0.1, 0.05)
    yield Case(np.array([2.0, -2.0]), np.zeros(2), 0.5, 0.1, note="weights that no row cares about")
    yield Case(np.array([1.0, -3.0]), np.array([0.5, 0.5]), 0.2, 0.0, note="no weight decay")


DECAY = Exercise(
    id="11-decay",
    title="A pull towards zero",
    level=2,
    concept="weight decay",
    prompt="""
One step of gradient descent with weight decay. The loss is `loss_of_the_rows + decay * sum(w ** 2)`; `slope` is the slope
of the rows' part alone. The student who wrote this says: "With weight decay my weights run off to minus infinity."

Find the bug. Return the weights after the step.
""",
    name="decay_step",
    cases=_weights,
    starter="""
def decay_step(w, slope, rate, decay):
    w = w - rate * slope
    return w - 2 * decay
""",
    hints=(
        "What is the slope of `decay * w ** 2`?",
        "It is `2 * decay * w`: a large weight is pulled strongly, a negative one upwards.",
        "Both slopes belong to the same loss, so add them first. Then one step: `w - rate * (slope + 2 * decay * w)`.",
    ),
    solution="""
def decay_step(w, slope, rate, decay):
    return w - rate * (slope + 2 * decay * w)
""",
    explanation="""
The pull is proportional to the weight itself, and points to 0 from both sides. Written as
$(1 - 2 \\cdot \\text{rate} \\cdot \\lambda)\\, w - \\text{rate} \\cdot \\text{slope}$ it shows its name: each step the weight *decays* by
a fixed share.
""",
    alternatives=(
        "def decay_step(w, slope, rate, decay):\n    return (1 - 2 * rate * decay) * w - rate * slope",
        """
def decay_step(w, slope, rate, decay):
    pull = 2 * decay * w
    total = slope + pull
    return w - rate * total
""",
        """
def decay_step(w, slope, rate, decay):
    old = np.array(w)
    new = old - rate * slope
    new -= rate * 2 * decay * old
    return new
""",
    ),
    mistakes=(
        Mistake(
            "no-decay",
            "def decay_step(w, slope, rate, decay):\n    return w - rate * slope",
            "This is a step without any weight decay.",
        ),
        Mistake(
            "no-two",
            "def decay_step(w, slope, rate, decay):\n    return w - rate * (slope + decay * w)",
            "The pull is half as strong as it should be: the slope of `w ** 2` is `2 * w`.",
        ),
        Mistake(
            "square-as-slope",
            "def decay_step(w, slope, rate, decay):\n    return w - rate * (slope + decay * w ** 2)",
            "You add the penalty itself. A step needs its *slope*. (And a square is never negative: a negative weight "
            "would be pushed further down.)",
            "slope-is-the-value",
        ),
        Mistake(
            "sign-only",
            "def decay_step(w, slope, rate, decay):\n    return w - rate * (slope + decay * np.sign(w))",
            "Every weight is pulled equally hard here, whatever its size. That is the slope of `decay * abs(w)`, called L1.",
            "decay-pulls-all-weights-equally",
        ),
        Mistake(
            "one-after-the-other",
            "def decay_step(w, slope, rate, decay):\n    w = w - rate * slope\n    return w - 2 * rate * decay * w",
            "Very near. But these are two steps: the pull is computed from the weight that has moved already. Both slopes belong to "
            "the same loss, and are taken at the same `w`.",
        ),
        Mistake(
            "without-rate",
            "def decay_step(w, slope, rate, decay):\n    return w - rate * slope - 2 * decay * w",
            "The pull is right, but it passes by the learning rate. It is part of the slope, so the rate applies to it, too.",
            "learning-rate-left-out",
        ),
        Mistake(
            "away-from-zero",
            "def decay_step(w, slope, rate, decay):\n    return w - rate * (slope - 2 * decay * w)",
            "The sign is wrong: this pushes each weight *away* from 0.",
        ),
    ),
)
