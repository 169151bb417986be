"""Lesson 05 says that its exercises' losses are Keras' losses to 1e-6: compare every reference solution."""

from __future__ import annotations

import numpy as np
import pytest

from mlcourse.practice._bank import tasks


def solved(id):  # noqa: A002 - as everywhere in the course
    """Return the exercise and the function that its reference solution defines."""
    task = next(task for task in tasks("05") if task.id == id)
    space = {}
    exec(task.setup + task.solution, space)
    return task, space[task.name]


def cases(task):
    return list(task.cases(np.random.default_rng(1)))


def keras_mean(name, y, p, **options):
    import keras

    return float(np.mean(getattr(keras.losses, name)(y, p, **options).numpy()))


@pytest.mark.parametrize(
    ("id", "name", "options"),
    [
        ("05-categorical", "categorical_crossentropy", {}),
        ("05-sparse", "sparse_categorical_crossentropy", {}),
        ("05-several", "binary_crossentropy", {}),
        ("05-from-logits", "binary_crossentropy", {"from_logits": True}),
    ],
)
def test_the_solution_is_keras_loss(id, name, options):  # noqa: A002
    task, function = solved(id)
    for case in cases(task):
        y, p = case.args
        assert function(y, p) == pytest.approx(keras_mean(name, y, p, **options), abs=1e-6), case.note


def test_the_costs_of_labels_have_keras_loss_as_their_mean():
    task, function = solved("05-cost")
    for case in cases(task):
        y, p = case.args
        keras_says = keras_mean("binary_crossentropy", np.atleast_2d(y), np.atleast_2d(p))
        assert function(y, p).mean() == pytest.approx(keras_says, abs=1e-6)


def test_clipped_like_keras():
    task, function = solved("05-finite")
    for case in cases(task):
        y, p = case.args
        assert function(y, p) == pytest.approx(keras_mean("binary_crossentropy", y, p), rel=1e-6, abs=1e-6)


def test_the_gradient_is_tensorflows():
    import keras
    import tensorflow as tf

    task, function = solved("05-gradient")
    for case in cases(task):
        Y, Z = case.args
        logits = tf.Variable(Z)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(keras.losses.binary_crossentropy(Y, logits, from_logits=True))
        np.testing.assert_allclose(function(Y, Z), tape.gradient(loss, logits).numpy(), atol=1e-6)
