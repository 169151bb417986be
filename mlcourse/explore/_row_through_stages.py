"""Chapter 03's playground: one row through fill, scale and split, in an order that leaks or does not."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlcourse import _html
from mlcourse._errors import InvalidArgument, shown, whole_number
from mlcourse._text import listed, num
from mlcourse.explore._playground import Playground

# How often an article says "goal", and its minutes to read; None is a gap, BOOK the row of the slider.
ROWS = (
    (7, 4),
    (0, 6),
    (5, None),
    (0, 3),
    (9, 8),
    (2, 5),
    (12, 7),
    (3, 6),
    (1, 60),
    (15, 2),
)
HELD_BACK = (7, 8, 9)  # row numbers from 0
BOOK = 8
LENGTHS = (2, 4, 8, 15, 30, 60, 120, 300, 900)
ORDERS = {
    "split, fill, scale": ("split", "fill", "scale"),
    "fill, split, scale": ("fill", "split", "scale"),
    "fill, scale, split": ("fill", "scale", "split"),
}
SCALERS = {"minmax": "min-max", "standard": "standard", "robust": "robust"}
TRIES = (
    "Choose the order that splits first. Which numbers of the training rows change, and why?",
    "Make the book longer, in both orders. When does it move the training rows?",
    "Try the three scalers in the leaky order with a book of 900 minutes. Which one hardly listens to it?",
    "Make the book 8 minutes long, an article like the others. How much does the leak matter now?",
    "Follow row 3, which has a gap. What fills it, in each order?",
    "Follow row 9, which is held back. May its scaled value lie outside 0 to 1?",
)


def followed(order: str, scaler: str, book: float) -> dict[str, Any]:
    """Return what each step learned and the table after it, computed with NumPy.

    Parameters
    ----------
    order
        A key of `ORDERS`.
    scaler
        A key of `SCALERS`.
    book
        Minutes of the row that is a book.

    Returns
    -------
    dict
        `medians`, `shift`, `width` (one number a column), `filled` and `scaled` (rows first), `leaks`
        (the steps that learned from rows held back).
    """
    X = np.array([[np.nan if v is None else v for v in row] for row in ROWS], dtype=float)
    X[BOOK, 1] = book
    steps = ORDERS[order]
    trained = np.delete(np.arange(len(X)), HELD_BACK)

    def rows(step: str) -> np.ndarray[Any, Any]:
        return trained if steps.index("split") < steps.index(step) else np.arange(len(X))

    medians = np.nanmedian(X[rows("fill")], axis=0)
    filled = np.where(np.isnan(X), medians, X)
    seen = filled[rows("scale")]
    if scaler == "minmax":
        shift, width = seen.min(axis=0), np.ptp(seen, axis=0)
    elif scaler == "standard":
        shift, width = seen.mean(axis=0), seen.std(axis=0)
    else:
        shift = np.median(seen, axis=0)
        width = np.subtract(*np.percentile(seen, [75, 25], axis=0))
    return {
        "medians": medians,
        "filled": filled,
        "shift": shift,
        "width": width,
        "scaled": (filled - shift) / width,
        "leaks": [step for step in ("fill", "scale") if len(rows(step)) == len(X)],
    }


def row_through_stages(
    row: int = 3, *, order: str = "fill, scale, split", scaler: str = "minmax", book: int = 60
) -> Playground:
    """Follow one of ten articles through fill, scale and split, and see what a leak does to it.

    Parameters
    ----------
    row
        The row that is followed at the start, 1 to 10; rows 8 to 10 are held back.
    order
        The order of the steps at the start: `"split, fill, scale"`, `"fill, split, scale"` or
        `"fill, scale, split"`.
    scaler
        `"minmax"`, `"standard"` or `"robust"`.
    book
        How many minutes row 9 takes to read, 2 to 900; moved to the nearest place of the slider.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If there is no such row, order or scaler.
    """
    row = whole_number("row", row, least=1, most=len(ROWS))
    for name, given, known in (("order", order, ORDERS), ("scaler", scaler, SCALERS)):
        if not isinstance(given, str) or given not in known:
            raise InvalidArgument(
                f"{name} is {shown(given)}, but must be one of {listed(list(known), 'or')}."
            )
    book = whole_number("book", book, least=LENGTHS[0], most=LENGTHS[-1])
    minutes = min(LENGTHS, key=lambda length: abs(length - book))
    made = followed(order, scaler, minutes)
    raw = ROWS[row - 1][1] if row - 1 != BOOK else minutes
    table = _html.table(
        ("", "minutes to read"),
        (
            (f"row {row}, as it came", "a gap" if raw is None else num(raw, 0)),
            ("filled", num(made["filled"][row - 1, 1])),
            ("scaled", num(made["scaled"][row - 1, 1])),
        ),
        caption=f"At the start: {order}, with the {SCALERS[scaler]} scaler",
        numeric=(1,),
    )
    leaks = listed([f"{step!r}" for step in made["leaks"]])
    verdict = f"Leak in {leaks}: it learned from rows that are held back." if leaks else "No step leaks."
    return Playground(
        "row_through_stages",
        title="One row through the stages",
        intro="Ten articles. Rows 8 to 10 are held back; row 9 is a book. Choose the order of the steps "
        "and the scaler, and follow a row.",
        summary=f"{table}<p>{_html.escape(verdict)}</p>",
        start={"row": row, "order": order, "scaler": scaler, "book": minutes},
        data={
            "rows": ROWS,
            "held": HELD_BACK,
            "bookRow": BOOK,
            "lengths": LENGTHS,
            "orders": {name: list(steps) for name, steps in ORDERS.items()},
            "scalers": SCALERS,
        },
        tries=TRIES,
    )
