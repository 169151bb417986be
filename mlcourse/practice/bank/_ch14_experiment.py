"""The experiment of lesson 14: one alarm for small months and large ones, judged on months that nobody has seen."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARES = np.array([0.30, 0.20, 0.18, 0.14, 0.10, 0.08])
CENTRES = np.array(
    [
        [-1.4, -1.2, -1.3, 0],
        [-1.4, 0.9, -1.0, 0],
        [0.9, -0.3, -0.2, 0],
        [0.4, -1.9, -0.6, 0],
        [1.6, 1.9, 1.7, 0],
        [2.2, 0.2, 2.0, 0],
    ]
)
SIZES = (150, 500, 1500)  # items of a month
QUIET, CHANGED = 20, 6  # months of each size; of each size and change
SEED = 860_000  # far from every seed that the lesson and its students use


def _belt(rng: np.random.Generator, n: int) -> Any:
    y = rng.choice(6, n, p=SHARES)
    return CENTRES[y] + rng.normal(size=(n, 4)) * [0.7, 0.7, 0.7, 1.0]


def _changed(what: str, X: Any, rng: np.random.Generator) -> Any:
    X = X.copy()
    if what == "lamp":
        X[:, 0] -= 0.7
    elif what == "spread":
        X[:, 1] *= 1.8
    elif what == "parted":
        X[:, 2] = rng.permutation(X[:, 2])
    return X


@cache
def _months() -> tuple[Any, dict[str, list[Any]]]:
    """Return the reference and the hidden months by what has happened to them."""
    rng = np.random.default_rng(SEED)
    reference = _belt(rng, 2000)
    made: dict[str, list[Any]] = {}
    for what in ("quiet", "lamp", "spread", "parted"):
        many = QUIET if what == "quiet" else CHANGED
        made[what] = [_changed(what, _belt(rng, n), rng) for n in SIZES for _ in range(many)]
    return reference, made


def _measure(answer: Any) -> Mapping[str, float]:
    """Return how often an alarm rings in each kind of month."""
    if not callable(answer):
        raise CannotMeasure("Hand in a function `alarm(reference, month)` that returns True or False.")
    reference, months = _months()
    rang: dict[str, float] = {}
    for what, heaps in months.items():
        said = [answer(reference.copy(), month.copy()) for month in heaps]
        for one in said:
            if (
                np.shape(one) != ()
                or not isinstance(one, bool | np.bool_ | int | np.integer)
                or one not in (0, 1)
            ):
                raise CannotMeasure(
                    "For one month the function must return one True or False. Did you forget `return`, or to join the "
                    "sensors' answers with `any`?"
                )
        rang[what] = float(np.mean(said))
        if what == "quiet":
            rang["small"] = float(np.mean(said[:QUIET]))
    return rang


_SETUP = """
import numpy as np
from scipy.stats import ks_2samp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict


def shares_in_bins(values, reference, bins=10):
    inner_edges = np.quantile(reference, np.linspace(0, 1, bins + 1)[1:-1])
    place = np.searchsorted(inner_edges, values, side="right")
    return np.bincount(place, minlength=bins) / len(values)


def psi(reference, values):
    p = np.maximum(shares_in_bins(reference, reference), 0.001)
    q = np.maximum(shares_in_bins(values, reference), 0.001)
    return np.sum((q - p) * np.log(q / p))
"""

_PRODUCTS = """
def columns(rows):
    products = [rows[:, i] * rows[:, j] for i in range(4) for j in range(i)]
    return np.column_stack([rows, *products])
"""


def _any_sensor(condition: str) -> str:
    return f"""
def alarm(reference, month):
    return any({condition} for j in range(4))
"""


_P = "ks_2samp(reference[:, j], month[:, j], method='asymp').pvalue"

ALARM = Experiment(
    id="14-alarm",
    title="One alarm for small months and large ones",
    level=3,
    concept="false alarms",
    prompt="""
Write `alarm(reference, month)`: True if the month's readings differ from the reference by more than chance. Both are tables with
the four sensors as columns; a month has between 100 and 2000 items. It is judged on 114 months that you have not seen:

- **quiet** months, of 150, 500 and 1500 items: at most 5 % false alarms,
- months with a **weak lamp** (the shine reads less), and months in which the weight is **spread** out: at least 90 % found,
- months in which the sensors have **come apart**: each one reads as ever, but the ring now belongs to another item. At least 90 %.

Hand in the function: `practice.experiment("14-alarm").check(alarm)`. You may use `psi`, `ks_2samp` and all else of the lesson.
""",
    name="alarm",
    setup=_SETUP,
    starter="""
alarm = ...
""",
    hints=(
        (
            "A fixed limit of the PSI means something else for 150 items than for 1500. A p-value knows the number of items. But with "
            "four sensors there are four chances of a false alarm."
        ),
        (
            "Sensors that have come apart: each alone is as ever. Look at something that is made of two sensors, such as their "
            "product; or let a classifier tell old from new."
        ),
        "KS on the four readings and on the six products of two, and ring at p < 0.01 / 10.",
    ),
    solution=_PRODUCTS
    + """
def alarm(reference, month):
    old, new = columns(reference), columns(month)
    smallest = min(ks_2samp(old[:, j], new[:, j], method="asymp").pvalue for j in range(10))
    return smallest < 0.01 / 10
""",
    explanation="""
Three thoughts are in it. A *test* instead of a limit, since it knows the number of items. Bonferroni's division, since ten
comparisons have ten chances to err. And products of sensors, since what goes together can come apart without any single sensor
noticing. It is no proof against everything: what changes in three sensors at once, and in no two, it does not see.
""",
    alternatives=(
        _PRODUCTS
        + """
def alarm(reference, month):
    n, m = len(month) // 2, len(reference) // 2  # one half to learn from, one half to be judged on
    rows = np.column_stack([np.ones(len(reference)), columns(reference), reference**2])
    fresh = np.column_stack([np.ones(len(month)), columns(month), month**2])
    weight = np.r_[np.full(m, 1 / m), np.full(n, 1 / n)] ** 0.5
    A = np.concatenate([rows[:m], fresh[:n]]) * weight[:, None]
    w = np.linalg.lstsq(A, np.r_[np.zeros(m), np.ones(n)] * weight, rcond=None)[0]
    old, new = rows[m:] @ w, fresh[n:] @ w
    auc = roc_auc_score(np.r_[np.zeros(len(old)), np.ones(len(new))], np.r_[old, new])
    error = np.sqrt((len(old) + len(new) + 1) / (12 * len(old) * len(new)))  # of an AUC, if nothing has changed
    return auc > 0.5 + 2.5 * error
""",
        _PRODUCTS
        + """
def alarm(reference, month):
    old, new = (np.column_stack([columns(A), A**2]) for A in (reference, month))
    error = np.sqrt(old.var(axis=0) / len(old) + new.var(axis=0) / len(new))
    z = (new.mean(axis=0) - old.mean(axis=0)) / error
    return np.abs(z).max() > 3.5
""",
    ),
    measure=_measure,
    limit=180.0,  # whoever trains a classifier for each month needs a minute
    conditions=(
        Condition(
            "quiet",
            "false alarms in quiet months",
            "In which months does it ring falsely, in the small ones? And how many comparisons does it make?",
            at_most=0.05,
            style="percent",
        ),
        Condition(
            "lamp",
            "months with a weak lamp found",
            "A clear shift of one sensor. Perhaps the limit is too high for small months?",
            at_least=0.9,
            style="percent",
        ),
        Condition(
            "spread",
            "months with a spread-out weight found",
            "The mean hardly moves. Compare more than means.",
            at_least=0.9,
            style="percent",
        ),
        Condition(
            "parted",
            "months found in which the sensors have come apart",
            "No sensor alone shows it. Look at two at once.",
            at_least=0.9,
            style="percent",
        ),
    ),
    mistakes=(
        Mistake(
            "low-limit",
            _any_sensor("psi(reference[:, j], month[:, j]) > 0.1"),
            "It rings in many of the small quiet months: with 150 items, chance alone comes near 0.1. A fixed limit does not know how "
            "many items there are.",
            "no-drift-means-psi-zero",
            sign=lambda m: m["small"] > 0.25 and m["quiet"] < 0.6 and m["small"] > 1.5 * m["quiet"],
        ),
        Mistake(
            "five-percent-each",
            _any_sensor(f"{_P} < 0.05"),
            "Too many quiet months ring, in all sizes alike. Each comparison at 5 % has its own chance of a false alarm, and they add "
            "up, nearly.",
            "five-percent-for-all-tests",
            sign=lambda m: 0.05 < m["quiet"] <= 0.5 and m["lamp"] > 0.9,
        ),
        Mistake(
            "one-by-one",
            _any_sensor(f"{_P} < 0.01 / 4"),
            "Quiet months are quiet, lamp and spread are found. But it looks at the sensors one by one, and those that have come apart "
            "read as ever.",
            "sensors-one-by-one-tell-all",
            sign=lambda m: (
                m["quiet"] <= 0.05 and m["lamp"] >= 0.9 and m["spread"] >= 0.9 and m["parted"] < 0.5
            ),
        ),
        Mistake(
            "high-limit",
            _any_sensor("psi(reference[:, j], month[:, j]) > 1.0"),
            "This alarm hardly ever rings, neither for nothing nor for something. It is cheap to have no false alarms in this way.",
            sign=lambda m: m["quiet"] <= 0.05 and m["lamp"] < 0.5 and m["parted"] < 0.5,
        ),
        Mistake(
            "always",
            "def alarm(reference, month):\n    return True\n",
            "It rings every month. Nobody listens to such an alarm for long.",
            sign=lambda m: m["quiet"] > 0.9,
        ),
    ),
)
