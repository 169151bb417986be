"""What the site's search knows: one entry for each section of each lesson, prose and code, no outputs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from mlcourse._site._lesson import headings, unmarked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlcourse._site._lesson import Lesson

# What only calls up an element says nothing that a reader would look for.
_CALL = r"(?:from mlcourse import .*|(?:quiz|practice|explore)\.\w+\([^\n]*\))"
_CALLS = re.compile(rf"(?:\s*{_CALL}\s*(?:\n|$))+")
_DECORATION = re.compile(r"^\s*(#{1,6} .*|```.*|\|[\s:|-]+\|)\s*$", re.MULTILINE)


def _words(kind: str, source: str) -> str:
    if kind == "markdown":
        source = unmarked(_DECORATION.sub("", source).replace("|", " ").replace("$", ""))
    elif _CALLS.fullmatch(source):
        return ""
    return " ".join(source.split())


def entries(lessons: Iterable[Lesson]) -> list[dict[str, str]]:
    """Return the sections in the order of the course, each with its address, page, title and text."""
    made: list[dict[str, str]] = []
    for lesson in lessons:
        made.append({"url": lesson.page, "page": lesson.title, "title": lesson.title, "text": ""})
        for cell in lesson.cells:
            found = headings(cell["source"]) if cell["cell_type"] == "markdown" else []
            if found and found[0][0] > 1:
                address = f"{lesson.page}#{cell['id']}"
                title = " · ".join(title for _, title in found)
                made.append({"url": address, "page": lesson.title, "title": title, "text": ""})
            text = _words(cell["cell_type"], cell["source"])
            made[-1]["text"] = f"{made[-1]['text']} {text}".strip()
    return made


def script(lessons: Iterable[Lesson]) -> str:
    """Return the index as a script: a page that is opened from a disk may not fetch JSON."""
    rows = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries(lessons))
    return f"globalThis.mlcourseSearch = [\n{rows}\n];\n"
