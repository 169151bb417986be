"""Questions answered by arranging: steps to order, pairs to match, scenarios to sort."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlcourse._errors import InvalidArgument, shown
from mlcourse.quiz._grade import Grade, graded
from mlcourse.quiz._question import Line, Name, Part, Question, Text, indices_of, wrong


class Slots(Question):
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
        given = indices_of("answer", answer, self.options())
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


class OrderSteps(Slots):
    """Steps to bring into order: `steps` in the right one, `shown` the one in which they are offered."""

    type: Literal["order"]
    steps: Annotated[tuple[Step, ...], Field(min_length=3, max_length=6, strict=False)]
    shown: Annotated[tuple[int, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _shown_is_an_order(self) -> OrderSteps:
        if sorted(self.shown) != list(range(len(self.steps))):
            raise wrong(
                f"has shown: {list(self.shown)}, but needs each number from 0 to {len(self.steps) - 1} once"
            )
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
        """Return the grade of an order: the steps' numbers (from 0, as in the bank), first to last."""
        if sorted(indices_of("answer", answer, len(self.steps))) != list(range(len(self.steps))):
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


class MatchPairs(Slots):
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


class SortScenarios(Slots):
    """Scenarios to sort into groups, such as multi-class or multi-label."""

    type: Literal["sort"]
    groups: Annotated[tuple[Line, ...], Field(min_length=2, max_length=4, strict=False)] = (
        "multi-class",
        "multi-label",
    )
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
        yield from itertools.islice(
            itertools.product(range(self.options()), repeat=len(self.scenarios)), 2000
        )

    def misconceptions(self) -> Iterator[tuple[str, str]]:
        """Yield what wrong groups betray."""
        for i, scenario in enumerate(self.scenarios):
            if scenario.misconception:
                yield f"scenarios[{i}].misconception", scenario.misconception
