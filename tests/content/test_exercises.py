"""Every exercise and experiment keeps its promises: starter, solution, alternatives, known mistakes."""

from __future__ import annotations

import keras  # noqa: F401 - as in a lesson's kernel, where the time limit of a check need not pay for imports
import pytest
import sklearn.linear_model
import sklearn.metrics
import sklearn.model_selection
import sklearn.multioutput
import sklearn.pipeline
import sklearn.preprocessing  # noqa: F401

from mlcourse import practice, quiz
from mlcourse.practice import _bank, _check, _trial
from mlcourse.practice._records import Exercise, Experiment

TASKS = list(_bank.everything())
EXERCISES = [task for task in TASKS if isinstance(task, Exercise)]
EXPERIMENTS = [task for task in TASKS if isinstance(task, Experiment)]

of_exercises = pytest.mark.parametrize("task", EXERCISES, ids=lambda task: task.id)
of_tasks = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)


def check(task, code):
    """Check code given as a text, as the student's function would be."""
    return _check.check(task, code) if isinstance(task, Exercise) else _trial.check(task, code)


def _mistakes(tasks):
    return [pytest.param(task, m, id=f"{task.id}-{m.id}") for task in tasks for m in task.mistakes]


def test_there_are_exercises_and_experiments():
    assert len(EXERCISES) >= 3
    assert EXPERIMENTS
    assert practice.ids() == tuple(task.id for task in EXERCISES)


@of_tasks
def test_the_starter_is_not_an_attempt(task):
    assert check(task, task.starter).status == "not attempted"


@of_tasks
def test_the_solution_is_right(task):
    outcome = check(task, task.solution)
    assert outcome.status == "correct", str(outcome)


def _alternatives():
    return [
        pytest.param(t, code, id=f"{t.id}-{i}") for t in TASKS for i, code in enumerate(t.alternatives, 1)
    ]


@pytest.mark.parametrize(("task", "code"), _alternatives())
def test_other_right_answers_are_right(task, code):
    outcome = check(task, code)
    assert outcome.status == "correct", str(outcome)


@pytest.mark.parametrize(("task", "mistake"), _mistakes(TASKS))
def test_each_mistake_gets_its_own_feedback_and_no_others(task, mistake):
    outcome = check(task, mistake.code)
    assert outcome.status in {"incorrect", "cannot check"}, str(outcome)
    assert outcome.mistake == mistake.id
    assert outcome.feedback == mistake.feedback
    assert outcome.misconception == mistake.misconception
    assert [m.id for m in task.mistakes if m.feedback == outcome.feedback] == [mistake.id]


@of_tasks
def test_the_declaration_is_complete(task):
    assert len(task.alternatives) >= (3 if isinstance(task, Exercise) else 1)
    assert len({*task.alternatives, task.solution}) == len(task.alternatives) + 1
    assert len(task.mistakes) >= (3 if isinstance(task, Exercise) else 2)
    assert len(task.hints) >= 2
    known = quiz.misconceptions()
    for mistake in task.mistakes:
        assert mistake.misconception is None or mistake.misconception in known, mistake.id


@of_exercises
def test_code_that_raises_is_told_with_its_line(task):
    if task.takes == "value":
        code = f"{task.name} = no_such_name"
    else:
        code = f"def {task.name}(*arguments):\n    return no_such_name"
    outcome = check(task, code)
    assert outcome.status == "cannot check"
    assert outcome.error == "NameError" or task.takes == "model"
    assert "no_such_name" in outcome.feedback or task.takes == "model"
    assert "mlcourse" not in outcome.feedback


@of_tasks
def test_the_solution_does_not_stand_in_the_notebook(task):
    element = practice.exercise(task.id) if isinstance(task, Exercise) else practice.experiment(task.id)
    data, _ = element._repr_mimebundle_()
    line = max(task.solution.splitlines(), key=len).strip()
    if line not in task.starter and line not in task.prompt:
        assert line not in data["text/plain"] + data["text/html"]
