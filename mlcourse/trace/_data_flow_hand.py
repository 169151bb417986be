"""Steps recorded by hand, and what can be told from them: which rows each step learned from.

Every row of the first table gets a number, and keeps it through each step, so
that a row of the final test set is recognised in whatever a scaler was fitted
on before the split.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse._text import count, shape
from mlcourse.trace import _data_flow_memory as memory
from mlcourse.trace import _data_flow_rows as rows_of
from mlcourse.trace._data_flow_leaves import Side, verdicts
from mlcourse.trace._data_flow_records import FIT_ON_TRAINING, Leak, Stage

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class _Table:
    """A table that was named in a step: its rows' numbers, and how many steps it has behind it."""

    X: Any
    ids: Array | None
    depth: int


@dataclass(frozen=True, eq=False)
class _Step:
    name: str
    action: str
    before: _Table
    after: _Table
    transformer: Any
    fitted_on: _Table | None


class Recorder:
    """Collects steps and one split; judges them when asked."""

    def __init__(self) -> None:
        self._tables: list[_Table] = []
        self._events: list[_Step | str] = []
        self._split: tuple[_Table, _Table, _Table, int] | None = None

    def step(
        self, name: str, before: Any, after: Any, *, transformer: Any, fitted_on: Any, action: str
    ) -> None:
        """Record that `before` became `after`."""
        _named(name)
        before, after = rows_of.table("before", before), rows_of.table("after", after)
        if transformer is not None and (
            isinstance(transformer, type) or not memory.is_transformer(transformer)
        ):
            raise InvalidType(
                f"transformer is {shown(transformer)}, but must be a fitted scikit-learn transformer or a "
                "Keras layer with adapt."
            )
        if transformer is not None and not memory.is_fitted(transformer):
            raise InvalidArgument(
                f"transformer is {shown(transformer)}, which is not fitted yet; fit it first."
            )
        source = self._known(before)
        ids = source.ids if len_of(after) == len_of(before) else self._numbers(after)
        result = _Table(after, ids, source.depth + 1)
        self._tables.append(result)
        learned = None if fitted_on is None else self._known(rows_of.table("fitted_on", fitted_on))
        if not memory.is_keras(transformer):
            # As it is now: a later fit in the same block must not change what is judged.
            transformer = copy.deepcopy(transformer)
        self._events.append(_Step(name, action, source, result, transformer, learned))

    def split(self, before: Any, train: Any, test: Any, *, name: str) -> None:
        """Record which rows are held back."""
        _named(name)
        if self._split is not None:
            raise InvalidArgument("flow.split is called a second time, but a flow follows one split.")
        before, train, test = (
            rows_of.table(n, X) for n, X in (("before", before), ("train", train), ("test", test))
        )
        source = self._known(before)
        ids = source.ids if source.ids is not None else np.arange(len_of(before))
        pool, n_train = rows_of.keys(before), len_of(train)
        found = np.array(rows_of.find(sides := rows_of.keys(train) + rows_of.keys(test), pool))
        everything = set(pool)
        for side, part in (("train", sides[:n_train]), ("test", sides[n_train:])):
            foreign = sum(key not in everything for key in part)
            if foreign:
                raise InvalidArgument(
                    f"{side} holds {count(foreign, 'row')} that {'is' if foreign == 1 else 'are'} not among "
                    f"the rows of before ({shape(before.shape)}); give the table that was split."
                )
        twice = int((found[n_train:] < 0).sum()) + int((found[:n_train] < 0).sum())
        # A row on both sides keeps its number on both.
        first_place = {key: i for i, key in reversed(list(enumerate(pool)))}
        places = np.array([i if i >= 0 else first_place[k] for i, k in zip(found, sides, strict=True)])
        parts = [
            _Table(X, ids[p], source.depth) for X, p in ((train, places[:n_train]), (test, places[n_train:]))
        ]
        self._tables += parts
        self._split = (source, parts[0], parts[1], twice)
        self._events.append(name)

    def finish(self) -> tuple[tuple[Stage, ...], tuple[Leak, ...], tuple[str, ...]]:
        """Return stages, leaks, and what was not judged and why."""
        stages: list[Stage] = []
        leaks: list[Leak] = []
        unjudged: list[str] = []
        for event in self._events:
            if isinstance(event, _Step):
                stages.append(self._stage(event))
                verdicts = self._judge(event) if self._split else []
            else:
                stages.append(self._split_stage(event))
                verdicts = self._overlap(event)
            leaks += [v for v in verdicts if isinstance(v, Leak)]
            unjudged += [v for v in verdicts if isinstance(v, str)]
        if self._events and self._split is None:
            unjudged.append(
                "No split was recorded, so no step was judged: add flow.split(before, train, test)."
            )
        return tuple(stages), tuple(leaks), tuple(unjudged)

    def _known(self, X: Any) -> _Table:
        """Return the recorded table that `X` is, or record it."""
        for table in reversed(self._tables):
            if table.X is X:
                return table
        for table in reversed(self._tables):
            if tuple(table.X.shape) == tuple(X.shape) and rows_of.keys(table.X) == rows_of.keys(X):
                return table
        found = _Table(X, self._numbers(X), self._depth(X))
        self._tables.append(found)
        return found

    def _numbers(self, X: Any) -> Array | None:
        """Return the rows' numbers: new ones for the first table, else by finding equal rows."""
        if not self._tables:
            return np.arange(len_of(X))
        wanted = rows_of.keys(X)
        for table in reversed(self._tables):
            if table.ids is not None and table.X.shape[1:] == X.shape[1:]:
                places = np.array(rows_of.find(wanted, rows_of.keys(table.X)))
                if (places >= 0).all():
                    ids: Array = table.ids[places]
                    return ids
        return None

    def _depth(self, X: Any) -> int:
        """Return how many steps a table met for the first time has behind it: those of its likes."""
        alike = [t.depth for t in self._tables if t.X.shape[1:] == X.shape[1:]]
        return alike[-1] if alike else 0

    def _sides(self, table: _Table) -> tuple[Array, Array]:
        """Return the places of training and of evaluation rows in a table."""
        assert self._split is not None  # noqa: S101 - for mypy; `finish` asks first
        _, train, test, _ = self._split
        ids = np.array([]) if table.ids is None else table.ids
        return (
            np.flatnonzero(np.isin(ids, _ids(train))),
            np.flatnonzero(np.isin(ids, _ids(test))),
        )

    def _elsewhere(self, like: _Table, side: int) -> Any:
        """Return that side's rows at the same point of the flow, from another recorded table."""
        for table in self._tables:
            if table.depth == like.depth and table.X.shape[1:] == like.X.shape[1:]:
                places = self._sides(table)[side]
                if len(places):
                    return rows_of.take(table.X, places)
        return None

    def _judge(self, step: _Step) -> list[Leak | str]:
        before = step.before
        if step.fitted_on is not None:
            if step.fitted_on.ids is None:
                return [f"{step.name}: the rows in fitted_on were not recognised."]
            held = self._sides(step.fitted_on)[1]
            if not len(held):
                return []
            of = count(len_of(step.fitted_on.X), "row")
            evidence = f"it learned from {of}, {len(held)} of them evaluation rows."
            return [Leak(step.name, evidence, FIT_ON_TRAINING)]
        if before.ids is None:
            return [f"{step.name}: its rows were not recognised among the earlier ones."]
        train, test = self._sides(before)
        if step.transformer is not None:
            left = rows_of.take(before.X, train) if len(train) else self._elsewhere(before, 0)
            right = rows_of.take(before.X, test) if len(test) else self._elsewhere(before, 1)
            if left is None:
                return [f"{step.name}: the training rows before this step were not recorded."]
            names = tuple(map(str, getattr(before.X, "columns", ())))
            sides = (Side(left, None, names), None if right is None else Side(right, None, names))
            return list(verdicts(step.name, step.transformer, *sides))
        return _by_its_result(step, len(train), len(test))

    def _overlap(self, name: str) -> list[Leak | str]:
        assert self._split is not None  # noqa: S101 - there is a split event
        _, _, test, twice = self._split
        if not twice:
            return []
        evidence = (
            f"{count(twice, 'row')} came out of the split more often than went in, so training and the "
            f"{len_of(test.X)} evaluation rows overlap."
        )
        fix = "Deal each row to one side only, for example with dataset.split or train_test_split."
        return [Leak(name, evidence, fix)]

    def _followed(self, table: _Table) -> tuple[int, int | None]:
        """Return place and number of the row that is followed: the first training row, if it is there."""
        if table.ids is None:
            return 0, None
        if self._split is not None:
            for side in self._split[1:3]:
                place = np.flatnonzero(table.ids == _ids(side)[0])
                if len(place):
                    return int(place[0]), int(table.ids[place[0]])
        return 0, int(table.ids[0])

    def _stage(self, step: _Step) -> Stage:
        place, number = self._followed(step.before)
        after = 0
        if number is not None and step.after.ids is not None:
            found = np.flatnonzero(step.after.ids == number)
            after = int(found[0]) if len(found) else 0
        by = (
            f"{memory.kind(step.transformer)} transforms"
            if step.transformer is not None
            else "Recorded by hand:"
        )
        action = step.action or f"{by} {count(len_of(step.before.X), 'row')}."
        return Stage(
            step.name,
            action,
            tuple(step.before.X.shape),
            tuple(step.after.X.shape),
            rows_of.row(step.after.X, after),
            rows_of.row(step.before.X, place),
            number,
        )

    def _split_stage(self, name: str) -> Stage:
        assert self._split is not None  # noqa: S101 - there is a split event
        source, train, test, _ = self._split
        raw = rows_of.row(train.X, 0)
        return Stage(
            name,
            f"{count(len_of(train.X), 'row')} to train on, {len_of(test.X)} held back.",
            tuple(source.X.shape),
            tuple(train.X.shape),
            raw,
            raw,
            int(_ids(train)[0]),
            shape_aside=tuple(test.X.shape),
        )


def _named(name: Any) -> None:
    if not isinstance(name, str) or not name:
        raise InvalidType(f"name is {shown(name)}, but must be a word for the step, such as 'scale'.")


def _ids(table: _Table) -> Array:
    return np.array([]) if table.ids is None else table.ids


def len_of(X: Any) -> int:
    """Return the number of rows."""
    return int(X.shape[0])


def _by_its_result(step: _Step, n_train: int, n_test: int) -> list[Leak | str]:
    """Judge a step that names no transformer by the numbers it made."""
    if not n_test or step.after.X is step.before.X:
        return []
    pattern = own_scale(step.before.X, step.after.X)
    if pattern:
        who = (
            f"all {n_train + n_test} rows, the {n_test} evaluation rows among them"
            if n_train
            else f"the {count(n_test, 'evaluation row')} themselves"
        )
        return [Leak(step.name, f"afterwards {pattern}, so it learned from {who}.", FIT_ON_TRAINING)]
    if not n_train:
        return []
    said = (
        f"{step.name} came before the split; whether it learned from its {len_of(step.before.X)} rows cannot "
        "be seen: say so with transformer= or fitted_on=."
    )
    return [said]


def own_scale(before: Any, after: Any) -> str | None:
    """Say how the columns were scaled by their own values, or None if they were not.

    A constant factor (pixels divided by 255) learns nothing from the rows. So
    columns of one and the same range tell nothing, nor do 0/1 columns that
    stay as they are.
    """
    a, b = rows_of.dense(before), rows_of.dense(after)
    if a.shape != b.shape or a.ndim != 2 or a.dtype.kind not in "fiu" or b.dtype.kind not in "fiu":
        return None
    a, b = a.astype(float), b.astype(float)
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return None
    moved = (np.ptp(a, axis=0) > 0) & ~np.isclose(a, b).all(axis=0)
    a, b = a[:, moved], b[:, moved]
    if not a.shape[1] or (
        np.isclose(a.min(axis=0), a.min()).all() and np.isclose(a.max(axis=0), a.max()).all()
    ):
        return None
    # Is every column a straight line of what it was?
    slope = np.ptp(b, axis=0) / np.ptp(a, axis=0)
    if not np.allclose(b, (a - a.min(axis=0)) * slope + b.min(axis=0), atol=1e-5):
        return None
    n = a.shape[1]
    features = "the scaled feature" if n == 1 else f"each of the {n} scaled features"
    if np.allclose(b.min(axis=0), 0, atol=1e-6) and np.allclose(b.max(axis=0), 1, atol=1e-6):
        return f"{features} reaches exactly from 0 to 1"
    stds = (b.std(axis=0), b.std(axis=0, ddof=1))
    if np.allclose(b.mean(axis=0), 0, atol=1e-5) and any(np.allclose(s, 1, atol=1e-5) for s in stds):
        return f"{features} has exactly mean 0 and standard deviation 1"
    return None
