"""A prediction trace as plain text: for the terminal and for screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import shape
from mlcourse.trace._prediction_numbers import summary

if TYPE_CHECKING:
    from mlcourse.trace._prediction_records import Decision, PredictionTrace, TracedLayer


def as_text(trace: PredictionTrace) -> str:
    """Return the whole story: what went in, what each layer made of it, what was decided."""
    lines = [f"Prediction trace of model {trace.model_name!r}: one sample, layer by layer", ""]
    for i, layer in enumerate(trace.layers):
        lines += _layer(i, layer)
    for decision in trace.decisions:
        lines += _decision(decision)
    lines += [f"Note: {note}" for note in trace.notes]
    return "\n".join(lines)


def _layer(i: int, layer: TracedLayer) -> list[str]:
    params = f", {layer.n_params} parameters" if layer.n_params else ""
    lines = [f"{i}. {layer.name} ({layer.kind}): {shape(layer.shape)}{params}", f"   {layer.does}"]
    if layer.before_activation is not None:
        lines.append(f"   before {layer.activation}: {summary(layer.before_activation)}")
        lines.append(f"   after {layer.activation}: {summary(layer.values)}")
    elif layer.active:
        lines.append(f"   values: {summary(layer.values)}")
    return [*lines, ""]


def _decision(decision: Decision) -> list[str]:
    lines = ["Decision", f"   {decision.text}", f"   Why: {decision.why}."]
    lines += [f"   Note: {note}" for note in decision.notes]
    return lines
