"""The course map in a real browser: choose, follow a link, and the right heading is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

from mlcourse import course, quiz
from tests.browser.exported import THEMES, axe_violations, exported, open_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from tests.browser.jupyter import Lab

MAP = "Choose how you want to learn"
WAYS = ("by the way of learning", "by topic", "by the minutes you have", "by what is due")
GOAL = "Trace 2: glue two texts together"
LESSON = "04 · The output layer"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the start page's views of the course."""
    views = [course.choose(), quiz.diagnose(), course.path()]
    with exported(tmp_path_factory.mktemp("page"), views) as served:
        yield served


@pytest.fixture(scope="module")
def notebook(lab: Lab) -> str:
    """Put a notebook with the map beside the lessons."""
    cell = nbformat.v4.new_code_cell("from mlcourse import course\ncourse.choose()")
    made = nbformat.v4.new_notebook(cells=[cell])
    made.metadata.kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(made, lab.home / "notebooks" / "map.ipynb")
    return "notebooks/map.ipynb"


def choose_lesson(box: Locator) -> Locator:
    """Choose a lesson by topic; return the link to one of its sections."""
    box.get_by_role("radio", name="by topic").check()
    box.get_by_role("combobox", name="Lesson").select_option(LESSON)
    return box.get_by_role("link", name=GOAL, exact=True)


def in_view_and_stays(page: Page) -> None:
    heading = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) h2", has_text=GOAL)
    expect(heading).to_be_in_viewport(timeout=90_000)
    page.wait_for_timeout(8_000)  # the cells above it get their heights
    expect(heading).to_be_in_viewport()


def test_a_link_opens_its_section_in_jupyterlab(lab: Lab, page: Page, notebook: str):
    opened = lab.open(page, notebook)
    opened.run_all()
    choose_lesson(opened.element(MAP)).click()
    in_view_and_stays(page)
    assert "04_the_output_layer.ipynb" in page.url


def test_a_link_opens_its_section_in_notebook_7(lab: Lab, page: Page, notebook: str):
    page.goto(f"{lab.url}/notebooks/{notebook}?token={lab.token}")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle")
    page.wait_for_timeout(3000)  # the kernel: Notebook 7 has no status bar to ask
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    box = page.get_by_role("region", name=MAP)
    box.get_by_role("radio").first.wait_for(timeout=120_000)
    with page.context.expect_page() as opened:
        choose_lesson(box.last).click()
    in_view_and_stays(opened.value)


def test_on_a_page_of_a_site_the_links_lead_to_its_pages(page: Page, address: str):
    open_page(page, f"{address}light.html")
    link = choose_lesson(page.get_by_role("region", name=MAP))
    expect(link).to_have_attribute("href", "04_the_output_layer.html#glue")


def test_everything_is_chosen_by_keyboard(page: Page, address: str):
    open_page(page, f"{address}light.html")
    box = page.get_by_role("region", name=MAP)
    box.get_by_role("radio", name=WAYS[0]).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(box.get_by_role("radio", name=WAYS[2])).to_be_checked()
    page.keyboard.press("Tab")
    expect(box.get_by_role("combobox", name="Minutes")).to_be_focused()
    page.keyboard.press("Home")
    expect(box).to_contain_text("What fits into 5 minutes")
    page.keyboard.press("Tab")
    expect(box.get_by_role("link").first).to_be_focused()


def test_what_was_chosen_is_found_again_after_a_reload(page: Page, address: str):
    open_page(page, f"{address}light.html")
    choose_lesson(page.get_by_role("region", name=MAP))
    page.wait_for_timeout(800)
    page.reload()
    page.locator("body[data-mounted]").wait_for()
    expect(page.get_by_role("link", name=GOAL, exact=True)).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [1280, 420])
def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, address: str, theme: str, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    open_page(page, f"{address}{theme}.html")
    for way in WAYS:
        page.get_by_role("radio", name=way).check()
        page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert axe_violations(page) == [], way


def test_the_path_grows_with_each_first_answer(page: Page, address: str):
    open_page(page, f"{address}light.html")
    path = page.get_by_role("region", name="Your path")
    expect(path).to_contain_text("Answer the entry test above")
    test = page.get_by_role("region", name="Entry test")
    answered = 0
    for _ in range(len(quiz.diagnose()._questions)):
        choices = test.locator("form:visible input[type=radio]")
        if choices.count():
            choices.first.check()
            test.locator("form:visible").get_by_role("button", name="Check").click()
            answered += 1
            expect(path).to_contain_text(f"{answered} of")
        further = test.get_by_role("button", name="Next question")
        if further.is_enabled():
            further.click()
    assert answered >= 3
    expect(path).to_contain_text("Begin with")
    assert path.get_by_role("link").count() > 11
    assert axe_violations(page) == []
