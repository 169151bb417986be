"""What there is to do in the course, asked of the question bank and the exercises when it is needed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from mlcourse.progress._summary import Item

if TYPE_CHECKING:
    from collections.abc import Iterator


def items() -> list[Item]:
    """Return every question, exercise and experiment.

    A chapter that cannot be read is left out: a mistake in the bank is told
    where the bank is used, and must not hide the student's record.
    """
    found = [*_questions()]
    titles = {item.chapter: item.chapter_title for item in found}
    return [*found, *_practice(titles)]


def misconceptions() -> dict[str, str]:
    """Return what each misconception believes, by its id; empty if the list cannot be read."""
    try:
        from mlcourse import quiz

        return {name: entry.believes for name, entry in quiz.misconceptions().items()}
    except Exception:  # noqa: BLE001 - see `items`
        return {}


def _questions() -> Iterator[Item]:
    try:
        from mlcourse import quiz

        names = quiz.names()
    except Exception:  # noqa: BLE001
        return
    for name in names:
        try:
            chapter = quiz.load(name)
        except Exception:  # noqa: BLE001, S112
            continue
        for question in chapter.all:
            yield Item(
                id=question.id,
                chapter=chapter.chapter,
                mode=question.mode,
                kind="question",
                title=_first_line(question.prompt),
                chapter_title=chapter.title,
                choices=tuple(_first_line(c.text) for c in getattr(question, "choices", ())),
            )


def _practice(titles: dict[str, str]) -> Iterator[Item]:
    try:
        practice: Any = importlib.import_module("mlcourse.practice")
        ids = list(practice.ids())
    except Exception:  # noqa: BLE001
        return
    for name in ids:
        try:
            exercise = practice.exercise(name)
            chapter = str(exercise.chapter)
        except Exception:  # noqa: BLE001, S112
            continue
        yield Item(
            id=name,
            chapter=chapter,
            mode=str(getattr(exercise, "mode", "practice")),
            kind="exercise",
            title=_first_line(str(getattr(exercise, "title", "") or getattr(exercise, "prompt", ""))),
            chapter_title=titles.get(chapter, ""),
        )


def _first_line(text: str, limit: int = 160) -> str:
    """Return the beginning of a Markdown text as one line, without its marks."""
    line = " ".join(text.replace("**", "").replace("`", "").split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
