"""Sound models of all kinds on which the doctor must keep quiet: images, sequences, parts, own code."""

import warnings

import keras
import numpy as np
import pytest
from keras import layers

from mlcourse import doctor

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
def pixels_rescaled_inside():
    front = [
        layers.RandomFlip("horizontal", seed=1),
        layers.Rescaling(1 / 255),
        layers.Conv2D(4, 3),
        layers.Flatten(),
    ]
    return net(4, "softmax", SCCE, shape=(8, 8, 3), before=front), PIXELS, CLASSES


@sound
def pixels_into_convolution_and_batch_normalization():
    front = [
        layers.Conv2D(4, 3, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Flatten(),
    ]
    return net(4, "softmax", SCCE, shape=(8, 8, 3), before=front), PIXELS.astype("float32"), CLASSES


@sound
def pixels_divided_inside():
    keras.utils.set_random_seed(3)
    x = keras.Input((8, 8, 3))
    h = layers.GlobalAveragePooling2D()(layers.Conv2D(8, 3, activation="relu")(x / 255.0))
    model = keras.Model(x, layers.Softmax()(layers.Dense(4)(h)))
    model.compile("adam", SCCE, metrics=["accuracy"])
    return model, PIXELS, CLASSES


@sound
def a_frozen_base_that_wants_raw_pixels():
    keras.utils.set_random_seed(3)
    base = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.Flatten()], name="base")
    base.trainable = False
    model = keras.Sequential([keras.Input((8, 8, 3)), base, layers.Dense(4, "softmax")])
    model.compile("adam", SCCE, metrics=["accuracy"])
    return model, PIXELS, CLASSES


@sound
def words_by_number():
    front = [layers.Embedding(500, 8), layers.GlobalAveragePooling1D()]
    return net(4, "softmax", SCCE, shape=(12,), before=front), WORDS, CLASSES


@sound
def masked_sequences():
    front = [layers.Embedding(500, 8, mask_zero=True), layers.LSTM(8)]
    return net(1, "sigmoid", BCE, shape=(12,), before=front), np.where(np.arange(12) < 9, WORDS, 0), YES_NO


@sound
def padded_measurements():
    x = RNG.normal(size=(N, 5, 3)).astype("float32")
    return net(4, "softmax", SCCE, shape=(5, 3), before=[layers.Masking(0.0), layers.GRU(6)]), x, CLASSES


@sound
def a_stateful_network():
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [keras.Input((5, 3), batch_size=N), layers.GRU(6, stateful=True), layers.Dense(4, "softmax")]
    )
    model.compile("adam", SCCE, metrics=["accuracy"])
    return model, RNG.normal(size=(N, 5, 3)).astype("float32"), CLASSES


@sound
def one_class_for_each_step_of_a_sequence():
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [keras.Input((5, 3)), layers.LSTM(6, return_sequences=True), layers.Dense(4, "softmax")]
    )
    model.compile("adam", SCCE, metrics=["accuracy"])
    return model, RNG.normal(size=(N, 5, 3)).astype("float32"), RNG.integers(0, 4, size=(N, 5))


@sound
def one_class_for_each_pixel():
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), layers.Conv2D(1, 3, padding="same", activation="sigmoid")]
    )
    model.compile("adam", BCE, metrics=["accuracy"])
    return model, PIXELS / 255.0, (PIXELS[..., :1] > 127).astype("uint8")


@sound
def texts():
    words = layers.TextVectorization(max_tokens=50, output_sequence_length=4)
    texts = np.array(["good film", "bad film", "a good day", "a bad day"])[CLASSES]
    words.adapt(texts)
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((), dtype="string"), words, layers.Embedding(50, 8),
    layers.Flatten(),
                              layers.Dense(1, "sigmoid")])  # fmt: skip
    model.compile("adam", BCE, metrics=["accuracy"])
    return model, texts, (CLASSES % 2 == 0).astype(int)


@sound
def a_single_feature():
    return net(1, "sigmoid", BCE, shape=(1,)), X[:, 0], YES_NO


@sound
def regularised():
    front = [layers.Dense(8, kernel_regularizer="l2", activity_regularizer="l1"), layers.Dropout(0.5)]
    return net(4, "softmax", SCCE, before=front), X, CLASSES


@sound
def nested_models():
    keras.utils.set_random_seed(3)
    body = keras.Sequential([keras.Input((6,)), layers.Dense(8, "relu")], name="body")
    head = keras.Sequential([keras.Input((8,)), layers.Dense(4), layers.Activation("softmax")], name="head")
    x = keras.Input((6,))
    model = keras.Model(x, head(body(x)))
    model.compile("adam", SCCE, metrics=["accuracy"])
    return model, X, CLASSES


class Subclassed(keras.Model):
    """A model whose inside cannot be seen."""

    def __init__(self, units, activation):
        super().__init__()
        self.hidden = layers.Dense(8, activation="relu")
        self.out = layers.Dense(units, activation=activation)

    def call(self, x):
        return self.out(self.hidden(x / 255.0 if x.shape[-1] == 3 else x))


def subclassed(units, activation, loss, x=X, **kwargs):
    keras.utils.set_random_seed(4)
    model = Subclassed(units, activation)
    model.build((None, *x.shape[1:]))
    model.compile("adam", loss, **kwargs)
    return model


@sound
def a_subclassed_model():
    return subclassed(4, "softmax", SCCE, metrics=["accuracy"]), X, CLASSES


@sound
def a_subclassed_model_with_logits():
    return subclassed(1, None, keras.losses.BinaryCrossentropy(from_logits=True)), X, YES_NO


@sound
def a_subclassed_multilabel_model():
    return subclassed(4, "sigmoid", BCE, metrics=["binary_accuracy"]), X, MULTI


class TwoHeads(Subclassed):
    """A subclassed model with two named outputs."""

    def __init__(self):
        super().__init__(4, "softmax")
        self.tags = layers.Dense(4, activation="sigmoid")

    def call(self, x):
        h = self.hidden(x["x"])
        return {"kind": self.out(h), "tags": self.tags(h)}


@sound
def a_subclassed_model_with_named_outputs_in_any_order():
    keras.utils.set_random_seed(4)
    model = TwoHeads()
    model({"x": X[:2]})
    model.compile(
        "adam", {"kind": SCCE, "tags": BCE}, metrics={"kind": ["accuracy"], "tags": ["binary_accuracy"]}
    )
    return model, {"x": X}, {"tags": MULTI, "kind": CLASSES}


@sound
def a_subclassed_model_with_labels_for_one_of_two_outputs():
    model, x, y = a_subclassed_model_with_named_outputs_in_any_order()
    return model, x, {"tags": y["tags"]}


@sound
def a_custom_loss_and_metric():
    def my_loss(y_true, y_pred):
        return keras.ops.mean(keras.ops.square(keras.ops.cast(y_true, "float32") - y_pred), axis=-1)

    def my_metric(_, y_pred):
        return keras.ops.mean(y_pred)

    return net(4, "sigmoid", my_loss, [my_metric]), X, MULTI


class Weighted(keras.losses.Loss):
    """A loss of the student's own, as a class."""

    def call(self, y_true, y_pred):
        return keras.losses.binary_crossentropy(y_true, y_pred) * 2


@sound
def a_custom_loss_class():
    return net(4, "sigmoid", Weighted(), ["binary_accuracy"]), X, MULTI


@sound
def a_custom_activation():
    return net(4, lambda x: keras.ops.softmax(x * 2), SCCE), X, CLASSES


class OwnTraining(keras.Sequential):
    """A model with its own training step."""

    def train_step(self, data):
        return super().train_step(data)


@sound
def an_own_training_step():
    model = OwnTraining([keras.Input((6,)), layers.Dense(4, "softmax")])
    model.compile("adam")
    return model, X, CLASSES


@sound
def class_weights_in_use():
    y = (np.arange(N) % 20 == 0).astype(int)
    model = net(1, "sigmoid", BCE, ["accuracy"], weighted_metrics=["accuracy"])
    model.fit(X, y, class_weight={0: 0.53, 1: 10.0}, epochs=1, verbose=0)
    return model, X, y


@sound
def imbalance_measured_by_what_shows_it():
    return (
        net(1, "sigmoid", BCE, ["accuracy", keras.metrics.AUC(curve="PR")]),
        X,
        (np.arange(N) % 20 == 0).astype(int),
    )


@sound
def several_outputs():
    keras.utils.set_random_seed(3)
    x = keras.Input((6,))
    h = layers.Dense(8, "relu")(x)
    outputs = [layers.Dense(4, "softmax", name="kind")(h), layers.Dense(4, "sigmoid", name="tags")(h)]
    model = keras.Model(x, outputs)
    model.compile(
        "adam", {"kind": SCCE, "tags": BCE}, metrics={"kind": ["accuracy"], "tags": ["binary_accuracy"]}
    )
    return model, X, [CLASSES, MULTI]


@sound
def several_outputs_by_name():
    keras.utils.set_random_seed(3)
    x = keras.Input((6,))
    h = layers.Dense(8, "relu")(x)
    model = keras.Model(x, {"kind": layers.Dense(4, "softmax")(h), "price": layers.Dense(1)(h)})
    model.compile("adam", {"kind": SCCE, "price": "mse"}, metrics={"kind": "accuracy"})
    return model, X, {"kind": CLASSES, "price": X[:, :1] * 3.3}


@sound
def several_inputs():
    keras.utils.set_random_seed(3)
    image, table = keras.Input((8, 8, 3), name="image"), keras.Input((6,), name="table")
    h = layers.Concatenate()([layers.Flatten()(layers.Rescaling(1 / 255)(image)), table])
    model = keras.Model([image, table], layers.Dense(4, "softmax")(h))
    model.compile("adam", SCCE, metrics=["accuracy"])
    return model, {"image": PIXELS, "table": X}, CLASSES


@sound
def numbers_and_categories():
    front = [layers.CategoryEncoding(num_tokens=500, output_mode="multi_hot")]
    return net(4, "softmax", SCCE, shape=(12,), before=front), WORDS, CLASSES


@sound
def counts_of_words():
    counts = (RNG.random((N, 40)) < 0.1).astype(int)
    counts[:, 7] = 0
    return net(4, "softmax", SCCE, shape=(40,)), counts, CLASSES


@sound
def mixed_precision_with_a_float32_end():
    keras.utils.set_random_seed(3)
    hidden = layers.Dense(8, "relu", dtype="mixed_float16")
    model = keras.Sequential(
        [keras.Input((6,)), hidden, layers.Dense(4), layers.Activation("softmax", dtype="float32")]
    )
    model.compile("adam", SCCE, metrics=["accuracy"])
    return model, X.astype("float16"), CLASSES


@sound
def run_eagerly():
    return net(4, "softmax", SCCE, run_eagerly=True), X.tolist(), CLASSES.tolist()


@sound
def jit_compiled():
    return net(4, "softmax", SCCE, jit_compile=True, steps_per_execution=2), X, CLASSES


@sound
def regression_is_not_judged():
    return net(1, None, "mse", ["mae"]), X, X[:, 0] * 3.3


@sound
def an_autoencoder_is_not_judged():
    return net(6, "sigmoid", "mse", []), 1 / (1 + np.exp(-X)), 1 / (1 + np.exp(-X))


@sound
def a_last_layer_that_starts_at_zero():
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((6,)), layers.Dense(4, "softmax", kernel_initializer="zeros")])
    model.compile("adam", SCCE, metrics=["accuracy"])
    return model, X, CLASSES


@sound
def a_trained_model():
    model = net(1, "sigmoid", BCE)
    model.fit(X, YES_NO, epochs=5, verbose=0)
    return model, X, YES_NO


@sound
def a_saved_and_loaded_model(tmp="model.keras"):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        model = net(4, "sigmoid", keras.losses.BinaryCrossentropy(label_smoothing=0.1), ["binary_accuracy"])
        model.save(Path(folder) / tmp)
        return keras.models.load_model(Path(folder) / tmp), X, MULTI


@sound
def kl_divergence_on_one_hot_rows():
    return net(4, "softmax", "kl_divergence"), X, ONE_HOT


@sound
def a_few_rows_of_many_classes():
    return net(100, "softmax", SCCE), X, RNG.integers(0, 100, N)


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_set_up_gives_no_finding(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras' own remarks are not the subject
        model, x, y, *more = SOUND[name]()
    diagnosis = doctor.examine(model, x, y, **(more[0] if more else {}))
    assert diagnosis.codes == (), str(diagnosis)
    assert diagnosis.ok


NOT_JUDGED = {
    "a_custom_loss_and_metric": ("my_loss", "my_metric"),
    "a_custom_loss_class": ("Weighted",),
    "an_own_training_step": ("train_step",),
    "regression_is_not_judged": ("measured quantities",),
    "an_autoencoder_is_not_judged": ("measured quantities",),
    "several_outputs_by_name": ("'price'",),
    "a_frozen_base_that_wants_raw_pixels": ("frozen",),
    "a_subclassed_model": ("inside cannot be seen",),
    "a_subclassed_multilabel_model": ("inside cannot be seen",),
}


@pytest.mark.parametrize("name", NOT_JUDGED)
def test_what_is_not_judged_is_said(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model, x, y, *_ = SOUND[name]()
    said = " ".join(doctor.examine(model, x, y).not_judged)
    for word in NOT_JUDGED[name]:
        assert word in said
