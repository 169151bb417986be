"""A training run in sentences and table rows: what the HTML and the text view both say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlcourse import _text
from mlcourse.trace import _training_names as names
from mlcourse.trace._training_record import round_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlcourse.trace._training_record import Epoch, TrainingRecord

# A longer record is shown by its beginning, its end and its turning points.
ROWS = 12
_EDGE = 5
_TURNING_POINTS = 6
_PANELS = 6


@dataclass(frozen=True)
class Panel:
    """One chart: a metric on the training rows, on the validation rows, or both.

    Attributes
    ----------
    title
        The metric's name as a student reads it.
    curves
        Each curve's name (`training`, `validation`) and its points, as (epoch, rounded value).
    """

    title: str
    curves: tuple[tuple[str, tuple[tuple[int, float], ...]], ...]


def panels(record: TrainingRecord) -> tuple[list[Panel], int]:
    """Return the charts to draw, the loss first, and how many metrics are left to the table."""
    found = list(dict.fromkeys(names.base(n) for n in record.metric_names))
    made = []
    for name in found[:_PANELS]:
        curves = []
        for who, key in (("training", name), ("validation", names.twin(name))):
            points = tuple(
                (e.epoch, round_to(e.metrics[key], record.digits)) for e in record.epochs if key in e.metrics
            )
            if points:
                curves.append((who, points))
        made.append(Panel(names.heading(name, record.output_names), tuple(curves)))
    return made, len(found) - len(made)


def title(record: TrainingRecord) -> str:
    """Say how far the training came: `Training: 5 epochs`."""
    done = _text.count(len(record.epochs), "epoch")
    if not record.fits:
        return f"Training: {done}"
    last = record.fits[-1]
    of = "" if last.last_planned is None else f" of {last.last_planned}"
    reached = record.epochs[-1].epoch if record.epochs else last.first_epoch - 1
    if last.state == "running":
        return f"Training: epoch {reached}{of} done"
    if last.state == "stopped early":
        return f"Training: {done}, stopped early at epoch {reached}{of}"
    if last.state == "interrupted":
        return f"Training: interrupted in epoch {reached + 1}{of}; {done} recorded"
    return f"Training: {done}"


def seams(record: TrainingRecord) -> list[str]:
    """Say where `fit` was called again, and what became of the call before."""
    said = []
    for before, fit in zip(record.fits, record.fits[1:], strict=False):
        why = "; the call before was interrupted" if before.state == "interrupted" else ""
        model = "" if fit.same_model else " with another model, so its numbers start anew"
        said.append(f"From epoch {fit.first_epoch} on: fit was called again{model}{why}.")
    return said


def trend(record: TrainingRecord, panel: Panel) -> str:
    """Say where each curve of a panel began and ended, for those who do not see it."""
    said = []
    for who, points in panel.curves:
        (first, start), (last, end) = points[0], points[-1]
        if len(points) == 1:
            said.append(f"{who} {_text.num(end, record.digits)} in epoch {last}")
            continue
        verb = "stays at" if start == end else "falls from" if end < start else "rises from"
        if math.isnan(end) or math.isnan(start):
            verb = "goes from"
        if start == end:
            said.append(f"{who} is {_text.num(start, record.digits)} in epoch {first} and in epoch {last}")
            continue
        said.append(
            f"{who} {verb} {_text.num(start, record.digits)} in epoch {first} "
            f"to {_text.num(end, record.digits)} in epoch {last}"
        )
    # Where it turned is what one looks for in such a chart.
    for who, points in panel.curves:
        finite = [p for p in points if math.isfinite(p[1])]
        if who == "validation" and len(finite) > 2 and panel.title.endswith("loss"):
            best = min(finite, key=lambda p: p[1])
            if best[1] < finite[-1][1]:
                said.append(f"validation is lowest, {_text.num(best[1], record.digits)}, in epoch {best[0]}")
    return f"{panel.title} by epoch: {'; '.join(said)}"


def shown_epochs(record: TrainingRecord) -> list[Epoch | int]:
    """Return the epochs to list; a number stands for so many that are left out there."""
    epochs = record.epochs
    if len(epochs) <= ROWS:
        return list(epochs)
    keep = {*range(_EDGE), *range(len(epochs) - _EDGE, len(epochs)), *turning_points(epochs)}
    rows: list[Epoch | int] = []
    before = -1
    for i in sorted(keep):
        gap = i - before - 1
        if gap:
            # A single epoch takes no more room than the word that it is missing.
            rows.append(epochs[i - 1] if gap == 1 else gap)
        rows.append(epochs[i])
        before = i
    return rows


def turning_points(epochs: Sequence[Epoch]) -> list[int]:
    """Return the positions at which a rule speaks for the first time, the first few of them."""
    known: set[str] = set()
    found = []
    for i, epoch in enumerate(epochs):
        new = {o.name for o in epoch.observations} - known
        known |= new
        if new and _EDGE <= i < len(epochs) - _EDGE:
            found.append(i)
    return found[:_TURNING_POINTS]


def columns(record: TrainingRecord) -> list[str]:
    """Return the names of the table's number columns; the learning rate only where it changed."""
    rates = {e.learning_rate for e in record.epochs if e.learning_rate is not None}
    return [*record.metric_names, *(["learning_rate"] if len(rates) > 1 else [])]


def cell(record: TrainingRecord, epoch: Epoch, column: str) -> str:
    """Write one number of the table; empty where nothing was logged."""
    if column == "learning_rate":
        return "" if epoch.learning_rate is None else f"{epoch.learning_rate:.3g}"
    value = epoch.metrics.get(column)
    return "" if value is None else _text.num(round_to(value, record.digits), record.digits)


def head(record: TrainingRecord) -> list[str]:
    """Return the table's head."""
    return ["epoch", *(names.heading(c, record.output_names) for c in columns(record)), "observation"]
