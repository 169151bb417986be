"""Baskets of fruit, drawn: ten labels, some rare, some often together, told only by shape and colour."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlcourse._errors import whole_number
from mlcourse._text import count
from mlcourse.datasets._dataset import Dataset
from mlcourse.datasets._places import free_places

Array = np.ndarray[Any, Any]

SIDE = 32  # pixels of a picture
FRUIT = 10  # pixels of the square that a fruit stands in
MOST = 5  # fruits in a basket
CLOTH = (0.93, 0.90, 0.84)

# Each colour belongs to two fruits, each shape to two or three: neither alone tells the fruit.
COLOURS = {
    "red": (0.82, 0.10, 0.16),
    "orange": (0.95, 0.52, 0.08),
    "yellow": (0.95, 0.83, 0.20),
    "green": (0.42, 0.66, 0.20),
    "purple": (0.45, 0.20, 0.52),
}
FRUITS = {
    "apple": ("round", "red"),
    "orange": ("round", "orange"),
    "lime": ("round", "green"),
    "lemon": ("oval", "yellow"),
    "mango": ("oval", "orange"),
    "plum": ("oval", "purple"),
    "banana": ("crescent", "yellow"),
    "plantain": ("crescent", "green"),
    "raspberry": ("cluster", "red"),
    "grapes": ("cluster", "purple"),
}
# For each kind of basket its share, and how often each fruit is offered to it, in the order above.
KINDS = {
    "breakfast": (0.40, (0.68, 0.45, 0.02, 0.10, 0.03, 0.10, 0.75, 0.00, 0.10, 0.15)),
    "tropical": (0.18, (0.05, 0.30, 0.35, 0.10, 0.65, 0.03, 0.50, 0.10, 0.00, 0.03)),
    "orchard": (0.27, (0.66, 0.05, 0.01, 0.05, 0.02, 0.60, 0.10, 0.00, 0.15, 0.50)),
    "lemonade": (0.15, (0.10, 0.55, 0.50, 0.85, 0.05, 0.05, 0.05, 0.00, 0.30, 0.05)),
}


def make_fruit_baskets(n_samples: int = 2000, *, seed: int = 0) -> Dataset:
    """Make coloured pictures of baskets with 1 to 5 kinds of fruit; the labels say which fruits are there.

    Every fruit shares its colour with another one and its shape with one or
    two, so that a model has to see both. What lies together depends on the kind
    of basket: breakfast, tropical, orchard or lemonade. Some fruits are in half
    of the baskets, the rarest in one of fifty.

    Parameters
    ----------
    n_samples
        Number of baskets (rows).
    seed
        The same seed gives the same baskets.

    Returns
    -------
    Dataset
        Multi-label; `X` float32 red, green and blue from 0 to 1, shape (n_samples, 32, 32, 3);
        `y` int 0 or 1, shape (n_samples, 10).

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument is out of its range.

    Notes
    -----
    Fruits differ in size, tilt, shade and place, and do not hide each other.
    Baskets with no fruit or with more than five are drawn again.
    """
    n_samples = whole_number("n_samples", n_samples, least=1, most=100_000)
    seed = whole_number("seed", seed, least=0, most=2**32 - 1)
    rng = np.random.default_rng(seed)
    y = _contents(rng, n_samples)
    basket, fruit = np.nonzero(y)
    counts = y.sum(axis=1)
    places = free_places(rng, counts, MOST, FRUIT, SIDE)
    nth = np.arange(len(basket)) - np.repeat(np.cumsum(counts) - counts, counts)
    top, left = places[basket, nth].T

    shapes = tuple(dict.fromkeys(shape for shape, _ in FRUITS.values()))
    shape_of = np.array([shapes.index(shape) for shape, _ in FRUITS.values()])[fruit]
    cover = _masks(rng, shape_of, shapes)
    paint = np.array([COLOURS[colour] for _, colour in FRUITS.values()])[fruit]
    paint = paint + rng.normal(0, 0.04, paint.shape) + rng.normal(0, 0.04, (len(paint), 1))

    X = np.broadcast_to(np.array(CLOTH), (n_samples, SIDE, SIDE, 3)) + rng.normal(
        0, 0.05, (n_samples, 1, 1, 1)
    )
    rows, columns = np.mgrid[:FRUIT, :FRUIT]
    at = basket[:, None, None], top[:, None, None] + rows, left[:, None, None] + columns
    X[at] += cover[..., None] * (paint[:, None, None, :] - X[at])
    X = np.clip(X + rng.normal(0, 0.02, X.shape), 0, 1).astype(np.float32)
    X.setflags(write=False)
    return Dataset(
        X,
        y,
        "multilabel",
        class_names=tuple(FRUITS),
        description=f"{count(n_samples, 'drawn picture')} of {SIDE} × {SIDE} coloured pixels, each a basket "
        f"with 1 to {MOST} of {len(FRUITS)} fruits. Every colour belongs to two fruits and every shape to "
        "two or three, so neither alone tells which fruit it is. Four kinds of basket decide what lies "
        "together and how often.",
        source=f"drawn by mlcourse, seed {seed}",
    )


def _contents(rng: np.random.Generator, n_samples: int) -> Array:
    """Return which fruits lie in each basket, 0 or 1, shape (n_samples, n_fruits)."""
    shares = np.array([share for share, _ in KINDS.values()])
    offered = np.array([chances for _, chances in KINDS.values()])
    chances = offered[rng.choice(len(KINDS), n_samples, p=shares)]
    y = np.zeros(chances.shape, dtype=np.int64)
    todo = np.arange(n_samples)
    while len(todo):
        y[todo] = rng.random((len(todo), len(FRUITS))) < chances[todo]
        todo = todo[(y[todo].sum(axis=1) == 0) | (y[todo].sum(axis=1) > MOST)]
    return y


def _masks(rng: np.random.Generator, shape_of: Array, shapes: tuple[str, ...]) -> Array:
    """Return how much of each pixel a fruit covers, from 0 to 1, shape (n_fruits, FRUIT, FRUIT)."""
    n = len(shape_of)
    size, tilt = rng.uniform(0.85, 1.0, n), rng.uniform(0, 2 * np.pi, n)
    # Four points inside each pixel, so that edges are soft; then turned by the tilt and scaled to −1 … 1.
    fine = (np.arange(2 * FRUIT) + 0.5) / FRUIT - 1
    down, across = np.meshgrid(fine, fine, indexing="ij")
    turn = np.cos(tilt)[:, None, None], np.sin(tilt)[:, None, None]
    u = (turn[0] * across + turn[1] * down) / size[:, None, None]
    v = (turn[0] * down - turn[1] * across) / size[:, None, None]
    inside = np.empty(u.shape, dtype=bool)
    for i, shape in enumerate(shapes):
        of = shape_of == i
        inside[of] = _INSIDE[shape](u[of], v[of])
    return np.asarray(inside.reshape(n, FRUIT, 2, FRUIT, 2).mean(axis=(2, 4)))


def _round(u: Array, v: Array) -> Array:
    return np.asarray(u**2 + v**2 < 0.72**2)


def _oval(u: Array, v: Array) -> Array:
    return np.asarray((u / 0.98) ** 2 + (v / 0.56) ** 2 < 1)


def _crescent(u: Array, v: Array) -> Array:
    """Return what a disc leaves of another one."""
    v = v + 0.35
    return np.asarray((u**2 + v**2 < 1) & (u**2 + (v + 0.55) ** 2 > 1) & (np.abs(u) < 0.95))


def _cluster(u: Array, v: Array) -> Array:
    """Return seven small discs: one in the middle and six around it."""
    found = u**2 + v**2 < 0.27**2
    for angle in np.arange(6) * np.pi / 3:
        found |= (u - 0.62 * np.cos(angle)) ** 2 + (v - 0.62 * np.sin(angle)) ** 2 < 0.27**2
    return np.asarray(found)


_INSIDE = {"round": _round, "oval": _oval, "crescent": _crescent, "cluster": _cluster}
