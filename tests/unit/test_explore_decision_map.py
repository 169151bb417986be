"""The map of the whole course: every task has a path, its losses exist, as the browser reads it."""

from __future__ import annotations

import itertools
import re

import pytest

from mlcourse import explore, quiz
from mlcourse._errors import InvalidArgument
from mlcourse.explore._decision_map import PARTS, QUESTIONS, recipe
from mlcourse.quiz._payload import decode
from tests.node import in_node

NAMES = list(QUESTIONS)
EVERY = [
    dict(zip(NAMES, values, strict=True))
    for values in itertools.product(*(QUESTIONS[name][1] for name in NAMES))
]


def test_every_task_has_a_path_and_the_browser_reads_the_same():
    parts = decode(explore.decision_map().payload)["data"]["parts"]
    program = "return given.every.map((choices) => module.recipe(given.parts, choices));"
    theirs = in_node("explore_decision_map.mjs", program, {"parts": parts, "every": EVERY})
    for choices, path in zip(EVERY, theirs, strict=True):
        assert [tuple(part[k] for k in ("step", "use", "why", "lesson")) for part in path] == recipe(choices)
    assert len(EVERY) == 48


def test_no_text_of_the_map_is_out_of_reach():
    reached = {(step, use) for choices in EVERY for step, use, _, _ in recipe(choices)}
    assert reached == {(step, use) for step, _, texts in PARTS for use, _, _ in texts.values()}


def test_the_map_says_what_the_course_says():
    def steps(**choices):
        start = dict.fromkeys(NAMES) | {
            "answers": "one",
            "truth": "number",
            "rare": "no",
            "costs": "same",
            "use": "decide",
        }
        return {step: use for step, use, _, _ in recipe(start | choices)}

    assert steps()["Loss"] == "sparse_categorical_crossentropy"
    assert steps(truth="row")["Loss"] == "categorical_crossentropy"
    many = steps(answers="many", truth="row", costs="miss")
    assert (many["Output layer"], many["Loss"]) == ("sigmoid, one unit a label", "binary_crossentropy")
    assert "below 0.5" in many["Decision"]
    # What an error costs changes the decision and nothing else: nothing is trained anew.
    changed = {k for k, v in steps(costs="miss").items() if v != steps()[k]}
    assert changed == {"Decision"}


def test_every_loss_of_the_map_is_one_of_keras():
    import keras

    for choices in EVERY:
        for name in re.findall(r"\w+_crossentropy", {s: u for s, u, _, _ in recipe(choices)}["Loss"]):
            assert keras.losses.get(name)


def test_every_lesson_of_the_map_is_a_lesson_of_the_course():
    lessons = {f"{i:02d}" for i in range(1, 16)}
    assert {lesson for _, _, texts in PARTS for _, _, lesson in texts.values()} <= lessons
    assert {name[:2] for name in quiz.names()} <= lessons | {"00", "16"}


def test_the_sentence_says_what_changed():
    parts = decode(explore.decision_map().payload)["data"]["parts"]
    program = "return [given.b, given.a].map((before) => module.sentence(given.parts, given.a, before));"
    one = EVERY[0]
    told, nothing = in_node(
        "explore_decision_map.mjs", program, {"parts": parts, "a": one | {"costs": "miss"}, "b": one}
    )
    assert told == "1 of 6 steps changes. Decision: the least expected cost."
    assert nothing == "Nothing changes on the path."


def test_without_javascript_the_path_is_a_table():
    html = explore.decision_map("many", "row")._repr_html_()
    visible = re.sub(r'data-mlc="[^"]*"', "", html)
    assert "binary_crossentropy" in visible
    assert "any number, or none" in visible


def test_an_unknown_choice_is_told():
    with pytest.raises(InvalidArgument, match="answers is 'two'"):
        explore.decision_map("two")
