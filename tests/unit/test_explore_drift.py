"""The drift playground: NumPy, SciPy and the browser draw and measure the same year."""

from __future__ import annotations

import json
import re
from functools import cache

import numpy as np
import pytest

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore import _drift
from tests.node import in_node as run_in_node

QUIET = {"shift": 0.0, "scale": 1.0, "share": 0.4, "concept": 0.0, "size": 400}
LAMP = {**QUIET, "shift": 1.0}
RULE = {**QUIET, "concept": 0.4, "size": 1600}
SHARES = {**QUIET, "share": 0.8}
STRETCH = {**QUIET, "scale": 2.0}

started = cache(explore.drift)


def in_node(program, **given):
    return run_in_node("explore_drift.mjs", program, {"data": started().data, **given})


def rings(year, key):
    return [m for m, month in enumerate(year, start=1) if key in month["rings"]]


def test_the_browser_draws_the_same_items():
    made = in_node(
        "const { shine, truth } = module.items(given.data, 77, 500, given.now);"
        "return { shine: [...shine], truth: [...truth] };",
        now={"shift": 0.5, "scale": 1.5, "share": 0.3, "concept": 0.2},
    )
    shine, truth = _drift.items(77, 500, shift=0.5, scale=1.5, share=0.3, concept=0.2)
    np.testing.assert_allclose(made["shine"], shine, rtol=1e-12)
    assert made["truth"] == truth.tolist()


@pytest.mark.parametrize("now", [LAMP, RULE, SHARES, STRETCH, {**QUIET, "size": 100}])
def test_the_browser_measures_the_same_year(now):
    made = in_node("return module.year(given.data, given.now).months;", now=now)
    for ours, theirs in zip(_drift.year(**now), made, strict=True):
        assert ours["rings"] == theirs["rings"]
        for key in _drift.NAMES:
            assert theirs[key] == pytest.approx(ours[key], abs=1e-12)


def test_the_distance_is_scipys():
    from scipy.stats import ks_2samp

    a, b = np.random.default_rng(0).normal(size=(2, 300))
    b = b[:200].round(1) + 0.2
    assert _drift.ks(a, b) == pytest.approx(ks_2samp(a, b).statistic)


def test_psi_by_hand_and_an_empty_bin():
    reference = np.arange(100.0)
    assert _drift.psi(reference, reference) == 0
    only_last = np.full(50, 1000.0)  # nine bins are empty, the last one is open to the right
    e = _drift.EPSILON
    expected = 9 * (e - 0.1) * np.log(e / 0.1) + (1 - 0.1) * np.log(1 / 0.1)
    assert _drift.psi(reference, only_last) == pytest.approx(expected)


def test_the_limit_of_the_distance_is_kolmogorovs():
    from scipy.stats import kstwobign

    assert pytest.approx(kstwobign.isf(0.01), abs=0.001) == _drift.KS_FACTOR


def test_the_numbers_are_normal_and_the_shares_right():
    from scipy.stats import kstest

    shine, truth = _drift.items(5, 20_000, share=0.4, concept=0.25)
    assert np.mean(truth) == pytest.approx(0.4 * 0.75, abs=0.01)
    shine, _ = _drift.items(6, 20_000, share=1.0, shift=2.0, scale=0.5)
    assert kstest((shine - 2.0) / 0.5 - _drift.CENTRE, "norm").pvalue > 0.01


def test_what_the_lesson_says_of_the_alarms():
    lamp, rule, shares, stretch = (_drift.year(**now) for now in (LAMP, RULE, SHARES, STRETCH))
    assert rings(lamp, "ks")[-1] == 12
    assert rings(lamp, "right")
    for silent in ("psi", "ks", "called"):
        assert rings(rule, silent) == []
    assert set(range(8, 13)) <= set(rings(rule, "right"))
    assert set(range(8, 13)) <= set(rings(shares, "called"))
    assert rings(shares, "right") == []
    assert set(range(8, 13)) <= set(rings(stretch, "psi"))
    assert rings(stretch, "right") == []


def said(**now):
    return in_node(
        "return module.sentence(given.data, given.now, module.year(given.data, given.now));",
        now={**now, "size": str(now["size"])},
    )


def test_the_sentence_tells_which_alarm_is_worth_something():
    assert "Only the truth notices the damage." in said(**RULE)
    assert "All three alarms without the truth stay silent." in said(**RULE)
    assert said(**STRETCH).startswith("Shine times 2.00. From month 8 on, PSI and KS ring.")
    assert "An alarm, and no damage shows." in said(**STRETCH)
    assert said(**QUIET).startswith("Nothing has changed. ")
    both = {**LAMP, "shift": 2.0}
    assert "An alarm that is worth its money." in said(**both)
    assert f"{_drift.year(**both)[-1]['right']:.2f} are right" in said(**both)


@pytest.mark.parametrize(
    ("months", "text"), [([], ""), ([3], "3"), ([3, 5, 6, 7], "3, 5 to 7"), ([1, 2, 12], "1 to 2, 12")]
)
def test_spans(months, text):
    assert _drift.spans(months) == text
    assert in_node("return module.spans(given.months);", months=months) == text


def test_the_page_without_a_kernel_shows_the_start():
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", explore.drift(shift=0, concept=0.4)._repr_html_()))
    assert "shift 0.00, multiplied by 1.00, plastic 40 %, new rule 40 %, 400 items a month" in plain
    assert re.search(r"PSI of the shine \d\.\d\d \d\.\d\d never", plain)
    assert repr(started()) == "Playground drift: Which alarm fires, which stays silent. Run the cell to play."


def test_start_can_be_written_as_json():
    made = explore.drift(shift=0.3, scale=1.6, share=0.44, size=1600)
    assert made.start == {"shift": 0.25, "scale": 1.5, "share": 0.4, "concept": 0.0, "size": "1600"}
    assert json.loads(json.dumps(made.data))["strength"][3:8] == [0, 0.25, 0.5, 0.75, 1]


@pytest.mark.parametrize(
    ("arguments", "error", "part"),
    [
        ({"shift": 3}, InvalidArgument, "shift is 3"),
        ({"share": 0.95}, InvalidArgument, "share"),
        ({"concept": "all"}, InvalidType, "concept"),
        ({"size": 500}, InvalidArgument, "100, 400, 1600"),
        ({"size": None}, InvalidType, "size"),
    ],
)
def test_bad_arguments_are_told(arguments, error, part):
    with pytest.raises(error, match=part):
        explore.drift(**arguments)


def test_the_sentence_does_not_make_a_rule_of_one_ring():
    """A single false alarm after month 8 is not called an alarm that rings from month 8 on."""

    def sentence(rung):
        """Say a year with a new rule of 20 %; `rung` names for each alarm the months in which it rings."""
        months = [
            {**_drift.year(**QUIET)[0], "rings": [k for k, at in rung.items() if m in at]}
            for m in range(1, 13)
        ]
        return in_node(
            "const { data, now, months } = given;"
            "return module.sentence(data, now, { usual: months[0], months });",
            now={**QUIET, "concept": 0.2, "size": "400"},
            months=months,
        )

    assert "From month 8 on, KS rings now and then only." in sentence({"ks": [9]})
    assert "The truth notices the damage; the others hardly do." in sentence({"ks": [9], "right": [8, 9, 11]})
    assert "In most months from 8 on, the decisions ring. " in sentence({"called": [8, 9, 12]})
    assert "All three alarms without the truth stay silent." in sentence({"right": [8]})
