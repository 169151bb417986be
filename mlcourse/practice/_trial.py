"""Checks an answer to an experiment: measures it on hidden data and compares with every target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse import _text
from mlcourse.practice._check import answer_of
from mlcourse.practice._explain import explained
from mlcourse.practice._records import CannotMeasure, Experiment, Met, Outcome
from mlcourse.practice._run import run

if TYPE_CHECKING:
    from collections.abc import Mapping

DIGITS = {"percent": 3, "whole": 0, "number": 3}  # as shown: 87.5 %, 204, 0.031


def measured(experiment: Experiment, figures: Mapping[str, float]) -> tuple[Met, ...]:
    """Return every condition with its figure, rounded as it is shown, so that what is judged is what is seen."""
    return tuple(Met(c, round(float(figures[c.measured]), DIGITS[c.style])) for c in experiment.conditions)


def check(experiment: Experiment, given: Any, *, seconds: float | None = None) -> Outcome:
    """Return what the measurement finds.

    Parameters
    ----------
    experiment
        What was asked.
    given
        The student's answer, or code as a text that makes it.
    seconds
        How long measuring may take; the experiment's own limit if left out.
    """
    seconds = experiment.limit if seconds is None else seconds
    answer, outcome = answer_of(experiment, given, seconds)
    if outcome is not None:
        return outcome
    if answer is Ellipsis or (isinstance(answer, tuple | list) and any(part is Ellipsis for part in answer)):
        return Outcome(
            "not attempted",
            "This is still the starter. Put your own code where `...` stands, run the cell, and check again.",
        )
    ran = run(lambda: experiment.measure(answer), seconds)
    if ran.raised is not None:
        error = ran.raised.error
        if isinstance(error, CannotMeasure):
            return Outcome("cannot check", str(error))
        return Outcome("cannot check", explained(ran.raised, seconds), error=type(error).__name__)
    conditions = measured(experiment, ran.value)
    if all(c.met for c in conditions):
        return Outcome("correct", experiment.explanation, conditions=conditions)
    mistake = next((m for m in experiment.mistakes if m.sign and m.sign(ran.value)), None)
    if mistake is not None:
        return Outcome(
            "incorrect", mistake.feedback, mistake.id, mistake.misconception, conditions=conditions
        )
    missing = _text.listed(c.condition.text for c in conditions if not c.met)
    return Outcome("incorrect", f"Still open: {missing}.", conditions=conditions)
