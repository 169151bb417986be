"""The experiment of lesson 07: answer where exactly one section fits, and ask a human about everything else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

HIDDEN_FROM = 15_000  # the lesson draws 6000
ASK = -1


@cache
def _texts() -> tuple[Any, Any]:
    """Return 3000 hidden texts, mentions in tens, and for each its one section, or -1 if it has none or several."""
    from mlcourse import datasets

    # Far behind the lesson's own rows of the same draw, so that who draws some more to train on does not meet them.
    drawn = datasets.make_multilabel(
        n_samples=HIDDEN_FROM + 3000, n_features=8, n_labels=4, length=80, seed=143
    )
    X, Y = drawn.X[HIDDEN_FROM:] / 10, drawn.y[HIDDEN_FROM:]
    return X, np.where(Y.sum(axis=1) == 1, Y.argmax(axis=1), ASK)


def _measure(answer: Any) -> Mapping[str, float]:
    """Return the figures of a function that takes texts and returns sections."""
    if not callable(answer):
        raise CannotMeasure("Hand in a function `answer(X)` that returns a whole number for each text.")
    X, truth = _texts()
    said = np.asarray(answer(X.copy()))
    if said.shape != truth.shape:
        raise CannotMeasure(
            f"For {len(X)} texts your function returns an array of shape {' × '.join(map(str, said.shape)) or 'nothing'}; "
            f"it should be one whole number for each text, so {len(X)} of them."
        )
    if said.dtype.kind not in "iuf" or not np.isin(said, (ASK, 0, 1, 2, 3)).all():
        raise CannotMeasure("Each entry should be the number of a section, 0 to 3, or −1 to ask a human.")
    given, one = said >= 0, truth >= 0
    right = given & (said == truth)
    return {
        "right": float(right.sum() / max(1, given.sum())),
        "done": float(right.sum() / one.sum()),
        "answered": float(given.mean()),
        "confused": float(np.mean(said[given & one] != truth[given & one])) if (given & one).any() else 0.0,
    }


_SETUP = """
import numpy as np
from mlcourse import datasets
import keras

news = datasets.make_multilabel(n_samples=6000, n_features=8, n_labels=4, length=80, seed=143)
X, Y = news.X / 10, news.y
X_train, Y_train = X[:5000], Y[:5000]
tags = news.class_names
keras.utils.set_random_seed(0)
"""

_FIFTH = """
one = Y_train.sum(axis=1) == 1
five = np.where(one, Y_train.argmax(axis=1), 4)  # class 4: none or several
"""

# What has seen the four sections only, as the lesson's section network; a linear model will do to show it.
_FOUR = """
from sklearn.linear_model import LogisticRegression

one = Y_train.sum(axis=1) == 1
four = LogisticRegression(C=10, max_iter=1000).fit(X_train[one], Y_train[one].argmax(axis=1))
"""


def _four(rule: str) -> str:
    return f"{_FOUR}\n\ndef answer(X):\n    P = four.predict_proba(X)\n    return {rule}\n"


ASK_A_HUMAN = Experiment(
    id="07-ask-a-human",
    title="When to ask a human",
    level=3,
    concept="confidence is not correctness",
    prompt="""
All texts of the day come in: with one tag, with several, with none. Write a function `answer(X)` that gets texts (mentions in tens,
as in this lesson) and returns one whole number for each: the place of its section, 0 to 3, if it belongs to exactly **one**
section, and **−1** ("ask a human") otherwise. Train whatever you like on `X_train`, `Y_train`.

Then `practice.experiment("07-ask-a-human").check(answer)`. It is measured on 3000 other texts.
""",
    name="answer",
    setup=_SETUP,
    starter="""
answer = ...
""",
    hints=(
        (
            "The section network has seen only texts with one tag. Which of your training texts could teach somebody "
            "what the *others* look like?"
        ),
        "Refusing can be learned like any other answer. How many answers does the new network need?",
        (
            "Five classes: the four sections, and a fifth for all texts with none or several tags. Train on **all** training "
            "texts, and return −1 where the fifth one wins."
        ),
    ),
    solution=f"""{_FIFTH}
five_net = keras.Sequential(
    [
        keras.Input((8,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(5, activation="softmax"),
    ]
)
five_net.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
five_net.fit(X_train, five, epochs=10, batch_size=32, verbose=0)


def answer(X):
    best = five_net.predict(X, verbose=0).argmax(axis=1)
    return np.where(best == 4, -1, best)
""",
    explanation="""
Confidence compares the answers that a network has. "None of these" was not among them, so no threshold could bring it out
cleanly. As a fifth class, shown with examples, it is learned like any other. It still knows only strangers of the kinds that
you showed it.
""",
    alternatives=(
        f"""
from sklearn.neural_network import MLPClassifier
{_FIFTH}
network = MLPClassifier((24,), learning_rate_init=0.01, max_iter=25, tol=0, n_iter_no_change=99, random_state=0)
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    network.fit(X_train, five)


def answer(X):
    P = network.predict_proba(X)
    return np.where(P[:, :4].max(axis=1) >= 0.5, P[:, :4].argmax(axis=1), -1)
""",
        f"""
from sklearn.neighbors import KNeighborsClassifier
{_FIFTH}
neighbours = KNeighborsClassifier(15).fit(X_train, five)


def answer(X):
    said = neighbours.predict(X)
    said[said == 4] = -1
    return said
""",
        f"""
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
{_FIFTH}
curved = make_pipeline(StandardScaler(), PolynomialFeatures(3), LogisticRegression(max_iter=300))
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    curved.fit(X_train, five)


def answer(X):
    return np.array([k if k < 4 else -1 for k in curved.predict(X)])
""",
    ),
    measure=_measure,
    conditions=(
        Condition(
            "right",
            "right among the answers that are given",
            "Which texts slip through: with none, or with several tags? Show your model what such texts look like.",
            at_least=0.96,
            style="percent",
        ),
        Condition(
            "done",
            "of the texts with one section, answered rightly",
            "It asks too often. Look at the one-section texts that it hands on.",
            at_least=0.97,
            style="percent",
        ),
    ),
    mistakes=(
        Mistake(
            "never-asks",
            _four("P.argmax(axis=1)"),
            "It never asks a human. Most of the day's texts have no section or several, and each of them gets one, "
            "with confidence.",
            "network-can-refuse",
            sign=lambda m: m["answered"] > 0.98,
        ),
        Mistake(
            "always-asks",
            "def answer(X):\n    return np.full(len(X), -1)",
            "It asks a human about everything, or nearly. Then no answer is wrong, and no work is done.",
            sign=lambda m: m["answered"] < 0.02,
        ),
        Mistake(
            "other-names",
            """
from sklearn.linear_model import LogisticRegression

one = Y_train.sum(axis=1) == 1
names = np.array(tags)[Y_train[one].argmax(axis=1)]
by_name = LogisticRegression(C=10, max_iter=1000).fit(X_train[one], names)


def answer(X):
    P = by_name.predict_proba(X)  # its columns are in alphabetical order
    return np.where(P.max(axis=1) >= 0.9, P.argmax(axis=1), -1)
""",
            "Where exactly one section fits, it often names *another* one. Are the numbers in the order of `tags`? And does the model get "
            "mentions in tens, as it did in training?",
            "raw-inputs-will-do",
            sign=lambda m: m["confused"] > 0.1,
        ),
        Mistake(
            "only-stricter",
            _four("np.where(P.max(axis=1) >= 0.999, P.argmax(axis=1), -1)"),
            "The answers that it gives are good, but it asks about too many one-section texts. Being stricter sends away friends "
            "together with strangers. Can your model learn what the strangers look like?",
            "unknown-means-uniform",
            sign=lambda m: m["right"] >= 0.96 and m["done"] < 0.97,
        ),
        Mistake(
            "strangers-slip-through",
            _four("np.where(P.max(axis=1) >= 0.9, P.argmax(axis=1), -1)"),
            "The one-section texts are done, but too many texts with no section or several get an answer, too. High confidence does not "
            "tell them apart well enough.",
            "confidence-is-correctness",
            sign=lambda m: m["right"] < 0.96 and m["done"] >= 0.97,
        ),
    ),
)
