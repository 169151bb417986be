"""Precision, recall and F1 of each class, and which classes fare worst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._text import num
from mlcourse.plots._numbers import _checks
from mlcourse.plots._numbers.confusion import class_range, missing

if TYPE_CHECKING:
    from mlcourse.plots._numbers._checks import Floats, Ints, Names


@dataclass(frozen=True)
class PerClass:
    """Scores of each class, each array of shape `(n_classes,)`, rounded to two decimals.

    `precision` is 0 for a class that was never predicted and `recall` is 0 for
    one that never occurs, as scikit-learn has it; `alt` says so.
    """

    precision: Floats
    recall: Floats
    f1: Floats
    support: Ints
    predicted: Ints
    names: Names

    @property
    def drawn(self) -> list[int]:
        """The classes that are drawn, in order: all, or of more than 25 the ones with the lowest F1."""
        everything = list(range(len(self.names)))
        return everything if len(everything) <= 25 else sorted(everything, key=lambda i: self.f1[i])[:25]

    @property
    def alt(self) -> str:
        """What the bars show, in words."""
        names, many = self.names, len(self.names)
        macro = num(float(self.f1.mean()))
        noun = names.noun
        order = range(many) if many <= 4 else sorted(range(many), key=lambda i: float(self.f1[i]))[:3]
        plural = "classes" if noun == "class" else f"{noun}s"
        each = f"each {noun}" if many <= 25 else f"the 25 weakest of {many} {plural}"
        said = [f"Precision, recall and F1 of {each}; F1 averages {macro}."]
        if many > 4:
            best = int(np.argmax(self.f1))
            said.append(
                f"Best is {names.word(best)}, F1 {num(self.f1[best])}; the three weakest {plural} are:"
            )
        said.append(
            "; ".join(
                f"{names.word(i)}: precision {num(self.precision[i])}, recall {num(self.recall[i])},"
                f" F1 {num(self.f1[i])}"
                for i in order
            )
            + "."
        )
        said += missing(self.support, self.predicted, names)
        return " ".join(said)


def measure(y_true: Any, y_pred: Any, class_names: Any) -> PerClass:
    """Score each class or label by scikit-learn's `precision_recall_fscore_support`."""
    from sklearn.metrics import precision_recall_fscore_support

    true, pred = _checks.label_pair(y_true, y_pred)
    if true.ndim == 2:
        names = _checks.names(class_names, true.shape[1], noun="label")
        predicted = pred.sum(axis=0)
    else:
        names = class_range(true, pred, class_names)
        predicted = np.bincount(pred, minlength=len(names))
    with _checks.many_classes():
        # zero_division=0 gives the same numbers as the default, without its warning.
        precision, recall, f1, support = precision_recall_fscore_support(
            true, pred, labels=range(len(names)), zero_division=0
        )
    p, r, f = (np.round(v, 2) for v in (precision, recall, f1))
    return PerClass(p, r, f, np.asarray(support), predicted, names)
