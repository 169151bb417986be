"""Chapter 10's playground: choose a remedy for rare classes and its strength, see who gains and who pays."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from mlcourse import _html
from mlcourse._errors import InvalidType, number, one_of, shown
from mlcourse._text import num
from mlcourse.explore._playground import Playground

KINDS = ("paper", "plastic", "glass", "battery")
CENTRES = ((0.0, 0.0), (2.6, 0.0), (0.2, 2.1), (1.9, 1.8))  # the belt of the lesson
TRAINING = (600, 144, 40, 16)  # 75, 18, 5 and 2 percent, exactly, so that no luck of the draw disturbs
NEW = (1125, 270, 75, 30)
COSTS = (1, 1, 5, 60)  # what an item costs that is taken for something else
FOCUS = 4.0  # gamma of the focal loss at full strength
RATE, MOMENTUM, STEPS = 0.4, 0.9, 250
REMEDIES = {
    "weights": "class weights",
    "over": "oversampling",
    "under": "undersampling",
    "focal": "focal loss",
    "moved": "moved decision",
}
TRIES = (
    "Class weights, from 0 to 100 %. Which kinds gain, and who pays?",
    "At 100 %: class weights, oversampling, moved decision. How different are they?",
    "Focal loss at 100 %. How many more batteries does it find?",
    "Find the strength with the best macro F1, and the one with the least cost. Are they the same?",
    "Undersampling at 100 %. From how many items does it learn?",
)


@cache
def items() -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Return the training and the new items: sensors in tenths, (n, 2), and kinds, (n,), all int."""
    made = []
    for seed, counts in ((10, TRAINING), (11, NEW)):
        rng = np.random.default_rng(seed)
        y = rng.permutation(np.repeat(np.arange(len(KINDS)), counts))
        X = np.array(CENTRES)[y] + rng.normal(size=(len(y), 2))
        # Whole tenths, so that every machine sends the same numbers to the browser.
        made.append((np.rint(10 * X).astype(int), y))
    return made[0], made[1]


def row_weights(y: Any, remedy: str, strength: float) -> Any:
    """Return how often each training row counts, shape (n,): its weight, its copies, 0 if it is left out."""
    n = np.bincount(y)
    if remedy == "weights":
        return ((len(y) / (len(n) * n)) ** strength)[y]
    if remedy not in ("over", "under"):
        return np.ones(len(y))
    goal = n.max() if remedy == "over" else n.min()
    # Half up, as JavaScript rounds; between all and equally many the numbers change by equal factors.
    wanted = np.floor(n ** (1 - strength) * float(goal) ** strength + 0.5).astype(int)
    times = np.zeros(len(y))
    for k, most in enumerate(wanted):
        own = np.flatnonzero(y == k)
        times[own] = most // len(own)
        times[own[: most % len(own)]] += 1
    return times


def trained(X: Any, y: Any, weights: Any, gamma: float = 0.0) -> Any:
    """Return the weights of a softmax layer, shape (3, n_classes), the last row its biases.

    Gradient descent with momentum on all rows; the loss is
    -(1 - p)^gamma log(p) of the true class, weighted by row.
    """
    A = np.column_stack([X, np.ones(len(X))])
    Y = np.eye(len(KINDS))[y]
    share = weights / weights.sum()
    W = np.zeros((A.shape[1], Y.shape[1]))
    speed = np.zeros_like(W)
    for _ in range(STEPS):
        P = _softmax(A @ W)
        p = np.clip((P * Y).sum(axis=1), 1e-12, 1 - 1e-12)
        # The loss's slope with respect to p, times p; -1 without focus.
        slope = gamma * p * (1 - p) ** (gamma - 1) * np.log(p) - (1 - p) ** gamma
        speed = MOMENTUM * speed - RATE * A.T @ ((share * slope)[:, None] * (Y - P))
        W = W + speed
    return W


def _softmax(Z: Any) -> Any:
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def measured(remedy: str, strength: float) -> dict[str, Any]:
    """Return what a remedy does to the new items: a table of truth and decision, and its figures."""
    (tenths, y), (new, truth) = items()
    W = trained(
        tenths / 10, y, row_weights(y, remedy, strength), FOCUS * strength if remedy == "focal" else 0.0
    )
    P = _softmax(np.column_stack([new / 10, np.ones(len(new))]) @ W)
    if remedy == "moved":
        P = P * (len(y) / (len(KINDS) * np.bincount(y))) ** strength
    table = np.zeros((len(KINDS), len(KINDS)), dtype=int)
    np.add.at(table, (truth, P.argmax(axis=1)), 1)
    right, called = table.diagonal(), table.sum(axis=0)
    recall = right / table.sum(axis=1)
    precision = np.divide(right, called, out=np.zeros(len(KINDS)), where=called > 0)
    both = table.sum(axis=1) + called
    errors = table.sum(axis=1) - right
    return {
        "table": table,
        "recall": recall,
        "precision": precision,
        "accuracy": right.sum() / table.sum(),
        "balanced": recall.mean(),
        "f1": (2 * right / both).mean(),
        "cost": 1000 * (errors * COSTS).sum() / table.sum(),
        "rows": int((row_weights(y, remedy, strength) > 0).sum()),
    }


def imbalance(remedy: str = "weights", strength: float = 0.5) -> Playground:
    """Choose a remedy for rare classes and its strength, and see the recall of each class.

    The softmax layer is trained anew, in the browser, at every change.

    Parameters
    ----------
    remedy
        At the start: `"weights"`, `"over"`, `"under"`, `"focal"` or `"moved"`.
    strength
        At the start, from 0 (nothing) to 1 (all classes count the same; of the focal loss, gamma 4). It
        is moved to the nearest tenth.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If there is no such remedy, or the strength is out of range.
    """
    if not isinstance(remedy, str):
        raise InvalidType(f"remedy is {shown(remedy)}, but must be one of {', '.join(map(repr, REMEDIES))}.")
    one_of("remedy", remedy, tuple(REMEDIES))
    strength = round(number("strength", strength, low=0, high=1), 1)
    (tenths, y), (new, truth) = items()
    before, now = measured("weights", 0.0), measured(remedy, strength)
    rows = [
        (kind, num(before["recall"][k]), num(now["recall"][k]), num(now["precision"][k]))
        for k, kind in enumerate(KINDS)
    ]
    rows += [
        ("accuracy", num(before["accuracy"]), num(now["accuracy"]), ""),
        ("mean recall", num(before["balanced"]), num(now["balanced"]), ""),
        ("macro F1", num(before["f1"]), num(now["f1"]), ""),
        ("cost of 1000 items", num(before["cost"], 0), num(now["cost"], 0), ""),
    ]
    return Playground(
        "imbalance",
        title="Who gains, who pays",
        intro=(
            "Choose a remedy and its strength. A small network is trained again at once, and measured on "
            "1500 new items."
        ),
        summary=_html.table(
            ("kind", "found before", "found now", "right alarms"),
            rows,
            caption=f"At the start: {REMEDIES[remedy]}, strength {round(100 * strength)} %",
            numeric=(1, 2, 3),
        ),
        start={"remedy": remedy, "strength": strength},
        data={
            "kinds": KINDS,
            "remedies": [{"value": value, "text": text} for value, text in REMEDIES.items()],
            "X": tenths.ravel().tolist(),
            "y": "".join(map(str, y)),
            "new": new.ravel().tolist(),
            "truth": "".join(map(str, truth)),
            "costs": COSTS,
            "focus": FOCUS,
            "rate": RATE,
            "momentum": MOMENTUM,
            "steps": STEPS,
        },
        tries=TRIES,
    )
