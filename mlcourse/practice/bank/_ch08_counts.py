"""Lesson 08: the four kinds of answers, the precision of each label, and the confusion matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _one_label(rng: np.random.Generator) -> Iterator[Case]:
    for n, share in ((30, 0.3), (50, 0.6)):
        y = (rng.random(n) < share).astype(int)
        yield Case(y, np.where(rng.random(n) < 0.3, 1 - y, y))
    yield Case(
        np.array([0, 1, 0, 1, 1, 0, 0, 1]), np.array([0, 1, 0, 0, 1, 0, 1, 0]), note="politics in the lesson"
    )
    yield Case(np.array([0, 0, 0, 1, 0]), np.zeros(5, dtype=int), note="a model that always says no")
    yield Case(np.array([1, 0, 0, 1]), np.ones(4, dtype=int), note="a model that always says yes")


COUNTS = Exercise(
    id="08-counts",
    title="Four kinds of answers",
    level=1,
    concept="precision and recall",
    prompt="""
`y` holds the truth about one tag, `h` what the model said: 0s and 1s, a number for each article. Return the four counts
**TP, FP, FN, TN**, in this order.

Fill the blanks, run the cell, then `practice.exercise("08-counts").check(counts)`.
""",
    name="counts",
    cases=_one_label,
    starter="""
def counts(y, h):
    tp = np.sum((y == 1) & (h == 1))
    fp = ...
    fn = ...
    tn = ...
    return tp, fp, fn, tn
""",
    hints=(
        "The second letter says what the model *said*: P is yes, N is no. The first says whether that was true or false.",
        "A false positive: said yes, and that was false, so the truth is no.",
        "FP: `(y == 0) & (h == 1)`. FN: `(y == 1) & (h == 0)`. TN: both are 0.",
    ),
    solution="""
def counts(y, h):
    tp = np.sum((y == 1) & (h == 1))
    fp = np.sum((y == 0) & (h == 1))
    fn = np.sum((y == 1) & (h == 0))
    tn = np.sum((y == 0) & (h == 0))
    return tp, fp, fn, tn
""",
    explanation="""
Together the four are all the rows. Precision reads TP and FP, recall reads TP and FN; only accuracy and the rate of
false alarms read TN.
""",
    alternatives=(
        "def counts(y, h):\n    tp = y @ h\n    return tp, h.sum() - tp, y.sum() - tp, len(y) - (h.sum() + y.sum() - tp)",
        """
def counts(y, h):
    of = np.bincount(2 * y + h, minlength=4)
    return of[3], of[1], of[2], of[0]
""",
        """
def counts(truth, said):
    pairs = list(zip(truth.tolist(), said.tolist()))
    return [pairs.count(p) for p in [(1, 1), (0, 1), (1, 0), (0, 0)]]
""",
    ),
    mistakes=(
        Mistake(
            "alarms-and-misses-swapped",
            "def counts(y, h):\n    return np.sum(y & h), np.sum(y > h), np.sum(y < h), np.sum((y == 0) & (h == 0))",
            "FP and FN have changed places. *Positive* is what the model said: a false positive is a yes that is false, "
            "an alarm without a fire.",
            "precision-and-recall-swapped",
        ),
        Mistake(
            "positives-of-the-truth",
            "def counts(y, h):\n    return np.sum(y), np.sum(y < h), np.sum(y > h), np.sum(y == 0)",
            "TP and TN are too large: you counted all that is true, and all that is not. They count only where the "
            "model says the same.",
        ),
        Mistake(
            "shares",
            """
def counts(y, h):
    return np.mean(y & h), np.mean(y < h), np.mean(y > h), np.mean((y == 0) & (h == 0))
""",
            "These are shares of all rows, not counts. Sum, and do not take the mean.",
            "precision-divides-by-all",
        ),
        Mistake(
            "all-right-as-tn",
            "def counts(y, h):\n    return np.sum(y & h), np.sum(y < h), np.sum(y > h), np.sum(y == h)",
            "The last one counts every right answer, the true positives too. True *negatives* are the rightly given noes.",
            "precision-is-accuracy",
        ),
    ),
)


def _several_labels(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((20, 3), (12, 4)):
        Y = (rng.random((n, k)) < 0.4).astype(int)
        yield Case(Y, np.where(rng.random((n, k)) < 0.3, 1 - Y, Y))
    Y = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]])
    H = Y.copy()
    H[3, 1] = H[5, 3] = 0
    yield Case(Y, H, note="the last label is never said")
    yield Case(Y, np.ones_like(Y), note="a model that always says yes")
    yield Case(Y, np.zeros_like(Y), note="a model that always says no")


PRECISION = Exercise(
    id="08-precision",
    title="The precision of each tag",
    level=1,
    concept="precision and recall",
    prompt="""
`Y` and `H` hold truth and answers for several tags: a row for each article, a column for each tag. Return the precision of
**each tag**, an array with one number for each column. A tag that was **never said** gets 0.
""",
    name="precision",
    cases=_several_labels,
    starter="""
def precision(Y, H):
    hits = (Y & H).sum(axis=0)
    said = ...
    return hits / ...
""",
    hints=(
        "Precision divides the hits by how often the tag was *said*.",
        "A tag that was never said gives 0/0. Divide by something that is never 0; its hits are 0 anyway.",
        "`said = H.sum(axis=0)` and `np.maximum(said, 1)`.",
    ),
    solution="""
def precision(Y, H):
    hits = (Y & H).sum(axis=0)
    said = H.sum(axis=0)
    return hits / np.maximum(said, 1)
""",
    explanation="""
0/0 has no value; 0 is scikit-learn's convention (`zero_division`), and it warns. A tag that is never said is worth a look, not
just a 0.
""",
    alternatives=(
        """
def precision(Y, H):
    out = np.zeros(Y.shape[1])
    for k in range(Y.shape[1]):
        if H[:, k].any():
            out[k] = Y[H[:, k] == 1, k].mean()
    return out
""",
        """
def precision(Y, H):
    said = H.sum(axis=0)
    return np.divide((Y * H).sum(axis=0), said, out=np.zeros(len(said)), where=said > 0)
""",
        """
def precision(Y, H):
    tp = np.einsum("ij,ij->j", Y, H)
    fp = np.einsum("ij,ij->j", 1 - Y, H)
    return np.nan_to_num(tp / np.where(tp + fp == 0, np.nan, tp + fp))
""",
    ),
    mistakes=(
        Mistake(
            "recall",
            "def precision(Y, H):\n    return (Y & H).sum(axis=0) / np.maximum(Y.sum(axis=0), 1)",
            "You divided by how often the tag is *true*: that is recall. Precision starts from what was said.",
            "precision-and-recall-swapped",
        ),
        Mistake(
            "by-article",
            "def precision(Y, H):\n    return (Y & H).sum(axis=1) / np.maximum(H.sum(axis=1), 1)",
            "There is one number for each *article*. Each tag is a column, so sum down the columns: `axis=0`.",
            "columns-are-samples",
        ),
        Mistake(
            "one-pot",
            "def precision(Y, H):\n    return (Y & H).sum() / max(H.sum(), 1)",
            "This is one number, the micro precision of all tags together. Keep the tags apart with `axis=0`.",
            "averages-are-the-same",
        ),
        Mistake(
            "of-all-articles",
            "def precision(Y, H):\n    return (Y & H).mean(axis=0)",
            "You divided the hits by all articles. Of those that were *said*, how many are hits?",
            "precision-divides-by-all",
        ),
        Mistake(
            "cells-right",
            "def precision(Y, H):\n    return (Y == H).mean(axis=0)",
            "This is the accuracy of each tag; rightly given noes count as well. Precision looks only at the yeses.",
            "precision-is-accuracy",
        ),
        Mistake(
            "nan",
            """
def precision(Y, H):
    with np.errstate(invalid="ignore"):
        return (Y & H).sum(axis=0) / H.sum(axis=0)
""",
            "A tag that was never said gives 0/0, which is `nan`. One `nan` makes every mean `nan`; the task asks for 0.",
        ),
    ),
)


def _classes(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((30, 3), (40, 4)):
        y = rng.integers(0, k, n)
        yield Case(y, np.where(rng.random(n) < 0.4, rng.integers(0, k, n), y), k)
    yield Case(
        np.array([0, 0, 1, 1, 1, 2]), np.array([0, 1, 1, 1, 0, 1]), 3, note="a class that is never answered"
    )
    yield Case(np.array([1, 1, 0]), np.array([1, 0, 0]), 4, note="classes 2 and 3 do not occur in this batch")


CONFUSION = Exercise(
    id="08-confusion",
    title="The confusion matrix",
    level=2,
    concept="confusion matrix",
    prompt="""
`y` and `h` hold class numbers, one for each article. The function should count the confusion matrix: **rows are the truth,
columns the answer**. It runs, and its numbers are far too small. Find the bug.
""",
    name="confusion",
    cases=_classes,
    starter="""
def confusion(y, h, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    matrix[y, h] += 1
    return matrix
""",
    hints=(
        "Look at the largest number in the matrix. How often does `matrix[y, h] += 1` add to the same place?",
        "With index arrays, NumPy reads all places, adds 1, and writes them back. A place that occurs ten times is written ten times with the same 1.",
        "Add one pair after the other in a loop, or use `np.add.at(matrix, (y, h), 1)`.",
    ),
    solution="""
def confusion(y, h, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (y, h), 1)
    return matrix
""",
    explanation="""
`matrix[y, h] += 1` means `matrix[y, h] = matrix[y, h] + 1`: each place gets *its old value plus one*, however often it is named.
`np.add.at` adds once for each pair. (scikit-learn: `confusion_matrix(y, h)`.)
""",
    alternatives=(
        """
def confusion(y, h, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for truth, said in zip(y, h):
        matrix[truth, said] += 1
    return matrix
""",
        "def confusion(y, h, k):\n    return np.bincount(k * y + h, minlength=k * k).reshape(k, k)",
        "def confusion(y, h, k):\n    return np.eye(k, dtype=int)[y].T @ np.eye(k, dtype=int)[h]",
    ),
    mistakes=(
        Mistake(
            "transposed",
            "def confusion(y, h, k):\n    return np.bincount(k * h + y, minlength=k * k).reshape(k, k)",
            "The counts are right, but rows and columns have changed places: here a row is an *answer*. Then recall and "
            "precision change places, too.",
            "precision-and-recall-swapped",
        ),
        Mistake(
            "shares-of-rows",
            """
def confusion(y, h, k):
    m = np.bincount(k * y + h, minlength=k * k).reshape(k, k)
    return m / np.maximum(m.sum(axis=1, keepdims=True), 1)
""",
            "Each row is divided by its sum, so this shows shares. The counts are asked for.",
        ),
        Mistake(
            "only-right-ones",
            "def confusion(y, h, k):\n    return np.diag(np.bincount(y[y == h], minlength=k))",
            "Only the diagonal is filled. The mistakes are the interesting part: they stand beside it.",
        ),
        Mistake(
            "classes-that-occur",
            """
def confusion(y, h, k):
    k = max(y.max(), h.max()) + 1
    return np.bincount(k * y + h, minlength=k * k).reshape(k, k)
""",
            "The matrix is too small if the last classes do not occur. Its size is `n_classes`, so that the matrices of two batches "
            "can be added.",
        ),
    ),
)
