"""Questions as Moodle XML, which Moodle imports with feedback for every choice (Question bank → Import).

Every kind becomes one that each Moodle since 2.0 knows. Putting steps in
order becomes matching steps with places, since Moodle's own ordering question
is younger. The format is described in Moodle's documentation, "Moodle XML".
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from mlcourse._exchange._texts import code, joined, page, snippet, variants, words, xml_text
from mlcourse.quiz._questions import (
    FillBlank,
    MatchPairs,
    Myth,
    Numeric,
    OrderSteps,
    Output,
    SeveralAnswers,
    SingleChoice,
    SortScenarios,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mlcourse.quiz._questions import Question
    from mlcourse.quiz._slots import Pair, Scenario, Step
    from mlcourse.quiz._typed import Blank

#: What would end an answer of a cloze text. Moodle takes the backslash off again before } and #, and off
#: nothing else (`qtype_multianswer_extract_question`); for ~ it knows no way, so it becomes the operator ∼.
_CLOZE_MARKS = str.maketrans({"}": r"\}", "#": r"\#", "~": "\u223c"})


def write(sections: Mapping[str, Sequence[Question]]) -> str:
    """Return a Moodle XML file.

    Parameters
    ----------
    sections
        For each category, such as ``"05 · The loss/recall"``, its questions.
    """
    quiz = ET.Element("quiz")
    for category, questions in sections.items():
        head = ET.SubElement(quiz, "question", type="category")
        _text(ET.SubElement(head, "category"), f"$course$/top/{category}")
        for question in questions:
            quiz.append(_question(question))
    ET.indent(quiz)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(quiz, encoding="unicode")}\n'


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = xml_text(text)


def _field(parent: ET.Element, name: str, markup: str) -> None:
    field = ET.SubElement(parent, name, format="html")
    _text(field, markup)


def _question(question: Question) -> ET.Element:
    name, fill = _KINDS[type(question)]
    made = ET.Element("question", type=name)
    _text(ET.SubElement(made, "name"), question.id)
    _field(made, "questiontext", joined([page(question.prompt), _extra(question)]))
    _field(made, "generalfeedback", page(question.explanation))
    if fill is not None:  # a cloze question is its text, and sums the weights of its gaps
        ET.SubElement(made, "defaultgrade").text = "1"
    ET.SubElement(made, "penalty").text = "0.3333333"
    ET.SubElement(made, "hidden").text = "0"
    ET.SubElement(made, "idnumber").text = question.id
    if fill is not None:
        fill(made, question)
    if question.hint:
        _field(made, "hint", page(question.hint))
    tags = ET.SubElement(made, "tags")
    for tag in (question.concept, f"difficulty {question.difficulty}", question.mode):
        _text(ET.SubElement(tags, "tag"), tag)
    return made


def _extra(question: Question) -> str:
    """Return what stands below the prompt."""
    if isinstance(question, Output):
        return snippet(question.code, question.answer)
    if isinstance(question, FillBlank):
        return _cloze(question)
    if isinstance(question, Numeric) and question.unit:
        return f"<p>({words(question.unit)})</p>"
    return ""


def _answer(
    parent: ET.Element, text: str, fraction: float, feedback: str, *, markup: bool = False
) -> ET.Element:
    answer = ET.SubElement(
        parent,
        "answer",
        fraction=f"{round(fraction, 5):g}" if fraction == round(fraction) else f"{fraction:.5f}",
        format="html" if markup else "moodle_auto_format",
    )
    _text(answer, text)
    _field(answer, "feedback", page(feedback))
    return answer


def _multichoice(made: ET.Element, question: SingleChoice | SeveralAnswers) -> None:
    single = isinstance(question, SingleChoice)
    ET.SubElement(made, "single").text = str(single).lower()
    ET.SubElement(made, "shuffleanswers").text = "true"
    ET.SubElement(made, "answernumbering").text = "none"
    right = sum(choice.right for choice in question.choices)
    wrong = len(question.choices) - right
    for choice in question.choices:
        # Moodle knows the shares 100/n for n up to 10; ticking everything is worth nothing.
        worth = 100 / right if choice.right else 0 if single else -100 / wrong
        _answer(made, page(choice.text), worth, choice.feedback, markup=True)


def _truefalse(made: ET.Element, question: Myth) -> None:
    for value, feedback in ((True, question.believed), (False, question.doubted)):
        _answer(made, str(value).lower(), 100.0 * (value == question.truth), feedback)


def _numerical(made: ET.Element, question: Numeric) -> None:
    entries = [(question.answer, question.tolerance, 100.0, question.feedback)]
    for mistake in question.mistakes:
        tolerance = question.tolerance if mistake.tolerance is None else mistake.tolerance
        entries.append((mistake.value, tolerance, 0.0, mistake.feedback))
    for value, tolerance, fraction, feedback in entries:
        if not math.isfinite(value):
            continue  # "infinity" is no number that Moodle can compare
        answer = _answer(made, repr(value), fraction, feedback)
        ET.SubElement(answer, "tolerance").text = repr(tolerance)
    ET.SubElement(_answer(made, "*", 0, question.otherwise), "tolerance").text = "0"
    if question.unit:  # may be typed, and is not asked for
        unit = ET.SubElement(ET.SubElement(made, "units"), "unit")
        ET.SubElement(unit, "multiplier").text = "1"
        ET.SubElement(unit, "unit_name").text = question.unit
        ET.SubElement(made, "unitgradingtype").text = "0"
        ET.SubElement(made, "showunits").text = "0"


def _shortanswer(made: ET.Element, question: Output) -> None:
    ET.SubElement(made, "usecase").text = "1"
    for text in variants(question.answer):
        _answer(made, _literal(text), 100, question.feedback)
    for mistake in question.mistakes:
        for text in variants(mistake.text):
            _answer(made, _literal(text), 0, mistake.feedback)
    _answer(made, "*", 0, question.otherwise)


def _literal(text: str) -> str:
    """Return a text in which a star is a star; Moodle's short answers take it for "anything"."""
    return text.replace("*", r"\*")


def _cloze(question: FillBlank) -> str:
    """Return the code with Moodle's own notation in the gaps."""
    first, *rest = code(question.code).split(question.GAP)
    return first + "".join(_gap(blank) + after for blank, after in zip(question.blanks, rest, strict=True))


def _gap(blank: Blank) -> str:
    entries = [
        ("%100%", text, blank.feedback) for right in blank.accept for text in variants(right, is_code=True)
    ]
    entries += [("%0%", text, m.feedback) for m in blank.mistakes for text in variants(m.text, is_code=True)]
    written = [f"{share}{_cell(_literal(text))}#{_cell(words(note))}" for share, text, note in entries]
    return "{1:SHORTANSWER_C:" + "~".join([*written, f"%0%*#{_cell(words(blank.otherwise))}"]) + "}"


def _cell(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").translate(_CLOZE_MARKS)


def _matching(made: ET.Element, question: OrderSteps | MatchPairs | SortScenarios) -> None:
    ET.SubElement(made, "shuffleanswers").text = "false" if isinstance(question, OrderSteps) else "true"
    _field(made, "correctfeedback", page(question.feedback))
    for left, right in _pairs(question):
        sub = ET.SubElement(made, "subquestion", format="html")
        _text(sub, page(left) if left else "")
        _text(ET.SubElement(sub, "answer"), words(right))
    missed = joined(page(part.feedback) for part in _parts(question))
    _field(made, "partiallycorrectfeedback", missed)
    _field(made, "incorrectfeedback", missed)


def _parts(question: OrderSteps | MatchPairs | SortScenarios) -> Sequence[Step | Pair | Scenario]:
    if isinstance(question, OrderSteps):
        return question.steps
    return question.pairs if isinstance(question, MatchPairs) else question.scenarios


def _pairs(question: OrderSteps | MatchPairs | SortScenarios) -> Iterable[tuple[str, str]]:
    """Yield what is on the left and what belongs to it; a decoy has nothing on the left."""
    if isinstance(question, OrderSteps):
        for i in question.shown:
            yield question.steps[i].text, str(i + 1)
    elif isinstance(question, MatchPairs):
        for pair in question.pairs:
            yield pair.left, pair.right
        for decoy in question.decoys:
            yield "", decoy
    else:
        for scenario in question.scenarios:
            yield scenario.text, scenario.group


_KINDS: Mapping[type[Question], tuple[str, Callable[[ET.Element, Any], None] | None]] = {
    SingleChoice: ("multichoice", _multichoice),
    SeveralAnswers: ("multichoice", _multichoice),
    Myth: ("truefalse", _truefalse),
    Numeric: ("numerical", _numerical),
    Output: ("shortanswer", _shortanswer),
    FillBlank: ("cloze", None),
    OrderSteps: ("matching", _matching),
    MatchPairs: ("matching", _matching),
    SortScenarios: ("matching", _matching),
}
