"""Draw a reliability diagram with the number of predictions in each bin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse import _palette
from mlcourse.plots._draw import _sheet
from mlcourse.plots._draw._display import attach
from mlcourse.plots._numbers import reliability as _numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def reliability(
    y_true: Any,
    y_prob: Any,
    *,
    n_bins: int = 10,
    label: int | str | None = None,
    class_names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Plot how often what was predicted with a probability came true, and how many predictions say so.

    Parameters
    ----------
    y_true
        0/1 labels, shape `(n_samples,)` or `(n_samples, n_labels)`, or class indices,
        shape `(n_samples,)`.
    y_prob
        Probabilities from 0 to 1, shape `(n_samples,)`, `(n_samples, n_labels)` or
        `(n_samples, n_classes)`.
    n_bins
        Number of bins of equal width, 2 to 100.
    label
        Number or name of one label or class. None judges all labels together, and of a
        multi-class task the largest probability of each sample.
    class_names
        One name for each class or label.
    ax
        Axes to draw into; divided in two.

    Returns
    -------
    matplotlib.figure.Figure
        Its `alt` gives the expected calibration error, `sum(n_b / n * |observed_b - mean_b|)` over
        the bins (Naeini et al. 2015; Guo et al. 2017), the bin that adds most to it, and whether
        the model is too sure.

    Raises
    ------
    InvalidArgument
        If the shapes differ, a probability lies outside 0..1 or a label is not 0 or 1.
    InvalidType
        If anything but numbers is given.
    """
    record = _numbers.measure(y_true, y_prob, n_bins=n_bins, label=label, class_names=class_names)
    full = record.counts > 0
    width = 1 / len(record.counts)
    with _sheet.look():
        figure, (top, bottom), key = _sheet.panels(ax, width=5.6, height=5.4, rows=2, heights=[3, 1])
        top.plot([0, 1], [0, 1], color=_sheet.GREY, linewidth=1, linestyle=":", label="as sure as right")
        top.vlines(
            record.mean[full],
            record.mean[full],
            record.observed[full],
            color=_palette.VERMILION,
            linewidth=5,
            alpha=0.45,
            label="gap",
        )
        top.plot(
            record.mean[full], record.observed[full], color=_palette.BLUE, marker="o", label="observed share"
        )
        top.set_ylim(-0.03, 1.03)
        top.set_ylabel("share that came true")
        top.set_title(_numbers.heading(record))
        top.legend(loc="upper left", handlelength=1.6)
        middles = record.edges[:-1] + width / 2
        bottom.bar(
            middles,
            record.counts,
            width=width * 0.92,
            color=_palette.mixed(_palette.BLUE, 0.55),
            edgecolor=_palette.BLUE,
        )
        if len(record.counts) <= 15:
            for x, n in zip(middles, record.counts, strict=True):
                bottom.text(x, n, str(n), ha="center", va="bottom", size=9)
            bottom.margins(y=0.28)
        bottom.set_ylabel("predictions")
        bottom.set_xlabel("predicted probability")
        for one in (top, bottom):
            one.set_xlim(-0.03, 1.03)
            _sheet.grid(one)
    return attach(figure, key, record.alt)
