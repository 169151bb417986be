"""What a model answers over the whole plane of two features."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, number, shown, whole_number
from mlcourse._text import count, listed, shape
from mlcourse.plots._numbers import _checks, _words

if TYPE_CHECKING:
    from mlcourse.plots._numbers._checks import Floats, Ints, Names


@dataclass(frozen=True)
class Plane:
    """One picture: the plane's answer for one task or one label.

    Attributes
    ----------
    regions
        Class at each point of the grid, shape `(n_v, n_u)`.
    truth
        Class of each sample, shape `(n_samples,)`.
    answer
        The model's class for each sample, shape `(n_samples,)`.
    title
        The label's name in a multi-label task, else empty.
    """

    regions: Ints
    truth: Ints
    answer: Ints
    names: Names
    title: str

    @property
    def right(self) -> int:
        """Number of samples that lie in their own class's region."""
        return int((self.truth == self.answer).sum())

    @property
    def shares(self) -> list[tuple[int, float]]:
        """Each class that has a region, and the share of the plane it takes, the largest first."""
        counts = np.bincount(self.regions.ravel(), minlength=len(self.names))
        order = sorted(np.flatnonzero(counts), key=lambda i: -int(counts[i]))
        return [(int(i), round(float(counts[i]) / self.regions.size, 2)) for i in order]


@dataclass(frozen=True)
class Spot:
    """Where a region is named: in the middle of its widest part that is free of samples."""

    u: float
    v: float
    name: str
    index: int


@dataclass(frozen=True)
class Regions:
    """The planes, over the same grid and the same samples."""

    u: Floats
    v: Floats
    X: Floats
    planes: tuple[Plane, ...]
    axes: tuple[str, str]

    def spots(self, plane: Plane) -> list[Spot]:
        """Return where to name each region that has room for a name."""
        from scipy.ndimage import distance_transform_edt  # type: ignore[import-untyped]

        taken = np.zeros(plane.regions.shape, dtype=bool)
        rows = np.searchsorted(self.v, self.X[:, 1]).clip(0, len(self.v) - 1)
        columns = np.searchsorted(self.u, self.X[:, 0]).clip(0, len(self.u) - 1)
        taken[rows, columns] = True
        found = []
        for index, _ in plane.shares:
            # The frame of False makes the figure's edge a border as well.
            free = np.pad((plane.regions == index) & ~taken, 1)
            depth = distance_transform_edt(free)[1:-1, 1:-1]
            row, column = np.unravel_index(int(depth.argmax()), depth.shape)
            if depth[row, column] >= 0.04 * len(self.u):
                spot = Spot(float(self.u[column]), float(self.v[row]), plane.names.word(index), index)
                found.append(spot)
        return found

    @property
    def alt(self) -> str:
        """What the figure shows, in words."""
        n = len(self.X)
        across = f"over {self.axes[0]} and {self.axes[1]}"
        if len(self.planes) > 1:
            said = [f"Decision regions of {count(len(self.planes), 'label')} {across}, {count(n, 'sample')}."]
            said += [
                f"{_words.capital(p.title)}: {p.right} right,"
                f" on in {_words.percent(dict(p.shares).get(1, 0))} of the plane."
                for p in self.planes
            ]
            return " ".join(said)
        plane = self.planes[0]
        said = [
            (
                f"Decision regions {across}: {plane.right} of {count(n, 'sample')} lie in the region"
                f" of their own class ({_words.percent(plane.right / n)})."
            )
        ]
        if len(plane.shares) == 1:
            said.append(f"The whole plane is {plane.names.word(plane.shares[0][0])}.")
        else:
            parts = [f"{plane.names.word(i)} {_words.percent(s)}" for i, s in plane.shares]
            said.append(f"Share of the plane: {_words.few(parts)}.")
        lost = [i for i in np.unique(plane.truth) if i not in dict(plane.shares)]
        if lost:
            which = listed(plane.names.word(int(i)) for i in lost)
            said.append(f"{_words.capital(which)} {'has' if len(lost) == 1 else 'have'} no region.")
        return " ".join(said)


def measure(
    model: Any, X: Any, y: Any, *, class_names: Any, feature_names: Any, threshold: Any, resolution: Any
) -> Regions:
    """Ask the model for its answer on a grid over the plane, and for the samples."""
    if not callable(getattr(model, "predict", None)):
        raise InvalidType(f"model is {shown(model)}, but must have a predict method.")
    points = _checks.array("X", X)
    if points.ndim != 2 or points.shape[1] != 2:
        raise InvalidArgument(
            f"X has shape {shape(points.shape)}, but must be n_samples × 2: a plane has two features."
        )
    points = points.astype(np.float64)
    truth = _checks.labels("y", y)
    if len(truth) != len(points):
        raise InvalidArgument(f"X has {len(points)} rows and y {len(truth)}, but both must be the same.")
    cut = number("threshold", threshold, low=0, high=1)
    steps = whole_number("resolution", resolution, least=10, most=1000)
    names = (
        ("feature 0", "feature 1")
        if feature_names is None
        else _checks.texts("feature_names", feature_names, 2)
    )
    low, high = points.min(axis=0), points.max(axis=0)
    pad = np.where(high > low, 0.08 * (high - low), 1.0)
    u, v = (np.linspace(low[i] - pad[i], high[i] + pad[i], steps) for i in (0, 1))
    grid = np.stack([a.ravel() for a in np.meshgrid(u, v)], axis=1)
    asked = np.concatenate([grid, points]).astype(np.float32)
    answers = _answers(_predicted(model, asked), many=truth.ndim == 2, cut=cut)
    if answers.ndim != truth.ndim or (truth.ndim == 2 and answers.shape[1] != truth.shape[1]):
        raise InvalidArgument(
            f"y has shape {shape(truth.shape)}, but the model answers with shape"
            f" {shape((len(points), *answers.shape[1:]))} for these samples."
        )
    split = len(grid)
    planes = []
    if truth.ndim == 1:
        largest = max(int(truth.max()), int(answers.max()))
        given = len(class_names) if hasattr(class_names, "__len__") and class_names is not None else 0
        known = _checks.names(class_names, max(largest + 1, given, 2))
        planes.append(Plane(answers[:split].reshape(steps, steps), truth, answers[split:], known, ""))
    else:
        known = _checks.names(class_names, truth.shape[1], noun="label")
        state = _checks.Names(("off", "on"), given=True, noun="label")
        for i in range(len(known)):
            region = answers[:split, i].reshape(steps, steps)
            planes.append(Plane(region, truth[:, i], answers[split:, i], state, known.word(i)))
    return Regions(u, v, points, tuple(planes), (names[0], names[1]))


def _predicted(model: Any, asked: Any) -> Any:
    """Call `predict` once, without Keras' progress bar and in few large batches."""
    try:
        accepted = set(inspect.signature(model.predict).parameters)
    except (TypeError, ValueError):
        accepted = set()
    quiet = {"verbose": 0, "batch_size": 4096}
    options = quiet if set(quiet) <= accepted else {}
    answer = np.asarray(model.predict(asked, **options))
    if answer.ndim == 0 or len(answer) != len(asked):
        raise InvalidArgument(
            f"model.predict gave shape {shape(answer.shape)} for {len(asked)} rows,"
            " but must give one answer per row."
        )
    return answer


def _answers(raw: Any, *, many: bool, cut: float) -> Ints:
    """Turn what a model answers into class numbers, or into 0/1 for each label."""
    raw = _checks.array("What model.predict gives", raw)
    if raw.ndim == 2 and raw.shape[1] == 1:
        raw = raw[:, 0]
    if raw.ndim == 2 and not many:
        return np.asarray(raw.argmax(axis=1), dtype=np.int64)
    whole = raw.astype(np.int64)
    if (whole == raw).all() and (raw.dtype.kind != "f" or set(np.unique(whole)) - {0, 1}):
        return _checks.labels("What model.predict gives", whole)
    return np.asarray(_checks.probabilities("What model.predict gives", raw) >= cut, dtype=np.int64)
