"""What was looked at on this computer, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes
    ----------
    name : str
        What was looked at, in a word or two.
    ok : bool
        Whether the course can work with what was found.
    found : str
        What was found. It differs from one computer to the next.
    fix : str
        What to do if it is not fine; empty if it is.
    """

    name: str
    ok: bool
    found: str
    fix: str = ""


@dataclass(frozen=True)
class Checkup:
    """All that was looked at.

    Attributes
    ----------
    checks : tuple of Check
        In the order in which they were made.
    """

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is fine."""
        return all(c.ok for c in self.checks)

    def __repr__(self) -> str:
        wrong = ", ".join(c.name for c in self.checks if not c.ok)
        return f"Checkup({len(self.checks)} checks, {f'to mend: {wrong}' if wrong else 'all fine'})"

    def __str__(self) -> str:
        from mlcourse.environment._view import text

        return text(self)

    def _repr_html_(self) -> str:
        from mlcourse.environment._view import page

        return page(self)
