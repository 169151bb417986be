"""Send one sample through a Keras model once, and take down what every layer hands on.

Functional models are run node by node, in Keras's own order; Sequential ones
layer by layer; nested ones are entered. Everything runs within a
`keras.StatelessScope`, so that whatever a layer would store (an LSTM's state,
a dropout's next seed) goes into the scope and not into the model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument
from mlcourse.trace._prediction_records import TracedLayer
from mlcourse.trace._prediction_words import activation_of, describe, is_active

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from mlcourse.trace._prediction_input import Sample


@dataclass(frozen=True, eq=False)
class Walked:
    """The layers in running order; for each output of the model its name and its layer's index."""

    layers: tuple[TracedLayer, ...]
    outputs: tuple[int, ...]
    output_names: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Step:
    """One call seen on the way; the tensors are still Keras's."""

    name: str
    operation: Any
    inputs: list[Any]
    outputs: list[Any]
    again: bool = False  # a shared layer's second call
    entered: int = 0  # how many steps were seen inside, for a nested model


def walk(model: Any, sample: Sample) -> Walked:
    """Run `model` once on `sample` and return what every layer made of it."""
    import keras

    run = _Run(len(sample.arrays[0]))
    with keras.StatelessScope():
        outputs = run.model(model, sample)
        return run.records(model, outputs)


class _Run:
    """One forward pass: the steps so far, in the order in which they ran."""

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self.inputs: list[tuple[str, Any]] = []
        self.steps: list[_Step] = []
        self.notes: list[str] = []
        self.names: dict[str, int] = {}
        self.called: set[int] = set()

    def model(self, model: Any, sample: Sample) -> list[Any]:
        """Run the traced model and return its outputs as a flat list."""
        import keras

        specs = model.inputs if hasattr(model, "inputs") and model.inputs else [None] * len(sample.arrays)
        tensors = [
            _tensor(array, None if spec is None else spec.dtype)
            for array, spec in zip(sample.arrays, specs, strict=True)
        ]
        self.inputs = [(self.unique(_plain(name)), t) for name, t in zip(sample.names, tensors, strict=True)]
        way = _way(model)
        if way is not None:
            return way(self, model, tensors, "")
        self.notes.append(_why_closed(model))
        packed = keras.tree.pack_sequence_as(sample.structure, tensors)
        outputs = keras.tree.flatten(model(packed, training=False))
        self.steps.append(_Step(self.unique(model.name), model, tensors, outputs))
        return outputs

    def call(self, operation: Any, args: Any, kwargs: dict[str, Any], prefix: str) -> Any:
        """Run one operation, step into it if it is a model that can be seen into, and take it down."""
        import keras

        name = self.unique(prefix + operation.name)
        inputs = [t for t in keras.tree.flatten((args, kwargs)) if keras.ops.is_tensor(t)]
        way = _way(operation)
        before = len(self.steps)
        if way is not None:
            flat = way(self, operation, inputs, f"{name}/")
            outputs: Any = flat[0] if len(flat) == 1 else flat
        else:
            _check_tokens(operation, name, inputs)
            if getattr(operation, "_call_has_training_arg", False):
                kwargs = {**kwargs, "training": False}
            outputs = operation(*args, **kwargs)
            flat = keras.tree.flatten(outputs)
        again = id(operation) in self.called
        self.called.add(id(operation))
        self.steps.append(_Step(name, operation, inputs, flat, again, len(self.steps) - before))
        return outputs

    def unique(self, name: str) -> str:
        """Return `name`, told apart from earlier calls of the same layer."""
        self.names[name] = self.names.get(name, 0) + 1
        return name if self.names[name] == 1 else f"{name} (call {self.names[name]})"

    def records(self, model: Any, outputs: list[Any]) -> Walked:
        """Turn the steps into records, the model's output the last of them."""
        made_by: dict[int, int] = {}
        layers: list[TracedLayer] = []
        for name, tensor in self.inputs:
            made_by[id(tensor)] = len(layers)
            values = self.values(tensor)
            does = "The sample, as it is given to the model."
            layers.append(TracedLayer(name, "Input", values.shape, values, does, role="input"))
        for step in self.steps:
            reads = tuple(dict.fromkeys(layers[made_by[id(t)]].name for t in step.inputs if id(t) in made_by))
            made_by.update((id(tensor), len(layers)) for tensor in step.outputs)
            layers.append(self.record(step, reads))
        where = [made_by.get(id(tensor), -1) for tensor in outputs]
        if where[-1] != len(layers) - 1 or layers[where[-1]].role == "input":
            # The output is also read further on, or is the input itself: it is shown once more, at the end.
            source = layers[where[-1]]
            again = f"Hands on the values of {source.name} as the model's output."
            name = self.unique("output")
            layers.append(
                replace(source, name=name, kind="Output", does=again, n_params=0, reads=(source.name,))
            )
            where[-1] = len(layers) - 1
        for i in where:
            layers[i] = replace(layers[i], role="output")
        names = tuple(getattr(model, "output_names", ()))
        if len(names) != len(where):
            names = tuple(layers[i].name for i in where)
        return Walked(tuple(layers), tuple(where), names, tuple(self.notes))

    def record(self, step: _Step, reads: tuple[str, ...]) -> TracedLayer:
        """Return one step as a record."""
        operation = step.operation
        activation = activation_of(operation)
        logits = None
        if activation is not None and len(step.inputs) == 1:
            logits = _before_activation(operation, step.inputs[0], step.outputs[0])
        first, *more = (self.values(tensor) for tensor in step.outputs)
        return TracedLayer(
            name=step.name,
            kind=type(operation).__name__,
            shape=first.shape,
            values=first,
            does=describe(
                operation,
                given=[self.values_shape(t) for t in step.inputs],
                shape=first.shape,
                again=step.again,
                entered=step.entered,
            ),
            n_params=_n_params(operation),
            reads=reads,
            activation=activation,
            before_activation=None if logits is None else self.values(logits),
            active=is_active(operation),
            more=tuple(more),
        )

    def values_shape(self, tensor: Any) -> tuple[int | None, ...]:
        """Return a tensor's shape without the batch axis."""
        shape = tuple(tensor.shape)
        return shape[1:] if shape[:1] == (self.batch,) else shape

    def values(self, tensor: Any) -> NDArray[Any]:
        """Return a tensor as NumPy values without the batch axis."""
        import keras

        array = np.asarray(keras.ops.convert_to_numpy(tensor))
        if array.shape[:1] == (self.batch,):
            array = array[0]
        if np.asarray(array).dtype.kind in "OS":
            return np.vectorize(_decoded, otypes=[object])(array)
        if array.dtype.kind not in "biufc":  # bfloat16 and its like, which NumPy does not know
            array = array.astype(np.float32)
        # A copy of our own: the tensor's memory may be shared, and a record must not change.
        array = np.array(array)
        array.setflags(write=False)
        return array


def _plain(name: str) -> str:
    """Return an input's name; Keras's own ones count tensors, and would differ from run to run."""
    return "input" if name.startswith(("keras_tensor", "input_layer")) else name


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


def _way(operation: Any) -> Callable[[_Run, Any, list[Any], str], list[Any]] | None:
    """Return how to run a model so that its layers are seen, or None if it cannot be seen into."""
    import keras

    if not isinstance(operation, keras.Model):
        return None
    own_call = type(operation).call
    if isinstance(operation, keras.Sequential):
        return _run_sequential if own_call is keras.Sequential.call else None
    graph = next((base for base in type(operation).__mro__ if base.__name__ == "Functional"), None)
    if graph is not None and own_call is graph.call and hasattr(operation, "_run_through_graph"):
        return _run_functional
    return None


def _why_closed(model: Any) -> str:
    """Say why the inside of a model is not shown."""
    return (
        f"Only what goes into {model.name!r} and what comes out is shown: its class, {type(model).__name__}, "
        "computes in a call() of its own, which is ordinary Python that says nothing about its steps. "
        "Built from keras.Input and layers (the functional way), the same model can be seen into."
    )


def _run_sequential(run: _Run, model: Any, tensors: list[Any], prefix: str) -> list[Any]:
    import keras

    value: Any = tensors[0] if len(tensors) == 1 else tensors
    for layer in model.layers:
        value = run.call(layer, (value,), {}, prefix)
    return list(keras.tree.flatten(value))


def _run_functional(run: _Run, model: Any, tensors: list[Any], prefix: str) -> list[Any]:
    import keras

    def taken_down(operation: Any) -> Callable[..., Any]:
        return lambda *args, **kwargs: run.call(operation, args, kwargs, prefix)

    # Keras's own walk over its graph, which takes the function that runs a node. It has no public
    # name; running a model made of all inner tensors instead would run nested models twice.
    return list(keras.tree.flatten(model._run_through_graph(tensors, operation_fn=taken_down)))  # noqa: SLF001


def _check_tokens(operation: Any, name: str, inputs: list[Any]) -> None:
    """Raise if a number is given to an Embedding that it has no row for; TensorFlow's own words are dark."""
    import keras

    if not isinstance(operation, keras.layers.Embedding) or not inputs:
        return
    tokens = np.asarray(keras.ops.convert_to_numpy(inputs[0]))
    wrong = tokens[(tokens < 0) | (tokens >= operation.input_dim)]
    if wrong.size:
        raise InvalidArgument(
            f"x holds the token {wrong.flat[0]:g}, but {name!r} knows only 0 to {operation.input_dim - 1}: "
            "encode the text with the vocabulary the model was trained with."
        )


def _before_activation(operation: Any, given: Any, result: Any) -> Any:
    """Return a Dense layer's values before its activation, or None where they cannot be had exactly.

    The layer's own two lines, `inputs @ kernel + bias` (`keras.layers.Dense`),
    are repeated on what it was given; they count only if the activation leads
    from them to the very values that the layer handed on.
    """
    import keras

    layer = getattr(operation, "layer", operation)  # TimeDistributed
    if type(layer) is not keras.layers.Dense or getattr(layer, "quantization_mode", None):
        return None
    logits = keras.ops.matmul(keras.ops.cast(given, result.dtype), keras.ops.cast(layer.kernel, result.dtype))
    if layer.bias is not None:
        logits = keras.ops.add(logits, keras.ops.cast(layer.bias, result.dtype))
    reached = keras.ops.convert_to_numpy(layer.activation(logits))
    same = np.allclose(reached, keras.ops.convert_to_numpy(result), rtol=1e-5, atol=1e-7)
    return logits if same else None


def _n_params(operation: Any) -> int:
    """Return how many numbers a layer keeps."""
    weights = getattr(operation, "weights", None) or ()
    return int(sum(np.prod(w.shape) for w in weights))
