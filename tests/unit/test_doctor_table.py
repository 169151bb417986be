"""Every mistake the doctor knows: a smallest broken example, the same example mended, and its fix run.

The table is the specification: `CASES` has one row or more for each code, and
`test_every_code_stands_in_the_table` fails when a code has none.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
from keras import layers

from mlcourse import doctor


class Setup(NamedTuple):
    """What is handed to `doctor.examine`."""

    model: keras.Model
    X: Any
    y: Any
    kwargs: dict[str, Any] = {}  # noqa: RUF012 - never written to


@dataclass(frozen=True)
class Case:
    """One broken example and its mended twin; `fix_mends` says that running the fix alone mends it."""

    code: str
    broken: Callable[[], Setup]
    mended: Callable[[], Setup]
    fix_mends: bool = True
    note: str = ""

    @property
    def id(self) -> str:
        return f"{self.code}-{self.note}" if self.note else self.code


N = 120
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, 4)).astype("float32")
X_TEST = RNG.normal(size=(30, 4)).astype("float32")
CLASSES = np.arange(N) % 3
ONE_HOT = np.eye(3)[CLASSES]
YES_NO = np.arange(N) % 2
MULTI = np.stack([(np.arange(N) // step) % 2 for step in (1, 2, 4)], axis=1)
RARE = np.stack([np.arange(N) % 2, np.arange(N) % 30 == 0, np.arange(N) % 3 == 0], axis=1).astype(int)
SCCE, CCE, BCE = "sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"
SCCE_LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
BCE_LOGITS = keras.losses.BinaryCrossentropy(from_logits=True)


def net(*last, loss=None, metrics=None, shape=(4,), **compiled):
    """Return a small model that ends in `last`: a layer, or units and activation."""
    keras.utils.set_random_seed(0)
    end = [layers.Dense(last[0], activation=last[1])] if isinstance(last[0], int) else list(last)
    model = keras.Sequential([keras.Input(shape), layers.Dense(8, activation="relu"), *end])
    if loss is not None:
        model.compile("adam", loss, metrics=metrics, **compiled)
    return model


def case(code, broken, mended, *, y, fix_mends=True, note="", X=X, **kwargs):
    """Return the case of two models on the same data."""
    return Case(
        code, lambda: Setup(broken(), X, y, kwargs), lambda: Setup(mended(), X, y, kwargs), fix_mends, note
    )


def data_case(code, model, *, broken, mended, fix_mends=True, note=""):
    """Return the case of one model on two data; `broken` and `mended` are (X, y) or (X, y, keywords)."""
    return Case(code, lambda: Setup(model(), *broken), lambda: Setup(model(), *mended), fix_mends, note)


def dead():
    """Return a trained-looking model whose hidden units are all dead."""
    model = net(3, "softmax", loss=SCCE)
    kernel, bias = model.layers[0].get_weights()
    model.layers[0].set_weights([kernel, bias - 1000])
    return model


def diverged():
    model = net(3, "softmax", loss=SCCE)
    model.layers[0].set_weights([w * np.nan for w in model.layers[0].get_weights()])
    return model


def good():
    return net(3, "softmax", loss=SCCE, metrics=["accuracy"])


def with_nan(array):
    array = array.astype("float32")
    array[5] = np.nan
    return array


CASES = [
    # set-up
    case("not-compiled", lambda: net(3, "softmax"), good, y=CLASSES),
    case("input-shape-mismatch", lambda: net(3, "softmax", loss=SCCE, shape=(5,)), good, y=CLASSES,
         fix_mends=False),
    data_case("input-shape-mismatch", lambda: net(layers.Flatten(), layers.Dense(3, "softmax"), loss=SCCE,
              shape=(2, 2)),
              broken=(X, CLASSES), mended=(X.reshape(-1, 2, 2), CLASSES), note="flat"),
    # output
    case("single-unit-softmax", lambda: net(1, "softmax", loss=BCE, metrics=["accuracy"]),
         lambda: net(1, "sigmoid", loss=BCE, metrics=["accuracy"]), y=YES_NO),
    case("single-unit-softmax", lambda: net(1, "softmax", loss=CCE), lambda: net(3, "softmax", loss=SCCE),
         y=CLASSES, note="3-classes"),
    case("double-softmax", lambda: net(layers.Dense(3, activation="softmax"), layers.Softmax(), loss=SCCE),
         good, y=CLASSES),
    case("double-softmax", lambda: net(layers.Dense(3, activation="sigmoid"), layers.Activation("sigmoid"),
         loss=BCE),
         lambda: net(3, "sigmoid", loss=BCE), y=MULTI, note="sigmoid"),
    case("relu-output", lambda: net(3, "relu", loss=SCCE, metrics=["accuracy"]), good, y=CLASSES),
    case("relu-output", lambda: net(3, "relu", loss=SCCE_LOGITS), lambda: net(3, None, loss=SCCE_LOGITS),
         y=CLASSES, note="logits"),
    case("relu-output", lambda: net(1, "tanh", loss=BCE), lambda: net(1, "sigmoid", loss=BCE), y=YES_NO,
         note="tanh"),
    case("output-units-mismatch", lambda: net(2, "softmax", loss=SCCE), good, y=CLASSES),
    case("output-units-mismatch", lambda: net(5, "softmax", loss=CCE), lambda: net(3, "softmax", loss=CCE),
         y=ONE_HOT, note="one-hot"),
    case("output-units-mismatch", lambda: net(1, "sigmoid", loss=BCE), good, y=CLASSES, note="one-unit"),
    case("output-units-mismatch", lambda: net(1, "sigmoid", loss=BCE), lambda: net(3, "sigmoid", loss=BCE),
         y=MULTI, note="multilabel"),
    case("output-units-mismatch", lambda: net(2, "sigmoid", loss=BCE), lambda: net(1, "sigmoid", loss=BCE),
         y=YES_NO, note="two-sigmoids"),
    case("output-units-mismatch",
         lambda: net(layers.Reshape((4, 2)), layers.Dense(3, "softmax"), loss=SCCE),
         lambda: net(layers.Reshape((4, 2)), layers.Flatten(), layers.Dense(3, "softmax"), loss=SCCE),
         y=CLASSES, fix_mends=False, note="not-flat"),
    case("output-units-mismatch",
         lambda: net(layers.Reshape((4, 2)), layers.LSTM(4, return_sequences=True), layers.Dense(1,
         "sigmoid"), loss=BCE),
         lambda: net(layers.Reshape((4, 2)), layers.LSTM(4), layers.Dense(1, "sigmoid"), loss=BCE),
         y=YES_NO, fix_mends=False, note="return-sequences"),
    case("softmax-on-multilabel", lambda: net(3, "softmax", loss=BCE, metrics=["binary_accuracy"]),
         lambda: net(3, "sigmoid", loss=BCE, metrics=["binary_accuracy"]), y=MULTI),
    case("softmax-on-multilabel", lambda: net(layers.Dense(3), layers.Softmax(), loss=CCE,
         metrics=["accuracy"]),
         lambda: net(3, "sigmoid", loss=BCE, metrics=["binary_accuracy"]), y=MULTI, note="all-three-lines"),
    case("sigmoid-on-multiclass", lambda: net(3, "sigmoid", loss=SCCE, metrics=["accuracy"]), good,
         y=CLASSES),
    case("sigmoid-on-multiclass", lambda: net(3, "sigmoid", loss=BCE), good, y=CLASSES, note="bce"),
    case("sigmoid-on-multiclass", lambda: net(3, "sigmoid", loss=BCE, metrics=["binary_accuracy"]),
         lambda: net(3, "softmax", loss=CCE), y=ONE_HOT, task="multiclass", note="one-hot"),
    # loss
    case("integer-labels-categorical-loss", lambda: net(3, "softmax", loss=CCE, metrics=["accuracy"]), good,
         y=CLASSES),
    case("integer-labels-categorical-loss",
         lambda: net(3, None, loss=keras.losses.CategoricalCrossentropy(from_logits=True)),
         lambda: net(3, None, loss=SCCE_LOGITS), y=CLASSES[:, None], note="logits"),
    case("integer-labels-categorical-loss", lambda: net(3, "softmax", loss="categorical_focal_crossentropy"),
         good, y=CLASSES, note="focal"),
    case("onehot-labels-sparse-loss", lambda: net(3, "softmax", loss=SCCE), lambda: net(3, "softmax",
         loss=CCE),
         y=ONE_HOT),
    case("onehot-labels-sparse-loss", lambda: net(3, "sigmoid", loss=SCCE), lambda: net(3, "sigmoid",
         loss=BCE),
         y=MULTI, note="multilabel"),
    case("bce-on-softmax", lambda: net(3, "softmax", loss=BCE, metrics=["accuracy"]),
         lambda: net(3, "softmax", loss=CCE, metrics=["accuracy"]), y=ONE_HOT),
    case("bce-on-softmax", lambda: net(3, "softmax", loss=BCE), good, y=CLASSES, note="class-numbers"),
    case("categorical-loss-on-multilabel", lambda: net(3, "sigmoid", loss=CCE), lambda: net(3, "sigmoid",
         loss=BCE),
         y=MULTI),
    case("categorical-loss-on-multilabel",
         lambda: net(3, None, loss=keras.losses.CategoricalCrossentropy(from_logits=True)),
         lambda: net(3, None, loss=BCE_LOGITS), y=MULTI, note="logits"),
    case("mse-on-probabilities", lambda: net(3, "softmax", loss="mse", metrics=["accuracy"]),
         lambda: net(3, "softmax", loss=CCE, metrics=["accuracy"]), y=ONE_HOT),
    case("mse-on-probabilities", lambda: net(1, "sigmoid", loss="mse"), lambda: net(1, "sigmoid", loss=BCE),
         y=YES_NO, note="binary"),
    case("mse-on-probabilities", lambda: net(1, None, loss="mse"), lambda: net(1, None, loss=BCE_LOGITS),
         y=YES_NO, note="linear"),
    case("logits-mismatch", lambda: net(3, None, loss=SCCE, metrics=["accuracy"]),
         lambda: net(3, None, loss=SCCE_LOGITS, metrics=["accuracy"]), y=CLASSES,
         note="scores-as-probabilities"),
    case("logits-mismatch", lambda: net(1, None, loss=BCE, metrics=["accuracy"]),
         lambda: net(1, None, loss=BCE_LOGITS, metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)]),
         y=YES_NO, note="binary"),
    case("logits-mismatch", lambda: net(3, "softmax", loss=SCCE_LOGITS), good, y=CLASSES,
         note="probabilities-as-scores"),
    case("logits-mismatch", lambda: net(1, "sigmoid", loss=BCE_LOGITS), lambda: net(1, "sigmoid", loss=BCE),
         y=YES_NO, note="sigmoid-as-score"),
    # labels
    data_case("label-dtype", good, broken=(X, np.array(["ant", "bee", "cat"])[CLASSES]), mended=(X, CLASSES)),
    data_case("label-dtype", good, broken=(X, CLASSES + 0.5), mended=(X, CLASSES), note="fractions"),
    data_case("label-dtype", good, broken=(X, CLASSES.astype(object)), mended=(X, CLASSES), note="objects"),
    data_case("labels-out-of-range", good, broken=(X, CLASSES + 1), mended=(X, CLASSES)),
    data_case("labels-out-of-range", good, broken=(X, CLASSES * 10), mended=(X, CLASSES), note="gaps"),
    data_case("labels-not-binary", lambda: net(1, "sigmoid", loss=BCE, metrics=["accuracy"]),
              broken=(X, YES_NO * 2 - 1), mended=(X, YES_NO)),
    data_case("labels-not-binary", lambda: net(3, "sigmoid", loss=BCE),
              broken=(X, MULTI * 2), mended=(X, MULTI), note="matrix"),
    case("missing-class", lambda: net(4, "softmax", loss=SCCE), good, y=CLASSES),
    data_case("missing-class", lambda: net(3, "sigmoid", loss=BCE),
              broken=(X, MULTI * [1, 0, 1]), mended=(X, MULTI), fix_mends=False, note="label"),
    data_case("missing-class", good, broken=(X, np.where(CLASSES == 1, 0, CLASSES)), mended=(X, CLASSES),
              fix_mends=False, note="in-between"),
    data_case("missing-class", lambda: net(3, "softmax", loss=SCCE),
              broken=(X[:9], CLASSES[:9] % 2, {"X_test": X_TEST, "y_test": CLASSES[:30]}),
              mended=(X, CLASSES, {"X_test": X_TEST, "y_test": CLASSES[:30]}), fix_mends=False,
              note="in-test-only"),
    case("class-imbalance", lambda: net(1, "sigmoid", loss=BCE, metrics=["accuracy"]),
         lambda: net(1, "sigmoid", loss=BCE, weighted_metrics=["accuracy"]),
         y=(np.arange(N) % 20 == 0).astype(int)),
    case("class-imbalance", lambda: net(2, "softmax", loss=SCCE, metrics=["accuracy"]),
         lambda: net(2, "softmax", loss=SCCE, metrics=["accuracy"], weighted_metrics=["accuracy"]),
         y=(np.arange(N) % 20 == 0).astype(int), note="two-units"),
    # metrics
    case("accuracy-is-argmax", lambda: net(3, "sigmoid", loss=BCE, metrics=["accuracy"]),
         lambda: net(3, "sigmoid", loss=BCE, metrics=["binary_accuracy"]), y=MULTI),
    case("accuracy-is-argmax", lambda: net(3, "sigmoid", loss=BCE,
         metrics=[keras.metrics.CategoricalAccuracy(), "auc"]),
         lambda: net(3, "sigmoid", loss=BCE, metrics=["binary_accuracy", "auc"]), y=MULTI, note="asked-for"),
    case("binary-accuracy-on-multiclass", lambda: net(3, "softmax", loss=CCE, metrics=["binary_accuracy"]),
         lambda: net(3, "softmax", loss=CCE, metrics=["accuracy"]), y=ONE_HOT),
    case("accuracy-threshold-on-logits", lambda: net(1, None, loss=BCE_LOGITS, metrics=["accuracy"]),
         lambda: net(1, None, loss=BCE_LOGITS, metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)]),
         y=YES_NO),
    case("accuracy-compares-exactly", lambda: net(3, "softmax", loss=CCE, metrics=[keras.metrics.Accuracy()]),
         lambda: net(3, "softmax", loss=CCE, metrics=["accuracy"]), y=ONE_HOT),
    case("accuracy-hides-rare-labels", lambda: net(3, "sigmoid", loss=BCE, metrics=["binary_accuracy"]),
         lambda: net(3, "sigmoid", loss=BCE, metrics=["binary_accuracy", keras.metrics.F1Score("macro",
         threshold=0.5)]),
         y=RARE),
    case("accuracy-hides-rare-labels",
         lambda: net(3, None, loss=BCE_LOGITS, metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)]),
         lambda: net(3, None, loss=BCE_LOGITS, metrics=[keras.metrics.AUC(multi_label=True,
         from_logits=True)]),
         y=RARE, note="logits"),
    # inputs
    data_case("unscaled-inputs", good, broken=(X * [1, 1, 1, 5000] + 300, CLASSES), mended=(X, CLASSES)),
    data_case("unscaled-inputs", good, broken=(X / 1e4, CLASSES), mended=(X, CLASSES), note="too-small"),
    data_case("constant-feature", good, broken=(X * [1, 1, 1, 0] + [0, 0, 0, 2], CLASSES), mended=(X,
              CLASSES),
              fix_mends=False),
    data_case("nan-or-inf", good, broken=(with_nan(X), CLASSES), mended=(X, CLASSES)),
    data_case("nan-or-inf", lambda: net(1, "sigmoid", loss=BCE), broken=(X, with_nan(YES_NO)), mended=(X,
              YES_NO),
              note="labels"),
    data_case("nan-or-inf", lambda: net(3, "sigmoid", loss=BCE), broken=(X, with_nan(MULTI)), mended=(X,
              MULTI),
              note="label-matrix"),
    case("nan-or-inf", diverged, good, y=CLASSES, fix_mends=False, note="weights"),
    # split
    data_case("leaking-rows", good, broken=(X, CLASSES, {"X_test": np.concatenate([X_TEST, X[:10]]),
                                                         "y_test": CLASSES[:40]}),
              mended=(X, CLASSES, {"X_test": X_TEST, "y_test": CLASSES[:30]})),
    # behaviour
    case("saturated-outputs", dead, good, y=CLASSES, fix_mends=False),
]  # fmt: skip


def ids(cases):
    return [c.id for c in cases]


@pytest.fixture(autouse=True)
def keras_warns_too():
    """Let Keras warn: some of these mistakes it notices itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def examine(setup):
    return doctor.examine(setup.model, setup.X, setup.y, **setup.kwargs)


@cache
def broken(case):
    """Return the diagnosis of the broken example (examining changes nothing, so once is enough)."""
    return examine(case.broken())


@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_the_broken_example_gives_this_one_finding(case):
    diagnosis = broken(case)
    assert diagnosis.codes == (case.code,), str(diagnosis)
    assert diagnosis.ok == (diagnosis.findings[0].severity == "hint")


@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_the_mended_example_gives_none(case):
    diagnosis = examine(case.mended())
    assert diagnosis.codes == (), str(diagnosis)
    assert diagnosis.ok


def test_every_code_stands_in_the_table():
    assert {c.code for c in CASES} == {c.code for c in doctor.codes()}


ISSUE = [
    "softmax-on-multilabel",
    "sigmoid-on-multiclass",
    "single-unit-softmax",
    "double-softmax",
    "relu-output",
    "output-units-mismatch",
    "integer-labels-categorical-loss",
    "onehot-labels-sparse-loss",
    "bce-on-softmax",
    "mse-on-probabilities",
    "logits-mismatch",
    "accuracy-is-argmax",
    "labels-out-of-range",
    "labels-not-binary",
    "label-dtype",
    "unscaled-inputs",
    "constant-feature",
    "nan-or-inf",
    "missing-class",
    "class-imbalance",
    "leaking-rows",
    "not-compiled",
    "input-shape-mismatch",
    "saturated-outputs",
    "accuracy-hides-rare-labels",
]


def test_the_promised_codes_are_all_there():
    assert len(ISSUE) == 25
    assert set(ISSUE) <= {c.code for c in doctor.codes()}


@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_what_is_said_is_code_and_sentences(case):
    (finding,) = broken(case).findings
    compile(finding.fix, "fix", "exec")
    assert finding.evidence.endswith(".") or "stops with" in finding.evidence
    assert any(c.isdigit() for c in finding.evidence) or case.code == "not-compiled"
    assert finding.why.count(".") > 1
    assert len(finding.why) < 420


def run_fix(setup, fix):
    """Do what the fix says, as a student would, and return the set-up that comes of it."""
    names = {"keras": keras, "np": np, "model": setup.model, "X": setup.X, "y": setup.y, **setup.kwargs}
    first, *rest = fix.splitlines()
    if first.startswith("keras.layers."):
        old = setup.model
        new = eval(first, names)
        kept = old.layers[:-1] if isinstance(new, layers.Activation) else old.layers[:1]
        names["model"] = keras.Sequential([keras.Input(old.input_shape[1:]), *kept, new])
        metrics = old._compile_metrics and old._compile_metrics._user_metrics
        names["model"].compile("adam", old.loss, metrics=metrics)
        fix = "\n".join(rest)
    exec(fix, names)
    kwargs = {name: names[name] for name in setup.kwargs}
    return Setup(names["model"], names["X"], names["y"], kwargs)


FIXABLE = [c for c in CASES if c.fix_mends]


@pytest.mark.parametrize("case", FIXABLE, ids=ids(FIXABLE))
def test_running_the_fix_mends_it(case):
    (finding,) = broken(case).findings
    mended = run_fix(case.broken(), finding.fix)
    diagnosis = examine(mended)
    # Keras agrees: its own loss can be computed, and is a number.
    loss = mended.model.compute_loss(y=keras.ops.convert_to_tensor(mended.y), y_pred=mended.model(mended.X))
    assert np.isfinite(float(loss))
    assert diagnosis.codes == (), f"{finding.fix}\n{diagnosis}"
