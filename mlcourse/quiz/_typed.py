"""Questions answered by typing: a number, what a snippet prints, what belongs in the blanks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from mlcourse._errors import InvalidType, shown
from mlcourse.quiz._grade import Grade, close, graded, read_number, same_code, same_text, unanswered
from mlcourse.quiz._question import Line, Name, Part, Question, Text, text_of, wrong


class NumberMistake(Part):
    """A wrong number that is a known slip, with what to tell the student."""

    value: Annotated[float, Field(strict=False)]
    tolerance: Annotated[float, Field(ge=0, strict=False)] | None = None
    feedback: Text
    misconception: Name | None = None


class Numeric(Question):
    """A number to work out, with a tolerance and perhaps a unit."""

    NOTHING: ClassVar[str] = "Enter a number, such as 0.75 or 3/4."
    type: Literal["numeric"]
    answer: Annotated[float, Field(strict=False, allow_inf_nan=False)]
    tolerance: Annotated[float, Field(ge=0, strict=False, allow_inf_nan=False)] = 0.0
    unit: str = ""
    feedback: Text
    mistakes: Annotated[tuple[NumberMistake, ...], Field(strict=False)] = ()
    otherwise: Text

    @model_validator(mode="after")
    def _mistakes_are_wrong(self) -> Numeric:
        for i, mistake in enumerate(self.mistakes):
            if close(mistake.value, self.answer, self.tolerance):
                raise wrong(
                    f"calls {mistake.value:g} a mistake (mistakes[{i}]), but that is within the tolerance"
                )
        return self

    def grade(self, answer: float | str) -> Grade:
        """Return the grade of a number, or of the text that a student typed for one."""
        if isinstance(answer, bool) or not isinstance(answer, int | float | str):
            raise InvalidType(f"answer is {shown(answer)}, but must be a number, or the text typed for one.")
        value = read_number(answer, self.unit) if isinstance(answer, str) else float(answer)
        if value is None:
            return unanswered(self.NOTHING)
        if close(value, self.answer, self.tolerance):
            return graded([True], [self.feedback])
        for mistake in self.mistakes:
            allowed = self.tolerance if mistake.tolerance is None else mistake.tolerance
            if close(value, mistake.value, allowed):
                return graded([False], [mistake.feedback], misconceptions=[mistake.misconception])
        return graded([False], [self.otherwise])

    def answers(self) -> Iterator[str]:
        """Yield the answer, its borders and what lies beyond, each mistake, and what is no number."""
        tolerance, unit = self.tolerance, self.unit
        for value in (self.answer, *(mistake.value for mistake in self.mistakes)):
            for off in (0.0, -tolerance, tolerance, -tolerance - 0.013, tolerance + 0.013, 12345.0):
                yield repr(value + off)
            yield from (
                f" {value:g} {unit}",
                f"{value:g}".replace(".", ","),
                f"{value:,.0f}",
                f"{value * 2!r}/2",
            )
        yield from ("", "abc", "1/0", "1e999", "--3", "1,2,3", f"{unit}", "\u22121", "٣")

    def misconceptions(self) -> Iterator[tuple[str, str]]:
        """Yield what the known mistakes betray."""
        for i, mistake in enumerate(self.mistakes):
            if mistake.misconception:
                yield f"mistakes[{i}].misconception", mistake.misconception


class TextMistake(Part):
    """A wrong text that is a known slip, with what to tell the student."""

    text: Line
    feedback: Text
    misconception: Name | None = None


class Output(Question):
    """What does this snippet print? A content test runs the snippet and compares."""

    NOTHING: ClassVar[str] = "Type what the code prints."
    type: Literal["output"]
    code: Line
    answer: Line
    feedback: Text
    mistakes: Annotated[tuple[TextMistake, ...], Field(strict=False)] = ()
    otherwise: Text

    @model_validator(mode="after")
    def _mistakes_are_wrong(self) -> Output:
        for i, mistake in enumerate(self.mistakes):
            if same_text(mistake.text) == same_text(self.answer):
                raise wrong(f"calls the answer itself a mistake (mistakes[{i}])")
        return self

    def grade(self, answer: str) -> Grade:
        """Return the grade of the text that a student expects to be printed."""
        given = same_text(text_of("answer", answer))
        if not given:
            return unanswered(self.NOTHING)
        if given == same_text(self.answer):
            return graded([True], [self.feedback])
        for mistake in self.mistakes:
            if given == same_text(mistake.text):
                return graded([False], [mistake.feedback], misconceptions=[mistake.misconception])
        return graded([False], [self.otherwise])

    def answers(self) -> Iterator[str]:
        """Yield the answer and the mistakes, differently spaced, and others."""
        for text in (self.answer, *(mistake.text for mistake in self.mistakes)):
            yield from (text, f"  {text} \n", text.replace(" ", "  "), text.replace("\n", "\r\n"), f"{text}x")
        yield from ("", " \n", "None", "<b>")

    def misconceptions(self) -> Iterator[tuple[str, str]]:
        """Yield what the known mistakes betray."""
        for i, mistake in enumerate(self.mistakes):
            if mistake.misconception:
                yield f"mistakes[{i}].misconception", mistake.misconception


class Blank(Part):
    """One gap in the code: what may stand there, and what to tell about anything else."""

    accept: Annotated[tuple[Line, ...], Field(min_length=1, strict=False)]
    feedback: Text
    mistakes: Annotated[tuple[TextMistake, ...], Field(strict=False)] = ()
    otherwise: Text


class FillBlank(Question):
    """Code with gaps, written `____`, to fill in."""

    GAP: ClassVar[str] = "____"
    NOTHING: ClassVar[str] = "Fill every blank, then check."
    type: Literal["blanks"]
    code: Line
    blanks: Annotated[tuple[Blank, ...], Field(min_length=1, max_length=6, strict=False)]

    @model_validator(mode="after")
    def _one_blank_a_gap(self) -> FillBlank:
        gaps = self.code.count(self.GAP)
        if gaps != len(self.blanks):
            raise wrong(f"has {gaps} gaps (____) in code, but {len(self.blanks)} in blanks")
        for i, blank in enumerate(self.blanks):
            accepted = {same_code(text) for text in blank.accept}
            if any(same_code(mistake.text) in accepted for mistake in blank.mistakes):
                raise wrong(f"calls an accepted text a mistake (blanks[{i}])")
        return self

    def filled(self) -> str:
        """Return the code with the first accepted text in every gap."""
        pieces = self.code.split(self.GAP)
        return pieces[0] + "".join(b.accept[0] + p for b, p in zip(self.blanks, pieces[1:], strict=True))

    def grade(self, answer: Sequence[str]) -> Grade:
        """Return the grade of the texts for the gaps, in their order."""
        if isinstance(answer, str) or not isinstance(answer, Sequence) or len(answer) != len(self.blanks):
            raise InvalidType(f"answer is {shown(answer)}, but must be a list of {len(self.blanks)} texts.")
        given = [same_code(text_of("an entry of answer", text)) for text in answer]
        if not all(given):
            return unanswered(self.NOTHING)
        results = [_fill(blank, text) for blank, text in zip(self.blanks, given, strict=True)]
        marks = [mark for mark, _, _ in results]
        told = [note for mark, note, _ in results if not mark or all(marks)]
        return graded(marks, told, misconceptions=[m for _, _, m in results])

    def answers(self) -> Iterator[tuple[str, ...]]:
        """Yield combinations of accepted, mistaken and other texts."""
        options = [
            (*blank.accept, *(m.text for m in blank.mistakes), f" {blank.accept[0]} ", "nothing_known", "")
            for blank in self.blanks
        ]
        yield from itertools.islice(itertools.product(*options), 2000)

    def misconceptions(self) -> Iterator[tuple[str, str]]:
        """Yield what the known mistakes betray."""
        for i, blank in enumerate(self.blanks):
            for j, mistake in enumerate(blank.mistakes):
                if mistake.misconception:
                    yield f"blanks[{i}].mistakes[{j}].misconception", mistake.misconception


def _fill(blank: Blank, given: str) -> tuple[bool, str, str | None]:
    if any(given == same_code(text) for text in blank.accept):
        return True, blank.feedback, None
    for mistake in blank.mistakes:
        if given == same_code(mistake.text):
            return False, mistake.feedback, mistake.misconception
    return False, blank.otherwise, None
