"""Lesson 16: one letter scaled by what the training knows, the loss of two heads, a box of cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _mail(rng: np.random.Generator) -> Iterator[Case]:
    for n, m, d in ((20, 4, 3), (30, 6, 4)):
        yield Case(rng.poisson(1.5, (n, d)).astype(float), rng.poisson(4, (m, d)).astype(float))
    yield Case(rng.poisson(2, (15, 3)).astype(float), np.array([[5.0, 0.0, 1.0]]), note="a single new letter")
    yield Case(
        np.array([[1.0, 4.0], [1.0, 2.0], [1.0, 0.0]]),
        np.array([[3.0, 1.0]]),
        note="a column that never changes",
    )


def _scale(centre: str, spread: str, guard: str = "np.where(spread == 0, 1, spread)") -> str:
    return f"""
def prepare(X_train, X_new):
    centre = {centre}.mean(axis=0)
    spread = {spread}.std(axis=0)
    return (X_new - centre) / {guard}
"""


ONE_LETTER = Exercise(
    id="16-one-letter",
    title="One letter, on a Monday",
    level=1,
    concept="scaling new rows",
    prompt="""
The network was trained on standardised letters. Now letters arrive, sometimes a single one. Fill in which rows tell centre and
spread. A column that never changed in training has a spread of 0; it is divided by 1 instead.
""",
    name="prepare",
    cases=_mail,
    starter="""
def prepare(X_train, X_new):
    centre = (...).mean(axis=0)
    spread = (...).std(axis=0)
    return (X_new - centre) / np.where(spread == 0, 1, spread)
""",
    hints=(
        "What is the spread of one letter?",
        "A word count must mean the same number on every day. So who decides, today's letters or those that the network learned from?",
        "`X_train`, both times.",
    ),
    solution=_scale("X_train", "X_train"),
    explanation="""
*Fit* on the training rows, *transform* everything else with it. The same letter then has the same numbers on every day, whoever else
writes.
""",
    alternatives=(
        """
def prepare(X_train, X_new):
    from sklearn.preprocessing import StandardScaler
    return StandardScaler().fit(X_train).transform(X_new)
""",
        """
def prepare(X_train, X_new):
    centre, spread = np.mean(X_train, 0), np.std(X_train, 0)
    spread[spread == 0] = 1
    return X_new / spread - centre / spread
""",
        """
def prepare(X_train, X_new):
    columns = []
    for old, new in zip(X_train.T, X_new.T):
        columns.append((new - old.mean()) / (old.std() or 1.0))
    return np.column_stack(columns)
""",
    ),
    mistakes=(
        Mistake(
            "own-scale",
            _scale("X_new", "X_new"),
            "The new letters are scaled by themselves. A single letter then is all zeros, whatever stands in it.",
            "fit-scaler-on-each-part",
        ),
        Mistake(
            "own-centre",
            _scale("X_new", "X_train"),
            "The spread is the training's, but the centre is taken from the new letters. On a day of angry letters, angry becomes normal.",
            "fit-scaler-on-each-part",
        ),
        Mistake(
            "together",
            _scale("np.vstack([X_train, X_new])", "np.vstack([X_train, X_new])"),
            "Old and new letters together tell the scale. So a letter's numbers depend on who else wrote today, and the network learned "
            "with others.",
            "fit-scaler-on-everything",
        ),
        Mistake(
            "raw",
            "def prepare(X_train, X_new):\n    return X_new",
            "The raw counts go in. The network has learned with standardised ones.",
            "raw-inputs-will-do",
        ),
    ),
)


def _heads(rng: np.random.Generator) -> Iterator[Case]:
    for n, k, m in ((4, 3, 3), (5, 4, 2)):
        raw = rng.uniform(0.05, 1, (n, k))
        yield Case(
            rng.integers(0, k, n),
            raw / raw.sum(axis=1, keepdims=True),
            rng.integers(0, 2, (n, m)),
            rng.uniform(0.05, 0.95, (n, m)),
        )
    yield Case(
        np.array([0]),
        np.array([[0.5, 0.25, 0.25]]),
        np.array([[1, 0]]),
        np.array([[0.5, 0.5]]),
        note="one letter, all halves",
    )


def _sum(departments: str, flags: str, give: str = "desk + tags") -> str:
    return f"""
def loss(y, P, F, Q):
    desk = {departments}
    tags = {flags}
    return {give}
"""


_DESK = "-np.mean(np.log(P[np.arange(len(y)), y]))"
_TAGS = "-np.mean(F * np.log(Q) + (1 - F) * np.log(1 - Q))"

TWO_HEADS = Exercise(
    id="16-two-heads",
    title="Two answers, one loss",
    level=3,
    concept="two losses in one network",
    prompt="""
A network answers twice: `P` holds softmax probabilities of the departments, `Q` sigmoid probabilities of the flags. The truth is
`y`, a department's number for each letter, and `F`, a row of 0s and 1s for each letter.

Write `loss(y, P, F, Q)`: the **sum** of the two losses that Keras would use, each of them the mean that Keras takes. (Keras' clipping is not
needed.)
""",
    name="loss",
    cases=_heads,
    starter="""
def loss(y, P, F, Q):
    return ...
""",
    hints=(
        "Two losses: one for integer classes, one for yes-or-no answers. What does each pay for a letter?",
        (
            "Departments: minus the log of what the true department got, then the mean over the letters. "
            "`P[np.arange(len(y)), y]` picks it."
        ),
        "Flags: minus the log of what the truth got, yes *or* no, then the mean over all cells.",
    ),
    solution=_sum(_DESK, _TAGS),
    explanation="""
Sparse categorical cross-entropy for the desk, binary cross-entropy for the flags. Keras adds the losses of several outputs in just
this way; `loss_weights` in `compile` would weigh them.
""",
    alternatives=(
        """
def loss(y, P, F, Q):
    total = 0.0
    for true, p, f, q in zip(y, P, F, Q):
        total -= np.log(p[true])
        total -= np.mean([np.log(b if a else 1 - b) for a, b in zip(f, q)])
    return total / len(y)
""",
        """
def loss(y, P, F, Q):
    one_hot = np.eye(P.shape[1])[y]
    given = np.where(F == 1, Q, 1 - Q)
    return -(one_hot * np.log(P)).sum(axis=1).mean() - np.log(given).mean()
""",
        """
def loss(y, P, F, Q):
    from sklearn.metrics import log_loss
    desk = log_loss(y, P, labels=list(range(P.shape[1])))
    tags = np.mean([-np.log(np.abs(1 - F - Q))])
    return desk + tags
""",
    ),
    mistakes=(
        Mistake(
            "flags-summed",
            _sum(_DESK, "-np.mean(np.sum(F * np.log(Q) + (1 - F) * np.log(1 - Q), axis=1))"),
            "The flags of a letter are added up. Keras takes their mean, so that three flags do not outweigh the desk.",
            "loss-is-summed-over-labels",
        ),
        Mistake(
            "only-yes",
            _sum(_DESK, "-np.mean(F * np.log(Q))"),
            "Only the flags that are *true* cost something. A flag that is given falsely must cost, too.",
            "only-true-labels-count",
        ),
        Mistake(
            "desk-mean",
            _sum("-np.mean(np.eye(P.shape[1])[y] * np.log(P))", _TAGS),
            "The departments' cost is divided by their number as well. Of a one-hot row only one cell costs; it is the sum over the "
            "row, then the mean over the letters.",
            "loss-is-summed-over-labels",
        ),
        Mistake(
            "binary-for-both",
            _sum(
                "-np.mean(np.eye(P.shape[1])[y] * np.log(P) + (1 - np.eye(P.shape[1])[y]) * np.log(1 - P))",
                _TAGS,
            ),
            "Binary cross-entropy for the softmax, too. The departments exclude each other: one cost, minus the log of what the true "
            "one got.",
            "activation-alone-decides",
        ),
        Mistake(
            "averaged",
            _sum(_DESK, _TAGS, "(desk + tags) / 2"),
            "That is the mean of the two losses. Keras adds them.",
        ),
    ),
)


def _histories(rng: np.random.Generator) -> Iterator[Case]:
    for n in (3, 6, 9):
        yield Case([bool(right) for right in rng.random(n) < 0.7])
    yield Case([], note="a card that was never asked")
    yield Case([True] * 8, note="eight times right")
    yield Case([True, True, True, False], note="right three times, then wrong")
    yield Case([False, True], note="wrong, then right")


def _box(right: str, wrong: str, start: str = "1", cap: str = "16") -> str:
    return f"""
def next_interval(history):
    days = {start}
    for right in history:
        days = min({right}, {cap}) if right else {wrong}
    return days
"""


BOX = Exercise(
    id="16-box",
    title="A box of cards",
    level=3,
    concept="spaced review",
    prompt="""
The oldest way to space reviews is a box with five sections (Leitner, 1972). Here a card's section says when it is asked again:
after **1, 2, 4, 8 or 16 days**. A new card stands in the first section. Right: one section up (the last one is the highest). Wrong:
back to the first.

Write `next_interval(history)`: from a list of True (right) and False (wrong), oldest first, return the days until the card is asked again.
A card never asked stands in the first section.
""",
    name="next_interval",
    cases=_histories,
    starter="""
def next_interval(history):
    return ...
""",
    hints=(
        "Play one card by hand: right, right, wrong, right. In which section does it stand after each?",
        "Keep a number while you walk through the list: the section, or the days themselves.",
        "Days: doubled after a right answer, but 16 at most; 1 after a wrong one.",
    ),
    solution=_box("2 * days", "1"),
    explanation="""
The steps grow while you remember and start anew when you do not. `quiz.review()` does the same with a model of memory that was fitted to
real learners, so that a card that you barely knew comes back sooner than one that you knew well.
""",
    alternatives=(
        """
def next_interval(history):
    section = 0
    for right in history:
        section = min(section + 1, 4) if right else 0
    return [1, 2, 4, 8, 16][section]
""",
        """
def next_interval(history):
    streak = 0
    for right in reversed(history):
        if not right:
            break
        streak += 1
    return 2 ** min(streak, 4)
""",
        """
def next_interval(history):
    if not history:
        return 1
    *before, last = history
    return min(16, 2 * next_interval(before)) if last else 1
""",
    ),
    mistakes=(
        Mistake(
            "one-step-back",
            _box("2 * days", "max(days // 2, 1)"),
            "After a wrong answer your card goes back by *one* section. In this box it starts anew: what was forgotten is asked tomorrow.",
            "forgetting-is-a-small-step",
        ),
        Mistake(
            "no-last-section",
            _box("2 * days", "1", cap="10**9"),
            "Your intervals double without end. The box has five sections; 16 days is the longest.",
        ),
        Mistake(
            "wrong-changes-nothing",
            _box("2 * days", "days"),
            "A wrong answer leaves your card where it is. Then it comes back just as late as a card that you know.",
            "review-what-you-know",
        ),
        Mistake(
            "upside-down",
            _box("1", "min(2 * days, 16)"),
            "Upside down: what you know comes back tomorrow, and what you do not know comes back late.",
            "review-what-you-know",
        ),
        Mistake(
            "one-more",
            _box("days + 1", "1", cap="5"),
            "You return the number of the section, 1 to 5. The days of the sections are 1, 2, 4, 8 and 16.",
        ),
    ),
)
