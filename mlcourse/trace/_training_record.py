"""What a training run leaves behind: its epochs, its calls of `fit`, and what the rules say of each epoch.

Pure data: no Keras, no plot, no display. `Recorder` is the one thing here that
changes; it takes the logs of one epoch after the other and hands out frozen
records.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mlcourse import _errors
from mlcourse.trace import _training_names as names
from mlcourse.trace._training_rules import Observation, Seen, observe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlcourse.trace._training_baseline import Baseline
    from mlcourse.trace._training_compare import Comparison


@dataclass(frozen=True)
class Epoch:
    """One pass over the training data, and what it did to the numbers.

    Attributes
    ----------
    epoch
        Number of the epoch, counted from 1, and on through later calls of `fit`.
    metrics
        What Keras logged: `loss`, `accuracy`, `val_loss`, ... in Keras' names and full precision.
        For the training rows Keras logs the mean over the epoch's batches, during which the
        weights already move; for the validation rows the value at the epoch's end.
    observations
        What the rules say about these numbers; the first one is the most telling.
    learning_rate
        The optimizer's learning rate at the epoch's end; None if unknown.
    seconds
        Time the epoch took, validation included; None if unknown. Never shown in a notebook's
        output, since it differs from run to run.
    """

    epoch: int
    metrics: Mapping[str, float]
    observations: tuple[Observation, ...] = ()
    learning_rate: float | None = None
    seconds: float | None = None

    @property
    def observation(self) -> str:
        """The observations as text for the student."""
        return " ".join(o.text for o in self.observations)


@dataclass(frozen=True)
class Fit:
    """One call of `model.fit`.

    Attributes
    ----------
    first_epoch
        Number of its first epoch, as in `Epoch.epoch`.
    last_planned
        Number of the epoch that would be its last; None if unknown.
    state
        `"running"`, `"finished"`, `"stopped early"` (by a callback or by `model.stop_training`) or
        `"interrupted"` (Ctrl-C, the kernel's stop button, or an error).
    same_model
        Whether it went on with the model of the call before it.
    """

    first_epoch: int
    last_planned: int | None = None
    state: str = "finished"
    same_model: bool = True


@dataclass(frozen=True)
class TrainingRecord:
    """A training run, epoch by epoch: what `trace.Training` records.

    Attributes
    ----------
    epochs
        The finished epochs, in order.
    fits
        The calls of `fit` that made them.
    digits
        Decimals that views show; the rules see the numbers rounded to these decimals too, so that
        a reader can check each observation against the table.
    baseline
        The loss of a model that answers without looking; None where it cannot be computed.
    output_names
        Names of the model's outputs if it has several.
    """

    epochs: tuple[Epoch, ...] = ()
    fits: tuple[Fit, ...] = ()
    digits: int = 2
    baseline: Baseline | None = None
    output_names: tuple[str, ...] = field(default=(), repr=False)

    @property
    def metric_names(self) -> tuple[str, ...]:
        """Names of every logged metric, each beside its validation twin, the loss first."""
        return names.ordered(dict.fromkeys(name for e in self.epochs for name in e.metrics))

    def values(self, name: str) -> list[float | None]:
        """Return one metric over all epochs, rounded as it is shown; None where it was not logged."""
        return [
            None if (value := e.metrics.get(name)) is None else round_to(value, self.digits)
            for e in self.epochs
        ]

    def ascii(self, *, width: int = 60, height: int = 10) -> str:
        """Draw the loss and the metrics with characters, for a terminal.

        Parameters
        ----------
        width, height
            Size of one chart's drawing area in characters, at least 10 × 4.
        """
        from mlcourse.trace._training_text import charts

        width = _errors.whole_number("width", width, least=10)
        return charts(self, width=width, height=_errors.whole_number("height", height, least=4))

    def compare(self, other: Any, *, names: Sequence[str] = ("first", "second")) -> Comparison:
        """Lay this run beside another one.

        Parameters
        ----------
        other
            Another `Training`, `TrainingRecord`, Keras `History` or dict of lists.
        names
            What to call this run and the other one.
        """
        from mlcourse.trace._training_compare import compare

        return compare(self, other, names=names)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain lists, dicts, strings and numbers, ready for `json.dumps`."""
        from mlcourse.trace._training_json import to_dict

        return to_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TrainingRecord:
        """Rebuild a record from what `to_dict` returned."""
        from mlcourse.trace._training_json import from_dict

        return from_dict(data)

    @classmethod
    def from_history(cls, history: Any, *, digits: int = 2) -> TrainingRecord:
        """Make a record of a Keras `History`, or of a dict that holds a list for each metric.

        Raises
        ------
        InvalidType
            If `history` is neither, or holds something else than numbers.
        InvalidArgument
            If it is empty, or its lists are of different length.
        """
        from mlcourse.trace._training_json import from_history

        return from_history(history, digits=digits)

    def __repr__(self) -> str:
        return summary_line(self, "TrainingRecord")

    def __str__(self) -> str:
        from mlcourse.trace._training_text import full_text

        return full_text(self)

    def _repr_html_(self) -> str:
        from mlcourse.trace._training_html import full_html

        return full_html(self)


class Recorder:
    """Collect a run epoch by epoch. The only thing about a trace that changes.

    Parameters
    ----------
    digits
        Decimals to which the rules see the numbers.
    """

    def __init__(self, digits: int = 2) -> None:
        self.digits = digits
        self.baseline: Baseline | None = None
        self.output_names: tuple[str, ...] = ()
        self.epochs: list[Epoch] = []
        self.fits: list[Fit] = []
        self._seen = Seen(digits)
        self._offset = 0

    def begin_fit(self, first: int, planned: int | None, *, same_model: bool = True) -> None:
        """Note that `fit` was called.

        Parameters
        ----------
        first
            The first epoch as Keras counts, plus 1. A number that was recorded already means that
            the student called `fit` again without `initial_epoch`: then the count goes on.
        planned
            The last epoch as Keras counts (its argument `epochs`).
        same_model
            False starts the rules' memory afresh: another model's loss is no loss to compare with.
        """
        self.end_fit("interrupted")
        last = self.epochs[-1].epoch if self.epochs else 0
        self._offset = last if first <= last else 0
        if not same_model:
            self._seen = Seen(self.digits)
        number = first + self._offset
        last_planned = None if planned is None else planned + self._offset
        self.fits.append(Fit(number, last_planned, "running", same_model))

    def add(
        self,
        epoch: int,
        logs: Mapping[str, Any],
        *,
        learning_rate: float | None = None,
        seconds: float | None = None,
    ) -> Epoch:
        """Record one finished epoch (counted as `begin_fit` counts) and return it, observed."""
        if not self.fits:
            self.begin_fit(epoch, None)
        metrics = flat(logs)
        number = epoch + self._offset
        self._seen.add(number, metrics, self.baseline, learning_rate)
        done = Epoch(number, metrics, observe(self._seen), learning_rate, seconds)
        self.epochs.append(done)
        return done

    def end_fit(self, state: str = "finished") -> None:
        """Note how the running call of `fit` ended; nothing happens if none is running."""
        if self.fits and self.fits[-1].state == "running":
            last = self.fits[-1]
            self.fits[-1] = Fit(last.first_epoch, last.last_planned, state, last.same_model)

    def record(self) -> TrainingRecord:
        """Return what was recorded so far."""
        return TrainingRecord(
            tuple(self.epochs), tuple(self.fits), self.digits, self.baseline, self.output_names
        )


def flat(logs: Mapping[str, Any]) -> dict[str, float]:
    """Return Keras' logs as plain floats; a metric with a value per class becomes `name[0]`, `name[1]`, ...

    The learning rate, which Keras' schedules log too, is no metric and is left out.
    """
    found: dict[str, float] = {}
    for name, value in logs.items():
        if name in names.LEARNING_RATE:
            continue
        size = getattr(value, "size", 1)
        if callable(size) or size == 1:  # torch's size is a method; a tensor of one number is a number
            found[name] = float(value)
        else:
            found |= {f"{name}[{i}]": float(v) for i, v in enumerate(value.ravel())}
    return found


def round_to(value: float, digits: int) -> float:
    """Round as views do; NaN and infinity stay what they are, −0.0 becomes 0.0."""
    return round(value, digits) + 0.0 if math.isfinite(value) else value


def summary_line(record: TrainingRecord, kind: str) -> str:
    """Return the record in one short line: `Training(5 epochs, loss 0.26, val_loss 0.28)`."""
    from mlcourse import _text

    parts = [_text.count(len(record.epochs), "epoch")]
    if record.epochs:
        last = record.epochs[-1].metrics
        parts += [f"{n} {_text.num(last[n], record.digits)}" for n in ("loss", "val_loss") if n in last]
    return f"{kind}({', '.join(parts)})"
