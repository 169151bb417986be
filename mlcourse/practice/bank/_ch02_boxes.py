"""The fruit boxes of lesson 02, drawn as its notebook draws them; the experiment's hidden boxes come from here."""

from __future__ import annotations

from typing import Any

import numpy as np


def pack_boxes(n: int, seed: int) -> tuple[Any, Any]:
    """Return the readings of n boxes, shape (n, 8), and the grams of each fruit inside, shape (n, 4).

    A test compares it with the function of the same name that stands in the lesson.
    """
    rng = np.random.default_rng(seed)
    recipes = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 1]])
    inside = recipes[rng.integers(0, 6, n)]
    inside = np.where(rng.random((n, 4)) < 0.05, 1 - inside, inside)  # a packer's hand slips
    inside[inside.sum(axis=1) == 0, 0] = 1  # no box leaves empty
    grams = inside * rng.integers(1, 5, (n, 4)) * [150, 120, 90, 250]  # 1 to 4 pieces
    apple, banana, lemon, grapes = (grams * rng.uniform(0.2, 1, (n, 4))).T  # fruit hides fruit
    red, blue = rng.integers(0, 2, (2, n))  # apples are red or green, grapes violet or green
    green = apple * (1 - red) + grapes * (1 - blue)
    colours = [apple * red, banana + lemon, green, grapes * blue]
    X = np.column_stack([*colours, banana, apple + lemon, grapes, grams.sum(axis=1)])
    blur = rng.normal(0, 1, X.shape) * [30, 30, 30, 30, 100, 100, 100, 50]
    return np.maximum(0, X + blur).round(), grams
