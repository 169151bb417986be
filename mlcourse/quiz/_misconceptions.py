"""The mistaken beliefs that questions and exercises share, from the bank's `misconceptions*.yaml`.

`misconceptions.yaml` holds those of the whole course, `misconceptions_05.yaml` those that lesson 05
was the first to meet. An id means the same belief everywhere, whatever file it stands in.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from mlcourse.quiz._problems import BankError, Problem, problems_of
from mlcourse.quiz._questions import Name, Part, Text
from mlcourse.quiz._yaml import read, stamp_of

BANK = Path(__file__).parent / "bank"


class Misconception(Part):
    """A mistaken belief that questions and exercises can betray.

    Attributes
    ----------
    believes : str
        What the student believes, as a sentence.
    because : str
        Why that is tempting.
    truth : str
        What is true.
    """

    believes: Text
    because: Text
    truth: Text


_registry = TypeAdapter(dict[Name, Misconception])
_cache: dict[Path, tuple[tuple[int, ...], dict[str, Misconception]]] = {}


def files(folder: Path = BANK) -> list[Path]:
    """Return the files that hold misconceptions; the one that must be there if there is none."""
    return sorted(folder.glob("misconceptions*.yaml")) or [folder / "misconceptions.yaml"]


def misconceptions(folder: Path = BANK) -> dict[str, Misconception]:
    """Return the mistaken beliefs that questions and exercises share, by id.

    Raises
    ------
    BankError
        If a file has a mistake, or two files have the same id.
    """
    paths = files(folder)
    stamp = stamp_of(*paths)
    if folder in _cache and _cache[folder][0] == stamp:
        return dict(_cache[folder][1])
    found: dict[str, Misconception] = {}
    home: dict[str, str] = {}
    for path in paths:
        try:
            registry = _registry.validate_python(read(path) or {})
        except ValidationError as error:
            raise BankError(problems_of(error, path.name, "")) from None
        twice = [
            Problem(path.name, "", "", f"has the key {name!r}, which {home[name]} has too")
            for name in registry
            if name in home
        ]
        if twice:
            raise BankError(twice)
        home |= dict.fromkeys(registry, path.name)
        found |= registry
    _cache[folder] = (stamp, found)
    return dict(found)
