"""What the model's answers on the sampled rows look like, measured with NumPy."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.doctor._facts import LINEAR, Behaviour, Output

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mlcourse.doctor._facts import Labels, Task


def told_activation(output: Output, answers: NDArray[Any]) -> Output:
    """Tell the last activation from its answers where the layers do not show it.

    Parameters
    ----------
    answers
        Shape (n_rows, ..., n_units), float64.
    """
    seen = answers.reshape(len(answers), -1) if answers.ndim == 1 else answers
    if not np.isfinite(seen).all():
        return output
    inside = bool(seen.min() >= 0.0 and seen.max() <= 1.0)
    if inside and seen.shape[-1] > 1 and bool((np.abs(seen.sum(axis=-1) - 1.0) < 1e-3).all()):
        name = "softmax"
    else:
        name = "sigmoid" if inside else "linear"
    return dataclasses.replace(output, activations=(name,), seen_in="numbers")


def behaviour(
    answers: NDArray[Any], y: NDArray[Any], *, inputs_differ: bool, task: Task, output: Output, labels: Labels
) -> Behaviour:
    """Measure one output's answers.

    Parameters
    ----------
    answers
        Shape (n_rows, ..., n_units), float64.
    y
        The labels of the same rows.
    inputs_differ
        Whether the rows of X differ at all.
    """
    finite = np.isfinite(answers)
    if not finite.all():
        return Behaviour(len(answers), bad=int((~finite).sum()), inputs_differ=inputs_differ)
    flat = answers.reshape(-1, output.units) if output.shape else answers.reshape(-1, 1)
    half = 0.0 if output.activation in LINEAR else 0.5
    same = None
    if task in ("binary", "multiclass"):
        chosen = np.unique(flat.argmax(axis=1) if output.units > 1 else (flat[:, 0] > half).astype(int))
        same = int(chosen[0]) if len(chosen) == 1 else None
    by_argmax = by_label = None
    if (
        task == "multilabel"
        and labels.zero_one
        and labels.layout == "matrix"
        and labels.width == output.units > 1
    ):
        truth = y.reshape(-1, output.units)
        by_argmax = float((flat.argmax(axis=1) == truth.argmax(axis=1)).mean())
        by_label = float(((flat > half) == (truth > 0.5)).mean())
    return Behaviour(
        rows=len(answers),
        low=float(answers.min()),
        high=float(answers.max()),
        spread=float((answers.max(axis=0) - answers.min(axis=0)).max()),
        inputs_differ=inputs_differ,
        same_class=same,
        argmax_accuracy=by_argmax,
        label_accuracy=by_label,
    )
