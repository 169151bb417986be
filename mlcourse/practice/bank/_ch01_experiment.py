"""The experiment of lesson 01: as good as the lesson's network, with a sixth of its parameters."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlcourse.datasets import Dataset

SEEN = 1000  # the lesson's texts; what follows them in the same draw is hidden


@cache
def _texts() -> tuple[Dataset, Any, Any]:
    """Return the student's texts, and inputs and labels of 2000 hidden ones from the same source."""
    from mlcourse import datasets

    # Another seed of make_multilabel would be another newspaper, with other words for each tag. The texts drawn
    # after the lesson's thousand come from the same one, and no lesson shows them.
    drawn = datasets.make_multilabel(n_samples=SEEN + 2000, n_features=20, n_labels=4, seed=0)
    seen = datasets.make_multilabel(n_samples=SEEN, n_features=20, n_labels=4, seed=0)
    return seen, drawn.X[SEEN:], drawn.y[SEEN:]


def _measure(answer: Any) -> Mapping[str, float]:
    """Return the figures of a pair (scaler, model)."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise CannotMeasure(
            "Hand in the two things that a new text has to go through: `.check((scaler, model))`."
        )
    scaler, model = answer
    if not callable(getattr(scaler, "transform", None)):
        raise CannotMeasure(
            "The first thing must be a fitted scaler, with a method `transform`. Is the order (scaler, model)?"
        )
    if not callable(getattr(model, "predict", None)) or not callable(getattr(model, "count_params", None)):
        raise CannotMeasure("The second thing must be a Keras model. Is the order (scaler, model)?")
    seen, X, Y = _texts()
    P = np.asarray(model.predict(scaler.transform(X), verbose=0))
    if P.shape != Y.shape:
        raise CannotMeasure(
            f"For {len(X)} texts the model returns an array of shape {' × '.join(map(str, P.shape))}; "
            f"it should be {len(X)} × 4, a probability for each of the four tags."
        )
    if not np.isfinite(P).all() or P.min() < 0 or P.max() > 1:
        raise CannotMeasure(
            "Some outputs are no probabilities (below 0, above 1, or NaN). Is the last activation a sigmoid?"
        )
    P_seen = np.asarray(model.predict(scaler.transform(seen.X), verbose=0))
    right = np.mean((P >= 0.5) == (Y == 1))
    return {
        "accuracy": float(right),
        "parameters": float(model.count_params()),
        "gap": float(np.mean((P_seen >= 0.5) == (seen.y == 1)) - right),
        "sum": float(P.sum(axis=1).std()),
    }


_BEGIN = """
from mlcourse import datasets
import keras
from sklearn.preprocessing import MinMaxScaler, StandardScaler

articles = datasets.make_multilabel(n_samples=1000, n_features=20, n_labels=4, seed=0)
keras.utils.set_random_seed(0)
"""

_SETUP = "import numpy as np\n" + _BEGIN


def _network(
    hidden: int,
    epochs: int,
    *,
    rate: float = 0.01,
    batch: int = 16,
    activation: str = "sigmoid",
    scaler: str = "MinMaxScaler",
) -> str:
    """Return the code of a pipeline, so that the variants below differ in what they are about and in nothing else."""
    first = f'keras.layers.Dense({hidden}, activation="relu"),\n        ' if hidden else ""
    return f"""
X, Y = articles.X, articles.y
scaler = {scaler}().fit(X)
model = keras.Sequential(
    [
        keras.Input((20,)),
        {first}keras.layers.Dense(4, activation="{activation}"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam({rate}), loss="binary_crossentropy")
model.fit(scaler.transform(X), Y, epochs={epochs}, batch_size={batch}, verbose=0)
pipeline = scaler, model
"""


SMALL_AND_GOOD = Experiment(
    id="01-small-and-good",
    title="As good, with a sixth of the numbers",
    level=3,
    concept="size and training",
    prompt="""
The network of this lesson learns 1604 numbers and gives 88 % right answers. Does it need that many?

Build and train a pipeline of your own on `articles`, the lesson's thousand texts. Hand in what a new text has to
go through: `practice.experiment("01-small-and-good").check((scaler, model))`. It is measured on 2000 texts that you
have not seen.
""",
    name="pipeline",
    setup=_SETUP,
    starter="""
scaler = ...
model = ...
pipeline = scaler, model
""",
    hints=(
        "Where are the 1604 numbers? Count them for 8 hidden units instead of 64.",
        "A smaller network learns more slowly. Look at the loss after 5 epochs: is it still falling?",
        "One hidden layer of 8 units has 204 parameters. Give it 20 to 30 epochs with `Adam(0.01)`.",
    ),
    solution=_network(8, 25),
    explanation="""
With $n$ hidden units the network has $20n + n + 4n + 4 = 25n + 4$ parameters, so 9 is the most that 250 allow. A small network
needs more epochs, for each of its steps moves less. Without any hidden layer, 84 parameters get close, but a
straight line for each tag is not quite enough.
""",
    alternatives=(
        _network(9, 20, rate=0.02),
        _network(8, 12, rate=0.02, scaler="StandardScaler"),
        _network(7, 20, rate=0.02),
    ),
    measure=_measure,
    conditions=(
        Condition(
            "accuracy",
            "right answers on hidden texts",
            "Train longer, or let the hidden layer have more units.",
            at_least=0.87,
            style="percent",
        ),
        Condition(
            "parameters",
            "parameters of the model",
            "Fewer hidden units: each costs 20 weights in, 1 bias and 4 weights out.",
            at_most=250,
            style="whole",
        ),
        Condition(
            "gap",
            "lead of the training texts over the hidden ones",
            "The model knows its training texts better than others: use all rows, fewer units or fewer epochs.",
            at_most=0.03,
            style="percent",
        ),
    ),
    mistakes=(
        Mistake(
            "softmax-output",
            _network(8, 10, activation="softmax"),
            "The outputs of every text add up to 1: that is softmax. A text with three tags cannot be told by "
            "probabilities that share one whole. Each tag needs a sigmoid of its own.",
            "myth-multi-label-is-multi-class",
            sign=lambda m: m["sum"] < 1e-3,
        ),
        Mistake(
            "just-the-lesson",
            _network(64, 5),
            "As good as the lesson's network, and as large. Most of its parameters sit between the 20 words and the hidden "
            "units. How few units will do?",
            sign=lambda m: m["accuracy"] >= 0.87 and m["parameters"] > 250 and m["gap"] <= 0.03,
        ),
        Mistake(
            "no-hidden-layer",
            _network(0, 12, rate=0.05),
            "Small it is. But without a hidden layer each tag is decided by one straight cut through the word counts, and "
            "more epochs do not help that. A few hidden units do.",
            sign=lambda m: m["parameters"] <= 84 and m["accuracy"] < 0.87 and m["gap"] <= 0.03,
        ),
        Mistake(
            "learned-by-heart",
            _network(64, 60, rate=0.03, batch=32),
            "On your own texts the network is clearly better than on hidden ones: it has learned rows by heart. Give it less "
            "room (fewer hidden units) or less time (fewer epochs).",
            "training-score-is-the-score",
            sign=lambda m: m["gap"] > 0.03,
        ),
        Mistake(
            "stopped-too-early",
            _network(8, 1),
            "The size is right, but the network has hardly begun to learn: it is wrong on the texts it trained on, too. "
            "Look at the loss; as long as it falls, go on.",
            sign=lambda m: 84 < m["parameters"] <= 250 and m["accuracy"] < 0.84 and m["gap"] <= 0.03,
        ),
    ),
)
