"""The rules of a challenge: what a list of events means. Pure, and the same as in `static/challenge_rules.mjs`.

An event is a dict with `do` (what happened), `at` (milliseconds since 1970, by
the student's clock) and perhaps `id` (the problem):

=============  ==============================================================
`start`        a run begins; `clock` False if without clock, `run` its number
`open`         the next problem is shown, and its time begins
`answer`       an attempt, with `answer`
`hint`         the hint is taken
`skip`         the problem is given up
`clock-off`    the clock is switched off for the rest of the run
`seen, over`   nothing happens; it is only known that it was that late
=============  ==============================================================

Time never goes back: an event earlier than one before it counts as at that
one's time, so a clock set back gives no time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlcourse.quiz._questions import Question

FULL: Final = 10
"""Points for a problem solved at once and without its hint."""
HINT: Final = 3
"""What a hint costs."""
AGAIN: Final = 2
"""What each attempt after the first costs."""
BADGES: Final = (("gold", "★★★", 0.9), ("silver", "★★☆", 0.7), ("bronze", "★☆☆", 0.5))
"""Name, sign, and the share of all points from which it is given; the best first."""

Event = dict[str, Any]


@dataclass
class Place:
    """How one problem stands.

    Attributes
    ----------
    id : str
        The problem's.
    opened : float or None
        When its time began, in milliseconds since 1970.
    closed : str or None
        `"solved"`, `"attempts"` (none left), `"time"` (none left), `"skipped"`, or None while it can be answered.
    answers : list
        The attempts that counted.
    scores : list of float
        What each was worth, from 0 to 1.
    hint : bool
        Whether the hint was taken.
    points : int
        What it has brought so far.
    """

    id: str
    opened: float | None = None
    closed: str | None = None
    answers: list[Any] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    hint: bool = False
    points: int = 0


@dataclass
class Standing:
    """How a challenge stands.

    Attributes
    ----------
    run : int
        Which run it is, from 1; 0 before the first.
    clock : bool
        Whether the clock has been on all along.
    places : list of Place
        One for each problem, in order.
    now : float
        The latest moment known, in milliseconds since 1970.
    begun : int or None
        The number of the event that began this run.
    """

    places: list[Place]
    run: int = 0
    clock: bool = True
    now: float = 0.0
    begun: int | None = None

    @property
    def points(self) -> int:
        """All points so far."""
        return sum(place.points for place in self.places)

    @property
    def most(self) -> int:
        """The points that there are to win."""
        return FULL * len(self.places)

    @property
    def finished(self) -> bool:
        """Whether a run has come to its end."""
        return self.run > 0 and all(place.closed for place in self.places)

    @property
    def badge(self) -> str | None:
        """The name of the badge that a finished run has won, or None."""
        if not self.finished:
            return None
        return next((name for name, _, share in BADGES if self.points >= share * self.most), None)


def points(score: float, earlier: int, *, hint: bool) -> int:
    """Return what an attempt brings, after so many earlier ones."""
    return max(0, math.floor(FULL * score + 1e-9) - AGAIN * earlier - (HINT if hint else 0))


def standing(problems: Sequence[Question], log: Sequence[Mapping[str, Any]], now: float = 0.0) -> Standing:
    """Return how a challenge stands after these events, at the moment `now` (milliseconds since 1970)."""
    known = {problem.id: problem for problem in problems}
    state = _fresh(problems)
    for i, event in enumerate(log):
        at = event.get("at")
        if isinstance(at, bool) or not isinstance(at, int | float) or not math.isfinite(at):
            continue
        _pass_time(state, known, at)
        if event.get("do") == "start":
            if state.run == 0 or state.finished:
                state = _begin(problems, event, state.run, i)
        elif state.run:
            _apply(state, known, event)
    _pass_time(state, known, now)
    return state


def _fresh(problems: Sequence[Question]) -> Standing:
    return Standing([Place(problem.id) for problem in problems])


def _begin(problems: Sequence[Question], event: Mapping[str, Any], before: int, number: int) -> Standing:
    state = _fresh(problems)
    run = event.get("run")
    state.run = run if isinstance(run, int) and not isinstance(run, bool) and run > before else before + 1
    state.clock = event.get("clock") is not False
    state.now = float(event["at"])
    state.begun = number
    return state


def _pass_time(state: Standing, known: Mapping[str, Question], at: float) -> None:
    state.now = max(state.now, at)
    if not state.clock:
        return
    for place in state.places:
        if place.opened is not None and not place.closed:
            seconds = known[place.id].seconds or 0
            if state.now >= place.opened + 1000 * seconds:
                place.closed = "time"


def _apply(state: Standing, known: Mapping[str, Question], event: Mapping[str, Any]) -> None:
    do = event.get("do")
    if do == "clock-off":
        state.clock = False
        return
    place = next((place for place in state.places if not place.closed), None)
    if place is None or place.id != event.get("id"):
        return
    if do == "open":
        place.opened = state.now if place.opened is None else place.opened
    elif place.opened is None:
        return
    elif do == "hint":
        place.hint = True
    elif do == "skip":
        place.closed = "skipped"
    elif do == "answer":
        _attempt(place, known[place.id], event.get("answer"))


def _attempt(place: Place, problem: Question, answer: Any) -> None:
    try:
        grade = problem.grade(answer)
    except (TypeError, ValueError):  # not an answer that the element could have sent
        return
    if not grade.answered:
        return
    earned = points(grade.score, len(place.answers), hint=place.hint)
    place.points = max(place.points, earned)
    place.answers.append(answer)
    place.scores.append(grade.score)
    if grade.correct:
        place.closed = "solved"
    elif len(place.answers) >= (problem.attempts or 1):
        place.closed = "attempts"
