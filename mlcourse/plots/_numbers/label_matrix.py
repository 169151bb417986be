"""Which labels occur together, counted or as shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, one_of
from mlcourse._text import count, num, shape
from mlcourse.plots._numbers import _checks

if TYPE_CHECKING:
    from mlcourse.plots._numbers._checks import Floats, Ints, Names


@dataclass(frozen=True)
class LabelMatrix:
    """How many samples have both of two labels.

    Attributes
    ----------
    counts
        `(n_labels, n_labels)`, symmetric; the diagonal counts each label by itself.
    shown
        The same, or with `normalize="row"` divided by the row's own label; 0 for one never on.
    n_samples
        Number of samples.
    bare
        Number of samples without any label.
    """

    counts: Ints
    shown: Floats
    normalize: str | None
    names: Names
    n_samples: int
    bare: int

    @property
    def cells(self) -> list[list[str]]:
        """The text of each cell."""
        if self.normalize is None:
            return [[str(n) for n in row] for row in self.counts]
        return [[num(v) for v in row] for row in self.shown]

    @property
    def alt(self) -> str:
        """What the matrix shows, in words."""
        names, many = self.names, len(self.names)
        alone = np.diag(self.counts)
        often, seldom = int(np.argmax(alone)), int(np.argmin(alone))
        said = [f"Which of {count(many, 'label')} occur together in {count(self.n_samples, 'sample')}."]
        if alone[often] == alone[seldom]:
            said.append(f"Each label is on {count(int(alone[often]), 'time')}.")
        else:
            said.append(
                f"Most frequent is {names.word(often)} ({alone[often]}), least {names.word(seldom)}"
                f" ({alone[seldom]})."
            )
        pairs = [(int(self.counts[i, j]), i, j) for i in range(many) for j in range(i)]
        if pairs:
            top, i, j = max(pairs, key=lambda p: p[0])
            low, k, m = min(pairs, key=lambda p: p[0])
            if top == 0:
                said.append("No two labels ever occur together.")
            else:
                said.append(f"Most often together: {names.word(j)} and {names.word(i)}, {count(top, 'time')}")
                if low < top:
                    said[-1] += f"; least often: {names.word(m)} and {names.word(k)}, {count(low, 'time')}"
                said[-1] += "."
        if self.bare:
            said.append(f"{count(self.bare, 'sample has', 'samples have')} no label.")
        return " ".join(said)

    @property
    def heading(self) -> str:
        """The figure's title."""
        if self.normalize:
            return "Of the samples with the row's label, the share that also has the column's"
        return f"Samples with both labels, of {self.n_samples}"


def measure(Y: Any, class_names: Any, normalize: str | None) -> LabelMatrix:
    """Count label pairs: `Y.T @ Y`."""
    one_of("normalize", normalize, (None, "row"))
    found = _checks.labels("Y", Y)
    if found.ndim != 2:
        raise InvalidArgument(
            f"Y has shape {shape(found.shape)}, but must be n_samples × n_labels, with 0 and 1,"
            " at least two labels."
        )
    names = _checks.names(class_names, found.shape[1], noun="label")
    counts = found.T @ found
    alone = np.diag(counts)[:, None]
    divided = np.divide(counts, alone, out=np.zeros(counts.shape), where=alone > 0)
    shown = counts.astype(np.float64) if normalize is None else np.round(divided, 2)
    return LabelMatrix(counts, shown, normalize, names, len(found), int((found.sum(axis=1) == 0).sum()))
