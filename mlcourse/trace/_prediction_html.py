"""A prediction trace as HTML: input, layers, decision, to be read from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._html import escape, page, table
from mlcourse._text import num, shape
from mlcourse.trace._prediction_numbers import summary

if TYPE_CHECKING:
    from mlcourse.trace._prediction_records import PredictionTrace


def as_html(trace: PredictionTrace) -> str:
    """Return the whole story as one block of HTML."""
    rows = [
        [
            escape(layer.name),
            escape(layer.kind),
            escape(shape(layer.shape)),
            escape(layer.does),
            escape(summary(layer.values)),
        ]
        for layer in trace.layers
    ]
    parts = [
        table(
            ["Layer", "Kind", "Shape", "What it does", "Values"], rows, caption="One sample, layer by layer"
        )
    ]
    for decision in trace.decisions:
        if (
            decision.probabilities is not None
            and decision.probabilities.ndim == 1
            and len(decision.names) == decision.probabilities.size
        ):
            cells = [
                [escape(n), num(float(p))]
                for n, p in zip(decision.names, decision.probabilities, strict=True)
            ]
            parts.append(table(["Label", "Probability"], cells, caption="Output", numeric=[1]))
        parts.append(
            f"<p><strong>{escape(decision.text)}</strong></p><p class='soft'>{escape(decision.why)}.</p>"
        )
    parts += [f"<p>{escape(note)}</p>" for note in trace.notes]
    return page(*parts, label=f"Prediction trace of {trace.model_name}")
