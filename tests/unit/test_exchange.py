"""Exported questions, read back from their files, are marked as the course marks them."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

import pytest

from mlcourse import _exchange, quiz
from mlcourse._exchange import _moodle, _qti, _qti_package, _texts
from tests.unit.exchange_markers import Moodle, Qti, first_that_fits, html_words

BANK = {question.id: question for name in quiz.names() for question in quiz.load(name).all}


def of(*kinds):
    return pytest.mark.parametrize(
        "question", [q for q in BANK.values() if q.type in kinds], ids=lambda q: q.id
    )


def said(markdown):
    """Return the words of Markdown as they reach a reader of the exported file."""
    return html_words(_texts.block(markdown))


def in_moodle(markdown):
    return html_words(_texts.page(markdown))


def moodle(question):
    quiz_ = ET.fromstring(_moodle.write({"all": [question]}))
    return Moodle(quiz_.findall("question")[1])


def numbered(letter, numbers):
    return [f"{letter}{i}" for i in numbers]


@of("single", "myth")
def test_a_choice_gets_its_score_and_its_feedback(question):
    in_qti, there = Qti(_qti.write(question)), list(moodle(question).answers())
    for i, answer in enumerate(question.answers()):
        grade = question.grade(answer)
        score, shown = in_qti.mark(RESPONSE=f"c{i}")
        assert score == grade.score
        assert shown == [said(grade.feedback), said(question.explanation)]
        assert there[i][0] == grade.score
        assert there[i][2] == in_moodle(grade.feedback)


@of("several")
def test_several_ticks_are_marked_label_by_label(question):
    in_qti, there = Qti(_qti.write(question)), list(moodle(question).answers())
    for answer in question.answers():
        grade = question.grade(answer)
        score, shown = in_qti.mark(RESPONSE=numbered("c", answer))
        assert score == pytest.approx(grade.score)
        if answer and not grade.correct:
            assert shown[:-1] == [said(note) for note in grade.notes]
    right = [answer for answer in question.answers() if question.grade(answer).correct]
    best = [a for a in question.answers() if abs(sum(there[i][0] for i in a) - 1) < 1e-4]
    assert best == right  # in Moodle full marks for the right set and for no other


@of("numeric")
def test_a_number_is_right_within_its_tolerance_and_a_known_slip_gets_its_feedback(question):
    in_qti, there = Qti(_qti.write(question)), moodle(question)
    near = [question.answer + off * question.tolerance for off in (-1, -0.5, 0, 0.5, 1, 1.1)]
    for value in (*near, *(mistake.value for mistake in question.mistakes), 98765.4):
        grade = question.grade(float(value))
        score, shown = in_qti.mark(RESPONSE=float(value))
        assert score == grade.score
        assert shown[0] == said(grade.feedback)
        assert there.typed(float(value)) == (grade.score, in_moodle(grade.feedback))


@of("output")
def test_a_printed_line_is_compared_to_the_letter(question):
    in_qti, there = Qti(_qti.write(question)), moodle(question)
    typed = (question.answer, *(mistake.text for mistake in question.mistakes), "something else")
    for given, line in [(text, way) for text in typed for way in _texts.variants(text)]:
        grade = question.grade(given)
        score, shown = in_qti.mark(RESPONSE=line)
        assert (score, shown[0]) == (grade.score, said(grade.feedback))
        assert there.typed(line) == (grade.score, in_moodle(grade.feedback))


@of("blanks")
def test_each_blank_is_marked_by_itself(question):
    in_qti, gaps = Qti(_qti.write(question)), list(moodle(question).gaps())
    assert len(gaps) == len(question.blanks)
    right = [" ".join(blank.accept[0].split()) for blank in question.blanks]
    for i, blank in enumerate(question.blanks):
        for text in (*blank.accept, *(mistake.text for mistake in blank.mistakes), "zzz"):
            answer = [*right]
            answer[i] = " ".join(text.split())
            grade = question.grade(answer)
            score, shown = in_qti.mark(**{f"RESPONSE{j}": given for j, given in enumerate(answer)})
            assert score == pytest.approx(grade.score)
            told = (
                blank.feedback
                if grade.marks[i]
                else next((m.feedback for m in blank.mistakes if m.text == text), blank.otherwise)
            )
            assert said(told) in shown
            fraction, feedback = first_that_fits(gaps[i], answer[i])
            assert fraction == grade.marks[i]
            assert feedback == " ".join(_texts.words(told).split())


@of("order")
def test_steps_are_marked_by_their_places(question):
    in_qti = Qti(_qti.write(question))
    for answer in list(question.answers())[:200]:
        grade = question.grade(answer)
        score, shown = in_qti.mark(RESPONSE=numbered("s", answer))
        assert score == pytest.approx(grade.score)
        assert set(shown[:-1]) == {said(note) for note in grade.notes}
    places = dict(moodle(question).pairs())
    assert places == {in_moodle(step.text): str(i + 1) for i, step in enumerate(question.steps)}


@of("match", "sort")
def test_pairs_are_marked_one_by_one(question):
    in_qti = Qti(_qti.write(question))
    for answer in list(question.answers())[:200]:
        grade = question.grade(answer)
        score, shown = in_qti.mark(RESPONSE=[f"l{i} r{k}" for i, k in enumerate(answer)])
        assert score == pytest.approx(grade.score)
        assert set(shown[:-1]) == {said(note) for note in grade.notes}
    parts = question.pairs if question.type == "match" else question.scenarios
    wanted = [(p.left, p.right) if question.type == "match" else (p.text, p.group) for p in parts]
    wanted += [("", decoy) for decoy in getattr(question, "decoys", ())]
    assert list(moodle(question).pairs()) == [
        (in_moodle(left) if left else "", _texts.words(right)) for left, right in wanted
    ]


def test_every_kind_in_the_bank_is_exported():
    assert {q.type for q in BANK.values()} == {
        "single", "several", "myth", "numeric", "output", "blanks", "order", "match", "sort",
    }  # fmt: skip


def test_the_moodle_file_holds_every_question_once_in_its_category():
    sections = _exchange.chosen((), list(_exchange.SECTIONS))
    root = ET.fromstring(_moodle.write(sections))
    ids = [q.findtext("idnumber") for q in root.findall("question") if q.get("type") != "category"]
    assert sorted(ids) == sorted(BANK)
    categories = [
        q.findtext("category/text") for q in root.findall("question") if q.get("type") == "category"
    ]
    assert categories == [f"$course$/top/{name}" for name in sections]


def test_the_qti_package_names_each_file_it_holds_and_holds_each_file_it_names():
    sections = _exchange.chosen(("01", "05"), ["recall", "myths"])
    package = zipfile.ZipFile(io.BytesIO(_qti_package.write(sections)))
    cp = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
    manifest = ET.fromstring(package.read("imsmanifest.xml"))
    named = [f.get("href") for f in manifest.iter(f"{cp}file")]
    assert sorted(["imsmanifest.xml", *named]) == sorted(package.namelist())
    known = {r.get("identifier") for r in manifest.iter(f"{cp}resource")}
    assert {d.get("identifierref") for d in manifest.iter(f"{cp}dependency")} <= known
    items = {q.id for questions in sections.values() for q in questions}
    assert {n.removeprefix("items/").removesuffix(".xml") for n in named if n.startswith("items/")} == items
    assert _qti_package.write(sections) == _qti_package.write(sections)


def test_hostile_text_stays_text():
    question = (
        quiz.load("01")
        .questions[0]
        .model_copy(update={"prompt": "]]> <script>alert(1)</script> & `x < 1` \x0b", "concept": '"<&\x00'})
    )
    for source in (_moodle.write({"a/<b>": [question]}), _qti.write(question)):
        root = ET.fromstring(source)
        assert not [e for e in root.iter() if "script" in e.tag]
        assert "alert(1)" in "".join(root.itertext())


def test_the_command_writes_a_file_and_says_how_many(tmp_path, capsys):
    out = tmp_path / "loss.xml"
    assert _exchange.main(["05", "--section", "recall", "--format", "moodle", "-o", str(out)]) == 0
    assert f"{len(quiz.load('05').questions)} questions in 1 sections: {out}" in capsys.readouterr().out
    assert out.read_text(encoding="utf-8").startswith("<?xml")
    assert _exchange.main(["05", "--format", "moodle", "-o", str(out)]) == 1
    assert "--replace" in capsys.readouterr().err
    assert _exchange.main(["05", "--format", "qti", "-o", str(out), "--replace"]) == 0
    assert zipfile.is_zipfile(out)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["5x"], "5x"), (["05", "-o", "."], "is a folder"), (["05", "-o", "nowhere/there.xml"], "no folder")],
)
def test_the_command_says_what_is_wrong(tmp_path, monkeypatch, capsys, arguments, told):
    monkeypatch.chdir(tmp_path)
    assert _exchange.main([*arguments, "--format", "moodle"]) == 1
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
