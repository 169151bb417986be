"""The files of a class: found, read one by one, named so that each can be told from the others."""

from __future__ import annotations

import glob
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from mlcourse._report._statistics import Student
from mlcourse._text import count
from mlcourse.progress._transfer import UnreadableRecord, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def find(given: Iterable[str]) -> tuple[list[Path], list[str]]:
    """Return the files meant, and what is wrong with what was given.

    A folder stands for every ``.json`` file in it and below. A pattern is
    resolved here where the shell (Windows') has not done it.
    """
    found: dict[Path, None] = {}
    problems = []
    for name in given:
        path = Path(name)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*.json") if p.is_file() and not p.name.startswith("."))
            found.update(dict.fromkeys(inside))
            if not inside:
                problems.append(f"{name} holds no .json file.")
        elif path.exists() or not glob.has_magic(name):
            found[path] = None
        else:
            matches = sorted(map(Path, glob.glob(name)))  # noqa: PTH207 - a pattern may be absolute
            found.update(dict.fromkeys(matches))
            if not matches:
                problems.append(f"No file is called {name}.")
    once: dict[Path, Path] = {}
    for path in found:
        once.setdefault(path.resolve(), path)
    return list(once.values()), problems


def students(
    paths: Sequence[Path], tick: Callable[[int], None] = lambda _: None
) -> tuple[list[Student], list[str]]:
    """Read the files; return the students, and in a sentence each what could not be counted.

    A record handed in twice (all of its answers are in another file) is
    counted once. `tick` is called with the number of files read.
    """
    labels = names(paths)
    found: list[Student] = []
    problems = []
    for number, (path, label) in enumerate(zip(paths, labels, strict=True), start=1):
        try:
            found.append(Student(label, tuple(read(path))))
        except UnreadableRecord as error:
            problems.append(str(error))
        tick(number)
    once, twice = _once(found)
    return once, problems + twice


def names(paths: Sequence[Path]) -> list[str]:
    """Return for each path the shortest end of it that no other has, without ``.json``."""
    parts = [(*path.parts[:-1], path.stem if path.suffix == ".json" else path.name) for path in paths]
    length = [1] * len(parts)
    while True:
        labels = ["/".join(p[-n:]) for p, n in zip(parts, length, strict=True)]
        seen = Counter(labels)
        longer = [
            n + (seen[label] > 1 and n < len(p)) for p, n, label in zip(parts, length, labels, strict=True)
        ]
        if longer == length:
            return labels
        length = longer


def _once(found: list[Student]) -> tuple[list[Student], list[str]]:
    """Leave out each record that is wholly inside another, and say where two share answers."""
    owner: dict[str, Student] = {}
    left_out: dict[str, str] = {}
    notes = []
    # The longest first: an earlier export is inside the later one.
    for student in sorted(found, key=lambda s: (-len(s.answers), s.name)):
        shared = Counter(owner[a.id].name for a in student.answers if a.id in owner)
        for answer in student.answers:
            owner.setdefault(answer.id, student)
        if not shared:
            continue
        other, n = shared.most_common(1)[0]
        if sum(shared.values()) == len(student.answers):
            left_out[student.name] = other
            notes.append(f"{student.name} holds nothing that {other} does not, and is counted once.")
        else:
            notes.append(
                f"{student.name} and {other} share {count(n, 'answer')}: one student's answers were loaded "
                "into another's record."
            )
    return [s for s in found if s.name not in left_out], notes
