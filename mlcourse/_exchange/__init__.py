"""`python -m mlcourse export-questions`: the question bank for the tools that a school has."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlcourse.quiz._questions import Question

FORMATS = {"moodle": "questions.xml", "qti": "questions.zip"}
SECTIONS = {"recall": "questions", "predict": "predictions", "myths": "myths", "challenge": "challenge"}

_DESCRIPTION = """\
Write questions of the bank, with the feedback for every choice, as a file that
a school's tool imports: Moodle XML (Moodle: Question bank, Import), or a
QTI 2.1 package (TAO, OLAT, Canvas, Inspera and others).
"""
_EXAMPLE = """\
examples:
  python3 -m mlcourse export-questions --format moodle
  python3 -m mlcourse export-questions 05 08 --section recall --format qti --output loss.zip
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, or 1 if nothing was written."""
    given = _parser().parse_args(argv)
    from mlcourse._errors import InvalidArgument
    from mlcourse.quiz._problems import BankError

    out = Path(given.output or FORMATS[given.format])
    refused = _refused(out, replace=given.replace)
    if refused:
        return _tell(refused)
    try:
        sections = chosen(given.lessons, given.section or list(SECTIONS))
    except (InvalidArgument, BankError) as error:
        return _tell(str(error))
    try:
        _write(out, given.format, sections)
    except OSError as error:
        return _tell(f"{out} cannot be written: {error.strerror or error}.")
    n_questions = sum(map(len, sections.values()))
    sys.stdout.write(f"{n_questions} questions in {len(sections)} sections: {out}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m mlcourse export-questions",
        description=_DESCRIPTION,
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help='such as "05"; default: all')
    parser.add_argument("--format", required=True, choices=FORMATS, help="which kind of file")
    parser.add_argument("--section", action="append", choices=SECTIONS, help="only this one; may be repeated")
    parser.add_argument("--output", "-o", metavar="FILE", help=f"default: {' or '.join(FORMATS.values())}")
    parser.add_argument("--replace", action="store_true", help="replace the file if there is one")
    return parser


def chosen(lessons: Sequence[str], sections: Sequence[str]) -> dict[str, tuple[Question, ...]]:
    """Return the questions, by lesson and section.

    Parameters
    ----------
    lessons
        Numbers such as ``"05"``, or the notebooks' stems; none means all.
    sections
        Keys of `SECTIONS`.

    Raises
    ------
    InvalidArgument
        If there is no such lesson.
    """
    from mlcourse import quiz

    loaded = [quiz.load(name) for name in (lessons or quiz.names())]
    found = {
        f"{lesson.chapter} · {lesson.title}/{section}": getattr(lesson, SECTIONS[section])
        for lesson in loaded
        for section in SECTIONS
        if section in sections
    }
    return {name: questions for name, questions in found.items() if questions}


def _write(out: Path, form: str, sections: dict[str, tuple[Question, ...]]) -> None:
    from mlcourse._exchange import _moodle, _qti_package
    from mlcourse.progress._transfer import write_bytes

    data = _moodle.write(sections).encode() if form == "moodle" else _qti_package.write(sections)
    write_bytes(out, data)


def _refused(out: Path, *, replace: bool) -> str | None:
    if out.is_dir():
        return f"{out} is a folder; name a file in it, e.g. --output {out / 'questions.xml'}"
    if out.exists() and not replace:
        return f"{out} is there already; name another file, or add --replace."
    if not out.absolute().parent.is_dir():
        return f"{out} cannot be written: there is no folder {out.parent}."
    return None


def _tell(words: str) -> int:
    sys.stderr.write(f"{words}\n")
    return 1
