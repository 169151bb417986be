"""Chapter 14's playground: spoil a year of items, and see which alarm fires and which one stays silent."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from mlcourse import _html
from mlcourse._errors import number, number_of
from mlcourse._text import num
from mlcourse.explore._playground import Playground

MONTHS = 12
STRENGTH = (0.0,) * 4 + (0.25, 0.5, 0.75) + (1.0,) * 5  # how much of the change has come, month by month
SHARE = 0.4  # of plastic, in the reference
CENTRE = 1.0  # paper shines -1 on average, plastic +1, both with a spread of 1
REFERENCE = 2000  # items of the year before
SEED = 14000  # of the reference; month m has the seed SEED + m
BINS, EPSILON, PSI_LIMIT = 10, 0.001, 0.25
KS_FACTOR = 1.628  # of Kolmogorov's distribution: by chance larger in 1 % of the months
DEVIATIONS = 3.0  # a share that has moved by more standard errors than this rings
SIZES = (100, 400, 1600)
SHIFTS = tuple(float(v) for v in np.linspace(-2, 2, 17))
SCALES = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
SHARES = tuple(v / 10 for v in range(1, 10))
CONCEPTS = tuple(v / 10 for v in range(7))
NAMES = {
    "psi": "PSI of the shine",
    "ks": "KS distance of the shine",
    "called": "called plastic",
    "right": "right (needs the truth)",
}
TRIES = (
    "Shift the shine by +1. Which alarm is first?",
    "Only the new rule, at 40 %. Who notices?",
    "80 % plastic instead of 40 %, nothing else. What does the accuracy do?",
    "Multiply the shine by 2.00. Which alarms ring? Does it hurt?",
    "No change at all, and 100 items a month. Then 1600. Where does PSI lie?",
    "Find a change that the decisions do not see, and the shine's alarms do.",
)


def uniforms(seed: int, n: int) -> Any:
    """Return n numbers from 0 to 1, shape (n,): mulberry32, as explore_math.mjs draws them."""
    mask = np.uint64(0xFFFFFFFF)
    a = (np.uint64(seed) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x6D2B79F5)) & mask
    t = ((a ^ (a >> np.uint64(15))) * (a | np.uint64(1))) & mask
    t ^= (t + (((t ^ (t >> np.uint64(7))) * (t | np.uint64(61))) & mask)) & mask
    return (t ^ (t >> np.uint64(14))).astype(float) / 2**32


def items(
    seed: int, n: int, *, shift: float = 0.0, scale: float = 1.0, share: float = SHARE, concept: float = 0.0
) -> tuple[Any, Any]:
    """Return the shine and the truth (1: plastic) of n items, both of shape (n,).

    A share `concept` of the plastic items belongs with the paper; nothing that
    can be measured tells which.
    """
    kind, radius, angle, rule = uniforms(seed, 4 * n).reshape(n, 4).T
    plastic = kind < share
    # Box and Muller: two uniform numbers make a normal one.
    noise = np.sqrt(-2 * np.log(1 - radius)) * np.cos(2 * np.pi * angle)
    shine = scale * (np.where(plastic, CENTRE, -CENTRE) + noise) + shift
    return shine, (plastic & (rule >= concept)).astype(int)


def border() -> float:
    """Return the shine from which the model says plastic: both are equally probable there."""
    return float(np.log((1 - SHARE) / SHARE) / (2 * CENTRE))


def psi(reference: Any, values: Any) -> float:
    """Return the population stability index, with bins that hold equal parts of the reference."""
    edges = np.quantile(reference, np.linspace(0, 1, BINS + 1)[1:-1])
    p, q = (
        np.maximum(np.bincount(np.searchsorted(edges, v, side="right"), minlength=BINS) / len(v), EPSILON)
        for v in (reference, values)
    )
    return float(np.sum((q - p) * np.log(q / p)))


def ks(a: Any, b: Any) -> float:
    """Return the largest gap between the shares of a and of b that lie at or below a value."""
    both = np.concatenate([a, b])
    gaps = [np.searchsorted(np.sort(v), both, side="right") / len(v) for v in (a, b)]
    return float(np.abs(gaps[0] - gaps[1]).max())


@cache
def _reference() -> tuple[Any, Any]:
    return items(SEED, REFERENCE)


def year(shift: float, scale: float, share: float, concept: float, size: int) -> list[dict[str, Any]]:
    """Return for each month the four figures and the names of the alarms that ring."""
    known, truth = _reference()
    usual = {
        "called": float(np.mean(known > border())),
        "right": float(np.mean((known > border()) == truth)),
    }
    made = []
    for month, part in enumerate(STRENGTH, start=1):
        shine, y = items(
            SEED + month,
            size,
            shift=part * shift,
            scale=1 + part * (scale - 1),
            share=SHARE + part * (share - SHARE),
            concept=part * concept,
        )
        called = shine > border()
        now = {
            "psi": psi(known, shine),
            "ks": ks(known, shine),
            "called": float(np.mean(called)),
            "right": float(np.mean(called == y)),
        }
        error = {key: np.sqrt(v * (1 - v) * (1 / size + 1 / REFERENCE)) for key, v in usual.items()}
        rings = {
            "psi": now["psi"] > PSI_LIMIT,
            "ks": now["ks"] > KS_FACTOR * np.sqrt(1 / size + 1 / REFERENCE),
            "called": abs(now["called"] - usual["called"]) > DEVIATIONS * error["called"],
            "right": usual["right"] - now["right"] > DEVIATIONS * error["right"],
        }
        made.append({**now, "rings": [key for key in NAMES if rings[key]]})
    return made


def spans(months: list[int]) -> str:
    """Write months as spans: 3, 5 to 12."""
    runs: list[list[int]] = []
    for month in months:
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def _near(name: str, value: Any, stops: tuple[float, ...]) -> float:
    value = number(name, value, low=stops[0], high=stops[-1])
    return min(stops, key=lambda stop: abs(stop - value))


def drift(
    shift: float = 1.0, scale: float = 1.0, share: float = SHARE, concept: float = 0.0, size: int = 400
) -> Playground:
    """Spoil a year of items, month by month, and see which alarm fires.

    One sensor, the shine; a model that says "plastic" above a border; four
    alarms. The change begins in month 5 and is complete from month 8 on.

    Parameters
    ----------
    shift
        At the start: what is added to every reading, from -2 to 2.
    scale
        What every reading is multiplied by, from 0.5 to 2.
    share
        The share of plastic, from 0.1 to 0.9; 0.4 in the reference.
    concept
        The share of the plastic items that belong with the paper by a new rule, from 0 to 0.6.
    size
        Items a month: 100, 400 or 1600.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If a value is out of range. Values between two steps of a slider go to the nearer one.
    """
    start = {
        "shift": _near("shift", shift, SHIFTS),
        "scale": _near("scale", scale, SCALES),
        "share": _near("share", share, SHARES),
        "concept": _near("concept", concept, CONCEPTS),
    }
    size = int(number_of("size", size, SIZES))
    made = year(**start, size=size)
    rows = [
        (
            name,
            num(made[3][key]),
            num(made[-1][key]),
            spans([m for m, month in enumerate(made, start=1) if key in month["rings"]]) or "never",
        )
        for key, name in NAMES.items()
    ]
    return Playground(
        "drift",
        title="Which alarm fires, which stays silent",
        intro=(
            "A model says plastic where the shine is high. In month 5 something begins to change, from "
            "month 8 on all of it has come. Move the sliders."
        ),
        summary=_html.table(
            ("alarm", "month 4", "month 12", "rings in months"),
            rows,
            caption=f"At the start: shift {num(start['shift'])}, multiplied by {num(start['scale'])}, "
            f"plastic {round(100 * start['share'])} %, new rule {round(100 * start['concept'])} %, "
            f"{size} items a month",
            numeric=(1, 2),
        ),
        start={**start, "size": str(size)},
        data={
            "names": NAMES,
            "strength": STRENGTH,
            "share": SHARE,
            "centre": CENTRE,
            "reference": REFERENCE,
            "seed": SEED,
            "bins": BINS,
            "epsilon": EPSILON,
            "limit": PSI_LIMIT,
            "factor": KS_FACTOR,
            "deviations": DEVIATIONS,
            "sizes": SIZES,
            "stops": {"shift": SHIFTS, "scale": SCALES, "share": SHARES, "concept": CONCEPTS},
        },
        tries=TRIES,
    )
