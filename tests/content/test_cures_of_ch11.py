"""Lesson 11's solutions do what Keras and scikit-learn do; its hidden rows are none of the lesson's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mlcourse.practice import _bank
from mlcourse.practice._records import Exercise
from mlcourse.practice.bank import _ch11_experiment

LESSON = Path(__file__).parents[2] / "notebooks" / "11_generalising.ipynb"


def solution(id):  # noqa: A002
    task = _bank.find(id, Exercise)
    space: dict = {}
    exec(task.setup + task.solution, space)
    return space[task.name]


def test_dropout_is_keras_dropout():
    import keras

    h = np.random.default_rng(0).normal(size=(50, 20)).astype("float32")
    keras_says = keras.layers.Dropout(0.3, seed=0)(h, training=True).numpy()
    luck = np.where(keras_says == 0, 0.1, 0.9)
    np.testing.assert_allclose(solution("11-dropout")(h, luck, 0.3), keras_says, rtol=1e-6)


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_is_keras_layer(training):
    import keras

    H = np.random.default_rng(0).normal(2, 3, size=(40, 3)).astype("float32")
    layer = keras.layers.BatchNormalization()
    layer.build(H.shape)
    mean, var = np.array([1.0, 2.0, 0.0]), np.array([4.0, 1.0, 9.0])
    layer.moving_mean.assign(mean)
    layer.moving_variance.assign(var)
    expected = layer(H, training=training).numpy()
    np.testing.assert_allclose(
        solution("11-batch-norm")(H, mean, var, training), expected, rtol=1e-4, atol=1e-5
    )


def test_the_decay_step_is_keras_sgd_with_an_l2_penalty():
    import keras

    layer = keras.layers.Dense(1, use_bias=False, kernel_regularizer=keras.regularizers.L2(0.05))
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    layer.set_weights([np.array([[2.0]])])
    model.train_on_batch(np.array([[0.0]]), np.array([[0.0]]))  # the row does not pull
    stepped = solution("11-decay")(np.array([[2.0]]), np.zeros((1, 1)), 0.1, 0.05)
    np.testing.assert_allclose(layer.get_weights()[0], stepped, rtol=1e-6)


def test_the_folds_are_scikit_learns():
    from sklearn.model_selection import KFold

    for n, k in ((10, 3), (300, 5), (7, 7)):
        theirs = KFold(k).split(np.zeros((n, 1)))
        for (train, held), (train_there, held_there) in zip(solution("11-folds")(n, k), theirs, strict=True):
            assert list(train) == list(train_there)
            assert list(held) == list(held_there)


def _data_cell():
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    return "".join(next(cell["source"] for cell in cells if cell["id"] == "data"))


def test_the_experiment_draws_the_lessons_rows_and_hides_those_it_never_shows():
    from mlcourse import datasets

    lesson: dict = {"np": np, "datasets": datasets, "print": lambda *_: None}
    exec(_data_cell(), lesson)
    rows = _ch11_experiment._post_office()
    for name in ("train", "val"):
        np.testing.assert_array_equal(rows[name][0], lesson[f"X_{name}"])
        np.testing.assert_array_equal(rows[name][1], lesson[f"y_{name}"])
    shown = np.vstack([lesson[f"X_{name}"] for name in ("train", "later", "val", "test")])
    hidden = rows["hidden"][0]
    assert len(shown) + len(hidden) == 1797
    assert not {row.tobytes() for row in shown} & {row.tobytes() for row in hidden}
    task = next(t for t in _bank.everything() if t.id == "11-postcodes")
    given: dict = {}
    exec(task.setup, given)
    np.testing.assert_array_equal(given["X_train"], lesson["X_train"])
    np.testing.assert_array_equal(given["y_train"], lesson["y_train"])
