"""Chapter 12's playground: a temperature moves the reliability diagram and the cheapest threshold."""

from __future__ import annotations

from dataclasses import dataclass
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

MOST_ROWS, MOST_CLASSES, BINS = 2000, 8, 10
# Temperatures on a scale on which one half and two are equally far from one; eight steps double it.
STOPS = tuple(float(round(2 ** (k / 8), 2)) for k in range(-16, 25))
PRICES = (5, 10, 20, 40)  # what asking costs, in percent of what an error costs
TRIES = (
    "Raise the temperature step by step. Which number in the table never moves?",
    "At the temperature 1.00: what does the formula's threshold cost, and what the cheapest one?",
    "Find the temperature at which the points lie on the dotted line. What does the formula cost now?",
    "Go on, up to 8.00. On which side of the line do the points lie? Which way did the log loss go?",
    "Make asking cheaper. In which direction does the cheapest threshold go?",
    "Compare promised and paid at the temperature 1.00, and at the best one.",
)


@dataclass(frozen=True)
class Measured:
    """What one temperature makes of the rows.

    Attributes
    ----------
    sure
        Probability of each row's winner, shape (n_samples,).
    right
        Whether the winner is true, shape (n_samples,).
    counts, promised, kept
        Of each of ten bins of equal width: rows, mean sureness, share of right answers; NaN where empty.
    ece
        Expected calibration error over these bins.
    brier
        Mean over the rows of the squared distances, summed over the classes; 0 to 2.
    log_loss
        Mean of minus the log of the true class' probability.
    """

    sure: NDArray[np.float64]
    right: NDArray[np.bool_]
    counts: NDArray[np.int64]
    promised: NDArray[np.float64]
    kept: NDArray[np.float64]
    ece: float
    brier: float
    log_loss: float


def measured(truth: NDArray[Any], logits: NDArray[Any], temperature: float) -> Measured:
    """Divide the logits by the temperature, and measure."""
    scaled = logits / temperature
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    log_p = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
    p, rows = np.exp(log_p), np.arange(len(truth))
    sure, right = p.max(axis=1), p.argmax(axis=1) == truth
    # The same rule by which scikit-learn's calibration_curve sorts.
    bins = np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], sure)
    counts = np.bincount(bins, minlength=BINS)
    promised, kept = np.full(BINS, np.nan), np.full(BINS, np.nan)
    full = counts > 0
    promised[full] = np.bincount(bins, weights=sure, minlength=BINS)[full] / counts[full]
    kept[full] = np.bincount(bins, weights=right, minlength=BINS)[full] / counts[full]
    ece = float((counts[full] * np.abs(kept[full] - promised[full])).sum() / len(truth))
    brier = float(((p - np.eye(p.shape[1])[truth]) ** 2).sum(axis=1).mean())
    return Measured(sure, right, counts, promised, kept, ece, brier, float(-log_p[rows, truth].mean()))


def bills(made: Measured, price: int) -> NDArray[np.int64]:
    """Return for the thresholds 0, 1 … 99 percent what all rows cost, in hundredths of an error."""
    answers = made.sure >= np.arange(100)[:, None] / 100
    paid: NDArray[np.int64] = 100 * (answers & ~made.right).sum(axis=1) + price * (~answers).sum(axis=1)
    return paid


def _checked(y_true: Any, logits: Any, class_names: Sequence[str] | None) -> tuple[Any, Any, tuple[str, ...]]:
    truth, z = _checks.labels("y_true", y_true), _checks.array("logits", logits)
    if z.ndim != 2 or truth.ndim != 1 or len(truth) != len(z):
        raise InvalidArgument(
            f"y_true has the shape {truth.shape} and logits {z.shape}; expected are class numbers, shape "
            "(n,), and a row of logits for each of them, shape (n, n_classes)."
        )
    rows, classes = z.shape
    if rows > MOST_ROWS or not 2 <= classes <= MOST_CLASSES:
        raise InvalidArgument(
            f"logits has {rows} rows and {classes} columns, but this playground shows at most {MOST_ROWS} "
            f"rows and 2 to {MOST_CLASSES} classes; give it a part, such as logits[:1000]."
        )
    if z.min() >= 0 and np.allclose(z.sum(axis=1), 1, rtol=0, atol=1e-3):
        raise InvalidArgument(
            "logits holds rows that add up to 1, which looks like probabilities; expected is what stands "
            "before softmax. If you have nothing else, give np.log(P + 1e-12)."
        )
    if truth.max() >= classes:
        raise InvalidArgument(
            f"y_true holds class {truth.max()}, but logits has {classes} columns, for classes 0 to "
            f"{classes - 1}."
        )
    names = _checks.names(class_names, classes)
    return truth, z, tuple(names.word(k) for k in range(classes))


def calibration(
    y_true: Any,
    logits: Any,
    class_names: Sequence[str] | None = None,
    *,
    temperature: float = 1.0,
    threshold: float = 0.9,
) -> Playground:
    """Move the temperature over a model's logits: reliability diagram, scores and thresholds move together.

    Beside the temperature, a threshold for asking somebody instead of answering, and what asking
    costs. The logits travel with the playground, so it answers without a kernel.

    Parameters
    ----------
    y_true
        Class numbers, shape (n_samples,); at most 2000 samples.
    logits
        Outputs of the last layer before softmax, shape (n_samples, n_classes), 2 to 8 classes. They
        are rounded to two decimals.
    class_names
        A name for each class.
    temperature
        The temperature at the start, 0.25 to 8; moved to the nearest stop of the slider.
    threshold
        The sureness, 0 to 0.99, from which the model answers by itself; moved to the nearest percent.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If the arrays do not fit together, are too large, or hold anything else.
    """
    truth, given, names = _checked(y_true, logits, class_names)
    wanted = number("temperature", temperature, low=STOPS[0], high=STOPS[-1])
    start = min(STOPS, key=lambda stop: abs(np.log(stop / wanted)))
    cut = round(100 * number("threshold", threshold, low=0, high=0.99))
    z = np.round(given.astype(float), 2)
    made, price = measured(truth, z, start), PRICES[1]
    rows = [
        [f"{BINS * b}–{BINS * (b + 1)} %", str(made.counts[b]), num(made.promised[b]), num(made.kept[b])]
        for b in np.flatnonzero(made.counts)
    ]
    cost = bills(made, price)
    return Playground(
        "calibration",
        title="Turn the temperature",
        intro=(
            f"{len(truth)} rows that a model has answered, {len(names)} classes. The temperature divides all "
            "logits. Below the threshold the model does not answer and asks instead."
        ),
        summary=_html.table(
            ("sure", "answers", "promised", "kept"),
            rows,
            caption=f"At the start, with the temperature {num(start)}",
            numeric=(1, 2, 3),
        )
        + f"<p>Right {num(made.right.mean())}, ECE {num(made.ece)}, Brier {num(made.brier)}, log loss "
        f"{num(made.log_loss)}. If asking costs {price} % of an error, the formula answers from "
        f"{num(1 - price / 100)} on, and 100 rows cost {num(cost[100 - price] / len(truth), 1)} errors; the "
        f"cheapest threshold here, {num(cost.argmin() / 100)}, costs {num(cost.min() / len(truth), 1)}.</p>",
        start={"temperature": start, "threshold": cut, "price": str(price)},
        data={
            "names": list(names),
            "truth": truth.tolist(),
            "logits": z.tolist(),
            "stops": list(STOPS),
            "prices": list(PRICES),
        },
        tries=TRIES,
    )
