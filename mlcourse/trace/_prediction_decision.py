"""From a model's output to labels: the rule applied, and the decision in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, number, shown
from mlcourse._text import count, listed, num
from mlcourse.trace._prediction_loss import loss_of
from mlcourse.trace._prediction_reading import Reading, read
from mlcourse.trace._prediction_records import Decision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mlcourse.trace._prediction_records import TracedLayer
    from mlcourse.trace._prediction_run import Walked

# A label that is off by no more than this is named in the sentence.
_NEAR = 0.1


def decide(model: Any, walked: Walked, class_names: Any, threshold: Any) -> tuple[Decision, ...]:
    """Return the decision for each output of the model."""
    several = len(walked.outputs) > 1
    names = _per_output("class_names", class_names, walked.output_names)
    thresholds = _per_output("threshold", threshold, walked.output_names)
    decisions = []
    for i, output_name in enumerate(walked.output_names):
        layer = walked.layers[walked.outputs[i]]
        reading = read(walked, layer, loss_of(model, i, output_name))
        prefix = f"{output_name}: " if several else ""
        decisions.append(_decided(layer, reading, names[i], thresholds[i], prefix=prefix))
    return tuple(decisions)


def _per_output(what: str, value: Any, outputs: tuple[str, ...]) -> list[Any]:
    """Return `value` once for each output; a dict gives each its own."""
    if not isinstance(value, dict):
        return [value] * len(outputs)
    unknown = [key for key in value if key not in outputs]
    if unknown:
        raise InvalidArgument(
            f"{what} has the key {shown(unknown[0])}, but this model's outputs are "
            f"{listed(map(repr, outputs))}."
        )
    return [value.get(name, 0.5 if what == "threshold" else None) for name in outputs]


def _decided(layer: TracedLayer, reading: Reading, names: Any, threshold: Any, *, prefix: str) -> Decision:
    """Apply a reading to one output's values."""
    units = layer.shape[-1] if layer.shape else 1
    titles = _titles(names, units, reading.rule)
    cuts = _thresholds(threshold, units)
    notes = reading.notes
    if "threshold" not in reading.rule and set(cuts) not in ({0.5}, set()):
        notes = (*notes, "The threshold given is not used here: nothing is compared with one.")
    common: dict[str, Any] = {"why": reading.why, "names": titles, "applied": reading.applied}
    common |= {"output": layer.name, "notes": notes}
    if reading.rule == "none":
        text = f"{prefix}no decision: {reading.why}"
        return Decision((), text, "none", **common)
    values = np.asarray(layer.values, dtype=np.float64)
    values = values.reshape(1) if values.ndim == 0 else values
    if reading.rule == "sign":
        on = int(values.flat[0] > 0)
        side = "above" if on else "not above"
        text = f"{prefix}the score {num(values.flat[0])} is {side} 0: {_one(titles, on)}"
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
    text = f"{prefix}argmax: {_one(names, winner)} wins with {what} {_number(p[winner], what)}"
    if p.size == 1:
        return Decision((winner,), f"{text}, being the only one", "argmax", **common)
    second = int(np.argsort(-p, kind="stable")[1])
    margin = float(p[winner] - p[second])
    shown_margin = round(p[winner], 2) - round(p[second], 2)
    if margin == 0:
        text += f", level with {_one(names, second)}: of equals the first is taken"
    else:
        ahead = num(shown_margin) if shown_margin >= 0.005 else "less than 0.01"
        text += f", {ahead} ahead of {_one(names, second)} ({_number(p[second], what)})"
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


def _number(value: float, what: str) -> str:
    """Write a probability or a score; of a small probability say that it is not 0."""
    return "below 0.01" if what == "probability" and 0 < value < 0.005 else num(value)


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
    if isinstance(names, set | frozenset):
        # Its order changes from run to run, so the names would stand beside the wrong outputs.
        raise InvalidType(
            f"class_names is the set {shown(names)}, which has no order: give a list, "
            "in the order of the model's outputs."
        )
    titles = tuple(str(name) for name in names)
    if binary and len(titles) in {1, 2}:
        return titles
    if len(titles) != units or binary:
        wanted = "1 output: give two names (class 0, class 1) or one" if binary else count(units, "output")
        raise InvalidArgument(
            f"class_names has {count(len(titles), 'name')} ({shown(list(titles))}), "
            f"but this model has {wanted}."
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
            f"threshold is {shown(np.asarray(threshold).tolist())}, which holds "
            f"{count(int(np.size(threshold)), 'number')}, but this model has {count(units, 'output')}: "
            "give one number for all of them or one for each."
        )
    return tuple(number(f"threshold[{i}]", cut, low=0.0, high=1.0) for i, cut in enumerate(threshold))
