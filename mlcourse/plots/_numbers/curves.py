"""The curves of a training run: which numbers, in which panel, and what they do over the epochs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse._text import count, listed, num
from mlcourse.plots._numbers import _words

# A curve has turned when its end is this share of its whole range worse than its best.
_TURN = 0.05


@dataclass(frozen=True)
class Line:
    """One metric over the epochs: `values[i]` belongs to `epochs[i]`; a value may be NaN."""

    name: str
    epochs: tuple[int, ...]
    values: tuple[float, ...]

    @property
    def validation(self) -> bool:
        """Whether it was measured on the validation rows."""
        return self.name.startswith("val_")

    @property
    def plain(self) -> str:
        """The metric's name as words, without `val_`."""
        return self.name.removeprefix("val_").replace("_", " ")


@dataclass(frozen=True)
class Panel:
    """One metric: its training line, its validation line, or both."""

    title: str
    lines: tuple[Line, ...]
    digits: int

    @property
    def lower_is_better(self) -> bool:
        """Whether the metric counts mistakes, judged by its name as Keras writes it."""
        words = self.lines[0].plain.split()
        bad = ("loss", "error", "hamming", "mse", "mae", "crossentropy", "divergence")
        return any(b in w for w in words for b in bad)

    @property
    def best(self) -> tuple[int, float] | None:
        """Epoch and value at which the validation line is best, if it is worse again at the end."""
        line = next((v for v in self.lines if v.validation), None)
        return None if line is None else self.turn(line)

    def rounded(self, line: Line) -> list[float]:
        """Return the values as they are written."""
        return [round(v, self.digits) if math.isfinite(v) else v for v in line.values]

    def turn(self, line: Line) -> tuple[int, float] | None:
        """Return where the line is best, if its end is clearly worse than that."""
        values = self.rounded(line)
        if len(values) < 3 or not all(map(math.isfinite, values)):
            return None
        sign = 1 if self.lower_is_better else -1
        at = min(range(len(values)), key=lambda i: sign * values[i])
        step = max(_TURN * (max(values) - min(values)), 1.5 * 10**-self.digits)
        if at == 0 or sign * (values[-1] - values[at]) < step:
            return None
        return line.epochs[at], values[at]

    def sentence(self, line: Line) -> str:
        """Say what the line does."""
        name = f"validation {line.plain}" if line.validation else line.plain
        values = self.rounded(line)
        broken = next((i for i, v in enumerate(values) if not math.isfinite(v)), None)
        if broken is not None:
            kind = "NaN" if math.isnan(values[broken]) else "infinite"
            before = f", from {num(values[0], self.digits)} at the start" if broken else ""
            return f"{name} becomes {kind} at epoch {line.epochs[broken]}{before}: the training broke down"
        first, last = num(values[0], self.digits), num(values[-1], self.digits)
        if len(values) == 1:
            return f"{name} is {first} at epoch {line.epochs[0]}"
        over = count(line.epochs[-1] - line.epochs[0] + 1, "epoch")
        turned = self.turn(line)
        if turned is not None:
            way, past = ("up", "lowest") if self.lower_is_better else ("down", "highest")
            there = num(turned[1], self.digits)
            return f"{name} turns {way} after epoch {turned[0]}: {past} {there} there, {last} at the end"
        if first == last:
            return f"{name} is {first} at the start and after {over}"
        way = "falls" if values[-1] < values[0] else "rises"
        return f"{name} {way} from {first} to {last} over {over}"


@dataclass(frozen=True)
class Curves:
    """A training run's panels, the loss first."""

    panels: tuple[Panel, ...]

    @property
    def alt(self) -> str:
        """What the curves do, in words."""
        parts = (
            _words.capital("; ".join(panel.sentence(line) for line in panel.lines)) for panel in self.panels
        )
        return ". ".join(parts) + "."


def measure(history: Any, metrics: str | Sequence[str] | None = None) -> Curves:
    """Sort what a training run recorded into panels, or raise if it is not a training run."""
    lines = _lines(history)
    if not lines:
        raise InvalidArgument("history holds no epoch yet; train the model first.")
    groups: dict[str, list[Line]] = {}
    for line in sorted(lines, key=lambda v: (v.validation, "loss" not in v.name)):
        groups.setdefault(line.name.removeprefix("val_"), []).append(line)
    if metrics is not None:
        asked = [metrics] if isinstance(metrics, str) else list(metrics)
        for name in asked:
            if name not in groups:
                raise InvalidArgument(
                    f"metrics names {shown(name)}, but the history holds {listed(map(repr, groups))}."
                )
        if not asked:
            raise InvalidArgument("metrics is empty, but must name at least one metric.")
        groups = {name: groups[name] for name in asked}
    panels = []
    for name, members in groups.items():
        digits = _words.decimals([v for line in members for v in line.values])
        panels.append(Panel(_words.capital(name.replace("_", " ")), tuple(members), digits))
    return Curves(tuple(panels))


def _lines(history: Any) -> list[Line]:
    """Read the lines out of a `trace.Training`, a Keras `History` or a dict of lists."""
    if hasattr(history, "epochs") and not isinstance(history, Mapping):
        return _from_epochs(history.epochs)
    numbers: Sequence[int] | None = None
    table = history
    if isinstance(getattr(history, "history", None), Mapping):
        table, numbers = history.history, [int(e) + 1 for e in getattr(history, "epoch", [])]
    if not isinstance(table, Mapping):
        raise InvalidType(
            f"history is {shown(history)}, but must be what model.fit returns,"
            " a trace.Training or a dict of lists."
        )
    columns = {_name(k): _column(k, v) for k, v in table.items()}
    n = max(map(len, columns.values()), default=0)
    if not n:
        return []
    if numbers is None or len(numbers) != n:  # a dict, or a History filled by hand
        numbers = range(1, n + 1)
    lines = []
    for name, values in columns.items():
        # With validation_freq=k Keras validates every k-th epoch only.
        every, rest = divmod(n, len(values)) if values else (0, 1)
        if (rest or every > 1) and not (name.startswith("val_") and not rest):
            raise InvalidArgument(
                f"history[{name!r}] has {count(len(values), 'value')}, but the longest metric has {n};"
                " every metric needs one value per epoch."
            )
        lines.append(Line(name, tuple(numbers[every - 1 :: every]), tuple(values)))
    return lines


def _from_epochs(epochs: Any) -> list[Line]:
    found: dict[str, list[tuple[int, float]]] = {}
    try:
        for record in epochs:
            for name, value in record.metrics.items():
                if value is not None:
                    found.setdefault(_name(name), []).append((int(record.epoch), _number(name, value)))
    except (AttributeError, TypeError):
        raise InvalidType("history.epochs must hold records with .epoch and .metrics.") from None
    return [Line(name, tuple(e for e, _ in p), tuple(v for _, v in p)) for name, p in found.items()]


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise InvalidType(f"history names a metric {shown(name)}, but a metric's name must be a string.")
    return name


def _column(name: Any, values: Any) -> list[float]:
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise InvalidType(
            f"history[{name!r}] is {shown(values)}, but must be a list with one number per epoch."
        )
    return [_number(name, v) for v in values]


def _number(name: Any, value: Any) -> float:
    try:
        if isinstance(value, str):
            raise TypeError  # noqa: TRY301 - "0.5" would pass float()
        return float(value)
    except (TypeError, ValueError):
        raise InvalidType(f"history[{name!r}] holds {shown(value)}, but must hold numbers.") from None
