"""The output layer's playground: the browser computes what SciPy does; bad arguments; the page itself."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logsumexp, softmax

from mlcourse import explore
from mlcourse._errors import InvalidArgument, InvalidType
from tests.node import in_node

LOGITS = [[2.0, 1.0, 0.1, -1.0], [10.0, -10.0, 0.0], [5.0], [-700.0, 700.0], [3.0, 3.0]]
PROGRAM = """return given.map(([z, t]) => ({
  softmax: module.softmax(z, t), sigmoid: z.map((v) => module.sigmoid(v)),
  sum: module.logSumExp(z), best: module.argmax(z),
}));"""


def test_the_browsers_functions_are_scipys_and_do_not_overflow():
    cases = [[z, t] for z in LOGITS for t in (0.1, 1.0, 10.0)]
    answers = in_node("explore_math.mjs", PROGRAM, cases)
    for (logits, temperature), made in zip(cases, answers, strict=True):
        np.testing.assert_allclose(made["softmax"], softmax(np.array(logits) / temperature), atol=1e-12)
        np.testing.assert_allclose(made["sigmoid"], expit(logits), atol=1e-12)
        assert made["sum"] == pytest.approx(logsumexp(logits))
        assert made["best"] == int(np.argmax(logits))


def test_the_page_reads_without_script_and_says_both_sums():
    element = explore.output_layer()
    html = element._repr_html_()
    assert "Run this cell to play." in html
    assert "<table>" in html
    assert f"{expit([2.0, 1.0, 0.1, -1.0]).sum():.2f}" in html
    assert f"{softmax([2.0, 1.0, 0.1, -1.0])[0]:.2f}" in html
    assert repr(element).startswith("Playground output_layer")


def test_names_are_escaped():
    html = explore.output_layer([1, 2], class_names=["<script>", "b"])._repr_html_()
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([],), "logits has 0"),
        ((3,), "logits is 3"),
        (([1] * 9,), "logits has 9"),
        (([1, "a"],), "logits[1]"),
        (([99],), "logits[0] is 99"),
        (([1, 2], ["a"]), "class_names is"),
        (([1, 2], "ab"), "class_names is"),
        (([1, 2], ["a", "a"]), "different names"),
    ],
)
def test_bad_arguments_are_told(arguments, words):
    with pytest.raises((InvalidArgument, InvalidType)) as caught:
        explore.output_layer(*arguments)
    assert words in str(caught.value)
