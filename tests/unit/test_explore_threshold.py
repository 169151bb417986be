"""The threshold playground: scikit-learn, Python and the browser agree; bad arguments; the page."""

from __future__ import annotations

import re

import numpy as np
import pytest
from sklearn import metrics

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore import _threshold
from tests.node import in_node as run_in_node

NAMES = ["sport", "politics", "music"]


def drawn(n: int = 200):
    rng = np.random.default_rng(0)
    truth = (rng.random((n, 3)) < [0.5, 0.3, 0.05]).astype(int)
    return truth, 1 / (1 + np.exp(-rng.normal(2.0 * truth - 1, 1)))


def in_node(program, given):
    return run_in_node("explore_threshold.mjs", program, given)


def told(made, after: dict, before: dict, by: str | None) -> str:
    given = {
        "data": made.data,
        "after": {**made.start, **after},
        "before": {**made.start, **before},
        "by": by,
    }
    return in_node("return module.sentence(given.data, given.after, given.before, given.by);", given)


def test_every_place_of_the_slider_says_what_scikit_learn_says_of_the_uncut_probabilities():
    truth, prob = drawn()
    data = explore.threshold(truth, prob, NAMES).data
    program = "return Array.from({ length: 101 }, (_, t) => module.measure(given, t));"
    for percent, made in enumerate(in_node(program, data)):
        said = (prob >= percent / 100).astype(int)
        for k in range(3):
            tn, fp, fn, tp = metrics.confusion_matrix(truth[:, k], said[:, k], labels=[0, 1]).ravel()
            assert made["counts"][k] == {"tp": tp, "fp": fp, "fn": fn, "tn": tn}
        for average in ("macro", "micro"):
            wanted = metrics.precision_recall_fscore_support(truth, said, average=average, zero_division=0)
            assert list(made[average].values()) == pytest.approx(wanted[:3])


def test_borders_stay_on_their_side():
    # 0.29 * 100 is 28.999999999999996; a probability of exactly 0.29 is a yes at 0.29.
    assert _threshold.percents(np.array([0.29, 0.57, 1.0, 0.0, 0.4999])).tolist() == [29, 57, 100, 0, 49]
    exact = np.arange(101) / 100
    assert _threshold.percents(exact).tolist() == list(range(101))


def test_the_table_of_the_page_is_scikit_learns():
    truth, prob = drawn()
    plain = re.sub(r"<[^>]+>", " ", explore.threshold(truth, prob, NAMES)._repr_html_())
    said = prob >= 0.5
    for average in ("macro", "micro"):
        wanted = metrics.precision_recall_fscore_support(truth, said, average=average, zero_division=0)[:3]
        assert re.search(rf"{average}: [^%]*?" + r"\s+".join(f"{v:.2f}" for v in wanted), plain)
    for k, name in enumerate(NAMES):
        assert re.search(rf"{name}\s+{np.sum((truth[:, k] == 1) & said[:, k])}\s", plain)


def test_the_rarest_label_is_shown_first_unless_another_is_named():
    truth, prob = drawn()
    assert explore.threshold(truth, prob, NAMES).start == {"threshold": 50, "shown": "music"}
    assert explore.threshold(truth, prob, NAMES, label=0, threshold=0.3).start == {
        "threshold": 30,
        "shown": "sport",
    }
    assert explore.threshold(truth, prob, NAMES, label="politics").start["shown"] == "politics"


def test_the_sentence_tells_what_the_hand_did():
    made = explore.threshold([1, 1, 0, 0], [0.9, 0.4, 0.35, 0.1], ["music"])
    assert told(made, {"threshold": 30}, {}, "threshold") == (
        "Lowering the threshold from 0.50 to 0.30 for music finds 1 more and gives 1 false alarm more. "
        "That moves precision from 1.00 to 0.67, recall from 0.50 to 1.00, F1 from 0.67 to 0.80."
    )
    assert told(made, {"threshold": 95}, {}, "threshold").startswith(
        "Raising the threshold from 0.50 to 0.95 for music loses 1 and avoids 0 false alarms."
    )
    assert told(made, {}, {}, None) == (
        "At the threshold 0.50, music: 1 yes, 1 of them true; 1 miss. "
        "That is precision 1.00, recall 0.50, F1 0.67."
    )
    assert "nothing is said, so precision is 0/0" in told(made, {"threshold": 100}, {}, "shown")


def test_the_averages_are_spoken_of_as_such():
    truth, prob = drawn()
    made = explore.threshold(truth, prob, NAMES)
    assert told(made, {"shown": "macro"}, {}, "shown").startswith(
        "At the threshold 0.50 the mean over the labels"
    )
    assert "all labels in one pot" in told(made, {"shown": "micro"}, {}, "shown")
    moved = told(made, {"shown": "macro", "threshold": 20}, {"shown": "macro"}, "threshold")
    assert moved.startswith("Lowering the threshold from 0.50 to 0.20 moved the mean precision from")


def test_the_picture_says_where_f1_is_highest():
    truth, prob = drawn()
    made = explore.threshold(truth, prob, NAMES)
    program = """
const all = Array.from({ length: 101 }, (_, t) => module.measure(given.data, t));
const curve = all.map((each) => module.of(given.data.names, each, "music").scores);
return module.picture(given.data.names, curve, given.now);"""
    text = in_node(program, {"data": made.data, "now": made.start})
    f1 = [metrics.f1_score(truth[:, 2], prob[:, 2] >= t / 100, zero_division=0) for t in range(101)]
    assert f"F1 is highest at {np.argmax(f1) / 100:.2f}, with {max(f1):.2f}." in text


def test_one_label_has_no_averages():
    html = explore.threshold([1, 0], [0.7, 0.2])._repr_html_()
    assert "macro" not in re.sub(r'data-mlc="[^"]*"', "", html)
    assert repr(explore.threshold([1, 0], [0.7, 0.2])) == (
        "Playground threshold: Move the threshold. Run the cell to play."
    )


def test_names_are_escaped():
    html = explore.threshold([1, 0], [0.7, 0.2], ["<b>x</b>"])._repr_html_()
    assert "<b>x" not in html
    assert "&lt;b&gt;x" in html


@pytest.mark.parametrize(
    ("arguments", "error", "part"),
    [
        (([1, 0], [0.5]), InvalidArgument, "y_true has shape"),
        (([1, 2], [0.5, 0.5]), InvalidArgument, "must be 0"),
        (([1, 0], [1.5, 0.5]), InvalidArgument, "probabilities lie from 0 to 1"),
        (([], []), InvalidArgument, "empty"),
        ((np.ones((2, 9)), np.ones((2, 9))), InvalidArgument, "at most"),
        ((np.ones(5001), np.ones(5001)), InvalidArgument, "at most"),
        (([1, 0], [0.5, 0.5], ["a", "b"]), InvalidArgument, "class_names"),
        (([[1, 0]], [[0.5, 0.5]], ["a", "a"]), InvalidArgument, "different"),
        (([[1, 0]], [[0.5, 0.5]], ["a", "macro"]), InvalidArgument, "different"),
        (([1, 0], [0.5, 0.5], "a"), InvalidType, "class_names"),
    ],
)
def test_bad_arguments_are_told(arguments, error, part):
    with pytest.raises(error, match=part):
        explore.threshold(*arguments)


def test_a_threshold_or_label_that_is_none_is_told():
    with pytest.raises(InvalidArgument, match="threshold"):
        explore.threshold([1, 0], [0.7, 0.2], threshold=1.5)
    with pytest.raises(InvalidArgument, match="label"):
        explore.threshold([1, 0], [0.7, 0.2], ["a"], label="b")
