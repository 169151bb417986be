"""Sound pairs of labels, last layer and loss on which the doctor must keep quiet; the course's data."""

import warnings

import keras
import numpy as np
import pytest
from keras import layers
from sklearn.datasets import load_digits, load_iris, load_wine, make_multilabel_classification
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from mlcourse import datasets, doctor

N = 200
RNG = np.random.default_rng(1)
X = RNG.normal(size=(N, 6)).astype("float32")
CLASSES = np.arange(N) % 4
ONE_HOT = np.eye(4, dtype="float32")[CLASSES]
YES_NO = (X[:, 0] > 0).astype(int)
MULTI = (X[:, :4] > 0.2).astype(int)
PIXELS = RNG.integers(0, 256, size=(N, 8, 8, 3)).astype("uint8")
WORDS = RNG.integers(0, 500, size=(N, 12))
SCCE, CCE, BCE = "sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"

SOUND = {}


def sound(make):
    """Register a set-up: a function that returns (model, X, y) or (model, X, y, keywords)."""
    SOUND[make.__name__] = make
    return make


def net(units, activation, loss, metrics=("accuracy",), *, shape=(6,), before=(), **kwargs):
    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [keras.Input(shape), *before, layers.Dense(16, "relu"), layers.Dense(units, activation=activation)]
    )
    model.compile("adam", loss, metrics=list(metrics), **kwargs)
    return model


@sound
def multiclass_with_class_numbers():
    return net(4, "softmax", SCCE), X, CLASSES


@sound
def multiclass_with_a_column_of_class_numbers():
    return net(4, "softmax", SCCE), X, CLASSES[:, None].astype("uint8")


@sound
def multiclass_with_float_class_numbers():
    return net(4, "softmax", SCCE), X, CLASSES.astype("float64")


@sound
def multiclass_one_hot():
    return net(4, "softmax", CCE, ["accuracy", "top_k_categorical_accuracy"]), X, ONE_HOT


@sound
def multiclass_one_hot_bool():
    return net(4, "softmax", CCE), X, ONE_HOT.astype(bool)


@sound
def multiclass_smoothed_by_the_loss():
    return net(4, "softmax", keras.losses.CategoricalCrossentropy(label_smoothing=0.1)), X, ONE_HOT


@sound
def multiclass_smoothed_by_hand():
    return net(4, "softmax", CCE), X, ONE_HOT * 0.9 + 0.025


@sound
def multiclass_logits():
    return net(4, None, keras.losses.SparseCategoricalCrossentropy(from_logits=True)), X, CLASSES


@sound
def multiclass_one_hot_logits_and_a_separate_loss_name():
    return net(4, None, keras.losses.CategoricalCrossentropy(from_logits=True), []), X, ONE_HOT


@sound
def loss_by_the_short_name():
    return net(4, "softmax", "crossentropy"), X, CLASSES


@sound
def two_classes_with_two_softmax_units():
    return net(2, "softmax", SCCE), X, YES_NO


@sound
def two_classes_with_two_one_hot_units():
    return net(2, "softmax", CCE), X, np.eye(2)[YES_NO]


@sound
def binary_with_one_unit():
    return net(1, "sigmoid", BCE), X, YES_NO


@sound
def binary_with_a_column():
    return net(1, "sigmoid", BCE, ["accuracy", keras.metrics.AUC()]), X, YES_NO[:, None].astype("float32")


@sound
def binary_bool():
    return net(1, "sigmoid", keras.losses.BinaryCrossentropy()), X, YES_NO.astype(bool)


@sound
def binary_probabilities_as_targets():
    return net(1, "sigmoid", BCE, []), X, 1 / (1 + np.exp(-X[:, 0]))


@sound
def binary_logits():
    accuracy = keras.metrics.BinaryAccuracy(threshold=0.0)
    return net(1, None, keras.losses.BinaryCrossentropy(from_logits=True), [accuracy]), X, YES_NO


@sound
def binary_hinge_with_tanh():
    return net(1, "tanh", "hinge", []), X, YES_NO * 2 - 1


@sound
def multilabel():
    return (
        net(4, "sigmoid", BCE, ["binary_accuracy", keras.metrics.F1Score("macro", threshold=0.5)]),
        X,
        MULTI,
    )


@sound
def multilabel_logits_bool():
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    return net(4, None, loss, [keras.metrics.BinaryAccuracy(threshold=0.0)]), X, MULTI.astype(bool)


@sound
def multilabel_focal_loss_on_rare_labels():
    rare = (X[:, :4] > 1.8).astype(int)
    metrics = ["binary_accuracy", keras.metrics.AUC(multi_label=True)]
    return net(4, "sigmoid", keras.losses.BinaryFocalCrossentropy(), metrics), X, rare


@sound
def multilabel_with_one_label_each():
    return net(4, "sigmoid", BCE, ["binary_accuracy"]), X, ONE_HOT, {"task": "multilabel"}


@sound
def one_against_the_rest_with_accuracy():
    return net(4, "sigmoid", BCE, ["accuracy"]), X, ONE_HOT


@sound
def multilabel_heads_joined():
    keras.utils.set_random_seed(3)
    x = keras.Input((6,))
    model = keras.Model(x, layers.Concatenate()([layers.Dense(1, "sigmoid")(x) for _ in range(4)]))
    model.compile("adam", BCE, metrics=["binary_accuracy"])
    return model, X, MULTI


@sound
def the_first_lesson():
    x, y = make_multilabel_classification(1000, 20, n_classes=4, n_labels=2, length=100, random_state=0)
    train, test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=0)
    scaler = MinMaxScaler().fit(train)
    model = net(4, "sigmoid", BCE, ["binary_accuracy"], shape=(20,))
    model.fit(scaler.transform(train), y_train, epochs=1, verbose=0)
    return model, scaler.transform(train), y_train, {"X_test": scaler.transform(test), "y_test": y_test}


@sound
def iris_scaled_outside():
    x, y = load_iris(return_X_y=True)
    train, test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=1, stratify=y)
    scaler = StandardScaler().fit(train)
    more = {"X_test": scaler.transform(test), "y_test": y_test}
    return net(3, "softmax", SCCE, shape=(4,)), scaler.transform(train), y_train, more


@sound
def wine_with_a_normalization_layer():
    x, y = load_wine(return_X_y=True)
    scale = layers.Normalization()
    scale.adapt(x)
    return net(3, "softmax", SCCE, shape=(13,), before=[scale]), x, y


@sound
def wine_with_batch_normalization_first():
    x, y = load_wine(return_X_y=True)
    return net(3, "softmax", SCCE, shape=(13,), before=[layers.BatchNormalization()]), x, y


@sound
def digits_as_a_table():
    x, y = load_digits(return_X_y=True)
    return net(10, "softmax", SCCE, shape=(64,)), x / 16, y


@sound
def digits_cnn():
    x, y = load_digits(return_X_y=True)
    cnn = [
        layers.Conv2D(4, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.2),
    ]
    return net(10, "softmax", SCCE, shape=(8, 8, 1), before=cnn), (x / 16).reshape(-1, 8, 8, 1), y


@sound
def digits_cnn_without_the_channel_axis():
    x, y = load_digits(return_X_y=True)
    cnn = [layers.Conv2D(4, 3, activation="relu"), layers.Flatten()]
    return net(10, "softmax", SCCE, shape=(8, 8, 1), before=cnn), (x / 16).reshape(-1, 8, 8), y


COURSE = {
    "make_multilabel": ("sigmoid", BCE, "binary_accuracy"),
    "make_multiclass": ("softmax", SCCE, "accuracy"),
    "load_digits": ("softmax", SCCE, "accuracy"),
    "load_wine": ("softmax", SCCE, "accuracy"),
    "load_iris": ("softmax", SCCE, "accuracy"),
}


@pytest.mark.parametrize("name", COURSE)
def test_the_courses_own_data_give_no_finding(name):
    train, test = getattr(datasets, name)().split()
    rows, others = (part.X.reshape(len(part.X), -1) for part in (train, test))
    scaler = MinMaxScaler().fit(rows)
    activation, loss, metric = COURSE[name]
    model = net(len(train.class_names), activation, loss, [metric], shape=rows.shape[1:])
    more = {"X_test": scaler.transform(others), "y_test": test.y, "task": train.task}
    diagnosis = doctor.examine(model, scaler.transform(rows), train.y, **more)
    # Iris really holds the same flower twice (rows 101 and 142); this split parts the two: a hint, and true.
    assert diagnosis.codes == (("leaking-rows",) if name == "load_iris" else ()), str(diagnosis)
    assert diagnosis.ok
    assert diagnosis.not_judged == ()


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_set_up_gives_no_finding(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras' own remarks are not the subject
        model, x, y, *more = SOUND[name]()
    diagnosis = doctor.examine(model, x, y, **(more[0] if more else {}))
    assert diagnosis.codes == (), str(diagnosis)
    assert diagnosis.ok


def test_a_known_loss_without_rules_is_said_to_be_not_judged():
    model, x, y = SOUND["binary_hinge_with_tanh"]()
    assert any("hinge" in sentence for sentence in doctor.examine(model, x, y).not_judged)


@pytest.mark.parametrize(
    "name", ["multiclass_with_class_numbers", "binary_with_one_unit", "multilabel", "digits_cnn"]
)
def test_a_plain_model_is_judged_whole(name):
    model, x, y = SOUND[name]()
    x_test = RNG.normal(size=x[:20].shape)
    assert doctor.examine(model, x, y, X_test=x_test).not_judged == ()
