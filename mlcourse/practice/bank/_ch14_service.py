"""Lesson 14: an ensemble's decision, a record with its truth, an answer in reserve."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake, Property

if TYPE_CHECKING:
    from collections.abc import Iterator


def _members(rng: np.random.Generator) -> Iterator[Case]:
    two_to_one = [[[0.55, 0.45, 0.0], [0.2, 0.3, 0.5]], [[0.55, 0.45, 0.0], [0.2, 0.3, 0.5]]]
    sure = [[[0.05, 0.95, 0.0], [0.1, 0.2, 0.7]]]
    yield Case(np.array(two_to_one + sure), note="two networks against a surer one")
    for members, rows, classes in ((5, 30, 4), (3, 20, 6), (7, 40, 3)):
        yield Case(rng.dirichlet(np.full(classes, 0.5), (members, rows)))


ENSEMBLE = Exercise(
    id="14-ensemble",
    title="The five decide",
    level=2,
    concept="deep ensembles",
    prompt="""
`P` holds the probabilities of several networks: shape (networks, items, classes). `ensemble(P)` shall return the class number of
each item, by the **mean of the probabilities**. It returns something else. Find the bug.
""",
    name="ensemble",
    cases=_members,
    starter="""
def ensemble(P):
    return P.mean(axis=0).argmax(axis=0)
""",
    hints=(
        "Print `P.mean(axis=0).shape`. What does each axis of it count?",
        "How many numbers come out? There should be one for each *item*.",
        "After the mean the shape is (items, classes). The largest is looked for over the classes, `axis=1`.",
    ),
    solution="""
def ensemble(P):
    return P.mean(axis=0).argmax(axis=1)
""",
    explanation="""
First the mean over the networks, then the decision of each item. A vote would also count five decisions, but it forgets how sure
each of them was.
""",
    alternatives=(
        """
def ensemble(P):
    return sum(P).argmax(axis=-1)
""",
        """
def ensemble(P):
    return np.array([np.argmax(P[:, i, :].mean(axis=0)) for i in range(P.shape[1])])
""",
        """
def ensemble(P):
    mean = np.einsum("mic->ic", P) / len(P)
    return np.argsort(-mean, axis=1, kind="stable")[:, 0]
""",
    ),
    mistakes=(
        Mistake(
            "vote",
            """
def ensemble(P):
    votes = P.argmax(axis=2)
    return np.array([np.bincount(column).argmax() for column in votes.T])
""",
            "This is a vote: each network decides first, and then the decisions are counted. A network that is nearly sure has no "
            "more to say than one that hardly knows.",
        ),
        Mistake(
            "surest",
            """
def ensemble(P):
    return P.max(axis=0).argmax(axis=1)
""",
            "Here the network with the largest probability decides alone. The one that is most easily too sure wins.",
            "confidence-is-correctness",
        ),
        Mistake(
            "product",
            """
def ensemble(P):
    return np.log(np.maximum(P, 1e-12)).mean(axis=0).argmax(axis=1)
""",
            "The mean of the *logarithms* is taken, a product of the probabilities. A single network that says nearly 0 then forbids "
            "a class for all.",
        ),
        Mistake(
            "over-items",
            """
def ensemble(P):
    return P.mean(axis=1).argmax(axis=1)
""",
            "The mean goes over the items. What is left is one answer for each *network*.",
            "mean-over-the-items",
        ),
    ),
    same_kind=True,
)


def _line(**entry: object) -> str:
    return json.dumps(entry)


def _record(rng: np.random.Generator, n: int, looked_at: float) -> list[str]:
    """Return the lines of a record: two versions, truths for some, a few of them twice."""
    P = rng.dirichlet(np.ones(3), n).round(3).tolist()
    lines = [_line(id=i, model=f"belt-{1 + i % 2}", p=p) for i, p in enumerate(P)]
    looked = np.flatnonzero(rng.random(n) < looked_at).tolist()
    lines += [_line(id=i, truth=int(rng.integers(3))) for i in looked]
    return lines


def _records(rng: np.random.Generator) -> Iterator[Case]:
    yes, no = [0.9, 0.1], [0.2, 0.8]
    first = [
        _line(id="a", model="belt-1", p=yes),
        _line(id="b", model="belt-1", p=no),
        _line(id="c", model="belt-2", p=yes),
        _line(id="a", truth=0),
        _line(id="c", truth=1),
    ]
    yield Case(first, "belt-1", note="nobody has looked at item b yet")
    again = [
        _line(id="a", model="belt-1", p=yes),
        _line(id="b", model="belt-1", p=no),
        _line(id="a", truth=1),
        _line(id="b", truth=1),
        _line(id="a", truth=0),
    ]
    yield Case(again, "belt-1", note="a truth that was corrected later")
    early = [_line(id="b", truth=1), _line(id="a", truth=1), *first[:2]]
    yield Case(early, "belt-1", note="truths that stand before their predictions")
    yield Case(_record(rng, 40, 0.6), "belt-2")
    yield Case(_record(rng, 60, 0.5), "belt-1")


RECORD = Exercise(
    id="14-record",
    title="Read the record",
    level=2,
    concept="records",
    prompt="""
`lines` is a record: predictions (`id`, `model`, `p`) and, in other lines, what items really were (`id`, `truth`), in any order. If
an item has two truths, the later line holds. Return the share of right answers of one `model`, among its items that **have been
looked at**. The function's number is too small. Find the bug.
""",
    name="share_right",
    cases=_records,
    setup="import json\n\nimport numpy as np\n",
    starter="""
def share_right(lines, model):
    predicted, truth = {}, {}
    for line in lines:
        entry = json.loads(line)
        if "truth" in entry:
            truth[entry["id"]] = entry["truth"]
        elif entry["model"] == model:
            predicted[entry["id"]] = np.argmax(entry["p"])
    hits = [predicted[i] == truth.get(i) for i in predicted]
    return np.mean(hits)
""",
    hints=(
        "What does `truth.get(i)` return for an item that nobody has looked at? And is that equal to a class number?",
        "An item without a truth is neither right nor wrong. It must not be counted at all.",
        "`for i in predicted if i in truth`",
    ),
    solution="""
def share_right(lines, model):
    predicted, truth = {}, {}
    for line in lines:
        entry = json.loads(line)
        if "truth" in entry:
            truth[entry["id"]] = entry["truth"]
        elif entry["model"] == model:
            predicted[entry["id"]] = np.argmax(entry["p"])
    hits = [predicted[i] == truth[i] for i in predicted if i in truth]
    return np.mean(hits)
""",
    explanation="""
Read everything first, then join by `id`. `truth.get(i)` is None for unknown items, and None equals no class, so each of them was
counted as wrong.
""",
    alternatives=(
        """
def share_right(lines, model):
    entries = [json.loads(line) for line in lines]
    truth = {e["id"]: e["truth"] for e in entries if "truth" in e}
    mine = [e for e in entries if e.get("model") == model and e["id"] in truth]
    return sum(int(np.argmax(e["p"]) == truth[e["id"]]) for e in mine) / len(mine)
""",
        """
def share_right(lines, model):
    said, was = {}, {}
    for entry in map(json.loads, lines):
        if "truth" in entry:
            was.update({entry["id"]: entry["truth"]})
        if entry.get("model") == model:
            said[entry["id"]] = entry["p"].index(max(entry["p"]))
    both = said.keys() & was.keys()
    return np.mean([said[i] == was[i] for i in both])
""",
        """
def share_right(lines, model):
    good = known = 0
    entries = [json.loads(line) for line in lines]
    for entry in entries:
        if entry.get("model") != model:
            continue
        truths = [e["truth"] for e in entries if e["id"] == entry["id"] and "truth" in e]
        if truths:
            known += 1
            good += int(np.argmax(entry["p"])) == truths[-1]
    return good / known
""",
    ),
    mistakes=(
        Mistake(
            "all-models",
            """
def share_right(lines, model):
    predicted, truth = {}, {}
    for line in lines:
        entry = json.loads(line)
        if "truth" in entry:
            truth[entry["id"]] = entry["truth"]
        else:
            predicted[entry["id"]] = np.argmax(entry["p"])
    return np.mean([predicted[i] == truth[i] for i in predicted if i in truth])
""",
            "The answers of all versions are thrown together. Asked for is the share of *one* model.",
        ),
        Mistake(
            "first-truth",
            """
def share_right(lines, model):
    predicted, truth = {}, {}
    for line in lines:
        entry = json.loads(line)
        if "truth" in entry:
            truth.setdefault(entry["id"], entry["truth"])
        elif entry["model"] == model:
            predicted[entry["id"]] = np.argmax(entry["p"])
    return np.mean([predicted[i] == truth[i] for i in predicted if i in truth])
""",
            "If somebody has corrected a truth, the *first* one is still used. The later line holds.",
        ),
        Mistake(
            "one-pass",
            """
def share_right(lines, model):
    predicted, hits = {}, {}
    for line in lines:
        entry = json.loads(line)
        if "truth" not in entry:
            if entry["model"] == model:
                predicted[entry["id"]] = np.argmax(entry["p"])
        elif entry["id"] in predicted:
            hits[entry["id"]] = predicted[entry["id"]] == entry["truth"]
    return sum(hits.values()) / max(len(hits), 1)
""",
            "A truth that stands before its prediction is passed over. Read all lines first, then join them.",
        ),
        Mistake(
            "all-truths",
            """
def share_right(lines, model):
    predicted, truth = {}, {}
    for line in lines:
        entry = json.loads(line)
        if "truth" in entry:
            truth[entry["id"]] = entry["truth"]
        elif entry["model"] == model:
            predicted[entry["id"]] = np.argmax(entry["p"])
    return np.mean([predicted.get(i) == truth[i] for i in truth])
""",
            "It goes through all *truths*. Those of the other model's items are counted as wrong answers of this one.",
            "unknown-truth-is-wrong",
        ),
    ),
)


def _unsure(rng: np.random.Generator) -> Iterator[Case]:
    P = np.array([[0.45, 0.30, 0.25], [0.90, 0.05, 0.05], [0.50, 0.30, 0.20]])
    yield Case(
        P, np.array([0, 1, 1]), 0.5, note="a group of one kind and one of two; a kind with exactly 0.5"
    )
    for group in ([0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 2, 2], [1, 0, 0, 2, 2, 2]):
        yield Case(rng.dirichlet(np.full(6, 0.6), 40), np.array(group), 0.7)
    yield Case(rng.dirichlet(np.ones(4), 30), np.array([0, 0, 1, 1]), 0.4, note="another limit")


RESERVE = Exercise(
    id="14-reserve",
    title="An answer in reserve",
    level=3,
    concept="hierarchical classification",
    prompt="""
Write `answer_in_reserve(P, group, least)`: one whole number for each item (row of `P`).

- If the largest probability is `least` **or more**, the number of that kind: 0, 1, 2, …
- If not, the most probable **group**, written as a negative number: −1 for group 0, −2 for group 1, and so on.

`group[k]` is the group of kind `k`; the groups are numbered 0, 1, … without gaps. Groups may be of different size.
""",
    name="answer_in_reserve",
    cases=_unsure,
    starter="""
def answer_in_reserve(P, group, least):
    return ...
""",
    hints=(
        "What is the probability of a group, if exactly one kind is right? Kinds exclude each other.",
        "`P[:, group == g].sum(axis=1)` for each group, stacked as columns; then the largest.",
        "`np.where(P.max(axis=1) >= least, P.argmax(axis=1), -1 - groups.argmax(axis=1))`",
    ),
    solution="""
def answer_in_reserve(P, group, least):
    groups = np.stack([P[:, group == g].sum(axis=1) for g in range(group.max() + 1)], axis=1)
    return np.where(P.max(axis=1) >= least, P.argmax(axis=1), -1 - groups.argmax(axis=1))
""",
    explanation="""
The probability of "one of these" is the sum, since exactly one kind is right. So every flat model already holds the answers of
every hierarchy over its kinds, and the group with the largest sum need not hold the most probable kind.
""",
    alternatives=(
        """
def answer_in_reserve(P, group, least):
    membership = np.eye(group.max() + 1)[group]
    best_group = (P @ membership).argmax(axis=1)
    out = -1 - best_group
    sure = P.max(axis=1) >= least
    out[sure] = P[sure].argmax(axis=1)
    return out
""",
        """
def answer_in_reserve(P, group, least):
    answers = []
    for row in P:
        if max(row) >= least:
            answers.append(int(np.argmax(row)))
        else:
            answers.append(-1 - int(np.argmax(np.bincount(group, weights=row))))
    return np.array(answers)
""",
        """
def answer_in_reserve(P, group, least):
    sums = np.zeros((len(P), max(group) + 1))
    for k, g in enumerate(group):
        sums[:, g] += P[:, k]
    fine, coarse = np.argmax(P, axis=1), np.argmax(sums, axis=1)
    return np.array([k if P[i, k] >= least else -g - 1 for i, (k, g) in enumerate(zip(fine, coarse))])
""",
    ),
    mistakes=(
        Mistake(
            "group-of-the-winner",
            """
def answer_in_reserve(P, group, least):
    best = P.argmax(axis=1)
    return np.where(P.max(axis=1) >= least, best, -1 - group[best])
""",
            "This is the group of the most probable *kind*. Two kinds that are each a little less probable can together be more.",
        ),
        Mistake(
            "mean-of-the-group",
            """
def answer_in_reserve(P, group, least):
    groups = np.stack([P[:, group == g].mean(axis=1) for g in range(group.max() + 1)], axis=1)
    return np.where(P.max(axis=1) >= least, P.argmax(axis=1), -1 - groups.argmax(axis=1))
""",
            'The *mean* of a group\'s kinds punishes large groups. The probability of "one of these" is the sum.',
        ),
        Mistake(
            "strictly-more",
            """
def answer_in_reserve(P, group, least):
    groups = np.stack([P[:, group == g].sum(axis=1) for g in range(group.max() + 1)], axis=1)
    return np.where(P.max(axis=1) > least, P.argmax(axis=1), -1 - groups.argmax(axis=1))
""",
            "Exactly `least` is enough: the kind is to be named at `least` *or more*.",
        ),
        Mistake(
            "unmarked",
            """
def answer_in_reserve(P, group, least):
    groups = np.stack([P[:, group == g].sum(axis=1) for g in range(group.max() + 1)], axis=1)
    return np.where(P.max(axis=1) >= least, P.argmax(axis=1), groups.argmax(axis=1))
""",
            "Group 1 and kind 1 cannot be told apart in this answer. A group is written as a negative number, −1 for group 0.",
        ),
        Mistake(
            "never-in-reserve",
            """
def answer_in_reserve(P, group, least):
    return P.argmax(axis=1)
""",
            "Every item gets a kind, also where the model is unsure. Below `least` the group is asked for.",
        ),
    ),
    same_kind=True,
    properties=(Property("One whole number for each item.", lambda out, P, *_: np.shape(out) == (len(P),)),),
)
