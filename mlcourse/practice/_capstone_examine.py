"""The examination: asks the model, measures, and hands the figures to the rubric."""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse._text import num, shape
from mlcourse.practice import _capstone_criteria as criteria
from mlcourse.practice import _capstone_leaks as leaks
from mlcourse.practice import _capstone_scores as scores
from mlcourse.practice._capstone_hand_in import (
    LEAST,
    HandIn,
    NotReadable,
    answers,
    probabilities,
    read,
)
from mlcourse.practice._capstone_records import Brief, Leak, Shown, Verdict
from mlcourse.practice._explain import explained
from mlcourse.practice._run import run

if TYPE_CHECKING:
    from typing import TextIO

    from mlcourse.datasets import Dataset

    Array = np.ndarray[Any, Any]

SECONDS = 120.0  # the model's answers, the doctor and the traces together
MOST_TRAIN = 3000  # training rows that are asked, spread evenly
LEAK_LEVEL = 0.99  # an honest student meets a false alarm once in two hundred times
STEPS = ("the hand-in", "answers", "the doctor", "leaks", "intervals", "the file", "traces")
NOT_YET = "This is still the starter. Put your own work where `...` stands, run the cells, and hand in again."
ASKED = ("model", "threshold", "metric", "reason", "train", "validation", "test", "score")


class _Progress:
    """Prints each step as it begins, on one line; on the real output, since the student's code has none."""

    def __init__(self, out: TextIO | None) -> None:
        self.out, self.done = out, 0

    def step(self) -> None:
        if self.out is not None:
            print(
                "Examining:" if not self.done else " ·", STEPS[self.done], end="", file=self.out, flush=True
            )
        self.done += 1

    def end(self) -> None:
        if self.out is not None and self.done:
            print(file=self.out, flush=True)


def examine(
    brief: Brief, given: dict[str, Any], *, seconds: float = SECONDS, progress: bool = True
) -> Verdict:
    """Return the verdict on a hand-in; whatever is wrong with it becomes a message.

    Parameters
    ----------
    brief
        The task.
    given
        The arguments of `Capstone.check`.
    seconds
        How long all of it may take.
    progress
        Whether to print each step as it begins.
    """
    if any(given[name] is Ellipsis for name in ASKED):
        return Verdict(brief.name, brief.title, "not attempted", NOT_YET)
    bar = _Progress(sys.stdout if progress else None)
    # One net and one time limit around everything: the student's code is called in many places.
    ran = run(lambda: _examined(brief, given, bar), seconds)
    bar.end()
    if ran.raised is None:
        verdict: Verdict = ran.value
        return verdict
    error = ran.raised.error
    message = str(error) if isinstance(error, NotReadable) else explained(ran.raised, seconds)
    return Verdict(brief.name, brief.title, "cannot check", message)


def _examined(brief: Brief, given: dict[str, Any], bar: _Progress) -> Verdict:
    bar.step()
    data, held = brief.make()
    hand_in = read(data, given)
    multilabel = data.task == "multilabel"
    k = data.n_classes

    def ask(X: Array) -> Array:
        return probabilities(hand_in, X, k, multilabel=multilabel)

    bar.step()
    # Each row once: copies of rare rows would change what is common, and with it every F1.
    once = np.unique(np.array([hash(key) for key in hand_in.train.keys]), return_index=True)[1]
    picked = np.sort(once)[np.unique(np.linspace(0, len(once) - 1, MOST_TRAIN).round().astype(int))]
    _fits(hand_in)
    P = {"train": ask(hand_in.train.X[picked]), "test": ask(hand_in.test.X), "held back": ask(held.X)}
    y = {"train": hand_in.train.y[picked], "test": hand_in.test.y, "held back": held.y}
    pairs = {name: (scores.one_hot(y[name], k), answers(P[name], hand_in.thresholds)) for name in P}

    bar.step()
    findings = _doctor(hand_in, data)

    bar.step()
    judged_by = hand_in.metric if hand_in.metric in brief.limits.floors else next(iter(brief.limits.floors))
    metric = scores.METRICS[judged_by]
    found, note = _leaks(hand_in, data, ask, held)
    above = scores.difference(metric, pairs["test"], pairs["held back"], level=LEAK_LEVEL)
    found += leaks.unexplained(above, brief.limits.luck)

    bar.step()
    spans = {name: scores.interval(metric, *pair) for name, pair in pairs.items()}
    own = scores.METRICS[hand_in.metric]
    ece, brier, shares = scores.calibration(y["held back"], P["held back"])

    bar.step()
    size, why = _saved(hand_in, held.X[:64], P["held back"][:64])

    measured = criteria.Measured(
        findings=findings, leaks=tuple(found), metric=hand_in.metric, metric_title=own.title, judged_by=judged_by,
        judged_title=metric.title, reason=hand_in.reason, score=hand_in.score,
        own=round(float(own.of(own.rows(*pairs["test"]).sum(axis=0))), 3),
        train=spans["train"], held=spans["held back"],
        gap=scores.difference(metric, pairs["train"], pairs["held back"], level=0.95),
        ece=ece, brier=brier, brier_of_shares=shares, parameters=int(hand_in.model.count_params()),
        saved=not why, saved_why=why, hidden=_hidden(hand_in, data, ask, metric, pairs["held back"], brief.limits.gap),
    )  # fmt: skip

    bar.step()
    rubric = criteria.rubric(brief, measured)
    state, message = criteria.state(rubric)
    shown = Shown(
        y["test"], P["test"], pairs["test"][1], hand_in.thresholds, data.class_names, multilabel,
        _examples(hand_in, data, pairs["test"]), hand_in.training, hand_in.flow, size,
    )  # fmt: skip
    return Verdict(
        brief.name, brief.title, state, message, rubric, spans, tuple(found), (note,) if note else (),
        hand_in.metric, hand_in.reason, hand_in.name, shown,
    )  # fmt: skip


def _hidden(
    hand_in: HandIn, data: Dataset, ask: Any, metric: scores.Metric, held: tuple[Array, Array], gap: float
) -> tuple[int, float, float] | None:
    """Find rows that are known by heart though they are not handed in for training.

    Thresholds chosen on validation rows lift their score a little, chance too: only what lies beyond both counts.
    """
    named = [p.rows for p in (hand_in.train, hand_in.validation, hand_in.test) if p is not None]
    groups = [np.setdiff1d(np.arange(data.n_samples), np.concatenate(named))]
    if hand_in.validation is not None:
        groups.append(np.setdiff1d(hand_in.validation.rows, [-1, *hand_in.train.rows, *hand_in.test.rows]))
    for rows in groups:
        if len(rows) < LEAST:
            continue
        said = answers(ask(data.X[rows]), hand_in.thresholds)
        pair = (scores.one_hot(data.y[rows], data.n_classes), said)
        apart, low, _ = scores.difference(metric, pair, held, level=LEAK_LEVEL)
        if low > gap:
            return len(rows), round(float(metric.of(metric.rows(*pair).sum(axis=0))), 3), apart
    return None


def _ready(hand_in: HandIn, X: Array) -> Any:
    """Return what the model takes: an array, or a list or dict of them for several inputs."""
    ready = X if hand_in.preprocess is None else hand_in.preprocess(X.copy())
    if isinstance(ready, dict):
        return {name: np.asarray(value) for name, value in ready.items()}
    if isinstance(ready, (list, tuple)) and len(getattr(hand_in.model, "inputs", None) or ()) > 1:
        return [np.asarray(value) for value in ready]
    return np.asarray(ready)


def _first(ready: Any) -> Any:
    if isinstance(ready, dict):
        return {name: value[0] for name, value in ready.items()}
    return [value[0] for value in ready] if isinstance(ready, list) else ready[0]


def _fits(hand_in: HandIn) -> None:
    """Raise where the model takes other rows than it would get; Keras' own message has twenty lines."""
    wanted = getattr(hand_in.model, "input_shape", None)
    ready = _ready(hand_in, hand_in.test.X[:2])
    if (
        isinstance(wanted, tuple)
        and wanted
        and not isinstance(wanted[0], tuple)
        and isinstance(ready, np.ndarray)
    ):
        row, got = wanted[1:], ready.shape[1:]
        if len(row) != len(got) or any(w is not None and w != g for w, g in zip(row, got, strict=True)):
            came = "raw rows have" if hand_in.preprocess is None else "preprocess returns rows of"
            raise NotReadable(
                f"The model takes rows of shape {shape(row)}, but {came} {'' if 'returns' in came else 'the shape '}"
                f"{shape(got)}. The examiner hands over rows as they stand in `data`: put the preprocessing into the "
                "model, or hand it in as `preprocess=`."
            )


def _doctor(hand_in: HandIn, data: Dataset) -> tuple[tuple[str, str], ...]:
    from mlcourse import doctor

    loss = getattr(hand_in.model, "loss", None)
    named = str(getattr(loss, "name", None) or getattr(loss, "__name__", None) or loss)
    y = hand_in.train.y
    if data.task == "multiclass" and "categorical" in named.lower() and "sparse" not in named.lower():
        y = scores.one_hot(y, data.n_classes)
    try:
        said = doctor.examine(hand_in.model, _ready(hand_in, hand_in.train.X), y, task=data.task)
    except (InvalidArgument, InvalidType) as error:
        raise NotReadable(f"The doctor cannot examine the model: {error}") from error
    return tuple((f.severity, f.title) for f in said.findings if f.severity != "hint")


def _leaks(hand_in: HandIn, data: Dataset, ask: Any, held: Dataset) -> tuple[list[Leak], str]:
    scaler, note = leaks.scaler(hand_in, data)
    found = [
        *leaks.shared_rows(hand_in),
        *leaks.shared_groups(hand_in, data),
        *scaler,
        *leaks.chosen_on_test(hand_in),
        *leaks.neighbours(ask, held.X[:32]),
    ]
    foreign = int((hand_in.train.rows < 0).sum())
    if foreign:
        note = f"{note} {foreign} training rows are none of those handed out; where they are from cannot be told.".strip()
    return found, note


def _saved(hand_in: HandIn, X: Array, P: Array) -> tuple[int | None, str]:
    """Save and load the model; return the size of its file, and what went wrong, if anything."""
    import keras

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        try:
            hand_in.model.save(path)
            size = path.stat().st_size
        except Exception as error:  # noqa: BLE001 - whatever the student's layers raise
            return None, f"it cannot be saved ({type(error).__name__})"
        try:
            again = dataclasses.replace(hand_in, model=keras.saving.load_model(path))
            same = probabilities(again, X, P.shape[1], multilabel=bool(hand_in.thresholds))
        except Exception as error:  # noqa: BLE001
            return size, f"saved, it cannot be loaded again ({type(error).__name__})"
    worst = float(np.abs(same - P).max())
    return size, "" if worst < 1e-4 else f"loaded again, it answers differently (by up to {num(worst, 2)})"


def _examples(hand_in: HandIn, data: Dataset, pair: tuple[Array, Array]) -> tuple[tuple[str, Any], ...]:
    """Return the traces of the first right and the first wrong row of the student's own test rows."""
    from mlcourse import trace

    Y, H = pair
    right = (Y == H).all(axis=1)
    found: list[tuple[str, Any]] = []
    for title, mask in (("A row that it gets right", right), ("A row that it gets wrong", ~right)):
        if not mask.any():
            found.append((title, "There is none among the test rows."))
            continue
        # Rather a row with a label: one without shows only what was left out.
        row = int(np.flatnonzero(mask)[np.argmax(Y[mask].any(axis=1))])
        true = [name for name, on in zip(data.class_names, Y[row], strict=True) if on]
        heading = (
            f"{title}: row {row} of the test rows, in truth {' and '.join(true) or 'none of the labels'}"
        )
        options: dict[str, Any] = {"class_names": data.class_names}
        if hand_in.thresholds:
            options["threshold"] = hand_in.thresholds
        try:
            ready = _ready(hand_in, hand_in.test.X[row : row + 1])
            found.append((heading, trace.prediction(hand_in.model, _first(ready), **options)))
        except (InvalidArgument, InvalidType) as error:
            found.append((heading, f"No trace of it can be shown: {error}"))
    return tuple(found)
