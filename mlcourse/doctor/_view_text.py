"""A diagnosis, and the list of codes, as plain text for a terminal or a screen reader."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlcourse.doctor._records import Codes, Diagnosis, Finding

_WIDTH = 96


def _wrapped(label: str, text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=f"  {label:<6}", subsequent_indent=" " * 8)


def _code(label: str, code: str) -> str:
    """Code is never wrapped: it must be copied as it is."""
    first, *more = code.splitlines()
    return "\n".join([f"  {label:<6}{first}", *(" " * 8 + line for line in more)])


def headline(diagnosis: Diagnosis) -> str:
    """Return the outcome in one sentence."""
    if not diagnosis.findings:
        return "The doctor found nothing wrong."
    return f"The doctor found {diagnosis.summary}."


def _finding(number: int, finding: Finding) -> str:
    where = f" (output {finding.output!r})" if finding.output else ""
    return "\n".join(
        [
            f"{number}. {finding.severity.upper()} {finding.code}{where}: {finding.title}",
            _wrapped("seen", finding.evidence),
            _wrapped("why", finding.why),
            _code("fix", finding.fix),
        ]
    )


def diagnosis_text(diagnosis: Diagnosis) -> str:
    """Return the whole diagnosis as text of at most 96 columns (code lines are kept whole)."""
    parts = [headline(diagnosis)]
    parts += [_finding(i, f) for i, f in enumerate(diagnosis.findings, 1)]
    for title, sentences in (("Assumed", diagnosis.assumed), ("Not judged", diagnosis.not_judged)):
        if sentences:
            lines = [
                textwrap.fill(s, _WIDTH, initial_indent="  - ", subsequent_indent="    ") for s in sentences
            ]
            parts.append("\n".join([f"{title}:", *lines]))
    return "\n\n".join([*parts, diagnosis.looked_at])


def codes_text(codes: Codes) -> str:
    """Return every code with its title and explanation, by theme."""
    parts: list[str] = [f"The doctor knows {len(codes)} mistakes."]
    theme = ""
    for entry in codes:
        if entry.theme != theme:
            theme = entry.theme
            parts.append(theme.upper())
        parts.append(f"{entry.code} ({entry.severity}): {entry.title}\n{_wrapped('why', entry.why)}")
    return "\n\n".join(parts)
