"""The live form of a playground: an anywidget that keeps what the student moved."""

from __future__ import annotations

from functools import cache
from typing import Any

import anywidget
import traitlets

from mlcourse.quiz._modules import bundle, styles


@cache
def _kind(module: str) -> type[Any]:
    """Return the widget class of a module; anywidget reads the module's text from the class."""

    class PlaygroundWidget(anywidget.AnyWidget):
        _esm = bundle(module)
        _css = styles("base.css", "quiz.css", "explore.css")
        payload = traitlets.Unicode().tag(sync=True)
        state = traitlets.Dict().tag(sync=True)

    return PlaygroundWidget


def make(module: str, payload: str) -> Any:
    """Return a new widget of the module; its state is empty until the student moves something."""
    return _kind(module)(payload=payload)
