"""The teacher's report, on simulated classes whose true difficulty and discrimination are known."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta, timezone
from uuid import UUID

import numpy as np
import pytest

from mlcourse._report import _statistics
from mlcourse._report._statistics import Student, analyse, in_words, item_rest, wilson
from mlcourse.progress._answer import Answer
from mlcourse.progress._summary import Item

START = datetime(2026, 5, 1, 9, 0, tzinfo=timezone.utc)
_ids = random.Random(7)


def answer(item, score, minute=0, *, answer=None, misconception=None, kind="question", chapter="01"):
    return Answer(
        str(UUID(int=_ids.getrandbits(128))),
        item,
        kind,
        chapter,
        "recall",
        score,
        answer,
        misconception,
        START + timedelta(minutes=minute),
    )


def simulated(n_students, easiness, slopes, seed=0, asked=1.0):
    """Return a class drawn from the two-parameter logistic model, and the students' abilities.

    P(right) = 1 / (1 + exp(-(slope * ability + easiness))) (Birnbaum 1968).
    """
    chance = random.Random(seed)
    students = []
    for s in range(n_students):
        ability = chance.gauss(0, 1)
        answers = []
        for i, (b, a) in enumerate(zip(easiness, slopes, strict=True)):
            p = 1 / (1 + math.exp(-(a * ability + b)))
            right = chance.random() < p
            if chance.random() < asked:
                answers.append(answer(f"01-q{i:02}", float(right), i))
        students.append(Student(f"s{s:03}", tuple(answers)))
    return students


def by_id(report):
    return {i.item_id: i for i in report.items}


def test_the_difficulty_found_is_the_difficulty_simulated():
    easiness = [-2.0, -1.0, 0.0, 1.0, 2.0]
    found = by_id(analyse(simulated(400, easiness, [0.0] * 5)))
    for i, b in enumerate(easiness):
        true = 1 / (1 + math.exp(-b))
        estimate = found[f"01-q{i:02}"].difficulty
        assert estimate.value == pytest.approx(true, abs=0.07)
    covered = 0
    for seed in range(60):
        (item,) = analyse(simulated(30, [1.0], [0.0], seed)).items
        covered += item.difficulty.low <= 1 / (1 + math.exp(-1)) <= item.difficulty.high
    assert 52 <= covered <= 60  # 95 % of 60 are 57


def test_the_discrimination_found_orders_items_as_simulated_and_a_wrong_key_shows():
    slopes = [2.5, 1.5, 0.7, 0.0, -1.5] + [1.2] * 15
    report = analyse(simulated(300, [0.0] * 20, slopes))
    found = [by_id(report)[f"01-q{i:02}"] for i in range(20)]
    values = [item.discrimination.value for item in found[:5]]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.45
    assert abs(values[3]) < 0.12
    assert values[4] < -0.2
    assert "is the right answer marked right?" in found[4].remarks[0]
    assert any("poorly" in remark for remark in found[3].remarks)
    assert found[0].remarks == ()


def test_the_discrimination_is_the_corrected_item_total_correlation_where_all_answered_all():
    students = simulated(50, [0.5, 0.0, -0.5, 0.2, 0.1], [1.0] * 5, seed=3)
    matrix = np.array([[a.score for a in s.answers] for s in students])
    for i, item in enumerate(analyse(students).items):
        rest = matrix.sum(axis=1) - matrix[:, i]
        assert item.discrimination.value == pytest.approx(np.corrcoef(matrix[:, i], rest)[0, 1])
        assert item.discrimination.low < item.discrimination.value < item.discrimination.high


def test_students_who_answered_only_easy_items_do_not_count_as_strong():
    """Half the class answers only the easy items: their higher raw mean must not look like ability."""
    chance = random.Random(1)
    firsts = []
    for s in range(400):
        ids = [f"easy{i}" for i in range(6)] + ([f"hard{i}" for i in range(6)] if s % 2 else [])
        scores = {i: float(chance.random() < (0.9 if i.startswith("easy") else 0.2)) for i in ids}
        # What only those who also answer the hard ones get right.
        scores["probe"] = float(chance.random() < (0.9 if s % 2 else 0.1))
        firsts.append(scores)
    estimate, _ = item_rest(firsts)["probe"]
    assert abs(estimate.value) < 0.1


def test_missing_answers_hardly_change_the_order():
    slopes = [2.5, 0.0, -1.5] + [1.2] * 17
    found = by_id(analyse(simulated(300, [0.0] * 20, slopes, asked=0.6)))
    values = [found[f"01-q{i:02}"].discrimination.value for i in range(3)]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("n", [1, 5, 9])
def test_too_few_students_give_no_discrimination_and_say_so(n):
    for item in analyse(simulated(n, [0.0] * 6, [1.0] * 6)).items:
        assert item.discrimination is None
        assert item.why_not == f"too few students ({n}; 10 are needed)"
        assert item.remarks == ()


def test_where_everyone_scored_the_same_there_is_nothing_to_compare():
    students = [Student(str(s), tuple(answer(f"q{i}", 1.0) for i in range(5))) for s in range(20)]
    report = analyse(students)
    assert {i.why_not for i in report.items} == {"everyone scored the same"}
    mixed = [
        Student(str(s), (*(answer(f"q{i}", 1.0) for i in range(5)), answer("x", float(s % 2))))
        for s in range(20)
    ]
    assert by_id(analyse(mixed))["x"].why_not == "everyone did alike on the rest"


def test_only_the_first_try_counts_and_first_means_earliest():
    student = Student(
        "a", (answer("q", 1.0, minute=5), answer("q", 0.0, minute=1), answer("q", 0.5, minute=3))
    )
    (item,) = analyse([student]).items
    assert (item.difficulty.value, item.mean_score, item.tries) == (0.0, 0.0, 3.0)


def test_partial_credit_is_not_right_but_counts_in_the_mean():
    students = [Student(str(i), (answer("q", score),)) for i, score in enumerate([1.0, 0.75, 0.25])]
    (item,) = analyse(students).items
    assert item.difficulty.value == pytest.approx(1 / 3)
    assert item.mean_score == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), table I: the score method.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_the_published_one(k, n, low, high):
    estimate = wilson(k, n)
    assert (estimate.low, estimate.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_misconceptions_are_counted_by_student_and_whether_they_are_still_there():
    students = [
        Student("a", (answer("q1", 0.0, 0, misconception="m"), answer("q1", 1.0, 1))),
        Student("b", (answer("q1", 0.0, 0, misconception="m"), answer("q1", 0.0, 1, misconception="m"))),
        Student("c", (answer("q2", 0.0, 0, misconception="m"), answer("q2", 0.0, 1, misconception="other"))),
        Student("d", (answer("q1", 1.0),)),
        Student("e", (answer("q9", 1.0),)),
    ]
    first, second = analyse(students, beliefs={"m": "Sigmoids sum to one."}).misconceptions
    assert (first.name, first.believes) == ("m", "Sigmoids sum to one.")
    assert (first.n_students, first.n_still, first.n_asked, first.n_answers) == (3, 1, 4, 4)
    assert first.items == ("q1", "q2")
    assert (second.name, second.n_students, second.n_still, second.believes) == ("other", 1, 1, "")


def test_who_is_stuck_where():
    students = [
        Student("fine", (answer("q1", 0.0), answer("q1", 0.0, 1), answer("q1", 1.0, 2))),
        Student(
            "stuck", (*tuple(answer("q1", 0.5, m) for m in range(4)), answer("q2", 0.0, 9, chapter="02"))
        ),
        Student("idle", (answer("q1", 0.0, kind="hint"),)),
    ]
    found = {s.name: s for s in analyse(students).students}
    assert found["stuck"].stuck == (("q1", 4),)
    assert (found["stuck"].chapter, found["stuck"].first_right) == ("02", 0.0)
    assert found["stuck"].last == START + timedelta(minutes=9)
    assert found["fine"].stuck == ()
    assert (found["idle"].n_answers, found["idle"].first_right, found["idle"].last) == (0, None, None)
    assert analyse(students).students[0].name == "stuck"
    assert {s.name: s.stuck for s in analyse(students, stuck_after=1).students}["stuck"] == (
        ("q1", 4),
        ("q2", 1),
    )


def test_the_most_common_wrong_answers_stand_in_the_words_of_the_choices():
    item = Item("q", "01", "recall", title="Which?", choices=("softmax", "sigmoid", "relu"))
    students = [Student(str(s), (answer("q", 0.0, answer=2 if s < 9 else 0),)) for s in range(12)]
    (found,) = analyse(students, items=[item]).items
    assert found.wrong == (("relu", 9), ("softmax", 3))
    assert "one wrong answer is more common than the right one" in found.remarks
    assert found.title == "Which?"


@pytest.mark.parametrize(
    ("given", "choices", "said"),
    [
        (1, ("a", "b"), "b"),
        ([1, 0], ("a", "b"), "a + b"),
        (5, ("a", "b"), "5"),
        (True, ("a", "b"), "true"),
        ([], ("a", "b"), "[]"),
        ("0.5", (), "0.5"),
        ({"a": [1]}, (), '{"a": [1]}'),
    ],
)
def test_an_answer_in_words(given, choices, said):
    assert in_words(given, choices) == said


def test_items_come_in_the_order_of_the_chapters():
    student = Student(
        "a", (answer("02-a", 1.0, chapter="02"), answer("z", 1.0, chapter="01"), answer("a", 1.0))
    )
    assert [i.item_id for i in analyse([student]).items] == ["a", "z", "02-a"]


def test_a_large_class_is_quick():
    import time

    students = simulated(300, [0.0] * 150, [1.0] * 150)
    start = time.perf_counter()
    report = analyse(students)
    assert len(report.items) == 150
    assert time.perf_counter() - start < 5  # 0.3 s on an idle laptop


def test_nothing_is_asked_of_an_empty_class():
    report = analyse([])
    assert (report.items, report.students, report.misconceptions) == ((), (), ())
    assert _statistics.item_rest([]) == {}
