"""Rules about the model as a whole: compiled at all, and fit for this X."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import shape
from mlcourse.doctor import _fixes
from mlcourse.doctor._registry import Seen, rule

if TYPE_CHECKING:
    from mlcourse.doctor._facts import Facts, Input


@rule(
    "not-compiled",
    "error",
    "set-up",
    "The model has no loss to learn from",
    "compile() tells a model which loss to make smaller, by which optimizer. Without a loss, fit() stops "
    "with an error.",
)
def not_compiled(facts: Facts) -> Seen | None:
    """Find a model that was not compiled, or compiled without a loss."""
    if facts.own_training or facts.loss is not None:
        return None
    return Seen(
        "compile() was called without a loss." if facts.compiled else "The model was never compiled.",
        _fixes.compile_line(facts, metrics=None if facts.metrics else [_fixes.right_metric(facts)]),
    )


@rule(
    "input-shape-mismatch",
    "error",
    "set-up",
    "X does not fit the model's input",
    "A layer's weights are made for one shape of row. Rows of another shape cannot be multiplied with "
    "them, so Keras stops with an error.",
    whole=True,
)
def input_shape_mismatch(facts: Facts) -> Seen | None:
    """Find an input whose rows have another shape than the model expects."""
    for one in facts.inputs:
        if one.expected is not None and not fits(one.shape, one.expected):
            name = f"the input {one.name!r}" if len(facts.inputs) > 1 else "the model"
            return Seen(
                f"One row of X has shape {shape(one.shape)} ({one.shape}), but {name} expects "
                f"{shape(one.expected)} ({one.expected}).",
                _shape_fix(one),
            )
    if facts.call_error:
        return Seen(f"Calling the model on rows of X stops with: {facts.call_error}", _call_fix(facts))
    return None


def fits(given: tuple[int, ...], expected: tuple[int | None, ...]) -> bool:
    """Tell whether Keras takes rows of this shape: it adds or drops a last axis of size 1 by itself."""
    if len(given) == len(expected) - 1 and expected[-1] == 1:
        given = (*given, 1)
    elif len(given) == len(expected) + 1 and given[-1] == 1:
        given = given[:-1]
    return len(given) == len(expected) and all(
        e is None or g == e for g, e in zip(given, expected, strict=True)
    )


def _shape_fix(one: Input) -> str:
    size, wanted = 1, 1
    for g in one.shape:
        size *= g
    for e in one.expected or ():
        wanted *= e or 0
    if one.expected and None not in one.expected and size == wanted:
        return f"X = X.reshape(-1, {', '.join(map(str, one.expected))})"
    return f"keras.Input(shape={one.shape})  # the model's first line"


def _call_fix(facts: Facts) -> str:
    return f"keras.Input(shape={facts.inputs[0].shape})  # build the model for rows of this shape"
