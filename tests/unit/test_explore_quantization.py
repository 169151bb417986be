"""The quantization playground: NumPy and the browser round the same network; what it promises holds."""

from __future__ import annotations

import itertools
import re
from functools import cache

import numpy as np
import pytest

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore import _quantization
from tests.node import in_node as run_in_node

ALL = list(itertools.product((2, 3, 5, 8), _quantization.GRIDS, _quantization.KINDS, (1, 64)))

measured = cache(_quantization.measured)  # several tests ask for the same


def in_node(program, **given):
    return run_in_node("explore_quantization.mjs", program, {"data": explore.quantization().data, **given})


def test_the_browser_measures_what_numpy_measures():
    settings = [{"bits": b, "grid": g, "kind": k, "stretch": s} for b, g, k, s in ALL]
    made = in_node(
        "return given.all.map((now) => {"
        "  const { net, first, ...figures } = module.measure(given.data, now); return figures; });",
        all=settings,
    )
    for (bits, grid, kind, stretch), browser in zip(ALL, made, strict=True):
        numpy = measured(bits, grid, kind, stretch)
        assert browser.pop("exactSize") == _quantization.exact_size()
        assert browser == pytest.approx(numpy, rel=1e-12), (bits, grid, kind, stretch)


@pytest.mark.parametrize("kind", _quantization.KINDS)
@pytest.mark.parametrize("grid", _quantization.GRIDS)
def test_a_weight_is_off_by_half_a_step_at_most_and_zero_is_kept(grid, kind):
    W = np.random.default_rng(0).normal(0, 1, (50, 6)) * [1, 0.1, 3, 1, 1, 0.5]
    W[3, 2] = 0
    rounded = _quantization.on_grid(W, 5, grid, kind)
    # With a zero point both ends move by up to half a step, so that zero has a place of its own.
    limit = 0.5 if kind == "symmetric" else 1
    assert np.all(np.abs(rounded.meant - W) <= limit * rounded.scale + 1e-12)
    assert rounded.meant[3, 2] == 0
    assert len(np.unique(rounded.stored)) <= (31 if kind == "symmetric" else 32)
    assert len(set(rounded.scale)) == (1 if grid == "layer" else 6)


def test_eight_bits_are_the_grid_of_litert():
    tf = pytest.importorskip("tensorflow")
    W = np.random.default_rng(1).normal(0, 1, (40, 3)).astype("float32")
    ours = _quantization.on_grid(W, 8, "unit", "symmetric")
    for j in range(3):
        largest = float(np.abs(W[:, j]).max())
        theirs = tf.quantization.fake_quant_with_min_max_args(
            W[:, j], min=-largest, max=largest, num_bits=8, narrow_range=True
        )
        np.testing.assert_allclose(ours.meant[:, j], theirs.numpy(), atol=1e-5)


def test_the_network_is_the_one_its_file_tells_of():
    from mlcourse import datasets

    assert measured(8, "layer", "symmetric")["before"] == 192
    digits = datasets.load_digits()
    order = np.random.default_rng(13).permutation(1797)
    shown = np.array([_quantization.INK.index(v) for v in _quantization.network()["ink"]])
    np.testing.assert_array_equal(shown.reshape(200, 64), digits.X[order[1000:1200]])
    assert _quantization.network()["truth"] == "".join(map(str, digits.y[order[1000:1200]]))


def test_making_a_unit_larger_changes_no_answer_by_itself():
    X = np.random.default_rng(0).random((20, 64))
    answers = []
    for stretch in _quantization.STRETCHES:
        W1, b1, W2, b2 = _quantization.weights(stretch)
        answers.append(np.maximum(X @ W1 + b1, 0) @ W2 + b2)
    for other in answers[1:]:
        np.testing.assert_allclose(other, answers[0], rtol=1e-9)


def test_what_the_things_to_try_promise():
    right = {setting: measured(*setting)["right"] for setting in ALL}
    before = measured(8, "layer", "symmetric")["before"]
    assert right[8, "layer", "symmetric", 1] == before
    assert right[3, "layer", "symmetric", 1] < right[3, "unit", "symmetric", 1] < before
    assert right[2, "unit", "symmetric", 1] < before / 2 + 50
    coarse, fine = (measured(8, grid, "symmetric", 64) for grid in _quantization.GRIDS)
    assert coarse["error"] > 5 * fine["error"]
    assert coarse["right"] < fine["right"]
    assert [measured(2, grid, "symmetric")["places"] for grid in _quantization.GRIDS] == [1, 3]


def test_the_sentence_tells_what_the_choice_costs():
    said = in_node(
        "return given.all.map((now) => module.sentence(given.data, now, module.measure(given.data, now)));",
        all=[
            {"bits": 8, "grid": "layer", "kind": "symmetric", "stretch": 1},
            {"bits": 2, "grid": "unit", "kind": "zero point", "stretch": 64},
        ],
    )
    assert said[0].startswith(
        "8 bits, one grid for each layer: 1.9 kB instead of 7.2; 192 of 200 digits right"
    )
    assert "no right answer is lost" in said[0]
    assert "a grid for each unit, with a zero point" in said[1]
    assert "too coarse" in said[1]
    assert "64 times as large" in said[1]


def test_it_reads_well_without_a_browser():
    html = explore.quantization()._repr_html_()
    assert "8 bits" not in html  # a table, not a sentence
    rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    assert any(re.findall(r">([\d.]+)<", row)[:2] == ["8", "1.9"] for row in rows)
    assert (
        repr(explore.quantization())
        == "Playground quantization: Fewer bits for a weight. Run the cell to play."
    )


@pytest.mark.parametrize(
    ("bits", "error"), [(1, InvalidArgument), (4.5, InvalidArgument), ("8", InvalidType)]
)
def test_other_bits_are_refused(bits, error):
    with pytest.raises(error, match="bits is"):
        explore.quantization(bits)
