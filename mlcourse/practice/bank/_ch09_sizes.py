"""Lesson 09: how many parameters a convolution has, and how large a picture is after several layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np


def _convolutions(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(3, 1, 32, note="the first layer of the network from the tutorials")
    yield Case(3, 32, 64, note="its second layer")
    yield Case(1, 5, 2, note="a kernel of a single pixel")
    for _ in range(4):
        yield Case(int(rng.integers(2, 8)), int(rng.integers(2, 9)), int(rng.integers(3, 50)))


PARAMETERS = Exercise(
    id="09-parameters",
    title="The parameters of a convolution",
    level=1,
    concept="parameters of convolutions",
    prompt="""
A layer `Conv2D(filters, k)` gets `channels` maps (or colours). Return its number of parameters, weights and biases.
""",
    name="parameters",
    cases=_convolutions,
    starter="""
def parameters(k, channels, filters):
    of_one_filter = ... * ... * ... + ...
    return filters * of_one_filter
""",
    hints=(
        "One filter lays a k × k window on *each* of its incoming maps.",
        "And it has one bias, not one for each map.",
    ),
    solution="""
def parameters(k, channels, filters):
    of_one_filter = k * k * channels + 1
    return filters * of_one_filter
""",
    explanation="""
Height and width of the picture do not occur: the same weights serve all places. `layer.count_params()` says the same.
""",
    alternatives=(
        "def parameters(k, channels, filters):\n    return k**2 * channels * filters + filters",
        "def parameters(k, c, f):\n    return np.zeros((k, k, c, f)).size + np.zeros(f).size",
        "def parameters(k, c, f):\n    return sum(k * k * c + 1 for _ in range(f))",
    ),
    mistakes=(
        Mistake(
            "flat-filter",
            "def parameters(k, channels, filters):\n    return filters * (k * k + 1)",
            "This filter looks at one map only. It has k × k weights for *each* incoming map.",
            "filter-is-flat",
        ),
        Mistake(
            "no-bias",
            "def parameters(k, channels, filters):\n    return filters * k * k * channels",
            "The weights are right. Each filter has a bias, too.",
            "units-have-no-bias",
        ),
        Mistake(
            "a-bias-for-each-map",
            "def parameters(k, channels, filters):\n    return filters * channels * (k * k + 1)",
            "A filter adds up all incoming maps and then one bias. You counted a bias for each map.",
            "bias-per-input-map",
        ),
        Mistake(
            "one-bias-in-all",
            "def parameters(k, channels, filters):\n    return filters * k * k * channels + 1",
            "One bias for the whole layer is too few: each filter has its own.",
        ),
        Mistake(
            "one-way",
            "def parameters(k, channels, filters):\n    return filters * (k * channels + 1)",
            "The kernel has k rows *and* k columns.",
            "window-slides-one-way",
        ),
    ),
)


def _stacks(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(32, [("conv", 3), ("conv", 3), ("pool", 3)], note="the network from the tutorials")
    yield Case(28, [("conv", 5), ("pool", 2), ("conv", 5), ("pool", 2)], note="LeNet's sizes")
    yield Case(30, [("pool", 4)], note="a pooling that does not divide the size: 30 by 4")
    yield Case(17, [], note="no layer at all")
    for _ in range(4):
        size = int(rng.integers(40, 100))
        kinds = rng.choice(["conv", "conv", "pool"], int(rng.integers(2, 5)))
        layers = [(str(kind), int(rng.integers(2, 7)) if kind == "conv" else 2) for kind in kinds]
        yield Case(size, [*layers, ("pool", 2), ("conv", 2)])


SIZE = Exercise(
    id="09-size",
    title="How large is the map?",
    level=3,
    concept="shapes of convolutions",
    prompt="""
`layers` is a list such as `[("conv", 3), ("pool", 2)]`: convolutions without padding and max poolings, each with
the side of its window. The picture is `size` × `size`. Return the side of the map at the end.

A convolution moves by one. A pooling moves by its own size; rows that do not fill a last block are dropped. Write
the function `side_after(size, layers)`.
""",
    name="side_after",
    cases=_stacks,
    starter="""
def side_after(size, layers):
    return ...
""",
    hints=(
        "Go through the layers one by one and change `size`.",
        "A window of k that moves by one fits `size - k + 1` times.",
        "Blocks of k, side by side: `size // k`.",
    ),
    solution="""
def side_after(size, layers):
    for kind, k in layers:
        size = size - k + 1 if kind == "conv" else size // k
    return size
""",
    explanation="""
32 → 30 → 28 → 9: this is how the shapes of lesson 09's table came about. With `padding="same"` a convolution
would leave the size alone.
""",
    alternatives=(
        """
def side_after(size, layers):
    if not layers:
        return size
    (kind, k), *rest = layers
    return side_after(size // k if kind == "pool" else size + 1 - k, rest)
""",
        """
def side_after(size, layers):
    for kind, k in layers:
        starts = range(0, size - k + 1, k if kind == "pool" else 1)
        size = len(starts)
    return size
""",
        """
def side_after(size, layers):
    steps = {"conv": lambda s, k: s - (k - 1), "pool": lambda s, k: int(np.floor(s / k))}
    for layer in layers:
        size = steps[layer[0]](size, layer[1])
    return size
""",
    ),
    mistakes=(
        Mistake(
            "one-too-few",
            "def side_after(size, layers):\n    for kind, k in layers:\n"
            '        size = size - k if kind == "conv" else size // k\n    return size',
            "After each convolution you have one row too few: the place where the window starts counts as well.",
            "window-count-off-by-one",
        ),
        Mistake(
            "same-padding",
            "def side_after(size, layers):\n    for kind, k in layers:\n"
            '        size = size if kind == "conv" else size // k\n    return size',
            'So it is with `padding="same"`. Without padding, the window has to fit on the picture.',
            "convolution-keeps-the-size",
        ),
        Mistake(
            "rounded-up",
            "def side_after(size, layers):\n    for kind, k in layers:\n"
            '        size = size - k + 1 if kind == "conv" else -(-size // k)\n    return size',
            "A last block that is not full is dropped. You have kept it.",
            "last-batch-is-dropped",
        ),
        Mistake(
            "pool-slides",
            "def side_after(size, layers):\n    for _, k in layers:\n        size = size - k + 1\n    return size",
            "Your pooling moves by one, like a convolution. It jumps by the size of its window.",
            "pooling-slides-by-one",
        ),
        Mistake(
            "fraction",
            "def side_after(size, layers):\n    for kind, k in layers:\n"
            '        size = size - k + 1 if kind == "conv" else size / k\n    return size',
            "Half a row is no row. Blocks that are not full are dropped: `//`.",
        ),
    ),
)
