"""Outcomes, hints and solutions as HTML and as plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mlcourse import _html
from mlcourse._text import num
from mlcourse.practice._code import highlighted, verbatim
from mlcourse.quiz._markdown import block, inline

if TYPE_CHECKING:
    from mlcourse.practice._records import Condition, Met, Outcome, Status, Task

_SIGNS: dict[Status, tuple[str, str, str]] = {
    "correct": ("✓", "Correct", "good"),
    "incorrect": ("✗", "Not right yet", "bad"),
    "not attempted": ("○", "Not attempted yet", "soft"),
    "cannot check": ("⚠", "Cannot check this", "warn"),
}


@cache
def _style() -> str:
    return (Path(__file__).parents[1] / "static" / "practice.css").read_text(encoding="utf-8")


def page(*parts: str, label: str) -> str:
    """Return finished parts as one notebook output, with the styles of code and results."""
    return _html.page(f"<style>{_style()}</style>", *parts, label=label)


def spoken(markdown: str) -> str:
    """Return Markdown as plain text: its marks taken off, its words and code kept."""
    text = re.sub(r"\*\*(.+?)\*\*|(?<!\w)\*(\S.*?)\*(?!\w)", lambda m: m[1] or m[2], markdown)
    return text.replace("$", "").strip()


def _head(outcome: Outcome) -> tuple[str, str, str]:
    sign, word, tone = _SIGNS[outcome.status]
    if outcome.conditions:
        met = sum(c.met for c in outcome.conditions)
        word += f": {met} of {len(outcome.conditions)} targets reached"
    return sign, word, tone


def figure(condition: Condition, value: float) -> str:
    """Write a figure as the condition wants it: 87.5 %, 204 or 0.03."""
    if condition.style == "percent":
        return f"{num(100 * value, 1)} %"
    return f"{value:,.0f}" if condition.style == "whole" else num(value, 3)


def _target(condition: Condition) -> str:
    if condition.at_least is not None:
        return f"at least {figure(condition, condition.at_least)}"
    return f"at most {figure(condition, condition.at_most or 0.0)}"


def verdict(met: Met) -> str:
    """Return whether a target is reached, and if not, by how much it is missed, in words."""
    if met.met:
        return "✓ reached"
    condition = met.condition
    if met.value != met.value:
        return "✗ not reached: the figure is no number"
    if condition.at_least is not None:
        gap = figure(condition, condition.at_least - met.value).replace(" %", " percentage points")
        return f"✗ not yet: {gap} missing"
    gap = figure(condition, met.value - (condition.at_most or 0.0)).replace(" %", " percentage points")
    return f"✗ not yet: {gap} too many" if condition.style == "whole" else f"✗ not yet: {gap} too much"


def outcome_html(outcome: Outcome) -> str:
    """Return a check's outcome: a sign, a word, what it means, and what the student's code did."""
    sign, word, tone = _head(outcome)
    parts = [
        f'<p class="mlc-verdict-line {tone}"><strong>{sign} {_html.escape(word)}</strong></p>',
        block(outcome.feedback),
    ]
    if outcome.conditions:
        rows = [
            (
                inline(m.condition.text),
                _target(m.condition),
                figure(m.condition, m.value),
                _html.escape(verdict(m)),
            )
            for m in outcome.conditions
        ]
        parts.append(
            _html.table(
                ("Target", "Wanted", "Measured", "Reached?"),
                rows,
                caption="Targets, measured on hidden data",
                numeric=(2,),
            )
        )
        missed = [m.condition.advice for m in outcome.conditions if not m.met]
        if missed and not outcome.mistake:
            parts.append(
                "<p>What to try:</p><ul>" + "".join(f"<li>{inline(a)}</li>" for a in missed) + "</ul>"
            )
    for name, text in outcome.evidence:
        parts.append(f'<p class="mlc-label">{_html.escape(name)}</p>{verbatim(text)}')
    return page(
        f'<div role="status" class="mlc-outcome mlc-{tone}">{"".join(parts)}</div>',
        label="Result of the check",
    )


def outcome_text(outcome: Outcome) -> str:
    """Return the same as plain text."""
    sign, word, _ = _head(outcome)
    lines = [f"{sign} {word}", "", spoken(outcome.feedback)]
    for m in outcome.conditions:
        c = m.condition
        lines += ["", f"{spoken(c.text)}: {figure(c, m.value)} (wanted: {_target(c)}) {verdict(m)}"]
        if not m.met and not outcome.mistake:
            lines.append(f"  {spoken(c.advice)}")
    for name, text in outcome.evidence:
        lines += ["", f"{name}:", *(f"  {line}" for line in text.splitlines())]
    return "\n".join(lines)


@dataclass(frozen=True)
class Hint:
    """A hint, with those given before it.

    Attributes
    ----------
    number, of : int
        Which hint this is, of how many.
    texts : tuple of str
        The hints so far, Markdown, the newest last.
    last : bool
        Whether it was asked for after the last one.
    """

    number: int
    of: int
    texts: tuple[str, ...]
    over: bool = False

    @property
    def text(self) -> str:
        """The newest hint."""
        return self.texts[-1]

    def __repr__(self) -> str:
        return f"Hint({self.number} of {self.of})"

    def _after(self) -> str:
        if self.over:
            return "These were all the hints. .solution() shows a solution."
        left = self.of - self.number
        return f"{left} more: call .hint() again." if left else "This is the last hint."

    def __str__(self) -> str:
        told = "\n".join(f"{i}. {spoken(text)}" for i, text in enumerate(self.texts, 1))
        return f"Hint {self.number} of {self.of}\n{told}\n{self._after()}"

    def _repr_html_(self) -> str:
        told = "".join(f"<li>{block(text)}</li>" for text in self.texts)
        head = f"<p><strong>💡 Hint {self.number} of {self.of}</strong></p>"
        body = f'<div role="status" class="mlc-outcome mlc-soft">{head}<ol>{told}</ol><p class="soft">{_html.escape(self._after())}</p></div>'
        return page(body, label="Hint")


@dataclass(frozen=True)
class Ask:
    """What `solution()` answers before it shows one."""

    hints_left: int

    def __repr__(self) -> str:
        return "Solution(not shown yet)"

    def __str__(self) -> str:
        return spoken(self._text())

    def _text(self) -> str:
        first = (
            f"There {'is' if self.hints_left == 1 else 'are'} still {self.hints_left} "
            f"{'hint' if self.hints_left == 1 else 'hints'}: `.hint()` may be all you need. "
            if self.hints_left
            else ""
        )
        return f"{first}What you find yourself stays longer. To see a solution all the same, call `.solution(sure=True)`."

    def _repr_html_(self) -> str:
        body = f'<div role="status" class="mlc-outcome mlc-soft"><p><strong>Sure?</strong></p>{block(self._text())}</div>'
        return page(body, label="Solution")


@dataclass(frozen=True)
class Solution:
    """One way to do it, and why."""

    code: str
    explanation: str

    def __repr__(self) -> str:
        return f"Solution({len(self.code.strip().splitlines())} lines)"

    def __str__(self) -> str:
        return f"{self.code.strip()}\n\n{spoken(self.explanation)}"

    def _repr_html_(self) -> str:
        head = "<p><strong>One solution</strong></p>"
        body = f'<div role="status" class="mlc-outcome mlc-soft">{head}{highlighted(self.code)}{block(self.explanation)}</div>'
        return page(body, label="Solution")


LEVELS = {1: "fill the blank", 2: "fix the bug", 3: "write it yourself"}


def facts(task: Task) -> str:
    """Return the line below a task's title, plain text."""
    what = "an open goal" if hasattr(task, "conditions") else LEVELS[task.level]
    return f"Level {task.level} of 3 · {what} · {task.concept}"


def targets(task: Task) -> str:
    """Return an experiment's targets as a list; nothing for an exercise."""
    conditions: tuple[Condition, ...] = getattr(task, "conditions", ())
    if not conditions:
        return ""
    items = "".join(f"<li>{inline(c.text)}: <strong>{_target(c)}</strong></li>" for c in conditions)
    return f"<p>Targets:</p><ul>{items}</ul>"
