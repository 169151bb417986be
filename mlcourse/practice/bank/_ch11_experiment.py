"""The experiment of lesson 11: a reader of postcodes that reads new digits, not typing errors."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

Rows = tuple[np.ndarray, np.ndarray]


@cache
def _post_office() -> dict[str, Rows]:
    """Return the lesson's rows by name, and `hidden`, 497 digits of which it shows none; X (n, 64), y (n,)."""
    from mlcourse import datasets

    # The same draws in the same order as in the lesson's cell `data`.
    digits = datasets.load_digits()
    rng = np.random.default_rng(11)
    order = rng.permutation(1797)
    X = digits.X[order] / 16 + rng.normal(0, 0.2, (1797, 64))
    y = digits.y[order]
    typo = rng.random(1797) < 1 / 8
    typed = np.where(typo, (y + rng.integers(1, 10, 1797)) % 10, y)
    later = typo[300:600]
    return {
        "train": (X[:300], typed[:300]),
        "later errors": (X[300:600][later], typed[300:600][later]),
        "val": (X[600:900], y[600:900]),
        "test": (X[900:1300], y[900:1300]),
        "hidden": (X[1300:], y[1300:]),
    }


def _measure(model: Any) -> Mapping[str, float]:
    """Return the figures of a model that takes the lesson's 64 grey values."""
    if not callable(getattr(model, "predict", None)) or not hasattr(model, "layers"):
        raise CannotMeasure("Hand in the trained Keras model itself: `.check(reader)`.")

    def right(rows: Rows) -> float:
        X, y = rows
        P = np.asarray(model.predict(X, verbose=0), dtype=float)
        if P.shape != (len(X), 10):
            raise CannotMeasure(
                f"For {len(X)} digits the model returns an array of shape {' × '.join(map(str, P.shape))}; "
                f"it should be {len(X)} × 10, a number for each digit from 0 to 9."
            )
        if not np.isfinite(P).all():
            raise CannotMeasure("Some outputs are NaN or infinite. Look at the learning rate.")
        return float((P.argmax(axis=1) == y).mean())

    parts = {name: right(rows) for name, rows in _post_office().items()}
    return {
        "train": parts["train"],
        "val": parts["val"],
        "hidden": parts["hidden"],
        # Rows that a model was trained on it reads far better than rows that nobody has shown it.
        "lead": max(parts["val"], parts["test"]) - parts["hidden"],
        # Who has never seen them gives a digit's wrong label only by chance.
        "later": parts["later errors"],
    }


_SETUP = """
import keras
import numpy as np
from keras import layers
from mlcourse import datasets

digits = datasets.load_digits()
rng = np.random.default_rng(11)
order = rng.permutation(1797)
X = digits.X[order] / 16 + rng.normal(0, 0.2, (1797, 64))
y = digits.y[order]
typo = rng.random(1797) < 1 / 8
typed = np.where(typo, (y + rng.integers(1, 10, 1797)) % 10, y)
X_train, y_train = X[:300], typed[:300]
X_later, y_later = X[300:600], typed[300:600]
X_val, y_val = X[600:900], y[600:900]
"""

_NOISY_CNN = """
        layers.Reshape((8, 8, 1)),
        layers.GaussianNoise(0.4),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.Flatten(),
        layers.Dropout(0.5),"""
_DENSE = """
        layers.Dense(256, activation="relu"),"""
_FREE_CNN = """
        layers.Reshape((8, 8, 1)),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.Flatten(),"""


def _read(
    hidden: str, epochs: int, *, rate: float = 0.003, rows: str = "X_train, y_train", seed: int = 1
) -> str:
    """Return the code of a training, so that the variants below differ in one thing only."""
    return f"""
keras.utils.set_random_seed({seed})
reader = keras.Sequential(
    [
        keras.Input((64,)),{hidden}
        layers.Dense(10, activation="softmax"),
    ]
)
reader.compile(keras.optimizers.Adam({rate}), "sparse_categorical_crossentropy", metrics=["accuracy"])
history = reader.fit({rows}, epochs={epochs}, batch_size=30, verbose=0)
"""


_WITH_VALIDATION = "np.vstack([X_train, X_val]), np.concatenate([y_train, y_val])"
_WITH_LATER = "np.vstack([X_train, X_later]), np.concatenate([y_train, y_later])"

POSTCODES = Experiment(
    id="11-postcodes",
    title="A reader of postcodes",
    level=3,
    concept="overfitting",
    prompt="""
The first network of this lesson knows nearly all of its training labels, errors included, and reads about three validation
digits in four. Build a better one, `reader`, from **the same 300 rows**: `X_train` and `y_train`. Change whatever you like about
the architecture and the training. You may look at the validation rows as often as you want.

The targets: validation accuracy **at least 85 %**, training accuracy **at most 92 %**. And the 85 % must hold on 497 digits that
this lesson has never shown.
""",
    name="reader",
    setup=_SETUP,
    starter="""
reader = ...
""",
    hints=(
        "Which two cures were best in the table of deep dive 4? They work in different ways, so they can be combined.",
        (
            "A network for pictures looks at neighbouring pixels together. Begin with "
            "`layers.Reshape((8, 8, 1))` and `layers.GaussianNoise(0.4)`."
        ),
        (
            'After these two: `Conv2D(32, 3, padding="same", activation="relu")`, `MaxPooling2D(2)`, another `Conv2D` '
            "with 64 filters, `Flatten()`, `Dropout(0.5)`, and the ten outputs. 60 epochs with Adam(0.002)."
        ),
    ),
    solution=_read(_NOISY_CNN, 60, rate=0.002),
    explanation="""
Two ideas together. The convolution shares its weights over all places, so it has less room for single rows and knows that
neighbours belong together. Noise and dropout make what is left unreliable as a store. Neither alone is enough to be safe: the
same convolution without them learns every typing error.
""",
    alternatives=(
        _read(_NOISY_CNN, 60, rate=0.002, seed=2),
        _read(_NOISY_CNN.replace("GaussianNoise(0.4)", "GaussianNoise(0.35)"), 40, rate=0.002, seed=4),
    ),
    measure=_measure,
    conditions=(
        Condition(
            "val",
            "right answers on the validation rows",
            "Combine two cures, or use a network for pictures.",
            at_least=0.85,
            style="percent",
        ),
        Condition(
            "train",
            "training labels given as typed",
            "Above 92 % it must have learned typing errors. Hold it back more, or stop earlier.",
            at_most=0.92,
            style="percent",
        ),
        Condition(
            "hidden",
            "right answers on 497 digits never shown",
            "If only the validation score is good, that may be the luck of one seed. Look for what is good with several seeds.",
            at_least=0.85,
            style="percent",
        ),
        Condition(
            "hidden",
            "the same figure; more would mean that it has seen other rows",
            "So much cannot be learned from these 300 rows. Train on `X_train` and `y_train` only.",
            at_most=0.95,
            style="percent",
        ),
        Condition(
            "lead",
            "how much better the validation or test rows are read than new ones",
            "The validation rows are for choosing, the test rows for the end. Train on neither.",
            at_most=0.08,
            style="percent",
        ),
        Condition(
            "later",
            "typing errors of the later 300 rows that it repeats",
            "Train on `X_train` and `y_train` only.",
            at_most=0.2,
            style="percent",
        ),
    ),
    mistakes=(
        Mistake(
            "trained-on-validation",
            _read(_DENSE, 30, rows=_WITH_VALIDATION),
            "It reads the validation rows (or the test rows) far better than new digits: they were among the rows it was trained "
            "on. Now no rows are left to choose by.",
            "held-back-rows-cannot-matter",
            sign=lambda m: m["lead"] > 0.08,
        ),
        Mistake(
            "trained-on-all",
            _read(_DENSE, 40, rows="X, y"),
            "Too good to be true: it reads nearly every digit, although a good part of its 300 labels is wrong. It was trained on "
            "`X` and `y`, where the hidden digits are, too. The task is to make do with `X_train` and `y_train`.",
            "held-back-rows-cannot-matter",
            sign=lambda m: m["hidden"] > 0.95,
        ),
        Mistake(
            "trained-on-later",
            _read(_DENSE, 40, rows=_WITH_LATER),
            "It repeats typing errors of the *later* 300 rows, which nobody can guess: it was trained on them. More rows are the "
            "best cure there is, but the task is to make do with 300.",
            "training-score-is-the-score",
            sign=lambda m: m["lead"] <= 0.08 and m["later"] > 0.2,
        ),
        Mistake(
            "by-heart",
            _read(_FREE_CNN, 40),
            "It has learned most of the typing errors by heart. A better architecture alone does not prevent that; it needs "
            "something that makes storing harder.",
            "training-score-is-the-score",
            sign=lambda m: m["lead"] <= 0.08 and m["later"] <= 0.2 and m["train"] > 0.92,
        ),
        Mistake(
            "too-small",
            _read(_DENSE.replace("256", "8"), 25, rate=0.002),
            "Hardly a typing error is learned, and hardly the digits either: it does not even know the honest training rows. It "
            "is too small, held back too much, or not trained for long enough.",
            "smaller-networks-cannot-overfit",
            sign=lambda m: m["lead"] <= 0.08 and m["later"] <= 0.2 and m["train"] < 0.8,
        ),
    ),
)
