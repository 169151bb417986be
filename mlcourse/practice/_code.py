"""Python code as HTML, its words marked by what they are; the colours are the notebook's own."""

from __future__ import annotations

from functools import cache

from mlcourse._html import escape


@cache
def highlighted(code: str) -> str:
    """Return code as a `<pre>` block; without a style sheet it is plain, and reads as well."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    inside = highlight(
        code.strip("\n"), PythonLexer(), HtmlFormatter(nowrap=True, classprefix="mlc-c-")
    ).rstrip("\n")
    return f'<pre class="mlc-source" tabindex="0" role="group" aria-label="Code"><code>{inside}</code></pre>'


def verbatim(text: str) -> str:
    """Return plain text as a `<pre>` block, escaped."""
    return f'<pre class="mlc-source"><code>{escape(text)}</code></pre>'
