"""The five stages of the course's own pipeline: raw, split, scaled, training and evaluation data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, one_of
from mlcourse._text import count, num, shape
from mlcourse.datasets import Dataset
from mlcourse.trace import _data_flow_rows as rows_of
from mlcourse.trace._data_flow import DataFlow
from mlcourse.trace._data_flow_records import Stage

if TYPE_CHECKING:
    from mlcourse.trace._data_flow_rows import Array

SCALERS = ("minmax", "standard", None)

_ACTION = {
    "minmax": "MinMaxScaler.fit on the {n} training rows alone: it remembers each feature's smallest and "
    "largest value. Then transform maps them to 0 and 1.",
    "standard": "StandardScaler.fit on the {n} training rows alone: it remembers each feature's mean and "
    "standard deviation. Then transform subtracts the one and divides by the other.",
    None: "No scaler was asked for: the values go on as they are.",
}


@dataclass(frozen=True, eq=False)
class _Sides:
    """Both sides before scaling, and where their first rows stand in the raw data."""

    train: Dataset
    test: Dataset
    how: str
    first: int | None = None
    other: int | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.train.n_samples + self.test.n_samples, *self.train.X.shape[1:])

    @property
    def raw(self) -> Array:
        return np.concatenate([self.train.X, self.test.X])


def trace(
    data: Any, y: Any, *, test: Any, test_size: float, seed: int, scaler: str | None, stacklevel: int = 3
) -> DataFlow:
    """Split, fit the scaler on the training rows, scale both sides, and record each stage."""
    one_of("scaler", scaler, SCALERS)
    dataset = _dataset("dataset", data, y)
    sides = _given(dataset, test) if test is not None else _dealt(dataset, test_size, seed, stacklevel + 1)
    scale = _fitted(scaler, sides.train.X)
    train, held = (replace(side, X=scale(side.X)) for side in (sides.train, sides.test))
    return DataFlow(_stages(sides, train, held, scaler), train=train, test=held)


def _dataset(name: str, data: Any, y: Any, like: Dataset | None = None) -> Dataset:
    """Return what the student gave as a Dataset without missing values."""
    if isinstance(data, Dataset):
        if y is not None:
            raise InvalidArgument("y is given twice: a Dataset brings its own labels.")
        dataset = data
    else:
        X = rows_of.dense(rows_of.table(name, data))
        if y is None:
            raise InvalidArgument(
                f"{name} is a table without labels; give y too, or a Dataset. (With pipeline= y is optional.)"
            )
        labels = np.asarray(y)
        task = "multilabel" if labels.ndim == 2 else "multiclass"
        names = () if like is None else like.class_names
        dataset = Dataset(X, labels, task, names)  # type: ignore[arg-type]
    wrong = int((~np.isfinite(dataset.X)).sum()) if dataset.X.dtype.kind == "f" else 0
    if wrong:
        raise InvalidArgument(
            f"{name} holds {count(wrong, 'value')} that {'is' if wrong == 1 else 'are'} missing (NaN) or "
            "infinite; drop such rows, or give a pipeline= that fills them."
        )
    return dataset


def _dealt(dataset: Dataset, test_size: float, seed: int, stacklevel: int) -> _Sides:
    rows, held = dataset._split_rows(test_size, seed, stacklevel=stacklevel + 1)  # noqa: SLF001 - same package
    of = "label" if dataset.task == "multilabel" else "class"
    shared = (
        f"each {of} in the same share on both sides"
        if dataset.groups is None
        else "each group of rows on one side only"
    )
    how = (
        f"{count(len(rows), 'row')} to train on, {len(held)} held back, {shared}. "
        "The split comes before anything is learned from the values."
    )
    return _Sides(dataset.take(rows), dataset.take(held), how, int(rows[0]), int(held[0]))


def _given(train: Dataset, test: Any) -> _Sides:
    X, y = test if isinstance(test, tuple) and len(test) == 2 else (test, None)
    held = _dataset("test", X, y, like=train)
    if held.X.shape[1:] != train.X.shape[1:] or held.task != train.task:
        raise InvalidArgument(
            f"the training rows are {shape(train.X.shape)} ({train.task}) and test is {shape(held.X.shape)} "
            f"({held.task}), but both need the same columns and task."
        )
    return _Sides(
        train, held, f"Done before: {count(train.n_samples, 'row')} to train on, {held.n_samples} held back."
    )


def _fitted(scaler: str | None, X: Array) -> Any:
    """Return a function that scales rows of any rank by what `X` alone teaches."""
    if scaler is None:
        return lambda rows: rows
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    # Pictures of whole numbers become 32-bit floats, as Keras takes them: half the memory of 64-bit ones.
    small = X.ndim > 2 and X.dtype.kind != "f"

    def flat(rows: Array) -> Array:
        return rows.reshape(len(rows), -1).astype(np.float32 if small else rows.dtype, copy=False)

    fitted = (MinMaxScaler if scaler == "minmax" else StandardScaler)().fit(flat(X))

    def scale(rows: Array) -> Array:
        return np.asarray(fitted.transform(flat(rows))).reshape(rows.shape)

    return scale


def _stages(sides: _Sides, train: Dataset, test: Dataset, scaler: str | None) -> tuple[Stage, ...]:
    raw, scaled, everything = sides.train.X[0], train.X[0], sides.raw
    return (
        Stage(
            "raw data",
            f"{count(len(everything), 'row')} as they came. Nothing has been learned from them yet.",
            sides.shape,
            sides.shape,
            raw,
            raw,
            sides.first,
            evidence=_span(everything),
        ),
        Stage(
            "train/test split",
            sides.how,
            sides.shape,
            train.X.shape,
            raw,
            raw,
            sides.first,
            shape_aside=test.X.shape,
        ),
        Stage(
            "preprocessing",
            _ACTION[scaler].format(n=train.n_samples),
            train.X.shape,
            train.X.shape,
            scaled,
            raw,
            sides.first,
            evidence=_would_have_leaked(scaler, sides.train.X, everything),
        ),
        Stage(
            "training data",
            f"What model.fit gets: these rows with their labels y ({shape(train.y.shape)}).",
            train.X.shape,
            train.X.shape,
            scaled,
            scaled,
            sides.first,
            evidence=_summary(scaler, train.X),
        ),
        Stage(
            "evaluation data",
            f"What model.evaluate gets: the rows held back, with their labels y ({shape(test.y.shape)})"
            + (", scaled by what the training rows taught (transform, never fit)." if scaler else "."),
            test.X.shape,
            test.X.shape,
            test.X[0],
            sides.test.X[0],
            sides.other,
            evidence=_summary(scaler, test.X) + _outside(scaler, test.X),
        ),
    )


def _span(X: Array) -> str:
    low, high = float(X.min()), float(X.max())
    if (np.round(X) == X).all():
        return f"Values are whole numbers from {low:.0f} to {high:.0f}."
    return f"Values lie from {num(low)} to {num(high)}."


def _would_have_leaked(scaler: str | None, train: Array, everything: Array) -> str:
    """Say how many features a scaler fitted on all rows would have learned differently."""
    if scaler is None:
        return ""
    a, b = train.reshape(len(train), -1), everything.reshape(len(everything), -1)
    if scaler == "minmax":
        what = "range"
        changed = int(((a.min(axis=0) != b.min(axis=0)) | (a.max(axis=0) != b.max(axis=0))).sum())
    else:
        what = "mean"
        changed = int((~np.isclose(a.mean(axis=0), b.mean(axis=0))).sum())
    return (
        f"Fitted on all {len(b)} rows it would have learned another {what} for {changed} of "
        f"{count(a.shape[1], 'feature')}, from the {count(len(b) - len(a), 'row')} that must stay unseen."
    )


def _summary(scaler: str | None, X: Array) -> str:
    """Say in numbers what the values look like after scaling."""
    if scaler != "standard":
        return _span(X)
    flat = X.reshape(len(X), -1)
    means, stds = flat.mean(axis=0), flat.std(axis=0)
    return (
        f"Features have means from {num(float(means.min()))} to {num(float(means.max()))} and standard "
        f"deviations from {num(float(stds.min()))} to {num(float(stds.max()))}."
    )


def _outside(scaler: str | None, X: Array) -> str:
    """Say how many evaluation values fall outside the training rows' range."""
    if scaler != "minmax":
        return ""
    # The scaler's own rounding puts a training maximum at 1.0000000000000002.
    outside = int(((X < -1e-9) | (X > 1 + 1e-9)).sum())
    return f" {outside} of {count(X.size, 'value')} lie outside 0 to 1, as values of new rows may."
