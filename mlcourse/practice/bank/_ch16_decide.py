"""Lesson 16: from probabilities to answers, whatever the task; the cheapest answer; the mark of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


_ONE_EACH, _ANY_NUMBER = True, False  # the two values of `exclusive`


def _answers(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((5, 3), (6, 4)):
        logits = rng.normal(0, 1.5, (n, k))
        P = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        yield Case(P, _ONE_EACH, note="one answer a row")
        yield Case(1 / (1 + np.exp(-logits)), _ANY_NUMBER, note="any number of answers a row")
    yield Case(np.array([[0.4, 0.35, 0.25]]), _ONE_EACH, note="a winner below one half")
    yield Case(np.array([[0.9, 0.8, 0.1], [0.3, 0.2, 0.1]]), _ANY_NUMBER, note="two answers, and none")
    yield Case(np.array([[0.5, 0.2, 0.75]]), _ANY_NUMBER, note="one half, just so")


def _decide(one: str, many: str) -> str:
    return f"""
def decide(P, exclusive):
    if exclusive:
        return {one}
    return {many}
"""


_ONE = "np.eye(P.shape[1], dtype=int)[P.argmax(axis=1)]"
_MANY = "(P >= 0.5).astype(int)"

DECIDE = Exercise(
    id="16-decide",
    title="Two ways to decide",
    level=1,
    concept="the decision fits the task",
    prompt="""
`P` has a row of probabilities for each letter. If the answers exclude each other (`exclusive` is True: departments),
exactly one may be given, the most probable. If not (flags), each answer with at least one half is given.

Fill in both. The result is a table of 0s and 1s, as large as `P`.
""",
    name="decide",
    cases=_answers,
    starter="""
def decide(P, exclusive):
    if exclusive:
        return ...
    return ...
""",
    hints=(
        "For flags every number is judged by itself: compare the whole table with 0.5.",
        "For departments find the largest number of each row: `P.argmax(axis=1)` gives its place.",
        "`np.eye(3, dtype=int)[places]` turns places into rows with a single 1.",
    ),
    solution=_decide(_ONE, _MANY),
    explanation="""
The same table, read in two ways. The winner of a softmax may be below one half and is still the answer; a sigmoid below one half
is a no, even if it is the largest of its row.
""",
    alternatives=(
        """
def decide(P, exclusive):
    H = np.zeros(P.shape, dtype=int)
    for i, row in enumerate(P):
        if exclusive:
            H[i, np.argmax(row)] = 1
        else:
            H[i, row >= 0.5] = 1
    return H
""",
        """
def decide(P, exclusive):
    bar = P.max(axis=1, keepdims=True) if exclusive else 0.5
    return np.where(P >= bar, 1, 0)
""",
        """
def decide(P, exclusive):
    if not exclusive:
        return (P * 2 >= 1) * 1
    columns = np.arange(P.shape[1])
    return (columns == P.argmax(axis=1)[:, None]).astype(int)
""",
    ),
    mistakes=(
        Mistake(
            "half-for-all",
            _decide(_MANY, _MANY),
            "The departments are cut at one half, too. A winner with 0.4 gets no department at all. Softmax outputs are compared "
            "with each other.",
            "winner-needs-half",
        ),
        Mistake(
            "winner-for-all",
            _decide(_ONE, _ONE),
            "Each letter gets exactly one flag. But a letter may have two, or none: flags do not compete.",
            "myth-multi-label-is-multi-class",
        ),
        Mistake(
            "swapped",
            _decide(_MANY, _ONE),
            "The two are the wrong way round. Which of them can give two answers to one letter?",
            "activation-alone-decides",
        ),
        Mistake(
            "places",
            _decide("P.argmax(axis=1)", _MANY),
            "For departments you return the *places* of the winners. A table of 0s and 1s was asked for, so that both kinds can be "
            "read alike.",
        ),
        Mistake(
            "more-than-half",
            _decide(_ONE, "(P > 0.5).astype(int)"),
            "A flag with 0.5 itself is left out. *At least* one half was asked for: compare with `>=`.",
        ),
        Mistake(
            "at-least-one",
            _decide(_ONE, f"np.maximum({_MANY}, {_ONE})"),
            "A letter without any flag gets one all the same: its largest. *No flag* is an answer.",
            "every-row-needs-a-one",
        ),
    ),
)


def _bills(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((6, 3), (7, 4)):
        raw = rng.uniform(0.05, 1, (n, k))
        costs = rng.integers(1, 30, (k, k)).astype(float)
        np.fill_diagonal(costs, 0)
        yield Case(raw / raw.sum(axis=1, keepdims=True), costs)
    costs = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [20.0, 20.0, 0.0]])
    yield Case(np.array([[0.7, 0.2, 0.1]]), costs, note="taxes have 0.1, and a lost tax letter costs 20")


def _cheapest(body: str) -> str:
    return f"def cheapest(P, costs):\n    return {body}"


CHEAPEST = Exercise(
    id="16-cheapest",
    title="The cheapest desk",
    level=2,
    concept="the decision that costs least",
    prompt="""
A letter on the wrong desk costs time. `costs[true, given]` is what it costs if the true department is `true` and the letter is
given to `given`; the diagonal is 0. `P` holds the probabilities of the true department, a row for each letter.

The function should return for each letter the department that costs **least on average**. The bug: it gives every letter to the
most probable one, whatever the costs. Mend it.
""",
    name="cheapest",
    cases=_bills,
    starter="""
def cheapest(P, costs):
    return P.argmax(axis=1)
""",
    hints=(
        "First one letter, and one desk to give it to. The true department is unknown, so weigh its costs by the probabilities.",
        "For desk $g$ the average cost is $\\sum_t P_t \\cdot$ `costs[t, g]`. That is a product of a row with a column.",
        "`P @ costs` holds the average cost of every desk, for every letter. Which one is wanted?",
    ),
    solution=_cheapest("(P @ costs).argmin(axis=1)"),
    explanation="""
The probabilities stay as they are; only the decision changes. If all errors cost the same, the cheapest desk is the most probable
one, and `argmax` was right all along.
""",
    alternatives=(
        """
def cheapest(P, costs):
    best = []
    for p in P:
        on_average = [sum(p[t] * costs[t, g] for t in range(len(p))) for g in range(len(p))]
        best.append(int(np.argmin(on_average)))
    return np.array(best)
""",
        _cheapest('np.einsum("nt,tg->ng", P, costs).argmin(axis=1)'),
        _cheapest("np.argmax(P @ (costs.max() - costs), axis=1)"),
    ),
    mistakes=(
        Mistake(
            "transposed",
            _cheapest("(P @ costs.T).argmin(axis=1)"),
            "Rows and columns of the costs are swapped: `costs[true, given]` has the *true* department in the row, and that is what the "
            "probabilities speak of.",
            "cost-threshold-swapped",
        ),
        Mistake(
            "dearest",
            _cheapest("(P @ costs).argmax(axis=1)"),
            "You have the average costs, and you take the *largest*.",
        ),
        Mistake(
            "weighted-winner",
            _cheapest("(P * costs.sum(axis=1)).argmax(axis=1)"),
            "You multiply each department's probability by what losing it costs altogether. Near, but an error's cost depends on "
            "*where* the letter goes, too: keep the pairs apart.",
            "weights-multiply-probabilities",
        ),
    ),
)


def _tables(rng: np.random.Generator) -> Iterator[Case]:
    for n, k in ((12, 3), (15, 4)):
        yield Case((rng.random((n, k)) < 0.4).astype(int), (rng.random((n, k)) < 0.4).astype(int))
    Y = np.array([[1, 0], [1, 0], [1, 0], [0, 1]])
    yield Case(Y, np.array([[1, 0], [1, 0], [1, 0], [0, 0]]), note="the rare flag is never found")


def _mark(
    body: str, f1: str = "2 * hits / np.maximum(2 * hits + misses + alarms, 1)", axis: str = "axis=0"
) -> str:
    return f"""
def mark(Y, H):
    hits = (Y * H).sum({axis})
    misses = (Y * (1 - H)).sum({axis})
    alarms = ((1 - Y) * H).sum({axis})
    f1 = {f1}
    return {body}
"""


MARK = Exercise(
    id="16-mark",
    title="A mark that sees the rare flag",
    level=2,
    concept="macro F1",
    prompt="""
`Y` holds the true flags, `H` the given ones, a row for each letter. The function should return **macro** F1: F1 of each flag,
then the plain mean, so that a rare flag counts as much as a common one. (A flag that is neither true nor given anywhere has an F1 of 0.)

The bug: a model that never finds the rare flag still gets a high mark. Mend it.
""",
    name="mark",
    cases=_tables,
    starter="""
def mark(Y, H):
    hits = (Y * H).sum()
    misses = (Y * (1 - H)).sum()
    alarms = ((1 - Y) * H).sum()
    f1 = 2 * hits / np.maximum(2 * hits + misses + alarms, 1)
    return f1
""",
    hints=(
        "What does the function count: over one flag, or over everything at once? Look at `.sum()`.",
        "`sum(axis=0)` adds up down each column: one number for each flag.",
        "At the end there is an F1 for each flag. Macro is their plain mean.",
    ),
    solution=_mark("f1.mean()"),
    explanation="""
With everything in one pot (micro), three hits of a common flag hide the one miss of the rare flag. Flag by flag, the rare one has an
F1 of 0, and the mean falls to one half.
""",
    alternatives=(
        """
def mark(Y, H):
    scores = []
    for y, h in zip(Y.T, H.T):
        both = np.sum(y & h)
        scores.append(2 * both / (y.sum() + h.sum()) if both else 0.0)
    return sum(scores) / len(scores)
""",
        """
def mark(Y, H):
    hits = (Y * H).sum(axis=0)
    return np.mean(2 * hits / np.maximum(Y.sum(axis=0) + H.sum(axis=0), 1))
""",
        """
def mark(Y, H):
    from sklearn.metrics import f1_score
    return f1_score(Y, H, average="macro", zero_division=0)
""",
    ),
    mistakes=(
        Mistake(
            "by-letter",
            _mark("f1.mean()", axis="axis=1"),
            "You count along each *row*: an F1 for each letter (the *samples* average). A flag is a column.",
            "averages-are-the-same",
        ),
        Mistake(
            "weighted",
            _mark("np.sum(f1 * Y.sum(axis=0)) / max(Y.sum(), 1)"),
            "The mean is weighted by how common each flag is. Then the rare one hardly counts again.",
            "weighted-favours-rare-labels",
        ),
        Mistake(
            "not-averaged",
            _mark("f1"),
            "Right so far: an F1 for each flag. One number was asked for, their plain mean.",
        ),
        Mistake(
            "mean-first",
            """
def mark(Y, H):
    hits = (Y * H).sum(axis=0)
    precision = np.mean(hits / np.maximum(H.sum(axis=0), 1))
    recall = np.mean(hits / np.maximum(Y.sum(axis=0), 1))
    return 2 * precision * recall / max(precision + recall, 1e-12)
""",
            "You take the means of precision and recall first, then one F1 of them. Macro F1 is the mean of the F1s.",
            "f1-is-the-plain-mean",
        ),
    ),
)
