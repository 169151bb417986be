"""Chapter 11's playground: capacity, rows and wrong labels on two features; boundary and curves together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from mlcourse import _html
from mlcourse._errors import number_of
from mlcourse._text import num
from mlcourse.explore._playground import Playground

UNITS = (1, 2, 4, 8, 16, 64)
ROWS = (20, 60, 120)
WRONG = (0.0, 0.1, 0.2, 0.3)
DECAYS = (0.0, 0.001, 0.003, 0.01, 0.03)
VALIDATION_ROWS = 200
MOST_STEPS = 600
FIRST_STEPS = 300  # shown at the start and in the summary
RATE, BETA_1, BETA_2, EPSILON = 0.03, 0.9, 0.999, 1e-7  # Adam
ACROSS, UP = (-2.0, 3.0), (-1.5, 2.0)  # what the map shows
TRIES = (
    "Wrong labels 20 %, 64 units: press “Run” and watch both curves. When should it have stopped?",
    "No wrong labels: 1 unit, then 2, then 4. Which is the smallest network that finds both crescents?",
    "20 % wrong labels, 64 units: 20 rows, then 60, then 120. What becomes of the gap?",
    "No wrong labels, 64 units, 120 rows. Does so large a network still overfit?",
    "Back to 20 % wrong labels: raise the weight decay, stop by stop. When is it too much?",
)


@dataclass(frozen=True)
class Trained:
    """What a training left behind.

    Attributes
    ----------
    losses, val_losses : ndarray of shape (steps + 1,)
        Mean binary cross-entropy of the training and of the validation rows, without the penalty.
    right, val_right : float
        Share of right answers at the end, by the labels each part has.
    weights : ndarray of shape (4 * units + 1,)
        Both rows of the hidden weights, hidden biases, output weights, output bias.
    """

    losses: np.ndarray[Any, Any]
    val_losses: np.ndarray[Any, Any]
    right: float
    val_right: float
    weights: np.ndarray[Any, Any]


@cache
def crescents() -> dict[str, Any]:
    """Return the rows, a number for each that decides whether its label is wrong, and the first weights.

    All are rounded, so that every machine sends the same numbers to the browser.
    """
    rng = np.random.default_rng(11)

    def draw(n: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        y = np.arange(n) % 2
        turn = np.pi * rng.random(n)
        X = np.column_stack(
            [np.where(y, 1 - np.cos(turn), np.cos(turn)), np.where(y, 0.5 - np.sin(turn), np.sin(turn))]
        )
        return (X + rng.normal(0, 0.22, X.shape)).round(2), y

    X, y = draw(max(ROWS))
    X_val, y_val = draw(VALIDATION_ROWS)
    # In each run of ten rows every tenth is used once, so that "10 % wrong" is true of 20 rows, too.
    luck = np.concatenate([rng.permutation(10) / 10 + 0.05 for _ in range(max(ROWS) // 10)]).round(2)
    most = max(UNITS)
    return {
        "X": X,
        "y": y,
        "luck": luck,
        "X_val": X_val,
        "y_val": y_val,
        "inner": rng.normal(0, 1.2, (2, most)).round(3),
        "bias": rng.normal(0, 1.0, most).round(3),
        "outer": rng.normal(0, 1.0, most).round(3),
    }


def told(rows: int, wrong: float) -> np.ndarray[Any, Any]:
    """Return the training labels as the network is told them, shape (rows,): some of them are wrong."""
    drawn = crescents()
    flipped: np.ndarray[Any, Any] = np.where(drawn["luck"] < wrong, 1 - drawn["y"], drawn["y"])[:rows]
    return flipped


def train(units: int, rows: int, wrong: float, decay: float, steps: int) -> Trained:
    """Train a network with one hidden layer: tanh, then a sigmoid; Adam with all rows in every step.

    Parameters
    ----------
    units, rows, wrong, decay
        Hidden units, training rows, share of wrong labels, weight of the L2 penalty on the
        weights (not on the biases), as the playground offers them.
    steps
        Number of steps.

    Returns
    -------
    Trained
    """
    drawn = crescents()
    X, y, X_val, y_val = drawn["X"][:rows], told(rows, wrong), drawn["X_val"], drawn["y_val"]
    P = np.concatenate(
        [
            drawn["inner"][:, :units].ravel(),
            drawn["bias"][:units],
            drawn["outer"][:units] / np.sqrt(units),
            [0.0],
        ]
    )
    penalised = np.ones(len(P))
    penalised[2 * units : 3 * units] = 0
    penalised[-1] = 0
    m, v = np.zeros(len(P)), np.zeros(len(P))
    losses, val_losses = [_loss(_logits(X, P), y)], [_loss(_logits(X_val, P), y_val)]
    for step in range(1, steps + 1):
        hidden = np.tanh(X @ P[: 2 * units].reshape(2, units) + P[2 * units : 3 * units])
        error = (_sigmoid(hidden @ P[3 * units : 4 * units] + P[-1]) - y) / rows
        back = np.outer(error, P[3 * units : 4 * units]) * (1 - hidden**2)
        slope = np.concatenate([(X.T @ back).ravel(), back.sum(axis=0), hidden.T @ error, [error.sum()]])
        slope += 2 * decay * penalised * P
        m = BETA_1 * m + (1 - BETA_1) * slope
        v = BETA_2 * v + (1 - BETA_2) * slope**2
        rate = RATE * np.sqrt(1 - BETA_2**step) / (1 - BETA_1**step)
        P = P - rate * m / (np.sqrt(v) + EPSILON)
        losses.append(_loss(_logits(X, P), y))
        val_losses.append(_loss(_logits(X_val, P), y_val))
    return Trained(
        np.array(losses),
        np.array(val_losses),
        float(np.mean((_logits(X, P) >= 0) == y)),
        float(np.mean((_logits(X_val, P) >= 0) == y_val)),
        P,
    )


def _logits(X: np.ndarray[Any, Any], P: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    units = (len(P) - 1) // 4
    hidden = np.tanh(X @ P[: 2 * units].reshape(2, units) + P[2 * units : 3 * units])
    return np.asarray(hidden @ P[3 * units : 4 * units] + P[-1])


def _sigmoid(z: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1 / (1 + small), small / (1 + small)))


def _loss(z: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> float:
    return float(np.mean(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - y * z))


def capacity(units: int = 64, rows: int = 60, *, wrong: float = 0.2, decay: float = 0.0) -> Playground:
    """Train a network on two crescents in the browser, and see its boundary and its curves together.

    Parameters
    ----------
    units
        Hidden units at the start: 1, 2, 4, 8, 16 or 64.
    rows
        Training rows at the start: 20, 60 or 120.
    wrong
        Share of wrong training labels at the start: 0, 0.1, 0.2 or 0.3. The labels of the
        validation rows are always right.
    decay
        Weight decay (L2) at the start: 0, 0.001, 0.003, 0.01 or 0.03.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument is none of these.
    """
    units = int(number_of("units", units, UNITS))
    rows = int(number_of("rows", rows, ROWS))
    wrong = float(number_of("wrong", wrong, WRONG))
    decay = float(number_of("decay", decay, DECAYS))
    made = train(units, rows, wrong, decay, FIRST_STEPS)
    table = [
        (str(step), num(round(float(made.losses[step]), 2)), num(round(float(made.val_losses[step]), 2)))
        for step in (0, 10, 30, 100, FIRST_STEPS)
    ]
    best = int(made.val_losses.argmin())
    drawn = crescents()
    return Playground(
        "capacity",
        title="How much network for how much data",
        intro=(
            "Two crescents of points, blue circles and orange squares. A ring marks a point whose label is "
            "wrong. Left, what the network answers at each place; right, its loss on the training rows and "
            "on 200 validation rows with true labels."
        ),
        summary=_html.table(
            ("step", "training loss", "validation loss"),
            table,
            caption=f"{units} hidden units, {rows} rows, {wrong:.0%} of their labels wrong, "
            f"weight decay {decay:g}. Lowest validation loss: "
            f"{num(round(float(made.val_losses[best]), 2))} at step {best}.",
            numeric=(0, 1, 2),
        ),
        start={
            "units": units,
            "rows": str(rows),
            "wrong": f"{wrong:g}",
            "decay": decay,
            "steps": FIRST_STEPS,
        },
        data={
            **{name: values.tolist() for name, values in drawn.items()},
            "units": UNITS,
            "rows": [str(n) for n in ROWS],
            "wrongs": [f"{share:g}" for share in WRONG],
            "decays": DECAYS,
            "most": MOST_STEPS,
            "rate": RATE,
            "across": ACROSS,
            "up": UP,
        },
        tries=TRIES,
    )
