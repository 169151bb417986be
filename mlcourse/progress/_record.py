"""The record in use: the file while the disk lets us, memory when it does not, and saying so once."""

from __future__ import annotations

import atexit
import os
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from mlcourse.progress._store import LOCK, PATIENCE, Store, StoreFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlcourse.progress._answer import Answer

T = TypeVar("T")

_IMPATIENT: Final = 1.0
"""Seconds to wait for a file that has already kept one answer waiting in vain."""
_MEMORY = (
    " They are kept in memory until this kernel stops, and writing them is tried again with each new answer. "
    'To keep them in any case: progress.export("my-answers.json").'
)


class RecordWarning(UserWarning):
    """The record of answers is not, or not only, where the student expects it."""


class Record:
    """Answers on disk and those that still wait in memory for the disk to take them."""

    def __init__(self, home: Path) -> None:
        self.store = Store(home)
        self.waiting: list[Answer] = []
        self.fault: str | None = None
        self.events: list[str] = []
        self._said: set[str] = set()

    def add(self, answers: Sequence[Answer]) -> int:
        """Keep answers, on disk or else in memory; return how many were new. No disk fault is raised."""
        with LOCK:
            before = {a.id for a in self.waiting}
            fresh = [a for a in answers if a.id not in before]
            self.waiting.extend(fresh)
            added = self._try(lambda: self.store.add(self.waiting))
            if added is None:
                return len(fresh)
            self.waiting.clear()
            self._well()
            return added - len(before)

    def all(self) -> list[Answer]:
        """Return every answer that can be had."""
        with LOCK:
            stored = self._try(self.store.all)
            if stored is not None and not self.waiting:
                self._well()
            known = {a.id for a in stored or ()}
            return [*(stored or ()), *(a for a in self.waiting if a.id not in known)]

    def clear(self, keep: Callable[[list[Answer]], T]) -> tuple[int, T]:
        """Delete every answer once `keep` has saved them; raises `StoreFault` when that cannot be done."""
        with LOCK:
            if self.waiting:
                self.store.add(self.waiting)
                self.waiting.clear()
            return self.store.clear(keep)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the student should know about where the answers are; empty when all is well."""
        return (*self.events, *((self.fault,) if self.fault else ()))

    def _try(self, job: Callable[[], T]) -> T | None:
        """Do a piece of work on the file; None, and a word to the student, if the disk does not let us."""
        try:
            done = job()
        except StoreFault as fault:
            self.fault = f"{fault}{_MEMORY}"
            self.store.patience = _IMPATIENT
            done = None
        events, self.store.notices = self.store.notices, []
        self.events.extend(events)
        for notice in (*events, *((self.fault,) if self.fault else ())):
            self._say_once(notice)
        return done

    def _well(self) -> None:
        """Note that the disk works and nothing waits for it."""
        if self.fault:
            self.fault = None
            self.store.patience = PATIENCE

    def _say_once(self, notice: str) -> None:
        if notice in self._said:
            return
        self._said.add(notice)
        # Where warnings are errors, this one is not raised: recording must not stop the lesson.
        with suppress(RecordWarning):
            # A file name of ours and a line of code would tell the student nothing.
            warnings.warn_explicit(notice, RecordWarning, "mlcourse.progress", 1, registry={})


def home() -> Path:
    """Return the folder of the record: `MLCOURSE_HOME`, else the user's data folder."""
    return _home(os.environ.get("MLCOURSE_HOME", ""))


@cache  # a relative folder means the one it was first used from, wherever the notebook moves later
def _home(override: str) -> Path:
    if override.strip():
        return Path(override).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("mlcourse", appauthor=False))


_records: dict[Path, Record] = {}


def current() -> Record:
    """Return the record of the present home, the same object each time."""
    with LOCK:
        here = home()
        if here not in _records:
            _records[here] = Record(here)
        return _records[here]


@atexit.register
def _last_try(*_: Any) -> None:
    """Give the disk one more chance when the kernel stops."""
    for record in _records.values():
        if record.waiting:
            record.store.patience = PATIENCE
            record.add(())
