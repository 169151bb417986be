"""Checks an answer to an exercise by what it does: against the reference, and against every known mistake."""

from __future__ import annotations

import copy
import inspect
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse import _text
from mlcourse.practice import _compare
from mlcourse.practice._compare import Tolerance, difference
from mlcourse.practice._explain import explained
from mlcourse.practice._records import Case, Exercise, Mistake, Outcome, Task
from mlcourse.practice._run import Raised, Ran, define, run, surroundings
from mlcourse.practice._watchdog import TimeUp

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT = 5.0  # seconds for all of the student's code in one check
LARGE = 100_000_000  # bytes of one result; no exercise asks for a hundredth of it


@dataclass(frozen=True)
class Seen:
    """What one case showed: the result or the exception, and which argument was changed (None: none)."""

    ran: Ran
    changed: int | None = None


def seeded(task: Task) -> np.random.Generator:
    """Return the generator for a task's inputs: the same numbers in every check, others for every task."""
    return np.random.default_rng(zlib.crc32(task.id.encode()))


def cases(exercise: Exercise) -> tuple[Case, ...]:
    """Return the inputs of an exercise, freshly made; a value is looked at once, without any."""
    return tuple(exercise.cases(seeded(exercise))) if exercise.cases else (Case(),)


def _same_input(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return (
            isinstance(other, np.ndarray)
            and one.dtype == other.dtype
            and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same_input, one, other))
    try:
        return one is other or bool(one == other)  # NaN is not equal to itself
    except Exception:  # noqa: BLE001 - models and the like cannot be compared, and are not watched
        return True


def observe(exercise: Exercise, answer: Any, inputs: Sequence[Case], seconds: float = LIMIT) -> list[Seen]:
    """Return what an answer does in every case; after the time limit the remaining cases are left out."""
    import time

    seen: list[Seen] = []
    end = time.monotonic() + seconds
    for case in inputs:
        given = copy.deepcopy(case.args)
        if exercise.takes == "value":
            ran = Ran(answer)
        else:
            ran = run(lambda given=given: exercise.probe(answer, *given), max(0.01, end - time.monotonic()))  # type: ignore[misc]
        changed = next(
            (i for i, (a, b) in enumerate(zip(case.args, given, strict=True)) if not _same_input(a, b)), None
        )
        seen.append(Seen(ran, changed))
        if _large(ran.value) or (ran.raised and isinstance(ran.raised.error, TimeUp | KeyboardInterrupt)):
            break
    return seen


def _large(value: Any) -> bool:
    """Tell whether a few such results would fill the memory of a small machine."""
    return bool(getattr(value, "nbytes", 0) > LARGE)


@cache
def _declared(exercise: Exercise, code: str) -> tuple[Seen, ...]:
    """Return what a piece of the exercise's own code does in every case."""
    try:
        answer = define(code, exercise.name, surroundings(exercise.setup))
    except Exception as error:  # noqa: BLE001 - a mistake may be one that does not even run
        return (Seen(Ran(raised=Raised(error, None, ""))),)
    return tuple(observe(exercise, answer, cases(exercise)))


def alike(exercise: Exercise, one: Sequence[Seen], other: Sequence[Seen]) -> bool:
    """Return whether two answers behaved alike in every case."""
    return len(one) == len(other) and all(_alike(exercise, a, b) for a, b in zip(one, other, strict=True))


def _alike(exercise: Exercise, one: Seen, other: Seen) -> bool:
    if one.ran.raised or other.ran.raised:
        return bool(one.ran.raised and other.ran.raised) and (
            type(one.ran.raised.error) is type(other.ran.raised.error)  # type: ignore[union-attr]
        )
    if not exercise.may_change_input and one.changed != other.changed:
        return False
    return difference(one.ran.value, other.ran.value, _tolerance(exercise)) is None


def _tolerance(exercise: Exercise) -> Tolerance:
    return Tolerance(exercise.rtol, exercise.atol, exercise.same_kind)


def answer_of(task: Task, given: Any, seconds: float = LIMIT) -> tuple[Any, Outcome | None]:
    """Return the object to check; code given as a text is run first. The second part says why there is none."""
    takes = getattr(task, "takes", "value")
    expects_text = isinstance(task, Exercise) and takes == "value" and _wants_text(task)
    if not isinstance(given, str) or expects_text:
        return given, None
    space = surroundings(task.setup)  # outside the time limit: a library's first import may take long
    ran = run(lambda: define(given, task.name, space), seconds)
    if ran.raised is None:
        return ran.value, None
    if _unfilled(ran.raised):
        return None, _not_attempted()
    if isinstance(ran.raised.error, NameError) and ran.raised.line is None:
        return None, Outcome("cannot check", f"The code defines nothing called `{task.name}`.")
    return None, _stopped(ran.raised, seconds)


def _wants_text(exercise: Exercise) -> bool:
    return isinstance(_declared(exercise, exercise.solution)[0].ran.value, str)


def _gap(value: Any) -> bool:
    """Tell whether a result is `...`, or holds one that was left standing, as in `("softmax", ...)`."""
    return value is Ellipsis or (isinstance(value, tuple | list) and any(part is Ellipsis for part in value))


def _unfilled(raised: Raised | None) -> bool:
    """Return whether an exception comes from a `...` that still stands in the code."""
    return raised is not None and (
        isinstance(raised.error, NotImplementedError)
        or (
            isinstance(raised.error, TypeError | AttributeError | ValueError)
            and "ellipsis" in str(raised.error).lower()
        )
    )


def _not_attempted(
    text: str = "This is still the starter. Put your own code where `...` stands, run the cell, and check again.",
) -> Outcome:
    return Outcome("not attempted", text)


def _stopped(raised: Raised, seconds: float) -> Outcome:
    return Outcome("cannot check", explained(raised, seconds), error=type(raised.error).__name__)


def _wrong_thing(exercise: Exercise, answer: Any) -> str | None:
    """Return why this is nothing that the check can run, or None."""
    name = exercise.name
    if exercise.takes == "model":
        if not callable(getattr(answer, "predict", None)):
            return f"Hand in the compiled Keras model itself, `.check({name})`. This is {_compare.called(answer)}."
        return None
    if exercise.takes == "value":
        return None
    if not callable(answer):
        made = _compare.plain(answer)
        return (
            f"Hand in the function itself, without brackets behind its name: `.check({name})`. "
            f"This is {_compare.called(made)}."
        )
    return _wrong_parameters(exercise, answer)


def _wrong_parameters(exercise: Exercise, answer: Any) -> str | None:
    first = cases(exercise)[0].args
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return None  # some built-in functions do not tell
    try:
        signature.bind(*first)
    except TypeError:
        takes = _text.count(len(signature.parameters), "parameter")
        wanted = _names(exercise)
        return (
            f"Your function has {takes}, and is called with {len(first)}: "
            f"{_text.listed(f'`{w}`' for w in wanted[: len(first)])}. Their names are yours to choose, their number is not."
        )
    return None


def _evidence(exercise: Exercise, case: Case, seen: Seen, wanted: Any = None) -> tuple[tuple[str, str], ...]:
    names = _parameters(exercise, len(case.args))
    given = "\n".join(
        f"{name} = {_indented(_compare.quoted(arg), len(name) + 3)}"
        for name, arg in zip(names, case.args, strict=True)
    )
    rows = (
        [("Input" + (f" ({case.note})" if case.note else ""), given)]
        if given and exercise.takes == "function"
        else []
    )
    if wanted is not None:
        rows += [("Expected", _compare.quoted(wanted)), ("Yours", _compare.quoted(seen.ran.value))]
    if seen.ran.printed:
        rows.append(("Your code printed", seen.ran.printed))
    if seen.ran.warned and not seen.ran.raised:
        rows.append(("Python warned", seen.ran.warned.splitlines()[0]))
    return tuple(rows)


def _indented(text: str, by: int) -> str:
    return text.replace("\n", "\n" + " " * by)


@cache
def _names(exercise: Exercise) -> list[str]:
    """Return the names of the parameters as the reference has them."""
    function = define(exercise.solution, exercise.name, surroundings(exercise.setup))
    return list(inspect.signature(function).parameters)


def _parameters(exercise: Exercise, n: int) -> list[str]:
    if exercise.takes != "function":
        return [f"input {i}" for i in range(1, n + 1)]
    return (_names(exercise) + [f"argument {i}" for i in range(1, n + 1)])[:n]


def recognised(exercise: Exercise, seen: Sequence[Seen]) -> Mistake | None:
    """Return the known mistake that behaves as what was seen."""
    for mistake in exercise.mistakes:
        if alike(exercise, seen, _declared(exercise, mistake.code)):
            return mistake
    return None


def check(exercise: Exercise, given: Any, *, seconds: float = LIMIT) -> Outcome:
    """Return what a check of an answer finds.

    Parameters
    ----------
    exercise
        What was asked.
    given
        The student's function, model or value, or code as a text.
    seconds
        How long the student's code may take altogether.
    """
    answer, outcome = answer_of(exercise, given, seconds)
    if outcome is not None:
        return outcome
    if answer is Ellipsis:
        return _not_attempted()
    wrong = _wrong_thing(exercise, answer)
    if wrong is not None:
        return Outcome("cannot check", wrong)
    inputs = cases(exercise)
    seen = observe(exercise, answer, inputs, seconds)
    reference = _declared(exercise, exercise.solution)
    last = seen[-1].ran.raised
    if last and isinstance(last.error, TimeUp | KeyboardInterrupt):
        return _stopped(last, seconds)
    if _large(seen[-1].ran.value):
        differs = difference(seen[-1].ran.value, reference[len(seen) - 1].ran.value, _tolerance(exercise))
        return Outcome("incorrect", differs.text if differs else "The result is far too large.")
    if any(_gap(s.ran.value) or _unfilled(s.ran.raised) for s in seen):
        line = next((s.ran.raised.line for s in seen if s.ran.raised and s.ran.raised.line), None)
        return _not_attempted(
            f"Line {line} still holds a `...`. Put your own code there, run the cell, and check again."
            if line
            else _not_attempted().feedback
        )
    if alike(exercise, seen, reference):
        return Outcome("correct", exercise.explanation)
    if alike(exercise, seen, _declared(exercise, exercise.starter)):
        return _not_attempted(
            "This still does exactly what the starter does. Find the bug, change it, run the cell, and check again."
        )
    mistake = recognised(exercise, seen)
    i = next(i for i, (a, b) in enumerate(zip(seen, reference, strict=True)) if not _alike(exercise, a, b))
    case, one, wanted = inputs[i], seen[i], reference[i].ran.value
    if mistake is not None:
        shown = None if one.ran.raised or one.changed is not None else wanted
        return Outcome(
            "incorrect",
            mistake.feedback,
            mistake.id,
            mistake.misconception,
            _evidence(exercise, case, one, shown),
        )
    if one.ran.raised:
        return Outcome(
            "cannot check",
            explained(one.ran.raised, seconds),
            evidence=_evidence(exercise, case, one),
            error=type(one.ran.raised.error).__name__,
        )
    return _unknown(exercise, answer, case, one, wanted, seconds)


def _unknown(exercise: Exercise, answer: Any, case: Case, seen: Seen, wanted: Any, seconds: float) -> Outcome:
    """Return what to tell about a wrong answer that nobody has described yet."""
    differs = difference(seen.ran.value, wanted, _tolerance(exercise))
    if differs is None:  # only the argument is wrong
        name = _parameters(exercise, len(case.args))[seen.changed or 0]
        text = (
            f"The result is right, but your function changes what it was given, `{name}`. Whoever calls it loses their "
            "own numbers. Calculate into a new array: `a = a - 1` makes one, `a -= 1` and `a[0] = …` do not."
        )
        return Outcome("incorrect", text, evidence=_evidence(exercise, case, seen))
    text = differs.text
    if seen.ran.value is None and seen.ran.printed:
        text = "It printed something and returned `None`. `print` only shows a value; `return` hands it over."
    elif differs.kind in {"value", "shape"}:
        again = observe(exercise, answer, [case], seconds)[0]
        if (
            not again.ran.raised
            and difference(again.ran.value, seen.ran.value, _tolerance(exercise)) is not None
        ):
            text = "Called twice with the same input, it returned two different results. Nothing here needs chance."
        elif differs.kind == "value":
            broken = [p.text for p in exercise.properties if not _holds(p.holds, seen.ran.value, case)]
            text = f"{broken[0]} {text}" if broken else text
    if case.note:
        text = (
            f"For {case.note}: {text[:1].lower()}{text[1:]}"
            if not text.startswith(("`", "NaN"))
            else f"For {case.note}: {text}"
        )
    return Outcome("incorrect", text, evidence=_evidence(exercise, case, seen, wanted))


def _holds(rule: Any, value: Any, case: Case) -> bool:
    try:
        return bool(rule(_compare.plain(value), *case.args))
    except Exception:  # noqa: BLE001 - a rule that cannot be asked says nothing
        return True
