"""The question bank: one YAML file a chapter, and the list of misconceptions that they share.

Whatever is wrong in a file is told in words, with the file, the question and
the field, because teachers edit these files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from mlcourse._errors import InvalidArgument, InvalidType, shown, unknown
from mlcourse._text import listed
from mlcourse.quiz import _questions
from mlcourse.quiz._misconceptions import BANK, Misconception, misconceptions
from mlcourse.quiz._misconceptions import files as _registries
from mlcourse.quiz._problems import BankError, Problem, problems_of
from mlcourse.quiz._questions import AnyQuestion, Line, Myth, Question
from mlcourse.quiz._yaml import read, stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


_SECTIONS = {"recall": "questions", "predict": "predictions", "myths": "myths", "challenge": "challenge"}
_LIMITS = ("seconds", "attempts", "hint")
_question = TypeAdapter[Question](AnyQuestion)


class _Chapter(BaseModel):
    """The head of a chapter's file; the questions are validated one by one."""

    model_config = {"extra": "forbid", "strict": True}
    chapter: str
    title: Line


@dataclass(frozen=True)
class Quiz:
    """The questions of one chapter.

    Attributes
    ----------
    name : str
        The notebook's stem, such as `"01_the_whole_pipeline"`.
    chapter, title : str
        The chapter's number and its title.
    questions : tuple of Question
        The recall quiz, in order.
    predictions, myths : tuple of Question
        What `predict` and `myth` ask along the way.
    challenge : tuple of Question
        The problems of `practice.challenge`, each with `seconds`, `attempts` and a `hint`.
    """

    name: str
    chapter: str
    title: str
    questions: tuple[Question, ...]
    predictions: tuple[Question, ...] = ()
    myths: tuple[Question, ...] = ()
    challenge: tuple[Question, ...] = ()

    @cached_property
    def all(self) -> tuple[Question, ...]:
        """Every question of the chapter."""
        return (*self.predictions, *self.myths, *self.questions, *self.challenge)

    def question(self, id: str) -> Question:  # noqa: A002 - the questions call it id
        """Return the question with this id."""
        for question in self.all:
            if question.id == id:
                return question
        raise unknown("question", id, [q.id for q in self.all])

    def __repr__(self) -> str:
        return f"Quiz({self.name!r}, {len(self.questions)} questions)"


def _parse(
    entry: Any, file: str, place: str, section: str, chapter: str
) -> tuple[Question | None, list[Problem]]:
    """Return the question that a YAML entry describes, or what is wrong with it."""
    if not isinstance(entry, dict):
        return None, [
            Problem(file, place, "", f"is {shown(entry)}, but must be fields with a value each (id: …)")
        ]
    named = entry.get("id")
    name = named if isinstance(named, str) else place
    if section == "myths":
        entry = {"type": "myth", **entry}
    if section == "challenge":
        entry = {"mode": "challenge", **entry}
    if section == "predict" and "mode" not in entry:
        return None, [
            Problem(
                file, name, "mode", f"is missing; a prediction needs one of {listed(_questions.MODES, 'or')}"
            )
        ]
    try:
        question = _question.validate_python(entry)
    except ValidationError as error:
        return None, problems_of(error, file, name, tagged=True)
    if question.chapter != chapter:
        return None, [Problem(file, name, "id", f"must begin with the chapter's number, {chapter}-")]
    if section == "myths" and not isinstance(question, Myth):
        return None, [Problem(file, name, "type", "must be left out or be myth in the section myths")]
    timed = section == "challenge"
    for limit in _LIMITS:
        if (getattr(question, limit) is None) == timed:
            words = (
                "is missing; a challenge needs it"
                if timed
                else "belongs to problems of the section challenge only"
            )
            return None, [Problem(file, name, limit, words)]
    return question, []


def _chapter(path: Path, known: Mapping[str, Misconception]) -> tuple[Quiz | None, list[Problem]]:
    """Read one chapter's file: the quiz if all is well, and everything that is wrong."""
    file = path.name
    data = read(path)
    if not isinstance(data, dict):
        return None, [Problem(file, "", "", "must begin with `chapter:` and `title:`")]
    sections = {name: data.pop(name, None) or [] for name in _SECTIONS}
    problems: list[Problem] = []
    try:
        head = _Chapter.model_validate(data)
    except ValidationError as error:
        return None, problems_of(error, file, "")
    if head.chapter != path.stem.split("_")[0]:
        problems.append(
            Problem(file, "", "chapter", f"is {head.chapter!r}, but the file's name begins with another")
        )
    found: dict[str, tuple[Question, ...]] = {}
    ids: set[str] = set()
    for section, entries in sections.items():
        if not isinstance(entries, list):
            problems.append(Problem(file, "", section, "must be a list (each question begins with -)"))
            continue
        kept = []
        for i, entry in enumerate(entries):
            question, wrong = _parse(entry, file, f"{section}[{i}]", section, head.chapter)
            problems += wrong
            if question is None:
                continue
            if question.id in ids:
                problems.append(
                    Problem(file, question.id, "id", "stands twice; every question needs its own")
                )
            ids.add(question.id)
            problems += [
                Problem(
                    file,
                    question.id,
                    field,
                    f"is {used!r}, which is in no misconceptions*.yaml{_nearest(used, known)}",
                )
                for field, used in question.misconceptions()
                if used not in known
            ]
            kept.append(question)
        found[_SECTIONS[section]] = tuple(kept)
    if problems:
        return None, problems
    return Quiz(path.stem, head.chapter, head.title, **found), []


def _nearest(word: str, known: Mapping[str, Any]) -> str:
    import difflib

    near = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {near[0]}?" if near else ""


_cache: dict[Path, tuple[tuple[int, ...], Any]] = {}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("[0-9][0-9]_*.yaml"))


def names(folder: Path = BANK) -> list[str]:
    """Return the names that `load` knows, one for each chapter with questions."""
    return [path.stem for path in _files(folder)]


def load(name: str, *, folder: Path = BANK) -> Quiz:
    """Return the questions of a chapter.

    Parameters
    ----------
    name
        The notebook's name, `"01_the_whole_pipeline"`, or its number, `"01"`.
    folder
        Where the bank is.

    Raises
    ------
    BankError
        If the chapter's file has a mistake; the message names file, question and field.
    """
    if not isinstance(name, str):
        raise InvalidType(
            f"name is {shown(name)}, but must be a chapter's name such as '01_the_whole_pipeline'."
        )
    path = next((p for p in _files(folder) if name in {p.stem, p.stem.split("_")[0]}), None)
    if path is None:
        raise unknown("quiz", name, names(folder))
    known = misconceptions(folder)
    stamp = stamp_of(path, *_registries(folder))
    if path in _cache and _cache[path][0] == stamp:
        quiz: Quiz = _cache[path][1]
        return quiz
    loaded, problems = _chapter(path, known)
    if loaded is None:
        raise BankError(problems)
    _cache[path] = (stamp, loaded)
    return loaded


def question(id: str, *, folder: Path = BANK) -> Question:  # noqa: A002 - the questions call it id
    """Return the question with this id; the id begins with its chapter's number."""
    if not isinstance(id, str) or not re.match(r"\d\d-", id):
        raise InvalidArgument(
            f"id is {shown(id)}, but must begin with a chapter's number, such as '01-sigmoid-sum'."
        )
    return load(id[:2], folder=folder).question(id)


def check(folder: Path = BANK) -> list[Problem]:
    """Return everything that is wrong in the whole bank; an empty list says that nothing is."""
    try:
        known = misconceptions(folder)
    except BankError as error:
        return list(error.problems)
    problems: list[Problem] = []
    chapters: dict[str, str] = {}
    for path in _files(folder):
        number = path.stem.split("_")[0]
        if number in chapters:
            problems.append(Problem(path.name, "", "", f"has the same number as {chapters[number]}"))
        chapters[number] = path.name
        try:
            problems += _chapter(path, known)[1]
        except BankError as error:
            problems += error.problems
    problems += [
        Problem(p.name, "", "", "is no chapter: names begin with two digits and _")
        for p in _strangers(folder)
    ]
    return problems


def _strangers(folder: Path) -> Iterator[Path]:
    known = {*_files(folder), *_registries(folder)}
    yield from (path for path in sorted(folder.glob("*.y*ml")) if path not in known)
