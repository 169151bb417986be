"""The data flow of a `tf.data` pipeline: its transformations, and rows that reach both sides."""

from __future__ import annotations

import re
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse._text import count
from mlcourse.trace import _data_flow_rows as rows_of
from mlcourse.trace._data_flow import DataFlow
from mlcourse.trace._data_flow_records import Leak, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

# Beyond this many rows a side is compared no further, and the flow says so.
MOST_ROWS = 100_000

_SAYS = {
    "shuffle": "The rows leave in another order.",
    "batch": "Rows are stacked into batches.",
    "map": "A function is applied to each element.",
    "prefetch": "The next element is made ready while the model works on this one; nothing changes.",
    "cache": "Elements are kept after the first pass; nothing changes.",
    "take": "Only the first elements go on.",
    "skip": "The first elements are left out.",
    "repeat": "The elements come again.",
    "filter": "Only elements that pass a test go on.",
    "from_tensor_slices": "Rows are taken from arrays, one by one.",
}


def is_dataset(thing: Any) -> bool:
    """Whether it is a `tf.data.Dataset`; TensorFlow is not imported to find out."""
    tf = sys.modules.get("tensorflow")
    return tf is not None and isinstance(thing, tf.data.Dataset)


def trace(train: Any, test: Any = None) -> DataFlow:
    """Follow the first element through a `tf.data` pipeline, and compare its rows with those of `test`."""
    if test is not None and not is_dataset(test):
        raise InvalidType(f"test is {shown(test)}, but must be a tf.data.Dataset like the first argument.")
    steps = list(_chain(train))
    stages, before = [], None
    for step in steps:
        first = _first(step)
        if first is None:
            raise InvalidArgument(
                f"the tf.data pipeline is empty after {_name(step)!r}, so no row can be followed."
            )
        shape_out = _shape(step)
        name = _name(step)
        stages.append(
            Stage(
                name,
                _SAYS.get(name, f"The transformation {name!r} of tf.data."),
                shape_out if before is None else before[0],
                shape_out,
                first,
                first if before is None else before[1],
            )
        )
        before = (shape_out, first)
    leaks: list[Leak] = []
    unjudged: list[str] = []
    if test is not None:
        first = _first(test)
        if first is None:
            raise InvalidArgument("test is an empty tf.data pipeline, so there is nothing to compare.")
        stages.append(
            Stage("evaluation data", "The rows held back.", _shape(test), _shape(test), first, first)
        )
        verdict = _shared_rows(train, test)
        if isinstance(verdict, Leak):
            leaks.append(verdict)
        elif verdict:
            unjudged.append(verdict)
    return DataFlow(stages, leaks=leaks, not_judged=unjudged)


def _chain(dataset: Any) -> Iterator[Any]:
    """Yield the datasets from the source to `dataset`, along the first input of each."""
    # tf.data has no public way to walk a pipeline; without this one, only its end is shown.
    inputs: list[Any] = getattr(dataset, "_inputs", list)()
    if inputs:
        yield from _chain(inputs[0])
    # An options or model node changes no element.
    if not (inputs and re.search("Options|Model", type(dataset).__name__)):
        yield dataset


def _name(dataset: Any) -> str:
    """Return the name of the method that made it: `_ShuffleDataset` -> `shuffle`."""
    words = re.sub(r"^_|Dataset(V\d)?$", "", type(dataset).__name__)
    words = re.sub(r"^Parallel", "", words)
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", words).lower()
    return {"tensor_slice": "from_tensor_slices", "tensor": "from_tensors", "batch_dataset": "batch"}.get(
        snake, snake
    )


def _inputs_of(element: Any) -> Any:
    """Return x of an element that may be x, (x, y) or (x, y, weight)."""
    x = element[0] if isinstance(element, tuple) else element
    return next(iter(x.values())) if isinstance(x, dict) else x


def _first(dataset: Any) -> Any:
    for element in dataset.take(1).as_numpy_iterator():
        return np.atleast_1d(np.asarray(_inputs_of(element)))
    return None


def _shape(dataset: Any) -> tuple[int | None, ...]:
    """Return (elements, *shape of one); None where it is not known or endless."""
    n = int(dataset.cardinality())
    dims: Any = getattr(_inputs_of(dataset.element_spec), "shape", None)
    known = dims is not None and dims.rank is not None
    return (n if n >= 0 else None, *(dims.as_list() if known else (None,)))


def _batched(dataset: Any) -> bool:
    """Whether the elements are batches: batched and not taken apart again."""
    state = False
    for step in _chain(dataset):
        name = _name(step)
        state = (state or "batch" in name) and name != "unbatch"
    return state


def _read(dataset: Any) -> tuple[list[int], bool]:
    """Return a fingerprint of each row, and whether these are all."""
    found: list[int] = []
    batched = _batched(dataset)
    for element in islice(dataset.as_numpy_iterator(), MOST_ROWS):
        x = np.asarray(_inputs_of(element))
        found += rows_of.keys(x if batched else x[np.newaxis])
        if len(found) >= MOST_ROWS:
            return found, False
    return found, True


def _source(dataset: Any) -> Any:
    return next(iter(_chain(dataset)))


def _shared_rows(train: Any, test: Any) -> Leak | str | None:
    """Say whether rows of `test` are also in `train`."""
    seen, all_seen = _read(train)
    held, all_held = _read(test)
    known = set(seen)
    both = sum(key in known for key in held)
    limit = "" if all_seen and all_held else f" (among the first {MOST_ROWS} of each side)"
    if not both:
        return None
    evidence = (
        f"{both} of {count(len(held), 'evaluation row')} are also among the {len(seen)} training rows{limit}"
    )
    shuffled = [_name(s) for side in (train, test) for s in _chain(side)]
    if _source(train) is _source(test) and "shuffle" in shuffled and {"take", "skip"} & set(shuffled):
        return Leak(
            "shuffle",
            f"{evidence}, since shuffle deals anew in each pass and take and skip then cut at other rows.",
            "Split before tf.data, or shuffle with reshuffle_each_iteration=False before take and skip.",
        )
    if both == len(held) or _source(train) is _source(test):
        return Leak(
            "train/test split",
            f"{evidence}.",
            "Deal each row to one side only, before the pipelines are made.",
        )
    return (
        f"{evidence}: the same row may stand in the data several times, or may have been dealt to both sides."
    )
