"""Rules about the model's last layer: its activation and its number of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import count, listed, shape
from mlcourse.doctor import _fixes
from mlcourse.doctor._facts import BINARY, CROSSENTROPY, LINEAR, REGRESSION, SIGMOID
from mlcourse.doctor._registry import Seen, rule

if TYPE_CHECKING:
    from mlcourse.doctor._facts import Facts

_PROBABILITIES = SIGMOID | {"softmax"}
_NOT_FLAT = (
    "A row has one answer in y, but the model gives one for each place in it (pixel or time step). "
    "Flatten or pool before the last layer, or give a recurrent layer return_sequences=False."
)


def ends_in(facts: Facts) -> str:
    """Say what the model ends in, and how that was seen."""
    units = count(facts.output.units, "unit")
    if facts.output.seen_in == "numbers":
        return f"{units} whose values look like those of {facts.output.activation}"
    return f"{units} with {facts.output.activation}"


def _classes(facts: Facts) -> int:
    """Return how many classes the labels tell apart."""
    return facts.labels.width if facts.labels.layout == "matrix" else facts.labels.distinct


@rule(
    "single-unit-softmax",
    "error",
    "output",
    "A softmax over a single unit",
    "A softmax makes the outputs of a row add up to one, so a single output is 1 for every row, whatever "
    "the input. The model cannot say no. For two classes one unit needs a sigmoid.",
    explains=(
        "double-softmax",
        "output-units-mismatch",
        "softmax-on-multilabel",
        "bce-on-softmax",
        "mse-on-probabilities",
        "integer-labels-categorical-loss",
        "onehot-labels-sparse-loss",
        "logits-mismatch",
        "saturated-outputs",
        "labels-out-of-range",
        "labels-not-binary",
        "missing-class",
    ),
)
def single_unit_softmax(facts: Facts) -> Seen | None:
    """Find a softmax over one unit, which is always 1."""
    if facts.output.units != 1 or facts.output.activation != "softmax":
        return None
    classes = _classes(facts)
    activation = "sigmoid" if classes <= 2 and facts.labels.layout != "matrix" else "softmax"
    units = 1 if activation == "sigmoid" else classes
    if facts.task == "multilabel":
        activation, units = "sigmoid", classes
    return Seen(
        f"The model ends in 1 unit with softmax; y holds {count(classes, 'class', 'classes')}.",
        _fixes.layer_and_compile(facts, units, activation),
    )


@rule(
    "double-softmax",
    "error",
    "output",
    "One squashing activation on top of another",
    "The second activation gets numbers between 0 and 1 instead of raw scores, so its answers stay close "
    "to each other however sure the model is: of four classes none can get more than 0.48. The loss cannot "
    "fall to zero.",
    explains=("logits-mismatch",),
)
def double_softmax(facts: Facts) -> Seen | None:
    """Find a softmax (or sigmoid) applied to the result of a softmax (or sigmoid)."""
    squashing = [a for a in facts.output.activations if a in _PROBABILITIES]
    if len(squashing) < 2:
        return None
    kind = "sigmoid" if facts.task in ("multilabel", "binary") else "softmax"
    return Seen(
        f"The model ends in {listed(reversed(squashing), 'then')} ({count(facts.output.units, 'unit')}).",
        f'keras.layers.Dense({facts.output.units}, activation="{kind}")  # the last layer, nothing after it',
        why="A sigmoid gets numbers between 0 and 1 instead of raw scores, so it answers between 0.5 and "
        "0.73 for every row: it can never say no, and the loss cannot fall to zero."
        if facts.output.activation in SIGMOID
        else None,
    )


@rule(
    "relu-output",
    "error",
    "output",
    "The last activation gives no probabilities",
    "A crossentropy needs probabilities between 0 and 1, or raw scores with from_logits=True. This "
    "activation gives neither: it cuts or bends the scores, and where it cuts them off nothing is learned.",
    explains=(
        "logits-mismatch",
        "mse-on-probabilities",
        "saturated-outputs",
        "sigmoid-on-multiclass",
        "accuracy-threshold-on-logits",
    ),
)
def relu_output(facts: Facts) -> Seen | None:
    """Find relu, tanh and their like as the last activation of a classifier."""
    activation = facts.output.activation
    known = activation not in _PROBABILITIES | LINEAR | {"custom"}
    judged = facts.loss is None or facts.loss_kind in CROSSENTROPY | REGRESSION
    if not (known and judged and facts.task in ("binary", "multiclass", "multilabel")):
        return None
    if facts.loss and facts.loss.from_logits:
        return Seen(f"The model ends in {ends_in(facts)}, and the loss expects raw scores.",
                    _fixes.last_layer(facts, facts.output.units, None))  # fmt: skip
    kind = "softmax" if facts.task == "multiclass" else "sigmoid"
    return Seen(
        f"The model ends in {ends_in(facts)}.", _fixes.layer_and_compile(facts, facts.output.units, kind)
    )


@rule(
    "output-units-mismatch",
    "error",
    "output",
    "The number of output units does not fit the labels",
    "The model needs one unit for each class or label (or a single sigmoid unit for two classes). With "
    "another number Keras stops with an error, or a class can never be answered.",
    explains=(
        "labels-out-of-range",
        "labels-not-binary",
        "missing-class",
        "integer-labels-categorical-loss",
        "onehot-labels-sparse-loss",
        "bce-on-softmax",
        "sigmoid-on-multiclass",
        "softmax-on-multilabel",
        "mse-on-probabilities",
        "categorical-loss-on-multilabel",
        "logits-mismatch",
    ),
)
def output_units_mismatch(facts: Facts) -> Seen | None:
    """Find outputs that are more or fewer than the classes of y."""
    labels, units = facts.labels, facts.output.units
    if facts.task not in ("binary", "multiclass", "multilabel") or units == 0:
        return None
    if labels.layout == "other":
        answer = shape((labels.rows, *facts.output.shape))
        seen = f"y has shape {shape(labels.shape)}, but the model answers with {answer}."
        if len(facts.output.shape) > 1 and len(labels.shape) <= 2:
            return Seen(seen, "keras.layers.Flatten()  # before the last layer", why=_NOT_FLAT)
        return Seen(seen, "print(y.shape, model.output_shape)  # y needs the rows and axes of the output")
    if labels.layout == "matrix":
        if labels.width == units:
            return None
        kind = "sigmoid" if facts.task == "multilabel" else "softmax"
        what = "labels" if facts.task == "multilabel" else "classes"
        return Seen(
            f"y has {labels.width} columns ({what}), but the model ends in {ends_in(facts)}.",
            _fixes.layer_and_compile(facts, labels.width, kind),
        )
    if not labels.whole or labels.kind in ("text", "other"):
        return None
    if (
        units > 1
        and labels.distinct <= 2
        and facts.loss_kind in BINARY
        and facts.output.activation != "softmax"
    ):
        return Seen(
            f"y holds one yes-or-no label per row, but the model ends in {ends_in(facts)}.",
            _fixes.last_layer(facts, 1, "sigmoid"),
        )
    if labels.distinct <= (2 if units == 1 else units):
        return None
    return Seen(
        f"y holds {labels.distinct} classes, but the model ends in {ends_in(facts)}"
        + (", which tells two classes apart." if units == 1 else f", which tells {units} classes apart."),
        _fixes.layer_and_compile(facts, labels.distinct, "softmax"),
    )


@rule(
    "softmax-on-multilabel",
    "error",
    "output",
    "A softmax where several labels can be true",
    "A softmax makes the outputs of a row share a total of one, so one label can only gain what another "
    "loses: two true labels cannot both get more than 0.5. Labels that do not exclude each other need a "
    "sigmoid each.",
    explains=(
        "bce-on-softmax",
        "categorical-loss-on-multilabel",
        "onehot-labels-sparse-loss",
        "mse-on-probabilities",
        "accuracy-is-argmax",
        "accuracy-hides-rare-labels",
        "logits-mismatch",
    ),
)
def softmax_on_multilabel(facts: Facts) -> Seen | None:
    """Find a softmax over labels of which several, or none, can be true in a row."""
    if facts.task != "multilabel" or facts.output.activation != "softmax":
        return None
    low, high = facts.labels.sums
    told = (
        f"{facts.labels.sums_not_one} of {facts.labels.rows} rows of y have not exactly one label (from "
        f"{low:.0f} to {high:.0f} labels in a row)"
        if facts.labels.sums_not_one
        else "each column of y is a label of its own"
    )
    return Seen(
        f"The model ends in {ends_in(facts)}, but {told}.",
        _fixes.layer_and_compile(facts, facts.output.units, "sigmoid"),
    )


@rule(
    "sigmoid-on-multiclass",
    "error",
    "output",
    "A sigmoid for each class where exactly one class is right",
    "With a sigmoid each, the outputs of a row do not add up to one: the model can be sure of two classes "
    "at once, or of none, and its numbers are no probabilities of the classes. One right answer out of "
    "many needs a softmax.",
    explains=(
        "mse-on-probabilities",
        "integer-labels-categorical-loss",
        "onehot-labels-sparse-loss",
        "logits-mismatch",
        "accuracy-is-argmax",
        "binary-accuracy-on-multiclass",
        "bce-on-softmax",
        "labels-not-binary",
    ),
)
def sigmoid_on_multiclass(facts: Facts) -> Seen | None:
    """Find one sigmoid for each of several classes that exclude each other."""
    if facts.task != "multiclass" or facts.output.units < 2 or facts.output.activation not in SIGMOID:
        return None
    form = "one-hot rows" if facts.labels.layout == "matrix" else "class numbers"
    return Seen(
        f"The model ends in {ends_in(facts)}, but y holds one class per row ({form}).",
        _fixes.layer_and_compile(facts, facts.output.units, "softmax"),
    )
