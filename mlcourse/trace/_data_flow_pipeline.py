"""The data flow of a student's own scikit-learn pipeline, with a verdict on what each step learned from."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse._text import count, listed, shape
from mlcourse.datasets import Dataset, _split
from mlcourse.trace import _data_flow_memory as memory
from mlcourse.trace import _data_flow_rows as rows_of
from mlcourse.trace._data_flow import DataFlow
from mlcourse.trace._data_flow_leaves import Side, chosen_names, steps, through, transformers, verdicts
from mlcourse.trace._data_flow_records import Leak, Stage

# A result beyond this many values is not made dense to be returned as a Dataset.
_LARGEST = 50_000_000


def trace(
    data: Any, y: Any, *, pipeline: Any, test: Any, test_size: float, seed: int, stacklevel: int = 3
) -> DataFlow:
    """Follow rows through a pipeline: fitted here on training rows, or fitted already and then judged."""
    _check_pipeline(pipeline)
    ready = _is_fitted(pipeline)
    if test is None and ready:
        raise InvalidArgument(
            "pipeline is fitted already, so the rows it is tested on must be known: give the training rows "
            "first and test=(X_test, y_test), or give a pipeline that is not fitted."
        )
    everything = _side("X", data, y)
    first: int | None = None
    other: int | None = None
    if test is None:
        rows, held_rows = _dealt(data, everything, test_size, seed, stacklevel + 1)
        train, held = _taken(everything, rows), _taken(everything, held_rows)
        first, other = int(rows[0]), int(held_rows[0])
        how = f"{count(len(train), 'row')} to train on, {len(held)} held back, before anything is learned."
    else:
        train = everything
        held = _side("test", *(test if isinstance(test, tuple) and len(test) == 2 else (test, None)))
        if train.shape[1:] != held.shape[1:]:
            raise InvalidArgument(
                f"the training rows are {shape(train.shape)} and test is {shape(held.shape)}, but both need "
                "the same columns."
            )
        how = f"Done before: {count(len(train), 'row')} to train on, {len(held)} held back."
    body = pipeline if ready else _fitted_body(pipeline, train)
    raw, raw_held = rows_of.row(train.X, 0), rows_of.row(held.X, 0)
    total = (len(train) + len(held), *train.shape[1:])
    stages = [
        Stage("raw data", f"{count(total[0], 'row')} as they came.", total, total, raw, raw, first),
        Stage("train/test split", how, total, train.shape, raw, raw, first, shape_aside=held.shape),
    ]
    found: list[Leak | str] = []
    held_shape = held.shape
    learned = "as it was fitted" if ready else f"fitted on the {len(train)} training rows alone"
    for name, step in transformers(body):
        if ready:
            found += verdicts(name, step, train, held)
        before, names = train, train.names
        train, held = through(step, train), through(step, held)
        stages.append(
            Stage(
                name,
                f"{memory.kind(step)}, {learned}.{_branches(step, names)}",
                before.shape,
                train.shape,
                rows_of.row(train.X, 0),
                rows_of.row(before.X, 0),
                first,
            )
        )
    end, end_held = rows_of.row(train.X, 0), rows_of.row(held.X, 0)
    model = _model(pipeline)
    who = f"the model ({memory.kind(model)})" if model is not None else "a model"
    came = "transformed by the same steps, with what they learned from other rows."
    stages += [
        Stage("training data", f"What {who} is fitted on.", train.shape, train.shape, end, end, first),
        Stage(
            "evaluation data",
            f"The rows held back, {came}",
            held_shape,
            held.shape,
            end_held,
            raw_held,
            other,
        ),
    ]
    classes = _classes(train.y, held.y)
    sides = (_as_dataset(data, side, classes) for side in (train, held))
    return DataFlow(
        stages,
        train=next(sides),
        test=next(sides),
        leaks=[v for v in found if isinstance(v, Leak)],
        not_judged=[v for v in found if isinstance(v, str)],
    )


def _check_pipeline(pipeline: Any) -> None:
    good = memory.is_transformer(pipeline) or hasattr(pipeline, "steps")
    if isinstance(pipeline, type) or not good:
        raise InvalidType(
            f"pipeline is {shown(pipeline)}, but must be a scikit-learn Pipeline, ColumnTransformer or "
            "transformer: an object, not a class."
        )


def _side(name: str, data: Any, y: Any) -> Side:
    """Return inputs, labels and column names of what the student gave."""
    if isinstance(data, Dataset):
        if y is not None:
            raise InvalidArgument("y is given twice: a Dataset brings its own labels.")
        return Side(data.X, data.y, data.feature_names)
    X = rows_of.table(name, data)
    names = tuple(map(str, getattr(X, "columns", ())))
    if y is None:
        return Side(X, None, names)
    y = rows_of.table("y", y)
    if y.shape[0] != X.shape[0]:
        raise InvalidArgument(
            f"{name} has {count(X.shape[0], 'row')} and y has {y.shape[0]}, but each row needs its label."
        )
    return Side(X, y, names)


def _taken(side: Side, rows: Any) -> Side:
    y = None if side.y is None else rows_of.take(side.y, rows)
    return Side(rows_of.take(side.X, rows), y, side.names)


def _dealt(data: Any, side: Side, test_size: float, seed: int, stacklevel: int) -> tuple[Any, Any]:
    """Return row numbers of both sides, stratified where the labels allow it."""
    if isinstance(data, Dataset):
        return data._split_rows(test_size, seed, stacklevel=stacklevel + 1)  # noqa: SLF001 - same package
    n_test = _split.test_rows(test_size, len(side))
    labels = None if side.y is None else rows_of.dense(side.y)
    if labels is not None and labels.ndim == 2 and np.isin(labels, (0, 1)).all():
        return _split.split_multilabel(labels, n_test, seed)
    if labels is not None and labels.ndim == 1 and labels.dtype.kind != "f":
        return _split.split_multiclass(labels, n_test, seed)
    return _split.split_plain(len(side), n_test, seed)


def _model(pipeline: Any) -> Any:
    """Return the classifier at the end, if there is one."""
    last = steps(pipeline)[-1:]
    return last[0][1] if last and transformers(pipeline)[-1:] != last else None


def _is_fitted(pipeline: Any) -> bool:
    """Whether every step has learned, and at least one had something to learn."""
    inside = [step for _, step in steps(pipeline)]
    return all(map(memory.is_fitted, inside)) and any(memory.memory(s) or _is_composite(s) for s in inside)


def _is_composite(step: Any) -> bool:
    return hasattr(step, "steps") or hasattr(step, "transformer_list")


def _fitted_body(pipeline: Any, side: Side) -> Any:
    """Return a fitted copy of the transformers; a model at the end is not trained for a trace."""
    body = pipeline
    if _model(pipeline) is not None:
        body = pipeline[:-1]
        if not body.steps:
            return body
    try:
        return memory.refit(body, side.X, side.y)
    except (ValueError, TypeError) as error:
        reason = str(error).split("\n", 1)[0]
        raise InvalidArgument(
            f"the pipeline cannot be fitted on the {len(side)} training rows: {reason}"
        ) from error


def _branches(step: Any, names: tuple[str, ...]) -> str:
    """Say which columns each branch of a ColumnTransformer works on."""
    words = []
    for name, inner, columns in getattr(step, "transformers_", ()):
        chosen = chosen_names(columns, names)
        if not chosen:
            continue
        some = listed(chosen) if len(chosen) <= 4 else f"{len(chosen)} columns"
        out = step.output_indices_.get(name)
        to = f" → {count(out.stop - out.start, 'column')}" if out is not None else ""
        words.append(f"{name} ({inner if isinstance(inner, str) else memory.kind(inner)}): {some}{to}")
    return f" {'; '.join(words)}." if words else ""


def _classes(*labels: Any) -> tuple[str, ...]:
    """Return the names of the classes, in order, if the labels are names."""
    columns = [rows_of.dense(y) for y in labels if y is not None]
    if not columns or any(y.ndim != 1 or not all(isinstance(name, str) for name in y) for y in columns):
        return ()
    return tuple(sorted({str(name) for y in columns for name in y}))


def _as_dataset(data: Any, side: Side, classes: tuple[str, ...]) -> Dataset | None:
    """Return the result as a Dataset, or None if it is not a table of numbers with labels."""
    if side.y is None or int(np.prod(side.shape)) > _LARGEST:
        return None
    X, y = rows_of.dense(side.X), rows_of.dense(side.y)
    if classes:
        y = np.searchsorted(classes, y.astype(str))
    try:
        if isinstance(data, Dataset):
            return Dataset(
                X,
                y,
                data.task,
                data.class_names,
                side.names,
                description=data.description,
                source=data.source,
            )
        return Dataset(X, y, "multilabel" if y.ndim == 2 else "multiclass", classes, side.names)
    except (InvalidArgument, InvalidType):
        return None
