"""The elements without a browser: short text, HTML that tells no answer, no way in for a script."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from mlcourse import progress, quiz
from mlcourse._errors import InvalidArgument
from mlcourse.quiz import _show
from mlcourse.quiz._bank import _question
from mlcourse.quiz._element import Element
from mlcourse.quiz._markdown import BadMarkdown, block, inline, math
from mlcourse.quiz._payload import decode
from tests.unit.test_quiz_grade import SAMPLES

WIDGET = "application/vnd.jupyter.widget-view+json"
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "![x](https://example.org/x.png)",
    "</script></style></textarea><svg onload=alert(1)>",
    "]]> --> <!-- ",
    '" onmouseover="alert(1)" x="',
    "`<b onclick=alert(1)>`",
    "```\n<script>alert(1)</script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    '[x](<https://example.org/" onclick="alert(1)>)',
]


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def assert_harmless(html):
    parser = _Tags()
    parser.feed(html)
    for tag, attributes in parser.found:
        assert tag not in {"script", "img", "svg", "iframe", "object", "embed", "form", "link", "meta"}, html
        assert not any(name.startswith("on") for name in attributes), html
        assert re.match(r"https?://", attributes.get("href", "https://")), html


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_carries_no_script(text):
    for html in (block(text), inline(text), block(text, plain=True)):
        assert_harmless(html)


@pytest.mark.parametrize(
    "tex", [r"\text{<script>alert(1)</script>}", r"\href{javascript:alert(1)}{x}", "{", r"\frac{1"]
)
def test_math_that_is_more_or_less_than_math_is_refused_or_harmless(tex):
    try:
        html = math(tex)
    except BadMarkdown:
        return
    assert_harmless(html)


def test_math_is_mathml_for_screen_readers():
    html = inline(r"$\frac{1}{1 + e^{-z}}$")
    assert "<math" in html
    assert "<mfrac>" in html
    assert "$" not in html


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_question_is_shown_as_text_in_every_form(text):
    entry = {
        "id": "90-hostile",
        "type": "single",
        "concept": text,
        "difficulty": 1,
        "prompt": text,
        "choices": [
            {"text": text, "right": True, "feedback": text},
            {"text": "other", "misconception": "a-b", "feedback": text},
        ],
        "explanation": text,
    }
    element = Element("quiz", "short", text, [_question.validate_python(entry)])
    html = element._repr_html_().split("</style>", 1)[1]
    assert_harmless(html)
    described = decode(element._payload)["questions"][0]
    for part in (described["prompt"], described["explanation"], described["choices"][0]["feedback"]):
        assert_harmless(part)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda q: q.id)
def test_the_html_form_asks_without_telling(sample):
    html = Element("quiz", "short", "Title", [sample])._repr_html_()
    visible = re.sub(r'data-mlc="[^"]*"', "", html)
    assert "Run this cell to answer." in visible
    assert sample.explanation not in visible
    for part in [getattr(sample, "feedback", ""), *(c.feedback for c in getattr(sample, "choices", ()))]:
        assert not part or part not in visible


def test_the_three_forms_of_an_element_and_their_short_stable_text():
    element = quiz.show("01")
    data, _ = element._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", WIDGET}
    assert data["text/plain"].startswith("Quiz 01_the_whole_pipeline: ")
    assert data["text/plain"].endswith("questions. Run the cell to answer.")
    assert quiz.show("01")._repr_html_() == element._repr_html_()


def _told(element, event):
    element.widget.log = [*element.widget.log, event]


def test_an_answer_is_recorded_and_marked_by_python_not_by_the_browser(tmp_path, monkeypatch):
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path))
    element = quiz.show("01")
    question = quiz.load("01").questions[0]
    wrong = next(a for a in question.answers() if not question.grade(a).correct)
    _told(element, {"id": question.id, "answer": wrong, "score": 1.0, "correct": True})
    kept = progress.answers(question.id)
    assert [(a.score, a.misconception, a.kind) for a in kept] == [
        (0.0, question.grade(wrong).misconception, "question")
    ]


def test_events_that_are_no_answer_to_this_element_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path))
    element = quiz.show("01")
    for event in ({"reset": True}, {"id": "other", "answer": 1}, {"id": "01-sigmoid-sum", "shown": True}):
        _told(element, event)
    assert progress.answers() == []


def test_a_prediction_stays_locked_when_its_cell_runs_again(tmp_path, monkeypatch):
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path))
    monkeypatch.setattr(_show, "_committed", {})
    first = quiz.predict("01-predict-sum")
    _told(first, {"id": "01-predict-sum", "answer": 0})
    again = quiz.predict("01-predict-sum")
    assert again.widget.log == [{"id": "01-predict-sum", "answer": 0}]
    assert "Run this cell to compare" in quiz.reveal("01-predict-sum")._repr_html_()


@pytest.mark.parametrize("call", [quiz.predict, quiz.reveal, quiz.myth])
def test_an_unknown_id_is_an_error_that_lists_the_known_ones(call):
    with pytest.raises(InvalidArgument, match="01-predict-sum"):
        call("01-no-such-thing")


def test_a_myth_must_be_a_myth():
    with pytest.raises(InvalidArgument, match="01-predict-sum"):
        quiz.myth("01-predict-sum")
