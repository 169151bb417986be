"""The record as a JSON file: to take it home from Binder, to hand it in, to keep before a reset."""

from __future__ import annotations

import json
import os
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlcourse import _errors
from mlcourse._text import count
from mlcourse.progress._answer import Answer, kept, moment, stamp, word

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT: Final = "mlcourse-record"
VERSION: Final = 1
#: A class hands in some hundred kilobytes each; a file beyond this is no record.
LARGEST: Final = 200_000_000


class UnreadableRecord(_errors.InvalidArgument):
    """A file is not an exported record, or is damaged; the message names it and says what is wrong."""


@dataclass(frozen=True)
class Exported:
    """What `export` did."""

    path: str
    n_answers: int

    def __repr__(self) -> str:
        return f"{count(self.n_answers, 'answer')} written to {self.path}"


@dataclass(frozen=True)
class Loaded:
    """What `load` did."""

    path: str
    n_new: int
    n_known: int

    def __repr__(self) -> str:
        known = f" ({self.n_known} were already there)" if self.n_known else ""
        return f"{count(self.n_new, 'answer')} added from {self.path}{known}"


@dataclass(frozen=True)
class Reset:
    """What `reset` did, or would do."""

    n_answers: int
    backup: str | None

    def __repr__(self) -> str:
        if self.backup is None:
            return (
                f"Nothing was deleted. The record holds {count(self.n_answers, 'answer')}; to begin afresh, "
                "call progress.reset(confirm=True), which keeps a copy."
            )
        if not self.n_answers:
            return "The record was empty already."
        return (
            f"{count(self.n_answers, 'answer')} cleared. A copy is kept: progress.load({self.backup!r}) "
            "brings them back."
        )


def dump(answers: Iterable[Answer]) -> str:
    """Return answers as the text of an export."""
    rows = [
        {
            "id": a.id,
            "item_id": a.item_id,
            "kind": a.kind,
            "chapter": a.chapter,
            "mode": a.mode,
            "score": a.score,
            "answer": a.answer,
            "misconception": a.misconception,
            "when": stamp(a.when),
        }
        for a in answers
    ]
    head = f'{{"format": {json.dumps(FORMAT)}, "version": {VERSION}, "answers": ['
    # One answer a line: a teacher can read it, and a text comparison is short.
    body = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"{head}\n{body}\n]}}\n"


def write(path: Path, text: str, *, fresh: bool = False) -> None:
    """Write a whole text file or nothing; see `write_bytes`."""
    write_bytes(path, text.encode(), fresh=fresh)


def write_bytes(path: Path, data: bytes, *, fresh: bool = False) -> None:
    """Write a whole file or nothing, on disk before it has its name.

    Parameters
    ----------
    path
        Where to.
    data
        What.
    fresh
        Refuse to replace a file (`FileExistsError`).
    """
    # Not tempfile's, which only its owner may read: what is handed in, a teacher must be able to open.
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if fresh and path.exists():
            raise FileExistsError(path)  # noqa: TRY301 - the part must go as after any other fault
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def export(path: str | os.PathLike[str], answers: list[Answer]) -> Exported:
    """Write answers to a JSON file; an earlier export is replaced, any other file is not.

    Raises
    ------
    InvalidArgument
        If the file cannot be written, or is something else than an export.
    """
    given, target = _path(path)
    if target.is_dir():
        example = str(Path(given) / "my-answers.json")
        raise _errors.InvalidArgument(f"{given} is a folder; name a file in it, e.g. {example!r}.")
    if target.exists() and not _is_export(target):
        raise _errors.InvalidArgument(
            f"{given} exists and is not an exported record, so it was not replaced; choose another name."
        )
    try:
        write(target, dump(answers))
    except OSError as error:
        raise _errors.InvalidArgument(f"{given} cannot be written: {_reason(error)}.") from error
    return Exported(given, len(answers))


def read(path: str | os.PathLike[str]) -> list[Answer]:
    """Return the answers of an exported record.

    Raises
    ------
    UnreadableRecord
        In one sentence: which file, and what is wrong with it.
    """
    given, source = _path(path)
    try:
        if source.is_dir():
            raise UnreadableRecord(f"{given} is a folder; name an exported record in it.")
        if source.stat().st_size > LARGEST:
            raise UnreadableRecord(f"{given} is larger than {LARGEST // 10**6} MB, which no record is.")
        raw = source.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableRecord(f"{given} does not exist.") from error
    except (OSError, ValueError) as error:
        raise UnreadableRecord(f"{given} cannot be read: {_reason(error)}.") from error
    return parse(raw, given)


def parse(raw: bytes, name: str) -> list[Answer]:
    """Return the answers in the bytes of an export; `name` stands for it in messages.

    Raises
    ------
    UnreadableRecord
        In one sentence: which file, and what is wrong with it.
    """
    if not raw.strip():
        raise UnreadableRecord(f"{name} is empty.")
    try:
        found = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise UnreadableRecord(f"{name} is not a text file (byte {error.start} is not UTF-8).") from error
    except json.JSONDecodeError as error:
        raise UnreadableRecord(
            f"{name} is not whole JSON (line {error.lineno}, column {error.colno}: {error.msg})."
        ) from error
    except RecursionError as error:
        raise UnreadableRecord(f"{name} is nested too deep to be a record.") from error
    except ValueError as error:
        raise UnreadableRecord(f"{name} is not a record: {error}.") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise UnreadableRecord(f"{name} is JSON, but not a record exported by progress.export.")
    version = found.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise UnreadableRecord(
            f"{name} has the version {_errors.shown(version)}, but a whole number is needed."
        )
    if version > VERSION:
        raise UnreadableRecord(
            f"{name} was exported by a newer version of the course (format {version}, "
            f"this one knows {VERSION}); update the course to read it."
        )
    rows = found.get("answers")
    if not isinstance(rows, list):
        raise UnreadableRecord(f"{name} has no list of answers.")
    answers: dict[str, Answer] = {}
    for number, row in enumerate(rows, start=1):
        try:
            answer = _answer(row)
        except (ValueError, TypeError, RecursionError) as error:
            raise UnreadableRecord(f"{name}: answer {number} of {len(rows)} is not valid: {error}") from error
        answers.setdefault(answer.id, answer)
    return list(answers.values())


def _answer(row: Any) -> Answer:
    """Check one answer of an export, field by field."""
    if not isinstance(row, dict):
        raise _errors.InvalidType(f"it is {_errors.shown(row)}, but must be an object with fields.")
    identity = row.get("id")
    try:
        identity = str(uuid.UUID(identity))
    except (ValueError, TypeError, AttributeError):
        raise _errors.InvalidArgument(f"id is {_errors.shown(identity)}, but must be a UUID.") from None
    when = row.get("when")
    try:
        answered = datetime.fromisoformat(str(when).replace("Z", "+00:00"))
        if not isinstance(when, str) or answered.tzinfo is None:
            raise ValueError  # noqa: TRY301 - the same sentence for each way to be wrong
    except ValueError:
        raise _errors.InvalidArgument(
            f"when is {_errors.shown(when)}, but must be a date and time with a time zone, "
            "like '2026-05-01T12:00:00+00:00'."
        ) from None
    misconception = row.get("misconception")
    return Answer(
        id=identity,
        item_id=word("item_id", row.get("item_id"), empty=False),
        kind=word("kind", row.get("kind"), empty=False),
        chapter=word("chapter", row.get("chapter")),
        mode=word("mode", row.get("mode")),
        score=_errors.number("score", row.get("score"), low=0, high=1),
        answer=kept(row.get("answer")),
        misconception=None if misconception is None else word("misconception", misconception),
        when=moment(answered),
    )


def backup(home: Path, answers: list[Answer]) -> Path:
    """Write answers to a dated file in `home`, under a name that was free, and return its path."""
    text = dump(answers)
    stem = f"record-backup-{datetime.now(timezone.utc):%Y-%m-%d-%H%M%S}"
    n = 1
    while True:
        path = home / f"{stem}{'' if n == 1 else f'-{n}'}.json"
        try:
            write(path, text, fresh=True)
        except FileExistsError:
            n += 1
        else:
            return path


def _path(path: str | os.PathLike[str]) -> tuple[str, Path]:
    """Return a path as given, for messages, and as a `Path`."""
    if not isinstance(path, (str, os.PathLike)) or not str(path):
        raise _errors.InvalidType(
            f"path is {_errors.shown(path)}, but must be the name of a file, e.g. 'my-answers.json'."
        )
    if "\0" in str(path):
        raise _errors.InvalidArgument(
            f"path is {_errors.shown(path)}, but no file name can hold a zero character."
        )
    return str(path), Path(path).expanduser()


def _is_export(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(200)
    except OSError:
        return False
    return not start.strip() or f'"{FORMAT}"'.encode() in start


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number that JSON knows")


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
