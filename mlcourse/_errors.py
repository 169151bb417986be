"""Errors written for the student: what was given, what was expected, what to do.

`InvalidArgument` is a ValueError and `InvalidType` a TypeError, as the field
expects. In a notebook both are shown without our own traceback: only the
student's line and the sentence.
"""

from __future__ import annotations

import linecache
import math
import numbers
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlcourse._text import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from types import TracebackType

_PACKAGE = str(Path(__file__).parent)


def _students_line(traceback: TracebackType | None) -> str | None:
    """Return the last line that ran before the call went into this package."""
    found = None
    while traceback is not None:
        filename = traceback.tb_frame.f_code.co_filename
        if filename.startswith(_PACKAGE):
            break
        line = linecache.getline(filename, traceback.tb_lineno).strip()
        found = f"line {traceback.tb_lineno}: {line}" if line else found
        traceback = traceback.tb_next
    return found


class _ShownShort(Exception):  # noqa: N818 - a mixin, never raised itself
    """Let IPython show the student's line and the message, not the inside of the package."""

    def _render_traceback_(self) -> list[str]:
        line = _students_line(self.__traceback__)
        where = [line, ""] if line else []
        return [*where, f"{type(self).__name__}: {self}"]


class InvalidArgument(_ShownShort, ValueError):  # noqa: N818 - reads better without "Error" in a lesson
    """An argument has the right type but a value that cannot work."""


class InvalidType(_ShownShort, TypeError):  # noqa: N818
    """An argument is of a kind that cannot work."""


def shown(value: Any, limit: int = 60) -> str:
    """Return `value` as it is quoted in a message: its repr, cut to `limit` characters."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def unknown(what: str, given: Any, known: Collection[str]) -> InvalidArgument:
    """Return the error for a name that does not exist: the nearest ones that do, or else all of them."""
    import difflib

    near = difflib.get_close_matches(given, known, n=3, cutoff=0.6) if isinstance(given, str) else []
    quoted = [repr(name) for name in near or known]
    if near:
        return InvalidArgument(f"There is no {what} {shown(given)}; did you mean {listed(quoted, 'or')}?")
    have = f"there are {listed(quoted)}" if quoted else "there are none"
    return InvalidArgument(f"There is no {what} {shown(given)}; {have}.")


def one_of(name: str, value: Any, legal: Collection[Any]) -> None:
    """Raise `InvalidArgument` unless `value` is one of `legal`."""
    if value not in legal:
        options = ", ".join(map(repr, legal))
        raise InvalidArgument(f"{name} is {shown(value)}, but must be one of {options}.")


def whole_number(name: str, value: Any, *, least: int, most: int | None = None) -> int:
    """Return `value` as an int, or raise if it is not a whole number in [least, most]."""
    legal = f"a whole number {f'of at least {least}' if most is None else f'from {least} to {most}'}"
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise InvalidType(f"{name} is {shown(value)}, but must be {legal}.")
    whole = int(value)
    if whole < least or (most is not None and whole > most):
        raise InvalidArgument(f"{name} is {shown(value)}, but must be {legal}.")
    return whole


def number(name: str, value: Any, *, low: float, high: float, open_ends: bool = False) -> float:
    """Return `value` as a float, or raise if it is not a number between low and high."""
    legal = f"a number {'between' if open_ends else 'from'} {low:g} {'and' if open_ends else 'to'} {high:g}"
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise InvalidType(f"{name} is {shown(value)}, but must be {legal}.")
    real = float(value)
    if math.isnan(real) or not (low < real < high if open_ends else low <= real <= high):
        ends = " (the ends not included)" if open_ends else ""
        raise InvalidArgument(f"{name} is {shown(value)}, but must be {legal}{ends}.")
    return real


def number_of(name: str, value: Any, legal: Sequence[float]) -> float:
    """Return `value`, or raise if it is no number or not one of `legal`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidType(f"{name} is {shown(value)}, but must be a number.")
    if value not in legal:
        raise InvalidArgument(
            f"{name} is {shown(value)}, but must be one of {', '.join(f'{v:g}' for v in legal)}."
        )
    return value
