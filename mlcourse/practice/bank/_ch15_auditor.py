"""The experiment of lesson 15: tell the hand-ins that leak from the honest ones, by their rows and scores."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = ("honest", "copies", "known")


def make(n: int, seed: int) -> list[tuple[dict[str, Any], str]]:
    """Return made-up hand-ins, each with what it is: honest, test rows among the training rows, or known otherwise.

    A known test lifts the own score by five standard errors; on many rows that is a small
    difference, on few a large one. Honest hand-ins may repeat training rows after the split.
    """
    rng = np.random.default_rng(seed)
    made = []
    for i in range(n):
        kind = KINDS[i % 3]
        size, skill = round(80 * 40 ** rng.random()), rng.uniform(0.65, 0.9)
        rows = rng.permutation(8000)
        train, test = rows[:2000], rows[2000 : 2000 + size]
        lift = 5 * np.sqrt(skill * (1 - skill) / size) if kind == "known" else 0.0
        own = (rng.random(size) < min(skill + lift, 0.995)).astype(int)
        held = (rng.random(3000) < skill).astype(int)
        if rng.random() < 0.5:
            train = np.concatenate([train, rng.choice(train, 400)])  # copies after the split: allowed
        if kind == "copies":
            train = np.concatenate([train, rng.choice(test, max(1, size // 50))])
        made.append(({"train": rng.permutation(train), "test": test, "own": own, "held": held}, kind))
    return made


@cache
def _hidden() -> list[tuple[dict[str, Any], str]]:
    return make(600, 15150)


def _measure(answer: Any) -> Mapping[str, float]:
    """Return how often a function is right about each kind."""
    if not callable(answer):
        raise CannotMeasure(
            "Hand in a function that takes one hand-in (a dict) and returns True if it leaks."
        )
    said: dict[str, list[bool]] = {kind: [] for kind in (*KINDS, "plain")}
    for hand_in, kind in _hidden():
        found = answer({name: array.copy() for name, array in hand_in.items()})
        if not isinstance(found, bool | np.bool_) and found not in (0, 1):
            raise CannotMeasure(
                f"The function returned {type(found).__name__} for a hand-in; it should return True or False."
            )
        said[kind].append(bool(found))
        if kind == "honest" and len(np.unique(hand_in["train"])) == len(hand_in["train"]):
            said["plain"].append(bool(found))
    share = {kind: float(np.mean(answers)) for kind, answers in said.items()}
    return {
        "found": (share["copies"] + share["known"]) / 2,
        "copies": share["copies"],
        "known": share["known"],
        "alone": 1 - share["honest"],
        "plain": 1 - share["plain"],
    }


def _audit(test: str) -> str:
    return f"""
def audit(hand_in):
    train, test, own, held = (hand_in[name] for name in ("train", "test", "own", "held"))
    a, b = own.mean(), held.mean()
    error = np.sqrt(own.var() / len(own) + held.var() / len(held))
    return bool({test})
"""


AUDITOR = Experiment(
    id="15-auditor",
    title="The auditor",
    level=3,
    concept="leaks",
    prompt="""
600 hand-ins wait on your desk. A third of them is honest. A third has test rows among its training rows. And a third knew its test rows in some other way that
its rows do not show.

Write `audit(hand_in)`, which returns `True` for a leak. A hand-in is a dict: `train` and `test` are row numbers; `own` and `held` say for each test row and each
held-back row whether the answer was right (1) or wrong (0). Some have 80 test rows, some 3000. Training rows may be repeated: after the split that is allowed.

`practice.experiment("15-auditor").check(audit)` shows it all 600.
""",
    name="audit",
    starter="""
audit = ...
""",
    hints=(
        "Two questions, joined by `or`. The first needs row numbers only.",
        "`np.isin(test, train).any()`. For the second: how far above the held-back score may an honest own score lie?",
        "`own.mean() - held.mean()` against two to three standard errors of the difference.",
    ),
    solution=_audit("np.isin(test, train).any() or a - b > 2.5 * error"),
    explanation="""
Rows betray copies for certain. The rest is a question of chance, and the answer depends on the number of rows: no fixed margin fits 80 rows and 3000.
How many standard errors you take sets the price: fewer find more leaks and accuse more honest people.
""",
    alternatives=(
        _audit("len(set(train.tolist()) & set(test.tolist())) or (a - b) / error > 2.3"),
        """
def audit(hand_in):
    if np.intersect1d(hand_in["train"], hand_in["test"]).size:
        return True
    rng = np.random.default_rng(0)
    own, held = hand_in["own"], hand_in["held"]
    draws = lambda right: rng.binomial(len(right), right.mean(), 400) / len(right)
    return bool(np.mean(draws(own) > draws(held)) > 0.99)
""",
        _audit("set(train.tolist()) & set(test.tolist()) or a > b + 3 * error"),
    ),
    measure=_measure,
    conditions=(
        Condition(
            "found",
            "leaks found",
            "Which of the two kinds do you miss? Copies show in the row numbers, the others only in the scores.",
            at_least=0.95,
            style="percent",
        ),
        Condition(
            "alone",
            "honest hand-ins left alone",
            "Chance lifts a score on 80 rows by far more than one on 3000. And repeated training rows are allowed.",
            at_least=0.95,
            style="percent",
        ),
    ),
    mistakes=(
        Mistake(
            "any-difference",
            _audit("np.isin(test, train).any() or a > b"),
            "All leaks found, and about half of the honest ones accused: that is how often chance puts the own score above the held-back one.",
            "every-difference-is-real",
            sign=lambda m: m["found"] > 0.95 and m["alone"] < 0.7 and 0.3 < m["plain"] < 0.7,
        ),
        Mistake(
            "rows-only",
            _audit("np.isin(test, train).any()"),
            "Copies are found, the third kind is not. Test rows can be known without standing in the training rows; then only the score betrays them.",
            "leaks-are-shared-rows",
            sign=lambda m: m["copies"] > 0.99 and m["known"] < 0.05 and m["alone"] > 0.99,
        ),
        Mistake(
            "scores-only",
            _audit("a - b > 2.5 * error"),
            "The third kind is found, the copies hardly ever: a few copies among many rows lift the score too little. Their row numbers say it plainly.",
            "leak-always-shows-in-the-score",
            sign=lambda m: m["copies"] < 0.1 and m["known"] > 0.9,
        ),
        Mistake(
            "fixed-margin",
            _audit("np.isin(test, train).any() or a - b > 0.05"),
            "Five points are beyond chance on 3000 rows and quite usual on 80. So small honest hand-ins are accused and large leaking ones are missed.",
            "one-split-is-exact",
            sign=lambda m: m["copies"] > 0.99 and 0.5 < m["known"] < 0.9 and 0.8 < m["alone"] < 0.98,
        ),
        Mistake(
            "any-copy",
            _audit(
                "len(set(train.tolist())) < len(train) or np.isin(test, train).any() or a - b > 2.5 * error"
            ),
            "Half of the honest ones repeat training rows *after* the split. That is allowed; only copies on both sides are a leak.",
            "copies-in-training-leak",
            sign=lambda m: m["found"] > 0.95 and m["plain"] > 0.95 and 0.3 < m["alone"] < 0.7,
        ),
        Mistake(
            "everybody",
            _audit("True"),
            "You accuse everybody. Then nobody leaks unseen, and nobody trusts you.",
            sign=lambda m: m["alone"] == 0,
        ),
    ),
)
