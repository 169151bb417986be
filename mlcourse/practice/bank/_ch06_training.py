"""The exercise of lesson 06 that puts all together: a training from the first step to the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse.practice._records import Case, Exercise, Mistake
from mlcourse.practice.bank._ch06_slopes import one_hot_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np


def _trainings(rng: np.random.Generator) -> Iterator[Case]:
    for n, n_inputs, n_classes, rate, steps in ((20, 2, 3, 0.5, 4), (15, 3, 4, 0.1, 6), (12, 2, 2, 1.0, 3)):
        X, Y = one_hot_rows(rng, n, n_inputs, n_classes)
        yield Case(X + 2 * Y[:, :1], Y, rate, steps)
    X, Y = one_hot_rows(rng, 9, 2, 3)
    yield Case(X, Y, 0.5, 0, note="no step at all")
    yield Case(X, Y, 0.0, 2, note="a learning rate of 0")


_TRAIN = """
def learn(X, Y, rate, steps):
    W, b = np.zeros((X.shape[1], Y.shape[1])), np.zeros(Y.shape[1])
    losses = []
    for step in range(steps + 1):
        E = np.exp(X @ W + b)
        P = E / E.sum(axis=1, keepdims=True)
        losses.append(-np.log((P * Y).sum(axis=1)).mean())
        error = (P - Y) / len(X)
        W, b = W - rate * X.T @ error, b - rate * error.sum(axis=0)
    return losses
"""


TRAIN = Exercise(
    id="06-train",
    title="A training of your own",
    level=3,
    concept="gradient descent",
    prompt="""
Put it all together. `X` are the inputs, `Y` the one-hot labels. Begin with all weights and biases at zero, and
make `steps` steps of gradient descent, each over all rows.

Write `learn(X, Y, rate, steps)`. It returns the loss (mean cross-entropy) as a list: **before** the first
step and **after** each step, so `steps + 1` numbers.
""",
    name="learn",
    setup="import numpy as np\nimport scipy.special\n",
    cases=_trainings,
    starter="""
def learn(X, Y, rate, steps):
    return ...
""",
    hints=(
        "You have all the parts in the lesson: `probabilities`, `loss`, `gradient`. Put them into one loop.",
        "The first number of the list is known before you run anything: log of the number of classes.",
        (
            "In the loop: probabilities, note the loss, error = (P − Y) / rows, then move `W` and `b`. Go "
            "round `steps + 1` times, so that the last loss is noted, too."
        ),
    ),
    solution=_TRAIN,
    explanation="""
That is `fit`, for one layer and one large batch. The list you return is the training curve.
""",
    alternatives=(
        """
def learn(X, Y, rate, steps):
    X = np.column_stack([X, np.ones(len(X))])
    W = np.zeros((X.shape[1], Y.shape[1]))
    def look():
        Z = X @ W
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        return P, float(np.mean([-np.log(p[y.argmax()]) for p, y in zip(P, Y)]))
    P, loss = look()
    losses = [loss]
    for _ in range(steps):
        W = W - rate * X.T @ (P - Y) / len(X)
        P, loss = look()
        losses.append(loss)
    return losses
""",
        """
from scipy.special import log_softmax

def learn(X, Y, rate, steps):
    W, b, out = np.zeros((X.shape[1], Y.shape[1])), np.zeros(Y.shape[1]), np.empty(steps + 1)
    for t in range(steps + 1):
        L = log_softmax(X @ W + b, axis=1)
        out[t] = -(L * Y).sum() / len(X)
        G = np.exp(L) - Y
        W = W - rate * (X.T @ G) / len(X)
        b = b - rate * G.mean(axis=0)
    return out
""",
        """
def learn(X, Y, rate, steps, W=None, b=None):
    W = np.zeros((X.shape[1], Y.shape[1])) if W is None else W
    b = np.zeros(Y.shape[1]) if b is None else b
    E = np.exp(X @ W + b)
    P = E / E.sum(axis=1, keepdims=True)
    now = [-np.log(P[Y == 1]).mean()]
    if steps == 0:
        return now
    W = W - rate * X.T @ (P - Y) / len(X)
    return now + learn(X, Y, rate, steps - 1, W, b - rate * (P - Y).mean(axis=0))
""",
    ),
    mistakes=(
        Mistake(
            "last-loss-missing",
            _TRAIN.replace("range(steps + 1)", "range(steps)"),
            "One number is missing: the loss after the last step. You note the loss before each step, so go "
            "round once more.",
        ),
        Mistake(
            "first-loss-missing",
            _TRAIN.replace("range(steps + 1)", "range(steps + 2)").replace(
                "return losses", "return losses[1:]"
            ),
            "Your first loss is that after the first step. Note the loss before anything has moved, too: it "
            "is that of guessing.",
        ),
        Mistake(
            "uphill",
            _TRAIN.replace("W - rate * X.T @ error, b - rate", "W + rate * X.T @ error, b + rate"),
            "The loss *rises* from step to step: you go with the slope. Subtract it.",
            "gradient-is-added",
        ),
        Mistake(
            "biases-forgotten",
            _TRAIN.replace("b - rate * error.sum(axis=0)", "b"),
            "The biases never move. They have slopes, too: the errors, summed over the rows.",
            "units-have-no-bias",
        ),
        Mistake(
            "sum-not-mean",
            _TRAIN.replace("(P - Y) / len(X)", "P - Y"),
            "Your steps are too long by a factor, the number of rows. The loss is a mean, so its slopes are "
            "means as well.",
            "loss-is-summed-over-rows",
        ),
        Mistake(
            "starts-anew",
            _TRAIN.replace(
                "        E = np.exp",
                "        W, b = np.zeros((X.shape[1], Y.shape[1])), np.zeros(Y.shape[1])\n        E = np.exp",
                1,
            ),
            "Every loss is the same: your weights are set to zero again in each round. That belongs before "
            "the loop.",
        ),
        Mistake(
            "summed-loss",
            _TRAIN.replace(".sum(axis=1)).mean())", ".sum(axis=1)).sum())"),
            "The steps are right, but you note the *sum* of the losses. The mean does not depend on how "
            "many rows there are.",
            "loss-is-summed-over-rows",
        ),
    ),
)
