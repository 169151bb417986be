"""The class report for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import count, listed, num
from mlcourse.progress._summary_view import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlcourse._report._statistics import Estimate, ItemStatistics, Report, StudentStatistics


def text(report: Report) -> str:
    """Return the report as tables of text."""
    begun = [s for s in report.students if s.n_answers]
    parts = [f"Class report: {headline(report)}"]
    if report.problems:
        parts.append("Not counted, or counted with care:\n" + "\n".join(f"  - {p}" for p in report.problems))
    if report.items:
        remarked = [f"  {i.item_id}: {'; '.join(i.remarks)}" for i in report.items if i.remarks]
        if remarked:
            parts.append("Look at these first\n" + "\n".join(remarked))
        parts.append(
            _table(
                "Questions and exercises (first try)",
                ("item", "students", "right", "95 %", "tries", "discrimination", "most common wrong answer"),
                [_item(i) for i in report.items],
            )
        )
    if report.misconceptions:
        parts.append(
            _table(
                "Misconceptions",
                ("misconception", "students", "still", "answers", "where"),
                [
                    (
                        m.name,
                        f"{m.n_students} of {m.n_asked}",
                        str(m.n_still),
                        str(m.n_answers),
                        listed(m.items),
                    )
                    for m in report.misconceptions
                ],
            )
        )
    if begun:
        parts.append(
            _table(
                f"Students (stuck: {report.stuck_after} tries or more, none right)",
                ("file", "items", "tries", "first right", "last in", "on", "stuck on"),
                [_student(s) for s in report.students],
            )
        )
    return _printable("\n\n".join(parts))


def headline(report: Report) -> str:
    """Return the class in one sentence."""
    idle = sum(not s.n_answers for s in report.students)
    waiting = f" ({idle} without an answer yet)" if idle else ""
    return (
        f"{count(len(report.students), 'record')}{waiting}, {count(len(report.items), 'item')} tried, "
        f"{count(sum(s.n_answers for s in report.students), 'answer')}."
    )


def interval(estimate: Estimate) -> str:
    """Write the interval of a share in per cent."""
    return f"{round(estimate.low * 100)}–{round(estimate.high * 100)} %"


def discrimination(item: ItemStatistics) -> str:
    """Write an item's discrimination with its interval, or why there is none."""
    found = item.discrimination
    return item.why_not if found is None else f"{num(found.value)} ({num(found.low)} to {num(found.high)})"


def common(item: ItemStatistics) -> str:
    """Write the most common wrong first answer."""
    if not item.wrong:
        return "–"
    answer, n = item.wrong[0]
    return f"{shortened(answer, 60)} ({n})"


def shortened(words: str, limit: int) -> str:
    """Return words on one line, cut to `limit` characters."""
    line = " ".join(words.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def stuck_on(student: StudentStatistics) -> str:
    """Write where a student is stuck, with the number of tries."""
    return ", ".join(f"{item} ({n} tries)" for item, n in student.stuck) or "–"


def _item(item: ItemStatistics) -> tuple[str, ...]:
    return (
        item.item_id,
        str(item.n_students),
        percent(item.difficulty.value),
        interval(item.difficulty),
        num(item.tries, 1),
        discrimination(item),
        common(item),
    )


def _student(student: StudentStatistics) -> tuple[str, ...]:
    return (
        student.name,
        str(student.n_items),
        str(student.n_answers),
        "–" if student.first_right is None else percent(student.first_right),
        student.chapter or "–",
        "–" if student.last is None else f"{student.last.date()}",
        stuck_on(student),
    )


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = [tuple(head), *(tuple(shortened(cell, 80) for cell in row) for row in rows)]
    width = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, width, strict=True)).rstrip() for row in cells]
    return "\n".join([title, lines[0], "-" * min(sum(width) + 2 * len(width), 110), *lines[1:]])


def _printable(words: str) -> str:
    """Replace what could steer a terminal or cannot be printed: file names and answers are not ours."""
    return "".join(c if c == "\n" or c.isprintable() else "\ufffd" for c in words)
