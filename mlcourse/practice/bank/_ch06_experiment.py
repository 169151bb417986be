"""The experiment of lesson 06: cure run C, which learned its sixty rows by heart."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

GIVEN = 60  # rows that the student trains on
NEW = 1000  # new items of each material


@cache
def _belt() -> tuple[
    tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]
]:
    """Return inputs and labels of the given rows, the lesson's other training rows, and new items."""
    from sklearn.preprocessing import StandardScaler

    from mlcourse import datasets

    belt = datasets.make_multiclass(n_samples=1000, n_features=20, n_classes=3, seed=0)
    rest, _ = belt.split(test_size=0.2, seed=0)
    train, _ = rest.split(test_size=0.25, seed=0)
    scaler = StandardScaler().fit(train.X)
    # Each material of the belt is one normally distributed cluster (make_multiclass), so new items of the
    # same belt can be drawn from its means and covariances. Another seed would give another belt.
    rng = np.random.default_rng(606)
    X, y = [], []
    for k in range(3):
        seen = belt.X[belt.y == k]
        X.append(rng.multivariate_normal(seen.mean(axis=0), np.cov(seen.T), NEW))
        y.append(np.full(NEW, k))
    scaled = scaler.transform(train.X)
    return (
        (scaled[:GIVEN], train.y[:GIVEN]),
        (scaled[GIVEN:], train.y[GIVEN:]),
        (scaler.transform(np.vstack(X)), np.concatenate(y)),
    )


def _measure(model: Any) -> Mapping[str, float]:
    """Return the figures of a model that takes the lesson's 20 scaled sensors."""
    if not callable(getattr(model, "predict", None)) or not hasattr(model, "layers"):
        raise CannotMeasure("Hand in the trained Keras model itself: `.check(cured)`.")

    def probabilities(X: np.ndarray) -> np.ndarray:
        P = np.asarray(model.predict(X, verbose=0), dtype=float)
        if P.shape != (len(X), 3):
            raise CannotMeasure(
                f"For {len(X)} items the model returns an array of shape {' × '.join(map(str, P.shape))}; "
                f"it should be {len(X)} × 3, a probability for each material."
            )
        if not np.isfinite(P).all():
            raise CannotMeasure("Some outputs are NaN or infinite. Look at the learning rate.")
        if P.min() < 0 or np.abs(P.sum(axis=1) - 1).max() > 1e-3:
            raise CannotMeasure(
                "The three outputs of an item do not add up to 1. Is the last activation a softmax?"
            )
        return P

    def loss(rows: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
        X, y = rows
        P = probabilities(X)
        right = np.clip(P[np.arange(len(y)), y], 1e-7, 1)
        return float(-np.log(right).mean()), float((P.argmax(axis=1) == y).mean())

    given, others, new = _belt()
    new_loss, new_accuracy = loss(new)
    return {
        "loss": new_loss,
        "accuracy": new_accuracy,
        "given": loss(given)[0],
        # An honest model finds the others harder than the new items: 1 in 100 of them has a random label.
        "lead": new_loss - loss(others)[0],
    }


_SETUP = """
import keras
import numpy as np
from sklearn.preprocessing import StandardScaler
from mlcourse import datasets

belt = datasets.make_multiclass(n_samples=1000, n_features=20, n_classes=3, seed=0)
rest, test = belt.split(test_size=0.2, seed=0)
train, validation = rest.split(test_size=0.25, seed=0)
scaler = StandardScaler().fit(train.X)
X20, X20_val = scaler.transform(train.X), scaler.transform(validation.X)
y, y_val = train.y, validation.y
"""


def _cure(
    hidden: int, epochs: int, *, rows: int = GIVEN, rate: float = 0.01, stop: bool = False, l2: float = 0
) -> str:
    """Return the code of a training, so that the variants below differ in one thing only."""
    penalty = f", kernel_regularizer=keras.regularizers.L2({l2})" if l2 else ""
    first = f'keras.layers.Dense({hidden}, activation="relu"{penalty}),\n        ' if hidden else ""
    callbacks = "keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)" if stop else ""
    return f"""
keras.utils.set_random_seed(1)
cured = keras.Sequential(
    [
        keras.Input((20,)),
        {first}keras.layers.Dense(3, activation="softmax"{penalty}),
    ]
)
cured.compile(optimizer=keras.optimizers.Adam({rate}), loss="sparse_categorical_crossentropy")
history = cured.fit(
    X20[:{rows}], y[:{rows}], validation_data=(X20_val, y_val), epochs={epochs}, batch_size=16, verbose=0,
    callbacks=[{callbacks}],
)
"""


CURE = Experiment(
    id="06-cure-run-c",
    title="Cure run C",
    level=3,
    concept="overfitting",
    prompt="""
Run C had 60 rows, 128 hidden units and too many epochs. It knew its rows by heart.

Train a better network, any network, any way you like, on **the same 60 rows**: `X20[:60]` and `y[:60]`. You
may look at
`X20_val` and `y_val` as often as you want, to decide when to stop and what to change. Hand in the model:
`practice.experiment("06-cure-run-c").check(cured)`. It is measured on 3000 new items from the same belt.
""",
    name="cured",
    setup=_SETUP,
    starter="""
cured = ...
""",
    hints=(
        "Look at curve C again. In which epoch would you have stopped?",
        (
            "`keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)` stops there, and gives "
            "the best weights back."
        ),
        (
            "Does a smaller network help here? Try 8 hidden units, and look. Then try 128 units and stop "
            "early. Weights that are kept small help further: "
            "`kernel_regularizer=keras.regularizers.L2(0.01)` in each Dense layer."
        ),
    ),
    solution=_cure(128, 40, stop=True),
    explanation="""
The best model was there all the time, in the fourth or fifth epoch. A *smaller* network is no cure here: 8
units on 60 rows do worse
than 128, stopped in time. A penalty on large weights (L2, also called weight decay) does even better than
stopping;
lesson 11 shows why, with many more cures.
""",
    alternatives=(
        _cure(128, 4),
        _cure(128, 40, l2=0.01),
        _cure(64, 40, l2=0.03),
    ),
    measure=_measure,
    conditions=(
        Condition(
            "loss",
            "loss on 3000 new items",
            "Stop when the validation loss is lowest, and keep those weights.",
            at_most=0.46,
        ),
        Condition(
            "accuracy",
            "right answers on new items",
            "If the training loss is still high, train longer or with a larger rate.",
            at_least=0.83,
            style="percent",
        ),
        Condition(
            "lead",
            "how much better the lesson's other 540 training rows are known than new items",
            "Train on `X20[:60]` and `y[:60]` only.",
            at_most=0.05,
        ),
    ),
    mistakes=(
        Mistake(
            "more-rows",
            _cure(128, 5, rows=600),
            "This network knows the lesson's *other* training rows, too. More rows are the best cure there "
            "is, but the task is "
            "to make do with sixty.",
            "training-score-is-the-score",
            sign=lambda m: m["lead"] > 0.05,
        ),
        Mistake(
            "by-heart",
            _cure(128, 40),
            "The loss on its own 60 rows is next to nothing, and on new items it is not. This is run C "
            "again: stop earlier.",
            "training-score-is-the-score",
            sign=lambda m: m["lead"] <= 0.05 and m["given"] < 0.02 and m["loss"] > 0.46,
        ),
        Mistake(
            "stopped-too-early",
            _cure(128, 1),
            "It has hardly begun: even its own 60 rows cost it a lot. Give it a few more epochs.",
            "first-epoch-is-random",
            sign=lambda m: m["lead"] <= 0.05 and m["given"] > 0.3 and m["loss"] > 0.46,
        ),
        Mistake(
            "too-small",
            _cure(4, 40),
            "Fewer units were meant to keep it from learning by heart. But with so few it does not find the "
            "pattern in "
            "60 rows either. Give it room again, and stop in time.",
            "smaller-networks-cannot-overfit",
            sign=lambda m: m["lead"] <= 0.05 and 0.02 <= m["given"] <= 0.3 and m["loss"] > 0.46,
        ),
    ),
)
