"""The sheet that every figure is drawn on: its look, its panels, its direct labels."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from mlcourse import _palette
from mlcourse._errors import InvalidType, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

# Everything is dark on white, whatever the reader's theme or Matplotlib style.
_LOOK: Final[dict[str, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "text.color": _palette.INK,
    "axes.labelcolor": _palette.INK,
    "axes.titlecolor": _palette.INK,
    "axes.edgecolor": "#555555",
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "axes.facecolor": _palette.PAPER,
    "figure.facecolor": _palette.PAPER,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.prop_cycle": "cycler('color', ['#0072B2'])",
    "lines.linewidth": 2,
    "lines.markersize": 5,
    "hatch.linewidth": 0.8,
    "image.interpolation": "nearest",
}
GRID: Final = "#E3E3E3"
GREY: Final = "#6B6B6B"
DPI: Final = 100


@contextmanager
def look() -> Iterator[None]:
    """Draw with Matplotlib's defaults and the course's look; the reader's settings come back after."""
    import matplotlib as mpl

    settings: Any = _LOOK  # Matplotlib types each name by itself
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(settings)
        yield


def panels(
    ax: Any,
    *,
    width: float,
    height: float,
    rows: int = 1,
    columns: int = 1,
    heights: Sequence[float] | None = None,
) -> tuple[Figure, list[Axes], Axes]:
    """Return a figure, `rows` × `columns` axes row by row, and the axes the drawing is known by.

    Without `ax` the figure is new, `width` × `height` inches. An `ax` that was
    passed in is used as it is, or divided if more than one panel is needed.
    """
    from matplotlib.axes import Axes as AnyAxes
    from matplotlib.figure import Figure as NewFigure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    ratios = list(heights) if heights is not None else [1.0] * rows
    if ax is None:
        engine = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08)
        figure = NewFigure(figsize=(width, height), dpi=DPI, layout=engine)
        made = figure.subplots(rows, columns, squeeze=False, gridspec_kw={"height_ratios": ratios})
        found: list[Axes] = list(made.ravel())
        return figure, found, found[0]
    if not isinstance(ax, AnyAxes):
        hint = ": pass one of them, like axes[0]" if hasattr(ax, "__len__") else ""
        raise InvalidType(f"ax is {shown(ax)}, but must be one Matplotlib Axes{hint}.")
    figure = ax.get_figure(root=True)  # type: ignore[assignment]
    if rows == columns == 1:
        return figure, [ax], ax
    ax.set_axis_off()
    gap_x, gap_y, total = (0.4 if columns == 2 else 0.28) / columns, 0.3 / rows, sum(ratios)
    room = 1 - gap_y * (rows - 1)
    found, top = [], 1.0
    for ratio in ratios:
        high = room * ratio / total
        wide = (1 - gap_x * (columns - 1)) / columns
        found += [ax.inset_axes((c * (wide + gap_x), top - high, wide, high)) for c in range(columns)]
        top -= high + gap_y
    return figure, found, ax


def shades(top: str = _palette.BLUE) -> LinearSegmentedColormap:
    """Return the colours of a heat map: white to `top`."""
    from matplotlib.colors import LinearSegmentedColormap as Colours

    return Colours.from_list("mlcourse", [_palette.PAPER, _palette.mixed(top, 0.45), top])


def heat(
    ax: Axes,
    values: Any,
    cells: Sequence[Sequence[str]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    top: float,
) -> None:
    """Draw a matrix as shaded cells, each with its text in the ink that reads best on it.

    Beyond 20 classes there is no room for the texts; the shades remain.
    """
    from matplotlib.colors import to_hex

    colours = shades()
    # A mesh with edges is drawn in half the time of an image with a grid over it. The edges are there so
    # that neighbours of one shade stay two cells.
    ax.pcolormesh(values, cmap=colours, vmin=0, vmax=top or 1, edgecolors="#BBBBBB", linewidth=0.7)
    ax.invert_yaxis()
    size = 10 if len(columns) <= 12 else 9
    for i, row in enumerate(cells if len(columns) <= 20 else ()):
        for j, text in enumerate(row):
            colour: Any = colours(float(values[i][j]) / (top or 1))
            ink = _palette.ink_on(to_hex(colour))
            cell = ax.text(j + 0.5, i + 0.5, text, ha="center", va="center", size=size, color=ink)
            cell.set_in_layout(False)  # it stays inside the axes; measuring each takes long
    step = -(-len(columns) // 25)  # of very many names every second, third, ... has room
    across, down = columns[::step], rows[::step]
    slant = max(map(len, across)) * len(across) > 52
    ax.set_xticks(
        [j + 0.5 for j in range(0, len(columns), step)],
        across,
        rotation=45 if slant else 0,
        ha="right" if slant else "center",
        rotation_mode="anchor" if slant else "default",
    )
    ax.set_yticks([i + 0.5 for i in range(0, len(rows), step)], down)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def grid(ax: Axes, axis: str = "both") -> None:
    """Draw faint lines behind everything else."""
    ax.grid(visible=True, axis=axis, color=GRID, linewidth=0.8)  # type: ignore[arg-type]
    ax.set_axisbelow(True)


def end_labels(ax: Axes, ends: Sequence[tuple[float, float, str, str]]) -> None:
    """Write each line's name at its end `(x, y, name, colour)`, moved apart where they would touch."""
    box = ax.get_position()
    low, high = ax.get_ylim()
    points = box.height * ax.figure.get_figheight() * 72  # type: ignore[union-attr]
    gap = 12.5 / max(points, 1) * (high - low)
    for (x, y, name, colour), at in zip(ends, apart([e[1] for e in ends], gap, low, high), strict=True):
        shift = (at - y) / (high - low) * points
        ax.annotate(
            name,
            (x, y),
            (7, shift),
            textcoords="offset points",
            va="center",
            color=darker(colour),
            size=9.5,
            annotation_clip=False,
        )


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move positions as little as leaves `gap` between neighbours and, if there is room, within bounds."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [min(max(wanted[i], low), high) for i in order]
    for k in range(1, len(placed)):
        placed[k] = max(placed[k], placed[k - 1] + gap)
    if placed and placed[-1] > high:
        placed[-1] = high
        for k in range(len(placed) - 2, -1, -1):
            placed[k] = min(placed[k], placed[k + 1] - gap)
    found = [0.0] * len(wanted)
    for k, i in enumerate(order):
        found[i] = placed[k]
    return found


def darker(colour: str, paper: str = _palette.PAPER) -> str:
    """Return the colour dark enough for small text: 4.5 : 1 on its paper (WCAG 2.2, 1.4.3)."""
    share = 1.0
    found = colour
    while _palette.contrast(found, paper) < 4.5:
        share -= 0.04
        found = _palette.mixed(colour, share, "#000000")
    return found


def clipped(text: str, limit: int = 22) -> str:
    """Cut a long name for a tick or a title."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
