"""Reads a hand-in: rows, threshold rule and metric, each checked, each fault told in a sentence."""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse import _errors
from mlcourse._text import count, listed, shape
from mlcourse.practice._capstone_scores import METRICS
from mlcourse.practice._explain import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlcourse.datasets import Dataset

    Array = np.ndarray[Any, Any]

LEAST = 100  # rows to train and to test
TUNED = ("train", "validation", "test", None)


class NotReadable(Exception):  # noqa: N818 - reads as what it says
    """A part of the hand-in cannot be what it should be; the message tells the student why."""


@dataclass(frozen=True, eq=False)
class Part:
    """Training, validation or test rows of a hand-in.

    Attributes
    ----------
    rows
        Their numbers in the data handed out; -1 for a row that is not from there.
    X, y
        The rows themselves, raw, and their labels.
    keys
        The bytes of each row, by which equal rows are found.
    """

    rows: Array
    X: Array
    y: Array
    keys: tuple[bytes, ...]

    def __len__(self) -> int:
        return len(self.X)


@dataclass(frozen=True, eq=False)
class HandIn:
    """A hand-in that can be examined."""

    model: Any
    preprocess: Callable[[Any], Any] | None
    thresholds: tuple[float, ...]
    metric: str
    reason: str
    train: Part
    validation: Part | None
    test: Part
    score: float
    tuned_on: str | None
    training: Any
    flow: Any
    name: str


def shown(value: Any) -> str:
    """Return what was handed in as Markdown code: it may hold anything, headings and links among it."""
    return safe(_errors.shown(value))


def keys(X: Array) -> tuple[bytes, ...]:
    """Return the bytes of each row."""
    flat = np.ascontiguousarray(np.asarray(X, dtype=np.float64).reshape(len(X), -1) + 0.0)  # -0.0 becomes 0.0
    return tuple(row.tobytes() for row in flat)


def part(name: str, given: Any, data: Dataset) -> Part:
    """Return rows given as numbers, as a mask, or as a `Dataset` made from the data.

    Raises
    ------
    NotReadable
        If they are none of these, or do not fit the data.
    """
    if hasattr(given, "X") and hasattr(given, "y"):
        return _dataset(name, given, data)
    try:
        rows = np.asarray(given)
    except ValueError:  # lists of different lengths
        rows = np.empty(0)
    if rows.dtype == bool and rows.shape == (data.n_samples,):
        rows = np.flatnonzero(rows)
    if rows.ndim != 1 or rows.dtype.kind not in "iu" or not len(rows):
        raise NotReadable(
            f"`{name}` is {shown(given)}, but must say which rows of `data`: their numbers, a mask with one "
            f"True or False for each of the {data.n_samples} rows, or a `Dataset` such as `data.split()` returns."
        )
    if rows.min() < 0 or rows.max() >= data.n_samples:
        wrong = rows[(rows < 0) | (rows >= data.n_samples)][0]
        raise NotReadable(f"`{name}` names row {wrong}, but `data` has the rows 0 to {data.n_samples - 1}.")
    rows = rows.astype(np.int64)
    return Part(rows, data.X[rows], data.y[rows], keys(data.X[rows]))


def _dataset(name: str, given: Any, data: Dataset) -> Part:
    X, y = np.asarray(given.X), np.asarray(given.y)
    if data.task == "multiclass" and y.shape == (len(X), data.n_classes):
        y = y.argmax(axis=1)  # one-hot, as categorical cross-entropy wants it
    if y.shape != (len(X), *data.y.shape[1:]):
        raise NotReadable(
            f"`{name}` has {count(len(X), 'row')} and labels of shape {shape(y.shape)}. Hand in the labels as they "
            "stand in `data.y`."
        )
    if X.shape[1:] != data.X.shape[1:] or not len(X):
        raise NotReadable(
            f"`{name}` has rows of shape {shape(X.shape[1:])}, but `data` has rows of shape "
            f"{shape(data.X.shape[1:])}. Hand in the raw rows, before any preprocessing."
        )
    there = {key: i for i, key in enumerate(keys(data.X))}
    own = keys(X)
    rows = np.array([there.get(key, -1) for key in own])
    if (rows < 0).all():
        raise NotReadable(
            f"None of the rows of `{name}` is a row of `data`. Hand in the raw rows, before any scaling; what scales "
            "them belongs into the model, or into `preprocess=`."
        )
    if name == "test" and (rows < 0).any():
        first = int(np.flatnonzero(rows < 0)[0])
        raise NotReadable(
            f"Row {first} of `test` is none of the rows of `data`. Test on rows as they came, untouched: raw, "
            "not scaled, not made up."
        )
    # The labels of a known row are those of `data`: with others the training score would look worse than it is.
    known = (rows >= 0).reshape(-1, *[1] * (y.ndim - 1))
    return Part(rows, X, np.where(known, data.y[rows], y).astype(data.y.dtype), own)


def thresholds(given: Any, data: Dataset) -> tuple[float, ...]:
    """Return a threshold for each label; nothing for the argmax."""
    k = data.n_classes
    if data.task == "multiclass":
        if isinstance(given, str) and given == "argmax":
            return ()
        raise NotReadable(
            f'`threshold` is {shown(given)}, but each item has one class here: hand in `threshold="argmax"`.'
        )
    wanted = f"a number from 0 to 1, or a list of {k}, one for each label"
    if isinstance(given, str):
        raise NotReadable(
            f"`threshold` is {shown(given)}, but a row may have any number of labels here, and the argmax gives "
            f"one to each. Hand in {wanted}."
        )
    try:
        values = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise NotReadable(f"`threshold` is {shown(given)}, but must be {wanted}.") from None
    if (
        np.asarray(given).dtype == bool
        or values.shape not in ((), (k,))
        or not ((values >= 0) & (values <= 1)).all()
    ):
        raise NotReadable(f"`threshold` is {shown(given)}, but must be {wanted}.")
    return tuple(float(v) for v in np.broadcast_to(values, (k,)))


def read(data: Dataset, given: dict[str, Any]) -> HandIn:
    """Return the hand-in with every part in its final form.

    Raises
    ------
    NotReadable
        If a part is missing or cannot be used.
    """
    if (
        not callable(getattr(given["model"], "predict", None))
        or not hasattr(given["model"], "layers")
        or isinstance(given["model"], type)
    ):
        raise NotReadable(f"`model` is {shown(given['model'])}, but must be a compiled, trained Keras model.")
    if given["preprocess"] is not None and not callable(given["preprocess"]):
        raise NotReadable(
            f"`preprocess` is {shown(given['preprocess'])}, but must be a function that takes raw rows and returns "
            "what the model takes, such as `scaler.transform`. Leave it out if the model takes raw rows."
        )
    if given["tuned_on"] not in TUNED:
        raise NotReadable(
            f"`tuned_on` is {shown(given['tuned_on'])}, but must say on which rows the thresholds were chosen: "
            '"train", "validation", "test", or None if they were not chosen by rows.'
        )
    metric, score = given["metric"], given["score"]
    known = [m.name for m in METRICS.values() if data.task in m.tasks]
    if metric not in known:
        raise NotReadable(
            f"`metric` is {shown(metric)}, but must be one that can be computed here: {listed(known, 'or')}."
        )
    if np.shape(score) == () and hasattr(score, "__array__"):
        score = np.asarray(score).item()  # what a Keras metric returns is a tensor
    if isinstance(score, bool) or not isinstance(score, numbers.Real) or not 0 <= float(score) <= 1:
        raise NotReadable(
            f"`score` is {shown(score)}, but must be your own test score as a number from 0 to 1, such as 0.81."
        )
    parts = {
        name: None if given[name] is None else part(name, given[name], data)
        for name in ("train", "validation", "test")
    }
    for name in ("train", "test"):
        if parts[name] is None:
            raise NotReadable(f"`{name}` is missing: say which rows of `data` you used.")
    if data.task == "multilabel" and given["tuned_on"] == "validation" and parts["validation"] is None:
        raise NotReadable(
            "The thresholds were chosen on validation rows (`tuned_on`), but no `validation` rows are handed in. Hand "
            "them in, or say `tuned_on=None` if nothing was chosen by rows."
        )
    train, test = parts["train"], parts["test"]
    assert train is not None  # noqa: S101 - for the type checker
    assert test is not None  # noqa: S101
    for name, given_part in (("train", train), ("test", test)):
        different = len(set(given_part.keys))
        if different < LEAST:
            raise NotReadable(
                f"`{name}` has {count(different, 'different row')}, but needs at least {LEAST} to say anything."
            )
    return HandIn(
        given["model"], given["preprocess"], thresholds(given["threshold"], data), metric,
        str(given["reason"] or "").strip(), train, parts["validation"], test, float(score),
        given["tuned_on"], given["training"], given["flow"], str(given["name"] or "").strip()[:80],
    )  # fmt: skip


def answers(P: Array, limits: Sequence[float]) -> Array:
    """Return 0/1 for each class or label, shape of P: above the threshold, or the largest of its row."""
    if limits:
        return np.asarray(np.asarray(limits) <= P, dtype=int)
    return np.asarray(np.eye(P.shape[1], dtype=int)[P.argmax(axis=1)])


def probabilities(hand_in: HandIn, X: Array, n_classes: int, *, multilabel: bool) -> Array:
    """Return what the model says about raw rows.

    Raises
    ------
    NotReadable
        If that is not one probability for each class and row.
    """
    ready = X if hand_in.preprocess is None else hand_in.preprocess(X.copy())
    P = hand_in.model.predict(ready, batch_size=256, verbose=0)
    if isinstance(P, (list, tuple, dict)):
        raise NotReadable(f"The model has {len(P)} outputs, but the examiner needs one.")
    P = np.asarray(P)
    if P.dtype.name == "bfloat16":  # mixed precision; NumPy does not know it for a float
        P = P.astype(np.float32)
    if P.shape != (len(X), n_classes):
        raise NotReadable(
            f"For {len(X)} rows the model returns an array of shape {shape(P.shape)}; it should be "
            f"{len(X)} × {n_classes}, a probability for each {'label' if multilabel else 'class'}."
        )
    if P.dtype.kind != "f" or not np.isfinite(P).all():
        raise NotReadable(
            "The model answers NaN, infinity, or no numbers for some rows. Look at its loss: was it NaN, too?"
        )
    P = P.astype(np.float64)
    if P.min() < -1e-6 or P.max() > 1 + 1e-6:
        raise NotReadable(
            f"The model returns values from {P.min():.1f} to {P.max():.1f}, which are no probabilities. Put a "
            f"{'sigmoid' if multilabel else 'softmax'} at its end; for a model that returns logits: "
            f"`keras.Sequential([model, keras.layers.Activation('{'sigmoid' if multilabel else 'softmax'}')])`."
        )
    if not multilabel and not np.allclose(P.sum(axis=1), 1, atol=1e-3):
        raise NotReadable(
            f"Each item has one class, so its probabilities must add up to 1. Here they add up to between "
            f"{P.sum(axis=1).min():.2f} and {P.sum(axis=1).max():.2f}. Is the last activation a softmax?"
        )
    return P.clip(0, 1)
