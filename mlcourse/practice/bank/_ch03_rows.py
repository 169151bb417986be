"""Lesson 03: rows that came twice, and rows made ready by what the training rows teach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _sent_twice(rng: np.random.Generator) -> Iterator[Case]:
    for n in (5, 7):
        X = rng.integers(0, 50, (n, 3)).astype(float)
        y = rng.integers(0, 3, n)
        again = rng.permutation(np.concatenate([np.arange(n), rng.integers(0, n, 3)]))
        yield Case(X[again], y[again])
    yield Case(
        np.array([[7.0, 0], [0, 9], [5, 4], [0, 9], [1, 0], [7, 0]]),
        np.array([0, 1, 2, 1, 0, 0]),
        note="two rows came twice, with others between",
    )
    yield Case(
        np.array([[7.0, 0], [0, 9], [7, 0], [0, 9]]),
        np.array([0, 1, 2, 1]),
        note="rows 0 and 2 have the same readings and another truth",
    )
    yield Case(np.array([[3.0, 1], [2, 2]]), np.array([1, 0]), note="no row came twice")


_FIRST = "    _, first = np.unique(np.column_stack([X, y]), axis=0, return_index=True)\n"

ONCE = Exercise(
    id="03-once",
    title="Rows that came twice",
    level=2,
    concept="the same row on both sides",
    prompt="""
Some rows of a table were sent twice: the same readings **and** the same truth. `once(X, y)` should keep the **first** of
each, in the order in which they came, and return both parts, `X, y`.

A colleague's version runs, and the network trained on it is no better than a coin. Find out why, and fix it.
""",
    name="once",
    cases=_sent_twice,
    starter="""
def once(X, y):
    X = np.unique(X, axis=0)
    return X, y[: len(X)]
""",
    hints=(
        "Print `X` before and after. In which order are the rows? And in which order is `y`?",
        "Work out *which rows to keep*, as row numbers, then take them from both: `X[keep], y[keep]`.",
        (
            "`np.unique(..., axis=0, return_index=True)` returns the number of each first row. "
            "`np.column_stack([X, y])` puts readings and truth into one table, and `np.sort` brings the row numbers "
            "back into order."
        ),
    ),
    solution=f"""
def once(X, y):
{_FIRST}    keep = np.sort(first)
    return X[keep], y[keep]
""",
    explanation="""
`np.unique` returns the rows *sorted*. The colleague's `y` stayed in the old order, so most rows got the truth of another
one. Whatever reorders or drops rows must do it to `X` and `y` at once; row numbers are the safe way.
""",
    alternatives=(
        """
def once(X, y):
    seen, keep = set(), []
    for i, row in enumerate(zip(map(tuple, X), y)):
        if row not in seen:
            seen.add(row)
            keep.append(i)
    return X[keep], y[keep]
""",
        """
def once(X, y):
    first = {(*row, truth): i for i, (row, truth) in reversed(list(enumerate(zip(X, y))))}
    keep = sorted(first.values())
    return X[keep], y[keep]
""",
        """
def once(X, y):
    table = np.column_stack([X, y])
    same = (table[:, None] == table[None]).all(axis=2)
    keep = same.argmax(axis=1) == np.arange(len(y))
    return X[keep], y[keep]
""",
    ),
    mistakes=(
        Mistake(
            "left-sorted",
            f"def once(X, y):\n{_FIRST}    return X[first], y[first]",
            "Rows and truth belong together now. But the rows come out sorted; they should stay in the "
            "order in which they came. In data over time the order says something.",
        ),
        Mistake(
            "readings-only",
            """
def once(X, y):
    _, first = np.unique(X, axis=0, return_index=True)
    keep = np.sort(first)
    return X[keep], y[keep]
""",
            "You compare the readings alone. Two items with the same readings and *another* truth are no "
            "copies: they tell that these readings do not decide it. Keep both.",
        ),
        Mistake(
            "truth-cut-off",
            f"def once(X, y):\n{_FIRST}    keep = np.sort(first)\n    return X[keep], y[: len(keep)]",
            "The rows are right. The truth is cut off at the end instead, so after the first copy every row "
            "bears the truth of another one.",
        ),
        Mistake(
            "both-copies-gone",
            """
def once(X, y):
    table = np.column_stack([X, y])
    _, where, counts = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    keep = counts[where.ravel()] == 1
    return X[keep], y[keep]
""",
            "Rows that came twice are gone altogether. One of the two is a good row; keep the first.",
        ),
        Mistake(
            "neighbours-only",
            """
def once(X, y):
    table = np.column_stack([X, y])
    keep = np.append(True, (table[1:] != table[:-1]).any(axis=1))
    return X[keep], y[keep]
""",
            "A row is only compared with the one just before it. Copies may stand far apart.",
            "double-rows-do-no-harm",
        ),
    ),
)


def _parts(rng: np.random.Generator) -> Iterator[Case]:
    for n, m in ((8, 4), (11, 3)):
        X = rng.normal(5, 2, (n + m, 3)) * np.array([1, 10, 0.1])
        X[rng.random(X.shape) < 0.15] = np.nan
        X[0], X[1], X[n] = [4, 51, 0.6], [6, 49, 0.4], [5, 50, 0.5]  # no column is all gaps
        yield Case(X[:n], X[n:])
    X = np.array([[2.0, 10], [4, np.nan], [np.nan, 30], [9, 80], [5, 20]])
    yield Case(X, np.array([[np.nan, 15.0]]), note="a single test row, with a gap")
    yield Case(X, np.array([[500.0, 12], [3, np.nan]]), note="a book among the test rows")


def _prepare(fill_from: str, scale_from: str, fill: str = "np.nanmedian({}, axis=0)") -> str:
    """Return the code of `prepare` that learns medians and scale from the named rows."""
    stack = "np.vstack([X_train, X_test])"
    rows = {"training": "X_train", "all": stack}
    scaled = {"training": "A", "all": "np.vstack([A, B])"}[scale_from]
    return f"""
def prepare(X_train, X_test):
    fill = {fill.format(rows[fill_from])}
    A = np.where(np.isnan(X_train), fill, X_train)
    B = np.where(np.isnan(X_test), fill, X_test)
    mean, deviation = {scaled}.mean(axis=0), {scaled}.std(axis=0)
    return (A - mean) / deviation, (B - mean) / deviation
"""


PREPARE = Exercise(
    id="03-prepare",
    title="Fill, then scale",
    level=2,
    concept="fit and transform",
    prompt="""
`prepare(X_train, X_test)` should fill each gap (`nan`) with its column's **median**, then standardise each column: take
off the mean, divide by the standard deviation. It returns both parts.

This version looks tidy and has a leak. Mend it: medians, means and deviations are learned where they should be.
""",
    name="prepare",
    cases=_parts,
    starter="""
def prepare(X_train, X_test):
    X = np.vstack([X_train, X_test])
    X = np.where(np.isnan(X), np.nanmedian(X, axis=0), X)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return X[: len(X_train)], X[len(X_train) :]
""",
    hints=(
        "Three things are learned here: medians, means, deviations. From which rows?",
        "Learn the medians from `X_train` and fill *both* parts with them, before you go on to the scale.",
        (
            "`fill = np.nanmedian(X_train, axis=0)`; after filling, `mean` and `std` of the filled "
            "training rows; then the same `(… - mean) / std` for both parts."
        ),
    ),
    solution=_prepare("training", "training"),
    explanation="""
Everything that is learned from many rows comes from the training rows, each of the three. It is what scikit-learn does in
`make_pipeline(SimpleImputer(strategy="median"), StandardScaler())`: `fit_transform` on the one side, `transform` on the
other.
""",
    alternatives=(
        """
def prepare(X_train, X_test):
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    steps = make_pipeline(SimpleImputer(strategy="median"), StandardScaler()).fit(X_train)
    return steps.transform(X_train), steps.transform(X_test)
""",
        """
def prepare(X_train, X_test):
    train, test = X_train.copy(), X_test.copy()
    for j in range(train.shape[1]):
        known = train[~np.isnan(train[:, j]), j]
        for part in (train, test):
            part[np.isnan(part[:, j]), j] = np.median(known)
        mean, deviation = np.mean(train[:, j]), np.std(train[:, j])
        for part in (train, test):
            part[:, j] = (part[:, j] - mean) / deviation
    return train, test
""",
        """
def prepare(X_train, X_test):
    n = len(X_train)
    X = np.vstack([X_train, X_test])
    X = np.where(np.isnan(X), np.nanmedian(X[:n], axis=0), X)
    X = (X - X[:n].mean(axis=0)) / X[:n].std(axis=0)
    return X[:n], X[n:]
""",
    ),
    mistakes=(
        Mistake(
            "scale-still-leaks",
            _prepare("training", "all"),
            "The medians are learned from the training rows now. Mean and deviation still come from all "
            "rows, the book among the test rows too.",
            "fit-scaler-on-everything",
        ),
        Mistake(
            "medians-still-leak",
            _prepare("all", "training"),
            "The scale is learned from the training rows now. The medians still come from all rows. They "
            "are learned, too.",
            "step-without-labels-cannot-leak",
        ),
        Mistake(
            "each-part-by-itself",
            """
def prepare(X_train, X_test):
    out = []
    for X in (X_train, X_test):
        fill = np.nan_to_num(np.nanmedian(X, axis=0)) if len(X) > 1 else np.nan_to_num(X[0])
        X = np.where(np.isnan(X), fill, X)
        spread = X.std(axis=0)
        out.append((X - X.mean(axis=0)) / np.where(spread == 0, 1, spread))
    return tuple(out)
""",
            "Each part has medians and a scale of its own. The same reading becomes two different inputs, "
            "and a single new row always becomes zeros.",
            "fit-scaler-on-each-part",
        ),
        Mistake(
            "zero-for-a-gap",
            _prepare("training", "training", fill="np.zeros({}.shape[1])"),
            "The gaps are filled with 0. That is a measurement, too, and here a very unusual one. Fill with "
            "the training rows' median.",
            "gap-is-zero",
        ),
        Mistake(
            "one-median-for-all",
            _prepare("training", "training", fill="np.nanmedian({})"),
            "There is one median for the whole table, so a gap in a column of tenths is filled with a value from "
            "another column. Each column has its own.",
            "one-range-for-all-features",
        ),
        Mistake(
            "scale-before-fill",
            """
def prepare(X_train, X_test):
    fill = np.nanmedian(X_train, axis=0)
    mean, deviation = np.nanmean(X_train, axis=0), np.nanstd(X_train, axis=0)
    A = np.where(np.isnan(X_train), fill, X_train)
    B = np.where(np.isnan(X_test), fill, X_test)
    return (A - mean) / deviation, (B - mean) / deviation
""",
            "No leak any more. But mean and deviation are learned from the rows *with* their gaps. First fill, then "
            "learn the scale from the filled training rows.",
        ),
        Mistake(
            "mean-for-a-gap",
            _prepare("training", "training", fill="np.nanmean({}, axis=0)"),
            "Learned in the right place, but the gaps are filled with the *mean*. A single book would pull "
            "it up; the median is asked for.",
        ),
    ),
)
