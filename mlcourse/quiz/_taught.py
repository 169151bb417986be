"""Where in the lessons a question's idea is taught: the section to look at again."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlcourse.quiz._bank import Quiz
    from mlcourse.quiz._questions import Question

NOTEBOOKS: Final = Path(__file__).parents[2] / "notebooks"
_ASKS: Final = frozenset({"practice", "challenge", "experiment", "recall"})
"""Sections that ask rather than teach; nobody is sent there to read."""
_SMALL: Final = frozenset(
    [
        *("a", "an", "and", "as", "at", "before", "but", "by", "for", "from", "in", "is", "it", "its", "no"),
        *("not", "of", "on", "one", "or", "over", "the", "to", "what", "when", "which", "with"),
    ]
)
_PLAIN: Final = re.compile(r"[`*$]")


@dataclass(frozen=True)
class Section:
    """A section of a lesson.

    Attributes
    ----------
    notebook : str
        The lesson's notebook without `.ipynb`.
    lesson : str
        The lesson's heading, such as `"05 · The loss"`.
    cell : str
        The id of the cell with the section's heading; empty for the lesson as a whole.
    title : str
        The section's heading.
    """

    notebook: str
    lesson: str
    cell: str
    title: str

    @property
    def href(self) -> str:
        """The link from another lesson, which JupyterLab and Notebook 7 follow to the cell."""
        return f"{self.notebook}.ipynb{f'#cell-id={self.cell}' if self.cell else ''}"

    def __str__(self) -> str:
        return f"{self.lesson}: {self.title}" if self.title else self.lesson


@dataclass(frozen=True)
class _Part:
    """A section with what is needed to find an idea in it."""

    section: Section
    mode: str
    text: str
    asked: frozenset[str]

    @property
    def teaches(self) -> bool:
        return bool(self.section.cell) and self.mode not in _ASKS


def taught(question: Question, quiz: Quiz, folder: Path = NOTEBOOKS) -> Section:
    """Return the section that teaches a question's concept.

    That is what the bank says (`taught_in`); else where the lesson asks this
    question, or another one about the same concept, along the way; else the
    section that speaks of the concept most. Without the notebook at hand, or
    where no section speaks of it, it is the lesson as a whole.

    Parameters
    ----------
    question
        The question.
    quiz
        Its chapter.
    folder
        Where the notebooks are.
    """
    path = _notebook(quiz, folder)
    parts = _parts(path)
    whole = parts[0].section if parts else Section(path.stem, f"{quiz.chapter} · {quiz.title}", "", "")
    teaching = [part for part in parts if part.teaches]
    same = [q.taught_in for q in quiz.all if q.concept == question.concept]
    for cell in (question.taught_in, *same):
        for part in parts:
            if cell and part.section.cell == cell:
                return part.section
    along = [q.id for q in (*quiz.predictions, *quiz.myths) if q.concept == question.concept]
    for name in (question.id, *along):
        for part in teaching:
            if name in part.asked:
                return part.section
    spoken = [_speaks(part, teaching, question.concept) for part in teaching]
    return teaching[spoken.index(max(spoken))].section if any(spoken) else whole


def _speaks(part: _Part, every: Sequence[_Part], concept: str) -> float:
    """Return how much of what a lesson says about a concept it says in this part; its heading counts most.

    Shares, not counts: a word that every section uses tells little.
    """
    phrase = concept.casefold()
    words = [word for word in re.findall(r"\w+", phrase) if word not in _SMALL]
    total = 0.0
    for piece, weight in [(phrase, 3.0), *((word, 1.0) for word in words)]:
        everywhere = sum(other.text.count(piece) for other in every)
        total += weight * part.text.count(piece) / everywhere if everywhere else 0.0
        total += weight * (piece in part.section.title.casefold())
    return total


def _notebook(quiz: Quiz, folder: Path) -> Path:
    """Return a chapter's notebook: the one with its name, or else (a teacher renamed it) with its number."""
    path = folder / f"{quiz.name}.ipynb"
    return path if path.is_file() else min(folder.glob(f"{quiz.chapter}_*.ipynb"), default=path)


def _parts(path: Path) -> tuple[_Part, ...]:
    """Return a lesson's sections, the lesson as a whole first; empty if the notebook cannot be read."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ()


@lru_cache(maxsize=64)
def _read(path: Path, _stamp: int) -> tuple[_Part, ...]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lesson = path.stem
    opened: list[tuple[str, str, str, list[str]]] = [("", "", "", [])]  # cell, title, mode, texts
    for cell in cells:
        source = "".join(cell["source"])
        heading = re.match(r"(#{1,3}) +(.+)", source) if cell["cell_type"] == "markdown" else None
        if heading:
            title = _PLAIN.sub("", heading[2]).strip()
            if heading[1] == "#":
                lesson = title
            else:
                # A heading without a mode of its own goes on in the mode of its section.
                mode = cell["metadata"].get("mlcourse", {}).get("mode") or opened[-1][2]
                opened.append((cell.get("id", ""), title, mode, []))
        opened[-1][3].append(source)
    parts = []
    for name, title, mode, texts in opened:
        joined = "\n".join(texts)
        asked = frozenset(re.findall(r"quiz\.(?:predict|reveal|myth)\(\s*[\"']([\w-]+)", joined))
        parts.append(_Part(Section(path.stem, lesson, name, title), mode, joined.casefold(), asked))
    return tuple(parts)
