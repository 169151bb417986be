r"""Markdown with code and math to HTML that cannot carry a script: text is escaped, math is MathML.

markdown-it-py parses (raw HTML off, images off, web links only); the `$…$`
syntax is `mdit-py-plugins`' dollarmath; latex2mathml writes the MathML, which
browsers show without a network and screen readers speak. latex2mathml passes
`\text{<b>}` and `\href` through, so its result is rebuilt from a list of
harmless elements and attributes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from mlcourse._html import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_FLAT = frozenset({"math", "mrow", "mi", "mn", "mo", "mtext", "mspace"})
_ELEMENTS = _FLAT | frozenset(
    [
        "mstyle",
        "mfrac",
        "msqrt",
        "mroot",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mtable",
        "mtr",
        "mtd",
        "mfenced",
        "mpadded",
        "menclose",
    ]
)
_ATTRIBUTES = frozenset(
    [
        "display",
        "stretchy",
        "fence",
        "form",
        "separator",
        "accent",
        "accentunder",
        "largeop",
        "minsize",
        "maxsize",
        "movablelimits",
        "lspace",
        "rspace",
        "width",
        "height",
        "depth",
        "mathvariant",
        "displaystyle",
        "scriptlevel",
        "columnalign",
        "rowspacing",
        "columnspacing",
        "linethickness",
        "notation",
        "open",
        "close",
    ]
)
_WEB_LINK = re.compile(r"https?://", re.IGNORECASE)


class BadMarkdown(ValueError):  # noqa: N818 - reads better without "Error" in a message to a teacher
    """Markdown or math that cannot be shown."""


def _copied(source: ET.Element, tex: str) -> str:
    """Return a MathML element as markup, made of nothing but known parts."""
    name = str(source.tag).removeprefix(_MATHML)
    if name not in _ELEMENTS:
        raise BadMarkdown(f"the math {tex!r} uses <{name}>, which is not allowed in math")
    unknown = set(source.attrib) - _ATTRIBUTES
    if unknown:
        raise BadMarkdown(f"the math {tex!r} sets {min(unknown)}, which is not allowed in math")
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in sorted(source.attrib.items()))
    inside = escape(source.text or "") + "".join(
        _copied(child, tex) + escape(child.tail or "") for child in source
    )
    xmlns = ' xmlns="http://www.w3.org/1998/Math/MathML"' if name == "math" else ""
    return f"<{name}{xmlns}{attributes}>{inside}</{name}>"


@cache
def math(tex: str, *, display: bool = False) -> str:
    """Return LaTeX as MathML.

    Raises
    ------
    BadMarkdown
        If it cannot be converted, or would hold anything but mathematics.
    """
    from latex2mathml.converter import convert

    try:
        tree = ET.fromstring(convert(tex, display="block" if display else "inline"))  # noqa: S314 - our own text
    except ET.ParseError as error:
        raise BadMarkdown(f"the math {tex!r} holds < or & inside \\text, which is not allowed") from error
    except Exception as error:
        raise BadMarkdown(
            f"the math {tex!r} is not LaTeX that can be shown: {error or type(error).__name__}"
        ) from error
    return _copied(tree, tex)


def _plain_math(tex: str, *, display: bool) -> str:
    r"""Return math that also reads well where the page strips MathML.

    JupyterLab strips it from a notebook that is not trusted yet, and a
    fraction without its bar is another number. What is flat loses nothing;
    anything else stays TeX between `\( \)`, which JupyterLab typesets.
    """
    mathml = math(tex, display=display)
    if set(re.findall(r"<(\w+)", mathml)) <= _FLAT:
        return mathml
    return rf"\[{escape(tex)}\]" if display else rf"\({escape(tex)}\)"


@cache
def _parser(*, plain: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def write(content: str, options: dict[str, Any]) -> str:
        display = bool(options["display_mode"])
        return _plain_math(content, display=display) if plain else math(content, display=display)

    parser = (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .disable(["image", "html_block", "html_inline"])
    )
    parser.use(dollarmath_plugin, renderer=write, allow_space=False, double_inline=True)
    parser.validateLink = lambda url: bool(_WEB_LINK.match(url))  # type: ignore[method-assign]

    def link_open(tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:  # noqa: ARG001
        # A link must not take the lesson's page away, nor give the other page a hold on it.
        return f'<a href="{escape(tokens[i].attrGet("href"))}" target="_blank" rel="noopener noreferrer">'

    parser.renderer.rules["link_open"] = link_open  # type: ignore[attr-defined]
    return parser


@cache
def block(text: str, *, plain: bool = False) -> str:
    """Return Markdown paragraphs, lists and code as HTML; `plain` for pages that may strip MathML."""
    return str(_parser(plain=plain).render(text.strip())).strip()


@cache
def inline(text: str, *, plain: bool = False) -> str:
    """Return one line of Markdown as HTML without a paragraph around it."""
    return str(_parser(plain=plain).renderInline(text.strip()))
