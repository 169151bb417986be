"""One answer as it is kept: a frozen record, and the rules that make any answer safe to keep."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Final

from mlcourse import _errors

#: The ways in which a question of the bank is asked. All of them come up for review.
QUESTIONS: Final = frozenset({"question", "prediction", "myth", "review", "diagnosis", "final"})
#: What is scored, and so counts as done; other kinds ("hint", "solution", "badge") are kept beside them.
SCORED: Final = QUESTIONS | {"exercise", "challenge", "experiment"}
#: A score this near to 1 is right: partial credit is a sum of fractions.
RIGHT: Final = 1 - 1e-9

WORD_LIMIT: Final = 200
"""Most characters of an id, a kind, a chapter, a mode or a misconception."""
ANSWER_LIMIT: Final = 20_000
"""Most characters of an answer, written as JSON."""
_DEPTH = 8
_LARGEST = 2**63


@dataclass(frozen=True)
class Answer:
    """One answer, check, hint or badge.

    Parameters
    ----------
    id
        A UUID, by which the same answer is known again in another record.
    item_id
        The question, exercise or badge.
    kind
        ``"question"``, ``"prediction"``, ``"myth"``, ``"review"``,
        ``"diagnosis"``, ``"final"``, ``"exercise"``, ``"challenge"``, ``"experiment"``
        (these are scored), ``"badge"``, ``"hint"``, ``"solution"`` or another
        short word.
    chapter
        Two digits as in the lesson's file name, e.g. ``"01"``.
    mode
        One of the nine ways in, e.g. ``"recall"``.
    score
        From 0 (wrong) to 1 (right).
    answer
        What was answered, as JSON has it, or None.
    misconception
        The id of the wrong belief that the answer betrays, or None.
    when
        The moment of the answer, in UTC.
    """

    id: str
    item_id: str
    kind: str
    chapter: str
    mode: str
    score: float
    answer: Any = field(default=None, hash=False)
    misconception: str | None = None
    when: datetime = datetime(1970, 1, 1, tzinfo=timezone.utc)

    @property
    def right(self) -> bool:
        """Whether the answer is wholly right."""
        return self.score >= RIGHT

    def __repr__(self) -> str:
        return f"Answer({self.item_id!r}, score={self.score:.2f}, when={stamp(self.when)!r})"


def word(name: str, value: Any, *, empty: bool = True) -> str:
    """Return `value` as a string that every file and database can hold, or raise.

    Raises
    ------
    InvalidType
        If it is not a string.
    InvalidArgument
        If it is longer than 200 characters, or empty where it must not be.
    """
    if not isinstance(value, str):
        raise _errors.InvalidType(f"{name} is {_errors.shown(value)}, but must be a string.")
    if not empty and not value.strip():
        raise _errors.InvalidArgument(f"{name} is {value!r}, but must not be empty.")
    if len(value) > WORD_LIMIT:
        raise _errors.InvalidArgument(
            f"{name} has {len(value)} characters, but must have {WORD_LIMIT} at most: {_errors.shown(value)}."
        )
    return _storable(value)


def moment(when: datetime | None) -> datetime:
    """Return a moment in UTC: now for None; one without a time zone is taken as local time."""
    if when is None:
        return datetime.now(timezone.utc)
    if not isinstance(when, datetime):
        raise _errors.InvalidType(f"when is {_errors.shown(when)}, but must be a datetime or None.")
    try:
        return when.astimezone(timezone.utc)
    except (OverflowError, ValueError, OSError) as error:  # the first and last days that datetime knows
        raise _errors.InvalidArgument(
            f"when is {_errors.shown(when)}, but no clock can show that in UTC."
        ) from error


def stamp(when: datetime) -> str:
    """Write a moment in UTC so that the text sorts as the time does."""
    return when.astimezone(timezone.utc).isoformat(timespec="microseconds")


def plain(value: Any, depth: int = 0) -> Any:
    """Return an answer as JSON can hold it: what is not JSON becomes the nearest thing, or its text.

    A student's answer may be anything, and whatever it is must not stop the
    lesson: NumPy arrays become lists, NaN and endless numbers text, what is
    nested too deep (or in itself) its short form.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, int):
        return int(value) if -_LARGEST <= value < _LARGEST else "a number of more than 18 digits"
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if depth < _DEPTH:
        if isinstance(value, dict):
            return {_storable(str(k)): plain(v, depth + 1) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(v, depth + 1) for v in value]
        if isinstance(value, (set, frozenset)):
            return sorted((plain(v, depth + 1) for v in value), key=repr)
        if hasattr(value, "tolist"):  # NumPy, and what imitates it
            return plain(value.tolist(), depth + 1)
    return f"a value of type {type(value).__name__}"


def written(answer: Any) -> str | None:
    """Return an answer as JSON text, or None for none; one too long to keep is cut and says so.

    Whatever an answer's own code does when it is looked at, this returns.
    """
    if answer is None:
        return None
    try:
        text = json.dumps(plain(answer), ensure_ascii=False, allow_nan=False)
    except Exception:  # noqa: BLE001 - any object may stand here, with any __str__ and tolist
        return json.dumps(f"a value of type {type(answer).__name__}")
    if len(text) > ANSWER_LIMIT:
        return json.dumps(f"{text[: ANSWER_LIMIT // 2]} … (cut: {len(text)} characters)", ensure_ascii=False)
    return text


def kept(answer: Any) -> Any:
    """Return an answer as it will be read back from the record."""
    text = written(answer)
    return None if text is None else json.loads(text)


def _storable(text: str) -> str:
    """Replace half characters (lone surrogates), which neither UTF-8 nor SQLite can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
