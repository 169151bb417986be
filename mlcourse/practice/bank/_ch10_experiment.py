"""The experiment of lesson 10: all that is left is a balanced belt; decide for the real one, at the least cost."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARES = np.array([0.75, 0.18, 0.05, 0.02])
CENTRES = np.array([[0, 0], [2.6, 0], [0.2, 2.1], [1.9, 1.8]])
HIDDEN = 20_000


def _cost() -> Any:
    cost = 1.0 - np.eye(4)
    cost[2, [0, 1, 3]] = 5
    cost[3, :3] = 60
    return cost


@cache
def _belt() -> tuple[Any, Any]:
    """Return sensors and kinds of the hidden items, in the real shares."""
    rng = np.random.default_rng(4711)
    y = rng.choice(4, HIDDEN, p=SHARES)
    return (CENTRES[y] + rng.normal(size=(HIDDEN, 2))).astype("float32"), y


def _measure(answer: Any) -> Mapping[str, float]:
    """Return the figures of a function that decides about items."""
    if hasattr(answer, "predict"):
        raise CannotMeasure(
            "This is a model. Hand in a *function* that takes the sensors' readings and returns class numbers, so that "
            "your decision is measured, too."
        )
    if not callable(answer):
        raise CannotMeasure("Hand in a function that takes the sensors' readings and returns class numbers.")
    X, y = _belt()
    decided = np.asarray(answer(X.copy()))
    if decided.shape != y.shape:
        raise CannotMeasure(
            f"For {HIDDEN} items the function returns an array of shape {' × '.join(map(str, decided.shape)) or 'none'}; "
            f"it should be {HIDDEN} class numbers, one for each item."
        )
    if not np.isin(decided, range(4)).all():
        raise CannotMeasure("Some decisions are no class numbers; they should be 0, 1, 2 or 3.")
    decided = decided.astype(int)
    return {
        "cost": float(1000 * _cost()[y, decided].mean()),
        "battery": float(np.mean(decided[y == 3] == 3)),
        "paper": float(np.mean(decided[y == 0] == 0)),
        "right": float(np.mean(decided == y)),
        "alarms": float(np.mean(decided == 3)),
    }


_SETUP = """
import keras
import numpy as np

kinds = ["paper", "plastic", "glass", "battery"]
shares = np.array([0.75, 0.18, 0.05, 0.02])
centres = np.array([[0, 0], [2.6, 0], [0.2, 2.1], [1.9, 1.8]])
cost = 1.0 - np.eye(4)
cost[2, [0, 1, 3]] = 5
cost[3, :3] = 60
y_left = np.repeat(np.arange(4), 500)
X_left = (centres[y_left] + np.random.default_rng(5).normal(size=(2000, 2))).astype("float32")
keras.utils.set_random_seed(0)
"""


def _trained(decide: str, *, hidden: str = "", class_weight: str = "None") -> str:
    """Return the code of a training and a decision; the variants differ in what they are about."""
    return f"""
model = keras.Sequential([keras.Input((2,)), {hidden}keras.layers.Dense(4, activation="softmax")])
shorter = keras.optimizers.schedules.CosineDecay(0.3, 120)
model.compile(optimizer=keras.optimizers.Adam(shorter), loss="sparse_categorical_crossentropy")
model.fit(X_left, y_left, epochs=12, batch_size=200, class_weight={class_weight}, verbose=0)

def decide(X):
    P = model(X).numpy()
{decide}"""


BALANCED_BELT = Experiment(
    id="10-balanced-belt",
    title="A belt too balanced",
    level=3,
    concept="shares, costs and decisions",
    prompt="""
A colleague wanted to help: of the year's items **500 of each kind** were kept (`X_left`, `y_left`), the rest was thrown
away. The real belt is as it was: 75 % paper, 18 % plastic, 5 % glass, 2 % battery (`shares`). And errors have their price
(`cost`): a lost battery 60, a lost glass 5, any other error 1.

Write `decide(X)`: sensors in, class numbers out. Hand in the **function**:
`practice.experiment("10-balanced-belt").check(decide)`. It is measured on 20,000 items of the real belt.
""",
    name="decide",
    setup=_SETUP,
    starter="""
decide = ...
""",
    hints=(
        (
            "Train a small network on what is left. In its world a quarter of the belt is batteries. First bring its answers "
            "back into the real world."
        ),
        (
            "The odds of each kind are off by the factor *real share / share in training*. Multiply the probabilities by it, and "
            "let each row add up to 1 again."
        ),
        "Then do not take the most probable kind, but the cheapest decision: where `P @ cost` is smallest.",
    ),
    solution=_trained("""    P = P * shares / 0.25
    P = P / P.sum(axis=1, keepdims=True)
    return (P @ cost).argmin(axis=1)
"""),
    explanation="""
Two corrections, and each has its own reason. The *shares* make the probabilities honest for the real belt (Saerens and others,
2002). The *costs* turn them into a decision. Nothing had to be trained twice; if the shares or the prices change tomorrow, only
two lines change. That the costs allow many false alarms is no mistake: in the cheapest plan nine of ten batteries are found, and
most alarms are false.
""",
    alternatives=(
        _trained(
            "    return (P @ cost).argmin(axis=1)\n",
            class_weight="dict(enumerate(shares / 0.25))",
        ),
        _trained("    return (P * shares * [1, 1, 5, 60]).argmax(axis=1)\n"),
        """
rng = np.random.default_rng(0)
rows = rng.choice(2000, 6000, p=np.repeat(shares, 500) / 500)  # draw the real shares, with repeats
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, activation="softmax")])
shorter = keras.optimizers.schedules.CosineDecay(0.3, 120)
model.compile(optimizer=keras.optimizers.Adam(shorter), loss="sparse_categorical_crossentropy")
model.fit(X_left[rows], y_left[rows], epochs=4, batch_size=200, verbose=0)

def decide(X):
    return (model(X).numpy() @ cost).argmin(axis=1)
""",
    ),
    measure=_measure,
    conditions=(
        Condition(
            "cost",
            "cost of 1000 items of the real belt",
            "Are the probabilities honest for the *real* shares? And does the decision use the costs? It takes both.",
            at_most=530,
            style="whole",
        ),
        Condition(
            "battery",
            "batteries found",
            "A lost battery costs sixty times as much as a false alarm.",
            at_least=0.85,
            style="percent",
        ),
    ),
    mistakes=(
        Mistake(
            "as-trained",
            _trained("    return P.argmax(axis=1)\n"),
            "This is the decision of a world in which all kinds are equally many and all errors equally dear. Neither is "
            "true on the belt.",
            "balanced-test-set-is-fair",
            sign=lambda m: 0.05 < m["alarms"] < 0.12 and 620 < m["cost"] < 900,
        ),
        Mistake(
            "shares-only",
            _trained("    return (P * shares).argmax(axis=1)\n"),
            "The shares are put right, and the network is right more often than any other. But most batteries are lost, and "
            "each costs 60. Now ask for the *cheapest* decision.",
            "threshold-is-learned",
            sign=lambda m: m["right"] > 0.85 and 0.02 < m["battery"] < 0.5,
        ),
        Mistake(
            "costs-only",
            _trained("    return (P @ cost).argmin(axis=1)\n"),
            "Half of the belt is called a battery. The costs are in, but the network still believes that a quarter of the belt "
            "is batteries. Put the shares right first.",
            "probabilities-survive-weights",
            sign=lambda m: 0.35 < m["alarms"] < 0.95,
        ),
        Mistake(
            "costs-transposed",
            _trained("""    P = P * shares
    return (P @ cost.T).argmin(axis=1)
"""),
            "Not one battery in fifty is found. It looks as if *false alarms* were the dear error. In `cost` the truth is the "
            "row, the decision the column.",
            "dear-misses-raise-the-threshold",
            sign=lambda m: m["battery"] < 0.02,
        ),
        Mistake(
            "all-batteries",
            "def decide(X):\n    return np.full(len(X), 3)\n",
            "Every item is called a battery. No battery is lost, and every newspaper stops the belt.",
            sign=lambda m: m["alarms"] >= 0.95,
        ),
    ),
)
