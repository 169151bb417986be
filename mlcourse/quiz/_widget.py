"""The live form of an element: an anywidget that answers by itself and tells the kernel afterwards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from mlcourse.quiz._modules import bundle, styles

if TYPE_CHECKING:
    from collections.abc import Callable


class QuizWidget(anywidget.AnyWidget):
    """A quiz element in the browser; `log` is the list of what the student did, oldest first.

    A list rather than the last answer, because attempts made while the kernel
    trains arrive together, later.
    """

    _esm = bundle("quiz.mjs")
    _css = styles("base.css", "quiz.css")
    payload = traitlets.Unicode().tag(sync=True)
    log: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)

    def __init__(
        self, payload: str, log: list[dict[str, Any]], told: Callable[[dict[str, Any]], None]
    ) -> None:
        super().__init__(payload=payload, log=log)
        self._told = told
        self._known = len(log)
        self.observe(self._new_events, "log")

    def _new_events(self, change: dict[str, Any]) -> None:
        events = change["new"]
        # Two open pages can each extend the log; what was there before is never told again.
        for event in events[self._known :]:
            self._told(json.loads(json.dumps(event)))
        self._known = max(self._known, len(events))
