"""The palette, as it is seen with and without colour blindness, computed.

Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation
of Color Vision Deficiency" (2009), severity 1.0, in linear RGB; differences by
CIEDE2000 (Sharma, Wu and Dalal 2005).
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mlcourse import _palette

APART = 10.0  # CIEDE2000: well above 2.3, what an eye just notices side by side
ON_WHITE = 3.0  # WCAG 2.2, 1.4.11: parts of graphics

VISION = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> np.ndarray:
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    x = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(x > 216 / 24389, np.cbrt(x), (24389 / 27 * x + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    l1, a1, b1 = one
    l2, a2, b2 = other
    mean_c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    if c1 * c2 == 0 or abs(h1 - h2) <= 180:
        hm = h1 + h2 if c1 * c2 == 0 else (h1 + h2) / 2
    else:
        hm = (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(hm - 30))
        + 0.24 * np.cos(np.radians(2 * hm))
        + 0.32 * np.cos(np.radians(3 * hm + 6))
        - 0.20 * np.cos(np.radians(4 * hm - 63))
    )
    rotation = -np.sin(np.radians(60 * np.exp(-(((hm - 275) / 25) ** 2)))) * 2
    rotation *= np.sqrt(cm**7 / (cm**7 + 25.0**7))
    sl = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    dl, dc, dh = dl / sl, dc / sc, dh / sh
    return float(np.sqrt(dl**2 + dc**2 + dh**2 + rotation * dc * dh))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # from table 1 of Sharma, Wu and Dalal
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_of_difference_is_right(one, other, expected):
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(_palette.CYCLE, 2)))
def test_every_pair_is_told_apart(vision, one, other):
    seen = [lab(VISION[vision] @ linear(c)) for c in (one, other)]
    assert ciede2000(*seen) >= APART


def test_the_check_would_catch_a_bad_pair():
    # Red and green of one lightness: the classic pair that deuteranopes confuse.
    red, green = "#CC4444", "#7F7A2F"
    assert ciede2000(lab(linear(red)), lab(linear(green))) > APART
    seen = [lab(VISION["deuteranopia"] @ linear(c)) for c in (red, green)]
    assert ciede2000(*seen) < APART


@pytest.mark.parametrize("colour", _palette.CYCLE)
def test_every_colour_stands_out_from_white(colour):
    assert _palette.contrast(colour, _palette.PAPER) >= ON_WHITE


def test_contrast_is_that_of_wcag():
    assert _palette.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert _palette.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert _palette.contrast("#0072B2", "#0072B2") == 1


def test_the_ink_reads_on_every_shade():
    for red, green, blue in itertools.product(range(0, 256, 51), repeat=3):
        background = f"#{red:02X}{green:02X}{blue:02X}"
        assert _palette.contrast(_palette.ink_on(background), background) >= 4.1


def test_colours_are_paired_with_marks_that_do_without_them():
    n = len(_palette.CYCLE)
    for marks in (_palette.CYCLE, _palette.MARKERS, _palette.DASHES, _palette.HATCHES):
        assert len(set(marks)) == len(marks) == n


def test_mixing_goes_from_paper_to_colour():
    assert _palette.mixed("#0072B2", 0) == "#FFFFFF"
    assert _palette.mixed("#0072B2", 1) == "#0072B2"
    assert _palette.mixed("#000000", 0.5) == "#808080"
