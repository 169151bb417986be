"""Chapter 09's playground: slide a kernel over a digit, and edit it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse import _html
from mlcourse._errors import InvalidArgument, InvalidType, number, shown, whole_number
from mlcourse.explore._playground import Playground

if TYPE_CHECKING:
    from collections.abc import Sequence

SIDE = 8
LEAST, LARGEST, STEP = -2.0, 2.0, 0.5
PRESETS = {
    "upright edges": (-1, 0, 1, -1, 0, 1, -1, 0, 1),
    "level edges": (-1, -1, -1, 0, 0, 0, 1, 1, 1),
    "slanting strokes": (-1, 0, 1, 0, 1, 0, 1, 0, -1),
    "blur": (0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
    "copy": (0, 0, 0, 0, 1, 0, 0, 0, 0),
}
TRIES = (
    "Slide the window to a place where ink begins, then to one where it ends. How does the sign change?",
    "Which kernel copies the digit? Change two weights so that it is copied one pixel further left.",
    "Make the nine weights add up to 0. What does the kernel answer where all pixels are alike?",
    "Find a kernel whose largest answer is on the slanting stroke of the 7 and not on its level one.",
    "Switch ReLU on. What is lost with upright edges, and which second kernel would find it?",
    "Turn all nine weights round (the first becomes the last). What becomes of the map of the 0?",
)


@cache
def pictures() -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Return the first drawing of each digit, 8 rows of 8 whole numbers from 0 (paper) to 16 (ink)."""
    from mlcourse.datasets import load_digits

    digits = load_digits()
    found = []
    for label in range(10):
        drawing = digits.X[int(np.flatnonzero(digits.y == label)[0])].reshape(SIDE, SIDE)
        found.append(tuple(tuple(int(v) for v in row) for row in drawing))
    return tuple(found)


def feature_map(picture: Any, kernel: Any) -> np.ndarray[Any, Any]:
    """Return the sum of the products of window and kernel at every place where the kernel fits.

    Parameters
    ----------
    picture
        Shape (rows, columns).
    kernel
        Shape (k, k).

    Returns
    -------
    ndarray of shape (rows - k + 1, columns - k + 1)
    """
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(picture, dtype=float), np.shape(kernel))
    return np.asarray(np.einsum("rcij,ij->rc", windows, np.asarray(kernel, dtype=float)))


def _weights(kernel: Sequence[Sequence[float]] | None) -> list[float]:
    if kernel is None:
        return [float(w) for w in PRESETS["upright edges"]]
    try:
        array = np.asarray(kernel, dtype=float)
    except (TypeError, ValueError):
        raise InvalidType(f"kernel is {shown(kernel)}, but must be three rows of three numbers.") from None
    if array.shape != (3, 3):
        raise InvalidArgument(f"kernel has the shape {array.shape}, but must be three rows of three numbers.")
    given = [number("a weight of kernel", float(w), low=LEAST, high=LARGEST) for w in array.ravel()]
    return [round(w / STEP) * STEP for w in given]


def _written(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def convolution(digit: int = 7, kernel: Sequence[Sequence[float]] | None = None) -> Playground:
    """Slide a kernel over a handwritten digit, edit its weights, and see the feature map.

    Parameters
    ----------
    digit
        The digit at the start, 0 to 9.
    kernel
        The weights at the start, three rows of three numbers from -2 to 2, moved
        to the nearest half; a kernel for upright edges if none are given.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If the digit or the weights cannot be shown.
    """
    digit = whole_number("digit", digit, least=0, most=9)
    weights = _weights(kernel)
    answers = feature_map(pictures()[digit], np.reshape(weights, (3, 3)))
    rows = [(f"row {r}", *(_written(v) for v in row)) for r, row in enumerate(answers)]
    return Playground(
        "convolution",
        title="Slide a kernel over a digit",
        intro=(
            "Left the digit, from 0 (paper) to 16 (ink), with the window framed. Right the feature map: each "
            "number is the sum of nine products. Move the window, or change the weights."
        ),
        summary=_html.table(
            ("", *(f"column {c}" for c in range(answers.shape[1]))),
            rows,
            caption=f"The feature map of the {digit} at the start; the weights are "
            + ", ".join(_written(w) for w in weights),
            numeric=range(1, answers.shape[1] + 1),
        ),
        start={"digit": str(digit), "kernel": weights, "row": 1, "column": 2, "relu": []},
        data={
            "pictures": pictures(),
            "presets": [{"name": name, "weights": list(made)} for name, made in PRESETS.items()],
            "least": LEAST,
            "largest": LARGEST,
            "step": STEP,
        },
        tries=TRIES,
    )
