"""Draw a grid of images with their labels."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from mlcourse import _palette
from mlcourse.plots._draw import _sheet
from mlcourse.plots._draw._display import attach
from mlcourse.plots._numbers import images as _numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def images(
    X: Any,
    y: Any = None,
    *,
    y_pred: Any = None,
    class_names: Sequence[str] | None = None,
    image_shape: Sequence[int] | None = None,
    max_images: int = 24,
    columns: int | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Plot images in a grid, each with its label; with predictions, the wrong ones are marked.

    Parameters
    ----------
    X
        Shape `(n_samples, height, width)`, or with 1, 3 or 4 channels last. Bytes are taken as
        0..255, colours from 0 to 1 as they are, anything else by the range of all of `X`.
    y, y_pred
        Labels and predicted labels: class indices, shape `(n_samples,)`, or 0/1 labels, shape
        `(n_samples, n_labels)`.
    class_names
        One name for each class or label.
    image_shape
        `(height, width)` of images given as rows of pixels.
    max_images
        At most so many are shown, the first ones, 1 to 200.
    columns
        Images in a row.
    ax
        Axes to draw into.

    Returns
    -------
    matplotlib.figure.Figure
        Its `alt` reads the labels row by row, or counts the right predictions and names the wrong.

    Raises
    ------
    InvalidArgument
        If the shapes do not fit or `class_names` has too few names.
    InvalidType
        If anything but numbers is given.
    """
    from matplotlib.patches import Rectangle

    record = _numbers.measure(
        X,
        y,
        y_pred=y_pred,
        class_names=class_names,
        image_shape=image_shape,
        max_images=max_images,
        columns=columns,
    )
    captions = _broken(record)
    lines = max(c.count("\n") for c in captions) + 1
    tall, wide = record.pixels.shape[1:3]
    # One image is one unit wide; all stand in one Axes, since an Axes for each takes five times as long.
    high, text = tall / wide, 0.06 + 0.16 * lines if any(captions) else 0.0
    step = (1.1, high + text + 0.12)
    size = (max(1.05 * record.columns, 2.4), 0.97 * step[1] * record.rows)
    with _sheet.look():
        figure, (one,), key = _sheet.panels(ax, width=size[0], height=size[1])
        one.set_axis_off()
        for i, pixels in enumerate(record.pixels):
            row, column = divmod(i, record.columns)
            left, top = column * step[0], -row * step[1]
            # Matplotlib ignores cmap, vmin and vmax for pixels that have a colour already.
            one.imshow(pixels, cmap="gray", vmin=0, vmax=1, extent=(left, left + 1, top - high, top))
            wrong = record.wrong is not None and record.wrong[i]
            edge, width = (_palette.VERMILION, 3) if wrong else ("#BBBBBB", 0.8)
            frame = Rectangle((left, top - high), 1, high, fill=False, edgecolor=edge, linewidth=width)
            one.add_patch(frame)
            one.text(
                left + 0.5,
                top + 0.04,
                captions[i],
                size=9,
                ha="center",
                va="bottom",
                linespacing=1.1,
                weight="bold" if wrong else "normal",
                color=_sheet.darker(_palette.VERMILION) if wrong else _palette.INK,
            )
        one.set_xlim(-0.03, record.columns * step[0] - 0.07)
        one.set_ylim(-record.rows * step[1] + text + 0.09, text + 0.03)
        one.set_aspect("equal")
    return attach(figure, key, record.alt, photo=record.pixels.ndim == 4)


def _broken(record: _numbers.Images) -> list[str]:
    """Return the captions in lines as wide as an image, a wrong one marked by a cross too."""
    wrong = record.wrong or (False,) * len(record.captions)
    found = []
    for caption, off in zip(record.captions, wrong, strict=True):
        parts = f"✗ {caption}".split(", is ", 1) if off else [caption]
        lines = [line for part in parts for line in wrap(part, 14)] or [""]
        if off and len(parts) == 2:
            lines = [*wrap(parts[0], 14), *wrap(f"is {parts[1]}", 14)]
        found.append("\n".join([*lines[:2], "…"] if len(lines) > 3 else lines))
    return found
