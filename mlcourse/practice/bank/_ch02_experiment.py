"""The experiment of lesson 02: a box with one wrong tag is sent back; let more of them be right as a whole."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake
from mlcourse.practice.bank._ch02_boxes import pack_boxes

if TYPE_CHECKING:
    from collections.abc import Mapping

HIDDEN = 7001  # a seed that no lesson shows


@cache
def _boxes() -> tuple[Any, Any]:
    """Return the readings and the tags of 3000 hidden boxes."""
    X, grams = pack_boxes(3000, HIDDEN)
    return X, (grams > 0).astype(int)


def _measure(answer: Any) -> Mapping[str, float]:
    """Return the figures of a function that takes raw readings and returns rows of tags."""
    if not callable(answer):
        raise CannotMeasure(
            "Hand in a function that takes readings as `X_test` holds them and returns a row of four tags for each box."
        )
    X, Y = _boxes()
    tags = np.asarray(answer(X.copy()))
    if tags.shape != Y.shape:
        raise CannotMeasure(
            f"For {len(X)} boxes the function returns an array of shape {' × '.join(map(str, tags.shape)) or 'none'}; "
            f"it should be {len(X)} × 4, a 0 or 1 for each fruit."
        )
    if not np.isin(tags, (0, 1)).all():
        raise CannotMeasure(
            "Some answers are neither 0 nor 1. Probabilities become tags by comparing them with a threshold."
        )
    right = tags == Y
    rows = {tuple(row) for row in tags.astype(int).tolist()}
    return {
        "whole": float(right.all(axis=1).mean()),
        "tags": float(right.mean()),
        "empty": float(np.sum(tags.sum(axis=1) == 0)),
        "fewest": float(tags.sum(axis=1).min()),
        "most": float(tags.sum(axis=1).max()),
        "different": float(len(rows)),
    }


_SETUP = """
import numpy as np
from mlcourse.practice.bank._ch02_boxes import pack_boxes
from sklearn.linear_model import LogisticRegression
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X_train, grams_train = pack_boxes(1000, seed=0)
tags_train = (grams_train > 0).astype(int)
basket_train = grams_train.argmax(axis=1)
"""


def _by_scikit(model: str, labels: str, back: str) -> str:
    return f"""
combinations, code = np.unique(tags_train, axis=0, return_inverse=True)
code = code.ravel()
model = make_pipeline(StandardScaler(), {model}).fit(X_train, {labels})


def find(X):
    return {back}
"""


_LINE = "LogisticRegression(max_iter=1000)"

BOXES_COME_BACK = Experiment(
    id="02-boxes-come-back",
    title="Boxes come back",
    level=3,
    concept="which method for which measure",
    prompt="""
A box is sent back if **one** of its four tags is wrong. With binary relevance that happens to every third box.

Write a function `find(X)` that takes readings as they come from the hall (as in `X_test`, not scaled) and returns a row of four
tags, 0 or 1, for each box. Learn from `X_train` and `tags_train` in any way you like. It is measured on 3000 other boxes:
`practice.experiment("02-boxes-come-back").check(find)`.
""",
    name="find",
    setup=_SETUP,
    starter="""
find = ...
""",
    hints=(
        "Which row of the table *all in one* had the most whole boxes? Begin with that one.",
        "Your function gets raw readings. So the scaler belongs inside: `scaler.transform(X)`, then the model, then back to tags.",
        (
            "Label powerset: `combinations[model.predict(scaler.transform(X))]`, with a model that was trained on `code`. "
            "Any multi-class model will do, also a Keras network with a softmax over the combinations."
        ),
    ),
    solution=_by_scikit(_LINE, "code", "combinations[model.predict(X)]"),
    explanation="""
What is paid for is the whole row, so ask for the whole row: one question with a class for every combination that the packers make.
Four good answers that do not know of each other cannot do that, and no box leaves without a tag any more.
""",
    alternatives=(
        """
from sklearn.ensemble import RandomForestClassifier

names = np.array(["".join(map(str, row)) for row in tags_train])
forest = RandomForestClassifier(200, min_samples_leaf=3, random_state=0).fit(X_train, names)


def find(X):
    return np.array([list(map(int, name)) for name in forest.predict(X)])
""",
        """
from sklearn.svm import SVC

model = make_pipeline(StandardScaler(), SVC(C=3.0))
rows, numbers = np.unique(tags_train, axis=0, return_inverse=True)
model.fit(X_train, numbers.ravel())
find = lambda X: rows[model.predict(X)]
""",
    ),
    measure=_measure,
    conditions=(
        Condition(
            "whole",
            "boxes that are right in all four tags",
            "Let the tags know of each other: a chain, or a class for each combination.",
            at_least=0.73,
            style="percent",
        ),
        Condition(
            "tags",
            "right tags",
            "Whole boxes must not be bought with bad tags in the others. Are the readings scaled as in training?",
            at_least=0.895,
            style="percent",
        ),
        Condition(
            "empty",
            "boxes without any tag",
            "No box is empty. Who answers tag by tag has to look for empty rows and mend them.",
            at_most=0,
            style="whole",
        ),
    ),
    mistakes=(
        Mistake(
            "one-answer",
            _by_scikit(_LINE, "basket_train", "np.eye(4, dtype=int)[model.predict(X)]"),
            "Every box gets exactly one tag. That answers the boss's question, in the shop's form. Most boxes hold two fruits or "
            "more.",
            "class-is-the-only-tag",
            sign=lambda m: m["fewest"] == m["most"] == 1,
        ),
        Mistake(
            "two-best",
            _by_scikit(
                _LINE,
                "basket_train",
                "(np.argsort(np.argsort(-model.predict_proba(X), axis=1), axis=1) < 2).astype(int)",
            ),
            "Every box gets exactly two tags, as many as the average box. But half of the boxes hold one, three or four.",
            "top-k-is-multi-label",
            sign=lambda m: m["fewest"] == m["most"] == 2,
        ),
        Mistake(
            "unscaled",
            """
scaler = StandardScaler().fit(X_train)
combinations, code = np.unique(tags_train, axis=0, return_inverse=True)
model = LogisticRegression(max_iter=1000).fit(scaler.transform(X_train), code.ravel())


def find(X):
    return combinations[model.predict(X)]
""",
            "Hardly a box is right, although the rows look sensible. Does the model get its readings "
            "as it got them in training? The boxes come unscaled, so the scaler belongs inside `find`.",
            sign=lambda m: m["whole"] < 0.45 and m["empty"] == 0 and m["fewest"] < m["most"],
        ),
        Mistake(
            "tag-by-tag",
            _by_scikit(f"MultiOutputClassifier({_LINE})", "tags_train", "model.predict(X)"),
            "The tags are good one by one, and many boxes get none at all. That is what separate answers look like: nobody hears what "
            "the others have said.",
            "never-seen-is-never-said",
            sign=lambda m: m["empty"] > 25 and m["tags"] > 0.85,
        ),
        Mistake(
            "chain",
            _by_scikit(
                f"ClassifierChain({_LINE}, order=[3, 2, 1, 0])", "tags_train", "model.predict(X).astype(int)"
            ),
            "Much better, and close. Your answers fit together, but not always: some boxes still get no tag, or a wrong start is "
            "passed on. Which method chooses the whole row at once?",
            "tags-right-means-rows-right",
            sign=lambda m: m["whole"] >= 0.68 and m["tags"] > 0.88,
        ),
    ),
)
