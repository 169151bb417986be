"""Exercises and the challenge in a real browser without a kernel: hints, clock, badge, both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from mlcourse import practice, quiz
from tests.browser.exported import THEMES, axe_violations, exported, open_page
from tests.unit.test_challenge import answers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

PROBLEMS = quiz.load("01").challenge


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an exercise, an experiment and a challenge."""
    elements = [
        practice.exercise("01-yes-or-no"),
        practice.experiment("01-small-and-good"),
        practice.challenge("01"),
    ]
    with exported(tmp_path_factory.mktemp("page"), elements) as served:
        yield served


def challenge(page: Page) -> Locator:
    return page.get_by_role("region", name="Challenge: The whole pipeline")


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_at_any_stage(page: Page, address: str, theme: str):
    open_page(page, f"{address}{theme}.html")
    exercise = page.get_by_role("region").first
    exercise.get_by_role("button", name="Hint 1").click()
    assert axe_violations(page) == []
    box = challenge(page)
    box.get_by_role("button", name="Start with the clock").click()
    expect(box.get_by_role("timer")).to_contain_text("Time left")
    assert axe_violations(page) == []
    box.get_by_role("button", name="Hint (costs").click()
    for _ in PROBLEMS:
        box.get_by_role("button", name="Give up this problem").click()
        box.locator("button.mlc-main:visible").click()
    expect(box).to_contain_text("No badge this time")
    assert axe_violations(page) == []


def test_hints_come_one_by_one_and_the_solution_asks_first(page: Page, address: str):
    open_page(page, f"{address}light.html")
    exercise = page.get_by_role("region").first
    expect(exercise).not_to_contain_text("np.exp(-logits)")
    exercise.get_by_role("button", name="Hint 1").click()
    expect(exercise).to_contain_text("Which function turned logits")
    exercise.get_by_role("button", name="olution").first.click()
    expect(exercise).to_contain_text("still")
    exercise.get_by_role("button", name="how").last.click()
    expect(exercise).to_contain_text("np.exp(-logits)")


def test_the_clock_goes_on_over_a_reload_and_can_be_switched_off(page: Page, address: str):
    page.clock.install()
    open_page(page, f"{address}light.html")
    box = challenge(page)
    expect(box).to_contain_text("Nothing runs before you start")
    box.get_by_role("button", name="Start with the clock").click()
    timer = box.get_by_role("timer")
    first = timer.inner_text()
    page.clock.fast_forward(20_000)
    assert timer.inner_text() != first
    page.reload()
    page.locator("body[data-mounted]").wait_for()
    minutes, seconds = timer.inner_text().removeprefix("Time left: ").split(":")
    assert int(minutes) * 60 + int(seconds) <= PROBLEMS[0].seconds - 20
    box.get_by_role("button", name="Switch the clock off").click()
    expect(box).to_contain_text("The clock is off: take your time")
    page.clock.fast_forward(3_600_000)
    expect(box.get_by_role("button", name="Check")).to_be_visible()


def test_time_runs_out_and_says_so(page: Page, address: str):
    page.clock.install()
    open_page(page, f"{address}light.html")
    box = challenge(page)
    box.get_by_role("button", name="Start with the clock").click()
    page.clock.fast_forward(1000 * (PROBLEMS[0].seconds + 1))
    expect(box).to_contain_text("time")
    expect(box.get_by_role("button", name="Check")).to_be_hidden()


def test_a_problem_is_solved_for_points(page: Page, address: str):
    assert PROBLEMS[0].type in {"single", "numeric"}
    open_page(page, f"{address}light.html")
    box = challenge(page)
    box.get_by_role("button", name="Start without the clock").click()
    right, _ = answers_of(PROBLEMS[0])
    if PROBLEMS[0].type == "single":
        box.get_by_role("radio").nth(right).check()
    else:
        box.get_by_role("textbox").fill(right)
    box.get_by_role("button", name="Check").click()
    expect(box).to_contain_text("✓ Correct")
