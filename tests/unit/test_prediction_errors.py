"""Bad input to the prediction trace: what was given, what was expected, what to do."""

from __future__ import annotations

import numpy as np
import pytest

from mlcourse import trace

import keras  # isort: skip

layers = keras.layers


@pytest.fixture(scope="module")
def model():
    return keras.Sequential(
        [keras.Input((20,)), layers.Dense(8, activation="relu"), layers.Dense(4, activation="sigmoid")]
    )


@pytest.fixture(scope="module")
def images():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(2, 3),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


X = np.linspace(0, 1, 20)


def sentence(error, call) -> str:
    with pytest.raises(error) as caught:
        call()
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(".")
    assert text.count(". ") <= 1
    return text


@pytest.mark.parametrize(
    ("x", "error", "said"),
    [
        (np.zeros((32, 20)), ValueError, "x has shape (32, 20), but this model takes one sample"),
        (np.zeros((32, 20)), ValueError, "(20,): you passed a batch of 32; choose one row, such as X[0]."),
        (np.zeros(19), ValueError, "it has 19 numbers where 20 are expected"),
        (np.zeros((1, 19)), ValueError, "it has 19 numbers where 20 are expected"),
        (np.zeros((4, 5)), ValueError, "the numbers are as many; pass x.reshape(20,)"),
        (np.zeros((20, 1)), ValueError, "it has an axis of 1 too many; pass x[..., 0]"),
        (np.zeros(0), ValueError, "x is empty (shape (0,)), but must hold one sample of shape (20,)."),
        (np.zeros((0, 20)), ValueError, "x is empty (shape (0, 20))"),
        (3.5, ValueError, "x has shape ()"),
        (np.where(np.arange(20) == 7, np.nan, X), ValueError, "x holds NaN (1 time, first at index 7)"),
        (np.where(np.arange(20) > 17, np.inf, X), ValueError, "x holds infinity (2 times, first at index 18"),
        ("abc", TypeError, "x holds text ('abc'), but this model takes numbers"),
        (["a"] * 20, TypeError, "x holds text ('a')"),
        (None, TypeError, "x is None, but must be one sample"),
        ([[1, 2], [3]], TypeError, "rows of equal length"),
        ([object()] * 20, TypeError, "must be one sample as an array of numbers"),
        ({"wrong": X}, ValueError, "x is a dict with the key"),
    ],
)  # fmt: skip
def test_a_sample_that_does_not_fit(model, x, error, said):
    assert said in sentence(error, lambda: trace.prediction(model, x))


@pytest.mark.parametrize(
    ("shape", "mend"),
    [
        ((28, 28), "the channel axis is missing; pass x[..., np.newaxis]"),
        ((1, 28, 28), "pass x[0][..., np.newaxis]"),
        (
            (32, 28, 28),
            "you passed a batch of 32 without a channel axis; pass one row with it, X[0][..., np.newaxis]",
        ),
        ((784,), "pass x.reshape(28, 28, 1)"),
        ((5, 28, 28, 1), "you passed a batch of 5"),
        ((28, 28, 3), "prepare the sample the way the training data was prepared"),
    ],
)
def test_an_image_that_does_not_fit(images, shape, mend):
    assert mend in sentence(ValueError, lambda: trace.prediction(images, np.zeros(shape)))


def test_channels_that_come_first():
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(2)])
    said = sentence(ValueError, lambda: trace.prediction(model, np.zeros((3, 8, 8))))
    assert "pass np.moveaxis(x, 0, -1)" in said
    assert trace.prediction(model, np.moveaxis(np.zeros((3, 8, 8)), 0, -1)).layers[0].shape == (8, 8, 3)


def test_sparse_rows(model):
    sparse = pytest.importorskip("scipy.sparse")
    said = sentence(TypeError, lambda: trace.prediction(model, sparse.csr_matrix(X[np.newaxis])))
    assert "pass x.toarray()" in said


def test_several_inputs():
    a, b = keras.Input((5,), name="a"), keras.Input((3,), name="b")
    model = keras.Model([a, b], layers.Dense(2, activation="softmax")(layers.Concatenate()([a, b])))
    five, three = np.zeros(5), np.zeros(3)
    assert len(trace.prediction(model, {"b": three, "a": five}).inputs) == 2
    for x, said in [
        (
            five,
            "but this model has 2 inputs: pass a dict with the keys 'a' and 'b', or a list in that order.",
        ),
        ([five], "x is a list of 1, but this model has 2 inputs, in this order: 'a' and 'b'."),
        ({"a": five}, "x is a dict with the keys 'a', but this model's inputs are 'a' and 'b'"),
        (
            {"a": five, "b": np.zeros(4)},
            "x['b'] has shape (4,), but this model takes one sample of shape (3,)",
        ),
        ([five, np.full(3, np.nan)], "x[1] holds NaN (3 times, first at index 0)"),
    ]:
        assert said in sentence((ValueError, TypeError), lambda x=x: trace.prediction(model, x))


def test_models_that_cannot_be_traced(model):
    loose = keras.Sequential([layers.Dense(3, activation="softmax")])
    said = sentence(ValueError, lambda: trace.prediction(loose, X))
    assert "is not built, so it has no weights yet: start it with keras.Input(shape=(20,))" in said

    class Own(keras.Model):
        pass

    said = sentence(ValueError, lambda: trace.prediction(Own(), X))
    assert "train it, or call it once on a batch, such as model(X[:1])" in said
    assert "has no layers yet" in sentence(ValueError, lambda: trace.prediction(keras.Sequential(), X))
    assert "must be a Keras model" in sentence(TypeError, lambda: trace.prediction("model", X))
    assert "must be a Keras model" in sentence(TypeError, lambda: trace.prediction(keras.Sequential, X))
    assert "single Dense layer" in sentence(TypeError, lambda: trace.prediction(model.layers[0], X))


def test_tokens_that_the_embedding_does_not_know():
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(50, 4, name="words"),
            layers.GRU(3),
            layers.Dense(1),
        ]
    )
    for _ in range(3):  # eager, then compiled
        said = sentence(ValueError, lambda: trace.prediction(model, [3, 50, 1]))
        assert said.startswith("x holds the token 50, but 'words' knows only 0 to 49")
        trace.prediction(model, [3, 49, 1])


@pytest.mark.parametrize(
    ("threshold", "error", "said"),
    [
        (1.5, ValueError, "threshold is 1.5, but must be a number from 0 to 1."),
        (-0.1, ValueError, "threshold is -0.1, but must be a number from 0 to 1."),
        (float("nan"), ValueError, "threshold is nan"),
        ("0.5", TypeError, "threshold is '0.5', but must be a number from 0 to 1."),
        (None, TypeError, "threshold is None"),
        (True, TypeError, "threshold is True"),
        (
            [0.5, 0.5],
            ValueError,
            "which holds 2 numbers, but this model has 4 outputs: give one number for all",
        ),
        ([], ValueError, "which holds 0 numbers"),
        ([0.5, 0.5, 2, 0.5], ValueError, "threshold[2] is 2, but must be a number from 0 to 1."),
        (np.full((2, 2), 0.5), ValueError, "which holds 4 numbers"),
        ({"nowhere": 0.5}, ValueError, "threshold has the key 'nowhere', but this model's outputs are"),
    ],
)
def test_thresholds_that_cannot_work(model, threshold, error, said):
    assert said in sentence(error, lambda: trace.prediction(model, X, threshold=threshold))


@pytest.mark.parametrize(
    ("names", "error", "said"),
    [
        (["a", "b"], ValueError, "class_names has 2 names (['a', 'b']), but this model has 4 outputs."),
        ([], ValueError, "class_names has 0 names"),
        (
            "abcd",
            TypeError,
            "class_names is 'abcd', but must be a list with a name for each of the 4 outputs",
        ),
        ({"a", "b", "c", "d"}, TypeError, "which has no order: give a list"),
        (4, TypeError, "class_names is 4, but must be a list"),
        ({"nowhere": ["a"]}, ValueError, "class_names has the key 'nowhere'"),
    ],
)
def test_names_that_do_not_fit(model, names, error, said):
    assert said in sentence(error, lambda: trace.prediction(model, X, class_names=names))


def test_names_of_a_single_unit():
    single = keras.Sequential([keras.Input((2,)), layers.Dense(1, activation="sigmoid")])
    said = sentence(ValueError, lambda: trace.prediction(single, [0, 0], class_names=["a", "b", "c"]))
    assert "this model has 1 output: give two names (class 0, class 1) or one" in said
