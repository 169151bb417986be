"""Rules for the lessons: what they call exists, predictions have reveals, nothing is forgotten."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlcourse._content._remark import Remark
from mlcourse._errors import InvalidArgument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
MODES = ("why", "deep-dive", "trace", "practice", "challenge", "experiment", "metrics", "myths", "recall")
LINES = 25


def calls(source: str) -> Iterator[tuple[str, str]]:
    """Yield `("quiz.predict", "01-…")` for each call of an element with a text as its first argument."""
    lines = "\n".join(
        "pass" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()
    )
    try:
        tree = ast.parse(lines)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in {"quiz", "practice"}
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            yield f"{node.func.value.id}.{node.func.attr}", node.args[0].value


def _finders() -> dict[str, Callable[[str], Any]]:
    from mlcourse import practice, quiz

    finders: dict[str, Callable[[str], Any]] = {
        f"quiz.{n}": quiz.question for n in ("predict", "reveal", "myth")
    }
    finders |= {"quiz.show": quiz.load, "quiz.load": quiz.load}
    finders |= {f"practice.{n}": getattr(practice, n) for n in ("exercise", "experiment", "challenge")}
    return finders


def check_lessons(folder: Path = NOTEBOOKS) -> list[Remark]:
    """Return what is to be said about every lesson."""
    return [remark for path in sorted(folder.rglob("*.ipynb")) for remark in check_lesson(path)]


def check_lesson(path: Path) -> Iterator[Remark]:
    """Yield what is to be said about one lesson."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    finders = _finders()
    found: dict[str, list[str]] = {}
    for cell in cells:
        where = f"{path.name}, cell {cell.get('id', '?')}"
        source = "".join(cell["source"])
        mode = cell["metadata"].get("mlcourse", {}).get("mode")
        if mode is not None and mode not in MODES:
            yield Remark("error", where, f"the mode {mode!r} is none of {', '.join(MODES)}.")
        if cell["cell_type"] != "code":
            continue
        if source.count("\n") >= LINES:
            yield Remark("error", where, f"has {source.count(chr(10)) + 1} lines; {LINES - 1} are the most.")
        for call, name in calls(source):
            found.setdefault(call, []).append(name)
            if call in finders:
                try:
                    finders[call](name)
                except InvalidArgument as error:
                    yield Remark("error", where, str(error))
    yield from _pairs(path.name, found)
    yield from _forgotten(path, found)


def _pairs(name: str, found: dict[str, list[str]]) -> Iterator[Remark]:
    predicted, revealed = set(found.get("quiz.predict", ())), set(found.get("quiz.reveal", ()))
    for lonely in sorted(predicted - revealed):
        yield Remark("error", name, f"{lonely} is predicted and never revealed.")
    for lonely in sorted(revealed - predicted):
        yield Remark("error", name, f"{lonely} is revealed and never predicted.")


def _forgotten(path: Path, found: dict[str, list[str]]) -> Iterator[Remark]:
    """Yield what the bank holds for this lesson and the lesson never asks."""
    from mlcourse import practice, quiz
    from mlcourse.practice._bank import chapters

    if path.stem not in quiz.names():
        return
    bank = quiz.load(path.stem)
    asked = {name for names in found.values() for name in names}
    waiting = [q.id for q in (*bank.predictions, *bank.myths)]
    if bank.chapter in chapters():
        waiting += practice.ids(bank.chapter, kind=None)
    for item in waiting:
        if item not in asked:
            yield Remark("warning", path.name, f"{item} is in the bank, and the lesson never asks it.")
