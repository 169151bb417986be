"""A grid of images with their labels, and which of them the model got wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, shown, whole_number
from mlcourse._text import count, listed, shape
from mlcourse.plots._numbers import _checks, _words

if TYPE_CHECKING:
    from mlcourse.plots._numbers._checks import Floats, Ints, Names

_SAID = 16


@dataclass(frozen=True)
class Images:
    """Images that are shown, and what stands under each.

    Attributes
    ----------
    pixels
        `(n_shown, height, width)` or `(n_shown, height, width, 3 or 4)`, from 0 to 1.
    captions
        One line for each image: the label, or answer and truth where they differ; may be empty.
    wrong
        Whether the prediction differs from the label; None without predictions.
    total
        Number of images given.
    columns
        Images in a row.
    """

    pixels: Floats
    captions: tuple[str, ...]
    wrong: tuple[bool, ...] | None
    total: int
    columns: int

    @property
    def rows(self) -> int:
        """Number of rows of the grid."""
        return math.ceil(len(self.pixels) / self.columns)

    @property
    def alt(self) -> str:
        """What the grid shows, in words."""
        n, (height, width) = len(self.pixels), self.pixels.shape[1:3]
        first = f"The first {n} of {self.total} images" if n < self.total else count(n, "image")
        kind = "in colour" if self.pixels.ndim == 4 else "in grey"
        said = [f"{first}, {height} × {width} pixels, {kind}."]
        if self.wrong is not None:
            bad = [c for c, w in zip(self.captions, self.wrong, strict=True) if w]
            said.append(f"{n - len(bad)} of {n} predicted right.")
            if bad:
                said.append(f"Wrong: {_words.few(bad, 6)}.")
        elif any(self.captions):
            rest = f" and {n - _SAID} more" if n > _SAID else ""
            said.append(f"Row by row: {', '.join(self.captions[:_SAID])}{rest}.")
        return " ".join(said)


def measure(
    X: Any, y: Any, *, y_pred: Any, class_names: Any, image_shape: Any, max_images: Any, columns: Any
) -> Images:
    """Bring images into a grid of at most `max_images`, with captions."""
    found = _checks.array("X", X)
    limit = whole_number("max_images", max_images, least=1, most=200)
    if image_shape is not None:
        found = _shaped(found, image_shape)
    if found.ndim == 4 and found.shape[-1] == 1:
        found = found[..., 0]
    if found.ndim not in (3, 4) or (found.ndim == 4 and found.shape[-1] not in (3, 4)):
        hint = "; for rows of pixels pass image_shape=(height, width)" if found.ndim == 2 else ""
        raise InvalidArgument(
            f"X has shape {shape(found.shape)}, but must be n_samples × height × width, or with 1, 3 or 4"
            f" channels last{hint}."
        )
    kept = found[:limit]
    across = columns if columns is not None else _across(len(kept))
    across = min(whole_number("columns", across, least=1), len(kept))
    pixels = _unit(found)[:limit]
    captions, wrong = _captions(len(found), len(kept), y, y_pred, class_names)
    return Images(pixels, captions, wrong, len(found), across)


def _across(n: int) -> int:
    """Return how many images to set in a row: all up to 5, else 5 to 8, the last row as full as can be."""
    return n if n <= 5 else min(range(5, 9), key=lambda c: (-n % c, -c))


def _shaped(found: Any, image_shape: Any) -> Any:
    try:
        sizes = tuple(int(s) for s in image_shape)
    except (TypeError, ValueError):
        raise InvalidType(f"image_shape is {shown(image_shape)}, but must be (height, width).") from None
    if len(sizes) not in (2, 3) or math.prod(sizes) != math.prod(found.shape[1:]) or min(sizes) < 1:
        raise InvalidArgument(
            f"image_shape is {shown(image_shape)}, but each row of X holds"
            f" {math.prod(found.shape[1:])} values."
        )
    return found.reshape(len(found), *sizes)


def _unit(found: Any) -> Floats:
    """Scale to 0..1: bytes by 255, colours within 0..1 not at all, anything else by its own range."""
    pixels: Floats = found.astype(np.float64)
    low, high = float(pixels.min()), float(pixels.max())
    if found.dtype == np.uint8 and high > 16:  # scikit-learn's digits go to 16
        return np.divide(pixels, 255)
    if low >= 0 and high <= 1:
        return pixels
    low = min(low, 0.0)
    scaled: Floats = (pixels - low) / (high - low) if high > low else np.zeros_like(pixels)
    return scaled


def _captions(
    n: int, n_shown: int, y: Any, y_pred: Any, class_names: Any
) -> tuple[tuple[str, ...], tuple[bool, ...] | None]:
    if y is None and y_pred is None:
        return ("",) * n_shown, None
    both = [_checks.labels(name, v) for name, v in (("y", y), ("y_pred", y_pred)) if v is not None]
    if len(both) == 2:
        _checks.same_shape("y", both[0], "y_pred", both[1])
    if len(both[0]) != n:
        raise InvalidArgument(f"X holds {n} images and y {len(both[0])} labels, but both must be the same.")
    if both[0].ndim == 2:
        names = _checks.names(class_names, both[0].shape[1], noun="label")
    else:
        size = max(int(b.max()) for b in both) + 1
        given = len(class_names) if class_names is not None and hasattr(class_names, "__len__") else 0
        names = _checks.names(class_names, max(size, given))
    if len(both) == 1:
        return tuple(_name(row, names) for row in both[0][:n_shown]), None
    said, wrong = [], []
    for true, pred in zip(both[0][:n_shown], both[1][:n_shown], strict=True):
        off = bool(np.any(true != pred))
        wrong.append(off)
        said.append(f"{_name(pred, names)}, is {_name(true, names)}" if off else _name(true, names))
    return tuple(said), tuple(wrong)


def _name(row: Ints | np.int64, names: Names) -> str:
    """Return a class's name, or the names of the labels that are on."""
    if np.ndim(row) == 0:
        return names[int(row)]
    return listed(names[int(i)] for i in np.flatnonzero(row)) or "none"
