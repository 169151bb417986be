"""The site's scripts and style sheets, made from `mlcourse/static` without another tool.

Each module becomes one classic script with what it imports inside, so that a
page loads few files, any web server will do, and the site also works when it
is opened from a disk, where browsers load no modules.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlcourse.quiz._modules import STATIC, bundle, styles

if TYPE_CHECKING:
    from collections.abc import Iterable

_EXPORT = re.compile(r"^export (?=(async )?(function|const|class)\b)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_SHEETS = ("base.css", "quiz.css", "practice.css", "challenge.css", "explore.css")
OWN = ("site_theme.mjs", "site.mjs")


def script_name(module: str) -> str:
    """Return the file name of a module's script."""
    return module.removesuffix(".mjs") + ".js"


def script(module: str) -> str:
    """Return a module as a classic script, which puts its default export into `mlcourseModules`."""
    source = _EXPORT.sub("", bundle(module))
    inner, count = _DEFAULT.subn("const asModule = ", source)
    if count:
        inner += '(globalThis.mlcourseModules ??= {})["' + module + '"] = { default: asModule };\n'
    return f'(() => {{\n"use strict";\n{inner}}})();\n'


def sheet() -> str:
    """Return the style sheet of all elements and views."""
    known = [name for name in _SHEETS if (STATIC / name).is_file()]
    others = sorted(path.name for path in STATIC.glob("*.css") if path.name not in known)
    return styles(*known, *others)


def known(modules: Iterable[str]) -> list[str]:
    """Return the modules that exist, in order; a lesson may have been run with an older course."""
    return [module for module in sorted(set(modules)) if (STATIC / module).is_file()]
