"""What every kind of question has, and the texts and numbers that its parts are checked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse.quiz import _markdown
from mlcourse.quiz._grade import Grade

MODES = ("why", "deep-dive", "trace", "practice", "challenge", "experiment", "metrics", "myths", "recall")
Mode = Literal[
    "why", "deep-dive", "trace", "practice", "challenge", "experiment", "metrics", "myths", "recall"
]


def wrong(message: str) -> PydanticCustomError:
    """Return the error for a field whose value breaks a rule of ours, told in words."""
    return PydanticCustomError("mlcourse", "{message}", {"message": message})


def _can_be_shown(text: str) -> str:
    try:
        _markdown.block(text)
        _markdown.inline(text)
    except _markdown.BadMarkdown as error:
        raise wrong(str(error)) from error
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_can_be_shown)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Line = Annotated[str, StringConstraints(min_length=1)]


class Part(BaseModel):
    """A piece of a question: unknown fields are an error, values cannot change."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Question(Part):
    """What every kind of question has.

    `diagnose` marks a question that `quiz.diagnose` may ask: one that stands on its own. `taught_in`
    names the cell of the heading in its lesson under which its concept is taught, where that would
    not be found from the words (a test says whether it exists). `seconds`, `attempts` and `hint`
    belong to the problems of a challenge, and to them only.
    """

    id: Name
    type: str
    mode: Mode = "recall"
    concept: Line
    difficulty: Annotated[int, Field(ge=1, le=3)]
    prompt: Text
    explanation: Text
    diagnose: bool = False
    taught_in: Name | None = None
    seconds: Annotated[int, Field(ge=15, le=1800)] | None = None
    attempts: Annotated[int, Field(ge=1, le=5)] | None = None
    hint: Text | None = None

    @property
    def chapter(self) -> str:
        """The chapter's number, which begins the id."""
        return self.id.split("-")[0]

    def grade(self, answer: Any) -> Grade:
        """Return the grade of an answer."""
        raise NotImplementedError

    def answers(self) -> Iterator[Any]:
        """Yield every answer worth trying, right and wrong ones: the tests grade them all."""
        raise NotImplementedError

    def misconceptions(self) -> Iterator[tuple[str, str]]:
        """Yield each (field, misconception id) that the question refers to."""
        yield from ()


def index_of(name: str, value: Any, count: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidType(
            f"{name} is {shown(value)}, but must be the number of a choice, from 0 to {count - 1}."
        )
    if not 0 <= value < count:
        raise InvalidArgument(f"{name} is {value}, but must be from 0 to {count - 1}.")
    return value


def indices_of(name: str, value: Any, count: int) -> list[int]:
    if isinstance(value, str | bytes) or not isinstance(value, Collection):
        raise InvalidType(f"{name} is {shown(value)}, but must be a list of numbers from 0 to {count - 1}.")
    return [index_of(f"an entry of {name}", v, count) for v in value]


def text_of(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidType(f"{name} is {shown(value)}, but must be a text, as the student typed it.")
    return value
