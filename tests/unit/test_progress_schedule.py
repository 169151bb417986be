"""When questions come up for review, also when the clock was wrong."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

import pytest

from mlcourse.progress._answer import Answer
from mlcourse.progress._schedule import due, schedule

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)


def answer(item, score, when, kind="question"):
    return Answer(str(random.random()), item, kind, "01", "recall", score, when=when)


def ids(found):
    return [d.item_id for d in found]


def test_a_right_answer_comes_back_after_days_and_ever_later():
    given = []
    when = NOON
    waits = []
    for _ in range(5):
        given.append(answer("a", 1.0, when))
        (item,) = schedule(given, when)
        waits.append((item.due - when).days)
        assert due(given, when) == []
        when = item.due
    assert waits[0] >= 2
    assert waits == sorted(set(waits))


def test_a_miss_comes_back_after_ten_minutes_and_sooner_than_what_was_right():
    given = [answer("missed", 0.0, NOON), answer("right", 1.0, NOON)]
    assert due(given, NOON) == []
    assert ids(due(given, NOON + timedelta(minutes=11))) == ["missed"]
    # Answered right at the second try, it still returns before the other.
    given.append(answer("missed", 1.0, NOON + timedelta(minutes=1)))
    dates = {d.item_id: d.due for d in schedule(given, NOON + DAY)}
    assert dates["missed"] < dates["right"]
    assert due(given, NOON + timedelta(minutes=11)) == []


def test_partial_credit_returns_today_and_counts_as_missed():
    given = [answer("half", 0.5, NOON)]
    (item,) = due(given, NOON + timedelta(hours=1))
    assert item.missed
    assert repr(item) == "Due('half', since 2026-05-04T12:15, last score 0.50, missed)"


def test_newest_misses_come_first_then_the_longest_overdue():
    given = [
        answer("right-old", 1.0, NOON - 60 * DAY),
        answer("miss-old", 0.0, NOON - 30 * DAY),
        answer("right-older", 1.0, NOON - 90 * DAY),
        answer("miss-new", 0.2, NOON - DAY),
        answer("mended", 0.0, NOON - 50 * DAY),
        answer("mended", 1.0, NOON - 49 * DAY),
    ]
    found = due(given, NOON)
    assert ids(found[:2]) == ["miss-new", "miss-old"]
    assert set(ids(found[2:])) == {"right-old", "right-older", "mended"}
    assert [d.missed for d in found] == [True, True, False, False, False]
    assert [d.due for d in found[2:]] == sorted(d.due for d in found[2:])


def test_what_is_due_today_is_due_from_the_morning():
    given = [
        answer("a", 0.0, NOON + timedelta(hours=8)),
        answer("a", 1.0, NOON + timedelta(hours=8, minutes=1)),
    ]
    (item,) = schedule(given, NOON + DAY)
    assert item.due - item.last == DAY
    assert due(given, NOON.replace(hour=23)) == []
    assert due(given, NOON + DAY - timedelta(hours=9)) == []  # three in the morning is still yesterday
    assert ids(due(given, NOON + DAY - timedelta(hours=7))) == ["a"]


def test_the_day_is_that_of_the_time_zone_asked_for():
    given = [answer("a", 0.0, NOON), answer("a", 1.0, NOON + timedelta(minutes=1))]
    before_four_in_utc = NOON + timedelta(hours=15)
    tokyo = timezone(timedelta(hours=9))
    assert due(given, before_four_in_utc) == []
    assert ids(due(given, before_four_in_utc.astimezone(tokyo))) == ["a"]


def test_only_questions_are_reviewed_unless_asked_for():
    given = [answer("q", 0.0, NOON), answer("e", 0.0, NOON, "exercise"), answer("h", 0.0, NOON, "hint")]
    assert ids(due(given, NOON + DAY)) == ["q"]
    assert ids(due(given, NOON + DAY, kinds=("exercise",))) == ["e"]


@pytest.mark.parametrize("back", [timedelta(hours=1), DAY, 400 * DAY, 20_000 * DAY])
def test_after_the_clock_is_set_back_reviews_still_come(back):
    """The answers lie in the future; the student answers on, and days pass by the new clock."""
    given = [answer("a", 1.0, NOON), answer("b", 0.0, NOON), answer("c", 1.0, NOON - 3000 * DAY)]
    now = NOON - back
    assert {"a", "b"} <= set(ids(due(given, now)))
    given += [answer(item, 1.0, now) for item in "abc"]
    assert due(given, now) == []
    wait = max(d.due for d in schedule(given, now)) - now
    assert timedelta(0) < wait < 400 * DAY
    came_up: set[str] = set()
    for _ in range(400):
        now += DAY
        came_up |= set(ids(due(given, now)))
    assert came_up == set("abc")


def test_a_clock_that_ran_ahead_once_does_not_hold_a_question_back():
    given = [answer("a", 1.0, NOON + 3650 * DAY)]
    assert ids(due(given, NOON)) == ["a"]
    given.append(answer("a", 1.0, NOON))
    assert due(given, NOON) == []
    (item,) = schedule(given, NOON)
    assert item.due < NOON + 10 * DAY
    assert item.times == 2


def test_the_schedule_does_not_depend_on_the_order_of_the_record():
    chance = random.Random(0)
    given = [
        answer(f"q{i % 7}", chance.choice([0.0, 0.5, 1.0]), NOON - DAY * chance.uniform(0, 90))
        for i in range(80)
    ]
    expected = schedule(given, NOON), due(given, NOON)
    for _ in range(5):
        chance.shuffle(given)
        assert (schedule(given, NOON), due(given, NOON)) == expected


def test_extreme_dates_in_a_merged_record_do_no_harm():
    given = [
        answer("a", 1.0, datetime(1, 1, 2, tzinfo=timezone.utc)),
        answer("a", 1.0, datetime(9999, 12, 30, tzinfo=timezone.utc)),
        answer("b", 0.0, datetime(9999, 12, 30, tzinfo=timezone.utc)),
    ]
    assert ids(due(given, NOON)) == ["b", "a"]


def test_a_long_record_is_scheduled_quickly():
    import time

    given = [answer(f"q{i % 300}", float(i % 3 > 0), NOON - DAY * (i % 100)) for i in range(5000)]
    due(given, NOON)
    start = time.perf_counter()
    due(given, NOON)
    # About 0.1 s on a laptop; the limit is loose for a busy machine.
    assert time.perf_counter() - start < 3
