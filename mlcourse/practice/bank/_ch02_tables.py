"""Lesson 02: the three label tables of a box, and from outputs back to one answer or many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _boxes(rng: np.random.Generator) -> Iterator[Case]:
    for n in (5, 7):
        yield Case(rng.integers(0, 2, (n, 4)) * rng.integers(1, 5, (n, 4)) * [150, 120, 90, 250])
    yield Case(np.array([[300, 0, 0, 0], [0, 0, 90, 0]]), note="boxes without a banana")
    yield Case(np.array([[150, 480, 0, 0], [150, 120, 0, 0]]), note="a banana box and a box with a banana")
    yield Case(np.array([[150, 120, 90, 250]]), note="one box with everything")


def _tables(banana: str, basket: str, tags: str) -> str:
    return f"""
def three_tables(grams):
    has_banana = {banana}
    basket = {basket}
    tags = {tags}
    return has_banana, basket, tags
"""


_BANANA = "(grams[:, 1] > 0).astype(int)"
_BASKET = "grams.argmax(axis=1)"
_TAGS = "(grams > 0).astype(int)"

THREE_TABLES = Exercise(
    id="02-three-tables",
    title="Three tables from the same boxes",
    level=1,
    concept="how labels are written",
    prompt="""
`grams` has a row for each box and a column for each fruit: apple, banana, lemon, grapes. Make the three label tables:

- `has_banana`: 1 for each box with bananas, else 0 (the packer)
- `basket`: for each box the number of its heaviest fruit (the boss)
- `tags`: for each box a row of four, 1 for each fruit inside, else 0 (the shop)

Fill the blanks, run the cell, then `practice.exercise("02-three-tables").check(three_tables)`.
""",
    name="three_tables",
    cases=_boxes,
    starter="""
def three_tables(grams):
    has_banana = ...
    basket = ...
    tags = ...
    return has_banana, basket, tags
""",
    hints=(
        "The packer and the shop ask *is there any?* That is a comparison with 0. The boss asks *which?*",
        "The bananas are column 1: `grams[:, 1]`. The place of the largest number in each row: `argmax(axis=1)`.",
        "`(grams > 0).astype(int)` are the shop's rows. The packer's column is made in the same way.",
    ),
    solution=_tables(_BANANA, _BASKET, _TAGS),
    explanation="""
Two comparisons and an `argmax`. The comparison is asked of every fruit by itself, so any number can be 1.
`argmax` compares the fruits with each other, so there is one answer a row.
""",
    alternatives=(
        """
def three_tables(grams):
    tags = np.where(grams > 0, 1, 0)
    return tags[:, 1], np.argmax(grams, axis=1), tags
""",
        """
def three_tables(grams):
    basket = np.array([list(row).index(max(row)) for row in grams])
    tags = np.sign(grams)
    return np.minimum(grams[:, 1], 1), basket, tags
""",
        """
def three_tables(boxes):
    tags = np.array([[int(g != 0) for g in box] for box in boxes])
    order = np.argsort(-boxes, axis=1, kind="stable")
    return tags.T[1], order[:, 0], tags
""",
    ),
    mistakes=(
        Mistake(
            "banana-is-basket",
            _tables("(grams.argmax(axis=1) == 1).astype(int)", _BASKET, _TAGS),
            "`has_banana` is 1 only where the banana is the *heaviest*. The packer wants to know of every "
            "banana, also of one beside a kilo of grapes.",
            "class-is-the-only-tag",
        ),
        Mistake(
            "one-hot-tags",
            _tables(_BANANA, _BASKET, "np.eye(4, dtype=int)[grams.argmax(axis=1)]"),
            "Each row of your `tags` has exactly one 1, at the heaviest fruit. That is the boss's answer as a "
            "one-hot row. The shop wants every fruit inside.",
            "class-is-the-only-tag",
        ),
        Mistake(
            "argmax-of-tags",
            _tables(_BANANA, "(grams > 0).argmax(axis=1)", _TAGS),
            "`basket` is the *first* fruit that is inside, not the heaviest: an `argmax` of 0s and 1s stops at "
            "the first 1. Ask it of the grams.",
            "argmax-is-the-first-tag",
        ),
        Mistake(
            "wrong-axis",
            _tables(_BANANA, "grams.argmax(axis=0)", _TAGS),
            "`argmax(axis=0)` walks down the columns: for each *fruit* it finds the heaviest *box*. A label "
            "belongs to a box, so stay in the row.",
            "columns-are-samples",
        ),
        Mistake(
            "heaviest-weight",
            _tables(_BANANA, "grams.max(axis=1)", _TAGS),
            "`max` gives the weight of the heaviest fruit. The basket is its *place* in the row.",
            "argmax-is-max",
        ),
        Mistake(
            "grams-as-tags",
            _tables("grams[:, 1]", _BASKET, "grams"),
            "A tag is a yes or a no. Your tables still hold grams; compare them with 0.",
        ),
        Mistake(
            "column-from-one",
            _tables("(grams[:, 2] > 0).astype(int)", _BASKET, _TAGS),
            "Your first table is about lemons. Columns are counted from 0, so the bananas are column 1.",
            "classes-count-from-one",
        ),
    ),
)


def _outputs(rng: np.random.Generator) -> Iterator[Case]:
    for n in (4, 6):
        z = rng.normal(0, 1.5, (n, 4))
        yield Case(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), "multi-class")
        yield Case(1 / (1 + np.exp(-z)), "multi-label")
    yield Case(np.array([[0.3, 0.2, 0.1, 0.4]]), "multi-class", note="a winner below one half")
    yield Case(np.array([[0.1, 0.2, 0.05, 0.3]]), "multi-label", note="no output reaches one half")
    yield Case(np.array([[0.9, 0.8, 0.6, 0.7]]), "multi-label", note="all outputs above one half")
    yield Case(np.array([[0.5, 0.49, 0.51, 0.0]]), "multi-label", note="an output of exactly one half")


def _answers(one: str, many: str) -> str:
    return f"""
def answers(P, task):
    if task == "multi-class":
        return {one}
    return {many}
"""


_ONE, _MANY = "P.argmax(axis=1)", "(P >= 0.5).astype(int)"

ANSWERS = Exercise(
    id="02-answers",
    title="From outputs to answers",
    level=1,
    concept="from outputs to one answer or many",
    prompt="""
`P` holds a network's outputs, a row for each box. If `task` is `"multi-class"`, return for each box the **number of the
winner**. If it is `"multi-label"`, return a **row of 0s and 1s** for each box: 1 where the output is at least 0.5.
""",
    name="answers",
    cases=_outputs,
    starter="""
def answers(P, task):
    if task == "multi-class":
        return ...
    return ...
""",
    hints=(
        "One answer: the outputs compete within their row. Many: each output is compared with a bar.",
        "`argmax(axis=1)` for the one; for the others a comparison, turned into 0 and 1.",
        "`P.argmax(axis=1)` and `(P >= 0.5).astype(int)`.",
    ),
    solution=_answers(_ONE, _MANY),
    explanation="""
A winner needs no bar: 0.4 wins against 0.3, 0.2 and 0.1. A tag needs no rival: it is on from 0.5, whatever the
others say. So a multi-label answer can be empty or full.
""",
    alternatives=(
        """
def answers(P, task):
    return P.argmax(axis=1) if task == "multi-class" else np.where(P < 0.5, 0, 1)
""",
        """
def answers(P, task):
    if task != "multi-class":
        return np.array([[int(p >= 0.5) for p in row] for row in P])
    return np.array([max(range(len(row)), key=lambda k: row[k]) for row in P])
""",
        """
def answers(P, task):
    winners = np.argsort(-P, axis=1, kind="stable")[:, 0]
    tags = 1 - (P < 0.5)
    return {"multi-class": winners, "multi-label": tags}[task]
""",
    ),
    mistakes=(
        Mistake(
            "always-one-tag",
            """
def answers(P, task):
    if task == "multi-class":
        return P.argmax(axis=1)
    tags = (P >= 0.5).astype(int)
    tags[np.arange(len(P)), P.argmax(axis=1)] = 1
    return tags
""",
            "A box whose outputs are all below 0.5 gets a tag from you nevertheless. No tag at all is an allowed "
            "answer.",
            "library-fills-empty-answers",
        ),
        Mistake(
            "winner-as-row",
            _answers(_ONE, "np.eye(P.shape[1], dtype=int)[P.argmax(axis=1)]"),
            "For tags you let one output win. A box with apples *and* grapes then keeps one of its two tags.",
            "threshold-picks-one-label",
        ),
        Mistake(
            "threshold-for-classes",
            _answers("(P >= 0.5).argmax(axis=1)", _MANY),
            "For one class you compare with 0.5 first. A winner with 0.4 is then lost, and the box goes to class 0.",
            "winner-needs-half",
        ),
        Mistake(
            "wrong-axis",
            _answers("P.argmax(axis=0)", _MANY),
            "`axis=0` looks down the columns and finds a box for each class. Each box needs its winner, so "
            "compare within a row.",
            "columns-are-samples",
        ),
        Mistake(
            "greater-only",
            _answers(_ONE, "(P > 0.5).astype(int)"),
            "An output of exactly 0.5 is a yes here: *at least* 0.5.",
        ),
        Mistake(
            "tasks-swapped",
            """
def answers(P, task):
    if task == "multi-label":
        return P.argmax(axis=1)
    return (P >= 0.5).astype(int)
""",
            "The two tasks are swapped: the winner belongs to multi-class, the row of yes and no to multi-label.",
            "many-classes-mean-many-labels",
        ),
    ),
)
