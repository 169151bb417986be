"""Write the reference page of the package, `docs/reference.md`, from its docstrings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = Path(__file__).parents[2] / "docs" / "reference.md"
PARTS = (
    "datasets",
    "trace",
    "doctor",
    "plots",
    "quiz",
    "practice",
    "explore",
    "course",
    "progress",
    "environment",
)
HEAD = """# Reference

What the package offers, part by part. This page is made from the docstrings by
`python3 -m mlcourse reference`; do not edit it.

"""


def page() -> str:
    """Return the reference page, Markdown."""
    import griffe
    from griffe2md import default_config, render_object_docs

    config = default_config | {
        "docstring_style": "numpy",
        "heading_level": 2,
        "show_submodules": False,
        "summary": False,
    }
    parts = []
    for part in PARTS:
        loaded = griffe.load(
            f"mlcourse.{part}", docstring_parser="numpy", search_paths=[PAGE.parents[1]], resolve_aliases=True
        )
        parts.append(render_object_docs(loaded, config=config))
    lines = (line.rstrip() for line in "\n".join(parts).splitlines())
    return HEAD + "\n".join(lines).strip() + "\n"


def main(argv: Sequence[str]) -> int:
    """Run `python -m mlcourse reference`."""
    if argv:
        sys.stdout.write("python -m mlcourse reference: write docs/reference.md from the docstrings\n")
        return 0 if set(argv) <= {"-h", "--help"} else 2
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"Wrote {PAGE.parent.name}/{PAGE.name}.\n")
    return 0
