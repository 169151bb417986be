"""The numbers of each figure and the words for them; nothing is drawn here."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    average_precision_score,
    confusion_matrix,
    precision_recall_fscore_support,
    roc_auc_score,
)

from mlcourse.plots._numbers import (
    _words,
    confusion,
    curves,
    decision_regions,
    images,
    label_matrix,
    per_class,
    reliability,
    roc_pr,
    threshold,
)

FALLING = [0.65, 0.48, 0.39, 0.33, 0.30]
TURNING = [0.60, 0.50, 0.45, 0.49, 0.55]


@pytest.fixture(scope="module")
def labelled():
    """Labels of three kinds, and probabilities that know something about them."""
    rng = np.random.default_rng(0)
    Y = (rng.random((400, 3)) < [0.2, 0.5, 0.7]).astype(int)
    P = np.clip(0.3 + 0.4 * Y + rng.normal(0, 0.25, Y.shape), 0, 1)
    return Y, P


def sweep(Y, P, **options):
    chosen = {"label": None, "average": "macro", "threshold": 0.5, "class_names": None, **options}
    return threshold.measure(Y, P, **chosen)


def test_the_numbers_and_words_need_no_matplotlib():
    code = (
        "import sys; from mlcourse.plots._numbers import confusion;"
        "print(confusion.measure([0, 1], [0, 1], None, None).alt); assert 'matplotlib' not in sys.modules"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.startswith("Confusion matrix of 2 samples and 2 classes: 2 right (100%).")


def test_importing_plots_loads_neither_matplotlib_nor_sklearn():
    code = "import sys; from mlcourse import plots; print({'matplotlib', 'sklearn'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "set()"


# Curves


def test_curves_say_where_validation_turns():
    alt = curves.measure({"loss": FALLING, "val_loss": TURNING}).alt
    assert alt == (
        "Loss falls from 0.65 to 0.30 over 5 epochs; validation loss turns up after epoch 3:"
        " lowest 0.45 there, 0.55 at the end."
    )


def test_a_metric_that_is_better_when_higher_turns_down():
    alt = curves.measure({"accuracy": [0.5, 0.7, 0.9], "val_accuracy": [0.5, 0.8, 0.7]}).alt
    assert "Accuracy rises from 0.50 to 0.90" in alt
    assert "validation accuracy turns down after epoch 2: highest 0.80 there, 0.70 at the end" in alt


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0.65, 0.48, 0.45, 0.45], "falls from 0.65 to 0.45 over 4 epochs"),
        ([0.30, 0.40, 0.50], "rises from 0.30 to 0.50 over 3 epochs"),
        ([0.65, 0.50, 0.51], "falls from 0.65 to 0.51 over 3 epochs"),  # one digit up is no turn
        ([0.504, 0.50, 0.496], "is 0.50 at the start and after 3 epochs"),
        ([0.70], "is 0.70 at epoch 1"),
        ([0.7, 1.5, float("nan")], "becomes NaN at epoch 3, from 0.70 at the start: the training broke down"),
        ([0.7, float("inf")], "becomes infinite at epoch 2"),
        ([float("nan")], "becomes NaN at epoch 1: the training broke down"),
        ([0.010, 0.0010], "falls from 0.010 to 0.001 over 2 epochs"),
    ],
)
def test_what_a_curve_does(values, said):
    assert said in curves.measure({"loss": values}).alt


def test_a_history_of_keras_counts_its_epochs_from_0():
    history = SimpleNamespace(history={"loss": [0.5, 0.4]}, epoch=[5, 6])  # fit(initial_epoch=5)
    (panel,) = curves.measure(history).panels
    assert panel.lines[0].epochs == (6, 7)


def test_a_training_trace_is_accepted_and_its_gaps_are_left_out():
    epochs = [
        SimpleNamespace(epoch=1, metrics={"loss": 0.9, "val_loss": None}),
        SimpleNamespace(epoch=2, metrics={"loss": 0.8, "val_loss": 0.85}),
    ]
    (panel,) = curves.measure(SimpleNamespace(epochs=epochs)).panels
    assert [(line.name, line.epochs) for line in panel.lines] == [("loss", (1, 2)), ("val_loss", (2,))]


def test_validation_every_other_epoch_lies_at_those_epochs():
    (panel,) = curves.measure({"loss": [4, 3, 2, 1], "val_loss": [3, 2]}).panels
    assert panel.lines[1].epochs == (2, 4)


def test_the_loss_comes_first_and_metrics_can_be_chosen():
    table = {"accuracy": [0.5], "loss": [0.7], "val_accuracy": [0.4], "val_loss": [0.8]}
    assert [p.title for p in curves.measure(table).panels] == ["Loss", "Accuracy"]
    assert [p.title for p in curves.measure(table, "accuracy").panels] == ["Accuracy"]


# Confusion


@pytest.mark.parametrize("normalize", [None, "true", "pred", "all"])
def test_confusion_is_that_of_scikit_learn(normalize):
    rng = np.random.default_rng(1)
    true, pred = rng.integers(0, 4, (2, 200))
    expected = confusion_matrix(true, pred, normalize=normalize)
    np.testing.assert_allclose(confusion.measure(true, pred, None, normalize).shown, expected)


def test_confusion_names_the_mistakes_and_what_was_never_predicted():
    record = confusion.measure([0, 0, 1, 1, 2, 2], [0, 0, 1, 0, 0, 0], ["cat", "dog", "owl", "elk"], None)
    assert record.alt == (
        "Confusion matrix of 6 samples and 4 classes: 3 right (50%). Most frequent mistakes: owl taken"
        " for cat (2 times) and dog taken for cat (1 time). Elk does not occur in y_true."
        " Owl was never predicted."
    )


def test_an_empty_row_is_shown_as_0_without_a_warning():
    record = confusion.measure([0, 0], [0, 1], ["a", "b"], "true")
    assert record.cells == [["0.50", "0.50"], ["0", "0"]]


def test_several_labels_get_a_matrix_each():
    record = confusion.measure([[1, 0], [1, 1], [0, 0]], [[1, 1], [0, 1], [0, 0]], ["red", "round"], None)
    np.testing.assert_array_equal(record.counts, [[[1, 0], [1, 1]], [[1, 1], [0, 1]]])
    assert "Red: 1 found, 1 missed, 0 false alarms. Round: 1 found, 0 missed, 1 false alarm." in record.alt


def test_of_many_labels_the_worst_are_drawn_and_named():
    true = np.ones((10, 14), int)
    pred = true.copy()
    pred[:4, 13] = 0
    record = confusion.measure(true, pred, None, None)
    assert record.drawn[0] == 13
    assert len(record.drawn) == 12
    assert "Label 13: 6 found, 4 missed" in record.alt


# Per class


def test_per_class_is_that_of_scikit_learn_and_says_what_was_never_predicted():
    true, pred = np.array([0, 0, 1, 1, 2, 3]), np.array([0, 1, 1, 1, 0, 0])
    record = per_class.measure(true, pred, None)
    p, r, f, s = precision_recall_fscore_support(true, pred, zero_division=0)
    for got, expected in ((record.precision, p), (record.recall, r), (record.f1, f)):
        np.testing.assert_allclose(got, np.round(expected, 2))
    np.testing.assert_array_equal(record.support, s)
    assert record.alt.endswith("Class 2 and class 3 were never predicted.")
    assert "class 1: precision 0.67, recall 1.00, F1 0.80" in record.alt


def test_per_class_of_many_names_the_weakest():
    true = np.repeat(np.arange(6), 4)
    pred = true.copy()
    pred[:3] = 1
    alt = per_class.measure(true, pred, None).alt
    assert "the three weakest classes are: class 0: precision 1.00, recall 0.25, F1 0.40; class 1" in alt


def test_many_classes_of_few_samples_are_no_regression():
    # scikit-learn 1.7 warns here, and warnings are errors in these tests.
    classes = np.arange(40)
    assert "40 right (100%)" in confusion.measure(classes, classes, None, None).alt
    assert per_class.measure(classes, classes, None).f1.min() == 1


# Thresholds


@pytest.mark.parametrize("label", [0, 1, 2])
@pytest.mark.parametrize("at", [0.0, 0.13, 0.5, 0.87])
def test_the_sweep_is_that_of_scikit_learn_at_every_threshold(labelled, label, at):
    Y, P = labelled
    p, r, f, _ = precision_recall_fscore_support(
        Y[:, label], P[:, label] >= at, average="binary", zero_division=0
    )
    assert sweep(Y, P, label=label, threshold=at).here == pytest.approx((p, r, f), abs=0.0051)


@pytest.mark.parametrize("average", ["macro", "micro"])
@pytest.mark.parametrize("at", [0.2, 0.5, 0.95])
def test_the_average_sweep_is_that_of_scikit_learn(labelled, average, at):
    Y, P = labelled
    expected = precision_recall_fscore_support(Y, at <= P, average=average, zero_division=0)[:3]
    assert sweep(Y, P, average=average, threshold=at).here == pytest.approx(expected, abs=0.0051)


def test_precision_is_left_open_where_nothing_is_predicted():
    record = sweep([0, 1, 1], [0.2, 0.4, 0.6], threshold=0.7)
    assert np.isnan(record.here[0])
    assert "At 0.70 precision is not defined, recall 0.00, F1 0.00." in record.alt


def test_the_sweep_names_the_best_threshold_and_what_is_left_out():
    Y = [[0, 0, 0], [1, 0, 1], [1, 0, 0], [0, 0, 1]]
    P = [[0.2, 0.1, 0.2], [0.4, 0.3, 0.9], [0.45, 0.2, 0.3], [0.3, 0.1, 0.4]]
    alt = sweep(Y, P, class_names=["a", "b", "c"]).alt
    assert "F1 is highest, 1.00, at the threshold 0.40." in alt
    assert "B is never on in y_true and is left out." in alt


def test_no_better_threshold_is_said_so():
    assert "No threshold gives a higher F1." in sweep([0, 1], [0.1, 0.9]).alt


# ROC and precision-recall


def test_areas_are_those_of_scikit_learn(labelled):
    Y, P = labelled
    record = roc_pr.measure(Y, P, ["a", "b", "c"])
    for i, c in enumerate(record.curves):
        assert c.area == pytest.approx(roc_auc_score(Y[:, i], P[:, i]), abs=1e-4)
        assert c.average_precision == pytest.approx(average_precision_score(Y[:, i], P[:, i]), abs=1e-4)


def test_multiclass_is_one_class_against_the_rest():
    y = np.array([0, 1, 2, 2])
    P = np.array([[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.3, 0.3, 0.4], [0.5, 0.3, 0.2]])
    record = roc_pr.measure(y, P, None)
    assert record.curves[2].area == pytest.approx(roc_auc_score(y == 2, P[:, 2]), abs=1e-4)
    assert "Area under the ROC curve: from 0.75 (class 2) to 1.00 (class 0)." in record.alt


def test_one_label_is_compared_with_guessing_and_a_constant_one_left_out():
    alt = roc_pr.measure([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], None).alt
    assert alt == (
        "ROC curve with area 0.75 (guessing gives 0.50) and precision–recall curve with"
        " average precision 0.83 (guessing gives 0.50)."
    )
    alt = roc_pr.measure([[0, 1], [1, 1]], [[0.1, 0.9], [0.8, 0.7]], ["wet", "warm"]).alt
    assert "Warm is left out: y_true needs both positive and negative samples." in alt


# Reliability


def bins(y, p, **options):
    return reliability.measure(y, p, **{"n_bins": 10, "label": None, "class_names": None, **options})


def test_bins_are_those_of_scikit_learn(labelled):
    Y, P = labelled
    record = bins(Y, P, label=1)
    observed, mean = calibration_curve(Y[:, 1], P[:, 1], n_bins=10)
    full = record.counts > 0
    np.testing.assert_allclose(record.observed[full], observed)
    np.testing.assert_allclose(record.mean[full], mean)
    assert record.n == len(Y)


def test_the_calibration_error_by_hand():
    # Bin 0.8-0.9: four predictions of 0.85, half true: gap 0.35. Bin 0.1-0.2: four of 0.15, none true: 0.15.
    record = bins([1, 1, 0, 0, 0, 0, 0, 0], [0.85] * 4 + [0.15] * 4)
    assert record.ece == pytest.approx((4 * 0.35 + 4 * 0.15) / 8)
    assert record.alt == (
        "Reliability of 8 predictions (one label) in 2 filled bins: expected calibration error 0.25."
        " The bin that adds most to it: probability 0.85 on average, and a share of 0.50 came true"
        " (4 predictions). On the whole the probabilities lie 0.25 above what came true."
    )


def test_of_a_multiclass_task_the_largest_probability_is_judged():
    record = bins([0, 1], [[0.95, 0.05], [0.75, 0.25]])
    assert np.flatnonzero(record.counts).tolist() == [7, 9]
    assert record.observed[[7, 9]].tolist() == [0.0, 1.0]
    assert "the likeliest class of each sample" in record.alt


def test_all_true_is_no_error():
    record = bins([1, 1], [0.9, 0.95])
    assert record.ece == pytest.approx(0.075)


# Labels together


def test_label_matrix_counts_pairs():
    Y = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 0], [0, 0, 0]])
    record = label_matrix.measure(Y, ["red", "round", "rare"], None)
    np.testing.assert_array_equal(record.counts, [[3, 2, 0], [2, 2, 0], [0, 0, 0]])
    assert record.alt == (
        "Which of 3 labels occur together in 4 samples. Most frequent is red (3), least rare (0). Most often"
        " together: red and round, 2 times; least often: red and rare, 0 times. 1 sample has no label."
    )
    shares = label_matrix.measure(Y, None, "row")
    assert shares.cells == [["1.00", "0.67", "0.00"], ["1.00", "1.00", "0.00"], ["0.00"] * 3]


# Regions


class Half:
    """A model that answers by the first feature, in the form asked for."""

    def __init__(self, form):
        self.form = form
        self.calls = 0

    def predict(self, X):
        self.calls += 1
        p = (X[:, 0] > 0).astype(float)
        return {
            "labels": p.astype(int),
            "one unit": p[:, None] * 0.8,
            "softmax": np.stack([1 - p, p], axis=1),
            "logits": np.stack([3 - 6 * p, 6 * p - 3], axis=1),
            "two labels": np.stack([p, 1 - p], axis=1) * 0.9,
        }[self.form]


def regions(model, X, y, **options):
    chosen = {"class_names": None, "feature_names": None, "threshold": 0.5, "resolution": 50, **options}
    return decision_regions.measure(model, X, y, **chosen)


@pytest.mark.parametrize("form", ["labels", "one unit", "softmax", "logits"])
def test_every_form_of_answer_gives_the_same_regions(form):
    model = Half(form)
    record = regions(model, [[-1, 0], [1, 1], [2, 0], [-2, 1]], [0, 1, 0, 0])
    assert record.planes[0].right == 3
    assert dict(record.planes[0].shares) == {0: 0.5, 1: 0.5}
    assert model.calls == 1
    assert record.alt == (
        "Decision regions over feature 0 and feature 1: 3 of 4 samples lie in the region of their own class"
        " (75%). Share of the plane: class 0 50% and class 1 50%."
    )


def test_names_are_set_inside_their_regions():
    record = regions(Half("labels"), [[-1, 0], [1, 1]], [0, 1], class_names=["left", "right"])
    spots = {s.name: s.u for s in record.spots(record.planes[0])}
    assert spots["left"] < 0 < spots["right"]


def test_several_labels_get_a_plane_each_and_a_threshold_counts():
    X, y = [[-1, 0], [1, 1]], [[0, 1], [1, 0]]
    record = regions(Half("two labels"), X, y, class_names=["wet", "dry"])
    assert "Wet: 2 right, on in 50% of the plane. Dry: 2 right" in record.alt
    assert (
        "Wet: 1 right, on in 0% of the plane."
        in regions(Half("two labels"), X, y, class_names=["wet", "dry"], threshold=0.95).alt
    )


def test_a_class_without_a_region_is_named():
    assert "Class 2 has no region." in regions(Half("labels"), [[-1, 0], [1, 1], [0, 2]], [0, 1, 2]).alt


# Images


def grid(X, y=None, **options):
    chosen = {"y_pred": None, "class_names": None, "image_shape": None, "max_images": 24, "columns": None}
    return images.measure(X, y, **{**chosen, **options})


def test_images_are_read_row_by_row():
    record = grid(np.zeros((3, 8, 6)), [2, 0, 1], class_names=["cat", "dog", "owl"])
    assert record.alt == "3 images, 8 × 6 pixels, in grey. Row by row: owl, cat, dog."


def test_wrong_predictions_are_named():
    record = grid(np.zeros((30, 4, 4, 3)), np.ones(30, int), y_pred=np.r_[0, np.ones(29, int)])
    assert record.alt == (
        "The first 24 of 30 images, 4 × 4 pixels, in colour. 23 of 24 predicted right. Wrong: 0, is 1."
    )


def test_several_labels_are_joined_and_rows_of_pixels_shaped():
    record = grid(np.zeros((2, 12)), [[1, 1], [0, 0]], class_names=["a", "b"], image_shape=(3, 4))
    assert record.captions == ("a and b", "none")
    assert record.pixels.shape == (2, 3, 4)


@pytest.mark.parametrize(
    ("values", "top"),
    [
        (np.array([0, 255], np.uint8), 1.0),
        (np.array([0, 128], np.uint8), 128 / 255),
        (np.array([0.0, 16.0]), 1.0),
        (np.array([0.0, 0.5]), 0.5),
        (np.array([-1.0, 1.0]), 1.0),
    ],
)
def test_pixels_end_up_between_0_and_1(values, top):
    pixels = grid(values.reshape(1, 1, 2)).pixels
    assert pixels.max() == pytest.approx(top)
    assert pixels.min() == 0


# Words


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0%"), (1, "100%"), (0.999, "over 99%"), (0.001, "under 1%"), (0.5, "50%")]
)
def test_percent_says_all_and_none_only_of_all_and_none(share, text):
    assert _words.percent(share) == text


@pytest.mark.parametrize(
    ("values", "digits"), [([0.65], 2), ([0.01], 3), ([0.001], 4), ([], 2), ([float("nan")], 2), ([0.0], 2)]
)
def test_small_numbers_get_more_decimals(values, digits):
    assert _words.decimals(values) == digits


def test_undefined_scores_are_not_called_scores():
    assert _words.score(float("nan")) == "not defined"
    assert _words.score(1.0) == "1.00"
