"""Links between notebooks become links between pages; one that leads nowhere stops the build."""

from __future__ import annotations

import html
import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mlcourse._site._lesson import Lesson

OWN = "site"
"""The scheme of an address that is already given from the site's own folder: `site:images/1.png`."""
_ADDRESS = re.compile(r'(<(?:a|img)\b[^>]*?\s(?:href|src)=")([^"]*)"')


def slug(heading: str) -> str:
    """Return the fragment by which JupyterLab knows a heading."""
    return heading.replace(" ", "-")


class Links:
    """Rewrites the addresses of one build and remembers what else they need.

    Attributes
    ----------
    files : dict
        Files beside the notebooks that a page shows or links to, by their place in the site.
    broken : list of str
        Links that lead nowhere, each as a sentence.
    """

    def __init__(self, lessons: Iterable[Lesson], folder: Path) -> None:
        self._lessons = {lesson.source: lesson for lesson in lessons}
        self._folder = folder.resolve()
        self.files: dict[str, Path] = {}
        self.broken: list[str] = []

    def rewrite(self, body: str, lesson: Lesson) -> str:
        """Return a cell's HTML with its addresses as the site needs them."""

        def changed(found: re.Match[str]) -> str:
            address = self.address(html.unescape(found[2]), lesson)
            return f'{found[1]}{html.escape(address)}"'

        return _ADDRESS.sub(changed, body)

    def address(self, address: str, lesson: Lesson) -> str:
        """Return where an address of a lesson leads on the site."""
        parts = urlsplit(address)
        if parts.scheme == OWN:
            return lesson.root + parts.path
        if parts.scheme or parts.netloc:
            return address
        path = unquote(parts.path)
        target = (
            posixpath.normpath(posixpath.join(posixpath.dirname(lesson.source), path))
            if path
            else lesson.source
        )
        if target in self._lessons:
            goal = self._lessons[target]
            page = posixpath.relpath(goal.page, posixpath.dirname(lesson.page) or ".") if path else ""
            return page + self._fragment(unquote(parts.fragment), goal, lesson)
        file = (self._folder / target).resolve()
        # Not above the course's own folder: a slip of a dot must not publish somebody's home.
        if file.is_file() and file.is_relative_to(self._folder.parent):
            place = f"files/{file.relative_to(self._folder.parent).as_posix()}"
            self.files[place] = file
            return f"{lesson.root}{place}{'#' + parts.fragment if parts.fragment else ''}"
        self.broken.append(f"{lesson.source} links to {address}, which is not there.")
        return address

    def _fragment(self, fragment: str, goal: Lesson, lesson: Lesson) -> str:
        if not fragment:
            return ""
        cell = fragment.removeprefix("cell-id=")
        if cell in goal.anchors:
            return f"#{cell}"
        for section in goal.sections:
            if slug(section.title) == fragment:
                return f"#{section.anchor}"
        self.broken.append(f"{lesson.source} links to {goal.source}#{fragment}, a place that is not in it.")
        return f"#{fragment}"
