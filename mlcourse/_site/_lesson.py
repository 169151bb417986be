"""A committed notebook as the site sees it: its title, what it is about, its sections with their modes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MODES = {
    "why": "Why",
    "deep-dive": "Deep dive",
    "trace": "Trace",
    "practice": "Practise",
    "challenge": "Challenge",
    "experiment": "Experiment",
    "metrics": "Measure",
    "myths": "Myths & pitfalls",
    "recall": "Recall",
}
"""The nine ways in, in the order of the course, as the side bar names them."""

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """A heading of a lesson: the cell it stands in, its level, its words, and its mode if it is tagged."""

    anchor: str
    level: int
    title: str
    mode: str | None


@dataclass(frozen=True)
class Lesson:
    """A notebook and the page that is made of it; `source` and `page` are relative, with slashes."""

    source: str
    page: str
    title: str
    about: str
    sections: tuple[Section, ...]
    cells: tuple[Any, ...]

    @property
    def anchors(self) -> frozenset[str]:
        """The ids of the cells, which links may name."""
        return frozenset(cell["id"] for cell in self.cells)

    @property
    def root(self) -> str:
        """The way from the page to the site's own folder."""
        return "../" * self.page.count("/")

    @property
    def modes(self) -> tuple[tuple[str, tuple[Section, ...]], ...]:
        """The modes that the lesson has, in the order of the course, each with its sections."""
        tagged = [section for section in self.sections if section.mode]
        there = [
            (name, tuple(section for section in tagged if section.mode == mode))
            for mode, name in MODES.items()
        ]
        return tuple((name, sections) for name, sections in there if sections)


def unmarked(markdown: str) -> str:
    """Return a line of Markdown as plain words."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"(\*\*|__|`)", "", text)
    return re.sub(r"(?<![\w*])\*(\S[^*]*?)\*(?![\w*])", r"\1", text).strip()


def headings(markdown: str) -> list[tuple[int, str]]:
    """Return the headings of a cell, each with its level, as plain words; a comment in code is none."""
    prose = _FENCE.sub("", markdown)
    return [(len(marks), unmarked(words)) for marks, words in _HEADING.findall(prose)]


def _about(markdown: str) -> str:
    """Return the first paragraph below a lesson's title, plain words."""
    paragraphs = (part.strip() for part in _HEADING.sub("", markdown).split("\n\n"))
    return unmarked(" ".join(next((part for part in paragraphs if part), "").split()))


def read(path: Path, folder: Path) -> Lesson:
    """Read a notebook below the notebooks' `folder`."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    source = path.relative_to(folder).as_posix()
    sections = []
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        mode = cell.metadata.get("mlcourse", {}).get("mode")
        for i, (level, title) in enumerate(headings(cell.source)):
            sections.append(Section(cell.id, level, title, mode if i == 0 else None))
    title = next((section.title for section in sections if section.level == 1), path.stem)
    return Lesson(
        source=source,
        page=source.removesuffix(".ipynb") + ".html",
        title=title,
        about=_about(notebook.cells[0].source) if notebook.cells else "",
        sections=tuple(sections),
        cells=tuple(notebook.cells),
    )


def read_all(folder: Path) -> tuple[Lesson, ...]:
    """Read every notebook below a folder: the lessons by number, then what lies in folders."""
    paths = [
        path
        for path in folder.rglob("*.ipynb")
        if not any(part.startswith(".") for part in path.parts[-3:-1])
    ]
    paths.sort(key=lambda path: (len(path.relative_to(folder).parts), path.relative_to(folder).as_posix()))
    return tuple(read(path, folder) for path in paths)
