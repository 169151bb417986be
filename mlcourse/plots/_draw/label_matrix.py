"""Draw which labels occur together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse.plots._draw import _sheet
from mlcourse.plots._draw._display import attach
from mlcourse.plots._numbers import label_matrix as _numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def label_matrix(
    Y: Any,
    *,
    class_names: Sequence[str] | None = None,
    normalize: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Plot how often two labels are on in the same sample.

    Parameters
    ----------
    Y
        0/1 labels, shape `(n_samples, n_labels)`, at least two labels.
    class_names
        One name for each label.
    normalize
        None for counts; `"row"` for the share of the samples with the row's label that also have
        the column's.
    ax
        Axes to draw into.

    Returns
    -------
    matplotlib.figure.Figure
        Its `alt` names the most and least frequent label and pair, and counts samples without any.

    Raises
    ------
    InvalidArgument
        If `Y` has another shape or other values, or `class_names` another length.
    InvalidType
        If anything but numbers is given.
    """
    record = _numbers.measure(Y, class_names, normalize)
    n = len(record.names)
    names = [_sheet.clipped(t) for t in record.names.texts]
    side = min(max(3.0, (0.62 if n <= 6 else 0.5) * n + 1.2), 8.5)
    with _sheet.look():
        figure, (one,), key = _sheet.panels(ax, width=side + 1.2, height=side + 0.3)
        _sheet.heat(one, record.shown, record.cells, rows=names, columns=names, top=record.shown.max())
        one.set_title(record.heading, wrap=True)
    return attach(figure, key, record.alt)
