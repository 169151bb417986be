"""How a check-up is shown: versions and sizes only where they help to mend something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse import _html

if TYPE_CHECKING:
    from mlcourse.environment._records import Check, Checkup


def _verdict(checkup: Checkup) -> str:
    wrong = sum(not c.ok for c in checkup.checks)
    if not wrong:
        return f"All {len(checkup.checks)} checks are fine. You can start."
    return f"{wrong} of {len(checkup.checks)} checks {'needs' if wrong == 1 else 'need'} your attention."


def text(checkup: Checkup) -> str:
    """Return the whole check-up as plain text, with what was found."""
    lines = [_verdict(checkup)]
    for c in checkup.checks:
        lines.append(f"{'fine   ' if c.ok else 'TO MEND'}  {c.name}: {c.found}")
        if c.fix:
            lines.append(f"         What to do: {c.fix}")
    return "\n".join(lines)


def page(checkup: Checkup) -> str:
    """Return the check-up as HTML that reads the same on every computer where all is fine."""

    def row(c: Check) -> tuple[str, str, str]:
        if c.ok:
            return _html.escape(c.name), '<span class="good">✓ fine</span>', ""
        found = _html.escape(f"{c.found} {c.fix}")
        return _html.escape(c.name), '<strong class="bad">✗ to mend</strong>', found

    table = _html.table(
        ["check", "result", "what to do"], map(row, checkup.checks), caption=_verdict(checkup)
    )
    return _html.page(table, label="Environment check")
