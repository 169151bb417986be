"""The tasks and a verdict's rubric as HTML and as plain text, for the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse import _html
from mlcourse._text import listed, num, shape
from mlcourse.practice import _view
from mlcourse.practice._capstone_criteria import RUBRIC, points
from mlcourse.practice._capstone_records import PASS
from mlcourse.practice._capstone_tasks import BRIEFS
from mlcourse.quiz._markdown import block

if TYPE_CHECKING:
    from mlcourse.practice._capstone_records import Brief, Criterion, State, Verdict

SIGNS: dict[State, tuple[str, str, str]] = {
    "passed": ("✓", "Passed", "good"),
    "not passed": ("✗", "Not passed yet", "bad"),
    "not attempted": ("○", "Not attempted yet", "soft"),
    "cannot check": ("⚠", "Cannot examine this", "warn"),
}
REACHED = {"met": ("✓", "met", "good"), "partly": ("◐", "partly", "warn"), "missed": ("✗", "missed", "bad")}


def head(verdict: Verdict) -> tuple[str, str, str]:
    """Return sign, words and tone of a verdict."""
    sign, word, tone = SIGNS[verdict.state]
    if verdict.criteria:
        word += f": {verdict.points} of {verdict.of} points"
    return sign, word, tone


def reached(criterion: Criterion) -> str:
    """Return whether a criterion is met: a sign and a word, in its colour."""
    sign, word, tone = REACHED[criterion.reached]
    return f'<span class="{tone}" style="white-space:nowrap">{sign} {word}</span>'


def rubric_table(verdict: Verdict) -> str:
    """Return the rubric as a table."""
    return _html.table(
        ("Criterion", "Points", "Reached", "Measured", "Wanted"),
        [
            (_html.escape(c.title), f'<span style="white-space:nowrap">{c.points} of {c.of}</span>', reached(c), _html.escape(c.measured), _html.escape(c.limit))
            for c in verdict.criteria
        ],
        caption=f"The rubric: {verdict.points} of {verdict.of} points; {PASS} are needed, without a leak and above the floor",
        numeric=(1,),
    )  # fmt: skip


def next_steps(verdict: Verdict) -> str:
    """Return the next step of each criterion that is not met, as a list; nothing if all are."""
    steps = [c for c in verdict.criteria if c.next_step]
    if not steps:
        return ""
    items = "".join(
        f"<li><strong>{_html.escape(c.title)}.</strong> {_html.escape(c.next_step)}</li>" for c in steps
    )
    return f"<p>Next steps:</p><ul>{items}</ul>"


def verdict_html(verdict: Verdict) -> str:
    """Return a verdict for the notebook."""
    sign, word, tone = head(verdict)
    parts = [
        f'<p class="mlc-verdict-line {tone}"><strong>{sign} {_html.escape(word)}</strong></p>',
        block(verdict.message),
    ]
    if verdict.criteria:
        parts += [rubric_table(verdict), next_steps(verdict)]
        parts += [f'<p class="soft">{_html.escape(note)}</p>' for note in verdict.notes]
        parts.append('<p>The report, to print or hand in: <code>.save("capstone.html")</code></p>')
    return _view.page(
        f'<div role="status" class="mlc-outcome mlc-{tone}">{"".join(parts)}</div>',
        label="Verdict of the examiner",
    )


def verdict_text(verdict: Verdict) -> str:
    """Return the same as plain text."""
    sign, word, _ = head(verdict)
    lines = [f"{sign} {word}", _view.spoken(verdict.message)]
    for c in verdict.criteria:
        mark, told, _ = REACHED[c.reached]
        lines += [
            "",
            f"{mark} {c.title}: {c.points} of {c.of} ({told})",
            f"  measured: {c.measured}",
            f"  wanted: {c.limit}",
        ]
        if c.next_step:
            lines.append(f"  next: {c.next_step}")
    return "\n".join([*lines, *(f"\n{note}" for note in verdict.notes)])


# --- the tasks ----------------------------------------------------------------------------------


def _floors(brief: Brief) -> str:
    return listed(
        (f"{name} of at least {num(floor, 2)}" for name, floor in brief.limits.floors.items()), "or"
    )


def _wanted(brief: Brief) -> list[tuple[str, int, str]]:
    """Return every criterion of a task: title, points, and what is wanted."""
    limits = brief.limits
    texts = {
        "doctor": "doctor.examine finds no error and no warning",
        "leak": "nothing of the test rows was known before the test",
        "report": "your own test score is what your test rows give",
        "metric": f"{listed(limits.floors, 'or')}, with a reason in a sentence",
        "held-back": f"{_floors(brief)}, with the lower end of its interval",
        "overfit": f"training score at most {points(limits.gap)} above the held-back one",
        "calibration": f"expected calibration error of at most {num(limits.ece, 2)}",
        "size": f"at most {limits.parameters:,} parameters; saved and loaded, it answers the same",
    }
    return [(title, of, texts[key]) for key, title, of in RUBRIC]


def task_html(brief: Brief) -> str:
    """Return a task with everything it asks for."""
    data = brief.make()[0]
    rows = [(_html.escape(title), str(of), _html.escape(text)) for title, of, text in _wanted(brief)]
    return _view.page(
        f"<p><strong>Capstone: {_html.escape(brief.title)}</strong></p>",
        block(brief.story),
        f"<p>{_html.escape(data.description)} <strong>Your rows: {shape(data.X.shape)}</strong>, "
        f"{data.n_classes} {'labels' if data.task == 'multilabel' else 'classes'}: "
        f"{_html.escape(listed(data.class_names))}.</p>",
        _html.table(("Criterion", "Points", "Wanted"), rows, caption="What is examined", numeric=(1,)),
        f"<p>{PASS} points are a pass, without a leak and not below the floor.</p>",
        label=f"Capstone: {brief.title}",
    )


def task_text(brief: Brief) -> str:
    """Return the same as plain text."""
    data = brief.make()[0]
    lines = [f"Capstone {brief.name}: {brief.title}", _view.spoken(brief.story), data.description]
    lines += [f"Your rows: {shape(data.X.shape)}", ""]
    return "\n".join([*lines, *(f"{title} ({of}): {text}" for title, of, text in _wanted(brief))])


def _kind(brief: Brief) -> str:
    data = brief.make()[0]
    return f"{'several labels' if data.task == 'multilabel' else 'one class'} a row, {shape(data.X.shape)}"


def choice_html() -> str:
    """Return the tasks side by side."""
    rows = [
        (f"<code>{b.name}</code>", _html.escape(b.title), _kind(b), _html.escape(_floors(b)))
        for b in BRIEFS.values()
    ]
    return _view.page(
        _html.table(("Name", "What it is", "Rows", "Floor on held-back rows"), rows, caption="Choose one"),
        '<p>Then: <code>practice.capstone("articles")</code></p>',
        label="The tasks of the capstone",
    )


def choice_text() -> str:
    """Return the same as plain text."""
    return "\n".join(f"{b.name}: {b.title} ({_kind(b)}; {_floors(b)})" for b in BRIEFS.values())
