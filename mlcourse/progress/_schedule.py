"""When each question comes up for review: pure, computed anew from the answers each time.

The model of memory is FSRS-6, by the `fsrs` package (Ye, "A Stochastic
Shortest Path Algorithm for Optimizing Spaced Repetition Scheduling", KDD
2022; https://github.com/open-spaced-repetition/py-fsrs). Nothing of it is
stored: the answers are the truth, so merged records and a newer version of
`fsrs` need no care.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from mlcourse._text import num
from mlcourse.progress._answer import QUESTIONS, Answer, moment, stamp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import tzinfo

    from fsrs import Card, Scheduler

_SOON: Final = timedelta(minutes=10)
"""A missed question returns after this long; also by how much a clock may be wrong unnoticed."""
_DAY_STARTS: Final = timedelta(hours=4)
"""Who studies after midnight still has the same day."""
_LONGEST: Final = 365
_PARTLY: Final = 0.5
"""From this score on a partial answer counts as recalled with difficulty, below it as forgotten."""


@dataclass(frozen=True)
class Due:
    """One item and when it comes up for review.

    Parameters
    ----------
    item_id, kind, chapter, mode
        As in its newest answer.
    due
        The moment, in UTC, from which it is to be asked again.
    last
        When it was last answered, in UTC.
    score
        What the newest answer scored, from 0 to 1.
    missed
        Whether the newest answer was not wholly right.
    times
        How often it was answered.
    """

    item_id: str
    kind: str
    chapter: str
    mode: str
    due: datetime
    last: datetime
    score: float
    missed: bool
    times: int

    def __repr__(self) -> str:
        missed = ", missed" if self.missed else ""
        return f"Due({self.item_id!r}, since {stamp(self.due)[:16]}, last score {num(self.score)}{missed})"


def schedule(
    answers: Iterable[Answer],
    now: datetime | None = None,
    *,
    kinds: Collection[str] = QUESTIONS,
) -> list[Due]:
    """Return when each answered item is to be reviewed, the soonest first.

    An answer later than `now` comes from a clock that was wrong then or is
    wrong now. When it was given is not known, so it is left out of the
    schedule; an item with no other answer is due at once.

    Parameters
    ----------
    answers
        The record.
    now
        The present; one without a time zone is taken as local time.
    kinds
        What is reviewed.
    """
    present = moment(now)
    history: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.kind in kinds:
            history.setdefault(answer.item_id, []).append(answer)
    if not history:
        return []
    scheduler = _scheduler()
    found = []
    for item_id, all_given in history.items():
        given = sorted(all_given, key=lambda a: a.when)
        believed = [a for a in given if a.when <= present + _SOON]
        newest = (believed or given)[-1]
        found.append(
            Due(
                item_id=item_id,
                kind=newest.kind,
                chapter=newest.chapter,
                mode=newest.mode,
                due=_due(scheduler, believed) if believed else present,
                last=newest.when,
                score=newest.score,
                missed=not newest.right,
                times=len(given),
            )
        )
    return sorted(found, key=lambda d: (d.due, d.item_id))


def due(
    answers: Iterable[Answer],
    now: datetime | None = None,
    *,
    kinds: Collection[str] = QUESTIONS,
) -> list[Due]:
    """Return what is due today: first what was missed, the newest miss first, then the longest overdue.

    A review after days is due from the start of its day, four in the morning
    local time (in the time zone of `now`, if it has one): what was answered
    yesterday evening can be reviewed this morning. What was missed is due
    again after ten minutes.
    """
    present = moment(now)
    zone = now.tzinfo if now is not None else None
    today = _day(present, zone)

    def is_due(item: Due) -> bool:
        if item.due <= present:
            return True
        return item.due - item.last >= timedelta(days=1) and _day(item.due, zone) <= today

    found = [item for item in schedule(answers, present, kinds=kinds) if is_due(item)]
    missed = sorted((d for d in found if d.missed), key=lambda d: d.item_id)
    missed.sort(key=lambda d: d.last, reverse=True)
    return missed + [d for d in found if not d.missed]


def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    # No fuzz: the same record must give the same schedule on every machine and at every look.
    return Scheduler(
        learning_steps=(_SOON,),
        relearning_steps=(_SOON,),
        maximum_interval=_LONGEST,
        enable_fuzzing=False,
    )


def _due(scheduler: Scheduler, answers: list[Answer]) -> datetime:
    """Play an item's answers, oldest first, to FSRS and return when it is due."""
    from fsrs import Card, Rating

    card: Card = Card(card_id=0)  # with an id of its own making it would sleep a millisecond
    for answer in answers:
        rating = Rating.Good if answer.right else Rating.Hard if answer.score >= _PARTLY else Rating.Again
        card, _ = scheduler.review_card(card, rating, answer.when)
    return card.due


def _day(when: datetime, zone: tzinfo | None) -> int:
    """Return the number of the day on which a student is up at that moment."""
    local = when.astimezone(zone)
    return (local.replace(tzinfo=timezone.utc) - _DAY_STARTS).toordinal()
