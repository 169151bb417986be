"""Lesson 02: its boxes are the experiment's, and its exercises agree with scikit-learn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, hamming_loss
from sklearn.multioutput import ClassifierChain
from sklearn.utils.multiclass import type_of_target

from mlcourse.practice.bank._ch02_boxes import pack_boxes
from mlcourse.practice.bank.ch02 import TASKS

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "02_one_answer_or_many.ipynb"


def solved(id):  # noqa: A002 - as everywhere in the course
    """Return what an exercise's reference solution defines."""
    task = next(task for task in TASKS if task.id == id)
    space = {}
    exec(task.setup + task.solution, space)
    return space[task.name]


@pytest.mark.parametrize("seed", [0, 100, 7001])
def test_the_notebook_packs_the_same_boxes(seed):
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    space = {"np": np}
    exec("".join(next(cell["source"] for cell in cells if cell["id"] == "boxes")), space)
    for ours, theirs in zip(pack_boxes(300, seed), space["pack_boxes"](300, seed), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert len(space["readings"]) == ours.shape[1] * 2 == 8
    assert len(space["fruits"]) == ours.shape[1]


def test_no_box_is_empty_and_the_heaviest_fruit_is_hardly_ever_tied():
    _, grams = pack_boxes(5000, 1)
    assert (grams.sum(axis=1) > 0).all()
    ordered = np.sort(grams, axis=1)
    assert np.mean(ordered[:, -1] == ordered[:, -2]) < 0.02  # argmax takes the first of two


def test_the_scores_are_scikit_learns():
    two_scores = solved("02-two-scores")
    rng = np.random.default_rng(0)
    Y, answer = rng.integers(0, 2, (2, 50, 4))
    tags, boxes = two_scores(Y, answer)
    assert tags == pytest.approx(1 - hamming_loss(Y, answer))
    assert boxes == pytest.approx(accuracy_score(Y, answer))


def test_the_kinds_are_scikit_learns_but_for_one_hot_rows():
    kind = solved("02-kind")
    names = {"binary": "binary", "multiclass": "multi-class", "multilabel-indicator": "multi-label"}
    for y in ([0, 1, 1], [0, 1, 2], [[1, 1], [0, 1]], [3, 7, 3]):
        assert kind(np.array(y)) == names[type_of_target(np.array(y))]
    one_hot = np.eye(3, dtype=int)
    assert (kind(one_hot), type_of_target(one_hot)) == ("multi-class", "multilabel-indicator")


def test_the_chain_answers_as_scikit_learns():
    X, grams = pack_boxes(300, 0)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    Y = (grams > 0).astype(int)
    chain = ClassifierChain(LogisticRegression(), order=[0, 1, 2, 3]).fit(X, Y)
    W = np.column_stack([link.coef_[0, :8] for link in chain.estimators_])
    V, b = np.zeros((4, 4)), np.array([link.intercept_[0] for link in chain.estimators_])
    for k, link in enumerate(chain.estimators_):
        V[:k, k] = link.coef_[0, 8:]
    np.testing.assert_array_equal(solved("02-chain")(X, W, V, b), chain.predict(X))


def test_the_powerset_comes_back():
    _, grams = pack_boxes(500, 2)
    Y = (grams > 0).astype(int)
    combinations, code = solved("02-powerset")(Y)
    np.testing.assert_array_equal(combinations[code], Y)
    assert len(combinations) == len(np.unique(Y, axis=0))
