"""A prediction trace as plain text: for the terminal and for screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import count, listed, num
from mlcourse.trace._prediction_numbers import digits, size, summary
from mlcourse.trace._prediction_verdicts import rows

if TYPE_CHECKING:
    from mlcourse.trace._prediction_records import Decision, PredictionTrace, TracedLayer


def as_text(trace: PredictionTrace) -> str:
    """Return the whole story: what went in, what each layer made of it, what was decided."""
    lines = [f"One sample through {trace.model_name}, layer by layer", ""]
    for i, layer in enumerate(trace.layers):
        before = trace.layers[i - 1].name if i else ""
        lines += _layer(i, layer, before)
    for decision in trace.decisions:
        lines += _decision(trace, decision)
    lines += [f"Note: {note}" for note in trace.notes]
    return "\n".join(lines)


def _layer(i: int, layer: TracedLayer, before: str) -> list[str]:
    params = f", {count(layer.n_params, 'parameter')}" if layer.n_params else ""
    lines = [
        f"{i}. {layer.name} ({layer.kind}): {size(layer.shape, layer.values)}{params}",
        f"   {layer.does}",
    ]
    if layer.reads and layer.reads != (before,) and not before.startswith(f"{layer.name}/"):
        lines.append(f"   reads: {listed(layer.reads)}")
    if layer.before_activation is not None:
        decimals = digits(layer.before_activation, layer.values)
        lines.append(f"   before {layer.activation}: {summary(layer.before_activation, decimals)}")
        lines.append(f"   after {layer.activation}: {summary(layer.values, decimals)}")
    elif layer.active and not before.startswith(f"{layer.name}/"):  # a nested model: shown by its last layer
        lines.append(f"   values: {summary(layer.values)}")
    return [*lines, ""]


def _decision(trace: PredictionTrace, decision: Decision) -> list[str]:
    lines = [f"Decision: {decision.text}"]
    found, left = rows(trace, decision)
    width = max((len(row.name) for row in found), default=0)
    for row in found:
        logit = f"logit {row.logit:>6} → " if row.logit else ""
        cut = f", threshold {row.threshold:g}" if row.threshold is not None else ""
        verdict = f": {row.verdict}" if row.verdict else ""
        lines.append(f"   {row.name:{width}}  {logit}probability {num(row.probability)}{cut}{verdict}")
    lines += [f"   … {left}"] if left else []
    lines.append(f"   Why this rule: {decision.why}.")
    lines += [f"   Look twice: {note}" for note in decision.notes]
    return lines
