"""Questions as QTI 2.1 items (1EdTech, "Question and Test Interoperability", version 2.1 of 2012).

An item says for itself how an answer is marked and which feedback it gets, so
a tool that follows the standard marks as the course does: by parts where the
course does, with the feedback of the very mistake.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from mlcourse._exchange import _qti_rules as rules
from mlcourse._exchange._texts import block, code, flow, snippet, variants, words, xml_text
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
    from collections.abc import Callable, Iterable, Mapping

    from mlcourse.quiz._questions import Question

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_SCHEMA = f"{NAMESPACE} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"


class Item:
    """An item being written: its parts have an order that the standard fixes."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.declared: list[ET.Element] = []
        self.body = ET.Element("itemBody")
        self.rules: list[ET.Element] = []
        self.feedback: list[tuple[str, str, str]] = []
        self._outcomes: dict[str, tuple[str, str]] = {}

    def outcome(self, name: str, kind: str = "identifier", cardinality: str = "single") -> None:
        """Declare what the marking sets."""
        self._outcomes[name] = (kind, cardinality)

    def tell(self, outcome: str, value: str, markdown: str) -> None:
        """Show a feedback when `outcome` has (or holds) `value`."""
        self.feedback.append((outcome, value, markdown))

    def element(self) -> ET.Element:
        """Return the whole item."""
        item = ET.Element(
            "assessmentItem",
            {
                "identifier": identifier(self.question),
                "title": xml_text(self.question.concept),
                "adaptive": "false",
                "timeDependent": "false",
                _XSI: _SCHEMA,
                "xmlns": NAMESPACE,
            },
        )
        item.extend(self.declared)
        for name, (kind, cardinality) in {"SCORE": ("float", "single"), **self._outcomes}.items():
            declared = ET.SubElement(
                item, "outcomeDeclaration", identifier=name, cardinality=cardinality, baseType=kind
            )
            if name == "SCORE":
                declared.append(rules.default("0"))
        always = ET.SubElement(
            item, "outcomeDeclaration", identifier="EXPLANATION", cardinality="single", baseType="identifier"
        )
        always.append(rules.default("told"))
        item.append(self.body)
        processing = ET.SubElement(item, "responseProcessing")
        processing.extend(self.rules)
        for outcome, value, markdown in (*self.feedback, ("EXPLANATION", "told", self.question.explanation)):
            shown = ET.SubElement(
                item, "modalFeedback", outcomeIdentifier=outcome, identifier=value, showHide="show"
            )
            shown.extend(flow(block(markdown)))
        return item


def identifier(question: Question) -> str:
    """Return the item's name; one may not begin with a digit."""
    return f"q-{question.id}"


def write(question: Question) -> str:
    """Return one question as a QTI 2.1 item, an XML file of its own."""
    item = Item(question)
    item.body.extend(flow(block(question.prompt)))
    _KINDS[type(question)](item, question)
    element = item.element()
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(element, encoding="unicode")}\n'


def _choices(item: Item, texts: Iterable[str], *, most: int) -> None:
    interaction = ET.SubElement(
        item.body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="true", maxChoices=str(most)
    )
    for i, text in enumerate(texts):
        choice = ET.SubElement(interaction, "simpleChoice", identifier=f"c{i}")
        choice.extend(flow(block(text)))


def _single(item: Item, question: SingleChoice) -> None:
    right = [f"c{i}" for i, choice in enumerate(question.choices) if choice.right]
    item.declared.append(rules.response("RESPONSE", "single", "identifier", right))
    _choices(item, (choice.text for choice in question.choices), most=1)
    item.outcome("FEEDBACK")
    item.rules += [rules.score_if(rules.match_correct("RESPONSE"), 1.0), rules.copy("FEEDBACK", "RESPONSE")]
    for i, choice in enumerate(question.choices):
        item.tell("FEEDBACK", f"c{i}", choice.feedback)


def _several(item: Item, question: SeveralAnswers) -> None:
    right = [f"c{i}" for i, choice in enumerate(question.choices) if choice.right]
    item.declared.append(rules.response("RESPONSE", "multiple", "identifier", right))
    _choices(item, (choice.text for choice in question.choices), most=0)
    for i, choice in enumerate(question.choices):
        ticked = rules.member("RESPONSE", "identifier", f"c{i}")
        marked = ticked if choice.right else rules.negated(ticked)
        _part(item, i, marked, 1 / len(question.choices), choice.feedback)
    # An empty answer is no answer, as in the course.
    item.rules.append(rules.score_zero_if(rules.empty("RESPONSE")))


def _myth(item: Item, question: Myth) -> None:
    item.declared.append(rules.response("RESPONSE", "single", "identifier", [f"c{int(not question.truth)}"]))
    _choices(item, ("True", "False"), most=1)
    item.outcome("FEEDBACK")
    item.rules += [rules.score_if(rules.match_correct("RESPONSE"), 1.0), rules.copy("FEEDBACK", "RESPONSE")]
    item.tell("FEEDBACK", "c0", question.believed)
    item.tell("FEEDBACK", "c1", question.doubted)


def _numeric(item: Item, question: Numeric) -> None:
    item.declared.append(rules.response("RESPONSE", "single", "float", [repr(question.answer)]))
    line = ET.SubElement(item.body, "p")
    field = ET.SubElement(line, "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="12")
    field.tail = f" {words(question.unit)}" if question.unit else None
    ladder = [(rules.near("RESPONSE", question.answer, question.tolerance), "right", 1.0, question.feedback)]
    for i, mistake in enumerate(question.mistakes):
        if math.isfinite(mistake.value):
            tolerance = question.tolerance if mistake.tolerance is None else mistake.tolerance
            test = rules.near("RESPONSE", mistake.value, tolerance)
            ladder.append((test, f"mistake{i}", 0.0, mistake.feedback))
    _ladder(item, "FEEDBACK", ladder, question.otherwise)


def _output(item: Item, question: Output) -> None:
    item.body.extend(flow(snippet(question.code, question.answer)))
    item.declared.append(rules.response("RESPONSE", "single", "string", variants(question.answer)[:1]))
    line = ET.SubElement(item.body, "p")
    ET.SubElement(line, "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="40")
    ladder = [(rules.same("RESPONSE", *variants(question.answer)), "right", 1.0, question.feedback)]
    for i, mistake in enumerate(question.mistakes):
        ladder.append((rules.same("RESPONSE", *variants(mistake.text)), f"mistake{i}", 0.0, mistake.feedback))
    _ladder(item, "FEEDBACK", ladder, question.otherwise)


def _blanks(item: Item, question: FillBlank) -> None:
    (pre,) = flow(code(question.code))
    (listing,) = pre
    first, *rest = (listing.text or "").split(question.GAP)
    listing.text = first
    for i, (blank, after) in enumerate(zip(question.blanks, rest, strict=True)):
        name = f"RESPONSE{i}"
        item.declared.append(rules.response(name, "single", "string", variants(blank.accept[0])[:1]))
        gap = ET.SubElement(listing, "textEntryInteraction", responseIdentifier=name, expectedLength="20")
        gap.tail = after
        share = 1 / len(question.blanks)
        ladder = [
            (
                rules.same(name, *(v for text in blank.accept for v in variants(text, is_code=True))),
                "right",
                share,
                blank.feedback,
            )
        ]
        for j, mistake in enumerate(blank.mistakes):
            ladder.append(
                (
                    rules.same(name, *variants(mistake.text, is_code=True)),
                    f"mistake{j}",
                    0.0,
                    mistake.feedback,
                )
            )
        _ladder(item, f"FEEDBACK{i}", ladder, blank.otherwise)
    item.body.append(pre)


def _ladder(
    item: Item, outcome: str, ladder: Iterable[tuple[ET.Element, str, float, str]], otherwise: str
) -> None:
    """Mark by the first test that holds."""
    item.outcome(outcome)
    steps = list(ladder)
    item.rules.append(rules.first_of(outcome, [(test, value, share) for test, value, share, _ in steps]))
    for _, value, _, markdown in steps:
        item.tell(outcome, value, markdown)
    item.tell(outcome, "otherwise", otherwise)


def _part(item: Item, number: int, test: ET.Element, share: float, feedback: str) -> None:
    """Mark one part by itself: its share of the score, or its feedback."""
    outcome = f"PART{number}"
    item.outcome(outcome)
    item.rules.append(rules.first_of(outcome, [(test, "right", share)]))
    item.tell(outcome, "otherwise", feedback)


def _order(item: Item, question: OrderSteps) -> None:
    steps = [f"s{i}" for i in range(len(question.steps))]
    item.declared.append(rules.response("RESPONSE", "ordered", "identifier", steps))
    interaction = ET.SubElement(item.body, "orderInteraction", responseIdentifier="RESPONSE", shuffle="false")
    for i in question.shown:
        choice = ET.SubElement(interaction, "simpleChoice", identifier=f"s{i}")
        choice.extend(flow(block(question.steps[i].text)))
    for i, step in enumerate(question.steps):
        _part(item, i, rules.stands_at("RESPONSE", i + 1, f"s{i}"), 1 / len(steps), step.feedback)
    _all_right(item, question.feedback)


def _all_right(item: Item, feedback: str) -> None:
    item.outcome("WHOLE")
    item.rules.append(rules.first_of("WHOLE", [(rules.match_correct("RESPONSE"), "right", 0.0)]))
    item.tell("WHOLE", "right", feedback)


def _match(item: Item, question: MatchPairs) -> None:
    parts = [(pair.left, pair.feedback) for pair in question.pairs]
    _table(item, parts, question.offered(), question.key(), question.feedback)


def _sort(item: Item, question: SortScenarios) -> None:
    parts = [(scenario.text, scenario.feedback) for scenario in question.scenarios]
    _table(item, parts, question.groups, question.key(), question.feedback)


def _table(
    item: Item, parts: list[tuple[str, str]], offered: Iterable[str], key: Iterable[int], feedback: str
) -> None:
    pairs = [f"l{i} r{k}" for i, k in enumerate(key)]
    item.declared.append(rules.response("RESPONSE", "multiple", "directedPair", pairs))
    interaction = ET.SubElement(
        item.body,
        "matchInteraction",
        responseIdentifier="RESPONSE",
        shuffle="false",
        maxAssociations=str(len(parts)),
    )
    left = ET.SubElement(interaction, "simpleMatchSet")
    for i, (text, _) in enumerate(parts):
        one = ET.SubElement(left, "simpleAssociableChoice", identifier=f"l{i}", matchMax="1")
        one.extend(flow(block(text)))
    right = ET.SubElement(interaction, "simpleMatchSet")
    for k, text in enumerate(offered):
        one = ET.SubElement(right, "simpleAssociableChoice", identifier=f"r{k}", matchMax=str(len(parts)))
        one.extend(flow(block(text)))
    for i, (_, note) in enumerate(parts):
        _part(item, i, rules.member("RESPONSE", "directedPair", pairs[i]), 1 / len(parts), note)
    _all_right(item, feedback)


_KINDS: Mapping[type[Question], Callable[[Item, Any], None]] = {
    SingleChoice: _single,
    SeveralAnswers: _several,
    Myth: _myth,
    Numeric: _numeric,
    Output: _output,
    FillBlank: _blanks,
    OrderSteps: _order,
    MatchPairs: _match,
    SortScenarios: _sort,
}
