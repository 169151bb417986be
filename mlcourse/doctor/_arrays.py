"""The data as facts: arrays taken in, checked and measured with NumPy alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse._text import count
from mlcourse.doctor._facts import Input, Labels, Split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Array = NDArray[Any]

_CHUNK = 1 << 20  # numbers looked at together, so that a large X is never copied whole
_MOST_VALUES = 1000


def as_array(name: str, value: Any) -> Array:
    """Return `value` as an array whose first axis is the rows, or say what it is instead.

    Accepted: NumPy arrays, nested lists, pandas frames and series, tensors.
    """
    if value is None:
        raise InvalidType(f"{name} is None, but must be an array with one row per sample.")
    if hasattr(value, "X") and hasattr(value, "y"):
        raise InvalidType(
            f"{name} is a whole dataset ({shown(value)}); pass its arrays: dataset.X and dataset.y."
        )
    if hasattr(value, "element_spec") or hasattr(value, "__next__") or hasattr(value, "__getitems__"):
        raise InvalidType(
            f"{name} is a {type(value).__name__}, which the doctor does not read; pass arrays, e.g. X, y = "
            "next(iter(dataset.unbatch().batch(1000)))."
        )
    if hasattr(value, "toarray"):
        raise InvalidType(f"{name} is a sparse matrix of shape {value.shape}; pass {name}.toarray().")
    if hasattr(value, "to_numpy"):  # pandas, polars
        value = value.to_numpy()
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        raise InvalidArgument(
            f"{name} ({shown(value)}) cannot be made into one array; every row must have the same shape."
        ) from None
    if array.ndim == 0:
        raise InvalidType(f"{name} is {shown(value)}, but must be an array with one row per sample.")
    if array.size == 0:
        raise InvalidArgument(f"{name} is empty (shape {array.shape}), but must hold at least one row.")
    return array


def as_inputs(name: str, X: Any, input_names: tuple[str, ...] | None) -> dict[str, Array]:
    """Return the arrays of X by the names of the model's inputs (None: one input of unknown name)."""
    names = input_names or ("X",)
    if isinstance(X, Mapping) and not hasattr(X, "to_numpy"):
        missing = [n for n in names if n not in X]
        if input_names and missing:
            raise InvalidArgument(
                f"{name} has the keys {shown(sorted(map(str, X)))}, but the model's inputs are called "
                f"{shown(list(names))}."
            )
        return {n: as_array(f"{name}[{n!r}]", X[n]) for n in (names if input_names else X)}
    if len(names) > 1:
        if not isinstance(X, (list, tuple)) or len(X) != len(names):
            given = f"{len(X)} arrays" if isinstance(X, (list, tuple)) else f"a {type(X).__name__}"
            raise InvalidArgument(
                f"{name} is {given}, but the model has {len(names)} inputs; pass a dict with the keys "
                f"{shown(list(names))} or a list in that order."
            )
        return {n: as_array(f"{name}[{i}]", part) for i, (n, part) in enumerate(zip(names, X, strict=True))}
    if isinstance(X, (list, tuple)) and len(X) == 1 and getattr(X[0], "ndim", 0) > 1:
        X = X[0]  # the list of inputs that Keras accepts for a single input too
    return {names[0]: as_array(name, X)}


def as_labels(name: str, y: Any, output_names: tuple[str, ...]) -> dict[str, Array]:
    """Return the arrays of y by the names of the model's outputs."""
    if isinstance(y, Mapping) and not hasattr(y, "to_numpy"):
        known = {n: as_array(f"{name}[{n!r}]", y[n]) for n in output_names if n in y}
        if not known:
            raise InvalidArgument(
                f"{name} has the keys {shown(sorted(map(str, y)))}, but the model's outputs are called "
                f"{shown(list(output_names))}."
            )
        return known
    if len(output_names) > 1:
        if not isinstance(y, (list, tuple)) or len(y) != len(output_names):
            given = f"{len(y)} arrays" if isinstance(y, (list, tuple)) else f"a {type(y).__name__}"
            raise InvalidArgument(
                f"{name} is {given}, but the model has {len(output_names)} outputs; pass a dict with the "
                f"keys {shown(list(output_names))} or a list in that order."
            )
        return {
            n: as_array(f"{name}[{i}]", part) for i, (n, part) in enumerate(zip(output_names, y, strict=True))
        }
    if isinstance(y, (list, tuple)) and len(y) == 1 and getattr(y[0], "ndim", 0) >= 1:
        y = y[0]
    return {output_names[0]: as_array(name, y)}


def same_rows(x_name: str, X: dict[str, Array], y_name: str, y: dict[str, Array]) -> int:
    """Return the number of rows, or raise when the arrays do not agree on it."""
    lengths = [(x_name if len(X) == 1 else f"{x_name}[{n!r}]", len(a)) for n, a in X.items()]
    lengths += [(y_name if len(y) == 1 else f"{y_name}[{n!r}]", len(a)) for n, a in y.items()]
    first_name, first = lengths[0]
    for other_name, other in lengths[1:]:
        if other != first:
            raise InvalidArgument(
                f"{first_name} has {count(first, 'row')} and {other_name} has {other}, but each row of "
                f"{first_name} needs its own row in {other_name}."
            )
    return first


def is_text(array: Array) -> bool:
    """Tell whether an array holds text (or Python objects that begin with one)."""
    return array.dtype.kind in "US" or (array.dtype.kind == "O" and isinstance(array.flat[0], (str, bytes)))


def numbers_only(name: str, array: Array) -> None:
    """Raise unless the array holds numbers or booleans."""
    if is_text(array):
        raise InvalidType(
            f"{name} holds text ({shown(array.flat[0])}), but this model takes numbers; encode it first."
        )
    if array.dtype.kind not in "biuf":
        raise InvalidType(
            f"{name} has dtype {array.dtype} (first value {shown(array.flat[0])}), but must hold numbers; "
            f'try {name}.astype("float32").'
        )


def sample_rows(rows: int, most: int) -> NDArray[np.int64]:
    """Return at most `most` row numbers, spread evenly: no random numbers are drawn."""
    return np.unique(np.linspace(0, rows - 1, min(rows, most)).round().astype("int64"))


def _pieces(array: Array) -> Iterator[tuple[int, Array]]:
    """Yield (first row, rows as float64), a bounded piece at a time."""
    step = max(1, _CHUNK // max(1, array[0].size))
    for start in range(0, len(array), step):
        yield start, np.asarray(array[start : start + step], dtype="float64")


def describe_input(
    name: str,
    array: Array,
    *,
    expected: tuple[int | None, ...] | None,
    scaled_inside: bool | None,
    scaled_how: str,
) -> Input:
    """Measure one input array, all rows of it, without copying it whole.

    Parameters
    ----------
    array
        Shape (n_samples, ...), numbers or text.
    expected
        The model's shape without the batch axis, or None.
    scaled_inside, scaled_how
        Whether the model scales the input itself (None: cannot be seen), and by what.
    """
    shape = tuple(array.shape[1:])
    fixed = {"scaled_inside": scaled_inside, "scaled_how": scaled_how, "expected": expected}
    if array.dtype.kind not in "biuf":
        return Input(name, shape, "text", **fixed)  # type: ignore[arg-type]
    table = array.ndim == 2
    width = array.shape[1] if table else 1
    good = np.zeros(width)
    square = np.zeros(width)
    low, high = np.full(width, np.inf), np.full(width, -np.inf)
    bad, first, zero = 0, None, 0
    for start, piece in _pieces(array):
        rows = piece if table else piece.reshape(-1, 1)
        finite = np.isfinite(rows)
        if not finite.all():
            bad += int((~finite).sum())
            if first is None:
                place = np.argwhere(~np.isfinite(piece))[0]
                first = (start + int(place[0]), *map(int, place[1:]))
            rows = np.where(finite, rows, 0.0)
            low = np.minimum(low, np.where(finite, rows, np.inf).min(axis=0))
            high = np.maximum(high, np.where(finite, rows, -np.inf).max(axis=0))
        else:
            low, high = np.minimum(low, rows.min(axis=0)), np.maximum(high, rows.max(axis=0))
        good += finite.sum(axis=0)
        # Squares of very large numbers would overflow, so beyond 1e150 they are cut.
        square += np.square(np.clip(rows, -1e150, 1e150)).sum(axis=0)
        zero += int((rows == 0).sum())
    rms = np.sqrt(square / np.maximum(good, 1))
    seen = good > 0
    constant = np.flatnonzero(seen & (low == high)) if table and len(array) > 1 else np.array([], int)
    return Input(
        name,
        shape,
        str(array.dtype),
        bad=bad,
        first_bad=first,
        low=float(low[seen].min()) if seen.any() else 0.0,
        high=float(high[seen].max()) if seen.any() else 0.0,
        rms=float(rms.max()),
        feature=int(rms.argmax()) if table else None,
        constant=tuple((int(i), float(low[i])) for i in constant),
        zeros=zero / array.size,
        **fixed,  # type: ignore[arg-type]
    )


def describe_labels(array: Array, output_shape: tuple[int | None, ...]) -> Labels:
    """Measure the labels of one output.

    Parameters
    ----------
    array
        Shape (n_samples,), (n_samples, 1), (n_samples, n_units) or, for an output
        of higher rank, the same with the output's own axes between.
    output_shape
        The output's shape without the rows.
    """
    layout: Literal["column", "matrix", "other"] = "other"
    flat = array
    rank = len(output_shape) + 1
    between = zip(array.shape[1:], output_shape[:-1], strict=False)
    fits = all(wanted is None or given == wanted for given, wanted in between)
    if not fits:
        pass
    elif array.ndim == max(rank, 2) and array.shape[-1] > 1:
        layout, flat = "matrix", array.reshape(-1, array.shape[-1])
    elif array.ndim == max(rank - 1, 1) or (array.ndim == max(rank, 2) and array.shape[-1] == 1):
        layout, flat = "column", array.reshape(-1)
    if is_text(array):
        values = np.unique(flat.astype(str))
        first = shown(str(array.flat[0]))
        return Labels(
            array.shape,
            str(array.dtype),
            "text",
            layout,
            first,
            distinct=len(values),
            whole=False,
            zero_one=False,
        )
    if array.dtype.kind not in "biuf":
        return Labels(
            array.shape, str(array.dtype), "other", layout, shown(array.flat[0]), whole=False, zero_one=False
        )
    numbers = flat.astype("float64")
    finite = np.isfinite(numbers)
    safe = numbers if finite.all() else np.where(finite, numbers, 0.0)
    values, rows = np.unique(safe[finite] if not finite.all() else safe, return_counts=True)
    counts: tuple[tuple[float, int], ...] | None = None
    rates: tuple[float, ...] = ()
    sums, not_one = (1.0, 1.0), 0
    zero_one = bool(np.isin(values, (0.0, 1.0)).all())
    if layout == "column" and len(values) <= _MOST_VALUES:
        counts = tuple((float(v), int(n)) for v, n in zip(values, rows, strict=True))
    if layout == "matrix":
        total = safe.sum(axis=1)
        sums = (float(total.min()), float(total.max()))
        not_one = int((np.abs(total - 1.0) > 1e-3).sum())
        rates = tuple(float(r) for r in safe.mean(axis=0)) if zero_one else ()
    return Labels(
        array.shape,
        str(array.dtype),
        "bool" if array.dtype.kind == "b" else "number",
        layout,
        shown(array.flat[0].item()),
        bad=int((~finite).sum()),
        low=float(values.min()) if len(values) else 0.0,
        high=float(values.max()) if len(values) else 0.0,
        whole=bool((values == np.round(values)).all()),
        zero_one=zero_one,
        counts=counts,
        distinct=len(values),
        rates=rates,
        sums=sums,
        sums_not_one=not_one,
    )


def _fingerprints(X: dict[str, Array]) -> list[bytes]:
    """Return one short digest per row, over all inputs; equal rows have equal digests."""
    arrays = [a.reshape(len(a), -1) for a in X.values()]
    found = []
    for i in range(len(arrays[0])):
        digest = hashlib.blake2b(digest_size=16)
        for array in arrays:
            row = array[i]
            # Through float32 and + 0.0, as the model sees them: 1 (int), 1.0 (float64) and −0.0 meet their
            # equals.
            text = row.dtype.kind not in "biuf"
            digest.update(repr(row.tolist()).encode() if text else (row.astype("float32") + 0.0).tobytes())
        found.append(digest.digest())
    return found


def compare_split(X: dict[str, Array], X_test: dict[str, Array]) -> Split:
    """Compare training rows with test rows: which of them stand in both.

    `Split.twins` is the share of training rows that have an equal row among the
    training rows themselves: what coincidence alone gives on such data.
    """
    train, test = _fingerprints(X), _fingerprints(X_test)
    where: dict[bytes, int] = {}
    times: dict[bytes, int] = {}
    for i, row in enumerate(train):
        where.setdefault(row, i)
        times[row] = times.get(row, 0) + 1
    both = [(i, where[row]) for i, row in enumerate(test) if row in where]
    return Split(
        train=len(train),
        test=len(test),
        shared=len(both),
        first=both[0] if both else None,
        twins=sum(n for n in times.values() if n > 1) / len(train),
    )


def unseen(y: Array, y_test: Array | None) -> tuple[float, ...]:
    """Return the class numbers that stand in y_test and not in y; empty for matrices and fractions."""
    if y_test is None or y.dtype.kind not in "biu" or y_test.dtype.kind not in "biu":
        return ()
    if (y.ndim > 1 and y.shape[-1] > 1) or y_test.ndim != y.ndim:
        return ()
    return tuple(float(v) for v in np.setdiff1d(np.unique(y_test), np.unique(y)))
