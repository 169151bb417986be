"""The capacity playground: NumPy and the browser train the same network; what it is told and what it says."""

from __future__ import annotations

import re
import subprocess

import numpy as np
import pytest

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore import _capacity
from tests.node import in_node as run_in_node
from tests.node import node


def in_node(program, given):
    return run_in_node("explore_capacity.mjs", program, given)


def setting(units=64, rows=60, wrong=0.2, decay=0.0, steps=300):
    return {"units": units, "rows": str(rows), "wrong": f"{wrong:g}", "decay": decay, "steps": steps}


@pytest.mark.parametrize(
    ("units", "rows", "wrong", "decay"),
    [(1, 20, 0.0, 0.0), (4, 60, 0.2, 0.0), (64, 120, 0.3, 0.01), (16, 20, 0.1, 0.001)],
)
def test_the_browser_trains_as_numpy_does(units, rows, wrong, decay):
    expected = _capacity.train(units, rows, wrong, decay, 60)
    made = in_node(
        """
const made = module.train(given.data, given.now);
const { X, y } = module.trainingRows(given.data, given.now);
return {
  ...made,
  right: module.rightShare(made.net, X, y),
  valRight: module.rightShare(made.net, given.data.X_val, given.data.y_val),
};
""",
        {"data": explore.capacity().data, "now": setting(units, rows, wrong, decay, 60)},
    )
    np.testing.assert_allclose(made["losses"], expected.losses, rtol=1e-6)
    np.testing.assert_allclose(made["valLosses"], expected.val_losses, rtol=1e-6)
    net = made["net"]
    flat = [*net["inner"][0], *net["inner"][1], *net["bias"], *net["outer"], net["last"]]
    np.testing.assert_allclose(flat, expected.weights, rtol=1e-5, atol=1e-7)
    assert (made["right"], made["valRight"]) == pytest.approx((expected.right, expected.val_right))


def test_training_on_is_training_from_the_start():
    made = in_node(
        """
const { data, now } = given;
const half = module.train(data, { ...now, steps: 20 });
const on = module.train(data, { ...now, steps: 50 }, half);
const whole = module.train(data, { ...now, steps: 50 });
const back = module.train(data, { ...now, steps: 10 }, on);
const other = module.train(data, { ...now, units: 4, steps: 10 }, on);
return {
  on: on.losses,
  whole: whole.losses,
  back: back.losses.length,
  other: other.net.bias.length,
  half: half.losses.length,
};
""",
        {"data": explore.capacity().data, "now": setting(units=8)},
    )
    assert made["on"] == made["whole"]
    assert (made["back"], made["other"], made["half"]) == (11, 4, 21)


def test_the_first_step_follows_the_slope_that_wiggling_finds():
    made = in_node(
        """
const { data, now } = given;
const { X, y } = module.trainingRows(data, now);
const net = module.begin(data, now.units);
const squares = (n) => [...n.inner[0], ...n.inner[1], ...n.outer].reduce((s, w) => s + w * w, 0);
const penalised = (n) => module.lossOf(n, X, y) + now.decay * squares(n);
const wiggled = [];
for (const [name, at] of [["outer", 1], ["bias", 0]]) {
  const there = structuredClone(net);
  const here = structuredClone(net);
  there[name][at] += 1e-6;
  here[name][at] -= 1e-6;
  wiggled.push((penalised(there) - penalised(here)) / 2e-6);
}
const slope = module.slopes(net, X, y, now.decay);
return { wiggled, slope: [slope.outer[1], slope.bias[0]] };
""",
        {"data": explore.capacity().data, "now": setting(units=4, decay=0.03)},
    )
    np.testing.assert_allclose(made["wiggled"], made["slope"], atol=1e-7)


@pytest.mark.parametrize("rows", _capacity.ROWS)
@pytest.mark.parametrize("wrong", _capacity.WRONG)
def test_as_many_labels_are_wrong_as_it_says(rows, wrong):
    lies = np.mean(_capacity.told(rows, wrong) != _capacity.crescents()["y"][:rows])
    assert lies == pytest.approx(wrong)
    made = in_node(
        "return module.trainingRows(given.data, given.now);",
        {"data": explore.capacity().data, "now": setting(rows=rows, wrong=wrong)},
    )
    assert made["y"] == _capacity.told(rows, wrong).tolist()
    assert np.mean(made["lies"]) == pytest.approx(wrong)


def test_what_the_things_to_try_promise_is_so():
    def last(**changed):
        return _capacity.train(
            **{"units": 64, "rows": 60, "wrong": 0.2, "decay": 0.0, "steps": 600, **changed}
        )

    overfit = last()
    assert overfit.losses[-1] < 0.05
    assert overfit.val_losses[-1] > overfit.val_losses.min() + 0.5
    clean = last(wrong=0.0)
    assert last(units=2, wrong=0.0).right < 0.9
    assert last(units=4, wrong=0.0).right > 0.99
    assert last(rows=120).val_losses[-1] < overfit.val_losses[-1] < last(rows=20).val_losses[-1]
    assert clean.val_losses[-1] < 0.5
    held = [last(decay=decay) for decay in _capacity.DECAYS]
    assert held[2].val_losses[-1] < 0.42 < held[-1].val_losses[-1]


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (setting(steps=10), "hardly begun"),
        (setting(), "It overfits: the validation loss was lowest at step"),
        (setting(units=1, wrong=0.2, rows=120, steps=600), "underfits"),
        (setting(decay=0.03, steps=600), "held back too much"),
        (setting(units=4, rows=120, wrong=0.0, steps=141), "near the lowest that this network reaches"),
    ],
)
def test_the_sentence_fits_what_happened(now, says):
    said = in_node(
        "return module.sentence(given.now, module.train(given.data, given.now), given.data);",
        {"data": explore.capacity().data, "now": now},
    )
    assert re.search(says, said), said
    assert f"{now['rows']} rows" in said


def test_the_map_has_its_rows_from_the_top_and_seven_bands():
    rows = in_node(
        "return module.map(module.train(given.data, given.now).net, given.data.across, given.data.up);",
        {"data": explore.capacity().data, "now": setting(units=16, rows=120, wrong=0.0, steps=200)},
    )
    assert {band for row in rows for band in row} == set(range(7))
    # The middle of the upper crescent, circles, is (0, 1); of the lower one, squares, (1, -0.5).
    (left, right), (low, high) = _capacity.ACROSS, _capacity.UP

    def band(x, y):
        return rows[int((high - y) / (high - low) * len(rows))][
            int((x - left) / (right - left) * len(rows[0]))
        ]

    assert band(0, 1) <= 1
    assert band(1, -0.5) >= 5


def test_the_bundle_that_the_browser_gets_is_one_sound_module(tmp_path):
    from mlcourse.quiz._modules import bundle

    path = tmp_path / "bundle.mjs"
    path.write_text(bundle("explore_capacity.mjs"), encoding="utf-8")
    done = subprocess.run([node(), "--check", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_page_without_a_kernel_tells_the_curves():
    html = explore.capacity(units=16, rows=20, wrong=0.1, decay=0.01)._repr_html_()
    made = _capacity.train(16, 20, 0.1, 0.01, _capacity.FIRST_STEPS)
    assert f"{made.val_losses[-1]:.2f}" in html
    assert "16 hidden units, 20 rows, 10% of their labels wrong, weight decay 0.01" in html
    assert f"at step {made.val_losses.argmin()}" in html
    assert repr(explore.capacity()) == (
        "Playground capacity: How much network for how much data. Run the cell to play."
    )
    assert explore.capacity().payload == explore.capacity().payload


@pytest.mark.parametrize(
    ("arguments", "kind", "says"),
    [
        ({"units": 3}, InvalidArgument, "units is 3, but must be one of 1, 2, 4, 8, 16, 64"),
        ({"rows": "all"}, InvalidType, "rows is 'all', but must be a number"),
        ({"wrong": 0.5}, InvalidArgument, "wrong is 0.5, but must be one of 0, 0.1, 0.2, 0.3"),
        ({"decay": True}, InvalidType, "decay is True"),
    ],
)
def test_bad_arguments_are_told(arguments, kind, says):
    with pytest.raises(kind) as error:
        explore.capacity(**arguments)
    assert says in str(error.value)
