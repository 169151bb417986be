"""A lesson shows the same digits on another kind of processor: other sums, other threads.

oneDNN changes the order in which TensorFlow adds numbers, as another CPU would, and a
single thread does so in another way. nbval compares the course's own setting.
"""

from __future__ import annotations

import os

import pytest
from nbclient import NotebookClient

from tests.notebooks.lessons import NAMES, PATHS, read, shown

ANOTHER_MACHINE = {
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_another_machine_shows_the_same(path, tmp_path):
    committed = read(path)
    notebook = read(path)
    environment = os.environ | ANOTHER_MACHINE | {"MLCOURSE_HOME": str(tmp_path)}
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env=environment)
    for before, after in zip(committed.cells, notebook.cells, strict=True):
        if before.cell_type == "code":
            assert shown(after) == shown(before), before.id
