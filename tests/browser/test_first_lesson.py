"""A student takes the first lesson: runs it, answers wrongly, then rightly, reloads, finds the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.jupyter import Lab

LESSON = "notebooks/01_the_whole_pipeline.ipynb"
QUIZ = "Quiz: The whole pipeline"
WRONG = "the outputs add up to 1"
RIGHT = "the sum can be anything from 0 to 4"


def test_the_committed_lesson_reads_without_running_it(lab: Lab, page: Page):
    lab.open(page, LESSON)
    first = page.locator(".jp-Notebook")
    expect(first).to_contain_text("The whole pipeline")
    expect(first).to_contain_text("1000 rows, 20 features, 4 labels")
    assert page.get_by_text("model not found").count() == 0


def test_a_student_runs_the_lesson_and_answers(lab: Lab, page: Page):
    notebook = lab.open(page, LESSON)
    notebook.run_all()
    expect(page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)

    quiz = notebook.element(QUIZ)
    question = quiz.locator("form").first
    question.get_by_text(WRONG).first.click()
    question.get_by_role("button", name="Check").click()
    feedback = question.get_by_role("status").first
    expect(feedback).to_contain_text("Not quite")
    expect(feedback).to_contain_text("dog")  # the feedback for this choice, not for another

    question.get_by_text(RIGHT).click()
    question.get_by_role("button", name="Check").click()
    expect(feedback).to_contain_text("Correct")

    notebook.save()
    page.reload()
    notebook.wait_until_ready()
    quiz = notebook.element(QUIZ)
    expect(quiz.locator("form").first.get_by_text(RIGHT)).to_be_visible()
    expect(quiz.get_by_role("radio", name=RIGHT)).to_be_checked()
    expect(quiz.get_by_role("status").first).to_contain_text("Correct")


def test_a_student_answers_by_keyboard_alone(lab: Lab, page: Page):
    notebook = lab.open(page, "notebooks/00_start_here.ipynb")
    notebook.run_all()
    quiz = notebook.element("Quiz: How the course asks")
    radio = quiz.get_by_role("radio").first
    radio.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(quiz.get_by_role("status").first).to_contain_text("Correct")
    # JupyterLab's own keys did nothing to the notebook meanwhile: no cell was cut, added or run.
    expect(page.locator(".jp-Notebook .jp-mod-selected")).to_have_count(1)
