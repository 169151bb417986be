"""The playgrounds in a real browser without a kernel: moved by keyboard, told in words, in both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from mlcourse import explore
from tests.browser.exported import THEMES, axe_violations, exported, open_page
from tests.unit.test_explore_prediction import TAGS, WORDS, keras_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

ALL = {
    "output_layer": explore.output_layer,
    "loss": lambda: explore.loss([0.9, 0.2, 0.6, 0.1], [1, 0, 1, 0]),
    "decision_map": explore.decision_map,
    "descent": explore.descent,
    "drift": explore.drift,
    "imbalance": explore.imbalance,
    "convolution": explore.convolution,
    "capacity": explore.capacity,
    "calibration": lambda: explore.calibration(
        [0, 1, 2, 0, 1], [[3, 0, -1], [2, 1, 0], [0, 0.5, 2], [4, 0, 0], [0, 5, 1]], ["left", "right", "both"]
    ),
    "baskets": explore.baskets,
    "resampling": explore.resampling,
    "row_through_stages": explore.row_through_stages,
    "prediction": lambda: explore.prediction(
        keras_model(), [[17, 23, 5], [0, 0, 0]], [[1, 0], [0, 0]], feature_names=WORDS, class_names=TAGS
    ),
    "quantization": explore.quantization,
    "threshold": lambda: explore.threshold([[1, 0], [0, 1], [1, 0]], [[0.9, 0.4], [0.6, 0.3], [0.2, 0.1]]),
}


def test_every_playground_is_looked_at():
    assert {name for name in explore.__all__ if name != "Playground"} == set(ALL)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve every playground."""
    with exported(tmp_path_factory.mktemp("page"), [make() for make in ALL.values()]) as served:
        yield served


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_before_and_after_moving(page: Page, address: str, theme: str):
    open_page(page, f"{address}{theme}.html")
    assert axe_violations(page) == []
    for slider in page.locator("input[type=range]:visible").all():
        slider.focus()
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)  # the sentence is spoken once the hand rests
    assert axe_violations(page) == []


def test_a_logit_moves_by_keyboard_and_the_sentence_says_what_it_did(page: Page, address: str):
    open_page(page, f"{address}light.html")
    box = page.get_by_role("region").first
    box.get_by_role("slider").first.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(box).to_contain_text("Raising cat")
    expect(box).to_contain_text("sigmoids of the others did not move")
    expect(box.get_by_role("slider").first).to_have_value("2.5")
    box.get_by_role("button", name="Back to the start").click()
    expect(box.get_by_role("slider").first).to_have_value("2")


def test_where_it_was_moved_to_is_found_again_after_a_reload(page: Page, address: str):
    open_page(page, f"{address}light.html")
    slider = page.get_by_role("region").first.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("End")
    moved = slider.input_value()
    page.wait_for_timeout(800)
    page.reload()
    page.locator("body[data-mounted]").wait_for()
    assert slider.input_value() == moved
