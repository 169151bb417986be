"""The one palette of the course, told apart by people with each common colour blindness.

It starts from Okabe and Ito, "Color Universal Design" (2008), without the
yellow. Their orange and sky blue are too faint on white (2.3 : 1), so both, and
the colours near them, are moved as little as makes every colour reach 3 : 1 on
white (WCAG 2.2, 1.4.11) and every pair stay 10 CIEDE2000 units apart, as seen
with full colour vision, protanopia, deuteranopia and tritanopia (Machado,
Oliveira and Fernandes 2009). `tests/unit/test_palette.py` computes both.
Nothing is told by colour alone: pair each with a marker, a dash, a hatch or a
word.
"""

from __future__ import annotations

from typing import Final

BLUE: Final = "#0072B2"
ORANGE: Final = "#C68600"
GREEN: Final = "#009B72"
PURPLE: Final = "#BB7FB5"
SKY: Final = "#0099F5"
VERMILION: Final = "#B55E22"
BLACK: Final = "#000000"

CYCLE: Final = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, BLACK)
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X")
DASHES: Final = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
HATCHES: Final = ("", "//", "..", "\\\\", "xx", "--", "++")

PAPER: Final = "#FFFFFF"
INK: Final = "#1A1A1A"


def luminance(colour: str) -> float:
    """Return the relative luminance of a `#RRGGBB` colour, 0 to 1 (WCAG 2.2)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two `#RRGGBB` colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(background: str) -> str:
    """Return the text colour, dark or white, that reads best on `background`; at least 4.2 : 1."""
    return max((INK, PAPER), key=lambda ink: contrast(ink, background))


def mixed(colour: str, share: float, paper: str = PAPER) -> str:
    """Return `colour` thinned with `paper`: 0 is the paper, 1 the full colour."""
    pairs = ((int(colour[i : i + 2], 16), int(paper[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(p + (c - p) * share):02X}" for c, p in pairs)
