"""The experiment of lesson 04: a front page that can say “none of them”."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 4000  # texts that the lesson shows; what follows them in the same draw is hidden
HIDDEN = 3000
ALONE = 12  # hidden texts that are asked about one by one as well


@cache
def _texts() -> tuple[Any, Any]:
    """Return the scaled inputs of hidden texts with at most one topic, and their sections (-1: none)."""
    from mlcourse import datasets

    # Another seed of make_multilabel would be another newspaper, with other words for each topic.
    drawn = datasets.make_multilabel(n_samples=SHOWN + HIDDEN, n_features=20, n_labels=4, seed=0)
    low, high = drawn.X[:1000].min(axis=0), drawn.X[:1000].max(axis=0)
    X, Y = (drawn.X[SHOWN:] - low) / (high - low), drawn.y[SHOWN:]
    fits = Y.sum(axis=1) <= 1
    return X[fits], np.where(Y[fits].any(axis=1), Y[fits].argmax(axis=1), -1)


def _asked(answer: Any, X: Any) -> Any:
    """Return what the student's function says, checked to be a section or -1 for each text."""
    said = np.asarray(answer(X.copy()))
    if said.shape != (len(X),):
        raise CannotMeasure(
            f"For {len(X)} texts the function returns an array of shape {said.shape}; it should be ({len(X)},), "
            "one number for each text."
        )
    if said.dtype.kind not in "iuf" or not np.isin(said, (-1, 0, 1, 2, 3)).all():
        raise CannotMeasure(
            "The function should return a section, 0, 1, 2 or 3, or -1 for “none of them”; it also returns "
            "something else. (A fifth unit has the number 4. Turn it into -1.)"
        )
    return said.astype(int)


def _measure(answer: Any) -> Mapping[str, float]:
    """Return the figures of a function that sorts scaled texts."""
    if not callable(answer) or callable(getattr(answer, "predict", None)):
        raise CannotMeasure(
            "Hand in a function that takes a table of scaled texts and returns a section for each: "
            "`.check(sort_mail)`. A model alone says nothing about how its outputs are read."
        )
    X, y = _texts()
    said = _asked(answer, X)
    alone = np.array([_asked(answer, X[i : i + 1])[0] for i in range(ALONE)])
    one, none = y >= 0, y == -1
    return {
        "sections": float(np.mean(said[one] == y[one])),
        "none": float(np.mean(said[none] == -1)),
        "dropped": float(np.mean(said[one] == -1)),
        "changed": float(np.mean(alone != said[:ALONE])),
    }


_SETUP = """
import numpy as np
from mlcourse import datasets
import keras
from sklearn.preprocessing import MinMaxScaler

texts = datasets.make_multilabel(n_samples=4000, n_features=20, n_labels=4, seed=0)
X = MinMaxScaler().fit(texts.X[:1000]).transform(texts.X)
fits = texts.y[:3000].sum(axis=1) <= 1
X_mail, Y_mail = X[:3000][fits], texts.y[:3000][fits]
y_mail = np.where(Y_mail.any(axis=1), Y_mail.argmax(axis=1), -1)
some = y_mail >= 0
keras.utils.set_random_seed(0)
"""


def _network(  # noqa: PLR0917 - one line a variant reads best
    units: int,
    activation: str,
    loss: str,
    inputs: str,
    truth: str,
    decide: str,
    *,
    epochs: int = 8,
    before: str = "",
) -> str:
    """Return the code of a network and of how it is read; the variants below differ in nothing else."""
    return f"""
model = keras.Sequential(
    [
        keras.Input((20,)),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense({units}, activation="{activation}"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="{loss}")
model.fit({inputs}, {truth}, epochs={epochs}, batch_size=32, verbose=0)

def sort_mail(X):
{before}    P = model(X).numpy()
    return {decide}
"""


_FIVE = (5, "softmax", "sparse_categorical_crossentropy", "X_mail", "np.where(y_mail == -1, 4, y_mail)")
_FOUR = (4, "softmax", "sparse_categorical_crossentropy", "X_mail[some]", "y_mail[some]")
_SIGMOIDS = (4, "sigmoid", "binary_crossentropy", "X_mail", "Y_mail")

NONE_OF_THEM = Experiment(
    id="04-none-of-them",
    title="None of them",
    level=3,
    concept="an output layer that can say none",
    prompt="""
A third of the texts in `X_mail` fit none of the four sections; there `y_mail` is −1. A softmax over four
sections cannot say so.

Train what you like on `X_mail` and `y_mail`, and write a function that takes a table of texts (scaled as `X_mail` is) and
returns an array with a section for each, 0 to 3, or −1 for *none of them*. Hand it in:
`practice.experiment("04-none-of-them").check(sort_mail)`. It is measured on more than a thousand other texts.
""",
    name="sort_mail",
    setup=_SETUP,
    starter="""
sort_mail = ...  # a function: `def sort_mail(X): …`
""",
    hints=(
        (
            "There are two roads. Give the network a way to say *none*, or give it an output layer whose units need "
            "not share anything."
        ),
        (
            "The first road: a fifth unit. Which class number do the texts with −1 get for the training? The second: "
            "four sigmoids. What is the row of labels of a text about nothing?"
        ),
        (
            '`Dense(5, activation="softmax")` with `np.where(y_mail == -1, 4, y_mail)`; afterwards turn each 4 into −1. Or four '
            "sigmoids, and −1 where no output reaches 0.5."
        ),
    ),
    solution=_network(*_FIVE, "np.where(P.argmax(axis=1) == 4, -1, P.argmax(axis=1))"),
    explanation="""
With a fifth unit, *none of them* is an answer like the others, and it can win. Four sigmoids get there, too: each says no by
itself. What both need are **texts about nothing in the training**. Without them a network has no reason to be careful there.
""",
    alternatives=(
        _network(*_SIGMOIDS, "np.where(P.max(axis=1) >= 0.5, P.argmax(axis=1), -1)"),
        _network(
            4,
            "softmax",
            "categorical_crossentropy",
            "X_mail",
            "Y_mail + 0.25 * (1 - Y_mail.sum(axis=1, keepdims=True))",
            "np.where(P.max(axis=1) >= 0.65, P.argmax(axis=1), -1)",
            epochs=12,
        ),
        """
from sklearn.linear_model import LogisticRegression

model = LogisticRegression(C=100, max_iter=2000).fit(X_mail, y_mail)
sort_mail = lambda X: model.predict(X)
""",
    ),
    measure=_measure,
    conditions=(
        Condition(
            "sections",
            "right sections, of hidden texts that have one",
            "Look at what happens to texts with a clear topic. Are they dropped, or put into another section?",
            at_least=0.97,
            style="percent",
        ),
        Condition(
            "none",
            "recognised as none of them, of hidden texts about nothing",
            "Let the network see texts about nothing while it is trained, and give it a way to say so.",
            at_least=0.95,
            style="percent",
        ),
        Condition(
            "changed",
            "answers that change if a text comes alone",
            "A text's answer must not depend on the other rows of the table. Look for an `axis=0`, or a scaler fitted inside.",
            at_most=0.0,
            style="percent",
        ),
    ),
    mistakes=(
        Mistake(
            "depends-on-company",
            _network(
                *_FIVE,
                "np.where(P.argmax(axis=1) == 4, -1, P.argmax(axis=1))",
                before="    X = (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0) + 1e-9)\n",
            ),
            "Some texts get another answer when they come alone than in a table with others. Something in your function "
            "is computed over the *rows*: a sum, a maximum or a scale with `axis=0`.",
            "texts-compete-for-a-class",
            sign=lambda m: m["changed"] > 0,
        ),
        Mistake(
            "never-none",
            _network(*_FOUR, "P.argmax(axis=1)"),
            "Every text gets a section; none of the texts about nothing is recognised. Argmax over four sections always picks "
            "one. Where in your network could *none of them* win?",
            "softmax-can-say-none",
            sign=lambda m: m["none"] < 0.02,
        ),
        Mistake(
            "too-careful",
            _network(*_SIGMOIDS, "np.where(P.max(axis=1) >= 0.9999, P.argmax(axis=1), -1)"),
            "The texts about nothing are found, but many others are dropped with them. The bar for having a section is too high.",
            sign=lambda m: m["none"] >= 0.95 and m["dropped"] > 0.03,
        ),
        Mistake(
            "not-far-ahead",
            _network(*_FOUR, "np.where(P.max(axis=1) >= 0.8, P.argmax(axis=1), -1)"),
            "A part of the texts about nothing is recognised, and too many still get a section. If the network was trained on texts "
            "with a section only, a bar on its winning probability is of little use: that number says how far the winner is ahead "
            "of the others, not whether it fits.",
            "unsure-on-the-unknown",
            sign=lambda m: 0.02 <= m["none"] < 0.95 and m["sections"] >= 0.97,
        ),
    ),
)
