"""The resampling playground: Python and the browser draw the same rows; its words; bad arguments."""

from __future__ import annotations

import numpy as np
import pytest

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore import _resampling
from tests.node import in_node as run_in_node


def in_node(program, given):
    return run_in_node("explore_resampling.mjs", program, given)


@pytest.mark.parametrize("seed", [1, 2, 1000, 2**32 - 1])
def test_the_browser_draws_pythons_numbers(seed):
    theirs = in_node("const next = module.chances(given); return Array.from({ length: 500 }, next);", seed)
    assert theirs == _resampling.chances(seed, 500).tolist()


def test_the_numbers_are_even():
    drawn = _resampling.chances(7, 100_000)
    assert 0 <= drawn.min() < 0.001
    assert 0.999 < drawn.max() < 1
    assert np.histogram(drawn, 10)[0] == pytest.approx(np.full(10, 10_000), rel=0.04)


@pytest.mark.parametrize("rows", [20, 300])
@pytest.mark.parametrize("percent", [50, 75, 99])
@pytest.mark.parametrize("resamples", [1, 10, 1000])
def test_the_browser_measures_what_python_measures(rows, percent, resamples):
    now = {"rows": rows, "percent": percent, "resamples": resamples, "draw": 3}
    theirs = in_node("return module.measure(given);", now)
    assert theirs["hits"] == _resampling.resampled(rows, percent, resamples, 3).tolist()
    for name, value in _resampling.measured(rows, percent, resamples, 3).items():
        assert theirs[name] == pytest.approx(value)


def test_the_interval_is_about_that_of_numpy():
    rng = np.random.default_rng(0)
    scores = rng.binomial(300, 0.75, 1000) / 300
    made = _resampling.measured(300, 75, 1000, 1)
    assert (made["low"], made["high"]) == pytest.approx(tuple(np.quantile(scores, [0.025, 0.975])), abs=0.012)
    assert made["high"] - made["low"] == pytest.approx(made["formula"], rel=0.1)


def test_every_resample_is_in_the_picture():
    heights = in_node("return module.histogram(given, 20, 50);", [0, 10, 10, 20, 20])
    assert sum(heights) == 5
    assert (heights[0], heights[25], heights[49]) == (1, 2, 2)


def say(after, before=None, by=None):
    start = explore.resampling().start
    given = {"now": {**start, **after}, "before": {**start, **(before or {})}, "by": by}
    program = "return module.sentence(given.now, module.measure(given.now), given.before, given.by);"
    return in_node(program, given)


def test_the_sentence_tells_what_is_seen():
    made = _resampling.measured(20, 75, 1000, 1)
    assert say({}).startswith("15 of 20 rows right, 75 %. 1000 resamples: the middle 95 % reach from")
    assert f"{100 * made['low']:.0f} % to {100 * made['high']:.0f} %" in say({})
    assert "One alone has no spread" in say({"resamples": 1})
    assert "With 20 rows it was" in say({"rows": 300}, by="rows")
    assert say({"draw": 2}, by="draw").startswith("Drawn anew.")


def test_the_page_without_javascript_has_the_numbers():
    page = explore.resampling()._repr_html_()
    assert "15 of 20" in page
    assert "75 %" in page


@pytest.mark.parametrize("given", [{"n_rows": 21}, {"percent": 100}, {"resamples": 5}])
def test_a_value_out_of_range_is_told(given):
    with pytest.raises(InvalidArgument, match=next(iter(given))):
        explore.resampling(**given)


def test_a_value_of_the_wrong_kind_is_told():
    with pytest.raises(InvalidType, match="n_rows"):
        explore.resampling("many")
