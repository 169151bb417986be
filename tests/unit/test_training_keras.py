"""The callback in real fits: several outputs, interrupted, resumed, stopped early, in a terminal."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from mlcourse import trace

RNG = np.random.default_rng(0)
X = RNG.normal(size=(64, 3)).astype("float32")
Y = (X[:, :1] > 0).astype("float32")


def net(units=1, activation="sigmoid", loss="binary_crossentropy", metrics=("binary_accuracy",), rate=0.05):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(units, activation=activation)])
    model.compile(keras.optimizers.Adam(rate), loss=loss, metrics=list(metrics))
    return model


def fit(model, training, epochs=3, **options):
    return model.fit(
        X, Y, epochs=epochs, verbose=0, callbacks=[training, *options.pop("callbacks", [])], **options
    )


def test_every_epoch_is_recorded_as_keras_logs_it():
    training = trace.Training(live=False)
    history = fit(net(), training, validation_split=0.25).history
    assert [e.epoch for e in training.epochs] == [1, 2, 3]
    for name, values in history.items():
        assert [e.metrics[name] for e in training.epochs] == pytest.approx(values)
    assert training.epochs[0].observation.endswith(("starts learning.", "no better than guessing yet."))
    assert "log(2) = 0.69" in training.epochs[0].observation
    assert training.record.fits[0].state == "finished"


def test_guessing_among_classes_is_known_too():
    training = trace.Training(live=False)
    model = net(4, "softmax", "sparse_categorical_crossentropy", ("accuracy",))
    model.fit(X, np.arange(64) % 4, epochs=1, verbose=0, callbacks=[training])
    assert "log(4) = 1.39" in training.epochs[0].observation


def test_a_penalised_loss_is_not_measured_against_guessing():
    training = trace.Training(live=False)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "sigmoid", kernel_regularizer="l2")])
    model.compile(loss="binary_crossentropy")
    fit(model, training, 1)
    assert "log(2)" not in training.epochs[0].observation


def test_an_interrupted_fit_keeps_what_was_finished():
    training = trace.Training(live=False)

    def stop(epoch, logs):  # noqa: ARG001 - Keras' signature
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(net(), training, 5, callbacks=[keras.callbacks.LambdaCallback(on_epoch_begin=stop)])
    assert len(training.epochs) == 2
    assert training.record.fits[0].state == "interrupted"
    assert "interrupted" in str(training).lower()


def test_a_second_fit_counts_on_and_marks_the_seam():
    training = trace.Training(live=False)
    model = net()
    fit(model, training, 2)
    fit(model, training, 2)
    assert [e.epoch for e in training.epochs] == [1, 2, 3, 4]
    assert [f.first_epoch for f in training.record.fits] == [1, 3]
    fit(model, training, 6, initial_epoch=4)
    assert [e.epoch for e in training.epochs] == [1, 2, 3, 4, 5, 6]


def test_a_trace_listed_twice_records_every_epoch_once():
    training = trace.Training(live=False)
    fit(net(), training, callbacks=[training])
    assert [e.epoch for e in training.epochs] == [1, 2, 3]


def test_another_model_counts_on_but_is_compared_with_nothing_before_it():
    training = trace.Training(live=False)
    fit(net(), training)
    fit(net(rate=0.2), training, callbacks=[training])
    assert [f.same_model for f in training.record.fits] == [True, False]
    assert training.epochs[3].observation.endswith(("starts learning.", "no better than guessing yet."))
    assert "with another model" in str(training)


def test_early_stopping_is_told_apart_from_the_end():
    training = trace.Training(live=False)
    stopping = keras.callbacks.EarlyStopping("loss", patience=1, min_delta=10)
    fit(net(), training, 9, callbacks=[stopping])
    assert training.record.fits[0].state == "stopped early"


def test_validation_that_comes_every_second_epoch_leaves_gaps():
    training = trace.Training(live=False)
    fit(net(), training, 4, validation_split=0.25, validation_freq=2)
    assert [v is None for v in training.record.values("val_loss")] == [True, False, True, False]
    assert training.record._repr_html_()


def test_several_outputs_keep_their_names():
    keras.utils.set_random_seed(0)
    inputs = keras.Input((3,))
    outputs = {n: keras.layers.Dense(1, "sigmoid", name=n)(inputs) for n in ("left", "right")}
    model = keras.Model(inputs, outputs)
    model.compile(loss=dict.fromkeys(outputs, "binary_crossentropy"))
    training = trace.Training(live=False)
    model.fit(X, dict.fromkeys(outputs, Y), epochs=2, verbose=0, callbacks=[training])
    assert {"loss", "left_loss", "right_loss"} <= set(training.record.metric_names)
    assert "left" in training._repr_html_()


@pytest.mark.filterwarnings("ignore:__array__ implementation")  # Keras 3.15 with NumPy 2.4
def test_the_learning_rate_of_a_schedule_is_recorded():
    training = trace.Training(live=False)
    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate)
    fit(net(rate=0.08), training, 2, callbacks=[halve])
    assert training.epochs[1].learning_rate == pytest.approx(0.04)
    assert "Learning rate lowered from 0.08 to 0.04" in training.epochs[1].observation


def test_a_loss_that_runs_out_of_bounds_is_named():
    training = trace.Training(live=False)
    model = net(loss="mse", activation=None)
    model.fit(X * np.inf, Y, epochs=2, verbose=0, callbacks=[training])
    assert training.epochs[-1].observations[0].name == "NaN loss"


def test_a_terminal_gets_a_line_an_epoch(capsys):
    fit(net(), trace.Training(), 3)
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[0] == "Training for 3 epochs of 2 batches"
    assert len(lines) == 5
    assert "starts learning" in lines[1] or "guessing" in lines[1]


def test_a_history_becomes_a_trace():
    history = fit(net(), trace.Training(live=False))
    training = trace.Training.from_history(history)
    assert len(training.epochs) == 3
    assert training.compare(history.history).text


@pytest.mark.parametrize(("live", "digits"), [("yes", 2), (True, -1), (True, "two")])
def test_bad_arguments_are_told(live, digits):
    with pytest.raises((TypeError, ValueError), match=r"live is 'yes'|digits is"):
        trace.Training(live, digits=digits)
