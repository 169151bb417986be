"""Rules about the metrics: whether an accuracy counts what the reader takes it to count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import listed, num
from mlcourse.doctor import _fixes
from mlcourse.doctor._facts import LINEAR
from mlcourse.doctor._registry import Seen, rule
from mlcourse.doctor.rules.output import ends_in

if TYPE_CHECKING:
    from mlcourse.doctor._facts import Facts, Metric

_ARGMAX = frozenset(
    {
        "CategoricalAccuracy",
        "SparseCategoricalAccuracy",
        "TopKCategoricalAccuracy",
        "SparseTopKCategoricalAccuracy",
    }
)
# Metrics that a rare class or label hardly moves.
_BLIND = _ARGMAX | {
    "BinaryAccuracy",
    "Accuracy",
    "function",
    "Mean",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "SparseCategoricalCrossentropy",
    "MeanSquaredError",
    "MeanAbsoluteError",
    "RootMeanSquaredError",
}
RARE = 0.1


def accuracies(facts: Facts) -> list[Metric]:
    """Return the metrics that count right answers, every answer alike."""
    return [m for m in facts.metrics if m.kind in _ARGMAX | {"BinaryAccuracy"}]


def sees_rare(facts: Facts) -> bool:
    """Tell whether some metric, a weighted one included, would show that a rare class is missed."""
    return any(m.weighted or m.kind not in _BLIND for m in facts.metrics)


@rule(
    "accuracy-is-argmax",
    "warning",
    "metrics",
    "An accuracy that looks only at the largest output",
    'For several outputs Keras takes "accuracy" as: is the largest output where the (first) largest number '
    "of y is? That is right for one class out of many. With several true labels it ignores all outputs but "
    "one; "
    '"binary_accuracy" counts every label.',
    explains=("accuracy-hides-rare-labels",),
)
def accuracy_is_argmax(facts: Facts) -> Seen | None:
    """Find an argmax accuracy on labels that do not exclude each other."""
    wrong = [m for m in facts.metrics if m.kind in _ARGMAX]
    if facts.task != "multilabel" or facts.output.units < 2 or not wrong or facts.labels.one_hot:
        return None  # where every row has exactly one label, the largest output is what counts
    seen = f"{listed(m.code for m in wrong)} works as {listed(dict.fromkeys(m.kind for m in wrong))} here"
    now = facts.behaviour
    if now and now.argmax_accuracy is not None and now.label_accuracy is not None:
        seen += (
            f": {num(now.argmax_accuracy)} on {now.rows} rows of X, where {num(now.label_accuracy)} of the "
            "single labels are right"
        )
    return Seen(seen + ".", _fixes.compile_line(facts))


@rule(
    "binary-accuracy-on-multiclass",
    "warning",
    "metrics",
    "An accuracy that also counts every class that is rightly not chosen",
    "Binary accuracy compares each output with 0.5 by itself. Of ten classes nine are wrong in every row, "
    "and not choosing them counts as right, so even a useless model scores 0.8 to 0.9.",
)
def binary_accuracy_on_multiclass(facts: Facts) -> Seen | None:
    """Find BinaryAccuracy on the one-hot rows of a multi-class task."""
    wrong = [m for m in facts.metrics if m.kind == "BinaryAccuracy"]
    if facts.task != "multiclass" or facts.labels.layout != "matrix" or not wrong or facts.output.units < 3:
        return None
    free = 1 - 2 / facts.output.units
    return Seen(
        f"{listed(m.code for m in wrong)} on {facts.output.units} classes: always answering one wrong class "
        f"still scores {num(free)}.",
        _fixes.compile_line(facts),
    )


@rule(
    "accuracy-threshold-on-logits",
    "warning",
    "metrics",
    "An accuracy that compares raw scores with 0.5",
    "A raw score (logit) means yes above 0, not above 0.5: the sigmoid of 0 is 0.5. Scores between 0 and "
    "0.5 are a yes that this accuracy counts as a no.",
)
def accuracy_threshold_on_logits(facts: Facts) -> Seen | None:
    """Find BinaryAccuracy with a threshold for probabilities on raw scores."""
    if facts.output.activation != "linear" or not facts.loss or not facts.loss.from_logits:
        return None
    wrong = [m for m in facts.metrics if m.kind == "BinaryAccuracy" and m.threshold not in (None, 0.0)]
    if facts.task not in ("binary", "multilabel") or not wrong:
        return None

    def mend(weighted: bool) -> list[str]:  # noqa: FBT001
        mine = [m for m in facts.metrics if m.weighted == weighted]
        return ["keras.metrics.BinaryAccuracy(threshold=0.0)" if m in wrong else m.code for m in mine]

    return Seen(
        f"The model ends in raw scores (from_logits=True), but {listed(m.code for m in wrong)} has its "
        f"threshold at {num(wrong[0].threshold or 0, 1)}.",
        _fixes.compile_line(facts, metrics=mend(weighted=False), weighted=mend(weighted=True)),
    )


@rule(
    "accuracy-compares-exactly",
    "warning",
    "metrics",
    "An accuracy that asks for exactly equal numbers",
    "keras.metrics.Accuracy() counts outputs that equal y exactly, and a probability of 0.98 is not 1. "
    'It stays near zero however good the model is. The text "accuracy" takes the right kind.',
)
def accuracy_compares_exactly(facts: Facts) -> Seen | None:
    """Find keras.metrics.Accuracy on outputs that are no class numbers."""
    wrong = [m for m in facts.metrics if m.kind == "Accuracy"]
    if not wrong or facts.task not in ("binary", "multiclass", "multilabel"):
        return None
    right = "keras.metrics.BinaryAccuracy(threshold=0.0)"
    logits = facts.output.activation in LINEAR and facts.task != "multiclass"
    metrics = [(right if logits else _fixes.right_metric(facts)) if m in wrong else m.code
               for m in facts.metrics if not m.weighted]  # fmt: skip
    return Seen(
        f"{listed(m.code for m in wrong)} compares the {ends_in(facts)} with y number by number.",
        _fixes.compile_line(facts, metrics=metrics),
    )


@rule(
    "accuracy-hides-rare-labels",
    "warning",
    "metrics",
    "An accuracy that a model reaches by never finding the rare labels",
    "Where a label is rare, answering no every time is almost always right, so the accuracy stays high "
    "though the label is never found. F1 averaged over the labels (macro) falls to zero for such a label "
    "and shows it.",
)
def accuracy_hides_rare_labels(facts: Facts) -> Seen | None:
    """Find multi-label tasks with rare labels and no metric that would show them missed."""
    if facts.task != "multilabel" or not accuracies(facts) or sees_rare(facts):
        return None
    rare = [(rate, i) for i, rate in enumerate(facts.labels.rates) if 0 < rate < RARE]
    if not rare:
        return None
    rate, label = min(rare)
    logits = facts.output.activation in LINEAR
    threshold = "" if logits else ", threshold=0.5"
    extra = f'keras.metrics.F1Score(average="macro"{threshold})'
    if logits:  # F1Score takes thresholds above 0 only, so raw scores are judged by their order
        extra = "keras.metrics.AUC(multi_label=True, from_logits=True)"
    mine = [m.code for m in facts.metrics if not m.weighted]
    return Seen(
        f"Label {label} is true in {num(100 * rate, 1)} % of the rows: always answering no to it scores "
        f"{num(1 - rate, 3)}. The metrics are {listed(m.code for m in facts.metrics)}.",
        _fixes.compile_line(facts, metrics=[*mine, extra]),
    )
