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
    """Show the first element after each step of a `tf.data` pipeline, and compare rows with `test`.

    Each look is a pass of its own, so behind a shuffle another row comes first
    each time: no arrow then leads from one sample to the next.
    """
    if test is not None and not is_dataset(test):
        raise InvalidType(f"test is {shown(test)}, but must be a tf.data.Dataset like the first argument.")
    steps = list(_chain(train))
    stages: list[Stage] = []
    shuffled = False
    for step in steps:
        first = _first(step)
        if first is None:
            raise InvalidArgument(
                f"the tf.data pipeline is empty after {_name(step)!r}, so no row can be followed."
            )
        shape_out = _shape(step)
        name = _name(step)
        shuffled = shuffled or name == "shuffle"
        action = _SAYS.get(name, f"The transformation {name!r} of tf.data.")
        if _reshuffles(step):
            action += " Each pass deals anew."
        last = stages[-1] if stages else None
        same_row = last is not None and name in {"map", "batch"} and not shuffled
        stages.append(
            Stage(
                name,
                action,
                last.shape_out if last else shape_out,
                shape_out,
                first,
                last.sample if last and same_row else first,
            )
        )
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
    return DataFlow(stages, leaks=leaks, not_judged=unjudged, follows="first element")


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


def _reshuffles(step: Any) -> bool:
    """Whether it is a shuffle that gives another order in each pass, as is its default."""
    return _name(step) == "shuffle" and bool(getattr(step, "_reshuffle_each_iteration", True))


def _dealt_twice(train: Any, test: Any) -> bool:
    """Whether both sides are cut, by take, skip or shard, from one shuffle that deals anew in each pass."""
    ours, theirs = list(_chain(train)), list(_chain(test))
    shared = [s for s in ours if any(s is t for t in theirs)]
    cuts = {_name(s) for s in [*ours, *theirs] if not any(s is t for t in shared)}
    anew = False
    for step in shared:
        # A cache keeps the order of the first pass.
        anew = (anew or _reshuffles(step)) and _name(step) != "cache"
    return anew and bool(cuts & {"take", "skip", "shard"})


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
    limit = "" if all_seen and all_held else f" (as far as the first {MOST_ROWS} of each side tell)"
    evidence = (
        f"{both} of {count(len(held), 'evaluation row')} are also among the {len(seen)} training rows{limit}"
    )
    if _dealt_twice(train, test):
        return Leak(
            "shuffle",
            f"it deals anew in each pass, so take and skip cut at other rows each time: {evidence}.",
            "Split before tf.data, or shuffle with reshuffle_each_iteration=False before take and skip.",
        )
    if not both:
        return None
    if both == len(held) or _source(train) is _source(test):
        return Leak(
            "train/test split",
            f"{evidence}.",
            "Deal each row to one side only, before the pipelines are made.",
        )
    return f"{evidence}: the same row may stand in the data several times, or may have been dealt to both."
