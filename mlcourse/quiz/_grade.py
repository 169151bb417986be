"""What an answer is worth: the grade, and the two rules that read numbers and code as a student types them.

`static/quiz_grade.mjs` says the same in JavaScript; a test grades every
question of the bank by both and compares.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Grade:
    """The judgement on one answer.

    Attributes
    ----------
    correct : bool
        Whether everything is right.
    score : float
        From 0 to 1; between them where a question gives partial credit.
    feedback : str
        What to tell the student, in Markdown.
    misconception : str or None
        Id of the mistaken belief that the answer betrays, if it is a known one.
    marks : tuple of bool
        For each part of the question (label, blank, step, pair, scenario) whether it is right.
    answered : bool
        False for an answer that cannot be marked, such as "abc" for a number:
        then `feedback` says what to enter, and it does not count as an attempt.
    notes : tuple of str
        The parts of `feedback`.
    """

    correct: bool
    score: float
    feedback: str
    misconception: str | None = None
    marks: tuple[bool, ...] = ()
    answered: bool = True
    notes: tuple[str, ...] = ()


def graded(
    marks: Sequence[bool],
    notes: Iterable[str],
    *,
    misconceptions: Iterable[str | None] = (),
    score: float | None = None,
) -> Grade:
    """Return the grade of an answer with these parts right; the first known misconception is named."""
    told = tuple(dict.fromkeys(note for note in notes if note))
    share = sum(marks) / len(marks) if score is None else score
    return Grade(
        correct=all(marks),
        score=share,
        feedback="\n\n".join(told),
        misconception=next((m for m in misconceptions if m), None),
        marks=tuple(marks),
        notes=told,
    )


def unanswered(what_to_do: str) -> Grade:
    """Return the grade of something that is no answer yet."""
    return Grade(correct=False, score=0.0, feedback=what_to_do, answered=False, notes=(what_to_do,))


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?", re.ASCII)


def read_number(text: str, unit: str = "") -> float | None:
    """Return the number that a student typed, or None if it is none.

    Both `0.5` and `0,5` are a half, `1,000` is a thousand, `3/4` is a
    fraction, and the question's unit may be repeated behind the number.
    """
    plain = text.strip().replace("\u2212", "-")
    if unit and plain.lower().endswith(unit.lower()):
        plain = plain[: len(plain) - len(unit)].strip()
    top, slash, bottom = plain.partition("/")
    if slash:
        over, under = read_number(top), read_number(bottom)
        return None if over is None or not under else over / under
    plain = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain)
    return None if value in (float("inf"), float("-inf")) else value


def close(value: float, wanted: float, tolerance: float) -> bool:
    """Return whether value is within tolerance, the border included in spite of rounding."""
    return abs(value - wanted) <= tolerance + 1e-9 * max(1.0, abs(wanted))


def same_text(text: str) -> str:
    """Return printed output without the differences that do not matter: blanks at line ends and around."""
    lines = text.replace("\r\n", "\n").strip().split("\n")
    plain = (re.sub(r"[ \t]+", " ", line).strip() for line in lines)
    # "[0, 1]" and "[0,1]" are the same list; only a blank that parts two numbers must stay.
    return "\n".join(re.sub(r" ?([\[\](),]) ?", r"\1", line) for line in plain)


def same_code(text: str) -> str:
    """Return code with the differences taken out that do not matter: spacing, and which quotes are used."""
    return re.sub(r"[ \t\r\n]+", "", text).replace('"', "'")
