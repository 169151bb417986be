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


def shapes(stage: Stage) -> list[str]:
    """Write what a stage does to the shape, in parts: `1000 × 20`, `→ 800 × 20`, `and 200 × 20 held back`."""
    parts = [shape(stage.shape_in)]
    if stage.shape_out != stage.shape_in:
        parts.append(f"→ {shape(stage.shape_out)}")
    if stage.shape_aside:
        parts.append(f"and {shape(stage.shape_aside)} held back")
    return parts


def sample(stage: Stage, followed: int | None) -> list[str]:
    """Write the row followed, in parts: which it is, its values, and what the stage makes of them."""
    before, after = values(stage.sample_in), values(stage.sample)
    parts = [before] if before == after else [before, f"→ {after}"]
    if stage.row is None:
        return parts
    return [f"row {stage.row}:" if stage.row == followed else f"another row, {stage.row}:", *parts]


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
        soft = f'<br><span class="soft">{_html.escape(stage.evidence)}</span>' if stage.evidence else ""
        rows.append(
            (
                f"{i}. {_html.escape(stage.name)}",
                _html.escape(stage.action) + soft,
                _lines(shapes(stage)),
                _lines(sample(stage, flow.stages[0].row)),
            )
        )
    table = _html.table(
        ["stage", "what happens", "shape", flow.follows],
        rows,
        caption=f"Data flow in {count(len(flow.stages), 'stage')}",
    )
    said = "".join(
        f'<p><strong class="{kind}">{_html.escape(head)}</strong> {_html.escape(sentence)}</p>'
        for kind, head, sentence in notes(flow)
    )
    return _html.page(table, said, label="Data flow")


def _lines(parts: list[str]) -> str:
    """Return each part on a line of its own; numbers and their signs stay together."""
    return "<br>".join(_html.escape(part.replace(" ", "\u00a0")) for part in parts)


def text(flow: DataFlow) -> str:
    """Return the flow as plain text, for terminals and screen readers."""
    if not flow.stages:
        return "Data flow: no step recorded yet."
    parts = [f"Data flow in {count(len(flow.stages), 'stage')}"]
    for i, stage in enumerate(flow.stages, 1):
        parts += [f"{i}. {stage.name}  [{' '.join(shapes(stage))}]", f"   {stage.action}"]
        parts += [f"   {stage.evidence}"] if stage.evidence else []
        parts.append("   " + " ".join(sample(stage, flow.stages[0].row)))
    return "\n".join([*parts, *(f"{head} {sentence}" for _, head, sentence in notes(flow))])
