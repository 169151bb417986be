"""Data sets: the record, its checks, what is made and what is loaded."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from mlcourse import datasets
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.datasets import Dataset

X = np.arange(12.0).reshape(6, 2)
Y = np.array([[0, 1], [1, 1], [0, 0], [1, 0], [0, 1], [1, 0]])


def test_a_dataset_is_frozen_and_its_arrays_are_read_only():
    data = Dataset(X, Y, "multilabel")
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.X = X
    with pytest.raises(ValueError, match="read-only"):
        data.X[0, 0] = 1
    copy = data.X.copy()
    copy[0, 0] = 1


def test_the_callers_own_array_stays_writable_and_apart():
    mine = X.copy()
    data = Dataset(mine, Y, "multilabel")
    mine[0, 0] = 99
    assert data.X[0, 0] == 0


def test_names_are_made_up_where_left_out():
    data = Dataset(X, Y, "multilabel")
    assert data.class_names == ("label_0", "label_1")
    assert data.feature_names == ("feature_0", "feature_1")
    assert Dataset(X, [0, 1, 2, 0, 1, 2], "multiclass").class_names == ("class_0", "class_1", "class_2")


def test_labels_become_whole_numbers():
    data = Dataset(X, Y.astype(float), "multilabel")
    assert data.y.dtype == np.int64
    assert Dataset(X, Y.astype(bool), "multilabel").y.dtype == np.int64


def test_counts_include_classes_that_never_occur():
    data = Dataset(X, [0, 1, 0, 0, 1, 0], "multiclass", ["a", "b", "c"])
    assert data.counts.tolist() == [4, 2, 0]
    assert (data.n_samples, data.n_features, data.n_classes) == (6, 2, 3)
    assert Dataset(X, Y, "multilabel").counts.tolist() == [3, 3]


def test_pictures_are_allowed_and_missing_values_too():
    pictures = Dataset(np.zeros((2, 8, 8), dtype=np.uint8), [0, 1], "multiclass")
    assert pictures.feature_names == ()
    assert pictures.n_features == 64
    assert "pictures of 8 × 8" in str(pictures)
    holes = Dataset([[1.0, np.nan], [2.0, 3.0]], [0, 1], "multiclass")
    assert "NaN" in str(holes)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (
            {"task": "binary"},
            InvalidArgument,
            "task is 'binary', but must be one of 'multiclass', 'multilabel'",
        ),
        ({"X": [["a", "b"]] * 6}, InvalidType, "X holds text, but must hold numbers"),
        ({"X": X[:, 0]}, InvalidArgument, r"X has the shape \(6,\), but needs rows and columns"),
        ({"X": X[:0], "y": Y[:0]}, InvalidArgument, r"X is empty \(shape \(0, 2\)\)"),
        ({"y": Y[:5]}, InvalidArgument, "X has 6 rows and y has 5"),
        ({"y": Y[:, 0]}, InvalidArgument, r"y has the shape \(6,\), but multilabel needs \(rows, labels\)"),
        ({"y": Y * 2}, InvalidArgument, "y holds 2, but multilabel labels must be 0 or 1"),
        ({"y": Y * -1}, InvalidArgument, "y holds -1, but multilabel labels must be 0 or 1"),
        ({"y": Y * 0.5}, InvalidArgument, "y holds 0.5, but"),
        ({"y": Y * np.nan}, InvalidArgument, "y holds nan, but"),
        ({"y": [["a"]] * 6}, InvalidType, "y holds text, but must hold whole numbers"),
        ({"class_names": ["a"]}, InvalidArgument, "class_names has 1 names, but y has 2 columns"),
        ({"class_names": "ab"}, InvalidType, "class_names is 'ab', but must be a list of names"),
        (
            {"class_names": ["a", "a"]},
            InvalidArgument,
            "class_names holds 'a' 2 times, but names must differ",
        ),
        ({"feature_names": ["a"]}, InvalidArgument, "feature_names has 1 names, but X has 2 columns"),
        ({"X": np.zeros((6, 2, 2)), "feature_names": ["a"]}, InvalidArgument, "belong to a table"),
        (
            {"task": "multiclass"},
            InvalidArgument,
            r"y has the shape \(6, 2\), but multiclass needs \(rows,\)",
        ),
        (
            {"task": "multiclass", "y": [0, 1, 2, 0, 1, 2], "class_names": ["a", "b"]},
            InvalidArgument,
            "class_names has 2 names, but y goes up to 2, which needs 3",
        ),
        ({"task": "multiclass", "y": [0, 1, 2, 0, 1, -2]}, InvalidArgument, "y holds -2, but multiclass"),
    ],
)
def test_what_does_not_fit_together_is_named(change, error, says):
    arguments = {"X": X, "y": Y, "task": "multilabel"} | change
    with pytest.raises(error, match=says):
        Dataset(**arguments)


def test_the_repr_is_one_line_and_the_text_shows_counts_and_rows():
    data = Dataset(X, Y, "multilabel", ["cat", "dog"], description="Six rows.", source="here")
    assert repr(data) == "Dataset(6 × 2, multilabel, 2 labels)"
    text = str(data)
    assert "6 rows, 2 features, 2 labels, on average 1.0 on" in text
    assert "cat: 3 rows (50.0 %)" in text
    assert "Six rows." in text
    assert "Source: here." in text
    assert "cat, dog" in text
    assert "none" in text


def test_the_html_escapes_what_it_is_given_and_has_captions():
    data = Dataset(X, Y, "multilabel", ["<b>", "dog"], ["a&b", "c"], description="<script>", source="<i>")
    shown = data._repr_html_()
    for raw in ("<b>", "<script>", "<i>", "a&b"):
        assert raw not in shown
    assert "&lt;b&gt;" in shown
    assert shown.count("<caption>") == 2


def test_many_columns_and_classes_are_cut_in_the_display():
    data = Dataset(np.ones((40, 30)), np.arange(40), "multiclass")
    assert "… 24 more" in str(data)
    assert "… 28 more" in str(data)
    assert "… 28 more" in data._repr_html_()


def test_a_column_is_written_with_the_same_decimals_throughout():
    lines = str(Dataset([[1.0, 3], [1.5, 4]], [0, 1], "multiclass")).splitlines()
    assert lines[-2].split() == ["0", "1.00", "3", "class_0"]
    assert lines[-1].split() == ["1", "1.50", "4", "class_1"]


def test_make_multilabel_gives_what_it_says():
    data = datasets.make_multilabel()
    assert data.X.shape == (1000, 20)
    assert data.y.shape == (1000, 4)
    assert data.class_names == ("sport", "politics", "science", "music")
    assert len(set(data.feature_names)) == 20
    assert (data.X.round() == data.X).all()
    assert abs(data.X.sum(axis=1).mean() - 100) < 1
    assert "drawn by scikit-learn" in data.source


def test_a_word_is_named_after_the_topic_in_which_it_is_most_frequent():
    data = datasets.make_multilabel(
        n_samples=4000, n_features=12, n_labels=3, labels_per_sample=1, length=300
    )
    alone = data.y.sum(axis=1) == 1
    frequency = np.array([data.X[alone & (data.y[:, k] == 1)].mean(axis=0) for k in range(3)])
    from mlcourse.datasets._make import TOPICS

    for column, word in enumerate(data.feature_names):
        topic = data.class_names[int(frequency[:, column].argmax())]
        assert word in TOPICS[topic].split()


def test_more_topics_and_words_than_there_are_names_for():
    data = datasets.make_multilabel(n_samples=20, n_features=300, n_labels=10)
    assert data.class_names[7:] == ("business", "topic_8", "topic_9")
    assert len(set(data.feature_names)) == 300
    assert datasets.make_multilabel(n_samples=5, n_features=3, n_labels=1).y.shape == (5, 1)


def test_make_multiclass_gives_what_it_says():
    data = datasets.make_multiclass()
    assert data.X.shape == (1000, 20)
    assert data.class_names == ("glass", "metal", "paper")
    assert data.feature_names[0] == "sensor_01"
    assert data.counts.min() > 300
    uneven = datasets.make_multiclass(weights=[0.8, 0.15, 0.05], n_classes=3, seed=1)
    assert (np.abs(uneven.counts / 1000 - [0.8, 0.15, 0.05]) < 0.02).all()


def test_class_sep_makes_the_materials_easier_to_tell():
    def accuracy(sep):
        train, test = datasets.make_multiclass(class_sep=sep).split()
        return LogisticRegression(max_iter=500).fit(train.X, train.y).score(test.X, test.y)

    assert accuracy(0.3) + 0.15 < accuracy(2)


@pytest.mark.parametrize("make", [datasets.make_multilabel, datasets.make_multiclass])
def test_the_seed_decides_the_numbers(make):
    a, b, c = make(n_samples=50), make(n_samples=50, seed=0), make(n_samples=50, seed=1)
    assert (a.X == b.X).all()
    assert (a.y == b.y).all()
    assert a.feature_names == b.feature_names
    assert (a.X != c.X).any()


@pytest.mark.parametrize(
    ("make", "arguments", "error", "says"),
    [
        (
            "make_multilabel",
            {"n_samples": 0},
            InvalidArgument,
            "n_samples is 0, but must be a whole number from 1",
        ),
        (
            "make_multilabel",
            {"n_samples": "10"},
            InvalidType,
            "n_samples is '10', but must be a whole number",
        ),
        ("make_multilabel", {"n_features": 2.5}, InvalidType, "n_features is 2.5"),
        (
            "make_multilabel",
            {"n_labels": 0},
            InvalidArgument,
            "n_labels is 0, but must be a whole number from 1",
        ),
        (
            "make_multilabel",
            {"labels_per_sample": 5},
            InvalidArgument,
            "labels_per_sample is 5, but must be a whole number from 1 to 4",
        ),
        ("make_multilabel", {"length": -1}, InvalidArgument, "length is -1"),
        ("make_multilabel", {"seed": -1}, InvalidArgument, "seed is -1, but must be a whole number from 0"),
        ("make_multilabel", {"seed": None}, InvalidType, "seed is None"),
        (
            "make_multiclass",
            {"n_classes": 1},
            InvalidArgument,
            "n_classes is 1, but must be a whole number from 2",
        ),
        (
            "make_multiclass",
            {"n_classes": 5, "n_features": 2},
            InvalidArgument,
            "n_classes is 5.* from 2 to 4",
        ),
        (
            "make_multiclass",
            {"n_informative": 21},
            InvalidArgument,
            "n_informative is 21, but must be a whole number from 2 to 20",
        ),
        (
            "make_multiclass",
            {"class_sep": -1},
            InvalidArgument,
            "class_sep is -1, but must be a number from 0",
        ),
        ("make_multiclass", {"weights": [0.5, 0.5]}, InvalidArgument, "must be 3 shares"),
        ("make_multiclass", {"weights": [0.5, 0.7, -0.2]}, InvalidArgument, "must be 3 shares"),
        ("make_multiclass", {"weights": 3}, InvalidType, "weights is 3, but must be a list of 3 numbers"),
    ],
)
def test_bad_arguments_name_argument_value_and_range(make, arguments, error, says):
    with pytest.raises(error, match=says):
        getattr(datasets, make)(**arguments)


@pytest.mark.parametrize(
    ("load", "shape", "counts"),
    [
        ("load_iris", (150, 4), [50, 50, 50]),
        ("load_wine", (178, 13), [59, 71, 48]),
        ("load_digits", (1797, 64), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
    ],
)
def test_what_is_loaded(load, shape, counts):
    data = getattr(datasets, load)()
    assert data.X.shape == shape
    assert data.counts.tolist() == counts
    assert data.task == "multiclass"
    assert len(data.class_names) == len(counts)
    assert len(data.feature_names) == shape[1]
    assert data.description
    assert data.source
