"""ROC and precision-recall curves, one for each class, with the areas under them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument
from mlcourse._text import count, num
from mlcourse.plots._numbers import _checks, _words

if TYPE_CHECKING:
    from mlcourse.plots._numbers._checks import Floats, Names


@dataclass(frozen=True)
class Ranking:
    """How well one class's scores rank its samples before the others.

    Attributes
    ----------
    false_positive_rate, true_positive_rate
        The ROC curve.
    recall, precision
        The precision-recall curve.
    area
        Area under the ROC curve; 0.5 is guessing.
    average_precision
        `sum((R_n - R_(n-1)) * P_n)`, as scikit-learn has it; guessing gives `base_rate`.
    base_rate
        Share of samples that are positive.
    """

    name: str
    false_positive_rate: Floats
    true_positive_rate: Floats
    recall: Floats
    precision: Floats
    area: float
    average_precision: float
    base_rate: float


@dataclass(frozen=True)
class Rankings:
    """The curves of every class that has both positive and negative samples."""

    curves: tuple[Ranking, ...]
    left_out: tuple[str, ...]
    noun: str

    @property
    def alt(self) -> str:
        """What the curves show, in words."""
        if len(self.curves) == 1:
            c = self.curves[0]
            said = [
                (
                    f"ROC curve with area {num(c.area)} (guessing gives 0.50) and precision–recall curve with"
                    f" average precision {num(c.average_precision)} (guessing gives {num(c.base_rate)})."
                )
            ]
        else:
            plural = "classes" if self.noun == "class" else f"{self.noun}s"
            said = [f"ROC and precision–recall curves of {count(len(self.curves), self.noun, plural)}."]
            said.append(self._range("area", "Area under the ROC curve"))
            said.append(self._range("average_precision", "Average precision"))
        if self.left_out:
            verb = "is" if len(self.left_out) == 1 else "are"
            said.append(
                f"{_words.capital(_words.few(self.left_out))} {verb} left out:"
                " y_true needs both positive and negative samples."
            )
        return " ".join(said)

    def _range(self, field: str, title: str) -> str:
        def shown(curve: Ranking) -> float:
            return round(float(getattr(curve, field)), 2)

        # By the digits shown, the first of equals: the same on every machine.
        worst, best = min(self.curves, key=shown), max(self.curves, key=shown)
        low, high = num(getattr(worst, field)), num(getattr(best, field))
        if low == high:
            return f"{title}: {low} for each."
        return f"{title}: from {low} ({worst.name}) to {high} ({best.name})."


def measure(y_true: Any, y_score: Any, class_names: Any) -> Rankings:
    """Compute the curves of each class against the rest, or of each label."""
    true, score, kind = _checks.scored(y_true, y_score, "y_score")
    noun = "class" if kind == "multiclass" else "label"
    if kind == "binary":
        true, score = true[:, None], score[:, None]
    elif kind == "multiclass":
        true = (true[:, None] == np.arange(score.shape[1])).astype(np.int64)
    names = _checks.names(class_names, score.shape[1], noun=noun)
    share = true.mean(axis=0)
    kept = [i for i in range(len(names)) if 0 < share[i] < 1]
    if not kept:
        raise InvalidArgument(
            "y_true is the same for every sample, but the curves need positives and negatives."
        )
    curves = tuple(_one(true[:, i], score[:, i], names, i) for i in kept)
    return Rankings(curves, tuple(names.word(i) for i in range(len(names)) if i not in kept), noun)


def _one(true: Any, score: Any, names: Names, i: int) -> Ranking:
    from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

    fpr, tpr, _ = roc_curve(true, score)
    precision, recall, _ = precision_recall_curve(true, score)
    area, average = float(roc_auc_score(true, score)), float(average_precision_score(true, score))
    return Ranking(
        names.word(i), fpr, tpr, recall, precision, round(area, 4), round(average, 4), float(true.mean())
    )
