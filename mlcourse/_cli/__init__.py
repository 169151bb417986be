"""The command line: what there is, and who does it.

Until the environment exists this runs on a bare Python, so it and whatever it
imports before `environment.ready` use the standard library alone.
"""

from __future__ import annotations

import difflib
import errno
import importlib
import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from mlcourse._cli import environment
from mlcourse._cli.faults import Fault, disk_full, read_only

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NOTHING: tuple[str, ...] = ()
COURSE = (environment.LOCK,)
TESTS = (environment.LOCK, environment.TEST_LOCK)


class Command(NamedTuple):
    """One word of the command line."""

    target: str
    """`module:function`; gets the rest of the command line, returns the exit code."""
    help: str
    locks: tuple[str, ...]
    """What must be installed first: NOTHING, COURSE or TESTS."""


COMMANDS = {
    "lab": Command("mlcourse._cli.lab:run", "open the course in JupyterLab", COURSE),
    "test": Command("mlcourse._cli.tests:run", "run every test; pytest's flags pass through", TESTS),
    "refresh": Command("mlcourse._lessons.refresh:main", "run lessons and write their outputs", COURSE),
    "site": Command("mlcourse._cli.site:run", "make the course's website from the committed lessons", COURSE),
    "check-content": Command("mlcourse._content:main", "lint the question bank and the lessons", COURSE),
    "report": Command("mlcourse._report:main", "a class's results, from exported records", COURSE),
    "export-questions": Command(
        "mlcourse._exchange:main", "the question bank as Moodle XML or QTI 2.1", COURSE
    ),
    "export-exercises": Command(
        "mlcourse._exchange._exercises:main", "a lesson's exercises as an assignment for otter-grader", COURSE
    ),
    "reference": Command("mlcourse._lessons.reference:main", "write docs/reference.md", TESTS),
    "lock": Command("mlcourse._cli.lock:run", "remake the two locks from pyproject.toml", COURSE),
}


def python() -> str:
    """Return what a student types to start Python here."""
    return "py" if sys.platform == "win32" else "python3"


def usage() -> str:
    """Return what the command line can do, in words."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.help}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            f"Usage: {python()} -m mlcourse COMMAND ...",
            "",
            *lines,
            "",
            f"Start with: {python()} -m mlcourse lab",
            "The first start makes the environment .venv in this folder; later starts are quick.",
            f"More on one command: {python()} -m mlcourse COMMAND --help",
        ]
    )


def _load(command: Command) -> Callable[[list[str]], int]:
    module, function = command.target.split(":")
    found: Callable[[list[str]], int] = getattr(importlib.import_module(module), function)
    return found


def _dispatch(name: str, command: Command, rest: list[str]) -> int:
    if {"-h", "--help"} & set(rest):
        try:  # help should not cost an installation, unless the command cannot be loaded without one
            return _load(command)(rest)
        except ImportError:
            pass
    if command.locks:
        interpreter = environment.ready(command.locks)
        if interpreter is not None:
            return environment.hand_over(interpreter, [name, *rest])
    return _load(command)(rest)


def _explained(error: OSError) -> str | None:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(environment.ROOT)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return read_only(error.filename or environment.ROOT)
    return None


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    name, *rest = arguments or ["--help"]
    if name in {"-h", "--help", "help"}:
        print(usage())
        return 0
    if name not in COMMANDS:
        close = difflib.get_close_matches(name, COMMANDS, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        print(f"There is no command {name!r}.{hint}\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        return _dispatch(name, COMMANDS[name], rest)
    except Fault as fault:
        sentence = str(fault)
    except KeyboardInterrupt:
        print(file=sys.stderr)  # ends the line that shows ^C
        print("Stopped. The same command goes on from here when you start it again.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader (head, less) has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        explained = _explained(error)
        if explained is None:
            raise
        sentence = explained
    print(f"\n{sentence}", file=sys.stderr)
    return 1
