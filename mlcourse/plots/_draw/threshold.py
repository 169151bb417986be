"""Draw precision, recall and F1 against the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse import _palette
from mlcourse._text import num
from mlcourse.plots._draw import _sheet
from mlcourse.plots._draw._display import attach
from mlcourse.plots._numbers import _words
from mlcourse.plots._numbers import threshold as _numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def threshold(
    y_true: Any,
    y_score: Any,
    *,
    label: int | str | None = None,
    average: str = "macro",
    threshold: float = 0.5,
    class_names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Plot precision, recall and F1 against the threshold from which on a label counts as on.

    The threshold that looks best here was chosen on these very samples: choose
    it on validation data and judge it on test data.

    Parameters
    ----------
    y_true
        0/1 labels, shape `(n_samples,)` or `(n_samples, n_labels)`.
    y_score
        Probabilities from 0 to 1, same shape.
    label
        Number or name of the label to plot; None for the average over all.
    average
        `"macro"`, the mean of the labels' scores, or `"micro"`, all decisions pooled.
    threshold
        The threshold in use, marked in the figure; rounded to two decimals.
    class_names
        One name for each label.
    ax
        Axes to draw into.

    Returns
    -------
    matplotlib.figure.Figure
        Its `alt` gives the scores at `threshold` and the threshold with the highest F1.

    Raises
    ------
    InvalidArgument
        If the shapes differ, a score lies outside 0..1, a label is not 0 or 1, or never on.
    InvalidType
        If anything but numbers is given.
    """
    record = _numbers.measure(
        y_true, y_score, label=label, average=average, threshold=threshold, class_names=class_names
    )
    lines = (("precision", record.precision), ("recall", record.recall), ("F1", record.f1))
    with _sheet.look():
        figure, (one,), key = _sheet.panels(ax, width=6.4, height=3.8)
        ends = []
        for k, (name, values) in enumerate(lines):
            colour = _palette.CYCLE[k]
            one.plot(
                _numbers.GRID,
                values,
                color=colour,
                linestyle=_palette.DASHES[k],
                marker=_palette.MARKERS[k],
                markevery=(5 * k, 20),
            )
            there = [i for i, v in enumerate(values) if v == v]  # noqa: PLR0124 - drops NaN
            last = there[-1]
            ends.append((float(_numbers.GRID[last]), float(values[last]), name, colour))
        one.axvline(record.at, color=_sheet.GREY, linewidth=1, linestyle=":")
        one.annotate(
            f"threshold {num(record.at)}",
            (record.at, 1.0),
            (0, 4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            size=9,
            color="#444444",
        )
        where, top = record.best
        one.plot([where], [top], marker="o", markersize=11, fillstyle="none", color=_palette.BLACK, zorder=5)
        one.set_title(
            f"○ highest F1: {num(top)} at {num(where)}", loc="right", pad=20, size=9, weight="normal"
        )
        one.set_xlim(-0.02, 1.02)
        one.set_ylim(-0.03, 1.05)
        one.set_xlabel("threshold")
        one.set_title(f"Scores {record.what}", pad=20)
        _sheet.grid(one)
        right = [(1.02, y, name, colour) for _, y, name, colour in ends]
        _sheet.end_labels(one, right)
    return attach(figure, key, _words.capital(record.alt))
