"""A diagnosis, and the list of codes, as HTML for a notebook: readable without its style sheet too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse import _html
from mlcourse._html import escape
from mlcourse.doctor._view_text import headline

if TYPE_CHECKING:
    from mlcourse.doctor._records import Codes, Diagnosis, Finding, Severity

# The sign and the word tell it without the colour.
_SIGNS: dict[Severity, tuple[str, str]] = {
    "error": ("✗", "bad"),
    "warning": ("!", "warn"),
    "hint": ("i", "soft"),
}


def _severity(severity: Severity) -> str:
    sign, style = _SIGNS[severity]
    return f'<strong class="{style}"><span aria-hidden="true">{sign}</span>&nbsp;{severity}</strong>'


def _finding(finding: Finding) -> str:
    where = f" (output <code>{escape(finding.output)}</code>)" if finding.output else ""
    code = escape(finding.fix)
    return (
        f"<li><p>{_severity(finding.severity)} <code>{escape(finding.code)}</code>{where}: "
        f"<strong>{escape(finding.title)}</strong><br>"
        f"Seen: {escape(finding.evidence)}<br>"
        f"Why it matters: {escape(finding.why)}<br>"
        f'What mends it:</p><div class="scroll"><pre><code>{code}</code></pre></div></li>'
    )


def diagnosis_html(diagnosis: Diagnosis) -> str:
    """Return the whole diagnosis as one notebook output."""
    style = "good" if not diagnosis.findings else "soft" if diagnosis.ok else "bad"
    sign = "✓" if diagnosis.ok else "✗"
    head = f'<span aria-hidden="true">{sign}</span> {escape(headline(diagnosis))}'
    parts = [f'<p><strong class="{style}">{head}</strong></p>']
    if diagnosis.findings:
        parts.append(f"<ol>{''.join(_finding(f) for f in diagnosis.findings)}</ol>")
    for title, sentences in (("Assumed", diagnosis.assumed), ("Not judged", diagnosis.not_judged)):
        if sentences:
            items = "".join(f"<li>{escape(s)}</li>" for s in sentences)
            parts.append(f'<p class="soft">{title}:</p><ul class="soft">{items}</ul>')
    parts.append(f'<p class="soft">{escape(diagnosis.looked_at)}</p>')
    return _html.page(*parts, label="The doctor's diagnosis")


def codes_html(codes: Codes) -> str:
    """Return every code with its explanation as a table."""
    rows = [
        [
            f"<code>{escape(entry.code)}</code>",
            escape(entry.theme),
            _severity(entry.severity),
            f"<strong>{escape(entry.title)}.</strong> {escape(entry.why)}",
        ]
        for entry in codes
    ]
    table = _html.table(
        ["code", "about", "severity", "what it means"],
        rows,
        caption=f"The {len(codes)} mistakes the doctor knows",
    )
    return _html.page(table, label="The doctor's codes")
