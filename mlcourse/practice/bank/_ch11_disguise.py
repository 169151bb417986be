"""Exercises of lesson 11 about batch normalisation, and about a shift that keeps a picture's label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _batches(rng: np.random.Generator) -> Iterator[Case]:
    for training in (True, False):
        for _ in range(2):
            H = (rng.normal(size=(6, 3)) * [1, 2, 5] + [0, 3, -1]).round(2)
            yield Case(H, rng.normal(size=3).round(2), rng.uniform(0.5, 4, 3).round(2), training)
    single, twins = np.array([[3.0, -1.0]]), np.array([[1.0, 5.0], [1.0, 7.0]])
    for H, training, note in (
        (single, False, "an answer for a single row"),
        (twins, True, "a unit with the same value in every row"),
    ):
        yield Case(H, np.array([1.0, 0.0]), np.array([4.0, 1.0]), training, note=note)


BATCH_NORM = Exercise(
    id="11-batch-norm",
    title="Which mean?",
    level=2,
    concept="batch normalisation",
    prompt="""
`H` holds the values of hidden units: a row for each sample, a column for each unit. In training, **each unit** is brought to
mean 0 and spread 1 over the samples of the batch. For an answer the averages kept from training are used instead.

The code below runs, and the network learns nothing. Find the bug. (The 0.001 is Keras' own; it avoids a division by 0.)
""",
    name="batch_norm",
    cases=_batches,
    starter="""
def batch_norm(H, moving_mean, moving_var, training):
    if training:
        mean, var = H.mean(axis=1, keepdims=True), H.var(axis=1, keepdims=True)
    else:
        mean, var = moving_mean, moving_var
    return (H - mean) / np.sqrt(var + 0.001)
""",
    hints=(
        "How many means should there be: one for each sample, or one for each unit?",
        "`axis=1` runs along a row, over the units of one sample.",
        "In training: `H.mean(axis=0)` and `H.var(axis=0)`, over the samples. The rest is right.",
    ),
    solution="""
def batch_norm(H, moving_mean, moving_var, training):
    if training:
        mean, var = H.mean(axis=0), H.var(axis=0)
    else:
        mean, var = moving_mean, moving_var
    return (H - mean) / np.sqrt(var + 0.001)
""",
    explanation="""
A unit is compared with itself on other samples. Normalising each *sample* over its units exists, too, and is called layer
normalisation; it needs no averages, and another place in the network. (Keras' layer goes on to multiply by a learned
`gamma` and to add a learned `beta`.)
""",
    alternatives=(
        """
def batch_norm(H, moving_mean, moving_var, training):
    mean = H.mean(axis=0) if training else moving_mean
    var = ((H - mean) ** 2).mean(axis=0) if training else moving_var
    return (H - mean) / (var + 0.001) ** 0.5
""",
        """
def batch_norm(H, moving_mean, moving_var, training):
    if training:
        moving_mean, moving_var = np.mean(H, axis=0), np.std(H, axis=0) ** 2
    scale = 1 / np.sqrt(moving_var + 1e-3)
    return H * scale - moving_mean * scale
""",
        """
def batch_norm(H, moving_mean, moving_var, training):
    columns = []
    for k in range(H.shape[1]):
        unit = H[:, k]
        mean, var = (unit.mean(), unit.var()) if training else (moving_mean[k], moving_var[k])
        columns.append((unit - mean) / np.sqrt(var + 0.001))
    return np.column_stack(columns)
""",
    ),
    mistakes=(
        Mistake(
            "one-mean-for-all",
            """
def batch_norm(H, moving_mean, moving_var, training):
    mean, var = (H.mean(), H.var()) if training else (moving_mean, moving_var)
    return (H - mean) / np.sqrt(var + 0.001)
""",
            "There is one mean for the whole table here. Each unit needs its own, over the samples.",
        ),
        Mistake(
            "always-the-batch",
            """
def batch_norm(H, moving_mean, moving_var, training):
    return (H - H.mean(axis=0)) / np.sqrt(H.var(axis=0) + 0.001)
""",
            "Training is right. But for an answer the batch's own mean is used here, too, so the answer for a row would "
            "depend on its neighbours, and a single row would always become 0.",
            "batch-norm-uses-the-batch-always",
        ),
        Mistake(
            "always-the-averages",
            """
def batch_norm(H, moving_mean, moving_var, training):
    return (H - moving_mean) / np.sqrt(moving_var + 0.001)
""",
            "The averages are for answering only. In training the batch's own mean and variance count.",
        ),
        Mistake(
            "divided-by-variance",
            """
def batch_norm(H, moving_mean, moving_var, training):
    mean, var = (H.mean(axis=0), H.var(axis=0)) if training else (moving_mean, moving_var)
    return (H - mean) / (var + 0.001)
""",
            "You divide by the variance. To bring the spread to 1, divide by its square root.",
        ),
        Mistake(
            "mean-only",
            """
def batch_norm(H, moving_mean, moving_var, training):
    return H - (H.mean(axis=0) if training else moving_mean)
""",
            "The means are gone, the spreads are still what they were.",
        ),
    ),
)


def _pictures(rng: np.random.Generator) -> Iterator[Case]:
    for right in (1, -1, 2, -3):
        yield Case(rng.integers(1, 17, (8, 8)).astype(float), right)
    yield Case(rng.integers(1, 17, (8, 8)).astype(float), 0, note="a shift of 0")
    yield Case(np.arange(1.0, 13).reshape(3, 4), 4, note="a shift by the whole width")


SHIFT = Exercise(
    id="11-shift",
    title="A step to the side",
    level=3,
    concept="augmentation",
    prompt="""
A digit that stands a little further to the right is the same digit. Write that disguise.

`picture` is an array of rows and columns. Return a new one in which everything stands `right` columns further to the right
(to the left, if `right` is negative). What leaves the picture is gone; the columns that become free are 0. `picture` itself
must stay as it is.
""",
    name="shift",
    cases=_pictures,
    starter="""
def shift(picture, right):
    return ...
""",
    hints=(
        "Begin with an empty picture of the same shape: `np.zeros_like(picture)`. Then copy a part into a part.",
        "To the right by 2: the columns `[:, :-2]` of the old picture become `[:, 2:]` of the new one. What about 0?",
        (
            "`np.roll(picture, right, axis=1)` does nearly all of it, but brings in on the left what left on the right. "
            "Set these columns to 0: `[:, :right]` for a positive shift, `[:, right:]` for a negative one."
        ),
    ),
    solution="""
def shift(picture, right):
    moved = np.roll(picture, right, axis=1)
    if right > 0:
        moved[:, :right] = 0
    elif right < 0:
        moved[:, right:] = 0
    return moved
""",
    explanation="""
A good disguise keeps the label and changes the numbers. Rolling around would glue the right edge of a 7 to its left side:
a picture that the scanner never sends.
""",
    alternatives=(
        """
def shift(picture, right):
    out = np.zeros_like(picture)
    width = picture.shape[1]
    for old in range(width):
        if 0 <= old + right < width:
            out[:, old + right] = picture[:, old]
    return out
""",
        """
def shift(picture, right):
    width = picture.shape[1]
    wide = np.pad(picture, ((0, 0), (width, width)))
    return wide[:, width - right : 2 * width - right]
""",
        """
def shift(picture, right):
    n = picture.shape[1]
    return picture @ np.eye(n, k=right)
""",
    ),
    mistakes=(
        Mistake(
            "rolled",
            "def shift(picture, right):\n    return np.roll(picture, right, axis=1)",
            "What leaves on one side comes back on the other. It should be gone.",
            "augmentation-may-wrap-around",
        ),
        Mistake(
            "down",
            """
def shift(picture, right):
    moved = np.zeros_like(picture)
    n = picture.shape[0]
    for old in range(n):
        if 0 <= old + right < n:
            moved[old + right] = picture[old]
    return moved
""",
            "The picture moves down, not to the right. Columns are the second axis.",
        ),
        Mistake(
            "to-the-left",
            """
def shift(picture, right):
    return picture @ np.eye(picture.shape[1], k=-right)
""",
            "It moves to the left. What stood in column 0 should then stand in column `right`.",
        ),
        Mistake(
            "never-left",
            """
def shift(picture, right):
    moved = np.zeros_like(picture)
    if right >= 0:
        moved[:, right:] = picture[:, : picture.shape[1] - right]
    return moved
""",
            "Right for shifts to the right. A negative number should move it to the left; here the picture comes out empty.",
        ),
        Mistake(
            "edge-repeated",
            """
def shift(picture, right):
    columns = np.clip(np.arange(picture.shape[1]) - right, 0, picture.shape[1] - 1)
    return picture[:, columns]
""",
            "The free columns are filled with copies of the edge. They should be 0, blank paper.",
        ),
        Mistake(
            "in-place",
            """
def shift(picture, right):
    picture[:] = picture @ np.eye(picture.shape[1], k=right)
    return picture
""",
            "The result is right, but you have changed the picture that was handed in. The next epoch would shift it again.",
        ),
    ),
)
