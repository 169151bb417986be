"""Lesson 10: the recall of each class, balanced weights, and the loss that uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _decisions(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((40, 3), (60, 4)):
        # Every class occurs, and every class is decided, so that no quotient of any variant divides by 0.
        truth = np.concatenate(
            [np.arange(k), rng.choice(k, n - k, p=np.arange(k, 0, -1) / (k * (k + 1) / 2))]
        )
        decided = np.where(rng.random(n) < 0.6, truth, rng.integers(0, k, n))
        decided[:k] = np.roll(np.arange(k), 1)
        yield Case(truth, decided)
    yield Case(
        np.array([0, 0, 0, 0, 1, 1, 2]), np.array([0, 0, 0, 1, 1, 2, 2]), note="seven items of three kinds"
    )
    yield Case(np.array([0, 0, 0, 1, 1, 0]), np.array([0, 0, 1, 0, 0, 0]), note="class 1 is never found")


RECALLS = Exercise(
    id="10-recalls",
    title="Found, class by class",
    level=1,
    concept="accuracy hides rare classes",
    prompt="""
`y` holds the true class of each item, `decided` what the network decided. Return the **recall of each class**: an array
with a number for each class from 0 to the highest in `y`. Every class occurs in `y`.

Fill the blanks, run the cell, then `practice.exercise("10-recalls").check(class_recalls)`.
""",
    name="class_recalls",
    cases=_decisions,
    starter="""
def class_recalls(y, decided):
    found = []
    for k in range(y.max() + 1):
        of_this_class = ...
        found.append(np.mean(decided[...] == k))
    return np.array(found)
""",
    hints=(
        "Recall of class `k` looks at some of the items only. At which?",
        "`y == k` says for every item whether it really is of class `k`.",
        "`decided[y == k]` are the decisions about those items.",
    ),
    solution="""
def class_recalls(y, decided):
    found = []
    for k in range(y.max() + 1):
        of_this_class = y == k
        found.append(np.mean(decided[of_this_class] == k))
    return np.array(found)
""",
    explanation="""
Of all items that *are* of the class, the share that was found. scikit-learn: `recall_score(y, decided, average=None)`.
""",
    alternatives=(
        """
def class_recalls(y, decided):
    n = y.max() + 1
    return np.bincount(y[y == decided], minlength=n) / np.bincount(y, minlength=n)
""",
        """
def class_recalls(y, decided):
    return np.array([((y == k) & (decided == k)).sum() / (y == k).sum() for k in np.unique(y)])
""",
        """
from sklearn.metrics import confusion_matrix

def class_recalls(truth, answer):
    table = confusion_matrix(truth, answer, labels=range(max(truth) + 1))
    return table.diagonal() / table.sum(axis=1)
""",
    ),
    mistakes=(
        Mistake(
            "precision",
            """
def class_recalls(y, decided):
    out = []
    for k in range(y.max() + 1):
        called = decided == k
        out.append(np.mean(y[called] == k) if called.any() else 0.0)
    return np.array(out)
""",
            "You look at the items that were *called* `k`, and ask how many are one. That is precision, what an "
            "alarm is worth. Recall starts from the items that *are* of the class.",
            "precision-and-recall-swapped",
        ),
        Mistake(
            "accuracy-per-class",
            """
def class_recalls(y, decided):
    return np.array([np.mean((y == k) == (decided == k)) for k in range(y.max() + 1)])
""",
            "This counts all items for every class, also the many for which `k` was rightly not said. So a rare class "
            "looks splendid that is never found.",
            "accuracy-holds-for-every-class",
        ),
        Mistake(
            "share-of-all",
            """
def class_recalls(y, decided):
    return np.array([np.mean((y == k) & (decided == k)) for k in range(y.max() + 1)])
""",
            "You divide by the number of *all* items. Then no class can reach more than its share. Divide by the number "
            "of items of the class.",
        ),
        Mistake(
            "accuracy",
            """
def class_recalls(y, decided):
    return np.full(y.max() + 1, np.mean(y == decided))
""",
            "This is the accuracy, the same number for every class. The classes hide in it.",
            "accuracy-holds-for-every-class",
        ),
    ),
)


def _labels(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(np.array([0, 0, 0, 0, 0, 0, 1, 1]), note="six of class 0 and two of class 1")
    for n, k in ((50, 3), (80, 4)):
        shares = np.arange(k, 0, -1) / (k * (k + 1) / 2)
        yield Case(np.concatenate([np.arange(k), rng.choice(k, n - k, p=shares)]))
    yield Case(np.repeat(np.arange(4), [1488, 374, 96, 42]), note="the belt of the lesson")


WEIGHTS = Exercise(
    id="10-weights",
    title="Balanced weights",
    level=1,
    concept="balanced class weights",
    prompt="""
Return the balanced weights for the class numbers `y`: an array with one weight for each class. Each class shall weigh as
much in all as every other, and all rows together as much as before.
""",
    name="balanced_weights",
    cases=_labels,
    starter="""
def balanced_weights(y):
    counts = np.bincount(y)
    return len(y) / (... * ...)
""",
    hints=(
        "How much may one class weigh in all, if there are $K$ classes and `len(y)` rows?",
        "`len(y) / K`. This is shared among the rows of the class.",
        "`len(counts)` is $K$.",
    ),
    solution="""
def balanced_weights(y):
    counts = np.bincount(y)
    return len(y) / (len(counts) * counts)
""",
    explanation="""
$w_k n_k = n / K$ for every class. scikit-learn calls this `class_weight="balanced"`; for Keras make a dictionary of it,
`dict(enumerate(balanced_weights(y)))`.
""",
    alternatives=(
        "def balanced_weights(y):\n    return 1 / (np.bincount(y) / np.bincount(y).mean())",
        """
from sklearn.utils.class_weight import compute_class_weight

def balanced_weights(y):
    return compute_class_weight("balanced", classes=np.unique(y), y=y)
""",
        """
def balanced_weights(y):
    kinds = sorted(set(y.tolist()))
    fair = len(y) / len(kinds)
    return np.array([fair / sum(1 for v in y if v == k) for k in kinds])
""",
    ),
    mistakes=(
        Mistake(
            "no-classes",
            "def balanced_weights(y):\n    return len(y) / np.bincount(y)",
            "The proportions are right. But all rows together now weigh $K$ times as much as before, and so does the "
            "loss: steps become longer. Each class may only weigh `len(y) / K`.",
            "balanced-weights-forget-the-classes",
        ),
        Mistake(
            "shares",
            "def balanced_weights(y):\n    return np.bincount(y) / len(y)",
            "These are the *shares*: the common class gets the large weight and becomes still more important. Turn it "
            "round.",
            "common-classes-weigh-more",
        ),
        Mistake(
            "against-the-largest",
            "def balanced_weights(y):\n    counts = np.bincount(y)\n    return counts.max() / counts",
            "Here the commonest class has weight 1. All classes do weigh the same, but all rows together weigh more than "
            "before. Scale it so that the sum over the rows is `len(y)`.",
            "balanced-weights-forget-the-classes",
        ),
        Mistake(
            "inverse",
            "def balanced_weights(y):\n    return 1 / np.bincount(y)",
            "Each class weighs 1 in all, and all rows together only $K$. The loss shrinks with the number of rows. Each "
            "class should weigh `len(y) / K`.",
        ),
    ),
)


def _weighted(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((6, 3), (8, 4)):
        z = rng.normal(0, 1.5, (n, k))
        P = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        yield Case(rng.integers(0, k, n), P, rng.uniform(0.3, 12, k).round(1))
    yield Case(
        np.array([0, 3]),
        np.array([[0.7, 0.1, 0.1, 0.1], [0.7, 0.1, 0.1, 0.1]]),
        np.array([0.5, 1.0, 5.0, 12.0]),
        note="one paper and one battery, and the network says paper twice",
    )


WEIGHTED_LOSS = Exercise(
    id="10-weighted-loss",
    title="The loss that counts batteries twelvefold",
    level=2,
    concept="balanced class weights",
    prompt="""
`y` holds class numbers, `P` softmax outputs, `w` a weight for each class. This function should return what Keras' `fit`
minimises with `class_weight`: the mean over the rows of *weight of the true class × loss of the row*. It has a bug: missed
batteries hardly cost more than before. Find it.
""",
    name="weighted_loss",
    cases=_weighted,
    starter="""
def weighted_loss(y, P, w):
    loss = -np.log(P[np.arange(len(y)), y])
    weight = w[P.argmax(axis=1)]
    return np.mean(weight * loss)
""",
    hints=(
        "Take a battery that the network calls paper. Which weight does it get here?",
        "A lost battery shall be dear because it *is* one, whatever the network says.",
        "`w[y]` is the weight of the true class of each row.",
    ),
    solution="""
def weighted_loss(y, P, w):
    loss = -np.log(P[np.arange(len(y)), y])
    weight = w[y]
    return np.mean(weight * loss)
""",
    explanation="""
The weight belongs to the truth. With the weight of the *decision*, a battery called paper would get the weight of paper.
""",
    alternatives=(
        "def weighted_loss(y, P, w):\n    Y = np.eye(len(w))[y]\n    return -(Y * w * np.log(P)).sum(axis=1).mean()",
        "def weighted_loss(y, P, w):\n    return np.mean([-w[k] * np.log(row[k]) for k, row in zip(y, P)])",
        """
def weighted_loss(y, P, w):
    given = np.take_along_axis(P, y[:, None], axis=1)[:, 0]
    return np.dot(w[y], -np.log(given)) / len(y)
""",
    ),
    mistakes=(
        Mistake(
            "by-sum-of-weights",
            """
def weighted_loss(y, P, w):
    return np.average(-np.log(P[np.arange(len(y)), y]), weights=w[y])
""",
            "A sensible weighted mean, which divides by the sum of the *weights*. Keras divides by the number of "
            "*rows*.",
        ),
        Mistake(
            "sum",
            "def weighted_loss(y, P, w):\n    return np.sum(-w[y] * np.log(P[np.arange(len(y)), y]))",
            "Right weights, but this is the sum. Twice as many rows would give twice the loss.",
            "loss-is-summed-over-rows",
        ),
        Mistake(
            "inside-the-logarithm",
            "def weighted_loss(y, P, w):\n    return np.mean(-np.log(w[y] * P[np.arange(len(y)), y]))",
            "Inside the logarithm a weight only adds a constant, $-\\log w$. No slope changes, and no training. It has "
            "to multiply the cost.",
        ),
        Mistake(
            "no-weights",
            "def weighted_loss(y, P, w):\n    return np.mean(-np.log(P[np.arange(len(y)), y]))",
            "Now nothing is weighted at all. A lost battery shall cost more than a lost newspaper.",
        ),
    ),
)
