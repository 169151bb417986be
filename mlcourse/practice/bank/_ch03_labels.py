"""Lesson 03: class numbers as one-hot rows, tags as multi-hot rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _numbers(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((6, 3), (5, 4), (4, 4)):
        yield Case(rng.integers(0, k, n), k)
    yield Case(np.array([2, 0, 1, 0]), 3, note="paper, glass, metal, glass")
    yield Case(np.array([0, 1, 1, 0]), 3, note="a batch in which the last class does not occur")
    yield Case(np.array([1]), 2, note="one row")


ONE_HOT = Exercise(
    id="03-one-hot",
    title="From class numbers to rows",
    level=1,
    concept="one-hot labels",
    prompt="""
`y` holds class numbers such as `[2, 0, 1]`, counted from 0. Return the one-hot table: a row for each label, a column
for each of the `n_classes` classes, a single 1 in each row.

Fill the blanks, run the cell, then `practice.exercise("03-one-hot").check(one_hot)`.
""",
    name="one_hot",
    cases=_numbers,
    starter="""
def one_hot(y, n_classes):
    rows = np.zeros((len(y), ...))
    rows[np.arange(len(y)), ...] = 1
    return rows
""",
    hints=(
        "How wide is a row? The labels at hand need not contain every class.",
        "Two index arrays of the same length make pairs: row 0 with the first label, row 1 with the second.",
        "The width is `n_classes`, and the second index array is `y`.",
    ),
    solution="""
def one_hot(y, n_classes):
    rows = np.zeros((len(y), n_classes))
    rows[np.arange(len(y)), y] = 1
    return rows
""",
    explanation="""
The class number is a *place*, not a quantity. The width comes from the task, so that training rows, test rows and the
network's last layer agree.
""",
    alternatives=(
        "def one_hot(y, n_classes):\n    return np.eye(n_classes)[y]",
        "def one_hot(y, n_classes):\n    return (y[:, None] == np.arange(n_classes)).astype(int)",
        """
def one_hot(labels, k):
    return np.array([[1 if place == label else 0 for place in range(k)] for label in labels])
""",
    ),
    mistakes=(
        Mistake(
            "width-from-the-labels",
            "def one_hot(y, n_classes):\n    return np.eye(y.max() + 1)[y]",
            "The table is as wide as the largest label at hand. In a batch without the last class it is too "
            "narrow for the network. The number of classes is given.",
            "width-is-known",
        ),
        Mistake(
            "from-one",
            "def one_hot(y, n_classes):\n    return np.eye(n_classes)[y - 1]",
            "Every 1 stands one place too far to the left, and class 0 wraps around to the end. Classes "
            "are counted from 0, as places are.",
            "classes-count-from-one",
        ),
        Mistake(
            "grid",
            """
def one_hot(y, n_classes):
    rows = np.zeros((len(y), n_classes))
    rows[:, y] = 1
    return rows
""",
            "Each row has a 1 for *every* class that occurs anywhere in `y`. Pair each row with its own "
            "label instead of all rows (`:`) with all labels.",
            "index-pairs-are-a-grid",
        ),
        Mistake(
            "number-as-value",
            """
def one_hot(y, n_classes):
    rows = np.zeros((len(y), n_classes))
    rows[np.arange(len(y)), y] = y
    return rows
""",
            "The class *number* stands in the table, so class 0 has no mark at all and class 2 counts "
            "double. The place already tells the class; the mark is always 1.",
            "class-numbers-have-distances",
        ),
        Mistake(
            "classes-as-rows",
            "def one_hot(y, n_classes):\n    return np.eye(n_classes)[:, y]",
            "Here each *column* is a label. As everywhere in the course, a sample is a row.",
            "columns-are-samples",
        ),
    ),
)

_NAMES = ["sport", "politics", "science", "music"]


def _tags(rng: np.random.Generator) -> Iterator[Case]:
    for n in (4, 6):
        picks = rng.random((n, 4)) < 0.5
        yield Case([[name for name, on in zip(_NAMES, row, strict=True) if on] for row in picks], _NAMES)
    yield Case(
        [["sport"], ["science", "politics"], [], ["music", "sport"]],
        _NAMES,
        note="an article without tags among the others",
    )
    yield Case([["music", "music", "sport"]], _NAMES, note="a tag that was typed twice")
    yield Case([["science"], ["sport"]], _NAMES, note="a batch in which two tags do not occur")


MULTI_HOT = Exercise(
    id="03-multi-hot",
    title="From tags to rows",
    level=1,
    concept="multi-hot labels",
    prompt="""
`tags` holds a list of tags for each article, such as `[["sport"], [], ["music", "sport"]]`. `names` holds all tags there
are, in the order of the columns. Return the multi-hot table: a row for each article, a column for each name, 1 for yes
and 0 for no.
""",
    name="multi_hot",
    cases=_tags,
    starter="""
def multi_hot(tags, names):
    rows = np.zeros((len(tags), len(names)), dtype=int)
    for i, tags_of_article in enumerate(tags):
        for tag in tags_of_article:
            rows[i, ...] = ...
    return rows
""",
    hints=(
        "Which column belongs to a tag? The order of `names` decides, nothing else.",
        "`names.index(tag)` is the place of a tag in the list.",
        "A yes is a 1, even if the tag was typed twice: `rows[i, names.index(tag)] = 1`.",
    ),
    solution="""
def multi_hot(tags, names):
    rows = np.zeros((len(tags), len(names)), dtype=int)
    for i, tags_of_article in enumerate(tags):
        for tag in tags_of_article:
            rows[i, names.index(tag)] = 1
    return rows
""",
    explanation="""
The columns are fixed by `names`, for training rows, test rows and tomorrow's articles alike. An article without tags is a
row of zeros: four noes, and a perfectly good answer.
""",
    alternatives=(
        "def multi_hot(tags, names):\n    return np.array([[int(n in of) for n in names] for of in tags])",
        """
def multi_hot(tags, names):
    one = dict(zip(names, np.eye(len(names))))
    return np.array([np.clip(sum((one[t] for t in of), np.zeros(len(names))), 0, 1) for of in tags])
""",
        """
def multi_hot(tags, names):
    from sklearn.preprocessing import MultiLabelBinarizer

    return MultiLabelBinarizer(classes=names).fit_transform(tags)
""",
    ),
    mistakes=(
        Mistake(
            "alphabetical",
            """
def multi_hot(tags, names):
    return np.array([[int(n in of) for n in sorted(names)] for of in tags])
""",
            "Your columns are in alphabetical order. `names` has another one, and the network's outputs "
            "will be read in that order: *music* would be called *sport*.",
            "columns-follow-the-data",
        ),
        Mistake(
            "columns-from-the-tags",
            """
def multi_hot(tags, names):
    found = [n for n in names if any(n in of for of in tags)]
    return np.array([[int(n in of) for n in found] for of in tags])
""",
            "A tag that no article at hand bears has no column here. Another batch would get other columns. "
            "Make one for each of `names`.",
            "width-is-known",
        ),
        Mistake(
            "counted",
            "def multi_hot(tags, names):\n    return np.array([[of.count(n) for n in names] for of in tags])",
            "A tag that was typed twice gets a 2. The question is yes or no, not how often.",
        ),
        Mistake(
            "first-tag-only",
            """
def multi_hot(tags, names):
    return np.array([[int(of[:1] == [n]) for n in names] for of in tags])
""",
            "Only the first tag of each article is marked, as if there could be one answer only. Several "
            "may be right.",
            "myth-multi-label-is-multi-class",
        ),
        Mistake(
            "empty-dropped",
            """
def multi_hot(tags, names):
    return np.array([[int(n in of) for n in names] for of in tags if of]).reshape(-1, len(names))
""",
            "Articles without tags are missing from your table, so its rows no longer belong to the rows of "
            "`X`. No tag is an answer: a row of zeros.",
            "empty-row-is-a-gap",
        ),
    ),
)
