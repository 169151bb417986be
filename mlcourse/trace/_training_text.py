"""A training run as plain text, for terminals and screen readers: charts made of characters, a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mlcourse.trace import _training_words as words
from mlcourse.trace._training_svg import epoch_ticks, span, tick_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlcourse.trace._training_record import Epoch, TrainingRecord
    from mlcourse.trace._training_words import Panel

_FIRST, _SECOND, _BOTH = "o", "x", "*"


def full_text(record: TrainingRecord) -> str:
    """Return the whole view: what happened, the charts, the table."""
    if not record.epochs:
        return f"{words.title(record)}\nNo epoch is finished yet."
    parts = [words.title(record), table(record), *words.seams(record), charts(record)]
    return "\n\n".join(parts)


def table(record: TrainingRecord) -> str:
    """Return the table, its columns set flush."""
    columns = words.columns(record)
    rows = [words.head(record)]
    for item in words.shown_epochs(record):
        if isinstance(item, int):
            rows.append(["...", *([""] * len(columns)), f"({item} epochs not shown)"])
        else:
            cells = [words.cell(record, item, c) for c in columns]
            rows.append([str(item.epoch), *cells, item.observation])
    widths = [max(len(r[i]) for r in rows) for i in range(len(columns) + 1)]
    return "\n".join(
        "  ".join([*(c.rjust(w) for c, w in zip(r, widths, strict=False)), r[-1]]).rstrip() for r in rows
    )


def epoch_line(record: TrainingRecord, epoch: Epoch) -> str:
    """Return one epoch in one line: `epoch 2/5  loss 0.38  accuracy 0.84  Loss fell ...`."""
    planned = record.fits[-1].last_planned if record.fits else None
    of = "" if planned is None else f"/{planned}"
    number = f"{epoch.epoch}".rjust(len(str(planned or epoch.epoch)))
    heads = words.head(record)[1:-1]
    cells = [f"{h} {words.cell(record, epoch, c)}" for h, c in zip(heads, words.columns(record), strict=True)]
    return "  ".join([f"epoch {number}{of}", *(c for c in cells if not c.endswith(" ")), epoch.observation])


def charts(record: TrainingRecord, width: int = 60, height: int = 10) -> str:
    """Return one chart for each metric, one below the other."""
    if not record.epochs:
        return "No epoch is finished yet."
    panels, left = words.panels(record)
    drawn = [chart(panel, width, height) for panel in panels]
    if left:
        drawn.append(f"({left} more in the table)")
    return "\n\n".join(drawn)


def chart(panel: Panel, width: int, height: int) -> str:
    """Draw one panel: `o` training, `x` validation (or two runs), `*` both."""
    # Validation has its own mark also where it stands alone.
    marks_of = [_SECOND if i or who == "validation" else _FIRST for i, (who, _) in enumerate(panel.curves)]
    legend = "   ".join(f"{m} {who}" for m, (who, _) in zip(marks_of, panel.curves, strict=True))
    if len(panel.curves) > 1:
        legend += f"   {_BOTH} both"
    found = span(panel)
    if found is None:
        return f"{panel.title}: no finite number to draw"
    marks, first, last = found
    grid = [[" "] * width for _ in range(height)]

    def column(epoch: int) -> int:
        return (width - 1) // 2 if first == last else round((epoch - first) / (last - first) * (width - 1))

    def line(value: float) -> int:
        return round((marks[-1] - value) / (marks[-1] - marks[0]) * (height - 1))

    for mark, (_, points) in zip(marks_of, panel.curves, strict=True):
        for epoch, value in points:
            if math.isfinite(value):
                row, at = line(value), column(epoch)
                grid[row][at] = mark if grid[row][at] in {" ", mark} else _BOTH
    labels = {line(m): label for m, label in zip(marks, tick_labels(marks), strict=True)}
    margin = max(map(len, labels.values()))
    rows = [f"{labels.get(i, '').rjust(margin)} |{''.join(cells).rstrip()}" for i, cells in enumerate(grid)]
    axis = f"{' ' * margin} +{'-' * width}"
    below = _written([(column(n), str(n)) for n in epoch_ticks(first, last)], width)
    return "\n".join([f"{panel.title}   ({legend})", *rows, axis, f"{' ' * (margin + 2)}{below} epoch"])


def _written(items: Sequence[tuple[int, str]], width: int) -> str:
    """Write each text so that it stands at its column, leaving out what would run into another."""
    text = " " * (width + 8)
    end = -1
    for at, word in items:
        start = max(0, at - len(word) // 2)
        if start > end:
            text = text[:start] + word + text[start + len(word) :]
            end = start + len(word)
    return text.rstrip()
