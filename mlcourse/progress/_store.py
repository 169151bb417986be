"""The SQLite file behind the record: each answer durable before the call returns.

Why it is used as it is:

- **Rollback journal, not WAL.** WAL needs memory shared between all readers
  and writers, which a network file system does not give, and homes on a
  JupyterHub are often on NFS (https://www.sqlite.org/wal.html, "WAL does not
  work over a network filesystem"). The journal is truncated rather than
  deleted: no directory to update, and none of NFS's `.nfs…` leftovers.
- **synchronous=FULL** syncs the journal, the file, and (in this mode) the
  truncation, so an acknowledged answer survives a power cut.
- **BEGIN IMMEDIATE** takes the write lock first. A transaction that began by
  reading could not wait for the lock; SQLite would refuse it at once.
- **A connection for each operation.** It costs about a third of a
  millisecond beside the syncs, and there is nothing for a forked kernel to
  inherit, nothing shared between threads, and no handle on a file that
  another kernel has meanwhile set aside.
- The file is opened through SQLite only. Closing any other handle on it would
  drop this process's POSIX locks (https://www.sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import json
import math
import os
import random
import sqlite3
import threading
import time
from contextlib import closing, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from mlcourse.progress import _schema
from mlcourse.progress._answer import Answer, stamp, written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

FILE: Final = "record.sqlite3"
PATIENCE: Final = 20.0
"""Seconds to wait while other kernels write."""

_BREATH: Final = 0.01
"""Seconds within which a second write pauses, so that a kernel writing in a loop lets the others in."""

LOCK: Final = threading.RLock()
"""One operation at a time in this process."""

if hasattr(os, "register_at_fork"):
    # A fork in the middle of another thread's transaction would leave the child
    # believing in locks that it does not hold. Fork between transactions.
    os.register_at_fork(before=LOCK.acquire, after_in_parent=LOCK.release, after_in_child=LOCK.release)

_COLUMNS = "id, item_id, kind, chapter, mode, score, answer, misconception, answered"
_INSERT = f"INSERT OR IGNORE INTO answers ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_SELECT = f"SELECT {_COLUMNS} FROM answers"  # noqa: S608 - no input in it


class StoreFault(Exception):  # noqa: N818 - caught by the record, never seen by the student
    """The file cannot be used; `str()` of it is a sentence for the student."""


class Store:
    """One record's file in the folder `home`.

    Each method opens, works and closes, and raises `StoreFault` when the
    disk does not let it. `notices` collects what the student must be told
    although the work was done.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.path = home / FILE
        self.patience = PATIENCE
        self.notices: list[str] = []
        self._wrote = -math.inf

    def add(self, answers: Sequence[Answer]) -> int:
        """Write answers in one transaction and return how many were not there before."""
        if time.monotonic() - self._wrote < _BREATH:
            time.sleep(_BREATH / 2)
        added = self._run(lambda connection: _insert(connection, answers), write=True)
        self._wrote = time.monotonic()
        return added

    def all(self) -> list[Answer]:
        """Return every answer, in the order of their writing."""
        if not self._there():
            return []
        return self._run(_select, write=False)

    def clear(self, keep: Callable[[list[Answer]], T]) -> tuple[int, T]:
        """Delete every answer once `keep` has saved them, with no other kernel writing in between.

        Whatever `keep` raises leaves the record as it was.
        """

        def job(connection: sqlite3.Connection) -> tuple[int, T]:
            with _Transaction(connection):
                answers = _select(connection)
                kept = keep(answers)
                connection.execute("DELETE FROM answers")
            return len(answers), kept

        return self._run(job, write=True)

    def _there(self) -> bool:
        try:
            return self.path.exists()
        except OSError as error:
            raise self._fault(error) from error

    def _run(self, job: Callable[[sqlite3.Connection], T], *, write: bool) -> T:
        """Do `job` with an open connection; a damaged file is set aside once and the job tried again."""
        with LOCK:
            try:
                try:
                    return self._open_and(job, write=write)
                except sqlite3.DatabaseError as error:
                    if not _damaged(error):
                        raise
                    self._set_aside()
                    return self._open_and(job, write=True)
            except (sqlite3.Error, OSError, _schema.Newer, _schema.Foreign) as error:
                raise self._fault(error) from error

    def _open_and(self, job: Callable[[sqlite3.Connection], T], *, write: bool) -> T:
        if write:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(self._connect(create=write)) as connection:
            if write:
                connection.execute("PRAGMA journal_mode = TRUNCATE").fetchone()
                connection.execute("PRAGMA synchronous = FULL")
            if _schema.version_of(connection) < _schema.VERSION:
                _schema.build(connection)
            return job(connection)

    def _connect(self, *, create: bool) -> sqlite3.Connection:
        # mode=rw still opens a file that may only be read, and undoes what a killed kernel left half-written.
        address = f"{self.path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
        connection = sqlite3.connect(address, uri=True, timeout=self.patience, isolation_level=None)
        # Bytes that are no text, in a file that lived through a fault, must not hide the other answers.
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        return connection

    def _set_aside(self) -> None:
        """Give the damaged file another name, keep what can still be read, and begin a new one.

        Several kernels may find the damage at once. A second, empty database
        serves as a lock that works on every system and is freed when its
        holder dies; whoever gets it second finds a sound file.
        """
        with closing(
            sqlite3.connect(self.home / "record.lock", timeout=self.patience, isolation_level=None)
        ) as mutex:
            mutex.execute("BEGIN EXCLUSIVE")
            if self._there() and not self._sound():
                aside = self._rename()
                saved = _salvage(aside)
                if saved:
                    self._open_and(lambda connection: _insert(connection, saved), write=True)
                kept = (
                    f" {len(saved)} answers in it could still be read and were kept."
                    if saved
                    else " No answer in it could be read."
                )
                self.notices.append(
                    "The file with your answers was damaged. It was set aside as "
                    f"{aside.name} in {shown_path(self.home)}, and a new one was begun.{kept}"
                )
            mutex.execute("ROLLBACK")

    def _sound(self) -> bool:
        try:
            with closing(self._connect(create=False)) as connection:
                return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
        except sqlite3.DatabaseError as error:
            if _damaged(error):
                return False
            raise

    def _rename(self) -> Path:
        """Move the file and SQLite's companions to a free name; nothing is overwritten or deleted."""
        moment = datetime.now(timezone.utc).strftime("%Y-%m-%d-%H%M%S")
        aside = self.home / f"record-damaged-{moment}.sqlite3"
        n = 1
        while aside.exists():
            n += 1
            aside = self.home / f"record-damaged-{moment}-{n}.sqlite3"
        for companion in ("-journal", "-wal", "-shm"):
            # An old journal beside a new file would be played back into it.
            with suppress(FileNotFoundError):
                Path(f"{self.path}{companion}").rename(f"{aside}{companion}")
        self.path.rename(aside)
        return aside

    def _fault(self, error: Exception) -> StoreFault:
        """Say what is wrong, in a sentence for the student."""
        where = shown_path(self.home)
        if isinstance(error, _schema.Newer):
            return StoreFault(
                f"The file with your answers in {where} was written by a newer version of the course "
                f"(layout {error}; this version knows up to {_schema.VERSION}); it is left as it is. "
                "Update the course to go on with it."
            )
        if isinstance(error, _schema.Foreign):
            return StoreFault(
                f"The file {FILE} in {where} is another program's database; it is left as it is. "
                "Set MLCOURSE_HOME to a folder of its own."
            )
        text = str(error).lower()
        if "full" in text or getattr(error, "errno", None) in _NO_ROOM:
            return StoreFault(f"The disk that holds {where} is full, so your answers cannot be written.")
        if "locked" in text or "busy" in text:
            return StoreFault(
                f"The file with your answers in {where} has been in use by another program for too long."
            )
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        return StoreFault(f"Your answers cannot be written to {where} ({reason}).")


_NO_ROOM = {28, 122}  # ENOSPC, EDQUOT


class _Transaction:
    """Take the write lock at once; commit at the end, roll back on any exception.

    SQLite's own waiting sleeps ever longer, up to a tenth of a second, so a
    kernel that has waited long is overtaken by those that come new: of eight
    that wrote without a pause for 30 s, one waited 13 s. Asking again after a
    short random time, and pausing before a second write at once (`_BREATH`),
    gives each the same chance: the longest wait was 5 s.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __enter__(self) -> None:
        patience = self.connection.execute("PRAGMA busy_timeout").fetchone()[0]
        self.connection.execute("PRAGMA busy_timeout = 0")
        deadline = time.monotonic() + patience / 1000
        while True:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
            time.sleep(random.uniform(0.001, 0.006))  # noqa: S311 - not for secrets
        self.connection.execute(f"PRAGMA busy_timeout = {patience}")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.connection.execute("COMMIT")
        elif self.connection.in_transaction:  # a full disk has rolled back already
            self.connection.execute("ROLLBACK")


def _insert(connection: sqlite3.Connection, answers: Sequence[Answer]) -> int:
    before = connection.total_changes
    with _Transaction(connection):
        connection.executemany(
            _INSERT,
            [
                (
                    a.id,
                    a.item_id,
                    a.kind,
                    a.chapter,
                    a.mode,
                    a.score,
                    written(a.answer),
                    a.misconception,
                    stamp(a.when),
                )
                for a in answers
            ],
        )
    return connection.total_changes - before


def _select(connection: sqlite3.Connection) -> list[Answer]:
    rows = connection.execute(f"{_SELECT} ORDER BY seq")
    return [answer for row in rows if (answer := _answer(row)) is not None]


def _answer(row: tuple[Any, ...]) -> Answer | None:
    """Return a row as an `Answer`; None if what it says cannot be (a file that lived through a fault)."""
    try:
        identity, item, kind, chapter, mode, score, answer, misconception, answered = row
        real = float(score)
        if not math.isfinite(real):
            return None
        return Answer(
            id=identity,
            item_id=item,
            kind=kind,
            chapter=chapter,
            mode=mode,
            score=real,
            answer=None if answer is None else json.loads(answer),
            misconception=misconception,
            when=datetime.fromisoformat(answered).astimezone(timezone.utc),
        )
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None


def _salvage(path: Path) -> list[Answer]:
    """Read the answers of a damaged file as far as they can be read."""
    found: list[Answer] = []
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as c,
    ):
        for row in c.execute(_SELECT):
            answer = _answer(row)
            if answer is not None:
                found.append(answer)
    return found


def _damaged(error: sqlite3.DatabaseError) -> bool:
    # By message: Python 3.10 has no sqlite_errorcode. The texts are SQLite's own and stable.
    return any(text in str(error) for text in ("not a database", "malformed", "unsupported file format"))


def shown_path(path: Path) -> str:
    """Write a path for the student, the home folder as `~`."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
