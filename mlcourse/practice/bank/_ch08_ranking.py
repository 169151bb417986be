"""Lesson 08: AUC, average precision, and the cheapest threshold, from the probabilities of one label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator

POLITICS = ([0, 1, 0, 1, 1, 0, 0, 1], [0.1, 0.8, 0.3, 0.4, 0.7, 0.1, 0.6, 0.2])


def _drawn(rng: np.random.Generator, n: int, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return a truth with both answers and probabilities, all different, that know something about it."""
    y = (np.arange(n) < max(1, round(share * n))).astype(int)[rng.permutation(n)]
    return y, 1 / (1 + np.exp(-rng.normal(2.0 * y - 1.0, 1.2)))


def _scores(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(*map(np.array, POLITICS), note="politics in the lesson")
    for n, share in ((20, 0.5), (40, 0.2), (60, 0.1)):
        yield Case(*_drawn(rng, n, share))
    yield Case(np.array([1, 0, 1, 0]), np.full(4, 0.3), note="a model that gives everybody the same")
    yield Case(
        np.array([0, 0, 1, 1]), np.array([0.01, 0.02, 0.03, 0.04]), note="a perfect order of small numbers"
    )


AUC = Exercise(
    id="08-auc",
    title="AUC from pairs",
    level=3,
    concept="ROC AUC",
    prompt="""
`y` holds the truth about one label, `p` the probabilities. Return the ROC AUC: take each pair of one row with the label and one
without. In which share of the pairs has the row **with** the label the higher probability? **A tie counts one half.**
""",
    name="auc",
    cases=_scores,
    starter="""
def auc(y, p):
    return ...
""",
    hints=(
        "Split the probabilities: those of the rows with the label, and those of the rows without.",
        "All differences at once: a column of the one minus a row of the other.",
        "`d = p[y == 1][:, None] - p[y == 0]`, then the mean of `(d > 0) + 0.5 * (d == 0)`.",
    ),
    solution="""
def auc(y, p):
    d = p[y == 1][:, None] - p[y == 0]
    return ((d > 0) + 0.5 * (d == 0)).mean()
""",
    explanation="""
The area under the ROC curve and this share are the same number (Hanley and McNeil, 1982). With the tie rule, a model that gives
everybody the same gets 0.5. For many rows one sorts instead of building all pairs.
""",
    alternatives=(
        """
def auc(y, p):
    points = 0.0
    for a in p[y == 1]:
        for b in p[y == 0]:
            points += 1 if a > b else 0.5 if a == b else 0
    return points / (np.sum(y == 1) * np.sum(y == 0))
""",
        """
def auc(y, p):
    values, place, count = np.unique(p, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    n1, n0 = np.sum(y == 1), np.sum(y == 0)
    return (rank[y == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * n0)
""",
        """
def auc(y, p):
    cuts = np.r_[np.inf, np.unique(p)[::-1]]
    tpr = np.array([(p[y == 1] >= c).mean() for c in cuts])
    fpr = np.array([(p[y == 0] >= c).mean() for c in cuts])
    return np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)
""",
    ),
    mistakes=(
        Mistake(
            "ties-lost",
            "def auc(y, p):\n    return (p[y == 1][:, None] > p[y == 0]).mean()",
            "Ties count nothing here, so a model that gives everybody the same gets 0, worse than guessing. A tie is one half.",
        ),
        Mistake(
            "ties-won",
            "def auc(y, p):\n    return (p[y == 1][:, None] >= p[y == 0]).mean()",
            "Ties count as won here, so a model that gives everybody the same gets a perfect 1. A tie is one half.",
        ),
        Mistake(
            "upside-down",
            "def auc(y, p):\n    d = p[y == 0][:, None] - p[y == 1]\n    return ((d > 0) + 0.5 * (d == 0)).mean()",
            "The pairs are the wrong way round: you count where the row *without* the label is higher. A good model gets a "
            "number below 0.5.",
        ),
        Mistake(
            "at-one-half",
            "def auc(y, p):\n    h = p >= 0.5\n    return (h[y == 1].mean() + 1 - h[y == 0].mean()) / 2",
            "You made yes and no first. That keeps a single point of the curve. AUC compares the probabilities themselves.",
            "auc-uses-a-threshold",
        ),
        Mistake(
            "accuracy",
            "def auc(y, p):\n    return np.mean((p >= 0.5) == y)",
            "This is the accuracy at 0.5. AUC has no threshold: it asks which of two rows is higher.",
            "auc-uses-a-threshold",
        ),
    ),
)


def _lists(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.4, 0.1]))
    for n, share in ((20, 0.5), (40, 0.2), (60, 0.1)):
        yield Case(*_drawn(rng, n, share))
    yield Case(np.array([0, 0, 1]), np.array([0.2, 0.3, 0.9]), note="a single row with the label, at the top")
    yield Case(
        np.array([1, 0, 0, 0]), np.array([0.1, 0.2, 0.3, 0.9]), note="the only one with the label comes last"
    )


AVERAGE_PRECISION = Exercise(
    id="08-average-precision",
    title="Average precision",
    level=3,
    concept="average precision",
    prompt="""
`y` holds the truth about one label, `p` the probabilities, all different. Return the **average precision**: sort by probability,
highest first; at each row with the label note the precision of the list down to there; return the mean of the notes.
""",
    name="average_precision",
    cases=_lists,
    starter="""
def average_precision(y, p):
    return ...
""",
    hints=(
        "`np.argsort(-p)` gives the order, highest first. Bring the truth into this order.",
        "The hits down to each place are `np.cumsum` of the sorted truth. The length of the list there is 1, 2, 3, …",
        "`t = y[np.argsort(-p)]`, `notes = np.cumsum(t) / np.arange(1, len(t) + 1)`, then the mean of `notes[t == 1]`.",
    ),
    solution="""
def average_precision(y, p):
    t = y[np.argsort(-p)]
    notes = np.cumsum(t) / np.arange(1, len(t) + 1)
    return notes[t == 1].mean()
""",
    explanation="""
This is scikit-learn's `average_precision_score` where no two probabilities are equal. It is the area under the
precision-recall curve, drawn in steps. Guessing gets the label's share, and not one half.
""",
    alternatives=(
        """
def average_precision(y, p):
    hits, total = 0, 0.0
    for place, i in enumerate(sorted(range(len(p)), key=lambda i: -p[i]), 1):
        if y[i] == 1:
            hits += 1
            total += hits / place
    return total / hits
""",
        "def average_precision(y, p):\n    return np.mean([y[p >= q].mean() for q in p[y == 1]])",
        """
def average_precision(y, p):
    t = y[np.argsort(p)[::-1]]
    places = np.flatnonzero(t) + 1
    return np.mean(np.arange(1, len(places) + 1) / places)
""",
    ),
    mistakes=(
        Mistake(
            "every-place",
            """
def average_precision(y, p):
    t = y[np.argsort(-p)]
    return (np.cumsum(t) / np.arange(1, len(t) + 1)).mean()
""",
            "The mean runs over *every* place of the list. Only the rows with the label give a note.",
            "ap-averages-every-place",
        ),
        Mistake(
            "lowest-first",
            """
def average_precision(y, p):
    t = y[np.argsort(p)]
    return (np.cumsum(t) / np.arange(1, len(t) + 1))[t == 1].mean()
""",
            "The list begins with the *lowest* probability. The surest row comes first: sort by `-p`.",
        ),
        Mistake(
            "not-sorted",
            """
def average_precision(y, p):
    return (np.cumsum(y) / np.arange(1, len(y) + 1))[y == 1].mean()
""",
            "The list is not sorted; the probabilities do not occur in your number at all.",
        ),
        Mistake(
            "divided-by-all",
            """
def average_precision(y, p):
    t = y[np.argsort(-p)]
    return (np.cumsum(t) / np.arange(1, len(t) + 1) * t).sum() / len(t)
""",
            "The notes are right, but their sum is divided by the number of all rows. Divide by the number of notes.",
            "precision-divides-by-all",
        ),
        Mistake(
            "auc",
            "def average_precision(y, p):\n    return (p[y == 1][:, None] > p[y == 0]).mean()",
            "This is the ROC AUC, the share of ordered pairs. It does not see how rare the label is.",
            "auc-and-ap-are-the-same",
        ),
    ),
)


def _bills(rng: np.random.Generator) -> Iterator[Case]:
    y, p = _drawn(rng, 40, 0.3)
    yield Case(y, p, 9, 1)
    y, p = _drawn(rng, 50, 0.2)
    yield Case(y, p, 1, 4)
    yield Case(*_drawn(rng, 30, 0.5), 1, 1)
    yield Case(
        np.array([0, 0, 0, 1]), np.array([0.9, 0.8, 0.7, 0.1]), 1, 5, note="best is to say no to everybody"
    )
    yield Case(
        np.array([1, 1, 0, 1]), np.array([0.2, 0.1, 0.9, 0.3]), 50, 1, note="best is to say yes to everybody"
    )
    yield Case(
        np.array([1, 0, 0, 1]), np.array([0.4, 0.1, 0.2, 0.3]), 3, 1, note="a perfect order of small numbers"
    )
    # A perfect order again, and no grid of thresholds cuts between these.
    close = 0.5 + np.array([4, 3, 2, 1]) * 1e-6
    yield Case(np.array([1, 1, 0, 0]), close, 3, 1, note="probabilities that lie very close together")


LOWEST_BILL = Exercise(
    id="08-lowest-bill",
    title="The lowest bill",
    level=3,
    concept="threshold from costs",
    prompt="""
`y` holds the truth about one label, `p` the probabilities; `miss` and `alarm` are the costs of one error of each kind. The program says
yes where `p >= threshold`. Return the **lowest total cost** that any threshold reaches on these rows.
""",
    name="lowest_bill",
    cases=_bills,
    starter="""
def lowest_bill(y, p, miss, alarm):
    return ...
""",
    hints=(
        "Which thresholds make a difference at all? Between two neighbouring probabilities nothing changes.",
        "So try each of the probabilities. And one more that is higher than all of them: it says no to everybody.",
        "For each `t` in `[*p, 2]`: `miss * np.sum((y == 1) & (p < t)) + alarm * np.sum((y == 0) & (p >= t))`. Then the smallest.",
    ),
    solution="""
def lowest_bill(y, p, miss, alarm):
    bills = []
    for t in [*p, 2]:
        bills.append(miss * np.sum((y == 1) & (p < t)) + alarm * np.sum((y == 0) & (p >= t)))
    return min(bills)
""",
    explanation="""
This looks at the truth, so it is for the rows that are kept for *choosing*. On new rows the bill will be a little higher. If the
probabilities are honest, the threshold `alarm / (alarm + miss)` needs no such search.
""",
    alternatives=(
        """
def lowest_bill(y, p, miss, alarm):
    order = np.argsort(-p)
    t = y[order]
    bill = miss * t.sum() + np.r_[0, np.cumsum(np.where(t == 1, -miss, alarm))]
    return bill.min()
""",
        """
def lowest_bill(y, p, miss, alarm):
    yes = p[None, :] >= np.append(np.unique(p), np.inf)[:, None]
    return (miss * ((y == 1) & ~yes).sum(axis=1) + alarm * ((y == 0) & yes).sum(axis=1)).min()
""",
        """
def lowest_bill(y, p, miss, alarm):
    best = miss * y.sum()
    for t in sorted(p):
        yes = p >= t
        best = min(best, miss * (y[~yes] == 1).sum() + alarm * (y[yes] == 0).sum())
    return best
""",
    ),
    mistakes=(
        Mistake(
            "costs-swapped",
            """
def lowest_bill(y, p, miss, alarm):
    return min(alarm * np.sum((y == 1) & (p < t)) + miss * np.sum((y == 0) & (p >= t)) for t in [*p, 2])
""",
            "The costs have changed places: a miss is a true row that got a *no*.",
            "cost-threshold-swapped",
        ),
        Mistake(
            "at-one-half",
            """
def lowest_bill(y, p, miss, alarm):
    return miss * np.sum((y == 1) & (p < 0.5)) + alarm * np.sum((y == 0) & (p >= 0.5))
""",
            "This is the bill at 0.5. Other thresholds may be cheaper, and the smallest bill of all is asked for.",
            "half-is-the-natural-threshold",
        ),
        Mistake(
            "never-no-to-all",
            """
def lowest_bill(y, p, miss, alarm):
    return min(miss * np.sum((y == 1) & (p < t)) + alarm * np.sum((y == 0) & (p >= t)) for t in p)
""",
            "At least one row always gets a yes here. Sometimes it is cheapest to say no to everybody: try a threshold above all of `p`.",
        ),
        Mistake(
            "from-the-formula",
            """
def lowest_bill(y, p, miss, alarm):
    t = alarm / (alarm + miss)
    return miss * np.sum((y == 1) & (p < t)) + alarm * np.sum((y == 0) & (p >= t))
""",
            "This is the bill at the formula's threshold. It is the best *on average*, for honest probabilities; on these rows another one may be cheaper.",
        ),
        Mistake(
            "on-a-grid",
            """
def lowest_bill(y, p, miss, alarm):
    grid = np.linspace(0, 1.01, 102)
    return min(miss * np.sum((y == 1) & (p < t)) + alarm * np.sum((y == 0) & (p >= t)) for t in grid)
""",
            "A grid of thresholds is nearly always enough, but two probabilities that lie close together fall between its points. "
            "The probabilities themselves are the thresholds that cut between any two.",
        ),
        Mistake(
            "counts-errors",
            """
def lowest_bill(y, p, miss, alarm):
    return min(np.sum((y == 1) & (p < t)) + np.sum((y == 0) & (p >= t)) for t in [*p, 2])
""",
            "This is the smallest *number* of errors. A miss and a false alarm have prices of their own.",
            "same-f1-means-same-errors",
        ),
        Mistake(
            "the-threshold",
            """
def lowest_bill(y, p, miss, alarm):
    def bill(t):
        return miss * np.sum((y == 1) & (p < t)) + alarm * np.sum((y == 0) & (p >= t))
    return min([*p, 2], key=bill)
""",
            "You return the threshold. The bill at that threshold is asked for.",
        ),
    ),
)
