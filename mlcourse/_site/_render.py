"""A lesson's cells as HTML: Markdown with MathML, code, and the committed outputs with their elements."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from mlcourse import _html
from mlcourse._errors import InvalidArgument
from mlcourse._site._links import OWN
from mlcourse.practice._code import highlighted
from mlcourse.quiz._markdown import BadMarkdown, math
from mlcourse.quiz._modules import styles
from mlcourse.quiz._payload import decode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it import MarkdownIt

    from mlcourse._site._lesson import Lesson
    from mlcourse._site._links import Links

_FIRST_OF = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain")
_PIXELS = re.compile(r'(<img\b[^>]*?\bsrc=")data:image/(png|jpeg);base64,([A-Za-z0-9+/=\s]+)"([^>]*)>')
_ELEMENT = re.compile(
    r'<div data-mlc-module="([^"]+)"(?: data-mlc-key="([^"]*)")?([^>]*?) data-mlc="([^"]*)"'
)
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")  # a terminal's
_WORD = re.compile(r'<span class="mlc-c-(\w+)">([^<]*)</span>')
_CODE_FOCUS = ' tabindex="0" role="group" aria-label="Code"'
_SHORT_CALL = 5
"""A cell of at most so many lines that only calls up an element folds its code away."""


@dataclass
class Page:
    """What a lesson's page is made of, and what it needs besides.

    Attributes
    ----------
    cells : list of str
        The cells' HTML.
    modules : set of str
        The modules of its elements.
    modes : dict
        The mode of each question that it asks, which the record wants to know.
    images : dict
        Pictures, by their place in the site.
    """

    lesson: Lesson
    cells: list[str] = field(default_factory=list)
    modules: set[str] = field(default_factory=set)
    modes: dict[str, str] = field(default_factory=dict)
    images: dict[str, bytes] = field(default_factory=dict)


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def write(content: str, options: dict[str, Any]) -> str:
        return math(content, display=bool(options["display_mode"]))

    def code(content: str, language: str, _: str) -> str:
        python = language in {"python", "py"}
        return _code(content) if python else f"<pre><code>{_html.escape(content)}</code></pre>"

    parser = MarkdownIt("commonmark", {"highlight": code}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, renderer=write, allow_space=False, double_inline=True)
    return parser


def markdown(text: str) -> str:
    """Return a Markdown cell as HTML; tables scroll on a narrow page."""
    made = str(_markdown().render(text))
    return made.replace("<table>", '<div class="scroll"><table>').replace("</table>", "</table></div>")


@cache
def _coloured() -> frozenset[str]:
    """Return the kinds of words in code that the style sheet knows."""
    return frozenset(re.findall(r"\.mlc-c-(\w+)", styles("practice.css")))


def _code(source: str) -> str:
    def kept(found: re.Match[str]) -> str:
        return found[0] if found[1] in _coloured() else found[2]

    # Most words have no colour of their own: without their marks a page has half as many elements.
    made = _WORD.sub(kept, highlighted(source))
    # The page itself makes focusable what scrolls: a hundred cells would be a hundred stops for the Tab key.
    return made.replace(_CODE_FOCUS, "")


def _text(text: str) -> str:
    return f"<pre><code>{_html.escape(_COLOURS.sub('', text).rstrip())}</code></pre>"


def _image(kind: str, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
    told = metadata.get(kind, {})
    alt = told.get("alt") or str(data.get("text/plain", "")).removeprefix("Figure: ")
    width = f' width="{_html.escape(told["width"])}"' if "width" in told else ""
    return f'<img src="data:{kind};base64,{data[kind]}"{width} alt="{_html.escape(alt)}">'


def _output(output: Mapping[str, Any]) -> str:
    kind = output["output_type"]
    if kind == "stream":
        return _text(output["text"])
    if kind == "error":
        return _text("\n".join(output["traceback"]))
    data, metadata = output["data"], output.get("metadata", {})
    best = next((one for one in _FIRST_OF if one in data), None)
    if best is None:
        return ""
    if best in {"text/html", "image/svg+xml"}:
        return str(data[best])
    if best.startswith("image/"):
        return _image(best, data, metadata)
    return markdown(data[best]) if best == "text/markdown" else _text(data[best])


def _height(pixels: bytes, attributes: str) -> str:
    """Return the height of a PNG that is shown at a width: so nothing moves when it comes late."""
    width = re.search(r'\bwidth="(\d+)"', attributes)
    if width is None or pixels[12:16] != b"IHDR" or re.search(r"\bheight=", attributes):
        return ""
    across, down = (int.from_bytes(pixels[i : i + 4], "big") for i in (16, 20))
    return f' height="{round(int(width[1]) * down / across)}"'


class Renderer:
    """Makes pages of lessons; `modes` gives the mode of each question of the bank."""

    def __init__(self, links: Links, modes: Mapping[str, str]) -> None:
        self._links = links
        self._modes = modes

    def page(self, lesson: Lesson) -> Page:
        """Return a lesson's page.

        Raises
        ------
        InvalidArgument
            If a formula cannot be shown.
        """
        page = Page(lesson)
        for cell in lesson.cells:
            try:
                made = self._cell(cell, page)
            except BadMarkdown as error:
                raise InvalidArgument(f"{lesson.source}, cell {cell['id']}: {error}.") from error
            # With the address of each cell, links from other pages and from JupyterLab find their place.
            start = f'<div class="cell {cell["cell_type"]}" id="{_html.escape(cell["id"])}">'
            page.cells.append(f"{start}{self._links.rewrite(made, lesson)}</div>")
        return page

    def _cell(self, cell: Mapping[str, Any], page: Page) -> str:
        if cell["cell_type"] == "markdown":
            return markdown(cell["source"])
        if cell["cell_type"] != "code":
            return ""
        outputs = "".join(_output(output) for output in _joined(cell["outputs"]))
        outputs = self._pictures(outputs.replace(f"<style>{_html.style()}</style>", ""), page)
        shown = self._elements(outputs, cell["id"], page)
        code = _code(cell["source"]) if cell["source"].strip() else ""
        if _ELEMENT.search(outputs) and cell["source"].count("\n") < _SHORT_CALL:
            code = f'<details class="call"><summary>The code of this cell</summary>{code}</details>'
            return f'<div class="out">{shown}</div>{code}'
        return f'{code}<div class="out">{shown}</div>' if shown else code

    def _pictures(self, outputs: str, page: Page) -> str:
        """Return outputs with their pictures as files, which the browser loads when they come into view."""

        def changed(found: re.Match[str]) -> str:
            pixels = base64.b64decode(found[3])
            name = f"images/{hashlib.sha256(pixels).hexdigest()[:16]}.{found[2]}"
            page.images[name] = pixels
            lazy = found[1].replace("<img ", '<img loading="lazy" ', 1)
            return f'{lazy}{OWN}:{name}"{found[4]}{_height(pixels, found[4])}>'

        return _PIXELS.sub(changed, outputs)

    def _elements(self, outputs: str, cell: str, page: Page) -> str:
        """Return outputs with each element's key and kind, noting what it needs."""

        def changed(found: re.Match[str]) -> str:
            module, key, more, payload = found.groups()
            page.modules.add(module)
            told = decode(payload)
            for question in told.get("questions", ()):
                if question["id"] in self._modes:
                    page.modes[question["id"]] = self._modes[question["id"]]
            key = key or f"{page.lesson.source}#{cell}"
            kind = _kind(told)
            more += f' data-mlc-kind="{kind}"' if kind else ""
            return f'<div data-mlc-module="{module}" data-mlc-key="{key}"{more} data-mlc="{payload}"'

        return _ELEMENT.sub(changed, outputs)


def _kind(payload: Mapping[str, Any]) -> str | None:
    """Return what a quiz that looks like any other is to the record: an entry test or a review."""
    if payload.get("kind") != "quiz":
        return None
    title = payload.get("title", "")
    return "diagnosis" if title == "Entry test" else "review" if title.startswith("Review: ") else None


def _joined(outputs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return outputs with the pieces of one stream as one, as they were printed."""
    joined: list[Mapping[str, Any]] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if (
            last
            and last["output_type"] == output["output_type"] == "stream"
            and last["name"] == output["name"]
        ):
            joined[-1] = {**last, "text": last["text"] + output["text"]}
        else:
            joined.append(output)
    return joined
