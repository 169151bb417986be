"""The three tasks of the capstone: what each is for, what it asks, and rows that are never handed out."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._capstone_records import Brief, Limits

if TYPE_CHECKING:
    from mlcourse.datasets import Dataset

OUT, BACK = 3000, 3000  # rows of a table handed out, and held back


def _parts(drawn: Dataset, description: str) -> tuple[Dataset, Dataset]:
    """Return the rows to work with and those held back; no row of one equals a row of the other.

    Both come from one draw: another seed would be another factory, or another newspaper.
    """
    _, first = np.unique(drawn.X, axis=0, return_index=True)
    unique = drawn.take(np.sort(first))
    plain = dataclasses.replace(unique, description=description, source="made up for the capstone")
    return plain.take(slice(0, OUT)), plain.take(slice(OUT, OUT + BACK))


@cache
def _materials() -> tuple[Dataset, Dataset]:
    from mlcourse import datasets

    drawn = datasets.make_multiclass(
        OUT + BACK, 12, 5, n_informative=6, class_sep=1.3, weights=[0.38, 0.27, 0.18, 0.12, 0.05], seed=15021
    )
    # Sensors speak in volts, degrees and counts; nothing is learned well before that is mended.
    scale, zero = 10.0 ** (np.arange(12) % 4 - 1), 20.0 * (np.arange(12) % 5)
    return _parts(
        dataclasses.replace(drawn, X=(drawn.X * scale + zero).round(4)),
        "Made-up items on a sorting belt, read by 12 sensors, each in a unit of its own. Five materials; "
        "the rarest is one item in twenty. About 1 item in 100 bears a wrong label.",
    )


@cache
def _articles() -> tuple[Dataset, Dataset]:
    from mlcourse import datasets

    drawn = datasets.make_multilabel(OUT + BACK, 20, 5, labels_per_sample=1, length=60, seed=1519)
    return _parts(
        drawn,
        "Made-up articles: how often each of 20 words occurs. Any number of five topics, or none; the rarest "
        "is in one article of thirteen.",
    )


@cache
def _scenes() -> tuple[Dataset, Dataset]:
    from mlcourse import datasets

    seen = datasets.make_digit_scenes(2000, seed=15033)
    # Two sheets of handwriting that `make_digit_scenes` opens only if it is asked for them.
    unseen = datasets.make_digit_scenes(1000, sheets=(10, 11), seed=15034)
    return dataclasses.replace(seen, source="made up for the capstone"), unseen


BRIEFS = {
    b.name: b
    for b in (
        Brief(
            "materials",
            "Materials on a sorting belt",
            "A recycling plant sorts items by what they are made of: **one** material each. A furnace takes "
            "each sort by itself, and every sort counts the same, the rare one too: a little of the wrong "
            "material spoils a whole load. So a class must not be given up because it is rare.",
            Limits({"macro_f1": 0.8, "balanced_accuracy": 0.78}, parameters=5_000),
            {
                "accuracy": "one item in twenty is of the rarest material, so who never says its name loses "
                "five points at most",
                "micro_f1": "for one class a row it is the accuracy under another name",
            },
            _materials,
        ),
        Brief(
            "articles",
            "Articles with several topics",
            "A newspaper gives topics to its articles: any number, or none. **Five desks** read what is "
            "tagged for them, and each pays the same: the desk of the rarest topic has the right to as good "
            "a list as the others. A missed article and a false one are equally bad.",
            Limits({"macro_f1": 0.72, "samples_f1": 0.72}, parameters=5_000),
            {
                "binary_accuracy": "most of the 15 000 single answers are *no*, so who says *no* to everything gets "
                "four in five right",
                "micro_f1": "all answers lie in one pot, and the rarest topic hardly shows in it",
                "subset_accuracy": "an article with one topic too many helps nobody by this count, but it helps "
                "every desk whose topic is right",
            },
            _articles,
        ),
        Brief(
            "scenes",
            "Digits on cards",
            "A club counts votes: each card carries one to four **handwritten digits**, anywhere. Which "
            "digits are on it? New cards come in other drawings than those you have; `data.groups` "
            "names the sheet that each card's drawings are from. No digit is more important than another.",
            Limits({"macro_f1": 0.85, "micro_f1": 0.85}, gap=0.08, parameters=60_000, luck=0.03),
            {
                "binary_accuracy": "a card carries about two of the ten digits, so who says *no* to everything gets "
                "about four in five right",
                "samples_f1": "a club counts votes, not cards",
                "subset_accuracy": "it calls a card with three digits of four found as bad as one with none",
            },
            _scenes,
        ),
    )
}  # fmt: skip
