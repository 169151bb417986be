"""Lesson 10: repeat rare rows until every class has as many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake, Property

if TYPE_CHECKING:
    from collections.abc import Iterator


def _labels(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(np.array([0, 0, 0, 0, 0, 1, 1]), note="five of class 0 and two of class 1")
    for counts in ((9, 4, 2), (7, 3, 5, 1)):
        yield Case(rng.permutation(np.repeat(np.arange(len(counts)), counts)))
    yield Case(np.array([2, 0, 1, 2, 0, 1]), note="already balanced")


REPEATED = Exercise(
    id="10-repeated",
    title="Repeat the rare",
    level=2,
    concept="oversampling and leaks",
    prompt="""
This function shall oversample: return an array of **row numbers**, sorted. Each class shall have as many rows as the commonest.
The rows of a class are repeated in turn, from its first to its last and again from the first, until there are enough. It has a
bug: it throws rows of the commonest class away. Find it.
""",
    name="repeated_rows",
    cases=_labels,
    starter="""
def repeated_rows(y):
    most = len(y) // (y.max() + 1)
    rows = [np.resize(np.flatnonzero(y == k), most) for k in range(y.max() + 1)]
    return np.sort(np.concatenate(rows))
""",
    hints=(
        "Print `most` for seven rows, five of class 0 and two of class 1. Is it what its name says?",
        "How many rows of class 0 come out? None of them may get lost.",
        "`most` should be the number of rows of the commonest class, `np.bincount(y).max()`.",
    ),
    solution="""
def repeated_rows(y):
    most = np.bincount(y).max()
    rows = [np.resize(np.flatnonzero(y == k), most) for k in range(y.max() + 1)]
    return np.sort(np.concatenate(rows))
""",
    explanation="""
`np.resize` goes through the rows of a class in turn and begins again. Return row *numbers*, not rows: then the same choice
serves `X` and `y`. And use it after the split, on the training rows only.
""",
    alternatives=(
        """
from itertools import cycle, islice

def repeated_rows(y):
    most = max(np.bincount(y))
    out = []
    for k in np.unique(y):
        out += list(islice(cycle(np.flatnonzero(y == k)), most))
    return np.array(sorted(out))
""",
        """
def repeated_rows(y):
    most = np.bincount(y).max()
    out = []
    for k in range(y.max() + 1):
        own = np.flatnonzero(y == k)
        out.append(own[np.arange(most) % len(own)])
    return np.sort(np.hstack(out))
""",
        """
def repeated_rows(labels):
    counts = np.bincount(labels)
    times = np.zeros(len(labels), dtype=int)
    for k, n in enumerate(counts):
        whole, rest = divmod(counts.max(), n)
        own = np.flatnonzero(labels == k)
        times[own] = whole
        times[own[:rest]] += 1
    return np.repeat(np.arange(len(labels)), times)
""",
    ),
    mistakes=(
        Mistake(
            "undersampled",
            """
def repeated_rows(y):
    least = np.bincount(y).min()
    rows = [np.resize(np.flatnonzero(y == k), least) for k in range(y.max() + 1)]
    return np.sort(np.concatenate(rows))
""",
            "Every class now has as many rows as the *rarest*. That is undersampling: most of the data is gone.",
            "remedies-are-free",
        ),
        Mistake(
            "whole-times",
            """
def repeated_rows(y):
    counts = np.bincount(y)
    return np.repeat(np.arange(len(y)), (counts.max() // counts)[y])
""",
            "Each row is repeated a whole number of times, so a class that does not fit evenly comes out too small. "
            "Some of its rows have to be taken once more.",
        ),
        Mistake(
            "added-on-top",
            """
def repeated_rows(y):
    most = np.bincount(y).max()
    rows = [np.resize(np.flatnonzero(y == k), most) for k in range(y.max() + 1)]
    return np.sort(np.concatenate([np.arange(len(y)), *rows]))
""",
            "The original rows come on top of the repeated ones, and the classes are unequal again. The repeated ones "
            "contain the originals already.",
        ),
        Mistake(
            "rarest-only",
            """
def repeated_rows(y):
    counts = np.bincount(y)
    rare = counts.argmin()
    own = np.resize(np.flatnonzero(y == rare), counts.max())
    return np.sort(np.concatenate([np.flatnonzero(y != rare), own]))
""",
            "Only the rarest class is repeated. The others in between are still fewer than the commonest.",
        ),
        Mistake(
            "labels",
            """
def repeated_rows(y):
    most = np.bincount(y).max()
    return np.repeat(np.arange(y.max() + 1), most)
""",
            "These are class numbers. Row numbers are asked for, to pick the rows of `X` with.",
        ),
    ),
    same_kind=True,  # fractions cannot pick rows
    properties=(
        Property(
            "Row numbers are asked for, whole numbers.",
            lambda out, *_: np.issubdtype(np.asarray(out).dtype, np.integer),
        ),
    ),
)
