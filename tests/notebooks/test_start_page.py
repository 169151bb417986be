"""The start page's committed views of the course are up to date: its map, the entry test, the path."""

from __future__ import annotations

import re

import pytest

from mlcourse import course, quiz
from mlcourse.quiz._payload import decode
from tests.notebooks.lessons import LEFT_OUT, ROOT, read

START = ROOT / "notebooks" / "00_start_here.ipynb"
STALE = "the start page is out of date: run python3 -m mlcourse refresh notebooks/00_start_here.ipynb"
NEAR = 0.2  # minutes may differ so far (or by 2) before they must be written anew


def shown(id):  # noqa: A002
    cell = next(cell for cell in read(START).cells if cell.id == id)
    (output,) = cell.outputs
    return output.data


def payload(html):
    return decode(re.search(r'data-mlc="([^"]+)"', html)[1])


def outline(lessons):
    return [
        (one["name"], one["title"], [(s["cell"], s["title"], s["mode"]) for s in one["sections"]])
        for one in lessons
    ]


def test_the_map_lists_the_lessons_and_sections_that_there_are(monkeypatch, tmp_path):
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path))
    committed = payload(shown("choose")["text/html"])["data"]
    now = payload(course.choose()._repr_html_())["data"]
    assert outline(committed["lessons"]) == outline(now["lessons"]), STALE
    for before, after in zip(committed["lessons"], now["lessons"], strict=True):
        assert before["minutes"] == pytest.approx(after["minutes"], rel=NEAR, abs=2), STALE
        assert before["core"] == pytest.approx(after["core"], rel=NEAR, abs=2), STALE
    assert {name: committed[name] for name in ("modes", "times", "due", "later", "rule")} == {
        name: now[name] for name in ("modes", "times", "due", "later", "rule")
    }, STALE


def test_the_entry_test_asks_what_the_bank_says():
    assert payload(shown("entry-test")["text/html"]) == payload(quiz.diagnose()._repr_html_()), STALE


def test_the_path_leads_through_the_lessons_that_there_are():
    committed, now = payload(shown("path")["text/html"]), payload(course.path()._repr_html_())
    assert committed["asked"] == now["asked"], STALE
    titles = [[(one["name"], one["titles"]) for one in view["lessons"]] for view in (committed, now)]
    assert titles[0] == titles[1], STALE
    assert committed["scores"] == {}


@pytest.mark.parametrize("id", ["choose", "entry-test", "path"])
def test_an_edit_of_another_lesson_does_not_fail_the_start_page(id):  # noqa: A002
    html = shown(id)["text/html"]
    for regex, replace in LEFT_OUT:
        html = re.sub(regex, replace, html)
    assert "data-mlc" not in html
    assert "<table" not in html
    assert html.startswith("<style>")
    assert "04" not in shown(id)["text/plain"]


def test_the_written_table_has_the_titles_and_order_of_the_lessons():
    source = next(cell.source for cell in read(START).cells if cell.id == "lessons")
    written = re.findall(r"^\| \[(\d\d) · (.+?)\]\((\w+)\.ipynb\)", source, re.MULTILINE)
    assert written == [(one.number, one.title, one.name) for one in course.lessons().lessons]
