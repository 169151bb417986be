"""Playgrounds: small machines to play with, which answer in the browser, with or without a kernel."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlcourse.explore._baskets import baskets
    from mlcourse.explore._calibration import calibration
    from mlcourse.explore._capacity import capacity
    from mlcourse.explore._convolution import convolution
    from mlcourse.explore._decision_map import decision_map
    from mlcourse.explore._descent import descent
    from mlcourse.explore._drift import drift
    from mlcourse.explore._imbalance import imbalance
    from mlcourse.explore._loss import loss
    from mlcourse.explore._output_layer import output_layer
    from mlcourse.explore._playground import Playground
    from mlcourse.explore._prediction import prediction
    from mlcourse.explore._quantization import quantization
    from mlcourse.explore._resampling import resampling
    from mlcourse.explore._row_through_stages import row_through_stages
    from mlcourse.explore._threshold import threshold

__all__ = [
    "Playground",
    "baskets",
    "calibration",
    "capacity",
    "convolution",
    "decision_map",
    "descent",
    "drift",
    "imbalance",
    "loss",
    "output_layer",
    "prediction",
    "quantization",
    "resampling",
    "row_through_stages",
    "threshold",
]

# Where each public name lives; a new playground is one line here, one above and one in __all__.
_HOME = {
    "Playground": "_playground",
    "baskets": "_baskets",
    "calibration": "_calibration",
    "capacity": "_capacity",
    "convolution": "_convolution",
    "decision_map": "_decision_map",
    "descent": "_descent",
    "drift": "_drift",
    "imbalance": "_imbalance",
    "loss": "_loss",
    "output_layer": "_output_layer",
    "prediction": "_prediction",
    "quantization": "_quantization",
    "resampling": "_resampling",
    "row_through_stages": "_row_through_stages",
    "threshold": "_threshold",
}


def __getattr__(name: str) -> Any:
    """Import a playground when it is first asked for (PEP 562)."""
    if name in _HOME:
        value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value  # the next look-up does not come here
        return value
    raise AttributeError(f"module 'mlcourse.explore' has no {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
