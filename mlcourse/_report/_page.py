"""The class report as one HTML page that needs no other file and no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlcourse import _html
from mlcourse._report import _text_view as words
from mlcourse._text import num
from mlcourse.progress._summary_view import percent

if TYPE_CHECKING:
    from mlcourse._report._statistics import (
        ItemStatistics,
        MisconceptionStatistics,
        Report,
        StudentStatistics,
    )

# The page stands alone: it brings its own ground, and follows the reader's light or dark setting.
_STYLE: Final = """
:root { color-scheme: light dark; }
body { margin: 0 auto; padding: 1.5rem; max-width: 76rem; background: #fff; color: #1a1a1a;
  font-family: system-ui, sans-serif; }
main.mlc { max-width: none; }
h1 { font-size: 1.5rem; margin: 0 0 .3em; } h2 { font-size: 1.15rem; margin: 1.6em 0 .3em; }
.mlc td { max-width: 26rem; overflow-wrap: break-word; }
.mlc tbody th { white-space: normal; overflow-wrap: break-word; max-width: 20rem; }
.mlc a { color: var(--mlc-accent); } .mlc .whole { white-space: nowrap; }
.mlc :target { text-decoration: underline; }
.mlc tbody th small { display: block; font-weight: 400; color: var(--mlc-soft); }
.meter { display: block; height: .45rem; width: 6rem; margin-top: .3rem; border-radius: 3px;
  border: 1px solid var(--mlc-edge); }
.meter i { display: block; height: 100%; background: var(--mlc-accent); }
@media (prefers-color-scheme: dark) {
  body { background: #14171a; color: #e8e8e8; }
  .mlc { --mlc-accent: #7cb7ff; --mlc-good: #6fdc8c; --mlc-bad: #ff9d94; --mlc-warn: #ffc857; }
}
@media print { body { max-width: none; padding: 0; } .mlc tr { break-inside: avoid; } }
"""

# No script is ever needed; the policy makes sure that none in a file name or an answer could run.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"

_HOW_TO_READ: Final = """
<h2>How to read this</h2>
<dl>
<dt>Right at first try</dt>
<dd>The share of students whose first answer was wholly right (the difficulty index of classical test
theory; high means easy); in brackets Wilson’s 95&nbsp;% interval. Later tries follow the feedback, so they
are not counted.</dd>
<dt>Discrimination</dt>
<dd>The corrected item-total correlation (Henrysson 1963): do students who do better on the <em>other</em>
items also do better on this one? In brackets Fisher’s 95&nbsp;% interval. Below 0.2 is customarily called
poor, above 0.4 very good (bounds that Ebel and Frisbie, 1991, set for a simpler index); below zero,
something may be wrong with the question. It is given from ten students on; with fewer it would say
nothing.</dd>
<dt>Misconceptions</dt>
<dd>Students who showed a wrong belief at least once, out of those who tried an item where it has shown;
<em>still</em>: their newest answer to such an item shows it.</dd>
</dl>
"""


def page(report: Report) -> str:
    """Return the report as a whole HTML document."""
    parts = [f"<h1>Class report</h1><p>{_html.escape(words.headline(report))}</p>"]
    if report.problems:
        rows = "".join(f"<li>{_clean(p)}</li>" for p in report.problems)
        parts.append(f"<h2>Not counted, or counted with care</h2><ul>{rows}</ul>")
    remarked = [i for i in report.items if i.remarks]
    if remarked:
        rows = "".join(
            f'<li><a href="#{_anchor(i)}">{_clean(i.item_id)}</a>: {_clean("; ".join(i.remarks))}</li>'
            for i in remarked
        )
        parts.append(f"<h2>Look at these first</h2><ul>{rows}</ul>")
    if report.items:
        parts += ["<h2>Questions and exercises</h2>", _items(report)]
    if report.misconceptions:
        parts += ["<h2>Misconceptions</h2>", _misconceptions(report)]
    if report.students:
        parts += ["<h2>Students</h2>", _students(report)]
    parts.append(_HOW_TO_READ)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Class report</title><style>{_html.style()}{_STYLE}</style></head>"
        f'<body><main class="mlc">{"".join(parts)}</main></body></html>\n'
    )


def _items(report: Report) -> str:
    return _html.table(
        [
            "Item",
            "Students",
            "Right at first try",
            "Tries",
            "Discrimination",
            "Most common wrong first answers",
        ],
        [_item(i) for i in report.items],
        caption="First tries of all students",
        numeric=(1, 3),
    )


def _item(item: ItemStatistics) -> list[str]:
    title = f"<small>{_clean(item.title)}</small>" if item.title else ""
    share = percent(item.difficulty.value)
    interval = words.interval(item.difficulty)
    width = round(item.difficulty.value * 100)
    bar = f'<span class="meter" aria-hidden="true"><i style="width:{width}%"></i></span>'
    found = item.discrimination
    if found is None:
        discrimination = f'<span class="soft">{_clean(item.why_not)}</span>'
    else:
        kind = ' class="bad"' if found.value < 0 else ""
        discrimination = (
            f'<span class="whole"><strong{kind}>{num(found.value)}</strong> '
            f'<span class="soft">({num(found.low)} to {num(found.high)})</span></span>'
        )
    wrong = "<br>".join(f"{_clean(words.shortened(answer, 120))} ({n})" for answer, n in item.wrong) or "–"
    return [
        f'<span id="{_anchor(item)}">{_clean(item.item_id)}</span>{title}',
        str(item.n_students),
        f'<span class="whole">{share} <span class="soft">({interval})</span></span>{bar}',
        num(item.tries, 1),
        discrimination,
        wrong,
    ]


def _misconceptions(report: Report) -> str:
    return _html.table(
        ["Misconception", "Students", "Still", "Answers", "Where"],
        [_misconception(m) for m in report.misconceptions],
        caption="The most common first",
        numeric=(2, 3),
    )


def _misconception(found: MisconceptionStatistics) -> list[str]:
    believes = f"<small>{_clean(found.believes)}</small>" if found.believes else ""
    return [
        f"{_clean(found.name)}{believes}",
        f"{found.n_students} of {found.n_asked}",
        str(found.n_still),
        str(found.n_answers),
        _clean(", ".join(found.items)),
    ]


def _students(report: Report) -> str:
    return _html.table(
        ["File", "Items", "Tries", "Right at first try", "Last in chapter", "On", "Stuck on"],
        [_student(s) for s in report.students],
        caption=f"Stuck: {report.stuck_after} tries or more and none right. Those stuck most come first",
        numeric=(1, 2, 3),
    )


def _student(student: StudentStatistics) -> list[str]:
    return [
        _clean(student.name),
        str(student.n_items),
        str(student.n_answers),
        "–" if student.first_right is None else percent(student.first_right),
        _clean(student.chapter) or "–",
        "–" if student.last is None else f'<span class="whole">{student.last.date()}</span>',
        f'<strong class="warn">{_clean(words.stuck_on(student))}</strong>' if student.stuck else "–",
    ]


def _anchor(item: ItemStatistics) -> str:
    """Return an id that is safe in an address whatever the item is called."""
    return "item-" + "".join(
        c if c.isascii() and (c.isalnum() or c == "-") else f"_{ord(c):x}_" for c in item.item_id
    )


def _clean(text: str) -> str:
    """Escape text, and replace what no page can hold (control characters, halves of characters)."""
    return _html.escape("".join(c if c.isprintable() else "\ufffd" for c in text))
