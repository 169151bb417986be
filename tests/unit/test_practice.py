"""The checks against code as students really write it: broken, endless, printing, greedy."""

from __future__ import annotations

import gc
import threading
import time
import warnings

import numpy as np
import pytest

from mlcourse import practice, progress
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.practice import _element
from mlcourse.practice._watchdog import TimeUp, limited


@pytest.fixture(autouse=True)
def own_record(tmp_path, monkeypatch):
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path))
    monkeypatch.setattr(_element, "_hints_given", {})


@pytest.fixture
def task():
    return practice.exercise("01-yes-or-no")


def tags(logits, threshold=0.5):
    return np.array(1 / (1 + np.exp(-logits)) >= threshold).astype(int)


def test_a_right_function_is_correct_and_recorded(task):
    outcome = task.check(tags)
    assert repr(outcome) == "Outcome('correct')"
    kept = progress.answers("01-yes-or-no")
    assert [(a.kind, a.score, a.chapter, a.mode) for a in kept] == [("exercise", 1.0, "01", "practice")]


def test_a_mistake_is_recorded_with_its_misconception(task):
    outcome = task.check(lambda logits, threshold=0.5: (logits >= threshold).astype(int))
    assert (outcome.status, outcome.mistake) == ("incorrect", "logits-against-threshold")
    assert progress.answers()[0].misconception == "logits-are-probabilities"


def test_the_starter_leaves_no_trace(task):
    assert task.check(...).status == "not attempted"
    assert task.check(task.starter).status == "not attempted"
    assert progress.answers() == []


def test_a_result_that_still_holds_a_gap_is_no_attempt(task):
    outcome = task.check(lambda logits, threshold=0.5: (..., 1))
    assert outcome.status == "not attempted"
    assert "`...`" in outcome.feedback
    assert progress.answers() == []


def test_a_type_is_not_a_matter_of_names_but_of_behaviour(task):
    def f(a, b):
        return tags(a, b).astype(float)

    assert task.check(f).status == "correct"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda logits, threshold: 1 / 0, ["ZeroDivisionError"]),
        (lambda logits, threshold: no_such_name, ["NameError", "no_such_name"]),  # noqa: F821
        (lambda logits, threshold: logits @ np.ones((7, 2)), ["shape"]),
        (lambda logits, threshold: logits[99], ["IndexError"]),
        (lambda logits, threshold: input("?"), ["input"]),
        (lambda logits, threshold: exit(), ["exit"]),
    ],
)
def test_an_exception_names_the_students_line_and_never_ours(task, answer, words):
    outcome = task.check(answer)
    assert outcome.status == "cannot check"
    said = str(outcome)
    for word in words:
        assert word in said or word in (outcome.error or ""), said
    assert "mlcourse/practice" not in said
    assert "Traceback" not in said


def test_endless_recursion_is_told(task):
    def again(logits, threshold):
        return again(logits, threshold)

    assert task.check(again).error == "RecursionError"


@pytest.mark.parametrize("form", ["plain", "swallows Exception", "swallows everything", "sleeps"])
def test_an_endless_loop_is_stopped_and_the_kernel_lives(task, form):
    def endless(logits, threshold):
        while form == "plain":
            pass
        while form == "sleeps":
            time.sleep(60)
        while form == "swallows Exception":
            try:
                time.sleep(0.001)
            except Exception:
                pass
        while True:
            try:
                time.sleep(0.001)
            except:
                pass

    start = time.monotonic()
    outcome = task.check(endless, seconds=0.3)
    assert time.monotonic() - start < 5
    assert outcome.status == "cannot check"
    assert "0.3" in outcome.feedback or "second" in outcome.feedback
    assert task.check(tags).status == "correct"


def test_an_endless_loop_is_stopped_in_another_thread_too():
    found = []

    def run():
        try:
            limited(lambda: [None for _ in iter(int, 1)], 0.2)
        except TimeUp:
            found.append("stopped")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert found == ["stopped"]


def test_what_is_in_time_is_not_stopped():
    assert limited(lambda: 7, 5) == 7


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda logits, threshold: None, ["return"]),
        (lambda logits, threshold: print("x" * 10_000), ["print"]),
        (lambda logits, threshold: "yes", ["yes"]),
        (lambda logits, threshold: (i for i in range(3)), ["generator"]),
        (lambda logits, threshold: tags(logits, threshold)[:1], ["shape"]),
        (lambda logits, threshold: np.random.default_rng().integers(0, 2, logits.shape), ["two different"]),
    ],
)
def test_a_wrong_result_is_told_with_what_was_expected(task, answer, words):
    outcome = task.check(answer)
    assert outcome.status == "incorrect"
    said = str(outcome)
    assert len(said) < 3000
    for word in words:
        assert word in said, said


def test_a_result_that_would_fill_the_memory_is_told_by_its_shape_and_not_made_twice(task):
    made = []

    def enormous(logits, threshold):
        made.append(1)
        return np.zeros((20_000, 1_000))  # 160 MB; zeros take no memory until they are read

    outcome = task.check(enormous)
    assert (outcome.status, len(made)) == ("incorrect", 1)
    assert "20000 × 1000" in outcome.feedback


def test_an_async_function_is_told_and_leaves_no_warning_behind(task):
    async def later(logits, threshold):
        return tags(logits, threshold)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outcome = task.check(later)
        gc.collect()
    assert outcome.status == "incorrect"
    assert "async" in outcome.feedback


def test_a_function_that_changes_what_it_is_given_is_told(task):
    def greedy(logits, threshold):
        result = tags(logits, threshold)
        logits += 1
        return result

    outcome = task.check(greedy)
    assert outcome.status == "incorrect"
    assert "changes what it was given" in outcome.feedback


@pytest.mark.parametrize(
    ("answer", "words"),
    [(tags(np.zeros((2, 2))), "without brackets"), (lambda: 1, "0 parameters"), (7, "function")],
)
def test_something_else_than_the_function_cannot_be_checked(task, answer, words):
    outcome = task.check(answer)
    assert outcome.status == "cannot check"
    assert words in outcome.feedback


def test_hints_come_one_by_one_and_are_recorded(task):
    total = len(_element.ExerciseElement.__mro__) and len(task._task.hints)
    first = str(task.hint())
    assert f"1 of {total}" in first
    assert f"2 of {total}" in str(practice.exercise("01-yes-or-no").hint())  # another cell, the same student
    for _ in range(total):
        last = str(task.hint())
    assert f"{total} of {total}" in last
    assert len(progress.answers(kind="hint")) == total


def test_the_solution_asks_first(task):
    assert "1 / (1 + np.exp" not in str(task.solution())
    assert progress.answers(kind="solution") == []
    assert "1 / (1 + np.exp" in str(task.solution(sure=True))
    assert len(progress.answers(kind="solution")) == 1


def test_an_unknown_id_lists_the_known_ones():
    with pytest.raises(InvalidArgument, match="01-yes-or-no"):
        practice.exercise("01-nothing")
    with pytest.raises(InvalidType, match="id is 3"):
        practice.exercise(3)


def test_an_outcome_has_a_text_and_an_accessible_html_form(task):
    outcome = task.check(lambda logits, threshold: "<script>alert(1)</script>")
    html = outcome._repr_html_()
    assert "<script>" not in html
    assert 'role="status"' in html
    assert str(outcome).startswith(("✗", "Incorrect", "Not"))
