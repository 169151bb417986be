"""The bank: what is right loads, and whatever is wrong is named with file, question and field."""

from __future__ import annotations

from textwrap import dedent

import pytest

from mlcourse import quiz
from mlcourse.quiz import BankError

GOOD = """
chapter: "90"
title: A test
recall:
  - id: 90-one
    type: single
    concept: testing
    difficulty: 1
    prompt: Which?
    choices:
      - {text: this, right: true, feedback: Yes.}
      - {text: that, misconception: a-belief, feedback: No.}
    explanation: Because.
"""
BELIEFS = "a-belief: {believes: A., because: B., truth: C.}\n"


def bank(folder, text=GOOD, beliefs=BELIEFS):
    (folder / "90_test.yaml").write_text(text, encoding="utf-8")
    (folder / "misconceptions.yaml").write_text(beliefs, encoding="utf-8")
    return folder


def test_the_courses_own_bank_has_no_problem():
    assert quiz.check() == []
    assert {"00_start_here", "01_the_whole_pipeline"} <= set(quiz.names())


def test_a_chapter_loads_by_its_name_and_by_its_number(tmp_path):
    folder = bank(tmp_path)
    assert quiz.load("90", folder=folder) is quiz.load("90_test", folder=folder)
    assert repr(quiz.load("90", folder=folder)) == "Quiz('90_test', 1 questions)"
    assert quiz.question("90-one", folder=folder).concept == "testing"


def test_an_edited_file_is_read_again(tmp_path):
    folder = bank(tmp_path)
    assert quiz.load("90", folder=folder).title == "A test"
    bank(tmp_path, GOOD.replace("A test", "Another test"))
    assert quiz.load("90", folder=folder).title == "Another test"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    concept: testing\n", "", ["question 90-one", "field concept", "is missing"]),
        ("difficulty: 1", "difficulty: 4", ["field difficulty", "4", "at most 3"]),
        ("difficulty: 1", "difficulty: easy", ["field difficulty", "'easy'", "whole number"]),
        ("concept: testing", "koncept: testing", ["field koncept", "spelling"]),
        ("type: single", "type: choice", ["field type", "single, several"]),
        ("id: 90-one", "id: 90 One", ["field id", "'90 One'", "hyphens"]),
        ("id: 90-one", "id: 91-one", ["field id", "90-"]),
        ("right: true, ", "", ["choices[0]", "misconception"]),
        (", misconception: a-belief", "", ["choices[1]", "names no misconception"]),
        (
            "misconception: a-belief",
            "misconception: a-bellief",
            ["choices[1].misconception", "mean a-belief?"],
        ),
        (", misconception: a-belief, feedback: No.", ", right: true, feedback: No.", ["2 right choices"]),
        ("feedback: Yes.", "feedback: ''", ["choices[0].feedback", "is empty"]),
        ("text: that", "text: this", ["two choices with the same text"]),
        ("prompt: Which?", "prompt: yes", ["field prompt", "True", "quotes"]),
        ("prompt: Which?", "prompt: '$\\badmacro{$'", ["field prompt", "math"]),
        ("    concept: testing\n", "    concept: a\n    concept: b\n", ["'concept' twice", "line 8"]),
        ('chapter: "90"', "chapter: 90", ["field chapter", "quotes"]),
        ('chapter: "90"', 'chapter: "91"', ["field chapter", "'91'"]),
        ("recall:", "recal:", ["field recal"]),
        ("title: A test", "title: A: test", ["line 3", "quotes"]),
    ],
)
def test_each_mistake_of_a_teacher_is_named_in_words(tmp_path, old, new, words):
    assert old in GOOD
    with pytest.raises(BankError) as caught:
        quiz.load("90", folder=bank(tmp_path, GOOD.replace(old, new)))
    said = str(caught.value)
    assert "90_test.yaml" in said
    for word in words:
        assert word in said, said
    assert "pydantic" not in said
    assert "input_value" not in said


def test_the_same_id_twice_is_found(tmp_path):
    again = GOOD + GOOD[GOOD.index("  - id") :]
    with pytest.raises(BankError, match="question 90-one, field id: stands twice"):
        quiz.load("90", folder=bank(tmp_path, again))


def test_all_problems_are_listed_not_only_the_first(tmp_path):
    broken = GOOD.replace("difficulty: 1", "difficulty: 9").replace("explanation: Because.", "")
    problems = quiz.check(bank(tmp_path, broken))
    assert {p.field for p in problems} == {"difficulty", "explanation"}


def test_files_that_are_no_chapter_no_text_or_empty_are_named(tmp_path):
    bank(tmp_path)
    (tmp_path / "notes.yaml").write_text("a: b")
    (tmp_path / "91_latin.yaml").write_bytes(b"title: \xe9")
    (tmp_path / "92_empty.yaml").write_text("")
    said = "\n".join(map(str, quiz.check(tmp_path)))
    assert "notes.yaml: is no chapter" in said
    assert "91_latin.yaml: is not UTF-8" in said
    assert "92_empty.yaml: must begin with `chapter:`" in said


@pytest.mark.parametrize("name", ["99", "no_such_thing", 1, None])
def test_an_unknown_name_says_which_exist(name):
    with pytest.raises((ValueError, TypeError), match="01_the_whole_pipeline"):
        quiz.load(name)


@pytest.mark.parametrize("name", ["sigmoid", "01-nothing-of-this-name", 7])
def test_an_unknown_question_says_what_an_id_looks_like(name):
    with pytest.raises(ValueError, match=r"01-sigmoid-sum|there are '01-"):
        quiz.question(name)


def test_a_mistyped_id_gets_the_nearest_ones_and_no_others():
    with pytest.raises(ValueError, match=r"did you mean '01-sigmoid-sum'") as told:
        quiz.question("01-sigmoid-sun")
    assert len(str(told.value)) < 300


def test_beliefs_may_stand_in_several_files_but_an_id_only_once(tmp_path):
    folder = bank(tmp_path)
    shared = (folder / "misconceptions.yaml").read_text(encoding="utf-8")
    first = next(iter(quiz.misconceptions(folder)))
    own = "a-belief-of-its-own:\n  believes: One.\n  because: Two.\n  truth: Three.\n"
    (folder / "misconceptions_05.yaml").write_text(own, encoding="utf-8")
    assert list(quiz.misconceptions(folder))[-1] == "a-belief-of-its-own"
    (folder / "misconceptions_05.yaml").write_text(shared, encoding="utf-8")
    with pytest.raises(quiz.BankError, match=rf"misconceptions_05.yaml: has the key '{first}', which mis"):
        quiz.misconceptions(folder)


def test_a_missing_list_of_misconceptions_is_named(tmp_path):
    (tmp_path / "90_test.yaml").write_text(dedent(GOOD))
    with pytest.raises(BankError, match=r"misconceptions\.yaml"):
        quiz.load("90", folder=tmp_path)
