"""Run lessons from a fresh kernel, top to bottom, and write them in the form that is committed."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@dataclass(frozen=True)
class Run:
    """What one execution of a lesson took, and what is left to mend."""

    path: Path
    seconds: float
    peak_mb: float | None
    problems: tuple[str, ...]


def run(path: Path, *, write: bool = True, timeout: int = 600) -> Run:
    """Execute one notebook in its own kernel and write it back, cleaned.

    Parameters
    ----------
    path
        The `.ipynb` file. Cell ids, sources and tags are kept.
    write
        Whether the file is written; it never is while something is left to mend
        that a reader would see.
    timeout
        Seconds that one cell may take.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    from mlcourse._lessons.clean import clean

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
    )
    start = time.perf_counter()
    peak = None
    failure = None
    # A lesson is committed as a student sees it who has answered nothing yet, not with its author's record.
    # The kernel's own log is for whoever debugs Jupyter; what a cell prints comes another way.
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as nothing_yet,
        client.setup_kernel(stderr=subprocess.DEVNULL, env=os.environ | {"MLCOURSE_HOME": nothing_yet}),
    ):
        try:
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
        except CellExecutionError as error:
            failure = str(error).strip().splitlines()[-1]
        seconds = time.perf_counter() - start
        peak = _peak_mb(client)
    problems = clean(notebook)
    if failure and not problems:
        problems.append(failure)
    if write and not problems:
        nbformat.write(notebook, path)
    return Run(path, seconds, peak, tuple(problems))


def _peak_mb(client: NotebookClient) -> float | None:
    """Return the most memory the kernel ever held, in MB (Linux tells; elsewhere None)."""
    pid = getattr(client.km.provisioner, "pid", None) if client.km else None
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else None


def main(argv: Sequence[str]) -> int:
    """Run `python -m mlcourse refresh`: the named lessons, or all of them."""
    parser = argparse.ArgumentParser(
        prog="python -m mlcourse refresh",
        description="Run lessons from a fresh kernel and write their outputs in the form that is committed.",
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: every lesson in notebooks/")
    parser.add_argument("--dry-run", action="store_true", help="run and report, but write nothing")
    options = parser.parse_args(argv)
    paths = options.notebooks or sorted(NOTEBOOKS.rglob("*.ipynb"))
    missing = [p for p in paths if not p.is_file()]
    if missing:
        sys.stderr.write(f"There is no notebook {missing[0]}. The lessons are in {NOTEBOOKS.name}/.\n")
        return 2
    failed = 0
    for path in paths:
        sys.stdout.write(f"{path.name:40} ")
        sys.stdout.flush()
        done = run(path, write=not options.dry_run)
        memory = "" if done.peak_mb is None else f"{done.peak_mb:6.0f} MB"
        sys.stdout.write(f"{done.seconds:5.1f} s {memory}\n")
        for problem in done.problems:
            sys.stdout.write(f"    not written: {problem}\n")
        failed += bool(done.problems)
    return 1 if failed else 0
