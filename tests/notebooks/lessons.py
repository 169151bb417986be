"""The committed lessons, as the tests read them."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
PATHS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
NAMES = [path.stem for path in PATHS]


def _left_out() -> list[tuple[str, str]]:
    config = configparser.ConfigParser(interpolation=None)
    config.read(Path(__file__).with_name("sanitize.cfg"), encoding="utf-8")
    return [(config[name]["regex"], config[name]["replace"]) for name in config.sections()]


LEFT_OUT = _left_out()


def read(path: Path) -> nbformat.NotebookNode:
    """Read a lesson; an invalid notebook is an error."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def shown(cell: nbformat.NotebookNode) -> dict[str, str]:
    """Return what a code cell shows, by MIME type, without what sanitize.cfg leaves out and stderr."""
    found: dict[str, str] = {}
    for output in cell.outputs:
        if output.get("name") == "stderr":
            continue
        parts = (
            {"stream": output.get("text", "")} if output.output_type == "stream" else output.get("data", {})
        )
        for kind, value in parts.items():
            if not kind.startswith(("image/", "application/vnd.jupyter.widget")):
                text = str(value)
                for regex, replace in LEFT_OUT:
                    text = re.sub(regex, replace, text)
                found[kind] = found.get(kind, "") + text
    return found
