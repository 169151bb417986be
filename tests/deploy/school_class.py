"""A class in one hub: everyone logs in, opens the first lesson and runs it, a few at a time."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import psutil

from tests.deploy import kernels, memory
from tests.deploy.hub import ROOT
from tests.notebooks.lessons import read

if TYPE_CHECKING:
    from tests.deploy.hub import Hub, Student
    from tests.deploy.kernels import Kernel, Lesson

LESSON = "notebooks/01_the_whole_pipeline.ipynb"
NAMES = ("ada", "ben", "cleo", "dan", "eva", "finn", "gita", "hugo")
AT_ONCE = max(2, os.cpu_count() or 2)
_WHERE = "import os; print(os.getpid(), os.getppid(), os.environ['MLCOURSE_HOME'], os.getcwd())"


@dataclass(frozen=True)
class Seat:
    """A student at work: the open lesson, how its run went, and what it has taken.

    `server_seconds` is from the login form to a server that is ready, `first_seconds` from then on to the
    first output of the lesson, its kernel's start included. Processor seconds are what server and kernel have
    used until then, and until the lesson's end.
    """

    student: Student
    kernel: Kernel
    lesson: Lesson
    kernel_pid: int
    server_pid: int
    record: str
    folder: str
    server_seconds: float
    first_seconds: float
    first_processor_seconds: float
    processor_seconds: float

    def megabytes(self) -> float:
        """Return what the student's server and kernel take now."""
        return memory.used(self.server_pid)


def sit_down(hub: Hub, name: str) -> Seat:
    """Log in, open the first lesson, run it; leave its kernel running."""
    began = perf_counter()
    student = hub.log_in(name)
    ready = perf_counter()
    kernel = student.server.open(f"mlcourse/{LESSON}")
    pid, server_pid, record, folder = kernel.run(_WHERE).shown["stream"].split()
    started = perf_counter()
    costs: list[float] = []
    lesson = kernels.run_lesson(kernel, read(ROOT / LESSON), lambda: costs.append(_cost(int(server_pid))))
    return Seat(
        student,
        kernel,
        lesson,
        int(pid),
        int(server_pid),
        record,
        folder,
        server_seconds=ready - began,
        first_seconds=started - ready + lesson.first_output,
        first_processor_seconds=costs[0],
        processor_seconds=_cost(int(server_pid)),
    )


def _cost(pid: int) -> float:
    """Return the processor seconds that a process and all it has started have used."""
    times = [process.cpu_times() for process in memory.family(pid)]
    return sum(one.user + one.system for one in times)


def gather(hub: Hub, names: tuple[str, ...] = NAMES) -> list[Seat]:
    """Let everyone sit down, as many at a time as this machine has cores for."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda name: sit_down(hub, name), names))


def end(pid: int) -> None:
    """Kill a process, as the system does to a kernel that asks for too much memory."""
    assert pid != os.getpid()
    psutil.Process(pid).kill()
