"""Rows of any table a student may bring: arrays, lists, data frames, sparse matrices."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    Array = np.ndarray[Any, Any]


def table(name: str, X: Any) -> Any:
    """Return `X` as something with a shape and rows, or raise in terms of `name`."""
    if not hasattr(X, "shape"):
        if isinstance(X, (str, bytes, dict)) or not hasattr(X, "__len__"):
            raise InvalidType(f"{name} is {shown(X)}, but must be an array or a table of rows.")
        try:
            X = np.asarray(X)
        except ValueError:
            raise InvalidArgument(
                f"{name} has rows of different lengths, but all must be equally long."
            ) from None
    elif hasattr(X, "numpy"):  # a tensor
        X = X.numpy()
    if len(X.shape) == 0:
        raise InvalidType(f"{name} is {shown(X)}, but must be an array or a table of rows.")
    if 0 in X.shape:
        raise InvalidArgument(
            f"{name} is empty (shape {tuple(X.shape)}), but needs at least one row and column."
        )
    return X


def is_sparse(X: Any) -> bool:
    """Whether `X` is one of SciPy's sparse tables."""
    return hasattr(X, "toarray") and hasattr(X, "tocsr")


def take(X: Any, rows: Array) -> Any:
    """Return these rows of `X`, in the kind of table it is."""
    if hasattr(X, "iloc"):
        return X.iloc[rows]
    return (X.tocsr() if is_sparse(X) else X)[rows]


def dense(X: Any) -> Array:
    """Return `X` as an array."""
    return np.asarray(X.toarray() if is_sparse(X) else X)


def row(X: Any, i: int) -> Array:
    """Return one row as an array without the row axis."""
    one = dense(take(X, np.array([i])))[0]
    return np.atleast_1d(np.asarray(one))


def stack(a: Any, b: Any) -> Any:
    """Return the rows of `a`, then those of `b`."""
    if hasattr(a, "iloc"):
        # Only reached with one of its tables, so it is there.
        return importlib.import_module("pandas").concat([a, b])
    if is_sparse(a):
        from scipy.sparse import vstack  # type: ignore[import-untyped]

        return vstack([a, b]).tocsr()
    return np.concatenate([a, b])


def keys(X: Any) -> list[int]:
    """Return a fingerprint of each row: equal rows, equal numbers.

    Numbers are compared as 32-bit floats, since X is often converted on its
    way to Keras, and negative zero counts as zero.
    """
    rows = dense(X)
    if rows.dtype.kind in "fiub":
        with np.errstate(over="ignore"):
            return [hash((np.asarray(r, dtype=np.float32) + np.float32(0)).tobytes()) for r in rows]
    return [hash(repr(np.atleast_1d(r).tolist())) for r in rows]


def find(wanted: Iterable[int], among: Iterable[int]) -> list[int]:
    """Return where each wanted row stands among others, each place used once; -1 for none left.

    A row that occurs twice is found twice and no more: so equal rows in the
    data are never mistaken for one row in two places.
    """
    places: dict[int, list[int]] = {}
    for i, key in enumerate(among):
        places.setdefault(key, []).append(i)
    for found in places.values():
        found.reverse()
    return [places[key].pop() if places.get(key) else -1 for key in wanted]
