"""Finds exercises and experiments: one Python file a chapter in `bank/`, read when it is first needed."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from mlcourse import _errors
from mlcourse._text import listed
from mlcourse.practice._records import Exercise, Experiment, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

_T = TypeVar("_T", bound=Task)


@cache
def chapters() -> tuple[str, ...]:
    """Return the numbers of the chapters that have tasks."""
    from mlcourse.practice import bank

    names = (module.name for module in pkgutil.iter_modules(bank.__path__))
    return tuple(sorted(name[2:] for name in names if re.fullmatch(r"ch\d\d", name)))


@cache
def tasks(chapter: str) -> tuple[Task, ...]:
    """Return the tasks of a chapter, in the order of its file.

    Raises
    ------
    InvalidArgument
        If there is no such chapter, an id stands twice, or begins with another chapter's number.
    """
    if chapter not in chapters():
        raise _errors.InvalidArgument(
            f"chapter is {_errors.shown(chapter)}, but must be one of {listed(map(repr, chapters()), 'or')}."
        )
    found: tuple[Task, ...] = importlib.import_module(f"mlcourse.practice.bank.ch{chapter}").TASKS
    seen: set[str] = set()
    for task in found:
        if task.chapter != chapter:
            raise _errors.InvalidArgument(
                f"The id {task.id!r} in bank/ch{chapter}.py must begin with {chapter}-."
            )
        if task.id in seen:
            raise _errors.InvalidArgument(f"The id {task.id!r} stands twice in bank/ch{chapter}.py.")
        seen.add(task.id)
    return found


def everything(chapter: str | None = None) -> Iterator[Task]:
    """Yield the tasks of one chapter, or of all."""
    for number in chapters() if chapter is None else (chapter,):
        yield from tasks(number)


def find(id: str, kind: type[_T]) -> _T:  # noqa: A002 - as everywhere in the course
    """Return the task with this id, if it is of this kind.

    Raises
    ------
    InvalidType, InvalidArgument
        If there is none; the message tells the ids that there are.
    """
    word, other = ("exercise", "experiment") if kind is Exercise else ("experiment", "exercise")
    if not isinstance(id, str):
        raise _errors.InvalidType(
            f"id is {_errors.shown(id)}, but must be the id of an {word}, such as '01-yes-or-no'."
        )
    # An id begins with its chapter's number, so that the other chapters need not be imported.
    there = list(tasks(id[:2]) if id[:2] in chapters() else everything())
    for task in there:
        if task.id != id:
            continue
        if isinstance(task, kind):
            return task
        raise _errors.InvalidArgument(f"{id!r} is an {other}: call practice.{other}({id!r}).")
    raise _errors.unknown(word, id, [task.id for task in there if isinstance(task, kind)])


def ids(chapter: str | None = None, kind: str | None = "exercise") -> tuple[str, ...]:
    """Return the ids, in the order of the lessons; see `mlcourse.practice.ids`."""
    _errors.one_of("kind", kind, ("exercise", "experiment", None))
    wanted = {"exercise": Exercise, "experiment": Experiment, None: Task}[kind]
    return tuple(task.id for task in everything(chapter) if isinstance(task, wanted))
