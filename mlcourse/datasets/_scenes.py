"""Scenes of handwritten digits: several in one picture, and never the same drawing in training and test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, shown, whole_number
from mlcourse._text import count
from mlcourse.datasets._dataset import Dataset
from mlcourse.datasets._load import load_digits
from mlcourse.datasets._places import free_places

if TYPE_CHECKING:
    from collections.abc import Iterable

SIDE = 32  # pixels of a scene
DIGIT = 8  # pixels of a digit
MOST = 4  # digits in a scene
SHEETS = 12
USUAL = tuple(range(10))  # the other two are for checks on handwriting that nobody has seen


def make_digit_scenes(n_samples: int = 3000, *, sheets: Iterable[int] = USUAL, seed: int = 0) -> Dataset:
    """Make pictures with 1 to 4 handwritten digits anywhere; the labels say which digits are there.

    scikit-learn's 1797 digits are dealt like cards to 12 sheets of paper, about
    150 drawings each. All digits of a scene are from one sheet, and the sheet
    is its group. So `scenes.split()` puts whole sheets to one side, and a model
    is tested on drawings that it has not seen. (Who drew which is not recorded.)

    Parameters
    ----------
    n_samples
        Number of scenes (rows).
    sheets
        The sheets to take drawings from, numbers from 0 to 11. Left out: 0 to 9.
        (The course checks experiments on sheets 10 and 11.)
    seed
        The same seed gives the same scenes. The sheets are the same for every seed.

    Returns
    -------
    Dataset
        Multi-label; `X` float32 from 0 (paper) to 1 (ink), shape (n_samples, 32, 32, 1);
        `y` int 0 or 1, shape (n_samples, 10); `groups` the sheet of each scene.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument is out of its range.

    Warnings
    --------
    Splitting the scenes by anything but `split()`, such as scikit-learn's
    `train_test_split`, puts the same drawings on both sides.

    Notes
    -----
    A scene has 1, 2, 3 or 4 digits, each number with the same chance. Each is
    any drawing of the sheet, so a digit may stand there twice. Digits stand
    anywhere and do not overlap.
    """
    n_samples = whole_number("n_samples", n_samples, least=1, most=100_000)
    seed = whole_number("seed", seed, least=0, most=2**32 - 1)
    used = _checked_sheets(sheets)
    digits = load_digits()
    drawings = (digits.X.reshape(-1, DIGIT, DIGIT) / digits.X.max()).astype(np.float32)
    rng = np.random.default_rng(seed)
    groups = rng.permutation(np.resize(used, n_samples))
    counts = rng.integers(1, MOST + 1, n_samples)
    # Sheet s holds the drawings s, s + 12, s + 24, …
    on_sheet = (len(drawings) - 1 - groups) // SHEETS + 1
    chosen = groups[:, None] + SHEETS * rng.integers(0, on_sheet[:, None], (n_samples, MOST))
    places = free_places(rng, counts, MOST, DIGIT, SIDE)

    X = np.zeros((n_samples, SIDE, SIDE, 1), dtype=np.float32)
    y = np.zeros((n_samples, 10), dtype=np.int64)
    scene, thing = np.nonzero(np.arange(MOST) < counts[:, None])
    y[scene, digits.y[chosen[scene, thing]]] = 1
    top, left = places[scene, thing].T
    rows, columns = np.mgrid[:DIGIT, :DIGIT]
    at = scene[:, None, None], top[:, None, None] + rows, left[:, None, None] + columns
    X[(*at, 0)] = drawings[chosen[scene, thing]]
    X.setflags(write=False)
    return Dataset(
        X,
        y,
        "multilabel",
        class_names=digits.class_names,
        groups=groups,
        description=f"{count(n_samples, 'picture')} of {SIDE} × {SIDE} grey values from 0 (paper) to 1 "
        f"(ink), each with 1 to {MOST} handwritten digits. They stand anywhere, do not overlap, and one "
        "digit may stand there twice. Labels say which digits are there. The drawings come from "
        f"{count(len(used), 'sheet')} of paper, those of one picture from one sheet; split() puts each sheet "
        "to one side.",
        source=f"drawn with seed {seed} from the digits that come with scikit-learn (E. Alpaydin and "
        "C. Kaynak, 1998)",
    )


def _checked_sheets(sheets: Any) -> np.ndarray[Any, Any]:
    try:
        given = list(sheets)
    except TypeError:
        raise InvalidType(
            f"sheets is {shown(sheets)}, but must be several numbers from 0 to {SHEETS - 1}, as in range(10)."
        ) from None
    used = [whole_number(f"sheets[{i}]", s, least=0, most=SHEETS - 1) for i, s in enumerate(given)]
    if not used or len(set(used)) < len(used):
        raise InvalidArgument(
            f"sheets is {shown(given)}, but must be at least one number from 0 to {SHEETS - 1}, none twice."
        )
    return np.array(used)
