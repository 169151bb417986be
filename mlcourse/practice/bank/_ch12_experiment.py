"""The experiment of lesson 12: honest probabilities for price lists that nobody has seen yet."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARES = np.array([0.60, 0.20, 0.14, 0.06])
SHIFT = 2.5 * np.array(
    [[0, 0, 0, 0, 0, 0], [1, 0.6, 0, 0, 0, 0], [0, 0, 1, -0.6, 0, 0], [0.5, 0, 0, 0, 1, 0.6]]
)
HIDDEN = 10_000
# Rows: the truth. Columns: leave, sulphur, predators, pull out, ask. Each list rewards another honesty.
PRICES = np.array(
    [
        [[0, 1, 2, 8, 2], [6, 0, 6, 8, 2], [8, 6, 0, 8, 2], [40, 40, 40, 0, 2]],
        [[0, 1, 2, 8, 3], [3, 0, 3, 8, 3], [4, 3, 0, 8, 3], [150, 150, 150, 0, 3]],
        [[0, 4, 4, 30, 2], [15, 0, 15, 30, 2], [15, 15, 0, 30, 2], [30, 30, 30, 0, 2]],
    ],
    dtype=float,
)


@cache
def _plants() -> tuple[Any, Any]:
    """Return readings and states of the hidden plants, in the greenhouse's real shares."""
    rng = np.random.default_rng(471_112)
    y = rng.choice(4, HIDDEN, p=SHARES)
    side = rng.choice([-1, 1], HIDDEN)
    return side[:, None] * SHIFT[y] + rng.normal(size=(HIDDEN, 6)), y


def _truth(X: Any) -> Any:
    """Return the true probabilities by Bayes' rule, as the lesson's `truth` does."""
    likely = sum(np.exp(-((X[:, None] - side * SHIFT) ** 2).sum(axis=2) / 2) for side in (-1, 1))
    return SHARES * likely / (SHARES * likely).sum(axis=1, keepdims=True)


def _measure(answer: Any) -> Mapping[str, float]:
    """Return the figures of a function that gives probabilities for plants."""
    if hasattr(answer, "predict"):
        raise CannotMeasure(
            "This is a model. Hand in a *function* that takes readings and returns probabilities, so that what you do "
            "after the model is measured, too."
        )
    if not callable(answer):
        raise CannotMeasure("Hand in a function that takes the camera's readings and returns probabilities.")
    X, y = _plants()
    P = np.asarray(answer(X.copy()), dtype=float)
    if P.shape != (HIDDEN, 4):
        raise CannotMeasure(
            f"For {HIDDEN} plants the function returns an array of shape {' × '.join(map(str, P.shape)) or 'none'}; it "
            f"should be {HIDDEN} × 4, a probability for each of the four kinds."
        )
    if not np.isfinite(P).all() or P.min() < 0 or np.abs(P.sum(axis=1) - 1).max() > 1e-3:
        raise CannotMeasure(
            "These are no probabilities: each must be at least 0, and each row must add up to 1."
        )
    if np.abs(P - _truth(X)).mean() < 0.005:
        raise CannotMeasure(
            "These are the true probabilities, which only the maker of the greenhouse can compute. Make them out of what "
            "`bought` says and what the validation plants show."
        )
    rows = np.arange(HIDDEN)
    paid = [100 * cost[y, (P @ cost).argmin(axis=1)].mean() for cost in PRICES]
    return {
        "loss": float(-np.log(np.maximum(P[rows, y], 1e-9)).mean()),
        "bill": float(np.mean(paid)),
        "virus": float(P[:, 3].mean()),
        "sure": float(P.max(axis=1).mean()),
        "right": float(np.mean(P.argmax(axis=1) == y)),
    }


_SETUP = """
import keras
import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

shares = np.array([0.60, 0.20, 0.14, 0.06])
shift = 2.5 * np.array([[0, 0, 0, 0, 0, 0], [1, 0.6, 0, 0, 0, 0], [0, 0, 1, -0.6, 0, 0], [0.5, 0, 0, 0, 1, 0.6]])


def greenhouse(n, week, shares=shares):
    rng = np.random.default_rng(week)
    y = rng.choice(4, n, p=shares)
    side = rng.choice([-1, 1], n)
    return side[:, None] * shift[y] + rng.normal(size=(n, 6)), y


def softmax(Z):
    raised = np.exp(Z - Z.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


X_valid, y_valid = greenhouse(500, week=50)
X_nursery, y_nursery = greenhouse(400, week=903, shares=np.full(4, 0.25))
keras.utils.set_random_seed(3)
bought = keras.Sequential([keras.Input((6,)), keras.layers.Dense(128, activation="relu"), keras.layers.Dense(4)])
shorter = keras.optimizers.schedules.CosineDecay(0.03, 400)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
bought.compile(optimizer=keras.optimizers.Adam(shorter), loss=loss)
rows = np.concatenate([np.random.default_rng(i).permutation(400) for i in range(40)])
bought.fit(X_nursery[rows], y_nursery[rows], epochs=1, shuffle=False, batch_size=40, verbose=0)
Z_valid = bought(X_valid).numpy().astype(float)
lift = np.log(shares / 0.25)


def lowest(loss):
    return float(np.exp(minimize_scalar(lambda t: loss(np.exp(t)), bounds=(-2, 3), method="bounded").x))
"""


def _function(probabilities: str, before: str = "") -> str:
    return f"""{before}

def probabilities(X):
    Z = bought(X).numpy().astype(float)
    return {probabilities}
"""


PRICES_TO_COME = Experiment(
    id="12-prices-to-come",
    title="Prices to come",
    level=3,
    concept="calibration",
    prompt="""
The neighbour sells his network, `bought`. It learned from 400 plants of a **nursery**, where each of the four kinds was **equally frequent**, and it learned too long.
It gives logits. Your greenhouse has the real `shares`, and you have 500 plants of it to choose with: `X_valid`, `y_valid`.

Prices change every week, so thresholds are no use; only honest probabilities are. Write `probabilities(X)`: readings in, a row of four probabilities for each plant out.
Hand in the **function**: `practice.experiment("12-prices-to-come").check(probabilities)`. It is measured on 10,000 plants that you have not seen, with three price lists that you
have not seen; the cheapest action is taken each time, with "ask" as the fifth.
""",
    name="probabilities",
    setup=_SETUP,
    starter="""
probabilities = ...
""",
    hints=(
        "Two things are wrong with `bought`: it is too sure, and it expects too many sick plants. Look at the mean of its probabilities on `X_valid`, and at `shares`.",
        "Too many of a kind: multiply the odds by *real share / share in the nursery*. On logits that is adding `np.log(shares / 0.25)`.",
        (
            "First divide the logits by a temperature, then add the logs; choose the temperature so that the log loss on the validation plants is smallest *after both*. "
            "(Or let a logistic regression on the logits find both at once.)"
        ),
    ),
    solution=_function(
        "softmax(Z / T + lift)", "T = lowest(lambda T: log_loss(y_valid, softmax(Z_valid / T + lift)))"
    ),
    explanation="""
Two faults, two remedies. The shares are known, so their part is exact: the log of their ratio is added to the logits. The boasting is measured on validation plants: one temperature.
The order matters: the network boasts about what it *saw*, and the shares of your greenhouse are no boast, so they must not be divided by the temperature. With 500 plants,
matrix scaling (a logistic regression on the logits) does even better here. With 50 it would not.
""",
    alternatives=(
        _function(
            "scaler.predict_proba(Z)", "scaler = LogisticRegression(max_iter=5000).fit(Z_valid, y_valid)"
        ),
        _function(
            "softmax(Z / 2.1) * shares / (softmax(Z / 2.1) * shares).sum(axis=1, keepdims=True)",
        ),
    ),
    measure=_measure,
    conditions=(
        Condition(
            "loss",
            "log loss on 10,000 hidden plants",
            "Is it too sure, or does it expect too many of a kind? Look at both.",
            at_most=0.51,
        ),
        Condition(
            "bill",
            "euros for 100 hidden plants, mean of three hidden price lists",
            "Dishonest probabilities are paid for sooner or later, at one price list or another.",
            at_most=138,
            style="whole",
        ),
    ),
    mistakes=(
        Mistake(
            "as-bought",
            _function("softmax(Z)"),
            "These probabilities are very sure, and they expect about twice as many viruses as your greenhouse has. Both are left to mend.",
            "confidence-is-correctness",
            sign=lambda m: m["virus"] > 0.10 and 0.83 < m["sure"] < 0.99,
        ),
        Mistake(
            "temperature-only",
            _function("softmax(Z / T)", "T = lowest(lambda T: log_loss(y_valid, softmax(Z_valid / T)))"),
            "No longer too sure, but still about twice as many viruses as there are, or more. One temperature knows no difference between kinds.",
            "temperature-mends-everything",
            sign=lambda m: m["virus"] > 0.115 and 0.65 < m["sure"] <= 0.83,
        ),
        Mistake(
            "shares-only",
            _function("softmax(Z + lift)"),
            "The number of viruses is nearly right, but you are about 90 % sure on average and right much less often. The boasting is left.",
            "confidence-is-correctness",
            sign=lambda m: m["virus"] <= 0.10 and 0.87 < m["sure"] < 0.99 and m["loss"] > 0.55,
        ),
        Mistake(
            "shares-heated",
            _function(
                "softmax((Z + lift) / T)",
                "T = lowest(lambda T: log_loss(y_valid, softmax((Z_valid + lift) / T)))",
            ),
            "Sure about as often as right, but too many viruses are still expected. If the shares were put in, was their part divided by the temperature, too?",
            "temperature-mends-everything",
            sign=lambda m: 0.085 < m["virus"] <= 0.115 and 0.65 < m["sure"] <= 0.87,
        ),
        Mistake(
            "shouted",
            _function("np.eye(4)[Z.argmax(axis=1)]"),
            "100 % for each winner. One wrong answer costs a fortune in log loss, and with such probabilities nobody is ever asked.",
            "surer-is-better",
            sign=lambda m: m["sure"] >= 0.99,
        ),
        Mistake(
            "same-for-all",
            _function("np.tile(shares, (len(X), 1))"),
            "Every plant gets the shares. That is honest and knows nothing; the readings have not been used.",
            "calibrated-means-knowing",
            sign=lambda m: m["sure"] <= 0.65 and m["right"] < 0.65,
        ),
    ),
)
