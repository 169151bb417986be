"""What to learn: what fits into some minutes, and the path that the entry test advises. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from mlcourse._errors import whole_number
from mlcourse._text import count, listed
from mlcourse.quiz._diagnose import SURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mlcourse.course._read import Course, Lesson, Section
    from mlcourse.progress._schedule import Due

#: The main path through a lesson, as the start page calls it; what fills a short time first.
MAIN: Final = ("why", "trace", "recall")
#: What shows whether a lesson may be left out.
CHECK: Final = ("challenge",)

Extent = Literal["whole", "core", "sections", "too short"]
Advice = Literal["learn", "main", "check"]


@dataclass(frozen=True)
class Plan:
    """What of a lesson to take.

    Attributes
    ----------
    extent : str
        `"whole"`: all of it; `"core"`: its cells tagged `core`;
        `"sections"`: the sections named; `"too short"`: the time does not do
        for any section, and the shortest is named.
    sections : tuple of int
        The sections' places in the lesson, from 0.
    minutes : int
        What they take together.
    """

    extent: Extent
    sections: tuple[int, ...]
    minutes: int


def fitting(lesson: Lesson, minutes: int) -> Plan:
    """Return what of a lesson fits into some minutes.

    All of it, or else its core path, or else *Why*, *Trace* and *Recall* and
    then the other sections, each as long as it fits.

    Parameters
    ----------
    lesson
        A lesson with at least one section.
    minutes
        The time there is; a whole number from 0.

    Raises
    ------
    InvalidArgument, InvalidType
        If `minutes` is none.
    """
    minutes = whole_number("minutes", minutes, least=0)
    sections = lesson.sections
    if lesson.minutes <= minutes:
        return Plan("whole", tuple(range(len(sections))), lesson.minutes)
    if 0 < lesson.core <= minutes:
        return Plan("core", tuple(i for i, s in enumerate(sections) if s.core), lesson.core)
    first = sorted(range(len(sections)), key=lambda i: (sections[i].mode not in MAIN, i))
    taken, rest = [], minutes
    for i in first:
        if sections[i].minutes <= rest:
            taken.append(i)
            rest -= sections[i].minutes
    if taken:
        return Plan("sections", tuple(sorted(taken)), minutes - rest)
    shortest = min(range(len(sections)), key=lambda i: sections[i].minutes)
    return Plan("too short", (shortest,), sections[shortest].minutes)


@dataclass(frozen=True)
class Step:
    """One lesson of a path.

    Attributes
    ----------
    lesson : str
        The lesson's name.
    advice : str
        `"learn"`: all of it, for the test found something missing; `"main"`:
        *Why*, *Trace* and *Recall*, for the test did not ask; `"check"`: its
        challenge, for the test found it known.
    sections : tuple of str
        The cells that the sections begin with.
    minutes : int
        What the sections take.
    """

    lesson: str
    advice: Advice
    sections: tuple[str, ...]
    minutes: int


@dataclass(frozen=True)
class Path:
    """A way through the course.

    Attributes
    ----------
    steps : tuple of Step
        One for each lesson, in order; none before anything was answered.
    begin : str or None
        The lesson to begin with.
    answered, asked : int
        Questions of the entry test.
    """

    steps: tuple[Step, ...]
    begin: str | None
    answered: int
    asked: int

    @property
    def minutes(self) -> int:
        """Minutes of all steps together."""
        return sum(step.minutes for step in self.steps)

    def __repr__(self) -> str:
        return f"Path({count(len(self.steps), 'lesson')}, begin {self.begin!r})"

    def __str__(self) -> str:
        if self.begin is None:
            return "Answer the entry test first: quiz.diagnose()."
        names = {a: [s.lesson[:2] for s in self.steps if s.advice == a] for a in ("learn", "main", "check")}
        parts = [f"Begin with {self.begin}.ipynb."]
        parts += [f"Learn {listed(names['learn'])} whole."] if names["learn"] else []
        parts += [f"Take Why, Trace and Recall of {listed(names['main'])}."] if names["main"] else []
        parts += [f"Of {listed(names['check'])} try the challenge only."] if names["check"] else []
        return " ".join([*parts, f"About {hours(self.minutes)}."])


def hours(minutes: int) -> str:
    """Write minutes as people do: `45 minutes`, `2 hours`, `2½ hours`; from an hour on to the nearest half.

    >>> hours(45), hours(60), hours(100), hours(140)
    ('45 minutes', '1 hour', '1½ hours', '2½ hours')
    """
    if minutes < 60:
        return count(minutes, "minute")
    halves = (minutes + 15) // 30
    return f"{halves // 2 or ''}{'½' if halves % 2 else ''} {'hour' if halves == 2 else 'hours'}"


def chosen(lesson: Lesson, advice: Advice) -> tuple[Section, ...]:
    """Return the sections that an advice means; all of them where the lesson has none of the modes."""
    modes = {"learn": None, "main": MAIN, "check": CHECK}[advice]
    if modes is None:
        return lesson.sections
    return tuple(s for s in lesson.sections if s.mode in modes) or lesson.sections


def suggest(course: Course, asked: Mapping[str, str], scores: Mapping[str, float]) -> Path:
    """Return the path that the answers to the entry test advise.

    A lesson whose questions were right for the most part (three quarters) is
    checked by its challenge; one with more mistakes is learned whole; of one
    that the test did not ask about, or whose questions were left open, the
    main path is taken. The start is the first lesson to learn, or else the
    first to take the main path of, or else the last.

    Parameters
    ----------
    course
        The lessons.
    asked
        The lesson's number by question id, for each question of the test.
    scores
        Score from 0 to 1 by question id; what is missing was not answered.
    """
    answered = [name for name in asked if name in scores]
    if not answered or not course.lessons:
        return Path((), None, 0, len(asked))
    steps = []
    for lesson in course.lessons:
        here = [scores[name] for name in answered if asked[name] == lesson.number]
        advice: Advice = "main" if not here else "check" if sum(here) / len(here) >= SURE else "learn"
        sections = chosen(lesson, advice)
        cells, minutes = tuple(s.cell for s in sections), sum(s.minutes for s in sections)
        steps.append(Step(lesson.name, advice, cells, minutes))
    order = ("learn", "main", "check")
    begin = min(steps, key=lambda step: order.index(step.advice))
    # All known: what the test knows least about comes last.
    begin = steps[-1] if begin.advice == "check" else begin
    return Path(tuple(steps), begin.lesson, len(answered), len(asked))


def due_in(course: Course, due: Iterable[Due]) -> tuple[tuple[str, str, int], ...]:
    """Return where what is due was asked: the lesson's name, the section's cell, how many.

    The section is the lesson's last of the question's mode: there the mode's
    other questions stand too. A question of a lesson or mode that the course
    does not have is counted at the lesson's last section, or left out.
    """
    lessons = {lesson.number: lesson for lesson in course.lessons}
    found: Counter[tuple[str, str]] = Counter()
    for item in due:
        lesson = lessons.get(item.chapter)
        if lesson is not None:
            section = (lesson.of_mode(item.mode) or lesson.sections)[-1]
            found[lesson.name, section.cell] += 1
    places = {(lesson.name, s.cell): i for lesson in course.lessons for i, s in enumerate(lesson.sections)}
    return tuple((*where, found[where]) for where in sorted(found, key=lambda w: (w[0], places[w])))
