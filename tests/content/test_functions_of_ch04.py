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


def test_the_temperature_is_scipys_softmax_of_logits_that_were_divided():
    cases, function = solved("04-temperature")
    for case in cases:
        P, T = case.args
        np.testing.assert_allclose(function(P, T), scipy_softmax(np.log(P) / T, axis=1), atol=1e-12)
    Z = np.random.default_rng(6).normal(scale=3, size=(20, 4))
    for T in (0.01, 0.5, 3.0, 1000.0):
        np.testing.assert_allclose(
            function(scipy_softmax(Z, axis=1), T), scipy_softmax(Z / T, axis=1), atol=1e-9
        )


def test_the_decisions_are_those_of_the_activations():
    cases, function = solved("04-decide")
    for case in cases:
        (z,) = case.args
        section, tags = function(z)
        assert section == scipy_softmax(z).argmax()
        assert tags == np.flatnonzero(expit(z) >= 0.5).tolist()


def test_the_sigmoids_of_the_new_logits_are_the_softmax():
    cases, function = solved("04-one-against-rest")
    for case in cases:
        (z,) = case.args
        np.testing.assert_allclose(expit(function(z)), scipy_softmax(z), atol=1e-12)
    np.testing.assert_allclose(function(np.array([3.0, 1.0])), [2.0, -2.0])  # as the prompt says
