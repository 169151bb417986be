"""The prediction trace as HTML and text: everything said in words, small, the same every time."""

from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from mlcourse import trace
from mlcourse.trace._prediction_numbers import TINY, cell, digits, spread, summary

import keras  # isort: skip

layers = keras.layers
VOID = {"br", "img", "rect", "line"}


class Page(HTMLParser):
    """Reads HTML, failing on tags that do not match, and keeps what the tests ask for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(autouse=True)
def _seed():
    keras.utils.set_random_seed(3)


def labels_model(p=(0.9, 0.47, 0.8)):
    out = layers.Dense(len(p), activation="sigmoid", name="out", kernel_initializer="zeros")
    model = keras.Sequential(
        [keras.Input((20,), name="features"), layers.Dense(64, activation="relu", name="hidden"), out],
        name="labels",
    )
    out.set_weights([np.zeros((64, len(p))), np.log(np.array(p) / (1 - np.array(p)))])
    return model


def picture_model():
    return keras.Sequential(
        [
            keras.Input((12, 12, 1), name="image"),
            layers.Conv2D(10, 3, activation="relu", name="edges"),
            layers.Dropout(0.5, name="drop"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


X = np.linspace(-1, 1, 20)
IMAGE = np.arange(144.0).reshape(12, 12, 1) / 143


def test_the_story_in_text():
    text = str(trace.prediction(labels_model(), X, class_names=["war", "love", "art"]))
    assert [line.split(" (")[0] for line in text.splitlines() if re.match(r"\d+\. ", line)] == [
        "0. features",
        "1. hidden",
        "2. out",
    ]
    assert "1. hidden (Dense): 64 numbers, 1344 parameters" in text
    assert re.search(r"after relu: 64 numbers from 0\.00 to \d\.\d\d, \d+ of them 0; the first 6: ", text)
    assert "Decision: threshold 0.5: war and art on; love missed by 0.03" in text
    assert re.search(r"war +logit   2\.20 → probability 0\.90, threshold 0\.5: on", text)
    assert re.search(r"love +logit  -0\.12 → probability 0\.47, threshold 0\.5: off, missed by 0\.03", text)
    assert "Why this rule: the last layer, 'out', ends with sigmoid" in text


def test_one_short_line():
    traced = trace.prediction(labels_model(), X)
    expected = "PredictionTrace('labels', 3 layers: threshold 0.5: labels 0 and 2 on; label 1 missed by 0.03)"
    assert repr(traced) == expected
    assert repr(traced["hidden"]) == "TracedLayer('hidden', kind='Dense', shape=(64,))"


def test_html_is_well_formed_and_says_everything_in_tables():
    html = trace.prediction(labels_model(), X, class_names=["war", "love", "art"], threshold=[0.5, 0.5, 0.6])
    html = html._repr_html_()
    page = Page(html)
    assert page.all("table")
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(th.get("scope") in {"col", "row"} for th in page.all("th"))
    for word in (
        "before sigmoid",
        "after sigmoid",
        "Threshold",
        "Verdict",
        "<strong>on</strong>",
        "missed by 0.03",
    ):
        assert word in html
    bars = page.all("svg")
    assert [bar["aria-label"] for bar in bars] == [
        "0.90 of 1, threshold at 0.5",
        "0.47 of 1, threshold at 0.5",
        "0.80 of 1, threshold at 0.6",
    ]
    assert all(bar["role"] == "img" for bar in bars)
    assert [line["x1"] for line in page.all("line")] == ["80", "80", "96"]
    assert [rect["width"] for rect in page.all("rect")][1::2] == ["144", "75", "128"]


def test_names_are_escaped():
    model = keras.Sequential(
        [keras.Input((2,)), layers.Dense(2, activation="softmax", name="a<b>&c")], name="m<i>"
    )
    html = trace.prediction(model, [0, 0], class_names=["<script>alert(1)</script>", 'q"uote'])._repr_html_()
    Page(html)
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert "&lt;script&gt;" in html


def test_no_script_no_handler_no_id():
    page = Page(trace.prediction(picture_model(), IMAGE)._repr_html_())
    for tag, attrs in page.tags:
        assert tag not in {"script", "link", "iframe"}
        assert not any(name == "id" or name.startswith("on") for name in attrs)


def decoded(attrs):
    image = pytest.importorskip("PIL.Image", reason="Pillow comes with matplotlib")
    return image.open(io.BytesIO(base64.b64decode(attrs["src"].removeprefix("data:image/png;base64,"))))


def test_images_and_feature_maps_are_pictures_with_words():
    traced = trace.prediction(picture_model(), IMAGE)
    image, maps = Page(traced._repr_html_()).all("img")
    assert image["alt"] == (
        "Grey image, 12 rows and 12 columns, from 0.00 to 1.00, 1 of 144 are 0: dark is 0.00, bright is 1.00."
    )
    assert maps["alt"].startswith("The first 8 of 10 feature maps, each 10 × 10, values from 0.00 to ")
    seen = np.asarray(decoded(image).convert("L"))
    assert seen.shape == (12, 12)
    assert (np.diff(seen.astype(int).reshape(-1)) >= 0).all()  # as bright as the values are high
    tiles = decoded(maps)
    assert tiles.size == (8 * 10 + 7, 10)
    seen, values = np.asarray(tiles.convert("L")).astype(float), traced["edges"].values
    for i in range(8):
        tile = seen[:, 11 * i : 11 * i + 10].reshape(-1)
        channel = values[:, :, i].reshape(-1)
        # Shades rise with the values; 15 levels leave a value at most half a level off.
        np.testing.assert_allclose((tile / 17 - 1) / 14, channel / values.max(), atol=0.51 / 14)
    assert tiles.info["transparency"] == 0


def test_colour_images_keep_their_colours():
    model = keras.Sequential(
        [keras.Input((4, 6, 3)), layers.Flatten(), layers.Dense(2, activation="softmax")]
    )
    x = np.random.default_rng(0).integers(0, 256, (4, 6, 3))
    (image,) = Page(trace.prediction(model, x)._repr_html_()).all("img")
    np.testing.assert_array_equal(np.asarray(decoded(image)), x)
    assert image["alt"].startswith("Colour image of 4 × 6 pixels, values from ")


def test_large_images_are_thinned_and_say_so():
    model = keras.Sequential([keras.Input((200, 150, 1)), layers.GlobalAveragePooling2D(), layers.Dense(2)])
    (image,) = Page(
        trace.prediction(model, np.random.default_rng(0).random((200, 150, 1)))._repr_html_()
    ).all("img")
    assert decoded(image).size == (38, 50)
    assert "one pixel in 4 shown, each way" in image["alt"]


def test_a_deep_network_stays_small_and_complete():
    deep = []
    for i in range(60):
        deep += [layers.Conv2D(8, 3, padding="same", name=f"conv{i}"), layers.ReLU(name=f"relu{i}")]
    model = keras.Sequential(
        [keras.Input((64, 64, 3)), *deep, layers.Flatten(), layers.Dense(1000, activation="softmax")]
    )
    traced = trace.prediction(model, np.random.default_rng(0).random((64, 64, 3)))
    html = traced._repr_html_()
    page = Page(html)
    assert len(html) < 150_000
    assert all(f"<code>{layer.name}</code>" in html for layer in traced)
    assert len(page.all("img")) == 12
    assert "988 less probable ones" in html


def test_the_same_to_the_letter():
    model = picture_model()
    assert trace.prediction(model, IMAGE)._repr_html_() == trace.prediction(model, IMAGE)._repr_html_()


def test_inactive_layers_and_nested_models_show_no_numbers_twice():
    inner = keras.Sequential([keras.Input((2,)), layers.Dense(2, name="deep")], name="inner")
    model = keras.Sequential([keras.Input((2,)), inner, layers.Dropout(0.5, name="drop"), layers.Dense(2)])
    traced = trace.prediction(model, [1.0, 2.0])
    assert "Inactive" in traced["drop"].does
    assert str(traced).count("values: ") == 3  # the input, deep, the output
    assert len(Page(traced._repr_html_()).all("table")) == 4  # and the decision


def test_a_closed_model_says_so_in_every_view():
    class Closed(keras.Model):
        def call(self, x):
            return x * 1.0

    model = Closed()
    model(np.zeros((1, 3)))
    traced = trace.prediction(model, [0.2, 0.3, 0.5])
    assert "can be seen into" in str(traced)
    assert "can be seen into" in traced._repr_html_()


@pytest.mark.parametrize(
    ("values", "decimals", "words"),
    [
        ([1.0, 20.0, -3.0], 0, "1, 20, -3"),
        ([0.5, 20.0], 2, "0.50, 20.00"),
        ([0.012, -0.05], 3, "0.012, -0.050"),
        ([0.0012], 4, "0.0012"),
        ([3.21e-9, 0.0, -4e-7], TINY, "3.2e-09, 0, -4.0e-07"),
        ([1500.25], 1, "1500.2"),
        ([0.5, np.nan], 2, "0.50, NaN"),
        (np.zeros(40), 0, "40 numbers from 0 to 0, 40 of them 0; the first 6: 0, 0, 0, 0, 0, 0"),
    ],
)
def test_numbers_in_words(values, decimals, words):
    values = np.asarray(values)
    assert (digits(values), summary(values)) == (decimals, words)


def test_texts_in_words():
    texts = np.array(["a", "b"], dtype=object)
    assert (summary(texts), spread(texts)) == ("“a”, “b”", "2 texts")
    assert len(cell("x" * 500)) == 82
