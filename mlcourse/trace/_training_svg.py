"""Draw one panel of a training run as inline SVG.

Training is a solid line with discs, validation a dashed line with squares (so
are the first and the second of two runs), and each is labelled at its end, so
colour carries nothing alone. Coordinates are
computed from the rounded numbers that the table shows.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mlcourse import _html, _palette

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlcourse.trace._training_words import Panel

WIDTH, HEIGHT = 340, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 76, 26, 40
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


def svg(panel: Panel, label: str, seams: Sequence[int] = ()) -> str:
    """Return the panel as an `<svg>` element.

    Parameters
    ----------
    panel
        What to draw.
    label
        What it shows, in words.
    seams
        Epochs at which `fit` was called again: a dotted line stands before each.
    """
    finite = [p for _, points in panel.curves for p in points if math.isfinite(p[1])]
    if not finite:
        return ""
    low, high = min(v for _, v in finite), max(v for _, v in finite)
    if low == high:
        low, high = low - 0.5 * (abs(low) or 1), high + 0.5 * (abs(high) or 1)
    marks = ticks(low, high)
    first, last = min(e for e, _ in finite), max(e for e, _ in finite)
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM

    def x(epoch: float) -> float:
        share = 0.5 if first == last else (epoch - first) / (last - first)
        return round(_LEFT + 6 + share * (right - _LEFT - 12), 1)

    def y(value: float) -> float:
        return round(bottom - (value - marks[0]) / (marks[-1] - marks[0]) * (bottom - _TOP), 1)

    parts = [_text(0, _LINE, panel.title, weight=True)]
    decimals = max(0, -math.floor(math.log10(marks[1] - marks[0]) + 1e-9))
    parts += [
        f'<path d="M{_LEFT} {y(mark)}H{right}" stroke="currentColor" stroke-opacity=".15"/>'
        + _text(_LEFT - 5, y(mark) + 4, f"{mark:.{min(decimals, 6)}f}", anchor="end")
        for mark in marks
    ]
    parts += [_text(x(n), bottom + 16, str(n), anchor="middle") for n in epoch_ticks(first, last)]
    parts.append(_text((_LEFT + right) / 2, bottom + 32, "epoch", anchor="middle"))
    parts += [
        f'<path d="M{x(seam - 0.5)} {_TOP}V{bottom}" stroke="currentColor" stroke-dasharray="1 3"/>'
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
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{_html.escape(label)}" font-size="12" font-family="inherit">'
        # Where SVG is stripped but its text is left, this says what the loose numbers are.
        f"<desc>Chart, not drawn here: {_html.escape(label)}. Its marks: </desc>{' '.join(parts)}</svg>"
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
    # A label keeps the page's text colour, which has the better contrast; a bar in the line's colour ties it.
    bar = f'<path d="M{a:g} {b - 9:g}v11" stroke="{colour}" stroke-width="3"/>' if colour else ""
    bold = ' font-weight="600"' if weight else ""
    place = f'x="{a + 5 * bool(colour):g}" y="{b:g}" text-anchor="{anchor}"'
    return f'{bar}<text {place} fill="currentColor"{bold}>{_html.escape(words)}</text>'
