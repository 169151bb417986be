"""The live form of a challenge: an anywidget whose module keeps the time by itself and tells the kernel what happened."""

from __future__ import annotations

from mlcourse.quiz._modules import bundle, styles
from mlcourse.quiz._widget import QuizWidget


class ChallengeWidget(QuizWidget):
    """A challenge in the browser; `log` holds the events that `_challenge_rules` lists, oldest first."""

    _esm = bundle("challenge.mjs")
    _css = styles("base.css", "quiz.css", "challenge.css")
