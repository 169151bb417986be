"""A figure in a real kernel: shown once, alt text kept in a static page, the same for nbval elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

HISTORY = '{"loss": [0.65, 0.48, 0.39, 0.33, 0.30], "val_loss": [0.6, 0.5, 0.45, 0.49, 0.55]}'
LOSS = (
    "Loss falls from 0.65 to 0.30 over 5 epochs; validation loss turns up after epoch 3:"
    " lowest 0.45 there, 0.55 at the end."
)
CELLS = {
    "before pyplot": f"from mlcourse import plots\nplots.curves({HISTORY})",
    "own axes, last": (
        f"import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nplots.curves({HISTORY}, ax=ax)"
    ),
    "own axes, not last": f"fig, ax = plt.subplots()\nplots.curves({HISTORY}, ax=ax);",
    "after pyplot": f"plots.curves({HISTORY})",
    "by display": f"figure = plots.curves({HISTORY})\ndisplay(figure)",
}
# What a run with --nbval-sanitize-with needs: a picture's bytes differ between machines, its words do not.
SANITIZE = "[pictures]\nregex: data:image/png;base64,[A-Za-z0-9+/=]+\nreplace: data:image/png;base64,\n"


@pytest.fixture(scope="module")
def notebook():
    made = nbformat.v4.new_notebook()
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made.cells = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    NotebookClient(made, timeout=120).execute()
    return made


@pytest.mark.parametrize("cell", CELLS)
def test_a_figure_is_shown_once_and_says_what_it_shows(notebook, cell):
    (output,) = notebook.cells[list(CELLS).index(cell)].outputs
    assert output["data"]["text/plain"] == f"Figure: {LOSS}"
    assert f'alt="{LOSS}"' in output["data"]["text/html"]
    assert output["metadata"]["image/png"]["alt"] == LOSS


def test_a_static_page_keeps_the_alt_text(notebook):
    page, _ = HTMLExporter(embed_images=True).from_notebook_node(notebook)
    found = re.findall(r"<img[^>]*>", page)
    assert len(found) == len(CELLS)
    assert all(f'alt="{LOSS}"' in image for image in found)


def test_nbval_compares_the_words_and_not_the_pixels(notebook, tmp_path):
    first = nbformat.writes(nbformat.from_dict({**notebook, "cells": notebook.cells[:1]}))
    # Another machine draws other pixels; that must pass. Other words are another result; that must fail.
    elsewhere = re.sub(r"(base64,[A-Za-z0-9+/]{2000})....", r"\1AAAA", first)
    changed = first.replace("falls from 0.65", "falls from 0.66")
    assert len({first, elsewhere, changed}) == 3
    cells = [nbformat.reads(text, 4).cells[0] for text in (elsewhere, changed)]
    cells[1].id = "another"
    nbformat.write(nbformat.from_dict({**notebook, "cells": cells}), tmp_path / "lesson.ipynb")
    (tmp_path / "sanitize.cfg").write_text(SANITIZE, encoding="utf-8")
    options = ["--nbval", "--nbval-current-env", "--nbval-sanitize-with=sanitize.cfg"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "lesson.ipynb", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 1 passed" in done.stdout, done.stdout[-2000:]
    assert "Cell 1" in done.stdout
