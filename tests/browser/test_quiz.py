"""Every kind of question in a real browser without a kernel: by mouse, by keyboard, in both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from mlcourse.quiz import _bank
from mlcourse.quiz._element import Element
from tests.browser.exported import THEMES, axe_violations, exported, open_page
from tests.unit.test_quiz_element import HOSTILE
from tests.unit.test_quiz_grade import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve one element of every kind, a prediction with its reveal, and a myth."""
    single = next(q for q in SAMPLES if q.type == "single")
    plain = [q for q in SAMPLES if q.type != "myth"]
    elements = [
        *(Element("quiz", "text", f"Quiz: {q.type}", [q]) for q in plain),
        Element("quiz", "text", "Quiz: all", plain[:3], paged=True),
        Element("predict", "text", "Predict first", [single]),
        Element("reveal", "text", "Your prediction and the truth", [single]),
        Element("myth", "text", "True or false?", [q for q in SAMPLES if q.type == "myth"]),
    ]
    with exported(tmp_path_factory.mktemp("page"), elements) as served:
        yield served


def element(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def answer_everything(page: Page) -> None:
    """Choose or type something wrong in every question and check it."""
    for choice in page.locator("input[type=radio]:visible, input[type=checkbox]:visible").all():
        choice.check()
    for field in page.locator("input[type=text]:visible, textarea:visible").all():
        field.fill("7")
    for chooser in page.locator("select:visible").all():
        chooser.select_option(index=1)
    buttons = page.get_by_role("button", name="Check").filter(visible=True).all()
    for button in reversed(buttons):  # one that was right goes away, and the later ones move up
        button.click()
    page.get_by_role("button", name="Commit to this answer").click()


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_before_and_after_answering(page: Page, address: str, theme: str):
    open_page(page, f"{address}{theme}.html")
    assert axe_violations(page) == []
    answer_everything(page)
    assert page.locator(".mlc-result").count() >= 8
    assert axe_violations(page) == []


def test_a_wrong_answer_gets_its_own_explanation_then_the_right_one(page: Page, address: str):
    open_page(page, f"{address}light.html")
    quiz = element(page, "Quiz: single")
    status = quiz.get_by_role("status").first
    quiz.get_by_role("button", name="Check").click()
    expect(status).to_contain_text("Choose an answer first")
    quiz.get_by_text("Always 1").click()
    quiz.get_by_role("button", name="Check").click()
    expect(status).to_contain_text("✗ Not quite")
    expect(status).to_contain_text("That is softmax.")
    quiz.get_by_text("Anything from 0 to 4").click()
    quiz.get_by_role("button", name="Check").click()
    expect(status).to_contain_text("✓ Correct")
    expect(status).to_contain_text("Each sigmoid looks at its own logit.")


def test_everything_works_by_keyboard_alone(page: Page, address: str):
    open_page(page, f"{address}light.html")
    quiz = element(page, "Quiz: single")
    page.keyboard.press("Tab")
    expect(quiz.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(quiz.get_by_role("status").first).to_contain_text("Correct")
    order = element(page, "Quiz: order")
    for _ in range(80):
        if order.evaluate("e => e.contains(document.activeElement)"):
            break
        page.keyboard.press("Tab")
    else:
        pytest.fail("Tab never reached the order question")
    before = order.inner_text()
    page.keyboard.press("Enter")
    assert order.inner_text() != before


def test_what_has_focus_shows_it_and_targets_are_large_enough(page: Page, address: str):
    open_page(page, f"{address}light.html")
    for control in page.locator("button:visible, select:visible, input[type=text]:visible").all():
        box = control.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_a_prediction_locks_and_the_reveal_further_down_compares(page: Page, address: str):
    open_page(page, f"{address}light.html")
    reveal = element(page, "Your prediction and the truth")
    expect(reveal).to_contain_text("You ran on without a prediction")
    predict = element(page, "Predict first")
    predict.get_by_text("Always 1").click()
    predict.get_by_role("button", name="Commit to this answer").click()
    expect(predict).to_contain_text("Locked in")
    expect(predict).not_to_contain_text("That is softmax.")
    expect(predict.get_by_role("radio").first).to_be_disabled()
    expect(reveal).to_contain_text("Not quite")
    expect(reveal).to_contain_text("Anything from 0 to 4")


def test_answers_are_found_again_after_a_reload_without_a_kernel(page: Page, address: str):
    open_page(page, f"{address}light.html")
    quiz = element(page, "Quiz: single")
    quiz.get_by_text("Anything from 0 to 4").click()
    quiz.get_by_role("button", name="Check").click()
    page.reload()
    page.locator("body[data-mounted]").wait_for()
    expect(quiz.get_by_role("status").first).to_contain_text("Correct")
    expect(quiz.get_by_role("radio", name="Anything from 0 to 4")).to_be_checked()


def test_a_damaged_store_costs_the_answers_not_the_page(page: Page, address: str):
    open_page(page, f"{address}light.html")
    quiz = element(page, "Quiz: single")
    quiz.get_by_text("Anything from 0 to 4").click()
    quiz.get_by_role("button", name="Check").click()
    page.evaluate("for (const key of Object.keys(localStorage)) localStorage.setItem(key, '{\"log\": [')")
    page.reload()
    page.locator("body[data-mounted]").wait_for()
    expect(quiz.get_by_role("button", name="Check")).to_be_visible()


def test_a_hostile_question_runs_no_script(page: Page, tmp_path):
    def entry(i: int, text: str) -> dict:
        choices = [
            {"text": text, "right": True, "feedback": text},
            {"text": f"other {i}", "misconception": "a-b", "feedback": text},
        ]
        words = {"concept": text, "prompt": text, "explanation": text}
        return {"id": f"90-h{i}", "type": "single", "difficulty": 1, "choices": choices, **words}

    questions = [_bank._question.validate_python(entry(i, text)) for i, text in enumerate(HOSTILE)]
    elements = [Element("quiz", "text", f"Quiz {i} {q.prompt}", [q]) for i, q in enumerate(questions)]
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    with exported(tmp_path / "page", elements) as served:
        open_page(page, f"{served}light.html")
        answer_everything_once(page)
        page.wait_for_timeout(200)
        assert alerts == []
        assert all(url.startswith(served) for url in requests)
        assert page.locator("main script, main img, main iframe").count() == 0


def answer_everything_once(page: Page) -> None:
    for radio in page.locator("label:has(input[type=radio])").all():
        radio.click(position={"x": 5, "y": 5})
    for button in page.get_by_role("button", name="Check").all():
        button.click()
