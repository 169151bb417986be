"""The draw of a final test: balanced, never twice, the same from its seed, and sound with a small bank."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from mlcourse import quiz
from mlcourse.quiz import _draw
from mlcourse.quiz._bank import _question

REAL = _draw.pool(map(quiz.load, quiz.names()))
SEEDS = (0, 1, 7, 99, 4711, 10**6)


def made(chapter, i, concept=None, difficulty=2):
    """Make a small true-or-false question."""
    words = {"prompt": f"Claim {i}", "explanation": "Why.", "believed": "No.", "doubted": "Yes."}
    entry = {
        "id": f"{chapter}-q{i}",
        "type": "myth",
        "difficulty": difficulty,
        "misconception": f"m-{chapter}-{i}",
    }
    return _question.validate_python(entry | words | {"concept": concept or f"concept {i}"})


def bank(**sizes):
    return [made(chapter[1:], i) for chapter, size in sizes.items() for i in range(size)]


def test_the_pool_holds_every_chapter_but_the_first_page_and_the_last_lesson():
    chapters = {name[:2] for name in quiz.names()} - {"00", "16"}
    assert {q.chapter for q in REAL} == chapters
    assert len(REAL) == len({q.id for q in REAL}) >= 5 * _draw.LENGTH
    predictions = {q.id: q for name in quiz.names() for q in quiz.load(name).predictions}
    assert all(predictions[q.id].diagnose for q in REAL if q.id in predictions)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_test_is_balanced_over_chapters_concepts_difficulties_and_kinds(seed):
    test = _draw.draw(REAL, 30, seed)
    assert len({q.id for q in test}) == 30
    chapters = Counter(q.chapter for q in test)
    fair = 30 / len({q.chapter for q in REAL})
    assert set(chapters) == {q.chapter for q in REAL}
    assert max(chapters.values()) <= fair + 2
    assert len({(q.chapter, q.concept) for q in test}) >= 27
    assert len({q.type for q in test}) >= 7
    share = Counter(q.difficulty for q in REAL)
    for level, n in Counter(q.difficulty for q in test).items():
        assert abs(n - 30 * share[level] / len(REAL)) <= 3.5
    assert all(a.chapter != b.chapter for a, b in itertools.pairwise(test))


def test_the_tests_of_a_deck_share_no_question_and_another_deck_is_dealt_otherwise():
    first, second = (_draw.deck(REAL, 30, number) for number in (3, 4))
    assert len(first) == len(REAL) // 30
    asked = [q.id for test in first for q in test]
    assert len(asked) == len(set(asked)) == 30 * len(first)
    assert {frozenset(q.id for q in test) for test in first}.isdisjoint(
        frozenset(q.id for q in test) for test in second
    )


def test_a_seed_gives_the_same_test_whatever_order_the_bank_is_read_in():
    assert _draw.draw(REAL, 30, 12) == _draw.draw(REAL[::-1], 30, 12)
    assert _draw.draw(REAL, 30, 12) != _draw.draw(REAL, 30, 13)


def test_the_draw_is_the_same_on_every_machine_and_python():
    """Written down once: a change here breaks the seeds that students have noted."""
    questions = bank(c01=8, c02=8, c03=8)
    assert [q.id for q in _draw.draw(questions, 6, 5)] == [
        "03-q4",
        "02-q3",
        "01-q0",
        "02-q6",
        "03-q2",
        "01-q7",
    ]


def test_one_final_after_the_other_never_repeats_until_the_deck_is_used_up():
    drawn: set[str] = set()
    seed = 4711
    for _ in range(_draw.how_many(REAL, 30)):
        seed = _draw.next_seed(REAL, 30, drawn=drawn, answered=(), newest=seed)
        ids = {q.id for q in _draw.draw(REAL, 30, seed)}
        assert ids.isdisjoint(drawn)
        drawn |= ids
    # Now every test must repeat something, and there still is one.
    assert len(_draw.draw(REAL, 30, _draw.next_seed(REAL, 30, drawn=drawn, answered=(), newest=seed))) == 30


def test_after_the_deck_is_used_up_no_test_comes_twice_in_a_row_and_the_rarest_questions_come():
    questions, drawn, seeds = bank(c01=8, c02=8), [], [0]
    for _ in range(12):  # a deck holds four tests
        seeds.append(_draw.next_seed(questions, 4, drawn=drawn, answered=drawn, newest=seeds[-1]))
        drawn += [q.id for q in _draw.draw(questions, 4, seeds[-1])]
    assert all(one != following for one, following in itertools.pairwise(seeds[1:]))
    times = Counter(drawn).values()
    assert len(times) == 16
    assert max(times) - min(times) <= 2


def test_of_the_tests_not_drawn_yet_the_one_with_fewest_answered_questions_comes_first():
    tests = _draw.deck(REAL, 30, 5)
    size = len(tests)
    answered = {q.id for i, test in enumerate(tests) for q in test if i != 2}
    seed = _draw.next_seed(REAL, 30, drawn=(), answered=answered, newest=5 * size)
    assert seed == 5 * size + 2
    drawn = {q.id for q in tests[2]}
    assert _draw.next_seed(REAL, 30, drawn=drawn, answered=answered, newest=seed) == 5 * size


def test_with_a_changed_bank_what_was_drawn_is_still_avoided():
    drawn = {q.id for q in _draw.draw(REAL, 30, 0)}
    changed = [q for q in REAL if q.id not in set(sorted(drawn)[:3])][5:]
    seed = _draw.next_seed(changed, 30, drawn=drawn, answered=(), newest=0)
    assert (
        len({q.id for q in _draw.draw(changed, 30, seed)} & drawn) <= 3
    )  # the least of 40 decks, not always none


@pytest.mark.parametrize("n", [1, 2, 5, 30])
def test_a_small_bank_gives_what_it_has(n):
    questions = bank(c01=3, c02=1, c03=2)
    for seed in range(12):
        test = _draw.draw(questions, n, seed)
        assert len(test) == len({q.id for q in test}) == min(n, 6)
    assert _draw.how_many(questions, n) == max(1, 6 // n)
    assert _draw.next_seed(questions, n, drawn={q.id for q in questions}, answered=(), newest=0) >= 0


def test_an_empty_bank_gives_an_empty_test():
    assert _draw.draw([], 30, 3) == ()


def test_a_chapter_with_little_gives_little_and_the_others_share_the_rest():
    questions = bank(c01=2, c02=20, c03=20)
    for test in _draw.deck(questions, 10, 1):
        counts = Counter(q.chapter for q in test)
        assert counts["01"] <= 1
        assert abs(counts["02"] - counts["03"]) <= 1


def test_the_same_concept_is_parted_over_the_tests():
    questions = [made("01", i, concept=f"c{i % 4}") for i in range(16)]
    for test in _draw.deck(questions, 4, 2):
        assert len({q.concept for q in test}) == 4
