"""How much of everything each chapter has, beside what a chapter should have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlcourse._content._remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

# Issue by issue the chapters reach these; the tour (01) is kept short, the start page (00) has none.
STANDARD = {
    "recall": 8,
    "predictions": 6,
    "myths": 4,
    "challenge": 5,
    "exercises": 6,
    "mistakes": 18,
    "experiments": 1,
}
SHORT = ("00", "01")


@dataclass(frozen=True)
class Row:
    """The counts of one chapter, by the names of `STANDARD`."""

    name: str
    counts: dict[str, int]

    def remarks(self) -> Iterator[Remark]:
        """Yield a warning for each count below the standard."""
        if self.name[:2] in SHORT:
            return
        for what, least in STANDARD.items():
            if self.counts[what] < least:
                yield Remark("warning", self.name, f"has {self.counts[what]} {what}, fewer than {least}.")


def counts() -> list[Row]:
    """Return a row for each chapter of the bank."""
    from mlcourse import quiz
    from mlcourse.practice._bank import chapters, tasks
    from mlcourse.practice._records import Exercise, Experiment

    rows = []
    for name in quiz.names():
        bank = quiz.load(name)
        here = tasks(bank.chapter) if bank.chapter in chapters() else ()
        exercises = [task for task in here if isinstance(task, Exercise)]
        row = {
            "recall": len(bank.questions),
            "predictions": len(bank.predictions),
            "myths": len(bank.myths),
            "challenge": len(bank.challenge),
            "exercises": len(exercises),
            "mistakes": sum(len(task.mistakes) for task in exercises),
            "experiments": sum(isinstance(task, Experiment) for task in here),
        }
        rows.append(Row(name, row))
    return rows


def table(rows: list[Row]) -> str:
    """Return the counts as a table in plain text."""
    width = max((len(row.name) for row in rows), default=0)
    head = " " * width + "".join(f"  {what:>11}" for what in STANDARD)
    body = [f"{row.name:{width}}" + "".join(f"  {row.counts[what]:11}" for what in STANDARD) for row in rows]
    return "\n".join([head, *body])
