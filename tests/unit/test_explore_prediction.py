"""The prediction playground: NumPy, Keras and the browser agree on every layer; the words; the page."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore import _prediction
from tests.node import in_node as run_in_node

WORDS = ["vote", "song", "band"]
TAGS = ["politics", "music"]
COUNTS = [[17, 23, 5], [0, 30, 40], [0, 0, 0]]
TRUTH = [[1, 0], [0, 1], [0, 0]]
W1 = np.array([[0.1, 0.6, -0.5, 0.3], [1.5, -0.8, -0.5, -0.1], [0.9, 0.9, 0.4, -1.4]])
B1 = np.array([0.2, 0.3, -0.3, 0.2])
W2 = np.array([[0.9, 1.4], [-0.4, -0.6], [-0.5, -1.4], [1.2, -1.7]])
B2 = np.array([-0.7, 0.2])


def keras_model(activation="sigmoid"):
    import keras

    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(4, activation="relu"),
            keras.layers.Dense(2, activation=activation),
        ]
    )
    model.set_weights([W1, B1, W2, B2])
    return model


@pytest.fixture(scope="module")
def nets():
    return {"tags": keras_model(), "section": keras_model("softmax")}


@pytest.fixture(scope="module")
def play(nets):
    return make(nets)


def make(models, **changed):
    given = {"feature_names": WORDS, "class_names": TAGS, "sample_names": ["campaign", "concert", "empty"]}
    given |= {"divide_by": 10, "X": COUNTS, "Y": TRUTH} | changed
    return explore.prediction(models, given.pop("X"), given.pop("Y"), **given)


def in_node(program, given):
    return run_in_node("explore_prediction.mjs", program, given)


def rows():
    rng = np.random.default_rng(7)
    return np.vstack([np.array(COUNTS) / 10, rng.uniform(0, 4, (30, 3)).round(1)])


@pytest.mark.parametrize("name", ["tags", "section"])
def test_keras_numpy_and_the_browser_make_the_same_of_each_layer(nets, play, name):
    X = rows()
    net = next(n for n in play.data["nets"] if n["name"] == name)
    made = in_node("return given.X.map((x) => module.forward(given.net, x));", {"net": net, "X": X.tolist()})
    np.testing.assert_allclose(
        [row["p"] for row in made], nets[name].predict(X, verbose=0), atol=1e-5, rtol=1e-5
    )
    for x, row in zip(X, made, strict=True):
        ours = _prediction.forward(net, x)
        for key, values in row.items():
            np.testing.assert_allclose(values, ours[key], atol=1e-12)


def test_contributions_are_gradient_times_input_and_add_up_to_the_logit(play):
    import tensorflow as tf

    net = play.data["nets"][0]
    X = rows()
    program = "return given.X.map((x) => [0, 1].map((k) => module.contributions(given.net, x, k)));"
    made = in_node(program, {"net": net, "X": X.tolist()})
    for x, both in zip(X, made, strict=True):
        given = tf.Variable(x[None], dtype="float32")
        with tf.GradientTape() as tape:
            logits = tf.nn.relu(given @ W1.astype("float32") + B1) @ W2.astype("float32") + B2
        slopes = tape.jacobian(logits, given).numpy()[0, :, 0]
        for k, part in enumerate(both):
            np.testing.assert_allclose(part["inputs"], slopes[k] * x, atol=1e-5)
            np.testing.assert_allclose(part["inputs"], _prediction.contributions(net, x)[:, k], atol=1e-12)
            logit = _prediction.forward(net, x)["logits"][k]
            assert sum(part["inputs"]) + part["biases"] == pytest.approx(logit, abs=1e-9)


def test_the_trace_of_the_course_shows_the_same_numbers(nets, play):
    from mlcourse import trace

    traced = trace.prediction(nets["tags"], np.array(COUNTS[0]) / 10, class_names=TAGS)
    made = _prediction.forward(play.data["nets"][0], np.array(COUNTS[0]) / 10)
    np.testing.assert_allclose(traced.layers[-1].values, made["p"], atol=1e-6)
    assert set(traced.decision.labels) == set(_prediction.answers(play.data["nets"][0], made["p"], 0.5))


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 1.0])
def test_answers_reach_the_threshold_or_are_the_largest_share(play, threshold):
    program = "return given.P.map((p) => module.answers(given.net, p, given.t));"
    for net in play.data["nets"]:
        P = [_prediction.forward(net, x)["p"].tolist() for x in rows()]
        in_browser = in_node(program, {"net": net, "P": P, "t": threshold})
        for p, answered in zip(P, in_browser, strict=True):
            soft = net["kind"] == "softmax"
            assert answered == ([int(np.argmax(p))] if soft else [k for k in (0, 1) if p[k] >= threshold])
            assert answered == _prediction.answers(net, np.array(p), threshold)


def said(play, change, before=None, by=None):
    start = {**play.start, **(before or {})}
    program = "return module.sentence(given.data, given.after, given.before, given.by);"
    return in_node(program, {"data": play.data, "after": {**start, **change}, "before": start, "by": by})


def test_the_sentence_tells_what_the_hand_did(play):
    assert said(play, {}) == (
        "In “campaign”, the network “tags” answers: politics and music; the truth is: politics. "
        "Nearest to the threshold is politics, at 0.96."
    )
    fewer = said(play, {"counts": [17, 0, 5]}, by="count 1")
    assert fewer.startswith("Lowering song from 23 to 0 moved the logit of music by −")
    assert "It switched unit 2 on and unit 4 on." in fewer
    assert "The answer changed from politics and music to music." in fewer
    assert said(play, {"threshold": 0.99}, by="threshold") == (
        "With the threshold 0.99 the answer is now: music. No sum, no logit and no probability moved."
    )
    assert "the threshold is not used" in said(
        play, {"network": 1, "threshold": 0.9}, {"network": 1}, "threshold"
    )
    explained = said(play, {"explain": 0}, by="explain")
    assert explained.startswith("The logit of politics is 3.")
    assert "What pushed it most: song +" in explained
    assert "the truth of the unchanged text was: politics" in said(play, {"counts": [1, 2, 3]}, by="undo")


def test_the_page_reads_without_script(play):
    html = play._repr_html_()
    assert "Run this cell to play." in html
    assert html.count("<table>") == 3
    made = _prediction.forward(play.data["nets"][0], np.array(COUNTS[0]) / 10)
    for value in (*made["sums"], *made["logits"], *made["p"]):
        assert f"{value:.2f}" in html
    assert "0, off" in html
    assert repr(play).startswith("Playground prediction")


def test_names_are_escaped(nets):
    names = ["<script>", "b", "c"]
    html = make(nets, feature_names=names, sample_names=names, class_names=["<i>", "x"])._repr_html_()
    assert "<script>" not in html
    assert "<i>" not in html


def test_one_network_alone_and_the_label_to_explain(nets):
    alone = make(nets["tags"], explain="politics", sample_names=None)
    assert [net["name"] for net in alone.data["nets"]] == ["network"]
    assert alone.start["explain"] == 0
    assert alone.data["samples"][2]["name"] == "sample 3"


def dense(units, activation="relu", kind="Dense"):
    made = type(kind, (SimpleNamespace,), {})
    weights = [np.zeros((3, units)), np.zeros(units)]
    return made(activation=SimpleNamespace(__name__=activation), get_weights=lambda: weights)


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([], "no layers"),
        ([dense(4)], "Dense (relu)"),
        ([dense(4, "tanh"), dense(2, "sigmoid")], "Dense (tanh) and Dense (sigmoid)"),
        ([dense(4), dense(2, "linear")], "Dense (linear)"),
        ([dense(4, kind="Conv2D"), dense(2, "sigmoid")], "Conv2D (relu)"),
        ([dense(40), dense(2, "sigmoid")], "has 40 hidden units"),
        ([dense(4), dense(5, "sigmoid")], "5 outputs"),
    ],
)
def test_networks_that_cannot_be_shown_are_told(layers, words):
    with pytest.raises(InvalidArgument) as caught:
        make({"mine": SimpleNamespace(layers=layers)})
    assert words in str(caught.value)
    assert "'mine'" in str(caught.value)


def test_a_layer_without_a_bias_is_told():
    bare = dense(2, "sigmoid")
    bare.get_weights = lambda: [np.zeros((4, 2))]
    with pytest.raises(InvalidArgument, match="without a bias"):
        make({"mine": SimpleNamespace(layers=[dense(4), bare])})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"X": [[1, 2]]}, "X has the shape (1, 2)"),
        ({"X": "abc"}, "X is 'abc'"),
        ({"X": [[1, 2, -3]] * 3}, "below 0"),
        ({"Y": [[1, 0]]}, "Y must hold only 0 and 1"),
        ({"Y": [[1, 2]] * 3}, "Y must hold only 0 and 1"),
        ({"feature_names": "abc"}, "feature_names is 'abc'"),
        ({"feature_names": ["a", "a", "b"]}, "different names"),
        ({"sample_names": ["a"]}, "sample_names has 1"),
        ({"explain": "art"}, "explain is 'art'"),
        ({"divide_by": 0}, "divide_by is 0"),
        ({"threshold": 2}, "threshold is 2"),
    ],
)
def test_bad_arguments_are_told(nets, changed, words):
    with pytest.raises((InvalidArgument, InvalidType)) as caught:
        make(nets, **changed)
    assert words in str(caught.value)


def test_no_network_at_all_is_told():
    with pytest.raises(InvalidArgument, match="models is empty"):
        make({})
