"""Images and feature maps of a trace as small PNG pictures, with what they show in words.

The pictures are written here, without compression and with few grey levels, so
that they are the same to the byte wherever the trace is made: image libraries
differ in how they compress, processors in the last digit of a feature map.
"""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.trace._prediction_numbers import cell, digits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mlcourse.trace._prediction_records import TracedLayer

# Longest edge in pixels of an image and of one feature map; larger ones show every second (third …) pixel.
_IMAGE_EDGE = 64
_MAP_EDGE = 28
_MAPS = 8
_LEVELS = 15  # of grey, for computed values; with the gap, four bits
_GAP = 0  # between feature maps: the level that is transparent
# Kinds that hand an image on as an image, so that three channels are colours.
_STILL_IMAGE = {
    "Input",
    "Rescaling",
    "Normalization",
    "Resizing",
    "CenterCrop",
    "Cropping2D",
    "ZeroPadding2D",
}


@dataclass(frozen=True)
class Picture:
    """A picture as a data URI, its size on the page in CSS pixels, and what it shows in words."""

    uri: str
    width: int
    height: int
    alt: str


def can_be_picture(layer: TracedLayer) -> bool:
    """Return whether a layer's values are an image, feature maps, or a table worth seeing as one."""
    shape = layer.shape
    if layer.values.dtype.kind not in "biuf" or not layer.active or layer.values.size < 16:
        return False
    return len(shape) in {2, 3} and min(shape[:2]) > 1 and bool(np.isfinite(layer.values).all())


def picture(layer: TracedLayer) -> Picture:
    """Draw a layer's values: an image, a table of numbers as shades, or the first feature maps."""
    values = layer.values.astype(np.float64)
    low, high = float(values.min()), float(values.max())
    decimals = digits(layer.values)
    zeros = int((layer.values == 0).sum())
    span = f"from {cell(low, decimals)} to {cell(high, decimals)}"
    span += f", {zeros} of {values.size} are 0" if zeros else ""
    shades = f"dark is {cell(low, decimals)}, bright is {cell(high, decimals)}"
    still = layer.kind in _STILL_IMAGE or not layer.active
    if values.ndim == 3 and values.shape[2] == 3 and still:
        small, step = _thinned(values, _IMAGE_EDGE)
        image = np.round(_scaled(small, *_ends(low, high)) * 255).astype(np.uint8)
        alt = f"Colour image of {values.shape[0]} × {values.shape[1]} pixels, values {span}{_every(step)}."
        return _picture(image, colour=True, longest=128, alt=alt)
    if values.ndim == 2 or values.shape[2] == 1:
        small, step = _thinned(values.reshape(values.shape[:2]), _IMAGE_EDGE)
        what = "Grey image" if still and values.ndim == 3 else "Values as shades"
        alt = f"{what}, {values.shape[0]} rows and {values.shape[1]} columns, {span}: {shades}{_every(step)}."
        return _picture(_grey(small, low, high), colour=False, longest=128, alt=alt)
    n_maps = min(_MAPS, values.shape[2])
    small, step = _thinned(values[:, :, :n_maps], _MAP_EDGE)
    tiles = np.full((small.shape[0], n_maps * (small.shape[1] + 1) - 1), _GAP, dtype=np.uint8)
    for i in range(n_maps):
        start = i * (small.shape[1] + 1)
        tiles[:, start : start + small.shape[1]] = _grey(small[:, :, i], low, high)
    alt = (
        f"The first {n_maps} of {values.shape[2]} feature maps, each {values.shape[0]} × {values.shape[1]}, "
        f"values {span}: {shades}{_every(step)}."
    )
    return _picture(tiles, colour=False, longest=72 * n_maps, alt=alt)


def _thinned(values: NDArray[np.float64], edge: int) -> tuple[NDArray[np.float64], int]:
    """Return every n-th row and column, so that no edge is longer than `edge`, and n."""
    step = max(1, -(-max(values.shape[:2]) // edge))
    return values[::step, ::step], step


def _every(step: int) -> str:
    return f"; one pixel in {step} shown, each way" if step > 1 else ""


def _ends(low: float, high: float) -> tuple[float, float]:
    """Return which values are black and white: 0 to 1 and 0 to 255 are kept as they are."""
    if low >= 0:
        return (0.0, 1.0) if high <= 1 else (0.0, 255.0) if high <= 255 else (low, high)
    return low, high


def _scaled(values: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    return (values - low) / ((high - low) or 1.0)


def _grey(values: NDArray[np.float64], low: float, high: float) -> NDArray[np.uint8]:
    return np.round(_scaled(values, low, high) * (_LEVELS - 1) + 1).astype(np.uint8)


def _picture(pixels: NDArray[np.uint8], *, colour: bool, longest: int, alt: str) -> Picture:
    height, width = pixels.shape[:2]
    scale = max(1, longest // max(height, width))
    encoded = base64.b64encode(_png(pixels, colour=colour)).decode("ascii")
    return Picture(f"data:image/png;base64,{encoded}", width * scale, height * scale, alt)


def _png(pixels: NDArray[np.uint8], *, colour: bool) -> bytes:
    """Write a PNG file (ISO/IEC 15948): 8-bit colour, or 4-bit grey, uncompressed."""
    height, width = pixels.shape[:2]
    rows: NDArray[Any]
    if colour:
        rows = pixels.reshape(height, -1)
    else:
        even = np.pad(pixels, ((0, 0), (0, width % 2)))
        rows = (even[:, ::2] << 4) | even[:, 1::2]
    data = b"".join(b"\0" + row.tobytes() for row in rows.astype(np.uint8))

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8 if colour else 4, 2 if colour else 0, 0, 0, 0)
    clear = b"" if colour else chunk(b"tRNS", struct.pack(">H", _GAP))
    parts = [chunk(b"IHDR", head), clear, chunk(b"IDAT", _stored(data)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _stored(data: bytes) -> bytes:
    """Wrap bytes as a zlib stream (RFC 1950, 1951) of stored blocks, the same from any zlib."""
    most = 0xFFFF
    blocks = [data[i : i + most] for i in range(0, len(data), most)]
    body = b"".join(
        struct.pack("<BHH", i == len(blocks) - 1, len(block), len(block) ^ most) + block
        for i, block in enumerate(blocks)
    )
    return b"\x78\x01" + body + struct.pack(">I", zlib.adler32(data))
