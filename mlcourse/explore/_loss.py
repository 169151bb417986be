"""Chapter 05's playground: move one prediction, see each label's cost, the sum and the mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse import _html
from mlcourse._errors import InvalidArgument, InvalidType, number, shown
from mlcourse._text import num
from mlcourse.explore._playground import Playground

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 6
LEAST, LARGEST = 0.001, 0.999
# Even steps, and finer ones at both ends, where the cost changes most.
STOPS = (LEAST, 0.002, 0.005, *(round(0.01 * i, 2) for i in range(1, 100)), 0.995, 0.998, LARGEST)
TAGS = ("sport", "politics", "science", "music", "cooking", "travel")
TRIES = (
    "Make all four costs smaller than 0.1. How sure do you have to be?",
    "Take one true label from 0.1 to 0.01 and on to 0.001. By how much does its cost grow each time?",
    "Move one label. Do the others' costs move?",
    "Set everything to 0.5. What is the mean, and does it matter which labels are true?",
    (
        "Make three labels perfect and one as wrong as you can. How good does the mean look? And the count "
        "of right answers?"
    ),
    "Where is the pull p − y strongest, and where is it nearly 0?",
)


def _values(name: str, given: Sequence[float]) -> list[float]:
    try:
        values = list(given)
    except TypeError:
        raise InvalidType(
            f"{name} is {shown(given)}, but must be a sequence of 1 to {MOST} numbers."
        ) from None
    if not 1 <= len(values) <= MOST:
        raise InvalidArgument(f"{name} has {len(values)} numbers, but this playground shows 1 to {MOST}.")
    return [number(f"{name}[{i}]", value, low=0, high=1) for i, value in enumerate(values)]


def _names(class_names: Sequence[str] | None, n: int) -> list[str]:
    if class_names is None:
        return list(TAGS[:n])
    if isinstance(class_names, str):
        raise InvalidType(f"class_names is {shown(class_names)}, but must be a sequence of {n} names.")
    names = [str(name) for name in class_names]
    if len(names) != n or len(set(names)) != n:
        raise InvalidArgument(
            f"class_names is {shown(class_names)}, but must be {n} different names, one a label."
        )
    return names


def _truth(given: Sequence[int], n: int) -> list[int]:
    truth = _values("truth", given)
    if len(truth) != n:
        raise InvalidArgument(
            f"truth has {len(truth)} numbers, but probabilities has {n}; give one for each label."
        )
    if any(value not in (0, 1) for value in truth):
        raise InvalidArgument(
            f"truth is {shown([num(v, 1) for v in truth])}, but must hold only 0 (no) and 1 (yes)."
        )
    return [int(value) for value in truth]


def loss(
    probabilities: Sequence[float] = (0.9, 0.2, 0.6, 0.1),
    truth: Sequence[int] = (1, 0, 1, 0),
    class_names: Sequence[str] | None = None,
) -> Playground:
    """Move the predictions of one row and see its binary cross-entropy, label by label.

    Parameters
    ----------
    probabilities
        The predictions at the start, 1 to 6 numbers from 0 to 1, one for each
        label. They are moved to the nearest place of the slider, 0.001 to 0.999.
    truth
        The labels at the start, 1 (yes) or 0 (no), as many.
    class_names
        A name for each label; some topics if none are given.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If the numbers or names cannot be shown.
    """
    given = _values("probabilities", probabilities)
    places = np.array(STOPS)
    p = [float(places[np.argmin(np.abs(places - value))]) for value in given]
    y = _truth(truth, len(p))
    names = _names(class_names, len(p))
    given_truth = [q if t else 1 - q for q, t in zip(p, y, strict=True)]
    costs = [-float(np.log(q)) for q in given_truth]
    rows = [
        (_html.escape(name), "yes" if y[i] else "no", num(p[i]), num(costs[i]), num(p[i] - y[i]))
        for i, name in enumerate(names)
    ]
    rows.append(("sum", "", "", num(sum(costs)), ""))
    rows.append(("mean (Keras' loss)", "", "", num(sum(costs) / len(costs)), ""))
    return Playground(
        "loss",
        title="What each prediction costs",
        intro="Move a prediction, or change what is true. Each label pays −log of what it gave the truth.",
        summary=_html.table(
            ("label", "truth", "prediction p", "cost", "pull p − y"),
            rows,
            caption="At the start",
            numeric=(2, 3, 4),
        ),
        start={"probabilities": p, "truth": y},
        data={"names": names, "stops": STOPS},
        tries=TRIES,
    )
