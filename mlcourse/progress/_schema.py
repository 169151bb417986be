"""The layout of the record's database, and the steps from each older layout to the present one.

A new record is made by the same steps, so each step runs on every machine
and the tests can make a true record of any older version.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

#: "mlcr" in SQLite's file header: tells our file from another program's.
APPLICATION: Final = 0x6D6C6372


class Newer(Exception):  # noqa: N818 - a finding, not an error: the file is sound
    """The record was written by a newer version of the course."""


class Foreign(Exception):  # noqa: N818
    """The database belongs to another program."""


def _answers(connection: sqlite3.Connection) -> None:
    """Version 1: one row an answer."""
    connection.execute(
        """
        CREATE TABLE answers (
            seq INTEGER PRIMARY KEY,
            item_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            chapter TEXT NOT NULL,
            mode TEXT NOT NULL,
            score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
            answer TEXT,
            answered TEXT NOT NULL
        )
        """
    )


def _identity(connection: sqlite3.Connection) -> None:
    """Version 2: each answer has a UUID, so that records can be merged, and may name a misconception.

    The UUID of an old answer is computed from what it says: two copies of one
    old record, each migrated on its own machine, still merge without doubles.
    """
    connection.execute("ALTER TABLE answers ADD COLUMN misconception TEXT")
    connection.execute("ALTER TABLE answers ADD COLUMN id TEXT NOT NULL DEFAULT ''")
    old = connection.execute("SELECT seq, item_id, kind, score, answer, answered FROM answers").fetchall()
    connection.executemany(
        "UPDATE answers SET id = ? WHERE seq = ?",
        [(str(uuid.uuid5(uuid.NAMESPACE_OID, repr(row))), row[0]) for row in old],
    )
    connection.execute("CREATE UNIQUE INDEX answers_id ON answers (id)")


#: Step k leads from version k to version k + 1. Append; never change one that was released.
STEPS: Final[tuple[Callable[[sqlite3.Connection], None], ...]] = (_answers, _identity)
VERSION: Final = len(STEPS)


def version_of(connection: sqlite3.Connection) -> int:
    """Return the layout's version; 0 for an empty file.

    Raises
    ------
    Newer
        If this version of the course does not know the layout.
    Foreign
        If another program made the database.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if application != APPLICATION:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application or version or tables:
            raise Foreign
    elif version > VERSION:
        raise Newer(version)
    return version


def build(connection: sqlite3.Connection, version: int = VERSION) -> None:
    """Bring the database up to `version`, in one transaction: all of it or nothing.

    Two kernels may start at once: the one that gets the write lock second
    looks again and finds nothing left to do.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS[version_of(connection) : version]:
            step(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
