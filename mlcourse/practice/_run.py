"""Runs the student's code: nothing printed, nothing asked, no exit, no endless loop, and what it raised as a record."""

from __future__ import annotations

import builtins
import contextlib
import inspect
import io
import linecache
import random
import sysconfig
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlcourse.practice._watchdog import TimeUp, limited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

PRINTED = 400  # characters kept of what the student's code prints
_PACKAGE = str(Path(__file__).parents[1])
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


class AskedForInput(BaseException):
    """The student's code called `input`, which nobody would answer."""


@dataclass(frozen=True)
class Raised:
    """An exception of the student's code.

    Attributes
    ----------
    error : BaseException
        The exception itself.
    line : int or None
        The number of the student's last line that ran, in its cell.
    code : str
        That line.
    """

    error: BaseException
    line: int | None
    code: str


@dataclass(frozen=True)
class Ran:
    """What came of one run: a value or an exception, and what was printed and warned."""

    value: Any = None
    raised: Raised | None = None
    printed: str = ""
    warned: str = ""


class _Sink(io.TextIOBase):
    """Keeps the beginning of what is printed and lets the rest vanish."""

    def __init__(self) -> None:
        self.kept = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if len(self.kept) < PRINTED:
            self.kept = (self.kept + text)[:PRINTED]
        return len(text)


def _no_input(prompt: object = "", /) -> str:  # noqa: ARG001 - the signature of the builtin
    raise AskedForInput


@contextlib.contextmanager
def _surroundings(sink: _Sink, warned: list[warnings.WarningMessage]) -> Iterator[None]:
    """Give the student's code a quiet, seeded world, and put back what it changes there."""
    import numpy as np

    asked, state, numpy_state = builtins.input, random.getstate(), np.random.get_state()  # noqa: NPY002
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - the one that students use
    builtins.input = _no_input
    try:
        with (
            contextlib.redirect_stdout(sink),
            contextlib.redirect_stderr(sink),
            warnings.catch_warnings(record=True) as caught,
            np.errstate(all="warn"),
        ):
            warnings.simplefilter("always")
            try:
                yield
            finally:
                warned += caught
    finally:
        builtins.input = asked
        random.setstate(state)
        np.random.set_state(numpy_state)  # noqa: NPY002


def run(call: Callable[[], Any], seconds: float) -> Ran:
    """Run the student's code and return what came of it, whatever that is.

    Parameters
    ----------
    call
        Calls the student's code.
    seconds
        How long it may take.
    """
    sink, warned = _Sink(), []  # type: ignore[var-annotated]
    value, raised = None, None
    with _surroundings(sink, warned):
        try:
            value = limited(call, seconds)
        except BaseException as error:  # noqa: BLE001 - sys.exit, the stop button and our own time limit too
            raised = where(error)
    if inspect.iscoroutine(value):
        value.close()  # Python would warn, somewhere later, that nobody waited for it
    return Ran(value, raised, sink.kept.strip(), str(warned[0].message) if warned else "")


def _students(filename: str) -> bool:
    return not filename.startswith((_PACKAGE, *_LIBRARIES, "<frozen", "<__array_function__"))


def where(error: BaseException) -> Raised:
    """Return an exception with the student's own line in it."""
    if isinstance(error, SyntaxError) and error.lineno is not None and _students(error.filename or ""):
        return Raised(error, error.lineno, (error.text or "").strip())
    shown_error = error.__cause__ if isinstance(error, TimeUp) and error.__cause__ else error
    step: TracebackType | None = shown_error.__traceback__
    line, code = None, ""
    while step is not None:
        filename = step.tb_frame.f_code.co_filename
        if _students(filename):
            line, code = step.tb_lineno, linecache.getline(filename, step.tb_lineno).strip()
        step = step.tb_next
    return Raised(error, line, code)


def surroundings(setup: str) -> dict[str, Any]:
    """Return the names that are there before the student's own code runs."""
    space: dict[str, Any] = {"__name__": "answer"}
    exec(compile(setup, "<setup>", "exec"), space)  # noqa: S102 - the course's own code
    return space


def define(code: str, name: str, space: dict[str, Any]) -> Any:
    """Run code given as a text, and return what it defines as `name`.

    If there is no such name but exactly one function, that is returned: names
    are not what is checked.

    Parameters
    ----------
    code, name
        The code, and what it should define.
    space
        What `surroundings` made; the code's names are added to it.

    Raises
    ------
    NameError
        If the code defines nothing of the kind.
    """
    filename = f"<answer {name}>"
    # The student's own line is told from its text, so it has to be found by the file's name.
    linecache.cache[filename] = (len(code), None, [f"{line}\n" for line in code.splitlines()], filename)
    before = set(space)
    exec(compile(code, filename, "exec", dont_inherit=True), space)  # noqa: S102 - the student's own, in the own kernel
    if name in space:
        return space[name]
    new = {key: value for key, value in space.items() if key not in before and callable(value)}
    made = [value for value in new.values() if getattr(value, "__module__", "") == "answer"]
    if len(made) == 1:
        return made[0]
    raise NameError(f"name '{name}' is not defined", name=name)
