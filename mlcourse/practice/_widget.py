"""The live form of a task: hints and the solution are shown by the browser, the kernel hears of it."""

from __future__ import annotations

from mlcourse.quiz._modules import bundle, styles
from mlcourse.quiz._widget import QuizWidget


class PracticeWidget(QuizWidget):
    """A task in the browser; `log` lists the hints and the solution that were looked at."""

    _esm = bundle("practice.mjs")
    _css = styles("base.css", "quiz.css", "practice.css")
