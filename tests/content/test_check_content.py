"""The lint finds what it should, and the course's own content has no errors."""

from __future__ import annotations

import json

import pytest

from mlcourse import _content
from mlcourse._content._bank_rules import check_bank, check_guessable, check_question
from mlcourse._content._counts import Row, counts
from mlcourse._content._lesson_rules import calls, check_lesson
from mlcourse.quiz._bank import _question
from tests.unit.test_quiz_bank import GOOD, bank


def question(kind, **fields):
    base = {"id": "90-x", "type": kind, "concept": "c", "difficulty": 1, "prompt": "p", "explanation": "e"}
    return _question.validate_python(base | fields)


def single(texts=("one", "two"), right=0, feedback=("a", "b")):
    choices = [
        {"text": t, "feedback": f, **({"right": True} if i == right else {"misconception": "a-b"})}
        for i, (t, f) in enumerate(zip(texts, feedback, strict=True))
    ]
    return question("single", choices=choices)


def said(remarks):
    return "\n".join(map(str, remarks))


def test_the_courses_own_content_has_no_errors(capsys):
    assert _content.main([]) == 0, capsys.readouterr().out
    out = capsys.readouterr().out
    assert "01_the_whole_pipeline" in out
    assert "0 errors" in out


def test_a_broken_bank_is_an_error_with_its_place(tmp_path):
    remarks = check_bank(bank(tmp_path, GOOD.replace("difficulty: 1", "difficulty: 7")))
    assert [r.severity for r in remarks] == ["error"]
    assert "90_test.yaml" in said(remarks)
    assert "field difficulty" in said(remarks)


def test_a_sound_bank_has_nothing_to_say(tmp_path):
    assert check_bank(bank(tmp_path)) == []


def test_the_same_feedback_twice():
    assert "same feedback" in said(check_question(single(feedback=("same", "same"))))
    assert said(check_question(single())) == ""


@pytest.mark.parametrize("field", ["prompt", "explanation"])
def test_texts_that_are_too_long(field):
    long = question("myth", misconception="a-b", believed="b", doubted="d", **{field: "word " * 300})
    assert f"a {field} has" in said(check_question(long))


def test_code_that_does_not_compile_once_filled():
    blanks = [{"accept": ["("], "feedback": "f", "otherwise": "o"}]
    assert "no Python" in said(check_question(question("blanks", code="x = ____", blanks=blanks)))


@pytest.mark.parametrize(
    ("code", "words"), [("print(3)", "prints '3', not '2'"), ("1/0", "ZeroDivisionError"), ("print(2)", "")]
)
def test_snippets_that_print_something_else(code, words):
    asked = question("output", code=code, answer="2", feedback="f", otherwise="o")
    found = said(check_question(asked))
    assert (words in found) if words else (found == "")


def test_right_answers_always_at_the_same_place_or_always_the_longest():
    always_b = [single(("long enough", "b"), right=1) for _ in range(8)]
    assert "place B" in said(check_guessable("90", always_b))
    longest = [single(("x" * (1 + 9 * (i % 2)), "y" * (10 - 9 * (i % 2))), right=1 - i % 2) for i in range(8)]
    assert "longest" in said(check_guessable("90", longest))
    mixed = [single(("x" * (1 + 9 * (i // 2 % 2)), "yyyy"), right=i % 2) for i in range(8)]
    assert said(check_guessable("90", mixed)) == ""


def lesson(tmp_path, *sources, metadata=None):
    cells = [
        {"cell_type": "code", "id": f"c{i}", "metadata": metadata or {}, "source": s}
        for i, s in enumerate(sources)
    ]
    path = tmp_path / "90_x.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    return path


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (
            ["quiz.predict('01-predict-summ')", "quiz.reveal('01-predict-summ')"],
            "no question '01-predict-summ'",
        ),
        (["quiz.predict('01-predict-sum')"], "predicted and never revealed"),
        (["quiz.reveal('01-predict-sum')"], "revealed and never predicted"),
        (["practice.exercise('01-yes')"], "no exercise '01-yes'"),
        (["x = 1\n" * 30], "are the most"),
        (["quiz.show('77')"], "no quiz '77'"),
        (["%matplotlib inline\nquiz.predict('01-predict-sum')", "quiz.reveal('01-predict-sum')"], ""),
    ],
)
def test_what_a_lesson_calls_must_exist(tmp_path, sources, words):
    found = said(check_lesson(lesson(tmp_path, *sources)))
    assert (words in found) if words else (found == "")


def test_an_unknown_mode_is_an_error(tmp_path):
    path = lesson(tmp_path, "1", metadata={"mlcourse": {"mode": "fun"}})
    assert "'fun' is none of why" in said(check_lesson(path))


def test_calls_are_read_from_code_not_from_text():
    assert list(calls("x = quiz.predict('a')\n# quiz.predict('b')\n'quiz.predict(c)'")) == [
        ("quiz.predict", "a")
    ]
    assert list(calls("this is no python")) == []


def test_counts_below_the_standard_are_warnings():
    assert {row.name for row in counts()} >= {"00_start_here", "01_the_whole_pipeline"}
    short = Row("90_x", dict.fromkeys(counts()[0].counts, 0))
    assert all(r.severity == "warning" for r in short.remarks())
    assert "0 recall, fewer than 8" in said(short.remarks())
