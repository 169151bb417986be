"""A class in a JupyterHub: what a student takes, and from it the machines for 30, 300 and 3000.

Run from the repository's folder: python -m benchmarks.jupyterhub [COUNT]
"""

from __future__ import annotations

import math
import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.deploy import hub, memory, school_class

if TYPE_CHECKING:
    from tests.deploy.school_class import Seat

CORES, GIGABYTES, SPARE = (
    16,
    64,
    4,
)  # a machine of the size clouds sell most; what its system keeps for itself
PATIENCE = 60  # s; a whole class presses Run at once, and the last one sees the first output after so long
STUDY = 45 * 60  # s; a lesson's minutes, over which its computing is spread


def sizes(megabytes: float, first: float, whole: float) -> None:
    """Print what a class needs, from one student's MB and processor seconds: to the first output, in all."""
    guarantee = float(hub.VALUES["singleuser"]["memory"]["guarantee"].removesuffix("G"))
    heads = ["students at once", "memory used, GB", "memory guaranteed, GB"]
    heads += [f"cores, all start within {PATIENCE} s", "cores, spread over a lesson"]
    print(f"\n| {' | '.join([*heads, f'machines of {CORES} cores, {GIGABYTES} GB'])} |")
    print("|---|---|---|---|---|---|")
    for students in (30, 300, 3000):
        rush, calm = students * first / PATIENCE, students * whole / STUDY
        machines = max(students * guarantee / (GIGABYTES - SPARE), rush / CORES)
        print(
            f"| {students} | {students * megabytes / 1000:.0f} | {students * guarantee:.0f} "
            f"| {math.ceil(rush)} | {math.ceil(calm)} | {math.ceil(machines)} |"
        )


def report(seats: list[Seat]) -> None:
    """Print what each student has taken."""
    took = [seat.megabytes() for seat in seats]
    rows = {
        "server and kernel, MB": took,
        "login to a ready server, s": [seat.server_seconds for seat in seats],
        "notebook opened to first output, s": [seat.first_seconds for seat in seats],
        "processor to first output, s": [seat.first_processor_seconds for seat in seats],
        "whole lesson, s": [seat.lesson.whole for seat in seats],
        "processor for all of it, s": [seat.processor_seconds for seat in seats],
    }
    print(f"\n| {len(seats)} students, {school_class.AT_ONCE} at a time | median | largest |\n|---|---|---|")
    for name, values in rows.items():
        print(f"| {name} | {median(values):.1f} | {max(values):.1f} |")
    processor = rows["processor to first output, s"], rows["processor for all of it, s"]
    sizes(max(took), *(median(values) for values in processor))


def main() -> None:
    """Start the hub, let the class run the first lesson, print."""
    names = school_class.NAMES[: int(sys.argv[1])] if sys.argv[1:] else school_class.NAMES
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="hub-") as scratch:
        hub.install_proxy(Path(scratch))
        with hub.running(Path(scratch)) as started:
            seats = school_class.gather(started, names)
            print(f"hub and proxy: {memory.used(started.pid) - sum(s.megabytes() for s in seats):.0f} MB")
            report(seats)


if __name__ == "__main__":
    main()
