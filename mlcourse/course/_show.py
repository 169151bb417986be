"""The course map and the path as a lesson shows them: `choose` and `path`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlcourse import _html
from mlcourse.course._element import Element
from mlcourse.course._plans import Advice, Path, chosen, due_in, fitting, hours, suggest
from mlcourse.course._read import Course, Lesson, readable
from mlcourse.progress._summary import MODES
from mlcourse.quiz._diagnose import SURE

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from mlcourse.course._read import Section
    from mlcourse.progress._schedule import Due

TIMES: Final = (5, 10, 20, 30, 45, 60, 90, 120)
#: What one does in each of the nine ways, as the start page says it.
DOES: Final = {
    "why": "meet the problem, solve it by hand, see a real use",
    "deep-dive": "build the idea step by step, and look under the hood",
    "trace": "watch real numbers flow",
    "practice": "write code, and have it checked",
    "challenge": "the same against the clock",
    "experiment": "reach a goal in your own way",
    "metrics": "choose the number that matters, and see how it misleads",
    "myths": "run the common mistake, and see it fail",
    "recall": "questions, and the one thing to remember",
}
RULE: Final = (
    "Minutes are estimated from the notebooks: 200 words and 20 lines of code a minute, half a minute for a "
    "question, 2 to 6 for an exercise by its level, 8 for an experiment, half of a challenge's clock."
)
NOTHING_DUE: Final = (
    "Nothing is due. Questions that you have answered come back here when it is time to ask them again."
)
BEFORE: Final = "Answer the entry test above. After each answer, your path stands here."


def link(lesson: str, cell: str | None = None) -> str:
    """Return the address of a section as a notebook beside it links to it.

    JupyterLab jumps to `#cell-id=…` wherever the cell is; to a heading's text
    it does so only once that is drawn.
    """
    return f"{lesson}.ipynb" + (f"#cell-id={cell}" if cell else "")


def _anchor(lesson: str, cell: str | None, text: str) -> str:
    return f'<a href="{_html.escape(link(lesson, cell))}">{_html.escape(text)}</a>'


def _titled(lesson: Lesson) -> str:
    return f"{lesson.number} · {lesson.title}"


def _ways(lesson: Lesson) -> str:
    """Return a link to each way's first section, with the minutes of all sections of that way."""
    found = []
    for mode, title in MODES.items():
        sections = lesson.of_mode(mode)
        if sections:
            spent = sum(section.minutes for section in sections)
            found.append(f"{_anchor(lesson.name, sections[0].cell, title)} {spent}")
    return " · ".join(found)


def chooser(course: Course, due: Iterable[Due] = (), later: str = NOTHING_DUE) -> Element:
    """Return the course map of these lessons.

    Parameters
    ----------
    course
        The lessons, at least one.
    due
        What is due for review.
    later
        What to say when nothing is.
    """
    waiting = due_in(course, due)
    places = {
        (lesson.name, section.cell): (i, j)
        for i, lesson in enumerate(course.lessons)
        for j, section in enumerate(lesson.sections)
    }
    table = _html.table(
        ("lesson", "minutes", "core path", "ways in, with minutes"),
        [
            (
                _anchor(lesson.name, None, _titled(lesson)),
                str(lesson.minutes),
                str(lesson.core or "–"),
                _ways(lesson),
            )
            for lesson in course.lessons
        ],
        caption="Every lesson and its ways in",
        numeric=(1, 2),
    )
    left_out = "".join(f"<p>{_html.escape(told)}</p>" for told in course.unread)
    words = [
        f"{_titled(lesson)}: {hours(lesson.minutes)}, core path {hours(lesson.core)}\n"
        + "\n".join(f"    {MODES[s.mode]}: {s.title} ({s.minutes} min)" for s in lesson.sections)
        for lesson in course.lessons
    ]
    data = {
        "modes": [(mode, title, DOES[mode]) for mode, title in MODES.items()],
        "lessons": [_described(lesson) for lesson in course.lessons],
        "times": TIMES,
        "plans": [[vars(fitting(lesson, minutes)) for lesson in course.lessons] for minutes in TIMES],
        "due": [(*places[name, cell], n) for name, cell, n in waiting],
        "later": later,
        "rule": RULE,
        "unread": course.unread,
    }
    return Element(
        "course.mjs",
        title="Choose how you want to learn",
        line="The course map. Run the cell to choose.",
        words="\n".join([*words, *course.unread, RULE]),
        html=f"{left_out}{table}<p><small>{RULE}</small></p><p><em>Run this cell to choose.</em></p>",
        payload={
            "intro": "",
            "tries": [],
            "start": {"by": "mode", "mode": "why", "lesson": course.lessons[0].number, "minutes": 20},
            "data": data,
        },
    )


def _described(lesson: Lesson) -> dict[str, Any]:
    return {
        "name": lesson.name,
        "number": lesson.number,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "core": lesson.core,
        "sections": [vars(section) for section in lesson.sections],
    }


def choose(folder: str | os.PathLike[str] | None = None) -> Element:
    """Show the course map: choose by the way of learning, by topic, by minutes, or by what is due.

    It is made of the lessons' own headings and of the record as it is now.

    Parameters
    ----------
    folder
        The folder of the notebooks; by default the one beside the package.

    Raises
    ------
    InvalidArgument
        If there are no lessons.
    """
    from mlcourse import progress

    later = next((item.due for item in progress.schedule()), None)
    said = NOTHING_DUE
    if later is not None:
        local = later.astimezone()
        said = f"Nothing is due today. The next question comes on {local:%Y-%m-%d}."
    return chooser(readable(folder), progress.due(), said)


ADVICE: Final[dict[Advice, str]] = {
    "learn": "learn it whole, from",
    "main": "the main path",
    "check": "known; see whether it goes well",
}


def path_view(course: Course, asked: Mapping[str, str], scores: Mapping[str, float]) -> Element:
    """Return the view of the path that these scores advise; it follows the test on the same page.

    Parameters
    ----------
    course, asked, scores
        As `mlcourse.course.suggest` takes them.
    """
    advised = suggest(course, asked, scores)
    plans = [
        {
            advice: {
                "cells": [s.cell for s in _linked(sections, advice)],
                "minutes": sum(s.minutes for s in sections),
            }
            for advice in ADVICE
            for sections in [chosen(lesson, advice)]
        }
        for lesson in course.lessons
    ]
    return Element(
        "course_path.mjs",
        title="Your path",
        line="Your path. Run the cell after the entry test.",
        words=str(advised),
        html=_path_html(course, advised),
        payload={
            "before": BEFORE,
            "sure": SURE,
            "asked": [{"id": name, "lesson": number} for name, number in asked.items()],
            "scores": {name: scores[name] for name in asked if name in scores},
            "lessons": [
                {
                    "name": lesson.name,
                    "number": lesson.number,
                    "title": lesson.title,
                    "titles": {s.cell: s.title for s in lesson.sections},
                    "advice": advice,
                }
                for lesson, advice in zip(course.lessons, plans, strict=True)
            ],
        },
    )


def _linked(sections: Sequence[Section], advice: Advice) -> Sequence[Section]:
    """Return the sections to link to: of a lesson to learn whole its beginning, else each."""
    return sections[:1] if advice == "learn" else sections


def _path_html(course: Course, advised: Path) -> str:
    if advised.begin is None:
        return f"<p>{BEFORE}</p>"
    rows = []
    for step in advised.steps:
        lesson = course.lesson(step.lesson[:2])
        sections = [s for s in lesson.sections if s.cell in step.sections]
        links = [_anchor(lesson.name, s.cell, s.title) for s in _linked(sections, step.advice)]
        here = " (begin here)" if step.lesson == advised.begin else ""
        take = f"{ADVICE[step.advice]}: {' · '.join(links)}"
        rows.append((_anchor(lesson.name, None, _titled(lesson)) + here, take, str(step.minutes)))
    head = f"<p>{_html.escape(advised)}</p>"
    return head + _html.table(
        ("lesson", "what to take", "minutes"), rows, caption="Lesson by lesson", numeric=(2,)
    )


def path(folder: str | os.PathLike[str] | None = None) -> Element:
    """Show the path that the entry test (`quiz.diagnose`) advises: lessons, sections, minutes.

    The first answer to each question counts. While the test on the same page
    is answered, the path follows.

    Parameters
    ----------
    folder
        The folder of the notebooks; by default the one beside the package.

    Raises
    ------
    InvalidArgument
        If there are no lessons.
    """
    from mlcourse import progress
    from mlcourse.quiz._diagnose import entry_test

    asked = {question.id: question.chapter for question in entry_test()}
    scores: dict[str, float] = {}
    for answer in progress.answers(kind="diagnosis"):
        scores.setdefault(answer.item_id, answer.score)
    return path_view(readable(folder), asked, scores)
