"""Which task the labels, the output and the loss are about: an explicit rule, and what it assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlcourse._text import num
from mlcourse.doctor._facts import BINARY, CATEGORICAL, REGRESSION, SIGMOID, SPARSE

if TYPE_CHECKING:
    from mlcourse.doctor._facts import Labels, Loss, Output, Task

TASKS: Final = ("binary", "multiclass", "multilabel")
_ONE_EACH = "Every row of y has exactly one 1, which can mean one class out of many or one label each. "


def infer(asked: str | None, labels: Labels, output: Output, loss: Loss | None) -> tuple[Task, str]:
    """Return the task, and a sentence on what was assumed (empty where nothing was).

    1. What the caller says is taken.
    2. Labels in one column: two values and one unit are binary, all else is
       multi-class; fractions, or a linear unit under a regression loss, are no classes.
    3. A 0/1 matrix in which some row has not exactly one 1 is multi-label.
    4. A 0/1 matrix with one 1 in every row is ambiguous. It is multi-label if the loss
       is a binary crossentropy and the output no softmax, or if the output is a
       sigmoid and no loss is given; else multi-class.
    5. Any other matrix: rows that sum to one are multi-class (smoothed labels), unless
       the loss is a binary one; fractions under a regression loss are no classes.
    """
    kind = loss.kind if loss else ""
    if asked == "multilabel":
        return "multilabel", ""
    if asked in ("binary", "multiclass"):
        return _one_label(labels, output), ""
    if labels.layout != "matrix":
        return _column(labels, output, kind)
    if labels.kind in ("text", "other"):
        return ("multilabel" if output.activation in SIGMOID else "multiclass"), ""
    if labels.zero_one and labels.sums_not_one:
        return "multilabel", ""
    if labels.one_hot:
        each = kind in BINARY and output.activation != "softmax"
        if each or (output.activation in SIGMOID and kind in ("", "custom")):
            because = f"the loss {loss.shown}" if each and loss else "the sigmoid output"
            return "multilabel", (
                f"{_ONE_EACH}Taken as multi-label because {because} judges each label by itself; "
                f'task="multiclass" says otherwise.'
            )
        if kind in CATEGORICAL | SPARSE or output.activation == "softmax":
            return "multiclass", ""
        return "multiclass", f'{_ONE_EACH}Taken as multi-class; task="multilabel" says otherwise.'
    within = labels.low >= 0.0 and labels.high <= 1.0
    if kind in BINARY:
        return "multilabel", ""
    if kind in CATEGORICAL | SPARSE or (
        within and not labels.sums_not_one and output.activation == "softmax"
    ):
        return ("multiclass" if not labels.sums_not_one else "multilabel"), ""
    if labels.whole and output.activation in SIGMOID | {"softmax"}:
        return "multilabel", ""
    return "regression", ""


def _one_label(labels: Labels, output: Output) -> Task:
    return (
        "binary" if labels.layout != "matrix" and labels.distinct <= 2 and output.units == 1 else "multiclass"
    )


def _column(labels: Labels, output: Output, kind: str) -> tuple[Task, str]:
    if labels.kind in ("text", "other"):
        return _one_label(labels, output), ""
    regression = kind in REGRESSION
    if regression and not labels.whole:
        return "regression", ""
    if regression and not labels.zero_one and output.units == 1:
        return "regression", (
            f"y holds {labels.distinct} numbers from {num(labels.low, 0)} to {num(labels.high, 0)}, and one "
            "output "
            'is compared with them by a regression loss. Taken as regression; task="multiclass" says '
            "otherwise."
        )
    if not labels.whole and kind in ("", "custom") and labels.distinct > 20:
        return "regression", ""
    if not labels.whole and kind in BINARY and labels.low >= 0.0 and labels.high <= 1.0:
        return "binary", ""  # probabilities as targets
    return _one_label(labels, output), ""
