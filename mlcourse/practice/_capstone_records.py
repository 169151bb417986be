"""What a capstone task is, what an examination measures, and its verdict: frozen records, no logic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np

    from mlcourse.datasets import Dataset

Reached = Literal["met", "partly", "missed"]
State = Literal["passed", "not passed", "not attempted", "cannot check"]
PASS = 70  # points, of 100


@dataclass(frozen=True)
class Limits:
    """The figures that a task asks for.

    Attributes
    ----------
    floors
        The metrics that fit the task, each with the score to reach on held-back rows.
    gap
        By how much the training score may lie above the held-back one.
    ece
        The largest expected calibration error.
    parameters
        The largest number of parameters.
    luck
        How far a test score may lie above the held-back one beyond chance before it is
        called a leak. Above 0 where rows of one group resemble each other more than the
        bootstrap, which draws rows, can know.
    """

    floors: Mapping[str, float]
    gap: float = 0.06
    ece: float = 0.05
    parameters: int = 10_000
    luck: float = 0.0


@dataclass(frozen=True)
class Brief:
    """One of the data sets to choose from: its story, its limits, and how its rows are made.

    Attributes
    ----------
    name, title
        `"articles"` and a heading.
    story
        What it is for and which errors hurt, Markdown.
    unfit
        Metrics that a student may think of, each with the reason why it does not fit, Markdown.
    make
        Returns the rows to work with and the rows held back.
    """

    name: str
    title: str
    story: str
    limits: Limits
    unfit: Mapping[str, str]
    make: Callable[[], tuple[Dataset, Dataset]]


@dataclass(frozen=True)
class Interval:
    """A score with the interval that chance leaves open.

    Attributes
    ----------
    value, low, high
        From 0 to 1, rounded to three decimals.
    n
        Number of rows it was measured on.
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Leak:
    """A way in which the test rows were known before the test, with what shows it."""

    code: str
    evidence: str
    fix: str


@dataclass(frozen=True)
class Criterion:
    """One line of the rubric.

    Attributes
    ----------
    key, title
        Name for programs, and for people.
    points, of
        Points given, and the most there are.
    reached
        `"met"`, `"partly"` or `"missed"`.
    measured, limit
        What was found and what was wanted, plain text.
    next_step
        What to do, plain text; empty if it was met.
    """

    key: str
    title: str
    points: int
    of: int
    reached: Reached
    measured: str
    limit: str
    next_step: str = ""


@dataclass(frozen=True, eq=False)
class Shown:
    """What the report draws: arrays and traces, none of them used for the verdict.

    Attributes
    ----------
    y, P, H
        Truth, probabilities and answers for the student's own test rows.
    examples
        A heading and a `PredictionTrace` (or the reason why there is none) for each example.
    training, flow
        The student's own traces, if handed in.
    size
        Bytes of the saved model, or None.
    """

    y: np.ndarray[Any, Any]
    P: np.ndarray[Any, Any]
    H: np.ndarray[Any, Any]
    thresholds: tuple[float, ...]
    class_names: tuple[str, ...]
    multilabel: bool
    examples: tuple[tuple[str, Any], ...] = ()
    training: Any = None
    flow: Any = None
    size: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What the examiner says about a hand-in.

    Attributes
    ----------
    state : str
        `"passed"`, `"not passed"`, `"not attempted"` or `"cannot check"`.
    message : str
        What that means, Markdown.
    criteria : tuple of Criterion
        The rubric; empty if nothing could be measured.
    scores : dict of str to Interval
        The metric on `"train"`, `"test"` (the student's own) and `"held back"` rows.
    leaks : tuple of Leak
        What gave the test rows away.
    metric, reason, name : str
        As handed in.
    """

    task: str
    title: str
    state: State
    message: str
    criteria: tuple[Criterion, ...] = ()
    scores: Mapping[str, Interval] = field(default_factory=dict)
    leaks: tuple[Leak, ...] = ()
    notes: tuple[str, ...] = ()
    metric: str = ""
    reason: str = ""
    name: str = ""
    shown: Shown | None = field(default=None, repr=False, compare=False)

    @property
    def points(self) -> int:
        """The points of all criteria together."""
        return sum(c.points for c in self.criteria)

    @property
    def of(self) -> int:
        """The most points there are."""
        return sum(c.of for c in self.criteria)

    @property
    def passed(self) -> bool:
        """Whether the capstone is passed."""
        return self.state == "passed"

    def __getitem__(self, key: str) -> Criterion:
        """Return the criterion called `key`; an unknown name is an `InvalidArgument`."""
        from mlcourse import _errors

        for criterion in self.criteria:
            if criterion.key == key:
                return criterion
        raise _errors.unknown("criterion", key, [c.key for c in self.criteria])

    @property
    def html(self) -> str:
        """The whole report, an HTML page that needs no network, no script and no other file."""
        from mlcourse.practice import _capstone_report

        text: str = _capstone_report.page(self)
        return text

    def save(self, path: str | os.PathLike[str], *, replace: bool = False) -> Path:
        """Write the report to a file, to print it or hand it in.

        Parameters
        ----------
        path
            A name that ends in ``.html``.
        replace
            Whether a file that is there may be replaced.

        Raises
        ------
        InvalidArgument, InvalidType
            If the file cannot be written, or exists and `replace` is not True.
        """
        from mlcourse.practice import _capstone_report

        written: Path = _capstone_report.save(self, path, replace=replace)
        return written

    def __repr__(self) -> str:
        score = f", {self.points} of {self.of} points" if self.criteria else ""
        return f"Verdict({self.task!r}: {self.state}{score})"

    def __str__(self) -> str:
        from mlcourse.practice import _capstone_view

        return _capstone_view.verdict_text(self)

    def _repr_html_(self) -> str:
        from mlcourse.practice import _capstone_view

        return _capstone_view.verdict_html(self)
