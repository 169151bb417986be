"""The experiment of lesson 16: letters of another month, a desk and flags for each, judged on letters nobody has seen."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

MONTH = 907_415  # a seed that no student meets by chance
TOPIC = np.array(
    [[1.2, 1.0, 0.2, 0.1, 0.1, 0.2], [0.2, 0.3, 1.2, 0.8, 0.1, 0.2], [0.1, 0.1, 0.1, 0.1, 1.0, 1.2]]
)
FLAGS = np.array([[0.15, 0.3, 0.05], [0.1, 0.3, 0.05], [0.2, 0.5, 0.6]])


@cache
def _hidden() -> tuple[Any, Any, Any]:
    """Return 6000 hidden letters, their departments and flags: the lesson's `letters`, another month."""
    rng = np.random.default_rng(MONTH)
    y = rng.choice(3, 6000, p=[0.62, 0.30, 0.08])
    F = (rng.random((6000, 3)) < FLAGS[y]).astype(int)
    rates = np.hstack([TOPIC[y], 0.25 + np.repeat(F, 2, axis=1)])
    return rng.poisson(rates).astype(float), y, F


def _measure(answer: Any) -> Mapping[str, float]:
    """Return the figures of a function that gives each raw letter a desk and flags."""
    if not callable(answer) or hasattr(answer, "predict"):
        raise CannotMeasure(
            "Hand in a function that takes raw letters (word counts, as in `X`) and returns two things: desks and flags."
        )
    X, y, F = _hidden()
    given = answer(X.copy())
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise CannotMeasure("The function must return two things: `return desks, flags`.")
    desks, flags = (np.asarray(part) for part in given)
    if desks.shape != y.shape or flags.shape != F.shape:
        shapes = " and ".join(" × ".join(map(str, part.shape)) or "one number" for part in (desks, flags))
        raise CannotMeasure(
            f"For {len(X)} letters the function returns shapes {shapes}; it should be {len(X)} (a desk's number) and {len(X)} × 3."
        )
    if not np.isin(desks, (0, 1, 2)).all() or not np.isin(flags, (0, 1)).all():
        raise CannotMeasure("Desks must be 0, 1 or 2, and flags 0 or 1: answers, no probabilities.")
    yes = flags == 1
    hits = (yes & (F == 1)).sum(axis=0)
    f1 = 2 * hits / np.maximum(yes.sum(axis=0) + F.sum(axis=0), 1)
    recalls = [float((desks[y == k] == k).mean()) for k in range(3)]
    urgent = F[:, 0] == 1
    return {
        "desks": min(recalls),
        "right": float((desks == y).mean()),
        "urgent": float(yes[urgent, 0].mean()),
        "alarms": float(yes[~urgent, 0].mean()),
        "macro": float(f1.mean()),
        "none": float((yes.sum(axis=1) == 0).mean()),
        "two": float((yes.sum(axis=1) > 1).mean()),
    }


_SETUP = """
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

topic = np.array([[1.2, 1.0, 0.2, 0.1, 0.1, 0.2], [0.2, 0.3, 1.2, 0.8, 0.1, 0.2], [0.1, 0.1, 0.1, 0.1, 1.0, 1.2]])
flag_shares = np.array([[0.15, 0.30, 0.05], [0.10, 0.30, 0.05], [0.20, 0.50, 0.60]])

def letters(n, month):
    rng = np.random.default_rng(month)
    y = rng.choice(3, n, p=[0.62, 0.30, 0.08])
    F = (rng.random((n, 3)) < flag_shares[y]).astype(int)
    rates = np.hstack([topic[y], 0.25 + np.repeat(F, 2, axis=1)])
    return rng.poisson(rates).astype(float), y, F

X, y, F = letters(3000, month=0)
"""


def _answer(weight: str = '"balanced"', bars: str = "[0.12, 0.35, 0.3]", flags: str = "P >= bars") -> str:
    return f"""
desk = LogisticRegression(max_iter=1000, class_weight={weight}).fit(X, y)
flag = OneVsRestClassifier(LogisticRegression(max_iter=1000)).fit(X, F)
bars = np.array({bars})

def sort_mail(X):
    P = flag.predict_proba(X)
    return desk.predict(X), ({flags}).astype(int)
"""


NEXT_MONTH = Experiment(
    id="16-next-month",
    title="Next month's letters",
    level=3,
    concept="the whole path",
    prompt="""
The town hall wants *one* function: `sort_mail(X)` takes raw letters (word counts as in `X`) and returns `(desks, flags)`: a
department's number for each letter, and a row of three 0s and 1s for each letter.

Any model will do, and everything of this course is allowed. Train on letters of `letters(n, month)`, months 0 to 11. It is measured on
6000 letters of another month: `practice.experiment("16-next-month").check(sort_mail)`. For example:
`def sort_mail(X): return desk.predict(X), flag.predict(X)`.
""",
    name="sort_mail",
    setup=_SETUP,
    starter="""
sort_mail = ...
""",
    hints=(
        "Start with two plain models, one for the desks, one for the flags, and look at which targets they miss.",
        "Desks: the tax office is rare. Remember what lesson 10 did for rare classes, and its price.",
        (
            "Urgent: a miss is what the town hall fears. Its bar may be lower than the others'. Choose it on letters that no model "
            "learned from, such as `letters(3000, month=1)`."
        ),
    ),
    solution=_answer(),
    explanation="""
Two tasks, two kinds of model, four decisions: class weights for the rare desk; a bar of its own for each flag; the urgent one lowest; and
all of it chosen on letters that were not trained on.
""",
    alternatives=(
        """
shares = np.bincount(y) / len(y)
desk = LogisticRegression(max_iter=1000).fit(X, y)
flag = [LogisticRegression(max_iter=1000).fit(X, F[:, k]) for k in range(3)]

def sort_mail(X):
    desks = (desk.predict_proba(X) / shares).argmax(axis=1)
    P = np.column_stack([one.predict_proba(X)[:, 1] for one in flag])
    return desks, (P >= [0.12, 0.4, 0.25]).astype(int)
""",
        """
desk = make_pipeline(StandardScaler(), LogisticRegression(class_weight={0: 1, 1: 1.5, 2: 6})).fit(X, y)
flag = OneVsRestClassifier(make_pipeline(StandardScaler(), LogisticRegression())).fit(X, F)
X_choose, _, F_choose = letters(3000, month=1)
P_choose = flag.predict_proba(X_choose)
urgent = np.quantile(P_choose[F_choose[:, 0] == 1, 0], 0.27)

def sort_mail(X):
    return desk.predict(X), (flag.predict_proba(X) >= [urgent, 0.35, 0.3]).astype(int)
""",
        """
from sklearn.naive_bayes import MultinomialNB
desk = MultinomialNB(fit_prior=False).fit(X, y)
flag = [LogisticRegression(max_iter=1000, class_weight={0: 1, 1: w}).fit(X, F[:, k]) for k, w in enumerate((7.5, 1.8, 2.0))]

def sort_mail(X):
    return desk.predict(X), np.column_stack([one.predict(X) for one in flag])
""",
    ),
    measure=_measure,
    conditions=(
        Condition(
            "desks",
            "right letters of the worst department",
            "One department is lost more than the others. It is the rare one, or the one that pays for the remedy.",
            at_least=0.77,
            style="percent",
        ),
        Condition(
            "urgent",
            "urgent letters found",
            "Say *urgent* earlier: its bar need not be the others'.",
            at_least=0.7,
            style="percent",
        ),
        Condition(
            "alarms",
            "letters called urgent that are not",
            "Too many false alarms. Whoever hears them all day stops listening.",
            at_most=0.2,
            style="percent",
        ),
        Condition(
            "macro",
            "macro F1 of the flags",
            "Look at each flag's F1: which one pulls the mean down?",
            at_least=0.63,
        ),
    ),
    mistakes=(
        Mistake(
            "plain",
            _answer("None", "[0.5, 0.5, 0.5]"),
            "Two plain models and one half everywhere. Most letters are right, and half of the urgent ones are missed: the bar of one half "
            "is made for errors that cost the same.",
            "half-is-the-natural-threshold",
            sign=lambda m: m["urgent"] < 0.65 and m["alarms"] < 0.08 and m["none"] > 0.4,
        ),
        Mistake(
            "one-flag",
            _answer(flags="np.eye(3)[P.argmax(axis=1)]"),
            "Every letter gets exactly one flag. Flags do not compete: a letter may have two, and more than half have none.",
            "myth-multi-label-is-multi-class",
            sign=lambda m: m["none"] == 0 and m["two"] == 0,
        ),
        Mistake(
            "all-urgent",
            _answer(bars="[0.0, 0.35, 0.3]"),
            "Every letter is called urgent. Nothing is missed, and nobody reads the flag any more.",
            "only-yes-answers-count",
            sign=lambda m: m["alarms"] > 0.9,
        ),
        Mistake(
            "one-low-bar",
            _answer(bars="[0.12, 0.12, 0.12]"),
            "One low bar for all flags. It is right for *urgent*; the others now give alarms that nobody asked for.",
            "averages-are-the-same",
            sign=lambda m: m["none"] < 0.38 and m["two"] > 0.15 and m["alarms"] < 0.35,
        ),
        Mistake(
            "rare-desk-lost",
            _answer("None"),
            "The flags are fine. But the desks were trained to be right as often as possible, and the rare tax office pays for that.",
            "remedies-are-free",
            sign=lambda m: m["desks"] < 0.77 and m["right"] > 0.86 and m["urgent"] >= 0.7 and m["two"] < 0.25,
        ),
    ),
)
