"""`python -m mlcourse report`: what a class's exported records say, as a table and as a page."""

from __future__ import annotations

import argparse
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlcourse._report._statistics import Report

_DESCRIPTION = """\
Read the records that students exported with progress.export("my-answers.json")
and show, for each question, how hard it is and how well it tells strong from
weak students, the most common misconceptions, and who is stuck where. Students
are called by their files' names; nothing leaves this machine.
"""
_EXAMPLE = """\
example:
  python -m mlcourse report handed-in/ --html class.html
"""
_MANY = 50
"""From this many files on, reading them shows how far it is."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, 1 if no record could be read, 130 if stopped."""
    given = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Windows' old code pages lack some of our characters
            stream.reconfigure(errors="replace")
    try:
        return _run(given)
    except KeyboardInterrupt:
        _tell("\nStopped; nothing was written.")
        return 130
    except BrokenPipeError:
        # The reader of a pipe has seen enough (`| head`); keep Python from complaining at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mlcourse report",
        description=_DESCRIPTION,
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILES", help="exported records, or folders of them")
    parser.add_argument("--html", metavar="OUT", help="also write the report as an HTML page of one file")
    parser.add_argument(
        "--stuck",
        metavar="N",
        type=_tries,
        default=3,
        help="tries without a right one from which a student counts as stuck (default: 3)",
    )
    return parser


def _tries(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _run(given: argparse.Namespace) -> int:
    from mlcourse._report import _files, _page, _text_view

    paths, problems = _files.find(given.files)
    out = Path(given.html) if given.html is not None else None
    refused = _refused(out, paths)
    if refused:
        _tell(refused)
        return 1
    report = _report(paths, problems, given.stuck)
    if not report.students:
        _tell("\n".join(["No record could be read.", *report.problems]))
        return 1
    sys.stdout.write(f"{_text_view.text(report)}\n")
    sys.stdout.flush()
    if out is not None:
        from mlcourse.progress._transfer import write

        try:
            write(out, _page.page(report))
        except OSError as error:
            _tell(f"{out} cannot be written: {error.strerror or error}.")
            return 1
        sys.stdout.write(f"\nPage: {out}\n")
    return 0


def _tell(words: str, end: str = "\n") -> None:
    """Write to stderr: the table on stdout stays clean when it is piped into a file."""
    sys.stderr.write(f"{words}{end}")
    sys.stderr.flush()


def _refused(out: Path | None, paths: Sequence[Path]) -> str | None:
    """Return why the page cannot go there, before any work is done; a student's record is never replaced."""
    if out is None:
        return None
    if out.is_dir():
        return f"{out} is a folder; name a file in it, e.g. --html {out / 'class.html'}"
    if out.resolve() in {path.resolve() for path in paths} or out.suffix.lower() == ".json":
        return f"{out} is, or is called like, a record; name the page like class.html."
    if not out.absolute().parent.is_dir():
        return f"{out} cannot be written: there is no folder {out.parent}."
    return None


def _report(paths: Sequence[Path], problems: Sequence[str], stuck: int) -> Report:
    from mlcourse._report import _files, _statistics
    from mlcourse.progress import _catalogue

    shown = len(paths) >= _MANY and sys.stderr.isatty()

    def tick(n: int) -> None:
        if shown and (n % 10 == 0 or n == len(paths)):
            _tell(f"\rReading {n} of {len(paths)} files", end="\n" if n == len(paths) else "")

    students, more = _files.students(paths, tick)
    return _statistics.analyse(
        students,
        items=_catalogue.items(),
        beliefs=_catalogue.misconceptions(),
        stuck_after=stuck,
        problems=[*problems, *more],
    )
