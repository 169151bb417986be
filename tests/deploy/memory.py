"""How much memory a family of processes takes, among others of its kind (PSS), or at most (RSS)."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from typing_extensions import Self


def megabytes(process: psutil.Process) -> float:
    """Return what a process takes: its share of shared pages where the system tells it, else all of them."""
    told = process.memory_full_info()
    return float(getattr(told, "pss", 0) or told.rss) / 1e6


def family(pid: int) -> list[psutil.Process]:
    """Return a process and all that it has started, those that go away left out."""
    with contextlib.suppress(psutil.NoSuchProcess):
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    return []


def used(pid: int) -> float:
    """Return the megabytes that a process and all it has started take now."""
    total = 0.0
    for process in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            total += megabytes(process)
    return total


def resident(pid: int) -> float:
    """Return the most megabytes it can be: every page in full, as if nobody else here had mapped it."""
    total = 0.0
    for process in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            total += process.memory_info().rss / 1e6
    return total


class Peak:
    """Look every quarter of a second; `.megabytes` is the most that was seen, as in a container, alone."""

    def __init__(self, pid: int) -> None:
        self.pid, self.megabytes = pid, 0.0
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._done.wait(0.25):
            self.megabytes = max(self.megabytes, resident(self.pid))

    def __enter__(self) -> Self:
        """Begin to look."""
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop looking."""
        self._done.set()
        self._watch.join()
