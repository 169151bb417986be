"""`python -m mlcourse export-exercises`: a lesson's exercises as an assignment for otter-grader."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlcourse._exchange._otter import Assignment

_DESCRIPTION = """\
Write a lesson's exercises as the notebook that otter-grader makes an assignment
of: a version for students without solutions, and an autograder with the tests.
"""
_EXAMPLE = """\
example:
  python3 -m mlcourse export-exercises 05 --output loss
  otter assign loss/exercises_05.ipynb loss/dist     # hand out loss/dist/student, keep loss/dist/autograder
  otter run hand_in.ipynb -a loss/dist/autograder/exercises_05-autograder_*.zip
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, or 1 if nothing was written."""
    given = _parser().parse_args(argv)
    from mlcourse._errors import InvalidArgument

    stem = f"exercises_{given.lesson}"
    out = Path(given.output or stem)
    try:
        made = assignment(given.lesson, stem, given.only)
    except InvalidArgument as error:
        return _tell(str(error))
    if not made.points:
        return _tell(f"None of the exercises can be written: {_reasons(made)}.")
    there = [out / name for name in made.files if (out / name).exists()]
    if there and not given.replace:
        return _tell(f"{there[0]} is there already; name another folder, or add --replace.")
    try:
        _write(out, made)
    except OSError as error:
        return _tell(f"{out} cannot be written: {error.strerror or error}.")
    notebook = out / f"{stem}.ipynb"
    count = "1 exercise, one point" if made.points == 1 else f"{made.points} exercises, one point each"
    sys.stdout.write(f"{count}: {notebook}\n")
    if made.left_out:
        sys.stdout.write(f"Left out: {_reasons(made)}.\n")
    sys.stdout.write(f"Next: otter assign {shlex.quote(str(notebook))} {shlex.quote(str(out / 'dist'))}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m mlcourse export-exercises",
        description=_DESCRIPTION,
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("lesson", metavar="LESSON", help='such as "05"')
    parser.add_argument("--only", action="append", metavar="ID", help="only this exercise; may be repeated")
    parser.add_argument("--output", "-o", metavar="FOLDER", help="default: exercises_LESSON")
    parser.add_argument("--replace", action="store_true", help="replace the files if they are there")
    return parser


def assignment(lesson: str, stem: str, only: Sequence[str] | None = None) -> Assignment:
    """Return the assignment of a lesson.

    Parameters
    ----------
    lesson
        Its two digits.
    stem
        The notebook's name, without `.ipynb`.
    only
        The exercises to write, in this order; None means all of them.

    Raises
    ------
    InvalidArgument
        If there is no such lesson, or it has no such exercise.
    """
    from mlcourse import _errors, quiz
    from mlcourse._exchange import _otter
    from mlcourse.practice import _bank
    from mlcourse.practice._records import Exercise

    tasks = {task.id: task for task in _bank.tasks(lesson) if isinstance(task, Exercise)}
    for name in only or ():
        if name not in tasks:
            raise _errors.unknown("exercise", name, list(tasks))
    return _otter.write(
        f"{lesson} · {quiz.load(lesson).title}", stem, [tasks[name] for name in dict.fromkeys(only or tasks)]
    )


def _write(out: Path, made: Assignment) -> None:
    from mlcourse.progress._transfer import write_bytes

    out.mkdir(parents=True, exist_ok=True)
    for name, text in made.files.items():
        write_bytes(out / name, text.encode())


def _reasons(made: Assignment) -> str:
    return "; ".join(f"{name} ({why})" for name, why in made.left_out.items())


def _tell(words: str) -> int:
    sys.stderr.write(f"{words}\n")
    return 1
