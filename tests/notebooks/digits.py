"""A lesson shows the same digits on another kind of processor: other sums, other threads.

oneDNN changes the order in which TensorFlow adds numbers, as another CPU would, and a
single thread does so in another way. nbval compares the course's own setting.

Two files test half of the lessons each, since the tests run in two processes, a file in one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from nbclient import NotebookClient

from tests.notebooks.lessons import PATHS, read, shown

if TYPE_CHECKING:
    from pathlib import Path

ANOTHER_MACHINE = {
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


def half(which: int) -> pytest.MarkDecorator:
    """Return the mark that runs a test for every second lesson, from the first (0) or the second (1)."""
    paths = PATHS[which::2]
    return pytest.mark.parametrize("path", paths, ids=[path.stem for path in paths])


def compare(path: Path, home: Path) -> None:
    """Run a lesson as another machine would, and compare what it shows with what is committed."""
    committed = read(path)
    notebook = read(path)
    environment = os.environ | ANOTHER_MACHINE | {"MLCOURSE_HOME": str(home)}
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env=environment)
    for before, after in zip(committed.cells, notebook.cells, strict=True):
        if before.cell_type == "code":
            assert shown(after) == shown(before), before.id
