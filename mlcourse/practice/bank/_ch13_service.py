"""Exercises of lesson 13 about shipping: the check of a request, a parity test, the newest version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _row(**changed: Any) -> list[Any]:
    """Return 64 grey values with some places changed (`at5=-1`), as a service gets them: parsed from JSON."""
    row: list[Any] = [200] * 64
    for place, value in changed.items():
        row[int(place[2:])] = value
    parsed: list[Any] = json.loads(json.dumps(row))
    return parsed


def _requests(rng: np.random.Generator) -> Iterator[Case]:
    nan, inf = float("nan"), float("inf")
    yield Case([int(v) for v in rng.integers(0, 256, 64)])
    yield Case(_row(at0=0, at63=255), note="0 and 255 are allowed")
    yield Case(_row()[:63], note="63 numbers")
    yield Case([*_row(), 1], note="65 numbers")
    yield Case([], note="no numbers at all")
    yield Case(_row(at5=-1), note="a value of -1")
    yield Case(_row(at5=255.5), note="a value of 255.5")
    yield Case(_row(at7=nan), note="a NaN in the middle")
    yield Case(_row(at0=nan), note="a NaN at the beginning")
    yield Case(_row(at9=inf), note="an infinite value")
    yield Case(_row(at9=-inf), note="minus infinity")
    yield Case(_row(at7=nan, at8=300), note="a NaN, and a 300 beside it")
    yield Case([nan] * 3, note="three NaNs")


PROBLEM = Exercise(
    id="13-problem",
    title="What is wrong with this request?",
    level=2,
    concept="a service's contract",
    prompt="""
`pixels` is a list of numbers from a request, read from JSON. `problem` names the **first** of these that holds:

- `"length"`: there are not 64 numbers,
- `"not finite"`: a `NaN` or an infinite value is among them,
- `"range"`: a value lies outside 0 to 255,
- `"none"`.

This version lets a broken sensor through. Find out why, and mend it.
""",
    name="problem",
    cases=_requests,
    starter="""
def problem(pixels):
    if len(pixels) != 64:
        return "length"
    if min(pixels) < 0 or max(pixels) > 255:
        return "range"
    if np.nan in pixels:
        return "not finite"
    return "none"
""",
    hints=(
        "Try `float('nan') == float('nan')`, and `np.nan in [float('nan')]`. How else can one ask for `NaN`?",
        "`np.isfinite(pixels)` is `False` for `NaN` and for both infinities. And the order of the questions matters.",
        'Ask for the length, then `if not np.isfinite(pixels).all(): return "not finite"`, then for the range.',
    ),
    solution="""
def problem(pixels):
    if len(pixels) != 64:
        return "length"
    if not np.isfinite(pixels).all():
        return "not finite"
    if min(pixels) < 0 or max(pixels) > 255:
        return "range"
    return "none"
""",
    explanation="""
`NaN` equals nothing, not even another `NaN`, so `in` does not find it; and it is neither below 0 nor above 255. Ask for it by name,
and before you compare.
""",
    alternatives=(
        """
def problem(pixels):
    import math

    if len(pixels) != 64:
        return "length"
    if not all(math.isfinite(v) for v in pixels):
        return "not finite"
    return "none" if all(0 <= v <= 255 for v in pixels) else "range"
""",
        """
def problem(pixels):
    x = np.asarray(pixels, dtype=float)
    if x.shape != (64,):
        return "length"
    if np.any(np.isnan(x) | np.isinf(x)):
        return "not finite"
    return "range" if np.any((x < 0) | (x > 255)) else "none"
""",
        """
def problem(pixels):
    if len(pixels) != 64:
        return "length"
    if any(v != v or v in (float("inf"), float("-inf")) for v in pixels):
        return "not finite"
    if sorted(pixels)[0] < 0 or sorted(pixels)[-1] > 255:
        return "range"
    return "none"
""",
    ),
    mistakes=(
        Mistake(
            "only-inside",
            """
def problem(pixels):
    if len(pixels) != 64:
        return "length"
    return "none" if all(0 <= v <= 255 for v in pixels) else "range"
""",
            "Nothing bad gets through, well done. But a broken sensor is reported as a wrong range; ask for what is not finite "
            "first.",
            "infinity-is-a-range-problem",
        ),
        Mistake(
            "nan-but-not-infinity",
            """
def problem(pixels):
    if len(pixels) != 64:
        return "length"
    if np.isnan(pixels).any():
        return "not finite"
    return "range" if min(pixels) < 0 or max(pixels) > 255 else "none"
""",
            "`NaN` is found, but infinity is reported as a wrong range. `np.isfinite` knows both.",
            "infinity-is-a-range-problem",
        ),
        Mistake(
            "range-first",
            """
def problem(pixels):
    if len(pixels) != 64:
        return "length"
    if any(v < 0 or v > 255 for v in pixels):
        return "range"
    return "none" if np.isfinite(pixels).all() else "not finite"
""",
            "The questions stand in another order than asked for: infinity, or a `NaN` beside a 300, should be told as not finite.",
            "infinity-is-a-range-problem",
        ),
        Mistake(
            "limits-refused",
            """
def problem(pixels):
    if len(pixels) != 64:
        return "length"
    if not np.isfinite(pixels).all():
        return "not finite"
    return "range" if min(pixels) <= 0 or max(pixels) >= 255 else "none"
""",
            "0 and 255 are refused here. They are black and paper, the commonest values of all.",
        ),
        Mistake(
            "short-only",
            """
def problem(pixels):
    if len(pixels) < 64:
        return "length"
    if not np.isfinite(pixels).all():
        return "not finite"
    return "range" if min(pixels) < 0 or max(pixels) > 255 else "none"
""",
            "65 numbers get through. The reader takes exactly 64.",
        ),
    ),
)


def _answers(rng: np.random.Generator) -> Iterator[Case]:
    for n, k, noise in ((6, 4, 0.3), (8, 3, 0.5), (5, 10, 0.01)):
        P = rng.dirichlet(np.ones(k), n)
        Q = np.abs(P + rng.normal(0, noise, (n, k)))
        yield Case(P, Q / Q.sum(axis=1, keepdims=True))
    yield Case(
        np.array([[0.1, 0.9], [0.6, 0.4]]), np.array([[0.8, 0.2], [0.4, 0.6]]), note="both digits change"
    )
    yield Case(
        np.array([[0.3, 0.4, 0.3]]), np.array([[0.1, 0.2, 0.7]]), note="the largest change goes upwards"
    )
    yield Case(np.array([[0.7, 0.3]]), np.array([[0.7, 0.3]]), note="the same answers")


PARITY = Exercise(
    id="13-parity",
    title="A parity test",
    level=2,
    concept="parity",
    prompt="""
`P` holds the probabilities of the notebook's model, `Q` those of the shipped one: a row for each digit, a column for each class.
`parity` should return two numbers: for **how many rows** the answer is another one, and the **largest difference** of a
probability, whatever its direction. Two bugs; find both.
""",
    name="parity",
    cases=_answers,
    starter="""
def parity(P, Q):
    other = np.sum(P.argmax() != Q.argmax())
    return int(other), float((P - Q).max())
""",
    hints=(
        "What does `P.argmax()` return without an axis? How many answers should there be?",
        "`P - Q` is negative where the shipped model says more.",
        "`argmax(axis=1)` on both sides, and `np.abs(P - Q).max()`.",
    ),
    solution="""
def parity(P, Q):
    other = np.sum(P.argmax(axis=1) != Q.argmax(axis=1))
    return int(other), float(np.abs(P - Q).max())
""",
    explanation="""
The two numbers tell different things. A large difference may change no answer, and a tiny one can change the answer of a row that
stood on the edge. A release needs a limit for each.
""",
    alternatives=(
        """
def parity(P, Q):
    return np.count_nonzero(P.argmax(1) - Q.argmax(1)), np.max(np.abs(Q - P))
""",
        """
def parity(P, Q):
    other = sum(list(p).index(max(p)) != list(q).index(max(q)) for p, q in zip(P, Q))
    return other, max(abs(a - b) for p, q in zip(P, Q) for a, b in zip(p, q))
""",
        """
def parity(P, Q):
    change = Q - P
    same = np.argmax(P, axis=-1) == np.argmax(Q, axis=-1)
    return len(P) - int(same.sum()), max(change.max(), -change.min())
""",
    ),
    mistakes=(
        Mistake(
            "no-axis",
            """
def parity(P, Q):
    return int(P.argmax() != Q.argmax()), float(np.abs(P - Q).max())
""",
            "Without an axis, `argmax` searches the whole table and gives *one* place. You need one for each row.",
        ),
        Mistake(
            "signed",
            """
def parity(P, Q):
    return int(np.sum(P.argmax(axis=1) != Q.argmax(axis=1))), float((P - Q).max())
""",
            "`P - Q` is negative where the shipped model says *more*, and `max` never sees that. Take the size first.",
            "difference-has-a-sign",
        ),
        Mistake(
            "share",
            """
def parity(P, Q):
    return float(np.mean(P.argmax(axis=1) != Q.argmax(axis=1))), float(np.abs(P - Q).max())
""",
            "The first number is a share. Asked for is how many rows.",
        ),
        Mistake(
            "mean-difference",
            """
def parity(P, Q):
    return int(np.sum(P.argmax(axis=1) != Q.argmax(axis=1))), float(np.abs(P - Q).mean())
""",
            "The mean hides one bad row among a thousand good ones. A parity test asks for the *largest* difference.",
            "one-answer-cannot-move-the-mean",
        ),
        Mistake(
            "wrong-axis",
            """
def parity(P, Q):
    return int(np.sum(P.argmax(axis=0) != Q.argmax(axis=0))), float(np.abs(P - Q).max())
""",
            "Along axis 0 you find, for each class, the row that has most of it. The answer of a row lies along axis 1.",
        ),
        Mistake(
            "same-instead-of-other",
            """
def parity(P, Q):
    return int(np.sum(P.argmax(axis=1) == Q.argmax(axis=1))), float(np.abs(P - Q).max())
""",
            "These are the rows with the *same* answer.",
        ),
    ),
)


def _folders(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(["1", "2", "9", "10"], note="ten versions")
    yield Case(["1", "3", "2"])
    yield Case(["2", "10", "tmp"], note="a folder that is still being written to")
    yield Case(["v3", "1", ".cache"], note="names that are no numbers")
    yield Case(["7"])
    yield Case([str(v) for v in rng.choice(np.arange(1, 300), 6, replace=False)])
    yield Case(["100", "20", "3"])
    yield Case([], note="nothing there yet")
    yield Case(["tmp", "old"], note="no version among the names")


LATEST = Exercise(
    id="13-latest",
    title="The newest version",
    level=2,
    concept="versions",
    prompt="""
`names` are the names of the folders beside a model, in any order. `latest` should return the **name** (a text) of the newest version:
the largest number. Names that are not made of digits alone are no versions: they are skipped. If there is no version, return `None`.
The function below works until version 9.
""",
    name="latest",
    cases=_folders,
    starter="""
def latest(names):
    return max(names)
""",
    hints=(
        "How does Python compare `'9'` and `'10'`? And what does `max` do with an empty list?",
        "`'10'.isdigit()` is true, `'tmp'.isdigit()` is not. `max` takes a `key`, by which it compares.",
        "`max((name for name in names if name.isdigit()), key=int, default=None)`.",
    ),
    solution="""
def latest(names):
    return max((name for name in names if name.isdigit()), key=int, default=None)
""",
    explanation="""
`key=int` compares as numbers and still returns the name. A folder that is being written to has another name until it is complete, and
gets its number by a rename: so nobody loads half a model.
""",
    alternatives=(
        """
def latest(names):
    numbers = [int(name) for name in names if name.isdigit()]
    return str(max(numbers)) if numbers else None
""",
        """
def latest(names):
    best = None
    for name in names:
        if name.isdigit() and (best is None or int(name) > int(best)):
            best = name
    return best
""",
        """
def latest(names):
    import re

    versions = sorted((n for n in names if re.fullmatch(r"[0-9]+", n)), key=lambda n: (len(n), n))
    return versions[-1] if versions else None
""",
    ),
    mistakes=(
        Mistake(
            "as-text",
            """
def latest(names):
    return max((name for name in names if name.isdigit()), default=None)
""",
            "The other names are skipped. But the versions are still compared as texts, sign by sign, so `'9'` beats `'10'`.",
            "digits-in-text-are-numbers",
        ),
        Mistake(
            "number-returned",
            """
def latest(names):
    return max((int(name) for name in names if name.isdigit()), default=None)
""",
            "You return a number. Asked for is the *name* of the folder, a text.",
        ),
        Mistake(
            "last-in-list",
            """
def latest(names):
    versions = [name for name in names if name.isdigit()]
    return versions[-1] if versions else None
""",
            "This takes the last of the list. The names come in any order.",
        ),
        Mistake(
            "how-many",
            """
def latest(names):
    versions = [name for name in names if name.isdigit()]
    return str(len(versions)) if versions else None
""",
            "This counts the versions. Once an old one has been deleted, the number is too small.",
        ),
        Mistake(
            "empty-text",
            """
def latest(names):
    return max((name for name in names if name.isdigit()), key=int, default="")
""",
            "Without any version you return an empty text. It looks like a name, and the next program would look for that folder. "
            "`None` was asked for.",
        ),
    ),
)
