"""The record every lesson starts from: rows, labels and what they mean."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, one_of, shown, whole_number
from mlcourse._text import count, shape
from mlcourse.datasets import _split

Array = np.ndarray[Any, Any]
Task = Literal["multiclass", "multilabel"]
TASKS = ("multiclass", "multilabel")


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Rows with their labels, and names for both.

    The arrays are read-only, so that no cell changes what a later cell relies
    on; `dataset.X.copy()` gives one to write in.

    Attributes
    ----------
    X
        Inputs, shape (n_samples, n_features) or, for pictures,
        (n_samples, height, width[, channels]); numbers, NaN where a value is missing.
    y
        `"multiclass"`: class of each row, int, shape (n_samples,), from 0.
        `"multilabel"`: 0 or 1, int, shape (n_samples, n_labels).
    task
        `"multiclass"` (one answer out of several) or `"multilabel"` (any number of answers).
    class_names
        Name of each class or label, in the order of `y`; made up if left out.
    feature_names
        Name of each column of a table `X`; made up if left out, empty for pictures.
    groups
        Where rows belong together (one person, one patient, one sheet of paper): the
        group of each row, int, shape (n_samples,). `split` never tears a group apart.
    description
        What the data is and how it came to be, in a few sentences.
    source
        Where it is from, in one line.

    Raises
    ------
    InvalidArgument, InvalidType
        If the parts do not fit together; the message names the part.
    """

    X: Array
    y: Array
    task: Task
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    groups: Array | None = field(default=None, kw_only=True)
    description: str = field(default="", kw_only=True)
    source: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        one_of("task", self.task, TASKS)
        X = _checked_inputs(self.X)
        y = _checked_labels(self.y, self.task)
        if len(X) != len(y):
            raise InvalidArgument(f"X has {len(X)} rows and y has {len(y)}, but each row needs its label.")
        multilabel = self.task == "multilabel"
        word = "label" if multilabel else "class"
        found = y.shape[1] if multilabel else int(y.max()) + 1
        names = _checked_names("class_names", self.class_names)
        if multilabel and names and len(names) != found:
            raise InvalidArgument(f"class_names has {len(names)} names, but y has {found} columns.")
        if not multilabel and names and len(names) < found:
            raise InvalidArgument(
                f"class_names has {len(names)} names, but y goes up to {found - 1}, which needs {found}."
            )
        features = _checked_names("feature_names", self.feature_names)
        if X.ndim == 2 and features and len(features) != X.shape[1]:
            raise InvalidArgument(f"feature_names has {len(features)} names, but X has {X.shape[1]} columns.")
        if X.ndim > 2 and features:
            raise InvalidArgument(f"feature_names belong to a table, but X has the shape {shape(X.shape)}.")
        if X.ndim == 2 and not features:
            features = tuple(f"feature_{i}" for i in range(X.shape[1]))
        groups = None if self.groups is None else _frozen(_checked_groups(self.groups, len(X)))
        values = {
            "groups": groups,
            "X": _frozen(X),
            "y": _frozen(y),
            "class_names": names or tuple(f"{word}_{i}" for i in range(found)),
            "feature_names": features,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return len(self.X)

    @property
    def n_features(self) -> int:
        """Number of values in one row (of a picture: pixels times channels)."""
        return int(np.prod(self.X.shape[1:]))

    @property
    def n_classes(self) -> int:
        """Number of classes, or of labels if a row may carry several."""
        return len(self.class_names)

    @property
    def counts(self) -> Array:
        """How many rows carry each class or label, int, shape (n_classes,)."""
        if self.task == "multilabel":
            return np.asarray(self.y.sum(axis=0))
        return np.bincount(self.y, minlength=self.n_classes)

    def take(self, rows: Any) -> Dataset:
        """Return the dataset with these rows only, in this order (row numbers or a mask)."""
        groups = None if self.groups is None else _frozen(self.groups[rows])
        return replace(self, X=_frozen(self.X[rows]), y=_frozen(self.y[rows]), groups=groups)

    def split(self, test_size: float = 0.2, seed: int = 0) -> tuple[Dataset, Dataset]:
        """Split into training and test rows so that each class or label keeps its share.

        One answer per row: scikit-learn's stratified `train_test_split`. Several:
        iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011), since
        label combinations are too many and too rare to stratify by. Rows with
        `groups`: whole groups at random, since rows of one group know each other.

        Parameters
        ----------
        test_size
            Share of the rows to hold back, between 0 and 1, rounded up to whole
            rows; or a whole number of rows. With `groups`, as near to it as whole groups come.
        seed
            The same seed gives the same split (scikit-learn's `random_state`).

        Returns
        -------
        train, test
            Both `Dataset`; every row is in exactly one.

        Raises
        ------
        InvalidArgument
            If `test_size` is out of range or leaves a side without room for every class.

        Warns
        -----
        UserWarning
            If a class or label has so few rows that one side gets none of them.
            A class with one row goes to the training rows.
        """
        train, test = self._split_rows(test_size, seed, stacklevel=3)
        return self.take(train), self.take(test)

    def _split_rows(self, test_size: float, seed: int, *, stacklevel: int) -> tuple[Array, Array]:
        """Return the row numbers of both sides; traces follow a row through the split by them."""
        n_test = _split.test_rows(test_size, self.n_samples)
        seed = whole_number("seed", seed, least=0, most=2**32 - 1)
        if self.groups is not None:
            train, test = _split.split_groups(self.groups, n_test, seed)
        else:
            by_task = _split.split_multilabel if self.task == "multilabel" else _split.split_multiclass
            train, test = by_task(self.y, n_test, seed)
        message = _split.missing_message(self.y, train, test, self.class_names, self.task)
        if message:
            warnings.warn(message, UserWarning, stacklevel=stacklevel)
        return train, test

    def __repr__(self) -> str:
        of = "labels" if self.task == "multilabel" else "classes"
        return f"Dataset({shape(self.X.shape)}, {self.task}, {self.n_classes} {of})"

    def __str__(self) -> str:
        from mlcourse.datasets import _view

        return _view.text(self)

    def _repr_html_(self) -> str:
        from mlcourse.datasets import _view

        return _view.html(self)


def _frozen(array: Array) -> Array:
    """Return the array read-only; a caller's own array is copied, never locked."""
    own = array.copy() if array.flags.writeable else array
    own.setflags(write=False)
    return own


def _checked_inputs(X: Any) -> Array:
    array = np.asarray(X)
    if array.dtype.kind not in "fiub":
        raise InvalidType(f"X holds {_kind(array)}, but must hold numbers; turn words into numbers first.")
    if array.ndim < 2:
        raise InvalidArgument(
            f"X has the shape {array.shape}, but needs rows and columns; one column is X.reshape(-1, 1)."
        )
    if array.size == 0:
        raise InvalidArgument(f"X is empty (shape {array.shape}), but needs at least one row and column.")
    return array


def _checked_labels(y: Any, task: Task) -> Array:
    array = np.asarray(y)
    if array.dtype.kind not in "fiub":
        raise InvalidType(f"y holds {_kind(array)}, but must hold whole numbers; names go into class_names.")
    dims = 2 if task == "multilabel" else 1
    if array.ndim != dims:
        needed = "(rows, labels)" if dims == 2 else "(rows,); one-hot rows become classes by y.argmax(axis=1)"
        raise InvalidArgument(f"y has the shape {array.shape}, but {task} needs {needed}.")
    if array.size == 0:
        raise InvalidArgument(f"y is empty (shape {array.shape}), but needs at least one label.")
    whole = array.astype(np.int64) if np.isfinite(array).all() else None
    legal = "0 or 1" if dims == 2 else "whole numbers from 0"
    if whole is None or (whole != array).any() or whole.min() < 0 or (dims == 2 and whole.max() > 1):
        wrong = ~np.isfinite(array) if whole is None else (whole != array) | (array < 0)
        if dims == 2 and not wrong.any():
            wrong = array > 1
        raise InvalidArgument(f"y holds {array[wrong][0]:g}, but {task} labels must be {legal}.")
    return whole


def _checked_groups(groups: Any, n_rows: int) -> Array:
    array = np.asarray(groups)
    if array.dtype.kind not in "iu":
        raise InvalidType(f"groups holds {_kind(array)}, but must hold whole numbers, a group for each row.")
    if array.shape != (n_rows,):
        raise InvalidArgument(
            f"groups has the shape {array.shape}, but must be ({n_rows},), one for each row."
        )
    return array


def _checked_names(name: str, names: Any) -> tuple[str, ...]:
    if names is None:
        return ()
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise InvalidType(f"{name} is {shown(names)}, but must be a list of names.")
    found = tuple(str(n) for n in names)
    twice = next((n for n in found if found.count(n) > 1), None)
    if twice is not None:
        raise InvalidArgument(
            f"{name} holds {twice!r} {count(found.count(twice), 'time')}, but names must differ."
        )
    return found


def _kind(array: Array) -> str:
    return "text" if array.dtype.kind in "US" else f"values of dtype {array.dtype}"
