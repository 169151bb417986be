"""Elsewhere than in JupyterLab: in Notebook 7, and in an exported lesson without kernel and network."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from typing import TYPE_CHECKING

from nbconvert import HTMLExporter
from playwright.sync_api import expect

from tests.browser.exported import STATIC, _Quiet

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.jupyter import Lab

LESSON = "01_the_whole_pipeline"
LOADER = '<script type="module">import { mountAll } from "./page.mjs"; await mountAll();</script></body>'


def answer_first_question(quiz: Locator) -> None:
    """Answer wrongly, then rightly, and read what is said."""
    question = quiz.locator("form").first
    feedback = question.get_by_role("status").first
    question.get_by_text("the outputs add up to 1").first.click()
    question.get_by_role("button", name="Check").click()
    expect(feedback).to_contain_text("Not quite")
    question.get_by_text("the sum can be anything from 0 to 4").click()
    question.get_by_role("button", name="Check").click()
    expect(feedback).to_contain_text("Correct")


def test_notebook_7_asks_and_answers(lab: Lab, page: Page):
    page.goto(f"{lab.url}/notebooks/notebooks/{LESSON}.ipynb?token={lab.token}")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle")
    page.wait_for_timeout(3000)  # the kernel: Notebook 7 has no status bar to ask
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    quiz = page.get_by_role("region", name="Quiz: The whole pipeline").locator("form").first
    quiz.wait_for(timeout=180_000, state="attached")
    quiz.scroll_into_view_if_needed()
    answer_first_question(page.get_by_role("region", name="Quiz: The whole pipeline").last)


def test_an_exported_lesson_answers_without_kernel_and_network(lab: Lab, page: Page, tmp_path: Path):
    html, _ = HTMLExporter().from_filename(lab.home / "notebooks" / f"{LESSON}.ipynb")
    folder = tmp_path / "export"
    shutil.copytree(STATIC, folder)
    (folder / "lesson.html").write_text(html.replace("</body>", LOADER), encoding="utf-8")
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        home = f"http://127.0.0.1:{server.server_address[1]}/"
        # The export's own scripts (MathJax, RequireJS) come from elsewhere; nothing of ours may need them.
        page.route(lambda url: not url.startswith(home), lambda route: route.abort())
        page.goto(f"{home}lesson.html", wait_until="domcontentloaded")
        quiz = page.get_by_role("region", name="Quiz: The whole pipeline")
        quiz.locator("form").first.wait_for()
        answer_first_question(quiz)
        predict = page.get_by_role("region", name="Predict first").first
        predict.get_by_role("radio").first.check()
        predict.get_by_role("button", name="Commit to this answer").click()
        expect(page.get_by_role("region", name="Your prediction and the truth").first).to_contain_text(
            "Not quite"
        )
        server.shutdown()
