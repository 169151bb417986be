"""What each kind of layer does to one sample, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse._text import count, listed, num
from mlcourse._text import shape as dims

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Shape = tuple["int | None", ...]

# What an activation function does to the number it is given.
ACTIVATIONS = {
    "relu": "ReLU: negative numbers become 0",
    "sigmoid": "sigmoid: each number, by itself, becomes a probability from 0 to 1",
    "softmax": "softmax: together the numbers become probabilities that add up to 1",
    "tanh": "tanh: each number is squeezed into −1 to 1",
    "leaky_relu": "leaky ReLU: negative numbers are made small",
    "elu": "ELU: negative numbers are bent towards −1",
    "selu": "SELU: a scaled ELU, which keeps the numbers' spread",
    "gelu": "GELU: a smooth ReLU",
    "silu": "SiLU (swish): each number times its own sigmoid",
    "softplus": "softplus: a smooth ReLU, always above 0",
    "hard_sigmoid": "hard sigmoid: a sigmoid of straight lines, from 0 to 1",
    "log_softmax": "log-softmax: the logarithms of the softmax probabilities",
    "exponential": "exponential: e to the power of each number",
    "prelu": "PReLU: negative numbers are made small, by a learned factor",
}

# Layers that end with an activation function of their own.
_ENDS_WITH_ACTIVATION = ("Dense", "EinsumDense", "Activation")
# Layers and operations that are nothing but an activation function.
_IS_ACTIVATION = {
    "Softmax": "softmax", "Sigmoid": "sigmoid", "ReLU": "relu", "Relu": "relu", "LeakyReLU": "leaky_relu",
    "LeakyRelu": "leaky_relu", "ELU": "elu", "Elu": "elu", "PReLU": "prelu", "Tanh": "tanh", "Gelu": "gelu",
    "Silu": "silu", "LogSoftmax": "log_softmax", "Softplus": "softplus",
}  # fmt: skip


def activation_of(operation: Any) -> str | None:
    """Return the name of the activation function an operation ends with, or None."""
    operation = getattr(operation, "layer", operation) if _kind(operation) == "TimeDistributed" else operation
    kind = _kind(operation)
    if kind in _IS_ACTIVATION:
        return _IS_ACTIVATION[kind]
    if kind not in _ENDS_WITH_ACTIVATION and "Conv" not in kind:
        return None
    function = getattr(operation, "activation", None)
    name = getattr(function, "__name__", None) or getattr(function, "name", None) or _kind(function)
    return None if function is None or name == "linear" else str(name)


def knows_its_end(operation: Any) -> bool:
    """Return whether an operation's class says what kind of numbers it hands on.

    True for weighted sums without an activation function (logits, or plain
    numbers), and for everything that ends with a function of known name.
    """
    name = activation_of(operation)
    if name is not None:
        return name in ACTIVATIONS
    kind = _kind(operation)
    return kind in _ENDS_WITH_ACTIVATION or "Conv" in kind


def is_active(operation: Any) -> bool:
    """Return whether a layer does anything outside training."""
    kind = _kind(operation)
    return not (
        "Dropout" in kind
        or kind.startswith("Random")
        or kind in {"GaussianNoise", "ActivityRegularization", "RandAugment", "MixUp", "CutMix", "AugMix"}
    )


def _kind(operation: Any) -> str:
    return type(operation).__name__


def describe(
    operation: Any,
    *,
    given: Sequence[_Shape],
    shape: _Shape,
    again: bool = False,
    entered: int = 0,
) -> str:
    """Say in a sentence or two what an operation did.

    Parameters
    ----------
    operation
        A Keras layer, or a `keras.ops` operation from a functional model.
    given
        Shapes of what it was given, without the batch axis.
    shape
        Shape of what it handed on, without the batch axis.
    again
        Whether this layer was called before on the same sample.
    entered
        Number of layers shown for it, if it is a nested model.
    """
    text = _sentence(operation, given, shape, entered)
    return (
        f"{text} The same layer, with the same weights, as in its first call."
        if again and is_active(operation)
        else text
    )


def _sentence(operation: Any, given: Sequence[_Shape], shape: _Shape, entered: int) -> str:
    kind = _kind(operation)
    if entered:
        return f"A model used as a layer: its result, made by the {count(entered, 'layer')} above."
    before: _Shape = given[0] if given else ()
    if not is_active(operation):
        there = _in_training(operation)
        return f"Inactive: it works in training only ({there}) and hands the values on unchanged."
    if kind in _WORDS:
        return _WORDS[kind](operation, before, shape)
    if kind in _IS_ACTIVATION:
        return _capital(_activation(_IS_ACTIVATION[kind])) + "."
    if "Conv" in kind and hasattr(operation, "kernel_size"):
        return _conv(operation, before, shape)
    if "Pooling" in kind:
        return _pool(operation, before, shape)
    if kind in {"LSTM", "GRU", "SimpleRNN", "RNN"}:
        return _recurrent(operation, before, shape)
    if len(given) > 1:
        joined = listed(dims(g) for g in given)
        both = "both inputs" if len(given) == 2 else f"{len(given)} inputs"
        return f"{_MERGES.get(kind, f'{kind} of')} {both} ({joined}): {dims(shape)}."
    if kind in _BY_ONE:
        return f"{_BY_ONE[kind]} a fixed number: {dims(before)} → {dims(shape)}."
    own = "" if type(operation).__module__.startswith("keras.") else ", a layer of your own,"
    return f"{kind}{own} turns {dims(before)} into {dims(shape)}."


_MERGES = {
    "Concatenate": "Lays side by side the values of",
    "Add": "Adds, place by place, the values of",
    "Subtract": "Subtracts, place by place, the second from the first of",
    "Multiply": "Multiplies, place by place, the values of",
    "Average": "Averages, place by place, the values of",
    "Maximum": "Keeps, place by place, the larger value of",
    "Minimum": "Keeps, place by place, the smaller value of",
    "Dot": "Multiplies and sums up (dot product) the values of",
}


_BY_ONE = {
    "Add": "Adds to each value",
    "Subtract": "Subtracts from each value, or it from,",
    "Multiply": "Multiplies each value by",
    "TrueDivide": "Divides each value by, or by it,",
}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _activation(name: str | None) -> str:
    return ACTIVATIONS.get(name or "", f"the function {name}")


def _then(operation: Any) -> str:
    name = activation_of(operation)
    return (
        f", then {_activation(name)}"
        if name
        else ", and no activation function: the numbers stay as they are"
    )


def _in_training(operation: Any) -> str:
    kind = _kind(operation)
    rate = getattr(operation, "rate", None)
    if "Dropout" in kind and isinstance(rate, (int, float)):
        return f"there it sets {num(100 * rate, 0)} % of the values to 0 at random"
    if kind == "GaussianNoise":
        return "there it adds random noise"
    if kind.startswith("Random"):
        return "there it changes each image at random"
    return "there it adds to the loss or changes the data at random"


def _dense(layer: Any, before: _Shape, shape: _Shape) -> str:
    units, bias = shape[-1], " plus a bias" if getattr(layer, "use_bias", True) else ""
    where = f", at each of {dims(before[:-1])} places" if len(before) > 1 else ""
    many = count(units or 0, "weighted sum")
    return f"{many} of the {count(before[-1] or 0, 'number')}{bias}{where}{_then(layer)}."


def _conv(layer: Any, before: _Shape, shape: _Shape) -> str:
    window = dims(layer.kernel_size)
    filters = count(shape[-1] or 0, "filter")
    verb = "spread out" if "Transpose" in _kind(layer) else "slid over"
    size = f"{dims(before)} → {dims(shape)}"
    return f"{filters} of {window}, {verb} the whole input, {size}{_then(layer)}."


def _pool(layer: Any, before: _Shape, shape: _Shape) -> str:
    best = "largest value" if "Max" in _kind(layer) else "mean"
    if "Global" in _kind(layer):
        return f"Keeps the {best} of each channel, over all its places: {dims(before)} → {dims(shape)}."
    return f"Keeps the {best} of each {dims(layer.pool_size)} window: {dims(before)} → {dims(shape)}."


def _recurrent(layer: Any, before: _Shape, shape: _Shape) -> str:
    steps = count(before[0] or 0, "step")
    units = int(getattr(layer, "units", None) or shape[-1] or 0)
    kept = (
        "hands on its state after every step" if len(shape) > 1 else "hands on its state after the last step"
    )
    order = ", from the last to the first," if getattr(layer, "go_backwards", False) else ""
    return f"Reads {steps} one after another{order} with a memory of {count(units, 'number')}, and {kept}."


def _batch_norm(layer: Any, before: _Shape, shape: _Shape) -> str:
    del before, shape
    also = ", then scales and shifts it as learned" if layer.scale or layer.center else ""
    return (
        "Shifts and scales each feature by the mean and the spread that it kept from training "
        f"(not this sample's){also}."
    )


def _embedding(layer: Any, before: _Shape, shape: _Shape) -> str:
    tokens = count(before[0] or 0, "token") if before else "the token"
    found = count(shape[-1] or 0, "learned number")
    return f"Looks up {found} for each of {tokens}, in a table of {layer.input_dim} rows."


def _bidirectional(layer: Any, before: _Shape, shape: _Shape) -> str:
    inner = _kind(layer.forward_layer)
    how = f"joined by {layer.merge_mode!r}" if layer.merge_mode else "kept apart"
    return (
        f"Two {inner} layers read {count(before[0] or 0, 'step')}, one forwards, one backwards; "
        f"what they hand on is {how}: {dims(before)} → {dims(shape)}."
    )


def _time_distributed(layer: Any, before: _Shape, shape: _Shape) -> str:
    inner = describe(layer.layer, given=[before[1:]], shape=shape[1:])
    return f"At each of {count(before[0] or 0, 'step')} the same {_kind(layer.layer)} layer: {inner}"


def _attention(layer: Any, before: _Shape, shape: _Shape) -> str:
    heads = getattr(layer, "num_heads", None)
    with_heads = f" with {count(heads, 'head')}" if heads else ""
    size = f"{dims(before)} → {dims(shape)}"
    return f"Attention{with_heads}: each place takes in a weighted mean of the others: {size}."


def _same(text: str) -> Callable[[Any, _Shape, _Shape], str]:
    """Return a description that needs only the two shapes."""
    return lambda _, before, shape: text.format(before=dims(before), shape=dims(shape))


_WORDS: dict[str, Callable[[Any, _Shape, _Shape], str]] = {
    "Dense": _dense,
    "EinsumDense": _dense,
    "Activation": lambda layer, *_: _capital(_activation(activation_of(layer))) + ".",
    "Flatten": _same("Lays {before} numbers out in one row: {shape}; no value changes."),
    "Reshape": _same("Rearranges {before} as {shape}; no value changes."),
    "Permute": _same("Swaps axes: {before} → {shape}; no value changes."),
    "RepeatVector": _same("Repeats the row: {before} → {shape}."),
    "ZeroPadding2D": _same("Adds a frame of zeros: {before} → {shape}."),
    "ZeroPadding1D": _same("Adds zeros at both ends: {before} → {shape}."),
    "Cropping2D": _same("Cuts off the edges: {before} → {shape}."),
    "UpSampling2D": _same("Repeats rows and columns: {before} → {shape}."),
    "Masking": lambda layer, *_: (
        f"Marks the steps that hold only {num(layer.mask_value, 0)}, so that later layers skip them."
    ),
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _same(
        "Shifts and scales this sample's own features to mean 0 and spread 1, then as learned."
    ),
    "UnitNormalization": _same("Scales the row to length 1."),
    "Embedding": _embedding,
    "Bidirectional": _bidirectional,
    "TimeDistributed": _time_distributed,
    "MultiHeadAttention": _attention,
    "Attention": _attention,
    "Rescaling": lambda layer, *_: f"Multiplies by {layer.scale:.4g} and adds {layer.offset:.4g}.",
    "Normalization": _same(
        "Subtracts the mean and divides by the spread that it took from the training data."
    ),
    "Resizing": _same("Resizes the image: {before} → {shape}."),
    "CenterCrop": _same("Keeps the middle of the image: {before} → {shape}."),
    "Discretization": _same("Replaces each number by the index of the bin it falls in."),
    "CategoryEncoding": lambda layer, *_: (
        f"Writes the categories as {layer.num_tokens} columns ({layer.output_mode.replace('_', '-')})."
    ),
    "TextVectorization": _same(
        "Cuts the text into words and replaces each by its number in the vocabulary: {shape}."
    ),
    "StringLookup": _same("Replaces each word by its number in the vocabulary."),
    "IntegerLookup": _same("Replaces each number by its place in the vocabulary."),
    "Hashing": _same("Replaces each value by the number of its hash bin."),
    "Identity": _same("Hands the values on unchanged."),
    "Lambda": _same("Runs a Python function of the model's author: {before} → {shape}."),
}
