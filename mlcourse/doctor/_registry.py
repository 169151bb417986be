"""The registry of rules: each a named pure function from facts to what was seen, or None.

To teach the doctor a mistake, write one function in the file of its theme under
`rules/`, and one row, broken and mended, in `tests/unit/test_doctor_table.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlcourse.doctor._records import Code

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlcourse.doctor._facts import Facts
    from mlcourse.doctor._records import Severity


@dataclass(frozen=True)
class Seen:
    """What a rule saw, and the code that mends it; `why` and `severity` only if not the code's."""

    evidence: str
    fix: str
    why: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True)
class Rule:
    """A code, the function that finds it, and the codes that it explains.

    A finding is left out when another finding explains it: one mistake, one finding.
    `whole` rules are about the model or the inputs and run once, not once per output.
    """

    code: Code
    find: Callable[[Facts], Seen | None]
    explains: frozenset[str]
    whole: bool


RULES: dict[str, Rule] = {}
THEMES = ("set-up", "output", "loss", "labels", "metrics", "inputs", "split", "behaviour")


def in_order() -> list[Rule]:
    """Return the rules by theme, from the model's set-up to its behaviour."""
    return sorted(RULES.values(), key=lambda r: THEMES.index(r.code.theme))


def rule(
    code: str,
    severity: Severity,
    theme: str,
    title: str,
    why: str,
    *,
    explains: tuple[str, ...] = (),
    whole: bool = False,
) -> Callable[[Callable[[Facts], Seen | None]], Callable[[Facts], Seen | None]]:
    """Register the function below as the one that finds `code`."""

    def add(find: Callable[[Facts], Seen | None]) -> Callable[[Facts], Seen | None]:
        RULES[code] = Rule(Code(code, severity, theme, title, why), find, frozenset(explains), whole)
        return find

    return add
