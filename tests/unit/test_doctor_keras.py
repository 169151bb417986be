"""What the doctor says of Keras is so: each claim is tried on Keras itself."""

import re
import warnings

import keras
import numpy as np
import pytest
from keras import layers

from mlcourse.doctor import _keras

N = 24
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, 3)).astype("float32")
CLASSES = np.arange(N) % 4
ONE_HOT = np.eye(4, dtype="float32")[CLASSES]
MULTI = RNG.integers(0, 2, size=(N, 4)).astype("float32")
YES_NO = (CLASSES > 1).astype("float32")
SCCE, CCE, BCE = "sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"


def net(*end, loss, metrics=None, **kwargs):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), *end])
    model.compile("sgd", loss, metrics=metrics, **kwargs)
    return model


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def scores(model):
    """Return the raw scores of the model's Dense layer."""
    dense = next(layer for layer in model.layers if layer.weights)
    return X @ dense.kernel.numpy() + dense.bias.numpy()


def loss_of(model, y):
    """Return the compiled loss, as `fit` computes it for one batch."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(model.compute_loss(X, keras.ops.convert_to_tensor(y), model(X)))


def metric_of(model, y):
    """Return the one compiled metric, as `fit` computes it for one batch."""
    (value,) = [v for name, v in model.compute_metrics(X, y, model(X)).items() if name != "loss"]
    return float(value)


SHAPES = [
    (4, "sigmoid", BCE, MULTI), (4, "softmax", CCE, ONE_HOT), (4, "softmax", SCCE, CLASSES),
    (4, "softmax", SCCE, CLASSES[:, None]), (1, "sigmoid", BCE, YES_NO), (1, "sigmoid", BCE, YES_NO[:, None]),
    (2, "softmax", SCCE, YES_NO),
]  # fmt: skip


@pytest.mark.parametrize(("units", "activation", "loss", "y"), SHAPES)
@pytest.mark.parametrize("asked", ["accuracy", "acc"])
def test_accuracy_is_resolved_as_keras_resolves_it(units, activation, loss, y, asked):
    model = net(layers.Dense(units, activation), loss=loss, metrics=[asked])
    outputs = _keras.plan(model).outputs
    (ours,) = _keras.metrics(model, outputs, {outputs[0].name: y})[outputs[0].name]
    metric_of(model, y)
    (theirs,) = model._compile_metrics._flat_metrics[0].metrics
    assert ours.kind == type(theirs).__name__


def test_accuracy_of_several_sigmoids_is_the_share_of_equal_argmax():
    model = net(layers.Dense(4, "sigmoid"), loss=BCE, metrics=["accuracy"])
    keras_says = metric_of(model, MULTI)
    answers = np.asarray(model(X))
    argmax = np.mean(answers.argmax(axis=1) == MULTI.argmax(axis=1))
    per_label = np.mean((answers > 0.5) == MULTI)
    assert keras_says == pytest.approx(argmax)
    assert keras_says != pytest.approx(per_label, abs=0.05)


@pytest.mark.parametrize(
    ("activation", "loss", "y", "message"),
    [
        ("softmax", CCE, CLASSES, "Arguments `target` and `output` must have the same rank"),
        ("softmax", CCE, CLASSES[:, None], "Arguments `target` and `output` must have the same shape"),
        ("softmax", SCCE, ONE_HOT, "Argument `output` must have rank (ndim) `target.ndim - 1`"),
        ("softmax", CCE, np.eye(5)[CLASSES], "must have the same shape"),
        ("softmax", BCE, CLASSES, "must have the same rank"),
    ],
)
def test_the_quoted_errors_are_keras_own(activation, loss, y, message):
    model = net(layers.Dense(4, activation), loss=loss)
    with pytest.raises(ValueError, match=re.escape(message)):
        loss_of(model, y)


@pytest.mark.parametrize("y", [CLASSES + 1, CLASSES - 1])
def test_class_numbers_out_of_range_stop_training_on_a_cpu(y):
    model = net(layers.Dense(4, "softmax"), loss=SCCE)
    with pytest.raises(Exception, match="outside the valid range"):
        loss_of(model, y)


@pytest.mark.parametrize(
    "y", [CLASSES.astype(object), np.array(["a", "b"])[YES_NO.astype(int)]], ids=["objects", "text"]
)
def test_labels_that_are_no_numbers_stop_training(y):
    model = net(layers.Dense(4, "softmax"), loss=SCCE)
    with pytest.raises(ValueError, match=r"Unsupported object type|Invalid dtype"):
        model.fit(X, y, verbose=0)


def test_the_sparse_loss_cuts_fractions_off():
    model = net(layers.Dense(4, "softmax"), loss=SCCE)
    assert loss_of(model, CLASSES + 0.9) == pytest.approx(loss_of(model, CLASSES))


@pytest.mark.parametrize("loss_of", [loss_of, lambda model, y: model.evaluate(X, y, batch_size=N, verbose=0)])
def test_binary_loss_on_softmax_trains_sigmoids(loss_of):
    model = net(layers.Dense(4, "softmax"), loss=BCE)
    z = scores(model)
    expected = -np.mean(ONE_HOT * np.log(sigmoid(z)) + (1 - ONE_HOT) * np.log(1 - sigmoid(z)))
    assert loss_of(model, ONE_HOT) == pytest.approx(expected, rel=1e-4)
    np.testing.assert_allclose(np.asarray(model(X)), softmax(z), rtol=1e-4)


def test_categorical_loss_on_sigmoids_trains_a_softmax():
    model = net(layers.Dense(4, "sigmoid"), loss=CCE)
    z = scores(model)
    assert loss_of(model, ONE_HOT) == pytest.approx(
        -np.mean(np.sum(ONE_HOT * np.log(softmax(z)), axis=1)), rel=1e-4
    )
    np.testing.assert_allclose(np.asarray(model(X)), sigmoid(z), rtol=1e-4)


def test_from_logits_on_a_softmax_warns_and_uses_the_scores():
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model = net(layers.Dense(4, "softmax"), loss=loss)
    with pytest.warns(UserWarning, match="does not represent logits"):
        value = float(model.compute_loss(X, ONE_HOT, model(X)))
    once = -np.mean(np.sum(ONE_HOT * np.log(softmax(scores(model))), axis=1))
    assert value == pytest.approx(once, rel=1e-4)


def test_from_logits_is_applied_twice_when_something_stands_between():
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model = net(layers.Dense(4, "softmax"), layers.Reshape((4,)), loss=loss)
    twice = -np.mean(np.sum(ONE_HOT * np.log(softmax(softmax(scores(model)))), axis=1))
    assert loss_of(model, ONE_HOT) == pytest.approx(twice, rel=1e-4)


def test_a_double_softmax_keeps_below_the_stated_number():
    sure = softmax(np.array([[1.0, 0.0, 0.0, 0.0]]))
    assert sure.max() == pytest.approx(0.48, abs=0.005)
    assert sigmoid(1.0) == pytest.approx(0.73, abs=0.005)


@pytest.mark.filterwarnings("ignore:You are using a softmax")
def test_a_single_softmax_unit_is_always_one():
    model = net(layers.Dense(1, "softmax"), loss=BCE)
    assert np.allclose(np.asarray(model(X)), 1.0)  # one part in 10 million below it on some processors


def test_the_accuracy_object_compares_exactly():
    model = net(layers.Dense(4, "softmax"), loss=CCE, metrics=[keras.metrics.Accuracy()])
    assert metric_of(model, ONE_HOT) == 0.0


def test_binary_accuracy_has_its_threshold_at_a_half_for_logits_too():
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model = net(layers.Dense(1), loss=loss, metrics=["accuracy"])
    z = scores(model)[:, 0]
    assert metric_of(model, YES_NO[:, None]) == pytest.approx(np.mean((z > 0.5) == YES_NO))
    assert np.mean((z > 0.5) == YES_NO) != np.mean((z > 0) == YES_NO)


def test_labels_outside_zero_and_one_make_the_binary_loss_negative():
    model = net(layers.Dense(1), loss=keras.losses.BinaryCrossentropy(from_logits=True))
    dense = model.layers[-1]
    dense.set_weights([np.zeros((3, 1)), np.array([50.0])])
    assert loss_of(model, np.full(N, 2.0)) == pytest.approx(-50.0)


LOSSES = [
    ("mse", "mean_squared_error", False), ("BinaryCrossentropy", "binary_crossentropy", False),
    ("bce", "binary_crossentropy", False), ("crossentropy", "categorical_crossentropy", False),
    (keras.losses.CategoricalCrossentropy(from_logits=True), "categorical_crossentropy", True),
    (keras.losses.CategoricalFocalCrossentropy(), "categorical_focal_crossentropy", False),
    (keras.losses.kl_divergence, "kl_divergence", False), (keras.losses.Dice(), "dice", False),
    ([BCE], "binary_crossentropy", False), (lambda *_: 0.0, "custom", False),
]  # fmt: skip


@pytest.mark.parametrize(("given", "kind", "logits"), LOSSES)
def test_losses_are_read_however_they_are_given(given, kind, logits):
    model = net(layers.Dense(4, "softmax", name="out"), loss=given)
    outputs = _keras.plan(model).outputs
    loss = _keras.losses(model, outputs, {"out": ONE_HOT})["out"]
    assert (loss.kind, loss.from_logits) == (kind, logits)
    if kind != "custom":
        again = net(layers.Dense(4, "softmax", name="out"), loss=eval(loss.shown, {"keras": keras}))
        assert _keras.losses(again, outputs, {"out": ONE_HOT})["out"] == loss


METRICS = [
    ("accuracy", "CategoricalAccuracy"), ("binary_accuracy", "BinaryAccuracy"), ("AUC", "AUC"), ("auc",
    "AUC"),
    (keras.metrics.F1Score("macro"), "F1Score"), (keras.metrics.categorical_accuracy, "CategoricalAccuracy"),
    ("mse", "function"), (lambda *_: 0.0, "custom"), (keras.metrics.Precision, "Precision"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "kind"), METRICS)
def test_metrics_are_read_however_they_are_given(given, kind):
    model = net(layers.Dense(4, "softmax", name="out"), loss=CCE, metrics=[given])
    (metric,) = _keras.metrics(model, _keras.plan(model).outputs, {"out": ONE_HOT})["out"]
    assert metric.kind == kind
    if kind != "custom":
        assert keras.metrics.get(eval(metric.code, {"keras": keras})) is not None


ENDS = [
    ([layers.Dense(3, "softmax")], ("softmax",)),
    ([layers.Dense(3), layers.Softmax()], ("softmax", "linear")),
    ([layers.Dense(3), layers.Activation("sigmoid"), layers.Dropout(0.5)], ("sigmoid", "linear")),
    ([layers.Dense(3, "softmax"), layers.Activation("softmax")], ("softmax", "softmax")),
    ([layers.Dense(3, keras.ops.softmax)], ("softmax",)),
    ([layers.Dense(3, "softmax"), layers.Dense(3)], ("linear",)),
    ([layers.Dense(3), layers.ReLU()], ("relu", "linear")),
    ([layers.Dense(3, "log_softmax")], ("log_softmax",)),
    ([layers.Dense(3), layers.BatchNormalization()], ("linear",)),
    ([layers.Dense(3, lambda x: x)], ()),
    ([layers.Dense(3), layers.Lambda(lambda x: x)], ()),
    ([layers.Dense(6), layers.Reshape((3, 2)), layers.TimeDistributed(layers.Dense(2, "softmax"))],
    ("softmax",)),
]  # fmt: skip


@pytest.mark.parametrize(("end", "activations"), ENDS)
def test_the_last_activations_are_read_from_the_layers(end, activations):
    model = keras.Sequential([keras.Input((3,)), *end])
    assert _keras.plan(model).outputs[0].activations == activations
