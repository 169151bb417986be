"""Steps recorded by hand: rows keep their numbers, and a step that learned from evaluation rows is named."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, Normalizer, StandardScaler

from mlcourse import datasets, trace
from mlcourse._errors import InvalidArgument, InvalidType

WINE = datasets.load_wine()
X = WINE.X
# Few values and many equal rows: a test row has its like among the training rows.
DICE = np.random.default_rng(0).integers(1, 4, size=(120, 2)).astype(float)


def scaled_before_the_split(X, **said):
    with trace.DataFlow() as flow:
        after = (X - X.min(axis=0)) / np.ptp(X, axis=0)
        flow.step("scale", X, after, **said)
        train, test = train_test_split(after, test_size=0.25, random_state=0)
        flow.split(after, train, test)
    return flow


def scaled_after_the_split(X, scaler):
    with trace.DataFlow() as flow:
        train, test = train_test_split(X, test_size=0.25, random_state=0)
        flow.split(X, train, test)
        scaler.fit(train)
        flow.step("scale", train, scaler.transform(train), transformer=scaler)
        flow.step("scale, evaluation rows", test, scaler.transform(test), transformer=scaler)
    return flow


@pytest.mark.parametrize("rows", [X, DICE])
@pytest.mark.parametrize("scaler", [MinMaxScaler(), StandardScaler()])
def test_the_right_order_raises_no_alarm(rows, scaler):
    flow = scaled_after_the_split(rows, scaler)
    assert flow.leaks == ()
    assert flow.not_judged == ()
    assert [s.name for s in flow.stages] == ["train/test split", "scale", "scale, evaluation rows"]


@pytest.mark.parametrize("scaler", [MinMaxScaler(), StandardScaler()])
def test_a_transformer_fitted_before_the_split_is_noticed(scaler):
    with trace.DataFlow() as flow:
        after = scaler.fit_transform(X)
        flow.step("scale", X, after, transformer=scaler)
        train, test = train_test_split(after, test_size=0.25, random_state=0)
        flow.split(after, train, test)
    assert [leak.step for leak in flow.leaks] == [f"scale ({type(scaler).__name__})"]
    assert "learned from all 178 rows, the 45 evaluation rows among them" in flow.leaks[0].evidence


def test_a_scaler_fitted_on_all_rows_but_used_after_the_split_is_noticed():
    train, test = train_test_split(X, test_size=0.25, random_state=0)
    scaler = MinMaxScaler().fit(X)
    with trace.DataFlow() as flow:
        flow.split(X, train, test)
        flow.step("scale", train, scaler.transform(train), transformer=scaler)
    assert "learned from all 178 rows" in flow.leaks[0].evidence


def test_fit_transform_on_the_evaluation_rows_is_noticed():
    train, test = train_test_split(X, test_size=0.25, random_state=0)
    scaler = MinMaxScaler()
    with trace.DataFlow() as flow:
        flow.split(X, train, test)
        flow.step("scale", train, scaler.fit_transform(train), transformer=scaler)
        flow.step("scale again", test, scaler.fit_transform(test), transformer=scaler)
    assert [leak.step for leak in flow.leaks] == ["scale again (MinMaxScaler)"]
    assert "fitted on the 45 evaluation rows, not on the 133 training rows" in flow.leaks[0].evidence


@pytest.mark.parametrize(("rows", "leaks"), [("train", []), ("all", ["prepare › scale (StandardScaler)"])])
def test_a_pipeline_given_as_transformer_is_judged_step_by_step(rows, leaks):
    train, test = train_test_split(X, test_size=0.25, random_state=0)
    pipeline = Pipeline([("flat", Normalizer()), ("scale", StandardScaler())])
    pipeline.fit(train if rows == "train" else X)
    with trace.DataFlow() as flow:
        flow.split(X, train, test)
        flow.step("prepare", train, pipeline.transform(train), transformer=pipeline)
    assert [leak.step for leak in flow.leaks] == leaks
    assert flow.not_judged == ()


def test_a_second_step_is_judged_by_the_rows_that_reach_it():
    train, test = train_test_split(X, test_size=0.25, random_state=0)
    first = StandardScaler().fit(train)
    train_1, test_1 = first.transform(train), first.transform(test)
    for fitted_on, leaks in ((train_1, 0), (np.concatenate([train_1, test_1]), 1)):
        second = MinMaxScaler().fit(fitted_on)
        with trace.DataFlow() as flow:
            flow.split(X, train, test)
            flow.step("standard", train, train_1, transformer=first)
            flow.step("standard, evaluation rows", test, test_1)
            flow.step("minmax", train_1, second.transform(train_1), transformer=second)
        assert len(flow.leaks) == leaks


def test_own_arithmetic_is_judged_by_its_result():
    flow = scaled_before_the_split(X)
    assert flow.leaks[0].step == "scale"
    assert "each of the 13 scaled features reaches exactly from 0 to 1" in flow.leaks[0].evidence
    assert "all 178 rows, the 45 evaluation rows among them" in flow.leaks[0].evidence
    for ddof in (0, 1):
        with trace.DataFlow() as flow:
            after = (X - X.mean(axis=0)) / X.std(axis=0, ddof=ddof)
            flow.step("scale", X, after)
            flow.split(after, after[:100], after[100:])
        assert "exactly mean 0 and standard deviation 1" in flow.leaks[0].evidence


def test_evaluation_rows_scaled_by_themselves_are_noticed():
    train, test = X[:140], X[140:]
    with trace.DataFlow() as flow:
        flow.split(X, train, test)
        flow.step("scale train", train, (train - train.min(axis=0)) / np.ptp(train, axis=0))
        flow.step("scale test", test, (test - test.min(axis=0)) / np.ptp(test, axis=0))
    assert [leak.step for leak in flow.leaks] == ["scale test"]
    assert "learned from the 38 evaluation rows themselves" in flow.leaks[0].evidence


def test_rows_said_to_be_learned_from_are_believed_and_recognised():
    flow = scaled_before_the_split(X, fitted_on=X)
    assert flow.leaks[0].evidence == "it learned from 178 rows, 45 of them evaluation rows."
    train, test = train_test_split(X, test_size=0.25, random_state=0)
    for learned, leaks in ((train, 0), (train[:50].copy(), 0), (X[::2], 1), (test, 1)):
        with trace.DataFlow() as flow:
            flow.split(X, train, test)
            flow.step("scale", train, train / learned.max(axis=0), fitted_on=learned)
        assert len(flow.leaks) == leaks
        assert flow.not_judged == ()
    with trace.DataFlow() as flow:
        flow.split(X, train, test)
        flow.step("scale", train, train / 2, fitted_on=np.ones((3, 13)))
    assert flow.not_judged == ("scale: the rows in fitted_on were not recognised.",)


def test_equal_rows_on_both_sides_are_not_mistaken_for_one():
    train, test = DICE[:90], DICE[90:]
    with trace.DataFlow() as flow:
        flow.split(DICE, train, test)
        flow.step("scale", train, train / train.max(axis=0), fitted_on=train)
    assert flow.ok


@pytest.mark.parametrize("rows", [X, DICE])
def test_a_constant_factor_is_no_leak(rows):
    pixels = datasets.load_digits().X[:, 10:14].copy()
    pixels[0], pixels[1] = 0, 16
    for table, factor in ((rows, 100.0), (pixels, 16.0)):
        with trace.DataFlow() as flow:
            after = table / factor
            flow.step("scale", table, after)
            flow.split(after, after[:60], after[60:])
        assert flow.leaks == ()
        assert "whether it learned from its" in flow.not_judged[0]


def test_one_hot_columns_are_no_leak():
    table = np.array([[0, 1.0], [1, 0.0], [1, 1.0], [0, 0.0]] * 10)
    with trace.DataFlow() as flow:
        after = 1 - table
        flow.step("flip", table, after)
        flow.split(after, after[:30], after[30:])
    assert flow.ok


def test_a_constant_factor_beside_columns_left_alone_is_no_leak():
    pixel = np.linspace(0, 255, 40)
    table = np.column_stack([pixel, np.arange(40) % 2])
    with trace.DataFlow() as flow:
        after = table / [255, 1]
        flow.step("scale", table, after)
        flow.split(after, after[:30], after[30:])
    assert flow.ok


def test_a_fixed_threshold_is_no_leak():
    with trace.DataFlow() as flow:
        after = (np.round(X.mean(axis=0), 2) < X).astype(float)
        flow.step("binarise", X, after)
        flow.split(after, after[:100], after[100:])
    assert (np.ptp(after, axis=0) == 1).all()
    assert flow.ok


def test_rows_on_both_sides_of_the_split_are_counted():
    with trace.DataFlow() as flow:
        flow.split(X, X[:150], X[140:])
    assert flow.leaks[0].evidence.startswith("10 rows came out of the split more often than went in")
    with trace.DataFlow() as flow:
        flow.split(DICE, DICE[:100], DICE[100:])
    assert flow.ok


def test_rows_keep_their_numbers_when_some_are_dropped_or_shuffled():
    kept = X[X[:, 0] > 13]
    with trace.DataFlow() as flow:
        flow.step("drop", X, kept)
        flow.step("scale", kept, kept / 2)
        half = kept / 2
        flow.split(half, half[10:], half[:10])
    number = int(np.flatnonzero(X[:, 0] > 13)[10])
    assert [s.row for s in flow.stages] == [number] * 3
    assert (flow.stages[0].sample_in == X[number]).all()
    assert (flow.stages[1].sample == X[number] / 2).all()


def test_without_a_split_nothing_is_judged_and_it_says_so():
    with trace.DataFlow() as flow:
        flow.step("scale", X, X / 2)
    assert flow.ok
    assert "No split was recorded" in flow.not_judged[0]
    assert "Not judged: No split was recorded" in str(flow)
    assert "Not judged:" in flow._repr_html_()


def test_the_verdict_follows_what_is_recorded_later():
    flow = trace.DataFlow()
    flow.step("scale", X, X / 2)
    assert len(flow.stages) == 1
    flow.split(X / 2, X[:100] / 2, X[100:] / 2)
    assert len(flow.stages) == 2
    assert "No split" not in flow.not_judged[0]


def test_an_error_inside_the_block_is_not_hidden():
    with pytest.raises(ZeroDivisionError), trace.DataFlow():
        1 / 0  # noqa: B018


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda f: f.step("a", X[:0], X), InvalidArgument, r"before is empty \(shape \(0, 13\)\)"),
        (lambda f: f.step("a", X, "x"), InvalidType, "after is 'x', but must be an array"),
        (lambda f: f.step("a", X, 3), InvalidType, "after is 3, but must be an array"),
        (lambda f: f.step("a", [[1], [1, 2]], X), InvalidArgument, "before has rows of different lengths"),
        (lambda f: f.step("", X, X), InvalidType, "name is '', but must be a word for the step"),
        (lambda f: f.step(3, X, X), InvalidType, "name is 3, but"),
        (
            lambda f: f.step("a", X, X, transformer="x"),
            InvalidType,
            "transformer is 'x', but must be a fitted",
        ),
        (lambda f: f.step("a", X, X, transformer=MinMaxScaler), InvalidType, "must be a fitted scikit-learn"),
        (lambda f: f.step("a", X, X, transformer=MinMaxScaler()), InvalidArgument, "which is not fitted yet"),
        (
            lambda f: f.split(X, X[:10] + 1, X[10:]),
            InvalidArgument,
            "train holds 10 rows that are not among the rows",
        ),
        (
            lambda f: f.split(X, X[:100], X[100:, :4]),
            InvalidArgument,
            "test holds 78 rows that are not among",
        ),
        (lambda f: (f.split(X, X[:9], X[9:]), f.split(X, X[:9], X[9:])), InvalidArgument, "a second time"),
        (lambda _: trace.data_flow(WINE).step("a", X, X), InvalidArgument, "this flow was traced already"),
    ],
)
def test_bad_input_gets_one_sentence(call, error, says):
    with pytest.raises(error, match=says):
        call(trace.DataFlow())
