"""Compares a result with the expected one in the order that helps: kind, shape, dtype, values."""

from __future__ import annotations

import inspect
import numbers
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlcourse import _text

SWAPPED = " Rows and columns are swapped: `.T` turns them."


@dataclass(frozen=True)
class Difference:
    """Where two results differ first.

    Attributes
    ----------
    kind : str
        `"type"`, `"shape"`, `"dtype"` or `"value"`.
    text : str
        The difference as a sentence, Markdown.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Tolerance:
    """How far numbers may be apart, and whether True/False, whole numbers and fractions are told apart."""

    rtol: float = 1e-5
    atol: float = 1e-8
    same_kind: bool = False


def plain(value: Any) -> Any:
    """Return tensors, Keras variables and pandas objects as NumPy arrays, anything else as it is."""
    if isinstance(value, np.ndarray | np.generic) or inspect.isclass(value):
        return value
    for name in ("numpy", "to_numpy"):
        convert = getattr(value, name, None)
        if callable(convert):
            try:
                made = convert()
            except Exception:  # noqa: BLE001 - a foreign object; it is then compared as what it is
                return value
            return made if isinstance(made, np.ndarray | np.generic) else value
    return value


def called(value: Any) -> str:
    """Return what kind of thing a value is, with its article: `a NumPy array of shape 3 × 2`."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return (
            f"a NumPy array of shape {_text.shape(value.shape)}"
            if value.ndim
            else "one number (an array without axes)"
        )
    if isinstance(value, bool | np.bool_):
        return "True or False"
    if isinstance(value, numbers.Number):
        return "one number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {_text.count(len(value), 'entry', 'entries')}"
    if isinstance(value, dict | set):
        return f"a {type(value).__name__}"
    if inspect.isgenerator(value) or isinstance(value, zip | map | filter | range):
        return f"a {type(value).__name__}"
    if inspect.isclass(value):
        return f"the class {value.__name__}"
    if callable(value):
        return "a function"
    return f"an object of type {type(value).__name__}"


def _wrong_kind(value: Any, wanted: Any) -> Difference:
    if value is None:
        return Difference(
            "type", "It returned `None`. Is there a `return` on every way through the function?"
        )
    advice = ""
    if inspect.isgenerator(value) or isinstance(value, zip | map | filter):
        advice = " Such an object only promises values; turn it into a list or an array before you return it."
    elif inspect.iscoroutine(value):
        advice = " A function that is checked here must not be `async`."
    elif callable(value):
        advice = " Was a function returned without being called? Round brackets call it."
    elif isinstance(wanted, np.ndarray) and isinstance(value, list | tuple):
        advice = " `np.array(…)` makes an array of it."
    return Difference("type", f"It returned {called(value)}; expected is {called(wanted)}.{advice}")


def _number(value: Any) -> bool:
    return isinstance(value, numbers.Number | np.generic) and not isinstance(value, np.str_ | np.bytes_)


def difference(value: Any, wanted: Any, tolerance: Tolerance = Tolerance()) -> Difference | None:
    """Return the first difference between a result and the expected one, or None if they agree."""
    value, wanted = plain(value), plain(wanted)
    if isinstance(wanted, np.ndarray) and wanted.ndim:
        if isinstance(value, np.ndarray) or _number(value):
            return _arrays(np.asarray(value), wanted, tolerance)
        return _wrong_kind(value, wanted)
    if isinstance(wanted, tuple | list):
        return _rows(value, wanted, tolerance)
    if _number(wanted) or isinstance(wanted, np.ndarray):
        if isinstance(value, np.ndarray) or _number(value):
            return _arrays(np.asarray(value), np.asarray(wanted), tolerance)
        return _wrong_kind(value, wanted)
    if isinstance(wanted, dict):
        return _mapping(value, wanted, tolerance)
    if type(value) is not type(wanted):
        return _wrong_kind(value, wanted)
    return None if value == wanted else Difference("value", "The result differs from the expected one.")


def _rows(value: Any, wanted: tuple[Any, ...] | list[Any], tolerance: Tolerance) -> Difference | None:
    if isinstance(value, np.ndarray) and value.ndim:
        value = list(value)
    if not isinstance(value, tuple | list):
        return _wrong_kind(value, wanted)
    if len(value) != len(wanted):
        things = _text.count(len(value), "value", "values")
        return Difference(
            "shape", f"It returned {things}; expected {'is' if len(wanted) == 1 else 'are'} {len(wanted)}."
        )
    for i, (one, other) in enumerate(zip(value, wanted, strict=True), 1):
        found = difference(one, other, tolerance)
        if found is not None:
            return Difference(
                found.kind, f"Of the {len(wanted)} values it returned, look at number {i}. {found.text}"
            )
    return None


def _mapping(value: Any, wanted: dict[Any, Any], tolerance: Tolerance) -> Difference | None:
    if not isinstance(value, dict):
        return _wrong_kind(value, wanted)
    if set(value) != set(wanted):
        return Difference("shape", f"Its keys should be {_text.listed(f'`{key}`' for key in wanted)}.")
    for key, other in wanted.items():
        found = difference(value[key], other, tolerance)
        if found is not None:
            return Difference(found.kind, f"Look at `{key}`. {found.text}")
    return None


_FAMILIES = {"b": "True or False", "i": "whole numbers", "u": "whole numbers", "f": "fractions"}


def _arrays(
    value: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any], tolerance: Tolerance
) -> Difference | None:
    if value.dtype.kind not in "biuf" and wanted.dtype.kind in "biuf":
        return Difference("dtype", f"Its entries have the type `{value.dtype}`, and numbers are expected.")
    if value.shape != wanted.shape:
        given, expected = _text.shape(value.shape), _text.shape(wanted.shape)
        swapped = SWAPPED if value.ndim == 2 and value.shape[::-1] == wanted.shape else ""
        return Difference("shape", f"Its shape is {given}, and should be {expected}.{swapped}")
    if tolerance.same_kind:
        kinds = _FAMILIES.get(value.dtype.kind), _FAMILIES.get(wanted.dtype.kind)
        if kinds[0] != kinds[1]:
            return Difference("dtype", f"It holds {kinds[0]}, and {kinds[1]} are expected.")
    if wanted.dtype.kind not in "biuf":
        return None if np.array_equal(value, wanted) else Difference("value", "Some entries differ.")
    left, right = value.astype(float), wanted.astype(float)
    good = np.isclose(left, right, rtol=tolerance.rtol, atol=tolerance.atol, equal_nan=True)
    if good.all():
        return None
    return Difference("value", _first_wrong(left, right, good))


def _first_wrong(
    value: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any], good: np.ndarray[Any, Any]
) -> str:
    """Return in words where the first wrong entry is and how many there are."""
    place = tuple(int(i) for i in np.argwhere(~good)[0])
    got, expected = written(value[place]), written(wanted[place])
    if not place:
        return f"It is {got}, and should be {expected}."
    where = f"[{', '.join(map(str, place))}]"
    wrong = int((~good).sum())
    share = (
        "Every entry is"
        if wrong == good.size
        else f"{wrong} of {good.size} entries {'is' if wrong == 1 else 'are'}"
    )
    nan = (
        " NaN is what comes of 0 / 0, ∞ − ∞ or ∞ / ∞."
        if np.isnan(value[place]) and not np.isnan(wanted[place])
        else ""
    )
    return f"The shape is right. {share} wrong; the first one, at `{where}`, is {got} and should be {expected}.{nan}"


def written(value: Any) -> str:
    """Return one number as text, with three digits that matter."""
    number = float(value)
    if np.isnan(number) or np.isinf(number):
        return _text.num(number)
    if number == int(number) and abs(number) < 1e6:
        return str(int(number))
    return f"{number:.4g}"


def quoted(value: Any, limit: int = 600) -> str:
    """Return a value as plain text to look at: arrays rounded, and everything cut to a few lines."""
    value = plain(value)
    try:
        if isinstance(value, np.ndarray) and value.ndim:
            with np.printoptions(precision=3, suppress=False, threshold=60, edgeitems=3, linewidth=70):
                text = str(value) if value.dtype.kind != "f" else _rounded(value)
        elif isinstance(value, float | np.floating):
            text = written(value)
        elif isinstance(value, np.generic):
            text = str(value)
        elif isinstance(value, tuple | list) and any(isinstance(v, np.ndarray | np.generic) for v in value):
            text = "\n".join(f"{i}: {quoted(v, limit // len(value))}" for i, v in enumerate(value, 1))
        else:
            text = repr(value)
    except Exception:  # noqa: BLE001 - the student's object may not be able to show itself
        text = called(value)
    return text if len(text) <= limit else f"{text[:limit]} …"


def _rounded(value: np.ndarray[Any, Any]) -> str:
    # Rounding to 4 digits that matter keeps noise of another CPU out of the text.
    with np.errstate(all="ignore"):
        return np.array2string(value, formatter={"float_kind": written})
