"""The rubric: from what was measured to points, with the limit and the next step. Pure; no model in here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlcourse._text import count, listed, num
from mlcourse.practice._capstone_records import PASS, Criterion, Interval, Leak, Reached

if TYPE_CHECKING:
    from mlcourse.practice._capstone_records import Brief, State

# Key, title and points, in the order of the rubric; together 100.
RUBRIC = (
    ("doctor", "The doctor finds nothing", 10),
    ("leak", "No leak", 20),
    ("report", "Your own score is true", 10),
    ("metric", "A metric that fits, argued", 10),
    ("held-back", "Held-back test", 20),
    ("overfit", "Not learned by heart", 15),
    ("calibration", "Honest probabilities", 10),
    ("size", "Size", 5),
)
SLIP = 0.005  # a score may be rounded to two decimals
WORDS = 5
# A word; where a script sets no spaces between words (Thai, Chinese, Japanese), each two signs.
_WORD = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\s\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]+"
)


@dataclass(frozen=True)
class Measured:
    """Everything that the rubric needs to know.

    Attributes
    ----------
    findings
        Severity and title of each finding of the doctor that is no hint.
    judged_by
        The metric of the scores below: the student's if it fits, else the task's first.
    own
        The student's metric on the student's own test rows, measured anew.
    gap
        Training score less held-back score: value, low, high.
    hidden
        Number, score and gap of rows handed in neither for training nor as the test, if the model
        knows them by heart all the same.
    saved
        Whether the saved and loaded model answers the same; None where it was not tried.
    """

    findings: tuple[tuple[str, str], ...]
    leaks: tuple[Leak, ...]
    metric: str
    metric_title: str
    judged_by: str
    judged_title: str
    reason: str
    score: float
    own: float
    train: Interval
    held: Interval
    gap: tuple[float, float, float]
    ece: float
    brier: float
    brier_of_shares: float
    parameters: int
    saved: bool
    saved_why: str = ""
    hidden: tuple[int, float, float] | None = None


def rubric(brief: Brief, m: Measured) -> tuple[Criterion, ...]:
    """Return every criterion with its points."""
    found = (_doctor(m), _leak(m), _report(m), _metric(brief, m), _held(brief, m), _overfit(brief, m),
             _calibration(brief, m), _size(brief, m))  # fmt: skip
    return tuple(
        Criterion(key, title, _points(reached, of), of, reached, measured, limit, step)
        for (key, title, of), (reached, measured, limit, step) in zip(RUBRIC, found, strict=True)
    )


def _points(reached: Reached, of: int) -> int:
    return {"met": of, "partly": of // 2, "missed": 0}[reached]


_Line = tuple[Reached, str, str, str]


def points(value: float) -> str:
    """Write a difference of scores in percentage points."""
    return f"{num(100 * value, 1)} points"


def span(score: Interval) -> str:
    """Write a score with its interval."""
    return f"{num(score.value, 3)} ({num(score.low, 3)} to {num(score.high, 3)})"


def _doctor(m: Measured) -> _Line:
    limit = "no error and no warning"
    if not m.findings:
        return "met", "nothing found", limit, ""
    told = listed(f"{title} ({severity})" for severity, title in m.findings)
    errors = any(severity == "error" for severity, _ in m.findings)
    return (
        "missed" if errors else "partly", told, limit,
        "doctor.examine(model, X, y) shows each finding with the line that mends it.",
    )  # fmt: skip


def _leak(m: Measured) -> _Line:
    limit = "test rows unknown before the test"
    if not m.leaks:
        return "met", "no trace of a leak", limit, ""
    return "missed", " ".join(k.evidence for k in m.leaks), limit, " ".join(k.fix for k in m.leaks)


def _report(m: Measured) -> _Line:
    off = abs(round(m.score - m.own, 4))
    measured = f"you said {num(m.score, 3)}; on your test rows the examiner measures {num(m.own, 3)} ({m.metric_title})"
    limit = f"no more than {num(SLIP, 3)} apart"
    if off <= SLIP + 1e-9:
        return "met", measured, limit, ""
    return (
        "missed", measured, limit,
        "Compute the score from the model, the threshold rule and the test rows that you hand in.",
    )  # fmt: skip


def _metric(brief: Brief, m: Measured) -> _Line:
    limit = f"{listed(brief.limits.floors, 'or')}, and a reason in a sentence"
    argued = len(_WORD.findall(m.reason)) >= WORDS
    given = (
        "a reason is given; whether it is a good one is for a person to judge"
        if argued
        else "no reason is given"
    )
    if m.metric in brief.limits.floors:
        step = (
            ""
            if argued
            else f"Say in a sentence of {WORDS} words or more whom an error hurts, and how the metric sees it."
        )
        return "met" if argued else "partly", f"{m.metric}; {given}", limit, step
    why = brief.unfit.get(m.metric, "it does not answer what the task asks")
    return (
        "missed",
        f"{m.metric} does not fit: {why}",
        limit,
        "Read the task again: whose errors count how much?",
    )


def _held(brief: Brief, m: Measured) -> _Line:
    floor = brief.limits.floors[m.judged_by]
    measured = f"{m.judged_title} {span(m.held)} on {m.held.n} rows"
    limit = f"at least {num(floor, 2)}, the interval's lower end, too"
    if m.held.low >= floor:
        return "met", measured, limit, ""
    if m.held.value >= floor:
        return (
            "partly", measured, limit,
            "The score is above the floor, but so little that other rows might put it below. A little more will do.",
        )  # fmt: skip
    step = "A better model or better thresholds: look at the scores of each class or label first."
    if m.held.high >= floor:
        step = f"Only {points(floor - m.held.value)} are missing. {step}"
    return "missed", measured, limit, step


def _overfit(brief: Brief, m: Measured) -> _Line:
    gap, low, high = m.gap
    measured = (
        f"training {num(m.train.value, 3)}, held back {num(m.held.value, 3)}: {points(gap)} apart "
        f"({num(100 * low, 1)} to {num(100 * high, 1)})"
    )
    limit = f"at most {points(brief.limits.gap)}"
    if m.hidden is not None:
        rows, score, apart = m.hidden
        measured = (
            f"{count(rows, 'row')} that you do not name for training: {num(score, 3)}, held back "
            f"{num(m.held.value, 3)}; {points(apart)} apart, so they were trained on"
        )
        return "missed", measured, limit, "Hand in as `train` all the rows that the model was trained on."
    if gap <= brief.limits.gap:
        return "met", measured, limit, ""
    return (
        "partly" if low <= brief.limits.gap else "missed", measured, limit,
        "Fewer parameters, fewer epochs, dropout or weight decay, or more rows to train on (lesson 11).",
    )  # fmt: skip


def _calibration(brief: Brief, m: Measured) -> _Line:
    measured = (
        f"expected calibration error {num(m.ece, 3)}; Brier score {num(m.brier, 3)}, and {num(m.brier_of_shares, 3)} "
        "for one who knows only how common each label is"
    )
    limit = f"error at most {num(brief.limits.ece, 3)}, and a Brier score below that of the shares"
    if m.brier >= m.brier_of_shares:
        return (
            "missed",
            measured,
            limit,
            "The probabilities say less than the shares alone. Is anything learned?",
        )
    step = "Stop training earlier, or fit a temperature on validation rows (lesson 12). Class weights bend probabilities, too."
    if m.ece <= brief.limits.ece:
        return "met", measured, limit, ""
    return "partly" if m.ece <= 2 * brief.limits.ece else "missed", measured, limit, step


def _size(brief: Brief, m: Measured) -> _Line:
    limit = f"at most {brief.limits.parameters:,} parameters, and the same answers after saving and loading"
    measured = count(m.parameters, "parameter").replace(str(m.parameters), f"{m.parameters:,}")
    small = m.parameters <= brief.limits.parameters
    if small and m.saved:
        return "met", f"{measured}; saved, loaded, same answers", limit, ""
    if not m.saved:
        return (
            "partly" if small else "missed", f"{measured}; {m.saved_why}", limit,
            "Use layers that Keras can save by themselves (lesson 13), and no Lambda.",
        )  # fmt: skip
    return (
        "missed",
        measured,
        limit,
        "Fewer units or layers. Watch the validation score while you take them away.",
    )


def state(criteria: tuple[Criterion, ...]) -> tuple[State, str]:
    """Return whether a rubric is a pass, and why in a sentence."""
    total = sum(c.points for c in criteria)
    by = {c.key: c for c in criteria}
    if by["leak"].reached == "missed":
        return (
            "not passed",
            "The test rows were known before the test, so your own score proves nothing. Mend this first.",
        )
    if by["held-back"].reached == "missed":
        return "not passed", "On rows that nobody had seen, the model does not reach the floor."
    if total < PASS:
        return "not passed", f"{PASS} points are needed. The next steps stand below."
    missed = [c.title for c in criteria if c.reached != "met"]
    if not missed:
        return "passed", "Every criterion is met."
    return "passed", f"There is still something to gain: {listed(f'“{title}”' for title in missed)}."
