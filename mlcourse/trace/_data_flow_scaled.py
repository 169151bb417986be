"""The five stages of the course's own pipeline: raw, split, scaled, training and evaluation data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, one_of, shown
from mlcourse._text import count, num, shape
from mlcourse.datasets import Dataset
from mlcourse.trace._data_flow import DataFlow
from mlcourse.trace._data_flow_records import Array, Stage

SCALERS = ("minmax", "standard", None)


def trace(
    dataset: Dataset, *, test_size: float, seed: int, scaler: str | None, stacklevel: int = 3
) -> DataFlow:
    """Split, fit the scaler on the training rows, scale both sides, and record each stage."""
    if not isinstance(dataset, Dataset):
        raise InvalidType(f"dataset is {shown(dataset)}, but must be a Dataset.")
    one_of("scaler", scaler, SCALERS)
    missing = int((~np.isfinite(dataset.X)).sum()) if dataset.X.dtype.kind == "f" else 0
    if missing:
        raise InvalidArgument(
            f"X holds {count(missing, 'value')} that {'is' if missing == 1 else 'are'} missing (NaN) or infinite; "
            "fill or drop them first."
        )
    rows, held = dataset._split_rows(test_size, seed, stacklevel=stacklevel + 1)  # noqa: SLF001 - same package
    raw_train, raw_test = dataset.take(rows), dataset.take(held)
    scale = _fitted(scaler, raw_train.X)
    train, test = (replace(side, X=scale(side.X)) for side in (raw_train, raw_test))
    first, other = int(rows[0]), int(held[0])
    raw, scaled = dataset.X[first], train.X[0]
    stages = (
        Stage(
            "raw data",
            f"{count(dataset.n_samples, 'row')} as they came. Nothing has been learned from them yet.",
            dataset.X.shape,
            dataset.X.shape,
            raw,
            raw,
            first,
            evidence=f"Values lie from {num(float(dataset.X.min()))} to {num(float(dataset.X.max()))}.",
        ),
        Stage(
            "train/test split",
            f"{count(train.n_samples, 'row')} to train on, {test.n_samples} held back, each "
            f"{'label' if dataset.task == 'multilabel' else 'class'} in the same share on both sides. The split comes "
            "before anything is learned from the values.",
            dataset.X.shape,
            train.X.shape,
            raw,
            raw,
            first,
            shape_aside=test.X.shape,
        ),
        Stage(
            "preprocessing",
            _ACTION[scaler].format(n=train.n_samples),
            train.X.shape,
            train.X.shape,
            scaled,
            raw,
            first,
            evidence=_would_have_leaked(scaler, raw_train.X, dataset.X),
        ),
        Stage(
            "training data",
            f"What model.fit gets: these rows with their labels ({shape(train.y.shape)}).",
            train.X.shape,
            train.X.shape,
            scaled,
            scaled,
            first,
            evidence=_summary(scaler, train.X),
        ),
        Stage(
            "evaluation data",
            f"What model.evaluate gets: the rows held back, with their labels ({shape(test.y.shape)})"
            + (", scaled by what the training rows taught (transform, never fit)." if scaler else "."),
            test.X.shape,
            test.X.shape,
            test.X[0],
            dataset.X[other],
            other,
            evidence=_summary(scaler, test.X) + _outside(scaler, test.X),
        ),
    )
    return DataFlow(stages, train=train, test=test)


_ACTION = {
    "minmax": "MinMaxScaler.fit on the {n} training rows alone: it remembers each feature's smallest and largest "
    "value. Then transform maps them to 0 and 1.",
    "standard": "StandardScaler.fit on the {n} training rows alone: it remembers each feature's mean and standard "
    "deviation. Then transform subtracts the one and divides by the other.",
    None: "No scaler was asked for: the values go on as they are.",
}


def _fitted(scaler: str | None, X: Array) -> Any:
    """Return a function that scales rows of any rank by what `X` alone teaches."""
    if scaler is None:
        return lambda rows: rows
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    fitted = (MinMaxScaler if scaler == "minmax" else StandardScaler)().fit(X.reshape(len(X), -1))

    def scale(rows: Array) -> Array:
        return np.asarray(fitted.transform(rows.reshape(len(rows), -1))).reshape(rows.shape)

    return scale


def _would_have_leaked(scaler: str | None, train: Array, everything: Array) -> str:
    """Say how many features a scaler fitted on all rows would have learned differently."""
    if scaler is None:
        return ""
    a, b = train.reshape(len(train), -1), everything.reshape(len(everything), -1)
    held = len(b) - len(a)
    if scaler == "minmax":
        changed = int(((a.min(axis=0) != b.min(axis=0)) | (a.max(axis=0) != b.max(axis=0))).sum())
        what = "range"
    else:
        changed = int((~np.isclose(a.mean(axis=0), b.mean(axis=0))).sum())
        what = "mean"
    return (
        f"Fitted on all {len(b)} rows it would have learned another {what} for {changed} of "
        f"{count(a.shape[1], 'feature')}, from the {count(held, 'row')} that must stay unseen."
    )


def _summary(scaler: str | None, X: Array) -> str:
    """Say in numbers what the scaled values look like."""
    if scaler == "standard":
        flat = X.reshape(len(X), -1)
        means, stds = flat.mean(axis=0), flat.std(axis=0)
        return (
            f"Features have means from {num(float(means.min()))} to {num(float(means.max()))} and standard "
            f"deviations from {num(float(stds.min()))} to {num(float(stds.max()))}."
        )
    return f"Values lie from {num(float(X.min()))} to {num(float(X.max()))}."


def _outside(scaler: str | None, X: Array) -> str:
    """Say how many evaluation values fall outside the training rows' range."""
    if scaler != "minmax":
        return ""
    # The scaler's own rounding puts a training maximum at 1.0000000000000002.
    outside = int(((X < -1e-9) | (X > 1 + 1e-9)).sum())
    return f" {outside} of {X.size} fall outside 0 to 1, as values of new rows may."
