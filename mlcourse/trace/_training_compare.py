"""Two training runs side by side: which was lower at the end, and by how much."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlcourse import _text
from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse.trace import _training_names as metric_names
from mlcourse.trace._training_record import TrainingRecord, round_to

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Difference:
    """One metric at the end of both runs.

    Attributes
    ----------
    metric
        Keras' name.
    values
        The last value that each run logged, rounded as shown.
    epochs
        The epoch each stems from.
    text
        The comparison in words.
    """

    metric: str
    values: tuple[float, float]
    epochs: tuple[int, int]
    text: str


@dataclass(frozen=True)
class Comparison:
    """Two runs and how they differ at their ends.

    Attributes
    ----------
    runs
        The two records.
    names
        What they are called.
    differences
        One for each metric that both logged, the loss first.
    """

    runs: tuple[TrainingRecord, TrainingRecord]
    names: tuple[str, str]
    differences: tuple[Difference, ...]

    @property
    def text(self) -> str:
        """The differences as text."""
        return " ".join(d.text for d in self.differences) or "The two runs have no metric in common."

    @property
    def digits(self) -> int:
        """Decimals shown: those of the run that shows fewer."""
        return min(run.digits for run in self.runs)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, ready for `json.dumps`."""
        return {
            "kind": "training comparison",
            "names": list(self.names),
            "runs": [run.to_dict() for run in self.runs],
            "text": self.text,
        }

    def __repr__(self) -> str:
        one, two = self.runs
        return (
            f"Comparison({self.names[0]}: {_text.count(len(one.epochs), 'epoch')}, "
            f"{self.names[1]}: {_text.count(len(two.epochs), 'epoch')})"
        )

    def __str__(self) -> str:
        from mlcourse.trace._training_compare_view import full_text

        return full_text(self)

    def _repr_html_(self) -> str:
        from mlcourse.trace._training_compare_view import full_html

        return full_html(self)


def compare(one: TrainingRecord, other: Any, *, names: Sequence[str]) -> Comparison:
    """Compare a record with anything that is, or can be made, a record."""
    two = as_record(other, one.digits)
    pair = tuple(map(str, names)) if not isinstance(names, str) else ()
    if len(pair) != 2 or pair[0] == pair[1]:
        raise InvalidArgument(f"names is {shown(names)}, but must be two different names, one for each run.")
    for name, run in zip(pair, (one, two), strict=True):
        if not run.epochs:
            raise InvalidArgument(f"The {name} run holds no finished epoch, so there is nothing to compare.")
    digits = min(one.digits, two.digits)
    shared = [m for m in one.metric_names if m in two.metric_names]
    differences = tuple(_difference(m, (one, two), (pair[0], pair[1]), digits) for m in shared)
    return Comparison((one, two), (pair[0], pair[1]), differences)


def as_record(other: Any, digits: int) -> TrainingRecord:
    """Return the record in `other`, or make one of it."""
    found = getattr(other, "record", other)
    if isinstance(found, TrainingRecord):
        return found
    if isinstance(other, dict) or isinstance(getattr(other, "history", None), dict):
        return TrainingRecord.from_history(other, digits=digits)
    raise InvalidType(
        f"other is {shown(other)}, but must be another trace.Training, or what model.fit returned."
    )


def last_value(run: TrainingRecord, metric: str) -> tuple[int, float]:
    """Return the last epoch that logged a metric, and its value."""
    return next((e.epoch, e.metrics[metric]) for e in reversed(run.epochs) if metric in e.metrics)


def _difference(
    metric: str, runs: tuple[TrainingRecord, TrainingRecord], names: tuple[str, str], digits: int
) -> Difference:
    ends = [last_value(run, metric) for run in runs]
    a, b = (round_to(value, digits) for _, value in ends)
    outputs = runs[0].output_names
    what = metric_names.heading(metric, outputs)
    what = what[0].upper() + what[1:]
    both = f"{_text.num(a, digits)} against {_text.num(b, digits)}"
    if not (math.isfinite(a) and math.isfinite(b)):
        text = f"{what}: {both}."
    elif a == b:
        text = f"{what}: both end at {_text.num(a, digits)}."
    else:
        winner, loser = (names[0], names[1]) if a < b else (names[1], names[0])
        gap = _text.num(abs(a - b), digits)
        better = metric_names.higher_is_better(metric)
        verdict = ""
        if better is not None:
            verdict = f", so “{loser if better else winner}” is better here"
        text = f"{what}: “{winner}” ends {gap} lower than “{loser}” ({both}){verdict}."
    return Difference(metric, (a, b), (ends[0][0], ends[1][0]), text)
