"""The result of a final test as text and as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse import _html
from mlcourse._errors import InvalidArgument
from mlcourse._text import num
from mlcourse.quiz import _final_rules as rules
from mlcourse.quiz._bank import load, names
from mlcourse.quiz._draw import LENGTH
from mlcourse.quiz._taught import Section, taught

if TYPE_CHECKING:
    from datetime import datetime

    from mlcourse.quiz._final_result import FinalResult

# Not strftime's names, which follow the machine's language.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SAID = {
    "weak": ("Weak", "✗", "wrong or not answered"),
    "shaky": ("Shaky", "~", "partly right, or right by a guess"),
    "sure": ("Sure", "✓", "right, and not called a guess"),
}


def date(when: datetime) -> str:
    """Write a moment's day as people here say it: 21 November 2026."""
    local = when.astimezone()
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def lesson(chapter: str) -> str:
    """Return a chapter's number and title; the number alone if it has left the course."""
    try:
        return f"{chapter} · {load(chapter).title}"
    except InvalidArgument:
        return chapter


def headline(result: FinalResult) -> str:
    """Return the score with its interval and the test's seed, as sentences."""
    n, (low, high) = len(result.marks), result.interval
    points = f" ({num(result.points, 1)} points with partial credit)" if result.points > result.right else ""
    call = f"seed={result.seed}" if result.n == LENGTH else f"{result.n}, seed={result.seed}"
    return (
        f"{result.right} of {n} right{points}, on {date(result.when)}; seed {result.seed}. The share right "
        f"of all such questions is most likely between {low} % and {high} % (Wilson's 95 % interval). "
        f"quiz.final({call}) gives this test again."
    )


def sections(result: FinalResult) -> dict[tuple[str, str], Section]:
    """Return where each concept of the test is taught; one that has left the bank is missing."""
    there = {q.id: (q, load(name)) for name in names() for q in load(name).all}
    known = [mark for mark in result.marks if mark.id in there]
    return {(mark.chapter, mark.concept): taught(*there[mark.id]) for mark in known}


def text(result: FinalResult) -> str:
    """Return the result for a terminal or a screen reader."""
    where = sections(result)
    lines = ["Final test", headline(result), ""]
    for state in rules.STATES:
        name, sign, means = SAID[state]
        for i, key in enumerate(result.concepts[state]):
            if not i:
                lines.append(f"{name} ({means}):")
            lines.append(f"  {sign} {key[1]} – {where.get(key) or lesson(key[0])}")
    lines += ["", "By lesson:"]
    lines += [f"  {lesson(c)}: {right} of {asked} right" for c, (right, asked) in result.chapters.items()]
    return "\n".join(lines)


def html(result: FinalResult, *, links: bool = True) -> str:
    """Return the result for a notebook; without `links` for a page that stands alone."""
    return _html.page(*parts(result, links=links), label="Result of the final")


def parts(result: FinalResult, *, links: bool) -> list[str]:
    """Return the result's finished HTML: headline, concepts, lessons."""
    where = sections(result)
    found = [f"<p>{_html.escape(headline(result))}</p>"]
    for state in rules.STATES:
        keys = result.concepts[state]
        if keys:
            name, sign, means = SAID[state]
            items = "".join(
                f"<li>{_html.escape(k[1])} ({_place(k, where.get(k), links=links)})</li>" for k in keys
            )
            found.append(f"<p><strong>{sign} {name} ({len(keys)}): {means}</strong></p><ul>{items}</ul>")
    rows = [[_html.escape(lesson(c)), f"{right} of {asked}"] for c, (right, asked) in result.chapters.items()]
    found.append(_html.table(["Lesson", "Right"], rows, caption="By lesson", numeric=(1,)))
    return found


def _place(key: tuple[str, str], section: Section | None, *, links: bool) -> str:
    if section is None or not links:
        return _html.escape(section or lesson(key[0]))
    return f'<a href="{_html.escape(section.href)}">{_html.escape(section)}</a>'
