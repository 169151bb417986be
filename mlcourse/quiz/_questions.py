"""The kinds of question, each with its own marking; they are validated when a bank file is read.

A question knows nothing of widgets or files. Texts are Markdown with code and
`$math$`. Answers are plain Python values; `grade` says for each kind which.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mlcourse.quiz._choices import Choice, Myth, SeveralAnswers, SingleChoice
from mlcourse.quiz._question import MODES, Line, Mode, Name, Part, Question, Text, wrong
from mlcourse.quiz._slots import MatchPairs, OrderSteps, SortScenarios
from mlcourse.quiz._typed import FillBlank, Numeric, Output

__all__ = [
    "MODES",
    "TYPES",
    "AnyQuestion",
    "Choice",
    "FillBlank",
    "Line",
    "MatchPairs",
    "Mode",
    "Myth",
    "Name",
    "Numeric",
    "OrderSteps",
    "Output",
    "Part",
    "Question",
    "SeveralAnswers",
    "SingleChoice",
    "SortScenarios",
    "Text",
    "wrong",
]

AnyQuestion = Annotated[
    SingleChoice
    | SeveralAnswers
    | Myth
    | Numeric
    | Output
    | FillBlank
    | OrderSteps
    | MatchPairs
    | SortScenarios,
    Field(discriminator="type"),
]
TYPES = ("single", "several", "myth", "numeric", "output", "blanks", "order", "match", "sort")
