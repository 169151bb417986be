"""The final test in a real browser: without a kernel in both themes, then in JupyterLab by keyboard."""

from __future__ import annotations

import html as words
import re
import time
from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

from mlcourse import quiz
from mlcourse.quiz._final import FinalTest
from mlcourse.quiz._markdown import inline
from mlcourse.quiz._taught import taught
from tests.browser.exported import THEMES, axe_violations, exported, open_page
from tests.unit.test_challenge import answers_of
from tests.unit.test_quiz_grade import BANK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Locator, Page

    from mlcourse.quiz._questions import Question
    from tests.browser.jupyter import Lab

N, STOP = 12, 4
"""A whole test, short enough to be taken by keyboard in seconds, and where the student stops."""
KINDS = {q.type: q for q in BANK if q.chapter not in {"00", "16"} and not q.seconds}


class _Served:
    """A test as a page without a kernel would carry it: its HTML form tells no question, so here it does."""

    def __init__(self, test: FinalTest) -> None:
        self._payload = test._payload

    def _repr_html_(self) -> str:
        return f'<div data-mlc-module="final.mjs" data-mlc="{self._payload}"></div>'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a test with a question of every kind."""
    test = FinalTest(list(KINDS.values()), len(KINDS), 7, named=False, run=None)
    with exported(tmp_path_factory.mktemp("page"), [_Served(test)]) as served:
        yield served


def final(page: Page) -> Locator:
    return page.get_by_role("region", name="Final test", exact=True)


def press(box: Locator, name: str) -> None:
    """Press a button by keyboard."""
    button = box.get_by_role("button", name=name, exact=True)
    button.focus()
    button.press("Enter")


def answer(box: Locator, question: Question, given: object) -> None:
    """Give an answer with the keys alone."""
    page = box.page
    if question.type in {"single", "several", "myth"}:
        chosen = [given] if question.type != "several" else list(given)
        if question.type == "myth":
            chosen = [0 if given else 1]
        for i in chosen:
            box.locator(".mlc-options input").nth(i).focus()
            page.keyboard.press("Space")
    elif question.type in {"numeric", "output", "blanks"}:
        texts = given if question.type == "blanks" else [given]
        for i, text in enumerate(texts):
            box.locator(".mlc-entry").nth(i).focus()
            page.keyboard.insert_text(text)
    elif question.type == "match":
        for i, partner in enumerate(given):
            box.locator("select").nth(i).select_option(str(partner))
    elif question.type == "sort":
        for i, group in enumerate(given):
            box.locator(".mlc-scenario").nth(i).locator("input").nth(group).focus()
            page.keyboard.press("Space")
    else:  # order: carry each step up to its place
        texts = [plain(step.text) for step in question.steps]
        for place, step in enumerate(given):
            while (at := rows(box).index(texts[step])) > place:
                up = box.get_by_role("button", name="Move up: ").nth(at)
                up.focus()
                page.keyboard.press("Enter")


def plain(text: str) -> str:
    """Return what a piece of Markdown looks like, without its blanks."""
    return "".join(words.unescape(re.sub(r"<[^>]+>", "", inline(text))).split())


def rows(box: Locator) -> list[str]:
    """Return the steps as they stand, without their blanks."""
    return ["".join(text.split()) for text in box.locator(".mlc-order .mlc-text").all_text_contents()]


def take(box: Locator, questions: Sequence[Question], *, wrong: set[int]) -> None:
    """Answer every question by keyboard, going on with Enter on the button."""
    for i, question in enumerate(questions):
        expect(box.locator("legend").first).to_have_text(f"Question {i + 1} of {len(questions)}")
        answer(box, question, answers_of(question)[int(i in wrong)])
        if i < len(questions) - 1:
            press(box, "Next question")


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_at_any_stage(page: Page, address: str, theme: str):
    open_page(page, f"{address}{theme}.html")
    box = final(page)
    assert axe_violations(page) == []
    press(box, "Begin the test")
    take(box, list(KINDS.values()), wrong={0, 1})
    assert axe_violations(page) == []
    press(box, "Hand in …")
    assert axe_violations(page) == []
    press(box, "Hand in now")
    expect(box).to_contain_text(f"{len(KINDS) - 2} of {len(KINDS)} right")
    for details in box.locator("details").all():
        details.evaluate("e => e.open = true")
    assert axe_violations(page) == []


def test_nothing_is_told_before_it_is_handed_in_and_a_reload_goes_on(page: Page, address: str):
    open_page(page, f"{address}light.html")
    box = final(page)
    press(box, "Begin the test")
    questions = list(KINDS.values())
    answer(box, questions[0], answers_of(questions[0])[0])
    expect(box).to_contain_text("Kept. You can change it until you hand in.")
    press(box, "Next question")
    page.reload()
    page.locator("body[data-mounted]").wait_for()
    expect(box.locator("legend").first).to_have_text(f"Question 2 of {len(questions)}")
    expect(box).to_contain_text(f"1 of {len(questions)} answered")
    for word in ("Correct", "Not quite", "✗"):
        expect(box).not_to_contain_text(word)
    press(box, "Question 1, answered")
    press(box, "Hand in …")
    expect(box).to_contain_text(f"{len(questions) - 1} of {len(questions)} are not answered: 2, 3")
    press(box, "Back to the questions")
    expect(box.locator("legend").first).to_be_focused()


ODD = (None, True, -1, 99, "x", "", [], [99], [None], [[1]], {}, {"a": 1}, ["x"] * 9, [-1] * 9, 10**40)


def test_a_kept_answer_of_another_kind_never_stops_the_test(page: Page, address: str):
    """A question may have been changed, or the record; the student sees the question and can answer it."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    open_page(page, f"{address}light.html")
    box = final(page)
    press(box, "Begin the test")
    answer(box, KINDS["single"], answers_of(KINDS["single"])[0])
    store = "mlcourse:"
    for odd in ODD:
        found = page.evaluate(
            """([store, odd, ids]) => {
              for (const name of Object.keys(localStorage).filter((one) => one.startsWith(store))) {
                const kept = JSON.parse(localStorage.getItem(name));
                if (!Array.isArray(kept?.log)) continue;
                const run = kept.log[0].at;
                const given = ids.map((id) => ({ do: "answer", id, answer: odd, guess: "x", run }));
                kept.log = [kept.log[0], ...given];
                localStorage.setItem(name, JSON.stringify(kept));
                return true;
              }
              return false;
            }""",
            [store, odd, [q.id for q in KINDS.values()]],
        )
        assert found
        page.reload()
        page.locator("body[data-mounted]").wait_for()
        for i in range(len(KINDS)):
            box.locator("nav button").nth(i).click()
            expect(box.locator("legend").first).to_have_text(f"Question {i + 1} of {len(KINDS)}")
    press(box, "Hand in …")
    press(box, "Hand in now")
    expect(box).to_contain_text("By lesson")
    assert faults == []


@pytest.fixture
def lesson(lab: Lab) -> Iterator[str]:
    """Put a short notebook beside the lessons that calls the final."""
    cell = nbformat.v4.new_code_cell(f"from mlcourse import quiz\n\nquiz.final({N}, seed=7)", id="final")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = lab.home / "notebooks" / "a_final.ipynb"
    nbformat.write(notebook, path)
    yield "notebooks/a_final.ipynb"
    path.unlink()


def test_a_student_takes_a_whole_final_by_keyboard(
    lab: Lab, page: Page, lesson: str, monkeypatch: pytest.MonkeyPatch
):
    notebook = lab.open(page, lesson)
    notebook.run_all()
    questions = quiz.final(N, seed=7).questions
    missed = next(q for q in questions if q.grade(answers_of(q)[1]).score == 0)
    box = final(page)
    press(box, "Begin the test")
    for i, question in enumerate(questions):
        expect(box.locator("legend").first).to_have_text(f"Question {i + 1} of {N}")
        answer(box, question, answers_of(question)[int(question is missed)])
        if i == STOP - 1:  # the student stops, and comes back with a new kernel
            press(box, "Next question")
            page.reload()
            notebook.wait_until_ready()
            notebook.menu("Kernel", "Restart Kernel and Run All Cells…")
            page.get_by_role("button", name="Confirm Kernel Restart").click()
            box = final(page)
            # (A page just reloaded has no live form, so this one is the new kernel's.)
            expect(box).to_contain_text(f"{STOP} of {N} answered", timeout=120_000)
        elif i < N - 1:
            press(box, "Next question")
    press(box, "Hand in …")
    press(box, "Hand in now")
    expect(box).to_contain_text(f"{N - 1} of {N} right", timeout=20_000)
    expect(box).to_contain_text("✗ Weak (1)")
    # The record says the same, marked by Python.
    monkeypatch.setenv("MLCOURSE_HOME", str(lab.home / "record"))
    end = time.monotonic() + 30
    while isinstance(quiz.final_result(), quiz.NoFinalYet) and time.monotonic() < end:
        page.wait_for_timeout(300)
    result = quiz.final_result()
    assert (result.right, result.seed, [m.id for m in result.marks if not m.right]) == (N - 1, 7, [missed.id])
    # The way back opens the lesson at the section.
    link = box.locator(".mlc-section a").first
    section = taught(missed, quiz.load(missed.chapter))
    expect(link).to_have_text(section.title)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name=f"{section.notebook}.ipynb")).to_have_attribute(
        "aria-selected", "true", timeout=60_000
    )
    # (The lesson's cells get their heights one by one, and the link's target is kept in view meanwhile.)
    headings = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-MarkdownCell").locator("h1, h2, h3")
    expect(headings.filter(has_text=section.title).first).to_be_in_viewport(timeout=60_000)
