"""A decision as the rows of a table: each label with its number, its probability, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlcourse._text import num

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mlcourse.trace._prediction_records import Decision, PredictionTrace

# More labels than this are cut to the most probable ones.
_MOST = 12


@dataclass(frozen=True)
class Row:
    """One label of a decision; numbers are rounded, as shown."""

    name: str
    logit: str
    probability: float
    threshold: float | None
    verdict: str
    chosen: bool


def rows(trace: PredictionTrace, decision: Decision) -> tuple[list[Row], str]:
    """Return a row for each label (the most probable, where there are many), and what was left out."""
    p = decision.probabilities
    if p is None or p.ndim != 1:
        return [], ""
    logits = _logits(trace, decision, p.size)
    names = decision.names
    if decision.rule == "binary threshold" and len(names) == 2:
        names = names[1:]
    order = list(range(p.size))
    if p.size > _MOST:
        order.sort(
            key=lambda i: (not _chosen(decision, i), i != decision.runner_up, -round(float(p[i]), 4), i)
        )
        order = order[:_MOST]
    found = []
    for i in order:
        rounded = round(float(p[i]), 2)
        cut = decision.thresholds[i] if decision.thresholds else None
        chosen = _chosen(decision, i)
        name = (
            names[i]
            if names[i] != str(i)
            else f"{'label' if decision.rule == 'threshold' else 'class'} {names[i]}"
        )
        found.append(
            Row(
                name,
                num(float(logits[i])) if logits is not None else "",
                rounded,
                cut,
                _verdict(decision, i, rounded),
                chosen,
            )
        )
    left = p.size - len(found)
    return found, f"and {left} less probable ones" if left else ""


def _chosen(decision: Decision, i: int) -> bool:
    if decision.rule == "binary threshold" and len(decision.names) == 2:
        return decision.labels == (1,)
    return i in decision.labels


def _verdict(decision: Decision, i: int, rounded: float) -> str:
    """Say in a word or two what became of a label."""
    if decision.rule == "argmax":
        if i in decision.labels:
            return "wins"
        return "runner-up" if i == decision.runner_up else ""
    if _chosen(decision, i):
        return "on"
    gap = decision.thresholds[i] - rounded
    return f"off, missed by {num(gap)}" if gap >= 0.005 else "off, missed by less than 0.01"


def _logits(trace: PredictionTrace, decision: Decision, size: int) -> NDArray[Any] | None:
    """Return the numbers that the probabilities were made of, where the trace has them."""
    layer = trace[decision.output]
    if decision.applied:
        found = layer.values
    else:
        while layer.before_activation is None and layer.activation is None and len(layer.reads) == 1:
            inside = [one for one in trace if one.name.startswith(f"{layer.name}/")]
            layer = (
                inside[-1] if inside else trace[layer.reads[0]]
            )  # what a nested model or an Output hands on
        if layer.before_activation is not None:
            found = layer.before_activation
        elif layer.activation in {"softmax", "sigmoid"} and len(layer.reads) == 1:
            found = trace[layer.reads[0]].values  # an Activation layer of its own
        else:
            return None
    return found.reshape(-1) if found.size == size else None
