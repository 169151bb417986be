"""The convolution playground: SciPy, Keras and the browser agree on every number; bad arguments; the page."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.signal import correlate2d

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore import _convolution
from tests.node import in_node as run_in_node

START = explore.convolution().start
DATA = explore.convolution().data


def in_node(program, given):
    return run_in_node("explore_convolution.mjs", program, given)


def said(after: dict, before: dict, by: str | None) -> str:
    given = {"data": DATA, "after": after, "before": before, "by": by}
    return in_node("return module.sentence(given.data, given.after, given.before, given.by);", given)


@pytest.mark.parametrize("relu", [False, True])
def test_browser_and_python_compute_what_scipy_does(relu):
    rng = np.random.default_rng(0)
    kernels = [*_convolution.PRESETS.values(), *rng.integers(-4, 5, (4, 9)) / 2]
    given = {"pictures": DATA["pictures"], "kernels": [list(map(float, k)) for k in kernels], "relu": relu}
    made = in_node(
        "return given.kernels.map((k) => given.pictures.map((p) => module.featureMap(p, k, given.relu)));",
        given,
    )
    for kernel, maps in zip(kernels, made, strict=True):
        square = np.reshape(kernel, (3, 3))
        for picture, browser in zip(DATA["pictures"], maps, strict=True):
            wanted = correlate2d(np.array(picture, dtype=float), square, mode="valid")
            np.testing.assert_allclose(_convolution.feature_map(picture, square), wanted, atol=1e-12)
            np.testing.assert_allclose(browser, np.maximum(wanted, 0) if relu else wanted, atol=1e-12)


def test_the_map_is_that_of_a_keras_layer():
    import keras

    picture = np.array(DATA["pictures"][3], dtype="float32")
    kernel = np.array(_convolution.PRESETS["slanting strokes"], dtype="float32").reshape(3, 3)
    of_keras = keras.ops.conv(picture[None, :, :, None], kernel[:, :, None, None], padding="valid")
    np.testing.assert_allclose(of_keras[0, :, :, 0], _convolution.feature_map(picture, kernel), atol=1e-5)


def test_nine_products_add_up_to_the_number_in_the_map():
    given = {"p": DATA["pictures"][7], "k": START["kernel"]}
    program = "return [module.products(given.p, given.k, 4, 1), module.featureMap(given.p, given.k)[4][1]];"
    products, number = in_node(program, given)
    assert len(products) == 9
    assert sum(products) == number


def test_the_largest_is_found_with_its_place():
    found = in_node("return module.largest([[1, 5], [5, -7]]);", None)
    assert found == {"value": 5, "row": 0, "column": 1}


def test_the_sentence_tells_what_the_hand_did():
    place = said({**START, "row": 0, "column": 5}, START, "column")
    assert place.startswith("With the window at row 0, column 5: ")
    window = np.array(DATA["pictures"][7])[0:3, 5:8]
    total = int((window * np.reshape(START["kernel"], (3, 3))).sum())
    assert place.endswith(f"= {str(total).replace('-', '−')}.")
    with_relu = said({**START, "row": 0, "column": 5, "relu": ["relu"]}, START, "column")
    assert with_relu.endswith("ReLU makes 0 of it.")
    same = said(START, START, "relu")
    top = int(_convolution.feature_map(DATA["pictures"][7], np.reshape(START["kernel"], (3, 3))).max())
    assert f"The largest of the 36 numbers is {top}," in same
    copied = said({**START, "kernel": [0, 0, 0, 0, 1, 0, 0, 0, 0]}, START, "preset")
    assert copied.startswith("The kernel for copy. ")
    assert said({**START, "digit": "3"}, START, "digit").startswith("The same kernel on a 3. ")


def test_the_sentence_counts_what_a_weight_changed():
    kernel = [*START["kernel"]]
    kernel[4] = 2
    text = said({**START, "kernel": kernel}, START, "weight 4")
    old, new = (
        _convolution.feature_map(DATA["pictures"][7], np.reshape(k, (3, 3)))
        for k in (START["kernel"], kernel)
    )
    changed = int((old != new).sum())
    assert text.startswith("The weight in row 1, column 1 of the kernel went from 0 to 2: ")
    assert f"{changed} of 36 numbers of the map changed. All nine weights add up to 2." in text
    back = said(START, {**START, "kernel": kernel}, "weight 4")
    assert back.endswith("so where nothing changes the answer is 0.")


def test_the_page_without_a_kernel_shows_the_start():
    html = explore.convolution()._repr_html_()
    plain = re.sub(r"<[^>]+>", " ", html)
    for number in _convolution.feature_map(DATA["pictures"][7], np.reshape(START["kernel"], (3, 3)))[0]:
        assert f"{number:g}".replace("-", "−") in plain
    assert (
        repr(explore.convolution())
        == "Playground convolution: Slide a kernel over a digit. Run the cell to play."
    )


def test_weights_move_to_the_nearest_half():
    made = explore.convolution(3, [[0.3, -2, 2], [0, 0, 0], [0.2, 1.9, -0.8]])
    assert made.start["digit"] == "3"
    assert made.start["kernel"] == [0.5, -2, 2, 0, 0, 0, 0, 2, -1]


@pytest.mark.parametrize(
    ("arguments", "error", "part"),
    [
        ({"digit": 10}, InvalidArgument, "digit is 10"),
        ({"digit": "7"}, InvalidType, "digit is '7'"),
        ({"kernel": [[1, 2], [3, 4]]}, InvalidArgument, r"kernel has the shape \(2, 2\)"),
        ({"kernel": [[1, 2, 3], [4, 5]]}, InvalidType, "three rows of three numbers"),
        ({"kernel": np.full((3, 3), 3.0)}, InvalidArgument, "a weight of kernel is 3"),
    ],
)
def test_bad_arguments_are_told(arguments, error, part):
    with pytest.raises(error, match=part):
        explore.convolution(**arguments)
