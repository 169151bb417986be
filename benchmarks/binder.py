"""Binder: what the image's warming is worth to the first cell, and what a server with a lesson takes.

Run from the repository's folder: python -m benchmarks.binder
It makes an environment in a temporary folder, about 2 GB, as tests/deploy/image.py describes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.deploy import binder, image, kernels
from tests.deploy.memory import Peak
from tests.notebooks.lessons import read

LESSON = "notebooks/01_the_whole_pipeline.ipynb"
TRIES = 3
FIGURE = "import matplotlib.pyplot as plt; plt.figure(); plt.title('first')"
POST_BUILD_WARMS = ["-m", "compileall", "-q", "mlcourse"], ["-c", "import matplotlib.font_manager"]


def chill(made: image.Image) -> None:
    """Undo what postBuild has warmed."""
    shutil.rmtree(made.home / ".cache", ignore_errors=True)
    for folder in [*(made.home / "mlcourse").rglob("__pycache__")]:
        shutil.rmtree(folder)


def seconds(made: image.Image, source: str, **variables: str) -> float:
    """Return how long a fresh Python takes for a cell."""
    command = [str(made.prefix / "bin" / "python"), "-c", source]
    began = time.perf_counter()
    subprocess.run(
        command, cwd=made.home, env=made.variables | variables, check=True, capture_output=True, timeout=300
    )
    return time.perf_counter() - began


def warming(made: image.Image, cells: dict[str, str]) -> None:
    """Measure each cell with nothing compiled, as pip leaves it, and after postBuild, in turns."""
    taken: dict[tuple[str, str], list[float]] = {}
    for _ in range(TRIES):
        for cell, source in cells.items():
            with tempfile.TemporaryDirectory() as nowhere:
                chill(made)
                found = seconds(made, source, PYTHONPYCACHEPREFIX=nowhere)
            taken.setdefault((cell, "nothing compiled"), []).append(found)
            chill(made)
            taken.setdefault((cell, "as pip leaves it"), []).append(seconds(made, source))
            for arguments in POST_BUILD_WARMS:
                made.python(*arguments)
            taken.setdefault((cell, "after postBuild"), []).append(seconds(made, source))
    print(f"\n| s, median of {TRIES} | nothing compiled | as pip leaves it | after postBuild | ratio |")
    print("|---|---|---|---|---|")
    for cell in cells:
        none, pip, warm = (
            median(taken[cell, how]) for how in ("nothing compiled", "as pip leaves it", "after postBuild")
        )
        print(f"| {cell} | {none:.1f} | {pip:.1f} | {warm:.1f} | {pip / warm:.2f} |")


def lesson(made: image.Image) -> None:
    """Run the first lesson as Binder serves it."""
    notebook = read(image.ROOT / LESSON)
    with binder.lab(made) as running, Peak(running.pid) as peak:
        began = time.perf_counter()
        kernel = running.server.open(LESSON)
        ready = time.perf_counter() - began
        ran = kernels.run_lesson(kernel, notebook)
    print(
        f"\nserver up after {running.seconds:.1f} s, first output {ready + ran.first_output:.1f} s after the"
    )
    print(
        f"notebook opens, lesson run in {ran.whole:.0f} s; server and kernel at most {peak.megabytes:.0f} MB"
    )


def main() -> None:
    """Replay the build, measure, print."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="binder-") as scratch:
        began = time.perf_counter()
        made = image.build(image.recipe(), Path(scratch))
        print(f"image replayed with uv in {time.perf_counter() - began:.0f} s")
        first = next(cell.source for cell in read(image.ROOT / LESSON).cells if cell.cell_type == "code")
        warming(made, {"lesson 01, first cell": first, "first figure": FIGURE})
        lesson(made)


if __name__ == "__main__":
    main()
