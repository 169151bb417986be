"""Places for several things in one picture: drawn at random, and none upon another."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def free_places(rng: np.random.Generator, counts: Array, most: int, side: int, room: int) -> Array:
    """Draw places for square things so that those of one picture do not overlap.

    A picture whose things overlap is drawn again as a whole, so that every
    arrangement is equally likely.

    Parameters
    ----------
    rng
        Where chance comes from.
    counts
        How many things each picture has, shape (n_pictures,), up to `most`.
    most
        Places that are returned for each picture; those beyond its count are of no use.
    side
        Height and width of a thing, in pixels.
    room
        Height and width of a picture, in pixels.

    Returns
    -------
    ndarray of int, shape (n_pictures, most, 2)
        Row and column of each thing's upper left corner.
    """
    places = np.empty((len(counts), most, 2), dtype=np.int64)
    real = np.arange(most) < counts[:, None]
    pairs = [(i, j) for j in range(most) for i in range(j)]
    left, right = (np.array(ends) for ends in zip(*pairs, strict=True))
    todo = np.arange(len(counts))
    while len(todo):
        drawn = rng.integers(0, room - side + 1, (len(todo), most, 2))
        near = (np.abs(drawn[:, left] - drawn[:, right]) < side).all(axis=2)
        overlap = (near & real[todo][:, right]).any(axis=1)
        places[todo] = drawn
        todo = todo[overlap]
    return places
