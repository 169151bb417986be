"""Lesson 15's playground: draw rows with replacement, and see how far a score could move."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlcourse import _html
from mlcourse._errors import number_of
from mlcourse._text import count
from mlcourse.explore._playground import Playground

ROWS = (20, 40, 80, 150, 300, 600, 1200, 3000)
SHARES = tuple(range(50, 100))
RESAMPLES = (1, 10, 100, 1000)
BINS = 50  # of the picture: two percentage points each
TRIES = (
    "Draw 1, then 10, then 100 resamples of 20 rows. From when on does the interval keep still?",
    "How many rows does it take until the interval is 5 points wide, with 75 % right?",
    "With 20 rows, move to 95 % right. Is the interval as long downwards as upwards? What about the formula?",
    "Draw again, ten times. Which numbers change, and which stay?",
)


def chances(seed: int, n: int) -> Any:
    """Return n numbers from 0 to 1, float64, the same as the browser's.

    Mulberry32 (T. Ettinger, public domain): its state grows by a constant, so all numbers can be
    computed at once, and JavaScript's whole-number arithmetic gives the same ones.
    """
    with np.errstate(over="ignore"):
        state = np.uint32(seed) + np.arange(1, n + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
        t = (state ^ (state >> np.uint32(15))) * (state | np.uint32(1))
        t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
    return (t ^ (t >> np.uint32(14))) / 2.0**32


def resampled(n_rows: int, percent: int, resamples: int, draw: int) -> Any:
    """Return the number of right answers in each resample, int, shape (resamples,)."""
    right = (n_rows * percent + 50) // 100  # half up, as in JavaScript
    drawn = np.floor(chances(draw, n_rows * resamples) * n_rows).astype(int)
    return (drawn.reshape(resamples, n_rows) < right).sum(axis=1)


def measured(n_rows: int, percent: int, resamples: int, draw: int) -> dict[str, float]:
    """Return the score, the middle 95 % of the resampled scores, and four standard errors by the formula."""
    scores = resampled(n_rows, percent, resamples, draw) / n_rows
    a = ((n_rows * percent + 50) // 100) / n_rows
    low, high = np.quantile(scores, [0.025, 0.975])
    return {
        "right": round(a * n_rows),
        "score": a,
        "low": float(low),
        "high": float(high),
        "formula": float(4 * np.sqrt(a * (1 - a) / n_rows)),
    }


def _whole(value: float) -> str:
    return f"{np.floor(100 * value + 0.5):.0f} %"


def resampling(n_rows: int = 20, percent: int = 75, resamples: int = 1000) -> Playground:
    """Draw rows with replacement, again and again, and see the interval of a score.

    Parameters
    ----------
    n_rows
        Number of test rows at the start: 20, 40, 80, 150, 300, 600, 1200 or 3000.
    percent
        How many of a hundred are right, 50 to 99.
    resamples
        How many resamples: 1, 10, 100 or 1000.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument is none of these.
    """
    start = {
        "rows": int(number_of("n_rows", n_rows, ROWS)),
        "percent": int(number_of("percent", percent, SHARES)),
        "resamples": int(number_of("resamples", resamples, RESAMPLES)),
        "draw": 1,
    }
    made = measured(start["rows"], start["percent"], start["resamples"], 1)
    width = 100 * (made["high"] - made["low"])
    table = [
        ("right", f"{made['right']} of {start['rows']}"),
        ("score", _whole(made["score"])),
        ("middle 95 %", f"{_whole(made['low'])} to {_whole(made['high'])}"),
        ("width", f"{np.floor(width + 0.5):.0f} points"),
        ("four standard errors", f"{np.floor(100 * made['formula'] + 0.5):.0f} points"),
    ]
    return Playground(
        "resampling",
        title="How far a score could move",
        intro=(
            "A classifier was right on some of its test rows. As many rows are drawn from these, with "
            "replacement, and scored; then again."
        ),
        summary=_html.table(
            ("", "at the start"),
            [(_html.escape(name), value) for name, value in table],
            caption=f"{start['rows']} rows, {count(start['resamples'], 'resample')}",
            numeric=(1,),
        ),
        start=start,
        data={"rows": ROWS, "resamples": RESAMPLES, "bins": BINS},
        tries=TRIES,
    )
