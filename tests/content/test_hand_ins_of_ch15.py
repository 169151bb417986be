"""Lesson 15's three example hand-ins, run from its own cells, are graded as each deserves; and more."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mlcourse import practice, progress
from mlcourse.practice import _bank
from mlcourse.practice._records import Exercise

LESSON = Path(__file__).parents[2] / "notebooks" / "15_capstone.ipynb"
CELLS = (
    "imports", "task", "fingerprint", "ada-split", "ada-model", "ada-thresholds", "ada-check",
    "ben-model", "ben-check", "cleo-model", "cleo-check",
)  # fmt: skip


@pytest.fixture(scope="module")
def lesson():
    """Return the names that the lesson's cells make, trainings and all."""
    before = len(progress.answers())
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    space: dict = {"print": lambda *_, **__: None}
    for cell in cells:
        if cell["id"] in CELLS and cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)
    assert len(progress.answers()) == before, "the examples are not the student's own work"
    return space


def missed(verdict):
    return {c.key for c in verdict.criteria if c.reached == "missed"}


def test_the_good_one_passes_with_every_point(lesson):
    assert lesson["good"].passed, str(lesson["good"])
    assert lesson["good"].points == 100


def test_the_one_that_overfits_is_honest_and_not_good_enough(lesson):
    found = lesson["overfit"]
    assert found.state == "not passed"
    assert missed(found) == {"overfit", "held-back", "size"}
    assert found["calibration"].reached == "partly"
    assert not found.leaks
    assert found["report"].reached == "met"


def test_the_one_that_leaks_is_found_out_in_four_ways(lesson):
    found = lesson["leaking"]
    assert found.state == "not passed"
    assert missed(found) == {"leak", "overfit"}
    assert {leak.code for leak in found.leaks} == {
        "rows-in-training", "scaler-knows-test", "tuned-on-test", "too-good",
    }  # fmt: skip
    assert found["held-back"].reached == "met"  # the model is good; its reported score is not


def test_the_leak_is_found_even_if_nothing_is_told(lesson):
    """She hands in her rows as if each stood there once, and keeps quiet about the thresholds."""
    only_train = np.setdiff1d(lesson["cleo_train"], lesson["cleo_test"])
    found = lesson["task"].check(
        model=lesson["cleo"], preprocess=lesson["scaler"].transform, threshold=lesson["cleo_thresholds"],
        metric="macro_f1", reason=lesson["desks"], train=only_train, test=lesson["cleo_test"],
        score=lesson["cleo_own"], tuned_on=None, record=False, progress=False,
    )  # fmt: skip
    assert {leak.code for leak in found.leaks} >= {"scaler-knows-test", "too-good"}
    assert not found.passed


def test_a_reported_score_that_is_made_up_is_found(lesson):
    found = lesson["task"].check(
        model=lesson["ada"], threshold=lesson["thresholds"], metric="macro_f1", reason=lesson["desks"],
        train=lesson["train"], validation=lesson["choose"], test=lesson["test"], score=0.8,
        record=False, progress=False,
    )  # fmt: skip
    assert missed(found) == {"report"}


def test_the_lesson_is_committed_with_the_students_part_not_attempted():
    cells = {cell["id"]: cell for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]}
    said = [output["data"]["text/plain"] for output in cells["your-check"]["outputs"]]
    assert ["".join(text) for text in said] == ["Verdict('materials': not attempted)"]


@pytest.fixture(scope="module")
def belt():
    """Return a sound hand-in for the materials, with its parts."""
    import keras
    from sklearn.metrics import f1_score

    data = practice.capstone("materials").data
    train, rest = data.split(0.4, seed=0)
    choose, test = rest.split(0.5, seed=0)
    keras.utils.set_random_seed(0)
    scaling = keras.layers.Normalization()
    scaling.adapt(train.X)
    model = keras.Sequential(
        [
            keras.Input((12,)),
            scaling,
            keras.layers.Dense(48, activation="relu"),
            keras.layers.Dense(5, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy")
    model.fit(train.X, train.y, epochs=15, batch_size=32, verbose=0)
    score = f1_score(test.y, model.predict(test.X, verbose=0).argmax(axis=1), average="macro")
    return {
        "model": model, "threshold": "argmax", "tuned_on": None, "metric": "macro_f1", "train": train,
        "validation": choose, "test": test, "score": score, "progress": False, "record": False,
        "reason": "Every sort counts the same, so every class has one vote.",
    }  # fmt: skip


def test_the_materials_can_be_passed_and_so_can_each_of_its_metrics(belt):
    from sklearn.metrics import balanced_accuracy_score

    task = practice.capstone("materials")
    found = task.check(**belt)
    assert found.passed, str(found)
    assert not missed(
        found
    )  # partly, yes: the rarest class has 90 training rows, which are soon learned by heart
    test = belt["test"]
    score = balanced_accuracy_score(test.y, belt["model"].predict(test.X, verbose=0).argmax(axis=1))
    assert task.check(**{**belt, "metric": "balanced_accuracy", "score": score}).passed
    assert found.html.count("<img") == 3


def test_a_metric_that_does_not_fit_is_told_why(belt):
    accuracy = float(
        (belt["model"].predict(belt["test"].X, verbose=0).argmax(axis=1) == belt["test"].y).mean()
    )
    found = practice.capstone("materials").check(**{**belt, "metric": "accuracy", "score": accuracy})
    assert missed(found) == {"metric"}
    assert "one item in twenty" in found["metric"].measured


def solution(id):  # noqa: A002
    task = _bank.find(id, Exercise)
    space: dict = {}
    exec(task.setup + task.solution, space)
    return space[task.name]


def test_the_parameters_are_kerass():
    import keras

    for widths in ([20, 48, 5], [12, 5], [3, 7, 7, 2]):
        layers = [keras.layers.Dense(n) for n in widths[1:]]
        model = keras.Sequential([keras.Input((widths[0],)), *layers])
        assert solution("15-parameters")(widths) == model.count_params()


def test_the_floors_are_above_what_knows_nothing():
    from mlcourse.practice import _capstone_scores as scores
    from mlcourse.practice._capstone_tasks import BRIEFS

    for brief in BRIEFS.values():
        _, held = brief.make()
        Y = scores.one_hot(held.y, held.n_classes)
        commonest = np.eye(held.n_classes, dtype=int)[np.full(len(Y), Y.sum(axis=0).argmax())]
        for name, floor in brief.limits.floors.items():
            metric = scores.METRICS[name]
            for answer in (np.zeros_like(Y), np.ones_like(Y), commonest):
                if held.task == "multiclass" and (answer.sum(axis=1) != 1).any():
                    continue
                assert float(metric.of(metric.rows(Y, answer).sum(axis=0))) < floor - 0.1
