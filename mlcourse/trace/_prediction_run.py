"""Run the walk through a model, eagerly or compiled, and turn what it saw into records.

Everything runs within a `keras.StatelessScope`, so that whatever a layer would
store (an LSTM's state, a dropout's next seed) goes into the scope and not into
the model.

Eagerly a layer costs about half a millisecond whatever its size, and a
recurrent one that for every step of its sequence: for deep and recurrent models
that is several times what `model.predict` takes, which runs compiled. Compiling
takes a second, though. So the first trace of a model runs eagerly, and from the
second on the deep and the recurrent ones run compiled.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from mlcourse.trace._prediction_records import TracedLayer
from mlcourse.trace._prediction_walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from mlcourse.trace._prediction_input import Sample

# More layers than this cost more eagerly than `predict` does as a whole.
_DEEP = 40
# Compiled walks kept for one model: one for each shape of sample.
_KEPT = 4

_Compiled = tuple["Callable[..., list[Any]]", Walk]
# For each model traced before: compiled walks by what they were made for; None where it cannot be compiled.
_compiled: WeakKeyDictionary[Any, dict[Any, _Compiled | None]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Walked:
    """The layers in running order; for each output of the model its name and its layer's index."""

    layers: tuple[TracedLayer, ...]
    outputs: tuple[int, ...]
    output_names: tuple[str, ...]
    notes: tuple[str, ...]
    opaque: tuple[bool, ...]  # for each layer, whether its class leaves open what its numbers are


def run(model: Any, sample: Sample) -> Walked:
    """Run `model` once on `sample` and return what every layer made of it."""
    specs = model.inputs if hasattr(model, "inputs") and model.inputs else [None] * len(sample.arrays)
    tensors = [
        _tensor(array, None if spec is None else spec.dtype)
        for array, spec in zip(sample.arrays, specs, strict=True)
    ]
    with warnings.catch_warnings():
        # What Keras warns of at a call (softmax over one unit) the decision's notes say.
        warnings.simplefilter("ignore")
        walk, made = _run_compiled(model, sample, tensors) or _run_eagerly(model, sample, tensors)
    return _records(model, walk, made)


def _run_eagerly(model: Any, sample: Sample, tensors: list[Any]) -> tuple[Walk, list[Any]]:
    import keras

    walk = Walk(len(sample.arrays[0]))
    with keras.StatelessScope():
        walk.run(model, sample.names, tensors, sample.structure)
    return walk, walk.tensors


def _run_compiled(model: Any, sample: Sample, tensors: list[Any]) -> tuple[Walk, list[Any]] | None:
    """Run the compiled walk of this model, made now if it is missing; None where the eager one is due."""
    import keras

    if keras.backend.backend() != "tensorflow" or getattr(model, "run_eagerly", False):
        return None
    parts = model._flatten_layers()  # noqa: SLF001 - with nested ones and those in wrappers; no public way
    if len(parts) <= _DEEP and not any(isinstance(part, keras.layers.RNN) for part in parts):
        return None
    if model not in _compiled:
        _compiled[model] = {}
        return None
    import tensorflow as tf

    known = _compiled[model]
    # A layer added, taken away or given another activation makes it another function.
    key = (
        tuple((tuple(t.shape), t.dtype) for t in tensors),
        tuple((id(part), id(getattr(part, "activation", None))) for part in parts),
    )
    if key not in known:
        while len(known) >= _KEPT:
            known.pop(next(iter(known)))
        known[key] = _compile(model, sample, tensors)
    compiled = known[key]
    if compiled is None:
        return None
    function, walk = compiled
    try:
        return walk, function(*tensors)
    except tf.errors.InvalidArgumentError:
        return None  # the eager walk says it in words


def _compile(model: Any, sample: Sample, tensors: list[Any]) -> _Compiled | None:
    """Make a graph of the walk that hands on all its tensors."""
    import keras
    import tensorflow as tf

    walk = Walk(len(sample.arrays[0]))

    def all_tensors(*given: Any) -> list[Any]:
        with keras.StatelessScope():
            walk.run(model, sample.names, list(given), sample.structure)
        return walk.tensors

    try:
        function = tf.function(all_tensors, autograph=False).get_concrete_function(*tensors)
    except Exception:  # noqa: BLE001 - a layer may do in Python what no graph can; the eager walk is as right
        return None
    walk.tensors = []
    return function, walk


def _records(model: Any, walk: Walk, made: list[Any]) -> Walked:
    """Turn the steps and their tensors into records, the model's output the last of them."""
    layers: list[TracedLayer] = []
    for step in walk.steps:
        first, *more = (_values(made[i], walk.batch) for i in step.outputs)
        before = None
        if step.logits is not None:
            logits, reached = (_values(made[i], walk.batch) for i in step.logits)
            before = logits if np.allclose(reached, first, rtol=1e-5, atol=1e-7) else None
        role = "input" if step.kind == "Input" else "hidden"
        reads = tuple(layers[i].name for i in step.reads)
        layers.append(
            TracedLayer(
                name=step.name,
                kind=step.kind,
                shape=first.shape,
                values=first,
                does=step.does,
                n_params=step.n_params,
                role=role,
                reads=reads,
                activation=step.activation,
                before_activation=before,
                active=step.active,
                more=tuple(more),
            )
        )
    for i in walk.outputs:
        layers[i] = replace(layers[i], role="output")
    names = _output_names(model)
    if len(names) != len(walk.outputs):
        names = tuple(layers[i].name for i in walk.outputs)
    opaque = tuple(step.opaque for step in walk.steps)
    return Walked(tuple(layers), walk.outputs, names, tuple(walk.notes), opaque)


def _output_names(model: Any) -> tuple[str, ...]:
    """Return what a functional model's outputs are called: the keys of a dict, else the layers' names."""
    structure = getattr(model, "output", None) if getattr(model, "outputs", None) else None
    if isinstance(structure, dict):
        keys = {id(tensor): str(key) for key, tensor in structure.items()}
        if all(id(tensor) in keys for tensor in model.outputs):
            return tuple(keys[id(tensor)] for tensor in model.outputs)
    return tuple(getattr(model, "output_names", ()))


def _values(tensor: Any, batch: int) -> NDArray[Any]:
    """Return a tensor as NumPy values without the batch axis."""
    import keras

    if keras.backend.standardize_dtype(tensor.dtype).startswith(("bfloat16", "float8")):
        tensor = keras.ops.cast(tensor, "float32")  # NumPy has no such numbers
    array = np.asarray(keras.ops.convert_to_numpy(tensor))
    if array.shape[:1] == (batch,):
        array = array[:1].reshape(array.shape[1:])
    if array.dtype.kind in "OS":
        return np.asarray(np.vectorize(_decoded, otypes=[object])(array))
    # A copy of our own: the tensor's memory may be shared, and a record must not change.
    array = np.array(array)
    array.setflags(write=False)
    return array


def _decoded(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _tensor(array: NDArray[Any], dtype: str | None) -> Any:
    """Return an array as a tensor of the input's dtype."""
    import keras

    if array.dtype.kind == "O":
        import tensorflow as tf  # strings exist on this backend alone

        return tf.constant(array.tolist(), dtype=tf.string)
    if dtype is None and array.dtype.kind == "f":
        dtype = keras.config.floatx()
    return keras.ops.convert_to_tensor(array, dtype=dtype)
