"""The figures as drawn: opaque, light, legible, without pyplot, never by colour alone, with alt text."""

from __future__ import annotations

import base64
import copy
import io
import pickle
import re

import matplotlib as mpl
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from mlcourse import _palette, plots
from mlcourse.plots._draw import _sheet
from mlcourse.plots._draw._display import png

RNG = np.random.default_rng(0)
Y = (RNG.random((300, 4)) < [0.2, 0.4, 0.6, 0.5]).astype(int)
P = np.clip(0.3 + 0.4 * Y + RNG.normal(0, 0.25, Y.shape), 0, 1)
DIGITS = RNG.integers(0, 10, 400)
ANSWERS = np.where(RNG.random(400) < 0.9, DIGITS, RNG.integers(0, 10, 400))
SOFTMAX = np.eye(10)[ANSWERS] * 0.7 + 0.03
HISTORY = {
    "loss": [0.65, 0.48, 0.39, 0.33, 0.30],
    "val_loss": [0.60, 0.50, 0.45, 0.49, 0.55],
    "accuracy": [0.6, 0.7, 0.78, 0.81, 0.84],
    "val_accuracy": [0.62, 0.7, 0.75, 0.74, 0.73],
}
PLANE = RNG.normal(0, 1, (120, 2))


class Thirds:
    """Three classes, by the angle; no library is needed to draw its regions."""

    def predict(self, X):
        return ((np.arctan2(X[:, 1], X[:, 0]) + np.pi) / (2 * np.pi) * 2.999).astype(int)


FIGURES = {
    "curves": lambda **o: plots.curves(HISTORY, **o),
    "curves of one metric": lambda **o: plots.curves({"loss": [3.0, 2.0]}, **o),
    "curves that break": lambda **o: plots.curves({"loss": [0.7, 1.5, float("nan")]}, **o),
    "curves without a number": lambda **o: plots.curves({"loss": [float("nan")]}, **o),
    "curves of 3000 epochs": lambda **o: plots.curves({"loss": list(np.exp(-np.arange(3000) / 500))}, **o),
    "confusion": lambda **o: plots.confusion(DIGITS, ANSWERS, **o),
    "confusion of shares": lambda **o: plots.confusion(DIGITS, ANSWERS, normalize="true", **o),
    "confusion of labels": lambda **o: plots.confusion(Y, P >= 0.5, **o),
    "confusion of 60": lambda **o: plots.confusion(np.arange(60), np.arange(60), **o),
    "per_class": lambda **o: plots.per_class(DIGITS, np.where(ANSWERS == 3, 2, ANSWERS), **o),
    "threshold": lambda **o: plots.threshold(Y, P, label=1, **o),
    "threshold of all": lambda **o: plots.threshold(Y, P, threshold=0.3, **o),
    "roc_pr": lambda **o: plots.roc_pr(Y, P, **o),
    "roc_pr of one": lambda **o: plots.roc_pr(Y[:, 0], P[:, 0], **o),
    "roc_pr of ten": lambda **o: plots.roc_pr(DIGITS, SOFTMAX, **o),
    "reliability": lambda **o: plots.reliability(Y, P, **o),
    "reliability of ten": lambda **o: plots.reliability(DIGITS, SOFTMAX, **o),
    "label_matrix": lambda **o: plots.label_matrix(Y, **o),
    "label_matrix of shares": lambda **o: plots.label_matrix(Y, normalize="row", **o),
    "decision_regions": lambda **o: plots.decision_regions(
        Thirds(), PLANE, Thirds().predict(PLANE + 0.1), **o
    ),
    "images": lambda **o: plots.images(RNG.random((24, 8, 8)), DIGITS[:24], **o),
    "images with answers": lambda **o: plots.images(
        RNG.random((24, 8, 8)), DIGITS[:24], y_pred=ANSWERS[:24], **o
    ),
    "images in colour": lambda **o: plots.images(np.ones((3, 8, 8, 3)) * [0.2, 0.4, 0.9], **o),
}


@pytest.fixture(params=FIGURES)
def make(request):
    return FIGURES[request.param]


def test_every_figure_is_light_opaque_and_says_what_it_shows(make):
    figure = make()
    assert type(figure) is Figure
    assert figure.alt[0].isupper() or figure.alt[0].isdigit()
    assert figure.alt.endswith(".")
    assert 25 < len(figure.alt) < 450
    assert not re.search(r"nan|None|array|\[|  ", figure.alt)
    data, width, height = png(figure)
    assert len(data) < 60_000
    image = Image.open(io.BytesIO(data))
    assert image.size == (pytest.approx(2 * width, abs=1), pytest.approx(2 * height, abs=1))
    assert image.convert("RGBA").getpixel((1, 1)) == (255, 255, 255, 255)
    assert 300 <= width <= 960
    written = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    assert min((t.get_fontsize() for t in written), default=9) >= 9


def test_no_figure_is_left_with_pyplot_and_no_setting_changed(make):
    before = dict(mpl.rcParams)
    make()
    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == before


def test_an_axes_of_ones_own_is_drawn_into(make):
    mine, (left, right) = plt.subplots(1, 2)
    try:
        left.plot([1, 2])
        figure = make(ax=right)
        assert figure is mine
        assert figure.alt.endswith(".")
        assert left.has_data()
        assert len(left.lines) == 1
        assert right.get_children()
    finally:
        plt.close(mine)


def test_two_drawings_in_one_figure_are_both_said():
    mine = Figure()
    one, two = mine.subplots(1, 2)
    plots.curves({"loss": [0.6, 0.3]}, ax=one)
    figure = plots.label_matrix([[1, 0], [1, 1]], ax=two)
    assert figure.alt.startswith(
        "Plot 1 of 2: Loss falls from 0.60 to 0.30 over 2 epochs. Plot 2 of 2: Which"
    )
    plots.curves({"loss": [0.6, 0.9]}, ax=one)  # drawn again: said once
    assert figure.alt.startswith("Plot 1 of 2: Loss rises")
    assert figure.alt.count("Plot") == 2


def test_a_panel_of_a_subfigure_belongs_to_the_whole_figure():
    mine = Figure()
    sub = mine.subfigures(1, 2)[0]
    assert plots.curves({"loss": [0.6, 0.3]}, ax=sub.subplots()) is mine


@pytest.mark.parametrize("style", ["default", "dark_background", "ggplot"])
def test_the_readers_style_does_not_matter(style):
    with plt.style.context(style):
        data, *_ = png(plots.curves(HISTORY))
    assert data == png(plots.curves(HISTORY))[0]


def test_a_transparent_figure_is_set_on_white_and_stays_as_it_was():
    mine = Figure(facecolor="none", dpi=72)
    figure = plots.curves({"loss": [0.6, 0.3]}, ax=mine.subplots())
    canvas = mine.canvas
    png(figure)
    assert (mine.canvas, mine.dpi, mine.get_facecolor()[3]) == (canvas, 72, 0)
    assert Image.open(io.BytesIO(png(figure)[0])).convert("RGB").getpixel((1, 1)) == (255, 255, 255)


# Not by colour alone


def test_lines_differ_in_dash_and_marker():
    for ax in plots.curves(HISTORY).axes:
        training, validation = ax.lines[:2]
        assert training.get_linestyle() != validation.get_linestyle()
        assert training.get_marker() != validation.get_marker()
        assert {t.get_text() for t in ax.texts} >= {"training", "validation"}
    lines = plots.threshold(Y, P).axes[0].lines[:3]
    assert len({line.get_linestyle() for line in lines}) == len({line.get_marker() for line in lines}) == 3
    for ax in plots.roc_pr(Y, P).axes:
        named = [line for line in ax.lines if not line.get_label().startswith("_")]
        assert len({line.get_linestyle() for line in named}) == len(named) == 4


def test_bars_differ_in_hatch():
    hatches = [c.patches[0].get_hatch() for c in plots.per_class(DIGITS, ANSWERS).axes[0].containers]
    assert len(set(hatches)) == 3


def test_regions_carry_their_names_and_classes_their_markers():
    figure = plots.decision_regions(Thirds(), PLANE, Thirds().predict(PLANE), class_names=["a", "b", "c"])
    assert {t.get_text() for t in figure.axes[0].texts} == {"a", "b", "c"}
    (legend,) = figure.legends
    assert len({h.get_marker() for h in legend.legend_handles}) == 3


def test_a_wrong_image_is_marked_by_a_cross_and_words():
    figure = plots.images(np.zeros((2, 4, 4)), [0, 1], y_pred=[0, 0], class_names=["cat", "dog"])
    assert [t.get_text() for t in figure.axes[0].texts] == ["cat", "✗ cat\nis dog"]


# Numbers in the figures


def test_every_cell_reads_on_its_shade():
    figure = plots.confusion(DIGITS, ANSWERS, normalize="true")
    ax = figure.axes[0]
    mesh = ax.collections[0]
    assert len(ax.texts) == 100
    for cell in ax.texts:
        column, row = (int(v) for v in cell.get_position())
        shade = to_hex(mesh.cmap(mesh.norm(mesh.get_array()[row, column])))
        assert _palette.contrast(to_hex(cell.get_color()), shade) >= 4.1


def test_the_cells_are_the_counts():
    ax = plots.confusion([0, 0, 1], [0, 1, 1], class_names=["cat", "dog"]).axes[0]
    assert [t.get_text() for t in ax.texts] == ["1", "1", "0", "1"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["cat", "dog"]


def test_a_class_that_was_never_predicted_is_marked_in_the_figure():
    ax = plots.per_class([0, 1, 2], [0, 1, 1]).axes[0]
    assert "never predicted" in {t.get_text() for t in ax.texts}


def test_the_bins_show_how_many_predictions_they_hold():
    figure = plots.reliability([0, 1, 1], [0.05, 0.95, 0.97])
    assert [t.get_text() for t in figure.axes[1].texts] == ["1", *["0"] * 8, "2"]


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [
        ([0.2, 0.8], [0.2, 0.8]),
        ([0.5, 0.5], [0.5, 0.6]),
        ([1.0, 1.0, 1.0], [0.8, 0.9, 1.0]),
        ([0.9, -0.5], [0.9, 0.0]),
        ([], []),
    ],
)
def test_labels_are_moved_apart_within_bounds(wanted, placed):
    assert _sheet.apart(wanted, 0.1, 0.0, 1.0) == pytest.approx(placed)


@pytest.mark.parametrize("colour", _palette.CYCLE)
def test_coloured_words_read_on_white(colour):
    assert _palette.contrast(_sheet.darker(colour), _palette.PAPER) >= 4.5


# How it reaches the reader


@pytest.fixture
def shell():
    """IPython as a notebook has it, the inline backend's formatter for Figure registered."""
    found = InteractiveShell.instance()
    drawn_by_backend = []
    formatter = found.display_formatter.formatters["image/png"]
    formatter.for_type(Figure, lambda figure: drawn_by_backend.append(figure) or "AAAA")
    found.drawn_by_backend = drawn_by_backend
    yield found
    InteractiveShell.clear_instance()


def test_a_notebook_gets_the_alt_text_in_every_form(shell):
    figure = plots.confusion([0, 1], [0, 1], class_names=['<b>"x"</b>', "y & z"])
    with capture_output() as caught:
        display(figure)
    (output,) = caught.outputs
    data, metadata = output.data, output.metadata
    assert set(data) == {"text/html", "image/png", "text/plain"}
    assert data["text/plain"] == f"Figure: {figure.alt}"
    assert metadata["image/png"]["alt"] == figure.alt
    assert shell.drawn_by_backend == []  # ours comes first, and the figure is drawn once
    (image,) = re.findall(r"<img [^>]*>", data["text/html"])
    assert data["text/html"] == image
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert f"base64,{data['image/png']}" in image


def test_names_cannot_break_out_of_the_alt_text():
    figure = plots.confusion([0, 1], [1, 0], class_names=['<script>"', "'&"])
    html = figure._repr_mimebundle_()[0]["text/html"]
    assert 'alt="Confusion matrix' in html
    assert "<script>" not in html
    assert "&lt;script&gt;&quot;" in html


def test_a_plain_figure_of_the_reader_is_left_to_matplotlib(shell):
    data, _ = shell.display_formatter.format(Figure())
    assert "text/html" not in data
    assert len(shell.drawn_by_backend) == 1


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_figure_can_be_saved(tmp_path, ending):
    path = tmp_path / f"figure.{ending}"
    plots.roc_pr(Y, P).savefig(path)
    assert path.stat().st_size > 5000


def test_a_figure_can_be_copied_and_pickled():
    figure = plots.curves(HISTORY)
    for twin in (pickle.loads(pickle.dumps(figure)), copy.deepcopy(figure)):
        assert twin.alt == figure.alt
        assert twin._repr_mimebundle_()[0]["text/plain"] == f"Figure: {figure.alt}"


def test_axes_of_the_reader_keep_their_type():
    assert isinstance(plots.curves(HISTORY).axes[0], Axes)
