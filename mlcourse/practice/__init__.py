"""Exercises and experiments: declared as data, checked by what the student's code does.

>>> from mlcourse import practice
>>> practice.exercise("01-yes-or-no").check(my_function)  # doctest: +SKIP

How a teacher adds an exercise
------------------------------
Add an `Exercise(...)` to `TASKS` in `mlcourse/practice/bank/chNN.py`
(`bank/ch01.py` shows how), then run `pytest tests/content/test_exercises.py`.

1. Write `solution`: code that defines `name`. It decides what is right.
2. Write `cases`: a function of a seeded generator that yields inputs,
   `Case(X, 0.5)`, ordinary ones first, then the special ones with a note that
   the student will read: `Case(X, 0.5, note="a logit of exactly 0")`.
3. Write `mistakes`: each is the wrong code itself, with the feedback it must
   get. A student's answer that behaves like this code on every case gets the
   feedback, however it is written. So the cases must tell the mistakes apart;
   the test says where they do not. A belief that several students share gets
   an id in `mlcourse/quiz/bank/misconceptions*.yaml`, a slip of the pen none.
4. Write at least three `alternatives`: right, and written differently.
5. Write `starter` (with `...` where code is missing; at level 2 working code
   with the bug, which must differ in its behaviour from every mistake),
   `hints` from a nudge to nearly the answer, and `explanation`.

A check never looks at source text, names of variables, or the inside of
Keras. For a model, give `takes="model"` and `probe=`, a function of model and
input that returns numbers. An experiment has `measure=`, which returns figures
for an answer on data that it makes itself, and `conditions=`, the targets.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlcourse.practice._capstone import capstone
    from mlcourse.practice._capstone_records import Verdict
    from mlcourse.practice._challenge import challenge
    from mlcourse.practice._element import ExerciseElement, ExperimentElement
    from mlcourse.practice._records import Outcome

__all__ = ["Outcome", "Verdict", "capstone", "challenge", "exercise", "experiment", "ids"]

_HOMES = {
    "Outcome": "_records",
    "Verdict": "_capstone_records",
    "capstone": "_capstone",
    "challenge": "_challenge",
}


def ids(chapter: str | None = None, *, kind: str | None = "exercise") -> tuple[str, ...]:
    """Return the ids of the exercises, in the order of the lessons.

    Parameters
    ----------
    chapter
        Only those of this chapter, e.g. `"01"`.
    kind
        `"exercise"`, `"experiment"`, or None for both.
    """
    from mlcourse.practice import _bank

    return _bank.ids(chapter, kind)


def exercise(id: str) -> ExerciseElement:  # noqa: A002 - as everywhere in the course
    """Show an exercise: what to do, hints and a solution; `.check(answer)` tells what the answer does."""
    from mlcourse.practice import _bank
    from mlcourse.practice._element import ExerciseElement
    from mlcourse.practice._records import Exercise

    return ExerciseElement(_bank.find(id, Exercise))


def experiment(id: str) -> ExperimentElement:  # noqa: A002
    """Show an experiment: an open goal with targets; `.check(answer)` measures it on hidden data."""
    from mlcourse.practice import _bank
    from mlcourse.practice._element import ExperimentElement
    from mlcourse.practice._records import Experiment

    return ExperimentElement(_bank.find(id, Experiment))


def __getattr__(name: str) -> Any:
    """Load the other parts when they are first asked for."""
    if name in _HOMES:
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no part called {name!r}; it has {', '.join(__all__)}")
