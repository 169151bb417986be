"""Leaks are found by what rows, numbers and answers show, and honest work is left alone."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn import preprocessing

from mlcourse import practice
from mlcourse.practice import _capstone_leaks as leaks
from mlcourse.practice._capstone_hand_in import NotReadable, part, thresholds

DATA = practice.capstone("articles").data
CARDS = practice.capstone("scenes").data
ROWS = np.random.default_rng(0).permutation(DATA.n_samples)
TRAIN, CHOOSE, TEST = ROWS[:1800], ROWS[1800:2400], ROWS[2400:]


def hand_in(train=TRAIN, validation=CHOOSE, test=TEST, data=DATA, **more):
    parts = {
        name: None if rows is None else part(name, rows, data)
        for name, rows in (("train", train), ("validation", validation), ("test", test))
    }
    given = {"preprocess": None, "tuned_on": "validation", "model": SimpleNamespace(layers=[]), **more}
    return SimpleNamespace(**parts, **given)


def codes(found):
    return [leak.code for leak in found]


def test_honest_rows_share_nothing():
    assert not list(leaks.shared_rows(hand_in()))


@pytest.mark.parametrize(
    ("name", "code"), [("train", "rows-in-training"), ("validation", "rows-in-validation")]
)
def test_a_single_shared_row_is_found(name, code):
    rows = {"train": TRAIN, "validation": CHOOSE}[name]
    found = list(leaks.shared_rows(hand_in(**{name: np.append(rows, TEST[5])})))
    assert codes(found) == [code]
    assert f"1 of {len(TEST)} test rows" in found[0].evidence


def test_a_shared_row_is_found_in_datasets_too_and_among_rows_that_were_added():
    import dataclasses

    train, test = DATA.take(TRAIN), DATA.take(TEST)
    assert not list(leaks.shared_rows(hand_in(train, None, test)))
    more = dataclasses.replace(train, X=np.vstack([train.X, test.X[:3]]), y=np.vstack([train.y, test.y[:3]]))
    assert codes(leaks.shared_rows(hand_in(more, None, test))) == ["rows-in-training"]


def test_a_sheet_of_handwriting_on_both_sides_is_found():
    train, test = CARDS.split(0.3, seed=0)
    assert not list(leaks.shared_groups(hand_in(train, None, test, CARDS), CARDS))
    mixed = np.random.default_rng(0).permutation(CARDS.n_samples)
    found = list(leaks.shared_groups(hand_in(mixed[:1500], None, mixed[1500:], CARDS), CARDS))
    assert codes(found) == ["groups-on-both-sides"]


SCALERS = {
    "standard": preprocessing.StandardScaler,
    "minmax": preprocessing.MinMaxScaler,
    "robust": preprocessing.RobustScaler,
    "maxabs": preprocessing.MaxAbsScaler,
    "from -1": lambda: preprocessing.MinMaxScaler((-1, 1)),
}


@pytest.mark.parametrize("scaler", SCALERS.values(), ids=SCALERS)
@pytest.mark.parametrize(
    ("rows", "leaks_out"),
    [
        (TRAIN, False),
        (np.concatenate([TRAIN, CHOOSE]), False),
        (ROWS, True),
        (np.concatenate([TRAIN, TEST]), True),
    ],
    ids=["train", "train and validation", "all", "train and test"],
)
def test_a_scalers_statistics_tell_its_rows(scaler, rows, leaks_out):
    fitted = scaler().fit(DATA.X[rows])
    found, note = leaks.scaler(hand_in(preprocess=fitted.transform), DATA)
    same = leaks_out and not np.allclose(
        fitted.transform(DATA.X), scaler().fit(DATA.X[TRAIN]).transform(DATA.X)
    )
    assert codes(found) == (["scaler-knows-test"] if same else [])
    assert same or "fitted on the training" in note


def test_a_scaler_that_knows_rows_handed_in_nowhere_is_no_leak():
    fitted = preprocessing.StandardScaler().fit(DATA.X[np.concatenate([TRAIN, CHOOSE])])
    found, note = leaks.scaler(hand_in(validation=None, preprocess=fitted.transform), DATA)
    assert not found
    assert "all rows but the test rows" in note


def test_the_models_own_normalization_is_looked_into():
    import keras

    for rows, code in ((TRAIN, []), (ROWS, ["scaler-knows-test"])):
        layer = keras.layers.Normalization()
        layer.adapt(DATA.X[rows].astype("float32"))
        found, _ = leaks.scaler(hand_in(model=SimpleNamespace(layers=[layer])), DATA)
        assert codes(found) == code


def test_preprocessing_that_learns_nothing_is_not_accused():
    assert leaks.scaler(hand_in(), DATA)[0] == []
    assert leaks.scaler(hand_in(preprocess=lambda X: X / 10), DATA)[0] == []
    assert leaks.scaler(hand_in(preprocess=np.log1p), DATA)[0] == []

    def broken(X):  # noqa: ARG001
        raise ValueError("no")

    assert leaks.scaler(hand_in(preprocess=broken), DATA)[0] == []


def test_an_answer_that_depends_on_the_rows_beside_it_is_found():
    assert not list(leaks.neighbours(lambda X: X / 100, DATA.X[:32]))
    assert codes(leaks.neighbours(lambda X: X - X.mean(axis=0), DATA.X[:32])) == ["depends-on-neighbours"]


def test_choosing_on_test_rows_is_a_leak_and_chance_is_none():
    assert codes(leaks.chosen_on_test(hand_in(tuned_on="test"))) == ["tuned-on-test"]
    assert not list(leaks.chosen_on_test(hand_in()))
    assert not list(leaks.unexplained((0.02, -0.01, 0.05), 0.0))
    assert codes(leaks.unexplained((0.08, 0.05, 0.11), 0.0)) == ["too-good"]
    assert not list(leaks.unexplained((0.04, 0.02, 0.06), 0.03))


@pytest.mark.parametrize(
    "rows", [[-1], [0, DATA.n_samples], [0.5], [], "all", None, [[1, 2]], [[1], [2, 3]], np.ones(5, bool)]
)
def test_what_names_no_rows_is_told(rows):
    with pytest.raises(NotReadable, match="`train`"):
        part("train", rows, DATA)


def test_a_mask_names_rows():
    mask = np.zeros(DATA.n_samples, bool)
    mask[[3, 7]] = True
    assert part("test", mask, DATA).rows.tolist() == [3, 7]


def test_test_rows_must_be_rows_as_they_came():
    import dataclasses

    X = DATA.X.copy()
    X[7] = X[7] / 18
    with pytest.raises(NotReadable, match=r"Row 7 of `test`.*untouched"):
        part("test", dataclasses.replace(DATA, X=X), DATA)
    for name in ("train", "test"):
        with pytest.raises(NotReadable, match=f"None of the rows of `{name}`.*before any scaling"):
            part(name, dataclasses.replace(DATA, X=DATA.X / 18), DATA)


@pytest.mark.parametrize("name", ["train", "validation", "test"])
def test_labels_of_known_rows_are_the_true_ones_whatever_is_handed_in(name):
    import dataclasses

    liar = dataclasses.replace(DATA, y=1 - DATA.y)
    assert (part(name, liar, DATA).y == DATA.y).all()


def test_labels_of_rows_that_were_added_are_the_students():
    more = SimpleNamespace(
        X=np.vstack([DATA.X, DATA.X[:1] + 0.5]), y=np.vstack([1 - DATA.y, [[1, 0, 1, 0, 1]]])
    )
    assert part("train", more, DATA).y[-1].tolist() == [1, 0, 1, 0, 1]


def test_labels_may_be_one_hot_and_must_be_as_many_as_rows():
    belt = practice.capstone("materials").data
    one_hot = SimpleNamespace(X=belt.X, y=np.eye(5)[belt.y])
    assert (part("train", one_hot, belt).y == belt.y).all()
    with pytest.raises(NotReadable, match="labels of shape 7"):
        part("train", SimpleNamespace(X=belt.X, y=belt.y[:7]), belt)


def test_thresholds():
    belt = practice.capstone("materials").data
    assert thresholds("argmax", belt) == ()
    assert thresholds(0.5, DATA) == (0.5,) * 5
    assert thresholds(np.linspace(0.1, 0.5, 5), DATA) == pytest.approx((0.1, 0.2, 0.3, 0.4, 0.5))


@pytest.mark.parametrize(
    ("given", "of"),
    [("argmax", DATA), ([0.5, 0.5], DATA), (1.5, DATA), (float("nan"), DATA), ("half", DATA), (None, DATA),
     (True, DATA), (0.5, practice.capstone("materials").data)],
)  # fmt: skip
def test_a_threshold_that_does_not_fit_is_told(given, of):
    with pytest.raises(NotReadable, match="`threshold`"):
        thresholds(given, of)
