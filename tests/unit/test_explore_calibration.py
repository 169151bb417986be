"""The calibration playground: scikit-learn, plots, Python and browser agree; bad arguments; the page."""

from __future__ import annotations

import re

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore import _calibration
from mlcourse.plots._numbers import reliability
from tests.node import in_node as run_in_node

NAMES = ["healthy", "mildew", "virus"]


def drawn(n: int = 300, factor: float = 2.5):
    """Return classes and logits that are `factor` times too large: the best temperature is near it."""
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 1.6, (n, 3))
    p = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    truth = np.array([rng.choice(3, p=row) for row in p])
    return truth, (factor * honest).round(2)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def in_node(program, given):
    return run_in_node("explore_calibration.mjs", program, given)


def told(made, after: dict, before: dict, by: str | None) -> str:
    given = {
        "data": made.data,
        "after": {**made.start, **after},
        "before": {**made.start, **before},
        "by": by,
    }
    return in_node("return module.sentence(given.data, given.after, given.before, given.by);", given)


@pytest.mark.parametrize("temperature", [0.25, 1.0, 2.0, 2.59, 8.0])
def test_python_browser_scikit_learn_and_the_plots_agree(temperature):
    truth, z = drawn()
    p = softmax(z / temperature)
    mine = _calibration.measured(truth, z, temperature)
    theirs = in_node(
        "return module.measure(given.data, given.t);",
        {"data": explore.calibration(truth, z).data, "t": temperature},
    )
    right, sure = p.argmax(axis=1) == truth, p.max(axis=1)
    kept, promised = calibration_curve(right, sure, n_bins=10)
    full = mine.counts > 0
    np.testing.assert_allclose(mine.kept[full], kept)
    np.testing.assert_allclose(mine.promised[full], promised)
    record = reliability.measure(truth, p, n_bins=10, label=None, class_names=None)
    assert [b["n"] for b in theirs["bins"]] == mine.counts.tolist() == record.counts.tolist()
    assert theirs["ece"] == pytest.approx(mine.ece) == pytest.approx(record.ece)
    brier = ((p - np.eye(3)[truth]) ** 2).sum(axis=1).mean()
    assert theirs["brier"] == pytest.approx(mine.brier) == pytest.approx(brier)
    assert theirs["loss"] == pytest.approx(mine.log_loss) == pytest.approx(log_loss(truth, p))
    assert theirs["accuracy"] == pytest.approx(right.mean())
    assert theirs["mean"] == pytest.approx(sure.mean())
    for price in _calibration.PRICES:
        paid = in_node(
            "return module.bills(module.measure(given.data, given.t), given.price);",
            {"data": explore.calibration(truth, z).data, "t": temperature, "price": price},
        )
        wanted = [(100 * (~right & (sure >= t / 100)) + price * (sure < t / 100)).sum() for t in range(100)]
        assert paid["paid"] == wanted == _calibration.bills(mine, price).tolist()
        assert paid["cheapest"] == int(np.argmin(wanted))


def test_no_temperature_changes_an_answer():
    truth, z = drawn()
    answers = [_calibration.measured(truth, z, t).right for t in _calibration.STOPS]
    assert all(np.array_equal(answers[0], each) for each in answers)


@pytest.mark.parametrize("price", _calibration.PRICES)
def test_at_the_right_temperature_the_formula_costs_hardly_more_than_the_cheapest_threshold(price):
    truth, z = drawn(2000)

    def too_dear(temperature):
        paid = _calibration.bills(_calibration.measured(truth, z, temperature), price)
        return paid[100 - price] / paid.min()

    assert too_dear(2.59) < 1.03
    assert too_dear(1.0) > 1.05


def test_what_is_promised_and_paid_at_a_threshold():
    data = explore.calibration([0, 1, 1], [[2, 0], [2, 0], [0, 0.1]]).data
    found = in_node("return module.at(module.measure(given, 1), 80, 10);", data)
    sure = 1 / (1 + np.exp(-2))
    assert (found["answered"], found["wrong"], found["asked"], found["paid"]) == (2, 1, 1, 110)
    assert found["promised"] == pytest.approx(100 * 2 * (1 - sure) + 10)


def test_the_sentence_tells_what_the_hand_did():
    truth, z = drawn()
    made = explore.calibration(truth, z, NAMES)
    moved = told(made, {"temperature": 2.59}, {}, "temperature")
    assert moved.startswith("Raising the temperature from 1.00 to 2.59 moved the mean sureness from 0.")
    assert "Right answers stay at 0." in moved
    assert told(made, {"temperature": 0.5}, {}, "temperature").startswith(
        "Lowering the temperature from 1.00 to 0.50"
    )
    assert told(made, {"threshold": 50}, {}, "threshold").startswith("From 0.50 on the model answers ")
    assert told(made, {"price": "40"}, {}, "price").startswith(
        "If asking costs 40 % of an error, the formula answers from 0.60 on, and 100 rows cost "
    )
    assert "surer than it is right" in told(made, {}, {}, None)
    assert "less sure than it is right" in told(made, {"temperature": 8.0}, {}, "reset")


def test_a_threshold_that_nothing_reaches_asks_about_every_row():
    made = explore.calibration([0, 1], [[0.1, 0], [0, 0.1]])
    assert "answers 0 % of the rows; it asks about every row" in told(
        made, {"threshold": 99}, {}, "threshold"
    )


def test_the_pictures_are_told_in_words():
    truth, z = drawn()
    data = explore.calibration(truth, z).data
    mine = _calibration.measured(truth, z, 1.0)
    words = in_node("return module.diagram(module.measure(given, 1));", data)
    assert f"ECE {mine.ece:.2f}" in words
    assert words.count("promised") == int((mine.counts > 0).sum())
    now = {"temperature": 1, "threshold": 90, "price": "10"}
    words = in_node(
        "return module.curve(module.measure(given.data, 1), given.now);", {"data": data, "now": now}
    )
    assert f"least at {_calibration.bills(mine, 10).argmin() / 100:.2f}" in words
    assert "The formula's threshold is 0.90." in words


def test_the_page_without_javascript_shows_the_start():
    truth, z = drawn()
    made = explore.calibration(truth, z, NAMES, temperature=2)
    plain = re.sub(r"<[^>]+>", " ", made._repr_html_())
    mine = _calibration.measured(truth, z, 2.0)
    assert f"ECE {mine.ece:.2f}" in plain
    for b in np.flatnonzero(mine.counts):
        assert re.search(rf"{10 * b}–{10 * (b + 1)} %\s+{mine.counts[b]}\s+{mine.promised[b]:.2f}", plain)
    assert repr(made) == "Playground calibration: Turn the temperature. Run the cell to play."


def test_start_values_move_to_the_nearest_stop():
    truth, z = drawn()
    start = explore.calibration(truth, z, temperature=2.05, threshold=0.804).start
    assert start == {"temperature": 2.0, "threshold": 80, "price": "10"}
    assert 1.0 in _calibration.STOPS
    assert len(set(_calibration.STOPS)) == len(_calibration.STOPS)


@pytest.mark.parametrize(
    ("arguments", "error", "part"),
    [
        (([0, 1], [[1, 2]]), InvalidArgument, "y_true has the shape"),
        (([0, 1], [1, 2]), InvalidArgument, "y_true has the shape"),
        (([0, 3], [[1, 2, 0], [0, 1, 2]]), InvalidArgument, "holds class 3"),
        (([0], [[1.0, float("nan")]]), InvalidArgument, "finite"),
        (([0], [[1.0]]), InvalidArgument, "2 to 8 classes"),
        (([0, 1], [[0.9, 0.1], [0.3, 0.7]]), InvalidArgument, "looks like probabilities"),
        ((np.zeros(2001, int), np.zeros((2001, 2))), InvalidArgument, "at most 2000"),
        (([0, 1], [[1, 2], [2, 1]], ["a"]), InvalidArgument, "class_names"),
        (([0, 1], [[1, 2], [2, 1]], "ab"), InvalidType, "class_names"),
    ],
)
def test_bad_arguments_are_told(arguments, error, part):
    with pytest.raises(error, match=part):
        explore.calibration(*arguments)


@pytest.mark.parametrize(
    "given", [{"temperature": 0.1}, {"temperature": 9}, {"threshold": 1}, {"threshold": -0.1}]
)
def test_a_start_beyond_the_sliders_is_told(given):
    with pytest.raises(InvalidArgument, match=next(iter(given))):
        explore.calibration([0, 1], [[1, 2], [2, 1]], **given)


def test_names_are_escaped():
    assert "<b>x" not in explore.calibration([0, 1], [[1, 2], [2, 1]], ["<b>x</b>", "y"])._repr_html_()
