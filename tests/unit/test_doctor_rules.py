"""The rules on facts written by hand, without a model: where each begins and ends."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import mlcourse.doctor.rules  # noqa: F401 - registers them
from mlcourse.doctor import _arrays
from mlcourse.doctor._facts import Behaviour, Facts, Input, Labels, Loss, Metric, Output, Split
from mlcourse.doctor._registry import RULES, THEMES, in_order
from mlcourse.doctor._task import infer
from mlcourse.doctor.rules.setup import fits

X = Input("x", (4,), "float32", (4,))
COUNTS = ((0.0, 40), (1.0, 30), (2.0, 30))
CLASSES = Labels((100,), counts=COUNTS, distinct=3, high=2.0, zero_one=False)
MULTI = Labels((100, 3), layout="matrix", rates=(0.5, 0.4, 0.3), sums=(0.0, 3.0), sums_not_one=60)
NOW = Behaviour(100)

MULTICLASS = Facts((X,), Output("out", (3,), ("softmax",)), CLASSES, Loss("sparse_categorical_crossentropy"),
                   (Metric('"accuracy"', "SparseCategoricalAccuracy"),), NOW)  # fmt: skip
MULTILABEL = Facts((X,), Output("out", (3,), ("sigmoid",)), MULTI, Loss("binary_crossentropy"),
                   (Metric('"binary_accuracy"', "BinaryAccuracy", threshold=0.5),), NOW,
                   task="multilabel")  # fmt: skip


def found(facts):
    """Return the codes of all rules that see something, explained or not."""
    return {code for code, rule in RULES.items() if rule.find(facts)}


def one(**changes):
    return replace(MULTICLASS, inputs=(replace(X, **changes),))


def labels(facts, **changes):
    return replace(facts, labels=replace(facts.labels, **changes))


def test_sound_facts_give_nothing():
    assert found(MULTICLASS) == set()
    assert found(MULTILABEL) == set()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (one(rms=20.1), "unscaled-inputs"),
        (one(low=-0.004, high=0.0099, rms=0.001), "unscaled-inputs"),
        (one(constant=((2, 1.5),)), "constant-feature"),
        (one(constant=((2, 0.0),), zeros=0.19), "constant-feature"),
        (one(bad=1, first_bad=(3, 1)), "nan-or-inf"),
        (one(shape=(5,)), "input-shape-mismatch"),
        (replace(MULTICLASS, call_error="ValueError: no"), "input-shape-mismatch"),
        (replace(MULTICLASS, loss=None, compiled=False), "not-compiled"),
        (replace(MULTICLASS, loss=None), "not-compiled"),
        (replace(MULTICLASS, behaviour=replace(NOW, bad=2)), "nan-or-inf"),
        (replace(MULTICLASS, behaviour=replace(NOW, spread=0.0009)), "saturated-outputs"),
        (replace(MULTICLASS, behaviour=replace(NOW, same_class=1), trained=True), "saturated-outputs"),
        (replace(MULTICLASS, split=Split(100, 20, 1, (0, 5))), "leaking-rows"),
        (replace(MULTICLASS, split=Split(100, 20, 0, unseen=(4.0,))), "missing-class"),
        (labels(MULTICLASS, counts=((0.0, 50), (2.0, 50)), distinct=2), "missing-class"),
        (labels(MULTICLASS, counts=((0.0, 90), (1.0, 1), (2.0, 9))), "class-imbalance"),
        (labels(MULTICLASS, high=3.0), "labels-out-of-range"),
        (labels(MULTICLASS, low=-1.0), "labels-out-of-range"),
        (labels(MULTICLASS, whole=False), "label-dtype"),
        (labels(MULTICLASS, distinct=4), "output-units-mismatch"),
        (labels(MULTICLASS, layout="other", shape=(100, 3, 2)), "output-units-mismatch"),
        (labels(MULTILABEL, rates=(0.5, 0.099, 0.3)), "accuracy-hides-rare-labels"),
        (labels(MULTILABEL, rates=(0.5, 0.0, 0.3)), "missing-class"),
        (labels(MULTILABEL, rates=(0.5, 1.0, 0.3)), "missing-class"),
        (labels(MULTILABEL, low=-1.0, zero_one=False), "labels-not-binary"),
    ],
)
def test_just_beyond_the_edge(facts, code):
    assert found(facts) == {code}


@pytest.mark.parametrize(
    "facts",
    [
        one(rms=20.0),
        one(rms=500.0, scaled_inside=True, scaled_how="Rescaling"),
        one(rms=500.0, scaled_inside=None, scaled_how="cannot be seen"),
        one(low=-0.004, high=0.0101, rms=0.001),
        one(low=0.0, high=0.0, rms=0.0),
        one(constant=((2, 0.0),), zeros=0.2),
        one(shape=(4, 1)),
        replace(MULTICLASS, loss=None, own_training=True),
        replace(MULTICLASS, behaviour=replace(NOW, spread=0.0, inputs_differ=False)),
        replace(
            MULTICLASS,
            behaviour=replace(NOW, spread=0.0),
            output=replace(MULTICLASS.output, zero_kernel=True),
        ),
        replace(MULTICLASS, behaviour=replace(NOW, same_class=1), trained=False),
        replace(MULTICLASS, split=Split(100, 20, 0)),
        replace(MULTICLASS, split=Split(100, 20, 6, (0, 5), twins=0.2)),
        labels(MULTICLASS, shape=(29,), counts=((0.0, 15), (2.0, 14)), distinct=2),
        labels(MULTICLASS, counts=((0.0, 90), (1.0, 10), (2.0, 10))),
        labels(MULTILABEL, rates=(0.5, 0.1, 0.3)),
        replace(labels(MULTILABEL, rates=(0.5, 0.01, 0.3)), metrics=(Metric("f", "custom"),)),
        replace(labels(MULTILABEL, rates=(0.5, 0.01, 0.3)), metrics=()),
        labels(MULTILABEL, low=0.1, high=0.9, zero_one=False),
        replace(labels(MULTILABEL, sums_not_one=0), metrics=(Metric('"accuracy"', "CategoricalAccuracy"),)),
        labels(replace(MULTICLASS, output=Output("out", (None,), (), "nothing")), distinct=9),
        replace(MULTICLASS, loss=Loss("custom")),
        replace(MULTICLASS, output=replace(MULTICLASS.output, activations=(), seen_in="nothing")),
    ],
)
def test_just_before_the_edge(facts):
    assert found(facts) == set()


ACTIVATIONS = ["linear", "sigmoid", "softmax", "relu", "tanh", "gelu", "leaky_relu", "log_softmax"]
LOSSES = [
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "mean_squared_error",
]


@pytest.mark.parametrize("facts", [MULTICLASS, MULTILABEL], ids=["multiclass", "multilabel"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(
    ("loss", "logits"), [*((loss, False) for loss in LOSSES), *((loss, True) for loss in LOSSES[:3])]
)
def test_of_all_combinations_only_the_right_ones_pass(facts, activation, loss, logits):
    right_loss = "sparse_categorical_crossentropy" if facts is MULTICLASS else "binary_crossentropy"
    right_end = "softmax" if facts is MULTICLASS else "sigmoid"
    scores = activation in ("linear", "log_softmax")
    right = loss == right_loss and (activation == right_end if not logits else scores)
    changed = replace(
        facts,
        output=replace(facts.output, activations=(activation,)),
        loss=Loss(loss, logits, f'"{loss}"'),
        metrics=(),
    )
    seen = {c: r for c, r in RULES.items() if r.find(changed)}
    left = [c for c in seen if c not in {e for r in seen.values() for e in r.explains}]
    assert (left == []) == right, left
    for code in left:
        compile(RULES[code].find(changed).fix, "fix", "exec")
    if not right and loss != "mean_squared_error":
        assert len(left) <= 2, left


def test_a_rule_is_explained_only_by_rules_that_exist():
    for rule in RULES.values():
        assert rule.explains <= set(RULES)
        assert rule.code.code not in rule.explains
        assert rule.code.theme in THEMES
    assert len(in_order()) == len(RULES)


def test_no_two_rules_explain_each_other():
    for code, rule in RULES.items():
        assert not any(code in RULES[other].explains for other in rule.explains)


@pytest.mark.parametrize(
    ("given", "expected", "fine"),
    [
        ((4,), (4,), True), ((4,), (None,), True), ((4,), (5,), False), ((8, 8), (8, 8, 1), True),
        ((8, 8, 1), (8, 8), True), ((8, 8), (8, 8, 3), False), ((), (1,), True), ((64,), (8, 8), False),
        ((5, 3), (None, 3), True),
    ],
)  # fmt: skip
def test_the_shapes_that_keras_takes(given, expected, fine):
    import keras

    assert fits(given, expected) == fine
    x = keras.Input(expected)
    layer = keras.layers.Activation("linear") if None in expected else keras.layers.Flatten()
    model = keras.Model(x, layer(x))
    if fine:
        model(np.zeros((2, *given)))
    else:
        with pytest.raises(ValueError, match=r"incompatible|Invalid input shape"):
            model(np.zeros((2, *given)))


# ------------------------------------------------------------------ measuring arrays


def describe(array, expected=None):
    return _arrays.describe_input(
        "x", np.asarray(array), expected=expected, scaled_inside=False, scaled_how=""
    )


def test_an_input_is_measured_in_pieces_as_in_one(monkeypatch):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(101, 7)) * np.arange(7)
    x[5, 3] = np.nan
    x[77, 3] = np.inf
    whole = describe(x)
    monkeypatch.setattr(_arrays, "_CHUNK", 20)
    pieces = describe(x)
    assert pieces.rms == pytest.approx(whole.rms, rel=1e-12)
    assert replace(pieces, rms=whole.rms) == whole
    assert (whole.bad, whole.first_bad) == (2, (5, 3))
    assert whole.constant == ((0, 0.0),)
    assert whole.feature == 6
    assert whole.rms == pytest.approx(np.sqrt((x[:, 6] ** 2).mean()))
    assert (whole.low, whole.high) == pytest.approx((np.nanmin(x), np.nanmax(x[np.isfinite(x)])))


def test_an_input_of_nothing_but_nan():
    seen = describe(np.full((5, 2), np.nan))
    assert (seen.bad, seen.constant, seen.low, seen.high) == (10, (), 0.0, 0.0)


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float16", "bool"])
def test_small_dtypes_do_not_overflow(dtype):
    x = np.full((1000, 3), 200).astype(dtype)
    x[0] = 0
    top = 1.0 if dtype == "bool" else 200.0
    assert describe(x).rms == pytest.approx(top * np.sqrt(0.999), rel=1e-3)


@pytest.mark.parametrize(
    ("y", "output", "layout", "width"),
    [
        ([0, 1, 2], (3,), "column", 1),
        ([0, 1, 2], (), "column", 1),
        ([[0], [1]], (3,), "column", 1),
        ([[0], [1]], (), "column", 1),
        ([[0, 1], [1, 0]], (2,), "matrix", 2),
        ([[0, 1], [1, 0]], (3,), "matrix", 2),
        ([[0, 1], [1, 0]], (2, 4), "column", 1),
        ([[0, 1], [1, 0]], (None, 4), "column", 1),
        ([[0, 1], [1, 0]], (5, 4), "other", 1),
        ([[[0, 1], [1, 0]]], (2,), "other", 1),
        ([0, 1, 2], (5, 3), "other", 1),
        ([[0], [1]], (5, 3), "other", 1),
    ],
)
def test_the_layout_of_labels(y, output, layout, width):
    seen = _arrays.describe_labels(np.asarray(y), output)
    assert (seen.layout, seen.width) == (layout, width)


def test_labels_are_counted():
    seen = _arrays.describe_labels(np.array([2, 0, 2, 2]), (3,))
    assert seen.counts == ((0.0, 1), (2.0, 3))
    assert (seen.low, seen.high, seen.distinct, seen.whole, seen.zero_one) == (0.0, 2.0, 2, True, False)
    matrix = _arrays.describe_labels(np.array([[1, 0], [1, 1]], bool), (2,))
    assert (matrix.rates, matrix.sums, matrix.sums_not_one, matrix.kind) == (
        (1.0, 0.5),
        (1.0, 2.0),
        1,
        "bool",
    )
    assert not matrix.one_hot


@pytest.mark.parametrize(
    ("rows", "most", "picked"), [(1, 256, [0]), (3, 256, [0, 1, 2]), (100, 3, [0, 50, 99])]
)
def test_the_sample_is_spread_evenly(rows, most, picked):
    assert _arrays.sample_rows(rows, most).tolist() == picked


def test_rows_are_compared_as_the_model_sees_them():
    train = {"x": np.array([[0.1, 1.0], [0.0, 2.0], [3.0, 4.0], [3.0, 4.0]])}
    test = {"x": np.array([[-0.0, 2.0], [5.0, 5.0], [0.1, 1.0]], "float32")}
    split = _arrays.compare_split(train, test)
    assert (split.shared, split.first, split.twins) == (2, (0, 1), 0.5)


def test_labels_seen_only_in_the_test_rows():
    assert _arrays.unseen(np.array([0, 1]), np.array([1, 5])) == (5.0,)
    assert _arrays.unseen(np.array([0.5]), np.array([1.5])) == ()
    assert _arrays.unseen(np.eye(2), None) == ()


# ------------------------------------------------------------------ the task


@pytest.mark.parametrize(
    ("asked", "y", "units", "activation", "loss", "task"),
    [
        (None, CLASSES, 3, "softmax", "sparse_categorical_crossentropy", "multiclass"),
        (None, replace(CLASSES, distinct=2), 1, "sigmoid", "binary_crossentropy", "binary"),
        ("multiclass", replace(CLASSES, distinct=2), 1, "sigmoid", "binary_crossentropy", "binary"),
        (
            "binary",
            replace(CLASSES, distinct=2),
            2,
            "softmax",
            "sparse_categorical_crossentropy",
            "multiclass",
        ),
        (None, MULTI, 3, "softmax", "categorical_crossentropy", "multilabel"),
        (None, replace(MULTI, sums_not_one=0), 3, "sigmoid", "binary_crossentropy", "multilabel"),
        (None, replace(MULTI, sums_not_one=0), 3, "softmax", "binary_crossentropy", "multiclass"),
        (None, replace(MULTI, sums_not_one=0), 3, "sigmoid", "categorical_crossentropy", "multiclass"),
        (None, replace(MULTI, sums_not_one=0), 3, "sigmoid", "", "multilabel"),
        (None, replace(MULTI, sums_not_one=0, zero_one=False), 3, "softmax", "kl_divergence", "multiclass"),
        (None, replace(CLASSES, whole=False), 1, "linear", "mean_squared_error", "regression"),
        (None, replace(CLASSES, distinct=9), 1, "linear", "mean_squared_error", "regression"),
        (None, replace(CLASSES, zero_one=True, distinct=2), 1, "linear", "mean_squared_error", "binary"),
        (None, replace(MULTI, zero_one=False, whole=False), 3, "linear", "mean_squared_error", "regression"),
    ],
)
def test_the_task_follows_its_rule(asked, y, units, activation, loss, task):  # noqa: PLR0917
    output = Output("out", (units,), (activation,))
    assert infer(asked, y, output, Loss(loss) if loss else None)[0] == task


def test_the_doctor_is_imported_without_tensorflow():
    heavy = "{'tensorflow', 'keras'} & set(sys.modules)"
    code = f"import sys, mlcourse.doctor as d; d.codes(); sys.exit(bool({heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
