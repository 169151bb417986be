"""Rules about the labels: their dtype, their range, and how often each class occurs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import count, listed, num
from mlcourse.doctor import _fixes
from mlcourse.doctor._facts import BINARY, SPARSE
from mlcourse.doctor._registry import Seen, rule
from mlcourse.doctor.rules.metrics import accuracies, sees_rare

if TYPE_CHECKING:
    from mlcourse.doctor._facts import Facts

_FEW_ROWS = 10  # rows per class below which a missing class may be chance
_IMBALANCE = 10.0
_STRATIFY = (
    "from sklearn.model_selection import train_test_split; X_train, X_test, y_train, y_test = "
    "train_test_split(X, y, stratify=y)  # from all the data"
)
_FOCAL = frozenset({"binary_focal_crossentropy", "categorical_focal_crossentropy"})
_ALL_OF_Y = (
    "labels-out-of-range",
    "labels-not-binary",
    "missing-class",
    "class-imbalance",
    "output-units-mismatch",
    "integer-labels-categorical-loss",
    "onehot-labels-sparse-loss",
    "mse-on-probabilities",
    "accuracy-is-argmax",
    "accuracy-hides-rare-labels",
    "binary-accuracy-on-multiclass",
)

_TEXT = (
    "A loss computes with numbers, and text is none: Keras stops with an error. Give each class a number, "
    "counted from 0, and keep the list of names to read the answers by."
)
_OBJECTS = (
    "A loss computes with numbers, and NumPy keeps these as Python objects, even where they look like "
    "numbers. Keras cannot turn such an array into a tensor and stops with an error."
)
_FRACTIONS = (
    "The sparse loss takes class numbers, and cuts fractions off without a word: 0.9 becomes class 0. The "
    "model then learns other labels than those in y."
)


def _whole(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:g}"


@rule(
    "label-dtype",
    "error",
    "labels",
    "Labels of a kind that the loss cannot use",
    "A loss computes with numbers. Text must become class numbers first, and class numbers must be whole: "
    "the sparse loss cuts fractions off without a word, so 0.9 becomes class 0.",
    explains=_ALL_OF_Y,
)
def label_dtype(facts: Facts) -> Seen | None:
    """Find labels that are text or other objects, or class numbers with fractions."""
    labels = facts.labels
    if labels.kind == "text":
        values = count(labels.distinct, "value")
        seen = f"y holds text: {values}, the first is {labels.example} (dtype {labels.dtype})."
        fix = "from sklearn.preprocessing import LabelEncoder; y = LabelEncoder().fit_transform(y)"
        if labels.layout == "matrix":
            fix = f'y = (y == {labels.example}).astype("float32")  # 1 where it says so'
        return Seen(seen, fix, why=_TEXT)
    if labels.kind == "other":
        seen = f"y has dtype {labels.dtype} (first value {labels.example})."
        return Seen(seen, 'y = y.astype("int64")', why=_OBJECTS if labels.dtype == "object" else None)
    if facts.loss and facts.loss_kind in SPARSE and labels.layout == "column" and not labels.whole:
        return Seen(
            f"y holds fractions (dtype {labels.dtype}, first value {labels.example}), but "
            f"{facts.loss.shown} takes whole class numbers.",
            "y = np.unique(y, return_inverse=True)[1]  # class numbers, in the order of the values",
            why=_FRACTIONS,
        )
    return None


@rule(
    "labels-out-of-range",
    "error",
    "labels",
    "A class number for which there is no output unit",
    "Units are counted from 0: with 4 units the classes are 0, 1, 2 and 3. A number outside has no unit to "
    "compare with; on a CPU training stops with an error, on a GPU the loss becomes NaN.",
    explains=("missing-class",),
)
def labels_out_of_range(facts: Facts) -> Seen | None:
    """Find class numbers below 0, or not below the number of units."""
    labels, units = facts.labels, facts.output.units
    if (
        labels.layout != "column"
        or labels.kind == "text"
        or units < 2
        or not facts.single_label
        or not labels.whole
    ):
        return None
    if facts.loss_kind not in SPARSE and facts.loss is not None:
        return None
    if labels.low >= 0 and labels.high < units:
        return None
    by_shift = labels.low != 0 and labels.high - labels.low < units
    shift = f"y = y {'-' if labels.low > 0 else '+'} {_whole(abs(labels.low))}"
    return Seen(
        f"y runs from {_whole(labels.low)} to {_whole(labels.high)}, but the model's {units} units stand "
        f"for the classes 0 to {units - 1}.",
        shift
        if by_shift
        else "y = np.unique(y, return_inverse=True)[1]  # class numbers from 0, in the values' order",
    )


@rule(
    "labels-not-binary",
    "error",
    "labels",
    "Labels outside 0 and 1 under a binary loss",
    "Binary crossentropy reads a label as the probability of yes, so 0 is no and 1 is yes. Any number "
    "outside makes the loss fall without end (it can become negative) while the model learns nothing of "
    "use.",
    explains=("missing-class", "class-imbalance"),
)
def labels_not_binary(facts: Facts) -> Seen | None:
    """Find labels below 0 or above 1 under a binary crossentropy."""
    labels = facts.labels
    if facts.loss_kind not in BINARY or labels.kind != "number" or facts.task == "regression":
        return None
    if labels.low >= 0.0 and labels.high <= 1.0:
        return None
    high = _whole(labels.high)
    two = labels.distinct == 2
    seen = f"{_whole(labels.low)} and {high}" if two else f"numbers from {_whole(labels.low)} to {high}"
    test = f"y == {high}" if two else "y > 0"
    return Seen(
        f"y holds {seen}, but the loss {facts.loss.shown if facts.loss else ''} takes 0 and 1.",
        f'y = ({test}).astype("float32")',
    )


@rule(
    "missing-class",
    "warning",
    "labels",
    "A class without a single example",
    "What never occurs in y cannot be learned: the model only learns never to answer it. Either the data "
    "(or the split) lost it, or the model has a unit too many.",
)
def missing_class(facts: Facts) -> Seen | None:
    """Find units whose class never occurs, and labels that are always (or never) true."""
    labels, units = facts.labels, facts.output.units
    split = _STRATIFY
    if facts.split and facts.split.unseen and facts.single_label:
        return Seen(f"y_test holds {_named(facts.split.unseen)}, which y does not.", split)
    if len(labels.shape) > 2:
        return None
    if labels.layout == "matrix" and labels.rates:
        if labels.rows < _FEW_ROWS * labels.width:
            return None
        never = [i for i, rate in enumerate(labels.rates) if rate == 0]
        always = [i for i, rate in enumerate(labels.rates) if rate == 1]
        if not never and not always:
            return None
        word = "class" if facts.single_label else "label"
        parts = [f"column {listed(never)} of y is never 1"] if never else []
        parts += [f"column {listed(always)} of y is always 1"] if always else []
        seen = f"{listed(parts).capitalize()} in {labels.rows} rows."
        keep = [i for i in range(labels.width) if i not in never + always]
        return Seen(seen, f"y = y[:, {keep}]  # and as many units; or get rows with that {word}")
    if not (facts.single_label and labels.counts and labels.whole) or labels.rows < _FEW_ROWS * max(units, 2):
        return None
    present = [int(v) for v, _ in labels.counts]
    if units == 1:
        if len(present) > 1:
            return None
        return Seen(f"Every one of the {labels.rows} labels is {present[0]}.", split)
    missing = [c for c in range(units) if c not in present]
    if not missing:
        return None
    seen = f"The model has {units} units, but y holds no {_named(missing)} in {labels.rows} rows."
    if present == list(range(len(present))):
        return Seen(seen, _fixes.layer_and_compile(facts, len(present), facts.output.activation))
    return Seen(seen, split)


def _named(classes: tuple[float, ...] | list[int], most: int = 6) -> str:
    shown = [_whole(c) for c in classes[:most]]
    more = [f"{len(classes) - most} more"] if len(classes) > most else []
    return f"class {listed([*shown, *more], 'or')}"


@rule(
    "class-imbalance",
    "hint",
    "labels",
    "One class is far more frequent than another",
    "Always answering the frequent class already gives a high accuracy, and that is what a model learns "
    "first. Weights make each class count alike in training; a weighted accuracy then counts each class "
    "alike too.",
)
def class_imbalance(facts: Facts) -> Seen | None:
    """Find classes of which one has ten times the rows of another, and nothing that allows for it."""
    labels = facts.labels
    if not facts.single_label or len(labels.shape) > 2 or facts.loss_kind in _FOCAL | {"custom"}:
        return None
    if sees_rare(facts) or (facts.metrics and not accuracies(facts)):
        return None
    if labels.layout == "matrix":
        counts = [(float(i), round(rate * labels.rows)) for i, rate in enumerate(labels.rates)]
    else:
        counts = list(labels.counts or ()) if labels.whole else []
    counts = [(c, n) for c, n in counts if n]
    if len(counts) < 2:
        return None
    rare, often = min(counts, key=lambda c: c[1]), max(counts, key=lambda c: c[1])
    if often[1] < _IMBALANCE * rare[1]:
        return None
    return Seen(
        f"Class {_whole(often[0])} has {often[1]} rows, class {_whole(rare[0])} has {rare[1]}: always "
        f"answering {_whole(often[0])} scores {num(often[1] / labels.rows)}.",
        _weights(facts, counts),
    )


def _weights(facts: Facts, counts: list[tuple[float, int]]) -> str:
    """Return the lines that weigh each class by one over its share (scikit-learn's "balanced")."""
    weights = {int(c): round(facts.labels.rows / (len(counts) * n), 2) for c, n in counts}
    if facts.siblings:  # Keras takes class_weight for models with a single output only
        y = facts.y_code
        which = f"{y}.argmax(axis=-1)" if facts.labels.layout == "matrix" else f"np.ravel({y})"
        return f"weights = np.vectorize({weights}.get)({which})  # fit(..., sample_weight=), for this output"
    metric = next((m.code for m in facts.metrics), '"accuracy"')
    plain = [m.code for m in facts.metrics]
    return (
        f"{_fixes.compile_line(facts, metrics=plain, weighted=[metric])}\n"
        f"model.fit(X, y, class_weight={weights})"
    )
