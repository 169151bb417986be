"""The prediction trace as a record: layer by layer, one pass, the model left alone."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from mlcourse import trace

import keras  # isort: skip

layers = keras.layers
RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def _seed():
    keras.utils.set_random_seed(0)


def tabular(activation: str | None = "sigmoid", units: int = 4) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((20,), name="features"),
            layers.Dense(64, activation="relu", name="hidden"),
            layers.Dropout(0.3, name="drop"),
            layers.Dense(units, activation=activation, name="out"),
        ]
    )


X20 = RNG.random((3, 20)).astype("float32")


def sequential():
    return tabular(), X20[0]


def test_each_layer_of_the_first_lesson_by_hand():
    model, x = sequential()
    traced = trace.prediction(model, x)
    assert [layer.name for layer in traced] == ["features", "hidden", "drop", "out"]
    assert [layer.kind for layer in traced] == ["Input", "Dense", "Dropout", "Dense"]
    assert [layer.shape for layer in traced] == [(20,), (64,), (64,), (4,)]
    assert [layer.n_params for layer in traced] == [0, 20 * 64 + 64, 0, 64 * 4 + 4]
    kernel, bias = model.get_layer("hidden").get_weights()
    np.testing.assert_array_equal(traced["features"].values, x)
    np.testing.assert_allclose(traced["hidden"].before_activation, x @ kernel + bias, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(traced["hidden"].values, np.maximum(traced["hidden"].before_activation, 0))
    logits = traced["out"].before_activation
    np.testing.assert_allclose(traced["out"].values, 1 / (1 + np.exp(-logits)), rtol=1e-5)
    assert not traced["drop"].active
    np.testing.assert_array_equal(traced["drop"].values, traced["hidden"].values)
    assert "training only" in traced["drop"].does
    assert "30 %" in traced["drop"].does


def test_with_and_without_the_batch_axis_is_the_same():
    model, x = sequential()
    one, other = trace.prediction(model, x), trace.prediction(model, x[np.newaxis])
    np.testing.assert_array_equal(one.layers[-1].values, other.layers[-1].values)
    assert str(one) == str(other)


def test_a_layer_runs_once_whatever_the_depth():
    calls = []

    class Counted(layers.Layer):
        def call(self, x):
            calls.append(self.name)
            return x + 1

    inner = keras.Sequential([keras.Input((3,)), Counted(name="deep")], name="inner")
    middle = keras.Sequential([keras.Input((3,)), inner, Counted(name="middle")])
    model = keras.Sequential([keras.Input((3,)), middle, Counted(name="top"), layers.Dense(2)])
    calls.clear()
    trace.prediction(model, np.zeros(3))
    assert calls == ["deep", "middle", "top"]


def test_batch_normalization_uses_what_it_kept_from_training():
    model = keras.Sequential(
        [keras.Input((2,)), layers.BatchNormalization(name="norm", epsilon=0.0), layers.Dense(1)]
    )
    model.get_layer("norm").set_weights([np.ones(2), np.zeros(2), np.array([1.0, 2.0]), np.array([4.0, 9.0])])
    traced = trace.prediction(model, [3.0, 8.0])
    np.testing.assert_allclose(traced["norm"].values, [1.0, 2.0], rtol=1e-6)


def test_text_goes_in_as_text():
    words = layers.TextVectorization(max_tokens=20, output_sequence_length=5, name="words")
    words.adapt(["a good film", "a bad film"])
    model = keras.Sequential(
        [
            keras.Input((1,), dtype="string"),
            words,
            layers.Embedding(20, 4),
            layers.GlobalAveragePooling1D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    for x in ("a good film", ["a good film"], np.array([["a good film"]])):
        traced = trace.prediction(model, x)
        assert traced.layers[0].values.tolist() == ["a good film"]
        assert [words.get_vocabulary()[i] for i in traced["words"].values[:3]] == ["a", "good", "film"]
    assert "a good film" in str(traced)
    assert "a good film" in traced._repr_html_()


def test_a_changed_model_is_traced_as_it_now_is():
    deep = [layers.Dense(6, activation="relu") for _ in range(45)]
    model = keras.Sequential([keras.Input((6,)), *deep, layers.Dense(2)])
    x = RNG.random(6)
    for _ in range(3):
        trace.prediction(model, x)
    weights = model.layers[-1].get_weights()
    model.layers[-1].set_weights([weights[0], weights[1] + 5])
    np.testing.assert_allclose(
        trace.prediction(model, x).layers[-1].values,
        keras.ops.convert_to_numpy(model(x[np.newaxis]))[0],
        rtol=1e-5,
    )
    model.add(layers.Softmax(name="added"))
    for _ in range(3):
        traced = trace.prediction(model, x)
    assert traced.layers[-1].name == "added"
    assert traced.layers[-1].values.sum() == pytest.approx(1)
    model.layers[0].activation = keras.activations.tanh
    traced = trace.prediction(model, x)
    np.testing.assert_allclose(
        traced.layers[1].values, np.tanh(traced.layers[1].before_activation), rtol=1e-5
    )


def test_a_model_no_longer_used_is_let_go():
    model, x = keras.Sequential([keras.Input((6, 3)), layers.GRU(4), layers.Dense(2)]), RNG.random((6, 3))
    for _ in range(3):
        trace.prediction(model, x)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_records_cannot_be_changed_by_accident():
    model, x = sequential()
    traced = trace.prediction(model, x)
    with pytest.raises(ValueError, match="read-only"):
        traced.layers[-1].values[0] = 1
    with pytest.raises(AttributeError):
        traced.decision.labels = ()


def test_layers_by_name():
    model, x = sequential()
    traced = trace.prediction(model, x)
    assert traced["hidden"].shape == (64,)
    assert len(traced) == 4
    with pytest.raises(ValueError, match="No layer is called 'hiden'; this trace has 'features', 'hidden'"):
        traced["hiden"]
    with pytest.raises(TypeError, match=r"by position it is trace.layers"):
        traced[0]


def test_recurrent_and_deep_models_run_compiled_from_the_second_trace_on():
    runs = []

    class Counted(layers.Layer):
        def call(self, x):
            runs.append(1)  # at every eager pass, but only once when a graph is made
            return x

    deep = [layers.Activation("tanh") for _ in range(45)]
    for model in (
        keras.Sequential([keras.Input((6, 3)), Counted(), layers.GRU(4), layers.Dense(2)]),
        keras.Sequential([keras.Input((6, 3)), Counted(), *deep]),
    ):
        counts = []
        for _ in range(4):
            runs.clear()
            trace.prediction(model, RNG.random((6, 3)))
            counts.append(len(runs))
        assert counts == [1, 1, 0, 0]
