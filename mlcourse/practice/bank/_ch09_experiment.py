"""The experiment of lesson 09: read the digits on sheets of paper that nobody has seen, after half a minute."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlcourse.datasets import Dataset


CORES = 2  # the processor's seconds of all cores together are shared out to as many

LEAST = 0.3  # seconds; making a network without training it takes fewer, reading well takes many more


@cache
def _unseen() -> Dataset:
    """Return 1000 cards from the two sheets that no lesson opens."""
    from mlcourse import datasets

    return datasets.make_digit_scenes(1000, sheets=(10, 11), seed=909)


def _trained(answer: Any) -> tuple[Any, float]:
    """Return the network that the student's function trains, and half of the processor's seconds it took."""
    if callable(getattr(answer, "predict", None)):
        raise CannotMeasure(
            "This is a network. Hand in the function that makes and trains it, so that the check can take the time."
        )
    if not callable(answer):
        raise CannotMeasure(
            "Hand in the function itself, without brackets behind its name: `.check(train_reader)`."
        )
    start = time.process_time()
    model = answer()
    seconds = (time.process_time() - start) / CORES
    if model is Ellipsis:
        raise CannotMeasure("Your function still returns a `...`. Put your own code there.")
    if not callable(getattr(model, "predict", None)):
        raise CannotMeasure("Your function should `return` the trained Keras model.")
    if seconds < LEAST:
        raise CannotMeasure(
            "Your function took no time. It should make *and train* the network, not return one that is there already."
        )
    return model, seconds


def _measure(answer: Any) -> Mapping[str, float]:
    """Return the figures of the network that `train_reader()` makes."""
    from sklearn.metrics import f1_score

    model, seconds = _trained(answer)
    cards = _unseen()
    P = np.asarray(model.predict(cards.X, batch_size=100, verbose=0))
    if P.shape != cards.y.shape:
        raise CannotMeasure(
            f"For {len(cards.X)} cards the model returns an array of shape {' × '.join(map(str, P.shape))}; "
            f"it should be {len(cards.X)} × 10, a probability for each digit."
        )
    if not np.isfinite(P).all() or P.min() < 0 or P.max() > 1:
        raise CannotMeasure(
            "Some outputs are no probabilities (below 0, above 1, or NaN). Is the last activation a sigmoid?"
        )
    # What moves by four pixels keeps its digits; only cards with room for the move are asked.
    room = cards.X[:, :, -4:].max(axis=(1, 2, 3)) == 0
    moved = model.predict(np.roll(cards.X[room], 4, axis=2), batch_size=100, verbose=0)
    return {
        "f1": float(f1_score(cards.y, P >= 0.5, average="macro", zero_division=0)),
        "seconds": seconds,
        "sum": float(P.sum(axis=1).std()),
        "moved": float(np.abs(np.asarray(moved) - P[room]).mean()),
        "found": float((P >= 0.5).sum(axis=1).mean()),
    }


_SETUP = """
import keras
from keras import layers
from mlcourse import datasets
"""


def _reader(
    *,
    cards: int = 4000,
    epochs: int = 6,
    last: str = "sigmoid",
    loss: str = "binary_crossentropy",
    rate: float = 0.004,
    head: str = "layers.GlobalMaxPooling2D()",
    maps: tuple[int, int, int] = (16, 32, 64),
    batch: int = 24,
    seed: int = 0,
) -> str:
    """Return the code of a training; the variants below differ in what they are about and in nothing else."""
    return f"""
def train_reader():
    keras.utils.set_random_seed({seed})
    cards = datasets.make_digit_scenes({cards}, seed=1)
    model = keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D({maps[0]}, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D({maps[1]}, 3, padding="same", activation="relu"),
            layers.Conv2D({maps[2]}, 3, padding="same", activation="relu"),
            {head},
            layers.Dense(10, activation="{last}"),
        ]
    )
    model.compile(keras.optimizers.Adam({rate}), loss="{loss}")
    model.fit(cards.X, cards.y, epochs={epochs}, batch_size={batch}, verbose=0)
    return model
"""


UNSEEN_HANDWRITING = Experiment(
    id="09-unseen-handwriting",
    title="Unseen handwriting",
    level=3,
    concept="Flatten and places",
    prompt="""
Read the digits on cards from **two sheets that this notebook has never opened**, numbers 10 and 11: macro F1 of at least 0.95,
after at most 30 seconds of training on two cores.

Write a function `train_reader()` that makes cards, makes a network, trains it and returns it. You may make as many cards as you like
with `datasets.make_digit_scenes(n)`, which takes sheets 0 to 9, and use any architecture and any training. Then
`practice.experiment("09-unseen-handwriting").check(train_reader)`. The check calls your function once and takes the time itself: the
processor's seconds, those of all cores together, divided by two. So other programs on your machine do not count.
""",
    name="train_reader",
    setup=_SETUP,
    starter="""
train_reader = ...
""",
    hints=(
        "Begin with the network of Trace 3, which asks *anywhere?*. What does it lack: epochs, or cards?",
        (
            "It saw far fewer cards than you may make. More cards cost time in each epoch, but each is worth more than seeing an old one "
            "again. Use all ten sheets now; the test sheets of the lesson have done their duty."
        ),
        "4000 cards, 6 epochs, batches of 24, Adam with 0.004: about half of the time you have.",
    ),
    solution=_reader(),
    explanation="""
The architecture had it in it already; what it lacked were drawings. Ten sheets instead of eight, more than twice the cards, and more steps in each epoch. A
network with `Flatten` does not get there with any number of cards that fits into half a minute: it would have to see each
digit at each of its 625 places.
""",
    alternatives=(
        _reader(cards=3200, epochs=10, batch=32),
        _reader(epochs=8, maps=(16, 32, 48), rate=0.005),
    ),
    measure=_measure,
    limit=240.0,  # half a minute on two free cores is longer on a busy machine
    conditions=(
        Condition(
            "f1",
            "macro F1 on unseen sheets",
            "More cards from all ten sheets, or a few more epochs. Look at the loss: is it still falling?",
            at_least=0.95,
        ),
        Condition(
            "seconds",
            "seconds of training",
            "Pool before the second convolution, so that it has fewer places to visit; fewer maps; fewer epochs.",
            at_most=30.0,
        ),
    ),
    mistakes=(
        Mistake(
            "softmax-output",
            _reader(cards=600, epochs=2, last="softmax", loss="categorical_crossentropy"),
            "The outputs of every card add up to 1: that is softmax. The digits of a card do not compete.",
            "myth-multi-label-is-multi-class",
            sign=lambda m: m["sum"] < 1e-3,
        ),
        Mistake(
            "depends-on-the-place",
            _reader(cards=800, epochs=10, head="layers.Flatten()", maps=(8, 8, 8), rate=0.01),
            "Moved by four pixels, the same cards get quite different answers. Your network has weights for places. Which "
            "layer gives it those?",
            "cnn-recognises-anywhere",
            sign=lambda m: m["sum"] >= 1e-3 and m["moved"] > 0.05,
        ),
        Mistake(
            "hardly-begun",
            _reader(cards=600, epochs=2),
            "The network finds hardly any digit. It does not depend on the place, so the architecture can do it; it has not "
            "had enough steps yet. This kind of network is slow in the beginning and then quick.",
            sign=lambda m: m["sum"] >= 1e-3 and m["moved"] <= 0.05 and m["found"] < 1.0,
        ),
    ),
)
