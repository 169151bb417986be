"""Two training runs as HTML and as text: curves in pairs, and a table of how they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse import _html, _text
from mlcourse.trace import _training_names as names
from mlcourse.trace import _training_words as words
from mlcourse.trace._training_record import round_to
from mlcourse.trace._training_svg import image
from mlcourse.trace._training_text import chart

if TYPE_CHECKING:
    from mlcourse.trace._training_compare import Comparison

# Curves beyond this are in the table only.
_PANELS = 6


def full_html(comparison: Comparison) -> str:
    """Return the whole view."""
    title = _title(comparison)
    said = "".join(f"<li>{_html.escape(d.text)}</li>" for d in comparison.differences)
    curves = "".join(image(panel, words.trend(comparison.runs[0], panel)) for panel in panels(comparison))
    return _html.page(
        f"<p><strong>{_html.escape(title)}</strong></p>",
        f"<ul>{said}</ul>" if said else f"<p>{_html.escape(comparison.text)}</p>",
        f"<div>{curves}</div>",
        _html.table(
            ["at the end", *comparison.names, "difference"],
            [[_html.escape(c) for c in row] for row in _rows(comparison)],
            caption="Last value of each metric",
            numeric=(1, 2, 3),
        ),
        label=title,
    )


def full_text(comparison: Comparison) -> str:
    """Return the whole view for a terminal."""
    rows = [["at the end", *comparison.names, "difference"], *_rows(comparison)]
    widths = [max(len(r[i]) for r in rows) for i in range(4)]
    table = "\n".join(
        "  ".join([r[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(r[1:], widths[1:], strict=True))])
        for r in rows
    )
    charts = [chart(panel, 60, 10) for panel in panels(comparison)]
    return "\n\n".join([_title(comparison), *[d.text for d in comparison.differences], table, *charts])


def panels(comparison: Comparison) -> list[words.Panel]:
    """Return one chart per shared metric, a curve per run."""
    made = []
    for difference in comparison.differences[:_PANELS]:
        curves = tuple(
            (
                name,
                tuple(
                    (e.epoch, round_to(e.metrics[difference.metric], comparison.digits))
                    for e in run.epochs
                    if difference.metric in e.metrics
                ),
            )
            for name, run in zip(comparison.names, comparison.runs, strict=True)
        )
        made.append(words.Panel(names.heading(difference.metric, comparison.runs[0].output_names), curves))
    return made


def _title(comparison: Comparison) -> str:
    lengths = [_text.count(len(run.epochs), "epoch") for run in comparison.runs]
    one, two = (f"“{n}” ({length})" for n, length in zip(comparison.names, lengths, strict=True))
    return f"{one} and {two}"


def _rows(comparison: Comparison) -> list[list[str]]:
    digits = comparison.digits
    outputs = comparison.runs[0].output_names
    return [
        [
            names.heading(d.metric, outputs),
            *(_text.num(v, digits) for v in d.values),
            _text.num(d.values[1] - d.values[0], digits).replace("-", "−"),
        ]
        for d in comparison.differences
    ]
