"""Chapter 04's playground: the same logits through softmax and through one sigmoid each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse import _html
from mlcourse._errors import InvalidArgument, InvalidType, number, shown
from mlcourse._text import num
from mlcourse.explore._playground import Playground

if TYPE_CHECKING:
    from collections.abc import Sequence

LOW, HIGH = -10.0, 10.0
TEMPERATURES = (0.1, 0.2, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
THRESHOLD = 0.5
ANIMALS = ("cat", "dog", "bird", "fish", "horse", "frog", "mouse", "snake")
TRIES = (
    "Raise one logit by 2. Which bars move on the left, which on the right?",
    "Make all logits very small. What does softmax answer, what do the sigmoids?",
    "Make every sigmoid say yes. Can every softmax value be above 0.5?",
    "Set two logits equal. How sure is softmax of each, and does it change when both rise together?",
    "Turn the temperature from 0.1 to 10. What stays the same?",
)


def _logits(logits: Sequence[float]) -> list[float]:
    try:
        values = list(logits)
    except TypeError:
        raise InvalidType(f"logits is {shown(logits)}, but must be a sequence of 1 to 8 numbers.") from None
    if not 1 <= len(values) <= len(ANIMALS):
        raise InvalidArgument(
            f"logits has {len(values)} numbers, but this playground shows 1 to {len(ANIMALS)}."
        )
    return [number(f"logits[{i}]", value, low=LOW, high=HIGH) for i, value in enumerate(values)]


def _names(class_names: Sequence[str] | None, n: int) -> list[str]:
    if class_names is None:
        return list(ANIMALS[:n])
    if isinstance(class_names, str):
        raise InvalidType(f"class_names is {shown(class_names)}, but must be a sequence of {n} names.")
    names = [str(name) for name in class_names]
    if len(names) != n or len(set(names)) != n:
        raise InvalidArgument(
            f"class_names is {shown(class_names)}, but must be {n} different names, one a logit."
        )
    return names


def output_layer(
    logits: Sequence[float] = (2.0, 1.0, 0.1, -1.0),
    class_names: Sequence[str] | None = None,
) -> Playground:
    """Drag logits and see softmax and sigmoid answer side by side.

    Parameters
    ----------
    logits
        The logits at the start, 1 to 8 numbers from -10 to 10.
    class_names
        A name for each logit; some animals if none are given.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If the logits or names cannot be shown.
    """
    z = _logits(logits)
    names = _names(class_names, len(z))
    raised = np.exp(np.array(z) - max(z))
    softmax = raised / raised.sum()
    sigmoid = 1 / (1 + np.exp(-np.array(z)))
    winner = int(np.argmax(z))
    rows = [
        (
            _html.escape(name),
            num(z[i], 1),
            num(softmax[i]) + (" (argmax)" if i == winner else ""),
            f"{num(sigmoid[i])} ({'yes' if sigmoid[i] >= THRESHOLD else 'no'})",
        )
        for i, name in enumerate(names)
    ]
    rows.append(("sum", "", num(float(softmax.sum())), num(float(sigmoid.sum()))))
    return Playground(
        "output_layer",
        title="Softmax and sigmoid on the same logits",
        intro="Move a logit and watch both output layers answer. The dashed line is the sigmoids' threshold.",
        summary=_html.table(
            ("class", "logit", "softmax", "sigmoid"),
            rows,
            caption=f"At the start: temperature 1, threshold {num(THRESHOLD)}",
            numeric=(1, 2, 3),
        ),
        start={"logits": z, "temperature": 1.0, "threshold": THRESHOLD},
        data={"names": names, "low": LOW, "high": HIGH, "temperatures": TEMPERATURES},
        tries=TRIES,
    )
