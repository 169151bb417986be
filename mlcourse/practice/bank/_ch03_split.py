"""Lesson 03: hold back a share of each class, number the label sets, pick columns without a leak."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _classes(rng: np.random.Generator) -> Iterator[Case]:
    # Shares such as a half and a quarter are exact in binary, so rounding up is never a matter of luck.
    for n, share in ((12, 0.25), (20, 0.5), (16, 0.25)):
        yield Case(rng.choice(3, n, p=[0.6, 0.3, 0.1]), share)
    yield Case(np.array([0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0]), 0.25, note="a rare class with two rows")
    yield Case(np.array([2, 2, 2, 2, 0, 0, 0, 0]), 0.5, note="sorted rows, and no row of class 1")
    yield Case(np.array([1, 1, 1, 1, 1, 1, 0, 0]), 0.25, note="the rare class comes last")


HOLD_BACK = Exercise(
    id="03-hold-back",
    title="A share of each class",
    level=3,
    concept="stratified split",
    prompt="""
Write a stratified split. `y` holds the class of each row. `hold_back(y, share)` returns an array of True and False, True for
the rows to hold back: of **each class** the first `share` of its rows, in the order in which they stand, rounded **up**.

With `y = [0, 0, 1, 0, 0, 1]` and `share = 0.5`: two of the four 0s and one of the two 1s, so
`[True, True, True, False, False, False]`.
""",
    name="hold_back",
    cases=_classes,
    starter="""
def hold_back(y, share):
    return ...
""",
    hints=(
        "Begin with an array of False for all rows. Then take one class after the other.",
        "`np.flatnonzero(y == c)` gives the row numbers of class `c`, in their order.",
        ("Of these, the first `int(np.ceil(share * len(rows)))` are held back: `held[rows[:n]] = True`."),
    ),
    solution="""
def hold_back(y, share):
    held = np.zeros(len(y), dtype=bool)
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        held[rows[: int(np.ceil(share * len(rows)))]] = True
    return held
""",
    explanation="""
Stratified means: split each class by itself. (Real splits shuffle the rows of each class first; here they are taken in order,
so that there is one right answer.) Rounding up sees to it that every class is tested. scikit-learn rounds to the nearest whole
row, so there a very rare class can still be missing.
""",
    alternatives=(
        """
def hold_back(y, share):
    place = np.array([np.sum(y[:i] == c) for i, c in enumerate(y)])  # how many of its class came before
    size = np.array([np.sum(y == c) for c in y])
    return place < np.ceil(share * size)
""",
        """
def hold_back(y, share):
    import math
    from collections import Counter

    left = {c: math.ceil(share * n) for c, n in Counter(y.tolist()).items()}
    held = []
    for c in y.tolist():
        held.append(left[c] > 0)
        left[c] -= 1
    return np.array(held)
""",
        """
def hold_back(y, share):
    order = np.argsort(y, kind="stable")
    sizes = np.unique(y, return_counts=True)[1]
    held = np.empty(len(y), dtype=bool)
    held[order] = np.concatenate([np.arange(n) < np.ceil(share * n) for n in sizes])
    return held
""",
    ),
    mistakes=(
        Mistake(
            "first-rows-of-all",
            "def hold_back(y, share):\n    return np.arange(len(y)) < np.ceil(share * len(y))",
            "This holds back the first rows of the whole table, whatever their class. If the rows are sorted, one "
            "class is missing on one of the sides.",
            "chance-keeps-shares",
        ),
        Mistake(
            "same-number-of-each",
            """
def hold_back(y, share):
    held = np.zeros(len(y), dtype=bool)
    n = int(np.ceil(share * len(y) / len(np.unique(y))))
    for c in np.unique(y):
        held[np.flatnonzero(y == c)[:n]] = True
    return held
""",
            "You hold back the same *number* of each class. Then the rare class is far more common among the "
            "test rows than it is in truth, and hardly a row of it is left for training. Keep the *share*.",
            "missing-share-is-the-test-share",
        ),
        Mistake(
            "rounded-down",
            """
def hold_back(y, share):
    held = np.zeros(len(y), dtype=bool)
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        held[rows[: int(share * len(rows))]] = True
    return held
""",
            "The number is rounded *down*. A class with two rows and a share of a quarter gets no test row at "
            "all. Round up.",
        ),
        Mistake(
            "rounded-to-the-nearest",
            """
def hold_back(y, share):
    held = np.zeros(len(y), dtype=bool)
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        held[rows[: round(share * len(rows))]] = True
    return held
""",
            "The number is rounded to the *nearest* whole one. A quarter of a class with two rows is half a row, which "
            "becomes none. Round up.",
        ),
        Mistake(
            "other-side",
            """
def hold_back(y, share):
    held = np.zeros(len(y), dtype=bool)
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        held[rows[: int(np.ceil(share * len(rows)))]] = True
    return ~held
""",
            "True and False are the wrong way round: True should stand for the rows that are held back.",
        ),
        Mistake(
            "last-rows",
            """
def hold_back(y, share):
    held = np.zeros(len(y), dtype=bool)
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        held[rows[::-1][: int(np.ceil(share * len(rows)))]] = True
    return held
""",
            "Right in number, class by class. But these are the *last* rows of each class; the first ones are "
            "asked for.",
        ),
    ),
)


def _tables(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((9, 3), (12, 2), (10, 3)):
        yield Case(rng.integers(0, 2, (n, k)))
    yield Case(
        np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1], [0, 0, 0], [0, 1, 1], [0, 0, 0]]),
        note="two label sets occur twice, two occur once",
    )
    yield Case(
        np.array([[1, 1, 0], [0, 0, 1], [1, 1, 0], [0, 0, 1]]), note="{first, second} and {third}, twice each"
    )
    yield Case(np.array([[1, 0], [0, 1], [1, 1]]), note="every label set occurs once")


def _partition(answer: Any, Y: Any) -> Any:
    """Renumber the groups by their first row, so that any numbers that tell the same rows apart are right."""
    out = np.asarray(answer(Y))
    if out.shape != (len(Y),):
        return out
    number: dict[Any, int] = {}
    values = ["nan" if str(value) == "nan" else value for value in out.tolist()]  # NaN, too, is one mark
    return np.array([number.setdefault(value, len(number)) for value in values])


LABEL_SETS = Exercise(
    id="03-label-sets",
    title="Groups for a stratified split",
    level=3,
    concept="stratifying label sets",
    prompt="""
`train_test_split(X, Y, stratify=Y)` stops if a label set occurs only once. Write `groups(Y)`, so that
`stratify=groups(Y)` works: one number for each row of the multi-hot table `Y`,
- the same number for two rows if they have the same label set, another one if not;
- but all rows whose label set occurs **only once** share one number of their own, the group of the rare ones.

Which numbers you take does not matter.
""",
    name="groups",
    cases=_tables,
    probe=_partition,
    starter="""
def groups(Y):
    return ...
""",
    hints=(
        "`np.unique` with `axis=0` compares whole rows. It can also return which of the different rows each row is.",
        (
            "`_, number, counts = np.unique(Y, axis=0, return_inverse=True, return_counts=True)`. "
            "(`number.ravel()` makes it flat in every version of NumPy.)"
        ),
        "`counts[number]` says for each row how often its set occurs. Where that is 1, write -1 instead of the number.",
    ),
    solution="""
def groups(Y):
    _, number, counts = np.unique(Y, axis=0, return_inverse=True, return_counts=True)
    number = number.ravel()
    return np.where(counts[number] == 1, -1, number)
""",
    explanation="""
Each frequent label set keeps its share on both sides, and so do the rare ones together. With many tags most sets are rare; then
iterative stratification, tag by tag, is the better tool. (If only *one* set is rare, its group has a single row and the split
still stops. Then give this row to another group.)
""",
    alternatives=(
        """
def groups(Y):
    from collections import Counter

    rows = [tuple(row) for row in Y.tolist()]
    often = Counter(rows)
    names = sorted(set(rows))
    return np.array([names.index(row) if often[row] > 1 else len(names) for row in rows])
""",
        """
def groups(Y):
    code = Y @ (2 ** np.arange(Y.shape[1]))  # each set as a binary number
    return np.array([c if np.sum(code == c) > 1 else -1 for c in code])
""",
        """
def groups(Y):
    same = (Y[:, None] == Y[None]).all(axis=2)
    return np.where(same.sum(axis=1) > 1, same.argmax(axis=1), len(Y))
""",
    ),
    mistakes=(
        Mistake(
            "how-many-tags",
            "def groups(Y):\n    return Y.sum(axis=1)",
            "These groups tell how *many* tags a row has, not which. {sport} and {music} are in one group.",
            "label-sets-are-counts",
        ),
        Mistake(
            "first-tag",
            "def groups(Y):\n    return Y.argmax(axis=1)",
            "This looks at the first tag of each row alone. And a row without tags counts as one with the first "
            "tag.",
            "myth-multi-label-is-multi-class",
        ),
        Mistake(
            "rare-ones-alone",
            """
def groups(Y):
    return np.unique(Y, axis=0, return_inverse=True)[1].ravel()
""",
            "The label sets are told apart. But a set that occurs once still has a group to itself, and "
            "`train_test_split` will stop. Put these rows into one group.",
            "stratify-keeps-each-tag",
        ),
        Mistake(
            "sums-that-collide",
            """
def groups(Y):
    code = Y @ np.arange(1, Y.shape[1] + 1)
    return np.array([c if np.sum(code == c) > 1 else -1 for c in code])
""",
            "Adding up the numbers of the tags lets sets collide: 1 + 2 = 3, so {first, second} and {third} look the "
            "same. Powers of two would not collide.",
        ),
        Mistake(
            "pairs-are-rare-too",
            """
def groups(Y):
    _, number, counts = np.unique(Y, axis=0, return_inverse=True, return_counts=True)
    number = number.ravel()
    return np.where(counts[number] <= 2, -1, number)
""",
            "Sets that occur twice are among the rare ones here. Two rows are enough: one for each side.",
        ),
        Mistake(
            "mark-that-is-taken",
            """
def groups(Y):
    _, number, counts = np.unique(Y, axis=0, return_inverse=True, return_counts=True)
    number = number.ravel()
    return np.where(counts[number] == 1, 0, number)
""",
            "0 is already the number of a label set, the first one. If that one is not rare, its rows and the rare ones "
            "are thrown together. Take a number that is still free, such as -1.",
        ),
        Mistake(
            "how-often",
            """
def groups(Y):
    _, number, counts = np.unique(Y, axis=0, return_inverse=True, return_counts=True)
    return counts[number.ravel()]
""",
            "These are how *often* each row's label set occurs. Two different sets that both occur twice get the same "
            "number. Tell the sets apart, and use the counts only to find the rare ones.",
        ),
    ),
)


def _columns(rng: np.random.Generator) -> Iterator[Case]:
    for n, d, k in ((20, 12, 3), (16, 9, 4), (24, 15, 2)):
        X = rng.normal(size=(n, d))
        y = rng.permutation(np.arange(n) % 2)
        chosen = rng.permutation(n)
        # Both classes stand on both sides, and not equally often: sums are not means.
        train = np.concatenate([chosen[y[chosen] == c][: n // 4 + 2 * c] for c in (0, 1)])
        yield Case(X, y, train, k)
    X = np.zeros((8, 4))
    y = np.array([0, 0, 1, 1, 0, 0, 1, 1])
    X[:, 0] = [0, 0, 1, 1, 0, 0, 1, 1]
    X[:, 1] = [0, 0, -3, -3, 0, 0, 0, 0]  # smaller where the class is 1
    X[:, 2] = [0, 0, 0.5, 0.5, 0, 0, 9, 9]  # stands out among the held-back rows only
    X[:, 3] = [0, 0, 0.1, 0.1, 0, 0, -7, -7]
    yield Case(X, y, np.arange(4), 2, note="two columns stand out among the held-back rows only")


def _pick(rows: str, gap: str = "np.abs(one - nought)", take: str = "np.sort(np.argsort(gap)[-k:])") -> str:
    """Return the code of `pick` that learns from the named rows, by the named gap."""
    return f"""
def pick(X, y, train, k):
    X, y = {rows}
    one, nought = X[y == 1].mean(axis=0), X[y == 0].mean(axis=0)
    gap = {gap}
    return {take}
"""


_REST = "np.delete(X, train, axis=0), np.delete(y, train)"

PICK = Exercise(
    id="03-pick",
    title="Pick columns without a leak",
    level=3,
    concept="a leak through feature selection",
    prompt="""
`X` is a table, `y` holds 0 and 1 for each row, `train` holds the **numbers of the training rows**; the others are held back.
Write `pick(X, y, train, k)`: an array with the numbers of the `k` columns whose mean differs most between class 1 and class 0,
up or down, in rising order. It must not learn anything from the rows that are held back.
""",
    name="pick",
    cases=_columns,
    starter="""
def pick(X, y, train, k):
    return ...
""",
    hints=(
        "Which rows may take part? Take them out of `X` and `y` first, and forget the others.",
        "For each column: the mean where `y` is 1, minus the mean where it is 0. Up or down: which function drops the sign?",
        (
            "`np.argsort(gap)` gives the column numbers, smallest gap first. The last `k` of them are wanted, "
            "then `np.sort`."
        ),
    ),
    solution=_pick("X[train], y[train]"),
    explanation="""
One line decides, the one that takes the training rows. All others would be the same in the editor's tutorial. A pick is learned
from many rows, and from their labels, so it belongs after the split.
""",
    alternatives=(
        """
def pick(X, y, train, k):
    sign = np.where(y[train] == 1, 1 / np.sum(y[train] == 1), -1 / np.sum(y[train] == 0))
    return np.sort(np.argsort(-np.abs(sign @ X[train]))[:k])
""",
        """
def pick(X, y, train, k):
    gaps = []
    for j in range(X.shape[1]):
        one = [X[i, j] for i in train if y[i] == 1]
        nought = [X[i, j] for i in train if y[i] == 0]
        gaps.append((abs(np.mean(one) - np.mean(nought)), j))
    return np.array(sorted(j for _, j in sorted(gaps, reverse=True)[:k]))
""",
        """
def pick(X, y, train, k):
    is_train = np.isin(np.arange(len(y)), train)
    gap = (X[is_train & (y == 1)].mean(axis=0) - X[is_train & (y == 0)].mean(axis=0)) ** 2
    return np.flatnonzero(gap >= np.partition(gap, -k)[-k])
""",
    ),
    mistakes=(
        Mistake(
            "all-rows",
            _pick("X, y"),
            "The rows that are held back take part, with their labels. On 2000 words and 50 articles this is how "
            "a lottery came to be forecast. `train` says which rows may teach.",
            "held-back-rows-are-always-safe",
        ),
        Mistake(
            "held-back-rows",
            _pick(_REST),
            "You learn from the rows that are *held back*, and from none of the others. `train` holds the "
            "numbers of the rows that may teach.",
            "fit-scaler-on-test-rows",
        ),
        Mistake(
            "only-up",
            _pick("X[train], y[train]", gap="one - nought"),
            "A column that is much *smaller* where the class is 1 tells as much as one that is larger. Drop "
            "the sign before you compare.",
        ),
        Mistake(
            "smallest",
            _pick("X[train], y[train]", take="np.sort(np.argsort(gap)[:k])"),
            "These are the columns that differ *least*. `argsort` begins with the smallest.",
        ),
        Mistake(
            "not-in-order",
            _pick("X[train], y[train]", take="np.argsort(gap)[-k:]"),
            "The right columns, in the order of their gaps. Rising column numbers are asked for, so that the "
            "columns keep their order in the table.",
        ),
        Mistake(
            "sums",
            _pick("X[train], y[train]").replace("mean(", "sum("),
            "You compare *sums*. The class with more training rows has the larger sums, whatever its readings are. "
            "Compare means.",
        ),
        Mistake(
            "f-value",
            """
def pick(X, y, train, k):
    from sklearn.feature_selection import SelectKBest, f_classif

    return SelectKBest(f_classif, k=k).fit(X[train], y[train]).get_support(indices=True)
""",
            "No leak in this. But `f_classif` divides the gap by how much the readings spread within the classes. Here the "
            "plain gap between the two means is asked for.",
        ),
    ),
)
