"""An array of a trace as words and rounded numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._text import num

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A row of at most this many numbers is shown whole, of a longer one the first few.
WHOLE = 12
FIRST = 6
# As a number of decimals: powers of ten, for arrays that hold nothing else than tiny numbers.
TINY = 99


def digits(*arrays: NDArray[Any]) -> int:
    """Return how many decimals show these arrays: none for whole numbers, more for small ones, `TINY`."""
    numbers = [a.astype(np.float64) for a in arrays if a.dtype.kind in "biuf" and a.size]
    if not numbers or all((a == np.round(a)).all() for a in numbers):
        return 0
    largest = max(float(np.abs(a[np.isfinite(a)]).max(initial=0.0)) for a in numbers)
    if largest >= 1000:
        return 1
    return 2 if largest >= 0.1 else 3 if largest >= 0.01 else 4 if largest >= 0.001 else TINY


def cell(value: Any, decimals: int = 2) -> str:
    """Write one value of an array: a text quoted, a number rounded."""
    if isinstance(value, str):
        return f"“{value}”" if len(value) <= 80 else f"“{value[:79]}…”"
    if decimals == TINY and value != 0 and np.isfinite(value):
        return f"{value:.1e}"
    return num(float(value), 0 if decimals == TINY else decimals)


def shown_values(values: NDArray[Any]) -> list[Any]:
    """Return the values that a view shows one by one: all of them, or the first few."""
    flat = list(values.reshape(-1))
    return flat if len(flat) <= WHOLE else flat[:FIRST]


def summary(values: NDArray[Any], decimals: int | None = None) -> str:
    """Write an array in one line: whole when short, else its range, its zeros and its first values."""
    decimals = digits(values) if decimals is None else decimals
    listed = ", ".join(cell(v, decimals) for v in shown_values(values))
    if values.size <= WHOLE:
        return listed or "nothing"
    return f"{spread(values, decimals)}; the first {FIRST}: {listed}"


def spread(values: NDArray[Any], decimals: int | None = None) -> str:
    """Write how many values there are, their range, and how many are exactly 0."""
    if values.dtype.kind == "O":
        return f"{values.size} texts"
    decimals = digits(values) if decimals is None else decimals
    low, high = cell(values.min(), decimals), cell(values.max(), decimals)
    zeros = int((values == 0).sum())
    text = f"{values.size} numbers from {low} to {high}"
    return f"{text}, {zeros} of them 0" if zeros else text


def size(shape: tuple[int, ...], values: NDArray[Any]) -> str:
    """Write how much one sample is at a place: `64 numbers`, `26 × 26 × 16 numbers`, `1 text`."""
    noun = "text" if values.dtype.kind == "O" else "number"
    return f"{' × '.join(map(str, shape)) or 1} {noun if values.size == 1 else noun + 's'}"
