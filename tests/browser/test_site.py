"""The static site in a real Chromium: every element answers without kernel and network; axe is content."""

from __future__ import annotations

import functools
import http.server
import json
import re
import threading
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from mlcourse import progress
from mlcourse._cli import environment
from mlcourse._cli.site import Handler
from mlcourse._site._build import build
from mlcourse._site._lesson import read_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

PAGES = [
    "index.html",
    "search.html?q=softmax",
    *[one.page for one in read_all(environment.ROOT / "notebooks")],
]
FIRST = "01_the_whole_pipeline.html"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MOST_BYTES = 1_000_000
MOST_SECONDS = 2.0
SLOWER = 4


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the course's site."""
    made = tmp_path_factory.mktemp("site") / "site"
    build(environment.ROOT, made, repository="https://github.com/owner/name")
    return made


@pytest.fixture(scope="session")
def home(folder: Path) -> Iterator[str]:
    """Serve the site, the way `--serve` does."""
    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(autouse=True)
def quiet(page: Page, home: str) -> Iterator[list[str]]:
    """See to it that nothing is asked of anywhere else, and that no script or style sheet complains."""
    faults: list[str] = []

    def refuse(route):
        faults.append(f"asked for {route.request.url}")
        route.abort()

    page.route(lambda url: not url.startswith((home, "file://", "data:", "blob:")), refuse)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None)
    yield faults
    assert faults == []


def visit(page: Page, address: str) -> None:
    """Open a page and wait until its elements live."""
    page.goto(address)
    page.locator("body[data-mounted]").wait_for()


def answer_first_question(page: Page) -> None:
    """Answer a question of lesson 01's quiz wrongly, then rightly, and read what is said."""
    question = page.get_by_role("region", name="Quiz: The whole pipeline").locator("form").first
    feedback = question.get_by_role("status").first
    question.get_by_text("the outputs add up to 1").first.click()
    question.get_by_role("button", name="Check").click()
    expect(feedback).to_contain_text("Not quite")
    question.get_by_text("the sum can be anything from 0 to 4").click()
    question.get_by_role("button", name="Check").click()
    expect(feedback).to_contain_text("Correct")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_light_or_dark(page: Page, home: str, name: str):
    page.emulate_media(color_scheme="light")
    visit(page, home + name)
    options = {"resultTypes": ["violations"], "preload": False}
    found = Axe().run(page, options={"runOnly": WCAG, **options}).response["violations"]
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    # Only colours differ from the light page.
    found += Axe().run(page, options={"runOnly": ["color-contrast"], **options}).response["violations"]
    told = [f"{v['id']}: {[(n['target'], n['failureSummary']) for n in v['nodes']][:3]}" for v in found]
    assert told == []


def test_a_quiz_a_prediction_and_a_myth_answer_and_are_found_again(page: Page, home: str):
    visit(page, home + FIRST)
    answer_first_question(page)
    reveal = page.get_by_role("region", name="Your prediction and the truth").first
    expect(reveal).to_contain_text("You ran on without a prediction")
    predict = page.get_by_role("region", name="Predict first").first
    predict.get_by_role("radio").first.check()
    predict.get_by_role("button", name="Commit to this answer").click()
    expect(reveal).to_contain_text("You predicted")
    myth = page.get_by_role("region", name="True or false?").first
    myth.get_by_role("radio").first.check()
    myth.get_by_role("button", name="Check").click()
    expect(myth).to_contain_text("The reality")
    expect(page.locator("#site-answers")).to_contain_text("4 answers, kept in this browser")
    page.reload()
    page.locator("body[data-mounted]").wait_for()
    expect(myth).to_contain_text("The reality")
    expect(reveal).to_contain_text("You predicted")
    expect(page.locator("#site-answers")).to_contain_text("4 answers")


def test_an_exercise_gives_hints_and_its_solution(page: Page, home: str):
    visit(page, home + FIRST)
    task = page.get_by_role("region", name=re.compile("^Exercise: ")).first
    task.get_by_role("button", name="Hint 1 of").click()
    expect(task.locator(".mlc-hints li")).to_have_count(1)
    task.get_by_role("button", name="Show a solution").click()
    task.get_by_role("button", name="Show it").click()
    expect(task).to_contain_text("One solution")


def test_a_challenge_runs(page: Page, home: str):
    visit(page, home + FIRST)
    challenge = page.get_by_role("region", name="Challenge: The whole pipeline")
    challenge.get_by_role("button", name="Start without the clock").click()
    challenge.get_by_role("button", name="Give up this problem").click()
    expect(challenge).to_contain_text("You gave this problem up.")
    expect(page.locator("#site-answers")).to_contain_text(
        "3 answers"
    )  # the run's events, by which it goes on


def test_every_playground_lives_and_moves(page: Page, home: str):
    seen = 0
    for name in PAGES[2:]:
        visit(page, home + name)
        for ground in page.locator("[data-mlc-module^=explore_] .mlc-explore").all():
            slider = ground.locator("input[type=range]:visible, select:visible, button:visible").first
            expect(slider).to_be_visible()
            slider.focus()
            page.keyboard.press("ArrowRight")
            seen += 1
    assert seen >= 10
    visit(page, home + "00_start_here.html")
    ground = page.locator(".mlc-explore", has=page.locator("input[type=range]")).first
    slider = ground.locator("input[type=range]").first
    before = ground.inner_text()
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_function(
        "before => document.querySelector('.mlc-explore').innerText !== before", arg=before
    )
    value = slider.input_value()
    page.wait_for_timeout(300)  # what was moved is saved when the hand rests
    page.reload()
    page.locator("body[data-mounted]").wait_for()
    assert slider.input_value() == value


def test_the_exported_answers_are_a_record_that_load_takes(
    page: Page, home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    visit(page, home + FIRST)
    export = page.get_by_role("button", name="Export my answers")
    expect(export).to_be_disabled()
    answer_first_question(page)
    with page.expect_download() as download:
        export.click()
    path = tmp_path / download.value.suggested_filename
    assert path.name == "my-answers.json"
    download.value.save_as(path)
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path / "record"))
    assert progress.load(path).n_new == 2
    wrong, right = progress.answers()
    assert (wrong.item_id, wrong.kind, wrong.mode, wrong.score) == ("01-sigmoid-sum", "question", "recall", 0)
    assert (right.item_id, right.chapter, right.score) == ("01-sigmoid-sum", "01", 1)
    assert wrong.misconception
    assert wrong.when < right.when
    assert [due.item_id for due in progress.schedule()] == ["01-sigmoid-sum"]


def test_clearing_asks_first_and_forgets_everything(page: Page, home: str):
    visit(page, home + FIRST)
    answer_first_question(page)
    page.get_by_role("button", name="Clear my answers").click()
    page.get_by_role("button", name="Keep them").click()
    expect(page.locator("#site-answers")).to_contain_text("2 answers")
    page.get_by_role("button", name="Clear my answers").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Clear them").click()
    page.locator("body[data-mounted]").wait_for()
    expect(page.locator("#site-answers")).to_contain_text("No answers yet")
    assert page.evaluate("Object.keys(localStorage).filter((key) => /^mlcourse[:.]/.test(key))") == []
    question = page.get_by_role("region", name="Quiz: The whole pipeline").locator("form").first
    expect(question.get_by_role("status").first).to_be_empty()


def test_a_damaged_store_costs_the_answers_not_the_page(page: Page, home: str):
    visit(page, home + FIRST)
    answer_first_question(page)
    page.evaluate("for (const key of Object.keys(localStorage)) localStorage.setItem(key, '[{')")
    visit(page, home + FIRST)
    expect(page.locator("#site-answers")).to_contain_text("No answers yet")
    answer_first_question(page)
    expect(page.locator("#site-answers")).to_contain_text("2 answers")


def test_opened_from_a_disk_with_the_network_off_it_answers_and_searches(page: Page, folder: Path):
    page.context.set_offline(True)
    visit(page, f"{folder.as_uri()}/{FIRST}")
    answer_first_question(page)
    page.get_by_role("searchbox", name="Search the course").fill("threshold")
    page.keyboard.press("Enter")
    page.locator("body[data-mounted]").wait_for()
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("sections with “threshold”")


def test_search_leads_to_the_cell_and_follows_the_typing(page: Page, home: str):
    visit(page, f"{home}index.html")
    field = page.get_by_role("searchbox", name="Search the course")
    field.fill("label smoothing")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=label+smoothing")
    results = page.locator("main ol li")
    expect(results.first).to_contain_text("label smoothing", ignore_case=True)
    field.fill("qqqqq")
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("Nothing has every word")
    field.fill("label smoothing")
    results.first.get_by_role("link").click()
    page.locator("body[data-mounted]").wait_for()
    target = page.evaluate("decodeURIComponent(location.hash.slice(1))")
    assert target
    top = page.locator(f"[id='{target}']").evaluate("e => e.getBoundingClientRect().top")
    assert 0 <= top < 300


def test_the_course_map_leads_to_the_cell_of_a_page(page: Page, home: str):
    visit(page, f"{home}00_start_here.html")
    course = page.get_by_role("region", name="Choose how you want to learn")
    course.get_by_role("radio", name="by topic").check()
    course.get_by_label("Lesson").select_option("05")
    course.get_by_role("link", name="Recall").click()
    page.locator("body[data-mounted]").wait_for()
    assert page.url == f"{home}05_the_loss.html#recall"
    assert 0 <= page.locator("#recall").evaluate("e => e.getBoundingClientRect().top") < 300


def test_the_choice_of_the_dark_theme_is_kept(page: Page, home: str):
    page.emulate_media(color_scheme="light")
    visit(page, f"{home}index.html")
    page.get_by_role("button", name="Dark").click()
    visit(page, home + FIRST)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")


def test_on_a_narrow_page_the_lessons_open_by_keyboard_and_nothing_is_cut_off(page: Page, home: str):
    page.set_viewport_size({"width": 420, "height": 800})
    for name in PAGES:
        visit(page, home + name)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 420, f"{name} is {width} wide"
    visit(page, home + FIRST)
    nav = page.get_by_role("navigation", name="Lessons")
    expect(nav).to_be_hidden()
    page.get_by_role("button", name="Lessons").focus()
    page.keyboard.press("Enter")
    expect(nav).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(nav).to_be_hidden()
    page.get_by_role("button", name="Lessons").click()
    nav.get_by_role("link", name="Recall").click()
    expect(nav).to_be_hidden()
    assert page.url.endswith("#recall")


def test_the_first_lesson_is_small_and_soon_alive_on_a_slow_machine(page: Page, home: str):
    bodies = []
    page.on("response", lambda response: bodies.append(response))  # noqa: PLW0108 - Playwright marks its handlers
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    # What the page's own thread works: nearly all that passes on an idle machine, the same on a busy one.
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    visit(page, home + FIRST)
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    assert 0.05 < metrics["TaskDuration"] < MOST_SECONDS
    size = sum(len(one.body()) for one in bodies if "/images/" not in one.url)
    assert 100_000 < size < MOST_BYTES


def test_launch_buttons_name_the_lesson(page: Page, home: str):
    visit(page, home + FIRST)
    binder = page.get_by_role("link", name="Binder")
    address = "https://mybinder.org/v2/gh/owner/name/main?urlpath=lab%2Ftree%2Fnotebooks%2F01_the_whole_pipeline.ipynb"
    expect(binder).to_have_attribute("href", address)
    assert json.loads(page.locator("#site-modes").inner_text())
