"""Writes exercises as the notebook that `otter assign` reads: prompt, starter, solution, tests.

Everything comes from the declaration in `mlcourse/practice/bank/`, so there is no second copy to keep. Each
question is worth one point and is right or not, as in the lesson. The first case of an exercise is public,
so that a student sees what is asked; the others are hidden and reach the autograder alone. The files need
NumPy and what an exercise's `setup` imports, not this package.

The form of the notebook: https://otter-grader.readthedocs.io/en/latest/otter_assign/notebook_format.html
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._exchange._otter_helper import HELPER, check, helper
from mlcourse.practice import _check, _compare
from mlcourse.practice._records import Exercise
from mlcourse.practice._run import define, surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlcourse.practice._records import Case

_TO_CHECK = re.compile(r"`practice\.exercise\([^`]*`")
_IMPORTED = re.compile(r"^(?:import|from) (\w+)", re.MULTILINE)
_PACKAGES = {"numpy": "numpy", "scipy": "scipy", "sklearn": "scikit-learn"}
# Otter reads these anywhere in a cell; in a course's own text they would cut it to pieces.
_MARKS = re.compile(r"#\s*(?:BEGIN|END|SOLUTION|SEED)\b|\"\"\"", re.IGNORECASE)


class CannotWrite(ValueError):  # noqa: N818 - reads as what it says
    """The exercise cannot leave the course; the message is the reason, a clause without a full stop."""


@dataclass(frozen=True)
class Assignment:
    """What `otter assign` is given, and what stayed behind.

    Attributes
    ----------
    files : dict of str to str
        The text of each file by its name: the notebook, and the helper its tests import.
    points : int
        The number of questions, one point each.
    left_out : dict of str to str
        Why an exercise cannot be written, by its id.
    """

    files: dict[str, str]
    points: int
    left_out: dict[str, str]


def write(title: str, stem: str, tasks: Sequence[Exercise]) -> Assignment:
    """Return the files for these exercises.

    Parameters
    ----------
    title
        The assignment's heading.
    stem
        The notebook's name, without `.ipynb`.
    tasks
        What to write, in this order.
    """
    parts = {task.id: _tried(task) for task in tasks}
    left_out = {name: part for name, part in parts.items() if isinstance(part, str)}
    written = [task for task in tasks if task.id not in left_out]
    questions = [cell for part in parts.values() if not isinstance(part, str) for cell in part]
    setup = "\n".join(
        dict.fromkeys(line for task in written for line in task.setup.splitlines() if line.strip())
    )
    cells = [
        _cell("raw", _config(stem, setup)),
        _cell(
            "markdown",
            f"# {title}\n\nEach question is one point, given when all of its cases are right. "
            "The cell below a question tries one case, or looks for blanks; all are run on what you hand in.",
        ),
        *([_cell("code", setup)] if setup else []),
        *questions,
    ]
    for n, cell in enumerate(cells):
        cell["id"] = f"cell-{n}"
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    files = {f"{stem}.ipynb": json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", HELPER: helper()}
    return Assignment(files, len(written), left_out)


def _config(stem: str, setup: str) -> str:
    modules = {"numpy", *_IMPORTED.findall(setup)} - sys.stdlib_module_names
    packages = "\n".join(f"    - {_PACKAGES[name]}" for name in sorted(modules))
    return f"""# ASSIGNMENT CONFIG
name: {stem}
requirements:
{packages}
files:
    - {HELPER}
export_cell: false
tests:
    ok_format: false"""


def _cell(kind: str, source: str) -> dict[str, Any]:
    code: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": "", "metadata": {}, **code, "source": source.splitlines(keepends=True)}


def _tried(task: Exercise) -> list[dict[str, Any]] | str:
    """Return an exercise's cells, or why it cannot be written."""
    try:
        return _question(task)
    except CannotWrite as reason:
        return str(reason)


def _question(task: Exercise) -> list[dict[str, Any]]:
    if task.takes != "function" or task.probe is not _default_probe():
        raise CannotWrite("its check looks at more than what a function returns")
    for text in (task.starter, task.solution, task.prompt):
        if _MARKS.search(text):
            raise CannotWrite("its text holds a mark that Otter reads as its own")
    prompt = _TO_CHECK.sub("the check below", task.prompt.strip())
    tests = [_cell("code", test) for test in _tests(task)]
    return [
        _cell("raw", f"# BEGIN QUESTION\nname: {question_name(task)}\npoints: 1\nall_or_nothing: true"),
        _cell("markdown", f"## {task.title}\n\n{prompt}"),
        _cell("raw", "# BEGIN SOLUTION"),
        _cell(
            "code",
            f"# BEGIN SOLUTION NO PROMPT\n{task.solution.strip()}\n# END SOLUTION\n"
            f'""" # BEGIN PROMPT\n{task.starter.strip()}\n""" # END PROMPT',
        ),
        _cell("raw", "# END SOLUTION"),
        _cell("raw", "# BEGIN TESTS"),
        *tests,
        _cell("raw", "# END TESTS"),
        _cell("raw", "# END QUESTION"),
    ]


def _default_probe() -> Any:
    return Exercise.__dataclass_fields__["probe"].default


def question_name(task: Exercise) -> str:
    """Return a question's name, which is also part of a function's: the id without hyphens."""
    return f"q{task.id}".replace("-", "_")


def _tests(task: Exercise) -> list[str]:
    """Return the test cells: the first case in sight, the others hidden.

    Where a function is only asked about a few words, a case is a part of the solution. Then all are hidden,
    and what is in sight looks for blanks.
    """
    function = define(task.solution, task.name, surroundings(task.setup))
    inputs = _check.cases(task)
    all_seen = _check.observe(task, function, inputs)
    if len(all_seen) != len(inputs) or any(seen.ran.raised for seen in all_seen):
        raise CannotWrite("its reference solution raises an exception")
    telling = all(isinstance(argument, str) for case in inputs for argument in case.args)
    first = [_test(task, "blanks", inputs[0], "...", hidden=False)] if telling else []
    return first + [
        _test(task, str(n), case, literal(seen.ran.value), hidden=telling or n > 1)
        for n, (case, seen) in enumerate(zip(inputs, all_seen, strict=True), 1)
    ]


def _test(task: Exercise, name: str, case: Case, wanted: str, *, hidden: bool) -> str:
    rules = {
        "note": case.note,
        "rtol": task.rtol,
        "atol": task.atol,
        "same_kind": task.same_kind,
        "may_change": task.may_change_input,
    }
    default = inspect.signature(check).parameters
    told = "".join(f", {key}={value!r}" for key, value in rules.items() if value != default[key].default)
    arguments = "".join(f"        {literal(argument)},\n" for argument in case.args)
    return (
        f'""" # BEGIN TEST CONFIG\nhidden: {str(hidden).lower()}\n""" # END TEST CONFIG\n'
        f"def test_{question_name(task)}_{name}({task.name}):\n"
        "    import numpy as np\n"
        "    from course_check import check\n"
        f"    given = (\n{arguments}    )\n"
        f"    wanted = {wanted}\n"
        f"    check({task.name}, given, wanted{told})"
    )


def literal(value: Any) -> str:
    """Return a value as Python code that makes it again, to the bit and of the same type.

    Raises
    ------
    CannotWrite
        If it is no number, text or array, nor made of such.
    """
    value = _compare.plain(value)
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "biufU":
            raise CannotWrite(f"one of its arrays holds {value.dtype}")
        shaped = f".reshape({value.shape})" if 0 in value.shape else ""
        return f"np.array({literal(value.tolist())}, dtype={value.dtype.str!r}){shaped}"
    if isinstance(value, np.generic) and value.dtype.kind in "biufU":
        return f"np.{type(value).__name__}({literal(value.item())})"
    if type(value) is float:
        return repr(value) if np.isfinite(value) else f"float({str(value)!r})"
    if value is None or type(value) in {bool, int, str}:
        return repr(value)
    if type(value) is list:
        return f"[{', '.join(map(literal, value))}]"
    if type(value) is tuple:
        return f"({''.join(f'{literal(part)}, ' for part in value)})"
    if type(value) is dict:
        return f"{{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in value.items())}}}"
    raise CannotWrite(f"it passes or returns {_compare.called(value)}, which cannot be written down")
