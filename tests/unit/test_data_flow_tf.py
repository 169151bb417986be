"""`tf.data` pipelines and Keras layers that learn by `adapt`."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from mlcourse import datasets, trace
from mlcourse._errors import InvalidArgument, InvalidType

WINE = datasets.load_wine()
TRAIN, TEST = WINE.split()


def halve(x, y):
    return x / 2, y


def source(data):
    return tf.data.Dataset.from_tensor_slices((data.X, data.y))


def test_each_transformation_is_a_stage_with_its_shape():
    flow = trace.data_flow(source(TRAIN).map(halve).batch(16).prefetch(1))
    assert [s.name for s in flow.stages] == ["from_tensor_slices", "map", "batch", "prefetch"]
    assert [s.shape_out for s in flow.stages] == [(142, 13), (142, 13), (9, None, 13), (9, None, 13)]
    assert (flow.stages[0].sample == TRAIN.X[0]).all()
    assert (flow.stages[1].sample_in == TRAIN.X[0]).all()
    assert np.allclose(flow.stages[1].sample, TRAIN.X[0] / 2)
    assert flow.stages[2].sample.shape == (16, 13)
    assert flow.follows == "first element"
    assert "142 × 13 → 9 × ? × 13" in str(flow)
    assert "first element" in flow._repr_html_()


def test_parallel_maps_options_and_sources_without_labels():
    numbers = tf.data.Dataset.range(10).map(lambda n: n * 2, num_parallel_calls=2).repeat()
    flow = trace.data_flow(numbers.with_options(tf.data.Options()).batch(4))
    assert [s.name for s in flow.stages] == ["range", "map", "repeat", "batch"]
    assert flow.stages[3].shape_out == (None, None)
    assert flow.stages[3].sample.tolist() == [0, 2, 4, 6]


def test_behind_a_shuffle_no_arrow_leads_from_row_to_row():
    flow = trace.data_flow(source(TRAIN).shuffle(142).map(halve).batch(8))
    assert "Each pass deals anew." in flow.stages[1].action
    for stage in flow.stages:
        assert stage.sample_in is stage.sample


def test_two_sides_without_common_rows_raise_no_alarm():
    flow = trace.data_flow(source(TRAIN).shuffle(142).batch(16), test=source(TEST).batch(16))
    assert flow.leaks == ()
    assert flow.not_judged == ()
    assert flow.stages[-1].name == "evaluation data"


@pytest.mark.parametrize(("anew", "cached", "leaks"), [(True, False, 1), (False, False, 0), (True, True, 0)])
def test_take_and_skip_after_a_shuffle_that_deals_anew_are_noticed(anew, cached, leaks):
    rows = source(WINE).shuffle(178, seed=0, reshuffle_each_iteration=anew)
    if cached:
        rows = rows.cache()
        list(rows)  # the first whole pass fills the cache
    flow = trace.data_flow(rows.take(140).batch(8), test=rows.skip(140).batch(8))
    assert len(flow.leaks) == leaks
    if leaks:
        assert "of 38 evaluation rows are also among the 140 training rows" in flow.leaks[0].evidence
        assert "reshuffle_each_iteration=False" in flow.leaks[0].fix


def test_the_same_rows_on_both_sides_are_noticed():
    flow = trace.data_flow(source(WINE).batch(8), test=source(TEST).batch(8))
    assert "36 of 36 evaluation rows are also among the 178 training rows" in flow.leaks[0].evidence


def test_a_few_equal_rows_are_told_but_no_leak():
    twin = TRAIN.take([0, *range(142)])
    held = datasets.Dataset(np.concatenate([TEST.X, TRAIN.X[:1]]), [*TEST.y, TRAIN.y[0]], "multiclass")
    flow = trace.data_flow(source(twin), test=source(held))
    assert flow.ok
    assert "1 of 37 evaluation rows are also among the 143 training rows" in flow.not_judged[0]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (
            lambda: trace.data_flow(source(TRAIN), test=TEST),
            InvalidType,
            "must be a tf.data.Dataset like the first",
        ),
        (lambda: trace.data_flow(source(TRAIN), TRAIN.y), InvalidArgument, "brings its own labels and steps"),
        (lambda: trace.data_flow(source(TRAIN).take(0)), InvalidArgument, "is empty after 'take'"),
        (
            lambda: trace.data_flow(source(TRAIN), test=source(TEST).take(0)),
            InvalidArgument,
            "test is an empty",
        ),
    ],
)
def test_bad_input_gets_one_sentence(call, error, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize(
    ("rows", "says"),
    [(TRAIN.X, None), (WINE.X, "all 178 rows"), (TEST.X, "fitted on the 36 evaluation rows")],
)
def test_an_adapted_layer_is_judged(rows, says):
    layer = keras.layers.Normalization()
    layer.adapt(rows)
    flow = trace.data_flow(TRAIN, test=TEST, pipeline=layer)
    with trace.DataFlow() as by_hand:
        by_hand.split(WINE.X, TRAIN.X, TEST.X)
        by_hand.step("normalise", TRAIN.X, layer(TRAIN.X), transformer=layer)
    for found in (flow, by_hand):
        assert len(found.leaks) == (says is not None)
        assert found.not_judged == ()
        if says:
            assert says in found.leaks[0].evidence
            assert "mean" in found.leaks[0].evidence


def test_a_layer_not_yet_adapted_is_adapted_on_the_training_rows():
    layer = keras.layers.Normalization()
    flow = trace.data_flow(WINE, pipeline=layer)
    assert np.allclose(flow.train.X.mean(axis=0), 0, atol=1e-4)
    assert abs(flow.test.X.mean(axis=0)).max() > 0.01
    assert not layer.built
