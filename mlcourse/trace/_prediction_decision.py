"""From a model's output to labels: which rule applies, why, and the decision in words.

What the last layer computes comes first (softmax, sigmoid); the loss that the
model was compiled with says the rest: whether raw numbers are logits
(`from_logits`), and whether classes exclude one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, number, shown
from mlcourse._text import count, listed, num
from mlcourse.trace._prediction_loss import Loss, loss_of
from mlcourse.trace._prediction_records import Decision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mlcourse.trace._prediction_records import TracedLayer
    from mlcourse.trace._prediction_run import Walked

# A label that is off by no more than this is named in the sentence.
_NEAR = 0.1
# The layers that only rearrange or pass on probabilities.
_PASSES_ON = {"Flatten", "Reshape", "Permute", "Identity", "Output", "Squeeze", "Dropout", "Cast"}


@dataclass(frozen=True)
class Reading:
    """How an output is to be read: as which kind of numbers, by which rule, and why."""

    rule: str
    why: str
    applied: str | None = None
    notes: tuple[str, ...] = ()


def decide(model: Any, walked: Walked, class_names: Any, threshold: Any) -> tuple[Decision, ...]:
    """Return the decision for each output of the model."""
    several = len(walked.outputs) > 1
    names = _per_output("class_names", class_names, walked.output_names)
    thresholds = _per_output("threshold", threshold, walked.output_names)
    decisions = []
    for i, output_name in enumerate(walked.output_names):
        layer = walked.layers[walked.outputs[i]]
        source = _source(layer, walked)
        opaque = walked.opaque[[one.name for one in walked.layers].index(source.name)]
        reading = read(source, layer.values, loss_of(model, i, output_name), opaque=opaque)
        decision = _decided(
            layer, reading, names[i], thresholds[i], prefix=f"{output_name}: " if several else ""
        )
        decisions.append(decision)
    return tuple(decisions)


def _per_output(what: str, value: Any, outputs: tuple[str, ...]) -> list[Any]:
    """Return `value` once for each output; a dict gives each its own."""
    if not isinstance(value, dict):
        return [value] * len(outputs)
    unknown = [key for key in value if key not in outputs]
    if unknown:
        raise InvalidArgument(
            f"{what} has the key {shown(unknown[0])}, but this model's outputs are {listed(map(repr, outputs))}."
        )
    return [value.get(name, 0.5 if what == "threshold" else None) for name in outputs]


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


def read(source: TracedLayer, values: NDArray[Any], loss: Loss, *, opaque: bool = False) -> Reading:
    """Return how an output made by `source` and trained with `loss` is to be read.

    `opaque` says that the source's class leaves open what its numbers are; then
    the numbers themselves are looked at.
    """
    units = values.shape[-1] if values.ndim else 1
    layer = f"the last layer, {source.name!r},"
    if source.activation == "softmax":
        return _softmax_reading(layer, units, loss)
    if source.activation == "sigmoid":
        return _sigmoid_reading(layer, units, loss)
    if opaque and not loss.from_logits and loss.kind not in {"hinge", "regression"}:
        guessed = _reading_by_values(source, np.asarray(values, dtype=np.float64), loss)
        if guessed is not None:
            return guessed
    return _raw_reading(layer, source.activation, units, loss)


def _reading_by_values(source: TracedLayer, values: NDArray[np.float64], loss: Loss) -> Reading | None:
    """Read the output of a layer whose class says nothing by what the numbers look like."""
    if values.size == 0 or values.min() < 0 or values.max() > 1:
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
            "argmax", why, notes=(*notes, "For one class out of several the last layer should end with softmax.")
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
        notes = (
            *notes,
            f"The loss, {loss.name}, is for labels that exclude nothing, but softmax lets one win: "
            "for several labels at once the last layer needs sigmoid.",
        )
    return Reading(
        "argmax", f"{layer} ends with softmax: probabilities that add up to 1, one class wins", notes=notes
    )


def _mismatch(activation: str, loss: Loss) -> tuple[str, ...]:
    if loss.from_logits:
        return (
            f"The loss, {loss.name}, was told from_logits=True, but the model already applies {activation}: "
            "it is applied twice in training.",
        )
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
            notes = (
                f"The loss, {loss.name}, expects probabilities, but gets raw numbers: "
                f"end the model with {applied}, or compile with from_logits=True.",
            )
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
    why = f"{ends} and {known}, so nothing says what the numbers are; the trace took them for logits and applied"
    return Reading(
        _rule(applied, units),
        f"{why} {applied}",
        applied,
        (
            f"{applied.capitalize()} is an assumption: compile the model with a loss and its from_logits and the trace will know.",
        ),
    )


def _rule(applied: str, units: int) -> str:
    if applied == "softmax":
        return "argmax"
    return "binary threshold" if units == 1 else "threshold"


def _decided(layer: TracedLayer, reading: Reading, names: Any, threshold: Any, *, prefix: str) -> Decision:
    """Apply a reading to one output's values."""
    values = np.asarray(layer.values, dtype=np.float64)
    values = values.reshape(1) if values.ndim == 0 else values
    units = values.shape[-1]
    titles = _titles(names, units, reading.rule)
    cuts = _thresholds(threshold, units)
    notes = reading.notes
    if "threshold" not in reading.rule and cuts and set(cuts) != {0.5}:
        notes = (*notes, "The threshold given is not used here: nothing is compared with one.")
    common: dict[str, Any] = {
        "why": reading.why, "names": titles, "applied": reading.applied, "output": layer.name, "notes": notes,
    }  # fmt: skip
    if reading.rule == "none":
        text = f"{prefix}no decision: {reading.why}"
        return Decision((), text, "none", **common)
    if reading.rule == "sign":
        on = int(values.flat[0] > 0)
        text = f"{prefix}the score {num(values.flat[0])} is {'above' if on else 'not above'} 0: {_one(titles, on)}"
        return Decision((on,), text, "sign", **common)
    if reading.rule == "argmax scores":
        return _argmax(values, titles, prefix, common, probabilities=False)
    p = _applied(values, reading.applied)
    common["probabilities"] = p
    if values.ndim > 1 and reading.rule == "argmax":
        return _each_place(p, titles, prefix, common)
    if reading.rule == "argmax":
        return _argmax(p, titles, prefix, common, probabilities=True)
    if values.ndim > 1:
        return _each_place_on(p, cuts, prefix, common)
    if reading.rule == "binary threshold" and len(titles) != 1:
        return _binary(float(p[0]), cuts[0], titles, prefix, common)
    return _several(p, cuts, titles, prefix, common)


def _applied(values: NDArray[np.float64], function: str | None) -> NDArray[np.float64]:
    """Turn logits into probabilities, in the forms that do not overflow."""
    if function == "softmax":
        powers = np.exp(values - values.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
    if function == "sigmoid":
        return np.asarray(np.exp(-np.logaddexp(0.0, -values)))
    return values


def _argmax(
    p: NDArray[np.float64],
    names: tuple[str, ...],
    prefix: str,
    common: dict[str, Any],
    *,
    probabilities: bool,
) -> Decision:
    winner = int(p.argmax())
    what = "probability" if probabilities else "score"
    text = f"{prefix}argmax: {_one(names, winner)} wins with {what} {num(p[winner])}"
    if p.size == 1:
        return Decision((winner,), f"{text}, being the only one", "argmax", **common)
    second = int(np.argsort(-p, kind="stable")[1])
    margin = float(p[winner] - p[second])
    shown_margin = round(p[winner], 2) - round(p[second], 2)
    if margin == 0:
        text += f", level with {_one(names, second)}: of equals the first is taken"
    else:
        ahead = num(shown_margin) if shown_margin >= 0.005 else "less than 0.01"
        text += f", {ahead} ahead of {_one(names, second)} ({num(p[second])})"
    return Decision((winner,), text, "argmax", margin=margin, runner_up=second, **common)


def _each_place(
    p: NDArray[np.float64], names: tuple[str, ...], prefix: str, common: dict[str, Any]
) -> Decision:
    """Take the best class at every place: each step of a sequence, each pixel."""
    best = p.argmax(axis=-1)
    labels = tuple(int(b) for b in best.flat)
    seen, times = np.unique(best, return_counts=True)
    order = np.argsort(-times, kind="stable")[:3]
    most = listed(f"{_one(names, int(seen[i]))} at {times[i]}" for i in order)
    rest = f" (and {len(seen) - 3} more)" if len(seen) > 3 else ""
    text = f"{prefix}argmax at each of {count(best.size, 'place')}: {most}{rest}"
    return Decision(labels, text, "argmax", **common)


def _each_place_on(
    p: NDArray[np.float64], cuts: tuple[float, ...], prefix: str, common: dict[str, Any]
) -> Decision:
    """Compare every place's probabilities with the thresholds."""
    on = p >= np.asarray(cuts)
    labels = tuple(tuple(int(i) for i in place) for place in np.argwhere(on))
    text = f"{prefix}{_cut_words(cuts)}: {len(labels)} of {on.size} values are on"
    return Decision(labels, text, "threshold", thresholds=cuts, **common)


def _binary(p: float, cut: float, names: tuple[str, ...], prefix: str, common: dict[str, Any]) -> Decision:
    on = int(p >= cut)
    side = "reaches it" if on else f"misses it {_gap(p, cut)}"
    text = f"{prefix}threshold {cut:g}: probability {num(p)} of {_one(names, 1)} {side}, so {_one(names, on)}"
    return Decision((on,), text, "binary threshold", thresholds=(cut,), margin=abs(p - cut), **common)


def _several(
    p: NDArray[np.float64],
    cuts: tuple[float, ...],
    names: tuple[str, ...],
    prefix: str,
    common: dict[str, Any],
) -> Decision:
    gaps = p - np.asarray(cuts)
    labels = tuple(int(i) for i in np.flatnonzero(gaps >= 0))
    off = sorted((i for i in range(p.size) if gaps[i] < 0), key=lambda i: -gaps[i])
    text = f"{prefix}{_cut_words(cuts)}: {_labels(labels, names)} on"
    missed = [i for i in off if -gaps[i] <= _NEAR] or (off[:1] if not labels else [])
    if missed:
        text += "; " + listed(f"{_one(names, i, 'label')} missed {_gap(p[i], cuts[i])}" for i in missed[:3])
    margin = float(np.abs(gaps).min())
    return Decision(labels, text, "threshold", thresholds=cuts, margin=margin, **common)


def _gap(p: float, cut: float) -> str:
    """Write the distance of a probability from its threshold as the rounded figures show it."""
    gap = abs(round(float(p), 2) - cut)
    return f"by {num(gap)}" if gap >= 0.005 else "by less than 0.01"


def _cut_words(cuts: tuple[float, ...]) -> str:
    if len(set(cuts)) == 1:
        return f"threshold {cuts[0]:g}"
    return f"thresholds {listed(f'{c:g}' for c in cuts)}" if len(cuts) <= 8 else "each label's own threshold"


def _one(names: tuple[str, ...], i: int, noun: str = "class") -> str:
    return names[i] if i < len(names) and names[i] != str(i) else f"{noun} {i}"


def _labels(labels: tuple[int, ...], names: tuple[str, ...]) -> str:
    if not labels:
        return "no label"
    if all(names[i] == str(i) for i in labels):
        return f"{'label' if len(labels) == 1 else 'labels'} {listed(labels)}"
    return listed(names[i] for i in labels)


def _titles(names: Any, units: int, rule: str) -> tuple[str, ...]:
    """Return one name for each class or label, checked."""
    binary = rule in {"binary threshold", "sign"}
    if names is None:
        return tuple(str(i) for i in range(2 if binary else units))
    if isinstance(names, (str, bytes)) or not hasattr(names, "__len__") or not hasattr(names, "__iter__"):
        raise InvalidType(
            f"class_names is {shown(names)}, but must be a list with a name for each of the "
            f"{count(units, 'output')} of this model."
        )
    titles = tuple(str(name) for name in names)
    if binary and len(titles) in {1, 2}:
        return titles
    if len(titles) != units or binary:
        wanted = "1 output: give two names (class 0, class 1) or one" if binary else count(units, "output")
        raise InvalidArgument(
            f"class_names has {count(len(titles), 'name')} ({shown(list(titles))}), but this model has {wanted}."
        )
    return titles


def _thresholds(threshold: Any, units: int) -> tuple[float, ...]:
    """Return one threshold for each label, checked whether or not the rule uses them."""
    if isinstance(threshold, (str, bytes)):
        raise InvalidType(f"threshold is {shown(threshold)}, but must be a number from 0 to 1.")
    if np.ndim(threshold) == 0:
        cut = threshold.item() if isinstance(threshold, np.ndarray) else threshold
        return (number("threshold", cut, low=0.0, high=1.0),) * units
    if np.ndim(threshold) > 1 or len(threshold) != units:
        raise InvalidArgument(
            f"threshold is {shown(threshold)}, which holds {count(int(np.size(threshold)), 'number')}, but this model "
            f"has {count(units, 'output')}: give one number for all of them or one for each."
        )
    return tuple(number(f"threshold[{i}]", cut, low=0.0, high=1.0) for i, cut in enumerate(threshold))
