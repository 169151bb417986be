"""What the rules say of an epoch, from numbers alone: no Keras, no display."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest

from mlcourse.trace._training_baseline import Baseline
from mlcourse.trace._training_json import recorder_from
from mlcourse.trace._training_record import Recorder

GUESS = Baseline(0.6931, "answering 0.5 for every label", "log(2)")


def names(losses, val=None, digits=2, baseline=None):
    """Return the names of the last epoch's observations."""
    recorder = Recorder(digits)
    recorder.baseline = baseline
    recorder.begin_fit(1, len(losses))
    for i, loss in enumerate(losses):
        logs = {"loss": loss} | ({} if val is None or val[i] is None else {"val_loss": val[i]})
        recorder.add(i + 1, logs)
    return [o.name for o in recorder.epochs[-1].observations]


@pytest.mark.parametrize(
    ("losses", "name"),
    [
        ([0.55], "first epoch"),
        ([0.55, 0.38], "improving fast"),
        ([0.55, 0.38, 0.36], "slowing"),
        ([0.55, 0.53], "improving"),
        ([0.55, 0.56], "steady"),
        ([0.55, 0.60], "step back"),
        ([0.5, 0.3, 0.4, 0.6], "diverging"),
        ([0.5, 1.6], "diverging"),
        ([0.9, 0.5, 0.3, 0.3, 0.3, 0.3], "plateau"),
        ([0.7, 0.7, 0.7], "no learning"),
        ([0.5, math.nan], "NaN loss"),
        ([0.5, math.inf], "NaN loss"),
    ],
)
def test_each_shape_of_a_loss_has_its_rule(losses, name):
    assert names(losses)[0] == name


@pytest.mark.parametrize(
    ("loss", "name"), [(0.55, "starts learning"), (0.69, "at chance level"), (0.70, "at chance level")]
)
def test_the_first_epoch_is_measured_against_guessing(loss, name):
    assert names([loss], baseline=GUESS) == [name]


def test_three_epochs_at_chance_level_are_no_learning():
    assert names([0.70, 0.69, 0.69], baseline=GUESS) == ["at chance level"]


def test_a_steady_fall_from_far_above_guessing_is_learning():
    assert names([0.95, 0.92, 0.89], baseline=GUESS) == ["improving"]
    assert names([0.95, 0.92, 0.89, 0.89], baseline=GUESS) == ["at chance level"]


def test_overfitting_names_the_epoch_since_which():
    recorder = Recorder(2)
    recorder.begin_fit(1, 5)
    for i, (loss, val) in enumerate([(0.6, 0.6), (0.4, 0.5), (0.3, 0.55), (0.2, 0.6), (0.1, 0.7)]):
        recorder.add(i + 1, {"loss": loss, "val_loss": val})
    told = recorder.epochs[-1].observations[-1]
    assert told.name == "overfitting"
    assert told.evidence["since"] == 2
    assert "since epoch 2" in told.text
    assert "0.50" in told.text
    assert "0.70" in told.text


def test_no_overfitting_while_both_fall_or_both_rise():
    assert "overfitting" not in names([0.6, 0.5, 0.4], [0.6, 0.55, 0.5])
    assert "overfitting" not in names([0.6, 0.7, 0.8, 0.9], [0.5, 0.6, 0.7, 0.8])


def test_a_noisy_validation_loss_is_told():
    assert "validation noisy" in names([0.9, 0.8, 0.7, 0.6, 0.5], [0.5, 0.8, 0.5, 0.8, 0.5])


def test_what_is_below_the_last_digit_is_no_change():
    shaky = [0.5, 0.4 + 1e-5, 0.4 - 1e-5]
    assert names(shaky) == names([0.5, 0.4, 0.4])


@pytest.mark.parametrize("seed", range(20))
def test_a_difference_far_behind_the_shown_digits_changes_no_word(seed):
    import random

    dice = random.Random(seed)
    losses = [round(dice.uniform(0.1, 1.0), 2) for _ in range(8)]
    val = [round(dice.uniform(0.1, 1.0), 2) for _ in range(8)]
    near = [v + dice.uniform(-1e-4, 1e-4) for v in losses]
    near_val = [v + dice.uniform(-1e-4, 1e-4) for v in val]
    for end in range(1, 9):
        assert names(losses[:end], val[:end]) == names(near[:end], near_val[:end])


def test_every_observation_rests_on_numbers_that_its_sentence_shows():
    recorder = recorder_from({"loss": [0.55, 0.38, 0.32, 0.30, 0.28]}, digits=2)
    for epoch in recorder.epochs:
        for told in epoch.observations:
            assert told.evidence
            assert f"{told.evidence['loss']:.2f}" in told.text


def test_a_fit_that_is_resumed_counts_on():
    recorder = Recorder(2)
    for _ in range(2):
        recorder.begin_fit(1, 2)
        recorder.add(1, {"loss": 0.5})
        recorder.add(2, {"loss": 0.4})
        recorder.end_fit("finished")
    record = recorder.record()
    assert [e.epoch for e in record.epochs] == [1, 2, 3, 4]
    assert [f.first_epoch for f in record.fits] == [1, 3]


def test_thousands_of_epochs_are_all_kept_and_the_view_thins_out():
    losses = [1 / (1 + i / 50) for i in range(3000)]
    record = recorder_from({"loss": losses}, digits=2).record()
    assert len(record.epochs) == 3000
    html = record._repr_html_()
    assert len(html) < 60_000
    assert html.count("<tr>") < 60
    assert ">3000<" in html
    assert ">1<" in html


def test_the_record_is_json_and_comes_back():
    record = recorder_from({"loss": [0.5, 0.4], "val_accuracy": [0.5, 0.6]}, digits=2).record()
    kept = json.loads(json.dumps(record.to_dict()))
    assert kept["epochs"][1]["metrics"] == {"loss": 0.4, "val_accuracy": 0.6}


def test_views_escape_what_a_metric_is_called_and_say_what_they_draw():
    record = recorder_from({"loss": [0.5, 0.4], "<script>alert(1)</script>": [1.0, 2.0]}, digits=2).record()
    html = record._repr_html_()
    assert "<script>" not in html
    assert 'alt="loss by epoch: training falls from 0.50 in epoch 1 to 0.40 in epoch 2"' in html
    assert "<svg" not in html.split("base64")[0]
    assert "0.40" in str(record)


def test_a_comparison_says_which_was_lower_and_by_how_much():
    one = recorder_from({"loss": [0.5, 0.3], "accuracy": [0.7, 0.9]}, digits=2).record()
    two = recorder_from({"loss": [0.5, 0.4], "accuracy": [0.7, 0.8]}, digits=2).record()
    told = one.compare(two, names=("small steps", "large steps"))
    said = str(told)
    assert "small steps" in said
    assert "0.10" in said
    assert "large steps" in told._repr_html_()


@pytest.mark.parametrize("bad", [3, {"loss": 0.5}, {"loss": ["a"]}, {}])
def test_what_is_no_history_is_told(bad):
    with pytest.raises((ValueError, TypeError), match="istory"):
        recorder_from(bad, digits=2)


def test_ascii_has_a_least_size():
    record = recorder_from({"loss": [0.5, 0.4]}, digits=2).record()
    assert "loss" in record.ascii(width=20, height=5)
    with pytest.raises(ValueError, match="width is 3"):
        record.ascii(width=3)


def test_the_rules_need_no_keras():
    code = (
        "import sys; from mlcourse.trace._training_json import recorder_from;"
        "recorder_from({'loss': [0.5, 0.4]}, digits=2).record()._repr_html_();"
        "print([m for m in ('keras', 'tensorflow', 'IPython', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
