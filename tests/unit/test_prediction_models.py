"""The prediction trace of every kind of model: outputs are its own, and nothing in it is changed."""

from __future__ import annotations

import warnings

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


def lazily_built():
    model = keras.Sequential([layers.Dense(4, activation="relu"), layers.Dense(2, activation="softmax")])
    model(X20)
    return model, X20[0]


def convolutional():
    model = keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(6, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.BatchNormalization(),
            layers.Conv2D(4, 3),
            layers.ReLU(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3),
            layers.Activation("softmax"),
        ]
    )
    return model, RNG.integers(0, 256, (12, 12, 1))


def flattened():
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.SeparableConv2D(4, 3),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    return model, RNG.random((8, 8, 3))


def branches(*, as_dict: bool = False):
    a, b = keras.Input((5,), name="a"), keras.Input((3,), name="b")
    left, right = layers.Dense(4, activation="relu")(a), layers.Dense(4, activation="tanh")(b)
    joined = layers.Concatenate(name="joined")([left, right]) * 2.0
    genre = layers.Dense(3, activation="softmax", name="genre")(joined)
    tags = layers.Dense(4, activation="sigmoid", name="tags")(joined)
    one, two = RNG.random(5), RNG.random((1, 3))
    if as_dict:
        # The keys' order is not the sorted one, which is how Keras lays the inputs out.
        return keras.Model({"b": b, "a": a}, {"tags": tags, "genre": genre}), {"b": two, "a": one}
    return keras.Model([a, b], [genre, tags]), [one, two]


def branches_from_dict():
    return branches(as_dict=True)


def nested_and_shared():
    encoder = keras.Sequential(
        [keras.Input((6,)), layers.Dense(4, activation="relu"), layers.Dense(3, name="code")], name="encoder"
    )
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    apart = layers.Subtract(name="apart")([encoder(left), encoder(right)])
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid")(apart)), [
        RNG.random(6),
        RNG.random(6),
    ]


def nested_functional_at_the_end():
    inner_in = keras.Input((4,))
    inner = keras.Model(inner_in, layers.Softmax(name="chances")(layers.Dense(3)(inner_in)), name="head")
    return keras.Sequential([keras.Input((6,)), layers.Dense(4, activation="relu"), inner]), RNG.random(6)


def recurrent():
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(50, 8, mask_zero=True),
            layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
            layers.GRU(5),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    return model, [7, 8, 9, 0, 0]


def every_step():
    model = keras.Sequential(
        [
            keras.Input((6, 4)),
            layers.Masking(),
            layers.SimpleRNN(5, return_sequences=True),
            layers.TimeDistributed(layers.Dense(3, activation="softmax")),
        ]
    )
    x = RNG.random((6, 4))
    x[4:] = 0
    return model, x


def stateful_with_a_fixed_batch():
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(4, 6, 2)),
            layers.LSTM(5, stateful=True),
            layers.Dense(2, activation="softmax"),
        ]
    )
    return model, RNG.random((6, 2))


def lstm_states():
    steps = keras.Input((6, 3))
    output, _, cell = layers.LSTM(4, return_state=True, name="lstm")(steps)
    joined = layers.Concatenate()([output, cell])
    return keras.Model(steps, layers.Dense(1, activation="sigmoid")(joined)), RNG.random((6, 3))


def preprocessing():
    scaler = layers.Normalization()
    scaler.adapt(RNG.random((50, 6)) * 40)
    model = keras.Sequential(
        [keras.Input((6,)), scaler, layers.Dense(3, use_bias=False, activation="softmax")]
    )
    return model, RNG.random(6) * 40


def categories():
    model = keras.Sequential(
        [
            keras.Input((3,), dtype="int32"),
            layers.CategoryEncoding(num_tokens=7, output_mode="multi_hot"),
            layers.Dense(3, activation="softmax"),
        ]
    )
    return model, [1, 2, 5]


def attention():
    steps = keras.Input((6, 4))
    attended = layers.MultiHeadAttention(2, 4)(steps, steps)
    pooled = layers.GlobalMaxPooling1D()(layers.LayerNormalization()(attended + steps))
    return keras.Model(steps, layers.Dense(2, activation="softmax")(pooled)), RNG.random((6, 4))


def operations():
    x = keras.Input((5,))
    hidden = keras.ops.relu(layers.Dense(4)(x))
    return keras.Model(x, keras.ops.softmax(layers.Dense(3)(hidden))), RNG.random(5)


def called_twice():
    x = keras.Input((5,))
    shared = layers.Dense(5, activation="relu", name="shared")
    return keras.Model(x, layers.Dense(2, activation="softmax")(shared(shared(x)))), RNG.random(5)


def output_read_further_on():
    x = keras.Input((6,))
    early = layers.Dense(3, activation="softmax", name="early")(x)
    late = layers.Dense(2, activation="softmax", name="late")(early)
    return keras.Model(x, [late, early]), RNG.random(6)


class Closed(keras.Model):
    def __init__(self):
        super().__init__(name="closed")
        self.hidden = layers.Dense(4, activation="relu")
        self.out = layers.Dense(3, activation="softmax")

    def call(self, x, training=None):  # noqa: ARG002 - as Keras calls it
        return self.out(self.hidden(x))


def subclassed():
    model = Closed()
    model(np.zeros((2, 5)))
    return model, RNG.random(5)


class Doubled(layers.Layer):
    def call(self, x):
        return x * 2


def own_layer():
    return keras.Sequential(
        [keras.Input((4,)), Doubled(), layers.Dense(2, activation="sigmoid")]
    ), RNG.random(4)


def half_precision():
    policy = "mixed_bfloat16"
    return (
        keras.Sequential(
            [
                keras.Input((6,)),
                layers.Dense(8, activation="relu", dtype=policy),
                layers.Dense(3, activation="softmax"),
            ]
        ),
        RNG.random(6),
    )


def one_layer():
    return keras.Sequential([keras.Input((4,)), layers.Dense(1, activation="sigmoid")]), RNG.random(4)


MODELS = [
    sequential,
    lazily_built,
    convolutional,
    flattened,
    branches,
    branches_from_dict,
    nested_and_shared,
    nested_functional_at_the_end,
    recurrent,
    every_step,
    stateful_with_a_fixed_batch,
    lstm_states,
    preprocessing,
    categories,
    attention,
    operations,
    called_twice,
    output_read_further_on,
    subclassed,
    own_layer,
    half_precision,
    one_layer,
]


def expected(model, x):
    """Return the outputs by the model's own call, without the batch axis."""
    fixed = model.inputs[0].shape[0] if getattr(model, "inputs", None) else None

    def ready(part):
        part = np.asarray(part)
        batched = part if part.shape[:1] == (1,) and part.ndim > 1 else part[np.newaxis]
        batched = batched if batched.dtype.kind == "i" else batched.astype("float32")
        return np.repeat(batched, fixed or 1, axis=0)

    if isinstance(x, dict):
        given = {key: ready(part) for key, part in x.items()}
    elif isinstance(x, list) and isinstance(x[0], np.ndarray):
        given = [ready(part) for part in x]
    else:
        given = ready(x)
    return [keras.ops.convert_to_numpy(o)[0] for o in keras.tree.flatten(model(given, training=False))]


@pytest.mark.parametrize("make", MODELS)
def test_outputs_are_the_models_own_and_nothing_in_it_is_changed(make):
    model, x = make()
    before = [variable.numpy().copy() for variable in model.variables]
    nodes = [len(layer._inbound_nodes) for layer in model._flatten_layers()]
    losses, function = len(model.losses), model.predict_function

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first = trace.prediction(model, x)
        second = trace.prediction(model, x)  # deep and recurrent models run compiled this time

    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert nodes == [len(layer._inbound_nodes) for layer in model._flatten_layers()]
    assert (len(model.losses), model.predict_function) == (losses, function)
    wanted = expected(model, x)
    for traced in (first, second):
        by_output = [traced[decision.output].values for decision in traced.decisions]
        assert len(by_output) == len(wanted)
        for values, right in zip(by_output, wanted, strict=True):
            np.testing.assert_allclose(values, right, rtol=2e-5, atol=1e-6)
        assert traced.layers[0].role == "input"
        assert traced.layers[-1].role == "output"
        assert all(layer.values.shape == layer.shape for layer in traced)
        assert len({layer.name for layer in traced}) == len(traced)
    assert [layer.name for layer in first] == [layer.name for layer in second]
    for eager, compiled in zip(first, second, strict=True):
        np.testing.assert_allclose(eager.values, compiled.values, rtol=1e-4, atol=1e-5)


def test_nested_and_shared_layers_are_told_apart():
    model, x = nested_and_shared()
    traced = trace.prediction(model, x)
    names = [layer.name for layer in traced]
    assert names[:2] == ["left", "right"]
    assert {"encoder/code", "encoder", "encoder (call 2)/code", "encoder (call 2)"} <= set(names)
    assert traced["encoder/code"].depth == 1
    assert traced["apart"].reads == ("encoder", "encoder (call 2)")
    np.testing.assert_array_equal(traced["encoder"].values, traced["encoder/code"].values)
    np.testing.assert_allclose(
        traced["apart"].values, traced["encoder"].values - traced["encoder (call 2)"].values, rtol=1e-6
    )
    assert "same weights" in traced["encoder (call 2)"].does


def test_a_layer_called_on_its_own_result():
    model, x = called_twice()
    traced = trace.prediction(model, x)
    assert traced["shared (call 2)"].reads == ("shared",)


def test_a_closed_model_is_shown_from_outside_and_says_why():
    model, x = subclassed()
    traced = trace.prediction(model, x)
    assert [layer.kind for layer in traced] == ["Input", "Closed"]
    assert len(traced.notes) == 1
    assert "call() of its own" in traced.notes[0]
    assert traced.decision.rule == "argmax"
    assert "add up to 1" in traced.decision.why


def test_masks_travel_with_the_values():
    model, x = every_step()
    traced = trace.prediction(model, x)
    states = (
        traced["simple_rnn"].values
        if "simple_rnn" in [one.name for one in traced]
        else traced.layers[2].values
    )
    # Masked steps repeat the state of the last real one.
    np.testing.assert_array_equal(states[4], states[3])
    np.testing.assert_array_equal(states[5], states[3])


def test_states_handed_on_beside_the_values():
    model, x = lstm_states()
    traced = trace.prediction(model, x)
    hidden, cell = traced["lstm"].more
    np.testing.assert_allclose(hidden, traced["lstm"].values, rtol=1e-6)
    assert cell.shape == (4,)
