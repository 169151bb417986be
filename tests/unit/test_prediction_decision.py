"""From outputs to labels: the rule, the reason, the words; on models whose outputs are set by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mlcourse import trace

import keras  # isort: skip

layers = keras.layers
losses = keras.losses


def answering(outputs, *, activation=None, loss=None, head=None):
    """Return a model that answers `outputs` before its activation, whatever it is given."""
    out = layers.Dense(len(outputs), activation=activation, kernel_initializer="zeros", name="out")
    model = keras.Sequential([keras.Input((2,)), out, *([head] if head else [])])
    out.set_weights([np.zeros((2, len(outputs))), np.array(outputs, dtype="float32")])
    if loss is not None:
        model.compile("sgd", loss)
    return model


def logit(*probabilities):
    p = np.array(probabilities)
    return np.log(p / (1 - p))


def decided(model, **options):
    return trace.prediction(model, [0.0, 0.0], **options).decision


@pytest.mark.parametrize(
    ("p", "threshold", "labels", "text"),
    [
        ((0.9, 0.47, 0.8), 0.5, (0, 2), "threshold 0.5: labels 0 and 2 on; label 1 missed by 0.03"),
        ((0.9, 0.2, 0.1), 0.5, (0,), "threshold 0.5: label 0 on"),
        ((0.3, 0.2, 0.1), 0.5, (), "threshold 0.5: no label on; label 0 missed by 0.20"),
        ((0.3, 0.2, 0.1), 0.25, (0,), "threshold 0.25: label 0 on; label 1 missed by 0.05"),
        ((0.9, 0.499, 0.8), 0.5, (0, 2),
         "threshold 0.5: labels 0 and 2 on; label 1 missed by less than 0.01"),
        ((0.9, 0.6, 0.8), [0.5, 0.65, 0.9], (0,),
         "thresholds 0.5, 0.65 and 0.9: label 0 on; label 1 missed by 0.05 and label 2 missed by 0.10"),
        ((0.9, 0.6, 0.8), 0, (0, 1, 2), "threshold 0: labels 0, 1 and 2 on"),
    ],
)  # fmt: skip
def test_labels_above_their_threshold(p, threshold, labels, text):
    decision = decided(answering(logit(*p), activation="sigmoid"), threshold=threshold)
    assert (decision.rule, decision.labels, decision.text) == ("threshold", labels, text)
    np.testing.assert_allclose(decision.probabilities, p, atol=1e-6)


def test_a_probability_at_the_threshold_is_on():
    assert decided(answering([0.0, -1.0], activation="sigmoid")).labels == (0,)


def test_labels_by_name():
    decision = decided(
        answering(logit(0.9, 0.45, 0.8), activation="sigmoid"), class_names=["war", "love", "art"]
    )
    assert decision.text == "threshold 0.5: war and art on; love missed by 0.05"
    assert decision.names == ("war", "love", "art")
    assert decision.margin == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize("apart", [None, layers.Activation("softmax"), layers.Softmax()])
def test_the_highest_probability_wins(apart):
    logits = np.log([0.2, 0.5, 0.3])
    model = answering(logits, activation=None if apart else "softmax", head=apart)
    decision = decided(model)
    assert decision.text == "argmax: class 1 wins with probability 0.50, 0.20 ahead of class 2 (0.30)"
    assert (decision.labels, decision.runner_up, decision.applied) == ((1,), 2, None)
    assert decision.margin == pytest.approx(0.2, abs=1e-6)
    assert decision.notes == ()


def test_softmax_by_name_and_close():
    decision = decided(
        answering(np.log([0.2, 0.399, 0.401]), activation="softmax"), class_names=["a", "b", "c"]
    )
    assert decision.text == "argmax: c wins with probability 0.40, less than 0.01 ahead of b (0.40)"
    level = decided(answering([1.0, 0.0, 1.0], activation="softmax"))
    assert level.labels == (0,)
    assert "level with class 2: of equals the first is taken" in level.text


@pytest.mark.parametrize(
    ("p", "names", "labels", "text"),
    [
        (0.83, None, (1,), "threshold 0.5: probability 0.83 of class 1 reaches it, so class 1"),
        (0.46, None, (0,), "threshold 0.5: probability 0.46 of class 1 misses it by 0.04, so class 0"),
        (0.83, ["ham", "spam"], (1,), "threshold 0.5: probability 0.83 of spam reaches it, so spam"),
        (0.83, ["spam"], (0,), "threshold 0.5: spam on"),
        (0.46, ["spam"], (), "threshold 0.5: no label on; spam missed by 0.04"),
    ],
)
def test_one_sigmoid_unit(p, names, labels, text):
    decision = decided(answering(logit(p), activation="sigmoid"), class_names=names)
    assert (decision.labels, decision.text) == (labels, text)


@pytest.mark.parametrize(
    ("loss", "applied", "labels"),
    [
        (losses.SparseCategoricalCrossentropy(from_logits=True), "softmax", (1,)),
        (losses.CategoricalCrossentropy(from_logits=True), "softmax", (1,)),
        (losses.BinaryCrossentropy(from_logits=True), "sigmoid", (1, 2)),
        (losses.BinaryFocalCrossentropy(from_logits=True), "sigmoid", (1, 2)),
    ],
)
def test_logits_are_read_as_the_loss_says(loss, applied, labels):
    decision = decided(answering([-1.0, 2.0, 1.0], loss=loss))
    assert (decision.applied, decision.labels, decision.notes) == (applied, labels, ())
    assert "from_logits=True" in decision.why
    assert f"the trace applied {applied}" in decision.why
    e = np.exp([-1.0, 2.0, 1.0])
    np.testing.assert_allclose(
        decision.probabilities, e / e.sum() if applied == "softmax" else e / (1 + e), rtol=1e-6
    )


def test_huge_logits_do_not_overflow():
    loss = losses.BinaryCrossentropy(from_logits=True)
    np.testing.assert_array_equal(decided(answering([-2000.0, 2000.0], loss=loss)).probabilities, [0, 1])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    np.testing.assert_array_equal(decided(answering([-2000.0, 2000.0], loss=loss)).probabilities, [0, 1])


def test_logits_that_nothing_tells_about():
    decision = decided(answering([-1.0, 2.0, 1.0]))
    assert decision.labels == (1,)
    assert "not compiled" in decision.why
    assert "assumption" in decision.notes[0]


@pytest.mark.parametrize("loss", ["categorical_crossentropy", losses.sparse_categorical_crossentropy])
def test_raw_numbers_for_a_loss_that_wants_probabilities(loss):
    decision = decided(answering([-1.0, 2.0, 1.0], loss=loss))
    assert decision.labels == (1,)
    assert "end the model with softmax, or compile with from_logits=True" in decision.notes[0]


@pytest.mark.parametrize(
    ("activation", "loss", "labels", "note"),
    [
        ("softmax", losses.CategoricalCrossentropy(from_logits=True), (1,), "applied twice"),
        ("softmax", "binary_crossentropy", (1,), "for several labels at once the last layer needs sigmoid"),
        ("sigmoid", "categorical_crossentropy", (1,), "should end with softmax"),
        ("sigmoid", losses.BinaryCrossentropy(from_logits=True), (1, 2), "applied twice"),
    ],
)
def test_activation_and_loss_that_do_not_fit(activation, loss, labels, note):
    decision = decided(answering([-1.0, 2.0, 1.0], activation=activation, loss=loss))
    assert decision.labels == labels
    assert note in decision.notes[0]


def test_softmax_over_one_unit():
    decision = decided(answering([-3.0], activation="softmax"))
    assert decision.labels == (0,)
    assert "always 1" in decision.notes[0]


def test_regression_and_hinge():
    decision = decided(answering([3.5], loss="mse"))
    assert (decision.labels, decision.rule, decision.probabilities) == ((), "none", None)
    assert "this output is a number" in decision.text
    decision = decided(answering([-0.4], loss="hinge"))
    assert (decision.labels, decision.rule) == ((0,), "sign")
    decision = decided(answering([-0.4, 1.5], loss=losses.CategoricalHinge()))
    assert decision.text == "argmax: class 1 wins with score 1.50, 1.90 ahead of class 0 (-0.40)"


def test_a_threshold_where_none_is_used():
    decision = decided(answering([-1.0, 2.0], activation="softmax"), threshold=0.7)
    assert decision.labels == (1,)
    assert "threshold given is not used" in decision.notes[0]


@pytest.mark.parametrize(("p", "labels"), [((0.2, 0.5, 0.3), (1,)), ((0.9, 0.8, 0.1), (0, 1))])
def test_a_function_of_ones_own_is_read_by_its_numbers(p, labels):
    decision = decided(answering(p, activation=lambda x: x * 1.0))
    assert decision.labels == labels
    assert "does not say which function it ends with, but its numbers" in decision.why


def test_a_decision_at_every_step():
    model = keras.Sequential([keras.Input((3, 2)), layers.Softmax()])
    decision = trace.prediction(model, [[0, 1], [2, 0], [0, 5]]).decision
    assert decision.labels == (1, 0, 1)
    assert decision.text == "argmax at each of 3 places: class 1 at 2 and class 0 at 1"
    model = keras.Sequential([keras.Input((3, 2)), layers.Activation("sigmoid")])
    decision = trace.prediction(model, [[-1, 1], [2, -2], [-3, -5]]).decision
    assert decision.labels == ((0, 1), (1, 0))
    assert decision.text == "threshold 0.5: 2 of 6 values are on"


def test_each_output_has_its_own_decision():
    x = keras.Input((2,))
    genre = layers.Dense(3, activation="softmax", name="genre")(x)
    tags = layers.Dense(2, name="tags")(x)
    model = keras.Model(x, [genre, tags])
    model.compile(
        "sgd", {"genre": "categorical_crossentropy", "tags": losses.BinaryCrossentropy(from_logits=True)}
    )
    traced = trace.prediction(
        model,
        [0.0, 0.0],
        class_names={"genre": ["pop", "jazz", "folk"], "tags": ["loud", "slow"]},
        threshold={"tags": [0.6, 0.4]},
    )
    one, other = traced.decisions
    assert traced.decision is one
    assert (one.rule, one.names, one.output) == ("argmax", ("pop", "jazz", "folk"), "genre")
    assert one.text.startswith("genre: argmax: pop wins")
    assert (other.rule, other.applied, other.labels) == ("threshold", "sigmoid", (1,))
    assert other.text == "tags: thresholds 0.6 and 0.4: slow on; loud missed by 0.10"


@pytest.mark.parametrize("activation", ["softmax", "sigmoid", None])
def test_nothing_is_decided_on_nan(activation):
    model = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(3, name="hidden"),
            layers.Dense(2, activation=activation, name="out"),
        ]
    )
    model.get_layer("hidden").set_weights([np.full((2, 3), np.nan), np.zeros(3)])
    traced = trace.prediction(model, [0.5, 0.5])
    assert traced.decision.labels == ()
    assert "NaN first appears in 'hidden'" in traced.decision.text
    assert "lower learning rate" in str(traced)
    assert "NaN" in traced._repr_html_()


def test_outputs_given_as_a_dict_go_by_its_keys():
    x = keras.Input((2,))
    outputs = {
        "topic": layers.Dense(3, activation="softmax", name="d1")(x),
        "mood": layers.Dense(2, activation="sigmoid", name="d2")(x),
    }
    traced = trace.prediction(keras.Model(x, outputs), [0.0, 0.0], threshold={"mood": 0.9})
    texts = {decision.output: decision.text for decision in traced.decisions}
    assert texts["d1"].startswith("topic: argmax")
    assert texts["d2"].startswith("mood: threshold 0.9: no label on")


def test_whole_numbers_and_text_are_no_probabilities():
    lookup = layers.StringLookup(vocabulary=["a", "b"])
    decision = trace.prediction(keras.Sequential([keras.Input((1,), dtype="string"), lookup]), "b").decision
    assert (decision.labels, decision.rule) == ((), "none")
    assert "whole numbers" in decision.text


def test_a_thousand_small_probabilities():
    decision = decided(answering([0.1, *([0.0] * 999)], activation="softmax"))
    assert decision.text == (
        "argmax: class 0 wins with probability below 0.01, less than 0.01 ahead of class 1 (below 0.01)"
    )
