"""The helper package of the course: its parts load when they are first used.

Importing `mlcourse` costs milliseconds and never imports TensorFlow. It does
one thing besides: it asks TensorFlow, which is loaded later, to keep its
start-up messages to itself and to compute the same digits on every CPU, and
Keras to use TensorFlow, unless the environment already says otherwise.
Therefore the lessons import `mlcourse` before `keras`.
"""

# No `from __future__ import annotations` here: `python -m mlcourse` reads this file first, and
# Python 3.6, which lacks it, is to be told that it is too old (see __main__.py).
import importlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from mlcourse import (
        course,
        datasets,
        doctor,
        environment,
        explore,
        plots,
        practice,
        progress,
        quiz,
        trace,
    )

__all__ = [
    "course",
    "datasets",
    "doctor",
    "environment",
    "explore",
    "plots",
    "practice",
    "progress",
    "quiz",
    "trace",
]
__version__ = "0.1.0"

# "3" hides all but fatal messages: TensorFlow reports a missing GPU as an error.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# oneDNN picks its order of summation by the CPU it finds, and announces itself on
# stderr whatever the level above. Set this to "1" for faster convolutions.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def __getattr__(name: str) -> "ModuleType":
    """Import a part of the package when it is first asked for (PEP 562)."""
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module 'mlcourse' has no part called {name!r}; it has {', '.join(__all__)}")


def __dir__() -> "list[str]":
    return sorted([*globals(), *__all__])
