"""The transformers inside a pipeline, each with the rows that reach it, and the verdict on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.trace import _data_flow_memory as memory
from mlcourse.trace import _data_flow_rows as rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlcourse.trace._data_flow_records import Leak


@dataclass(frozen=True, eq=False)
class Side:
    """The rows of one side at some point of the pipeline."""

    X: Any
    y: Any
    names: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.X.shape[0])

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.X.shape)


def verdicts(name: str, step: Any, train: Side, test: Side | None) -> Iterator[Leak | str]:
    """Yield a leak, or why there is no verdict, for each transformer inside a fitted step."""
    for path, leaf, left, right in leaves(name, step, train, test):
        verdict = memory.judge(
            path,
            leaf,
            left.X,
            None if right is None else right.X,
            y_train=left.y,
            y_test=None if right is None else right.y,
            features=left.names,
        )
        if verdict is not None:
            yield verdict


def steps(pipeline: Any) -> list[tuple[str, Any]]:
    """Return the named steps; of something that is not a Pipeline, itself."""
    if not hasattr(pipeline, "steps"):
        return [(memory.kind(pipeline), pipeline)]
    return [(n, s) for n, s in pipeline.steps if s is not None and not isinstance(s, str)]


def transformers(pipeline: Any) -> list[tuple[str, Any]]:
    """Return the named steps that change rows: all but a model at the end."""
    return [(n, s) for n, s in steps(pipeline) if memory.is_transformer(s) or hasattr(s, "steps")]


def leaves(
    path: str, step: Any, train: Side, test: Side | None
) -> Iterator[tuple[str, Any, Side, Side | None]]:
    """Yield each transformer inside `step` with the rows that reach it on both sides."""
    if hasattr(step, "steps"):
        for name, inner in transformers(step):
            yield from leaves(f"{path} › {name}", inner, train, test)
            train, test = through(inner, train), None if test is None else through(inner, test)
    elif hasattr(step, "transformers_"):
        for name, inner, columns in step.transformers_:
            chosen = chosen_names(columns, train.names)
            # A branch without columns was never fitted.
            if not isinstance(inner, str) and chosen:
                left = _columns(train, columns, chosen)
                right = None if test is None else _columns(test, columns, chosen)
                yield from leaves(f"{path} › {name}", inner, left, right)
    elif hasattr(step, "transformer_list"):
        for name, inner in step.transformer_list:
            if not isinstance(inner, str):
                yield from leaves(f"{path} › {name}", inner, train, test)
    else:
        yield path, step, train, test


def _columns(side: Side, columns: Any, names: tuple[str, ...]) -> Side:
    from sklearn.utils import _safe_indexing

    return Side(_safe_indexing(side.X, columns, axis=1), side.y, names)


def chosen_names(columns: Any, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the columns that a ColumnTransformer hands to one of its branches."""
    if isinstance(columns, slice):
        by_name = any(isinstance(end, str) for end in (columns.start, columns.stop))
        return (f"{columns.start} to {columns.stop}",) if by_name or not names else names[columns]
    picked = list(np.atleast_1d(columns))
    if picked and isinstance(picked[0], (bool, np.bool_)):
        picked = list(np.flatnonzero(picked))
    return tuple(str(p) if isinstance(p, str) else names[p] if names else f"column {p}" for p in picked)


def through(step: Any, side: Side) -> Side:
    """Return the side after one fitted step."""
    if memory.is_keras(step):
        X: Any = np.asarray(step(side.X))
    else:
        X = rows_of.table("what a step returned", step.transform(side.X))
    names: tuple[str, ...] = ()
    if side.names:
        try:
            names = tuple(map(str, step.get_feature_names_out(list(side.names))))
        except (AttributeError, ValueError, TypeError):  # it does not tell
            names = side.names
    return Side(X, side.y, names if len(X.shape) == 2 and len(names) == X.shape[1] else ())
