"""How long a section takes: a stated rule, counted from its cells, never measured on anybody.

- Text is read at 200 words a minute, and a line of code in 3 seconds.
- A prediction, its reveal, a myth and each question of a quiz take half a minute.
- A playground takes 2 minutes.
- An exercise takes 2, 4 or 6 minutes by its level, an experiment 8.
- A challenge takes half of the time that its clock allows: few need all of it.

The core path takes the cells tagged `core`, and the text that stands directly
before each of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from mlcourse._errors import InvalidArgument

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS_A_MINUTE: Final = 200
LINE: Final = 3 / 60
QUESTION: Final = 0.5
PLAYGROUND: Final = 2.0
EXERCISE: Final = {1: 2.0, 2: 4.0, 3: 6.0}
EXPERIMENT: Final = 8.0
CLOCK: Final = 0.5

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# A call that goes on with `.check(…)` shows nothing: the element stood in a cell before.
_CALL = re.compile(r"""\b(quiz|practice|explore)\.(\w+)\((?!["'][^"']*["']\)\.check)(?:["']([^"']*)["'])?""")


class Cell(NamedTuple):
    """What the rule looks at: kind (`"markdown"`, `"code"`), text, whether it is on the core path."""

    kind: str
    source: str
    core: bool = False


def minutes(cells: Sequence[Cell]) -> tuple[int, int]:
    """Return the minutes of a section and those of its core path, in whole minutes.

    A section takes at least 1; its core path 0 if no cell of it is tagged.
    """
    whole = core = read_before = 0.0
    for cell in cells:
        spent = _one(cell)
        whole += spent
        if cell.core:
            core += spent + read_before
            read_before = 0.0
        elif cell.kind == "markdown":
            read_before += spent
        else:
            read_before = 0.0
    least = max(1, round(whole))
    return least, min(least, max(1, round(core))) if core else 0


def _one(cell: Cell) -> float:
    if cell.kind == "markdown":
        return len(_WORD.findall(cell.source)) / WORDS_A_MINUTE
    if cell.kind != "code":
        return 0.0
    spent = (cell.source.count("\n") + 1) * LINE
    for part, what, name in _CALL.findall(cell.source):
        spent += _element(part, what, name)
    return spent


def _element(part: str, what: str, name: str) -> float:
    """Return the minutes that an element takes; one that the bank does not know takes none."""
    if part == "explore":
        return PLAYGROUND
    if (part, what) in {("quiz", "predict"), ("quiz", "reveal"), ("quiz", "myth")}:
        return QUESTION
    try:
        return _asked(part, what, name)
    except InvalidArgument:
        return 0.0


def _asked(part: str, what: str, name: str) -> float:
    from mlcourse import quiz

    if (part, what) == ("quiz", "show"):
        return len(quiz.load(name).questions) * QUESTION
    if (part, what) == ("practice", "challenge"):
        return sum(question.seconds or 0 for question in quiz.load(name).challenge) / 60 * CLOCK
    if (part, what) == ("practice", "experiment"):
        return EXPERIMENT
    if (part, what) == ("practice", "exercise"):
        from mlcourse.practice._bank import find
        from mlcourse.practice._records import Exercise

        return EXERCISE[find(name, Exercise).level]
    return 0.0
