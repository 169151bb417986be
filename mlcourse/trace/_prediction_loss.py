"""What a compiled Keras model's loss says about its outputs: one class or many labels, logits or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Kinds of loss, by the Keras class or function name without case and underscores.
_KINDS = {
    "binarycrossentropy": "binary",
    "binaryfocalcrossentropy": "binary",
    "categoricalcrossentropy": "categorical",
    "categoricalfocalcrossentropy": "categorical",
    "sparsecategoricalcrossentropy": "categorical",
    "hinge": "hinge",
    "squaredhinge": "hinge",
    "categoricalhinge": "hinge",
    "meansquarederror": "regression",
    "mse": "regression",
    "meanabsoluteerror": "regression",
    "mae": "regression",
    "meanabsolutepercentageerror": "regression",
    "mape": "regression",
    "meansquaredlogarithmicerror": "regression",
    "msle": "regression",
    "huber": "regression",
    "logcosh": "regression",
}


@dataclass(frozen=True)
class Loss:
    """A loss: its name as the student wrote it, its kind (or `""`), and whether it expects logits."""

    name: str = ""
    kind: str = ""
    from_logits: bool = False


def loss_of(model: Any, index: int, output_name: str) -> Loss:
    """Return what is known of the loss on one output of `model`."""
    if not getattr(model, "compiled", False):
        return Loss()
    loss = getattr(model, "loss", None)
    if isinstance(loss, dict):
        loss = loss.get(output_name)
    elif isinstance(loss, (list, tuple)):
        loss = loss[index] if index < len(loss) else None
    if loss is None:
        return Loss()
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", None) or type(loss).__name__
    kind = _KINDS.get(name.replace("_", "").lower(), "")
    # Keras keeps the argument on the losses it makes of functions, and in the config of all others.
    config = loss.get_config() if hasattr(loss, "get_config") else {}
    return Loss(name, kind, bool(getattr(loss, "from_logits", config.get("from_logits", False))))
