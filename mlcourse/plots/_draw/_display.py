"""How a figure reaches the reader: once, with its alt text, in a notebook and on a static page.

JupyterLab shows an `image/png` output without an alt attribute, whatever its
metadata say, and nbconvert's default template does too. Both, and VS Code and
myst-nb, show `text/html` first and keep the `alt` of its `<img>`, in notebooks
that are not trusted as well. So a figure is sent as that; as `image/png` for
what takes no HTML (a PDF, tools that collect pictures); and as `text/plain`,
which is the alt text itself.
"""

from __future__ import annotations

import base64
import sys
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mlcourse._html import escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Pixels for each pixel of the page: sharp on screens with small pixels.
_SHARP: Final = 2
# Flat colours with soft edges: so many keep every flat colour and make the file half as large.
_COLOURS: Final = 256
_INLINE: Final = ("inline", "module://matplotlib_inline.backend_inline")


def attach(figure: Figure, ax: Axes, alt: str, *, photo: bool = False) -> Figure:
    """Give a figure the alt text of one of its drawings, and have notebooks show it.

    A figure with several drawings says them all, in the order in which they were made. `photo`
    says that it holds pictures in colour, whose colours must all be kept.
    """
    said: dict[Axes, str] = getattr(figure, "_mlcourse_alts", {})
    said[ax] = alt
    texts = list(said.values())
    if len(texts) > 1:
        texts = [f"Plot {i} of {len(texts)}: {text}" for i, text in enumerate(texts, 1)]
    extra: Any = figure
    extra._mlcourse_alts = said  # noqa: SLF001 - kept on the figure, so that it lives as long
    extra._mlcourse_photo = photo or getattr(figure, "_mlcourse_photo", False)  # noqa: SLF001
    extra.alt = " ".join(texts)
    # On the object, not the class: a figure that was passed in is of a class that is not ours.
    extra._repr_mimebundle_ = partial(_bundle, figure)
    # Once pyplot is imported, the inline backend's formatter for Figure would draw the figure a second
    # time, for image/png, and IPython prefers it to the bundle. This method comes before both.
    extra._ipython_display_ = partial(_show, figure)
    return figure


def png(figure: Figure) -> tuple[bytes, int, int]:
    """Draw a figure; return the file, and its width and height on the page in CSS pixels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    # On a canvas of its own, not by savefig, which gives the pixels without their width and height.
    before = figure.canvas, figure.dpi, figure.get_facecolor()
    canvas = FigureCanvasAgg(figure)
    try:
        figure.set_dpi(before[1] * _SHARP)
        if not _opaque(figure):  # else dark text would end up on a dark page
            figure.set_facecolor("white")
        canvas.draw()  # type: ignore[no-untyped-call]
        pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        image = Image.fromarray(pixels).convert("RGB")
    finally:
        figure.set_dpi(before[1])
        figure.set_facecolor(before[2])
        figure.set_canvas(before[0])
    width, height = image.size
    if not getattr(figure, "_mlcourse_photo", False):
        image = image.quantize(_COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    out = BytesIO()
    image.save(out, format="png", optimize=True)
    return out.getvalue(), round(width / _SHARP), round(height / _SHARP)


def _opaque(figure: Figure) -> bool:
    from matplotlib.colors import to_rgba

    return to_rgba(figure.get_facecolor())[3] == 1


def _bundle(figure: Figure, **_wanted: Any) -> tuple[dict[str, str], dict[str, Any]]:
    # IPython says which forms it wants (include, exclude) and drops the others itself.
    data, width, height = png(figure)
    alt: str = getattr(figure, "alt", "")
    code = base64.b64encode(data).decode("ascii")
    html = (
        f'<img src="data:image/png;base64,{code}" width="{width}"'
        f' style="max-width: 100%; height: auto" alt="{escape(alt)}">'
    )
    _shown(figure)
    return (
        {"text/html": html, "image/png": code, "text/plain": f"Figure: {alt}"},
        {"image/png": {"width": width, "height": height, "alt": alt}},
    )


def _show(figure: Figure) -> None:
    from IPython.display import publish_display_data

    data, metadata = _bundle(figure)
    publish_display_data(data, metadata)  # type: ignore[no-untyped-call]


def _shown(figure: Figure) -> None:
    """Tell pyplot that its figure is shown, lest the inline backend shows it again after the cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    number = getattr(figure, "number", None)
    if pyplot is not None and number is not None and pyplot.get_backend().lower() in _INLINE:
        pyplot.close(figure)
