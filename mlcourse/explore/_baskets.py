"""Chapter 02's playground: one box of fruit, three questions, three label tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse import _html
from mlcourse._errors import InvalidArgument, InvalidType, shown, whole_number
from mlcourse._text import count
from mlcourse.explore._playground import Playground

if TYPE_CHECKING:
    from collections.abc import Sequence

FRUITS = ("apple", "banana", "lemon", "grapes")
ONE = ("apple", "banana", "lemon", "bunch of grapes")
MANY = ("apples", "bananas", "lemons", "bunches of grapes")
GRAMS = (150, 120, 90, 250)  # of one piece
MOST = 6
TRIES = (
    "Change the boss's answer without changing the shop's row.",
    "Change the shop's row without changing the boss's answer.",
    "Take everything out. Which of the three people gets no answer, and what would you do about it?",
    "Which fruit changes all three tables at once?",
    "Pack 3 apples and 5 lemons. Who decides now?",
    "Meet all 2 answers of the packer, all 4 of the boss. How many of the shop's 16 rows can you meet?",
)


def _pieces(given: Sequence[int]) -> list[int]:
    try:
        pieces = list(given)
    except TypeError:
        raise InvalidType(f"pieces is {shown(given)}, but must be a sequence of 4 whole numbers.") from None
    if len(pieces) != len(FRUITS):
        raise InvalidArgument(
            f"pieces has {len(pieces)} numbers, but must have 4: apple, banana, lemon, grapes."
        )
    return [whole_number(f"pieces[{i}]", value, least=0, most=MOST) for i, value in enumerate(pieces)]


def baskets(pieces: Sequence[int] = (1, 2, 0, 1)) -> Playground:
    """Pack a box of fruit and see what three people's labels for it are.

    The packer asks for a banana (binary), the boss for the heaviest fruit
    (multi-class), the shop for every fruit inside (multi-label).

    Parameters
    ----------
    pieces
        How many apples, bananas, lemons and bunches of grapes lie in the box at
        the start, 0 to 6 each.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If these are not four whole numbers from 0 to 6.
    """
    inside = _pieces(pieces)
    weights = np.array(inside) * GRAMS
    packer = int(inside[1] > 0)
    boss = int(weights.argmax()) if weights.any() else None
    shop = [int(n > 0) for n in inside]
    rows = [
        (fruit, str(inside[i]), str(packer) if i == 1 else "", str(int(i == boss)), str(shop[i]))
        for i, fruit in enumerate(FRUITS)
    ]
    labels = (
        f"{packer} ({'yes' if packer else 'no'})",
        "no answer" if boss is None else f"{boss} ({FRUITS[boss]})",
        f"{shop}, {count(sum(shop), 'tag')}",
    )
    rows.append(("label", "", *labels))
    return Playground(
        "baskets",
        title="One box, three questions",
        intro="Put fruit in and take it out. Three people ask about the same box; watch their labels.",
        summary=_html.table(
            ("fruit", "pieces", "packer: a banana?", "boss: the heaviest?", "shop: which are inside?"),
            rows,
            caption="At the start",
            numeric=(1,),
        ),
        start={
            "pieces": inside,
            "met": {
                "packer": [packer],
                "boss": [] if boss is None else [boss],
                "shop": ["".join(map(str, shop))],
            },
        },
        data={"names": FRUITS, "one": ONE, "many": MANY, "grams": GRAMS, "most": MOST},
        tries=TRIES,
    )
