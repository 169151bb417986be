"""Check that a model can be traced and that x is one sample for it; give it its batch axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse._text import count, listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

Dims = tuple["int | None", ...]


@dataclass(frozen=True)
class Slot:
    """One input of a model: its name, one sample's shape (None: any size), dtype and batch size."""

    name: str
    dims: Dims | None
    dtype: str = "float32"
    batch: int | None = None


@dataclass(frozen=True, eq=False)
class Sample:
    """One sample, ready for a model: a flat list of arrays with their batch axis, and their names."""

    names: tuple[str, ...]
    arrays: tuple[NDArray[Any], ...]
    structure: Any  # the arrays the way the student gave them: alone, in a list or in a dict


def check_model(model: Any, x: Any) -> None:
    """Raise unless `model` is a Keras model with weights."""
    import keras

    if isinstance(model, keras.layers.Layer) and not isinstance(model, keras.Model):
        raise InvalidType(
            f"model is a single {type(model).__name__} layer, but must be a Keras model: "
            "wrap it, as in keras.Sequential([keras.Input(shape=...), layer])."
        )
    if not isinstance(model, keras.Model):
        raise InvalidType(
            f"model is {shown(model)}, but must be a Keras model, such as a keras.Sequential you trained."
        )
    if isinstance(model, keras.Sequential) and not model.layers:
        raise InvalidArgument(
            "model has no layers yet: add some, then train it, before tracing a prediction."
        )
    if not model.built:
        mend = (
            f"start it with keras.Input(shape={_first_input(x)}), or train it, and trace then"
            if isinstance(model, keras.Sequential)
            else "train it, or call it once on a batch, such as model(X[:1]), and trace then"
        )
        raise InvalidArgument(f"model {model.name!r} is not built, so it has no weights yet: {mend}.")


def _first_input(x: Any) -> str:
    """Return the shape to suggest for a model that has none, guessed from the sample."""
    try:
        given = np.shape(x)
    except ValueError:
        return "..."
    if len(given) > 1:
        given = given[1:]
    return repr(tuple(given)) if given else "..."


def slots(model: Any) -> list[Slot] | None:
    """Return the inputs of `model` in its own order, or None where it does not say them."""
    tensors = getattr(model, "inputs", None) if hasattr(model, "inputs") else None
    if tensors:
        keys = _dict_keys(model)
        return [Slot(keys.get(id(t), t.name), tuple(t.shape[1:]), str(t.dtype), t.shape[0]) for t in tensors]
    config = model.get_build_config() or {}
    dims = config.get("input_shape")
    if isinstance(dims, (tuple, list)) and dims and all(d is None or isinstance(d, int) for d in dims):
        return [Slot("x", tuple(dims[1:]))]
    return None


def _dict_keys(model: Any) -> dict[int, str]:
    """Return the dict key of each input tensor, for a model made with a dict of inputs."""
    structure = getattr(model, "input", None)
    return {id(t): key for key, t in structure.items()} if isinstance(structure, dict) else {}


def check_sample(model: Any, x: Any) -> Sample:
    """Return `x` as one sample of `model`'s inputs, each with its batch axis."""
    wanted = slots(model)
    if wanted is None:
        return _unknown(x)
    if len(wanted) == 1:
        slot = wanted[0]
        if isinstance(x, dict):
            if set(x) != {slot.name}:
                raise InvalidArgument(
                    f"x is a dict with the keys {_keys(x)}, but this model has one input, "
                    f"{slot.name!r}: pass its array alone."
                )
            x = x[slot.name]
        array = _one(slot, x, "x")
        return Sample((slot.name,), (array,), array)
    given = _matched(wanted, x)
    arrays = tuple(
        _one(slot, part, f"x[{label!r}]") for slot, (label, part) in zip(wanted, given, strict=True)
    )
    return Sample(tuple(slot.name for slot in wanted), arrays, list(arrays))


def _keys(x: dict[Any, Any]) -> str:
    return listed(map(repr, x)) or "(none)"


def _matched(wanted: list[Slot], x: Any) -> list[tuple[Any, Any]]:
    """Return (label, value) of each input, in the model's order, from a dict or a list."""
    names = [slot.name for slot in wanted]
    listing = listed(map(repr, names))
    if isinstance(x, dict):
        if set(x) != set(names):
            raise InvalidArgument(
                f"x is a dict with the keys {_keys(x)}, but this model's inputs are {listing}: "
                "give an array for each."
            )
        return [(name, x[name]) for name in names]
    if isinstance(x, (list, tuple)):
        if len(x) != len(names):
            raise InvalidArgument(
                f"x is a list of {len(x)}, but this model has {len(names)} inputs, in this order: {listing}."
            )
        return list(enumerate(x))
    raise InvalidType(
        f"x is one {type(x).__name__}, but this model has {len(names)} inputs: "
        f"pass a dict with the keys {listing}, or a list in that order."
    )


def _unknown(x: Any) -> Sample:
    """Make a sample for a model that does not say what it takes: only the batch axis is judged."""

    def one(part: Any, label: str) -> NDArray[Any]:
        array = _array(part, label, text=None)
        return array if array.ndim > 1 and array.shape[0] == 1 else array[np.newaxis]

    if isinstance(x, dict):
        arrays = {key: one(part, f"x[{key!r}]") for key, part in x.items()}
        return Sample(tuple(map(str, arrays)), tuple(arrays.values()), arrays)
    if isinstance(x, (list, tuple)) and x and all(isinstance(part, np.ndarray) for part in x):
        parts = [one(part, f"x[{i}]") for i, part in enumerate(x)]
        return Sample(tuple(f"x[{i}]" for i in range(len(parts))), tuple(parts), parts)
    array = one(x, "x")
    return Sample(("x",), (array,), array)


def _one(slot: Slot, x: Any, label: str) -> NDArray[Any]:
    """Return `x` checked for one input, with its batch axis."""
    array = _array(x, label, text=slot.dtype == "string")
    if slot.dims is None:
        return array[np.newaxis]
    if array.ndim == 0 and slot.dims in {(1,), (None,)}:
        array = array.reshape(1)
    if array.size == 0:
        raise InvalidArgument(
            f"{label} is empty (shape {array.shape}), but must hold one sample of shape {_dims(slot.dims)}."
        )
    if _fits(array.shape, slot.dims):
        array = array[np.newaxis]
    elif array.shape[:1] != (1,) or not _fits(array.shape[1:], slot.dims):
        mend = _mend(array.shape, slot.dims, label)
        raise InvalidArgument(
            f"{label} has shape {array.shape}, but this model takes one sample of shape "
            f"{_dims(slot.dims)}: {mend}."
        )
    # A model made for a fixed batch size gets the sample that often; the first is shown.
    return array if slot.batch in {None, 1} else np.repeat(array, slot.batch or 1, axis=0)


def _array(x: Any, label: str, *, text: bool | None) -> NDArray[Any]:
    """Return `x` as an array of numbers (or of text), or raise if it is neither or holds NaN."""
    if x is None:
        raise InvalidType(f"{label} is None, but must be one sample: an array such as X[0].")
    if hasattr(x, "toarray"):
        raise InvalidType(f"{label} is a sparse {type(x).__name__}, but must be an array: pass x.toarray().")
    try:
        array = np.asarray(x)
    except (ValueError, TypeError, RuntimeError):
        raise InvalidType(
            f"{label} is {shown(x)}, but must be one sample as an array with rows of equal length."
        ) from None
    is_text = array.dtype.kind in "US" or (
        array.dtype.kind == "O" and array.size > 0 and all(isinstance(v, (str, bytes)) for v in array.flat)
    )
    if is_text:
        if text is False:
            raise InvalidType(
                f"{label} holds text ({shown(array.reshape(-1).tolist()[0])}), but this model takes numbers: "
                "encode it the way the training data was encoded."
            )
        return array.astype(object)
    if text:
        raise InvalidType(f"{label} is {shown(x)}, but this model takes text: pass a string.")
    if array.dtype.kind not in "biuf":
        try:
            array = array.astype(np.float64)
        except (ValueError, TypeError):
            raise InvalidType(
                f"{label} is {shown(x)}, but must be one sample as an array of numbers."
            ) from None
    _finite(array, label)
    return array


def _finite(array: NDArray[Any], label: str) -> None:
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return
    missing = int(np.isnan(array).sum())
    what = "NaN" if missing else "infinity"
    where = np.argwhere(np.isnan(array) if missing else np.isinf(array))
    place = listed(map(str, where[0]), ",") if array.ndim == 1 else str(tuple(map(int, where[0])))
    raise InvalidArgument(
        f"{label} holds {what} ({count(len(where), 'time')}, first at index {place}), "
        "but must hold numbers only: fill or remove missing values before the prediction, as for training."
    )


def _fits(given: tuple[int, ...], dims: Dims) -> bool:
    return len(given) == len(dims) and all(d is None or d == g for g, d in zip(given, dims, strict=True))


def _dims(dims: Dims) -> str:
    inside = ", ".join("any" if d is None else str(d) for d in dims)
    return f"({inside},)" if len(dims) == 1 else f"({inside})"


def _mend(given: tuple[int, ...], dims: Dims, label: str) -> str:
    """Say what most likely turns the given shape into the expected one."""
    rows = given[0] if given else 0
    if len(given) == len(dims) + 1 and _fits(given[1:], dims):
        return f"you passed a batch of {rows}; choose one row, such as X[0]"
    if dims and dims[-1] == 1 and _fits(given, dims[:-1]):
        return f"the channel axis is missing; pass {label}[..., np.newaxis]"
    if dims and dims[-1] == 1 and _fits(given[1:], dims[:-1]):
        if rows == 1:
            return f"the channel axis is missing; pass {label}[0][..., np.newaxis]"
        one_row = "pass one row with it, X[0][..., np.newaxis]"
        return f"you passed a batch of {rows} without a channel axis; {one_row}"
    if given and given[-1] == 1 and _fits(given[:-1], dims):
        return f"it has an axis of 1 too many; pass {label}[..., 0]"
    if len(given) == 3 and _fits((*given[1:], given[0]), dims):
        return f"the channels come first; pass np.moveaxis({label}, 0, -1)"
    known = None not in dims
    if known and len(given) != len(dims) and math.prod(given) == math.prod(d or 0 for d in dims):
        return f"the numbers are as many; pass {label}.reshape{_dims(dims)}"
    if len(dims) == 1 and given and len(given) <= 2:
        return (
            f"it has {count(given[-1], 'number')} where {dims[0]} are expected; "
            "give the same features, prepared the same way, as in training"
        )
    return "prepare the sample the way the training data was prepared"
