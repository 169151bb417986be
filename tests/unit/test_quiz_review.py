"""Review and entry test: what comes back when, and where to begin."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from mlcourse import progress, quiz
from mlcourse._errors import InvalidArgument
from mlcourse.quiz._diagnose import chosen, recommend
from mlcourse.quiz._element import Element

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
LESSONS = {name[:2]: name for name in quiz.names()}


@pytest.fixture(autouse=True)
def own_record(tmp_path, monkeypatch):
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path))


def answer(item, score, days_ago, kind="question"):
    progress.record(
        item, kind=kind, chapter=item[:2], mode="recall", score=score, when=NOW - timedelta(days=days_ago)
    )


def test_before_the_first_answer_it_says_what_to_do():
    nothing = quiz.review(now=NOW)
    assert isinstance(nothing, quiz.NothingDue)
    assert "Nothing to repeat yet" in str(nothing)
    assert "Nothing to repeat yet" in nothing._repr_html_()


def test_what_was_missed_comes_first_and_what_is_unknown_to_the_bank_not_at_all():
    answer("01-sigmoid-sum", 1.0, 40)
    answer("01-predict-sum", 0.0, 1)
    answer("01-no-longer-there", 0.0, 1)
    element = quiz.review(now=NOW)
    assert isinstance(element, Element)
    assert [q.id for q in element._questions] == ["01-predict-sum", "01-sigmoid-sum"]
    assert repr(element) == "Review: 2 questions due. Run the cell to answer."
    assert repr(quiz.review(1, now=NOW)) == "Review: 1 question of 2 due. Run the cell to answer."


def test_after_the_review_nothing_is_due_and_the_next_day_is_told():
    answer("01-sigmoid-sum", 1.0, 0)
    nothing = quiz.review(now=NOW + timedelta(minutes=1))
    assert isinstance(nothing, quiz.NothingDue)
    assert "The next question comes on" in str(nothing)


def test_an_answer_to_the_review_is_recorded_as_one():
    answer("01-sigmoid-sum", 0.0, 9)
    element = quiz.review(now=NOW)
    question = element._questions[0]
    element.widget.log = [{"id": question.id, "answer": next(iter(question.answers()))}]
    assert [a.kind for a in progress.answers()] == ["question", "review"]


def test_how_many_must_be_a_number():
    with pytest.raises(InvalidArgument, match="n is 0"):
        quiz.review(0)


def test_the_entry_test_is_balanced_repeatable_and_at_most_ten_questions():
    asked = quiz.diagnose()._questions
    assert 5 <= len(asked) <= 10
    assert len({q.concept for q in asked if q.chapter == "01"}) == sum(q.chapter == "01" for q in asked)
    assert [q.id for q in asked] == [q.id for q in quiz.diagnose()._questions]
    assert not any(q.chapter == "00" for q in asked)
    counts = [sum(q.chapter == c for q in asked) for c in {q.chapter for q in asked}]
    available = {c: len(chosen({c: quiz.load(c).all}, 99)) for c in {q.chapter for q in asked}}
    assert max(counts) - min(counts) <= 1 or min(available.values()) < max(counts)


@pytest.mark.parametrize(
    ("right", "name"),
    [(lambda q: False, "first"), (lambda q: True, "last"), (lambda q: q.chapter == "01", "second")],
)
def test_the_first_chapter_that_is_not_known_is_recommended(right, name):
    asked = quiz.diagnose()._questions
    chapters = sorted({q.chapter for q in asked})
    if len(chapters) < 2:
        pytest.fail("the test needs questions of two chapters")
    said = recommend({q.id: float(right(q)) for q in asked}, asked, LESSONS)
    expected = {"first": chapters[0], "second": chapters[1], "last": chapters[-1]}[name]
    assert said.name == LESSONS[expected]
    assert said.why
    assert LESSONS[expected] in said._repr_html_()


def test_the_recommendation_reads_the_first_answers():
    assert quiz.recommendation().name is None
    asked = quiz.diagnose()._questions
    for question in asked:
        answer(question.id, 0.0, 2, kind="diagnosis")
        answer(question.id, 1.0, 1, kind="diagnosis")
    said = quiz.recommendation()
    assert said.name == LESSONS[min(q.chapter for q in asked)]
    assert "you had 0 right" in str(said)
