"""An exception of the student's code, in words: which line, what Python says, and what to look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlcourse.practice._run import AskedForInput
from mlcourse.practice._watchdog import TimeUp

if TYPE_CHECKING:
    from mlcourse.practice._run import Raised

_BROADCAST = re.compile(r"operands could not be broadcast together with shapes? \((.*?)\) \((.*?)\)")
_MATMUL = re.compile(r"size (\d+) is different from (\d+)")
_MISSING = re.compile(r"missing \d+ required")


def safe(text: str) -> str:
    """Return any text as Markdown code, whatever backticks it holds."""
    text = " ".join(text.split())
    ticks = "`" * (max(map(len, re.findall(r"`+", text)), default=0) + 1)
    pad = " " if "`" in text else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _shape(text: str) -> str:
    return " × ".join(part.strip() for part in text.split(",") if part.strip())


def _name_error(error: NameError) -> str:
    name = getattr(error, "name", None) or ""
    imports = {"np": "import numpy as np", "keras": "import keras", "tf": "import tensorflow as tf"}
    if name in imports:
        return f"The cell that says `{imports[name]}` has to run first."
    return (
        f"There is nothing called {safe(name)} here. Is it spelt as where it was made, and has that cell run?"
    )


def _value_error(text: str) -> str:
    found = _BROADCAST.search(text)
    if found:
        one, other = map(_shape, found.groups())
        return (
            f"Arrays of shape {one} and {other} were put together. NumPy lines up the *last* axes: they must be "
            "equal, or one of them 1. `keepdims=True` or `[:, None]` keeps an axis of size 1."
        )
    if _MATMUL.search(text):
        return "For `A @ B`, A needs as many columns as B has rows. Print both shapes."
    if "truth value of an array" in text:
        return (
            "`if`, `and` and `or` need one yes or no, and here is a whole array of them. Compare entry by entry with "
            "`&`, `|` or `np.where`, or ask `.any()` or `.all()`."
        )
    if "unpack" in text:
        return "There are more or fewer values on the right of the `=` than names on its left."
    if "inhomogeneous" in text:
        return "The rows of an array must all be equally long."
    return "A value is of the right type, but cannot be used like this. Print it just before this line."


def _type_error(text: str) -> str:
    if "not callable" in text:
        return "Round brackets call a function, and what stands before them is none. Square brackets pick an entry."
    if "not subscriptable" in text:
        return "Square brackets pick an entry of an array or a list, and what stands before them is neither."
    if "NoneType" in text:
        return "Something is `None` here. Often a function above it has no `return`."
    if _MISSING.search(text) or "positional argument" in text or "unexpected keyword" in text:
        return "A function was called with other arguments than it takes."
    if "list" in text:
        return "Lists do not calculate as arrays do. `np.array(…)` makes an array of one."
    return "Two things of types that do not go together meet in this line. Print `type(…)` of each."


def _hint(error: BaseException) -> str:
    """Return what to look at, as one or two sentences, Markdown."""
    text = str(error)
    match error:
        case NameError():
            return _name_error(error)
        case RecursionError():
            return "The function calls itself without an end. It needs a case in which it returns at once."
        case SyntaxError():
            return "Python cannot read this line. Look for a missing bracket, colon or quote, here or one line above."
        case IndexError():
            return "An index lies outside. Indices start at 0, so the last of n entries has the index n − 1."
        case KeyError():
            return "There is no entry with this key. Print the keys that there are."
        case ZeroDivisionError():
            return "Something is divided by zero. Which value can become 0 here?"
        case AttributeError():
            return "This thing has no such part. Is it what you think it is? Print its `type(…)`."
        case ImportError():
            return "This library is not installed here. The exercise needs none besides those of the lesson."
        case MemoryError():
            return "The result would not fit into the memory. Is an array far larger than it should be?"
        case AssertionError():
            return "An `assert` of your own does not hold."
        case TypeError():
            return _type_error(text)
        case ValueError():
            return _value_error(text)
    return "Run the line by itself, with one small input, and look at what comes."


def explained(raised: Raised, seconds: float) -> str:
    """Return what happened, with the student's line, Markdown.

    Parameters
    ----------
    raised
        The exception.
    seconds
        The time limit that the code ran under.
    """
    place = f" in line {raised.line}: {safe(raised.code)}" if raised.code else ""
    match raised.error:
        case TimeUp():
            return (
                f"Your code was stopped after {seconds:g} seconds, while it was{place or ' running'}. "
                "Is there a loop that never ends?"
            ).replace("while it was in", "while it was busy in")
        case AskedForInput():
            return f"Your code calls `input`{place}. In a check nobody answers; take the value from the arguments."
        case SystemExit():
            return f"Your code ends the program{place}. Use `return` to leave a function."
        case KeyboardInterrupt():
            return f"The check was stopped by hand{place}. Run the cell again to repeat it."
    said = str(raised.error).splitlines()
    message = safe(f"{type(raised.error).__name__}: {said[0][:200]}" if said else type(raised.error).__name__)
    return f"Your code stopped{place}\n\nPython says {message}. {_hint(raised.error)}"
