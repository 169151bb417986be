"""Questions answered by choosing: one choice, several, or whether a claim is true."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from mlcourse._errors import InvalidType, shown
from mlcourse.quiz._grade import Grade, graded, unanswered
from mlcourse.quiz._question import Mode, Name, Part, Question, Text, index_of, indices_of, wrong


class Choice(Part):
    """One choice: what it says, whether it is right, and what to tell who takes it."""

    text: Text
    right: bool = False
    feedback: Text
    misconception: Name | None = None

    @model_validator(mode="after")
    def _wrong_ones_betray_something(self) -> Choice:
        if self.right and self.misconception:
            raise wrong("is right and names a misconception; only wrong choices betray one")
        if not self.right and not self.misconception:
            raise wrong(
                "is wrong and names no misconception; add `misconception:` with an id of misconceptions*.yaml"
            )
        return self


class Choices(Question):
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=8, strict=False)]

    def misconceptions(self) -> Iterator[tuple[str, str]]:
        for i, choice in enumerate(self.choices):
            if choice.misconception:
                yield f"choices[{i}].misconception", choice.misconception

    @model_validator(mode="after")
    def _choices_differ(self) -> Choices:
        if len({choice.text for choice in self.choices}) < len(self.choices):
            raise wrong("has two choices with the same text")
        return self


class SingleChoice(Choices):
    """One right answer out of several."""

    type: Literal["single"]

    @model_validator(mode="after")
    def _one_is_right(self) -> SingleChoice:
        right = sum(choice.right for choice in self.choices)
        if right != 1:
            raise wrong(f"has {right or 'no'} right choices, but needs exactly one with `right: true`")
        return self

    def grade(self, answer: int) -> Grade:
        """Return the grade of a choice, given by its number from 0."""
        choice = self.choices[index_of("answer", answer, len(self.choices))]
        return graded([choice.right], [choice.feedback], misconceptions=[choice.misconception])

    def answers(self) -> Iterator[int]:
        """Yield every choice."""
        yield from range(len(self.choices))


class SeveralAnswers(Choices):
    """Several right answers, marked label by label: the score is the share of labels marked right.

    That is one minus the Hamming loss of the answer, as for any multi-label prediction.
    """

    NOTHING: ClassVar[str] = "Tick every answer that fits, then check."
    type: Literal["several"]

    @model_validator(mode="after")
    def _some_are_right(self) -> SeveralAnswers:
        if not any(choice.right for choice in self.choices):
            raise wrong("has no right choice; mark at least one with `right: true`")
        return self

    def grade(self, answer: Collection[int]) -> Grade:
        """Return the grade of the ticked choices, given by their numbers from 0 in any order."""
        ticked = set(indices_of("answer", answer, len(self.choices)))
        if not ticked:
            return unanswered(self.NOTHING)
        marks = [(i in ticked) == choice.right for i, choice in enumerate(self.choices)]
        missed = [choice for choice, mark in zip(self.choices, marks, strict=True) if not mark]
        told = missed or [choice for choice in self.choices if choice.right]
        return graded(marks, [c.feedback for c in told], misconceptions=[c.misconception for c in missed])

    def answers(self) -> Iterator[tuple[int, ...]]:
        """Yield every set of choices."""
        every = range(len(self.choices))
        for size in range(len(self.choices) + 1):
            yield from itertools.combinations(every, size)


class Myth(Question):
    """A claim to believe or to doubt, then the reality."""

    type: Literal["myth"]
    mode: Mode = "myths"
    truth: bool = False
    believed: Text
    doubted: Text
    misconception: Name

    def grade(self, answer: bool) -> Grade:  # noqa: FBT001 - the answer is true or false
        """Return the grade of True (the student believes the claim) or False."""
        if not isinstance(answer, bool):
            raise InvalidType(f"answer is {shown(answer)}, but must be True or False.")
        right = answer == self.truth
        betrayed = None if right else self.misconception
        return graded([right], [self.believed if answer else self.doubted], misconceptions=[betrayed])

    def answers(self) -> Iterator[bool]:
        """Yield True and False."""
        yield from (True, False)

    def misconceptions(self) -> Iterator[tuple[str, str]]:
        """Yield the belief that the myth is about."""
        yield "misconception", self.misconception
