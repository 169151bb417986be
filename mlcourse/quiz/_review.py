"""What is due today, over all chapters: the questions that spaced repetition brings back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlcourse import _errors, _html
from mlcourse._text import count
from mlcourse.quiz._bank import load, names
from mlcourse.quiz._element import Element
from mlcourse.quiz._show import recorder

if TYPE_CHECKING:
    from datetime import datetime

    from mlcourse.quiz._questions import Question


@dataclass(frozen=True)
class NothingDue:
    """Nothing is to be repeated today.

    Attributes
    ----------
    next : datetime or None
        When the next question comes, in UTC; None if none has ever been answered.
    """

    next: datetime | None

    def __repr__(self) -> str:
        return "NothingDue()"

    def __str__(self) -> str:
        if self.next is None:
            return "Nothing to repeat yet: answer a lesson's questions, and they come back when they are due."
        return f"Nothing is due today. The next question comes on {self.next.astimezone():%d %B %Y}."

    def _repr_html_(self) -> str:
        return _html.page(f"<p>✓ {_html.escape(self)}</p>", label="Review")


def questions() -> dict[str, Question]:
    """Return every question of the bank, by id."""
    return {question.id: question for name in names() for question in load(name).all}


def review(n: int = 10, *, now: datetime | None = None) -> Element | NothingDue:
    """Ask again what is due today, over all chapters: the newest misses first.

    The intervals are FSRS's: what was right comes back later and later, what
    was wrong soon. What the record knows and the bank no longer has is left out.

    Parameters
    ----------
    n
        How many questions at most.
    now
        The moment to ask for; by default the present.
    """
    from mlcourse import progress

    _errors.whole_number("n", n, least=1)
    known = questions()
    waiting = [known[item.item_id] for item in progress.due(now) if item.item_id in known]
    if not waiting:
        later = [item.due for item in progress.schedule(now) if item.item_id in known]
        return NothingDue(min(later, default=None))
    asked = tuple(waiting[:n])
    rest = f" of {len(waiting)} due" if len(waiting) > len(asked) else " due"
    text = f"Review: {count(len(asked), 'question')}{rest}. Run the cell to answer."
    return Element(
        "quiz", text, f"Review: {count(len(asked), 'question')}{rest}", asked, told=recorder(asked, "review")
    )
