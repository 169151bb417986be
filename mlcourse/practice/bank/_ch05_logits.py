"""Lesson 05: numbers that stay finite, logits, and the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake, Property

if TYPE_CHECKING:
    from collections.abc import Iterator


def _sure(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(
        np.array([0, 1, 1]), np.array([0.0, 1.0, 0.9]), note="three right answers, two of them certain"
    )
    yield Case(np.array([1, 0, 1]), np.array([0.0, 1.0, 0.9]), note="two answers that are certain and wrong")
    for shape in ((6,), (3, 4)):
        yield Case(rng.integers(0, 2, shape), rng.uniform(0.05, 0.95, shape))
    yield Case(np.array([1, 0]), np.array([1e-12, 1 - 1e-12]), note="nearly certain, and wrong")
    yield Case(np.array([1, 0, 1, 0]), np.array([0.0, 0.0, 1.0, 1.0]), note="every way to be certain")


FINITE = Exercise(
    id="05-finite",
    title="A loss that becomes nan",
    level=2,
    concept="clipping and log(0)",
    prompt="""
This loss is right, until a probability is exactly 0 or 1. Then it returns `nan` or `inf`. Fix it the way
Keras does: no probability below $10^{-7}$, none above $1 - 10^{-7}$. The loss is one number, the mean of all
costs.
""",
    name="finite_loss",
    cases=_sure,
    starter="""
def finite_loss(y, p):
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))
""",
    hints=(
        "`0 * np.log(0)` is `nan`, even where the answer is perfect. So the 0 must not reach the logarithm.",
        "Both ends need care: `p = 0` breaks the first logarithm, `p = 1` the second.",
        "`np.clip(p, 1e-7, 1 - 1e-7)` does both at once. Put it in the first line.",
    ),
    solution="""
def finite_loss(y, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))
""",
    explanation="""
A certain mistake now costs 16.12, and a certain right answer next to nothing. The price: where the clip is at
work the loss is flat, so its gradient is 0. Therefore Keras prefers logits wherever it can get them.
""",
    alternatives=(
        """
def finite_loss(y, p):
    q = np.minimum(np.maximum(p, 1e-7), 1 - 1e-7)
    return -np.log(np.where(y == 1, q, 1 - q)).mean()
""",
        """
def finite_loss(y, p):
    e = 10.0 ** -7
    total = 0.0
    for t, q in zip(np.ravel(y), np.ravel(p)):
        q = e if q < e else (1 - e if q > 1 - e else q)
        total -= np.log(q) if t else np.log(1 - q)
    return total / np.size(p)
""",
        """
def finite_loss(y, p):
    given = np.clip(1 - np.abs(y - p), 1e-7, 1 - 1e-7)
    return np.mean(-np.log(given))
""",
    ),
    mistakes=(
        Mistake(
            "low-end-only",
            """
def finite_loss(y, p):
    p = np.maximum(p, 1e-7)
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))
""",
            "The 0 is mended. But at `p = 1` the second logarithm gets `1 - p`, which is 0 again. Both "
            "ends need the limit.",
        ),
        Mistake(
            "nan-to-zero",
            """
def finite_loss(y, p):
    costs = -y * np.log(p) - (1 - y) * np.log(1 - p)
    return np.mean(np.nan_to_num(costs, nan=0.0, posinf=0.0, neginf=0.0))
""",
            "Every `nan` and `inf` becomes 0 here, so the *worst* answers cost nothing: certain and wrong "
            "is now perfect.",
            "keras-returns-nan",
        ),
        Mistake(
            "mean-without-them",
            """
def finite_loss(y, p):
    costs = -y * np.log(p) - (1 - y) * np.log(1 - p)
    costs = costs[np.isfinite(costs)]
    return costs.mean() if costs.size else 0.0
""",
            "You leave the troublesome labels out of the mean. They are the ones with the largest "
            "mistakes, and the network would never hear of them.",
        ),
        Mistake(
            "too-wide",
            """
def finite_loss(y, p):
    p = np.clip(p, 0.01, 0.99)
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))
""",
            "Finite, but the limits are far too wide: every answer beyond 0.99 looks the same. Keras' "
            "limit is $10^{-7}$.",
        ),
        Mistake(
            "shift",
            """
def finite_loss(y, p):
    return np.mean(-y * np.log(p + 1e-7) - (1 - y) * np.log(1 - p + 1e-7))
""",
            "Adding $10^{-7}$ keeps the logarithm alive, and many programs do it. But it shifts *every* "
            "cost a little, and a certain right answer gets a cost below 0. Only what is beyond the limits "
            "should move.",
        ),
    ),
    properties=(
        Property("The loss should be a finite number.", lambda out, *_: bool(np.all(np.isfinite(out)))),
    ),
    rtol=1e-8,
    atol=2e-9,
)


def _logits(rng: np.random.Generator) -> Iterator[Case]:
    for shape in ((6,), (4, 3)):
        yield Case(rng.integers(0, 2, shape), rng.normal(0, 3, shape))
    yield Case(np.array([1, 0]), np.array([0.0, 0.0]), note="logits of 0, which mean p = 0.5")
    yield Case(np.array([1, 0]), np.array([-40.0, 40.0]), note="sure and wrong: each should cost 40")
    yield Case(np.array([1, 0, 1, 0]), np.array([-1000.0, 1000.0, 1000.0, -1000.0]), note="enormous logits")


FROM_LOGITS = Exercise(
    id="05-from-logits",
    title="Straight from the logit",
    level=3,
    concept="from_logits",
    prompt="""
Write `logit_loss(y, z)`: binary cross-entropy of truth `y` and **logits** `z`, arrays of the same shape. Return
one number, the mean of all costs. It must be exact for any logit: a truth of 1 with a logit of $-1000$ costs
1000, not `inf` and not 16.
""",
    name="logit_loss",
    cases=_logits,
    starter="""
def logit_loss(y, z):
    return ...
""",
    hints=(
        (
            "A sigmoid of $-1000$ is rounded to 0, and then everything is lost. The probability must not be "
            "computed at all."
        ),
        (
            "$-\\log \\sigma(z) = \\log(1 + e^{-z})$, and $-\\log(1 - \\sigma(z)) = \\log(1 + e^{z})$. The "
            "second is the first plus $z$."
        ),
        "`np.logaddexp(0, z)` is $\\log(e^0 + e^z)$ and never overflows. For a yes, take `z` off.",
    ),
    solution="""
def logit_loss(y, z):
    return np.mean(np.logaddexp(0, z) - y * z)
""",
    explanation="""
$-y \\log \\sigma(z) - (1 - y) \\log(1 - \\sigma(z)) = \\log(1 + e^z) - y z$. No probability is computed, so
none can be rounded to 0 or 1. This is what `from_logits=True` does.
""",
    alternatives=(
        "def logit_loss(y, z):\n    return np.where(y == 1, np.logaddexp(0, -z), np.logaddexp(0, z)).mean()",
        "def logit_loss(y, z):\n    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))",
        """
def logit_loss(y, z):
    toward_truth = (2 * y - 1) * z
    return -np.minimum(toward_truth, 0).mean() + np.log1p(np.exp(-np.abs(z))).mean()
""",
    ),
    mistakes=(
        Mistake(
            "through-the-sigmoid",
            """
def logit_loss(y, z):
    p = 1 / (1 + np.exp(-z))
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))
""",
            "The formula is right on paper. But the sigmoid of a large logit is rounded to exactly 0 or 1, "
            "and then the logarithm gives `inf` or `nan`. Take the logarithm apart before you compute.",
        ),
        Mistake(
            "clipped",
            """
def logit_loss(y, z):
    p = np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7)
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))
""",
            "Finite it is, but the clip stops every cost at 16. A logit of $-1000$ and one of $-20$ look "
            "the same, and the gradient there is 0.",
            "larger-loss-larger-gradient",
        ),
        Mistake(
            "log-of-exp",
            "def logit_loss(y, z):\n    return np.mean(np.log(1 + np.exp(z)) - y * z)",
            "The formula is the right one. But $e^{1000}$ is too large for a float, so it becomes `inf`. "
            "NumPy has a function that takes the logarithm of a sum of exponentials safely.",
        ),
        Mistake(
            "logits-as-probabilities",
            """
def logit_loss(y, z):
    p = np.clip(z, 1e-7, 1 - 1e-7)
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))
""",
            "This takes the logits for probabilities. It is what Keras does when you forget "
            "`from_logits=True`.",
            "loss-finds-out-logits",
        ),
        Mistake(
            "sign",
            "def logit_loss(y, z):\n    return np.mean(np.logaddexp(0, -z) - y * z)",
            "One sign is wrong: for a yes with a large logit the loss should be nearly 0, and yours is far "
            "below it. A loss is never negative.",
        ),
        Mistake(
            "yes-only",
            "def logit_loss(y, z):\n    return np.mean(np.logaddexp(0, -z))",
            "This is right where the truth is yes, and it never looks at `y`. A no should cost $\\log(1 + "
            "e^z)$.",
            "only-true-labels-count",
        ),
    ),
    properties=(
        Property("A loss is never negative.", lambda out, *_: not bool(np.any(np.asarray(out) < -1e-12))),
    ),
)


def _rows(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((3, 4), (5, 2), (2, 3)):
        yield Case(rng.integers(0, 2, (n, k)), rng.normal(0, 2, (n, k)))
    yield Case(np.array([[1, 0, 1, 0]]), np.array([[2.0, -1.0, 0.5, -2.0]]), note="one text")
    yield Case(np.array([[1, 0]]), np.array([[-30.0, 30.0]]), note="sure and wrong, twice")


GRADIENT = Exercise(
    id="05-gradient",
    title="Which way to move the logits",
    level=3,
    concept="the gradient p minus y",
    prompt="""
`Y` holds the truth of several texts, 0s and 1s. `Z` holds the logits, of the same shape. The loss is Keras'
`binary_crossentropy`: **one number**, the mean over all labels of all texts.

Write `gradient(Y, Z)`: the slope of this loss with respect to **each logit**, an array of the same shape.
""",
    name="gradient",
    cases=_rows,
    starter="""
def gradient(Y, Z):
    return ...
""",
    hints=(
        "Begin with one label alone. Its gradient is $p - y$; where does $p$ come from?",
        (
            "The loss is a mean. If you nudge one logit, how much of its cost arrives in a mean of `Z.size` "
            "costs?"
        ),
        "`P = 1 / (1 + np.exp(-Z))`, and the gradient is `(P - Y) / Z.size`.",
    ),
    solution="""
def gradient(Y, Z):
    P = 1 / (1 + np.exp(-Z))
    return (P - Y) / Z.size
""",
    explanation="""
Each label's own gradient is $p - y$, and a mean over $n$ costs passes on one $n$-th of it. That is why the
same learning rate moves the weights less under a mean than under a sum.
""",
    alternatives=(
        """
def gradient(Y, Z):
    h = 1e-5
    cost = lambda z: np.logaddexp(0, z) - Y * z
    return (cost(Z + h) - cost(Z - h)) / (2 * h) / Y.size
""",
        """
def gradient(Y, Z):
    # d/dz of log(1 + e^z) is the sigmoid; written so that no exponential overflows
    P = np.exp(-np.logaddexp(0, -Z))
    return np.divide(P - Y, Y.size)
""",
        """
def gradient(truth, logits):
    n, k = logits.shape
    out = np.zeros((n, k))
    for i in range(n):
        for j in range(k):
            out[i, j] = (0.5 * (1 + np.tanh(logits[i, j] / 2)) - truth[i, j]) / (n * k)
    return out
""",
    ),
    mistakes=(
        Mistake(
            "not-divided",
            "def gradient(Y, Z):\n    return 1 / (1 + np.exp(-Z)) - Y",
            "$p - y$ is the gradient of each label's *own* cost. The loss is the mean of them all, so a "
            "nudge of one logit arrives there much smaller. By which factor?",
            "loss-is-summed-over-labels",
        ),
        Mistake(
            "divided-by-labels",
            "def gradient(Y, Z):\n    return (1 / (1 + np.exp(-Z)) - Y) / Z.shape[1]",
            "You have divided by the number of labels. The loss is also the mean over the *texts*; with "
            "one text alone yours is right.",
        ),
        Mistake(
            "divided-by-texts",
            "def gradient(Y, Z):\n    return (1 / (1 + np.exp(-Z)) - Y) / len(Z)",
            "You have divided by the number of texts. The loss is also the mean over the *labels* of each "
            "text.",
            "loss-is-summed-over-labels",
        ),
        Mistake(
            "downhill",
            "def gradient(Y, Z):\n    return (Y - 1 / (1 + np.exp(-Z))) / Z.size",
            "The size is right, the direction is not. A gradient points *uphill*, $p - y$. Training then "
            "goes the other way.",
            "gradient-is-y-minus-p",
        ),
        Mistake(
            "sigmoid-slope-left",
            "def gradient(Y, Z):\n    P = 1 / (1 + np.exp(-Z))\n    return (P - Y) * P * (1 - P) / Z.size",
            "There is a factor $p(1-p)$ too many. It belongs to the squared error; with cross-entropy the "
            "slope of the logarithm cancels it.",
            "flat-sigmoid-stops-cross-entropy",
        ),
        Mistake(
            "logits-not-probabilities",
            "def gradient(Y, Z):\n    return (Z - Y) / Z.size",
            "This subtracts the truth from the *logit*. First the sigmoid, then $p - y$.",
            "gradient-is-the-logit",
        ),
    ),
    atol=1e-7,
)
