"""Chapter 06's playground: gradient descent on a loss that fits on a map, the path and the curve together."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse import _html
from mlcourse._errors import number_of, one_of
from mlcourse._text import num
from mlcourse.explore._playground import Playground

if TYPE_CHECKING:
    from collections.abc import Sequence

RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0)
BATCHES = (1, 8, 60)
ROWS = 60
MOST_STEPS = 120
EPOCHS = 30  # so many orders of the rows are drawn; later epochs begin with the first again
UNSCALED = 4.0  # without scaling, the second sensor's numbers are so many times as large
ACROSS, UP = (-2.0, 5.0), (-5.0, 2.0)  # what the map shows
START = (-1.0, 1.0)
TRIES = (
    "Press “10 steps” until the path stands still. Then raise the rate, stop by stop. When does it jump?",
    "Switch the scaling off at a rate of 1. What becomes of the valley, and what of the path?",
    "Without scaling, find a rate that does not jump. How long does the flat direction take then?",
    "Batches of 1 with a rate of 0.3, then of 3. Does the path ever stand still?",
    "Drag the start to the corner at the bottom right. Does it still find the same place?",
)


@cache
def rows() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return 60 items of metal or paper: two scaled sensors, shape (60, 2), and 1 for paper, shape (60,)."""
    from mlcourse.datasets import make_multiclass

    belt = make_multiclass(n_samples=1000, n_features=20, n_classes=3, seed=0)
    kept = np.flatnonzero(belt.y != belt.class_names.index("glass"))[:ROWS]
    X = belt.X[kept][:, [7, 8]]  # sensor_08 and sensor_09, as in the lesson
    # Two decimals, so that every machine sends the same numbers to the browser.
    X = ((X - X.mean(axis=0)) / X.std(axis=0)).round(2)
    return X, (belt.y[kept] == belt.class_names.index("paper")).astype(int)


@cache
def orders() -> tuple[tuple[int, ...], ...]:
    """Return the order of the rows in each epoch."""
    rng = np.random.default_rng(6)
    return tuple(tuple(map(int, rng.permutation(ROWS))) for _ in range(EPOCHS))


def descend(
    start: Sequence[float], *, rate: float, batch: int, scaled: bool, steps: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Train softmax regression with two classes and no bias; return its path and its losses.

    Parameters
    ----------
    start
        For each sensor the weight to paper minus the weight to metal, at the start.
    rate
        The learning rate, applied to each of the four weights.
    batch
        Rows in a batch.
    scaled
        Whether the second sensor is scaled like the first.
    steps
        Number of steps.

    Returns
    -------
    path : ndarray of shape (steps + 1, 2)
        The differences of the weights, before the first and after every step.
    losses : ndarray of shape (steps + 1,)
        Mean cross-entropy of all rows at each place of the path.
    """
    X, y = rows()
    X = X if scaled else X * [1.0, UNSCALED]
    Y = np.eye(2)[y]
    # Softmax sees differences only, so the weights may start as plus and minus one half of them.
    W = np.outer(start, [-0.5, 0.5])
    path, losses = [W[:, 1] - W[:, 0]], [_loss(X, y, W)]
    epoch = 0
    while len(path) <= steps:
        order = orders()[epoch % EPOCHS]
        for first in range(0, ROWS, batch):
            if len(path) > steps:
                break
            chosen = list(order[first : first + batch])
            error = _softmax(X[chosen] @ W) - Y[chosen]
            W = W - rate * X[chosen].T @ error / len(chosen)
            path.append(W[:, 1] - W[:, 0])
            losses.append(_loss(X, y, W))
        epoch += 1
    return np.array(path), np.array(losses)


def _softmax(Z: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.asarray(E / E.sum(axis=1, keepdims=True))


def _loss(X: np.ndarray[Any, Any], y: np.ndarray[Any, Any], W: np.ndarray[Any, Any]) -> float:
    Z = X @ W
    top = Z.max(axis=1)
    log_sum = top + np.log(np.exp(Z - top[:, None]).sum(axis=1))
    return float((log_sum - Z[np.arange(len(y)), y]).mean())


def descent(rate: float = 0.3, batch: int = ROWS, *, scaled: bool = True) -> Playground:
    """Walk down a loss with steps of your choice, and see path and curve together.

    Parameters
    ----------
    rate
        The learning rate at the start, one of 0.01, 0.03, 0.1, 0.3, 1, 2, 3, 5, 10, 30.
    batch
        Rows in a batch at the start: 1, 8 or 60 (all).
    scaled
        Whether both sensors are scaled at the start.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument is none of these.
    """
    rate = float(number_of("rate", rate, RATES))
    batch = int(number_of("batch", batch, BATCHES))
    one_of("scaled", scaled, (True, False))
    X, y = rows()
    path, losses = descend(START, rate=rate, batch=batch, scaled=scaled, steps=10)
    bottom = _bottom(scaled=True)
    fed = "all rows" if batch == ROWS else f"batches of {batch}"
    table = [
        (
            str(step),
            num(round(float(path[step, 0]), 2)),
            num(round(float(path[step, 1]), 2)),
            num(round(float(losses[step]), 2)),
        )
        for step in (*range(6), 10)
    ]
    return Playground(
        "descent",
        title="Walk down the valley",
        intro=(
            "Left a map of the loss: the stronger the colour, the higher; the cross is the lowest place. "
            "Each dot of the path is a step. Right the curve of the steps; dotted, the lowest loss there is."
        ),
        summary=_html.table(
            ("step", "weight of sensor_08", "weight of sensor_09", "loss of all rows"),
            table,
            caption=f"The first steps with a rate of {rate:g} and {fed}",
            numeric=(0, 1, 2, 3),
        ),
        start={
            "rate": rate,
            "batch": str(batch),
            "scaling": "on" if scaled else "off",
            "begin": list(START),
            "steps": 10,
        },
        data={
            "X": X.tolist(),
            "y": y.tolist(),
            "orders": [list(order) for order in orders()],
            "rates": RATES,
            "batches": [str(b) for b in BATCHES],
            "most": MOST_STEPS,
            "unscaled": UNSCALED,
            "across": ACROSS,
            "up": UP,
            "bottom": bottom,
        },
        tries=TRIES,
    )


@cache
def _bottom(*, scaled: bool) -> tuple[float, float]:
    """Return the place of the lowest loss, to two decimals."""
    path, _ = descend((2.0, -2.0), rate=3.0, batch=ROWS, scaled=scaled, steps=300)
    return round(float(path[-1, 0]), 2), round(float(path[-1, 1]), 2)
