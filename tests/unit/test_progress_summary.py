"""The summary: counted from answers and the list of what there is; as text and as HTML."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from uuid import uuid4

import pytest

from mlcourse import progress
from mlcourse.progress import _catalogue
from mlcourse.progress._answer import Answer
from mlcourse.progress._summary import Item, summarise
from mlcourse.progress._summary_view import percent

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=timezone.utc)
ITEMS = [
    *(Item(f"01-r{i}", "01", "recall", chapter_title="The whole pipeline") for i in range(4)),
    Item("01-p0", "01", "deep-dive", chapter_title="The whole pipeline"),
    Item("01-e0", "01", "practice", "exercise"),
    *(Item(f"02-r{i}", "02", "recall", chapter_title="One of many") for i in range(2)),
]


def answer(item, score=1.0, *, ago=0.0, kind="question", chapter="01", mode="recall"):
    return Answer(str(uuid4()), item, kind, chapter, mode, score, when=NOON - timedelta(days=ago))


def share(summary, chapter, mode=None):
    (found,) = (c for c in summary.chapters if c.chapter == chapter)
    return found.modes[mode] if mode else found.whole


def test_done_of_what_there_is_score_of_the_newest_answers_and_what_is_due():
    given = [
        answer("01-r0", 0.0, ago=2),
        answer("01-r0", 1.0, ago=1.99),
        answer("01-r1", 0.5, ago=1),
        answer("01-e0", 1.0, kind="exercise", mode="practice"),
        answer("01-e0", 0.0, kind="hint", mode="practice"),
    ]
    summary = summarise(given, ITEMS, NOON)
    recall = share(summary, "01", "recall")
    assert (recall.done, recall.total, recall.score, recall.due) == (2, 4, 0.75, 2)
    practice = share(summary, "01", "practice")
    assert (practice.done, practice.total, practice.score, practice.due) == (1, 1, 1.0, 0)
    assert share(summary, "01", "deep-dive") == type(recall)(0, 1, None, 0)
    whole = share(summary, "01")
    assert (whole.done, whole.total, whole.due) == (3, 6, 2)
    assert whole.score == pytest.approx(2.5 / 3)
    assert (summary.whole.done, summary.whole.total) == (3, 8)
    assert summary.n_answers == 4
    assert list(summary.chapters[0].modes) == ["deep-dive", "practice", "recall"]
    assert repr(summary) == "Summary(4 answers, 2 due for review)"


def test_an_older_answer_merged_in_later_is_not_the_newest():
    summary = summarise([answer("01-r0", 1.0, ago=1), answer("01-r0", 0.0, ago=5)], ITEMS, NOON)
    assert share(summary, "01", "recall").score == 1.0


def test_a_question_that_left_the_course_is_not_counted():
    summary = summarise([answer("01-gone", 0.0, ago=3), answer("01-r0", ago=3)], ITEMS, NOON)
    assert share(summary, "01", "recall").done == 1
    assert summary.whole.due == 1
    assert summary.n_answers == 2


def test_where_nothing_is_known_of_what_there_is_done_stands_alone():
    given = [answer("01-x", kind="experiment", mode="experiment"), answer("03-q", chapter="03", mode="extra")]
    summary = summarise(given, (), NOON)
    assert share(summary, "01", "experiment").total is None
    assert summary.whole.total is None
    assert "2 done, score 100 %" in str(summary)
    assert "extra" in str(summary)


def test_badges_stand_once_in_the_order_they_were_won():
    given = [answer("b2", kind="badge"), answer("b1", kind="badge"), answer("b2", kind="badge")]
    summary = summarise(given, ITEMS, NOON)
    assert summary.badges == ("b2", "b1")
    assert "Badges: b2 and b1." in str(summary)
    assert summary.n_answers == 0


def test_the_text_form_says_it_all():
    given = [answer("01-r0", ago=0.1), answer("01-r1", 0.0, ago=0.1)]
    assert str(summarise(given, ITEMS, NOON)).splitlines() == (
        [
            "Your progress",
            "2 of 8 done, score 50 %, in 2 answers. 1 question due for review: quiz.review().",
            "",
            "chapter  mode                done    score  due",
            "01       The whole pipeline  2 of 6  50 %   1",
            "           Deep dive         0 of 1  –      –",
            "           Practise          0 of 1  –      –",
            "           Recall            2 of 4  50 %   1",
            "02       One of many         0 of 2  –      –",
            "           Recall            0 of 2  –      –",
        ]
    )


def test_with_nothing_due_it_says_when_the_next_is():
    summary = summarise([answer("01-r0")], ITEMS, NOON)
    assert summary.next_due is not None
    assert re.search(r"Nothing is due for review; the next is on \d+ May 2026\.", str(summary))


def test_an_empty_record_says_what_to_do():
    assert "Nothing is recorded yet: answer a question" in str(summarise([], [], NOON))
    assert "Nothing is recorded yet" in summarise([], ITEMS, NOON)._repr_html_()


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, _attrs):
        self.seen.append(tag)
        if tag not in {"br", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_html_form_is_whole_escaped_and_readable_without_style():
    evil = "<script>alert(1)</script>"
    given = [answer(evil, kind="badge"), answer("03-q", 0.0, ago=1, chapter=evil, mode=f'"{evil}')]
    summary = summarise(
        given, [Item("x", "01", "recall", "exercise", chapter_title=evil)], NOON, notices=[evil]
    )
    html = summary._repr_html_()
    tags = _Tags()
    tags.feed(html)
    assert tags.open == []
    assert "script" not in tags.seen
    assert "&lt;script&gt;" in html
    bare = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", bare)
    assert "1\xa0due" in words
    assert 'role="region" aria-label="Your progress"' in html
    assert html == summary._repr_html_()


def test_what_is_all_done_and_right_is_marked_by_more_than_colour():
    mark = 'aria-label="all right">✓'
    assert summarise([answer("01-p0", mode="deep-dive")], ITEMS, NOON)._repr_html_().count(mark) == 1
    assert summarise([answer("01-p0", 0.0, mode="deep-dive")], ITEMS, NOON)._repr_html_().count(mark) == 0
    assert summarise([answer("02-r0", chapter="02")], ITEMS, NOON)._repr_html_().count(mark) == 0


def test_a_question_asked_in_another_way_is_the_same_question():
    given = [answer("01-r0", 0.0, ago=1, kind="prediction"), answer("01-r0", 1.0, ago=0.9, kind="myth")]
    recall = share(summarise(given, ITEMS, NOON), "01", "recall")
    assert (recall.done, recall.total, recall.score, recall.due) == (1, 4, 1.0, 1)


@pytest.mark.parametrize(
    ("share_", "said"), [(0, "0 %"), (0.001, "1 %"), (0.5, "50 %"), (0.999, "99 %"), (1, "100 %")]
)
def test_a_hundred_per_cent_is_all(share_, said):
    assert percent(share_) == said


def test_the_public_summary_counts_the_courses_own_questions(tmp_path, monkeypatch):
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path))
    there = [i for i in _catalogue.items() if i.kind == "question"]
    assert there, "the question bank is empty"
    first = there[0]
    progress.record(first.id, kind="question", chapter=first.chapter, mode=first.mode, score=1.0)
    summary = progress.summary()
    assert share(summary, first.chapter, first.mode).done == 1
    n = sum(i.chapter == first.chapter and i.mode == first.mode for i in there)
    assert share(summary, first.chapter, first.mode).total == n
    assert first.title
    assert first.chapter_title in str(summary)


def test_a_broken_bank_does_not_hide_the_record(tmp_path, monkeypatch):
    from mlcourse import quiz

    def broken(*_):
        raise RuntimeError("a mistake in the bank")

    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path))
    monkeypatch.setattr(quiz, "load", broken)
    monkeypatch.setattr(quiz, "misconceptions", broken)
    progress.record("01-a", kind="question", chapter="01", mode="recall", score=1.0)
    assert progress.summary().whole.done == 1
    assert _catalogue.misconceptions() == {}
