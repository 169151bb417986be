"""Chapter 13's playground: fewer bits for the weights of a network that reads digits, and what that costs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from mlcourse import _html
from mlcourse._errors import number_of
from mlcourse._text import num
from mlcourse.explore._playground import STATIC, Playground

BITS = (2, 3, 4, 5, 6, 7, 8)
GRIDS = ("layer", "unit")
KINDS = ("symmetric", "zero point")
STRETCHES = (1, 4, 16, 64)
STRETCHED, SHOWN = 0, 1  # the unit whose weights are stretched, and the one that is drawn
DIGITS = 200
INK = "0123456789abcdefg"  # 0 to 16 points of ink, a sign each
TRIES = (
    "Take away one bit after the other. Where do the right answers begin to fall?",
    "3 bits: one grid for the layer, then one for each unit. What changes, and why?",
    "8 bits, one grid: make one unit 64 times as large. Who pays? Then give each unit its own grid.",
    "With a zero point, the grid goes from the smallest to the largest weight. When is that finer?",
    "2 bits, one grid: what is left of the drawn unit? And with a grid of its own?",
)


@dataclass(frozen=True)
class Rounded:
    """A kernel on its grid.

    Attributes
    ----------
    stored : ndarray of shape (n_inputs, n_units)
        The whole numbers.
    scale, zero : ndarray of shape (n_units,)
        Step and zero point of each unit's grid; all the same if there is one grid.
    """

    stored: np.ndarray[Any, Any]
    scale: np.ndarray[Any, Any]
    zero: np.ndarray[Any, Any]

    @property
    def meant(self) -> np.ndarray[Any, Any]:
        """The weights that the whole numbers stand for."""
        back: np.ndarray[Any, Any] = (self.stored - self.zero) * self.scale
        return back


def _halves_up(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Round as the browser does, halves upwards."""
    rounded: np.ndarray[Any, Any] = np.floor(x + 0.5)
    return rounded


def on_grid(W: np.ndarray[Any, Any], bits: int, grid: str, kind: str) -> Rounded:
    """Round a kernel to a grid of `2 ** bits` places (one fewer if it is symmetric).

    The formulas are those of LiteRT's 8-bit quantization specification, for any number of bits:
    `weight = (stored - zero) * scale`. A symmetric grid has its zero in the middle.
    """
    axis = 0 if grid == "unit" else None
    units = np.ones(W.shape[1])
    if kind == "symmetric":
        top = 2 ** (bits - 1) - 1
        scale = np.abs(W).max(axis=axis) / top * units
        return Rounded(_halves_up(W / scale), scale, 0 * units)
    low = np.minimum(W.min(axis=axis), 0) * units
    high = np.maximum(W.max(axis=axis), 0) * units
    scale = (high - low) / (2**bits - 1)
    zero = _halves_up(-low / scale)
    return Rounded(np.clip(_halves_up(W / scale) + zero, 0, 2**bits - 1), scale, zero)


@cache
def network() -> dict[str, Any]:
    """Return the network as it is sent: weights in thousandths, and 200 digits it was not trained on."""
    from mlcourse import datasets

    known: dict[str, Any] = json.loads((STATIC / "digits_network.json").read_text(encoding="utf-8"))
    digits = datasets.load_digits()
    order = np.random.default_rng(13).permutation(1797)[1000 : 1000 + DIGITS]
    ink = digits.X[order].astype(int)
    return {
        **{name: known[name] for name in ("W1", "b1", "W2", "b2")},
        "ink": "".join(INK[v] for v in ink.ravel()),
        "truth": "".join(map(str, digits.y[order])),
    }


def weights(stretch: float = 1) -> tuple[np.ndarray[Any, Any], ...]:
    """Return both kernels and biases; one unit is made larger, and what is read from it smaller.

    ReLU lets numbers through in proportion, so the network computes the same with any `stretch`.
    """
    known = network()
    W1, b1, W2, b2 = (np.array(known[name]) / 1000 for name in ("W1", "b1", "W2", "b2"))
    W1[:, STRETCHED] *= stretch
    b1[STRETCHED] *= stretch
    W2[STRETCHED] /= stretch
    return W1, b1, W2, b2


def measured(bits: int, grid: str, kind: str, stretch: float = 1) -> dict[str, Any]:
    """Return what rounding both kernels costs.

    Returns
    -------
    dict
        `size` in bytes, of the weights, biases (four bytes each), scales and zero points; `before` and
        `right`, right answers of 200; `changed` answers; `error`, the largest one of a first-layer
        weight outside the stretched unit; `places`, how many different values the drawn unit's weights have.
    """
    known = network()
    X = np.array([INK.index(v) for v in known["ink"]]).reshape(DIGITS, 64) / 16
    y = np.array([int(v) for v in known["truth"]])
    W1, b1, W2, b2 = weights(stretch)
    first, second = on_grid(W1, bits, grid, kind), on_grid(W2, bits, grid, kind)
    exact = (np.maximum(X @ W1 + b1, 0) @ W2 + b2).argmax(axis=1)
    coarse = (np.maximum(X @ first.meant + b1, 0) @ second.meant + b2).argmax(axis=1)
    grids = len(b1) + len(b2) if grid == "unit" else 2
    others = np.arange(W1.shape[1]) != STRETCHED
    return {
        "size": int(np.ceil((W1.size + W2.size) * bits / 8))
        + 4 * (len(b1) + len(b2))
        + grids * (4 if kind == "symmetric" else 5),
        "before": int(np.sum(exact == y)),
        "right": int(np.sum(coarse == y)),
        "changed": int(np.sum(coarse != exact)),
        "error": float(np.abs(first.meant - W1)[:, others].max()),
        "places": len(np.unique(first.stored[:, SHOWN])),
        "scale": float(first.scale[SHOWN]),
        "zero": int(first.zero[SHOWN]),
    }


def exact_size() -> int:
    """Return the bytes of all weights and biases as float32."""
    return 4 * sum(part.size for part in weights())


def quantization(bits: int = 8) -> Playground:
    """Choose bits and grid of a network's weights; see the weights rounded, the size and the right answers.

    The network has 64 inputs, 24 ReLU units and 10 outputs and reads handwritten digits. It is measured
    on 200 digits that it was not trained on.

    Parameters
    ----------
    bits
        Bits of a weight at the start, 2 to 8.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If `bits` is no whole number from 2 to 8.
    """
    bits = int(number_of("bits", bits, BITS))
    rows = []
    for n in sorted({8, 6, 4, 3, 2, bits}, reverse=True):
        one, each = (measured(n, grid, "symmetric") for grid in GRIDS)
        rows.append((str(n), num(one["size"] / 1000, 1), str(one["right"]), str(each["right"])))
    before = measured(8, "layer", "symmetric")["before"]
    return Playground(
        "quantization",
        title="Fewer bits for a weight",
        intro=(
            "A real network for digits: 64 inputs, 24 ReLU units, 10 outputs. Choose how its weights are "
            "stored. The size, the weights and the answers to 200 new digits follow."
        ),
        summary=_html.table(
            ("bits", "kB", "right, one grid for a layer", "right, a grid for each unit"),
            rows,
            caption=f"Right answers of {DIGITS}; with 32 bits {before} and {num(exact_size() / 1000, 1)} kB",
            numeric=(0, 1, 2, 3),
        ),
        start={"bits": bits, "grid": "layer", "kind": "symmetric", "stretch": 1},
        data={**network(), "bits": BITS, "stretches": STRETCHES, "stretched": STRETCHED, "shown": SHOWN},
        tries=TRIES,
    )
