"""Rules about the loss: whether it fits the last layer and the form of the labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import shape
from mlcourse.doctor import _fixes
from mlcourse.doctor._facts import BINARY, CATEGORICAL, LINEAR, REGRESSION, SIGMOID, SPARSE, TAKES_LOGITS
from mlcourse.doctor._registry import Seen, rule
from mlcourse.doctor.rules.output import ends_in

if TYPE_CHECKING:
    from mlcourse.doctor._facts import Facts


def _loss_name(facts: Facts) -> str:
    return facts.loss.shown.strip('"') if facts.loss else ""


def _logits(facts: Facts) -> bool:
    """Tell whether the mended loss must take logits: the last layer gives raw scores."""
    return facts.output.activation in LINEAR


@rule(
    "integer-labels-categorical-loss",
    "error",
    "loss",
    "Class numbers given to a loss that expects one-hot rows",
    "A categorical loss compares two rows of the same length, one number per class; y holds one class "
    "number instead. "
    'Keras stops with "Arguments `target` and `output` must have the same rank" (or "shape"). '
    "The sparse loss takes class numbers as they are.",
)
def integer_labels_categorical_loss(facts: Facts) -> Seen | None:
    """Find a column of class numbers under a categorical loss."""
    if not facts.single_label or facts.labels.layout != "column" or facts.output.units < 2:
        return None
    if facts.loss_kind not in CATEGORICAL:
        return None
    seen = (
        f"y has shape {shape(facts.labels.shape)} and holds class numbers (first: {facts.labels.example}), "
        f"but the loss is {_loss_name(facts)}."
    )
    if facts.loss_kind == "categorical_crossentropy":
        return Seen(seen, _fixes.compile_line(facts, _fixes.right_loss(facts, from_logits=_logits(facts))))
    return Seen(seen, f"y = keras.utils.to_categorical(y, num_classes={facts.output.units})")


@rule(
    "onehot-labels-sparse-loss",
    "error",
    "loss",
    "Rows of zeros and ones given to a loss that expects class numbers",
    "The sparse loss takes one class number per sample; y holds a row of numbers for each. "
    'Keras stops with "Argument `output` must have rank (ndim) `target.ndim - 1`".',
    explains=("categorical-loss-on-multilabel",),
)
def onehot_labels_sparse_loss(facts: Facts) -> Seen | None:
    """Find a matrix of labels under the sparse loss."""
    if facts.labels.layout != "matrix" or facts.loss_kind not in SPARSE:
        return None
    return Seen(
        f"y has shape {shape(facts.labels.shape)}, {facts.labels.width} numbers per row, but the loss is "
        f"{_loss_name(facts)}.",
        _fixes.compile_line(facts, _fixes.right_loss(facts, from_logits=_logits(facts))),
    )


@rule(
    "bce-on-softmax",
    "error",
    "loss",
    "A binary loss on a softmax",
    "Binary crossentropy judges each output as a yes-or-no question of its own, but the outputs of a "
    "softmax answer one question together. Keras on TensorFlow even trains sigmoids here (it takes the "
    "scores before the softmax), while predict() answers with the softmax: what is trained is not what is "
    "used.",
    explains=("binary-accuracy-on-multiclass", "logits-mismatch", "labels-not-binary"),
)
def bce_on_softmax(facts: Facts) -> Seen | None:
    """Find a binary crossentropy on the softmax of a single-label task."""
    if not facts.single_label or facts.output.units < 2 or facts.output.activation != "softmax":
        return None
    if facts.loss_kind not in BINARY:
        return None
    return Seen(
        f"The model ends in {ends_in(facts)}, the loss is {_loss_name(facts)}.",
        _fixes.compile_line(facts, _fixes.right_loss(facts)),
    )


@rule(
    "categorical-loss-on-multilabel",
    "error",
    "loss",
    "A one-class loss where several labels can be true",
    "A categorical loss looks at the outputs of a row as shares of one answer. Keras on TensorFlow even "
    "puts the scores before a last sigmoid through a softmax for it. Labels that do not exclude each other "
    "need a binary loss.",
    explains=("logits-mismatch",),
)
def categorical_loss_on_multilabel(facts: Facts) -> Seen | None:
    """Find a categorical loss on labels of which several can be true, with sigmoids or raw scores."""
    if facts.task != "multilabel" or facts.loss_kind not in CATEGORICAL:
        return None
    if facts.output.activation not in SIGMOID | LINEAR:
        return None
    return Seen(
        f"The loss is {_loss_name(facts)}, but {facts.labels.sums_not_one} of {facts.labels.rows} rows of y "
        "do not sum to one.",
        _fixes.compile_line(facts, _fixes.right_loss(facts, from_logits=_logits(facts))),
    )


@rule(
    "mse-on-probabilities",
    "warning",
    "loss",
    "A loss for measured quantities on classes",
    "Such a loss hardly punishes a model that is sure and wrong: where a softmax or sigmoid is near 0 or "
    "1, its slope is nearly zero, and learning stalls. A crossentropy keeps its slope there.",
    explains=("logits-mismatch",),
)
def mse_on_probabilities(facts: Facts) -> Seen | None:
    """Find a regression loss on labels that are classes."""
    if facts.task not in ("binary", "multiclass", "multilabel") or facts.loss_kind not in REGRESSION:
        return None
    activation = facts.output.activation
    if activation not in SIGMOID | LINEAR | {"softmax"}:
        return None
    classes = "0 and 1" if facts.labels.zero_one else f"{facts.labels.distinct} classes"
    seen = f"The loss is {_loss_name(facts)} on {ends_in(facts)}, and y holds {classes}."
    if activation in LINEAR:
        return Seen(seen, _fixes.compile_line(facts, _fixes.right_loss(facts, from_logits=True)),
                    why="Squared (or absolute) error treats classes as measured quantities: a score of 2 for "
                    "a "
                        "true 1 counts as an error, though it is more than right. A crossentropy on the "
                        "raw scores "
                        "judges classes as classes.")  # fmt: skip
    return Seen(seen, _fixes.compile_line(facts, _fixes.right_loss(facts)))


@rule(
    "logits-mismatch",
    "error",
    "loss",
    "The loss and the last layer disagree on probabilities and raw scores",
    "Raw scores (logits) can be negative or above one, but this loss expects probabilities and takes their "
    "logarithm. It cuts the scores to the range from 0 to 1 or divides them by their sum, and what it then "
    "learns from is not what the model said. Tell the loss with from_logits=True.",
)
def logits_mismatch(facts: Facts) -> Seen | None:
    """Find raw scores taken for probabilities, or probabilities taken for raw scores."""
    if facts.loss is None or facts.loss.kind not in TAKES_LOGITS or facts.task in ("regression", "unknown"):
        return None
    activation = facts.output.activation
    if activation in LINEAR and not facts.loss.from_logits:
        return Seen(
            f"The model ends in {ends_in(facts)} (raw scores), but the loss is {_loss_name(facts)} without "
            "from_logits=True.",
            _fixes.compile_line(facts, _with_logits(facts), metrics=_scored(facts)),
        )
    if activation in SIGMOID | {"softmax"} and facts.loss.from_logits:
        return Seen(
            f"The model ends in {ends_in(facts)}, but the loss {_loss_name(facts)} expects raw scores.",
            _fixes.compile_line(facts, _fixes.right_loss(facts)),
            why=f"With from_logits=True the loss applies the {activation} itself, so it would be applied "
            f"twice. Keras on TensorFlow notices when the {activation} is the very last step, warns, and "
            "uses the scores before it; in other cases, and on other backends, the loss is wrong without a "
            "word.",
            severity="warning",
        )
    return None


def _with_logits(facts: Facts) -> str:
    if facts.loss and _fixes.loss_fits(facts):
        name = "".join(part.title() for part in facts.loss.kind.split("_"))
        return f"keras.losses.{name}(from_logits=True)"
    return _fixes.right_loss(facts, from_logits=True)


def _scored(facts: Facts) -> list[str] | None:
    """Return the metrics with a threshold that fits raw scores, where a threshold is used."""
    plain = [m for m in facts.metrics if not m.weighted]
    if not any(m.kind == "BinaryAccuracy" for m in plain):
        return None
    return [
        "keras.metrics.BinaryAccuracy(threshold=0.0)" if m.kind == "BinaryAccuracy" else m.code for m in plain
    ]
