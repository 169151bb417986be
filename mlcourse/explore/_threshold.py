"""Chapter 08's playground: move the threshold over real predictions; counts and scores move together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse import _html
from mlcourse._errors import InvalidArgument, number
from mlcourse._text import num
from mlcourse.explore._playground import Playground
from mlcourse.plots._numbers import _checks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_LABELS, MOST_ROWS = 8, 5000
MACRO, MICRO = "macro", "micro"
TRIES = (
    "Lower the threshold from 0.50 to 0.10. Which column can only grow, and which can only shrink?",
    "Show the rarest label. Where is its F1 highest? Is that 0.50?",
    "Set the threshold to 0, then to 1. What are precision and recall there, and why?",
    "Find a threshold at which the rarest label's recall is 0.80. What does it cost in false alarms?",
    "Compare macro and micro at 0.50. Which label makes the difference?",
    "Watch precision while you raise the threshold step by step. Does it ever fall?",
)


def percents(y_prob: NDArray[Any]) -> NDArray[np.int64]:
    """Return whole percents, cut off, not rounded: `p >= t / 100` holds for the same whole t as before."""
    # The tiny amount keeps 0.29 * 100 = 28.999999999999996 from becoming 28.
    return np.floor(y_prob * 100 + 1e-9).astype(np.int64)


def counts(truth: NDArray[Any], percent: NDArray[Any], threshold: int) -> NDArray[np.int64]:
    """Return TP, FP, FN and TN of each label, shape (n_labels, 4), at a threshold in percent."""
    yes, true = percent >= threshold, truth == 1
    kinds = ((true, yes), (~true, yes), (true, ~yes), (~true, ~yes))
    return np.stack([(a & b).sum(axis=0) for a, b in kinds], axis=1)


def scores(tp: float, fp: float, fn: float) -> tuple[float, float, float]:
    """Return precision, recall and F1; 0 for 0/0, as scikit-learn's zero_division=0."""

    def part(a: float, b: float) -> float:
        return float(a / b) if b else 0.0

    return part(tp, tp + fp), part(tp, tp + fn), part(2 * tp, 2 * tp + fp + fn)


def _checked(y_true: Any, y_prob: Any, class_names: Sequence[str] | None) -> tuple[Any, Any, tuple[str, ...]]:
    truth = _checks.array("y_true", y_true)
    prob = _checks.probabilities("y_prob", y_prob)
    truth = _checks.binary("y_true", truth).reshape(len(truth), -1)
    prob = prob.reshape(len(prob), -1)
    _checks.same_shape("y_true", truth, "y_prob", prob)
    rows, labels = truth.shape
    if labels > MOST_LABELS or rows > MOST_ROWS:
        raise InvalidArgument(
            f"y_true has {rows} rows and {labels} labels, but this playground shows at most {MOST_ROWS} rows "
            f"and {MOST_LABELS} labels; give it a part, such as y_true[:1000]."
        )
    names = _checks.names(class_names, labels, noun="label")
    texts = tuple(names.word(i) for i in range(labels))
    if len({*texts, MACRO, MICRO}) < labels + 2:
        raise InvalidArgument(
            f"class_names is {list(texts)}, but must be different names, none of them {MACRO!r} or {MICRO!r}."
        )
    return truth, prob, texts


def _row(name: str, each: Sequence[str], values: tuple[float, float, float]) -> tuple[str, ...]:
    return (_html.escape(name), *each, *(num(v) for v in values))


def threshold(
    y_true: Any,
    y_prob: Any,
    class_names: Sequence[str] | None = None,
    *,
    threshold: float = 0.5,
    label: int | str | None = None,
) -> Playground:
    """Move the threshold over a model's predictions: counts, precision, recall, F1, per label and averaged.

    The predictions travel with the playground, so it answers without a kernel.

    Parameters
    ----------
    y_true
        0/1 labels, shape (n_samples,) or (n_samples, n_labels); at most 5000 samples and 8 labels.
    y_prob
        Probabilities from 0 to 1 of the same shape. An answer is yes where `y_prob >= threshold`.
    class_names
        A name for each label.
    threshold
        The threshold at the start; moved to the nearest whole percent.
    label
        Number or name of the label whose curve is shown first; if none is given, the one with the
        fewest yeses.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If the arrays do not fit together, are too large, or hold anything else.
    """
    truth, prob, names = _checked(y_true, y_prob, class_names)
    start = round(100 * number("threshold", threshold, low=0, high=1))
    if label is None:
        shown = int(truth.sum(axis=0).argmin())
    else:
        shown = _checks.pick(label, _checks.names(names, len(names), noun="label"))
    percent = percents(prob)
    each = counts(truth, percent, start)
    of_labels = [scores(*c[:3]) for c in each]
    rows = [_row(name, [str(n) for n in each[i]], of_labels[i]) for i, name in enumerate(names)]
    if len(names) > 1:
        pot = each.sum(axis=0)
        means = np.mean(of_labels, axis=0)
        rows.append(_row("macro: mean of the labels", [""] * 4, (means[0], means[1], means[2])))
        rows.append(_row("micro: all in one pot", [str(n) for n in pot], scores(*pot[:3])))
    return Playground(
        "threshold",
        title="Move the threshold",
        intro=(
            f"{len(truth)} rows that a model has answered. Whatever has at least this probability is a yes. "
            "The probabilities never change; the answers do."
        ),
        summary=_html.table(
            ("label", "TP", "FP", "FN", "TN", "precision", "recall", "F1"),
            rows,
            caption=f"At the start, with the threshold {num(start / 100)}",
            numeric=range(1, 8),
        ),
        start={"threshold": start, "shown": names[shown]},
        data={
            "names": names,
            "truth": ["".join(map(str, column)) for column in truth.T],
            "percent": percent.T.tolist(),
        },
        tries=TRIES,
    )
