"""The summary as text and as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse import _html
from mlcourse._text import count, listed
from mlcourse.progress._answer import RIGHT
from mlcourse.progress._summary import MODES, Chapter, Share, Summary

if TYPE_CHECKING:
    from datetime import datetime

# Not strftime's names, which follow the machine's language.
_MONTHS = ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]
# Nine modes side by side must fit the width of a notebook.
_STYLE = ".mlc .progress th, .mlc .progress td { padding: .25em .45em; white-space: normal; }"
_EMPTY = "Nothing is recorded yet: answer a question in a lesson, and it will show here."


def percent(share: float) -> str:
    """Write a share as a whole number of per cent; 100 and 0 only when they are exact."""
    whole = round(share * 100)
    if whole == 100 and share < 1:
        whole = 99
    if whole == 0 and share > 0:
        whole = 1
    return f"{whole} %"


def text(summary: Summary) -> str:
    """Return the summary for a terminal or a screen reader."""
    lines = ["Your progress", *(f"Note: {notice}" for notice in summary.notices), _headline(summary), ""]
    head = ("chapter", "mode", "done", "score", "due")
    rows = [head]
    for chapter in summary.chapters:
        rows.append((chapter.chapter, chapter.title or "all of it", *_cells(chapter.whole)))
        rows.extend(("", f"  {_title(m)}", *_cells(share)) for m, share in chapter.modes.items())
    if len(rows) > 1:
        width = [max(len(row[i]) for row in rows) for i in range(len(head))]
        lines += [
            "  ".join(cell.ljust(w) for cell, w in zip(row, width, strict=True)).rstrip() for row in rows
        ]
        lines.append("")
    lines += _closing(summary)
    return "\n".join(lines).rstrip()


def html(summary: Summary) -> str:
    """Return the summary for a notebook: one row a chapter, one column a mode."""
    parts = [
        f'<p class="warn" role="status"><strong>Note:</strong> {_html.escape(n)}</p>' for n in summary.notices
    ]
    parts.append(f"<p>{_html.escape(_headline(summary))}</p>")
    if summary.chapters:
        used = {m for chapter in summary.chapters for m in chapter.modes}
        modes = [m for m in MODES if m in used] + sorted(used - MODES.keys())
        table = _html.table(
            ["Chapter", *(_title(m) for m in modes), "All"],
            [_row(chapter, modes) for chapter in summary.chapters],
            caption="Done, score of the newest answers (✓: all right), and what is due for review",
        )
        parts.append(f'<style>{_STYLE}</style><div class="progress">{table}</div>')
    parts += [f"<p>{_html.escape(line)}</p>" for line in _closing(summary)]
    return _html.page(*parts, label="Your progress")


def _headline(summary: Summary) -> str:
    if not summary.n_answers:
        return _EMPTY
    whole = summary.whole
    of = f" of {whole.total}" if whole.total is not None else ""
    score = f", score {percent(whole.score)}" if whole.score is not None else ""
    done = f"{whole.done}{of} done{score}, in {count(summary.n_answers, 'answer')}."
    if whole.due:
        return f"{done} {count(whole.due, 'question')} due for review: quiz.review()."
    if summary.next_due is not None:
        return f"{done} Nothing is due for review; the next is on {_date(summary.next_due)}."
    return f"{done} Nothing is due for review."


def _closing(summary: Summary) -> list[str]:
    return [f"Badges: {listed(summary.badges)}."] if summary.badges else []


def _cells(share: Share) -> tuple[str, str, str]:
    done = str(share.done) if share.total is None else f"{share.done} of {share.total}"
    return done, "–" if share.score is None else percent(share.score), str(share.due) if share.due else "–"


def _row(chapter: Chapter, modes: list[str]) -> list[str]:
    title = f" {_html.escape(chapter.title)}" if chapter.title else ""
    cells = [_cell(chapter.modes[m]) if m in chapter.modes else '<span class="soft">–</span>' for m in modes]
    return [f"{_html.escape(chapter.chapter)}{title}", *cells, _cell(chapter.whole)]


def _cell(share: Share) -> str:
    """Return done, score and due, one below the other; what is all done and right has a check mark too."""
    # No line breaks within "3 of 8", with or without the style sheet.
    done, score, due = (cell.replace(" ", "\u00a0") for cell in _cells(share))
    if not share.done:
        return f'<span class="soft">{done}</span>'
    all_right = share.done == share.total and share.score is not None and share.score >= RIGHT
    mark = '\u00a0<span class="good" role="img" aria-label="all right">✓</span>' if all_right else ""
    late = f'<br><span class="warn">{due}\u00a0due</span>' if share.due else ""
    return f"{done}{mark}<br>{score}{late}"


def _title(mode: str) -> str:
    return MODES.get(mode, mode or "other")


def _date(when: datetime) -> str:
    local = when.astimezone()
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
