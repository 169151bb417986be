"""Lesson 07: run the network again with a word less, or with as many more as it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, eq=False)
class _Score:
    """The logit of one tag, by a small ReLU network; called with one text."""

    W1: Any
    b1: Any
    w2: Any
    b2: float

    def __call__(self, x: Any) -> float:
        return float(np.maximum(0, np.asarray(x, dtype=float) @ self.W1 + self.b1) @ self.w2 + self.b2)

    def __repr__(self) -> str:
        return f"a score of a text of {len(self.W1)} words"


def _drawn(rng: np.random.Generator, words: int, units: int) -> _Score:
    return _Score(
        rng.normal(0, 1, (words, units)).round(1),
        rng.normal(0, 0.5, units).round(1),
        rng.normal(0, 1, units).round(1),
        0.2,
    )


def _texts(rng: np.random.Generator) -> Iterator[Case]:
    for words in (3, 4, 5):
        yield Case(_drawn(rng, words, 6), rng.uniform(0.5, 3, words).round(1))
    asleep = _Score(np.array([[2.0], [-1.0]]), np.array([0.0]), np.array([1.0]), 0.0)
    yield Case(asleep, np.array([1.0, 3.0]), note="the second word keeps the only unit off")
    twice = _Score(np.array([[1.0], [1.0]]), np.array([-1.0]), np.array([1.0]), 0.5)
    yield Case(twice, np.array([1.0, 1.0]), note="two words, and each alone leaves the unit at 0")


ABLATE = Exercise(
    id="07-ablate",
    title="One word less, and the next",
    level=2,
    concept="ablation",
    prompt="""
`score(x)` is a tag's logit for the text `x`. `ablate` should tell for each word by how much the score falls when **this word
alone** is set to 0. The first number is right, and the others are not. Find the bug and fix it.
""",
    name="ablate",
    cases=_texts,
    starter="""
def ablate(score, x):
    falls = []
    without = x.copy()
    for i in range(len(x)):
        without[i] = 0
        falls.append(score(x) - score(without))
    return np.array(falls)
""",
    hints=(
        "In the second round of the loop, how many words are 0?",
        "`without` is made once, and every round deletes one more word in it.",
        "Move `without = x.copy()` into the loop.",
    ),
    solution="""
def ablate(score, x):
    falls = []
    for i in range(len(x)):
        without = x.copy()
        without[i] = 0
        falls.append(score(x) - score(without))
    return np.array(falls)
""",
    explanation="""
With one copy for all rounds, words pile up in the bin: the last number was the fall for the *empty* text. The bug gives
plausible numbers, so test an ablation on something where you know the answer.
""",
    alternatives=(
        """
def ablate(score, x):
    rows = np.where(np.eye(len(x)) == 1, 0.0, x)
    return score(x) - np.array([score(row) for row in rows])
""",
        """
def ablate(score, x):
    keep = 1 - np.eye(len(x))
    return np.array([score(x) - score(x * mask) for mask in keep])
""",
        """
def ablate(score, x):
    full, falls = score(x), np.zeros(len(x))
    for i, value in enumerate(x):
        without = np.concatenate([x[:i], [0.0], x[i + 1 :]])
        falls[i] = full - score(without)
    return falls
""",
    ),
    mistakes=(
        Mistake(
            "sign",
            """
def ablate(score, x):
    rows = np.where(np.eye(len(x)) == 1, 0.0, x)
    return np.array([score(row) for row in rows]) - score(x)
""",
            "The words are deleted one by one now, but the signs are turned round: a word that carried the tag gets a negative number. "
            "Asked for is the fall, before minus after.",
        ),
        Mistake(
            "only-this-word",
            """
def ablate(score, x):
    rows = np.diag(x)
    return score(x) - np.array([score(row) for row in rows])
""",
            "Each round deletes all words **but** one. Turn it round: one goes, the others stay.",
            "flipping-needs-full-ablation",
        ),
        Mistake(
            "this-word-alone",
            """
def ablate(score, x):
    empty = score(np.zeros(len(x)))
    return np.array([score(row) - empty for row in np.diag(x)])
""",
            "This adds each word to an empty text. What a word does alone is not what is lost without it.",
            "contribution-equals-ablation",
        ),
        Mistake(
            "from-the-last",
            """
def ablate(score, x):
    falls, without, before = [], x.copy(), score(x)
    for i in range(len(x)):
        without[i] = 0
        now = score(without)
        falls.append(before - now)
        before = now
    return np.array(falls)
""",
            "Each fall is now counted from the round before. But the words still pile up: the last round runs on an empty text.",
            "ablation-depends-on-order",
        ),
        Mistake(
            "slope",
            """
def ablate(score, x):
    h = 1e-6 * np.eye(len(x))
    return x * np.array([(score(x + step) - score(x - step)) / 2e-6 for step in h])
""",
            "This is slope times value, the contribution. Where a unit switches without the word, the real run comes out differently.",
            "contribution-equals-ablation",
        ),
    ),
)


def _borders(rng: np.random.Generator) -> Iterator[Case]:
    line = _Score(np.array([[0.25], [1.0]]), np.array([0.0]), np.array([1.0]), -2.0)
    yield Case(line, np.array([3, 1]), 0, note="one mention is missing")
    yield Case(
        _Score(line.W1, line.b1, line.w2, -1.0), np.array([5, 0]), 0, note="a yes that hangs by two mentions"
    )
    bent = _Score(np.array([[1.0, -1.0]]), np.array([-10.0, 4.0]), np.array([0.5, 1.0]), -2.0)
    yield Case(bent, np.array([6]), 0, note="no at 6 mentions, and yes on both sides of it")
    yield Case(bent, np.array([1]), 0, note="a yes that two mentions more would turn")
    flat = _Score(np.array([[0.0], [1.0]]), np.array([0.0]), np.array([1.0]), -2.0)
    yield Case(flat, np.array([4, 1]), 0, note="this word cannot turn the answer")
    edge = _Score(np.array([[1.0]]), np.array([0.0]), np.array([1.0]), -8.0)
    yield Case(edge, np.array([5]), 0, note="a score of exactly 0 is a yes")
    for _ in range(4):
        words = 4
        score = _drawn(rng, words, 6)
        yield Case(score, rng.integers(0, 20, words), int(rng.integers(0, words)))


FLIP = Exercise(
    id="07-flip",
    title="How little would have been enough?",
    level=3,
    concept="how near the threshold",
    prompt="""
`x` holds the **counts** of the words, whole numbers. The answer is yes if `score(x) >= 0`. Return the smallest change in the
count of word `i` that turns the answer: `+3` for three mentions more, `-5` for five fewer. No count goes below 0 or above 60. If
no count turns the answer, return `None`; if one way up and one way down are equally short, take the one down.
""",
    name="mentions_to_flip",
    cases=_borders,
    starter="""
def mentions_to_flip(score, x, i):
    return ...
""",
    hints=(
        "Dividing by the slope is right only while no unit switches. Running the network again is always right.",
        "Try steps of 1, then 2, then 3. For each, first down, then up; the first that turns the answer is the smallest.",
        "For each step: copy `x`, change the copy's entry `i`, skip it if below 0 or above 60, compare `score(copy) >= 0` with before.",
    ),
    solution="""
def mentions_to_flip(score, x, i):
    before = score(x) >= 0
    for size in range(1, 61):
        for change in (-size, size):
            count = x[i] + change
            if 0 <= count <= 60:
                other = x.copy()
                other[i] = count
                if (score(other) >= 0) != before:
                    return change
    return None
""",
    explanation="""
This is a counterfactual by plain search. It works for any model that you can run, however many units switch on the way.
""",
    alternatives=(
        """
def mentions_to_flip(score, x, i):
    def answer(count):
        other = x.copy()
        other[i] = count
        return score(other) >= 0

    turned = [c - x[i] for c in range(61) if answer(c) != answer(x[i])]
    return int(min(turned, key=lambda change: (abs(change), change))) if turned else None
""",
        """
def mentions_to_flip(score, x, i):
    rows = np.tile(x, (61, 1))
    rows[:, i] = np.arange(61)
    yes = np.array([score(row) >= 0 for row in rows])
    changes = np.flatnonzero(yes != yes[x[i]]) - x[i]
    return int(changes[np.argmin(np.abs(changes))]) if len(changes) else None
""",
        """
def mentions_to_flip(score, x, i):
    before, best = score(x) >= 0, None
    for count in range(60, -1, -1):
        other = np.array(x)
        other[i] = count
        if (score(other) >= 0) != before and (best is None or abs(count - x[i]) <= abs(best)):
            best = int(count - x[i])
    return best
""",
    ),
    mistakes=(
        Mistake(
            "straight-line",
            """
def mentions_to_flip(score, x, i):
    more = x.copy()
    more[i] += 1
    slope, now = score(more) - score(x), score(x)
    if slope == 0:
        return None
    change = -now / slope
    change = int(np.ceil(change - 1e-9)) if change > 0 else int(np.floor(change + 1e-9))
    return change if 0 <= x[i] + change <= 60 else None
""",
            "This follows a straight line from here. Where a unit switches on the way, the border lies elsewhere. Run the network at each step.",
            "relu-makes-explanations-inexact",
        ),
        Mistake(
            "only-more",
            """
def mentions_to_flip(score, x, i):
    before = score(x) >= 0
    for change in range(1, 61 - x[i]):
        other = x.copy()
        other[i] += change
        if (score(other) >= 0) != before:
            return change
    return None
""",
            "Only more mentions are tried. For some texts fewer would turn the answer, or would do it sooner.",
            "only-pushes-towards-count",
        ),
        Mistake(
            "only-fewer",
            """
def mentions_to_flip(score, x, i):
    before = score(x) >= 0
    for change in range(1, x[i] + 1):
        other = x.copy()
        other[i] -= change
        if (score(other) >= 0) != before:
            return -change
    return None
""",
            "Only fewer mentions are tried. For some texts more would turn the answer, or would do it sooner.",
            "only-pushes-towards-count",
        ),
        Mistake(
            "the-count",
            """
def mentions_to_flip(score, x, i):
    before = score(x) >= 0
    for size in range(1, 61):
        for change in (-size, size):
            other = x.copy()
            other[i] += change
            if 0 <= other[i] <= 60 and (score(other) >= 0) != before:
                return int(other[i])
    return None
""",
            "This is the count at which the answer turns. Asked for is the change, how many more or fewer.",
        ),
        Mistake(
            "all-or-nothing",
            """
def mentions_to_flip(score, x, i):
    other = x.copy()
    other[i] = 0
    return int(-x[i]) if (score(other) >= 0) != (score(x) >= 0) else None
""",
            "This deletes the word altogether. Often much less is enough, and sometimes it takes more of the word.",
            "flipping-needs-full-ablation",
        ),
        Mistake(
            "zero-is-a-no",
            """
def mentions_to_flip(score, x, i):
    before = score(x) > 0
    for size in range(1, 61):
        for change in (-size, size):
            other = x.copy()
            other[i] += change
            if 0 <= other[i] <= 60 and (score(other) > 0) != before:
                return change
    return None
""",
            "Nearly. A score of exactly 0 is a probability of 0.5, and that counts as a yes: `>=`, not `>`.",
        ),
    ),
)
