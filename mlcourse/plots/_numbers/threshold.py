"""Precision, recall and F1 at every threshold, for one label or averaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, number, one_of
from mlcourse._text import num
from mlcourse.plots._numbers import _checks, _words

if TYPE_CHECKING:
    from mlcourse.plots._numbers._checks import Floats, Ints

GRID = np.round(np.linspace(0, 1, 101), 2)


@dataclass(frozen=True)
class Sweep:
    """Scores at each of the thresholds `GRID`, shape `(101,)`, rounded to two decimals.

    `precision` is NaN where nothing at all reaches the threshold; where single
    labels of an average are never on, they count as 0, as scikit-learn has it.
    """

    precision: Floats
    recall: Floats
    f1: Floats
    at: float
    what: str
    left_out: tuple[str, ...]

    @property
    def here(self) -> tuple[float, float, float]:
        """Precision, recall and F1 at the threshold `at`."""
        i = round(self.at * 100)
        return float(self.precision[i]), float(self.recall[i]), float(self.f1[i])

    @property
    def best(self) -> tuple[float, float]:
        """The threshold at which F1 is highest (the one nearest 0.5 if several are), and that F1."""
        top = np.flatnonzero(self.f1 == self.f1.max())
        i = int(top[np.argmin(np.abs(GRID[top] - 0.5))])
        return float(GRID[i]), float(self.f1[i])

    @property
    def alt(self) -> str:
        """What the curves show, in words."""
        p, r, f = self.here
        where, top = self.best
        said = [
            f"Precision, recall and F1 {self.what} against the threshold.",
            f"At {num(self.at)} precision is {_words.score(p)}, recall {num(r)}, F1 {num(f)}.",
            f"F1 is highest, {num(top)}, at the threshold {num(where)}."
            if top > f
            else "No threshold gives a higher F1.",
        ]
        if self.left_out:
            verb = "is" if len(self.left_out) == 1 else "are"
            said.append(
                f"{_words.capital(_words.few(self.left_out))} {verb} never on in y_true and {verb} left out."
            )
        return " ".join(said)


def measure(
    y_true: Any, y_score: Any, *, label: Any, average: str, threshold: Any, class_names: Any
) -> Sweep:
    """Score every threshold from 0 to 1 in steps of 0.01; a label is on if its score reaches it."""
    at = round(number("threshold", threshold, low=0, high=1), 2)
    one_of("average", average, ("macro", "micro"))
    true, score, kind = _checks.scored(y_true, y_score, "y_score")
    if kind == "multiclass":
        raise InvalidArgument(
            "y_true holds one class per sample, which is decided by the largest score, not by a threshold;"
            " for one class against the rest pass y_true == k and y_score[:, k]."
        )
    names = _checks.names(class_names, 1 if kind == "binary" else true.shape[1], noun="label")
    if kind == "binary":
        true, score = true[:, None], score[:, None]
        _checks.pick(0 if label is None else label, names)
        what = f"of {names[0]}" if names.given else ""
        label = 0
    elif label is None:
        what = f"over {len(names)} labels ({average} average)"
    else:
        label = _checks.pick(label, names)
        what = f"of {names.word(label)}"
    what = what or "of one label"
    kept = [i for i in range(len(names)) if true[:, i].any()]
    if label is not None:
        if label not in kept:
            raise InvalidArgument(
                f"y_true never has {names.word(label)} on, so its recall cannot be computed."
            )
        curves = _one(true[:, label], score[:, label])
        left_out: tuple[str, ...] = ()
    elif not kept:
        raise InvalidArgument("y_true has no label on at all, so recall cannot be computed.")
    elif average == "micro":
        curves, left_out = _one(true.ravel(), score.ravel()), ()
    else:
        each = np.stack([_one(true[:, i], score[:, i]) for i in kept])
        curves = np.nan_to_num(each).mean(axis=0)
        curves[:, np.isnan(each[:, 0]).all(axis=0)] = [[np.nan], [0], [0]]  # nothing is predicted at all
        left_out = tuple(names.word(i) for i in range(len(names)) if i not in kept)
    precision, recall, f1 = np.round(curves, 2)
    return Sweep(precision, recall, f1, at, what, left_out)


def _one(true: Ints, score: Floats) -> Floats:
    """Return precision, recall and F1 of one label over `GRID`, shape `(3, 101)`."""
    from sklearn.metrics import precision_recall_curve

    precision, recall, steps = precision_recall_curve(true, score)
    # The same samples are on at a threshold as at the next score that occurs.
    i = np.searchsorted(steps, GRID - 1e-9)
    p, r = precision[i], recall[i]
    none = i == len(steps)
    total = p + r
    f1 = np.divide(2 * p * r, total, out=np.zeros_like(total), where=total > 0)
    return np.stack([np.where(none, np.nan, p), r, np.where(none, 0, f1)])
