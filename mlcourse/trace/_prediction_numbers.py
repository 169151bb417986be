"""An array of a trace as words and rounded numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._text import num

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A row of at most this many numbers is shown whole.
WHOLE = 12
_FIRST = 6


def cell(value: Any, digits: int = 2) -> str:
    """Write one value of an array: a text quoted, a whole number as such, others rounded."""
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, (bool, np.bool_)):
        return "True" if value else "False"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return num(float(value), digits)


def summary(values: NDArray[Any]) -> str:
    """Write an array in one line: whole when short, else its range, its zeros and its first values."""
    flat = values.reshape(-1)
    if flat.size <= WHOLE:
        return ", ".join(cell(v) for v in flat) or "(nothing)"
    first = ", ".join(cell(v) for v in flat[:_FIRST])
    return f"{spread(values)}; first {_FIRST}: {first}"


def spread(values: NDArray[Any]) -> str:
    """Write how many values there are, their range, and how many are exactly 0."""
    if values.dtype.kind == "O":
        return f"{values.size} texts"
    low, high = cell(values.min()), cell(values.max())
    zeros = int((values == 0).sum())
    text = f"{values.size} numbers from {low} to {high}"
    return f"{text}, {zeros} of them 0" if zeros else text
