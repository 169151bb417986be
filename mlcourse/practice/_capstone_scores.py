"""Scores as functions of sums over rows, so that a thousand resamples cost one matrix product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._capstone_records import Interval

if TYPE_CHECKING:
    from collections.abc import Callable

    Array = np.ndarray[Any, Any]

RESAMPLES = 1000


@dataclass(frozen=True)
class Metric:
    """A score from 0 to 1 that depends on sums over the rows only.

    Attributes
    ----------
    name, title
        As scikit-learn calls it, and in words.
    tasks
        The tasks it can be computed for.
    rows
        From truth and answers (0/1, shape (n, k)): what each row adds to the sums, shape (n, m).
    of
        From sums, shape (..., m), to scores, shape (...,).
    """

    name: str
    title: str
    tasks: tuple[str, ...]
    rows: Callable[[Array, Array], Array]
    of: Callable[[Array], Array]


def _ratio(above: Array, below: Array) -> Array:
    """Divide; 0 for 0/0, as scikit-learn's `zero_division=0`."""
    return np.asarray(np.divide(above, below, out=np.zeros_like(above, dtype=float), where=below > 0))


def _counts(Y: Array, H: Array) -> Array:
    return np.concatenate([Y * H, (1 - Y) * H, Y * (1 - H)], axis=1).astype(float)  # TP, FP, FN


def _f1(sums: Array) -> Array:
    tp, fp, fn = np.split(sums, 3, axis=-1)
    return _ratio(2 * tp, 2 * tp + fp + fn)


def _micro(sums: Array) -> Array:
    return _f1(np.stack([part.sum(axis=-1) for part in np.split(sums, 3, axis=-1)], axis=-1))[..., 0]


def _share(values: Array) -> Array:
    return np.stack([values.astype(float), np.ones(len(values))], axis=1)


def _mean(sums: Array) -> Array:
    return _ratio(sums[..., 0], sums[..., 1])


def _recalls(sums: Array) -> Array:
    hits, true = np.split(sums, 2, axis=-1)
    there = true > 0  # scikit-learn leaves out classes that do not occur
    return _ratio((_ratio(hits, true) * there).sum(axis=-1), there.sum(axis=-1))


def _row_f1(Y: Array, H: Array) -> Array:
    both, either = 2.0 * (Y * H).sum(axis=1), (Y + H).sum(axis=1)
    return np.where(either > 0, both / np.maximum(either, 1), 1.0)  # nothing true, nothing said: right


BOTH = ("multiclass", "multilabel")
METRICS = {
    m.name: m
    for m in (
        Metric("macro_f1", "macro F1", BOTH, _counts, lambda s: _f1(s).mean(axis=-1)),
        Metric("micro_f1", "micro F1", BOTH, _counts, _micro),
        Metric(
            "balanced_accuracy", "balanced accuracy", ("multiclass",),
            lambda Y, H: np.concatenate([Y * H, Y], axis=1).astype(float), _recalls,
        ),
        Metric("accuracy", "accuracy", ("multiclass",), lambda Y, H: _share((Y == H).all(axis=1)), _mean),
        Metric("subset_accuracy", "subset accuracy", ("multilabel",), lambda Y, H: _share((Y == H).all(axis=1)), _mean),
        Metric("binary_accuracy", "accuracy of single answers", ("multilabel",), lambda Y, H: _share((Y == H).mean(axis=1)), _mean),
        Metric("samples_f1", "samples F1", ("multilabel",), lambda Y, H: _share(_row_f1(Y, H)), _mean),
    )
}  # fmt: skip


def one_hot(y: Array, n_classes: int) -> Array:
    """Return class numbers as rows of 0 and 1; what is 0/1 already is returned as it is."""
    return np.asarray(y if np.ndim(y) == 2 else np.eye(n_classes, dtype=int)[y])


def resampled(metric: Metric, Y: Array, H: Array, *, seed: int = 0) -> Array:
    """Return the score of 1000 bootstrap resamples: as many rows, drawn with replacement (Efron 1979)."""
    n = len(Y)
    rng = np.random.default_rng(seed)
    rows = metric.rows(Y, H)
    # How often each row was drawn, in parts: 1000 times 4000 numbers at once are 32 MB.
    parts = []
    for _ in range(RESAMPLES // 100):
        drawn = rng.integers(0, n, size=(100, n)) + n * np.arange(100)[:, None]
        parts.append(np.bincount(drawn.ravel(), minlength=100 * n).reshape(100, n).astype(float) @ rows)
    return metric.of(np.concatenate(parts))


def interval(metric: Metric, Y: Array, H: Array, *, level: float = 0.95, seed: int = 0) -> Interval:
    """Return a score with its percentile bootstrap interval."""
    value = float(metric.of(metric.rows(Y, H).sum(axis=0)))
    low, high = np.quantile(resampled(metric, Y, H, seed=seed), [(1 - level) / 2, (1 + level) / 2])
    return Interval(round(value, 3), round(float(low), 3), round(float(high), 3), len(Y))


def difference(
    metric: Metric, one: tuple[Array, Array], other: tuple[Array, Array], *, level: float
) -> tuple[float, float, float]:
    """Return by how much the first score is above the second, and the interval of that, rows drawn on both sides."""
    first, second = (float(metric.of(metric.rows(*pair).sum(axis=0))) for pair in (one, other))
    gaps = resampled(metric, *one, seed=1) - resampled(metric, *other, seed=2)
    low, high = np.quantile(gaps, [(1 - level) / 2, (1 + level) / 2])
    return round(first - second, 3), round(float(low), 3), round(float(high), 3)


def calibration(y: Array, P: Array) -> tuple[float, float, float]:
    """Return the expected calibration error, the Brier score, and the Brier score of knowing only how common each label is.

    For one class a row, the error is that of the winner's probability, as in `plots.reliability`.
    """
    from mlcourse.plots._numbers import reliability

    Y = one_hot(y, P.shape[1])
    ece = reliability.measure(y, P, n_bins=10, label=None, class_names=None).ece
    brier = float(np.mean((P - Y) ** 2))
    return round(float(ece), 3), round(brier, 3), round(float(np.mean((Y.mean(axis=0) - Y) ** 2)), 3)
