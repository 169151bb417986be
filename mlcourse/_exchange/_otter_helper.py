"""The module that exported tests import: the course's own way of comparing results, without the course."""

from __future__ import annotations

import copy
import inspect
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse import _text
from mlcourse.practice import _compare
from mlcourse.practice._check import _gap, _same_input
from mlcourse.practice._compare import Tolerance, difference

if TYPE_CHECKING:
    from collections.abc import Callable

HELPER = "course_check.py"

_HEAD = '''"""Compares a result with the expected one, as the course does; written by `export-exercises`."""

from __future__ import annotations

import copy
import inspect
import math
import numbers
import types
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

'''


def check(
    function: Callable[..., Any] | None,
    given: tuple[Any, ...],
    wanted: Any,
    *,
    note: str = "",
    rtol: float = 1e-5,
    atol: float = 1e-8,
    same_kind: bool = False,
    may_change: bool = False,
) -> None:
    """Raise AssertionError, with what is wrong in words, unless the function returns what is wanted.

    `...` for `wanted` asks only that no blank is left.
    """
    if not callable(function):
        raise AssertionError(  # noqa: TRY004 - a test fails by this one
            "There is no such function: define it under the name that the starter has."
        )
    mine = copy.deepcopy(given)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = function(*mine)
    if _gap(value):
        raise AssertionError("A blank, `...`, is still there.")
    if wanted is Ellipsis:
        return
    where = f"For {note}: " if note else ""
    found = difference(value, wanted, Tolerance(rtol, atol, same_kind))
    if found is not None:
        raise AssertionError(where + found.text)
    if not may_change and not _same_input(given, mine):
        raise AssertionError(f"{where}The result is right, but the function changes what it was given.")


def helper() -> str:
    """Return the module's text, taken from this package's own source so that the rules stand once."""
    words = [inspect.getsource(part) for part in (_text.num, _text.shape, _text.listed, _text.count)]
    words.append("_text = types.SimpleNamespace(num=num, shape=shape, listed=listed, count=count)\n")
    compare = Path(_compare.__file__).read_text("utf-8").split("from mlcourse import _text\n", 1)[1].strip()
    ends = [inspect.getsource(part) for part in (_gap, _same_input, check)]
    return _HEAD + "\n\n".join([*words, f"{compare}\n", *ends])
