"""The student's own record: every answer kept at once, what is due for review, and taking it along.

The record is one file in the user's data folder (`MLCOURSE_HOME` overrides
where). It speaks of answers only: no name, no address, no path, and nothing
is ever sent anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse.progress._answer import QUESTIONS, Answer

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from mlcourse.progress._schedule import Due
    from mlcourse.progress._summary import Item, Summary
    from mlcourse.progress._transfer import Exported, Loaded, Reset

__all__ = [
    "Answer",
    "answers",
    "due",
    "export",
    "load",
    "notices",
    "record",
    "reset",
    "schedule",
    "summary",
]


def record(
    item_id: str,
    *,
    kind: str,
    chapter: str,
    mode: str,
    score: float,
    answer: Any = None,
    misconception: str | None = None,
    when: datetime | None = None,
) -> None:
    """Keep one answer; it is on disk when this returns.

    If the disk does not let us, the answer is kept in memory, the student is
    told once (a `RecordWarning`, and `notices`), and writing is tried again
    with the next answer: no fault of the disk is ever raised here.

    Parameters
    ----------
    item_id
        The question, exercise or badge; at most 200 characters.
    kind
        ``"question"``, ``"prediction"``, ``"myth"``, ``"review"``, ``"diagnosis"``,
        ``"final"`` (these come up for review), ``"exercise"``, ``"challenge"``,
        ``"experiment"`` (these too count as done), ``"badge"``, ``"hint"``,
        ``"solution"``; any other word is kept, and counted nowhere.
    chapter
        Two digits as in the lesson's file name, e.g. ``"01"``.
    mode
        One of the nine ways in, e.g. ``"recall"``.
    score
        From 0 (wrong) to 1 (right).
    answer
        What was answered. Anything: what JSON cannot hold is put into words.
    misconception
        The id of the wrong belief that the answer betrays.
    when
        The moment; now by default. Without a time zone it is local time.

    Raises
    ------
    InvalidType, InvalidArgument
        For an argument that no answer can have, e.g. a score above 1.
    """
    import uuid

    from mlcourse import _errors
    from mlcourse.progress import _answer, _record

    _record.current().add(
        [
            Answer(
                id=str(uuid.uuid4()),
                item_id=_answer.word("item_id", item_id, empty=False),
                kind=_answer.word("kind", kind, empty=False),
                chapter=_answer.word("chapter", chapter),
                mode=_answer.word("mode", mode),
                score=_errors.number("score", score, low=0, high=1),
                answer=_answer.kept(answer),
                misconception=None if misconception is None else _answer.word("misconception", misconception),
                when=_answer.moment(when),
            )
        ]
    )


def answers(
    item_id: str | None = None,
    *,
    kind: str | None = None,
    chapter: str | None = None,
    mode: str | None = None,
) -> list[Answer]:
    """Return the answers in the record, in the order in which they came into it.

    Parameters
    ----------
    item_id, kind, chapter, mode
        Only answers with this item, kind, chapter or mode.
    """
    from mlcourse.progress import _record

    wanted = {"item_id": item_id, "kind": kind, "chapter": chapter, "mode": mode}
    return [
        a
        for a in _record.current().all()
        if all(value is None or getattr(a, name) == value for name, value in wanted.items())
    ]


def due(now: datetime | None = None, *, kinds: Collection[str] = QUESTIONS) -> list[Due]:
    """Return what is due for review today: first what was missed, the newest miss first.

    Parameters
    ----------
    now
        The present by default. Without a time zone it is local time.
    kinds
        What is reviewed; by default the questions, however they were asked.

    Returns
    -------
    list of Due
        Each with `.item_id`, `.chapter`, `.mode`, `.due`, `.last`, `.score`, `.missed`, `.times`.
    """
    from mlcourse.progress import _record, _schedule

    return _schedule.due(_record.current().all(), now, kinds=kinds)


def schedule(now: datetime | None = None, *, kinds: Collection[str] = QUESTIONS) -> list[Due]:
    """Return when each answered item comes up for review, the soonest first, due or not yet."""
    from mlcourse.progress import _record, _schedule

    return _schedule.schedule(_record.current().all(), now, kinds=kinds)


def summary(now: datetime | None = None, *, items: Iterable[Item] | None = None) -> Summary:
    """Show, for each chapter and mode, what is done of what there is, the score, and what is due.

    Parameters
    ----------
    now
        The present by default.
    items
        What there is to do (`progress.Item`); by default what the course's
        question bank and exercises hold.
    """
    from mlcourse.progress import _catalogue, _record, _summary

    record_ = _record.current()
    kept = record_.all()
    there = tuple(_catalogue.items() if items is None else items)
    return _summary.summarise(kept, there, now, notices=record_.notices)


def notices() -> tuple[str, ...]:
    """Return what the student should know about where the answers are; empty when all is well."""
    from mlcourse.progress import _record

    return _record.current().notices


def export(path: str | os.PathLike[str]) -> Exported:
    """Write the record to a JSON file, to take it home or hand it in.

    The file holds answers only: no name, no folder. An earlier export of the
    same name is replaced; any other file is left alone.

    Raises
    ------
    InvalidArgument
        If the file cannot be written.
    """
    from mlcourse.progress import _record, _transfer

    return _transfer.export(path, _record.current().all())


def load(path: str | os.PathLike[str]) -> Loaded:
    """Add the answers of an exported record to this one; those already there are known by their id.

    Raises
    ------
    UnreadableRecord
        An `InvalidArgument`: which file, and what is wrong with it. Then nothing was added.
    """
    from mlcourse.progress import _record, _transfer

    found = _transfer.read(path)
    new = _record.current().add(found)
    return _transfer.Loaded(str(path), new, len(found) - new)


def reset(*, confirm: bool = False) -> Reset:
    """Begin afresh: clear the record, after writing a dated copy beside it.

    Parameters
    ----------
    confirm
        Must be True; otherwise nothing is deleted and the result says what would be.

    Raises
    ------
    InvalidArgument
        If the copy cannot be written. Then nothing is deleted.
    """
    from mlcourse import _errors
    from mlcourse.progress import _record, _transfer
    from mlcourse.progress._store import StoreFault, shown_path

    record_ = _record.current()
    if confirm is not True:
        return _transfer.Reset(len(record_.all()), None)
    try:
        n, backup = record_.clear(lambda kept: _transfer.backup(record_.store.home, kept) if kept else None)
    except (StoreFault, OSError) as fault:
        reason = (
            str(fault) if isinstance(fault, StoreFault) else f"The copy cannot be written ({fault.strerror})."
        )
        raise _errors.InvalidArgument(f"Nothing was deleted. {reason}") from None
    return _transfer.Reset(n, "" if backup is None else shown_path(backup))


def __getattr__(name: str) -> Any:
    """Load the record types when they are first asked for."""
    homes = {
        "Due": "_schedule",
        "Item": "_summary",
        "Summary": "_summary",
        "RecordWarning": "_record",
        "UnreadableRecord": "_transfer",
    }
    if name in homes:
        import importlib

        return getattr(importlib.import_module(f"{__name__}.{homes[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no part called {name!r}; it has {', '.join(__all__)}")
