"""The course itself, as data: its lessons and their sections, read from the notebooks, and ways to choose.

`lessons()` reads, `choose()` shows what to learn next by mode, topic, minutes
or what is due, `path()` shows the way that the entry test advises.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlcourse.course._plans import Path, Plan, Step, fitting, suggest
    from mlcourse.course._read import Course, Lesson, Section, lessons
    from mlcourse.course._show import choose, path

__all__ = [
    "Course",
    "Lesson",
    "Path",
    "Plan",
    "Section",
    "Step",
    "choose",
    "fitting",
    "lessons",
    "path",
    "suggest",
]

_HOME = {
    "Course": "_read",
    "Lesson": "_read",
    "Section": "_read",
    "lessons": "_read",
    "Path": "_plans",
    "Plan": "_plans",
    "Step": "_plans",
    "fitting": "_plans",
    "suggest": "_plans",
    "choose": "_show",
    "path": "_show",
}


def __getattr__(name: str) -> Any:
    """Import a part when it is first asked for (PEP 562)."""
    if name in _HOME:
        value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value  # the next look-up does not come here
        return value
    raise AttributeError(f"module 'mlcourse.course' has no {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
