"""Lesson 02: the answers of a classifier chain, link by link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _chains(rng: np.random.Generator) -> Iterator[Case]:
    for n, d, k in ((6, 3, 4), (5, 2, 3), (8, 4, 4)):
        yield Case(
            rng.normal(0, 1, (n, d)),
            rng.normal(0, 1, (d, k)),
            rng.normal(0, 2, (k, k)),
            rng.normal(0, 0.5, k),
        )
    # The first link says yes; only then does the second, and only then the third.
    V = np.array([[9.0, 2.0, 0.0], [0.0, 9.0, 2.0], [9.0, 0.0, 9.0]])
    b = np.array([0.0, -1.0, -1.0])
    yield Case(
        np.array([[1.0], [-1.0]]), np.array([[1.0, 0.0, 0.0]]), V, b, note="a yes that is passed on, and a no"
    )
    yield Case(np.array([[0.3]]), np.array([[1.0, 1.0, 1.0]]), V, b, note="a weak yes counts as a whole yes")


def _chain(
    sees: str = "answers[:, :k] @ V[:k, k]", answer: str = "z >= 0", links: str = "range(len(b))"
) -> str:
    return f"""
def chain_answers(X, W, V, b):
    answers = np.zeros((len(X), len(b)), dtype=int)
    for k in {links}:
        z = X @ W[:, k] + b[k] + {sees}
        answers[:, k] = {answer}
    return answers
"""


CHAIN = Exercise(
    id="02-chain",
    title="Link by link",
    level=3,
    concept="classifier chains",
    prompt="""
A chain is trained; you write how it **answers**. `X` has a row for each box, a column for each reading. Link `k` adds up

- the readings times its weights, `X @ W[:, k]`, and its bias `b[k]`,
- for every **earlier** link `j < k`: its answer (0 or 1) times `V[j, k]`.

It says yes, 1, if the sum is at least 0, else 0. Return all answers, a row for each box, a column for each link.
(What `V` holds for `j >= k` means nothing.)
""",
    name="chain_answers",
    cases=_chains,
    starter="""
def chain_answers(X, W, V, b):
    return ...
""",
    hints=(
        "The links answer one after the other, so you need a loop over `k`. Begin with a table of zeros, and fill column after column.",
        "When link `k` speaks, `answers[:, :k]` holds the answers before it.",
        "`z = X @ W[:, k] + b[k] + answers[:, :k] @ V[:k, k]`, then `answers[:, k] = z >= 0`.",
    ),
    solution=_chain(),
    explanation="""
With `V` all zeros this is binary relevance. The loop is the price of the chain: link 3 cannot begin before link 2 has answered.
""",
    alternatives=(
        """
def chain_answers(X, W, V, b):
    inputs = X
    for k in range(len(b)):
        weights = np.concatenate([W[:, k], V[:k, k]])
        said = (inputs @ weights + b[k] >= 0).astype(int)
        inputs = np.column_stack([inputs, said])
    return inputs[:, X.shape[1]:].astype(int)
""",
        """
def chain_answers(X, W, V, b):
    rows = []
    for x in X:
        said = []
        for k in range(len(b)):
            z = float(np.dot(x, W[:, k])) + b[k] + sum(a * V[j, k] for j, a in enumerate(said))
            said.append(1 if z >= 0 else 0)
        rows.append(said)
    return np.array(rows)
""",
        """
def chain_answers(X, W, V, b):
    earlier = np.triu(V, 1)
    Z = X @ W + b
    answers = np.zeros(Z.shape, dtype=int)
    for k in range(Z.shape[1]):
        answers[:, k] = Z[:, k] + answers @ earlier[:, k] >= 0
    return answers
""",
    ),
    mistakes=(
        Mistake(
            "no-chain",
            "def chain_answers(X, W, V, b):\n    return (X @ W + b >= 0).astype(int)",
            "No link hears of another one: this is binary relevance. The earlier answers are missing from the sums.",
            "chain-is-binary-relevance",
        ),
        Mistake(
            "first-answers-only",
            "def chain_answers(X, W, V, b):\n"
            "    first = (X @ W + b >= 0).astype(int)\n"
            "    return (X @ W + b + first @ np.triu(V, 1) >= 0).astype(int)",
            "You let all links answer alone first, and then correct them once. In a chain, link 2 hears what link 1 says "
            "*after* it has heard link 0.",
            "chain-links-answer-at-once",
        ),
        Mistake(
            "sums-passed-on",
            """
def chain_answers(X, W, V, b):
    Z = np.zeros((len(X), len(b)))
    for k in range(len(b)):
        Z[:, k] = X @ W[:, k] + b[k] + Z[:, :k] @ V[:k, k]
    return (Z >= 0).astype(int)
""",
            "You pass on the *sums*. A link hears the answer of the one before, 0 or 1; a weak yes is a whole yes.",
            "chain-passes-scores",
        ),
        Mistake(
            "all-links",
            "def chain_answers(X, W, V, b):\n"
            "    first = (X @ W + b >= 0).astype(int)\n"
            "    return (X @ W + b + first @ V >= 0).astype(int)",
            "Every link hears every other one, and itself. In a chain it hears only those *before* it: `j < k`.",
            "chain-looks-ahead",
        ),
        Mistake(
            "backwards",
            _chain(sees="answers[:, k + 1:] @ V[k + 1:, k]", links="reversed(range(len(b)))"),
            "Your chain runs from the last link to the first. Column 0 speaks first here.",
        ),
        Mistake(
            "row-of-v",
            _chain(sees="answers[:, :k] @ V[k, :k]"),
            "You take row `k` of `V`. `V[j, k]` is the weight *from* `j` *to* `k`, so link `k` needs column `k`: `V[:k, k]`.",
        ),
        Mistake(
            "threshold-half",
            _chain(answer="z >= 0.5"),
            "The sum `z` is a logit. Its middle is 0, not 0.5.",
            "logits-are-probabilities",
        ),
    ),
)
