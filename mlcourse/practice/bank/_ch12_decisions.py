"""Lesson 12: the cheapest action, when not to answer, and a threshold for each label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _plants(rng: np.random.Generator) -> Iterator[Case]:
    cost = np.array([[0, 1, 2, 8, 2], [6, 0, 6, 8, 2], [8, 6, 0, 8, 2], [40, 40, 40, 0, 2]], float)
    yield Case(rng.dirichlet([2, 1, 1, 0.5], 12), cost)
    yield Case(rng.dirichlet(np.ones(3), 12), rng.uniform(1, 20, (3, 5)).round(1))
    yield Case(
        np.array([[0.70, 0.05, 0.05, 0.20]]), cost[:, :4], note="the plant of the lesson, nobody to ask"
    )
    yield Case(
        np.array([[0.9, 0.1], [0.99, 0.01]]),
        np.array([[0.0, 1.0], [5.0, 0.0]]),
        note="two classes, two actions",
    )
    yield Case(rng.dirichlet(np.ones(4), 10), cost[:, [4, 0, 1, 2, 3]], note="asking is action 0")


DECIDE = Exercise(
    id="12-decide",
    title="The dear virus that nobody sees",
    level=2,
    concept="cost matrix",
    prompt="""
`P` holds honest probabilities, a row for each plant. `cost[t, a]` is what action `a` costs if the truth is `t`; there may be more actions than classes.
The function should return the action with the **smallest expected cost** for each plant. It runs, and a virus with 20 % never counts. Find the bug.
""",
    name="cheapest_action",
    cases=_plants,
    starter="""
def cheapest_action(P, cost):
    most_probable = P.argmax(axis=1)
    return cost[most_probable].argmin(axis=1)
""",
    hints=(
        "What does `cost[most_probable]` know about the second most probable class?",
        "Expected cost of an action: each truth's probability times its cost, summed over the truths.",
        "`P @ cost` has a row for each plant and a column for each action.",
    ),
    solution="""
def cheapest_action(P, cost):
    return (P @ cost).argmin(axis=1)
""",
    explanation="""
The starter decides twice: first about the class, then about the action. After the first decision all doubt is forgotten, and doubt is what the costs are
about. Decide once, at the end.
""",
    alternatives=(
        "def cheapest_action(P, cost):\n    return np.argmin(np.einsum('nt,ta->na', P, cost), axis=1)",
        """
def cheapest_action(P, cost):
    chosen = []
    for row in P:
        euros = [sum(p * c for p, c in zip(row, column)) for column in cost.T]
        chosen.append(euros.index(min(euros)))
    return np.array(chosen)
""",
        "def cheapest_action(P, cost):\n    return (-cost.T @ P.T).argmax(axis=0)",
    ),
    mistakes=(
        Mistake(
            "most-probable",
            "def cheapest_action(P, cost):\n    return P.argmax(axis=1)",
            "This returns the most probable *class*. Actions are the columns of `cost`, and the costs have not been looked at.",
            "most-probable-is-cheapest",
        ),
        Mistake(
            "dearest",
            "def cheapest_action(P, cost):\n    return (P @ cost).argmax(axis=1)",
            "The expected costs are right, and the dearest action is taken.",
        ),
        Mistake(
            "same-for-all",
            "def cheapest_action(P, cost):\n    return np.full(len(P), (P @ cost).sum(axis=0).argmin())",
            "Every plant gets the action that is cheapest for all of them together. Look at each row by itself.",
            "cost-without-probability",
        ),
        Mistake(
            "cost-alone",
            "def cheapest_action(P, cost):\n    return np.full(len(P), cost.sum(axis=0).argmin())",
            "The probabilities do not take part, so every plant gets the same action.",
            "cost-without-probability",
        ),
        Mistake(
            "worst-case",
            "def cheapest_action(P, cost):\n    return np.full(len(P), cost.max(axis=0).argmin())",
            "This avoids the worst that *can* happen, however improbable it is, and so does the same with every plant. Wanted is the mean, weighted with the "
            "probabilities.",
            "cost-without-probability",
        ),
    ),
)


def _answers(rng: np.random.Generator) -> Iterator[Case]:
    for n, k, error, ask in ((20, 4, 10.0, 2.0), (20, 3, 5.0, 2.5)):
        yield Case(rng.dirichlet(np.full(k, 0.5), n), error, ask)
    yield Case(
        np.array([[0.45, 0.35, 0.20], [0.62, 0.2, 0.18]]), 10.0, 5.0, note="asking costs half an error"
    )
    yield Case(
        np.array([[0.3, 0.36, 0.34], [0.95, 0.03, 0.02]]), 4.0, 5.0, note="asking is dearer than an error"
    )
    yield Case(
        np.array([[0.75, 0.25], [0.25, 0.75]]), 8.0, 2.0, note="answering and asking cost the same: answer"
    )


ABSTAIN = Exercise(
    id="12-abstain",
    title="Answer or ask",
    level=2,
    concept="abstaining",
    prompt="""
A right answer costs nothing, a wrong one `error` euros, asking costs `ask` euros. `P` holds honest probabilities. The function should return the most probable class
where answering costs **at most as much** as asking, on average, and **−1** (ask) elsewhere. But the *cheaper* asking is, the *less* it asks. Find the bug.
""",
    name="answer_or_ask",
    cases=_answers,
    starter="""
def answer_or_ask(P, error, ask):
    sure = P.max(axis=1)
    return np.where(sure >= ask / error, P.argmax(axis=1), -1)
""",
    hints=(
        "The winner has the probability `sure`. How probable is it that the answer is wrong? What does that cost on average?",
        "Compare `error * (1 - sure)` with `ask`.",
        "Solved for `sure`: answer from `1 - ask / error` on.",
    ),
    solution="""
def answer_or_ask(P, error, ask):
    expected = error * (1 - P.max(axis=1))
    return np.where(expected <= ask, P.argmax(axis=1), -1)
""",
    explanation="""
Chow's rule: answer if the sureness is at least 1 − ask / error. If asking is dearer than an error, it never pays to ask, and the rule says so by itself.
""",
    alternatives=(
        """
def answer_or_ask(P, error, ask):
    answer = P.argmax(axis=1)
    answer[P.max(axis=1) < 1 - ask / error] = -1
    return answer
""",
        """
def answer_or_ask(P, error, ask):
    out = []
    for row in P:
        k = int(row.argmax())
        out.append(k if (1 - row[k]) * error <= ask else -1)
    return np.array(out)
""",
        """
def answer_or_ask(P, error, ask):
    k = P.shape[1]
    cost = np.column_stack([error * (1 - np.eye(k)), np.full(k, ask)])
    action = (P @ cost).argmin(axis=1)
    return np.where(action == k, -1, action)
""",
    ),
    mistakes=(
        Mistake(
            "half",
            "def answer_or_ask(P, error, ask):\n    return np.where(P.max(axis=1) >= 0.5, P.argmax(axis=1), -1)",
            "One half, whatever asking costs. The prices have to decide.",
            "half-is-the-natural-threshold",
        ),
        Mistake(
            "two-prices-formula",
            "def answer_or_ask(P, error, ask):\n    return np.where(P.max(axis=1) >= error / (error + ask), P.argmax(axis=1), -1)",
            "That is the threshold between a miss and a false alarm. Asking costs its price *always*, also where the answer would have been right.",
            "threshold-is-the-cost-ratio",
        ),
        Mistake(
            "never-asks",
            "def answer_or_ask(P, error, ask):\n    return P.argmax(axis=1)",
            "It always answers. Asking is one of the choices, with a price of its own.",
            "asking-is-no-action",
        ),
        Mistake(
            "asks-the-sure-ones",
            "def answer_or_ask(P, error, ask):\n    return np.where(error * (1 - P.max(axis=1)) <= ask, -1, P.argmax(axis=1))",
            "The two branches have changed places: it asks where it is sure and answers where it is not.",
            "abstain-threshold-upside-down",
        ),
        Mistake(
            "tie-asks",
            "def answer_or_ask(P, error, ask):\n    return np.where(error * (1 - P.max(axis=1)) < ask, P.argmax(axis=1), -1)",
            "Nearly right. Where answering costs *exactly* as much as asking, it should answer.",
        ),
    ),
)


def _trays(rng: np.random.Generator) -> Iterator[Case]:
    grid = np.arange(1, 20) / 20
    for n, miss in ((120, [4, 1, 20]), (200, [2, 9, 5])):
        Y = (rng.random((n, 3)) < [0.4, 0.2, 0.1]).astype(int)
        P = 1 / (1 + np.exp(-rng.normal(2.0 * Y - 1.2, 1.1)))
        yield Case(Y, P.round(3) + 0.0004, np.array(miss, float), grid)
    Y = np.array([[1, 0], [0, 1], [1, 0], [0, 1]])
    P = np.array([[0.9, 0.1], [0.3, 0.6], [0.5, 0.2], [0.45, 0.8]])
    yield Case(Y, P, np.array([3.0, 1.0]), np.array([0.25, 0.5, 0.75]), note="a probability of exactly 0.5")
    yield Case(
        np.zeros((5, 1), int),
        np.full((5, 1), 0.2),
        np.array([5.0]),
        np.array([0.1, 0.3, 0.5]),
        note="a label that never occurs",
    )


THRESHOLDS = Exercise(
    id="12-thresholds",
    title="A threshold for each label",
    level=3,
    concept="thresholds for each label",
    prompt="""
Validation trays: `Y` holds 0 and 1, `P` probabilities, a column for each label. Missing label `k` costs `miss[k]`, a false alarm costs 1. A yes is said
where `P >= threshold`. Write `cheapest_thresholds(Y, P, miss, grid)`: return **for each label** the threshold of `grid` with the smallest bill; of
several equally cheap ones the **first**.
""",
    name="cheapest_thresholds",
    cases=_trays,
    starter="""
def cheapest_thresholds(Y, P, miss, grid):
    return ...
""",
    hints=(
        "Take one label and one threshold: count its misses and its false alarms. The bill is `miss[k]` times the first plus the second.",
        "Two loops: over the labels, and over the thresholds of the grid. For each label keep the threshold with the smallest bill.",
        "`grid[np.argmin(bills)]` takes the first of the smallest. Return an array with a threshold for each column.",
    ),
    solution="""
def cheapest_thresholds(Y, P, miss, grid):
    best = []
    for k in range(Y.shape[1]):
        bills = [
            miss[k] * np.sum((Y[:, k] == 1) & (P[:, k] < t)) + np.sum((Y[:, k] == 0) & (P[:, k] >= t)) for t in grid
        ]
        best.append(grid[np.argmin(bills)])
    return np.array(best)
""",
    explanation="""
The bill of a tray is a sum over its labels, so each label can be searched by itself. For a goal that mixes the labels, such as "every label of the tray right", it
could not.
""",
    alternatives=(
        """
def cheapest_thresholds(Y, P, miss, grid):
    yes = P[None] >= np.asarray(grid)[:, None, None]
    bills = (miss * (Y * ~yes) + (1 - Y) * yes).sum(axis=1)
    return grid[bills.argmin(axis=0)]
""",
        """
def cheapest_thresholds(Y, P, miss, grid):
    def bill(k, t):
        yes = P[:, k] >= t
        return miss[k] * (Y[:, k] * (1 - yes)).sum() + ((1 - Y[:, k]) * yes).sum()
    return np.array([min(grid, key=lambda t: bill(k, t)) for k in range(P.shape[1])])
""",
        """
def cheapest_thresholds(Y, P, miss, grid):
    best = np.zeros(Y.shape[1])
    for k in range(Y.shape[1]):
        least = np.inf
        for t in grid:
            cost = 0
            for truth, p in zip(Y[:, k], P[:, k]):
                if truth and p < t:
                    cost += miss[k]
                elif not truth and p >= t:
                    cost += 1
            if cost < least:
                least, best[k] = cost, t
    return best
""",
    ),
    mistakes=(
        Mistake(
            "formula",
            "def cheapest_thresholds(Y, P, miss, grid):\n    return 1 / (1 + miss)",
            "This is the formula for honest probabilities. Nobody says that these are honest: search on the trays.",
            "expected-cost-is-real",
        ),
        Mistake(
            "one-for-all",
            """
def cheapest_thresholds(Y, P, miss, grid):
    bills = [(miss * (Y * (P < t)) + (1 - Y) * (P >= t)).sum() for t in grid]
    return np.full(Y.shape[1], grid[np.argmin(bills)])
""",
            "One threshold for all labels. Each label has its own probabilities and its own price.",
            "averages-are-the-same",
        ),
        Mistake(
            "prices-swapped",
            """
def cheapest_thresholds(Y, P, miss, grid):
    yes = P[None] >= grid[:, None, None]
    bills = ((Y * ~yes) + miss * (1 - Y) * yes).sum(axis=1)
    return grid[bills.argmin(axis=0)]
""",
            "Here a *false alarm* costs `miss[k]`. So a dear miss gets a high threshold, and it should get a low one.",
            "cost-threshold-swapped",
        ),
        Mistake(
            "errors-only",
            """
def cheapest_thresholds(Y, P, miss, grid):
    yes = P[None] >= grid[:, None, None]
    return grid[(yes != Y).sum(axis=1).argmin(axis=0)]
""",
            "This counts errors. A miss costs more than a false alarm, and `miss` says how much.",
            "prices-need-new-training",
        ),
        Mistake(
            "above-only",
            """
def cheapest_thresholds(Y, P, miss, grid):
    yes = P[None] > grid[:, None, None]
    bills = (miss * (Y * ~yes) + (1 - Y) * yes).sum(axis=1)
    return grid[bills.argmin(axis=0)]
""",
            "Nearly right. A probability *equal* to the threshold is a yes: `>=`.",
        ),
        Mistake(
            "the-place",
            """
def cheapest_thresholds(Y, P, miss, grid):
    yes = P[None] >= grid[:, None, None]
    return (miss * (Y * ~yes) + (1 - Y) * yes).sum(axis=1).argmin(axis=0)
""",
            "You return places in the grid. Wanted are the thresholds themselves.",
        ),
    ),
)
