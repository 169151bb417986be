"""What a data flow consists of: stages, and leaks that were noticed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False, repr=False)
class Stage:
    """One stage of a data flow.

    Attributes
    ----------
    name
        What the stage is called.
    action
        What happens to the rows here, in words.
    shape_in, shape_out
        Shape of the data before and after; None where a size is not known.
    sample
        The row that is followed, as it leaves the stage, without the row axis.
    sample_in
        The same row as it came in.
    row
        Which row of the raw data it is, or None if that is not known.
    shape_aside
        Shape of the rows that are put aside here (held back for evaluation), or None.
    evidence
        What the numbers show at this stage; empty if nothing worth saying.
    """

    name: str
    action: str
    shape_in: tuple[int | None, ...]
    shape_out: tuple[int | None, ...]
    sample: Array
    sample_in: Array
    row: int | None = None
    shape_aside: tuple[int | None, ...] | None = None
    evidence: str = ""

    def __repr__(self) -> str:
        from mlcourse._text import shape

        return f"Stage({self.name!r}, {shape(self.shape_in)} → {shape(self.shape_out)})"


@dataclass(frozen=True)
class Leak:
    """Evaluation rows that are not new: a step learned from them, or training has them too.

    Attributes
    ----------
    step
        Name of the step.
    evidence
        What was seen, with the numbers.
    fix
        What to do about it.
    """

    step: str
    evidence: str
    fix: str

    def __str__(self) -> str:
        return f"{self.step}: {self.evidence} {self.fix}"


FIT_ON_TRAINING = (
    "Split first, fit on the training rows alone, then transform both sides with what it learned."
)
