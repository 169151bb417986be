"""Lesson 10: positive weights, honest probabilities again, and the decision that costs least."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _crates(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((5, 3), (6, 4)):
        yield Case(
            rng.integers(0, 2, (n, k)), rng.uniform(0.05, 0.95, (n, k)), rng.uniform(0.4, 30, k).round(1)
        )
    yield Case(
        np.array([[1, 0, 0, 1]]),
        np.array([[0.9, 0.2, 0.1, 0.1]]),
        np.array([0.4, 1.5, 5.0, 30.0]),
        note="a crate with paper and a battery, and the battery is missed",
    )
    yield Case(np.array([[0, 0]]), np.array([[0.5, 0.5]]), np.array([3.0, 7.0]), note="an empty crate")


POSITIVE = Exercise(
    id="10-positive",
    title="A weight for each yes",
    level=2,
    concept="class weights and many labels",
    prompt="""
Crates with several labels. `Y` holds 0 and 1, `P` sigmoid outputs of the same shape, `w` a positive weight for each label
(column). The function should return binary cross-entropy, mean over everything, in which a **yes** of label $k$ counts
`w[k]`-fold and a no once. The bug: a weight seems to depend on the *network's* yes. Find it.
""",
    name="positive_loss",
    cases=_crates,
    starter="""
def positive_loss(Y, P, w):
    cost = -Y * np.log(P) - (1 - Y) * np.log(1 - P)
    weight = np.where(P >= 0.5, w, 1)
    return np.mean(weight * cost)
""",
    hints=(
        "The battery that is missed has $p = 0.1$. Which weight does it get here?",
        "The weight depends on the truth of the label, not on the output.",
        "`np.where(Y == 1, w, 1)`; `w` has one number for each column, and NumPy takes the right one.",
    ),
    solution="""
def positive_loss(Y, P, w):
    cost = -Y * np.log(P) - (1 - Y) * np.log(1 - P)
    weight = np.where(Y == 1, w, 1)
    return np.mean(weight * cost)
""",
    explanation="""
With `w[k]` = noes / yeses, all yeses of a label weigh as much as all its noes. Each label gets the border that it would have
if half of the crates had it.
""",
    alternatives=(
        """
def positive_loss(Y, P, w):
    return np.mean(-w * Y * np.log(P) - (1 - Y) * np.log(1 - P))
""",
        """
def positive_loss(Y, P, w):
    given = np.where(Y == 1, P, 1 - P)
    return -(np.log(given) * (1 + Y * (w - 1))).mean()
""",
        """
def positive_loss(Y, P, w):
    total = 0.0
    for (i, k), yes in np.ndenumerate(Y):
        total += -w[k] * np.log(P[i, k]) if yes else -np.log(1 - P[i, k])
    return total / Y.size
""",
    ),
    mistakes=(
        Mistake(
            "both-halves",
            "def positive_loss(Y, P, w):\n    return np.mean(-w * (Y * np.log(P) + (1 - Y) * np.log(1 - P)))",
            "The weight stands before yes *and* no. So a label counts more as a whole, but its border stays where it "
            "was. Only the yes may gain.",
        ),
        Mistake(
            "the-no",
            "def positive_loss(Y, P, w):\n    return np.mean(-Y * np.log(P) - w * (1 - Y) * np.log(1 - P))",
            "Here the *noes* count more. They are in the majority already.",
            "common-classes-weigh-more",
        ),
        Mistake(
            "row-weight",
            """
def positive_loss(Y, P, w):
    cost = (-Y * np.log(P) - (1 - Y) * np.log(1 - P)).mean(axis=1)
    return np.mean(cost * w[Y.argmax(axis=1)])
""",
            "One weight for the whole crate, taken from its first label: just what Keras' `class_weight` does. Each "
            "label has its own.",
            "class-weight-is-per-label",
        ),
        Mistake(
            "summed",
            "def positive_loss(Y, P, w):\n    return np.sum(-w * Y * np.log(P) - (1 - Y) * np.log(1 - P))",
            "Right, but summed. Take the mean over everything.",
            "loss-is-summed-over-labels",
        ),
    ),
)


def _answers(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((4, 3), (5, 4)):
        z = rng.normal(0, 1.5, (n, k))
        P = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        yield Case(P, rng.uniform(0.3, 12, k).round(2))
    yield Case(np.array([[0.5, 0.5]]), np.array([1.0, 4.0]), note="fifty-fifty, trained with weights 1 and 4")
    yield Case(
        np.array([[0.2, 0.3, 0.5]]), np.array([2.0, 2.0, 2.0]), note="equal weights, which change nothing"
    )


HONEST = Exercise(
    id="10-honest",
    title="Honest again",
    level=3,
    concept="class weights and calibration",
    prompt="""
A network was trained with class weights `w`. `Q` holds its softmax outputs, a row for each item. Write `honest(Q, w)`: return
the probabilities that it would give without the weights, an array of the same shape.
""",
    name="honest",
    cases=_answers,
    starter="""
def honest(Q, w):
    return ...
""",
    hints=(
        "Training with weights has multiplied the odds of each class by its weight. What undoes a multiplication?",
        "After `Q / w` a row no longer adds up to 1.",
        "Divide by the row sums; `sum(axis=1, keepdims=True)` keeps the shape that NumPy needs.",
    ),
    solution="""
def honest(Q, w):
    P = Q / w
    return P / P.sum(axis=1, keepdims=True)
""",
    explanation="""
$q_k \\propto w_k p_k$, so $p_k \\propto q_k / w_k$. The row sum only sets the size. Equal weights change nothing.
""",
    alternatives=(
        """
def honest(Q, w):
    z = np.log(Q) - np.log(w)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
""",
        "def honest(Q, w):\n    return np.array([(row / w) / sum(row / w) for row in Q])",
        """
def honest(answers, weights):
    inverse = 1 / np.asarray(weights)
    scale = answers @ inverse
    return answers * inverse / scale[:, None]
""",
    ),
    mistakes=(
        Mistake(
            "not-normalised",
            "def honest(Q, w):\n    return Q / w",
            "The proportions are right, but a row does not add up to 1 any more. Probabilities must.",
            "weights-multiply-probabilities",
        ),
        Mistake(
            "multiplied",
            "def honest(Q, w):\n    P = Q * w\n    return P / P.sum(axis=1, keepdims=True)",
            "This puts the weights in a second time. They are in there already and have to come out.",
            "weights-lower-the-output",
        ),
        Mistake(
            "column-sums",
            "def honest(Q, w):\n    P = Q / w\n    return P / P.sum(axis=0)",
            "You divide by the sums of the *columns*. One item's probabilities stand in a row.",
        ),
        Mistake(
            "unchanged",
            "def honest(Q, w):\n    return Q / Q.sum(axis=1, keepdims=True)",
            "The rows add up to 1, but the weights are still in them.",
            "probabilities-survive-weights",
        ),
        Mistake(
            "one-sum",
            "def honest(Q, w):\n    P = Q / w\n    return P / P.sum()",
            "You divide by the sum of the whole table, so only all rows together add up to 1. Each row has to.",
        ),
    ),
)


def _costs(rng: np.random.Generator) -> Iterator[Case]:
    cost = 1.0 - np.eye(4)
    cost[2, [0, 1, 3]] = 5
    cost[3, :3] = 60
    z = rng.normal(0, 1.5, (12, 4)) + np.array([2.5, 1, 0, -1.5])
    yield Case(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), cost)
    odd = rng.uniform(1, 20, (3, 3)).round(1) * (1 - np.eye(3))
    yield Case(rng.dirichlet(np.ones(3), 12), odd)
    yield Case(
        np.array([[0.97, 0.03], [0.995, 0.005]]),
        np.array([[0.0, 1.0], [60.0, 0.0]]),
        note="3 % and 0.5 % battery",
    )
    yield Case(rng.dirichlet(np.ones(4), 8), 1 - np.eye(4), note="all errors cost 1")


CHEAPEST = Exercise(
    id="10-cheapest",
    title="The cheapest decision",
    level=3,
    concept="costs and decisions",
    prompt="""
`P` holds **honest** probabilities, a row for each item. `cost[t, d]` is what it costs to decide `d` when the truth is `t`;
right decisions cost 0. Write `cheapest(P, cost)`: return an array that holds for each item the decision (a class number) with
the least *expected* cost.
""",
    name="cheapest",
    cases=_costs,
    starter="""
def cheapest(P, cost):
    return ...
""",
    hints=(
        "Take one item and one decision $d$. With probability $p_t$ the truth is $t$, and it costs `cost[t, d]`.",
        "The expected cost of $d$ is $\\sum_t p_t\\,$`cost[t, d]`. That sum is a product of a row and a matrix.",
        "`P @ cost` has a row for each item and a column for each decision. Where is each row smallest?",
    ),
    solution="""
def cheapest(P, cost):
    expected = P @ cost
    return expected.argmin(axis=1)
""",
    explanation="""
`P @ cost` is the expected cost of every decision about every item. If all errors cost 1, the cheapest decision is the most
probable class: `argmax` is the special case in which a lost battery costs as much as a newspaper.
""",
    alternatives=(
        "def cheapest(P, cost):\n    return np.argmin(np.einsum('it,td->id', P, cost), axis=1)",
        """
def cheapest(P, cost):
    out = []
    for row in P:
        prices = [sum(p * cost[t, d] for t, p in enumerate(row)) for d in range(cost.shape[1])]
        out.append(int(np.argmin(prices)))
    return np.array(out)
""",
        "def cheapest(P, cost):\n    return np.argmax(-(cost.T @ P.T), axis=0)",
    ),
    mistakes=(
        Mistake(
            "most-probable",
            "def cheapest(P, cost):\n    return P.argmax(axis=1)",
            "This takes the most probable class and never looks at the costs.",
            "threshold-is-learned",
        ),
        Mistake(
            "transposed",
            "def cheapest(P, cost):\n    return (P @ cost.T).argmin(axis=1)",
            "Truth and decision are swapped: now a *false alarm* costs 60. In `cost[t, d]` the truth comes first.",
            "dear-misses-raise-the-threshold",
        ),
        Mistake(
            "dearest",
            "def cheapest(P, cost):\n    return (P @ cost).argmax(axis=1)",
            "The expected costs are right, and you take the largest of them.",
        ),
        Mistake(
            "weighted-by-row",
            "def cheapest(P, cost):\n    return (P * cost.sum(axis=1)).argmax(axis=1)",
            "A good rule where every error about a class costs the same, whatever was decided. Here it depends on the "
            "decision, too: taking a battery for glass may cost less than taking it for paper.",
        ),
        Mistake(
            "average-cost",
            "def cheapest(P, cost):\n    return np.full(len(P), cost.mean(axis=0).argmin())",
            "Every item gets the same decision, the one that is cheapest on average. The probabilities are missing.",
        ),
    ),
)
