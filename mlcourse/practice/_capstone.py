"""The capstone in the notebook: a task to choose, its rows, and `.check(...)`, which examines and records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse import _errors

if TYPE_CHECKING:
    from mlcourse.datasets import Dataset
    from mlcourse.practice._capstone_records import Brief, Verdict

CHAPTER = "15"


class Capstone:
    """One task of the capstone: `.data` are the rows to work with, `.check(...)` examines a hand-in."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief

    @property
    def name(self) -> str:
        """`"materials"`, `"articles"` or `"scenes"`."""
        return self._brief.name

    @property
    def data(self) -> Dataset:
        """The rows to work with; the rows held back are others."""
        return self._brief.make()[0]

    @property
    def metrics(self) -> dict[str, float]:
        """The metrics that fit the task, each with the floor to reach on held-back rows."""
        return dict(self._brief.limits.floors)

    def check(
        self,
        *,
        model: Any,
        threshold: Any,
        metric: str,
        reason: str,
        train: Any,
        test: Any,
        score: Any,
        validation: Any = None,
        tuned_on: str | None = "validation",
        preprocess: Any = None,
        training: Any = None,
        flow: Any = None,
        name: str = "",
        seconds: float = 120.0,
        progress: bool = True,
        record: bool = True,
    ) -> Verdict:
        """Examine a hand-in on rows that were never handed out, and return the verdict.

        Parameters
        ----------
        model
            A compiled, trained Keras model. It takes raw rows, or what `preprocess` makes of them,
            and returns probabilities.
        threshold
            `"argmax"` (one class a row); a number from 0 to 1, or one for each label.
        metric, reason
            The metric you chose, such as `"macro_f1"`, and why, in a sentence.
        train, validation, test
            The rows of `data` that were used for what: numbers, a mask, or a `Dataset`.
        score
            Your own test score by that metric, from 0 to 1.
        tuned_on
            Which of the three the thresholds were chosen on; None if on none.
        preprocess
            A function from raw rows to what the model takes.
        training
            A `trace.Training` of your fit, for the report.
        flow
            A `trace.data_flow`, for the report.
        name
            Your name, for the report; it goes nowhere else.
        seconds
            How long the examination may take.
        progress
            Whether to print each step as it begins.
        record
            Whether the outcome goes into your record.

        Returns
        -------
        Verdict
            Its `.criteria`, `.points`, `.passed`; `.save("capstone.html")` writes the report. What is
            wrong with a hand-in is told by its `.message`; nothing is raised.
        """
        from mlcourse.practice._capstone_examine import examine

        seconds = _errors.number("seconds", seconds, low=0.1, high=3600)
        given = {
            "model": model, "threshold": threshold, "metric": metric, "reason": reason, "train": train,
            "validation": validation, "test": test, "score": score, "tuned_on": tuned_on,
            "preprocess": preprocess, "training": training, "flow": flow, "name": name,
        }  # fmt: skip
        verdict = examine(self._brief, given, seconds=seconds, progress=progress)
        if record and verdict.state != "not attempted":
            self._record(verdict)
        return verdict

    def _record(self, verdict: Verdict) -> None:
        from mlcourse import progress

        score = verdict.points / 100 if verdict.criteria else 0.0
        # A score of 1 means done; below it, passed or not, stands in the answer.
        told = {
            "state": verdict.state,
            "points": verdict.points,
            "missed": [c.key for c in verdict.criteria if c.reached == "missed"],
        }
        progress.record(
            f"{CHAPTER}-capstone-{self.name}", kind="experiment", chapter=CHAPTER, mode="experiment",
            score=1.0 if verdict.passed else min(score, 0.99), answer=told,
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"Capstone {self.name}: {self._brief.title}"

    def __str__(self) -> str:
        from mlcourse.practice import _capstone_view

        return _capstone_view.task_text(self._brief)

    def _repr_html_(self) -> str:
        from mlcourse.practice import _capstone_view

        return _capstone_view.task_html(self._brief)


class Choice:
    """The three tasks side by side, to choose from."""

    def __repr__(self) -> str:
        from mlcourse.practice._capstone_tasks import BRIEFS

        return f"Capstone: choose one of {', '.join(BRIEFS)}"

    def __str__(self) -> str:
        from mlcourse.practice import _capstone_view

        return _capstone_view.choice_text()

    def _repr_html_(self) -> str:
        from mlcourse.practice import _capstone_view

        return _capstone_view.choice_html()


def capstone(name: Any = None) -> Capstone | Choice:
    """Return a task of the capstone; without a name, the three to choose from.

    Parameters
    ----------
    name
        `"materials"` (one class a row), `"articles"` (several labels a row) or `"scenes"` (pictures
        with several labels).

    Raises
    ------
    InvalidArgument, InvalidType
        If there is no such task.
    """
    from mlcourse.practice._capstone_tasks import BRIEFS

    if name is None or name is Ellipsis:
        return Choice()
    if not isinstance(name, str):
        raise _errors.InvalidType(f"name is {_errors.shown(name)}, but must be one of {', '.join(BRIEFS)}.")
    if name not in BRIEFS:
        raise _errors.unknown("capstone", name, BRIEFS)
    return Capstone(BRIEFS[name])
