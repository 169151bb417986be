"""The challenge of a chapter: five problems against the clock, or without it, and a badge at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlcourse import _html
from mlcourse._errors import InvalidArgument
from mlcourse._text import count
from mlcourse.practice import _challenge_rules as rules
from mlcourse.quiz import load
from mlcourse.quiz._markdown import block
from mlcourse.quiz._payload import describe, encode

if TYPE_CHECKING:
    from mlcourse.quiz import Quiz
    from mlcourse.quiz._questions import Question

EVENT = "challenge-event"
"""The kind under which a run's events are in the student's record, so that a new kernel knows when it began."""


@dataclass(frozen=True)
class Result:
    """How a challenge stands.

    Attributes
    ----------
    run : int
        Which run it is, from 1; 0 if none has begun.
    finished : bool
        Whether all its problems are over.
    points, most : int
        Points so far, and how many there are.
    clock : bool
        Whether the clock has been on all along.
    badge : str or None
        `"gold"`, `"silver"` or `"bronze"`, once finished; None if none was won.
    """

    run: int
    finished: bool
    points: int
    most: int
    clock: bool
    badge: str | None

    def __str__(self) -> str:
        if not self.run:
            return "The challenge has not begun."
        clock = "" if self.clock else ", without clock"
        which = f" (run {self.run}{clock})"
        if not self.finished:
            return f"{self.points} of {self.most} points so far{which}."
        signs = {name: sign for name, sign, _ in rules.BADGES}
        won = f"{signs[self.badge]} {self.badge.capitalize()} badge" if self.badge else "No badge this time"
        return f"{won}: {self.points} of {self.most} points{which}."


class Challenge:
    """A chapter's challenge; it is the value of a cell's last line.

    A notebook shows the live form, a page without a kernel what awaits the
    student (the problems themselves are not shown before their time begins), a
    terminal the one line of `repr`.
    """

    def __init__(self, quiz: Quiz) -> None:
        self.chapter = quiz.chapter
        self.title = f"Challenge: {quiz.title}"
        self._name = quiz.title
        self._problems = quiz.challenge
        self._payload = encode(_payload(quiz, self.title))
        self._log: list[rules.Event] | None = None
        self._widget: Any = None

    @property
    def log(self) -> list[rules.Event]:
        """What has happened in the present run, oldest first; at first what the student's record knows."""
        if self._log is None:
            self._log = _recorded(self.chapter, self._problems)
        return self._log

    @property
    def result(self) -> Result:
        """How the challenge stood when something last happened."""
        # Not at this kernel's present: it can run on another machine, whose clock differs from the browser's.
        last = rules.standing(self._problems, self.log)
        return Result(last.run, last.finished, last.points, last.most, last.clock, last.badge)

    @property
    def widget(self) -> Any:
        """The live form, made when it is first asked for."""
        if self._widget is None:
            from mlcourse.practice._challenge_widget import ChallengeWidget

            self._widget = ChallengeWidget(self._payload, list(self.log), self._told)
        return self._widget

    def _told(self, event: rules.Event) -> None:
        """Take in an event of the browser: mark it here, and put into the record what it changed."""
        before = rules.standing(self._problems, self.log)
        self.log.append(event)
        after = rules.standing(self._problems, self.log)
        _record(f"{self.chapter}-challenge", EVENT, self.chapter, 0.0, event)
        self._record_problem(event, before, after)
        if after.finished and not before.finished and after.badge:
            clock = "" if after.clock else "-without-clock"
            won = {"points": after.points, "of": after.most, "run": after.run, "clock": after.clock}
            share = after.points / after.most
            _record(f"{self.chapter}-challenge-{after.badge}{clock}", "badge", self.chapter, share, won)

    def _record_problem(self, event: rules.Event, before: rules.Standing, after: rules.Standing) -> None:
        for problem, old, new in zip(self._problems, before.places, after.places, strict=True):
            if problem.id != event.get("id"):
                continue
            if len(new.answers) > len(old.answers):
                grade = problem.grade(new.answers[-1])
                kind = "challenge"
                _record(problem.id, kind, self.chapter, grade.score, new.answers[-1], grade.misconception)
            if new.hint and not old.hint:
                _record(problem.id, "hint", self.chapter, 0.0, None)

    def __repr__(self) -> str:
        return f"Challenge {self.chapter}: {count(len(self._problems), 'problem')}. Run the cell to start."

    def _repr_html_(self) -> str:
        cells = [
            [str(i), _html.escape(p.concept), _clock(p.seconds or 0), str(p.attempts)]
            for i, p in enumerate(self._problems, 1)
        ]
        body = [
            f"<p><strong>{_html.escape(self.title)}</strong></p>",
            (
                f"<p>{count(len(self._problems), 'problem')}, one after the other, {rules.FULL} points each, each with "
                "its own time, with limited attempts and a hint that costs points. At the end a badge.</p>"
            ),
            _html.table(
                ["Problem", "Topic", "Time (min:s)", "Attempts"],
                cells,
                caption="The problems",
                numeric=(2, 3),
            ),
            "<p>Nobody has to race: the clock can be left off, or switched off at any time.</p>",
            "<p><em>Run this cell to start. Nothing runs before you do.</em></p>",
        ]
        start = f'<div data-mlc-module="challenge.mjs" data-mlc-key="challenge:{self.chapter}"'
        element = f'{start} data-mlc="{self._payload}">{"".join(body)}</div>'
        return _html.page(element, label=self.title)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = self.widget._repr_mimebundle_(**kwargs)
        data, metadata = live if isinstance(live, tuple) else (live or {}, {})
        return {**data, "text/plain": repr(self), "text/html": self._repr_html_()}, metadata


def challenge(chapter: str) -> Challenge:
    """Return a chapter's challenge: five problems, each with its own time, and a badge at the end.

    The times are the student's to refuse: the clock can be left off, or
    switched off at any time. It goes by the wall: closing or reloading the
    page does not stop it, and setting the clock back gives no time.

    Parameters
    ----------
    chapter
        The notebook's name, such as `"01_the_whole_pipeline"`, or its number, `"01"`.

    Raises
    ------
    InvalidArgument
        If there is no such chapter, or it has no challenge.
    """
    quiz = load(chapter)
    if not quiz.challenge:
        raise InvalidArgument(f"Chapter {quiz.chapter} ({quiz.title}) has no challenge.")
    return Challenge(quiz)


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}"


def _payload(quiz: Quiz, title: str) -> dict[str, Any]:
    return {
        "kind": "challenge",
        "key": quiz.chapter,
        "title": title,
        "name": quiz.title,
        "rules": {
            "full": rules.FULL,
            "hint": rules.HINT,
            "again": rules.AGAIN,
            "badges": [{"name": n, "sign": sign, "share": share} for n, sign, share in rules.BADGES],
        },
        "problems": [
            {
                "question": describe(problem),
                "concept": problem.concept,
                "seconds": problem.seconds,
                "attempts": problem.attempts,
                "hint": block(problem.hint or ""),
            }
            for problem in quiz.challenge
        ],
    }


def _recorded(chapter: str, problems: tuple[Question, ...]) -> list[rules.Event]:
    """Return the events of the newest run in the student's record."""
    from mlcourse import progress

    kept = progress.answers(kind=EVENT, chapter=chapter)
    log: list[rules.Event] = [a.answer for a in kept if isinstance(a.answer, dict)]
    begun = rules.standing(problems, log).begun
    return [] if begun is None else log[begun:]


def _record(
    item: str, kind: str, chapter: str, score: float, answer: Any, misconception: str | None = None
) -> None:
    from mlcourse import progress

    progress.record(
        item,
        kind=kind,
        chapter=chapter,
        mode="challenge",
        score=score,
        answer=answer,
        misconception=misconception,
    )
