"""The lines of code that mend: a last layer, a call of `compile`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse.doctor._facts import BINARY, CATEGORICAL, SPARSE

if TYPE_CHECKING:
    from mlcourse.doctor._facts import Facts, Metric

_NAMES = {
    "binary_crossentropy": "BinaryCrossentropy",
    "categorical_crossentropy": "CategoricalCrossentropy",
    "sparse_categorical_crossentropy": "SparseCategoricalCrossentropy",
}
_ARGMAX = frozenset({"CategoricalAccuracy", "SparseCategoricalAccuracy", "Accuracy"})


def last_layer(facts: Facts, units: int, activation: str | None) -> str:
    """Return the line that makes the model's last layer."""
    output = facts.output
    separate = (
        output.seen_in == "layers" and len(output.activations) > 1 and output.activations[-1] == "linear"
    )
    if separate and units == output.units and activation:
        return f'keras.layers.Activation("{activation}")  # the last layer'
    inside = f'{units}, activation="{activation}"' if activation else f"{units}"
    return f"keras.layers.Dense({inside})  # the last layer"


def right_loss(facts: Facts, *, from_logits: bool = False) -> str:
    """Return the code of the crossentropy that fits the task and the form of the labels."""
    if facts.task in ("binary", "multilabel"):
        name = "binary_crossentropy"
    else:
        name = (
            "categorical_crossentropy"
            if facts.labels.layout == "matrix"
            else "sparse_categorical_crossentropy"
        )
    return f"keras.losses.{_NAMES[name]}(from_logits=True)" if from_logits else f'"{name}"'


def loss_fits(facts: Facts) -> bool:
    """Tell whether the compiled loss is of the family that the task and the labels need."""
    if facts.task in ("binary", "multilabel"):
        return facts.loss_kind in BINARY
    return facts.loss_kind in (CATEGORICAL if facts.labels.layout == "matrix" else SPARSE)


def metric_fits(metric: Metric, facts: Facts) -> bool:
    """Tell whether an accuracy counts what the task is about."""
    if metric.code in ('"accuracy"', '"acc"') and facts.single_label:
        return True  # Keras takes the right one by the shapes
    if facts.single_label and (facts.task == "multiclass" or facts.output.units > 1):
        return metric.kind not in ("BinaryAccuracy", "Accuracy")
    return metric.kind not in _ARGMAX


def right_metric(facts: Facts) -> str:
    """Return the code of the accuracy that fits the task."""
    return '"binary_accuracy"' if facts.task == "multilabel" else '"accuracy"'


def compile_line(
    facts: Facts,
    loss: str | None = None,
    *,
    metrics: list[str] | None = None,
    weighted: list[str] | None = None,
) -> str:
    """Return the call of `compile` with what is given changed, and all else as it was.

    Metrics that cannot be right for the task are replaced too.
    """
    loss = loss or (facts.loss.shown if facts.loss else right_loss(facts))
    if metrics is None:
        metrics = _mended([m for m in facts.metrics if not m.weighted], facts)
    if weighted is None:
        weighted = _mended([m for m in facts.metrics if m.weighted], facts)
    parts = [f"optimizer={facts.optimizer}"]
    if facts.siblings:
        name = facts.output.name
        losses = {s.name: s.loss for s in facts.siblings} | {name: loss}
        parts.append(f"loss={{{', '.join(f'{n!r}: {code}' for n, code in losses.items())}}}")
        by_output = {s.name: list(s.metrics) for s in facts.siblings} | {name: metrics}
        inside = ", ".join(f"{n!r}: [{', '.join(m)}]" for n, m in by_output.items() if m)
        if inside:
            parts.append(f"metrics={{{inside}}}")
    else:
        parts.append(f"loss={loss}")
        if metrics:
            parts.append(f"metrics=[{', '.join(metrics)}]")
        if weighted:
            parts.append(f"weighted_metrics=[{', '.join(weighted)}]")
    return f"model.compile({', '.join(parts)})"


def _mended(metrics: list[Metric], facts: Facts) -> list[str]:
    codes = [m.code if metric_fits(m, facts) else right_metric(facts) for m in metrics]
    return list(dict.fromkeys(codes))


def layer_and_compile(facts: Facts, units: int, activation: str) -> str:
    """Return the last layer's line, and a second one for `compile` if that must change too."""
    layer = last_layer(facts, units, activation)
    logits = bool(facts.loss and facts.loss.from_logits)
    fine = (
        not facts.compiled
        or facts.loss is None
        or facts.loss.kind == "custom"
        or (loss_fits(facts) and not logits)
    )
    if fine and all(metric_fits(m, facts) for m in facts.metrics):
        return layer
    return f"{layer}\n{compile_line(facts, None if fine else right_loss(facts))}"
