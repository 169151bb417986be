"""Lesson 03's reference solutions do what scikit-learn and Keras do; its experiment cannot be won by luck."""

from __future__ import annotations

import numpy as np
import pytest

from mlcourse.practice._bank import tasks


def solved(id):  # noqa: A002 - as everywhere in the course
    """Return the function that an exercise's reference solution defines, and its cases."""
    task = next(task for task in tasks("03") if task.id == id)
    space = {}
    exec(task.setup + task.solution, space)
    return space[task.name], list(task.cases(np.random.default_rng(1)))


def test_one_hot_is_keras():
    from keras.utils import to_categorical

    one_hot, cases = solved("03-one-hot")
    for case in cases:
        np.testing.assert_array_equal(one_hot(*case.args), to_categorical(*case.args))


def test_multi_hot_is_scikit_learns():
    from sklearn.preprocessing import MultiLabelBinarizer

    multi_hot, cases = solved("03-multi-hot")
    for case in cases:
        tags, names = case.args
        wanted = MultiLabelBinarizer(classes=names).fit_transform(tags)
        np.testing.assert_array_equal(multi_hot(tags, names), wanted)


def test_prepare_is_scikit_learns_pipeline():
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    prepare, cases = solved("03-prepare")
    for case in cases:
        train, test = case.args
        steps = make_pipeline(SimpleImputer(strategy="median"), StandardScaler()).fit(train)
        for made, part in zip(prepare(train, test), (train, test), strict=True):
            np.testing.assert_allclose(made, steps.transform(part), atol=1e-12)


def test_held_back_shares_are_those_of_the_classes():
    hold_back, cases = solved("03-hold-back")
    for case in cases:
        y, share = case.args
        held = hold_back(y, share)
        for c in np.unique(y):
            assert share <= held[y == c].mean() < share + 1 / np.sum(y == c)


def test_groups_make_a_split_possible_that_stops_without_them():
    from sklearn.model_selection import train_test_split

    from mlcourse import datasets

    groups, _ = solved("03-label-sets")
    Y = datasets.make_multilabel(n_labels=8, labels_per_sample=3, seed=0).y
    rows = np.arange(len(Y))
    with pytest.raises(ValueError, match="only 1 member"):
        train_test_split(rows, test_size=0.3, stratify=Y, random_state=0)
    _, held = train_test_split(rows, test_size=0.3, stratify=groups(Y), random_state=0)
    assert len(held) == 300


def promise():
    """Return the experiment of lesson 03."""
    return next(task for task in tasks("03") if task.id == "03-promise")


def test_no_constant_promise_wins_the_experiment():
    from mlcourse.practice.bank._ch03_experiment import CLOSE, TABLES

    experiment, space = promise(), {}
    exec(experiment.setup + experiment.solution, space)
    honest = space["promised"]
    truths = []

    def remembered(X, y):
        pipeline, estimate = honest(X, y)
        truths.append(estimate)
        return pipeline, estimate

    figures = experiment.measure(remembered)
    assert len(truths) == len(TABLES)
    best_constant = np.abs(
        np.array(truths) - np.median(truths)
    ).mean()  # no constant is nearer to all of them
    assert figures["off"] < CLOSE < best_constant


def test_the_same_class_for_every_row_does_not_win_the_experiment():
    class Same:
        def predict(self, X):
            return np.zeros(len(X), dtype=int)

    experiment = promise()
    target = next(c.at_least for c in experiment.conditions if c.measured == "accuracy")
    assert experiment.measure(lambda X, y: (Same(), 0.5))["accuracy"] < target - 0.1


def test_the_lesson_shows_none_of_the_rows_that_judge():
    from mlcourse import datasets
    from mlcourse.practice.bank._ch03_experiment import SEEN, _tables

    shown = datasets.make_multiclass(
        n_samples=SEEN, n_features=500, n_classes=2, n_informative=8, class_sep=0.8, seed=2
    ).X
    for X, y, X_new, y_new in _tables():
        assert X.shape == shown.shape
        assert len(X_new) == len(y_new) == 1000
        assert len(y) == SEEN
        assert not np.isin(X_new, shown).any()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (3, "function itself"),
        (("model", 0.5), "function itself"),
        (lambda X, y: 3, "two things"),
        (lambda X, y: ("model", 0.5), "no `predict`"),
        (lambda X, y: (..., 0.5), "still returns a `...`"),
    ],
)
def test_what_is_no_answer_is_told(answer, words):
    from mlcourse.practice._records import CannotMeasure

    with pytest.raises(CannotMeasure, match=words):
        promise().measure(answer)


@pytest.mark.parametrize("share", [73, -0.1, "0.7", True, None])
def test_a_promise_is_a_share(share):
    from sklearn.dummy import DummyClassifier

    from mlcourse.practice._records import CannotMeasure

    with pytest.raises(CannotMeasure, match="from 0 to 1"):
        promise().measure(lambda X, y: (DummyClassifier().fit(X, y), share))


def test_a_pipeline_that_cannot_fill_gaps_is_told_so():
    from sklearn.linear_model import LogisticRegression

    from mlcourse.practice._records import CannotMeasure

    with pytest.raises(CannotMeasure, match="gaps"):
        promise().measure(lambda X, y: (LogisticRegression().fit(X, y), 0.7))


def test_a_stratified_split_can_leave_a_class_with_two_rows_out():
    from sklearn.model_selection import train_test_split

    fires = np.arange(1000) < 2  # the challenge problem says so
    held = [
        train_test_split(fires, test_size=0.25, stratify=fires, random_state=seed)[1].sum()
        for seed in range(100)
    ]
    assert 30 < held.count(0) < 70
