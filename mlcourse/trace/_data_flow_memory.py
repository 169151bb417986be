"""What a fitted transformer remembers, and whether it can have learned it from the training rows alone.

The rule asks no transformer for its inner life: a fresh copy is fitted on the
training rows, and must then remember the same. If it does not, copies fitted
on all rows and on the evaluation rows tell which rows it learned from.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._text import count
from mlcourse.trace import _data_flow_rows as rows_of
from mlcourse.trace._data_flow_records import FIT_ON_TRAINING, Leak

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlcourse.trace._data_flow_rows import Array

# What to quote as evidence, if it differs: a student knows these quantities.
_TELLING = (
    "data_max_",
    "data_min_",
    "mean_",
    "center_",
    "statistics_",
    "categories_",
    "vocabulary_",
    "mean",
    "vocabulary",
    "n_samples_seen_",
)


def is_keras(transformer: Any) -> bool:
    """Whether it is a Keras layer that learns by `adapt`, such as Normalization."""
    return hasattr(transformer, "adapt") and hasattr(transformer, "get_config")


def is_transformer(thing: Any) -> bool:
    """Whether it can learn from rows and change them, as scikit-learn or Keras do."""
    return is_keras(thing) or (hasattr(thing, "fit") and hasattr(thing, "transform"))


def is_fitted(transformer: Any) -> bool:
    """Whether it has learned already; what learns nothing counts as fitted."""
    if is_keras(transformer):
        return bool(transformer.built and (transformer.weights or hasattr(transformer, "get_vocabulary")))
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(transformer)
    except NotFittedError:
        return False
    except TypeError:  # not scikit-learn's: by its convention, then
        return bool(memory(transformer))
    return True


def kind(transformer: Any) -> str:
    """Return the name of its class."""
    return type(transformer).__name__


def refit(transformer: Any, X: Any, y: Any) -> Any:
    """Return a fresh copy fitted on these rows; the original stays as it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the student's own fit has shown them
        if is_keras(transformer):
            layer = type(transformer).from_config(transformer.get_config())
            layer.adapt(X)
            return layer
        from sklearn.base import clone

        return clone(transformer).fit(X, y)


def memory(transformer: Any) -> dict[str, Any]:
    """Return what `fit` or `adapt` left behind, by name."""
    if is_keras(transformer):
        found: dict[str, Any] = {w.name: np.asarray(w) for w in transformer.weights}
        if hasattr(transformer, "get_vocabulary"):
            found["vocabulary"] = list(transformer.get_vocabulary())
        return found
    found = {}
    for name, value in vars(transformer).items():
        if hasattr(value, "get_params") and (name.endswith("_") or name.startswith("_")):
            found |= {f"{name}.{inner}": v for inner, v in memory(value).items()}
        elif name.endswith("_") and not name.startswith("_"):
            found[name] = value
    return found


def same(a: Any, b: Any) -> bool:
    """Whether two remembered things are equal, but for rounding; what cannot be compared counts as equal."""
    if rows_of.is_sparse(a) and rows_of.is_sparse(b):
        a, b = a.toarray(), b.toarray()
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if a is None or b is None or isinstance(a, str) or isinstance(b, str):
        return bool(a is b or a == b)
    if not isinstance(a, (np.ndarray, np.generic, int, float)):
        return True
    x, z = np.asarray(a), np.asarray(b)
    if x.shape != z.shape:
        return False
    if x.dtype.kind in "fiubc" and z.dtype.kind in "fiubc":
        # Keras adds up 32-bit floats batch by batch.
        rtol = 1e-4 if x.dtype == np.float32 else 1e-6
        return bool(np.allclose(x, z, rtol=rtol, atol=1e-9, equal_nan=True))
    return same(x.tolist(), z.tolist())


def judge(
    name: str,
    fitted: Any,
    train: Any,
    test: Any,
    *,
    y_train: Any = None,
    y_test: Any = None,
    features: Sequence[str] = (),
) -> Leak | str | None:
    """Say whether `fitted` learned from rows that it is tested on.

    Parameters
    ----------
    name
        What the step is called.
    fitted
        The fitted transformer.
    train, test
        The rows of both sides as they reach this step; `test` may be None.
    y_train, y_test
        Their labels, for transformers that use them.
    features
        Names of the columns that reach this step.

    Returns
    -------
    Leak, str or None
        The leak; or a sentence that says why it was not judged; or None if all is well.
    """
    label = f"{name} ({kind(fitted)})" if name != kind(fitted) else name
    known = memory(fitted)
    if not known:
        return None
    try:
        right = memory(refit(fitted, train, y_train))
        if same(known, right):
            return None
        if not same(right, memory(refit(fitted, train, y_train))):
            return f"{label} draws random numbers when it is fitted, so two fits cannot be compared."
        n_train = len_of(train)
        if test is None:
            return f"{label} was not fitted on the {n_train} training rows, and no evaluation rows are known."
        n_test = len_of(test)
        y_all = None if y_train is None or y_test is None else rows_of.stack(y_train, y_test)
        if same(known, memory(refit(fitted, rows_of.stack(train, test), y_all))):
            start = f"it learned from all {n_train + n_test} rows, the {n_test} evaluation rows among them"
        elif same(known, memory(refit(fitted, test, y_test))):
            start = (
                f"it was fitted on the {count(n_test, 'evaluation row')}, not on the {n_train} training rows"
            )
        else:
            seen = known.get("n_samples_seen_")
            of = f" from {int(np.max(seen))} rows" if isinstance(seen, (int, np.ndarray, np.generic)) else ""
            return (
                f"{label} learned{of}, but neither from the {n_train} training rows nor from all "
                f"{n_train + n_test} that were given."
            )
    except Exception as error:  # noqa: BLE001 - any transformer, any way to fail: then there is no verdict
        reason = str(error).split("\n", 1)[0][:120]
        return f"{label} could not be fitted again for comparison ({type(error).__name__}: {reason})."
    return Leak(label, f"{start}: {difference(known, right, features)}.", FIT_ON_TRAINING)


def len_of(X: Any) -> int:
    """Return the number of rows."""
    return int(X.shape[0])


def difference(known: dict[str, Any], right: dict[str, Any], features: Sequence[str]) -> str:
    """Quote the most telling thing that is remembered differently."""
    names = [n for n in known if n in right and not same(known[n], right[n])]
    if not names:
        return "it remembers other things than the training rows alone teach"
    name = min(names, key=lambda n: _TELLING.index(n) if n in _TELLING else len(_TELLING))
    a, b = known[name], right[name]
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)) and len(a) == len(b):
        i = next(i for i in range(len(a)) if not same(a[i], b[i]))
        a, b, name = a[i], b[i], f"{name}[{i}]"
    x, z = np.asarray(a), np.asarray(b)
    if x.shape != z.shape or isinstance(a, dict):
        return f"{name} has {_size(a)}, while the training rows alone give {_size(b)}"
    if x.dtype.kind not in "fiub" or z.dtype.kind not in "fiub":
        return f"{name} is not what the training rows alone give"
    i, flat, other = _widest(x.ravel().astype(float), z.ravel().astype(float))
    here, there = _apart(flat, other)
    if x.size > 1:
        name += f" of {features[i]!r}" if len(features) == x.size else f"[{i}]"
    return f"{name} is {here}, while the training rows alone give {there}"


def _apart(a: float, b: float) -> tuple[str, str]:
    """Write two numbers with as few digits as tell them apart."""
    large = 1e4 <= max(abs(a), abs(b)) < 1e12
    for form in (".0f" if large else ".4g", ".6g", ".8g", ".12g"):
        if f"{a:{form}}" != f"{b:{form}}":
            return f"{a:{form}}", f"{b:{form}}"
    return f"{a:.12g}", f"{b:.12g}"


def _size(thing: Any) -> str:
    n = len(thing) if hasattr(thing, "__len__") else 1
    return count(n, "entry", "entries")


def _widest(x: Array, z: Array) -> tuple[int, float, float]:
    """Return where two arrays are furthest apart for their size, and both numbers there."""
    # What is left of a sum that should be zero differs from one CPU to the next.
    noise = 1e-9 * max(1.0, float(np.nanmax(np.abs([x, z]))))
    x, z = (np.where(np.abs(v) < noise, 0.0, v) for v in (x, z))
    size = np.maximum(np.maximum(np.abs(x), np.abs(z)), noise)
    i = int(np.argmax(np.round(np.nan_to_num(np.abs(x - z) / size, nan=9.0), 6)))
    return i, float(x[i]), float(z[i])
