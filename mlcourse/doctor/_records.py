"""What an examination hands back: codes, findings, and the diagnosis that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mlcourse._text import count

if TYPE_CHECKING:
    from collections.abc import Iterator

Severity = Literal["error", "warning", "hint"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")


@dataclass(frozen=True)
class Code:
    """One mistake that the doctor knows.

    Attributes
    ----------
    code
        Its name, e.g. ``"softmax-on-multilabel"``.
    severity
        ``"error"`` (it cannot work, or not as meant), ``"warning"`` (it runs, but
        misleads or learns badly) or ``"hint"`` (worth knowing; nothing need be wrong).
    theme
        What it is about, e.g. ``"output"`` or ``"labels"``.
    title
        The mistake in one line.
    why
        Why it hurts, for a beginner, in two or three sentences.
    """

    code: str
    severity: Severity
    theme: str
    title: str
    why: str


@dataclass(frozen=True, repr=False)
class Codes:
    """Every code of the doctor, in the order of the examination; iterate over it, or look at it."""

    entries: tuple[Code, ...]

    def __iter__(self) -> Iterator[Code]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, code: str) -> Code:
        """Return the entry called `code`; an unknown name is an `InvalidArgument`."""
        from mlcourse._errors import one_of

        known = {entry.code: entry for entry in self.entries}
        one_of("code", code, known)
        return known[code]

    def __repr__(self) -> str:
        return f"<Codes: {count(len(self), 'mistake')} the doctor knows>"

    def __str__(self) -> str:
        from mlcourse.doctor._view_text import codes_text

        return codes_text(self)

    def _repr_html_(self) -> str:
        from mlcourse.doctor._view_html import codes_html

        return codes_html(self)


@dataclass(frozen=True)
class Finding:
    """One mistake seen in one model and its data.

    Attributes
    ----------
    code, severity, title
        As in `Code`.
    evidence
        What was seen, with the numbers.
    why
        Why it hurts, for a beginner.
    fix
        The line of code that mends it (two where one cannot do it), ready to run
        where the student's own names are ``model``, ``X`` and ``y``.
    output
        The model's output it is about; None where the model has only one, or
        where the finding is about the model or the inputs.
    """

    code: str
    severity: Severity
    title: str
    evidence: str
    why: str
    fix: str
    output: str | None = None


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """What `examine` found.

    Attributes
    ----------
    findings
        The mistakes, errors first, then warnings, then hints.
    not_judged
        What could not be judged, and why, one sentence each.
    assumed
        What was taken for granted where the data allow two readings; ``task=`` overrides it.
    looked_at
        What was looked at: rows, and how many of them went through the model.
    """

    findings: tuple[Finding, ...]
    not_judged: tuple[str, ...]
    assumed: tuple[str, ...]
    looked_at: str

    @property
    def ok(self) -> bool:
        """True when there is no error and no warning; hints do not count."""
        return all(finding.severity == "hint" for finding in self.findings)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the findings, in their order."""
        return tuple(finding.code for finding in self.findings)

    @property
    def summary(self) -> str:
        """The outcome in a few words: ``"1 error, 2 hints"`` or ``"nothing found"``."""
        found = [finding.severity for finding in self.findings]
        parts = [count(found.count(s), s) for s in SEVERITIES if s in found]
        return ", ".join(parts) or "nothing found"

    @property
    def text(self) -> str:
        """The whole diagnosis as plain text."""
        from mlcourse.doctor._view_text import diagnosis_text

        return diagnosis_text(self)

    def __repr__(self) -> str:
        return f"<Diagnosis: {self.summary}>"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from mlcourse.doctor._view_html import diagnosis_html

        return diagnosis_html(self)
