"""Numbers, shapes and lists as words: one way of writing them for every view."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def num(value: float, digits: int = 2) -> str:
    """Write a number with `digits` decimals; a minus sign never stands before zero.

    >>> num(0.2649), num(-0.001), num(float("nan"))
    ('0.26', '0.00', 'NaN')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if not any(c in "123456789" for c in text) else text


def shape(dims: Sequence[int | None]) -> str:
    """Write a shape the way the lessons do: `1000 × 20`; an unknown size is `?`."""
    return " × ".join("?" if d is None else str(d) for d in dims) or "one number"


def listed(items: Iterable[Any], last: str = "and") -> str:
    """Join items as a sentence does: `a, b and c`."""
    words = [str(i) for i in items]
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def count(n: int, one: str, many: str | None = None) -> str:
    """Write a number of things: `1 label`, `2 labels`."""
    return f"{n} {one if n == 1 else many or one + 's'}"
