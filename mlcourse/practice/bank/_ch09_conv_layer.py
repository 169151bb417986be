"""Lesson 09: a whole convolutional layer, written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _stacks_of_maps(rng: np.random.Generator) -> Iterator[Case]:
    for rows, columns, k, channels, filters in ((6, 5, 3, 2, 4), (5, 7, 2, 3, 2), (4, 4, 1, 2, 3)):
        yield Case(
            rng.normal(0, 1, (rows, columns, channels)),
            rng.normal(0, 1, (k, k, channels, filters)),
            rng.normal(0, 1, filters),
        )
    yield Case(
        np.ones((3, 3, 1)),
        np.ones((3, 3, 1, 2)),
        np.array([-10.0, 1.0]),
        note="a picture of a single channel; the sums are 9",
    )


LAYER = Exercise(
    id="09-layer",
    title="A whole layer",
    level=3,
    concept="convolution by hand",
    prompt="""
Write what `Conv2D(filters, k, activation="relu")` does with one card. `maps` has the shape (rows, columns, channels), `kernels`
(k, k, channels, filters), `bias` (filters,). Return the new maps, shape (rows − k + 1, columns − k + 1, filters).

Each filter adds up its products over the window **and over all channels**, then its bias; what is negative becomes 0.
""",
    name="conv_layer",
    cases=_stacks_of_maps,
    starter="""
def conv_layer(maps, kernels, bias):
    return ...
""",
    hints=(
        "Two loops over the places, as in `convolve`. At each place there is one number for every filter.",
        "`maps[r : r + k, c : c + k]` has the shape (k, k, channels), and `kernels[..., f]` has it, too.",
        "`np.sum(window * kernels[..., f]) + bias[f]` for each filter `f`, and `np.maximum(out, 0)` at the end.",
    ),
    solution="""
def conv_layer(maps, kernels, bias):
    k, filters = len(kernels), kernels.shape[-1]
    out = np.empty((maps.shape[0] - k + 1, maps.shape[1] - k + 1, filters))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            window = maps[r : r + k, c : c + k]
            for f in range(filters):
                out[r, c, f] = np.sum(window * kernels[..., f]) + bias[f]
    return np.maximum(out, 0)
""",
    explanation="""
`kernels.size` weights and `bias.size` biases: this is what `count_params` counts. Keras keeps both in just these shapes, so
`conv_layer(maps, *layer.get_weights())` is what `layer(maps[None])[0]` gives.
""",
    alternatives=(
        """
def conv_layer(maps, kernels, bias):
    windows = np.lib.stride_tricks.sliding_window_view(maps, kernels.shape[:2], axis=(0, 1))
    return np.maximum(np.einsum("rcmij,ijmf->rcf", windows, kernels) + bias, 0)
""",
        """
def conv_layer(maps, kernels, bias):
    k = kernels.shape[0]
    rows, columns = maps.shape[0] - k + 1, maps.shape[1] - k + 1
    total = np.zeros((rows, columns, len(bias)))
    for i in range(k):
        for j in range(k):
            total += maps[i : i + rows, j : j + columns] @ kernels[i, j]
    return (total + bias).clip(min=0)
""",
        """
def conv_layer(maps, kernels, bias):
    k = len(kernels)
    places = [(r, c) for r in range(maps.shape[0] - k + 1) for c in range(maps.shape[1] - k + 1)]
    rows = np.array([maps[r : r + k, c : c + k].ravel() for r, c in places])
    answers = rows @ kernels.reshape(-1, len(bias)) + bias
    return np.where(answers > 0, answers, 0).reshape(maps.shape[0] - k + 1, -1, len(bias))
""",
    ),
    mistakes=tuple(
        Mistake(
            name,
            f"""
def conv_layer(maps, kernels, bias):
    k = len(kernels)
    rows, columns = maps.shape[0] - k + 1, maps.shape[1] - k + 1
    maps = {maps}
    windows = np.lib.stride_tricks.sliding_window_view(maps, (k, k), axis=(0, 1))
    total = np.einsum("{sum}", windows, {kernels})
    return {end}
""",
            feedback,
            belief,
        )
        for name, maps, sum, kernels, end, feedback, belief in (  # noqa: A001 - the slot's name
            (
                "no-bias",
                "maps",
                "rcmij,ijmf->rcf",
                "kernels",
                "np.maximum(total, 0)",
                "The sums are right. The bias of each filter is missing; it is added before negative numbers become 0.",
                "units-have-no-bias",
            ),
            (
                "bias-after-relu",
                "maps",
                "rcmij,ijmf->rcf",
                "kernels",
                "np.maximum(total, 0) + bias",
                "The bias comes last in your function. It belongs to the sum: ReLU comes after it, so nothing is negative.",
                None,
            ),
            (
                "no-relu",
                "maps",
                "rcmij,ijmf->rcf",
                "kernels",
                "total + bias",
                'These are the sums, biases included. `activation="relu"` is missing: what is negative becomes 0.',
                None,
            ),
            (
                "kernels-turned",
                "maps",
                "rcmij,ijmf->rcf",
                "kernels[::-1, ::-1]",
                "np.maximum(total + bias, 0)",
                "You have turned the kernels round first. Mathematicians do; Keras and this lesson don't.",
                "keras-flips-the-kernel",
            ),
            (
                "first-channel-only",
                "maps[..., :1]",
                "rcmij,ijmf->rcf",
                "kernels[:, :, :1]",
                "np.maximum(total + bias, 0)",
                "Only the first channel counts in your sums. A filter has a kernel for each incoming map, and adds up all of them.",
                "filter-is-flat",
            ),
            (
                "bias-per-channel",
                "maps",
                "rcmij,ijmf->rcf",
                "kernels",
                "np.maximum(total + maps.shape[2] * bias, 0)",
                "The bias is added once for each incoming map. A filter adds up all maps first and has one bias.",
                "bias-per-input-map",
            ),
            (
                "relu-per-channel",
                "maps",
                "rcmij,ijmf->rcmf",
                "kernels",
                "np.maximum(np.maximum(total, 0).sum(axis=2) + bias, 0)",
                "Each map's sum became 0 where it was negative, before they were added up. A negative sum counts as well.",
                "negative-weights-do-nothing",
            ),
        )
    ),
)
