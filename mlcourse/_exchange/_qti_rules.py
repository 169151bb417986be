"""The parts of QTI's marking language that the items use: declarations, tests, and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def default(value: str) -> ET.Element:
    """Return what an outcome is before the marking."""
    made = ET.Element("defaultValue")
    ET.SubElement(made, "value").text = value
    return made


def response(name: str, cardinality: str, kind: str, right: Iterable[str]) -> ET.Element:
    """Declare an answer and the right one."""
    made = ET.Element("responseDeclaration", identifier=name, cardinality=cardinality, baseType=kind)
    correct = ET.SubElement(made, "correctResponse")
    for value in right:
        ET.SubElement(correct, "value").text = value
    return made


def _of(name: str, *parts: ET.Element, **attributes: str) -> ET.Element:
    made = ET.Element(name, attributes)
    made.extend(parts)
    return made


def _variable(name: str) -> ET.Element:
    return ET.Element("variable", identifier=name)


def _value(kind: str, text: str) -> ET.Element:
    made = ET.Element("baseValue", baseType=kind)
    made.text = text
    return made


def match_correct(name: str) -> ET.Element:
    """Test whether the answer is the right one as declared."""
    return _of("match", _variable(name), ET.Element("correct", identifier=name))


def member(name: str, kind: str, value: str) -> ET.Element:
    """Test whether the value is among those given."""
    return _of("member", _value(kind, value), _variable(name))


def negated(test: ET.Element) -> ET.Element:
    """Test the contrary."""
    return _of("not", test)


def empty(name: str) -> ET.Element:
    """Test whether nothing was given."""
    return _of("isNull", _variable(name))


def near(name: str, value: float, tolerance: float) -> ET.Element:
    """Test whether a number lies within the tolerance, borders included."""
    # A decimal such as 0.1 is not exact in binary: without the last digits the border itself would be out.
    border = repr(tolerance + 1e-9 * max(1.0, abs(value)))
    return _of(
        "equal",
        _variable(name),
        _value("float", repr(float(value))),
        toleranceMode="absolute",
        tolerance=f"{border} {border}",
        includeLowerBound="true",
        includeUpperBound="true",
    )


def same(name: str, *texts: str) -> ET.Element:
    """Test whether a text is one of these, to the letter."""
    tests = [
        _of("stringMatch", _variable(name), _value("string", text), caseSensitive="true") for text in texts
    ]
    return tests[0] if len(tests) == 1 else _of("or", *tests)


def stands_at(name: str, place: int, value: str) -> ET.Element:
    """Test which step stands at a place, counted from 1."""
    return _of("match", _of("index", _variable(name), n=str(place)), _value("identifier", value))


def _set(name: str, value: ET.Element) -> ET.Element:
    return _of("setOutcomeValue", value, identifier=name)


def copy(outcome: str, name: str) -> ET.Element:
    """Set an outcome to the answer itself."""
    return _set(outcome, _variable(name))


def _add(share: float) -> ET.Element:
    return _set("SCORE", _of("sum", _variable("SCORE"), _value("float", repr(share))))


def score_if(test: ET.Element, share: float) -> ET.Element:
    """Add to the score if the test holds."""
    return _of("responseCondition", _of("responseIf", test, _add(share)))


def score_zero_if(test: ET.Element) -> ET.Element:
    """Set the score to zero if the test holds."""
    return _of("responseCondition", _of("responseIf", test, _set("SCORE", _value("float", "0"))))


def first_of(outcome: str, ladder: Sequence[tuple[ET.Element, str, float]]) -> ET.Element:
    """Set the outcome by the first test that holds, and add its share to the score; else "otherwise"."""
    made = ET.Element("responseCondition")
    for i, (test, value, share) in enumerate(ladder):
        branch = ET.SubElement(made, "responseIf" if i == 0 else "responseElseIf")
        branch.append(test)
        branch.append(_set(outcome, _value("identifier", value)))
        if share:
            branch.append(_add(share))
    ET.SubElement(made, "responseElse").append(_set(outcome, _value("identifier", "otherwise")))
    return made
