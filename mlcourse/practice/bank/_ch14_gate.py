"""Lesson 14: a gate for a retrained model, written before the result is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _decisions(y: Any, wrong: Sequence[tuple[int, int, int]]) -> Any:
    """Return decisions that are right, but wrong for the items from `start` to `end` of a class."""
    made = y.copy()
    classes = int(y.max()) + 1
    for k, start, end in wrong:
        rows = np.flatnonzero(y == k)[start:end]
        made[rows] = (k + 1) % classes
    return made


def _case(sizes: Sequence[int], old: Any, new: Any, note: str) -> Case:
    y = np.repeat(np.arange(len(sizes)), sizes)
    return Case(y, _decisions(y, old), _decisions(y, new), note=note)


def _models(rng: np.random.Generator) -> Iterator[Case]:
    thirds = [(k, 0, 30) for k in range(3)]
    yield _case([100] * 3, thirds, [(k, 0, 10) for k in range(3)], "every class gains")
    yield _case([20] * 3, [(0, 0, 3), (1, 0, 3)], [(0, 0, 3), (1, 0, 2)], "one item of sixty more is right")
    # Each alone: 10 and 34 of 1000, which is sure if one looks at the pairs, and unsure if one does not.
    old = [(0, 0, 110), (1, 0, 100), (2, 0, 90)]
    new = [(0, 0, 98), (0, 110, 113), (1, 0, 88), (1, 100, 104), (2, 0, 80), (2, 90, 93)]
    yield _case([340, 330, 330], old, new, "44 items on which only one of the two is right")
    yield _case([200, 200, 50], [(0, 0, 60), (1, 0, 60)], [(2, 0, 10)], "the rare class loses a fifth")
    four = [(0, 0, 90), (1, 0, 5)]
    yield _case(
        [300, 50, 50, 50], four, [(0, 0, 20), (1, 0, 12), (2, 0, 10), (3, 0, 9)], "three small classes lose"
    )
    yield _case([100] * 3, [(0, 0, 10)], thirds, "the new one is worse")
    yield _case([100] * 3, thirds, thirds, "the two are alike")
    # No recall falls by more than 0.04, but the rare class's F1 does: 16 items of another are taken for it.
    yield _case([400, 400, 50], [(0, 0, 150)], [(1, 0, 16)], "others are taken for the rare class")
    # The smallest class loses a twenty-fifth of its items, which is allowed.
    yield _case([200, 200, 50], [(0, 0, 60), (1, 0, 60)], [(2, 0, 2)], "the rare class loses very little")
    y = rng.permutation(np.repeat([0, 1, 2], [150, 100, 50]))
    noise = rng.random((2, 300))
    yield Case(y, np.where(noise[0] < 0.3, (y + 1) % 3, y), np.where(noise[1] < 0.1, (y + 2) % 3, y))


GATE = Exercise(
    id="14-gate",
    title="The gate",
    level=3,
    concept="retraining and its gate",
    prompt="""
Write `passes(y, old, new)`: may the new model go into service? `y` are the true classes of the held-back items (0, 1, 2, …, each
occurs), `old` and `new` the two models' decisions for the **same** items. Return True only if both rules hold:

1. **Surely better.** For each item take the gain: 1 if only the new model is right, −1 if only the old one is, else 0. The mean
   gain minus 1.96 times its standard error (`np.std` of the gains, divided by √n) must be above 0.
2. **No class loses.** No class's recall may fall by more than 0.05. (Recall is shorter to write than the F1 of deep dive 6.)
""",
    name="passes",
    cases=_models,
    starter="""
def passes(y, old, new):
    return ...
""",
    hints=(
        "Right or wrong as 1.0 and 0.0, for both models; the gain is the difference, item by item.",
        "The recall of class `k` is `np.mean(new[y == k] == k)`. Compare it with the old one, class by class.",
        "`low = gain.mean() - 1.96 * gain.std() / np.sqrt(len(y))`, then `low > 0 and max(falls) <= 0.05`.",
    ),
    solution="""
def passes(y, old, new):
    gain = (new == y).astype(float) - (old == y)
    low = gain.mean() - 1.96 * gain.std() / np.sqrt(len(y))
    falls = [np.mean(old[y == k] == k) - np.mean(new[y == k] == k) for k in np.unique(y)]
    return bool(low > 0 and max(falls) <= 0.05)
""",
    explanation="""
The first rule looks at pairs: items on which both are right or both wrong cancel, and small gains become visible. The second one
keeps a large class from paying for a small one. Which rules a gate has is a decision of those who answer for the service; that
they are written *before* is what makes it a gate. By recall December's good candidate would have stayed out: the old model hardly
missed a cardboard, because it called too much cardboard. So the lesson's gate compares F1.
""",
    alternatives=(
        """
def passes(y, old, new):
    only_new = np.sum((new == y) & (old != y))
    only_old = np.sum((old == y) & (new != y))
    n = len(y)
    mean = (only_new - only_old) / n
    spread = np.sqrt((only_new + only_old) / n - mean**2)
    if mean <= 1.96 * spread / np.sqrt(n):
        return False
    for k in range(y.max() + 1):
        if (old[y == k] == k).mean() - (new[y == k] == k).mean() > 0.05:
            return False
    return True
""",
        """
from sklearn.metrics import recall_score

def passes(y, old, new):
    gain = np.where(new == y, 1, 0) - np.where(old == y, 1, 0)
    error = np.std(gain) / len(y) ** 0.5
    fall = recall_score(y, old, average=None) - recall_score(y, new, average=None)
    return gain.mean() - 1.96 * error > 0 and not (fall > 0.05).any()
""",
        """
def passes(y, old, new):
    a, b = old == y, new == y
    gain = b.astype(int) - a.astype(int)
    counts = np.bincount(y)
    recalls = [np.bincount(y, weights=hit) / counts for hit in (a, b)]
    sure = gain.mean() > 1.96 * gain.std() / np.sqrt(gain.size)
    return bool(sure) and bool(np.all(recalls[1] >= recalls[0] - 0.05))
""",
    ),
    mistakes=(
        Mistake(
            "any-gain",
            """
def passes(y, old, new):
    falls = [np.mean(old[y == k] == k) - np.mean(new[y == k] == k) for k in np.unique(y)]
    return bool(np.mean(new == y) > np.mean(old == y) and max(falls) <= 0.05)
""",
            "One item more is enough for this gate. Chance alone opens it every second time. The gain must be larger than its "
            "uncertainty.",
            "score-needs-no-error-bar",
        ),
        Mistake(
            "not-paired",
            """
def passes(y, old, new):
    a, b = old == y, new == y
    error = np.sqrt((a.var() + b.var()) / len(y))
    falls = [np.mean(a[y == k]) - np.mean(b[y == k]) for k in np.unique(y)]
    return bool(b.mean() - a.mean() - 1.96 * error > 0 and max(falls) <= 0.05)
""",
            "The two accuracies are treated as if they came from different items. Both saw the same ones: take the gain item by "
            "item, and the standard error of *that*.",
            "paired-models-are-independent",
        ),
        Mistake(
            "no-guard",
            """
def passes(y, old, new):
    gain = (new == y).astype(float) - (old == y)
    return bool(gain.mean() - 1.96 * gain.std() / np.sqrt(len(y)) > 0)
""",
            "The second rule is missing. A large class's gain hides that a small one is lost.",
            "accuracy-holds-for-every-class",
        ),
        Mistake(
            "f1-guard",
            """
from sklearn.metrics import f1_score

def passes(y, old, new):
    gain = (new == y).astype(float) - (old == y)
    falls = f1_score(y, old, average=None) - f1_score(y, new, average=None)
    return bool(gain.mean() - 1.96 * gain.std() / np.sqrt(len(y)) > 0 and falls.max() <= 0.05)
""",
            "This compares each class's F1, as deep dive 6 does. It is a fair gate, but another one: asked for here is the recall, "
            "the share of a class's own items that are found.",
        ),
        Mistake(
            "mean-guard",
            """
def passes(y, old, new):
    gain = (new == y).astype(float) - (old == y)
    falls = [np.mean(old[y == k] == k) - np.mean(new[y == k] == k) for k in np.unique(y)]
    return bool(gain.mean() - 1.96 * gain.std() / np.sqrt(len(y)) > 0 and np.mean(falls) <= 0.05)
""",
            "The falls are averaged over the classes. Then one class may lose a lot, if the others gain. The *largest* fall counts.",
        ),
    ),
)
