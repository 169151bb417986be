"""Examining: what it takes in, what it refuses, and that it changes nothing."""

import random
import time
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from mlcourse import doctor
from mlcourse._errors import InvalidArgument, InvalidType

N = 60
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, 4)).astype("float32")
CLASSES = np.arange(N) % 3
SCCE = "sparse_categorical_crossentropy"


def net(units=3, activation="softmax", loss=SCCE, metrics=("accuracy",), shape=(4,)):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input(shape), layers.Dense(8, "relu"), layers.Dense(units, activation=activation)]
    )
    if loss:
        model.compile("adam", loss, metrics=list(metrics))
    return model


class Frame:
    """What a pandas frame or series offers and the doctor needs."""

    def __init__(self, array):
        self.array = array

    def to_numpy(self):
        return self.array


class Sparse:
    shape = (60, 4)

    def toarray(self):
        raise AssertionError


# ------------------------------------------------------------------ nothing changes


def everything(model):
    """Return all that an examination might change, as plain values."""
    optimizer = model.optimizer
    return {
        "weights": [w.numpy().tobytes() for w in model.weights],
        "variables": [v.numpy().tobytes() for v in model.variables],
        "optimizer": [v.numpy().tobytes() for v in optimizer.variables],
        "built": optimizer.built,
        "metrics": [(m.name, [v.numpy().tobytes() for v in m.variables]) for m in model.metrics],
        "compiled": (
            model.loss,
            id(model._compile_metrics),
            id(model._compile_loss),
            model._compile_metrics.built,
        ),
        "functions": (model.train_function, model.test_function, model.predict_function),
        "losses": len(model.losses),
        "trainable": [layer.trainable for layer in model.layers],
        "config": str(model.get_config()),
        "python": random.getstate(),
        "numpy": str(np.random.get_state()),  # noqa: NPY002
    }


def stochastic():
    """Return a model with all that keeps state: dropout, batch statistics, a stateful layer, a loss."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((4, 2), batch_size=N),
            layers.GaussianNoise(0.1),
            layers.GRU(5, stateful=True, dropout=0.1),
            layers.BatchNormalization(),
            layers.Dense(6, activity_regularizer="l2"),
            layers.Dropout(0.3),
            layers.Dense(3, "softmax"),
        ]
    )
    model.compile("adam", SCCE, metrics=["accuracy"], run_eagerly=True)
    return model


@pytest.mark.parametrize("trained", [False, True])
def test_nothing_changes(trained):
    model, x = stochastic(), RNG.normal(size=(N, 4, 2)).astype("float32")
    if trained:
        model.fit(x, CLASSES, epochs=1, batch_size=N, verbose=0)
    before = everything(model)
    x_before, y_before = x.copy(), CLASSES.copy()
    doctor.examine(model, x, CLASSES, X_test=x[:5] + 1, y_test=CLASSES[:5])
    after = everything(model)
    assert [k for k in before if before[k] != after[k]] == []
    assert np.array_equal(x, x_before)
    assert np.array_equal(CLASSES, y_before)


@pytest.mark.parametrize("seed", [7])
def test_training_goes_on_as_if_it_had_not_been_examined(seed):
    results = []
    for examined in (False, True):
        model = net()
        model.add(layers.Dropout(0.0))
        keras.utils.set_random_seed(seed)
        if examined:
            doctor.examine(model, X, CLASSES)
        history = model.fit(X, CLASSES, epochs=1, verbose=0).history
        results.append((history["loss"], np.random.rand(), random.random()))  # noqa: NPY002
    assert results[0] == results[1]


def test_at_most_256_rows_go_through_the_model():
    seen = []

    class Counting(layers.Layer):
        def call(self, x):
            seen.append(x.shape[0])
            return x

    model = keras.Sequential([keras.Input((4,)), Counting(), layers.Dense(3, "softmax")])
    model.compile("adam", SCCE)
    seen.clear()
    diagnosis = doctor.examine(model, np.tile(X, (1000, 1)), np.tile(CLASSES, 1000))
    assert seen == [256]
    assert diagnosis.looked_at.startswith("Looked at 60000 rows of X and y; 256 of them")


def test_a_large_x_takes_little_time():
    x = RNG.random((20_000, 28, 28, 1), dtype="float32")
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, "softmax")])
    model.compile("adam", SCCE)
    start = time.perf_counter()
    assert doctor.examine(model, x, np.arange(20_000) % 10).ok
    assert time.perf_counter() - start < 5


# ------------------------------------------------------------------ what it takes in


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (X.tolist(), CLASSES.tolist()),
        (Frame(X), Frame(CLASSES)),
        (tf.constant(X), tf.constant(CLASSES)),
        ([X], [CLASSES]),
        (X.astype("float64"), CLASSES.astype("int8")),
    ],
    ids=["lists", "frames", "tensors", "lists-of-one", "other-dtypes"],
)
def test_arrays_in_all_their_forms(x, y):
    assert doctor.examine(net(), x, y).codes == ()


def test_a_real_pandas_frame():
    pandas = pytest.importorskip("pandas", reason="pandas is not one of the course's dependencies")
    frame = pandas.DataFrame(X, columns=list("abcd"))
    assert doctor.examine(net(), frame, pandas.Series(CLASSES)).codes == ()


BAD = [
    (lambda: (net(), X[:50], CLASSES), InvalidArgument, "X has 50 rows and y has 60"),
    (lambda: (net(), X[:0], CLASSES[:0]), InvalidArgument, r"X is empty \(shape \(0, 4\)\)"),
    (lambda: (net(), X, CLASSES[:0]), InvalidArgument, "y is empty"),
    (lambda: (net(), X, None), InvalidType, "y is None"),
    (lambda: (net(), 3.0, CLASSES), InvalidType, "X is 3.0, but must be an array"),
    (lambda: (net(), X.astype(str), CLASSES), InvalidType, "X holds text .* but this model takes numbers"),
    (lambda: (net(), X.astype(object), CLASSES), InvalidType, "X has dtype object"),
    (
        lambda: (net(), Frame(np.array([["a", 1.0, 2, 3]] * N, dtype=object)), CLASSES),
        InvalidType,
        "X holds text",
    ),
    (lambda: (net(), [[1, 2], [3]], [0, 1]), InvalidArgument, "every row must have the same shape"),
    (
        lambda: (net(), Sparse(), CLASSES),
        InvalidType,
        r"sparse matrix of shape \(60, 4\); pass X.toarray\(\)",
    ),
    (
        lambda: (net(), tf.data.Dataset.from_tensor_slices(X), CLASSES),
        InvalidType,
        "does not read; pass arrays",
    ),
    (lambda: (net(), iter(X), CLASSES), InvalidType, "does not read; pass arrays"),
    (
        lambda: (net(), {"a": X}, CLASSES),
        InvalidArgument,
        "X has the keys .* but the model's inputs are called",
    ),
    (
        lambda: (net(), X, {"a": CLASSES}),
        InvalidArgument,
        "y has the keys .* but the model's outputs are called",
    ),
    (lambda: ("model", X, CLASSES), InvalidType, "model is 'model', but must be a keras.Model"),
    (lambda: (net, X, CLASSES), InvalidType, "must be a keras.Model"),
    (lambda: (keras.Sequential([layers.Dense(3)]), X, CLASSES), InvalidArgument, "is not built.*keras.Input"),
    (lambda: (two_heads(), X, CLASSES), InvalidArgument, "y is a ndarray, but the model has 2 outputs"),
    (lambda: (two_heads(), X, [CLASSES]), InvalidArgument, "y is 1 arrays, but the model has 2 outputs"),
    (lambda: (two_inputs(), X, CLASSES), InvalidArgument, "X is a ndarray, but the model has 2 inputs"),
]


def two_heads():
    x = keras.Input((4,))
    model = keras.Model(
        x, [layers.Dense(3, "softmax", name="kind")(x), layers.Dense(2, "sigmoid", name="tags")(x)]
    )
    model.compile("adam", {"kind": "mse", "tags": "binary_crossentropy"}, metrics={"tags": ["accuracy"]})
    return model


def two_inputs():
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    model = keras.Model([a, b], layers.Dense(3, "softmax")(layers.Concatenate()([a, b])))
    model.compile("adam", SCCE)
    return model


@pytest.mark.parametrize(("make", "kind", "message"), BAD)
def test_bad_input_is_refused_in_a_sentence(make, kind, message):
    with pytest.raises(kind, match=message) as caught:
        doctor.examine(*make())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        (
            {"task": "multi-label"},
            "task is 'multi-label', but must be one of 'binary', 'multiclass', 'multilabel'",
        ),
        ({"y_test": CLASSES}, "y_test was given without X_test"),
        ({"X_test": X[:5], "y_test": CLASSES[:4]}, "X_test has 5 rows and y_test has 4"),
        ({"X_test": X[:, :2]}, r"X_test has rows of shape \(2,\), but X has rows of shape \(4,\)"),
    ],
)
def test_bad_keywords_are_refused(kwargs, message):
    with pytest.raises(InvalidArgument, match=message):
        doctor.examine(net(), X, CLASSES, **kwargs)


def test_an_unbuilt_model_is_not_built_by_examining():
    model = keras.Sequential([layers.Dense(3)])
    with pytest.raises(InvalidArgument):
        doctor.examine(model, X, CLASSES)
    assert not model.built


def test_a_wrapped_model_is_pointed_at():
    class Wrapper:
        model_ = net()

    with pytest.raises(InvalidType, match="pass the Keras model inside it"):
        doctor.examine(Wrapper(), X, CLASSES)


def test_an_error_of_the_model_itself_is_a_finding_not_a_traceback():
    model = keras.Sequential(
        [keras.Input((4,)), layers.Embedding(3, 2), layers.Flatten(), layers.Dense(3, "softmax")]
    )
    model.compile("adam", SCCE)
    diagnosis = doctor.examine(model, np.full((N, 4), 7), CLASSES)
    assert diagnosis.codes[0] == "input-shape-mismatch"
    assert "indices" in diagnosis.findings[0].evidence


def test_several_mistakes_are_all_found_worst_first():
    x = X.copy()
    x[3, 2] = np.inf
    model = net(loss="mse")
    diagnosis = doctor.examine(model, x, np.eye(3)[CLASSES], X_test=x[:20])
    assert diagnosis.codes == ("nan-or-inf", "mse-on-probabilities", "leaking-rows")
    assert diagnosis.findings[0].evidence == "X holds 1 number that is NaN or infinite, the first at X[3, 2]."
    assert not diagnosis.ok


def test_keras_remarks_do_not_stand_beside_the_diagnosis(capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = net(1, "softmax", "binary_crossentropy")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        doctor.examine(model, X, CLASSES % 2)
    assert caught == []
    assert capfd.readouterr() == ("", "")


def test_each_output_is_judged_by_itself():
    tags = np.stack([CLASSES > 0, CLASSES != 1], axis=1)
    diagnosis = doctor.examine(two_heads(), X * 100, {"kind": CLASSES, "tags": tags})
    assert [(f.code, f.output) for f in diagnosis.findings] == [
        ("mse-on-probabilities", "kind"),
        ("accuracy-is-argmax", "tags"),
        ("unscaled-inputs", None),
    ]
    model = two_heads()
    for left in (1, 0):
        exec(diagnosis.findings[0].fix, {"model": model, "keras": keras})
        diagnosis = doctor.examine(model, X, {"kind": CLASSES, "tags": tags})
        assert len(diagnosis.findings) == left, str(diagnosis)


@pytest.mark.parametrize("by_name", [True, False])
@pytest.mark.parametrize(
    ("kind", "tags", "code"),
    [
        (CLASSES + 1, CLASSES > 0, "labels-out-of-range"),
        (np.array(["a", "b", "c"])[CLASSES], CLASSES > 0, "label-dtype"),
        (CLASSES, (CLASSES > 0) * 2 - 1, "labels-not-binary"),
    ],
)
def test_the_fix_of_one_outputs_labels_names_them(by_name, kind, tags, code):
    x = keras.Input((4,))
    model = keras.Model(
        x, [layers.Dense(3, "softmax", name="kind")(x), layers.Dense(1, "sigmoid", name="tags")(x)]
    )
    model.compile("adam", {"kind": SCCE, "tags": "binary_crossentropy"})
    y = {"kind": kind, "tags": tags} if by_name else [kind, tags]
    diagnosis = doctor.examine(model, X, y)
    assert diagnosis.codes == (code,)
    exec(diagnosis.findings[0].fix, {"y": y, "np": np})
    assert doctor.examine(model, X, y).codes == ()


def test_an_output_without_labels_is_not_judged():
    diagnosis = doctor.examine(two_heads(), X, {"tags": np.stack([CLASSES > 0, CLASSES != 1], axis=1)})
    assert "The output kind: y has no labels for it." in diagnosis.not_judged


# ------------------------------------------------------------------ which task


ONE_HOT = np.eye(3)[CLASSES]
MULTI = np.stack([CLASSES > 0, CLASSES != 1, np.arange(N) % 2], axis=1).astype(int)


@pytest.mark.parametrize(
    ("model", "y", "asked", "codes", "assumed"),
    [
        (lambda: net(3, "sigmoid", "binary_crossentropy", ["binary_accuracy"]), ONE_HOT, None, (),
        "multi-label"),
        (lambda: net(3, "sigmoid", "binary_crossentropy", ["binary_accuracy"]), ONE_HOT, "multilabel", (),
        None),
        (lambda: net(3, "sigmoid", "binary_crossentropy", ["binary_accuracy"]), ONE_HOT, "multiclass",
         ("sigmoid-on-multiclass",), None),
        (lambda: net(3, "softmax", "categorical_crossentropy"), ONE_HOT, None, (), None),
        (lambda: net(3, "softmax", "categorical_crossentropy"), ONE_HOT, "multilabel",
        ("softmax-on-multilabel",), None),
        (lambda: net(3, "sigmoid", "mse"), ONE_HOT, None, ("sigmoid-on-multiclass",), "multi-class"),
        (lambda: net(1, None, "mse", []), CLASSES, None, (), "regression"),
        (lambda: net(1, None, "mse", []), CLASSES, "multiclass", ("output-units-mismatch",), None),
        (lambda: net(3, "sigmoid", "binary_crossentropy", ["binary_accuracy"]), MULTI, None, (), None),
    ],
)  # fmt: skip
def test_the_task_is_inferred_and_can_be_said(model, y, asked, codes, assumed):
    diagnosis = doctor.examine(model(), X, y, task=asked)
    assert diagnosis.codes == codes, str(diagnosis)
    assert len(diagnosis.assumed) == (assumed is not None)
    if assumed:
        assert f"Taken as {assumed}" in diagnosis.assumed[0]
        assert "task=" in diagnosis.assumed[0]


# ------------------------------------------------------------------ leaks


def test_equal_rows_by_chance_are_no_leak():
    x = RNG.integers(0, 2, size=(N, 4)).astype("float32")
    assert doctor.examine(net(), x, CLASSES, X_test=x[:20]).codes == ()


def test_one_equal_row_is_a_hint():
    from sklearn.datasets import load_iris

    x, y = load_iris(return_X_y=True)  # its rows 101 and 142 are equal
    rest = np.delete(np.arange(150), [101, *range(0, 60, 2)])
    test = np.array([101, *range(0, 60, 2)])
    diagnosis = doctor.examine(net(), x[rest], y[rest], X_test=x[test], y_test=y[test])
    assert [(f.code, f.severity) for f in diagnosis.findings] == [("leaking-rows", "hint")]
    assert "1 of 31 test rows (3.2 %) stands" in diagnosis.findings[0].evidence
    assert diagnosis.ok


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_leak_is_seen_through_another_dtype(dtype):
    assert "leaking-rows" in doctor.examine(net(), X, CLASSES, X_test=X[:9].astype(dtype)).codes
