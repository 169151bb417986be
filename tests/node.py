"""Runs the course's ES modules under node, so that what the browser computes is compared with Python."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).parents[1] / "mlcourse" / "static"


def node() -> str:
    """Return node's path; without one the test is skipped with the reason, and fails where CI is set."""
    found = shutil.which("node")
    if found is None:
        reason = "no node found: install Node.js to compare what the browser computes with Python"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return found


def in_node(module: str, program: str, given: object) -> Any:
    """Return what a program returns that knows `module` (a file of `static/`) and `given` (sent as JSON)."""
    text = f"""
import {{ readFileSync }} from "node:fs";
import * as module from {json.dumps((STATIC / module).as_uri())};
const given = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify((() => {{ {program} }})()));
"""
    done = subprocess.run(
        [node(), "--input-type=module", "-e", text],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
