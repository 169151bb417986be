"""The bank's Markdown as what another tool takes: HTML, a tree of elements, or bare words."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from mlcourse.quiz import _markdown

if TYPE_CHECKING:
    from collections.abc import Iterable

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_TAG = re.compile(r"<[^>]+>")
#: XML 1.0 has no way to write these, not even escaped.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return the text without the characters that XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)


def page(markdown: str) -> str:
    r"""Return HTML in which math that needs two dimensions is TeX between `\( \)`, as MathJax reads it."""
    return xml_text(_markdown.block(markdown, plain=True))


def words(markdown: str) -> str:
    """Return one line of Markdown as bare text, for fields that know no markup."""
    return xml_text(html.unescape(_TAG.sub("", _markdown.inline(markdown, plain=True))))


def code(text: str) -> str:
    """Return code as HTML that keeps its lines."""
    return xml_text(f"<pre><code>{html.escape(text.rstrip(), quote=False)}</code></pre>")


def snippet(text: str, prints: str) -> str:
    """Return the code of a question that asks what it prints; the other tools' fields have one line."""
    note = "<p>It prints several lines. Type them in one, with a blank between.</p>"
    return code(text) + (note if "\n" in prints.strip() else "")


def block(markdown: str) -> str:
    """Return HTML with all math as MathML, which QTI takes."""
    return xml_text(_markdown.block(markdown))


def flow(markup: str) -> list[ET.Element]:
    """Return our own HTML as elements that QTI allows: no styles, and links that only link."""
    root = ET.fromstring(f"<div>{markup}</div>")  # noqa: S314 - made by `block` or `code`, never from outside
    for element in root.iter():
        if element.tag.startswith(_MATHML):
            continue
        for name in set(element.attrib) - {"href", "class"}:
            del element.attrib[name]
    return list(root)


def joined(parts: Iterable[str]) -> str:
    """Return the parts that hold something, one below the other."""
    return "\n".join(part for part in parts if part)


def variants(text: str, *, is_code: bool = False) -> list[str]:
    """Return the ways to type a line that the course takes for the same: blanks after commas, quotes in code.

    Other tools compare to the letter, so the usual ways are listed.
    """
    line = xml_text(" ".join(text.split()))
    others = [line.replace(", ", ","), *([line.replace('"', "'")] if is_code else [])]
    return list(dict.fromkeys([line, *others]))
