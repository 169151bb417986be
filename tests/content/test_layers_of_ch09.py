"""The reference solutions of lesson 09 give what Keras' own layers give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlcourse.practice import _bank, _trial
from mlcourse.practice._records import Exercise, Experiment

TASKS = [t for t in _bank.everything("09") if isinstance(t, Exercise)]
EXPERIMENT = next(t for t in _bank.everything("09") if isinstance(t, Experiment))
SOLUTIONS: dict[str, Any] = {}
for task in TASKS:
    names: dict[str, Any] = {}
    exec(task.setup + task.solution, names)
    SOLUTIONS[task.id] = names[task.name]


def _rng() -> np.random.Generator:
    return np.random.default_rng(9)


def test_the_window_is_keras_convolution():
    import keras

    picture, kernel = _rng().normal(size=(7, 9)), _rng().normal(size=(3, 3))
    of_keras = np.asarray(
        keras.ops.conv(picture[None, :, :, None], kernel[:, :, None, None], padding="valid")
    )
    found = [[SOLUTIONS["09-window"](picture, kernel, r, c) for c in range(7)] for r in range(5)]
    np.testing.assert_allclose(found, of_keras[0, :, :, 0], atol=1e-6)


def test_both_poolings_are_keras_layers():
    import keras

    maps = _rng().normal(size=(6, 8, 3)).astype("float32")
    anywhere = keras.layers.GlobalMaxPooling2D()(maps[None])
    np.testing.assert_allclose(SOLUTIONS["09-anywhere"](maps), np.asarray(anywhere)[0])
    pooled = np.asarray(keras.layers.MaxPooling2D(2)(maps[None]))[0]
    for i in range(3):
        np.testing.assert_allclose(SOLUTIONS["09-pool"](maps[..., i]), pooled[..., i])


@pytest.mark.parametrize(("k", "channels", "filters"), [(3, 1, 32), (3, 32, 64), (1, 5, 2), (5, 3, 7)])
def test_parameters_are_what_keras_counts(k, channels, filters):
    import keras

    layer = keras.layers.Conv2D(filters, k)
    layer.build((None, 16, 16, channels))
    assert SOLUTIONS["09-parameters"](k, channels, filters) == layer.count_params()


@pytest.mark.parametrize(
    ("size", "stack"),
    [
        (32, [("conv", 3), ("conv", 3), ("pool", 3)]),
        (28, [("conv", 5), ("pool", 2), ("conv", 5), ("pool", 2)]),
        (30, [("pool", 4)]),
        (41, [("conv", 4), ("pool", 2), ("conv", 2), ("pool", 3)]),
    ],
)
def test_sizes_are_keras_shapes(size, stack):
    import keras

    made = {"conv": lambda k: keras.layers.Conv2D(1, k), "pool": keras.layers.MaxPooling2D}
    model = keras.Sequential([keras.Input((size, size, 1)), *(made[kind](k) for kind, k in stack)])
    assert SOLUTIONS["09-size"](size, stack) == model.output_shape[1] == model.output_shape[2]


def test_the_starters_of_the_bugs_are_bugs_that_run():
    for name in ("09-pool", "09-shift"):
        task = next(t for t in TASKS if t.id == name)
        names: dict[str, Any] = {}
        exec(task.setup + task.starter, names)
        case = next(iter(task.cases(_rng())))
        assert np.shape(names[task.name](*case.args)) == np.shape(SOLUTIONS[name](*case.args))


def test_the_layer_is_keras_layer():
    import keras

    layer = keras.layers.Conv2D(4, 3, activation="relu")
    maps = _rng().normal(size=(7, 6, 3)).astype("float32")
    layer.build((None, 7, 6, 3))
    weights, bias = layer.get_weights()[0], _rng().normal(size=4)
    layer.set_weights([weights, bias])
    of_keras = np.asarray(layer(maps[None]))[0]
    np.testing.assert_allclose(SOLUTIONS["09-layer"](maps, weights, bias), of_keras, atol=1e-5)


class _Ready:
    """A network that somebody has trained before."""

    def predict(self, X: Any, **_: Any) -> Any:
        return np.zeros((len(X), 10))


def _return_ready() -> _Ready:
    return _Ready()


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (_Ready(), "Hand in the function that makes and trains it"),
        (7, "Hand in the function itself"),
        (lambda: ..., "still returns a `...`"),
        (lambda: None, "should `return` the trained Keras model"),
        (_return_ready, "took no time"),
    ],
)
def test_the_experiment_takes_the_time_itself(answer, part):
    outcome = _trial.check(EXPERIMENT, answer)
    assert outcome.status == "cannot check"
    assert part in outcome.feedback
