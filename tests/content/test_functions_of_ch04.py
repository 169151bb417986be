"""Lesson 04 says that its exercises' functions are SciPy's and Keras': compare every reference solution."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from scipy.special import softmax as scipy_softmax

from mlcourse.practice._bank import tasks


def solved(id):  # noqa: A002 - as everywhere in the course
    """Return the exercise's cases and the function that its reference solution defines."""
    task = next(task for task in tasks("04") if task.id == id)
    space = {}
    exec(task.setup + task.solution, space)
    return list(task.cases(np.random.default_rng(4))), space[task.name]


@pytest.mark.parametrize("id", ["04-softmax", "04-axis", "04-stable"])
def test_the_softmaxes_are_scipys_and_keras(id):  # noqa: A002
    import keras

    cases, function = solved(id)
    for case in cases:
        (Z,) = case.args
        np.testing.assert_allclose(function(Z), scipy_softmax(Z, axis=-1), atol=1e-12, err_msg=case.note)
        np.testing.assert_allclose(function(Z), keras.ops.softmax(Z).numpy(), atol=1e-6, err_msg=case.note)


def test_the_temperature_is_scipys_softmax_of_divided_logits():
    cases, function = solved("04-temperature")
    for case in cases:
        Z, T = case.args
        np.testing.assert_allclose(function(Z, T), scipy_softmax(Z / T, axis=1), atol=1e-12)
        assert np.array_equal(function(Z, T).argmax(axis=1), Z.argmax(axis=1))


def test_the_decisions_are_those_of_the_activations():
    cases, function = solved("04-decide")
    for case in cases:
        (z,) = case.args
        section, tags = function(z)
        assert section == scipy_softmax(z).argmax()
        assert tags == np.flatnonzero(expit(z) >= 0.5).tolist()


def test_one_keras_unit_says_what_two_said():
    import keras

    cases, function = solved("04-one-for-two")
    for case in cases:
        W, b = case.args
        X = np.random.default_rng(5).normal(size=(50, len(W)))
        layers = [keras.layers.Dense(2, "softmax"), keras.layers.Dense(1, "sigmoid")]
        for layer, weights in zip(layers, [(W, b), function(W, b)], strict=True):
            layer.build((None, len(W)))
            layer.set_weights(list(weights))
        two, one = (layer(X).numpy() for layer in layers)
        np.testing.assert_allclose(one[:, 0], two[:, 1], atol=1e-6)
