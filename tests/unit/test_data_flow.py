"""The five stages of the course's own pipeline: what each does, in numbers, and how it shows."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape

import numpy as np
import pytest

from mlcourse import datasets, trace
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.datasets import Dataset

NAMES = ["raw data", "train/test split", "preprocessing", "training data", "evaluation data"]


@pytest.fixture(scope="module")
def data():
    return datasets.make_multilabel(seed=1)


@pytest.fixture(scope="module")
def flow(data):
    return trace.data_flow(data, seed=1)


def test_the_split_comes_before_preprocessing(flow):
    assert [s.name for s in flow.stages] == NAMES


def test_shapes_lead_from_one_stage_to_the_next(flow):
    assert [(s.shape_in, s.shape_out) for s in flow.stages] == [
        ((1000, 20), (1000, 20)),
        ((1000, 20), (800, 20)),
        ((800, 20), (800, 20)),
        ((800, 20), (800, 20)),
        ((200, 20), (200, 20)),
    ]
    assert flow.stages[1].shape_aside == (200, 20)


def test_one_real_row_is_followed(data, flow):
    raw, split, scaled, training, evaluation = flow.stages
    for stage in (raw, split):
        assert (stage.sample == data.X[raw.row]).all()
    assert (scaled.sample_in == data.X[raw.row]).all()
    assert (scaled.sample == flow.train.X[0]).all()
    assert (training.sample == scaled.sample).all()
    assert (evaluation.sample_in == data.X[evaluation.row]).all()
    assert (evaluation.sample == flow.test.X[0]).all()
    assert evaluation.row != raw.row
    assert all(s.sample.shape == (20,) for s in flow.stages)


def test_the_scaler_knows_the_training_rows_alone(data, flow):
    raw_train, raw_test = data.split(seed=1)
    low, high = raw_train.X.min(axis=0), raw_train.X.max(axis=0)
    assert np.allclose(flow.train.X, (raw_train.X - low) / (high - low))
    assert np.allclose(flow.test.X, (raw_test.X - low) / (high - low))
    assert (flow.train.y == raw_train.y).all()
    assert (flow.test.y == raw_test.y).all()


def test_standard_scaling_and_none(data):
    raw_train, raw_test = data.split()
    standard = trace.data_flow(data, scaler="standard")
    mean, std = raw_train.X.mean(axis=0), raw_train.X.std(axis=0)
    assert np.allclose(standard.test.X, (raw_test.X - mean) / std)
    assert "Features have means from 0.00 to 0.00" in standard.stages[3].evidence
    plain = trace.data_flow(data, scaler=None)
    assert (plain.train.X == raw_train.X).all()
    assert plain.stages[2].action == "No scaler was asked for: the values go on as they are."


def test_the_evidence_is_counted_from_the_data(data, flow):
    outside = int(((flow.test.X < 0) | (flow.test.X > 1 + 1e-9)).sum())
    assert outside > 0
    assert f"{outside} of 4000 values lie outside 0 to 1" in flow.stages[4].evidence
    train, _ = data.split(seed=1)
    other = (train.X.min(axis=0) != data.X.min(axis=0)) | (train.X.max(axis=0) != data.X.max(axis=0))
    assert f"another range for {other.sum()} of 20 features" in flow.stages[2].evidence


def test_whole_numbers_are_told_as_such(data, flow):
    assert flow.stages[0].evidence == f"Values are whole numbers from 0 to {data.X.max():.0f}."
    assert flow.stages[3].evidence == "Values lie from 0.00 to 1.00."


def test_importing_the_traces_imports_nothing_heavy():
    code = (
        "import sys, mlcourse.trace, mlcourse.datasets;"
        "heavy = {'tensorflow', 'keras', 'sklearn', 'matplotlib', 'IPython'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_arguments_reach_the_split():
    iris = datasets.load_iris()
    flow = trace.data_flow(iris, test_size=30, seed=5)
    _, test = iris.split(test_size=30, seed=5)
    assert (flow.test.y == test.y).all()
    assert flow.stages[4].shape_out == (30, 4)


def test_pictures_are_scaled_pixel_by_pixel():
    digits = datasets.load_digits()
    flat = digits.take(np.arange(200))
    pictures = Dataset(flat.X.reshape(-1, 8, 8), flat.y, "multiclass")
    flow = trace.data_flow(pictures)
    assert flow.train.X.shape == (160, 8, 8)
    assert np.allclose(flow.train.X.reshape(160, -1), trace.data_flow(flat).train.X)
    grey = trace.data_flow(Dataset(pictures.X.astype(np.uint8), flat.y, "multiclass"))
    assert grey.train.X.dtype == np.float32
    assert np.allclose(grey.train.X, flow.train.X, atol=1e-6)


def test_tables_with_labels_and_rows_held_back_before(data):
    train, test = data.split(seed=1)
    a = trace.data_flow(data.X, data.y, seed=1)
    b = trace.data_flow(train, test=test)
    c = trace.data_flow(train.X, train.y, test=(test.X, test.y))
    for other in (a, b, c):
        assert [s.name for s in other.stages] == NAMES
        assert np.allclose(other.test.X, trace.data_flow(data, seed=1).test.X)
    assert b.stages[0].row is None
    assert b.stages[1].action.startswith("Done before: 800 rows to train on, 200 held back")


def test_a_rare_class_warns_at_the_students_line():
    rare = Dataset(np.arange(41.0).reshape(-1, 1), [0] * 40 + [1], "multiclass")
    with pytest.warns(UserWarning, match="'class_1'") as seen:
        trace.data_flow(rare)
    assert seen[0].filename == __file__


HOLES = Dataset([[1.0, np.nan], [2.0, 3.0]] * 5, [0, 1] * 5, "multiclass")


@pytest.mark.parametrize(
    ("arguments", "options", "error", "says"),
    [
        (("iris",), {}, InvalidType, "dataset is 'iris', but must be an array or a table"),
        ((None,), {}, InvalidType, "dataset is None, but must be an array"),
        ((np.ones((4, 2)),), {}, InvalidArgument, "dataset is a table without labels; give y too"),
        ((np.ones((4, 2)), [0, 1, 0]), {}, InvalidArgument, "X has 4 rows and y has 3"),
        ((np.ones((0, 2)), []), {}, InvalidArgument, r"dataset is empty \(shape \(0, 2\)\)"),
        (([[1, 2], [3]], [0, 1]), {}, InvalidArgument, "dataset has rows of different lengths"),
        (([["a"], ["b"]], [0, 1]), {}, InvalidType, "X holds text, but must hold numbers"),
        ((HOLES,), {}, InvalidArgument, r"dataset holds 5 values that are missing \(NaN\) or infinite"),
        ((HOLES, [0, 1]), {}, InvalidArgument, "y is given twice"),
        (
            (datasets.load_iris(),),
            {"scaler": "robust"},
            InvalidArgument,
            "scaler is 'robust', but must be one of",
        ),
        (
            (datasets.load_iris(),),
            {"test_size": 2.0},
            InvalidArgument,
            "test_size is 2.0, but must be a number",
        ),
        ((datasets.load_iris(),), {"seed": -2}, InvalidArgument, "seed is -2"),
        (
            (datasets.load_iris(),),
            {"test": datasets.load_wine()},
            InvalidArgument,
            r"the training rows are 150 × 4 \(multiclass\) and test is 178 × 13",
        ),
        (
            (datasets.load_iris(),),
            {"test": np.ones((3, 4))},
            InvalidArgument,
            "test is a table without labels",
        ),
        ((datasets.load_iris(),), {"test": HOLES}, InvalidArgument, "test holds 5 values that are missing"),
    ],
)
def test_bad_input_gets_one_sentence(arguments, options, error, says):
    with pytest.raises(error, match=says):
        trace.data_flow(*arguments, **options)


def test_it_shows_as_one_line_as_text_and_as_html(flow):
    assert repr(flow) == "DataFlow(5 stages, 0 leaks)"
    assert repr(flow.stages[1]) == "Stage('train/test split', 1000 × 20 → 800 × 20)"
    text, html = str(flow), flow._repr_html_()
    plain = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))
    for i, stage in enumerate(flow.stages, 1):
        for shown in (text, plain):
            assert f"{i}. {stage.name}" in shown
            assert stage.action in shown
            assert stage.evidence in shown
    assert f"row {flow.stages[0].row}:" in text
    assert f"another row, {flow.stages[4].row}:" in text
    assert "id=" not in html


def test_the_html_escapes_names_and_values():
    table = np.array([["<b>", 1], ["<i>", 2], ["x", 3], ["y", 4]], dtype=object)
    with trace.DataFlow() as flow:
        flow.step("<script>", table, table[:, :1], action="a & b")
    html = flow._repr_html_()
    assert "<script>" not in html
    assert "&lt;b&gt;" in html
    assert "a &amp; b" in html


def test_an_empty_flow_says_so():
    flow = trace.DataFlow()
    assert repr(flow) == "DataFlow(0 stages, 0 leaks)"
    assert str(flow) == "Data flow: no step recorded yet."
    assert "No step recorded yet" in flow._repr_html_()
    assert flow.ok
