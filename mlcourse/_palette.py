"""The one palette of the course, told apart by people with each common colour blindness.

Okabe and Ito, "Color Universal Design" (2008), without the yellow, which is
too faint on white. Nothing is told by colour alone: pair each with a marker,
a dash or a word.
"""

from __future__ import annotations

from typing import Final

BLUE: Final = "#0072B2"
ORANGE: Final = "#E69F00"
GREEN: Final = "#009E73"
PURPLE: Final = "#CC79A7"
SKY: Final = "#56B4E9"
VERMILION: Final = "#D55E00"
BLACK: Final = "#000000"

CYCLE: Final = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, BLACK)
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X")
DASHES: Final = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
