"""Draw what a model answers over the plane of two features."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from mlcourse import _palette
from mlcourse._errors import InvalidArgument
from mlcourse.plots._draw import _sheet
from mlcourse.plots._draw._display import attach
from mlcourse.plots._numbers import decision_regions as _numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlcourse.plots._numbers.decision_regions import Plane, Regions


def decision_regions(
    model: Any,
    X: Any,
    y: Any,
    *,
    class_names: Sequence[str] | None = None,
    feature_names: Sequence[str] | None = None,
    threshold: float = 0.5,
    resolution: int = 120,
    ax: Axes | None = None,
) -> Figure:
    """Plot the region of each class over two features, and the samples on it; mistakes are ringed.

    Parameters
    ----------
    model
        Anything with `predict`: a Keras model that answers probabilities or logits of each class,
        or a scikit-learn classifier that answers classes. It is asked once, for the grid and the
        samples together.
    X
        Shape `(n_samples, 2)`.
    y
        Class indices, shape `(n_samples,)`, or 0/1 labels, shape `(n_samples, n_labels)`: then one
        panel for each label.
    class_names
        One name for each class or label.
    feature_names
        Two names, for the axes.
    threshold
        From which probability on a label is on; only where the model answers probabilities of labels.
    resolution
        Points of the grid along each axis, 10 to 1000.
    ax
        Axes to draw into; divided if there are several labels.

    Returns
    -------
    matplotlib.figure.Figure
        Its `alt` counts the samples in their own class's region and gives each region's share of
        the plane.

    Raises
    ------
    InvalidArgument
        If `X` has other than two features, or the model's answers do not fit `y`.
    InvalidType
        If the model has no `predict` or anything but numbers is given.
    """
    record = _numbers.measure(
        model,
        X,
        y,
        class_names=class_names,
        feature_names=feature_names,
        threshold=threshold,
        resolution=resolution,
    )
    if len(record.planes[0].names) > len(_palette.CYCLE):
        raise InvalidArgument(
            f"y has {len(record.planes[0].names)} classes, but the figure can tell apart"
            f" {len(_palette.CYCLE)}; plot fewer classes."
        )
    many = len(record.planes)
    if many > 9:
        raise InvalidArgument(f"y has {many} labels, but the figure has room for 9; plot fewer labels.")
    columns = math.ceil(math.sqrt(many))
    rows = math.ceil(many / columns)
    with _sheet.look():
        figure, axes, key = _sheet.panels(
            ax,
            width=6.2 if many == 1 else 3.1 * columns,
            height=4.4 if many == 1 else 2.9 * rows,
            rows=rows,
            columns=columns,
        )
        for i, one in enumerate(axes):
            if i >= many:
                one.set_axis_off()
                continue
            _plane(one, record, record.planes[i])
            one.set_title(
                f"{record.planes[i].title}: {record.planes[i].right} of {len(record.X)} right"
                if many > 1
                else f"{record.planes[i].right} of {len(record.X)} samples in their own class's region"
            )
            if i + columns >= many:
                one.set_xlabel(record.axes[0])
            if i % columns == 0:
                one.set_ylabel(record.axes[1])
        _legend(figure, axes[0], record, beside=ax is None)
    return attach(figure, key, record.alt)


def _plane(ax: Axes, record: Regions, plane: Plane) -> None:
    n = len(plane.names)
    levels = [k - 0.5 for k in range(n + 1)]
    ax.contourf(
        record.u,
        record.v,
        plane.regions,
        levels=levels,
        colors=[_palette.mixed(c, 0.3) for c in _palette.CYCLE[:n]],
    )
    for k in range(n):  # each boundary by itself: between classes 0 and 2 lies no class 1
        here = (plane.regions == k).astype(float)
        if 0 < here.mean() < 1:
            ax.contour(record.u, record.v, here, levels=[0.5], colors="#555555", linewidths=0.9)
    size = 26 if len(record.X) <= 300 else 12
    for k in range(n):
        mine = plane.truth == k
        ax.scatter(
            record.X[mine, 0],
            record.X[mine, 1],
            s=size,
            marker=_palette.MARKERS[k],
            color=_palette.CYCLE[k],
            edgecolors=_palette.PAPER,
            linewidths=0.5,
            zorder=3,
        )
    wrong = plane.truth != plane.answer
    ax.scatter(
        record.X[wrong, 0],
        record.X[wrong, 1],
        s=size * 3.2,
        marker="o",
        facecolors="none",
        edgecolors=_palette.BLACK,
        zorder=4,
    )
    for spot in record.spots(plane):
        ax.text(
            spot.u,
            spot.v,
            spot.name,
            ha="center",
            va="center",
            size=9.5,
            weight="bold",
            zorder=5,
            color=_sheet.darker(_palette.CYCLE[spot.index], _palette.mixed(_palette.CYCLE[spot.index], 0.3)),
        )
    ax.set_xlim(record.u[0], record.u[-1])
    ax.set_ylim(record.v[0], record.v[-1])


def _legend(figure: Figure, ax: Axes, record: Regions, *, beside: bool) -> None:
    """Say once which marker and tint is which class."""
    from matplotlib.lines import Line2D

    names = record.planes[0].names
    keys = [
        Line2D([], [], linestyle="", marker=_palette.MARKERS[k], color=_palette.CYCLE[k], label=names.word(k))
        for k in range(len(names))
    ]
    if any((p.truth != p.answer).any() for p in record.planes):
        keys.append(
            Line2D(
                [],
                [],
                linestyle="",
                marker="o",
                markersize=9,
                fillstyle="none",
                color="black",
                label="mistake",
            )
        )
    if beside:
        figure.legend(handles=keys, loc="outside right upper")
    else:
        ax.legend(handles=keys, loc="best", frameon=True, framealpha=0.85)
