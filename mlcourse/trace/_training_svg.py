"""Draw one panel of a training run as SVG, as a part of the page or as a picture of its own.

Training is a solid line with discs, validation a dashed line with squares (so
are the first and the second of two runs), and each is labelled at its end, so
colour carries nothing alone. Coordinates are computed from the rounded numbers
that the table shows.

What stays in a notebook is an `<img>`: where a notebook is not trusted,
JupyterLab takes the tags of an `<svg>` away and leaves its words and numbers
lying about, but shows an `<img>` as it is. A picture cannot see the page's
theme, so it brings its own paper.
"""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING

from mlcourse import _html, _palette

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlcourse.trace._training_words import Panel

WIDTH, HEIGHT = 350, 206
_LEFT, _RIGHT, _TOP, _BOTTOM, _MARGIN = 50, 80, 30, 42, 10
_LINE = 13  # height of a line of text
# More points than a line has pixels cannot be seen; more markers than this run together.
POINTS, _MARKERS = 120, 24
# A panel's first curve and its second: training and validation, or two runs.
_SOLID = (_palette.BLUE, "", False)
_DASHED = (_palette.VERMILION, ' stroke-dasharray="5 3"', True)


def thin(points: Sequence[tuple[int, float]], limit: int = POINTS) -> list[tuple[int, float]]:
    """Keep the lowest and the highest point of each stretch, so that no spike is lost.

    The first and the last point always stay. A record of up to `limit` points
    is returned as it is.
    """
    if len(points) <= limit:
        return list(points)
    stretches = limit // 2 - 1
    inner = points[1:-1]
    kept = {points[0], points[-1]}
    for i in range(stretches):
        part = inner[i * len(inner) // stretches : (i + 1) * len(inner) // stretches]
        kept |= {min(part, key=lambda p: p[1]), max(part, key=lambda p: p[1])}
    return sorted(kept)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return round numbers that span low to high, in steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    raw = span / (most - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def epoch_ticks(first: int, last: int) -> list[int]:
    """Return up to seven whole epochs to be written below the chart, the first and last among them."""
    if last - first < 7:
        return list(range(first, last + 1))
    step = math.ceil((last - first) / 4)
    size = 10 ** (len(str(step)) - 1)
    step = next(m * size for m in (1, 2, 5, 10) if m * size >= step)
    between = [n for n in range(step, last, step) if n - first >= step / 2 and last - n >= step / 2]
    return [first, *between, last]


def tick_labels(marks: Sequence[float]) -> list[str]:
    """Write an axis' numbers: as many decimals as their step needs, large ones as powers of ten."""
    if max(map(abs, marks)) >= 1e5:
        return [f"{mark:.3g}" for mark in marks]
    decimals = max(0, -math.floor(math.log10(marks[1] - marks[0]) + 1e-9))
    return [f"{mark:.{min(decimals, 6)}f}" for mark in marks]


def span(panel: Panel) -> tuple[list[float], int, int] | None:
    """Return the numbers at the left axis, the first and the last epoch; None if nothing is finite."""
    finite = [p for _, points in panel.curves for p in points if math.isfinite(p[1])]
    if not finite:
        return None
    low, high = min(v for _, v in finite), max(v for _, v in finite)
    if low == high:
        low, high = low - 0.5 * (abs(low) or 1), high + 0.5 * (abs(high) or 1)
    return ticks(low, high), min(e for e, _ in finite), max(e for e, _ in finite)


def image(panel: Panel, label: str, seams: Sequence[int] = ()) -> str:
    """Return the panel as an `<img>` that holds its own drawing; empty if there is nothing to draw.

    Parameters
    ----------
    panel
        What to draw.
    label
        What it shows, in words.
    seams
        Epochs at which `fit` was called again: a dotted line stands before each.
    """
    drawn = _drawing(panel, seams, f'width="{WIDTH}" height="{HEIGHT}"')
    if not drawn:
        return ""
    code = base64.b64encode(drawn.encode()).decode()
    return (
        f'<img src="data:image/svg+xml;base64,{code}" alt="{_html.escape(label)}" '
        f'width="{WIDTH}" height="{HEIGHT}" style="max-width:100%;margin:0 8px 8px 0">'
    )


def svg(panel: Panel, label: str, seams: Sequence[int] = ()) -> str:
    """Return the same drawing as an `<svg>`: a page that is redrawn often does not flicker with it."""
    size = f'width="{WIDTH}" height="{HEIGHT}" style="max-width:100%;margin:0 8px 8px 0"'
    return _drawing(panel, seams, f'{size} role="img" aria-label="{_html.escape(label)}"')


def _drawing(panel: Panel, seams: Sequence[int], attributes: str) -> str:
    """Draw the panel; every colour and font is stated, since a picture inherits none."""
    found = span(panel)
    if found is None:
        return ""
    marks, first, last = found
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM

    def x(epoch: float) -> float:
        share = 0.5 if first == last else (epoch - first) / (last - first)
        return round(_LEFT + 6 + share * (right - _LEFT - 12), 1)

    def y(value: float) -> float:
        return round(bottom - (value - marks[0]) / (marks[-1] - marks[0]) * (bottom - _TOP), 1)

    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="4" fill="{_palette.PAPER}"/>',
        _text(_MARGIN, _LINE + 5, panel.title, weight=True),
    ]
    parts += [
        f'<path d="M{_LEFT} {y(mark):g}H{right}" stroke="{_palette.INK}" stroke-opacity=".15"/>'
        + _text(_LEFT - 5, y(mark) + 4, label, anchor="end")
        for mark, label in zip(marks, tick_labels(marks), strict=True)
    ]
    parts += [_text(x(n), bottom + 16, str(n), anchor="middle") for n in epoch_ticks(first, last)]
    parts.append(_text((_LEFT + right) / 2, bottom + 32, "epoch", anchor="middle"))
    parts += [
        f'<path d="M{x(seam - 0.5):g} {_TOP}V{bottom}" stroke="{_palette.INK}" stroke-dasharray="1 3"/>'
        for seam in seams
        if first < seam <= last
    ]
    ends: list[tuple[float, str, str]] = []
    for i, (who, points) in enumerate(panel.curves):
        drawn = [(x(e), y(v)) for e, v in thin([p for p in points if math.isfinite(p[1])])]
        if not drawn:
            continue
        # Validation looks like validation also where it stands alone.
        colour, dash, square = _DASHED if i or who == "validation" else _SOLID
        line = "L".join(f"{a:g} {b:g}" for a, b in drawn)
        parts.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        chosen = drawn if len(drawn) <= _MARKERS else [drawn[0], drawn[-1]]
        parts += [_marker(a, b, colour, square=square) for a, b in chosen]
        ends.append((drawn[-1][1], who, colour))
    parts += [_text(right + 4, at + 4, who, colour=c) for at, who, c in _apart(ends, bottom)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {attributes} '
        f'font-size="12" font-family="system-ui, sans-serif">{"".join(parts)}</svg>'
    )


def _marker(a: float, b: float, colour: str, *, square: bool) -> str:
    if not square:
        return f'<circle cx="{a:g}" cy="{b:g}" r="3" fill="{colour}"/>'
    return f'<rect x="{a - 3:g}" y="{b - 3:g}" width="6" height="6" fill="{colour}"/>'


def _apart(ends: list[tuple[float, str, str]], bottom: float) -> list[tuple[float, str, str]]:
    """Move labels at the lines' ends so far apart that both can be read."""
    placed = sorted(ends)
    if len(placed) == 2 and placed[1][0] - placed[0][0] < _LINE:
        middle = min((placed[0][0] + placed[1][0]) / 2, bottom - _LINE / 2)
        placed = [(middle - _LINE / 2, *placed[0][1:]), (middle + _LINE / 2, *placed[1][1:])]
    return placed


def _text(
    a: float, b: float, words: str, *, anchor: str = "start", weight: bool = False, colour: str = ""
) -> str:
    # A label is in ink, which has the better contrast; a bar in the line's colour ties it to its line.
    bar = f'<path d="M{a:g} {b - 9:g}v11" stroke="{colour}" stroke-width="3"/>' if colour else ""
    bold = ' font-weight="600"' if weight else ""
    place = f'x="{a + 5 * bool(colour):g}" y="{b:g}" text-anchor="{anchor}"'
    return f'{bar}<text {place} fill="{_palette.INK}"{bold}>{_html.escape(words)}</text>'
