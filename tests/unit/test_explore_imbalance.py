"""The imbalance playground: NumPy and the browser train the same network; what the remedies promise holds."""

from __future__ import annotations

import json
import re
from functools import cache

import numpy as np
import pytest

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore import _imbalance
from tests.node import in_node as run_in_node

# Every playground and every figure trains a network; what several tests ask for is trained once.
measured = cache(_imbalance.measured)
started = cache(explore.imbalance)


def in_node(program, **given):
    return run_in_node("explore_imbalance.mjs", program, {"data": started().data, **given})


@pytest.mark.parametrize("remedy", _imbalance.REMEDIES)
def test_the_browser_measures_what_numpy_measures(remedy):
    for strength in (0.3, 1.0):
        made = in_node(
            "return module.measure(given.data, given.now);", now={"remedy": remedy, "strength": strength}
        )
        wanted = measured(remedy, strength)
        assert made["table"] == wanted["table"].tolist()
        for key in ("recall", "precision", "accuracy", "balanced", "f1", "cost", "rows"):
            np.testing.assert_allclose(made[key], wanted[key], rtol=1e-9)


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_the_browser_trains_the_same_weights(gamma):
    (tenths, y), _ = _imbalance.items()
    weights = _imbalance.row_weights(y, "weights", 0.7)
    made = in_node(
        "const { data } = given;"
        "const known = module.unpack(data.X, data.y);"
        "const weights = module.rowWeights(known.y, 4, 'weights', 0.7);"
        "return module.train(known, 4, weights, given.gamma, data);",
        gamma=gamma,
    )
    np.testing.assert_allclose(
        np.array(made).T, _imbalance.trained(tenths / 10, y, weights, gamma), atol=1e-8
    )


def test_plain_training_is_logistic_regression():
    from sklearn.linear_model import LogisticRegression

    (tenths, y), (new, _) = _imbalance.items()
    W = _imbalance.trained(tenths / 10, y, np.ones(len(y)))
    known = LogisticRegression(C=1e6, max_iter=1000).fit(tenths / 10, y)
    ours = (np.column_stack([new / 10, np.ones(len(new))]) @ W).argmax(axis=1)
    assert np.mean(ours == known.predict(new / 10)) > 0.99


def test_the_figures_are_scikit_learns():
    from sklearn.metrics import balanced_accuracy_score, f1_score, precision_score, recall_score

    made = measured("weights", 0.5)
    truth = np.repeat(np.arange(4), made["table"].sum(axis=1))
    decided = np.concatenate([np.repeat(np.arange(4), line) for line in made["table"]])
    np.testing.assert_allclose(made["recall"], recall_score(truth, decided, average=None))
    np.testing.assert_allclose(
        made["precision"], precision_score(truth, decided, average=None, zero_division=0)
    )
    assert made["f1"] == pytest.approx(f1_score(truth, decided, average="macro"))
    assert made["balanced"] == pytest.approx(balanced_accuracy_score(truth, decided))


def test_keras_focal_loss_has_the_same_slope():
    import keras
    import tensorflow as tf

    z = np.array([[0.3, -1.0, 2.0, 0.1]])
    logits = tf.Variable(z)
    focal = keras.losses.CategoricalFocalCrossentropy(alpha=1.0, gamma=2.0)
    with tf.GradientTape() as tape:
        loss = focal(np.eye(4)[[1]], tf.nn.softmax(logits))
    P = _imbalance._softmax(z)
    p = P[0, 1]
    slope = 2 * p * (1 - p) * np.log(p) - (1 - p) ** 2
    np.testing.assert_allclose(tape.gradient(loss, logits).numpy(), slope * (np.eye(4)[[1]] - P), atol=1e-6)


def test_what_the_lesson_says_of_the_remedies():
    plain = measured("weights", 0.0)
    for remedy in ("weights", "over", "under", "moved"):
        made = measured(remedy, 1.0)
        assert made["recall"][3] > plain["recall"][3] + 0.2
        assert made["recall"][0] < plain["recall"][0] - 0.1
        assert made["cost"] < plain["cost"]
    assert abs(measured("focal", 1.0)["recall"][3] - plain["recall"][3]) < 0.2


def test_copies_and_rows_left_out():
    y = np.repeat([0, 1, 2], [10, 4, 3])
    assert _imbalance.row_weights(y, "over", 1.0).tolist() == [1] * 10 + [3, 3, 2, 2] + [4, 3, 3]
    assert np.bincount(y, _imbalance.row_weights(y, "under", 1.0)).tolist() == [3, 3, 3]
    assert np.bincount(y, _imbalance.row_weights(y, "weights", 1.0)) == pytest.approx([17 / 3] * 3)
    assert _imbalance.row_weights(y, "over", 0.0).tolist() == [1] * 17


def said(remedy: str, strength: float) -> str:
    return in_node(
        "const plain = module.measure(given.data, { remedy: 'weights', strength: 0 });"
        "return module.sentence(given.data, given.now, module.measure(given.data, given.now), plain);",
        now={"remedy": remedy, "strength": strength},
    )


def test_the_sentence_tells_who_gains_and_who_pays():
    plain, made = measured("weights", 0.0), measured("under", 1.0)
    found, before = made["table"][3, 3], plain["table"][3, 3]
    sentence = said("under", 1.0)
    assert sentence.startswith(f"Undersampling at 100 %: {found} of 30 batteries found instead of {before}, ")
    assert f"Of {made['table'][:, 3].sum()} battery alarms {found} are right." in sentence
    assert sentence.endswith("It learned from 64 of 800 items.")
    assert said("focal", 0.0).startswith(f"Without any remedy {before} of 30 batteries are found")


def test_the_picture_says_how_much_room_each_kind_has():
    text = in_node(
        "return module.picture(given.data.kinds, module.regions(([a, b]) => (a < 1.25 ? 0 : 3), 10));"
    )
    assert "paper 50 %, plastic 0 %, glass 0 %, battery 50 %" in text


def test_the_page_without_a_kernel_shows_the_start():
    plain = re.sub(r"<[^>]+>", " ", started("moved", 1.0)._repr_html_())
    assert "moved decision, strength 100 %" in plain
    made = measured("moved", 1.0)
    assert f"{made['recall'][3]:.2f}" in plain
    assert f"{made['cost']:.0f}" in plain
    assert repr(started()) == "Playground imbalance: Who gains, who pays. Run the cell to play."


def test_start_can_be_written_as_json():
    made = explore.imbalance("over", 0.34)
    assert made.start == {"remedy": "over", "strength": 0.3}
    assert json.loads(json.dumps(made.data))["y"].count("3") == 16


@pytest.mark.parametrize(
    ("arguments", "error", "part"),
    [
        ({"remedy": "smote"}, InvalidArgument, "remedy"),
        ({"remedy": 3}, InvalidType, "remedy is 3"),
        ({"strength": 1.5}, InvalidArgument, "strength"),
        ({"strength": "much"}, InvalidType, "strength"),
    ],
)
def test_bad_arguments_are_told(arguments, error, part):
    with pytest.raises(error, match=part):
        explore.imbalance(**arguments)
