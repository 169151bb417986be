"""A training record as plain data, and from it; also from what Keras keeps of a run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse.trace._training_baseline import Baseline
from mlcourse.trace._training_names import LEARNING_RATE
from mlcourse.trace._training_record import Epoch, Fit, Recorder, TrainingRecord
from mlcourse.trace._training_rules import Observation

# JSON knows neither NaN nor infinity; these are the names that float() reads.
_WORDS = {"nan", "inf", "-inf"}


def to_dict(record: TrainingRecord) -> dict[str, Any]:
    """Return the record as dicts, lists, strings and numbers; NaN and infinity as strings."""
    return {
        "kind": "training",
        "digits": record.digits,
        "output_names": list(record.output_names),
        "baseline": None if record.baseline is None else vars(record.baseline).copy(),
        "fits": [vars(fit).copy() for fit in record.fits],
        "epochs": [
            {
                "epoch": e.epoch,
                "metrics": _plain(e.metrics),
                "observation": e.observation,
                "observations": [
                    {"name": o.name, "text": o.text, "evidence": _plain(o.evidence)} for o in e.observations
                ],
                "learning_rate": e.learning_rate,
                "seconds": e.seconds,
            }
            for e in record.epochs
        ],
    }


def from_dict(data: Mapping[str, Any]) -> TrainingRecord:
    """Rebuild a record from what `to_dict` made, `json.loads(json.dumps(...))` between or not."""
    if not isinstance(data, Mapping) or data.get("kind") != "training":
        raise InvalidArgument(
            f"data is {shown(data)}, but must be what a training record's to_dict() returned."
        )
    epochs = tuple(
        Epoch(
            e["epoch"],
            _numbers(e["metrics"]),
            tuple(Observation(o["name"], o["text"], _numbers(o["evidence"])) for o in e["observations"]),
            e["learning_rate"],
            e["seconds"],
        )
        for e in data["epochs"]
    )
    return TrainingRecord(
        epochs,
        tuple(Fit(**fit) for fit in data["fits"]),
        data["digits"],
        None if data["baseline"] is None else Baseline(**data["baseline"]),
        tuple(data["output_names"]),
    )


def from_history(history: Any, *, digits: int = 2) -> TrainingRecord:
    """Make a record of a Keras `History` or a dict of lists."""
    return recorder_from(history, digits=digits).record()


def recorder_from(history: Any, *, digits: int = 2) -> Recorder:
    """Play a Keras `History` or a dict of lists to a recorder, epoch by epoch."""
    columns = getattr(history, "history", history)
    if not isinstance(columns, Mapping):
        raise InvalidType(
            f"history is {shown(history)}, but must be what model.fit returned, "
            "or a dict with one list per metric."
        )
    lists = {str(name): _column(name, values) for name, values in columns.items()}
    length = max(map(len, lists.values()), default=0)
    if not length:
        raise InvalidArgument("history holds no epoch; pass it after model.fit has run.")
    # Keras logs the validation metrics of fit(validation_freq=2) in every second epoch only.
    for name, values in lists.items():
        if len(values) != length and not (name.startswith("val_") and length % max(1, len(values)) == 0):
            raise InvalidArgument(
                f"history has {length} epochs, but {name!r} has {len(values)} values; "
                "every metric needs one value an epoch."
            )
    numbers = list(getattr(history, "epoch", None) or range(length))
    recorder = Recorder(digits)
    recorder.begin_fit(numbers[0] + 1, None)
    for i in range(length):
        logs: dict[str, Any] = {}
        rate = None
        for name, values in lists.items():
            every = length // max(1, len(values))
            if (i + 1) % every == 0:
                if name in LEARNING_RATE:
                    rate = float(values[(i + 1) // every - 1])
                else:
                    logs[name] = values[(i + 1) // every - 1]
        recorder.add(numbers[i] + 1, logs, learning_rate=rate)
    recorder.end_fit()
    return recorder


def _column(name: Any, values: Any) -> Sequence[Any]:
    if isinstance(values, str) or not hasattr(values, "__len__"):
        raise InvalidType(
            f"history[{name!r}] is {shown(values)}, but must be a list with a number for each epoch."
        )
    for value in values:
        if not hasattr(value, "ravel") and (
            isinstance(value, (str, bool)) or not hasattr(value, "__float__")
        ):
            raise InvalidType(f"history[{name!r}] holds {shown(value)}, but must hold numbers.")
    return list(values)


def _plain(numbers: Mapping[str, float]) -> dict[str, Any]:
    return {n: v if math.isfinite(v) else str(float(v)) for n, v in numbers.items()}


def _numbers(data: Mapping[str, Any]) -> dict[str, float]:
    return {n: float(v) if isinstance(v, str) and v in _WORDS else v for n, v in data.items()}
