"""The experiment of lesson 03: from 120 rows and 1000 words, a model, and an honest promise of its score."""

from __future__ import annotations

import numbers
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

SEEN = 120  # the student's rows; what follows them in the same draw is hidden
CLOSE = 0.06  # so far a promise may be off: one and a half standard deviations of a score from 120 rows


@cache
def _articles() -> tuple[Any, Any, Any, Any]:
    """Return the student's table and labels, then those of 2000 hidden rows, all with gaps."""
    from mlcourse import datasets

    drawn = datasets.make_multiclass(
        n_samples=SEEN + 2000, n_features=1000, n_classes=2, n_informative=8, class_sep=0.6, seed=2
    )
    X = drawn.X.copy()
    X[np.random.default_rng(0).random(X.shape) < 0.02] = np.nan
    return X[:SEEN], drawn.y[:SEEN], X[SEEN:], drawn.y[SEEN:]


def _measure(answer: Any) -> Mapping[str, float]:
    """Return the figures of a pipeline and a promise."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise CannotMeasure("Hand in two things together, `(pipeline, promise)`.")
    pipeline, promise = answer
    if not callable(getattr(pipeline, "predict", None)):
        raise CannotMeasure("The first of the two has no `predict`; it should be your fitted pipeline.")
    if isinstance(promise, bool) or not isinstance(promise, numbers.Real) or not 0 <= float(promise) <= 1:
        raise CannotMeasure(
            "The second of the two is your promise: the share of right answers on new rows, from 0 to 1."
        )
    X_few, y_few, X, y = _articles()
    try:
        answers = np.asarray(pipeline.predict(X))
    except ValueError as error:
        if "NaN" in str(error):
            raise CannotMeasure(
                "The new rows have gaps, as yours have. Filling them must be a part of the pipeline."
            ) from None
        raise
    if answers.shape != y.shape:
        raise CannotMeasure(
            f"For {len(y)} rows the pipeline answers with shape {answers.shape}; one class a row is needed."
        )
    accuracy = float(np.mean(answers == y))
    return {
        "accuracy": accuracy,
        "off": abs(float(promise) - accuracy),
        "too_high": float(promise) - accuracy,
        "own": float(np.mean(np.asarray(pipeline.predict(X_few)) == y_few)),
        "promise": float(promise),
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

drawn = datasets.make_multiclass(
    n_samples=2120, n_features=1000, n_classes=2, n_informative=8, class_sep=0.6, seed=2
)
X_few, y_few = drawn.X[:120].copy(), drawn.y[:120]
X_few[np.random.default_rng(0).random(X_few.shape) < 0.02] = np.nan
"""

_STEPS = """
steps = [SimpleImputer(strategy="median"), StandardScaler(){pick}, LogisticRegression(C=0.1, max_iter=1000)]
"""


def _answer(promise: str, pick: str = ", SelectKBest(f_classif, k=8)") -> str:
    """Return the code of an answer: a pipeline, and how its score is promised."""
    return f"""{_STEPS.format(pick=pick)}
pipeline = make_pipeline(*steps).fit(X_few, y_few)
{promise}
answer = pipeline, promise
"""


_CROSS_VALIDATED = "promise = cross_val_score(make_pipeline(*steps), X_few, y_few, cv=5).mean()"

PROMISE = Experiment(
    id="03-promise",
    title="A model and a promise",
    level=3,
    concept="an honest estimate",
    prompt="""
120 rows, 1000 columns, some readings missing (`X_few`, `y_few`). Eight of the columns tell something about the class;
nobody knows which.

Hand in **two things**: a fitted pipeline that takes raw rows, gaps included, and your **promise**, the share of right answers it
will have on new rows, such as `0.64`: `practice.experiment("03-promise").check((pipeline, promise))`. Both are measured on
2000 rows that you do not have. There are no others to test on; the promise has to come from the same 120 rows.
""",
    name="answer",
    setup=_SETUP,
    starter="""
pipeline = ...
promise = ...
answer = pipeline, promise
""",
    hints=(
        (
            "The pipeline first. 1000 columns on 120 rows are far too many. Which step reduces them, and why must "
            "it be *in* the pipeline?"
        ),
        (
            "Now the promise. What the pipeline gets right on the 120 rows it was fitted on promises too "
            "much. Which scikit-learn function tests on rows that were left out, five times?"
        ),
        (
            "`make_pipeline(SimpleImputer(…), StandardScaler(), SelectKBest(f_classif, k=8), LogisticRegression(…))`, "
            "and as the promise the mean of `cross_val_score` of this *whole* pipeline on the raw rows."
        ),
    ),
    solution=_answer(_CROSS_VALIDATED),
    explanation="""
Everything that learns sits in the pipeline, so each fold of the cross-validation picks its own columns, from its own training rows.
The promise then speaks about the whole procedure. It still wobbles, by about 0.04 here: $\\sqrt{p(1-p)/n}$ with
$n = 120$. (And whoever tries twenty pipelines and promises the best score has leaked again, by choosing.)
""",
    alternatives=(
        _answer(_CROSS_VALIDATED.replace("cv=5", "cv=10"), pick=", SelectKBest(f_classif, k=4)"),
        _answer(
            """
from sklearn.model_selection import RepeatedStratifiedKFold

folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=4, random_state=0)
promise = cross_val_score(make_pipeline(*steps), X_few, y_few, cv=folds).mean()
""",
            pick=", SelectKBest(f_classif, k=6)",
        ),
        """
from sklearn.naive_bayes import GaussianNB

steps = [SimpleImputer(strategy="mean"), SelectKBest(f_classif, k=8), GaussianNB()]
pipeline = make_pipeline(*steps).fit(X_few, y_few)
promise = cross_val_score(make_pipeline(*steps), X_few, y_few, cv=5).mean()
answer = pipeline, promise
""",
    ),
    measure=_measure,
    conditions=(
        Condition(
            "accuracy",
            "right answers on 2000 new rows",
            "Let the pipeline keep fewer columns, about as many as tell something.",
            at_least=0.70,
            style="percent",
        ),
        Condition(
            "off",
            "distance between promise and truth",
            "Where did your promise come from? Nothing that was fitted or picked may have seen the rows it is "
            "tested on.",
            at_most=CLOSE,
        ),
    ),
    mistakes=(
        Mistake(
            "every-column",
            _answer(_CROSS_VALIDATED, pick=""),
            "An honest promise, and a poor model. With 1000 columns and 120 rows it finds *some* "
            "combination that fits, mostly by luck. Pick columns, inside the pipeline.",
            "every-feature-helps",
            sign=lambda m: m["accuracy"] < 0.70 and m["off"] <= CLOSE,
        ),
        Mistake(
            "promise-from-own-rows",
            _answer("promise = pipeline.score(X_few, y_few)"),
            "You promise exactly what the pipeline gets right on the rows it was fitted on. It knows "
            "them. Test it on rows that were left out.",
            "promise-from-the-training-rows",
            sign=lambda m: m["too_high"] > CLOSE and abs(m["promise"] - m["own"]) < 0.002,
        ),
        Mistake(
            "picked-before",
            _answer(
                """
filled = SimpleImputer(strategy="median").fit_transform(X_few)
best = SelectKBest(f_classif, k=8).fit_transform(filled, y_few)
promise = cross_val_score(LogisticRegression(C=0.1, max_iter=1000), best, y_few, cv=5).mean()
"""
            ),
            "The promise is too high. Such a gap is typical of columns that were picked before the folds were "
            "made, or of choosing the best of many tries. Validate the *whole* pipeline on the raw rows.",
            "cross-validation-cures-leaks",
            sign=lambda m: m["too_high"] > CLOSE and abs(m["promise"] - m["own"]) >= 0.002,
        ),
        Mistake(
            "too-modest",
            _answer("promise = 0.5"),
            "Your promise is safe, and too low. Whoever decides by it would throw a useful model away. Estimate, "
            "with rows left out in turn.",
            "nothing-can-be-promised",
            sign=lambda m: m["too_high"] < -CLOSE,
        ),
    ),
)
