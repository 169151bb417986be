"""Lesson 12 says what scores, temperatures and costs are: its exercises against scikit-learn and Keras."""

from __future__ import annotations

import numpy as np
import pytest

from mlcourse.practice import _trial
from mlcourse.practice._bank import tasks
from mlcourse.practice.bank import _ch12_experiment


def solved(id):  # noqa: A002 - as everywhere in the course
    """Return the exercise and the function that its reference solution defines."""
    task = next(task for task in tasks("12") if task.id == id)
    space = {}
    exec(task.setup + task.solution, space)
    return task, space[task.name]


def cases(task):
    return list(task.cases(np.random.default_rng(1)))


def test_ece_is_the_one_that_the_plots_write():
    from mlcourse.plots._numbers import reliability

    task, function = solved("12-ece")
    for case in cases(task):
        sure, right = case.args
        record = reliability.measure(right, sure, n_bins=10, label=None, class_names=None)
        assert function(sure, right) == pytest.approx(record.ece), case.note


def test_brier_is_scikit_learns():
    from sklearn.metrics import brier_score_loss

    task, function = solved("12-brier")
    for case in cases(task):
        y, P = case.args
        wanted = brier_score_loss(y, P, labels=np.arange(P.shape[1]), scale_by_half=False)
        assert function(y, P) == pytest.approx(wanted), case.note


def test_the_parts_add_up_to_the_brier_score():
    task, function = solved("12-parts")
    for case in cases(task):
        p, y = case.args
        unreliability, resolution, uncertainty = function(p, y)
        assert unreliability - resolution + uncertainty == pytest.approx(np.mean((p - y) ** 2)), case.note


def test_tempered_is_keras_softmax_of_the_divided_logits():
    import keras

    task, function = solved("12-tempered")
    for case in cases(task):
        Z, T = case.args
        wanted = keras.ops.convert_to_numpy(keras.ops.softmax(keras.ops.convert_to_tensor(Z / T)))
        np.testing.assert_allclose(function(Z, T), wanted, atol=1e-6)


def test_the_best_temperature_has_scikit_learns_smallest_log_loss():
    from sklearn.metrics import log_loss

    task, function = solved("12-best-temperature")
    _, tempered = solved("12-tempered")
    for case in cases(task)[:3]:
        y, Z, temperatures = case.args
        losses = [log_loss(y, tempered(Z, T)) for T in temperatures]
        assert function(y, Z, temperatures) == temperatures[np.argmin(losses)], case.note


def test_to_answer_or_to_ask_is_a_cost_matrix_with_one_more_column():
    _, decide = solved("12-decide")
    task, answer = solved("12-abstain")
    for case in cases(task)[:2]:  # the others hold ties
        P, error, ask = case.args
        k = P.shape[1]
        action = decide(P, np.column_stack([error * (1 - np.eye(k)), np.full(k, ask)]))
        np.testing.assert_array_equal(answer(P, error, ask), np.where(action == k, -1, action))


def test_the_truth_is_no_answer_to_the_experiment_and_what_comes_near_it_is():
    task = next(task for task in tasks("12") if task.id == "12-prices-to-come")
    outcome = _trial.check(task, _ch12_experiment._truth)  # the notebook's `truth` is at hand
    assert outcome.status == "cannot check"
    assert "only the maker of the greenhouse" in outcome.feedback

    def near(X):
        return 0.9 * _ch12_experiment._truth(X) + 0.1 * _ch12_experiment.SHARES

    assert _trial.check(task, near).status == "correct"
    assert _ch12_experiment._measure(near)["loss"] < 0.42


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (np.full((4, 4), 0.25), "Hand in a function"),
        (lambda X: np.full((len(X), 3), 1 / 3), "for each of the four kinds"),
        (lambda X: np.full((len(X), 4), 0.5), "no probabilities"),
        (lambda X: np.full((len(X), 4), np.nan), "no probabilities"),
    ],
)
def test_what_is_no_answer_to_the_experiment_is_told(answer, part):
    task = next(task for task in tasks("12") if task.id == "12-prices-to-come")
    outcome = _trial.check(task, answer)
    assert outcome.status == "cannot check"
    assert part in outcome.feedback
