"""The loss of guessing: what a model scores that answers without looking at the input.

Sources: binary cross-entropy of the answer 0.5 is −log 0.5 = log 2 whatever the
labels; categorical cross-entropy of n equal probabilities is log n (Goodfellow,
Bengio and Courville, *Deep Learning*, 2016, section 6.2.2).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Baseline:
    """What guessing costs.

    Attributes
    ----------
    value
        The loss, full precision.
    formula
        How it is computed, e.g. `log(2)`.
    guess
        What such a model does, to stand in a sentence.
    """

    value: float
    formula: str
    guess: str


def baseline(loss: Any, n_outputs: int | None) -> Baseline | None:
    """Return the loss of guessing, or None for a loss of which we do not know it.

    Parameters
    ----------
    loss
        As given to `compile`: Keras' name, its function or its object.
    n_outputs
        Size of the output layer, i.e. of its last axis; None if unknown.
    """
    name = _name(loss)
    if name in {"binarycrossentropy", "bce"}:
        many = n_outputs is not None and n_outputs > 1
        return Baseline(math.log(2), "log(2)", f"answering 0.5 {'for every label' if many else 'every time'}")
    if name in {"categoricalcrossentropy", "sparsecategoricalcrossentropy"} and n_outputs and n_outputs > 1:
        guess = f"giving all {n_outputs} classes the same probability"
        return Baseline(math.log(n_outputs), f"log({n_outputs})", guess)
    return None


def _name(loss: Any) -> str:
    """Return a loss' name in one spelling: `BinaryCrossentropy` and `binary_crossentropy` are the same."""
    if isinstance(loss, str):
        text = loss
    else:
        kind = loss if callable(loss) and hasattr(loss, "__name__") else type(loss)
        # A student's own loss may bear Keras' name and mean something else.
        if not str(getattr(kind, "__module__", "")).startswith("keras."):
            return ""
        text = kind.__name__
    return re.sub("[^a-z]", "", text.lower())
