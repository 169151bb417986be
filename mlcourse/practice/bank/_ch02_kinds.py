"""Lesson 02: right tags and whole boxes, and which kind of labels an array holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _pairs(rng: np.random.Generator) -> Iterator[Case]:
    for shape in ((8, 4), (6, 3), (5, 5)):
        Y = rng.integers(0, 2, shape)
        yield Case(Y, np.where(rng.random(shape) < 0.2, 1 - Y, Y))
    Y = np.array([[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 0]])
    yield Case(Y, np.zeros_like(Y), note="an answer without any tag")
    yield Case(Y, Y, note="everything right")


def _scores(first: str, second: str) -> str:
    return f"""
def two_scores(Y, answer):
    right = Y == answer
    return {first}, {second}
"""


TWO_SCORES = Exercise(
    id="02-two-scores",
    title="Right tags and whole boxes",
    level=1,
    concept="subset accuracy",
    prompt="""
`Y` holds the true tags, `answer` the answered ones, both 0s and 1s, a row for each box. Return two shares:
of all **tags**, how many are right; and of all **boxes**, how many are right in every tag.
""",
    name="two_scores",
    cases=_pairs,
    starter="""
def two_scores(Y, answer):
    right = Y == answer
    return ..., ...
""",
    hints=(
        "`right` is a table of True and False. Its mean is the share of True.",
        "A box is right if *all* of its row is True.",
        "`right.all(axis=1)` is one True or False for each box. Take its mean.",
    ),
    solution=_scores("right.mean()", "right.all(axis=1).mean()"),
    explanation="""
The first is one minus the *Hamming loss*, the second the *subset accuracy*, which `accuracy_score` returns. The second is never
larger: a whole box needs all of its tags.
""",
    alternatives=(
        _scores("np.mean(right)", "np.mean(right.sum(axis=1) == Y.shape[1])"),
        """
def two_scores(Y, answer):
    tags = 1 - np.abs(Y - answer).sum() / Y.size
    boxes = sum(list(a) == list(b) for a, b in zip(Y, answer)) / len(Y)
    return tags, boxes
""",
        """
def two_scores(Y, answer):
    wrong = np.not_equal(Y, answer)
    return 1 - wrong.mean(axis=0).mean(), 1 - wrong.max(axis=1).mean()
""",
    ),
    mistakes=(
        Mistake(
            "any-tag",
            _scores("right.mean()", "right.any(axis=1).mean()"),
            "`any` counts a box as soon as *one* of its tags is right. A whole box needs all of them.",
            "one-right-tag-is-enough",
        ),
        Mistake(
            "down-the-columns",
            _scores("right.mean()", "right.all(axis=0).mean()"),
            "`axis=0` asks for each *tag* whether it is right in all boxes. A box is a row.",
            "columns-are-samples",
        ),
        Mistake(
            "same-twice",
            _scores("right.mean()", "right.mean(axis=1).mean()"),
            "Your second number always equals the first. The mean of the rows' means is the mean of all; nowhere is a "
            "box refused for one wrong tag.",
            "tags-right-means-rows-right",
        ),
        Mistake(
            "found-only",
            _scores("right[Y == 1].mean()", "right.all(axis=1).mean()"),
            "Your first share counts only tags that are really on. A rightly given *no* is a right tag as well.",
            "only-yes-answers-count",
        ),
        Mistake(
            "counts",
            _scores("right.sum()", "right.all(axis=1).sum()"),
            "These are numbers of tags and boxes. Asked for are shares, between 0 and 1.",
        ),
        Mistake(
            "swapped",
            _scores("right.all(axis=1).mean()", "right.mean()"),
            "Both numbers are right, in the other order: tags first, then boxes.",
        ),
    ),
)


def _labels(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(np.array([0, 1, 1, 0]))
    yield Case(rng.permutation([0, 1, 2, 3, 0, 2]))
    yield Case(np.array([[1, 0, 1, 0], [0, 0, 0, 1], [1, 1, 0, 0]]))
    yield Case(np.eye(4, dtype=int)[rng.permutation([0, 1, 2, 3, 3])], note="one-hot rows")
    yield Case(np.array([[1, 0, 0], [0, 0, 0], [0, 1, 0]]), note="at most one tag, and a row without any")
    yield Case(np.array([[1, 1, 0], [0, 0, 0], [0, 1, 0]]), note="one tag a row on average")
    yield Case(np.array([[1, 1, 0], [0, 0, 1], [0, 0, 0]]), note="each column holds one 1, the rows do not")
    yield Case(np.array([[1, 1, 0], [0, 0, 0]]), note="no row holds a single 1")
    yield Case(np.array([3, 7, 3, 3]), note="two class numbers that are not 0 and 1")
    yield Case(np.array(["lemon", "apple", "grapes"]), note="names")


def _kind(rule: str, *, first: str = "len(np.unique(y)) == 2") -> str:
    return f"""
def kind(y):
    if y.ndim == 2:
        {rule}
    if {first}:
        return "binary"
    return "multi-class"
"""


KIND = Exercise(
    id="02-kind",
    title="Which kind of labels?",
    level=2,
    concept="how labels are written",
    prompt="""
A colleague wrote `kind`, as `type_of_target` does it. Now one-hot rows come in as well, and they should be called
`"multi-class"`: **every row holds exactly one 1**. Any other table is `"multi-label"`. One column with two different
values is `"binary"`, with more `"multi-class"`.
""",
    name="kind",
    cases=_labels,
    starter="""
def kind(y):
    if y.ndim == 2:
        return "multi-label"
    if len(np.unique(y)) == 2:
        return "binary"
    return "multi-class"
""",
    hints=(
        "Only the table's branch has to change. What is the sum of a one-hot row?",
        "`y.sum(axis=1)` are the sums of the rows. *Every* one has to be 1.",
        '`return "multi-class" if (y.sum(axis=1) == 1).all() else "multi-label"`.',
    ),
    solution=_kind('return "multi-class" if (y.sum(axis=1) == 1).all() else "multi-label"'),
    explanation="""
The rule can still be fooled: rows of tags that *happen* to hold one each look like classes. Whether a row must hold exactly one,
only the question can say. That is why scikit-learn does not guess.
""",
    alternatives=(
        _kind('return ("multi-label", "multi-class")[bool(np.all(y.sum(axis=1) == 1))]'),
        """
def kind(y):
    if y.ndim == 1:
        return "binary" if len(set(y.tolist())) == 2 else "multi-class"
    for row in y:
        if np.count_nonzero(row) != 1:
            return "multi-label"
    return "multi-class"
""",
        """
def kind(y):
    one_each = y.ndim == 2 and set(y.sum(axis=1).tolist()) == {1}
    if y.ndim == 2 and not one_each:
        return "multi-label"
    return "multi-class" if one_each or np.unique(y).size > 2 else "binary"
""",
    ),
    mistakes=(
        Mistake(
            "mean-of-sums",
            _kind('return "multi-class" if y.sum(axis=1).mean() == 1 else "multi-label"'),
            "You look at the rows' *average*. Two tags in one row and none in the next make 1 on average. Every single row "
            "has to hold one.",
            "average-row-stands-for-all",
        ),
        Mistake(
            "at-most-one",
            _kind('return "multi-class" if (y.sum(axis=1) <= 1).all() else "multi-label"'),
            "A row without any 1 passes your test. A class needs exactly one; a row of zeros is an answer only for tags.",
            "none-is-no-combination",
        ),
        Mistake(
            "any-row",
            _kind('return "multi-class" if (y.sum(axis=1) == 1).any() else "multi-label"'),
            "You are content with *one* row that holds a single 1. In many tables of tags some row does.",
            "average-row-stands-for-all",
        ),
        Mistake(
            "column-sums",
            _kind('return "multi-class" if (y.sum(axis=0) == 1).all() else "multi-label"'),
            "You add up the columns: how often each *class* occurs. The question is how many 1s each *row* holds.",
            "columns-are-samples",
        ),
        Mistake(
            "tables-are-classes",
            _kind('return "multi-class"'),
            "Now every table is multi-class. A row with two 1s is not.",
            "many-classes-mean-many-labels",
        ),
    ),
)
