"""The experiment of lesson 03: from 120 rows and 500 columns, a model, and an honest promise of its score."""

from __future__ import annotations

import numbers
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

SEEN = 120  # rows of each table that the student's function gets; those after them are hidden
TABLES = ((21, 1.0, False), (22, 0.8, False), (25, 0.7, False), (24, 1.0, True))  # seed, class_sep, lottery?
ENOUGH = 0.73  # eight columns picked reach 0.76, all of them 0.60
CLOSE = 0.075  # honest promises are off by 0.02 to 0.065, the best constant by 0.09, leaky ones by more


@cache
def _tables() -> tuple[tuple[Any, Any, Any, Any], ...]:
    """Return four tables that the lesson never shows: X, y, then 1000 hidden rows and labels, all with gaps."""
    from mlcourse import datasets

    made = []
    for seed, class_sep, lottery in TABLES:
        drawn = datasets.make_multiclass(
            n_samples=SEEN + 1000,
            n_features=500,
            n_classes=2,
            n_informative=8,
            class_sep=class_sep,
            seed=seed,
        )
        rng = np.random.default_rng(seed)
        X = np.where(rng.random(drawn.X.shape) < 0.02, np.nan, drawn.X)
        y = rng.permutation(drawn.y) if lottery else drawn.y
        made.append((X[:SEEN], y[:SEEN], X[SEEN:], y[SEEN:]))
    return tuple(made)


def _kept(answer: Any, table: tuple[Any, Any, Any, Any]) -> tuple[float, float, float]:
    """Return what was promised for a table, the truth, and the share right on the rows the pipeline was given."""
    X, y, X_new, y_new = table
    try:
        made = answer(X.copy(), y.copy())
        if not isinstance(made, tuple | list) or len(made) != 2:
            raise CannotMeasure("Your function should return two things together, `pipeline, promise`.")
        pipeline, promise = made
        if pipeline is Ellipsis or promise is Ellipsis:
            raise CannotMeasure("Your function still returns a `...`. Put your own code there.")
        if not callable(getattr(pipeline, "predict", None)):
            raise CannotMeasure(
                "The first thing your function returns has no `predict`; it should be the fitted pipeline."
            )
        if isinstance(promise, bool) or not isinstance(promise, numbers.Real) or not 0 <= float(promise) <= 1:
            raise CannotMeasure(
                "The second thing your function returns is the promise: one number from 0 to 1, the share of right "
                "answers on new rows."
            )
        answers = np.asarray(pipeline.predict(X_new))
        own = np.asarray(pipeline.predict(X))
    except ValueError as error:
        if "NaN" in str(error):
            raise CannotMeasure(
                "The rows have gaps, the new ones too. Filling them must be a part of the pipeline."
            ) from None
        raise
    if answers.shape != y_new.shape:
        raise CannotMeasure(
            f"For {len(y_new)} rows the pipeline answers with shape {answers.shape}; one class a row is needed."
        )
    return float(promise), float(np.mean(answers == y_new)), float(np.mean(own == y))


def _measure(answer: Any) -> Mapping[str, float]:
    """Return how good the pipelines are, and how far the promises are off, over the four tables."""
    if not callable(answer):
        raise CannotMeasure(
            "Hand in the function itself, without brackets behind its name: "
            '`practice.experiment("03-promise").check(promised)`.'
        )
    promises, truths, own = np.array([_kept(answer, table) for table in _tables()]).T
    teaching = [not lottery for _, _, lottery in TABLES]
    return {
        "accuracy": float(truths[teaching].mean()),
        "off": float(np.abs(promises - truths).mean()),
        "too_high": float((promises - truths).mean()),
        "from_own": float(np.abs(promises - own).max()),
        "spread": float(np.ptp(promises)),
    }


_SETUP = """
import numpy as np
from mlcourse import datasets
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
"""


def _answer(promise: str, pick: str = "SelectKBest(f_classif, k=8), ") -> str:
    """Return the code of an answer: a pipeline, and how its score is promised."""
    promise = promise.strip("\n").replace("\n", "\n    ")
    return f"""
def promised(X, y):
    pipeline = make_pipeline(
        SimpleImputer(strategy="median"), StandardScaler(), {pick}LogisticRegression(C=0.1, max_iter=1000)
    )
    {promise}
    return pipeline.fit(X, y), promise
"""


_CROSS_VALIDATED = "promise = cross_val_score(pipeline, X, y, cv=5).mean()"

PROMISE = Experiment(
    id="03-promise",
    title="A model and a promise",
    level=3,
    concept="an honest estimate",
    prompt="""
`X_few` has 120 rows and 500 columns, some readings missing; `y_few` holds class 0 or 1. Eight of the columns tell something about
the class; nobody knows which.

Write a function `promised(X, y)` for tables of this kind. It returns **two things**, `pipeline, promise`: a fitted pipeline that
takes raw rows, gaps included, and the share of right answers that it will have on new rows, such as `0.64`. Try it on `X_few, y_few`,
then `practice.experiment("03-promise").check(promised)`.

The check calls it with four tables that you have not seen, and measures each pipeline on 1000 more rows. In one of the
four the labels were mixed up, as the editor's were.
""",
    name="promised",
    setup=_SETUP,
    starter="""
promised = ...
""",
    hints=(
        (
            "The pipeline first. 500 columns on 120 rows are far too many. Which step reduces them, and why must "
            "it be *in* the pipeline?"
        ),
        (
            "Now the promise. What the pipeline gets right on the 120 rows it was fitted on promises too "
            "much. Which scikit-learn function tests on rows that were left out, five times?"
        ),
        (
            "`make_pipeline(SimpleImputer(…), StandardScaler(), SelectKBest(f_classif, k=8), LogisticRegression(…))`, "
            "and as the promise the mean of `cross_val_score` of this *whole* pipeline on the raw rows. At the end "
            "`return pipeline.fit(X, y), promise`."
        ),
    ),
    solution=_answer(_CROSS_VALIDATED),
    explanation="""
Everything that learns sits in the pipeline, so each fold of the cross-validation picks its own columns, from its own training rows.
The promise then speaks about the whole procedure, and for mixed-up labels it is near one half. A single promise still
wobbles, by about 0.04 here: $\\sqrt{p(1-p)/n}$ with $n = 120$. (And whoever tries twenty pipelines and promises the best
score has leaked again, by choosing.)
""",
    alternatives=(
        _answer(_CROSS_VALIDATED.replace("cv=5", "cv=10"), pick="SelectKBest(f_classif, k=4), "),
        _answer(
            """
from sklearn.model_selection import RepeatedStratifiedKFold

folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=3, random_state=0)
promise = float(np.mean(cross_val_score(pipeline, X, y, cv=folds)))
""",
            pick="SelectKBest(f_classif, k=6), ",
        ),
        """
from sklearn.naive_bayes import GaussianNB
from sklearn.model_selection import cross_val_predict

def promised(X, y):
    pipeline = make_pipeline(SimpleImputer(strategy="mean"), SelectKBest(f_classif, k=8), GaussianNB())
    promise = np.mean(cross_val_predict(pipeline, X, y, cv=5) == y)
    return pipeline.fit(X, y), promise
""",
    ),
    measure=_measure,
    conditions=(
        Condition(
            "accuracy",
            "right answers on new rows, mean of the three tables that can be learned",
            "Let the pipeline keep fewer columns, about as many as tell something.",
            at_least=ENOUGH,
            style="percent",
        ),
        Condition(
            "off",
            "distance between promise and truth, mean of the four tables",
            "Where did your promise come from? Nothing that was fitted or picked may have seen the rows it is "
            "tested on.",
            at_most=CLOSE,
        ),
    ),
    mistakes=(
        Mistake(
            "same-promise",
            _answer("promise = 0.7"),
            "You promise the same for each table. But one of them is a lottery, and the others are not equally hard. "
            "The promise has to come from the rows that the function is given.",
            "nothing-can-be-promised",
            sign=lambda m: m["off"] > CLOSE and m["spread"] < 0.01,
        ),
        Mistake(
            "every-column",
            _answer(_CROSS_VALIDATED, pick=""),
            "An honest promise, and a poor model. With many columns and few rows it finds *some* "
            "combination that fits, mostly by luck. Pick fewer columns, inside the pipeline.",
            "every-feature-helps",
            sign=lambda m: m["accuracy"] < ENOUGH and m["off"] <= CLOSE,
        ),
        Mistake(
            "promise-from-own-rows",
            _answer("pipeline.fit(X, y)\npromise = pipeline.score(X, y)"),
            "You promise exactly what the pipeline gets right on the rows it was fitted on. It knows "
            "them. Test it on rows that were left out.",
            "promise-from-the-training-rows",
            sign=lambda m: m["too_high"] > CLOSE and m["from_own"] < 0.002,
        ),
        Mistake(
            "picked-before",
            _answer(
                """
filled = SimpleImputer(strategy="median").fit_transform(X)
best = SelectKBest(f_classif, k=8).fit_transform(filled, y)
promise = cross_val_score(LogisticRegression(C=0.1, max_iter=1000), best, y, cv=5).mean()
"""
            ),
            "The promises are too high, for the lottery, too. That is typical of columns that were picked before the "
            "folds were made, or of choosing the best of many tries. Validate the *whole* pipeline on the raw rows.",
            "cross-validation-cures-leaks",
            sign=lambda m: m["too_high"] > CLOSE and m["from_own"] >= 0.002,
        ),
        Mistake(
            "too-modest",
            _answer("promise = 0.7 * cross_val_score(pipeline, X, y, cv=5).mean()"),
            "Your promises are safe, and too low. Whoever decides by them would throw useful models away. Estimate, "
            "with rows left out in turn, and take nothing off.",
            "nothing-can-be-promised",
            sign=lambda m: m["too_high"] < -CLOSE,
        ),
    ),
)
