"""The live form of the final test: an anywidget that keeps the answers and marks them in the browser."""

from __future__ import annotations

from mlcourse.quiz._modules import bundle, styles
from mlcourse.quiz._widget import QuizWidget


class FinalWidget(QuizWidget):
    """A final test in the browser; `log` holds the events that `_final_rules` lists, oldest first."""

    _esm = bundle("final.mjs")
    _css = styles("base.css", "quiz.css", "final.css")
