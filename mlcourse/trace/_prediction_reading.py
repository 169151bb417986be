"""How a model's output is to be read: as probabilities or logits, as one class or many labels, and why.

What the last layer computes comes first (softmax, sigmoid); the loss that the
model was compiled with says the rest: whether raw numbers are logits
(`from_logits`), and whether classes exclude one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mlcourse.trace._prediction_loss import Loss
    from mlcourse.trace._prediction_records import TracedLayer
    from mlcourse.trace._prediction_run import Walked

# The layers that only rearrange or pass on probabilities.
_PASSES_ON = {"Flatten", "Reshape", "Permute", "Identity", "Output", "Squeeze", "Dropout", "Cast"}


@dataclass(frozen=True)
class Reading:
    """How an output is to be read: as which kind of numbers, by which rule, and why."""

    rule: str
    why: str
    applied: str | None = None
    notes: tuple[str, ...] = ()


def read(walked: Walked, layer: TracedLayer, loss: Loss) -> Reading:
    """Return how the output handed on by `layer` and trained with `loss` is to be read."""
    lost = _not_numbers(walked, layer)
    if lost:
        return Reading("none", lost)
    source = _source(layer, walked)
    opaque = walked.opaque[[one.name for one in walked.layers].index(source.name)]
    units = layer.shape[-1] if layer.shape else 1
    words = f"the last layer, {source.name!r},"
    if source.activation == "softmax":
        return _softmax_reading(words, units, loss)
    if source.activation == "sigmoid":
        return _sigmoid_reading(words, units, loss)
    if opaque and not loss.from_logits and loss.kind not in {"hinge", "regression"}:
        guessed = _reading_by_values(source, np.asarray(layer.values, dtype=np.float64), loss)
        if guessed is not None:
            return guessed
    return _raw_reading(words, source.activation, units, loss)


def _not_numbers(walked: Walked, layer: TracedLayer) -> str:
    """Say why an output cannot be read at all, or nothing if it can."""
    if layer.values.dtype.kind not in "biuf":
        return "the output is text, not numbers"
    if layer.values.dtype.kind != "f":
        return "the output is whole numbers, so no probabilities or logits"
    if layer.values.size == 0:
        return "the output holds no numbers"
    if np.isfinite(layer.values).all():
        return ""
    first = next(one for one in walked.layers if not np.isfinite(_floats(one.values)).all())
    what = "NaN" if np.isnan(_floats(first.values)).any() else "infinity"
    return (
        f"the output is not made of numbers: {what} first appears in {first.name!r}; "
        "if the loss became NaN in training, start again with a lower learning rate"
    )


def _floats(values: NDArray[Any]) -> NDArray[Any]:
    return values if values.dtype.kind in "biuf" else np.zeros(1)


def _source(layer: TracedLayer, walked: Walked) -> TracedLayer:
    """Return the layer that computed an output's numbers: the last one that did more than pass them on."""
    by_name = {one.name: one for one in walked.layers}
    inside = [
        one for one in walked.layers if one.name.startswith(f"{layer.name}/") and one.depth == layer.depth + 1
    ]
    if inside:  # a nested model: the last of its layers
        return _source(inside[-1], walked)
    if (layer.kind in _PASSES_ON or not layer.active) and len(layer.reads) == 1:
        return _source(by_name[layer.reads[0]], walked)
    return layer


def _reading_by_values(source: TracedLayer, values: NDArray[np.float64], loss: Loss) -> Reading | None:
    """Read the output of a layer whose class says nothing by what the numbers look like."""
    if values.min() < 0 or values.max() > 1:
        return None
    units = values.shape[-1] if values.ndim else 1
    one = units > 1 and bool(np.allclose(values.sum(axis=-1), 1, atol=1e-3))
    seen = "add up to 1, as softmax makes them" if one else "lie between 0 and 1, as sigmoid makes them"
    why = f"{source.name!r} does not say which function it ends with, but its numbers {seen}"
    if loss.kind:
        why += f", and the loss is {loss.name}"
    categorical = loss.kind == "categorical" or (one and loss.kind != "binary")
    return Reading(_rule("softmax" if categorical and units > 1 else "sigmoid", units), why)


def _sigmoid_reading(layer: str, units: int, loss: Loss) -> Reading:
    notes = _mismatch("sigmoid", loss)
    if loss.kind == "categorical" and units > 1:
        why = f"{layer} ends with sigmoid, but the loss, {loss.name}, is for one class out of several"
        return Reading(
            "argmax",
            why,
            notes=(*notes, "For one class out of several the last layer should end with softmax."),
        )
    one_each = "one probability for each label, by itself" if units > 1 else "one probability"
    return Reading(_rule("sigmoid", units), f"{layer} ends with sigmoid: {one_each}", notes=notes)


def _softmax_reading(layer: str, units: int, loss: Loss) -> Reading:
    notes = _mismatch("softmax", loss)
    if units == 1:
        notes = (
            *notes,
            "Softmax over a single unit is always 1, so nothing can be learned: use sigmoid there.",
        )
    if loss.kind == "binary" and units > 1:
        note = (
            f"The loss, {loss.name}, is for labels that exclude nothing, but softmax lets one win: "
            "for several labels at once the last layer needs sigmoid."
        )
        notes = (*notes, note)
    return Reading(
        "argmax", f"{layer} ends with softmax: probabilities that add up to 1, one class wins", notes=notes
    )


def _mismatch(activation: str, loss: Loss) -> tuple[str, ...]:
    if loss.from_logits:
        note = (
            f"The loss, {loss.name}, was told from_logits=True, but the model already applies {activation}: "
            "it is applied twice in training."
        )
        return (note,)
    return ()


def _raw_reading(layer: str, activation: str | None, units: int, loss: Loss) -> Reading:
    """Read an output that is not (known to be) made of probabilities."""
    ends = f"{layer} ends with {activation}" if activation else f"{layer} has no activation function"
    if loss.kind in {"binary", "categorical"}:
        applied = "sigmoid" if loss.kind == "binary" else "softmax"
        if units == 1:
            applied = "sigmoid"
        notes: tuple[str, ...] = ()
        if loss.from_logits:
            why = (
                f"{ends} and the loss, {loss.name}, was told from_logits=True, so the trace applied {applied}"
            )
        else:
            why = f"{ends}; the loss, {loss.name}, is for {applied} outputs, so the trace applied {applied}"
            note = (
                f"The loss, {loss.name}, expects probabilities, but gets raw numbers: "
                f"end the model with {applied}, or compile with from_logits=True."
            )
            notes = (note,)
        return Reading(_rule(applied, units), why, applied, notes)
    if loss.kind == "hinge":
        rule = "sign" if units == 1 else "argmax scores"
        return Reading(rule, f"the loss, {loss.name}, is trained on scores: no probabilities")
    if loss.kind == "regression":
        return Reading(
            "none", f"{ends} and the loss, {loss.name}, measures a distance: this output is a number"
        )
    known = f"its loss, {loss.name}, is not one the trace knows" if loss.name else "the model is not compiled"
    applied = "softmax" if units > 1 else "sigmoid"
    why = (
        f"{ends} and {known}, so nothing says what the numbers are; "
        f"the trace took them for logits and applied {applied}"
    )
    note = (
        f"{applied.capitalize()} is an assumption: "
        "compile the model with a loss and its from_logits and the trace will know."
    )
    return Reading(_rule(applied, units), why, applied, (note,))


def _rule(applied: str, units: int) -> str:
    if applied == "softmax":
        return "argmax"
    return "binary threshold" if units == 1 else "threshold"
