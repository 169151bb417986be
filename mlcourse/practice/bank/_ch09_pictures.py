"""Lesson 09: move a picture without bringing ink back at the other side, and cover it place by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _cards(rng: np.random.Generator) -> Iterator[Case]:
    for shape, down, right in (
        ((5, 6), 1, 2),
        ((6, 4), -2, 1),
        ((5, 5), 0, -3),
        ((7, 5), 3, 0),
        ((4, 6), -1, -2),
    ):
        yield Case(rng.uniform(0.1, 1, shape).round(2), down, right)
    yield Case(rng.uniform(0.1, 1, (4, 5)).round(2), 0, 0, note="no move at all")
    yield Case(np.ones((3, 4)), 1, 5, note="a move that pushes everything off the card")


SHIFT = Exercise(
    id="09-shift",
    title="The ink that comes back",
    level=2,
    concept="augmentation and true labels",
    prompt="""
This moves a picture by `down` rows and `right` columns (negative: up, left), to have more cards to learn from. But what
leaves the card at the right comes back at the left, cut in two: half a 7 that no label speaks of. Mend it. Ink that leaves
the card is gone, and blank paper (0) comes in.
""",
    name="shift",
    cases=_cards,
    starter="""
def shift(picture, down, right):
    return np.roll(picture, (down, right), axis=(0, 1))
""",
    hints=(
        "Rolling is fine, as long as only blank paper comes back. Where could it come from?",
        "Put a frame of zeros around the picture, at least as wide as the move; then roll; then cut the frame off.",
        "`np.pad(picture, n)` makes the frame with `n = max(abs(down), abs(right))`; cut with `[n : n + height, n : n + width]`.",
    ),
    solution="""
def shift(picture, down, right):
    n = max(abs(down), abs(right))
    height, width = picture.shape
    framed = np.roll(np.pad(picture, n), (down, right), axis=(0, 1))
    return framed[n : n + height, n : n + width]
""",
    explanation="""
Now nothing false comes in. One promise is left to check: that no digit is pushed off the card while its label stays. So
small moves only, or moves into an empty margin.
""",
    alternatives=(
        """
def shift(picture, down, right):
    out = np.zeros_like(picture)
    height, width = picture.shape
    for r in range(height):
        for c in range(width):
            if 0 <= r + down < height and 0 <= c + right < width:
                out[r + down, c + right] = picture[r, c]
    return out
""",
        """
def shift(picture, down, right):
    rows = np.arange(picture.shape[0])[:, None] - down
    columns = np.arange(picture.shape[1])[None] - right
    inside = (rows >= 0) & (rows < picture.shape[0]) & (columns >= 0) & (columns < picture.shape[1])
    return np.where(inside, picture[rows % picture.shape[0], columns % picture.shape[1]], 0)
""",
        """
def shift(p, down, right):
    h, w = p.shape
    big = np.zeros((3 * h + 20, 3 * w + 20))
    big[h + 10 + down : 2 * h + 10 + down, w + 10 + right : 2 * w + 10 + right] = p
    return big[h + 10 : 2 * h + 10, w + 10 : 2 * w + 10]
""",
    ),
    mistakes=(
        Mistake(
            "other-way",
            "def shift(p, d, r):\n    n = max(abs(d), abs(r))\n    h, w = p.shape\n"
            "    return np.roll(np.pad(p, n), (-d, -r), axis=(0, 1))[n : n + h, n : n + w]",
            "Nothing comes back any more, but the picture moves the other way: `down=1` should move the ink down.",
        ),
        Mistake(
            "axes-swapped",
            "def shift(p, d, r):\n    n = max(abs(d), abs(r))\n    h, w = p.shape\n"
            "    return np.roll(np.pad(p, n), (r, d), axis=(0, 1))[n : n + h, n : n + w]",
            "Rows and columns have changed parts: `down` moves the picture to the right here. Axis 0 are the rows.",
            "columns-are-samples",
        ),
        Mistake(
            "edge-repeated",
            "def shift(p, d, r):\n    n = max(abs(d), abs(r))\n    h, w = p.shape\n"
            '    return np.roll(np.pad(p, n, mode="edge"), (d, r), axis=(0, 1))[n : n + h, n : n + w]',
            "What comes in repeats the edge of the picture. If ink touches the edge, it is drawn out to a streak. Blank "
            "paper is 0.",
        ),
        Mistake(
            "larger-picture",
            "def shift(p, d, r):\n    n = max(abs(d), abs(r), 1)\n    return np.roll(np.pad(p, n), (d, r), axis=(0, 1))",
            "The frame is still there: the picture has grown. The network expects cards of one size, so cut the frame off.",
        ),
        Mistake(
            "rows-only",
            "def shift(p, d, r):\n    n = abs(d)\n    h, w = p.shape\n"
            "    return np.roll(np.pad(p, ((n, n), (0, 0))), (d, r), axis=(0, 1))[n : n + h]",
            "Up and down it is mended. To the right and left, ink still comes back at the other side.",
            "window-slides-one-way",
        ),
    ),
)


def _to_cover(rng: np.random.Generator) -> Iterator[Case]:
    for shape, side in (((4, 4), 2), ((5, 4), 3), ((3, 6), 1)):
        yield Case(rng.uniform(0.1, 1, shape).round(2), side)
    yield Case(np.ones((3, 3)), 3, note="a scrap as large as the card")


COVER = Exercise(
    id="09-cover",
    title="A scrap of paper, everywhere",
    level=3,
    concept="occlusion maps",
    prompt="""
For an occlusion map the network has to see the card many times, each time with a scrap of blank paper (zeros) of
`side` × `side` at another place. Write `covered(card, side)`: it returns all these cards in one array, shape (number of
places, rows, columns). The scrap moves by one; first along the top row, from left to right, then one row further down.
The card itself must not be changed.
""",
    name="covered",
    cases=_to_cover,
    starter="""
def covered(card, side):
    return ...
""",
    hints=(
        "At how many places can the scrap lie? So many copies of the card are needed.",
        "Two loops, over the row and the column of the scrap's upper left corner; in each a copy of the card.",
        "`copy = card.copy(); copy[r : r + side, c : c + side] = 0`, and `np.stack` makes one array of the list.",
    ),
    solution="""
def covered(card, side):
    cards = []
    for r in range(card.shape[0] - side + 1):
        for c in range(card.shape[1] - side + 1):
            copy = card.copy()
            copy[r : r + side, c : c + side] = 0
            cards.append(copy)
    return np.stack(cards)
""",
    explanation="""
`model.predict(card) - model.predict(covered(card, 8))` is the occlusion map, one number for each place and label. All
cards in one batch: the network is asked once, not 625 times.
""",
    alternatives=(
        """
def covered(card, side):
    rows, columns = card.shape[0] - side + 1, card.shape[1] - side + 1
    out = np.repeat(card[None], rows * columns, axis=0)
    for i in range(rows * columns):
        r, c = divmod(i, columns)
        out[i, r : r + side, c : c + side] = 0
    return out
""",
        """
def covered(card, side):
    places = np.indices((card.shape[0] - side + 1, card.shape[1] - side + 1)).reshape(2, -1)
    r, c = np.arange(card.shape[0]), np.arange(card.shape[1])
    down = (r >= places[0][:, None]) & (r < places[0][:, None] + side)
    across = (c >= places[1][:, None]) & (c < places[1][:, None] + side)
    return np.where(down[:, :, None] & across[:, None, :], 0, card)
""",
        """
def covered(card, side):
    def one(r, c):
        mask = np.ones(card.shape)
        mask[r : r + side, c : c + side] = 0
        return card * mask
    rows, columns = (n - side + 1 for n in card.shape)
    return np.array([one(r, c) for r in range(rows) for c in range(columns)])
""",
    ),
    mistakes=(
        Mistake(
            "scraps-pile-up",
            """
def covered(card, side):
    cards, copy = [], card.copy()
    for r in range(card.shape[0] - side + 1):
        for c in range(card.shape[1] - side + 1):
            copy[r : r + side, c : c + side] = 0
            cards.append(copy.copy())
    return np.stack(cards)
""",
            "The scraps pile up: each card has all scraps that came before it. Begin each time with a fresh copy of the "
            "card.",
        ),
        Mistake(
            "all-the-same",
            """
def covered(card, side):
    cards, copy = [], card.copy()
    for r in range(card.shape[0] - side + 1):
        for c in range(card.shape[1] - side + 1):
            copy[r : r + side, c : c + side] = 0
            cards.append(copy)
    return np.stack(cards)
""",
            "All cards of the result are the same one: the list holds one array many times. Each place needs a copy of its "
            "own, made inside the loop.",
        ),
        Mistake(
            "one-place-too-few",
            """
def covered(card, side):
    cards = []
    for r in range(max(card.shape[0] - side, 1)):
        for c in range(max(card.shape[1] - side, 1)):
            copy = card.copy()
            copy[r : r + side, c : c + side] = 0
            cards.append(copy)
    return np.stack(cards)
""",
            "The last row and the last column of places are missing, so the right and lower edge of the card are never "
            "covered.",
            "window-count-off-by-one",
        ),
        Mistake(
            "column-by-column",
            """
def covered(card, side):
    cards = []
    for c in range(card.shape[1] - side + 1):
        for r in range(card.shape[0] - side + 1):
            copy = card.copy()
            copy[r : r + side, c : c + side] = 0
            cards.append(copy)
    return np.stack(cards)
""",
            "The right cards in another order: yours goes down first. Asked is along the top row first, as one reads; "
            "otherwise the map comes out on its side.",
        ),
        Mistake(
            "everything-else-covered",
            """
def covered(card, side):
    cards = []
    for r in range(card.shape[0] - side + 1):
        for c in range(card.shape[1] - side + 1):
            copy = np.zeros_like(card)
            copy[r : r + side, c : c + side] = card[r : r + side, c : c + side]
            cards.append(copy)
    return np.stack(cards)
""",
            "The other way round: your cards show *only* what lies under the scrap. (That is useful, too, but it asks "
            "another question.)",
            "occlusion-read-backwards",
        ),
    ),
)
