"""Reads the lessons: which sections each has, of which mode, and about how many minutes they take."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlcourse._errors import InvalidArgument, InvalidType, shown, unknown
from mlcourse._text import count
from mlcourse.course import _minutes
from mlcourse.progress._summary import MODES

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
START = "00_start_here.ipynb"
_HEADING = re.compile(r"^(#{1,3}) +(.+?)\s*$", re.MULTILINE)
_MARKS = re.compile(r"[*`]|(?<!\w)_|_(?!\w)")


@dataclass(frozen=True)
class Section:
    """One section of a lesson: from its tagged heading to the next.

    Attributes
    ----------
    cell : str
        The id of the heading's cell, which links name.
    title : str
        The heading, without Markdown's marks.
    mode : str
        One of the nine ways in, e.g. `"trace"`.
    minutes : int
        About how long it takes, at least 1; see `mlcourse.course._minutes`.
    core : int
        How many of them the core path takes; 0 if it does not come by.
    """

    cell: str
    title: str
    mode: str
    minutes: int
    core: int = 0

    def __repr__(self) -> str:
        return f"Section({self.cell!r}, {self.mode}, {self.minutes} min)"


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Attributes
    ----------
    name : str
        The notebook's name without its ending, e.g. `"04_the_output_layer"`.
    title : str
        Its title without the number.
    sections : tuple of Section
        In the order of the notebook.
    """

    name: str
    title: str
    sections: tuple[Section, ...]

    @property
    def number(self) -> str:
        """The lesson's two digits."""
        return self.name[:2]

    @property
    def minutes(self) -> int:
        """Minutes of all sections together."""
        return sum(section.minutes for section in self.sections)

    @property
    def core(self) -> int:
        """Minutes of the core path."""
        return sum(section.core for section in self.sections)

    def of_mode(self, mode: str) -> tuple[Section, ...]:
        """Return the sections of one mode."""
        return tuple(section for section in self.sections if section.mode == mode)

    def __repr__(self) -> str:
        return f"Lesson({self.name!r}, {count(len(self.sections), 'section')}, {self.minutes} min)"


@dataclass(frozen=True)
class Course:
    """The lessons that have sections, in order.

    Attributes
    ----------
    lessons : tuple of Lesson
        The lessons.
    unread : tuple of str
        What is wrong with each notebook that could not be read and was left out, as a sentence.
    """

    lessons: tuple[Lesson, ...]
    unread: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Course({count(len(self.lessons), 'lesson')})"

    @cached_property
    def _by_number(self) -> dict[str, Lesson]:
        return {lesson.number: lesson for lesson in self.lessons}

    def lesson(self, number: str) -> Lesson:
        """Return a lesson by its two digits."""
        if number not in self._by_number:
            raise unknown("lesson", number, list(self._by_number))
        return self._by_number[number]


def plain(heading: str) -> str:
    """Return a heading without Markdown's marks.

    >>> plain('Trap 1: `metrics=["accuracy"]`')
    'Trap 1: metrics=["accuracy"]'
    """
    return _MARKS.sub("", heading).strip()


def _folder(given: str | os.PathLike[str] | None) -> Path:
    """Return where the lessons are: where it says, beside the package, or where Python was started."""
    if given is not None:
        try:
            places = [Path(given)]
        except TypeError:
            raise InvalidType(f"folder is {shown(given)}, but must be a path.") from None
    else:
        places = [NOTEBOOKS, Path.cwd(), Path.cwd() / "notebooks"]
    for place in places:
        if (place / START).is_file():
            return place
    if given is not None:
        raise InvalidArgument(f"folder is {shown(str(given))}, but there is no {START} in it.")
    raise InvalidArgument(
        "The lessons are not beside the package mlcourse, nor in this folder. Start in the course's own "
        'folder, or say where they are: course.lessons("path/to/notebooks").'
    )


def lessons(folder: str | os.PathLike[str] | None = None) -> Course:
    """Read the lessons' headings.

    Parameters
    ----------
    folder
        The folder of the notebooks. By default the one beside the package, or
        else the folder where Python was started.

    Returns
    -------
    Course

    Raises
    ------
    InvalidArgument
        If there are no lessons, or one of them is no notebook.
    """
    course = readable(folder)
    if course.unread:
        raise InvalidArgument(course.unread[0])
    return course


def readable(folder: str | os.PathLike[str] | None = None) -> Course:
    """Read the lessons as `lessons` does, but leave out what is no notebook, which costs that lesson only.

    Raises
    ------
    InvalidArgument
        If nothing is left.
    """
    place = _folder(folder)
    found, unread = [], []
    for path in sorted(place.glob("[0-9][0-9]_*.ipynb")):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            lesson = read(path.stem, cells)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            unread.append(
                f"{path.name} cannot be read as a notebook ({type(error).__name__}). Get it anew with git "
                "checkout, or take it out of the folder."
            )
            continue
        if lesson.sections:
            found.append(lesson)
    if not found:
        raise InvalidArgument(" ".join(unread) or f"Beside {START} there is no lesson with sections.")
    return Course(tuple(found), tuple(unread))


def read(name: str, cells: Sequence[dict[str, Any]]) -> Lesson:
    """Return the lesson that a notebook's cells make.

    A section begins at a heading cell whose metadata name a mode, and ends
    before the next one, or before a heading of the second level without a mode.
    """
    title = name[3:].replace("_", " ")
    sections = []
    for i, cell in enumerate(cells):
        heading = _HEADING.search(_source(cell)) if cell["cell_type"] == "markdown" else None
        if heading is None:
            continue
        if len(heading[1]) == 1:
            title = plain(heading[2].split("·", 1)[-1])
        mode = _mode(cell)
        if mode in MODES:
            within = [(_source(c), c) for c in _until_next(cells[i:])]
            spent = _minutes.minutes([_minutes.Cell(c["cell_type"], s, _core(c)) for s, c in within])
            sections.append(Section(str(cell["id"]), plain(heading[2]), mode, *spent))
    return Lesson(name, title, tuple(sections))


def _until_next(cells: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield cells[0]
    for cell in cells[1:]:
        if _mode(cell) or (cell["cell_type"] == "markdown" and re.match(r"#{1,2} ", _source(cell))):
            return
        yield cell


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _mode(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("mlcourse", {}).get("mode", ""))


def _core(cell: dict[str, Any]) -> bool:
    return "core" in cell["metadata"].get("tags", ())
