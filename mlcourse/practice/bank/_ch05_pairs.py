"""Lesson 05: which activation and loss fit which truth, and a loss that loves every yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _kinds(rng: np.random.Generator) -> Iterator[Case]:
    del rng  # there are three kinds, no more
    yield Case("any number of labels", note="truth such as [1, 0, 1, 0]")
    yield Case("one class, as a row", note="truth such as [0, 0, 1, 0]")
    yield Case("one class, as a number", note="truth such as 2")


_PAIRS = {
    "any number of labels": ("sigmoid", "binary_crossentropy"),
    "one class, as a row": ("softmax", "categorical_crossentropy"),
    "one class, as a number": ("softmax", "sparse_categorical_crossentropy"),
}


def _choose(**changed: tuple[str, str]) -> str:
    """Return the code of `choose` with some pairs changed: many, row, number."""
    keys = dict(zip(("many", "row", "number"), _PAIRS, strict=True))
    pairs = _PAIRS | {keys[short]: pair for short, pair in changed.items()}
    lines = "".join(
        f'        "{kind}": ("{activation}", "{loss}"),\n' for kind, (activation, loss) in pairs.items()
    )
    return f"def choose(kind):\n    pairs = {{\n{lines}    }}\n    return pairs[kind]"


CHOOSE = Exercise(
    id="05-choose",
    title="Which pair for which truth?",
    level=1,
    concept="which loss for which activation",
    prompt="""
Three kinds of truth, three pairs of activation and loss. Fill in the pairs, by the names that Keras uses
(such as `"relu"` and `"mean_squared_error"`, which are both wrong here).
""",
    name="choose",
    cases=_kinds,
    starter="""
def choose(kind):
    pairs = {
        "any number of labels": (..., ...),  # truth such as [1, 0, 1, 0]
        "one class, as a row": (..., ...),  # truth such as [0, 0, 1, 0]
        "one class, as a number": (..., ...),  # truth such as 2
    }
    return pairs[kind]
""",
    hints=(
        "The activation first: can several answers be right at the same time, or do they compete?",
        "Then the loss: yes-or-no questions are *binary*; one of several is *categorical*.",
        (
            "The two one-class kinds differ in one word only: class numbers are the *sparse* way to write "
            "one-hot rows."
        ),
    ),
    solution=_choose(),
    explanation="""
The number of right answers decides the activation and the kind of loss, and the way the truth is written
decides between plain and sparse. A table like this one is worth having by heart.
""",
    alternatives=(
        """
def choose(kind):
    if kind.startswith("any"):
        return "sigmoid", "binary_crossentropy"
    return "softmax", ("sparse_" if kind.endswith("number") else "") + "categorical_crossentropy"
""",
        """
def choose(kind):
    activation = "sigmoid" if "any" in kind else "softmax"
    loss = {"a": "binary", "w": "categorical", "r": "sparse_categorical"}["a" if "any" in kind else kind[-1]]
    return [activation, f"{loss}_crossentropy"]
""",
        """
def choose(k):
    match k.split()[-1]:
        case "labels":
            return ("sigmoid", "binary_crossentropy")
        case "row":
            return ("softmax", "categorical_crossentropy")
        case _:
            return ("softmax", "sparse_categorical_crossentropy")
""",
    ),
    mistakes=(
        Mistake(
            "forum",
            _choose(many=("softmax", "binary_crossentropy")),
            "This is the forum's first answer, softmax with binary cross-entropy. Keras' loss will fall "
            "and look fine, and no text will ever get two labels. Labels that do not exclude each other "
            "must not compete.",
            "myth-multi-label-is-multi-class",
        ),
        Mistake(
            "categorical-for-many",
            _choose(many=("sigmoid", "categorical_crossentropy")),
            "For any number of labels you have sigmoids with a *categorical* loss. It has no cost for a "
            "wrong yes, so all outputs run to 1. Each label needs a yes-or-no loss of its own.",
            "activation-alone-decides",
        ),
        Mistake(
            "sparse-swapped",
            _choose(
                row=("softmax", "sparse_categorical_crossentropy"),
                number=("softmax", "categorical_crossentropy"),
            ),
            "The two one-class losses are swapped. Keras would stop with an error about shapes: *sparse* "
            "is the one for class numbers.",
            "sparse-is-another-loss",
        ),
        Mistake(
            "binary-for-one-class",
            _choose(row=("softmax", "binary_crossentropy"), number=("softmax", "binary_crossentropy")),
            "For one class you have softmax with a *binary* loss. Keras then trains sigmoids behind the "
            "scenes and answers with the softmax, which is surer than it has reason to be.",
            "keras-checks-the-pair",
        ),
        Mistake(
            "sigmoid-everywhere",
            _choose(
                row=("sigmoid", "categorical_crossentropy"),
                number=("sigmoid", "sparse_categorical_crossentropy"),
            ),
            "For one class the outputs should compete: what one class gains, the others lose. Sigmoids do "
            "not, and their outputs for a row add up to anything.",
            "sigmoid-outputs-sum-to-one",
        ),
        Mistake(
            "categorical-for-numbers",
            _choose(number=("softmax", "categorical_crossentropy")),
            "A class number is not a row. With the plain categorical loss Keras stops: *must have the same "
            "rank*.",
            "keras-converts-labels",
        ),
    ),
)


def _texts(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((5, 4), (4, 3), (6, 2)):
        Y = rng.integers(0, 2, (n, k))
        Y[0] = 1  # a text with every tag
        yield Case(Y, rng.uniform(0.05, 0.95, (n, k)))
    yield Case(
        np.zeros((2, 4)), np.array([[0.9, 0.8, 0.9, 0.7], [0.1, 0.2, 0.1, 0.2]]), note="texts without any tag"
    )
    yield Case(np.ones((1, 4)), np.full((1, 4), 0.9), note="one text with every tag")


SEVERAL = Exercise(
    id="05-several",
    title="A loss that loves every yes",
    level=2,
    concept="binary cross-entropy of several labels",
    prompt="""
A colleague wrote this loss for texts with any number of tags. Their network ends up saying *yes* to every tag
of every text. Find out why, and fix it. `Y` and `P` have a row for each text and a column for each tag; the
loss is **one number**, the mean over all labels of all texts, as Keras' `binary_crossentropy`.
""",
    name="several_loss",
    cases=_texts,
    starter="""
def several_loss(Y, P):
    surprise = -Y * np.log(P)
    return surprise.sum(axis=1).mean()
""",
    hints=(
        "What does a text without any tag cost here, if the network says yes to all four?",
        "A *no* needs a cost, too: what did the network give to *no*?",
        (
            "Add `- (1 - Y) * np.log(1 - P)`. Then look at the last line once more: mean, not sum, over the "
            "labels."
        ),
    ),
    solution="""
def several_loss(Y, P):
    surprise = -Y * np.log(P) - (1 - Y) * np.log(1 - P)
    return surprise.mean()
""",
    explanation="""
The colleague's loss is the categorical one. It relies on a softmax, where a gain for one class is a loss for
another. Sigmoids do not compete, so without a cost for wrong yeses, saying yes to everything is free.
""",
    alternatives=(
        "def several_loss(Y, P):\n    return -np.log(np.where(Y == 1, P, 1 - P)).mean()",
        """
def several_loss(Y, P):
    per_text = [np.mean(-np.log(1 - abs(y - p))) for y, p in zip(Y, P)]
    return np.mean(per_text)
""",
        """
def several_loss(truth, given):
    total = 0.0
    for y, p in zip(truth.ravel(), given.ravel()):
        total -= np.log(p) if y else np.log(1 - p)
    return total / truth.size
""",
    ),
    mistakes=(
        Mistake(
            "still-summed",
            """
def several_loss(Y, P):
    surprise = -Y * np.log(P) - (1 - Y) * np.log(1 - P)
    return surprise.sum(axis=1).mean()
""",
            "The noes pay now. But you still add up the labels of a text, so the loss is larger by the "
            "number of tags. Keras takes the mean over the labels.",
            "loss-is-summed-over-labels",
        ),
        Mistake(
            "mean-only",
            "def several_loss(Y, P):\n    return (-Y * np.log(P)).mean()",
            "The mean is right now, but a wrong yes still costs nothing. The network will go on saying yes "
            "to everything.",
            "only-true-labels-count",
        ),
        Mistake(
            "normalised",
            """
def several_loss(Y, P):
    Q = P / P.sum(axis=1, keepdims=True)
    return (-Y * np.log(Q)).sum(axis=1).mean()
""",
            "You make the row add up to 1, as softmax does. That cures the endless yes and brings back the "
            "other fault: tags compete, and two tags get one half each at most.",
            "myth-multi-label-is-multi-class",
        ),
        Mistake(
            "log-p-for-both",
            "def several_loss(Y, P):\n    return (-Y * np.log(P) - (1 - Y) * np.log(P)).mean()",
            "Now every label pays $-\\log p$, also where the truth is no. That asks for yes even louder. "
            "For a no, the network gave the truth `1 - P`.",
            "no-costs-log-p",
        ),
        Mistake(
            "noes-only",
            "def several_loss(Y, P):\n    return (-(1 - Y) * np.log(1 - P)).mean()",
            "Now only the noes pay, and the network will say no to everything. Both halves are needed.",
            "only-false-labels-cost",
        ),
    ),
)
