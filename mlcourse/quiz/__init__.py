"""Questions: a bank in YAML, marking in pure Python, and elements that ask them in a notebook."""

from __future__ import annotations

from mlcourse.quiz._bank import Quiz, check, load, names, question
from mlcourse.quiz._completion import Completion, completion
from mlcourse.quiz._diagnose import Recommendation, diagnose, recommendation
from mlcourse.quiz._final import FinalTest, final
from mlcourse.quiz._final_result import FinalResult, NoFinalYet, final_result
from mlcourse.quiz._grade import Grade
from mlcourse.quiz._misconceptions import Misconception, misconceptions
from mlcourse.quiz._problems import BankError
from mlcourse.quiz._review import NothingDue, review
from mlcourse.quiz._show import myth, predict, reveal, show

__all__ = [
    "BankError",
    "Completion",
    "FinalResult",
    "FinalTest",
    "Grade",
    "Misconception",
    "NoFinalYet",
    "NothingDue",
    "Quiz",
    "Recommendation",
    "check",
    "completion",
    "diagnose",
    "final",
    "final_result",
    "load",
    "misconceptions",
    "myth",
    "names",
    "predict",
    "question",
    "recommendation",
    "reveal",
    "review",
    "show",
]
