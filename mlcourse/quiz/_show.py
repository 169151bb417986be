"""The elements that a lesson calls by name: show, predict, reveal, myth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse._errors import InvalidArgument
from mlcourse._text import count
from mlcourse.quiz._bank import load, question
from mlcourse.quiz._element import Element
from mlcourse.quiz._questions import Myth, Question

if TYPE_CHECKING:
    from collections.abc import Callable

# The predictions that this kernel has heard of: they stay locked when a cell runs again.
_committed: dict[str, Any] = {}


def recorder(questions: tuple[Question, ...], kind: str) -> Callable[[dict[str, Any]], None]:
    """Return what puts an event of the browser into the student's record, marked by Python."""
    known = {q.id: q for q in questions}

    def told(event: dict[str, Any]) -> None:
        asked = known.get(event.get("id", ""))
        if asked is None or "answer" not in event:
            return
        grade = asked.grade(event["answer"])
        if kind == "prediction":
            _committed.setdefault(asked.id, event["answer"])
        _record(asked, kind, grade.score, event["answer"], grade.misconception)

    return told


def _record(asked: Question, kind: str, score: float, answer: Any, misconception: str | None) -> None:
    try:
        from mlcourse import progress
    except ImportError:
        return
    progress.record(
        asked.id,
        kind=kind,
        chapter=asked.chapter,
        mode=asked.mode,
        score=score,
        answer=answer,
        misconception=misconception,
    )


def show(name: str, *, one_at_a_time: bool = False) -> Element:
    """Ask a chapter's recall questions.

    Parameters
    ----------
    name
        The notebook's name, such as `"01_the_whole_pipeline"`, or its number, `"01"`.
    one_at_a_time
        Show one question after the other instead of all of them.
    """
    quiz = load(name)
    text = f"Quiz {quiz.name}: {count(len(quiz.questions), 'question')}. Run the cell to answer."
    return Element(
        "quiz",
        text,
        f"Quiz: {quiz.title}",
        quiz.questions,
        paged=one_at_a_time,
        told=recorder(quiz.questions, "question"),
    )


def predict(id: str) -> Element:  # noqa: A002 - the questions call it id
    """Ask for a prediction before the cell that shows the truth: it locks, and `reveal` compares later."""
    asked = question(id)
    log = [{"id": id, "answer": _committed[id]}] if id in _committed else []
    text = f"Prediction {id}. Run the cell to answer."
    return Element("predict", text, "Predict first", [asked], log=log, told=recorder((asked,), "prediction"))


def reveal(id: str) -> Element:  # noqa: A002
    """Compare the student's prediction with the truth, after the cell that shows it."""
    asked = question(id)
    log = [{"id": id, "answer": _committed[id]}] if id in _committed else []
    return Element(
        "reveal", f"Reveal {id}. Run the cell to compare.", "Your prediction and the truth", [asked], log=log
    )


def myth(id: str) -> Element:  # noqa: A002
    """Ask whether a claim is true or false, then tell the reality."""
    asked = question(id)
    if not isinstance(asked, Myth):
        raise InvalidArgument(
            f"{id!r} is a question of the type {asked.type}; quiz.myth needs one of the type myth."
        )
    text = f"Myth {id}: true or false? Run the cell to answer."
    return Element("myth", text, "True or false?", [asked], told=recorder((asked,), "myth"))
