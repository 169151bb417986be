"""The prediction trace as a record: what each layer was given, made and means; no Keras, no view."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse._text import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class TracedLayer:
    """One layer, or one step between layers, as the sample passed through it.

    Attributes
    ----------
    name
        The layer's name; inside a nested model `model/layer`; from the second
        call of a shared layer on `layer (call 2)`. Unique within a trace.
    kind
        The layer's class, such as `"Dense"`; `"Input"` for what went in.
    shape
        Shape of `values`: one sample's, without the batch axis.
    values
        What the layer handed on, as a NumPy array without the batch axis.
    does
        What the layer does, in words.
    n_params
        How many numbers the layer has learned or keeps.
    role
        `"input"`, `"hidden"` or `"output"`.
    reads
        Names of the layers whose values this one reads.
    activation
        Name of the activation function that the layer ends with, or `None`.
    before_activation
        The same layer's values before its activation function (the logits, in
        an output layer), of the same shape; `None` where there is no
        activation or it could not be computed exactly.
    active
        False for a layer that works only in training, such as Dropout.
    more
        What else the layer handed on, such as an LSTM's states.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    values: NDArray[Any]
    does: str
    n_params: int = 0
    role: str = "hidden"
    reads: tuple[str, ...] = ()
    activation: str | None = None
    before_activation: NDArray[Any] | None = None
    active: bool = True
    more: tuple[NDArray[Any], ...] = ()

    @property
    def depth(self) -> int:
        """How many models this layer is nested in, besides the traced one."""
        return self.name.count("/")

    def __repr__(self) -> str:
        return f"TracedLayer({self.name!r}, kind={self.kind!r}, shape={self.shape})"


@dataclass(frozen=True, eq=False)
class Decision:
    """What the model's output means: the labels, and the rule that chose them.

    Attributes
    ----------
    labels
        Indices of the chosen labels: one for one class out of several, any
        number for several labels; empty when nothing is decided.
    text
        The decision in one sentence.
    rule
        `"argmax"`, `"threshold"`, `"binary threshold"`, `"sign"` or `"none"`.
    why
        Why this rule: what in the model, or in its loss, speaks for it.
    probabilities
        One for each class or label; `None` where the output is no probability.
    thresholds
        One for each label, for the threshold rules; empty otherwise.
    names
        A name for each class or label, in the order of the output.
    applied
        `"softmax"` or `"sigmoid"` when the trace itself had to turn logits
        into probabilities; `None` when the model did, or nobody did.
    margin
        Winner's probability less the runner-up's (argmax), or the smallest
        distance of a probability from its threshold; `None` without either.
    runner_up
        Index of the second best class; `None` where there is none.
    output
        Name of the layer whose output was decided on.
    notes
        What looks wrong between output, loss and rule, one sentence each.
    """

    labels: tuple[Any, ...]
    text: str
    rule: str
    why: str
    probabilities: NDArray[np.float64] | None = None
    thresholds: tuple[float, ...] = ()
    names: tuple[str, ...] = ()
    applied: str | None = None
    margin: float | None = None
    runner_up: int | None = None
    output: str = ""
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Decision(labels={self.labels}, {self.text!r})"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, eq=False)
class PredictionTrace:
    """One sample's way through a model, layer by layer, to the decision.

    `trace.layers[0]` is the input, `trace.layers[-1].values` the model's
    output, `trace["hidden"]` the layer of that name.

    Attributes
    ----------
    model_name
        The traced model's name.
    layers
        What went in, then every layer in the order in which it ran.
    decisions
        One for each output of the model, in the order of `model.outputs`.
    notes
        What the trace could not show, and why; one sentence each.
    """

    model_name: str
    layers: tuple[TracedLayer, ...]
    decisions: tuple[Decision, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def decision(self) -> Decision:
        """The decision; of a model with several outputs the first one's (see `decisions`)."""
        return self.decisions[0]

    @property
    def inputs(self) -> tuple[TracedLayer, ...]:
        """What went in: one entry for each input."""
        return tuple(layer for layer in self.layers if layer.role == "input")

    @property
    def outputs(self) -> tuple[TracedLayer, ...]:
        """The layers whose values are the model's outputs."""
        return tuple(layer for layer in self.layers if layer.role == "output")

    def __getitem__(self, name: str) -> TracedLayer:
        """Return the layer of that name.

        Raises
        ------
        InvalidArgument
            If no layer has that name.
        """
        if not isinstance(name, str):
            raise InvalidType(
                f"trace[...] takes a layer's name, but got {shown(name)}; "
                "by position it is trace.layers[...]."
            )
        for layer in self.layers:
            if layer.name == name:
                return layer
        names = listed((repr(layer.name) for layer in self.layers), "or")
        raise InvalidArgument(f"No layer is called {shown(name)}; this trace has {names}.")

    def __iter__(self) -> Iterator[TracedLayer]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def __repr__(self) -> str:
        return (
            f"PredictionTrace({self.model_name!r}, {count(len(self.layers), 'layer')}: {self.decision.text})"
        )

    def __str__(self) -> str:
        from mlcourse.trace._prediction_text import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from mlcourse.trace._prediction_html import as_html

        return as_html(self)
