"""Draw confusion matrices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from mlcourse.plots._draw import _sheet
from mlcourse.plots._draw._display import attach
from mlcourse.plots._numbers import confusion as _numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlcourse.plots._numbers.confusion import Confusion, Confusions

_TITLES = {
    None: "Number of samples",
    "true": "Share of each true class",
    "pred": "Share of each predicted class",
    "all": "Share of all samples",
}


def confusion(
    y_true: Any,
    y_pred: Any,
    *,
    class_names: Sequence[str] | None = None,
    normalize: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Plot which classes are taken for which; for several labels, a 2×2 matrix for each.

    Parameters
    ----------
    y_true, y_pred
        Class indices, shape `(n_samples,)`, or 0/1 labels, shape `(n_samples, n_labels)`.
    class_names
        One name for each class or label.
    normalize
        None for counts, or as in scikit-learn: `"true"` divides by the row's sum, `"pred"` by the
        column's, `"all"` by the number of samples.
    ax
        Axes to draw into; divided if there are several labels. Of more than 12 labels the 12 with the
        most mistakes are drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Its `alt` gives the share of right answers, the most frequent mistakes, and the classes
        that were never predicted.

    Raises
    ------
    InvalidArgument
        If the shapes differ, `class_names` has too few names, or probabilities are given.
    InvalidType
        If anything but numbers is given.
    """
    record = _numbers.measure(y_true, y_pred, class_names, normalize)
    with _sheet.look():
        if isinstance(record, _numbers.Confusions):
            figure, key = _labels(record, ax)
        else:
            figure, key = _classes(record, ax)
    return attach(figure, key, record.alt)


def _classes(record: Confusion, ax: Axes | None) -> tuple[Figure, Axes]:
    n = len(record.names)
    names = [_sheet.clipped(t) for t in record.names.texts]
    side = min(max(2.6, (0.62 if n <= 6 else 0.5) * n + 1.2), 8.5)
    figure, (one,), key = _sheet.panels(ax, width=side + 1.0, height=side + 0.5)
    _sheet.heat(one, record.shown, record.cells, rows=names, columns=names, top=record.shown.max())
    one.set_title(_TITLES[record.normalize])
    one.set_xlabel("predicted class")
    one.set_ylabel("true class")
    return figure, key


def _labels(record: Confusions, ax: Axes | None) -> tuple[Figure, Axes]:
    drawn = record.drawn
    many = len(drawn)
    columns = min(many, 4)
    rows = math.ceil(many / columns)
    figure, axes, key = _sheet.panels(
        ax, width=2.15 * columns + 0.5, height=2.0 * rows + 0.3, rows=rows, columns=columns
    )
    for one in axes[many:]:
        one.set_axis_off()
    for i, (label, one) in enumerate(zip(drawn, axes, strict=False)):
        # One scale of shades for all, so that labels can be compared.
        _sheet.heat(
            one,
            record.shown[label],
            record.cells(label),
            rows=["off", "on"],
            columns=["off", "on"],
            top=float(record.shown.max()),
        )
        one.set_title(_sheet.clipped(record.names.word(label)))
        if i // columns == rows - 1 or i + columns >= many:
            one.set_xlabel("predicted")
        if i % columns == 0:
            one.set_ylabel("true")
    return figure, key
