"""QTI items as a content package: a zip with a manifest, a test for each section, and the items."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from mlcourse._exchange import _qti
from mlcourse._exchange._texts import xml_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlcourse.quiz._questions import Question

_CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
#: The oldest date a zip can hold: the same questions make the same file, to the byte.
_DATE = (1980, 1, 1, 0, 0, 0)


def write(sections: Mapping[str, Sequence[Question]]) -> bytes:
    """Return a QTI 2.1 content package.

    Parameters
    ----------
    sections
        For each test, such as ``"05 · The loss/recall"``, its questions.
    """
    files: dict[str, str] = {}
    manifest = ET.Element("manifest", {"xmlns": _CP, "identifier": "classification-traced"})
    about = ET.SubElement(manifest, "metadata")
    ET.SubElement(about, "schema").text = "QTIv2.1 Package"
    ET.SubElement(about, "schemaversion").text = "1.0.0"
    ET.SubElement(manifest, "organizations")
    resources = ET.SubElement(manifest, "resources")
    for number, (title, questions) in enumerate(sections.items(), start=1):
        name = f"tests/test{number:02}.xml"
        files[name] = _test(f"test{number:02}", title, questions)
        test = _resource(resources, f"test{number:02}", "imsqti_test_xmlv2p1", name)
        for question in questions:
            path = f"items/{question.id}.xml"
            files[path] = _qti.write(question)
            ET.SubElement(test, "dependency", identifierref=_qti.identifier(question))
    for questions in sections.values():
        for question in questions:
            _resource(resources, _qti.identifier(question), "imsqti_item_xmlv2p1", f"items/{question.id}.xml")
    files = {"imsmanifest.xml": _serialised(manifest), **files}
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(zipfile.ZipInfo(name, _DATE), text, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _resource(resources: ET.Element, identifier: str, kind: str, path: str) -> ET.Element:
    made = ET.SubElement(resources, "resource", identifier=identifier, type=kind, href=path)
    ET.SubElement(made, "file", href=path)
    return made


def _test(identifier: str, title: str, questions: Sequence[Question]) -> str:
    test = ET.Element(
        "assessmentTest", {"xmlns": _qti.NAMESPACE, "identifier": identifier, "title": xml_text(title)}
    )
    part = ET.SubElement(
        test, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="individual"
    )
    section = ET.SubElement(
        part, "assessmentSection", identifier="section", title=xml_text(title), visible="true"
    )
    for question in questions:
        ET.SubElement(
            section,
            "assessmentItemRef",
            identifier=_qti.identifier(question),
            href=f"../items/{question.id}.xml",
        )
    return _serialised(test)


def _serialised(element: ET.Element) -> str:
    ET.indent(element)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(element, encoding="unicode")}\n'
