"""How a data flow shows itself: one row for each stage, as HTML and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse import _html
from mlcourse._text import count, num, shape

if TYPE_CHECKING:
    from mlcourse.trace._data_flow import DataFlow
    from mlcourse.trace._data_flow_records import Array, Stage

VALUES = 4


def values(sample: Array) -> str:
    """Write the first values of a row: `3, 0, 7, … 16 more`."""
    flat = np.asarray(sample).ravel()
    first = flat[:VALUES]
    whole = all(isinstance(v, str) or float(v).is_integer() for v in first)
    words = [v if isinstance(v, str) else str(int(v)) if whole else num(float(v)) for v in first]
    more = [f"… {len(flat) - VALUES} more"] if len(flat) > VALUES else []
    return ", ".join(words + more)


def shapes(stage: Stage) -> str:
    """Write what a stage does to the shape: `1000 × 20 → 800 × 20, 200 × 20 held back`."""
    aside = f", {shape(stage.shape_aside)} held back" if stage.shape_aside else ""
    if stage.shape_in == stage.shape_out and not aside:
        return shape(stage.shape_in)
    return f"{shape(stage.shape_in)} → {shape(stage.shape_out)}{aside}"


def sample(stage: Stage) -> str:
    """Write the row followed: before and after if the stage changes it."""
    before, after = values(stage.sample_in), values(stage.sample)
    row = "" if stage.row is None else f"row {stage.row}: "
    return row + (after if before == after else f"{before} → {after}")


def html(flow: DataFlow) -> str:
    """Return the flow as accessible HTML."""
    rows = [
        (
            f"{i}. {_html.escape(s.name)}",
            _html.escape(s.action)
            + (f'<br><span class="soft">{_html.escape(s.evidence)}</span>' if s.evidence else ""),
            _html.escape(shapes(s)),
            _html.escape(sample(s)),
        )
        for i, s in enumerate(flow.stages, 1)
    ]
    table = _html.table(
        ["stage", "what happens", "rows × features", "one row followed"],
        rows,
        caption=f"Data flow in {count(len(flow.stages), 'stage')}",
    )
    return _html.page(table, label="Data flow")


def text(flow: DataFlow) -> str:
    """Return the flow as plain text, for terminals and screen readers."""
    parts = [f"Data flow in {count(len(flow.stages), 'stage')}"]
    for i, s in enumerate(flow.stages, 1):
        parts += [f"{i}. {s.name}  [{shapes(s)}]", f"   {s.action}"]
        parts += [f"   {s.evidence}"] * bool(s.evidence)
        parts += [f"   {sample(s)}"]
    return "\n".join(parts)
