"""Draw precision, recall and F1 of each class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse import _palette
from mlcourse._text import num
from mlcourse.plots._draw import _sheet
from mlcourse.plots._draw._display import attach
from mlcourse.plots._numbers import per_class as _numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def per_class(
    y_true: Any, y_pred: Any, *, class_names: Sequence[str] | None = None, ax: Axes | None = None
) -> Figure:
    """Plot precision, recall and F1 of each class or label as bars.

    Parameters
    ----------
    y_true, y_pred
        Class indices, shape `(n_samples,)`, or 0/1 labels, shape `(n_samples, n_labels)`.
    class_names
        One name for each class or label.
    ax
        Axes to draw into. Of more than 25 classes the 25 with the lowest F1 are drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Its `alt` gives the scores, or the best and the three weakest classes of many. A class that
        was never predicted has precision 0, as in scikit-learn, and `alt` says so.

    Raises
    ------
    InvalidArgument
        If the shapes differ, `class_names` has too few names, or probabilities are given.
    InvalidType
        If anything but numbers is given.
    """
    record = _numbers.measure(y_true, y_pred, class_names)
    drawn = record.drawn
    n = len(drawn)
    scores = (
        ("precision", record.precision[drawn]),
        ("recall", record.recall[drawn]),
        ("F1", record.f1[drawn]),
    )
    with _sheet.look():
        figure, (one,), key = _sheet.panels(ax, width=6.2, height=(0.62 if n <= 6 else 0.54) * n + 0.9)
        for k, (title, values) in enumerate(scores):
            places = [i + 0.27 * (k - 1) for i in range(n)]
            # Pale bars with a full outline let the hatch be seen, and the numbers beside them.
            one.barh(
                places,
                values,
                height=0.25,
                label=title,
                color=_palette.mixed(_palette.CYCLE[k], 0.55),
                edgecolor=_sheet.darker(_palette.CYCLE[k]),
                hatch=_palette.HATCHES[k],
                linewidth=0.9,
            )
            for y, value in zip(places, values, strict=True):
                one.text(float(value) + 0.012, y, num(float(value)), va="center", size=9)
        for place, i in enumerate(drawn):
            if not (record.support[i] and record.predicted[i]):
                why = "never predicted" if record.support[i] else "does not occur"
                one.text(0.11, place, why, va="center", size=9, style="italic")
        one.set_yticks(
            range(n), [f"{_sheet.clipped(record.names[i])} (n = {record.support[i]})" for i in drawn]
        )
        one.set_ylim(n - 0.45, -0.55)
        one.set_xlim(0, 1.09)
        one.set_xticks([0, 0.25, 0.5, 0.75, 1])
        one.tick_params(axis="y", length=0)
        one.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, borderaxespad=0.2, handlelength=1.6)
        _sheet.grid(one, "x")
    return attach(figure, key, record.alt)
