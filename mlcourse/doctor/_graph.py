"""A Keras model's graph, read backwards from an output and forwards from an input.

Part of what `_keras` sees: which activations a model ends in, and whether it
scales an input itself. Nothing is called here.
"""

from __future__ import annotations

from typing import Any

from mlcourse.doctor._facts import Output

# Layers and operations that only apply an activation, by class name.
_ACTIVATING = {
    "Softmax": "softmax", "LogSoftmax": "log_softmax", "Sigmoid": "sigmoid", "HardSigmoid": "hard_sigmoid",
    "LogSigmoid": "log_sigmoid", "ReLU": "relu", "Relu": "relu", "Relu6": "relu6", "LeakyReLU": "leaky_relu",
    "LeakyRelu": "leaky_relu", "ELU": "elu", "Elu": "elu", "PReLU": "prelu", "Tanh": "tanh",
    "Softplus": "softplus", "Gelu": "gelu", "Silu": "silu", "Selu": "selu",
}  # fmt: skip
# Layers that leave the values as they are when the model predicts.
_PASSING = frozenset(
    {
        "Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise", "SpatialDropout1D", "SpatialDropout2D",
        "SpatialDropout3D", "ActivityRegularization", "Identity", "Reshape", "Flatten", "Permute", "Masking",
        "Squeeze", "ExpandDims", "Cast",
    }
)  # fmt: skip
# Layers that give numbers of a size fit for learning, whatever comes in.
_SCALING = frozenset(
    {
        "Normalization", "Rescaling", "BatchNormalization", "LayerNormalization", "RMSNormalization",
        "GroupNormalization", "UnitNormalization", "Embedding", "Discretization", "Hashing", "HashedCrossing",
        "IntegerLookup", "StringLookup", "TextVectorization", "CategoryEncoding", "MelSpectrogram",
    }
)  # fmt: skip
_SIZING = frozenset({"Resizing", "CenterCrop", "RepeatVector", "Concatenate", "UpSampling1D", "UpSampling2D"})
_SIZING_PREFIXES = (
    "Random",
    "ZeroPadding",
    "Cropping",
    "MaxPool",
    "AveragePool",
    "GlobalMax",
    "GlobalAverage",
)


def _from_keras(thing: Any) -> bool:
    return str(getattr(thing, "__module__", "")).split(".")[0] == "keras"


def _activation_name(function: Any) -> str:
    """Return Keras' name of an activation function, or ``"custom"``."""
    import keras

    name = getattr(function, "__name__", type(function).__name__)
    if function is getattr(keras.activations, name, None):
        return "relu" if name == "relu" else str(name)
    module = str(getattr(function, "__module__", "")).split(".")[0]
    plain = name.removesuffix("_v2")
    return plain if module in ("keras", "tensorflow") and hasattr(keras.activations, plain) else "custom"


def output(name: str, tensor: Any) -> Output:
    """Return the facts of the output whose symbolic tensor is given."""
    activations, _, last = _backwards(tensor)
    unknown = not activations or "custom" in activations
    return Output(
        name,
        tuple(tensor.shape[1:]),
        tuple(activations) if not unknown else (),
        "nothing" if unknown else "layers",
        zero_kernel=_zero_kernel(last),
    )


def _zero_kernel(layer: Any) -> bool:
    weights = getattr(layer, "trainable_weights", None) or []
    return len(weights) > 0 and not weights[0].numpy().any()


def _backwards(tensor: Any) -> tuple[list[str], bool, Any]:
    """Walk back from a tensor: its activations (last first), whether an input was met, the last layer."""
    import keras

    found: list[str] = []
    while True:
        op, node, index = tensor._keras_history  # noqa: SLF001 - the only way to the layer that made a tensor
        inner = getattr(op, "layer", None) if type(op).__name__ == "TimeDistributed" else None
        layer = inner if inner is not None else op
        kind = type(layer).__name__
        if isinstance(layer, keras.layers.InputLayer):
            return found, True, None
        before = op._inbound_nodes[node].input_tensors  # noqa: SLF001
        if isinstance(layer, keras.Model):
            if not getattr(layer, "outputs", None):
                return [*found, "custom"], False, layer
            inside, through, last = _backwards(layer.outputs[index])
            found += inside
            if not through:
                return found, False, last
        elif kind == "Concatenate":
            ways = [_backwards(t) for t in before]
            same = len({tuple(w[0]) for w in ways}) == 1 and "softmax" not in ways[0][0]
            return found + (ways[0][0] if same else ["custom"]), False, None
        elif kind in _PASSING and _from_keras(type(layer)):
            if before[0].shape[-1] != tensor.shape[-1]:
                return [*found, "custom"], False, None
        else:
            name, only = _applies(layer, kind)
            found.append(name)
            if not only:
                return found, False, layer
        tensor = before[0]


def _applies(layer: Any, kind: str) -> tuple[str, bool]:
    """Return the activation that a layer applies, and whether it does nothing else."""
    if not _from_keras(type(layer)):
        return "custom", False
    if kind in _ACTIVATING:
        whole = getattr(layer, "axis", -1) in (-1, None)
        return (_ACTIVATING[kind] if whole else "custom"), True
    if kind == "Activation":
        return _activation_name(layer.activation), True
    if hasattr(layer, "activation"):
        return _activation_name(layer.activation), False
    # A layer with weights and no activation gives plain numbers; of the rest nothing is known.
    return ("linear" if getattr(layer, "weights", None) else "custom"), False


def scaling(model: Any, tensor: Any) -> tuple[bool | None, str]:
    """Tell whether a model scales one of its inputs itself, and by what.

    Returns
    -------
    (inside, how)
        True: every way from the input meets a scaling layer first. False: some way
        meets a layer that learns first. None: it cannot be seen; `how` says why.
    """
    import keras

    verdicts: list[tuple[bool | None, str]] = []
    for op, node in _users(model, tensor):
        inner = getattr(op, "layer", None) if type(op).__name__ == "TimeDistributed" else None
        layer = inner if inner is not None else op
        kind = type(layer).__name__
        if isinstance(layer, keras.Model):
            if not getattr(layer, "inputs", None):
                verdicts.append((None, f"the inside of {layer.name!r} cannot be seen"))
                continue
            place = next((i for i, t in enumerate(node.input_tensors) if t is tensor), 0)
            verdicts.append(scaling(layer, layer.inputs[place]))
        elif kind in _SCALING and _from_keras(type(layer)):
            verdicts.append((True, kind))
        elif kind == "Lambda" or not _from_keras(type(layer)):
            verdicts.append((None, f"what {kind} {getattr(layer, 'name', '')!r} does cannot be seen"))
        elif kind in _PASSING or kind in _SIZING or kind.startswith(_SIZING_PREFIXES):
            verdicts += [scaling(model, t) for t in node.outputs]
        elif not getattr(layer, "weights", None):
            verdicts.append((True, f"{kind} inside the model"))
        elif not layer.trainable_weights:
            verdicts.append((None, f"{layer.name!r} is frozen, so it expects what it was trained on"))
        else:
            verdicts.append(_normalised_after(model, op, node))
    if not verdicts:
        return True, "no layer uses it"
    for wanted in (False, None, True):
        for inside, how in verdicts:
            if inside is wanted:
                return inside, how
    return False, ""


def _normalised_after(model: Any, op: Any, node: Any) -> tuple[bool | None, str]:
    """Judge a layer that learns: a linear one right before a BatchNormalization takes any scale."""
    after = [(type(o).__name__, n) for t in node.outputs for o, n in _users(model, t)]
    linear = not hasattr(op, "activation") or _activation_name(op.activation) == "linear"
    if linear and after and all(kind == "BatchNormalization" for kind, _ in after):
        return True, "BatchNormalization"
    return False, type(op).__name__


def _users(model: Any, tensor: Any) -> list[tuple[Any, Any]]:
    """Return the (layer, node) pairs of a model that take a tensor in."""
    return [
        (op, node)
        for op in getattr(model, "operations", None) or model.layers  # a Sequential has no operations
        for node in op._inbound_nodes  # noqa: SLF001 - the graph has no public face
        if any(t is tensor for t in node.input_tensors)
    ]
