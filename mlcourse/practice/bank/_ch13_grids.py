"""Exercises of lesson 13 about weights: to bytes and back, a zero point, pruning, a grid for each unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake, Property

if TYPE_CHECKING:
    from collections.abc import Iterator


def _weights(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(np.array([0.42, -0.13, 0.05, -0.30, 0.001]), note="the five weights of the lesson")
    yield Case(rng.normal(0, 0.3, 8))
    yield Case(np.array([0.1, -0.9, 0.33]), note="the largest weight is negative")
    yield Case(rng.normal(0, 2, (4, 3)))


QUANTIZE = Exercise(
    id="13-quantize",
    title="Weights to whole numbers",
    level=1,
    concept="quantization",
    prompt="""
Round the weights `w` to whole numbers from −127 to 127. Return two things: the whole numbers, and the `scale`, the weight that
one step stands for. The weight of the largest **size** becomes 127 or −127.
""",
    name="quantize",
    cases=_weights,
    starter="""
def quantize(w):
    scale = ... / 127
    return np.round(...), scale
""",
    hints=(
        "A weight of −0.9 is larger in size than one of 0.33.",
        "`np.abs(w).max()` is the largest size. How many steps is a weight away from 0?",
        "The whole numbers are `np.round(w / scale)`.",
    ),
    solution="""
def quantize(w):
    scale = np.abs(w).max() / 127
    return np.round(w / scale), scale
""",
    explanation="""
One division finds the step, another one counts the steps. Back it is `q * scale`, which is off by half a step at most.
""",
    alternatives=(
        """
def quantize(w):
    scale = max(w.max(), -w.min()) / 127
    return np.rint(w / scale).astype("int8"), scale
""",
        """
def quantize(w):
    largest = np.linalg.norm(w.ravel(), np.inf)
    return np.round(127 * w / largest), largest / 127
""",
        """
def quantize(w):
    scale = np.max(np.abs(w)) / 127
    q = np.array([round(float(v) / scale) for v in w.ravel()])
    return q.reshape(w.shape), scale
""",
    ),
    mistakes=(
        Mistake(
            "no-size",
            "def quantize(w):\n    scale = w.max() / 127\n    return np.round(w / scale), scale",
            "This takes the largest weight *with its sign*. A weight of −0.9 would then need a number below −127, and a byte has "
            "none.",
            "difference-has-a-sign",
        ),
        Mistake(
            "times-scale",
            "def quantize(w):\n    scale = np.abs(w).max() / 127\n    return np.round(w * scale), scale",
            "Times the scale is the way *back*. To count how many steps a weight is away from 0, divide by the step.",
            "scale-is-127",
        ),
        Mistake(
            "times-127",
            "def quantize(w):\n    scale = np.abs(w).max() / 127\n    return np.round(w * 127), scale",
            "Times 127 is right only if the largest weight is 1. The grid has to fit *these* weights.",
            "scale-is-127",
        ),
        Mistake(
            "cut-off",
            "def quantize(w):\n    scale = np.abs(w).max() / 127\n    return np.trunc(w / scale), scale",
            "The digits behind the point are cut off here. That can be wrong by nearly a whole step; rounding to the nearest "
            "is off by half a step at most.",
            "rounding-is-off-by-a-step",
        ),
        Mistake(
            "not-rounded",
            "def quantize(w):\n    scale = np.abs(w).max() / 127\n    return w / scale, scale",
            "The steps are counted, but not rounded. A byte holds whole numbers only.",
        ),
    ),
)


def _ranges(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(0.0, 255.0, note="grey values")
    yield Case(-1.0, 1.55)
    yield Case(0.0, 6.0, note="after a ReLU: nothing is negative")
    yield Case(-4.0, 1.0)
    for _ in range(3):
        yield Case(round(-float(rng.uniform(0.5, 3)), 3), round(float(rng.uniform(0.5, 9)), 3))


ZERO_POINT = Exercise(
    id="13-zero-point",
    title="A grid with a zero point",
    level=1,
    concept="quantization",
    prompt="""
Results in between are not the same on both sides of 0. So int8 conversion gives them another grid: 256 places, numbered 0 to 255,
where place 0 stands for `low` and place 255 for `high`. Return the `scale` (the step), and the **zero point**: the number of the
place that stands for 0.0, as a whole number. `low` is never above 0, `high` is above 0.
""",
    name="grid",
    cases=_ranges,
    starter="""
def grid(low, high):
    scale = (...) / 255
    return scale, round(...)
""",
    hints=(
        "256 places have 255 steps between them. What do the steps cover together?",
        "From `low` up to 0.0 it is `-low`. How many steps is that?",
        "`scale = (high - low) / 255`, and the zero point is `round(-low / scale)`.",
    ),
    solution="""
def grid(low, high):
    scale = (high - low) / 255
    return scale, round(-low / scale)
""",
    explanation="""
A number `x` is stored as `round(x / scale) + zero_point`. Zero must have a place of its own, since zeros are so common: after every
ReLU. (LiteRT numbers the places from −128 to 127, so its zero points are smaller by 128.)
""",
    alternatives=(
        """
def grid(low, high):
    scale = high / 255 - low / 255
    return scale, round((0 - low) / scale)
""",
        """
def grid(low, high):
    width = high - low
    return width / 255, int(np.rint(255 * -low / width))
""",
        """
def grid(low, high):
    places = np.linspace(low, high, 256)
    return places[1] - places[0], int(np.argmin(np.abs(places)))
""",
    ),
    mistakes=(
        Mistake(
            "sign",
            "def grid(low, high):\n    scale = (high - low) / 255\n    return scale, round(low / scale)",
            "The zero point comes out negative. From `low` *up* to 0.0 it is minus `low`.",
        ),
        Mistake(
            "always-zero",
            "def grid(low, high):\n    scale = (high - low) / 255\n    return scale, 0",
            "Place 0 stands for `low`, not for 0.0. Only if `low` is 0 they are the same.",
            "zero-point-is-the-minimum",
        ),
        Mistake(
            "places-for-steps",
            "def grid(low, high):\n    scale = (high - low) / 256\n    return scale, round(-low / scale)",
            "256 places have 255 steps between them, as five fence posts have four gaps. With your scale, place 255 does not "
            "reach `high`.",
        ),
        Mistake(
            "high-only",
            "def grid(low, high):\n    scale = high / 255\n    return scale, round(-low / scale)",
            "The grid has to reach from `low` to `high`; yours is as wide as `high` alone.",
        ),
        Mistake(
            "middle",
            "def grid(low, high):\n    scale = (high - low) / 255\n    return scale, 128",
            "128 is the middle of the places. 0.0 lies in the middle only if `low` and `high` are equally far from it.",
            "zero-point-is-the-minimum",
        ),
    ),
)


def _layers(rng: np.random.Generator) -> Iterator[Case]:
    for shape, share in (((5, 4), 0.8), ((4, 5), 0.5), ((10,), 0.3)):
        yield Case(rng.normal(0, 1, shape), share)
    yield Case(rng.normal(0, 1, (2, 5)), 0.0, note="nothing is to go")
    yield Case(rng.normal(0, 1, (2, 5)), 1.0, note="all of it is to go")
    yield Case(np.array([[-9.0, 0.1], [3.0, -0.2]]), 0.5, note="two large weights, one of them negative")


PRUNE = Exercise(
    id="13-prune",
    title="Prune a layer",
    level=3,
    concept="pruning",
    prompt="""
Write `prune(W, share)`. It returns a **new** array like `W` in which the smallest weights **in size** are 0: exactly
`share * W.size` of them, which is a whole number in all tests (rounding may be needed: `0.3 * 10` is a little less than 3 or
a little more). `share` goes from 0 to 1. No two weights have the same size.
""",
    name="prune",
    cases=_layers,
    starter="""
def prune(W, share):
    return ...
""",
    hints=(
        "Rank the weights by their size, over the whole array. The first so many of the ranking go.",
        "`np.argsort(np.abs(W), axis=None)` gives the places of the flattened array, the smallest size first.",
        (
            "Copy `W`, take `flat = new.reshape(-1)`, which is a view of the copy, and set `flat[places[:k]] = 0` "
            "with `k = round(share * W.size)`."
        ),
    ),
    solution="""
def prune(W, share):
    new = W.copy()
    places = np.argsort(np.abs(W), axis=None)
    new.reshape(-1)[places[: round(share * W.size)]] = 0
    return new
""",
    explanation="""
Small in size, whatever the sign; and over the whole layer, so that a unit with many large weights keeps more of them.
""",
    alternatives=(
        """
def prune(W, share):
    k = round(share * W.size)
    ranks = np.abs(W).ravel().argsort().argsort().reshape(W.shape)
    return np.where(ranks < k, 0, W)
""",
        """
def prune(W, share):
    k = round(share * W.size)
    sizes = np.sort(np.abs(W).ravel())
    if k == 0:
        return W + 0
    return W * (np.abs(W) > sizes[k - 1])
""",
        """
def prune(W, share):
    flat = list(W.ravel())
    for place in sorted(range(len(flat)), key=lambda i: abs(flat[i]))[: round(share * len(flat))]:
        flat[place] = 0.0
    return np.array(flat).reshape(W.shape)
""",
    ),
    mistakes=(
        Mistake(
            "signed",
            """
def prune(W, share):
    new = W.copy()
    places = np.argsort(W, axis=None)
    new.reshape(-1)[places[: round(share * W.size)]] = 0
    return new
""",
            "The most *negative* weights go here. A weight of −9 does a lot; near 0 is what counts as small.",
            "small-means-negative",
        ),
        Mistake(
            "largest",
            """
def prune(W, share):
    new = W.copy()
    places = np.argsort(-np.abs(W), axis=None)
    new.reshape(-1)[places[: round(share * W.size)]] = 0
    return new
""",
            "The largest weights go, and the smallest stay. It is the other way round.",
        ),
        Mistake(
            "share-of-the-largest",
            "def prune(W, share):\n    return np.where(np.abs(W) > share * np.abs(W).max(), W, 0)",
            "This removes what is smaller than a share of the *largest weight*. How many that are depends on the weights; asked "
            "for is a share of their *number*.",
        ),
        Mistake(
            "kept-share",
            """
def prune(W, share):
    new = W.copy()
    places = np.argsort(np.abs(W), axis=None)
    new.reshape(-1)[places[: W.size - round(share * W.size)]] = 0
    return new
""",
            "`share` is the part that *goes*; here it is the part that stays.",
        ),
        Mistake(
            "by-columns",
            """
def prune(W, share):
    new = W.copy()
    ranks = np.abs(W).argsort(axis=0).argsort(axis=0)
    new[ranks < round(share * W.shape[0])] = 0
    return new
""",
            "Each column loses the same number here. Rank the weights of the *whole* array together, so that columns with many "
            "large weights may keep more.",
        ),
    ),
)


def _kernels(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(rng.normal(0, 1, (6, 4)) * np.array([1, 0.1, 10, 0.01]))
    yield Case(rng.normal(0, 1, (5, 3)))
    yield Case(
        rng.normal(0, 1, (4, 3)) * np.array([1, 0, 1]),
        note="a unit that was pruned away: all its weights are 0",
    )
    yield Case(
        np.array([[64.0, 0.5], [0.3, -0.4], [-0.2, 0.1]]), note="one weight is much larger than all others"
    )


PER_CHANNEL = Exercise(
    id="13-per-channel",
    title="A grid for each unit",
    level=3,
    concept="quantization",
    prompt="""
`W` is the kernel of a `Dense` layer: a row for each input, a **column for each unit**. Write `rounded(W)`: it rounds each column to
its own grid, whole numbers from −127 to 127 times a scale, and returns what the rounded weights **mean**: an array like `W`, close to
it. A column of zeros stays a column of zeros.
""",
    name="rounded",
    cases=_kernels,
    properties=(
        Property("Every number of the result must be finite.", lambda out, _: bool(np.isfinite(out).all())),
    ),
    starter="""
def rounded(W):
    return ...
""",
    hints=(
        "Which axis runs along the rows, so that one number for each column is left?",
        "`np.abs(W).max(axis=0) / 127` has a scale for each column. What if one of them is 0?",
        "Put a 1 where a scale is 0: `np.where(scale > 0, scale, 1)`. Then `np.round(W / scale) * scale`.",
    ),
    solution="""
def rounded(W):
    scale = np.abs(W).max(axis=0) / 127
    scale = np.where(scale > 0, scale, 1)
    return np.round(W / scale) * scale
""",
    explanation="""
One outlier now costs its own unit a coarse grid, and no other. LiteRT does this for the kernels of `Dense` and `Conv2D`.
""",
    alternatives=(
        """
def rounded(W):
    out = np.zeros(W.shape)
    for j in range(W.shape[1]):
        largest = abs(W[:, j]).max()
        if largest:
            out[:, j] = np.round(W[:, j] / largest * 127) * largest / 127
    return out
""",
        """
def rounded(W):
    scale = np.maximum(np.abs(W).max(axis=0, keepdims=True), 1e-30) / 127
    return scale * np.rint(W / scale)
""",
        """
def rounded(W):
    columns = []
    for column in W.T:
        scale = max(map(abs, column)) / 127 or 1
        columns.append([round(v / scale) * scale for v in column])
    return np.array(columns).T
""",
    ),
    mistakes=(
        Mistake(
            "one-grid",
            "def rounded(W):\n    scale = np.abs(W).max() / 127\n    return np.round(W / scale) * scale",
            "This is one grid for the whole layer. A unit with small weights then has hardly a place of its own on it; give each "
            "column its own scale.",
            "one-grid-fits-all",
        ),
        Mistake(
            "by-rows",
            """
def rounded(W):
    scale = np.abs(W).max(axis=1, keepdims=True) / 127
    scale = np.where(scale > 0, scale, 1)
    return np.round(W / scale) * scale
""",
            "Each *row* has its own grid here. A row belongs to an input; the weights of a unit stand in a column.",
        ),
        Mistake(
            "not-back",
            """
def rounded(W):
    scale = np.abs(W).max(axis=0) / 127
    return np.round(W / np.where(scale > 0, scale, 1))
""",
            "These are the whole numbers that are stored. Asked for is what they *mean*: multiply by the scale again.",
        ),
        Mistake(
            "no-rounding",
            "def rounded(W):\n    return W + 0.0",
            "Nothing is rounded: these are the weights themselves.",
        ),
        Mistake(
            "cut-off",
            """
def rounded(W):
    scale = np.abs(W).max(axis=0) / 127
    scale = np.where(scale > 0, scale, 1)
    return np.trunc(W / scale) * scale
""",
            "The digits behind the point are cut off. That makes every weight too small, by up to a whole step. Round to the nearest.",
            "rounding-is-off-by-a-step",
        ),
        Mistake(
            "empty-unit",
            """
def rounded(W):
    scale = np.abs(W).max(axis=0) / 127
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.round(W / scale) * scale
""",
            "A column of zeros has a scale of 0, and 0 divided by 0 is `NaN`. Pruning makes such columns.",
        ),
    ),
)
