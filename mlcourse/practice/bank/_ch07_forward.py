"""Lesson 07: one hidden unit, the label nearest to its threshold, and the whole way forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _units(rng: np.random.Generator) -> Iterator[Case]:
    for n in (3, 4, 6):
        x, w = rng.uniform(0.2, 3, n).round(1), rng.normal(0, 1, n).round(1)
        yield Case(x, w, 0.3 - (x @ w if x @ w < 0 else 0.0))  # on, with products of both signs
    yield Case(
        np.array([2.0, 3.0, 0.5]),
        np.array([0.5, -1.0, 2.0]),
        -0.4,
        note="a unit that is off: its sum is −1.4",
    )
    yield Case(np.array([1.0, 1.0]), np.array([0.5, 0.4]), -1.0, note="only the bias keeps it off")
    yield Case(np.zeros(3), np.array([1.0, 2.0, 3.0]), 0.2, note="an empty text")


UNIT = Exercise(
    id="07-unit",
    title="One hidden unit",
    level=1,
    concept="a hidden unit by hand",
    prompt="""
`x` holds the values of the words, `w` this unit's weight for each of them, and `b` is its bias, one number. Return
what the unit **hands on**: the weighted sum with the bias, after ReLU. One number.

Fill the blanks, run the cell, then `practice.exercise("07-unit").check(unit)`.
""",
    name="unit",
    cases=_units,
    starter="""
def unit(x, w, b):
    total = ...
    return ...
""",
    hints=(
        "First the sum: each value times its weight, all added up, and the bias on top.",
        "`x @ w` multiplies pair by pair and adds up.",
        "ReLU is the larger one of 0 and the sum: `max(0, total)`.",
    ),
    solution="""
def unit(x, w, b):
    total = x @ w + b
    return max(0.0, total)
""",
    explanation="""
Multiply, add up, add the bias, cut at zero. A network of a thousand layers does nothing else, very often.
""",
    alternatives=(
        "def unit(x, w, b):\n    return np.maximum(0, np.sum(x * w) + b)",
        """
def unit(x, w, b):
    total = b
    for value, weight in zip(x, w):
        total += value * weight
    return total if total > 0 else 0.0
""",
        "def unit(x, w, b):\n    z = np.dot(w, x) + b\n    return z * (z > 0)",
    ),
    mistakes=(
        Mistake(
            "no-relu",
            "def unit(x, w, b):\n    return x @ w + b",
            "This is the sum before ReLU. A unit whose sum is below zero hands on 0.",
            "negative-sums-pass-relu",
        ),
        Mistake(
            "no-bias",
            "def unit(x, w, b):\n    return max(0.0, x @ w)",
            "The bias is missing. An empty text shows it: there the bias is all that the unit has.",
            "units-have-no-bias",
        ),
        Mistake(
            "bias-after-relu",
            "def unit(x, w, b):\n    return max(0.0, x @ w) + b",
            "The bias comes after ReLU here. It belongs to the sum: it decides, too, whether the unit is on.",
            "order-of-the-layers",
        ),
        Mistake(
            "relu-on-products",
            "def unit(x, w, b):\n    return max(0.0, np.maximum(0, x * w).sum() + b)",
            "Each product is cut at zero here, so nothing can ever speak against the unit. ReLU works on the finished sum.",
            "relu-works-on-each-product",
        ),
        Mistake(
            "absolute",
            "def unit(x, w, b):\n    return abs(x @ w + b)",
            "A negative sum loses its sign here. ReLU does not turn it round; it makes it 0.",
            "relu-is-the-absolute-value",
        ),
        Mistake(
            "sigmoid",
            "def unit(x, w, b):\n    return 1 / (1 + np.exp(-(x @ w + b)))",
            "This is a sigmoid, as in the output layer. The hidden units of this lesson end with ReLU.",
        ),
    ),
)


def _margins(rng: np.random.Generator) -> Iterator[Case]:
    for n in (4, 5, 4):
        thresholds = rng.uniform(0.2, 0.8, n)
        p = np.clip(thresholds + rng.choice([-1, 1], n) * rng.permutation(np.linspace(0.06, 0.19, n)), 0, 1)
        yield Case(p, thresholds)
    yield Case(
        np.array([0.55, 0.30, 0.92]), np.array([0.30, 0.35, 0.95]), note="each with a threshold of its own"
    )
    yield Case(
        np.array([0.01, 0.98, 0.01, 0.72]), np.full(4, 0.5), note="the campaign song; 0.5 for all four tags"
    )
    yield Case(np.array([0.60, 0.47, 0.99]), np.full(3, 0.5), note="the nearest one is a no")


NEAREST = Exercise(
    id="07-nearest",
    title="Which answer hangs by a thread?",
    level=1,
    concept="how near the threshold",
    prompt="""
`p` holds a text's probabilities, `thresholds` the threshold of each tag. Return the **place** of the tag whose
probability is nearest to its own threshold, on whichever side. Only `margin` is missing.
""",
    name="nearest",
    cases=_margins,
    starter="""
def nearest(p, thresholds):
    margin = ...
    return int(np.argmin(margin))
""",
    hints=(
        "The margin of a tag is the distance between its probability and its threshold.",
        "A distance has no sign: below and above count alike.",
        "`np.abs(p - thresholds)`",
    ),
    solution="""
def nearest(p, thresholds):
    margin = np.abs(p - thresholds)
    return int(np.argmin(margin))
""",
    explanation="""
The tag with the smallest margin is the one to show to a human first. A tag at 0.92 can be it, if its threshold is 0.95.
""",
    alternatives=(
        "def nearest(p, thresholds):\n    return int(np.argsort((p - thresholds) ** 2)[0])",
        """
def nearest(p, thresholds):
    best = 0
    for k in range(len(p)):
        if abs(p[k] - thresholds[k]) < abs(p[best] - thresholds[best]):
            best = k
    return best
""",
        "def nearest(p, t):\n    return min(range(len(p)), key=lambda k: max(p[k] - t[k], t[k] - p[k]))",
    ),
    mistakes=(
        Mistake(
            "from-one-half",
            "def nearest(p, thresholds):\n    return int(np.argmin(np.abs(p - 0.5)))",
            "This measures from 0.5. Each tag's margin counts from its **own** threshold.",
            "threshold-is-always-half",
        ),
        Mistake(
            "signed",
            "def nearest(p, thresholds):\n    return int(np.argmin(p - thresholds))",
            "Without its sign removed, the smallest difference is the *most negative* one: the surest no.",
        ),
        Mistake(
            "least-likely",
            "def nearest(p, thresholds):\n    return int(np.argmin(p))",
            "This is the smallest probability, often a very sure no. Compare each probability with its threshold.",
            "low-probability-is-evidence-against",
        ),
        Mistake(
            "farthest",
            "def nearest(p, thresholds):\n    return int(np.argmax(np.abs(p - thresholds)))",
            "The margins are right, and you return the place of the largest: the surest answer of all.",
        ),
        Mistake(
            "only-yes",
            "def nearest(p, thresholds):\n    m = p - thresholds\n    return int(np.argmin(np.where(m >= 0, m, np.inf)))",
            "Only yeses are looked at here. A no can hang by a thread as well.",
            "only-yes-answers-count",
        ),
    ),
)


def _networks(rng: np.random.Generator) -> Iterator[Case]:
    for n, inputs, units, outputs in ((3, 4, 5, 3), (4, 8, 6, 4), (1, 3, 4, 2)):
        yield Case(
            rng.uniform(0, 3, (n, inputs)).round(1),
            rng.normal(0, 1, (inputs, units)).round(1),
            rng.normal(0, 0.5, units).round(1),
            rng.normal(0, 1, (units, outputs)).round(1),
            rng.normal(0, 0.5, outputs).round(1),
        )
    yield Case(
        np.zeros((1, 3)),
        np.ones((3, 2)),
        np.array([0.5, -0.5]),
        np.array([[1.0, -2.0], [3.0, 1.0]]),
        np.array([-0.2, 0.4]),
        note="an empty text: only the biases speak",
    )


FORWARD = Exercise(
    id="07-forward",
    title="A network that cannot say no",
    level=2,
    concept="the steps of a prediction",
    prompt="""
A colleague rebuilt the tag network in NumPy. Strangely, it never gives any tag less than 0.5. Find the bug and fix it.
`X` has a row for each text; the result has a row for each text and a probability for each tag.
""",
    name="forward",
    cases=_networks,
    starter="""
def forward(X, W1, b1, W2, b2):
    hidden = np.maximum(0, X @ W1 + b1)
    logits = np.maximum(0, hidden @ W2 + b2)
    return 1 / (1 + np.exp(-logits))
""",
    hints=(
        "Which logits have a probability below 0.5?",
        "Negative ones. Where do they get lost?",
        "ReLU belongs to the hidden layer only. The logits must be free to be negative.",
    ),
    solution="""
def forward(X, W1, b1, W2, b2):
    hidden = np.maximum(0, X @ W1 + b1)
    logits = hidden @ W2 + b2
    return 1 / (1 + np.exp(-logits))
""",
    explanation="""
With ReLU in front of the sigmoid no logit is below 0, so no probability is below 0.5. In Keras the same bug is
`Dense(4, activation="relu")` followed by a sigmoid.
""",
    alternatives=(
        """
def forward(X, W1, b1, W2, b2):
    sums = X @ W1 + b1
    logits = (sums * (sums > 0)) @ W2 + b2
    return np.exp(-np.logaddexp(0, -logits))
""",
        """
def forward(X, W1, b1, W2, b2):
    rows = []
    for x in X:
        hidden = np.clip(x @ W1 + b1, 0, None)
        rows.append(1 / (1 + np.exp(-(hidden @ W2 + b2))))
    return np.array(rows)
""",
        """
def forward(X, W1, b1, W2, b2):
    a = np.einsum("ni,ih->nh", X, W1) + b1
    a[a < 0] = 0
    return 0.5 * (1 + np.tanh((np.dot(a, W2) + b2) / 2))
""",
    ),
    mistakes=(
        Mistake(
            "no-relu-at-all",
            "def forward(X, W1, b1, W2, b2):\n    return 1 / (1 + np.exp(-((X @ W1 + b1) @ W2 + b2)))",
            "Now both ReLUs are gone. The hidden layer needs its own, or two layers are no more than one.",
            "negative-sums-pass-relu",
        ),
        Mistake(
            "logits",
            "def forward(X, W1, b1, W2, b2):\n    return np.maximum(0, X @ W1 + b1) @ W2 + b2",
            "These are the logits, and they are right. The last step to probabilities is missing.",
            "logits-are-probabilities",
        ),
        Mistake(
            "softmax",
            """
def forward(X, W1, b1, W2, b2):
    z = np.maximum(0, X @ W1 + b1) @ W2 + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
""",
            "Each row adds up to 1 now: that is a softmax. The tags of a text do not compete; each has a sigmoid of its own.",
            "myth-multi-label-is-multi-class",
        ),
        Mistake(
            "no-output-bias",
            """
def forward(X, W1, b1, W2, b2):
    logits = np.maximum(0, X @ W1 + b1) @ W2
    return 1 / (1 + np.exp(-logits))
""",
            "The ReLU is where it belongs now, but the output's biases got lost.",
            "units-have-no-bias",
        ),
        Mistake(
            "sigmoid-hidden",
            """
def forward(X, W1, b1, W2, b2):
    hidden = 1 / (1 + np.exp(-(X @ W1 + b1)))
    return 1 / (1 + np.exp(-(hidden @ W2 + b2)))
""",
            "The hidden layer has a sigmoid now. This network was trained with ReLU there; its weights fit nothing else.",
            "order-of-the-layers",
        ),
    ),
)
