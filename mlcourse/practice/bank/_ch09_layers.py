"""Lesson 09: one window under a kernel, one number of a whole map, and a pooling that skips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _windows(rng: np.random.Generator) -> Iterator[Case]:
    for rows, columns, k in ((6, 7, 3), (8, 8, 3), (7, 9, 5)):
        picture, kernel = rng.uniform(0, 1, (rows, columns)), rng.integers(-2, 3, (k, k)).astype(float)
        for _ in range(2):
            yield Case(picture, kernel, int(rng.integers(1, rows - k + 1)), int(rng.integers(0, columns - k)))
    picture = np.arange(25.0).reshape(5, 5)
    yield Case(picture, np.arange(9.0).reshape(3, 3), 0, 2, note="row 0, column 2: the upper right corner")
    yield Case(picture, np.array([[2.0]]), 3, 1, note="a kernel of a single weight")


WINDOW = Exercise(
    id="09-window",
    title="One window",
    level=1,
    concept="convolution by hand",
    prompt="""
Return the number that the feature map has at row `r`, column `c`: the sum of the products of the kernel and the
window whose **upper left corner** is there. The kernel is square, of any size.

Fill the blanks, run the cell, then `practice.exercise("09-window").check(answer_at)`.
""",
    name="answer_at",
    cases=_windows,
    starter="""
def answer_at(picture, kernel, r, c):
    k = len(kernel)
    window = picture[..., ...]
    return np.sum(...)
""",
    hints=(
        "The window has `k` rows, beginning with row `r`. A slice says where it begins and where it ends.",
        "`picture[r : r + k, c : c + k]` is the window. Rows come first.",
        "Multiply window and kernel number by number, `window * kernel`, and add up.",
    ),
    solution="""
def answer_at(picture, kernel, r, c):
    k = len(kernel)
    window = picture[r : r + k, c : c + k]
    return np.sum(window * kernel)
""",
    explanation="""
Do this for every `r` and `c`, and you have the feature map. A `Conv2D` layer adds a bias and does it for every
filter, and for every incoming map, whose answers it adds up.
""",
    alternatives=(
        """
def answer_at(picture, kernel, r, c):
    below, beside = r + kernel.shape[0], c + kernel.shape[1]
    return np.vdot(picture[r:below, c:beside].copy(), kernel)
""",
        """
def answer_at(picture, kernel, r, c):
    total = 0.0
    for (i, j), weight in np.ndenumerate(kernel):
        total += weight * picture[r + i, c + j]
    return total
""",
        """
def answer_at(p, w, r, c):
    windows = np.lib.stride_tricks.sliding_window_view(p, w.shape)
    return np.tensordot(windows[r, c], w, axes=2)
""",
    ),
    mistakes=(
        Mistake(
            "rows-and-columns-swapped",
            "def answer_at(p, w, r, c):\n    k = len(w)\n    q = np.pad(p, ((0, k + 9), (0, k + 9)))\n"
            "    return np.sum(q[c : c + k, r : r + k] * w)",
            "Your window begins at row `c`, column `r`. NumPy takes the row first.",
            "columns-are-samples",
        ),
        Mistake(
            "kernel-turned",
            "def answer_at(p, w, r, c):\n    k = len(w)\n    return np.sum(p[r : r + k, c : c + k] * w[::-1, ::-1])",
            "You have turned the kernel round first. Mathematicians do; Keras and this lesson don't.",
            "keras-flips-the-kernel",
        ),
        Mistake(
            "matrix-product",
            "def answer_at(p, w, r, c):\n    k = len(w)\n    return np.sum(p[r : r + k, c : c + k] @ w)",
            "`@` is the matrix product: rows times columns. Here each pixel meets the one weight that lies on "
            "it, which is `*`.",
        ),
        Mistake(
            "mean",
            "def answer_at(p, w, r, c):\n    k = len(w)\n    return np.mean(p[r : r + k, c : c + k] * w)",
            "This is the mean of the products. A convolution adds them up, and does not divide.",
            "convolution-is-an-average",
        ),
        Mistake(
            "no-negatives",
            "def answer_at(p, w, r, c):\n    k = len(w)\n    return max(0, np.sum(p[r : r + k, c : c + k] * w))",
            "Negative sums became 0. That is ReLU, which comes after the convolution; the sum itself may be "
            "negative.",
        ),
        Mistake(
            "middle",
            "def answer_at(p, w, r, c):\n    k = len(w)\n    q = np.pad(p, k // 2)\n"
            "    return np.sum(q[r : r + k, c : c + k] * w)",
            "Your window has its *middle* at row `r`, column `c`, as with a frame of zeros. Here its upper "
            "left corner stands there.",
            "convolution-keeps-the-size",
        ),
    ),
)


def _maps(rng: np.random.Generator) -> Iterator[Case]:
    for shape in ((4, 4, 3), (5, 3, 4), (3, 6, 2)):
        yield Case(rng.normal(0, 1, shape))
    maps = np.full((3, 3, 2), -0.5)
    maps[1, 2] = -0.1
    yield Case(maps, note="maps whose numbers are all negative")
    yield Case(rng.uniform(0, 1, (1, 1, 5)), note="maps of a single place")


ANYWHERE = Exercise(
    id="09-anywhere",
    title="Is it anywhere?",
    level=1,
    concept="global pooling",
    prompt="""
`maps` are the feature maps of one card, shape (rows, columns, number of maps). Return what
`GlobalMaxPooling2D` makes of them: **one number for each map**.
""",
    name="anywhere",
    cases=_maps,
    starter="""
def anywhere(maps):
    return maps.max(axis=...)
""",
    hints=(
        "Over which axes is *anywhere*? The map's number is not one of them.",
        "Rows are axis 0, columns axis 1. NumPy takes several axes as a tuple.",
    ),
    solution="""
def anywhere(maps):
    return maps.max(axis=(0, 1))
""",
    explanation="""
Rows and columns disappear, the maps stay. Whatever moves within a map leaves this number as it is, which is
why the layer behind it has one weight for a pattern and not one for a pattern at a place.
""",
    alternatives=(
        "def anywhere(maps):\n    return maps.reshape(-1, maps.shape[-1]).max(axis=0)",
        "def anywhere(maps):\n    return np.array([maps[:, :, i].max() for i in range(maps.shape[2])])",
        "def anywhere(maps):\n    return np.max(np.max(maps, axis=0), axis=0)",
    ),
    mistakes=(
        Mistake(
            "largest-of-all",
            "def anywhere(maps):\n    return maps.max()",
            "This is one number for all maps together. Then nobody could tell which pattern was there.",
        ),
        Mistake(
            "over-the-maps",
            "def anywhere(maps):\n    return maps.max(axis=2)",
            "This is the largest over the *maps*, at each place. The places should go, and the maps stay.",
            "channels-are-pixels",
        ),
        Mistake(
            "one-axis",
            "def anywhere(maps):\n    return maps.max(axis=0)",
            "Only the rows are gone; every column still has a number of its own. *Anywhere* means rows and columns.",
            "window-slides-one-way",
        ),
        Mistake(
            "mean",
            "def anywhere(maps):\n    return maps.mean(axis=(0, 1))",
            "This is the mean of each map, global *average* pooling. It asks how much of a pattern there is; "
            "one digit on a large blank card would hardly show.",
        ),
        Mistake(
            "where",
            "def anywhere(maps):\n    return maps.reshape(-1, maps.shape[-1]).argmax(axis=0)",
            "`argmax` says *where* the largest number is. Asked is how large it is.",
        ),
    ),
)


def _even(rng: np.random.Generator) -> Iterator[Case]:
    for shape in ((4, 4), (6, 8), (2, 6)):
        yield Case(rng.normal(0, 1, shape).round(2))
    yield Case(
        np.array([[0, 2, 1, 0], [1, 3, 0, 0], [0, 0, 0, 5], [4, 0, 1, 1.0]]), note="the map of the lesson"
    )
    yield Case(-np.ones((4, 4)) - np.eye(4), note="nothing but negative numbers")


POOL = Exercise(
    id="09-pool",
    title="A pooling that skips",
    level=2,
    concept="pooling by hand",
    prompt="""
This is meant to be `MaxPooling2D(2)`: the largest number of every 2 × 2 block. It has the right shape, and it misses
strokes. Find the bug. (Height and width are even.)
""",
    name="pool",
    cases=_even,
    starter="""
def pool(a):
    return np.maximum(a[::2, ::2], a[1::2, 1::2])
""",
    hints=(
        "A block has four numbers. How many of them does this code look at?",
        "`a[::2, ::2]` takes the upper left number of each block. Which slice takes the upper right one?",
        "`a[::2, 1::2]` and `a[1::2, ::2]` are missing.",
    ),
    solution="""
def pool(a):
    upper = np.maximum(a[::2, ::2], a[::2, 1::2])
    lower = np.maximum(a[1::2, ::2], a[1::2, 1::2])
    return np.maximum(upper, lower)
""",
    explanation="""
The bug looked at two corners of each block. A stroke through the other two was lost: for a line that slants up,
all of it.
""",
    alternatives=(
        "def pool(a):\n    r, c = a.shape\n    return a.reshape(r // 2, 2, c // 2, 2).max(axis=(1, 3))",
        """
def pool(a):
    out = np.empty((a.shape[0] // 2, a.shape[1] // 2))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = a[2 * r : 2 * r + 2, 2 * c : 2 * c + 2].max()
    return out
""",
        "def pool(a):\n    return np.max([a[i::2, j::2] for i in (0, 1) for j in (0, 1)], axis=0)",
    ),
    mistakes=(
        Mistake(
            "every-second",
            "def pool(a):\n    return a[::2, ::2]",
            "This takes every second pixel. A stroke between them is lost. Look at all four numbers of a block.",
        ),
        Mistake(
            "rows-only",
            "def pool(a):\n    return np.maximum(a[::2], a[1::2])",
            "Only the rows are pooled; the map is as wide as before. A block is two rows high *and* two columns "
            "wide.",
            "window-slides-one-way",
        ),
        Mistake(
            "mean",
            "def pool(a):\n    r, c = a.shape\n    return a.reshape(r // 2, 2, c // 2, 2).mean(axis=(1, 3))",
            "This is the mean of each block, average pooling. Asked is the largest number.",
            "convolution-is-an-average",
        ),
        Mistake(
            "sliding",
            "def pool(a):\n    return np.lib.stride_tricks.sliding_window_view(a, (2, 2)).max(axis=(2, 3))",
            "Your windows overlap: they move on by one. Pooling jumps by the size of its window, so that the map "
            "gets smaller.",
            "pooling-slides-by-one",
        ),
        Mistake(
            "not-below-zero",
            "def pool(a):\n    r, c = a.shape\n    return np.maximum(0, a.reshape(r // 2, 2, c // 2, 2).max(axis=(1, 3)))",
            "A block of negative numbers has a negative largest number. You have put 0 in its place.",
        ),
    ),
)
