"""How a data flow shows itself: one row for each stage, then what was noticed, as HTML and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse import _html
from mlcourse._text import count, num, shape

if TYPE_CHECKING:
    from mlcourse.trace._data_flow import DataFlow
    from mlcourse.trace._data_flow_records import Array, Stage

VALUES = 4
_LONGEST = 20


def values(sample: Array) -> str:
    """Write the first values of a row: `3, 0, 7, … 16 more`."""
    flat = np.asarray(sample).ravel()
    first = flat[:VALUES]
    numeric = [isinstance(v, (int, float, np.number, np.bool_)) for v in first]
    whole = all(float(v).is_integer() for v, n in zip(first, numeric, strict=True) if n)
    words = [_number(float(v), whole=whole) if n else _word(v) for v, n in zip(first, numeric, strict=True)]
    more = [f"… {len(flat) - VALUES} more"] if len(flat) > VALUES else []
    return ", ".join(words + more)


def _number(value: float, *, whole: bool) -> str:
    return str(int(value)) if whole else num(value)


def _word(value: object) -> str:
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def shapes(stage: Stage) -> str:
    """Write what a stage does to the shape: `1000 × 20 → 800 × 20, 200 × 20 held back`."""
    aside = f", {shape(stage.shape_aside)} held back" if stage.shape_aside else ""
    if stage.shape_in == stage.shape_out and not aside:
        return shape(stage.shape_in)
    return f"{shape(stage.shape_in)} → {shape(stage.shape_out)}{aside}"


def sample(stage: Stage) -> tuple[str, str]:
    """Return which row is followed, and its values: before and after if the stage changes it."""
    before, after = values(stage.sample_in), values(stage.sample)
    row = "" if stage.row is None else f"row {stage.row}: "
    return row, after if before == after else f"{before} → {after}"


def notes(flow: DataFlow) -> list[tuple[str, str, str]]:
    """Return what was noticed as (class, heading, sentence)."""
    found = [("bad", f"Leak in {leak.step}:", f"{leak.evidence} {leak.fix}") for leak in flow.leaks]
    return [*found, *(("warn", "Not judged:", sentence) for sentence in flow.not_judged)]


def html(flow: DataFlow) -> str:
    """Return the flow as accessible HTML."""
    if not flow.stages:
        return _html.page("<p>No step recorded yet.</p>", label="Data flow")
    rows = []
    for i, stage in enumerate(flow.stages, 1):
        row, numbers = sample(stage)
        soft = f'<br><span class="soft">{_html.escape(stage.evidence)}</span>' if stage.evidence else ""
        rows.append(
            (
                f"{i}. {_html.escape(stage.name)}",
                _html.escape(stage.action) + soft,
                _html.escape(shapes(stage)),
                f"{_html.escape(row)}{_html.escape(numbers)}",
            )
        )
    table = _html.table(
        ["stage", "what happens", "shape", "one row followed"],
        rows,
        caption=f"Data flow in {count(len(flow.stages), 'stage')}",
    )
    said = "".join(
        f'<p><strong class="{kind}">{_html.escape(head)}</strong> {_html.escape(sentence)}</p>'
        for kind, head, sentence in notes(flow)
    )
    return _html.page(table, said, label="Data flow")


def text(flow: DataFlow) -> str:
    """Return the flow as plain text, for terminals and screen readers."""
    if not flow.stages:
        return "Data flow: no step recorded yet."
    parts = [f"Data flow in {count(len(flow.stages), 'stage')}"]
    for i, stage in enumerate(flow.stages, 1):
        parts += [f"{i}. {stage.name}  [{shapes(stage)}]", f"   {stage.action}"]
        parts += [f"   {stage.evidence}"] if stage.evidence else []
        parts.append("   " + "".join(sample(stage)))
    return "\n".join([*parts, *(f"{head} {sentence}" for _, head, sentence in notes(flow))])
