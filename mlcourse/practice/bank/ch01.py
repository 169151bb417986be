"""Lesson 01, the whole pipeline: threshold, scaling, counting what is right, and a smaller network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake, Property
from mlcourse.practice.bank._ch01_experiment import SMALL_AND_GOOD

if TYPE_CHECKING:
    from collections.abc import Iterator


def _logits(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(rng.normal(0, 2, (5, 4)), 0.5)
    yield Case(rng.normal(0, 2, (6, 3)), 0.3)
    yield Case(rng.normal(0, 2, (4, 2)), 0.8)
    yield Case(np.array([[0.0, 1.0, -1.0]]), 0.5, note="a logit of exactly 0, which means 0.5")
    yield Case(np.array([[-3.0, -4.0, -2.5, -6.0]]), 0.5, note="a text without any tag")
    yield Case(np.array([[300.0, -300.0, 3.0]]), 0.5, note="very large logits")
    yield Case(rng.normal(0, 2, (1, 4)), 0.5, note="one text alone")


YES_OR_NO = Exercise(
    id="01-yes-or-no",
    title="From logits to tags",
    level=1,
    concept="sigmoid and threshold",
    prompt="""
The network of this lesson ends in four *logits* for each text, any numbers from $-\\infty$ to $\\infty$.
Turn them into tags: `1` for yes, `0` for no.

`logits` is an array with a row for each text and a column for each tag. Every tag is a yes-or-no question of its own.
A probability that equals the threshold is a yes.

Fill the two blanks, run the cell, then `practice.exercise("01-yes-or-no").check(tags)`.
""",
    name="tags",
    cases=_logits,
    starter="""
def tags(logits, threshold=0.5):
    probabilities = ...
    return np.array(... >= threshold).astype(int)
""",
    hints=(
        "Which function turned logits into probabilities in *Trace 3* of the lesson? It stands there in one line of NumPy.",
        "The sigmoid of $z$ is $1 / (1 + e^{-z})$. NumPy writes $e^z$ as `np.exp(z)`, for all entries at once.",
        "The second blank is what gets compared with the threshold: the probabilities, not the logits.",
    ),
    solution="""
def tags(logits, threshold=0.5):
    probabilities = 1 / (1 + np.exp(-logits))
    return np.array(probabilities >= threshold).astype(int)
""",
    explanation="""
Each logit goes through a sigmoid of its own, and each probability is compared with the threshold on its own.
So a text can get no tag, one, or all of them. A very large negative logit makes `np.exp` overflow to infinity;
$1 / (1 + \\infty)$ is 0, which is what should come out.
""",
    alternatives=(
        """
def tags(logits, threshold=0.5):
    return np.where(0.5 * (1 + np.tanh(np.asarray(logits) / 2)) >= threshold, 1, 0)
""",
        """
def tags(z, t=0.5):
    # The sigmoid rises, so the threshold can be moved to the other side instead.
    return (z >= np.log(t / (1 - t))) * 1
""",
        """
def tags(logits, threshold=0.5):
    out = np.zeros(logits.shape)
    for place, z in np.ndenumerate(logits):
        e = np.exp(-abs(z))
        p = 1 / (1 + e) if z >= 0 else e / (1 + e)
        if p >= threshold:
            out[place] = 1
    return out
""",
    ),
    mistakes=(
        Mistake(
            "logits-against-threshold",
            "def tags(logits, threshold=0.5):\n    return (logits >= threshold).astype(int)",
            "Here the threshold is compared with the *logits*. A logit of 0.4 stands for a probability of 0.60, which is "
            "a yes at 0.5. First the sigmoid, then the threshold.",
            "logits-are-probabilities",
        ),
        Mistake(
            "softmax",
            """
def tags(logits, threshold=0.5):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return (e / e.sum(axis=-1, keepdims=True) >= threshold).astype(int)
""",
            "This is softmax: the tags of a text share one whole, so two sure tags get one half each, at most. Tags do "
            "not compete; each one needs a sigmoid of its own.",
            "myth-multi-label-is-multi-class",
        ),
        Mistake(
            "largest-only",
            "def tags(logits, threshold=0.5):\n    return (logits == logits.max(axis=-1, keepdims=True)).astype(int)",
            "This picks the largest logit of each text, so every text gets exactly one tag. Here a text can have several "
            "tags or none.",
            "threshold-picks-one-label",
        ),
        Mistake(
            "sign",
            "def tags(logits, threshold=0.5):\n    return (1 / (1 + np.exp(logits)) >= threshold).astype(int)",
            "Your probabilities *fall* when the logit rises: yes and no are swapped. Look at the sign inside `np.exp`.",
        ),
        Mistake(
            "border",
            "def tags(logits, threshold=0.5):\n    return (1 / (1 + np.exp(-logits)) > threshold).astype(int)",
            "Nearly. A probability that *equals* the threshold should be a yes, and `>` says no to it.",
        ),
        Mistake(
            "fixed-threshold",
            "def tags(logits, threshold=0.5):\n    return (1 / (1 + np.exp(-logits)) >= 0.5).astype(int)",
            "With a threshold of 0.5 this is right, and with any other it changes nothing. The threshold is an argument: "
            "whoever calls the function chooses it.",
        ),
    ),
    properties=(Property("Every entry should be 0 or 1.", lambda out, *_: bool(np.isin(out, (0, 1)).all())),),
)


def _parts(rng: np.random.Generator) -> Iterator[Case]:
    for n_train, n_test, n_features in ((8, 4, 3), (12, 3, 2), (6, 6, 4)):
        train = rng.integers(0, 20, (n_train, n_features)) * 1.0
        train[0], train[1] = 0, rng.integers(21, 30, n_features)  # no column is constant
        test = rng.integers(1, 19, (n_test, n_features)) * 1.0
        test[0, 0], test[-1, -1] = 45.0, -5.0
        yield Case(train, test)
    train = np.array([[1.0, 100.0], [3.0, 500.0], [2.0, 900.0]])
    yield Case(
        train, np.array([[2.0, 500.0], [1.0, 100.0], [3.0, 300.0]]), note="columns of very different size"
    )
    yield Case(train, np.array([[9.0, -700.0]]), note="a single test row, outside the training range")


ONE_SCALE = Exercise(
    id="01-one-scale",
    title="A scale that has seen too much",
    level=2,
    concept="no leakage from the test rows",
    prompt="""
This function scales the training rows and the test rows. It runs, the numbers look fine, and it has the bug of *Trap 2*.

Find it and fix it. The function gets both parts and returns both, scaled, training rows first. In each column,
the smallest value **that may be known** becomes 0 and the largest becomes 1. No training column is constant.
""",
    name="scale",
    setup="import numpy as np\nimport sklearn.preprocessing\n",
    cases=_parts,
    starter="""
def scale(X_train, X_test):
    X = np.vstack([X_train, X_test])
    low, high = X.min(axis=0), X.max(axis=0)
    return (X_train - low) / (high - low), (X_test - low) / (high - low)
""",
    hints=(
        "Imagine that the test rows arrive only tomorrow. Which line could not run today?",
        "`low` and `high` are what the scaler learns. From which rows may it learn?",
        "The last line is right as it stands. Only the rows that `low` and `high` are taken from have to change.",
    ),
    solution="""
def scale(X_train, X_test):
    low, high = X_train.min(axis=0), X_train.max(axis=0)
    return (X_train - low) / (high - low), (X_test - low) / (high - low)
""",
    explanation="""
The scale is learned from the training rows and applied to both parts. The test rows may then step outside 0 to 1.
That is honest: tomorrow's rows will do the same.
""",
    alternatives=(
        """
from sklearn.preprocessing import MinMaxScaler

def scale(X_train, X_test):
    scaler = MinMaxScaler().fit(X_train)
    return scaler.transform(X_train), scaler.transform(X_test)
""",
        """
def scale(train, test):
    low = np.amin(train, 0, keepdims=True)
    span = np.ptp(train, axis=0)
    return [(part - low) / span for part in (train, test)]
""",
        """
def scale(X_train, X_test):
    A, B = X_train.astype(float).copy(), X_test.astype(float).copy()
    for j in range(A.shape[1]):
        low, high = min(X_train[:, j]), max(X_train[:, j])
        A[:, j] = (A[:, j] - low) / (high - low)
        B[:, j] = (B[:, j] - low) / (high - low)
    return A, B
""",
    ),
    mistakes=(
        Mistake(
            "each-its-own",
            """
def scale(X_train, X_test):
    def own(X):
        low, high = X.min(axis=0), X.max(axis=0)
        return (X - low) / np.where(high > low, high - low, 1)
    return own(X_train), own(X_test)
""",
            "Now nothing leaks, but each part has a scale of its own: the same count becomes one number in training and "
            "another in the test. The network only knows what 0.7 means on the *training* scale.",
            "fit-scaler-on-each-part",
        ),
        Mistake(
            "test-decides",
            """
def scale(X_train, X_test):
    low, high = X_test.min(axis=0), X_test.max(axis=0)
    with np.errstate(all="ignore"):
        return (X_train - low) / (high - low), (X_test - low) / (high - low)
""",
            "Now the scale comes from the *test* rows, which are the ones you must not know yet. When the model is used, "
            "rows come one by one, and there is nothing to learn a scale from.",
            "fit-scaler-on-test-rows",
        ),
        Mistake(
            "order-of-parts",
            """
def scale(X_train, X_test):
    low, high = X_train.min(axis=0), X_train.max(axis=0)
    return (X_test - low) / (high - low), (X_train - low) / (high - low)
""",
            "Both parts are scaled as they should be. Only their order is wrong: the training rows are wanted first. "
            "Whoever calls this function would train on the test rows.",
        ),
        Mistake(
            "one-range",
            """
def scale(X_train, X_test):
    low, high = X_train.min(), X_train.max()
    return (X_train - low) / (high - low), (X_test - low) / (high - low)
""",
            "The rows are the right ones. But `min()` without `axis` is one number for the whole table, so a column of "
            "small values is squeezed by the column with the largest. Each column needs its own smallest and largest.",
            "one-range-for-all-features",
        ),
        Mistake(
            "clipped",
            """
def scale(X_train, X_test):
    low, high = X_train.min(axis=0), X_train.max(axis=0)
    return (X_train - low) / (high - low), np.clip((X_test - low) / (high - low), 0, 1)
""",
            "The scale is right. But the test rows are cut off at 0 and 1, and that throws away what they say: 45 words "
            "and 30 words become the same. Values outside 0 to 1 are allowed there.",
            "scaled-means-between-0-and-1",
        ),
        Mistake(
            "by-row",
            """
def scale(X_train, X_test):
    def rows(X):
        low, high = X.min(axis=1, keepdims=True), X.max(axis=1, keepdims=True)
        return (X - low) / (high - low)
    return rows(X_train), rows(X_test)
""",
            "This scales each *row* by its own smallest and largest value. A column is one measurement and keeps its "
            "meaning from row to row, so the scale belongs to the column: `axis=0`.",
            "columns-are-samples",
        ),
        Mistake(
            "test-untouched",
            """
def scale(X_train, X_test):
    low, high = X_train.min(axis=0), X_train.max(axis=0)
    return (X_train - low) / (high - low), X_test
""",
            "The training rows are right, but the test rows come back unscaled. The network would get counts where it "
            "learned with numbers from 0 to 1. Both parts go through the *same* scale.",
        ),
    ),
)


def _predictions(rng: np.random.Generator) -> Iterator[Case]:
    for n, k, threshold in ((10, 4, 0.5), (8, 3, 0.3), (12, 5, 0.7)):
        P = rng.uniform(0.02, 0.98, (n, k)).round(3)
        # Two thirds of the answers follow the probabilities, so that some texts are wholly right.
        Y = np.where(rng.uniform(size=(n, k)) < 0.67, threshold <= P, rng.integers(0, 2, (n, k))).astype(int)
        Y[0] = P[0] >= threshold
        yield Case(Y, P, threshold)
    P = np.array([[0.8, 0.1, 0.9, 0.2], [0.6, 0.7, 0.1, 0.3], [0.1, 0.2, 0.3, 0.1]])
    yield Case((P >= 0.5).astype(int), P, 0.5, note="a network that is right everywhere")
    yield Case((P < 0.5).astype(int), P, 0.5, note="a network that is wrong everywhere")
    yield Case(
        np.array([[1, 0]]), np.array([[0.5, 0.49]]), 0.5, note="a probability that equals the threshold"
    )


COUNT_RIGHT = Exercise(
    id="01-count-right",
    title="Two ways to count what is right",
    level=3,
    concept="accuracy of several labels",
    prompt="""
`Y` holds the truth, a row of 0s and 1s for each text. `P` holds the network's probabilities, of the same shape.
A probability from the threshold on is a yes.

Write `count_right(Y, P, threshold)`. It returns **two** numbers from 0 to 1, in this order:
1. the share of all the single *answers* that are right,
2. the share of the *texts* in which every answer is right.
""",
    name="count_right",
    setup="import numpy as np\nimport sklearn.metrics\n",
    cases=_predictions,
    starter="""
def count_right(Y, P, threshold):
    return ...
""",
    hints=(
        "Begin with a table of the same shape as `Y` that is True where an answer is right. Both numbers come from it.",
        "`right = (P >= threshold) == Y` is that table. The mean of True and False is the share of True.",
        "For the second number ask each row whether *all* its entries are True: `right.all(axis=1)`.",
    ),
    solution="""
def count_right(Y, P, threshold):
    right = (P >= threshold) == (Y == 1)
    return right.mean(), right.all(axis=1).mean()
""",
    explanation="""
The first number is what Keras calls `binary_accuracy`. The second is the *subset accuracy*, scikit-learn's
`accuracy_score` for such tables. With four labels and nine of ten answers right, hardly more than six of ten texts
need be wholly right. Neither of them is what `metrics=["accuracy"]` computes here.
""",
    alternatives=(
        """
from sklearn.metrics import accuracy_score, hamming_loss

def count_right(Y, P, threshold):
    answers = (P >= threshold).astype(int)
    return 1 - hamming_loss(Y, answers), accuracy_score(Y, answers)
""",
        """
def count_right(truth, probabilities, bar):
    answers = texts = 0
    for y, p in zip(truth, probabilities):
        hits = sum(int((q >= bar) == bool(t)) for t, q in zip(y, p))
        answers += hits
        texts += hits == len(y)
    return answers / truth.size, texts / len(truth)
""",
        """
def count_right(Y, P, threshold):
    wrong = np.abs(Y - np.where(P >= threshold, 1, 0))
    return np.array([1 - wrong.mean(), np.mean(wrong.sum(axis=1) == 0)])
""",
    ),
    mistakes=(
        Mistake(
            "argmax",
            """
def count_right(Y, P, threshold):
    right = (P >= threshold) == (Y == 1)
    return np.mean(P.argmax(axis=1) == Y.argmax(axis=1)), right.all(axis=1).mean()
""",
            "Your first number compares the place of the largest probability with the place of the first 1. That is the "
            'trap of `metrics=["accuracy"]`: right for *which one of four?*, nonsense where a text can have two tags or none.',
            "accuracy-is-per-label",
        ),
        Mistake(
            "swapped",
            """
def count_right(Y, P, threshold):
    right = (P >= threshold) == (Y == 1)
    return right.all(axis=1).mean(), right.mean()
""",
            "Both numbers are right, and they stand in the wrong order. First the share of the answers, then that of the texts.",
        ),
        Mistake(
            "any-instead-of-all",
            """
def count_right(Y, P, threshold):
    right = (P >= threshold) == (Y == 1)
    return right.mean(), right.any(axis=1).mean()
""",
            "Your second number counts a text as soon as *one* of its answers is right. Even guessing gets nearly every "
            "text that way. A text counts if **all** its answers are right.",
        ),
        Mistake(
            "yes-only",
            """
def count_right(Y, P, threshold):
    right = (P >= threshold) == (Y == 1)
    yes = Y == 1
    return right[yes].mean() if yes.any() else 0.0, right.all(axis=1).mean()
""",
            "Your first number looks only at the tags that a text really has. A rightly given *no* is a right answer, too; "
            "what you compute is called recall, and a network that says yes to everything gets 1.",
            "only-yes-answers-count",
        ),
        Mistake(
            "both-per-label",
            """
def count_right(Y, P, threshold):
    right = (P >= threshold) == (Y == 1)
    return right.mean(), right.mean(axis=1).mean()
""",
            "Your second number is the mean of each text's share, and that is the first number once more. For the second "
            "one a text is either wholly right or it is not.",
            "accuracy-is-exact-match",
        ),
        Mistake(
            "one-half-always",
            """
def count_right(Y, P, threshold):
    right = (P >= 0.5) == (Y == 1)
    return right.mean(), right.all(axis=1).mean()
""",
            "This is right for a threshold of 0.5 and ignores any other. Rounding has 0.5 built in, too. Compare with `threshold`.",
        ),
    ),
    properties=(
        Property(
            "Both numbers are shares, from 0 to 1.", lambda out, *_: all(0 <= float(v) <= 1 for v in out)
        ),
        Property(
            "The second number can never be larger than the first.",
            lambda out, *_: float(out[1]) <= float(out[0]) + 1e-9,
        ),
    ),
)

TASKS = (YES_OR_NO, ONE_SCALE, COUNT_RIGHT, SMALL_AND_GOOD)
