"""Draw ROC and precision-recall curves side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse import _palette
from mlcourse._text import num
from mlcourse.plots._draw import _sheet
from mlcourse.plots._draw._display import attach
from mlcourse.plots._numbers import roc_pr as _numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlcourse.plots._numbers.roc_pr import Ranking


def roc_pr(
    y_true: Any, y_score: Any, *, class_names: Sequence[str] | None = None, ax: Axes | None = None
) -> Figure:
    """Plot ROC and precision-recall curves, one for each class against the rest or for each label.

    Parameters
    ----------
    y_true
        0/1 labels, shape `(n_samples,)` or `(n_samples, n_labels)`, or class indices,
        shape `(n_samples,)`.
    y_score
        Probabilities from 0 to 1, shape `(n_samples,)`, `(n_samples, n_labels)` or
        `(n_samples, n_classes)`.
    class_names
        One name for each class or label.
    ax
        Axes to draw into; divided in two.

    Returns
    -------
    matplotlib.figure.Figure
        Its `alt` gives area and average precision, of many classes the range. Of more than seven
        classes the four weakest are named in the figure and the others drawn in grey.

    Raises
    ------
    InvalidArgument
        If the shapes differ, a score lies outside 0..1, or `y_true` is the same for every sample.
    InvalidType
        If anything but numbers is given.
    """
    record = _numbers.measure(y_true, y_score, class_names)
    many = len(record.curves)
    with _sheet.look():
        figure, (roc, pr), key = _sheet.panels(ax, width=9.2, height=4.2, columns=2)
        roc.plot([0, 1], [0, 1], color=_sheet.GREY, linewidth=1, linestyle=":")
        roc.annotate(
            "guessing", (0.5, 0.5), (4, -4), textcoords="offset points", va="top", size=9, color="#444444"
        )
        _lines(roc, record.curves, "area")
        _lines(pr, record.curves, "average_precision")
        if many == 1:
            rate = record.curves[0].base_rate
            pr.axhline(rate, color=_sheet.GREY, linewidth=1, linestyle=":")
            pr.annotate("guessing", (0, rate), (4, 4), textcoords="offset points", size=9, color="#444444")
        for one, title, across, up in (
            (roc, "ROC curve (area)", "false positive rate", "true positive rate (recall)"),
            (pr, "Precision–recall (average precision)", "recall", "precision"),
        ):
            one.set_title(title)
            one.set_xlabel(across)
            one.set_ylabel(up)
            one.set_xlim(-0.02, 1.02)
            one.set_ylim(-0.02, 1.04)
            _sheet.grid(one)
        roc.legend(loc="lower right", handlelength=2.6)
        pr.legend(loc="lower left", handlelength=2.6)
    return attach(figure, key, record.alt)


def _lines(ax: Axes, found: Sequence[Ranking], score: str) -> None:
    named = list(found)
    if len(found) > len(_palette.CYCLE):
        named = sorted(found, key=lambda c: float(getattr(c, score)))[:4]
        for k, c in enumerate(c for c in found if c not in named):
            rest = f"{len(found) - len(named)} others"
            _line(ax, c, score, colour="#999999", dash="-", label=rest if k == 0 else None)
    for k, c in enumerate(named):
        name = _sheet.clipped(c.name) if len(found) > 1 else score.replace("_", " ")
        label = f"{name} {num(getattr(c, score))}"
        _line(ax, c, score, colour=_palette.CYCLE[k], dash=_palette.DASHES[k], label=label)


def _line(ax: Axes, c: Ranking, score: str, *, colour: str, dash: Any, label: str | None) -> None:
    thin = colour == "#999999"
    if score == "area":
        x, y, style = c.false_positive_rate, c.true_positive_rate, "default"
    else:  # precision holds until the next score: steps, as average precision counts them
        x, y, style = c.recall, c.precision, "steps-post"
    ax.plot(
        x,
        y,
        color=colour,
        linestyle=dash,
        linewidth=1 if thin else 2,
        label=label,
        drawstyle=style,
        zorder=2 if thin else 3,
    )
