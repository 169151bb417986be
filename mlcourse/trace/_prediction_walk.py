"""Walk through a Keras model once, layer by layer, and plan the record of what each one does.

Functional models are run node by node, in Keras's own order; Sequential ones
layer by layer; nested ones are entered. The walk needs no values, so that it
can also be made once, on symbolic tensors, and then be run compiled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument
from mlcourse._text import shape as dims
from mlcourse.trace._prediction_words import activation_of, describe, is_active, knows_its_end

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Step:
    """One call seen on the way. Tensors are told by their place in `Walk.tensors`, steps by their place."""

    name: str
    kind: str
    does: str
    n_params: int
    activation: str | None
    active: bool
    opaque: bool
    reads: tuple[int, ...]
    outputs: tuple[int, ...]
    # Before the activation, and what the activation makes of that, to be compared with the output.
    logits: tuple[int, int] | None = None


class Walk:
    """One forward pass: what ran, in order, and every tensor that was handed on.

    No model or layer is kept here, so that a walk may outlive them.
    """

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self.steps: list[Step] = []
        self.tensors: list[Any] = []
        self.outputs: tuple[int, ...] = ()
        self.notes: list[str] = []
        self._made_by: dict[int, int] = {}
        self._names: dict[str, int] = {}
        self._called: set[int] = set()

    def run(self, model: Any, names: tuple[str, ...], tensors: list[Any], structure: Any) -> None:
        """Run the traced model on its inputs."""
        import keras

        for name, tensor in zip(names, tensors, strict=True):
            does = "The sample, as it is given to the model."
            title = self._unique(_plain(name))
            self._keep(Step(title, "Input", does, 0, None, True, False, (), ()), [tensor])  # noqa: FBT003
        way = _way(model)
        if way is not None:
            outputs = way(self, model, tensors, "")
        else:
            self.notes.append(_why_closed(model))
            packed = keras.tree.pack_sequence_as(structure, tensors)
            outputs = keras.tree.flatten(model(packed, training=False))
            does = f"The whole model in one step: {describe_shapes(self, tensors, outputs)}."
            self._take_down(model, self._unique(model.name), tensors, outputs, does=does)
        made_by = [self._made_by.get(id(tensor), -1) for tensor in outputs]
        last = len(self.steps) - 1
        if last not in made_by or self.steps[last].kind == "Input":
            # This output is also read further on, or is the input itself: it is shown once more, at the end.
            source = self.steps[made_by[-1]]
            does = f"Hands on the values of {source.name} as the model's output."
            name = self._unique("output")
            self._keep(
                Step(name, "Output", does, 0, None, True, False, (made_by[-1],), ()),  # noqa: FBT003
                [outputs[-1]],
            )
            made_by[-1] = len(self.steps) - 1
        self.outputs = tuple(made_by)

    def call(self, operation: Any, args: Any, kwargs: dict[str, Any], prefix: str) -> Any:
        """Run one operation, step into it if it is a model that can be seen into, and take it down."""
        import keras

        name = self._unique(prefix + operation.name)
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
        self._take_down(operation, name, inputs, flat, entered=len(self.steps) - before)
        return outputs

    def _take_down(
        self,
        operation: Any,
        name: str,
        inputs: list[Any],
        outputs: list[Any],
        *,
        entered: int = 0,
        does: str = "",
    ) -> None:
        """Keep one step: what it is, in words, what it read and what it handed on."""
        reads = tuple(dict.fromkeys(self._made_by[id(t)] for t in inputs if id(t) in self._made_by))
        again = id(operation) in self._called
        self._called.add(id(operation))
        does = does or describe(
            operation,
            given=[self.shape(t) for t in inputs],
            shape=self.shape(outputs[0]),
            again=again and "(call" not in name.rpartition("/")[0],
            entered=entered,
        )
        activation = activation_of(operation)
        logits = None
        if activation is not None and len(inputs) == 1:
            found = _before_activation(operation, inputs[0], outputs[0])
            if found is not None:
                logits = (len(self.tensors), len(self.tensors) + 1)
                self.tensors += found
        kind = type(operation).__name__
        opaque = not entered and not knows_its_end(operation)
        n_params = _n_params(operation)
        active = is_active(operation)
        self._keep(Step(name, kind, does, n_params, activation, active, opaque, reads, (), logits), outputs)

    def _keep(self, step: Step, tensors: list[Any]) -> None:
        first = len(self.tensors)
        self._made_by.update((id(tensor), len(self.steps)) for tensor in tensors)
        self.steps.append(replace(step, outputs=tuple(range(first, first + len(tensors)))))
        self.tensors += tensors

    def _unique(self, name: str) -> str:
        """Return `name`, told apart from earlier calls of the same layer."""
        self._names[name] = self._names.get(name, 0) + 1
        return name if self._names[name] == 1 else f"{name} (call {self._names[name]})"

    def shape(self, tensor: Any) -> tuple[int | None, ...]:
        """Return a tensor's shape without the batch axis; an unknown size is None."""
        shape = tuple(tensor.shape)
        return shape[1:] if shape[:1] in {(self.batch,), (None,)} else shape


def describe_shapes(walk: Walk, inputs: list[Any], outputs: list[Any]) -> str:
    """Write what goes in and what comes out of a model that cannot be seen into."""
    given, made = (" and ".join(dims(walk.shape(t)) for t in ts) for ts in (inputs, outputs))
    return f"{given} → {made}"


def _plain(name: str) -> str:
    """Return an input's name; Keras's own ones count tensors, and would differ from run to run."""
    return "input" if name.startswith(("keras_tensor", "input_layer")) else name


def _way(operation: Any) -> Callable[[Walk, Any, list[Any], str], list[Any]] | None:
    """Return how to run a model so that its layers are seen, or None if it cannot be seen into."""
    import keras

    if not isinstance(operation, keras.Model):
        return None
    own_call: Any = getattr(type(operation), "call", None)
    if isinstance(operation, keras.Sequential):
        return _run_sequential if own_call is keras.Sequential.call else None
    graph: Any = next((base for base in type(operation).__mro__ if base.__name__ == "Functional"), None)
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


def _run_sequential(walk: Walk, model: Any, tensors: list[Any], prefix: str) -> list[Any]:
    import keras

    value: Any = tensors[0] if len(tensors) == 1 else tensors
    for layer in model.layers:
        value = walk.call(layer, (value,), {}, prefix)
    return list(keras.tree.flatten(value))


def _run_functional(walk: Walk, model: Any, tensors: list[Any], prefix: str) -> list[Any]:
    import keras

    def taken_down(operation: Any) -> Callable[..., Any]:
        return lambda *args, **kwargs: walk.call(operation, args, kwargs, prefix)

    # Keras's own walk over its graph, which takes the function that runs a node. It has no public
    # name; running a model made of all inner tensors instead would run nested models twice.
    return list(keras.tree.flatten(model._run_through_graph(tensors, operation_fn=taken_down)))  # noqa: SLF001


def _check_tokens(operation: Any, name: str, inputs: list[Any]) -> None:
    """Raise if a number is given to an Embedding that it has no row for; TensorFlow's own words are dark."""
    import keras

    if not isinstance(operation, keras.layers.Embedding) or not inputs:
        return
    if not hasattr(inputs[0], "numpy"):
        return  # a symbolic tensor: what it will hold is not known yet
    tokens = np.asarray(inputs[0].numpy())
    wrong = tokens[(tokens < 0) | (tokens >= operation.input_dim)]
    if wrong.size:
        raise InvalidArgument(
            f"x holds the token {wrong.flat[0]:g}, but {name!r} knows only 0 to {operation.input_dim - 1}: "
            "encode the text with the vocabulary the model was trained with."
        )


def _before_activation(operation: Any, given: Any, result: Any) -> list[Any] | None:
    """Return a Dense layer's values before its activation, and after, or None for another layer.

    The layer's own two lines, `inputs @ kernel + bias` (`keras.layers.Dense`),
    are repeated on what it was given. They count only if the activation leads
    from them to the very values that the layer handed on, which is for the
    reader of the tensors to check.
    """
    import keras

    layer = getattr(operation, "layer", operation)  # TimeDistributed
    if type(layer) is not keras.layers.Dense or getattr(layer, "quantization_mode", None):
        return None
    kernel, bias = layer.kernel, layer.bias
    if given.dtype != result.dtype:
        given = keras.ops.cast(given, result.dtype)
    if kernel.dtype != keras.backend.standardize_dtype(result.dtype):
        kernel, bias = (None if w is None else keras.ops.cast(w, result.dtype) for w in (kernel, bias))
    logits = keras.ops.matmul(given, kernel)
    if bias is not None:
        logits = keras.ops.add(logits, bias)
    return [logits, layer.activation(logits)]


def _n_params(operation: Any) -> int:
    """Return how many numbers a layer keeps."""
    weights = getattr(operation, "weights", None) or ()
    return int(sum(np.prod(w.shape) for w in weights))
