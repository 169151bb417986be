"""An element of a lesson: its short text, its HTML for pages without a kernel, and its live form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse import _html
from mlcourse.quiz import _questions as kinds
from mlcourse.quiz._markdown import block, inline
from mlcourse.quiz._payload import describe, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlcourse.quiz._questions import Question

RUN = "Run this cell to answer."


def _items(texts: Sequence[str], tag: str = "ul") -> str:
    return f"<{tag}>{''.join(f'<li>{text}</li>' for text in texts)}</{tag}>"


def _code(code: str) -> str:
    stripped = code.strip("\n")
    return f"<pre><code>{_html.escape(stripped)}</code></pre>"


def _field(question: Question) -> str:
    """Return what a question offers, readable without its widget and without telling the answer."""
    match question:
        case kinds.SingleChoice() | kinds.SeveralAnswers():
            several = "<p>Several answers can be right.</p>" if question.type == "several" else ""
            offered = _items([inline(choice.text, plain=True) for choice in question.choices], "ol")
            return several + offered.replace("<ol>", '<ol type="A">')
        case kinds.Myth():
            return "<p>True or false?</p>"
        case kinds.Numeric():
            unit = _html.escape(f" ({question.unit})") if question.unit else ""
            return f"<p>Answer with a number{unit}.</p>"
        case kinds.Output():
            return f"{_code(question.code)}<p>What does it print?</p>"
        case kinds.FillBlank():
            return f"{_code(question.code)}<p>Fill the blanks.</p>"
        case kinds.OrderSteps():
            return "<p>Bring into order:</p>" + _items(
                [inline(question.steps[i].text, plain=True) for i in question.shown]
            )
        case kinds.MatchPairs():
            left = _items([inline(pair.left, plain=True) for pair in question.pairs])
            right = _items([inline(text, plain=True) for text in question.offered()])
            return f"<p>Match</p>{left}<p>with</p>{right}"
        case kinds.SortScenarios():
            groups = " or ".join(inline(group, plain=True) for group in question.groups)
            return f"<p>Sort into {groups}:</p>" + _items(
                [inline(s.text, plain=True) for s in question.scenarios]
            )
    return ""


class Element:
    """Something a lesson shows for the student to answer; it is the value of the cell's last line.

    A notebook shows the live form, a page without a kernel the HTML form, a
    terminal the one line of `repr`.
    """

    def __init__(
        self,
        kind: str,
        text: str,
        title: str,
        questions: Sequence[Question],
        *,
        paged: bool = False,
        log: list[dict[str, Any]] | None = None,
        told: Callable[[dict[str, Any]], None] = lambda _: None,
    ) -> None:
        self._kind = kind
        self._text = text
        self._title = title
        self._questions = tuple(questions)
        self._log = log or []
        self._told = told
        self._payload = encode(
            {
                "kind": kind,
                "title": title,
                "heading": title,
                "paged": paged,
                "questions": [describe(question) for question in questions],
            }
        )
        self._widget: Any = None

    def __repr__(self) -> str:
        return self._text

    @property
    def widget(self) -> Any:
        """The live form, made when it is first asked for."""
        if self._widget is None:
            from mlcourse.quiz._widget import QuizWidget

            self._widget = QuizWidget(self._payload, self._log, self._told)
        return self._widget

    def _repr_html_(self) -> str:
        many = len(self._questions) > 1
        parts = []
        for i, question in enumerate(self._questions, 1):
            head = f"Question {i} of {len(self._questions)}" if many else self._title
            asked = "" if self._kind == "reveal" else _field(question)
            parts.append(
                f"<p><strong>{_html.escape(head)}</strong></p>{block(question.prompt, plain=True)}{asked}"
            )
        note = "Run this cell to compare with your prediction." if self._kind == "reveal" else RUN
        key = f"{self._kind}:{' '.join(question.id for question in self._questions)}"
        start = f'<div data-mlc-module="quiz.mjs" data-mlc-key="{key}" data-mlc="{self._payload}">'
        body = f"{start}{''.join(parts)}<p><em>{note}</em></p></div>"
        return _html.page(body, label=self._title)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = self.widget._repr_mimebundle_(**kwargs)
        data, metadata = live if isinstance(live, tuple) else (live or {}, {})
        return {**data, "text/plain": repr(self), "text/html": self._repr_html_()}, metadata
