"""Splitting: exact sizes, each row once, labels in the same share on both sides."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from mlcourse import datasets
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.datasets import Dataset, _split


def labels(n_samples, n_labels, share, seed, *, unlabelled=True):
    """Labels that occur together more often than by chance, as real ones do."""
    rng = np.random.default_rng(seed)
    Y = (rng.random((n_samples, n_labels)) < 2 * share * rng.random((n_samples, 1))).astype(int)
    if not unlabelled:
        Y[np.arange(n_samples), rng.integers(n_labels, size=n_samples)] = 1
    return Y


def apart(Y, train, test):
    """How far the labels' shares are apart: one number for each label."""
    return np.abs(Y[train].mean(axis=0) - Y[test].mean(axis=0))


@pytest.mark.parametrize(
    "data", [datasets.make_multilabel(300), datasets.make_multiclass(300), datasets.load_iris()]
)
@pytest.mark.parametrize("test_size", [0.2, 0.5, 0.13, 40])
def test_sizes_are_exact_and_each_row_is_on_one_side(data, test_size):
    train, test = data.split(test_size=test_size, seed=3)
    n_test = test_size if test_size > 1 else int(np.ceil(test_size * data.n_samples))
    assert (train.n_samples, test.n_samples) == (data.n_samples - n_test, n_test)
    both = np.concatenate([train.X, test.X])
    order, other = np.lexsort(both.T), np.lexsort(data.X.T)
    assert (both[order] == data.X[other]).all()
    assert train.class_names == test.class_names == data.class_names
    assert train.feature_names == data.feature_names


@pytest.mark.parametrize("data", [datasets.make_multilabel(200), datasets.make_multiclass(200)])
def test_rows_keep_their_labels_and_the_seed_decides(data):
    of_row = {x.tobytes(): y for x, y in zip(data.X, data.y, strict=True)}
    train, test = data.split()
    for side in (train, test):
        assert all((of_row[x.tobytes()] == y).all() for x, y in zip(side.X, side.y, strict=True))
        assert not side.X.flags.writeable
    again, other = data.split()[1], data.split(seed=1)[1]
    assert (test.X == again.X).all()
    assert (test.X != other.X).any()


def test_one_answer_is_split_as_scikit_learn_does():
    data = datasets.load_wine()
    train, test = data.split(test_size=0.25, seed=7)
    X_train, X_test, y_train, y_test = train_test_split(
        data.X, data.y, test_size=0.25, random_state=7, stratify=data.y
    )
    assert (X_train == train.X).all()
    assert (X_test == test.X).all()
    assert (train.y == y_train).all()
    assert (test.y == y_test).all()


@pytest.mark.parametrize(
    ("n_samples", "n_labels", "share"), [(1000, 4, 0.4), (1000, 10, 0.05), (200, 15, 0.03), (300, 8, 0.2)]
)
@pytest.mark.parametrize("unlabelled", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_shares_are_closer_than_with_a_random_split(n_samples, n_labels, share, unlabelled, seed):
    Y = labels(n_samples, n_labels, share, seed, unlabelled=unlabelled)
    n_test = n_samples // 5
    train, test = _split.split_multilabel(Y, n_test, seed)
    assert sorted([*train, *test]) == list(range(n_samples))
    assert len(test) == n_test
    ours, chance = apart(Y, train, test), apart(Y, *_split.split_plain(n_samples, n_test, seed))
    assert ours.mean() < chance.mean() / 1.5
    assert ours.max() < chance.max()


def test_with_rows_to_spare_each_label_is_off_by_less_than_a_row():
    Y = labels(1000, 6, 0.2, 0)
    _, test = _split.split_multilabel(Y, 200, 0)
    assert (np.abs(Y[test].sum(axis=0) - Y.sum(axis=0) * 0.2) < 1).all()


def test_labels_that_occur_together_stay_together_in_both_parts():
    Y = labels(1000, 6, 0.25, 1)
    pairs = np.einsum("ij,ik->ijk", Y, Y).reshape(len(Y), -1)
    ours = apart(pairs, *_split.split_multilabel(Y, 200, 1)).mean()
    chance = np.mean([apart(pairs, *_split.split_plain(1000, 200, s)).mean() for s in range(5)])
    assert ours < chance / 2


def test_rows_without_any_label_and_labels_that_never_occur():
    Y = np.zeros((50, 3), dtype=int)
    train, test = Dataset(np.ones((50, 1)), Y, "multilabel").split()
    assert (len(train.y), len(test.y)) == (40, 10)
    Y[:, 1] = 1
    train, test = Dataset(np.ones((50, 1)), Y, "multilabel").split()
    assert (len(train.y), len(test.y)) == (40, 10)


def test_a_class_with_one_row_is_learned_and_the_student_told():
    y = [0] * 20 + [1] * 20 + [2]
    data = Dataset(np.arange(41.0).reshape(-1, 1), y, "multiclass", ["cat", "dog", "yak"])
    with pytest.warns(
        UserWarning, match=r"test rows hold no example of class 'yak' \(1 row\), so it cannot be"
    ) as seen:
        train, test = data.split()
    assert seen[0].filename == __file__
    assert train.counts.tolist() == [16, 15, 1] or train.counts.tolist() == [15, 16, 1]
    assert test.counts[2] == 0
    assert train.n_samples + test.n_samples == 41
    assert test.n_samples == 9


def test_a_label_with_one_row_is_learned_and_the_student_told():
    Y = labels(100, 3, 0.3, 0)
    Y[:, 2] = 0
    Y[17, 2] = 1
    with pytest.warns(UserWarning, match=r"no example of label 'label_2' \(1 row\)"):
        train, test = Dataset(np.ones((100, 1)), Y, "multilabel").split()
    assert (train.counts[2], test.counts[2]) == (1, 0)


def test_several_rare_classes_are_named_together():
    y = [0] * 40 + [1, 2]
    with pytest.warns(
        UserWarning, match=r"classes 'class_1' \(1 row\) and 'class_2' \(1 row\), so they cannot"
    ):
        Dataset(np.ones((42, 1)), y, "multiclass").split()


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"test_size": 0}, InvalidArgument, "test_size is 0, but must be a whole number from 1 to 149"),
        ({"test_size": 1.0}, InvalidArgument, "test_size is 1.0, but must be a number between 0 and 1"),
        ({"test_size": -0.2}, InvalidArgument, "test_size is -0.2, but must be a number between 0 and 1"),
        ({"test_size": float("nan")}, InvalidArgument, "test_size is nan"),
        ({"test_size": 150}, InvalidArgument, "test_size is 150, but must be a whole number from 1 to 149"),
        ({"test_size": 0.999}, InvalidArgument, "test_size is 0.999, which holds back all 150 rows"),
        ({"test_size": "0.2"}, InvalidType, "test_size is '0.2', but must be a number"),
        ({"test_size": True}, InvalidType, "test_size is True"),
        (
            {"test_size": 2},
            InvalidArgument,
            "leaves 2 rows on the test side, too few for one of each of the 3",
        ),
        ({"test_size": 148}, InvalidArgument, "leaves 2 rows on the training side, too few"),
        ({"seed": -1}, InvalidArgument, "seed is -1, but must be a whole number from 0"),
        ({"seed": "a"}, InvalidType, "seed is 'a'"),
    ],
)
def test_bad_arguments(arguments, error, says):
    with pytest.raises(error, match=says):
        datasets.load_iris().split(**arguments)


def test_one_row_cannot_be_split():
    with pytest.raises(InvalidArgument, match="the data has 1 row, but a split needs at least 2"):
        Dataset([[1.0]], [0], "multiclass").split()
