"""Scenes and baskets: labels are what is drawn, the same for the same seed; sheets never on both sides."""

from __future__ import annotations

import numpy as np
import pytest

from mlcourse import datasets
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.datasets import _baskets
from mlcourse.datasets._places import free_places
from mlcourse.datasets._scenes import SHEETS


@pytest.fixture(scope="module")
def scenes() -> datasets.Dataset:
    return datasets.make_digit_scenes(600, seed=3)


@pytest.fixture(scope="module")
def baskets() -> datasets.Dataset:
    return datasets.make_fruit_baskets(3000, seed=1)


def drawings(dataset: datasets.Dataset) -> set[bytes]:
    """Return the drawings of all scenes that hold a single digit, each as it stands in its ink's corner."""
    found = set()
    for picture in dataset.X[..., 0]:
        rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
        cut = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        if max(cut.shape) <= 8:  # two digits never fit into one digit's square
            found.add(cut.tobytes())
    return found


def test_scenes_are_pictures_for_keras(scenes):
    assert scenes.X.shape == (600, 32, 32, 1)
    assert scenes.X.dtype == np.float32
    assert scenes.X.min() == 0
    assert scenes.X.max() == 1
    assert scenes.y.shape == (600, 10)
    assert scenes.class_names == tuple("0123456789")
    assert repr(scenes) == "Dataset(600 × 32 × 32 × 1, multilabel, 10 labels)"


def test_every_number_of_digits_occurs_and_the_labels_say_which(scenes):
    assert set(scenes.y.sum(axis=1)) == {1, 2, 3, 4}
    ink = {bytes(d.astype(np.float32) / 16) for d in datasets.load_digits().X}
    label_of = dict(
        zip(
            (bytes(d.astype(np.float32) / 16) for d in datasets.load_digits().X),
            datasets.load_digits().y,
            strict=True,
        )
    )
    checked = 0
    for picture, y in zip(scenes.X[:80, ..., 0], scenes.y[:80], strict=True):
        windows = np.lib.stride_tricks.sliding_window_view(picture, (8, 8)).reshape(-1, 64)
        there = {label_of[w.tobytes()] for w in windows if w.tobytes() in ink}
        assert there == set(np.flatnonzero(y))
        checked += len(there)
    assert checked > 80


def test_digits_stand_anywhere():
    alone = datasets.make_digit_scenes(3000, seed=0).X[..., 0].sum(axis=0)
    middle = alone[8:24, 8:24]
    assert middle.min() > 0.5 * middle.max()
    # At the edges, too: no drawing fills its outermost columns.
    assert (alone[[0, -1]].sum(axis=1) > 100).all()
    assert (alone[:, [2, -3]].sum(axis=0) > 100).all()


def test_a_split_puts_whole_sheets_to_one_side(scenes):
    train, test = scenes.split(0.2, seed=0)
    assert set(train.groups) | set(test.groups) == set(range(10))
    assert not set(train.groups) & set(test.groups)
    assert (train.n_samples, test.n_samples) == (480, 120)
    assert not drawings(train) & drawings(test)
    again = scenes.split(0.2, seed=0)[1]
    assert np.array_equal(again.X, test.X)


def test_another_split_would_share_drawings(scenes):
    order = np.random.default_rng(0).permutation(scenes.n_samples)
    assert drawings(scenes.take(order[:480])) & drawings(scenes.take(order[480:]))


def test_kept_sheets_share_nothing_with_the_usual_ones(scenes):
    kept = datasets.make_digit_scenes(400, sheets=(10, 11), seed=3)
    assert set(kept.groups) == {10, 11}
    assert not drawings(kept) & drawings(scenes)


def test_sheets_are_about_equal_and_hold_all_digits():
    for sheet in range(SHEETS):
        of = datasets.make_digit_scenes(200, sheets=[sheet])
        assert of.counts.min() > 0


def test_baskets_are_coloured_pictures(baskets):
    assert baskets.X.shape == (3000, 32, 32, 3)
    assert baskets.X.dtype == np.float32
    assert baskets.X.min() >= 0
    assert baskets.X.max() <= 1
    assert set(baskets.y.sum(axis=1)) == {1, 2, 3, 4, 5}


def test_fruits_are_unequal_and_lie_together(baskets):
    share = baskets.counts / baskets.n_samples
    assert 0.01 < share.min() < 0.03
    assert 0.47 < share.max() < 0.53
    related = np.corrcoef(baskets.y.T)
    np.fill_diagonal(related, 0)
    assert related.max() > 0.2
    assert related.min() < -0.2


def test_neither_colour_nor_shape_alone_tells_a_fruit():
    shapes, colours = zip(*_baskets.FRUITS.values(), strict=True)
    assert all(shapes.count(shape) >= 2 for shape in shapes)
    assert all(colours.count(colour) == 2 for colour in colours)
    assert len(set(_baskets.FRUITS.values())) == 10


def test_each_fruit_shows_its_colour(baskets):
    names = baskets.class_names
    for name in ("apple", "lime"):
        alone = (baskets.y.sum(axis=1) == 1) & (baskets.y[:, names.index(name)] == 1)
        paint = np.array(_baskets.COLOURS[_baskets.FRUITS[name][1]])
        near = np.abs(baskets.X[alone] - paint).max(axis=-1).min(axis=(1, 2))
        assert alone.sum() > 3
        assert np.median(near) < 0.12


@pytest.mark.parametrize("make", [datasets.make_digit_scenes, datasets.make_fruit_baskets])
def test_the_same_seed_gives_the_same_pictures(make):
    one, same, other = make(20, seed=5), make(20, seed=5), make(20, seed=6)
    assert np.array_equal(one.X, same.X)
    assert np.array_equal(one.y, same.y)
    assert not np.array_equal(one.X, other.X)
    assert "seed 5" in one.source


@pytest.mark.parametrize(
    ("arguments", "error", "part"),
    [
        ({"n_samples": 0}, InvalidArgument, "n_samples is 0"),
        ({"n_samples": 2.5}, InvalidType, "n_samples is 2.5"),
        ({"seed": -1}, InvalidArgument, "seed is -1"),
        ({"sheets": 3}, InvalidType, "sheets is 3"),
        ({"sheets": []}, InvalidArgument, "at least one number"),
        ({"sheets": [1, 1]}, InvalidArgument, "none twice"),
        ({"sheets": [12]}, InvalidArgument, r"sheets\[0\] is 12"),
    ],
)
def test_bad_arguments_are_told(arguments, error, part):
    with pytest.raises(error, match=part):
        datasets.make_digit_scenes(**arguments)


def test_one_sheet_cannot_be_split():
    with pytest.raises(InvalidArgument, match="all rows are of group 4"):
        datasets.make_digit_scenes(50, sheets=[4]).split()


@pytest.mark.parametrize(
    ("groups", "error", "part"),
    [([0.5, 1.0], InvalidType, "groups holds"), ([1], InvalidArgument, r"groups has the shape \(1,\)")],
)
def test_groups_must_fit_the_rows(groups, error, part):
    with pytest.raises(error, match=part):
        datasets.Dataset(np.zeros((2, 1)), np.array([0, 1]), "multiclass", groups=np.array(groups))


def test_groups_of_unequal_size_come_as_near_as_they_can():
    groups = np.repeat([7, 8, 9], [5, 80, 15])
    data = datasets.Dataset(np.zeros((100, 1)), np.arange(100) % 2, "multiclass", groups=groups)
    for seed in range(8):
        train, test = data.split(0.2, seed=seed)
        assert not set(train.groups) & set(test.groups)
        assert train.n_samples + test.n_samples == 100


def test_things_do_not_overlap():
    rng = np.random.default_rng(0)
    counts = rng.integers(0, 5, 500)
    places = free_places(rng, counts, 4, 8, 32)
    assert places.min() == 0
    assert places.max() == 24
    for n, corners in zip(counts, places, strict=True):
        for i in range(n):
            for j in range(i):
                assert np.abs(corners[i] - corners[j]).max() >= 8
