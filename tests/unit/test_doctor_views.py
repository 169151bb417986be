"""How a diagnosis and the list of codes show themselves: short, as text, as HTML."""

import warnings

import keras
import numpy as np
import pytest
from keras import layers

from mlcourse import doctor
from mlcourse._errors import InvalidArgument

N = 60
X = np.random.default_rng(0).normal(size=(N, 4)).astype("float32")
CLASSES = np.arange(N) % 3
MULTI = np.stack([CLASSES > 0, CLASSES != 1, np.arange(N) % 2], axis=1).astype(int)
SCCE = "sparse_categorical_crossentropy"


def net(units=3, activation="softmax", loss=SCCE, metrics=("accuracy",), shape=(4,)):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input(shape), layers.Dense(8, "relu"), layers.Dense(units, activation=activation)]
    )
    if loss:
        model.compile("adam", loss, metrics=list(metrics))
    return model


@pytest.fixture(scope="module")
def bad():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return doctor.examine(net(3, "softmax", "binary_crossentropy"), X * 100, MULTI)


def test_the_short_form_is_one_line(bad):
    assert repr(bad) == "<Diagnosis: 1 error, 1 warning>"
    assert repr(doctor.examine(net(), X, CLASSES)) == "<Diagnosis: nothing found>"
    assert repr(doctor.codes()) == f"<Codes: {len(doctor.codes())} mistakes the doctor knows>"


def test_the_text_says_all_of_it(bad):
    text = str(bad)
    assert text == bad.text
    for finding in bad.findings:
        assert finding.code in text
        assert finding.fix.splitlines()[-1] in text
    plain = " ".join(text.split())
    for part in (
        *(f.why for f in bad.findings),
        *(f.evidence for f in bad.findings),
        bad.looked_at,
        *bad.not_judged,
    ):
        assert " ".join(part.split()) in plain
    prose = [line for line in text.splitlines() if not line.startswith(("  fix", "        "))]
    assert max(map(len, prose)) <= 100


def test_the_html_says_all_of_it_and_is_escaped(bad):
    from html import escape, unescape
    from html.parser import HTMLParser

    page = bad._repr_html_()
    for finding in bad.findings:
        assert escape(finding.fix.splitlines()[0]) in page
        assert finding.why in unescape(page)
    assert 'role="region"' in page

    class Balanced(HTMLParser):
        open: list[str] = []  # noqa: RUF012 - one parser only

        def handle_starttag(self, tag, _attrs):
            if tag != "br":
                self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

    checker = Balanced()
    checker.feed(page.split("</style>")[1])
    assert checker.open == []


def test_names_of_the_student_are_escaped():
    model = net(loss=None)
    model.compile("adam", {"<b>": lambda _, b: keras.ops.mean(b)}["<b>"])
    page = doctor.examine(model, X, np.array(["<script>", "b", "c"])[CLASSES])._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_same_diagnosis_is_shown_the_same_way(bad):
    assert bad._repr_html_() == bad._repr_html_()
    again = doctor.examine(net(3, "softmax", "binary_crossentropy"), X * 100, MULTI)
    assert str(again) == str(bad)


def test_records_are_frozen(bad):
    import dataclasses

    for record in (bad, bad.findings[0], next(iter(doctor.codes()))):
        with pytest.raises(dataclasses.FrozenInstanceError):
            record.code = "x"


def test_the_codes_explain_themselves():
    codes = doctor.codes()
    text, page = str(codes), codes._repr_html_()
    for entry in codes:
        assert entry.code in text
        assert entry.code in page
        assert entry.severity in ("error", "warning", "hint")
        assert codes[entry.code] is entry
    with pytest.raises(InvalidArgument, match="code is 'nonsense'"):
        codes["nonsense"]
