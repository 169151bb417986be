"""The final test: its rules in Python and JavaScript alike, the record, the result, the completion page."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from html.parser import HTMLParser

import numpy as np
import pytest

from mlcourse import progress, quiz
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.quiz import _final_rules as rules
from mlcourse.quiz._completion import page
from mlcourse.quiz._final import runs
from mlcourse.quiz._final_result import results
from mlcourse.quiz._payload import decode
from mlcourse.quiz._taught import NOTEBOOKS, taught
from tests.node import in_node
from tests.unit.test_challenge import answers_of
from tests.unit.test_quiz_element import HOSTILE, assert_harmless
from tests.unit.test_quiz_grade import SAMPLES

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def own_record(tmp_path, monkeypatch):
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path / "home"))


def start(test, at=1000):
    ids = [q.id for q in test.questions]
    return {"do": "start", "at": at, "run": at, "n": test.n, "seed": test.seed, "ids": ids}


def tell(test, *events):
    test.widget.log = [*test.widget.log, *events]


def take(test, *, wrong=(), skipped=(), guessed=(), at=1000):
    """Answer a whole test and hand it in."""
    events = [start(test, at)]
    for i, question in enumerate(test.questions):
        if i not in skipped:
            answer = answers_of(question)[int(i in wrong)]
            events.append(
                {"do": "answer", "id": question.id, "answer": answer, "guess": i in guessed, "run": at}
            )
    tell(test, *events, {"do": "hand-in", "at": at + 60_000, "run": at})


# --- the rules -------------------------------------------------------------------------------------------


def payload_of(questions):
    """Return what the browser's rules need of these questions."""
    from mlcourse.quiz._payload import describe

    return {"questions": [{**describe(q), "chapter": q.chapter, "concept": q.concept} for q in questions]}


def logs():
    """Yield a log for every answer worth trying of every kind of question, and some that no element sends."""
    begin = {"do": "start", "at": 5}
    for question in SAMPLES:
        for i, answer in enumerate(list(question.answers())[:40]):
            given = list(answer) if isinstance(answer, tuple) else answer
            yield [begin, {"do": "answer", "id": question.id, "answer": given, "guess": i % 2 == 0}]
    one, two = SAMPLES[0], SAMPLES[1]
    sort = next(q for q in SAMPLES if q.type == "sort")
    give = {"do": "answer", "id": one.id, "answer": 0}
    yield []
    yield [give]
    yield [begin, give, {"do": "hand-in", "at": 9}, {**give, "answer": 1}]
    yield [begin, give, {**give, "answer": 1, "guess": True}, begin, {"do": "hand-in"}, {"do": "x"}, {}]
    yield [begin, {"do": "answer", "id": "unknown", "answer": 0}, {"do": "answer", "id": two.id}]
    yield [begin, {"do": "answer", "id": sort.id, "answer": [None] * len(sort.key())}]


def test_javascript_and_python_judge_every_test_alike():
    every = list(logs())
    program = """
        return given.logs.map((log) => {
          const state = module.finalStanding(given.payload, log);
          const marks = module.marksOf(given.payload, state);
          return { begun: state.begun, handedIn: state.handedIn, marks, concepts: module.byConcept(marks),
                   chapters: module.byChapter(marks) };
        });
    """
    judged = in_node("final_rules.mjs", program, {"payload": payload_of(SAMPLES), "logs": every})
    for log, theirs in zip(every, judged, strict=True):
        state = rules.standing([q.id for q in SAMPLES], log)
        marks = rules.marks(SAMPLES, state)
        assert (theirs["begun"], theirs["handedIn"]) == (state.begun, state.handed_in), log
        for mine, other in zip(marks, theirs["marks"], strict=True):
            assert other["score"] == pytest.approx(mine.score), log
            assert (other["answered"], other["guess"], other["state"]) == (
                mine.answered,
                mine.guess,
                mine.state,
            )
        assert {k: list(map(tuple, v)) for k, v in theirs["concepts"].items()} == rules.by_concept(marks)
        assert {c: (right, n) for c, right, n in theirs["chapters"]} == rules.by_chapter(marks)


def test_the_interval_is_the_same_in_both_and_as_published():
    cases = [(right, n) for n in (1, 10, 30) for right in range(n + 1)]
    theirs = in_node("final_rules.mjs", "return given.map(([r, n]) => module.wilson(r, n));", cases)
    assert list(map(tuple, theirs)) == [rules.interval(*case) for case in cases]
    assert rules.interval(0, 10) == (0, 28)  # Wilson's textbook case: 0 of 10 gives 0 to 0.2775
    assert rules.interval(24, 30) == (63, 90)


def mark(score, *, guess=False, concept="c", chapter="01", answered=True):
    return rules.Mark("01-x", chapter, concept, score, answered, guess)


def test_a_right_guess_is_shaky_and_a_concept_is_as_weak_as_its_weakest_answer():
    assert [mark(1).state, mark(1, guess=True).state, mark(0.5).state, mark(0.4).state] == [
        *("sure", "shaky", "shaky", "weak"),
    ]
    found = rules.by_concept([mark(1), mark(0), mark(1, concept="d"), mark(1, concept="e", guess=True)])
    assert found == {"weak": [("01", "c")], "shaky": [("01", "e")], "sure": [("01", "d")]}


# --- the element and the record --------------------------------------------------------------------------


def test_what_the_page_shows_before_is_the_same_whatever_is_drawn():
    first, second = quiz.final(), quiz.final()
    assert repr(first) == repr(second) == "Final test: 30 questions. Run the cell to begin."
    assert first._repr_html_() == second._repr_html_()
    assert set(first._repr_mimebundle_()[0]) == {
        *("text/plain", "text/html", "application/vnd.jupyter.widget-view+json"),
    }
    for question in first.questions:
        assert question.prompt not in first._repr_html_()


def test_nothing_is_recorded_before_the_student_begins():
    assert quiz.final().widget
    assert progress.answers() == []
    assert isinstance(quiz.final_result(), quiz.NoFinalYet)
    assert "No final test has been handed in yet" in str(quiz.final_result())
    assert "No final test" in quiz.final_result()._repr_html_()


def test_a_stopped_test_goes_on_where_it_was():
    test = quiz.final(5)
    question = test.questions[0]
    tell(
        test, start(test), {"do": "answer", "id": question.id, "answer": answers_of(question)[0], "run": 1000}
    )
    again = quiz.final(5)
    assert [q.id for q in again.questions] == [q.id for q in test.questions]
    assert repr(again) == "Final test: 5 questions, 1 answered so far. Run the cell to go on."
    assert again.widget.log == test.widget.log
    assert "begun and not handed in" in str(quiz.final_result())
    assert len(quiz.final(6).questions) == 6  # another length is another test


def test_a_test_handed_in_is_marked_by_python_and_recorded_once():
    test = quiz.final(6)
    take(test, wrong={1}, skipped={2}, guessed={0})
    kept = progress.answers(kind="final")
    assert [a.item_id for a in kept] == [q.id for i, q in enumerate(test.questions) if i != 2]
    assert [a.right for a in kept] == [True, False, True, True, True]
    result = quiz.final_result()
    assert (result.right, len(result.marks), result.seed, result.n) == (4, 6, test.seed, 6)
    assert [m.answered for m in result.marks] == [i != 2 for i in range(6)]
    assert result.marks[0].state == "shaky"
    tell(
        test,
        {"do": "hand-in", "at": 99_999, "run": 1000},
        {"do": "answer", "id": test.questions[1].id, "answer": 1},
    )
    assert len(progress.answers(kind="final")) == 5
    assert len(results()) == 1


def test_what_was_missed_in_the_final_comes_up_for_review():
    test = quiz.final(12, seed=7)
    # (An answer that is partly right comes back later.)
    place = next(i for i, q in enumerate(test.questions) if q.grade(answers_of(q)[1]).score == 0)
    take(test, wrong={place})
    missed = test.questions[place].id
    later = datetime.now(timezone.utc).replace(microsecond=0)
    from datetime import timedelta

    assert [d.item_id for d in progress.due(later + timedelta(minutes=11))][:1] == [missed]


def test_the_next_test_asks_nothing_again_and_the_seed_gives_the_first_one_back():
    first = quiz.final()
    take(first)
    second = quiz.final()
    assert {q.id for q in first.questions}.isdisjoint(q.id for q in second.questions)
    back = quiz.final(seed=first.seed)
    assert [q.id for q in back.questions] == [q.id for q in first.questions]
    assert repr(back) == f"Final test, seed {first.seed}: 30 questions. Run the cell to begin."
    assert "You have handed it in before" in json.dumps(decode(back._payload))
    take(back, at=500_000)
    assert len(results()) == 2


def test_a_seed_gives_the_same_test_with_another_record(tmp_path, monkeypatch):
    here = [q.id for q in quiz.final(seed=77).questions]
    take(quiz.final())
    assert [q.id for q in quiz.final(seed=77).questions] == here
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path / "another"))
    assert [q.id for q in quiz.final(seed=77).questions] == here


def test_a_test_whose_questions_have_left_the_bank_does_not_go_on():
    test = quiz.final(3)
    gone = {**start(test), "ids": ["01-no-longer-there"]}
    progress.record("final-test", kind="final-event", chapter="16", mode="recall", score=0, answer=gone)
    assert "answered so far" not in repr(quiz.final(3))
    assert len(runs()) == 1


@pytest.mark.parametrize(
    "answer", [None, 3, {"do": "start"}, {"run": 1}, {"run": 1, "do": "start", "ids": 3}]
)
def test_a_damaged_record_costs_the_entry_not_the_test(answer):
    for kind in ("final-event", "final-result"):
        progress.record("final-test", kind=kind, chapter="16", mode="recall", score=0, answer=answer)
    assert len(quiz.final(3).questions) == 3
    assert isinstance(quiz.final_result(), quiz.NoFinalYet)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"n": 0}, InvalidArgument),
        ({"n": "30"}, InvalidType),
        ({"seed": -1}, InvalidArgument),
        ({"seed": 0.5}, InvalidType),
    ],
)
def test_a_wrong_argument_is_told(given, error):
    with pytest.raises(error, match="must be a whole number"):
        quiz.final(**given)


def test_an_unknown_seed_of_a_result_names_those_there_are():
    test = quiz.final(2)
    take(test)
    assert quiz.final_result(seed=test.seed).seed == test.seed
    with pytest.raises(InvalidArgument, match=f"1 seed: {test.seed}"):
        quiz.final_result(seed=test.seed + 1)


# --- the way back ----------------------------------------------------------------------------------------


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.append(dict(attrs)["href"])


def cells(notebook):
    return {c["id"]: c for c in json.loads((NOTEBOOKS / notebook).read_text("utf-8"))["cells"]}


@pytest.mark.parametrize("name", [n for n in quiz.names() if n[:2] not in {"00", "16"}])
def test_every_question_leads_to_a_heading_of_its_lesson_that_teaches(name):
    chapter = quiz.load(name)
    if not (NOTEBOOKS / f"{name}.ipynb").is_file():
        pytest.skip(f"{name}.ipynb is not written yet")
    there = cells(f"{name}.ipynb")
    for question in chapter.all:
        section = taught(question, chapter)
        assert section.notebook == name
        assert there[section.cell]["cell_type"] == "markdown", question.id
        assert "".join(there[section.cell]["source"]).startswith("##"), question.id
        mode = there[section.cell]["metadata"].get("mlcourse", {}).get("mode")
        assert mode not in {"recall", "challenge", "practice", "experiment"}, question.id


def test_a_concept_leads_to_the_section_that_asks_about_it_along_the_way():
    loss = quiz.load("05")
    found = {q.id: taught(q, loss).cell for q in loss.all}
    assert found["05-challenge-smoothed"] == "smoothing"
    assert found["05-two-labels"] == "several-labels"
    assert found["05-clipped-gradient"] == "log-zero"


def test_without_the_notebooks_the_way_back_is_the_lesson(tmp_path):
    loss = quiz.load("05")
    section = taught(loss.questions[0], loss, tmp_path)
    assert (section.href, str(section)) == ("05_the_loss.ipynb", "05 · The loss")
    (tmp_path / "05_the_loss.ipynb").write_text("{no notebook")
    assert taught(loss.questions[0], loss, tmp_path).href == "05_the_loss.ipynb"


def test_the_result_links_to_sections_that_exist():
    test = quiz.final()
    take(test, wrong=set(range(0, 30, 3)), skipped={1}, guessed={2})
    result = quiz.final_result()
    parser = _Links()
    parser.feed(result._repr_html_())
    assert len(parser.found) == len({(m.chapter, m.concept) for m in result.marks})
    for href in parser.found:
        notebook, _, cell = href.partition("#cell-id=")
        assert cell in cells(notebook)
    text = str(result)
    assert f"seed {test.seed}" in text
    assert all(word in text for word in ("Weak (", "Shaky (", "Sure (", "By lesson:"))
    assert repr(result) == f"FinalResult({result.right} of 30 right, seed={test.seed})"


# --- the completion page ---------------------------------------------------------------------------------


def test_with_nothing_done_no_page_is_written(tmp_path):
    target = tmp_path / "page.html"
    assert "Nothing is recorded yet" in str(quiz.completion(target))
    assert not target.exists()


def test_the_page_says_what_was_done_with_the_finals_date_and_seed(tmp_path):
    test = quiz.final()
    take(test, wrong={0})
    target = tmp_path / "page.html"
    written = quiz.completion(target, name="  Ada\nLovelace ")
    assert str(target) in str(written)
    text = target.read_text("utf-8")
    assert "Ada Lovelace" in text
    assert "29 of 30 right" in text
    assert f"seed {test.seed}" in text
    assert "no proof of who did it" in text
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []
    quiz.completion(target)  # an earlier page is replaced
    assert "Ada" not in target.read_text("utf-8")


@pytest.mark.parametrize("name", [*HOSTILE, "\u202eevil", "a\x00b"])
def test_a_hostile_name_is_shown_as_text(name):
    from mlcourse.quiz._completion import _called

    progress.record("01-sigmoid-sum", kind="question", chapter="01", mode="recall", score=1)
    text = page(progress.summary(), None, _called(name), NOW)
    body = text.split("<body>", 1)[1]
    assert_harmless(body)
    assert "\u202e" not in body
    assert "\x00" not in body


def test_a_file_that_is_no_completion_page_is_left_alone(tmp_path):
    progress.record("01-sigmoid-sum", kind="question", chapter="01", mode="recall", score=1)
    mine = tmp_path / "thesis.html"
    mine.write_text("<p>mine</p>")
    with pytest.raises(InvalidArgument, match="no completion page"):
        quiz.completion(mine)
    assert mine.read_text() == "<p>mine</p>"
    with pytest.raises(InvalidArgument, match="is a folder"):
        quiz.completion(tmp_path)
    with pytest.raises(InvalidArgument, match="cannot be written"):
        quiz.completion(tmp_path / "no" / "such" / "folder.html")


@pytest.mark.parametrize(("name", "error"), [(3, InvalidType), ("x" * 101, InvalidArgument)])
def test_a_name_that_cannot_be_one_is_told(name, error):
    with pytest.raises(error, match="name"):
        quiz.completion("page.html", name=name)


# --- what goes wrong -------------------------------------------------------------------------------------


def given(test, i, *, wrong=False, at=1000):
    question = test.questions[i]
    event = {"do": "answer", "id": question.id, "answer": answers_of(question)[int(wrong)], "run": at}
    return json.loads(json.dumps(event))  # as the browser sends it


def hand_in(at=1000):
    return {"do": "hand-in", "at": at + 60_000, "run": at}


def test_the_same_test_on_two_pages_is_handed_in_once_and_both_show_what_was_kept():
    first = quiz.final(4, seed=3)
    tell(first, start(first))
    second = quiz.final(4, seed=3)
    assert repr(second).endswith("Run the cell to go on.")
    tell(first, given(first, 0), given(first, 1))
    tell(second, given(second, 2))
    tell(second, hand_in())
    assert quiz.final_result().right == 3
    assert second.widget.log == [start(first), given(first, 0), given(first, 1), given(first, 2), hand_in()]
    tell(first, given(first, 3))
    tell(first, hand_in(2000) | {"run": 1000})
    assert len(results()) == 1
    assert quiz.final_result().right == 3
    assert len(progress.answers(kind="final")) == 3
    known = [q.id for q in first.questions]
    assert rules.standing(known, first.widget.log) == rules.standing(known, second.widget.log)


def test_a_new_kernel_in_the_middle_goes_on_and_hands_in_what_both_heard():
    test = quiz.final(4)
    tell(test, start(test), given(test, 0))
    again = quiz.final(4)  # the kernel was restarted: another element, made from the record
    tell(again, given(again, 1, wrong=True), hand_in())
    result = quiz.final_result()
    assert [m.score == 1 for m in result.marks] == [True, False, False, False]
    assert [m.answered for m in result.marks] == [True, True, False, False]


def test_a_question_that_changed_before_the_hand_in_costs_its_answer_only():
    test = quiz.final(3)
    tell(test, start(test), *(given(test, i) for i in range(3)))
    # As if a teacher had made the question of another kind: the answer is none that it can mark.
    other = next(q for q in SAMPLES if q.type == "sort").model_copy(update={"id": test.questions[0].id})
    changed = type(test)([other, *test.questions[1:]], 3, test.seed, named=False, run=runs()[0])
    tell(changed, hand_in())
    assert quiz.final_result().right == 2


def test_of_a_test_that_lost_a_question_nothing_is_promised():
    test = quiz.final(3)
    gone = {**start(test), "ids": ["01-no-longer-there"]}
    progress.record("final-test", kind="final-event", chapter="16", mode="recall", score=0, answer=gone)
    assert "No final test has been handed in yet" in str(quiz.final_result())


BEGIN = {"do": "start", "at": 5, "run": 5, "n": 3, "seed": 7, "ids": ["01-sigmoid-sum"]}


@pytest.mark.parametrize(
    "change",
    [
        *({"at": at} for at in ("x", None, True, 1e300)),
        *({"n": n} for n in (0, -3, True, 2.5, None)),
        *({"seed": seed} for seed in (-1, True, 2**62, "7")),
        *({"ids": ids} for ids in ([], ["01-sigmoid-sum"] * 3, [1], "01-sigmoid-sum", {})),
        {"do": ["start"]},
    ],
)
def test_a_start_that_no_element_wrote_is_no_test(change):
    progress.record(
        "final-test", kind="final-event", chapter="16", mode="recall", score=0, answer=BEGIN | change
    )
    assert runs() == []
    assert "Run the cell to begin" in repr(quiz.final(3))


GOOD = ["01-x", "01", "concept", 1.0, True, False]


@pytest.mark.parametrize(
    "told",
    [
        {"marks": [], "n": 1, "seed": 1},
        {"marks": "abcdef", "n": 1, "seed": 1},
        {"marks": [GOOD, ["01-x", "01", "c", -5, 1, 1]], "n": 2, "seed": 1},
        {"marks": [["01-x", "01", "c", "nan", 1, 1]], "n": 1, "seed": 1},
        {"marks": [[{}, [], {}, 1, [], {}]], "n": 1, "seed": 1},
        {"marks": [GOOD], "n": "inf", "seed": 1},
        {"marks": {"abcdef": 1}, "n": 1, "seed": 1},
    ],
)
def test_a_result_that_no_final_wrote_is_none(told):
    progress.record("final-test", kind="final-result", chapter="16", mode="recall", score=0, answer=told)
    assert results() == []


def test_a_result_of_a_lesson_that_left_the_course_is_shown_harmlessly():
    told = {"marks": [["a", "../<b>", "<script>x</script>", 1, 1, 0]], "n": 1, "seed": 8}
    progress.record("final-test", kind="final-result", chapter="16", mode="recall", score=1, answer=told)
    assert "1 of 1 right" in str(quiz.final_result())
    html = quiz.final_result()._repr_html_()
    assert "&lt;script&gt;x" in html
    assert "<script>" not in html


@pytest.mark.parametrize("seed", [np.int64(7), np.uint8(7)])
def test_a_seed_from_numpy_is_a_seed(seed):
    assert [q.id for q in quiz.final(np.int32(5), seed=seed).questions] == [
        q.id for q in quiz.final(5, seed=7).questions
    ]


def test_a_time_is_none_that_no_clock_shows():
    for at in (10**400, 1e16, float("nan"), True, "5"):
        assert rules.standing(["a"], [{"do": "start", "at": at}]).begun is None


def test_a_number_without_end_is_no_answer():
    numeric = next(q for q in SAMPLES if q.type == "numeric")
    assert rules.graded(numeric, rules.Given(10**400)) is None


def test_a_bank_without_questions_is_told(monkeypatch):
    monkeypatch.setattr("mlcourse.quiz._final.names", list)
    with pytest.raises(InvalidArgument, match="no question that a final could ask"):
        quiz.final()


# --- the completion page: what a student may have there, and be called -----------------------------------


@pytest.fixture
def done():
    progress.record("01-sigmoid-sum", kind="question", chapter="01", mode="recall", score=1)


def test_a_final_handed_in_without_an_answer_is_something_done(tmp_path):
    test = quiz.final(3)
    take(test, skipped={0, 1, 2})
    assert quiz.completion(tmp_path / "page.html").path is not None
    assert "0 of 3 right" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.usefixtures("done")
def test_a_name_stands_in_its_own_direction_and_a_long_one_fits(tmp_path):
    target = tmp_path / "page.html"
    for name in ("عائشة بنت طلحة", "W" * 100, "Zoë 李雷"):
        quiz.completion(target, name=name)
        assert f'<p class="name" dir="auto"><strong>{name}</strong>' in target.read_text("utf-8")


@pytest.mark.usefixtures("done")
def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_left(tmp_path, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("mlcourse.progress._transfer.write", refused)
        with pytest.raises(InvalidArgument, match=r"page\.html cannot be written: Permission denied"):
            quiz.completion(tmp_path / "page.html")
    assert list(tmp_path.glob("*.html")) == []
    with pytest.raises(InvalidArgument, match="cannot be written"):
        quiz.completion("~nobody-of-this-name/page.html")
    with pytest.raises(InvalidArgument, match="cannot be written"):
        quiz.completion("a\0b.html")


@pytest.mark.usefixtures("done")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only Unix has named pipes")
def test_a_pipe_is_not_read(tmp_path):
    pipe = tmp_path / "page.html"
    os.mkfifo(pipe)
    with pytest.raises(InvalidArgument, match="no completion page"):
        quiz.completion(pipe)


# --- the way back, as the bank or a teacher says ---------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in quiz.names() if n[:2] not in {"00", "16"}])
def test_what_the_bank_says_of_where_it_is_taught_is_there(name):
    chapter = quiz.load(name)
    for question in chapter.all:
        if question.taught_in is not None:
            assert taught(question, chapter).cell == question.taught_in, question.id


def test_a_lesson_that_a_teacher_renamed_is_found_by_its_number(tmp_path):
    loss = quiz.load("05")
    text = (NOTEBOOKS / "05_the_loss.ipynb").read_text("utf-8")
    (tmp_path / "05_what_an_error_costs.ipynb").write_text(text, encoding="utf-8")
    section = taught(loss.question("05-two-labels"), loss, tmp_path)
    assert section.href == "05_what_an_error_costs.ipynb#cell-id=several-labels"


@pytest.mark.parametrize("text", ["[]", '{"cells": 3}', '{"cells": [3]}', '{"cells": [{"source": 1}]}', "["])
def test_a_notebook_that_is_none_leads_to_the_lesson_as_a_whole(tmp_path, text):
    loss = quiz.load("05")
    (tmp_path / "05_the_loss.ipynb").write_text(text, encoding="utf-8")
    assert taught(loss.questions[0], loss, tmp_path).href == "05_the_loss.ipynb"
