"""The committed lessons, as the tests read them."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
PATHS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
NAMES = [path.stem for path in PATHS]


def read(path: Path) -> nbformat.NotebookNode:
    """Read a lesson; an invalid notebook is an error."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def shown(cell: nbformat.NotebookNode) -> dict[str, str]:
    """Return what a code cell shows, by MIME type, without the pixels of pictures and without stderr."""
    found: dict[str, str] = {}
    for output in cell.outputs:
        if output.get("name") == "stderr":
            continue
        parts = (
            {"stream": output.get("text", "")} if output.output_type == "stream" else output.get("data", {})
        )
        for kind, value in parts.items():
            if not kind.startswith(("image/", "application/vnd.jupyter.widget")):
                pictureless = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "", str(value))
                found[kind] = found.get(kind, "") + pictureless
    return found
