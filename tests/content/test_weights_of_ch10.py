"""Lesson 10 says what class weights do and what undoes them: its exercises against Keras and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from mlcourse.practice._bank import tasks


def solved(id):  # noqa: A002 - as everywhere in the course
    """Return the exercise and the function that its reference solution defines."""
    task = next(task for task in tasks("10") if task.id == id)
    space = {}
    exec(task.setup + task.solution, space)
    return task, space[task.name]


def cases(task):
    return list(task.cases(np.random.default_rng(1)))


def fixed(P, activation="softmax"):
    """Return a Keras model that answers P, row by row, for the inputs 0, 1, 2 ..."""
    import keras

    logits = np.log(P) if activation == "softmax" else np.log(P / (1 - P))
    model = keras.Sequential(
        [
            keras.Input((1,), dtype="int32"),
            keras.layers.Embedding(len(P), P.shape[1]),
            keras.layers.Flatten(),
            keras.layers.Activation(activation),
        ]
    )
    model.layers[0].set_weights([logits])
    return model


def test_the_weighted_loss_is_what_keras_minimises():
    import keras

    task, function = solved("10-weighted-loss")
    for case in cases(task):
        y, P, w = case.args
        model = fixed(P)
        model.compile(optimizer=keras.optimizers.SGD(0.0), loss="sparse_categorical_crossentropy")
        rows = np.arange(len(y))[:, None]
        keras_says = model.train_on_batch(rows, y, class_weight=dict(enumerate(w)))
        assert function(y, P, w) == pytest.approx(float(keras_says), rel=1e-5), case.note


def test_balanced_weights_are_scikit_learns():
    from sklearn.utils.class_weight import compute_class_weight

    task, function = solved("10-weights")
    for case in cases(task):
        (y,) = case.args
        np.testing.assert_allclose(function(y), compute_class_weight("balanced", classes=np.unique(y), y=y))


def test_recalls_are_scikit_learns():
    from sklearn.metrics import recall_score

    task, function = solved("10-recalls")
    for case in cases(task):
        y, decided = case.args
        np.testing.assert_allclose(function(y, decided), recall_score(y, decided, average=None))


def test_positive_weights_of_one_give_keras_loss():
    import keras

    task, function = solved("10-positive")
    for case in cases(task):
        Y, P, w = case.args
        keras_says = float(np.mean(keras.losses.binary_crossentropy(Y.astype("float64"), P).numpy()))
        assert function(Y, P, np.ones(len(w))) == pytest.approx(keras_says, abs=1e-6)


def test_dividing_by_the_weights_undoes_them():
    task, function = solved("10-honest")
    for case in cases(task):
        P, w = case.args
        weighted = P * w / (P * w).sum(axis=1, keepdims=True)  # what a loss with weights is smallest at
        np.testing.assert_allclose(function(weighted, w), P)


def test_the_weighted_loss_is_smallest_where_the_lesson_says():
    from scipy.optimize import minimize

    p, w = np.array([0.75, 0.18, 0.05, 0.02]), np.array([0.33, 1.39, 5.0, 12.5])

    def expected(z):
        q = np.exp(z - z.max())
        return -(w * p * np.log(q / q.sum())).sum()

    z = minimize(expected, np.zeros(4), tol=1e-12).x
    q = np.exp(z) / np.exp(z).sum()
    np.testing.assert_allclose(q, w * p / (w * p).sum(), atol=1e-5)


def test_the_cheapest_decision_is_the_most_probable_class_where_all_errors_cost_the_same():
    _, function = solved("10-cheapest")
    P = np.random.default_rng(0).dirichlet(np.ones(5), 50)
    np.testing.assert_array_equal(function(P, 1 - np.eye(5)), P.argmax(axis=1))
