"""Draw the curves of a training run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from mlcourse import _palette
from mlcourse._text import num
from mlcourse.plots._draw import _sheet
from mlcourse.plots._draw._display import attach
from mlcourse.plots._numbers import curves as _numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlcourse.plots._numbers.curves import Line, Panel


def curves(history: Any, *, metrics: str | Sequence[str] | None = None, ax: Axes | None = None) -> Figure:
    """Plot the metrics of a training run against its epochs, a panel for each.

    Parameters
    ----------
    history
        What `model.fit` returns, a `trace.Training`, or a dict of lists, one number per epoch, in
        Keras' names: `loss`, `val_loss`, ... A metric may be NaN; the curve ends there and the alt
        text says so.
    metrics
        The metric or metrics to plot, without `val_`; all by default.
    ax
        Axes to draw into; divided if there are several metrics.

    Returns
    -------
    matplotlib.figure.Figure
        Its `alt` says what the curves do: "Loss falls from 0.65 to 0.30 over 5 epochs; validation
        loss turns up after epoch 3: ...".

    Raises
    ------
    InvalidArgument
        If no epoch is recorded, a metric has too few values or `metrics` names one that is absent.
    InvalidType
        If `history` is none of the above or holds anything but numbers.
    """
    record = _numbers.measure(history, metrics)
    many = len(record.panels)
    columns = min(many, 2)
    rows = math.ceil(many / columns)
    with _sheet.look():
        figure, axes, key = _sheet.panels(
            ax, width=5.4 if columns == 1 else 9, height=3.2 * rows, rows=rows, columns=columns
        )
        for panel, one in zip(record.panels, axes, strict=False):
            _panel(one, panel)
        for unused in axes[many:]:
            unused.set_axis_off()
    return attach(figure, key, record.alt)


def _panel(ax: Axes, panel: Panel) -> None:
    from matplotlib.ticker import MaxNLocator

    ends = []
    for line in panel.lines:
        i = int(line.validation)
        colour, marker, dash = _palette.CYCLE[i], _palette.MARKERS[i], _palette.DASHES[i]
        # Beyond some 30 epochs the markers would run into one another; the dashes still tell the lines apart.
        ax.plot(
            line.epochs,
            line.values,
            color=colour,
            linestyle=dash,
            marker=marker,
            markevery=max(1, len(line.epochs) // 25),
        )
        shown = [(x, y) for x, y in zip(line.epochs, line.values, strict=True) if math.isfinite(y)]
        if shown:
            ends.append((*shown[-1], "validation" if line.validation else "training", colour))
        _broken(ax, line)
    best = panel.best
    if best is not None:
        ax.axvline(best[0], color=_sheet.GREY, linewidth=1, linestyle=":")
        word = "lowest" if panel.lower_is_better else "highest"
        ax.annotate(
            f"validation {word} at epoch {best[0]}: {num(best[1], panel.digits)}",
            (0, 1.0),
            (0, 5),
            xycoords="axes fraction",
            textcoords="offset points",
            size=9,
            color="#444444",
        )
    ax.set_title(panel.title, pad=20 if best is not None else 6)
    ax.set_xlabel("epoch")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    first, last = _span(panel)
    room = 0.04 * (last - first) or 0.5
    if first == last:
        ax.set_xticks([first])
    ax.set_xlim(first - room, last + room)
    _sheet.grid(ax)
    if len(ends) > 1 or panel.lines[0].validation:
        _sheet.end_labels(ax, ends)


def _span(panel: Panel) -> tuple[int, int]:
    epochs = [e for line in panel.lines for e in line.epochs]
    return min(epochs), max(epochs)


def _broken(ax: Axes, line: Line) -> None:
    """Hatch the epochs in which the line has no finite value."""
    lost = [e for e, v in zip(line.epochs, line.values, strict=True) if not math.isfinite(v)]
    if lost:
        ax.axvspan(
            lost[0] - 0.5,
            lost[-1] + 0.5,
            facecolor="none",
            edgecolor="#999999",
            hatch="//",
            linewidth=0,
            zorder=0,
        )
        ax.annotate(
            f"no number from epoch {lost[0]}",
            (lost[0] - 0.5, 1.0),
            (0, 5),
            size=9,
            color="#444444",
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
        )
