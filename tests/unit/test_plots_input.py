"""Bad input to the figures: one sentence each, that quotes what was given."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mlcourse import plots
from mlcourse._errors import InvalidArgument, InvalidType

NAN = float("nan")


class Model:
    def __init__(self, answer):
        self.answer = answer

    def predict(self, X):
        return self.answer(len(X))


def fine(n):
    return np.zeros(n, int)


CASES = {
    # labels
    "different lengths": (lambda: plots.confusion([0, 1, 2], [0, 1]), "y_true has shape 3 and y_pred 2"),
    "empty": (lambda: plots.confusion([], []), "y_true is empty"),
    "nan": (lambda: plots.confusion([0, NAN], [0, 1]), "y_true holds nan"),
    "inf": (lambda: plots.per_class([0, 1], [0, float("inf")]), "y_pred holds inf"),
    "strings": (lambda: plots.confusion(["cat", "dog"], [0, 1]), "y_true holds 'cat'.*class_names"),
    "one number": (lambda: plots.per_class(3, 3), "y_true is 3, but must be an array"),
    "ragged": (lambda: plots.per_class([[1, 0], [1]], [[1, 0], [1, 0]]), "y_true.*(regular|numbers)"),
    "nothing": (lambda: plots.confusion(None, [0]), "y_true is None"),
    "complex": (lambda: plots.confusion([1j], [0]), "complex"),
    "negative": (lambda: plots.confusion([-1, 0], [0, 0]), "y_true holds -1.*start at 0"),
    "softmax for labels": (
        lambda: plots.confusion([0, 1], [[0.9, 0.1], [0.2, 0.8]]),
        r"y_pred holds 0.9.*y_pred.argmax\(axis=1\)",
    ),
    "sigmoid for labels": (lambda: plots.per_class([0, 1], [0.2, 0.8]), "y_pred holds 0.2.*y_pred >= 0.5"),
    "one-hot for classes": (
        lambda: plots.confusion([[1, 0], [0, 1]], [0, 1]),
        r"y_true.argmax\(axis=1\)",
    ),
    "labels of 2": (lambda: plots.confusion([[0, 2]], [[0, 1]]), "y_true holds 2, but every label must be 0"),
    "three axes": (lambda: plots.confusion(np.zeros((2, 2, 2)), [0, 1]), "y_true has shape 2 × 2 × 2"),
    "normalize": (lambda: plots.confusion([0], [0], normalize="rows"), "normalize is 'rows'.*'true'"),
    # names
    "too few names": (
        lambda: plots.confusion([0, 1, 2], [0, 1, 2], class_names=["a", "b"]),
        "class_names holds 2 names, but the data has 3 classes",
    ),
    "too many names": (
        lambda: plots.label_matrix([[0, 1]], class_names=["a", "b", "c"]),
        "class_names holds 3 names, but the data has 2 labels",
    ),
    "names in a string": (lambda: plots.per_class([0, 1], [0, 1], class_names="ab"), "class_names is 'ab'"),
    "names that are numbers": (
        lambda: plots.per_class([0, 1], [0, 1], class_names=[0, 1]),
        "class_names holds 0, but every name must be a string",
    ),
    # scores
    "above 1": (lambda: plots.threshold([0, 1], [0.5, 1.5]), "y_score holds 1.5.*0 to 1.*logits"),
    "below 0": (lambda: plots.reliability([0, 1], [-2.0, 0.5]), "y_prob holds -2"),
    "nan score": (lambda: plots.roc_pr([0, 1], [NAN, 0.5]), "y_score holds nan"),
    "string score": (lambda: plots.roc_pr([0, 1], ["high", "low"]), "y_score holds 'high'"),
    "score shape": (
        lambda: plots.threshold([[0, 1]], [[0.1, 0.2, 0.3]]),
        "y_true has shape 1 × 2 and y_score 1 × 3",
    ),
    "classes for one score": (
        lambda: plots.roc_pr([0, 1, 2], [0.1, 0.2, 0.3]),
        "y_true holds 2.*0 .off. or 1",
    ),
    "class without column": (
        lambda: plots.roc_pr([0, 2], [[0.5, 0.5], [0.5, 0.5]]),
        "y_true holds class 2, but y_score has 2 columns",
    ),
    "rows that do not sum to 1": (
        lambda: plots.reliability([0, 1], [[0.5, 0.5], [0.9, 0.8]]),
        "row 1 sums to 1.70",
    ),
    "fewer rows of scores": (lambda: plots.roc_pr([0, 1, 1], [[0.5, 0.5]]), "3 entries and y_score 1 rows"),
    "only negatives": (lambda: plots.roc_pr([0, 0], [0.1, 0.2]), "the same for every sample"),
    "never on": (lambda: plots.threshold([0, 0], [0.1, 0.2]), "never has label 0 on"),
    "no label on at all": (lambda: plots.threshold([[0, 0]], [[0.1, 0.2]]), "no label on at all"),
    "threshold of multiclass": (
        lambda: plots.threshold([0, 1], [[0.9, 0.1], [0.3, 0.7]]),
        "one class per sample.*y_true == k",
    ),
    "threshold 2": (lambda: plots.threshold([0, 1], [0.1, 0.9], threshold=2), "threshold is 2.*0 to 1"),
    "average": (lambda: plots.threshold([0, 1], [0.1, 0.9], average="mean"), "average is 'mean'"),
    "label by name": (
        lambda: plots.threshold([[0, 1]], [[0.1, 0.2]], label="c", class_names=["a", "b"]),
        "label is 'c', but must be one of the labels: a, b",
    ),
    "label by number": (lambda: plots.threshold([[0, 1]], [[0.1, 0.2]], label=2), "label is 2.*0 to 1"),
    "bins": (lambda: plots.reliability([0, 1], [0.1, 0.9], n_bins=1), "n_bins is 1.*from 2 to 100"),
    "half a bin": (lambda: plots.reliability([0, 1], [0.1, 0.9], n_bins=2.5), "n_bins is 2.5"),
    # label matrix
    "one label": (lambda: plots.label_matrix([0, 1]), "Y has shape 2.*n_samples × n_labels"),
    "label_matrix normalize": (lambda: plots.label_matrix([[0, 1]], normalize="true"), "normalize is 'true'"),
    # curves
    "no history": (lambda: plots.curves(3), "history is 3, but must be what model.fit returns"),
    "empty history": (lambda: plots.curves({}), "history holds no epoch yet"),
    "empty metric": (lambda: plots.curves({"loss": []}), "history holds no epoch yet"),
    "unequal metrics": (
        lambda: plots.curves({"loss": [1, 2, 3], "accuracy": [1, 2]}),
        "history\\['accuracy'\\] has 2 values, but the longest metric has 3",
    ),
    "validation between epochs": (
        lambda: plots.curves({"loss": [1, 2, 3], "val_loss": [1, 2]}),
        "history\\['val_loss'\\] has 2 values",
    ),
    "words in history": (lambda: plots.curves({"loss": ["low"]}), "holds 'low', but must hold numbers"),
    "a string history": (lambda: plots.curves({"loss": "0.5"}), "is '0.5', but must be a list"),
    "numbered metrics": (lambda: plots.curves({1: [0.5]}), "names a metric 1"),
    "unknown metric": (lambda: plots.curves({"loss": [1]}, metrics="acc"), "metrics names 'acc'.*'loss'"),
    "no metric": (lambda: plots.curves({"loss": [1]}, metrics=[]), "metrics is empty"),
    "odd epochs": (lambda: plots.curves(type("T", (), {"epochs": [1, 2]})()), "history.epochs must hold"),
    # regions
    "no predict": (lambda: plots.decision_regions(3, [[0, 1]], [0]), "model is 3, but must have a predict"),
    "three features": (
        lambda: plots.decision_regions(Model(fine), [[0, 1, 2]], [0]),
        "X has shape 1 × 3, but must be n_samples × 2",
    ),
    "X and y": (lambda: plots.decision_regions(Model(fine), [[0, 1]], [0, 1]), "X has 1 rows and y 2"),
    "resolution": (
        lambda: plots.decision_regions(Model(fine), [[0, 1]], [0], resolution=5),
        "resolution is 5",
    ),
    "feature names": (
        lambda: plots.decision_regions(Model(fine), [[0, 1]], [0], feature_names=["a"]),
        "feature_names holds 1 entries, but must hold 2",
    ),
    "one logit": (
        lambda: plots.decision_regions(Model(lambda n: np.full((n, 1), -2.5)), [[0, 1]], [0]),
        "What model.predict gives holds -2.5.*sigmoid",
    ),
    "nan answers": (
        lambda: plots.decision_regions(Model(lambda n: np.full((n, 1), NAN)), [[0, 1]], [0]),
        "What model.predict gives holds nan",
    ),
    "too few answers": (
        lambda: plots.decision_regions(Model(lambda _: np.zeros(1)), [[0, 1]], [0]),
        "must give one answer per row",
    ),
    "answers of another shape": (
        lambda: plots.decision_regions(Model(lambda n: np.zeros((n, 3))), [[0, 1]], [[0, 1]]),
        "y has shape 1 × 2, but the model answers with shape 1 × 3",
    ),
    "eight classes": (
        lambda: plots.decision_regions(Model(fine), [[0, 1]], [7]),
        "y has 8 classes, but the figure can tell apart 7",
    ),
    "ten labels": (
        lambda: plots.decision_regions(Model(lambda n: np.zeros((n, 10))), [[0, 1]], np.ones((1, 10))),
        "y has 10 labels",
    ),
    # images
    "rows of pixels": (lambda: plots.images(np.zeros((2, 64))), "X has shape 2 × 64.*image_shape"),
    "two channels": (lambda: plots.images(np.zeros((2, 8, 8, 2))), "X has shape 2 × 8 × 8 × 2"),
    "image_shape": (
        lambda: plots.images(np.zeros((2, 64)), image_shape=(8, 9)),
        r"image_shape is \(8, 9\), but each row of X holds 64",
    ),
    "image_shape word": (lambda: plots.images(np.zeros((2, 64)), image_shape="ab"), "image_shape is 'ab'"),
    "image labels": (lambda: plots.images(np.zeros((2, 8, 8)), [1]), "X holds 2 images and y 1 labels"),
    "image answers": (
        lambda: plots.images(np.zeros((2, 8, 8)), [1, 0], y_pred=[1]),
        "y has shape 2 and y_pred 1",
    ),
    "max_images": (lambda: plots.images(np.zeros((2, 8, 8)), max_images=0), "max_images is 0"),
    "columns": (lambda: plots.images(np.zeros((2, 8, 8)), columns=0), "columns is 0"),
    # axes
    "several axes": (
        lambda: plots.confusion([0], [0], ax=np.array([1, 2])),
        r"ax is array\(\[1, 2\]\), but must be one Matplotlib Axes: pass one of them",
    ),
    "a string for ax": (lambda: plots.curves({"loss": [1]}, ax=7), "ax is 7"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_in_a_sentence(case):
    call, pattern = CASES[case]
    with pytest.raises((InvalidArgument, InvalidType)) as caught:
        call()
    said = str(caught.value)
    assert re.search(pattern, said), said
    assert said.endswith(".")
    assert "\n" not in said
    assert len(said) < 220


@pytest.mark.parametrize("given", [["x"], None, 3, {"a": 1}, object()])
def test_a_wrong_kind_is_a_type_error(given):
    with pytest.raises(TypeError):
        plots.confusion(given, given)


def test_what_should_pass_passes():
    column = np.array([[0], [1], [1]])  # as a model with one unit answers
    assert plots.confusion(column, column.astype(bool)).alt.startswith("Confusion matrix of 3 samples")
    assert plots.threshold(column, column.astype("float32") * 1.000001).alt
    assert plots.confusion([0, 1], [0, 1], class_names=np.array(["a", "b", "c"])).alt
    assert plots.per_class(np.array([0.0, 1.0]), np.array([0, 1], dtype=object)).alt
