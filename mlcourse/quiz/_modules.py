"""Joins ES modules into one text, because anywidget takes a widget's module as a text that imports nothing.

The files in `static/` are ordinary modules: node tests them, and a page that
is served mounts them as they are. Here their imports of each other are
resolved by writing the imported file above the importing one.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parents[1] / "static"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?(function|const|class)\b)", re.MULTILINE)


def _inlined(path: Path, seen: set[Path], *, outermost: bool) -> str:
    if path in seen:
        return ""
    seen.add(path)
    source = path.read_text(encoding="utf-8")
    above = "".join(_inlined(path.parent / name, seen, outermost=False) for name in _IMPORT.findall(source))
    own = _IMPORT.sub("", source)
    return above + (own if outermost else _EXPORT.sub("", own)) + "\n"


@cache
def bundle(name: str, folder: Path = STATIC) -> str:
    """Return the module `name` with everything it imports from the same folder.

    The files must not use the same top-level name twice; node's syntax check
    in the tests finds it if they do.
    """
    return _inlined(folder / name, set(), outermost=True)


@cache
def styles(*names: str) -> str:
    """Return style sheets of the folder as one text."""
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in names)
