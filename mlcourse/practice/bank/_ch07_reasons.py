"""Lesson 07: what each hidden unit, and what each word, adds to a logit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _hidden(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((4, 1), (5, 0), (4, 3)):  # as many units as tags, so that rows and columns can be mixed up
        values = np.maximum(0, rng.normal(0.8, 1.5, n)).round(2)
        yield Case(values, rng.normal(0, 1.5, (n, n)).round(1), k)
    yield Case(
        np.array([4.49, 0.0, 0.0, 3.26]),
        np.array(
            [
                [0.0, 0.9, -0.1, 1.4],
                [1.4, -0.4, -0.5, -0.6],
                [-0.5, -0.5, 1.8, -1.4],
                [-1.5, -0.3, -1.4, -1.7],
            ]
        ),
        3,
        note="four units of the lesson's network, and music",
    )


PUSHES = Exercise(
    id="07-pushes",
    title="The units' votes",
    level=1,
    concept="contributions add up to the logit",
    prompt="""
`hidden` holds what the hidden units hand on. `W2[h, k]` is the weight from unit `h` to tag `k`. Return what **each unit**
adds to the logit of tag `k`, an array with one number for each unit. (The bias is nobody's vote.)
""",
    name="unit_pushes",
    cases=_hidden,
    starter="""
def unit_pushes(hidden, W2, k):
    return ... * ...
""",
    hints=(
        "One unit's vote is what it hands on, times its weight to the tag.",
        "The weights to tag `k` stand in column `k` of `W2`.",
        "`W2[:, k]` is that column.",
    ),
    solution="""
def unit_pushes(hidden, W2, k):
    return hidden * W2[:, k]
""",
    explanation="""
Add up the votes and the tag's bias, and you have the logit. Not summing too early is the whole trick of explaining.
""",
    alternatives=(
        "def unit_pushes(hidden, W2, k):\n    return (hidden[:, None] * W2)[:, k]",
        "def unit_pushes(hidden, W2, k):\n    return np.array([v * row[k] for v, row in zip(hidden, W2)])",
        "def unit_pushes(hidden, W2, k):\n    return np.diag(hidden) @ W2[:, k]",
    ),
    mistakes=(
        Mistake(
            "weights-only",
            "def unit_pushes(hidden, W2, k):\n    return W2[:, k]",
            "These are the weights. A unit that is off has one, too, and adds nothing. Weight times value counts.",
            "large-weight-large-effect",
        ),
        Mistake(
            "row",
            "def unit_pushes(hidden, W2, k):\n    return hidden * W2[k]",
            "`W2[k]` is a row: the weights from unit `k` to every tag. The weights to **tag** `k` stand in a column.",
            "columns-are-samples",
        ),
        Mistake(
            "summed",
            "def unit_pushes(hidden, W2, k):\n    return hidden @ W2[:, k]",
            "This is one number, all votes added up. Here each unit's vote is asked for; leave out the adding.",
        ),
        Mistake(
            "all-tags",
            "def unit_pushes(hidden, W2, k):\n    return hidden[:, None] * W2",
            "This is a table of all units and all tags. Right, but only column `k` of it is asked for.",
        ),
        Mistake(
            "shares",
            "def unit_pushes(hidden, W2, k):\n    v = hidden * W2[:, k]\n    return v / np.abs(v).sum()",
            "You made shares of the votes. Then they no longer add up to the logit; leave them as amounts.",
            "contributions-are-shares",
        ),
    ),
)


def _ways(rng: np.random.Generator) -> Iterator[Case]:
    for inputs, units, outputs in ((4, 5, 3), (8, 6, 4), (3, 4, 2)):
        yield Case(
            rng.uniform(0.2, 3, inputs).round(1),
            rng.normal(0, 1, (inputs, units)).round(1),
            rng.normal(0, 0.6, units).round(1),
            rng.normal(0, 1, (units, outputs)).round(1),
        )
    yield Case(
        np.array([1.0, 1.0]),
        np.array([[0.5, 1.0], [0.4, -0.7]]),
        np.array([-1.0, 0.1]),
        np.array([[2.0, -1.0], [0.5, 3.0]]),
        note="unit 1 would be on, were it not for its bias",
    )
    yield Case(
        np.array([2.0, 0.0, 1.0]),
        np.array([[1.0, -0.5, 3.0], [9.0, 9.0, 9.0], [0.2, 1.5, -8.0]]),
        np.array([0.1, 0.1, 0.1]),
        np.array([[0.5], [2.0], [1.0]]),
        note="the second word is not in the text, and the third unit is off",
    )


THROUGH = Exercise(
    id="07-through",
    title="Through the hidden layer",
    level=3,
    concept="contributions through a hidden layer",
    prompt="""
One text `x` (one number for each word) goes through a hidden ReLU layer (`W1`, `b1`) to the logits (weights `W2`). Return what
**each word** adds to **each logit**, a table with a row for each word and a column for each tag. Biases belong to no word.
""",
    name="through",
    cases=_ways,
    starter="""
def through(x, W1, b1, W2):
    return ...
""",
    hints=(
        "Which units are on for this text? A path through a unit that is off counts nothing.",
        "`on = x @ W1 + b1 > 0`. Word i brings `x[i] * W1[i, h]` to unit h, and that is passed on where `on[h]`.",
        "`x[:, None] * W1 * on` is the table words × units. One matrix product with `W2` makes it words × tags.",
    ),
    solution="""
def through(x, W1, b1, W2):
    on = x @ W1 + b1 > 0
    return (x[:, None] * W1 * on) @ W2
""",
    explanation="""
For one text, ReLU is a row of switches. With the switches set, word → unit → tag is plain multiplication, and the paths add up.
This is gradient × input; in a deeper network you would go on in the same way, layer by layer.
""",
    alternatives=(
        """
def through(x, W1, b1, W2):
    on = np.where(x @ W1 + b1 > 0, 1.0, 0.0)
    return np.einsum("i,ih,h,hk->ik", x, W1, on, W2)
""",
        """
def through(x, W1, b1, W2):
    table = np.zeros((len(x), W2.shape[1]))
    for h in range(W1.shape[1]):
        if x @ W1[:, h] + b1[h] > 0:
            table += np.outer(x * W1[:, h], W2[h])
    return table
""",
        """
def through(x, W1, b1, W2):
    alive = np.flatnonzero(x @ W1 + b1 > 0)
    slopes = W1[:, alive] @ W2[alive]
    return np.diag(x) @ slopes
""",
    ),
    mistakes=(
        Mistake(
            "all-units-on",
            "def through(x, W1, b1, W2):\n    return (x[:, None] * W1) @ W2",
            "Paths through units that are off take part here. For this text they hand on 0, whatever comes in.",
            "off-units-still-contribute",
        ),
        Mistake(
            "slopes",
            "def through(x, W1, b1, W2):\n    on = x @ W1 + b1 > 0\n    return (W1 * on) @ W2",
            "These are the slopes: what one more unit of a word would bring. A word that is not in the text brings nothing.",
            "contribution-is-the-slope",
        ),
        Mistake(
            "switches-without-bias",
            "def through(x, W1, b1, W2):\n    on = x @ W1 > 0\n    return (x[:, None] * W1 * on) @ W2",
            "Which units are on is decided here without their biases. The bias is part of the sum that ReLU looks at.",
            "units-have-no-bias",
        ),
        Mistake(
            "relu-on-paths",
            "def through(x, W1, b1, W2):\n    return np.maximum(0, x[:, None] * W1) @ W2",
            "ReLU is applied to each word's product here. It looks at a unit's whole sum; a negative product may well be part of a positive one.",
            "relu-works-on-each-product",
        ),
        Mistake(
            "hidden-values",
            "def through(x, W1, b1, W2):\n    hidden = np.maximum(0, x @ W1 + b1)\n    return (x[:, None] * W1 * hidden) @ W2",
            "Each path is multiplied by what the unit hands on. That number holds the words already. A switch is only 1 or 0.",
        ),
        Mistake(
            "bias-shared-out",
            """
def through(x, W1, b1, W2):
    on = x @ W1 + b1 > 0
    return ((x[:, None] * W1 + b1 / len(x)) * on) @ W2
""",
            "The biases are shared out among the words here. The rows then add up nicely, but a word that is missing gets a part, too.",
            "blame-is-shared-equally",
        ),
    ),
)
