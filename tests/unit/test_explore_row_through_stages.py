"""The playground of the data flow: browser and scikit-learn agree; what it says is true; bad arguments."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.explore._row_through_stages import BOOK, HELD_BACK, LENGTHS, ORDERS, ROWS, SCALERS, followed
from tests.node import in_node

MODULE = "explore_row_through_stages.mjs"
DATA = explore.row_through_stages().data
CASES = [
    {"order": order, "scaler": scaler, "book": book}
    for order, scaler, book in itertools.product(ORDERS, SCALERS, (LENGTHS[0], 60, LENGTHS[-1]))
]


def by_scikit_learn(order, scaler, book):
    """Return filled and scaled rows, each step fitted on the rows that its place in the order gives it."""
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

    X = np.array(ROWS, dtype=float)  # None becomes nan
    X[BOOK, 1] = book
    trained = [i for i in range(len(X)) if i not in HELD_BACK]
    steps = order.split(", ")
    rows = {s: trained if steps.index("split") < steps.index(s) else slice(None) for s in ("fill", "scale")}
    filled = SimpleImputer(strategy="median").fit(X[rows["fill"]]).transform(X)
    kind = {"minmax": MinMaxScaler, "standard": StandardScaler, "robust": RobustScaler}[scaler]
    return filled, kind().fit(filled[rows["scale"]]).transform(filled)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['order']}-{c['scaler']}-{c['book']}")
def test_python_computes_what_scikit_learn_does(case):
    filled, scaled = by_scikit_learn(**case)
    made = followed(**case)
    np.testing.assert_allclose(made["filled"], filled, atol=1e-12)
    np.testing.assert_allclose(made["scaled"], scaled, atol=1e-12)


def test_the_browser_computes_what_scikit_learn_does():
    program = "return given.cases.map((c) => module.followed(c, given.data));"
    answers = in_node(MODULE, program, {"cases": CASES, "data": DATA})
    for case, answer in zip(CASES, answers, strict=True):
        filled, scaled = by_scikit_learn(**case)
        np.testing.assert_allclose(answer["filled"], filled, atol=1e-12)
        np.testing.assert_allclose(answer["scaled"], scaled, atol=1e-12)
        made = followed(**case)
        np.testing.assert_allclose(answer["medians"], made["medians"], atol=1e-12)
        np.testing.assert_allclose(answer["shift"], made["shift"], atol=1e-12)
        np.testing.assert_allclose(answer["width"], made["width"], atol=1e-12)
        assert answer["leaks"] == made["leaks"]


def said(now, before=None, by=None):
    """Return what the browser says when `before` was moved to `now`."""
    start = explore.row_through_stages().start
    program = "return module.sentence(given.data, given.now, given.before, given.by);"
    given = {"data": DATA, "now": start | now, "before": start | (before or now), "by": by}
    return in_node(MODULE, program, given)


def test_the_right_order_has_no_leak_whatever_the_book():
    for book in (LENGTHS[0], LENGTHS[-1]):
        assert "No leak" in said({"order": "split, fill, scale", "book": book})


def test_the_leak_is_told_with_its_numbers():
    now = {"order": "fill, scale, split", "scaler": "minmax", "book": 900}
    mine, right = followed(**now), followed(**(now | {"order": "split, fill, scale"}))
    trained = [i for i in range(len(ROWS)) if i not in HELD_BACK]
    pushed = np.abs(mine["scaled"][trained, 1] - right["scaled"][trained, 1]).max()
    words = said(now)
    assert "Leak: fill and scale learned from all 10 rows, 3 of them held back" in words
    assert f"by up to {pushed:.2f}" in words
    assert f"span {np.ptp(mine['scaled'][trained, 1]):.2f} instead of 1.00" in words
    assert "Leak: fill learned" in said(now | {"order": "fill, split, scale"})


def test_a_longer_book_moves_the_training_rows_in_the_leaky_order_alone():
    leaky, right = {"order": "fill, scale, split"}, {"order": "split, fill, scale"}
    assert "did not move" in said(right | {"book": 900}, right | {"book": 60}, "book")
    assert "moved by up to" in said(leaky | {"book": 900}, leaky | {"book": 60}, "book")


def test_a_row_is_told_with_its_side_and_its_values():
    assert "Row 9 is held back" in said({"row": 9}, {"row": 3}, "row")
    assert "Row 3 is a training row. It came with a gap" in said({"row": 3}, {"row": 9}, "row")


def test_the_page_reads_without_script():
    html = explore.row_through_stages()._repr_html_()
    assert "Run this cell to play." in html
    assert "a gap" in html
    assert "it learned from rows that are held back" in html
    assert "No step leaks." in explore.row_through_stages(order="split, fill, scale")._repr_html_()
    assert f"{followed('fill, scale, split', 'minmax', 60)['scaled'][2, 1]:.2f}" in html
    assert repr(explore.row_through_stages()) == (
        "Playground row_through_stages: One row through the stages. Run the cell to play."
    )


def test_the_book_goes_to_the_nearest_place_of_the_slider():
    assert explore.row_through_stages(book=70).start["book"] == 60


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"row": 0}, "row is 0"),
        ({"row": 11}, "row is 11"),
        ({"row": "3"}, "row is"),
        ({"order": "scale"}, "order is 'scale'"),
        ({"order": ["split"]}, "order is"),
        ({"scaler": "log"}, "scaler is 'log'"),
        ({"book": 1}, "book is 1"),
    ],
)
def test_bad_arguments_are_told(arguments, words):
    with pytest.raises((InvalidArgument, InvalidType)) as caught:
        explore.row_through_stages(**arguments)
    assert words in str(caught.value)
