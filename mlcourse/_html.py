"""The HTML that every view is made of: escaped text, tables, and one style sheet for light and dark.

Views build strings here and nowhere else, so that escaping and accessibility
are in one place. What is returned must read well without its style sheet too:
JupyterLab strips styles and SVG from notebooks that it does not trust.
"""

from __future__ import annotations

import html
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STYLE = Path(__file__).parent / "static" / "base.css"


def escape(text: object) -> str:
    """Return text safe to stand between tags or in a quoted attribute."""
    return html.escape(str(text), quote=True)


@cache
def style() -> str:
    """Return the course's style sheet, shared by views and widgets."""
    return _STYLE.read_text(encoding="utf-8")


def page(*parts: str, label: str | None = None) -> str:
    """Wrap finished HTML parts as one notebook output with the course's style.

    Parameters
    ----------
    *parts
        Finished, already escaped HTML.
    label
        What the block is, for a screen reader's list of regions (escaped here).
    """
    region = f' role="region" aria-label="{escape(label)}"' if label else ""
    return f'<style>{style()}</style><div class="mlc"{region}>{"".join(parts)}</div>'


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str,
    numeric: Iterable[int] = (),
) -> str:
    """Return an accessible table; cells are finished HTML, head and caption plain text.

    The first column is the rows' heading. `numeric` names the columns that are
    set flush right.
    """
    right = set(numeric)

    def mark(i: int) -> str:
        # Inline, because JupyterLab drops style sheets, but not this, from notebooks it does not trust.
        return ' class="num"' if i in right else ' style="text-align:left"'

    top = "".join(f'<th scope="col"{mark(i)}>{escape(h)}</th>' for i, h in enumerate(head))
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row"{mark(i)}>{cell}</th>' if i == 0 else f"<td{mark(i)}>{cell}</td>"
            for i, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )
