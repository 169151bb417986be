"""Marking: every kind of question, every answer worth trying, in Python and in JavaScript alike."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest
import yaml

from mlcourse import quiz
from mlcourse.quiz import _questions as kinds
from mlcourse.quiz._bank import _question
from mlcourse.quiz._grade import read_number
from mlcourse.quiz._markdown import block
from mlcourse.quiz._payload import decode, describe, encode
from tests.node import in_node

EVERY_KIND = yaml.safe_load((Path(__file__).parent / "questions_of_every_kind.yaml").read_text("utf-8"))
SAMPLES = [_question.validate_python(entry) for entry in EVERY_KIND]
BANK = [question for name in quiz.names() for question in quiz.load(name).all]
BY_TYPE = {question.type: question for question in SAMPLES}


def ids(questions):
    return [question.id for question in questions]


def test_there_is_a_sample_of_every_kind():
    assert set(BY_TYPE) == set(kinds.TYPES)


@pytest.mark.parametrize("question", [*SAMPLES, *BANK], ids=ids([*SAMPLES, *BANK]))
def test_some_answers_are_right_others_wrong_and_every_one_gets_feedback(question):
    grades = [question.grade(answer) for answer in question.answers()]
    assert any(grade.correct for grade in grades)
    assert any(not grade.correct for grade in grades)
    for grade in grades:
        assert grade.feedback.strip()
        assert 0 <= grade.score <= 1
        assert grade.correct == (grade.score == 1 and grade.answered)
        assert not (grade.correct and grade.misconception)


@pytest.mark.parametrize("question", [q for q in [*SAMPLES, *BANK] if q.type == "single"], ids=lambda q: q.id)
def test_each_choice_gets_its_own_feedback_and_wrong_ones_name_a_belief(question):
    grades = [question.grade(i) for i in question.answers()]
    assert len({grade.feedback for grade in grades}) == len(grades)
    assert all(grade.correct or grade.misconception for grade in grades)


def test_several_answers_are_marked_label_by_label():
    question = BY_TYPE["several"]  # right: 0 and 2 of 4
    assert question.grade([0, 2]).correct
    half = question.grade([0, 1])
    assert (half.correct, half.score, half.marks) == (False, 0.5, (True, False, False, True))
    assert half.misconception == "sigmoid-outputs-sum-to-one"
    assert not question.grade([]).answered


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        ("0,5", 0.5),
        ("1,604", 1604),
        ("3/4", 0.75),
        (" \u22122 ", -2),
        ("1e-3", 0.001),
        ("12 MB", 12),
        ("abc", None),
        ("", None),
        ("1/0", None),
        ("1e999", None),
        ("nan", None),
        ("0x10", None),
    ],
)
def test_numbers_are_read_as_students_type_them(text, value):
    assert read_number(text, "MB") == value


def test_a_known_slip_gets_its_own_explanation():
    question = BY_TYPE["numeric"]
    assert question.grade("1344").correct
    slip = question.grade("1280")
    assert "bias" in slip.feedback
    assert slip.misconception == "units-have-no-bias"
    assert question.grade("7").feedback == question.otherwise


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("single", 9),
        ("single", "0"),
        ("single", True),
        ("several", 3),
        ("several", [9]),
        ("numeric", None),
        ("output", 3),
        ("blanks", "one text"),
        ("blanks", ["too", "many", "texts", "here"]),
        ("order", [0, 0, 1]),
        ("match", [0]),
        ("sort", [5, 5]),
        ("myth", "yes"),
    ],
)
def test_an_impossible_answer_is_told_with_what_was_given(kind, answer):
    with pytest.raises((ValueError, TypeError), match="must"):
        BY_TYPE[kind].grade(answer)


def _printed(code):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "<question>", "exec"), {})
    return out.getvalue()


@pytest.mark.parametrize("question", [q for q in [*SAMPLES, *BANK] if q.type == "output"], ids=lambda q: q.id)
def test_the_bank_is_right_about_what_code_prints(question):
    assert question.grade(_printed(question.code)).correct


@pytest.mark.parametrize("question", [q for q in [*SAMPLES, *BANK] if q.type == "blanks"], ids=lambda q: q.id)
def test_filled_blanks_are_python(question):
    compile(question.filled(), "<question>", "exec")


@pytest.mark.parametrize("text", ["[0 1 1]\nlabels: 2", "[ 0 1 1 ]\nlabels: 2 ", "[0  1 1]\r\nlabels: 2"])
def test_printed_output_may_be_differently_spaced(text):
    assert BY_TYPE["output"].grade(text).correct


@pytest.mark.parametrize("text", ["[011]\nlabels: 2", "[0 1 1] labels: 2", "[0 1 1]\nlabels: 3"])
def test_printed_output_with_other_numbers_or_lines_is_wrong(text):
    assert not BY_TYPE["output"].grade(text).correct


def test_the_payload_survives_and_hides_the_answer_from_a_glance():
    described = describe(BY_TYPE["single"])
    text = encode({"questions": [described]})
    assert decode(text) == {"questions": [json.loads(json.dumps(described))]}
    assert "Right" not in text


def test_the_browser_marks_every_answer_as_python_does():
    questions = [*SAMPLES, *BANK]
    cases = [[describe(question), list(question.answers())] for question in questions]
    program = "return given.map(([question, answers]) => answers.map((a) => module.grade(question, a)));"
    pages = in_node("quiz_grade.mjs", program, cases)
    compared = 0
    for question, (_, answers), judged in zip(questions, cases, pages, strict=True):
        for answer, browser in zip(answers, judged, strict=True):
            python = question.grade(answer)
            assert browser["answered"] == python.answered, (question.id, answer)
            assert browser["correct"] == python.correct, (question.id, answer)
            assert browser["score"] == pytest.approx(python.score), (question.id, answer)
            assert browser["misconception"] == python.misconception, (question.id, answer)
            assert browser["marks"] == list(python.marks), (question.id, answer)
            assert browser["notes"] == [block(note) for note in python.notes], (question.id, answer)
            compared += 1
    assert compared > 500


def test_the_first_answer_is_what_the_score_counts():
    question = BY_TYPE["single"]
    right = next(i for i in question.answers() if question.grade(i).correct)
    wrong = next(i for i in question.answers() if not question.grade(i).correct)
    program = """
        const { first, grade } = module.standing(given.question, given.log);
        return [first?.score ?? null, grade?.score ?? null];
    """

    def scores(*log):
        return in_node("quiz_grade.mjs", program, {"question": describe(question), "log": log})

    tried = [{"id": question.id, "answer": wrong}, {"id": question.id, "answer": right}]
    assert scores() == [None, None]
    assert scores(*tried) == [0, 1]
    assert scores(*tried, {"reset": True}, {"id": question.id, "answer": right}) == [1, 1]
