"""Rules for the question bank beyond its schema: what makes a question guessable, wrong or too long."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

from mlcourse._content._remark import Remark
from mlcourse.quiz import _bank, _misconceptions
from mlcourse.quiz import _questions as kinds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LONGEST = {"prompt": 900, "choice": 220, "feedback": 420, "explanation": 900}  # characters
GUESSABLE = 0.6  # the share of questions that a rule of thumb may get right
MANY = 6  # so many questions are needed before such a share says anything
SECONDS = 60  # that a snippet may run, on a busy machine too


def check_bank(folder: Path = _misconceptions.BANK) -> list[Remark]:
    """Return what is to be said about every file of the bank."""
    problems = _bank.check(folder)
    remarks = [
        Remark("error", p.file, str(p).removeprefix(f"{p.file}, ").removeprefix(f"{p.file}: "))
        for p in problems
    ]
    broken = {p.file for p in problems}
    used: set[str] = set()
    for name in _bank.names(folder):
        if f"{name}.yaml" in broken or any(file.startswith("misconceptions") for file in broken):
            continue
        quiz = _bank.load(name, folder=folder)
        used |= {belief for question in quiz.all for _, belief in question.misconceptions()}
        for question in quiz.all:
            remarks += check_question(question)
        remarks += check_guessable(name, [q for q in quiz.all if isinstance(q, kinds.SingleChoice)])
    if not problems and folder == _misconceptions.BANK:
        remarks += _unused(used | _of_exercises())
    return remarks


def _of_exercises() -> set[str]:
    from mlcourse.practice._bank import everything

    return {
        mistake.misconception for task in everything() for mistake in task.mistakes if mistake.misconception
    }


def _unused(used: set[str]) -> Iterator[Remark]:
    for belief in _misconceptions.misconceptions():
        if belief not in used:
            yield Remark("warning", "misconceptions", f"{belief} is betrayed by no answer of the course.")


def check_question(question: kinds.Question) -> Iterator[Remark]:
    """Yield what is to be said about one question."""
    where = f"question {question.id}"
    for part, text in _texts(question):
        if len(text) > LONGEST[part]:
            yield Remark(
                "warning", where, f"a {part} has {len(text)} characters; {LONGEST[part]} are plenty."
            )
    if isinstance(question, kinds.SingleChoice | kinds.SeveralAnswers):
        told = Counter(choice.feedback for choice in question.choices)
        if max(told.values()) > 1:
            yield Remark("error", where, "two choices have the same feedback; each wrong idea needs its own.")
    if isinstance(question, kinds.FillBlank):
        yield from _compiles(where, question.filled())
    if isinstance(question, kinds.Output):
        yield from _prints(where, question)


def _texts(question: kinds.Question) -> Iterator[tuple[str, str]]:
    yield "prompt", question.prompt
    yield "explanation", question.explanation
    for choice in getattr(question, "choices", ()):
        yield "choice", choice.text
        yield "feedback", choice.feedback


def _compiles(where: str, code: str) -> Iterator[Remark]:
    try:
        compile(code, "<question>", "exec")
    except SyntaxError as error:
        yield Remark("error", where, f"its code is no Python once the blanks are filled: {error.msg}.")


def _prints(where: str, question: kinds.Output) -> Iterator[Remark]:
    command = [sys.executable, "-W", "ignore", "-c", question.code]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        yield Remark("error", where, f"its code runs longer than {SECONDS} seconds.")
        return
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        yield Remark("error", where, f"its code fails: {last}.")
    elif not question.grade(done.stdout).correct:
        yield Remark(
            "error", where, f"its code prints {done.stdout.strip()!r}, not {question.answer.strip()!r}."
        )


def check_guessable(name: str, questions: Iterable[kinds.SingleChoice]) -> Iterator[Remark]:
    """Yield a remark if always the same place, or always the longest choice, gets too many right."""
    asked = list(questions)
    if len(asked) < MANY:
        return
    places = Counter(next(i for i, c in enumerate(q.choices) if c.right) for q in asked)
    place, often = places.most_common(1)[0]
    if often > GUESSABLE * len(asked):
        yield Remark(
            "warning", name, f"{often} of {len(asked)} right answers stand at place {'ABCDEFGH'[place]}."
        )
    longest = sum(max(q.choices, key=lambda c: len(c.text)).right for q in asked)
    if longest > GUESSABLE * len(asked):
        yield Remark("warning", name, f"{longest} of {len(asked)} right answers are the longest choice.")
