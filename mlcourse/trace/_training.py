"""The callback that carries Keras' numbers into a training record, and shows it live.

The only file of the training trace that imports Keras: a callback must be one
of Keras' own kind.
"""

from __future__ import annotations

import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

import keras

from mlcourse import _errors, _text
from mlcourse.trace import _training_live
from mlcourse.trace._training_baseline import Baseline, baseline
from mlcourse.trace._training_names import LEARNING_RATE
from mlcourse.trace._training_record import Epoch, Recorder, TrainingRecord, summary_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

    from mlcourse.trace._training_compare import Comparison


class Training(keras.callbacks.Callback):  # type: ignore[misc] # Keras ships no types
    """Record every epoch of `model.fit`, say what its numbers mean, and show it live.

    Pass it to `fit`, and look at it afterwards as often as you like. One object
    may watch several calls of `fit`, one after the other: the epochs are then
    counted on. An interrupted `fit` keeps the epochs that were finished.

    Parameters
    ----------
    live
        Show the run while it runs: curves and a table in a notebook, one line for each epoch in a
        terminal. Give `verbose=0` to `fit`, or Keras writes its own lines besides.
    digits
        Decimals shown. The observations are made from the numbers as shown.

    Examples
    --------
    >>> training = trace.Training(live=True)  # doctest: +SKIP
    >>> model.fit(X, y, epochs=5, validation_split=0.2, verbose=0, callbacks=[training])  # doctest: +SKIP
    >>> training.epochs[0].observation  # doctest: +SKIP
    'Loss 0.55, answering 0.5 for every label would give log(2) = 0.69: starts learning.'
    """

    def __init__(self, live: bool = True, *, digits: int = 2) -> None:  # noqa: FBT001, FBT002 - Training(True) reads
        super().__init__()
        if not isinstance(live, bool):
            raise _errors.InvalidType(f"live is {_errors.shown(live)}, but must be True or False.")
        self._recorder = Recorder(_errors.whole_number("digits", digits, least=0, most=10))
        self._live: bool | None = live
        self._view: _training_live.Live | None = None
        self._model_seen: weakref.ref[Any] | None = None
        self._thread = 0
        self._started: float | None = None
        self._new_fit = False
        self._same_model = True

    @classmethod
    def from_history(cls, history: Any, *, digits: int = 2) -> Training:
        """Make a trace of a run that is over, from what `fit` returned or a dict of lists.

        Parameters
        ----------
        history
            A Keras `History`, or its `.history`: a dict with one list of numbers per metric.
        digits
            Decimals shown.
        """
        from mlcourse.trace._training_json import recorder_from

        made = cls(live=False, digits=digits)
        made._recorder = recorder_from(history, digits=made._recorder.digits)
        return made

    # --- what was recorded ---

    @property
    def record(self) -> TrainingRecord:
        """What was recorded so far, frozen."""
        self._notice_interruption()
        return self._recorder.record()

    @property
    def epochs(self) -> tuple[Epoch, ...]:
        """The finished epochs: each has `.epoch`, `.metrics` and `.observation`."""
        return tuple(self._recorder.epochs)

    def ascii(self, *, width: int = 60, height: int = 10) -> str:
        """Draw the loss and the metrics with characters, for a terminal.

        Parameters
        ----------
        width, height
            Size of one chart's drawing area in characters, at least 10 × 4.
        """
        return self.record.ascii(width=width, height=height)

    def compare(self, other: Any, *, names: Sequence[str] = ("first", "second")) -> Comparison:
        """Lay this run beside another one.

        Parameters
        ----------
        other
            Another `Training`, a `TrainingRecord`, a Keras `History` or a dict of lists.
        names
            What to call this run and the other one.
        """
        return self.record.compare(other, names=names)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain lists, dicts, strings and numbers, ready for `json.dumps`."""
        return self.record.to_dict()

    def __repr__(self) -> str:
        return summary_line(self._recorder.record(), "Training")

    def __str__(self) -> str:
        return str(self.record)

    def _repr_html_(self) -> str:
        return self.record._repr_html_()

    # --- what Keras calls ---

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Note that `fit` begins."""
        self._notice_interruption()
        self._recorder.end_fit("interrupted")
        if not self._new_fit:  # listed twice in `callbacks`, it is told twice
            self._same_model = self._model_seen is None or self._model_seen() is self.model
        self._model_seen = weakref.ref(self.model)
        self._thread = threading.get_ident()
        self._new_fit = True
        # Keras announces the first epoch only when it begins; a fit of no epoch is none.
        self._view = _training_live.choose() if self._live else None

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Start the clock; before the first epoch, say what is about to run."""
        if self._new_fit:
            self._new_fit = False
            planned = self.params.get("epochs")
            self._recorder.begin_fit(epoch + 1, planned, same_model=self._same_model)
            if self._view is not None:
                _training_live.after_cell(self._notice_interruption)
                self._view.begin(self._announcement())
        self._started = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Record the epoch and show it."""
        if self._started is None:
            return  # listed twice in `callbacks`: this epoch is recorded already
        seconds, self._started = time.perf_counter() - self._started, None
        if not self._recorder.epochs or not self._same_model:
            # Only now is a model surely built that takes its shape from the data.
            self._recorder.baseline = _baseline(self.model)
            self._recorder.output_names = _output_names(self.model)
        logs = logs or {}
        done = self._recorder.add(
            epoch + 1, logs, learning_rate=_learning_rate(self.model, logs), seconds=seconds
        )
        if self._view is not None:
            self._view.epoch(self._recorder.record, done)

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Note how `fit` ended and show the whole run."""
        if self._new_fit:
            self._new_fit = False
            return
        fit = self._recorder.fits[-1]
        done = self._recorder.epochs[-1].epoch if self._recorder.epochs else 0
        early = fit.last_planned is not None and done < fit.last_planned
        self._close("stopped early" if early else "finished")

    # --- what Keras does not say ---

    def _notice_interruption(self) -> None:
        """Close a fit that is over without having said so, as after Ctrl-C or an error."""
        fits = self._recorder.fits
        if fits and fits[-1].state == "running" and not self._inside_fit():
            self._close("interrupted")

    def _inside_fit(self) -> bool:
        """Tell whether `fit` still runs: in this thread it then stands on the stack."""
        if threading.get_ident() != self._thread:
            return any(t.ident == self._thread for t in threading.enumerate())
        # The one way to know: Keras calls nobody when it is interrupted.
        frame: FrameType | None = sys._getframe()  # noqa: SLF001
        while frame is not None:
            if frame.f_code.co_name == "fit" and frame.f_locals.get("self") is self.model:
                return True
            frame = frame.f_back
        return False

    def _close(self, state: str) -> None:
        self._recorder.end_fit(state)
        if self._view is not None:
            self._view.end(self._recorder.record())
            self._view = None

    def _announcement(self) -> str:
        """Say in one line what is about to run, from what is known before it runs."""
        fit = self._recorder.fits[-1]
        if fit.last_planned is None:
            return f"Training from epoch {fit.first_epoch} on"
        number = _text.count(fit.last_planned - fit.first_epoch + 1, "epoch")
        which = f" ({fit.first_epoch} to {fit.last_planned})" if fit.first_epoch > 1 else ""
        steps = self.params.get("steps")
        each = f" of {_text.count(steps, 'batch', 'batches')}" if isinstance(steps, int) else ""
        return f"Training for {number}{which}{each}"


def _baseline(model: Any) -> Baseline | None:
    """Return what guessing costs, where the model's loss is one known loss of one output and nothing else."""
    loss = getattr(model, "loss", None)
    if isinstance(loss, (list, tuple)) and len(loss) == 1:
        loss = loss[0]
    if isinstance(loss, dict) and len(loss) == 1:
        loss = next(iter(loss.values()))
    try:
        shape = model.output_shape
        penalties = len(model.losses)
    except (AttributeError, RuntimeError, ValueError):
        return None  # a subclassed model that does not know its output's shape
    # A penalty on weights is added to the loss, so guessing would cost more than the formula says.
    if penalties or not isinstance(shape, tuple) or isinstance(shape[-1], tuple):
        return None
    return baseline(loss, shape[-1])


def _output_names(model: Any) -> tuple[str, ...]:
    """Return the names of a model's outputs if it has several."""
    names = tuple(map(str, getattr(model, "output_names", None) or ()))
    return names if len(names) > 1 else ()


def _learning_rate(model: Any, logs: Mapping[str, Any]) -> float | None:
    """Return the rate that a callback logged, or else the optimizer's."""
    for name in LEARNING_RATE:
        if name in logs:
            return float(logs[name])
    try:
        return float(model.optimizer.learning_rate)
    except (AttributeError, TypeError, ValueError):
        return None  # an optimizer of the student's own may have none
