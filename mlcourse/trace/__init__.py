"""Traces: the data as it flows, the training as it happens, a prediction layer by layer.

Each trace is a record first and a view second, and loads when it is first
used: importing `mlcourse.trace` imports neither TensorFlow nor scikit-learn.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlcourse.trace._data_flow import DataFlow, data_flow
    from mlcourse.trace._prediction import PredictionTrace, prediction
    from mlcourse.trace._training import Training

__all__ = ["DataFlow", "PredictionTrace", "Training", "data_flow", "prediction"]

# Where each public name lives; a new name is one line here, one above and one in __all__.
_HOME = {
    "DataFlow": "_data_flow",
    "data_flow": "_data_flow",
    "PredictionTrace": "_prediction",
    "prediction": "_prediction",
    "Training": "_training",
}


def __getattr__(name: str) -> Any:
    """Import a trace when it is first asked for (PEP 562)."""
    if name in _HOME:
        value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value  # the next look-up does not come here
        return value
    raise AttributeError(f"module 'mlcourse.trace' has no {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
