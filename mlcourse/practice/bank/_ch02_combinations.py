"""Lesson 02: combinations of tags as classes, and combinations that training never showed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _tags(rng: np.random.Generator) -> Iterator[Case]:
    for shape in ((10, 4), (8, 3), (12, 2)):
        yield Case(rng.integers(0, 2, shape))
    yield Case(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]]), note="three boxes of one tag each")
    yield Case(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]), note="two tags in every box")
    yield Case(
        np.array([[1, 1, 0], [0, 0, 1], [1, 1, 0]]), note="the first two tags together, and the third alone"
    )
    yield Case(np.array([[0, 0], [1, 1], [0, 0]]), note="a box without any tag")


def _there_and_back(answer: Any, Y: Any) -> Any:
    """Return the rows that the codes stand for, and how many classes there are: their order is free."""
    combinations, code = answer(Y)
    combinations, code = np.asarray(combinations), np.asarray(code).ravel()
    return combinations[code], len(combinations), len(np.unique(code))


POWERSET = Exercise(
    id="02-powerset",
    title="Every combination a class",
    level=2,
    concept="label powerset",
    prompt="""
For label powerset a colleague turns rows of tags into class numbers. `combinations` shall hold each different row that occurs in
`Y`, once, and `code[i]` the place of row `i` among them, so that `combinations[code]` gives `Y` back. But it gives back other rows.
Find the bug. (In which order the combinations stand is up to you.)
""",
    name="powerset_classes",
    cases=_tags,
    probe=_there_and_back,
    starter="""
def powerset_classes(Y):
    code = Y.sum(axis=1)
    combinations = np.array([Y[code == k][0] for k in np.unique(code)])
    return combinations, np.searchsorted(np.unique(code), code)
""",
    hints=(
        "Which number does the colleague give to the box `[1, 0, 0]`, and which to `[0, 0, 1]`?",
        "Two different rows need two different numbers. A sum forgets *where* the 1s are.",
        "Read the row as a binary number (`Y @ [8, 4, 2, 1]` for four tags), or let `np.unique(Y, axis=0, return_inverse=True)` do it.",
    ),
    solution="""
def powerset_classes(Y):
    combinations, code = np.unique(Y, axis=0, return_inverse=True)
    return combinations, code.ravel()
""",
    explanation="""
The sum counts the tags, so all boxes with one tag became the same class. `np.unique` with `axis=0` compares whole rows; with
`return_inverse=True` it also tells for each row which of the different rows it is.
""",
    alternatives=(
        """
def powerset_classes(Y):
    code = Y @ (2 ** np.arange(Y.shape[1]))
    combinations = np.array([Y[code == k][0] for k in np.unique(code)])
    return combinations, np.searchsorted(np.unique(code), code)
""",
        """
def powerset_classes(Y):
    place = {}
    code = [place.setdefault(tuple(row), len(place)) for row in Y.tolist()]
    return np.array(list(place)), np.array(code)
""",
        """
def powerset_classes(Y):
    names = np.array(["".join(map(str, row)) for row in Y])
    different, first, code = np.unique(names, return_index=True, return_inverse=True)
    return Y[first], code
""",
    ),
    mistakes=(
        Mistake(
            "first-tag",
            """
def powerset_classes(Y):
    code = Y.argmax(axis=1)
    combinations = np.array([Y[code == k][0] for k in np.unique(code)])
    return combinations, np.searchsorted(np.unique(code), code)
""",
            "The `argmax` of a row of tags is the place of its *first* 1. Boxes that begin with the same fruit still share a "
            "class.",
            "argmax-is-the-first-tag",
        ),
        Mistake(
            "place-times-tag",
            """
def powerset_classes(Y):
    code = Y @ np.arange(1, Y.shape[1] + 1)
    combinations = np.array([Y[code == k][0] for k in np.unique(code)])
    return combinations, np.searchsorted(np.unique(code), code)
""",
            "Better: the places count now. But 1 + 2 = 3, so the first two tags together get the number of the third alone. "
            "Which weights make all sums differ?",
            "combinations-grow-by-adding",
        ),
        Mistake(
            "every-row-its-own",
            """
def powerset_classes(Y):
    return Y, np.arange(len(Y))
""",
            "The rows come back, but each box is a class of its own, with one example. Equal rows have to share a class.",
            "combinations-are-the-labels",
        ),
        Mistake(
            "all-possible",
            """
def powerset_classes(Y):
    bits = 2 ** np.arange(Y.shape[1])
    combinations = (np.arange(2 ** Y.shape[1])[:, None] // bits) % 2
    return combinations, Y @ bits
""",
            "The rows come back, but you list *every possible* combination, also those that never occur. A class without an "
            "example cannot be learned, and with 20 tags there would be a million.",
            "powerset-can-say-anything",
        ),
    ),
)


def _train_and_test(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((6, 3), (10, 4), (5, 2)):
        yield Case(rng.integers(0, 2, (n, k)), rng.integers(0, 2, (8, k)))
    Y = np.array([[1, 0, 0], [0, 1, 0]])
    yield Case(
        Y, np.array([[1, 0, 0], [1, 1, 0], [1, 1, 0], [0, 0, 1]]), note="a new combination that comes twice"
    )
    yield Case(Y, Y[::-1], note="everything has been seen")
    yield Case(Y, np.array([[1, 1, 1], [0, 0, 0]]), note="nothing has been seen")


NEVER_SEEN = Exercise(
    id="02-never-seen",
    title="Combinations that training never showed",
    level=3,
    concept="label powerset",
    prompt="""
Label powerset gets every box wrong whose combination does not occur in training. Return that share: of the rows of `Y_test`,
how many are equal to **no** row of `Y_train`? **One number**, from 0 to 1.
""",
    name="never_seen",
    cases=_train_and_test,
    starter="""
def never_seen(Y_train, Y_test):
    return ...
""",
    hints=(
        "A row is a combination. As a `tuple` it can be put into a `set`, and looked up there.",
        "`seen = set(map(tuple, Y_train.tolist()))`.",
        "Then for each row of `Y_test`: `tuple(row) not in seen`. The mean of these is the share.",
    ),
    solution="""
def never_seen(Y_train, Y_test):
    seen = set(map(tuple, Y_train.tolist()))
    return np.mean([tuple(row) not in seen for row in Y_test.tolist()])
""",
    explanation="""
Compute this share before you choose label powerset: one minus it is the most whole rows that the method can ever get right.
""",
    alternatives=(
        """
def never_seen(Y_train, Y_test):
    equal = (Y_test[:, None, :] == Y_train[None, :, :]).all(axis=2)
    return 1 - equal.any(axis=1).mean()
""",
        """
def never_seen(Y_train, Y_test):
    weights = 2 ** np.arange(Y_train.shape[1])
    return (~np.isin(Y_test @ weights, Y_train @ weights)).mean()
""",
        """
def never_seen(old, new):
    missing = 0
    for row in new:
        if not any(np.array_equal(row, other) for other in old):
            missing += 1
    return missing / len(new)
""",
    ),
    mistakes=(
        Mistake(
            "seen-instead",
            """
def never_seen(Y_train, Y_test):
    seen = set(map(tuple, Y_train.tolist()))
    return np.mean([tuple(row) in seen for row in Y_test.tolist()])
""",
            "That is the share of boxes whose combination *has* been seen. Asked for are the others.",
        ),
        Mistake(
            "different-combinations",
            """
def never_seen(Y_train, Y_test):
    seen, new = (set(map(tuple, Y.tolist())) for Y in (Y_train, Y_test))
    return len(new - seen) / len(new)
""",
            "You count each new combination once. If it comes in a hundred boxes, a hundred boxes will be wrong: count rows.",
            "average-row-stands-for-all",
        ),
        Mistake(
            "by-number-of-tags",
            """
def never_seen(Y_train, Y_test):
    return (~np.isin(Y_test.sum(axis=1), Y_train.sum(axis=1))).mean()
""",
            "You compare how *many* tags the boxes have. Apple and banana are not lemon and grapes.",
            "combinations-are-the-labels",
        ),
        Mistake(
            "tag-by-tag",
            """
def never_seen(Y_train, Y_test):
    return (~(Y_test <= Y_train.max(axis=0)).all(axis=1)).mean()
""",
            "You ask whether each *tag* of the box has been seen. The combination may still be new: apples came and lemons came, "
            "but never together.",
            "tags-right-means-rows-right",
        ),
        Mistake(
            "same-place",
            """
def never_seen(Y_train, Y_test):
    n = min(len(Y_train), len(Y_test))
    return 1 - (Y_train[:n] == Y_test[:n]).all(axis=1).mean()
""",
            "You compare row 0 with row 0, row 1 with row 1. A combination counts as seen wherever in the training rows it "
            "stands.",
        ),
    ),
)
