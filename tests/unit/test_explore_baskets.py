"""The fruit boxes' playground: NumPy and the browser agree; sentences; bad arguments; the page."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore import _baskets
from tests.node import in_node as run_in_node

DATA = explore.baskets().data | {"names": list(_baskets.FRUITS)}


def in_node(program, given):
    return run_in_node("explore_baskets.mjs", program, given)


def said(after, before, by):
    program = (
        "return module.sentence(given.data, { pieces: given.after }, { pieces: given.before }, given.by);"
    )
    given = {
        "data": {**DATA, "one": _baskets.ONE, "many": _baskets.MANY},
        "after": after,
        "before": before,
        "by": by,
    }
    return in_node(program, given)


def test_every_box_of_up_to_three_pieces_has_numpys_labels():
    boxes = np.array(list(itertools.product(range(4), repeat=4)))
    program = "return given.boxes.map((pieces) => module.labels(pieces, given.grams));"
    made = in_node(program, {"boxes": boxes.tolist(), "grams": _baskets.GRAMS})
    weights = boxes * _baskets.GRAMS
    assert [m["weights"] for m in made] == weights.tolist()
    assert [m["packer"] for m in made] == (boxes[:, 1] > 0).astype(int).tolist()
    assert [m["shop"] for m in made] == (boxes > 0).astype(int).tolist()
    assert made[0]["boss"] is None
    assert [m["boss"] for m in made[1:]] == weights[1:].argmax(axis=1).tolist()


def test_of_equal_weights_the_first_wins_as_in_numpy_and_the_tie_is_told():
    made = in_node("return module.labels([3, 0, 5, 0], given);", _baskets.GRAMS)
    assert made["boss"] == np.argmax([450, 0, 450, 0]) == 0
    assert made["tied"] == [0, 2]
    assert "apple and lemon weigh the same, and argmax takes the first, apple" in said(
        [3, 0, 5, 0], [3, 0, 5, 0], None
    )


def test_all_labels_can_be_met():
    program = """
    let met = { packer: [], boss: [], shop: [] };
    for (const pieces of given.boxes) met = module.meet(met, module.labels(pieces, given.grams));
    return met;
    """
    boxes = [list(box) for box in itertools.product((0, 1), repeat=4)]
    boxes += [[1, 0, 3, 0]]  # lemons are the lightest, so one alone is never the heaviest of two
    met = in_node(program, {"boxes": boxes, "grams": _baskets.GRAMS})
    assert sorted(met["packer"]) == [0, 1]
    assert sorted(met["boss"]) == [0, 1, 2, 3]
    assert len(met["shop"]) == len(set(met["shop"])) == 16


@pytest.mark.parametrize(
    ("after", "before", "by", "sentence"),
    [
        (
            [1, 2, 0, 1],
            [1, 2, 0, 1],
            None,
            (
                "The packer's answer is yes. The boss's one answer is grapes, number 3. "
                "The shop has 3 tags: apple, banana and grapes."
            ),
        ),
        (
            [1, 2, 1, 1],
            [1, 2, 0, 1],
            "fruit 2",
            "Adding 1 lemon: the shop's tag lemon goes on. The packer and boss tables stay as before.",
        ),
        (
            [2, 2, 0, 1],
            [1, 2, 0, 1],
            "fruit 0",
            "Adding 1 apple: the boss's answer is apple now. The packer and shop tables stay as before.",
        ),
        (
            [0, 0, 0, 0],
            [0, 1, 0, 0],
            "fruit 1",
            (
                "Taking out 1 banana: the packer's answer is no now, the boss gets no answer any more and "
                "the shop's tag banana goes off. All three tables have changed. "
                "An empty box has no heaviest fruit."
            ),
        ),
        (
            [0, 3, 0, 0],
            [0, 1, 0, 0],
            "fruit 1",
            "Adding 2 bananas: no label changes. The box is another one, and all three answers are the same.",
        ),
    ],
)
def test_the_sentence_tells_what_the_hand_did(after, before, by, sentence):
    assert said(after, before, by) == sentence


def test_an_empty_box_is_a_row_of_zeros_and_no_class():
    text = said([0, 0, 0, 0], [0, 0, 0, 0], "reset")
    assert "The boss gets no answer" in text
    assert "a row of zeros is an allowed answer" in text
    html = re.sub(r"<[^>]+>", " ", explore.baskets([0, 0, 0, 0])._repr_html_())
    assert "no answer" in html
    assert "[0, 0, 0, 0], 0 tags" in html


@pytest.mark.parametrize(
    ("pieces", "by", "sentence"),
    [
        ([0, 0, 0, 0], -1, "There is no bunch of grapes in the box to take out."),
        ([0, 0, 0, 6], 1, "No more than 6 bunches of grapes fit in."),
        ([0, 0, 0, 6], -1, ""),
        ([0, 0, 0, 0], 1, ""),
    ],
)
def test_what_cannot_be_is_told(pieces, by, sentence):
    given = {
        "data": {"one": _baskets.ONE, "many": _baskets.MANY, "most": _baskets.MOST},
        "pieces": pieces,
        "by": by,
    }
    assert in_node("return module.refusal(given.data, given.pieces, 3, given.by);", given) == sentence


def test_the_picture_is_told_in_words():
    program = "return module.contents(given.data, given.pieces);"
    data = {"one": _baskets.ONE, "many": _baskets.MANY}
    assert in_node(program, {"data": data, "pieces": [0, 2, 0, 1]}) == "2 bananas and 1 bunch of grapes"
    assert in_node(program, {"data": data, "pieces": [0, 0, 0, 0]}) == "nothing"


def test_the_page_without_a_kernel_shows_the_start():
    made = explore.baskets([1, 2, 0, 1])
    plain = re.sub(r"<[^>]+>", " ", made._repr_html_())
    assert "1 (yes)" in plain
    assert "3 (grapes)" in plain
    assert "[1, 1, 0, 1], 3 tags" in plain
    assert repr(made) == "Playground baskets: One box, three questions. Run the cell to play."


@pytest.mark.parametrize(
    ("pieces", "error", "part"),
    [
        ((1, 2), InvalidArgument, "pieces has 2 numbers"),
        (3, InvalidType, "pieces is 3"),
        ((1, 2, 0, 7), InvalidArgument, r"pieces\[3\]"),
        ((1, 2, 0, -1), InvalidArgument, r"pieces\[3\]"),
        ((1, 2, 0, 0.5), InvalidType, r"pieces\[3\]"),
    ],
)
def test_bad_pieces_are_told(pieces, error, part):
    with pytest.raises(error, match=part):
        explore.baskets(pieces)
