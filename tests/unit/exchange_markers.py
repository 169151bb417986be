"""Mark exported questions as Moodle and a QTI tool do, from their files alone."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"


def text(element):
    """Return an element's words without markup, spaces made equal."""
    return " ".join("".join(element.itertext()).split())


def html_words(markup):
    return text(ET.fromstring(f"<div>{markup}</div>"))


class Qti:
    """One item: enough of QTI 2.1's response processing to run it."""

    def __init__(self, source):
        self.root = ET.fromstring(source)

    def find(self, name):
        return list(self.root.iter(f"{QTI}{name}"))

    def correct(self):
        """Return for each response its right values."""
        return {
            declared.get("identifier"): [v.text for v in declared.iter(f"{QTI}value")]
            for declared in self.find("responseDeclaration")
        }

    def mark(self, **responses):
        """Return the score and the feedback shown, in order."""
        self.values = {d.get("identifier"): None for d in self.find("outcomeDeclaration")}
        for declared in self.find("outcomeDeclaration"):
            value = declared.find(f"{QTI}defaultValue/{QTI}value")
            if value is not None:
                self.values[declared.get("identifier")] = value.text
        self.values["SCORE"] = float(self.values["SCORE"])
        self.values.update(responses)
        for rule in self.root.find(f"{QTI}responseProcessing"):
            self._rule(rule)
        shown = []
        for feedback in self.find("modalFeedback"):
            value = self.values[feedback.get("outcomeIdentifier")]
            if feedback.get("identifier") in (value if isinstance(value, list) else [value]):
                shown.append(text(feedback))
        return self.values["SCORE"], shown

    def _rule(self, rule):
        kind = rule.tag.removeprefix(QTI)
        if kind == "setOutcomeValue":
            self.values[rule.get("identifier")] = self._value(rule[0])
            return
        assert kind == "responseCondition", kind
        for branch in rule:
            if branch.tag == f"{QTI}responseElse":
                for then in branch:
                    self._rule(then)
                return
            if self._value(branch[0]):
                for then in branch[1:]:
                    self._rule(then)
                return

    def _value(self, e):
        kind = e.tag.removeprefix(QTI)
        inside = [self._value(part) for part in e]
        if kind == "variable":
            return self.values[e.get("identifier")]
        if kind == "baseValue":
            return float(e.text) if e.get("baseType") == "float" else e.text or ""
        if kind == "correct":
            right = self.correct()[e.get("identifier")]
            declared = next(
                d for d in self.find("responseDeclaration") if d.get("identifier") == e.get("identifier")
            )
            return right[0] if declared.get("cardinality") == "single" else right
        if kind == "match":
            a, b = inside
            multiple = any(
                d.get("cardinality") == "multiple" and d.get("identifier") == "RESPONSE"
                for d in self.find("responseDeclaration")
            )
            return sorted(a) == sorted(b) if multiple and isinstance(a, list) else a == b
        if kind == "equal":
            below, above = map(float, e.get("tolerance").split())
            return inside[0] is not None and inside[1] - below <= inside[0] <= inside[1] + above
        if kind == "index":
            return inside[0][int(e.get("n")) - 1]
        plain = {
            "member": lambda a, b: a in (b or []),
            "not": lambda a: not a,
            "or": lambda *a: any(a),
            "isNull": lambda a: a in (None, [], ""),
            "stringMatch": lambda a, b: a == b,
            "sum": lambda *a: sum(a),
        }
        return plain[kind](*inside)


class Moodle:
    """One question of a Moodle XML file."""

    def __init__(self, element):
        self.element = element
        self.kind = element.get("type")

    def answers(self):
        """Yield fraction, text, words of the feedback, and tolerance of each answer."""
        for answer in self.element.findall("answer"):
            tolerance = answer.findtext("tolerance")
            yield (
                float(answer.get("fraction")) / 100,
                answer.findtext("text"),
                html_words(answer.findtext("feedback/text")),
                None if tolerance is None else float(tolerance),
            )

    def typed(self, given):
        """Return fraction and feedback of a typed text or number: the first answer that fits."""
        return first_that_fits(self.answers(), given)

    def gaps(self):
        """Yield for each gap of a cloze question its answers: fraction, text, feedback, None."""
        markup = self.element.findtext("questiontext/text")
        for gap in re.findall(r"\{1:SHORTANSWER_C:((?:[^\\}]|\\.)*)\}", markup, re.DOTALL):
            yield [self._entry(entry) for entry in gap.split("~")]

    @staticmethod
    def _entry(entry):
        share, body = re.match(r"%(\d+)%(.*)", entry, re.DOTALL).groups()
        answer, feedback = re.split(r"(?<!\\)#", body, maxsplit=1)
        plain = [html_words(part).replace(r"\}", "}").replace(r"\#", "#") for part in (answer, feedback)]
        return float(share) / 100, plain[0], plain[1], None

    def pairs(self):
        """Yield the words on the left and the text on the right."""
        for sub in self.element.findall("subquestion"):
            left = sub.findtext("text")
            yield html_words(left) if left else "", sub.findtext("answer/text")


def first_that_fits(answers, given):
    for fraction, wanted, feedback, tolerance in answers:
        if tolerance is not None and wanted != "*":
            if isinstance(given, float) and abs(given - float(wanted)) <= tolerance + 1e-9:
                return fraction, feedback
        elif wanted == "*" or wanted.replace("\\*", "*") == given:
            return fraction, feedback
    raise AssertionError("no answer fits; a question needs a last one that fits everything")
