"""JupyterLab's settings for the course, written into the environment it runs in.

`python -m mlcourse._cli.settings` writes them for the Python that runs it;
Binder is built that way.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

OVERRIDES = {
    # No question about news on the first start, and nothing sent anywhere.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # A quiz keeps the student's choice when the page is loaded again.
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}


def write(prefix: Path) -> Path:
    """Write the settings below an environment's `prefix`, if they are not there; return the file."""
    path = prefix / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    text = json.dumps(OVERRIDES, indent=2) + "\n"
    if not path.is_file() or path.read_text("utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return path


if __name__ == "__main__":
    write(Path(sys.prefix))
