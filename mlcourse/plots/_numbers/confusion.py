"""Confusion matrices, and what they say: which classes are taken for which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import one_of
from mlcourse._text import count, listed, num
from mlcourse.plots._numbers import _checks, _words

if TYPE_CHECKING:
    from mlcourse.plots._numbers._checks import Floats, Ints, Names

NORMALIZE = (None, "true", "pred", "all")


@dataclass(frozen=True)
class Confusion:
    """One matrix for a multi-class task.

    Attributes
    ----------
    counts
        `(n_classes, n_classes)`: rows are the true classes, columns the predicted ones.
    shown
        The same, divided as `normalize` asks; 0 where nothing is there to divide by.
    """

    counts: Ints
    shown: Floats
    normalize: str | None
    names: Names

    @property
    def cells(self) -> list[list[str]]:
        """The text of each cell: counts, or shares with two decimals."""
        if self.normalize is None:
            return [[str(n) for n in row] for row in self.counts]
        return _shares(self.shown)

    @property
    def alt(self) -> str:
        """What the matrix shows, in words."""
        c, names = self.counts, self.names
        n, right = int(c.sum()), int(np.trace(c))
        said = [
            (
                f"Confusion matrix of {count(n, 'sample')} and {count(len(names), 'class', 'classes')}:"
                f" {right} right ({_words.percent(right / n)})."
            )
        ]
        wrong = c.copy()
        np.fill_diagonal(wrong, 0)
        if wrong.any():
            order = np.argsort(-wrong, axis=None, kind="stable")[:3]
            pairs = [(int(i), int(j)) for i, j in (divmod(int(o), len(names)) for o in order) if wrong[i, j]]
            mistakes = (
                f"{names.word(i)} taken for {names.word(j)} ({count(int(wrong[i, j]), 'time')})"
                for i, j in pairs
            )
            said.append(f"Most frequent {'mistake' if len(pairs) == 1 else 'mistakes'}: {listed(mistakes)}.")
        said += missing(c.sum(axis=1), c.sum(axis=0), names)
        return " ".join(said)


@dataclass(frozen=True)
class Confusions:
    """One 2×2 matrix per label for a multi-label task.

    Attributes
    ----------
    counts
        `(n_labels, 2, 2)`: rows are truly off and on, columns predicted off and on.
    shown
        The same, divided as `normalize` asks, label by label.
    """

    counts: Ints
    shown: Floats
    normalize: str | None
    names: Names

    def cells(self, label: int) -> list[list[str]]:
        """Return the text of each cell of one label's matrix."""
        if self.normalize is None:
            return [[str(n) for n in row] for row in self.counts[label]]
        return _shares(self.shown[label])

    @property
    def drawn(self) -> list[int]:
        """The labels that are drawn: all, or of more than 12 the ones with the most mistakes."""
        return list(range(len(self.names))) if len(self.names) <= 12 else self._by_mistakes()[:12]

    def _by_mistakes(self) -> list[int]:
        mistakes = self.counts[:, 0, 1] + self.counts[:, 1, 0]
        return sorted(range(len(self.names)), key=lambda i: -int(mistakes[i]))

    @property
    def alt(self) -> str:
        """What the matrices show, in words."""
        n = int(self.counts[0].sum())
        many = len(self.names)
        each = (
            f"each of {count(many, 'label')}"
            if many <= 12
            else f"the 12 least well predicted of {many} labels"
        )
        said = [f"One 2 × 2 confusion matrix for {each}, {count(n, 'sample')}."]
        order: list[int] = list(range(many))
        if many > 6:
            order = self._by_mistakes()[:3]
            said.append("The three labels with the most mistakes:")
        for i in order:
            (_, alarms), (missed, found) = self.counts[i]
            said.append(
                f"{_words.capital(self.names.word(i))}: {found} found, {missed} missed,"
                f" {count(int(alarms), 'false alarm')}."
            )
        said += missing(self.counts[:, 1].sum(axis=1), self.counts[:, :, 1].sum(axis=1), self.names)
        return " ".join(said)


def _shares(values: Floats) -> list[list[str]]:
    """Write shares; none at all is a plain 0, so that the eye finds the rest."""
    return [["0" if v == 0 else num(v) for v in row] for row in values]


def missing(true: Ints, pred: Ints, names: Names) -> list[str]:
    """Name the classes that never occur and those that occur but were never predicted."""
    said = []
    absent = [names.word(int(i)) for i in np.flatnonzero(true == 0)]
    silent = [names.word(int(i)) for i in np.flatnonzero((pred == 0) & (true > 0))]
    if absent:
        said.append(f"{_words.capital(_words.few(absent))} {_do(absent)} not occur in y_true.")
    if silent:
        said.append(f"{_words.capital(_words.few(silent))} {_was(silent)} never predicted.")
    return said


def _do(items: list[str]) -> str:
    return "does" if len(items) == 1 else "do"


def _was(items: list[str]) -> str:
    return "was" if len(items) == 1 else "were"


def measure(y_true: Any, y_pred: Any, class_names: Any, normalize: str | None) -> Confusion | Confusions:
    """Count who was taken for whom."""
    from sklearn.metrics import confusion_matrix, multilabel_confusion_matrix

    one_of("normalize", normalize, NORMALIZE)
    true, pred = _checks.label_pair(y_true, y_pred)
    if true.ndim == 2:
        names = _checks.names(class_names, true.shape[1], noun="label")
        counts = np.asarray(multilabel_confusion_matrix(true, pred), dtype=np.int64)
        return Confusions(counts, np.stack([_divided(c, normalize) for c in counts]), normalize, names)
    names = class_range(true, pred, class_names)
    with _checks.many_classes():
        counts = np.asarray(confusion_matrix(true, pred, labels=range(len(names))), dtype=np.int64)
    return Confusion(counts, _divided(counts, normalize), normalize, names)


def class_range(true: Ints, pred: Ints, class_names: Any) -> Names:
    """Return the names of all classes: those given, or 0 to the largest that occurs, at least two."""
    largest = max(int(true.max()), int(pred.max()))
    given = len(class_names) if class_names is not None and hasattr(class_names, "__len__") else 0
    # Fewer names than classes is an error; more is a class that happens not to occur.
    return _checks.names(class_names, max(largest + 1, given, 2))


def _divided(counts: Ints, normalize: str | None) -> Floats:
    """Divide as scikit-learn does, an empty row or column giving 0."""
    if normalize is None:
        return counts.astype(np.float64)
    axis = {"true": 1, "pred": 0, "all": None}[normalize]
    total = counts.sum(axis=axis, keepdims=True)
    shares: Floats = np.divide(counts, total, out=np.zeros(counts.shape), where=total > 0)
    return shares
