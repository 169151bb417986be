"""The kinds of question, each with its own marking; they are validated when a bank file is read.

A question knows nothing of widgets or files. Texts are Markdown with code and
`$math$`. Answers are plain Python values; `grade` says for each kind which.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse.quiz import _markdown
from mlcourse.quiz._grade import Grade, close, graded, read_number, same_code, same_text, unanswered

MODES = ("why", "deep-dive", "trace", "practice", "challenge", "experiment", "metrics", "myths", "recall")
Mode = Literal["why", "deep-dive", "trace", "practice", "challenge", "experiment", "metrics", "myths", "recall"]


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

    `diagnose` marks a question that `quiz.diagnose` may ask: one that stands on its own. `seconds`,
    `attempts` and `hint` belong to the problems of a challenge, and to them only.
    """

    id: Name
    type: str
    mode: Mode = "recall"
    concept: Line
    difficulty: Annotated[int, Field(ge=1, le=3)]
    prompt: Text
    explanation: Text
    diagnose: bool = False
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


def _index(name: str, value: Any, count: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidType(f"{name} is {shown(value)}, but must be the number of a choice, from 0 to {count - 1}.")
    if not 0 <= value < count:
        raise InvalidArgument(f"{name} is {value}, but must be from 0 to {count - 1}.")
    return value


def _indices(name: str, value: Any, count: int) -> list[int]:
    if isinstance(value, str | bytes) or not isinstance(value, Collection):
        raise InvalidType(f"{name} is {shown(value)}, but must be a list of numbers from 0 to {count - 1}.")
    return [_index(f"an entry of {name}", v, count) for v in value]


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidType(f"{name} is {shown(value)}, but must be a text, as the student typed it.")
    return value


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
            raise wrong("is wrong and names no misconception; add `misconception:` with an id of misconceptions.yaml")
        return self


class _Choices(Question):
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=8, strict=False)]

    def misconceptions(self) -> Iterator[tuple[str, str]]:
        for i, choice in enumerate(self.choices):
            if choice.misconception:
                yield f"choices[{i}].misconception", choice.misconception

    @model_validator(mode="after")
    def _choices_differ(self) -> _Choices:
        if len({choice.text for choice in self.choices}) < len(self.choices):
            raise wrong("has two choices with the same text")
        return self


class SingleChoice(_Choices):
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
        choice = self.choices[_index("answer", answer, len(self.choices))]
        return graded([choice.right], [choice.feedback], misconceptions=[choice.misconception])

    def answers(self) -> Iterator[int]:
        """Yield every choice."""
        yield from range(len(self.choices))


class SeveralAnswers(_Choices):
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
        ticked = set(_indices("answer", answer, len(self.choices)))
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
                raise wrong(f"calls {mistake.value:g} a mistake (mistakes[{i}]), but that is within the tolerance")
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
            yield from (f" {value:g} {unit}", f"{value:g}".replace(".", ","), f"{value:,.0f}", f"{value * 2!r}/2")
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
        given = same_text(_text("answer", answer))
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
        given = [same_code(_text("an entry of answer", text)) for text in answer]
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


class _Slots(Question):
    """A question whose answer is one number for each slot; the key holds the right ones."""

    feedback: Text

    def key(self) -> tuple[int, ...]:
        """Return the right number for each slot."""
        raise NotImplementedError

    def options(self) -> int:
        """Return how many numbers a slot can take."""
        raise NotImplementedError

    def miss(self, slot: int, given: int) -> tuple[str, str | None]:
        """Return what to tell, and the misconception, when `given` is put in `slot` and is wrong there."""
        raise NotImplementedError

    def grade(self, answer: Sequence[int]) -> Grade:
        """Return the grade of the numbers (from 0) put in the slots, in the slots' order."""
        key = self.key()
        given = _indices("answer", answer, self.options())
        if len(given) != len(key):
            raise InvalidArgument(f"answer has {len(given)} entries, but must have {len(key)}.")
        marks = [a == b for a, b in zip(given, key, strict=True)]
        missed = [self.miss(i, a) for i, (a, mark) in enumerate(zip(given, marks, strict=True)) if not mark]
        notes = [note for note, _ in missed] or [self.feedback]
        return graded(marks, notes, misconceptions=[m for _, m in missed])


class Step(Part):
    """One step, and what to tell when it stands in the wrong place."""

    text: Text
    feedback: Text
    misconception: Name | None = None


class OrderSteps(_Slots):
    """Steps to bring into order. `steps` are written in the right order, `shown` says in which they are shown."""

    type: Literal["order"]
    steps: Annotated[tuple[Step, ...], Field(min_length=3, max_length=6, strict=False)]
    shown: Annotated[tuple[int, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _shown_is_an_order(self) -> OrderSteps:
        if sorted(self.shown) != list(range(len(self.steps))):
            raise wrong(f"has shown: {list(self.shown)}, which is not every number from 0 to {len(self.steps) - 1} once")
        if list(self.shown) == sorted(self.shown):
            raise wrong("shows the steps in the right order already; mix the numbers in shown")
        return self

    def key(self) -> tuple[int, ...]:
        """Return the steps' numbers in the right order."""
        return tuple(range(len(self.steps)))

    def options(self) -> int:
        """Return the number of steps."""
        return len(self.steps)

    def miss(self, slot: int, given: int) -> tuple[str, str | None]:  # noqa: ARG002 - a step has one place only
        """Return what to tell about a step in the wrong place."""
        return self.steps[given].feedback, self.steps[given].misconception

    def grade(self, answer: Sequence[int]) -> Grade:
        """Return the grade of an order: the steps' numbers (as written in the bank, from 0), first to last."""
        if sorted(_indices("answer", answer, len(self.steps))) != list(range(len(self.steps))):
            raise InvalidArgument(f"answer is {shown(answer)}, but must hold every step once.")
        return super().grade(answer)

    def answers(self) -> Iterator[tuple[int, ...]]:
        """Yield every order."""
        yield from itertools.permutations(range(len(self.steps)))

    def misconceptions(self) -> Iterator[tuple[str, str]]:
        """Yield what misplaced steps betray."""
        for i, step in enumerate(self.steps):
            if step.misconception:
                yield f"steps[{i}].misconception", step.misconception


class Pair(Part):
    """Two things that belong together, and what to tell when the left one got another partner."""

    left: Text
    right: Text
    feedback: Text
    misconception: Name | None = None


class MatchPairs(_Slots):
    """Pairs to match: the right-hand sides are offered in the order `shown`, decoys included."""

    type: Literal["match"]
    pairs: Annotated[tuple[Pair, ...], Field(min_length=2, max_length=6, strict=False)]
    decoys: Annotated[tuple[Text, ...], Field(max_length=3, strict=False)] = ()

    @model_validator(mode="after")
    def _sides_differ(self) -> MatchPairs:
        rights = [*(pair.right for pair in self.pairs), *self.decoys]
        if len({pair.left for pair in self.pairs}) < len(self.pairs):
            raise wrong("has two pairs with the same left side")
        if len(set(self.decoys)) < len(self.decoys) or {*self.decoys} & {pair.right for pair in self.pairs}:
            raise wrong(f"has a decoy twice, or a decoy that is a right side: {rights}")
        return self

    def offered(self) -> tuple[str, ...]:
        """Return the right-hand sides a student chooses from, each once, in alphabetical order."""
        return tuple(sorted({*(pair.right for pair in self.pairs), *self.decoys}, key=str.casefold))

    def key(self) -> tuple[int, ...]:
        """Return for each pair the number of its partner among those offered."""
        return tuple(self.offered().index(pair.right) for pair in self.pairs)

    def options(self) -> int:
        """Return how many partners are offered."""
        return len(self.offered())

    def miss(self, slot: int, given: int) -> tuple[str, str | None]:  # noqa: ARG002 - told by the left side
        """Return what to tell about a left side with a wrong partner."""
        return self.pairs[slot].feedback, self.pairs[slot].misconception

    def answers(self) -> Iterator[tuple[int, ...]]:
        """Yield (up to 2000) ways to choose a partner for each."""
        yield self.key()
        yield from itertools.islice(itertools.product(range(self.options()), repeat=len(self.pairs)), 2000)

    def misconceptions(self) -> Iterator[tuple[str, str]]:
        """Yield what wrong pairs betray."""
        for i, pair in enumerate(self.pairs):
            if pair.misconception:
                yield f"pairs[{i}].misconception", pair.misconception


class Scenario(Part):
    """A situation to sort, the group it belongs to, and what to tell when it is put elsewhere."""

    text: Text
    group: Line
    feedback: Text
    misconception: Name | None = None


class SortScenarios(_Slots):
    """Scenarios to sort into groups, such as multi-class or multi-label."""

    type: Literal["sort"]
    groups: Annotated[tuple[Line, ...], Field(min_length=2, max_length=4, strict=False)] = ("multi-class", "multi-label")
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=2, max_length=8, strict=False)]

    @model_validator(mode="after")
    def _groups_exist(self) -> SortScenarios:
        for i, scenario in enumerate(self.scenarios):
            if scenario.group not in self.groups:
                known = ", ".join(self.groups)
                raise wrong(f"puts scenarios[{i}] in the group {scenario.group!r}, but groups holds {known}")
        if len({scenario.group for scenario in self.scenarios}) < 2:
            raise wrong("puts every scenario in the same group, so there is nothing to sort")
        return self

    def key(self) -> tuple[int, ...]:
        """Return the number of each scenario's group."""
        return tuple(self.groups.index(scenario.group) for scenario in self.scenarios)

    def options(self) -> int:
        """Return how many groups there are."""
        return len(self.groups)

    def miss(self, slot: int, given: int) -> tuple[str, str | None]:  # noqa: ARG002 - told by the scenario
        """Return what to tell about a scenario in the wrong group."""
        return self.scenarios[slot].feedback, self.scenarios[slot].misconception

    def answers(self) -> Iterator[tuple[int, ...]]:
        """Yield (up to 2000) ways to sort."""
        yield self.key()
        yield from itertools.islice(itertools.product(range(self.options()), repeat=len(self.scenarios)), 2000)

    def misconceptions(self) -> Iterator[tuple[str, str]]:
        """Yield what wrong groups betray."""
        for i, scenario in enumerate(self.scenarios):
            if scenario.misconception:
                yield f"scenarios[{i}].misconception", scenario.misconception


AnyQuestion = Annotated[
    SingleChoice | SeveralAnswers | Myth | Numeric | Output | FillBlank | OrderSteps | MatchPairs | SortScenarios,
    Field(discriminator="type"),
]
TYPES = ("single", "several", "myth", "numeric", "output", "blanks", "order", "match", "sort")
