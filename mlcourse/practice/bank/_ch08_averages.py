"""Lesson 08: whole rows, and the average over labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator

TINY_Y = [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [1, 1, 0, 0],
    [0, 1, 1, 0],
    [0, 0, 1, 1],
    [1, 0, 0, 0],
    [0, 1, 0, 0],
]
TINY_H = [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [1, 0, 0, 0],
    [0, 1, 1, 0],
    [0, 0, 1, 0],
    [1, 1, 0, 0],
    [0, 0, 1, 0],
]


def _rows(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(np.array(TINY_Y), np.array(TINY_H), note="the eight articles of the lesson")
    for n, k, wrong in ((30, 3, 0.1), (25, 4, 0.3), (40, 5, 0.15)):
        Y = (rng.random((n, k)) < np.linspace(0.6, 0.1, k)).astype(int)
        yield Case(Y, np.where(rng.random((n, k)) < wrong, 1 - Y, Y))
    Y = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0], [1, 1, 0]])
    yield Case(Y, np.array([[0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]), note="articles without any tag")
    yield Case(Y, np.zeros_like(Y), note="a model that always says no")


SUBSET = Exercise(
    id="08-subset",
    title="Right as a whole",
    level=2,
    concept="subset accuracy",
    prompt="""
The function should return the **subset accuracy**: the share of articles (rows) in which every tag is right. On many tables it
gives too much. Find the bug.
""",
    name="subset_accuracy",
    cases=_rows,
    starter="""
def subset_accuracy(Y, H):
    same = Y.sum(axis=1) == H.sum(axis=1)
    return same.mean()
""",
    hints=(
        "What is compared for each row? Think of an article about sport that was tagged politics.",
        "The *number* of tags can be right although the tags are not. Compare cell by cell, then ask a question about each row.",
        "`(Y == H)` has a True for each right cell; `.all(axis=1)` asks whether a row has nothing else.",
    ),
    solution="""
def subset_accuracy(Y, H):
    same = (Y == H).all(axis=1)
    return same.mean()
""",
    explanation="""
This is what scikit-learn's `accuracy_score` does with several labels. It is the strictest figure, and it falls with every label
that you add.
""",
    alternatives=(
        "def subset_accuracy(Y, H):\n    return np.mean([np.array_equal(a, b) for a, b in zip(Y, H)])",
        "def subset_accuracy(Y, H):\n    return 1 - np.any(Y != H, axis=1).mean()",
        "def subset_accuracy(Y, H):\n    return np.mean(np.abs(Y - H).max(axis=1) == 0)",
    ),
    mistakes=(
        Mistake(
            "cells",
            "def subset_accuracy(Y, H):\n    return (Y == H).mean()",
            "This counts right *cells* (Keras' `binary_accuracy`). A row with one mistake still earns most of its points here.",
            "subset-accuracy-counts-cells",
        ),
        Mistake(
            "one-is-enough",
            "def subset_accuracy(Y, H):\n    return (Y == H).any(axis=1).mean()",
            "With `any`, one right cell makes the whole row right, a rightly given *no* included. Every cell must be right.",
            "subset-accuracy-needs-one-hit",
        ),
        Mistake(
            "found-all",
            "def subset_accuracy(Y, H):\n    return (H >= Y).all(axis=1).mean()",
            "Your rows need every true tag to be found, but false alarms are free. Whoever says yes to everything gets 1.",
            "only-yes-answers-count",
        ),
        Mistake(
            "largest-place",
            "def subset_accuracy(Y, H):\n    return (Y.argmax(axis=1) == H.argmax(axis=1)).mean()",
            'This compares the places of the first 1. It is Keras\' trap `"accuracy"`, made for one class. A row can have several tags, or none.',
            "accuracy-is-per-label",
        ),
        Mistake(
            "columns",
            "def subset_accuracy(Y, H):\n    return (Y == H).all(axis=0).mean()",
            "`axis=0` looks down the columns: it asks which *tags* are right in all articles. An article is a row.",
            "columns-are-samples",
        ),
    ),
)

MACRO = Exercise(
    id="08-macro",
    title="Macro F1",
    level=2,
    concept="micro, macro, weighted, samples",
    prompt="""
The function should return **macro F1**: the plain mean of the tags' F1. (A tag that is never true and never said gets 0.) Its
number is plausible and nearly always a little wrong. Find the bug.
""",
    name="macro_f1",
    cases=_rows,
    starter="""
def macro_f1(Y, H):
    tp = (Y & H).sum(axis=0)
    precision = (tp / np.maximum(H.sum(axis=0), 1)).mean()
    recall = (tp / np.maximum(Y.sum(axis=0), 1)).mean()
    return 2 * precision * recall / max(precision + recall, 1e-12)
""",
    hints=(
        "In which order do averaging and F1 happen here? In which order should they?",
        "First an F1 for each tag, then the mean. Here precision and recall are averaged first, and their F1 is another number.",
        "From the counts: `2 * tp / (2 * tp + fp + fn)`, and `2 * tp + fp + fn` is `H.sum(axis=0) + Y.sum(axis=0)`.",
    ),
    solution="""
def macro_f1(Y, H):
    tp = (Y & H).sum(axis=0)
    f1 = 2 * tp / np.maximum(H.sum(axis=0) + Y.sum(axis=0), 1)
    return f1.mean()
""",
    explanation="""
Both have been called "macro F1" in papers, and they can differ by a lot (Opitz and Burst, *Macro F1 and Macro F1*, 2019).
scikit-learn and Keras take the mean of the F1s. Write in your report what you have computed.
""",
    alternatives=(
        """
def macro_f1(Y, H):
    each = []
    for y, h in zip(Y.T, H.T):
        tp, fp, fn = np.sum(y & h), np.sum(h > y), np.sum(y > h)
        each.append(2 * tp / (2 * tp + fp + fn) if tp else 0.0)
    return np.mean(each)
""",
        """
def macro_f1(Y, H):
    tp = (Y & H).sum(axis=0)
    p = tp / np.maximum(H.sum(axis=0), 1)
    r = tp / np.maximum(Y.sum(axis=0), 1)
    return np.mean(2 * p * r / np.where(p + r == 0, 1, p + r))
""",
        """
def macro_f1(Y, H):
    hits, either = (Y & H).sum(axis=0), (Y | H).sum(axis=0)
    jaccard = hits / np.maximum(either, 1)
    return (2 * jaccard / (1 + jaccard)).mean()
""",
    ),
    mistakes=(
        Mistake(
            "micro",
            "def macro_f1(Y, H):\n    return 2 * (Y & H).sum() / max(H.sum() + Y.sum(), 1)",
            "This is *micro* F1: all counts in one pot, and common tags decide. Macro takes an F1 for each tag first.",
            "averages-are-the-same",
        ),
        Mistake(
            "weighted",
            """
def macro_f1(Y, H):
    f1 = 2 * (Y & H).sum(axis=0) / np.maximum(H.sum(axis=0) + Y.sum(axis=0), 1)
    return (f1 * Y.sum(axis=0)).sum() / max(Y.sum(), 1)
""",
            "The tags are weighted by how often they are true: the *weighted* average. In the macro average each tag has one vote.",
            "weighted-favours-rare-labels",
        ),
        Mistake(
            "samples",
            """
def macro_f1(Y, H):
    return np.mean(2 * (Y & H).sum(axis=1) / np.maximum(H.sum(axis=1) + Y.sum(axis=1), 1))
""",
            "`axis=1` gives an F1 for each *article*: that is the samples average. The tags are the columns.",
            "columns-are-samples",
        ),
        Mistake(
            "jaccard",
            """
def macro_f1(Y, H):
    return np.mean((Y & H).sum(axis=0) / np.maximum((Y | H).sum(axis=0), 1))
""",
            "You count the hits once: this is the mean Jaccard index. F1 counts them twice, above and below.",
            "f1-without-the-two",
        ),
        Mistake(
            "without-the-lost",
            """
def macro_f1(Y, H):
    tp = (Y & H).sum(axis=0)
    f1 = 2 * tp / np.maximum(H.sum(axis=0) + Y.sum(axis=0), 1)
    return f1[tp > 0].mean() if tp.any() else 0.0
""",
            "Tags that were never found are left out, and the lost ones are just what macro should show. Their 0 counts.",
            "unfound-labels-are-left-out",
        ),
        Mistake(
            "plain-mean-of-both",
            """
def macro_f1(Y, H):
    tp = (Y & H).sum(axis=0)
    p = tp / np.maximum(H.sum(axis=0), 1)
    r = tp / np.maximum(Y.sum(axis=0), 1)
    return ((p + r) / 2).mean()
""",
            "This is the plain mean of precision and recall for each tag. F1 is the harmonic mean, nearer to the smaller of the two.",
            "f1-is-the-plain-mean",
        ),
    ),
)
