"""A training run as HTML: the curves, and the table with what each epoch means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse import _html, _text
from mlcourse.trace import _training_words as words
from mlcourse.trace._training_svg import image, svg

if TYPE_CHECKING:
    from mlcourse.trace._training_record import Epoch, TrainingRecord


def full_html(record: TrainingRecord, *, moving: bool = False) -> str:
    """Return the whole view.

    Parameters
    ----------
    record
        What to show.
    moving
        True while the run goes on, and the view is soon to be replaced by the next one.
    """
    title = words.title(record)
    return _html.page(
        f"<p><strong>{_html.escape(title)}</strong></p>", _body(record, moving=moving), label=title
    )


def _body(record: TrainingRecord, *, moving: bool) -> str:
    """Return curves, table and notes."""
    if not record.epochs:
        return '<p class="soft">No epoch is finished yet.</p>'
    panels, left = words.panels(record)
    seams = [fit.first_epoch for fit in record.fits[1:]]
    draw = svg if moving else image
    curves = "".join(draw(panel, words.trend(record, panel), seams) for panel in panels)
    notes = words.seams(record)
    if left:
        notes.append(f"{_text.count(left, 'more metric')} in the table only.")
    return f"<div>{curves}</div>{_table(record)}" + "".join(
        f'<p class="soft">{_html.escape(note)}</p>' for note in notes
    )


def _table(record: TrainingRecord) -> str:
    columns = words.columns(record)

    def row(item: Epoch | int) -> list[str]:
        if isinstance(item, int):
            return ["⋮", *([""] * len(columns)), f'<span class="soft">{item} epochs not shown</span>']
        return [
            str(item.epoch),
            *(_html.escape(words.cell(record, item, c)) for c in columns),
            _html.escape(item.observation),
        ]

    rows = [row(item) for item in words.shown_epochs(record)]
    return _html.table(words.head(record), rows, caption="Epoch by epoch", numeric=range(len(columns) + 1))
