"""The experiment of lesson 05: one answer in five of the training labels is a lie; be honest nevertheless."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

SEEN = 2000  # the student's texts; what follows them in the same draw is hidden
LIES = 0.2


@cache
def _texts() -> tuple[Any, Any, Any, Any]:
    """Return the student's inputs and told tags, then inputs and true tags of 2000 hidden texts."""
    from mlcourse import datasets

    # Another seed of make_multilabel would be another newspaper, with other words for each tag.
    drawn = datasets.make_multilabel(n_samples=SEEN + 2000, n_features=20, n_labels=4, seed=0)
    low, high = drawn.X[:SEEN].min(axis=0), drawn.X[:SEEN].max(axis=0)
    X = (drawn.X - low) / (high - low)
    lies = np.random.default_rng(5).random((SEEN, 4)) < LIES
    told = np.where(lies, 1 - drawn.y[:SEEN], drawn.y[:SEEN])
    return X[:SEEN], told, X[SEEN:], drawn.y[SEEN:]


def _loss(Y: Any, P: Any) -> float:
    P = np.clip(np.asarray(P, dtype="float64"), 1e-7, 1 - 1e-7)
    return float(-np.log(np.where(Y == 1, P, 1 - P)).mean())


def _measure(answer: Any) -> Mapping[str, float]:
    """Return the figures of a model that takes scaled texts."""
    if not callable(getattr(answer, "predict", None)):
        raise CannotMeasure(
            "Hand in a Keras model that takes texts scaled as `X_told` is and returns four probabilities."
        )
    seen, told, X, Y = _texts()
    P = np.asarray(answer.predict(X, verbose=0))
    if P.shape != Y.shape:
        raise CannotMeasure(
            f"For {len(X)} texts the model returns an array of shape {' × '.join(map(str, P.shape))}; "
            f"it should be {len(X)} × 4, a probability for each of the four tags."
        )
    if not np.isfinite(P).all() or P.min() < 0 or P.max() > 1:
        raise CannotMeasure(
            "Some outputs are no probabilities (below 0, above 1, or NaN), but the model should end in some."
        )
    return {
        "loss": _loss(Y, P),
        "accuracy": float(np.mean((P >= 0.5) == (Y == 1))),
        "sure": float(np.maximum(P, 1 - P).mean()),
        "sum": float(P.sum(axis=1).std()),
        "believed": _loss(told, answer.predict(seen, verbose=0)),
    }


_SETUP = """
import numpy as np
from mlcourse import datasets
import keras
from sklearn.preprocessing import MinMaxScaler

honest = datasets.make_multilabel(n_samples=2000, n_features=20, n_labels=4, seed=0)
lies = np.random.default_rng(5).random(honest.y.shape) < 0.2
X_told = MinMaxScaler().fit_transform(honest.X)
Y_told = np.where(lies, 1 - honest.y, honest.y)
keras.utils.set_random_seed(0)
"""


def _network(
    loss: str,
    *,
    activation: str = "sigmoid",
    hidden: int = 64,
    epochs: int = 8,
    rate: float = 0.01,
    batch: int = 32,
    before: str = "",
    after: str = "",
) -> str:
    """Return the code of a training; the variants below differ in what they are about and in nothing else."""
    return f"""{before}
model = keras.Sequential(
    [
        keras.Input((20,)),
        keras.layers.Dense({hidden}, activation="relu"),
        keras.layers.Dense(4, activation="{activation}"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam({rate}), loss={loss})
model.fit(X_told, Y_told, epochs={epochs}, batch_size={batch}, verbose=0)
{after}"""


TAGS_THAT_LIE = Experiment(
    id="05-tags-that-lie",
    title="Tags that lie",
    level=3,
    concept="a loss that knows the noise",
    prompt="""
The editors were in a hurry: of the tags in `Y_told`, **one answer in five is a lie**, yes written for no or
no for yes, by pure chance. You cannot know which.

Train a network on `X_told` and `Y_told` that gives honest probabilities for honest tags. Hand in the model:
`practice.experiment("05-tags-that-lie").check(model)`. It is measured on 2000 other texts with true tags.
""",
    name="model",
    setup=_SETUP,
    starter="""
model = ...
""",
    hints=(
        (
            "Train as usual first, and look at the outputs. The network gets nearly as many tags right as "
            "ever. What is it, then, that is wrong with its probabilities?"
        ),
        (
            "Suppose the network gives a tag $p$. With which probability $q$ will *Y_told* say yes? A true "
            "yes stays a yes in four of five cases, a true no becomes one in one of five."
        ),
        (
            "$q = 0.8\\,p + 0.2\\,(1 - p) = 0.2 + 0.6\\,p$. A loss is a function of `y` and `p` that "
            "you may write yourself: the binary cross-entropy of `y` and `q`."
        ),
    ),
    solution=_network(
        "told_loss",
        before="""
def told_loss(y, p):
    q = 0.2 + 0.6 * p  # the probability that a tag is *told*, if it is true with probability p
    return keras.losses.binary_crossentropy(y, q)
""",
    ),
    explanation="""
If a tag is true with probability $p$, it is *told* with $q = 0.2 + 0.6 p$. Comparing the told tags with $q$
leaves $p$ free to be honest: 0.97 for a tag that is nearly certain, although no tag is told with more than
0.8. The training loss itself stays above 0.50, the surprise of the lies, which no network can know; a lower
one would mean that lies were learned by heart. (Patrini and others, 2017, call this forward correction.)
""",
    alternatives=(
        _network(
            '"binary_crossentropy"',
            after="""
model = keras.Sequential(
    [model, keras.layers.Lambda(lambda q: keras.ops.clip((q - 0.2) / 0.6, 0.02, 0.98))]
)
""",
        ),
        """
honest_model = keras.Sequential(
    [
        keras.Input((20,)),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(4, activation="sigmoid"),
    ]
)
told = keras.Sequential([honest_model, keras.layers.Rescaling(0.6, offset=0.2)])  # the lies, as a layer
told.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy")
told.fit(X_told, Y_told, epochs=8, batch_size=32, verbose=0)
model = honest_model
""",
        _network("lambda y, p: keras.ops.mean((y - 0.2 - 0.6 * p) ** 2, axis=-1)", epochs=10),
    ),
    measure=_measure,
    conditions=(
        Condition(
            "loss",
            "binary cross-entropy on hidden texts with true tags",
            "Look at the largest outputs. Are they as sure as they are right? The loss that you train with "
            "decides it.",
            at_most=0.34,
        ),
        Condition(
            "accuracy",
            "right answers on hidden texts",
            "Fewer epochs or fewer hidden units, so that lies are not learned by heart; four separate "
            "sigmoids.",
            at_least=0.86,
            style="percent",
        ),
    ),
    mistakes=(
        Mistake(
            "softmax-output",
            _network('"binary_crossentropy"', activation="softmax"),
            "The outputs of every text add up to 1: that is softmax, the forum's first answer. Tags do not "
            "compete.",
            "myth-multi-label-is-multi-class",
            sign=lambda m: m["sum"] < 1e-3,
        ),
        Mistake(
            "learned-the-lies",
            _network('"binary_crossentropy"', hidden=256, epochs=60, rate=0.02, batch=100),
            "On your own texts the network agrees with the told tags more than anybody could who does not "
            "know the lies: it has learned some of them by heart. Give it less time or less room.",
            "training-score-is-the-score",
            sign=lambda m: m["believed"] < 0.5 and m["sum"] >= 1e-3,
        ),
        Mistake(
            "plain",
            _network('"binary_crossentropy"'),
            "The tags are found, but the network is too timid: it hardly ever says more than 0.8. No "
            "wonder. No tag was *told* with more than that. The plain loss makes it forecast what is told; "
            "you want what is true.",
            "loss-knows-the-truth",
            sign=lambda m: (
                m["believed"] >= 0.5 and m["sum"] >= 1e-3 and m["sure"] >= 0.67 and m["loss"] < 0.5
            ),
        ),
        Mistake(
            "smoothing",
            _network("keras.losses.BinaryCrossentropy(label_smoothing=0.2)"),
            "More timid than before! Label smoothing pulls the targets towards one half, and the lies have "
            "already done that. The correction has to go the other way.",
            "smoothing-cures-noise",
            sign=lambda m: m["sum"] >= 1e-3 and 0.61 <= m["sure"] < 0.67 and m["loss"] < 0.53,
        ),
        Mistake(
            "other-way-round",
            _network("lambda y, p: keras.losses.binary_crossentropy(y, (p - 0.2) / 0.6)", epochs=5),
            "The outputs crowd even closer around one half. The correction seems to be the wrong way "
            "round: from what is *true* ($p$) to what is *told* ($q$), and $q$ is compared with the tags.",
            sign=lambda m: m["sum"] >= 1e-3 and m["sure"] < 0.61,
        ),
    ),
)
