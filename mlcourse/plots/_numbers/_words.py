"""How the alt texts write numbers, shares and long lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import listed, num

if TYPE_CHECKING:
    from collections.abc import Sequence


def percent(share: float) -> str:
    """Write a share of 1 in percent; only all is 100% and only none is 0%.

    >>> percent(0.5), percent(0.999), percent(0.001), percent(1)
    ('50%', 'over 99%', 'under 1%', '100%')
    """
    whole = round(100 * share)
    if whole == 100 and share < 1:
        return "over 99%"
    if whole == 0 and share > 0:
        return "under 1%"
    return f"{whole}%"


def decimals(values: Sequence[float]) -> int:
    """Return how many decimals show these values: 2, or more if all of them are small."""
    largest = max((abs(v) for v in values if v == v and abs(v) != float("inf")), default=0.0)  # noqa: PLR0124 - drops NaN
    digits = 2
    while 0 < largest < 10 ** (1 - digits) and digits < 8:
        digits += 1
    return digits


def few(items: Sequence[str], limit: int = 4) -> str:
    """List the items as a sentence does, the ones beyond `limit` counted.

    >>> few(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    return listed(items) if len(items) <= limit else listed([*items[:limit], f"{len(items) - limit} more"])


def capital(text: str) -> str:
    """Begin a sentence: the first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def score(value: float) -> str:
    """Write a score from 0 to 1, or that it is not defined."""
    return "not defined" if value != value else num(value)  # noqa: PLR0124 - NaN is the one value unequal to itself
