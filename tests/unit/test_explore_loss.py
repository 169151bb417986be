"""The loss playground: NumPy, Keras and the browser agree on every cost; bad arguments; the page."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore import _loss
from tests.node import in_node as run_in_node

NAMES = ["sport", "politics", "science", "music"]
START = {"probabilities": [0.9, 0.2, 0.6, 0.1], "truth": [1, 0, 1, 0]}


def in_node(program, given):
    return run_in_node("explore_loss.mjs", program, given)


def said(after: dict, before: dict, by: str | None) -> str:
    program = "return module.sentence(given.names, given.after, given.before, given.by);"
    return in_node(program, {"names": NAMES, "after": after, "before": before, "by": by})


def test_every_place_of_the_slider_costs_what_numpy_says():
    places = np.array(_loss.STOPS)
    for truth in (0, 1):
        given = {"probabilities": list(places), "truth": [truth] * len(places)}
        made = in_node("return module.costs(given);", given)
        wanted = -np.log(places if truth else 1 - places)
        np.testing.assert_allclose(made["each"], wanted, rtol=1e-9)
        np.testing.assert_allclose(made["pulls"], places - truth, atol=1e-12)
        assert made["sum"] == pytest.approx(wanted.sum())
        assert made["mean"] == pytest.approx(wanted.mean())


def test_the_mean_is_keras_loss():
    import keras

    made = in_node("return module.costs(given);", START)
    keras_says = keras.losses.binary_crossentropy([START["truth"]], [START["probabilities"]])
    assert made["mean"] == pytest.approx(float(keras_says.numpy()[0]), abs=1e-6)
    assert made["dearest"] == 2
    assert made["right"] == 4


def test_half_counts_as_yes_like_in_the_lessons():
    made = in_node("return module.costs(given);", {"probabilities": [0.5, 0.5], "truth": [1, 0]})
    assert made["right"] == 1


def test_the_sentence_tells_what_the_hand_did():
    assert said(START, START, None) == (
        "science costs most, 0.51: it gave the truth only 0.60. The sum is 0.94, the mean 0.24; "
        "4 of 4 answers are right at 0.5."
    )
    lower = {**START, "probabilities": [0.4, 0.2, 0.6, 0.1]}
    assert said(lower, START, "prediction 0") == (
        "Lowering sport from 0.90 to 0.40 changed its cost from 0.11 to 0.92. No other label's cost moved; "
        "the mean went from 0.24 to 0.44. At the threshold 0.5, 3 of 4 answers are right now."
    )
    flipped = {**START, "truth": [1, 1, 1, 0]}
    assert said(flipped, START, "truth 1") == (
        "Now the truth about politics is yes. The prediction stays at 0.20, so it gives the truth 0.20 "
        "and costs 1.61 instead of 0.22."
    )
    assert said(START, lower, "reset").startswith("science costs most")


def test_the_picture_says_what_it_shows():
    text = in_node("return module.picture(given.names, given.now);", {"names": NAMES, "now": START})
    assert "sport, truth yes, prediction 0.90, cost 0.11" in text
    assert "music, truth no, prediction 0.10, cost 0.11" in text


def test_the_page_without_a_kernel_shows_the_start():
    html = explore.loss()._repr_html_()
    plain = re.sub(r"<[^>]+>", " ", html)
    for cost in ("0.11", "0.22", "0.51"):
        assert cost in plain
    assert re.search(r"sum\s+0\.94", plain)
    assert re.search(r"mean \(Keras' loss\)\s+0\.24", plain)
    assert repr(explore.loss()) == "Playground loss: What each prediction costs. Run the cell to play."


def test_arrays_are_taken_and_moved_to_the_nearest_place():
    made = explore.loss(np.array([0.0, 1.0, 0.333]), truth=np.array([1, 0, 1]), class_names=["a", "b", "c"])
    assert made.start == {"probabilities": [0.001, 0.999, 0.33], "truth": [1, 0, 1]}
    assert json.loads(json.dumps(made.start)) == made.start


def test_names_are_escaped():
    html = explore.loss([0.5], [1], ["<b>x</b>"])._repr_html_()
    assert "<b>x" not in html
    assert "&lt;b&gt;x" in html


@pytest.mark.parametrize(
    ("arguments", "error", "part"),
    [
        ({"probabilities": []}, InvalidArgument, "probabilities has 0 numbers"),
        ({"probabilities": [0.5] * 7}, InvalidArgument, "probabilities has 7 numbers"),
        ({"probabilities": 0.5}, InvalidType, "probabilities is 0.5"),
        ({"probabilities": [1.5], "truth": [1]}, InvalidArgument, r"probabilities\[0\]"),
        ({"probabilities": [0.5], "truth": [1, 0]}, InvalidArgument, "truth has 2 numbers"),
        ({"probabilities": [0.5], "truth": [0.5]}, InvalidArgument, "only 0"),
        ({"probabilities": [0.5], "truth": [1], "class_names": "a"}, InvalidType, "class_names"),
        ({"probabilities": [0.5], "truth": [1], "class_names": ["a", "b"]}, InvalidArgument, "class_names"),
        (
            {"probabilities": [0.5, 0.5], "truth": [1, 0], "class_names": ["a", "a"]},
            InvalidArgument,
            "different",
        ),
    ],
)
def test_bad_arguments_are_told(arguments, error, part):
    with pytest.raises(error, match=part):
        explore.loss(**arguments)
