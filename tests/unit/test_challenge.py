"""The challenge: time, attempts, hints, points, badge; the browser and Python agree on every run."""

from __future__ import annotations

import random

import pytest

from mlcourse import practice, progress, quiz
from mlcourse._errors import InvalidArgument
from mlcourse.practice import _challenge_rules as rules
from mlcourse.practice._challenge import _payload
from tests.node import in_node

QUIZ = quiz.load("01")
PROBLEMS = QUIZ.challenge
T0 = 1_700_000_000_000


def answers_of(problem):
    tried = list(problem.answers())
    right = next(a for a in tried if problem.grade(a).correct)
    wrong = next(a for a in tried if problem.grade(a).answered and not problem.grade(a).correct)
    return right, wrong


def run(*steps, clock=True):
    """Return a log; each step is (seconds after the start, event)."""
    log = [{"do": "start", "run": 1, "clock": clock, "at": T0}]
    return log + [{**event, "at": T0 + 1000 * seconds} for seconds, event in steps]


def solved(seconds_each=1):
    steps = []
    for i, problem in enumerate(PROBLEMS):
        right, _ = answers_of(problem)
        steps.append((i * seconds_each, {"do": "open", "id": problem.id}))
        steps.append((i * seconds_each, {"do": "answer", "id": problem.id, "answer": right}))
    return run(*steps)


def test_a_chapter_has_five_problems_with_time_attempts_and_hint():
    assert len(PROBLEMS) == 5
    assert all(p.seconds and p.attempts and p.hint for p in PROBLEMS)


def test_everything_right_at_once_wins_gold():
    state = rules.standing(PROBLEMS, solved())
    assert (state.points, state.most, state.badge, state.finished) == (50, 50, "gold", True)


def test_a_hint_and_a_second_attempt_cost_points():
    problem = PROBLEMS[0]
    right, wrong = answers_of(problem)
    opened = (0, {"do": "open", "id": problem.id})
    hint = (1, {"do": "hint", "id": problem.id})
    miss = (2, {"do": "answer", "id": problem.id, "answer": wrong})
    hit = (3, {"do": "answer", "id": problem.id, "answer": right})
    assert rules.standing(PROBLEMS, run(opened, hit)).points == rules.FULL
    assert rules.standing(PROBLEMS, run(opened, hint, hit)).points == rules.FULL - rules.HINT
    if (problem.attempts or 1) > 1:
        assert rules.standing(PROBLEMS, run(opened, miss, hit)).points == rules.FULL - rules.AGAIN


def test_attempts_run_out():
    problem = PROBLEMS[0]
    _, wrong = answers_of(problem)
    miss = [(i, {"do": "answer", "id": problem.id, "answer": wrong}) for i in range(1, 9)]
    place = rules.standing(PROBLEMS, run((0, {"do": "open", "id": problem.id}), *miss)).places[0]
    assert place.closed == "attempts"
    assert len(place.answers) == problem.attempts


def test_time_runs_while_the_page_is_away_and_a_late_answer_does_not_count():
    problem = PROBLEMS[0]
    right, _ = answers_of(problem)
    late = (problem.seconds + 1, {"do": "answer", "id": problem.id, "answer": right})
    state = rules.standing(PROBLEMS, run((0, {"do": "open", "id": problem.id}), late))
    assert (state.places[0].closed, state.points) == ("time", 0)


def test_a_clock_set_back_gives_no_time():
    problem = PROBLEMS[0]
    right, _ = answers_of(problem)
    opened = (0, {"do": "open", "id": problem.id})
    seen = (problem.seconds - 1, {"do": "seen"})
    back = (-3600, {"do": "hint", "id": problem.id})
    hit = (problem.seconds + 1, {"do": "answer", "id": problem.id, "answer": right})
    assert rules.standing(PROBLEMS, run(opened, seen, back, hit)).places[0].closed == "time"


def test_without_the_clock_nothing_runs_out_and_it_can_be_switched_off_on_the_way():
    problem = PROBLEMS[0]
    right, _ = answers_of(problem)
    opened = (0, {"do": "open", "id": problem.id})
    late = (10 * problem.seconds, {"do": "answer", "id": problem.id, "answer": right})
    assert rules.standing(PROBLEMS, run(opened, late, clock=False)).points == rules.FULL
    off = rules.standing(PROBLEMS, run(opened, (1, {"do": "clock-off"}), late))
    assert (off.points, off.clock) == (rules.FULL, False)


def test_a_second_start_does_not_wind_the_clock_back():
    problem = PROBLEMS[0]
    log = run((0, {"do": "open", "id": problem.id}), (9, {"do": "start", "run": 2}))
    state = rules.standing(PROBLEMS, log)
    assert (state.run, state.places[0].opened) == (1, T0)


def random_log(seed):
    """Return a run as a student, a broken page or a cheat could make it."""
    dice = random.Random(seed)
    at = T0
    log = []
    for _ in range(dice.randint(5, 60)):
        at += dice.choice([0, 1000, 5000, 30_000, 200_000, -50_000])
        problem = dice.choice(PROBLEMS)
        do = dice.choice(
            ["start", "open", "open", "answer", "answer", "answer", "hint", "skip", "clock-off", "seen", "?"]
        )
        event = {"do": do, "at": at, "id": dice.choice([problem.id, problem.id, "99-none", None])}
        if do == "start":
            event |= {"run": dice.choice([1, 2, None, "x"]), "clock": dice.choice([True, True, False, None])}
        if do == "answer":
            event["answer"] = dice.choice(answers_of(problem))
        if dice.random() < 0.03:
            event["at"] = dice.choice([None, "soon", True])
        log.append(event)
    in_order = [{"do": "start", "run": 1, "at": T0}]
    for i, problem in enumerate(PROBLEMS):
        in_order += [
            {"do": "open", "id": problem.id, "at": T0 + i},
            {"do": dice.choice(["skip", "hint"]), "id": problem.id, "at": T0 + i},
        ]
        in_order += [
            {"do": "answer", "id": problem.id, "answer": dice.choice(answers_of(problem)), "at": T0 + i}
        ] * 3
    return log if seed % 2 else in_order + log


def test_the_browser_keeps_the_same_rules():
    payload = _payload(QUIZ, "t")
    cases = [[random_log(seed), T0 + 1000 * (seed % 500)] for seed in range(200)]
    program = "return given[1].map(([log, now]) => module.situation(given[0], log, now));"
    pages = in_node("challenge_rules.mjs", program, [payload, cases])
    badges = set()
    for seed, ((log, now), page) in enumerate(zip(cases, pages, strict=True)):
        here = rules.standing(PROBLEMS, log, now)
        mine = (here.run, here.clock, here.points, here.finished, here.badge, here.now, here.begun)
        theirs = (page["run"], page["clock"], page["points"], page["finished"])
        assert mine[:4] == theirs, seed
        assert mine[4] == (page["badge"] or {}).get("name"), seed
        assert mine[5:] == (page["now"], page["begun"]), seed
        assert [p.closed for p in here.places] == [p["closed"] for p in page["places"]], seed
        assert [len(p.answers) for p in here.places] == [len(p["answers"]) for p in page["places"]], seed
        badges.add(here.badge)
    assert len(badges) >= 2


def test_a_run_is_recorded_with_its_badge_and_found_again_by_a_new_kernel(tmp_path, monkeypatch):
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path))
    element = practice.challenge("01")
    for event in solved():
        element.widget.log = [*element.widget.log, event]
    assert element.result.badge == "gold"
    assert "★★★" in str(element.result)
    assert [a.item_id for a in progress.answers(kind="badge")] == ["01-challenge-gold"]
    assert len(progress.answers(kind="challenge")) == 5
    again = practice.challenge("01_the_whole_pipeline")
    assert again.result == element.result
    assert len(again.widget.log) == len(element.log)


def test_forms_and_bad_chapters():
    element = practice.challenge("01")
    assert repr(element) == "Challenge 01: 5 problems. Run the cell to start."
    html = element._repr_html_()
    assert "Nobody has to race" in html
    assert PROBLEMS[0].prompt.split()[0] not in html.split("data-mlc=")[0]
    with pytest.raises(InvalidArgument, match="has no challenge"):
        practice.challenge("00")
