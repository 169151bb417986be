"""The figures on what Keras really gives: a fit's History, a trace, a model's predictions."""

from __future__ import annotations

import numpy as np
import pytest

from mlcourse import plots


@pytest.fixture(scope="module")
def trained():
    import keras

    from mlcourse import trace

    keras.utils.set_random_seed(0)
    X = np.random.default_rng(0).normal(size=(90, 2)).astype("float32")
    y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    record = trace.Training(live=False)
    history = model.fit(
        X, y, epochs=4, validation_split=0.2, validation_freq=2, verbose=0, callbacks=[record]
    )
    return model, X, y, history, record


def test_a_history_and_a_trace_of_the_same_fit_say_the_same(trained):
    *_, history, record = trained
    said = plots.curves(history, metrics=["loss", "accuracy"]).alt
    assert said.startswith("Loss falls from")
    assert "validation loss falls" in said
    assert "over 4 epochs" in said
    assert plots.curves(record, metrics=["loss", "accuracy"]).alt == said


def test_predictions_go_in_as_they_come(trained):
    model, X, y, *_ = trained
    P = model.predict(X, verbose=0)
    right = int((P.argmax(axis=1) == y).sum())
    assert f"{right} right" in plots.confusion(y, P.argmax(axis=1)).alt
    assert plots.roc_pr(y, P).alt.startswith("ROC and precision–recall curves of 3 classes.")
    assert plots.reliability(y, P).alt.startswith("Reliability of 90 predictions")


def test_regions_of_a_keras_model_agree_with_its_predictions_and_print_nothing(trained, capsys):
    model, X, y, *_ = trained
    right = int((model.predict(X, verbose=0).argmax(axis=1) == y).sum())
    assert (
        f"{right} of 90 samples lie in the region" in plots.decision_regions(model, X, y, resolution=40).alt
    )
    assert capsys.readouterr().out == ""
