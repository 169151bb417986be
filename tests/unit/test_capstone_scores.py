"""The capstone's scores are scikit-learn's, its intervals what drawing rows by hand gives."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from mlcourse.practice import _capstone_scores as scores

RNG = np.random.default_rng(0)
Y = (RNG.random((400, 4)) < [0.5, 0.3, 0.2, 0.03]).astype(int)
H = np.where(RNG.random((400, 4)) < 0.2, 1 - Y, Y)
CLASSES = RNG.choice(5, 400, p=[0.4, 0.3, 0.15, 0.1, 0.05])
SAID = np.where(RNG.random(400) < 0.3, RNG.integers(0, 5, 400), CLASSES)


def ours(name, y, h):
    metric = scores.METRICS[name]
    return float(metric.of(metric.rows(scores.one_hot(y, 5), scores.one_hot(h, 5)).sum(axis=0)))


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("macro_f1", lambda y, h: metrics.f1_score(y, h, average="macro", zero_division=0)),
        ("micro_f1", lambda y, h: metrics.f1_score(y, h, average="micro", zero_division=0)),
        ("samples_f1", lambda y, h: metrics.f1_score(y, h, average="samples", zero_division=1)),
        ("subset_accuracy", metrics.accuracy_score),
        ("binary_accuracy", lambda y, h: 1 - metrics.hamming_loss(y, h)),
    ],
)
@pytest.mark.parametrize(
    "said", [H, np.zeros_like(Y), np.ones_like(Y), Y], ids=["some", "no", "yes", "truth"]
)
def test_multilabel_scores_are_scikit_learns(name, theirs, said):
    assert ours(name, Y, said) == pytest.approx(theirs(Y, said))


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("macro_f1", lambda y, h: metrics.f1_score(y, h, average="macro", zero_division=0)),
        ("balanced_accuracy", metrics.balanced_accuracy_score),
        ("accuracy", metrics.accuracy_score),
        ("micro_f1", metrics.accuracy_score),
    ],
)
def test_multiclass_scores_are_scikit_learns(name, theirs):
    assert ours(name, CLASSES, SAID) == pytest.approx(theirs(CLASSES, SAID))


def test_the_interval_is_that_of_rows_drawn_one_by_one():
    by_hand = []
    rng = np.random.default_rng(7)
    for _ in range(600):
        rows = rng.integers(0, 400, 400)
        by_hand.append(metrics.f1_score(Y[rows], H[rows], average="macro", zero_division=0))
    found = scores.interval(scores.METRICS["macro_f1"], Y, H)
    assert found.value == round(metrics.f1_score(Y, H, average="macro"), 3)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(by_hand, [0.025, 0.975])), abs=0.012)
    assert found.n == 400


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)
    inside = 0
    for _ in range(200):
        right = (rng.random(300) < 0.8).astype(int)
        found = scores.interval(scores.METRICS["subset_accuracy"], np.ones((300, 1), int), right[:, None])
        inside += found.low <= 0.8 <= found.high
    assert 180 <= inside <= 199


def test_a_difference_that_is_chance_has_zero_inside_and_a_real_one_has_not():
    metric = scores.METRICS["macro_f1"]
    _, low, high = scores.difference(metric, (Y[:200], H[:200]), (Y[200:], H[200:]), level=0.99)
    assert low < 0 < high
    gap, low, _ = scores.difference(metric, (Y[:200], Y[:200]), (Y[200:], H[200:]), level=0.99)
    assert gap > low > 0.1


def test_calibration_knows_the_sure_from_the_right():
    p = RNG.random((4000, 3))
    honest = (RNG.random((4000, 3)) < p).astype(int)
    ece, brier, shares = scores.calibration(honest, p)
    assert ece < 0.02
    assert brier < shares
    assert scores.calibration(honest, np.round(p))[0] > 0.2
