"""The rules of the final test: what its events mean and what a test handed in shows. Pure.

`static/final_rules.mjs` says the same in JavaScript. An event is a dict:

=========  ==================================================================
`do`       what it holds besides
=========  ==================================================================
`start`    `at` (milliseconds since 1970), `n`, `seed` and `ids`: the test
`answer`   `id`, `answer`, and `guess` True if the student only guessed
`hand-in`  `at`; from here on nothing changes
=========  ==================================================================

All carry `run`, the start's `at`, by which two tests are kept apart.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlcourse.quiz._grade import Grade
    from mlcourse.quiz._questions import Question

Event = dict[str, Any]
State = Literal["weak", "shaky", "sure"]
STATES: Final[tuple[State, ...]] = ("weak", "shaky", "sure")
HALF: Final = 0.5
"""Below this score an answer is weak; from it on, partly right, it is shaky."""
_LATEST: Final = 8.64e15
"""The last millisecond that JavaScript's dates know."""
_Z: Final = 1.959964
"""The normal distribution's 97.5 % point, for intervals of 95 %."""


@dataclass(frozen=True)
class Given:
    """What a student gave as the answer to a question, and whether it was a guess."""

    answer: Any = field(hash=False)
    guess: bool = False


@dataclass
class Standing:
    """How a test stands.

    Attributes
    ----------
    begun, handed_in : float or None
        When, in milliseconds since 1970 by the student's clock; None if not yet.
    given : dict
        The newest answer by question id, finished or not.
    """

    begun: float | None = None
    handed_in: float | None = None
    given: dict[str, Given] = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """What one answer of a test handed in was worth.

    Attributes
    ----------
    id, chapter, concept : str
        The question's.
    score : float
        From 0 to 1.
    answered, guess : bool
        Whether there was an answer, and whether the student called it a guess.
    """

    id: str
    chapter: str
    concept: str
    score: float
    answered: bool
    guess: bool

    @property
    def right(self) -> bool:
        """Whether the answer was wholly right."""
        return self.score == 1

    @property
    def state(self) -> State:
        """`"sure"` (right, no guess), `"shaky"` (a right guess, or half right) or `"weak"`."""
        if self.right:
            return "shaky" if self.guess else "sure"
        return "shaky" if self.score >= HALF else "weak"


def standing(known: Sequence[str], log: Sequence[Mapping[str, Any]]) -> Standing:
    """Return how a test with these questions stands after these events."""
    state = Standing()
    for event in log:
        do = event.get("do")
        if do == "start" and state.begun is None and _moment(event.get("at")):
            state.begun = float(event["at"])
        if state.begun is None or state.handed_in is not None:
            continue
        if do == "answer" and event.get("id") in known and "answer" in event:
            state.given[event["id"]] = Given(event["answer"], event.get("guess") is True)
        elif do == "hand-in" and _moment(event.get("at")):
            state.handed_in = float(event["at"])
    return state


def _moment(value: Any) -> bool:
    """Return whether a value can be a time; `abs` first, since no float holds a whole number without end."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LATEST


def graded(question: Question, given: Given | None) -> Grade | None:
    """Return the grade of what was given; None for nothing, or an answer that was left unfinished."""
    if given is None:
        return None
    try:
        grade = question.grade(given.answer)
    except (TypeError, ValueError, OverflowError):  # a scenario not sorted yet, a pair without its partner
        return None
    return grade if grade.answered else None


def marks(questions: Sequence[Question], state: Standing) -> tuple[Mark, ...]:
    """Return what each answer is worth, in the test's order; what was not answered is worth nothing."""
    found = []
    for question in questions:
        given = state.given.get(question.id)
        grade = graded(question, given)
        guess = given is not None and grade is not None and given.guess
        score = 0.0 if grade is None else grade.score
        found.append(Mark(question.id, question.chapter, question.concept, score, grade is not None, guess))
    return tuple(found)


def by_concept(found: Sequence[Mark]) -> dict[State, list[tuple[str, str]]]:
    """Return (chapter, concept) under the worst that its answers show, in the course's order."""
    worst: dict[tuple[str, str], State] = {}
    for mark in found:
        key = (mark.chapter, mark.concept)
        worst[key] = min(worst.get(key, "sure"), mark.state, key=STATES.index)
    grouped: dict[State, list[tuple[str, str]]] = {state: [] for state in STATES}
    for key in sorted(worst):
        grouped[worst[key]].append(key)
    return grouped


def by_chapter(found: Sequence[Mark]) -> dict[str, tuple[int, int]]:
    """Return for each chapter how many answers were wholly right, of how many."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for mark in found:
        counts[mark.chapter][0] += mark.right
        counts[mark.chapter][1] += 1
    return {chapter: (right, asked) for chapter, (right, asked) in sorted(counts.items())}


def interval(right: int, asked: int) -> tuple[int, int]:
    """Return Wilson's 95 % interval for the share right, in whole per cent.

    Source: Wilson (1927). It is what lies behind the score: another test of as
    many questions would have come out differently.
    """
    share, z2 = right / asked, _Z * _Z
    middle = (share + z2 / (2 * asked)) / (1 + z2 / asked)
    half = _Z * math.sqrt(share * (1 - share) / asked + z2 / (4 * asked * asked)) / (1 + z2 / asked)
    return math.floor(100 * max(0.0, middle - half) + 0.5), math.floor(100 * min(1.0, middle + half) + 0.5)
