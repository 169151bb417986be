"""The descent playground: NumPy and the browser walk the same path; bad arguments; what the page shows."""

from __future__ import annotations

import re
import subprocess

import numpy as np
import pytest

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore import _descent
from tests.node import in_node as run_in_node
from tests.node import node


def in_node(program, given):
    return run_in_node("explore_descent.mjs", program, given)


def setting(rate, batch, scaled, steps, begin=_descent.START):
    return {
        "rate": rate,
        "batch": str(batch),
        "scaling": "on" if scaled else "off",
        "begin": list(begin),
        "steps": steps,
    }


@pytest.mark.parametrize("batch", _descent.BATCHES)
@pytest.mark.parametrize("scaled", [True, False])
def test_the_first_ten_steps_are_numpys(batch, scaled):
    data = explore.descent().data
    for rate in (0.1, 2.0):
        path, losses = _descent.descend(_descent.START, rate=rate, batch=batch, scaled=scaled, steps=10)
        made = in_node(
            "return module.train(given.data, given.now);",
            {"data": data, "now": setting(rate, batch, scaled, 10)},
        )
        np.testing.assert_allclose(made["path"], path, rtol=1e-9)
        np.testing.assert_allclose(made["losses"], losses, rtol=1e-9)


def test_batches_run_on_into_new_epochs_like_numpys():
    data = explore.descent().data
    path, _ = _descent.descend((0.5, 0.5), rate=0.3, batch=8, scaled=True, steps=45)
    made = in_node(
        "return module.train(given.data, given.now);",
        {"data": data, "now": setting(0.3, 8, scaled=True, steps=45, begin=(0.5, 0.5))},
    )
    assert made["perEpoch"] == 8
    np.testing.assert_allclose(made["path"], path, rtol=1e-8)


def test_a_step_is_the_gradient_that_wiggling_finds():
    X, y = _descent.rows()
    start = np.array([0.3, -0.7])
    path, losses = _descent.descend(start, rate=0.1, batch=_descent.ROWS, scaled=True, steps=1)

    def loss(u):
        z = X @ u
        return np.mean(np.logaddexp(0, z) - y * z)

    assert losses[0] == pytest.approx(loss(start))
    slope = [(loss(start + d) - loss(start - d)) / 2e-6 for d in np.eye(2) * 1e-6]
    # Two weights share each difference, so a rate on each weight moves the difference twice as far.
    np.testing.assert_allclose((start - path[1]) / 0.2, slope, atol=1e-8)


def test_the_cross_is_the_lowest_place():
    bottom = explore.descent().data["bottom"]
    _, (lowest,) = _descent.descend(bottom, rate=0.1, batch=60, scaled=True, steps=0)
    for off in ((0.2, 0), (-0.2, 0), (0, 0.2), (0, -0.2)):
        _, (there,) = _descent.descend(np.add(bottom, off), rate=0.1, batch=60, scaled=True, steps=0)
        assert there > lowest
    _, (same,) = _descent.descend(
        (bottom[0], bottom[1] / _descent.UNSCALED), rate=0.1, batch=60, scaled=False, steps=0
    )
    assert same == pytest.approx(lowest)


@pytest.mark.parametrize(
    ("rate", "batch", "scaled", "steps", "says"),
    [
        (0.3, 60, True, 0, "No step yet"),
        (0.3, 60, True, 10, "Still going down"),
        (1.0, 60, True, 100, "arrived at the bottom"),
        (0.01, 60, True, 20, "Still going down|creeps"),
        (2.0, 60, False, 60, "jumps up and down"),
        (30.0, 60, False, 20, "jumps up and down|too long"),
        (3.0, 1, True, 120, "jumps up and down|too long"),
    ],
)
def test_the_verdict_fits_what_happened(rate, batch, scaled, steps, says):
    said = in_node(
        """
const { data, now } = given;
const made = module.train(data, now);
const X = module.inputs(data, now.scaling);
const bottom = now.scaling === "on" ? data.bottom : [data.bottom[0], data.bottom[1] / data.unscaled];
return module.sentence(now, made, bottom, module.lossAt(X, data.y, bottom));
""",
        {"data": explore.descent().data, "now": setting(rate, batch, scaled, steps)},
    )
    assert re.search(says, said), said


def test_scaling_ends_the_zigzag():
    def crossings(scaled):
        data = explore.descent().data
        return in_node(
            "return module.crossings(module.train(given.data, given.now).path, given.bottom);",
            {
                "data": data,
                "now": setting(1.0, 60, scaled, 40),
                "bottom": [data["bottom"][0], data["bottom"][1] / (1 if scaled else _descent.UNSCALED)],
            },
        )

    assert crossings(scaled=True) <= 1 < crossings(scaled=False)


def test_the_bundle_that_the_browser_gets_is_one_sound_module(tmp_path):
    from mlcourse.quiz._modules import bundle

    path = tmp_path / "bundle.mjs"
    path.write_text(bundle("explore_descent.mjs"), encoding="utf-8")
    done = subprocess.run([node(), "--check", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_page_without_a_kernel_tells_the_first_steps():
    html = explore.descent(rate=1, batch=8)._repr_html_()
    _, losses = _descent.descend(_descent.START, rate=1.0, batch=8, scaled=True, steps=10)
    assert f"{losses[10]:.2f}" in html
    assert "batches of 8" in html
    assert repr(explore.descent()) == "Playground descent: Walk down the valley. Run the cell to play."
    assert explore.descent().payload == explore.descent().payload


@pytest.mark.parametrize(
    ("arguments", "kind", "says"),
    [
        ({"rate": 0.2}, InvalidArgument, "rate is 0.2, but must be one of 0.01, 0.03"),
        ({"rate": "fast"}, InvalidType, "rate is 'fast', but must be a number"),
        ({"batch": 61}, InvalidArgument, "batch is 61, but must be one of 1, 8, 60"),
        ({"batch": True}, InvalidType, "batch is True"),
        ({"scaled": "yes"}, InvalidArgument, "scaled is 'yes'"),
    ],
)
def test_bad_arguments_are_told(arguments, kind, says):
    with pytest.raises(kind) as error:
        explore.descent(**arguments)
    assert says in str(error.value)
