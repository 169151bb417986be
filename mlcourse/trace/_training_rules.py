"""What the numbers of an epoch mean: small rules, each with a name, its evidence and a sentence.

The rules see numbers rounded as the table shows them, so a reader can check
every sentence against the table, and a last digit that differs between two
processors changes no sentence. What is smaller than the last digit shown is
no change.

`observe` asks the rules in a fixed order: of those about the training loss the
first that applies speaks, so the alarming ones come first; those about the
validation rows and the learning rate speak besides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from mlcourse import _text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mlcourse.trace._training_baseline import Baseline

# Changes of the loss in one epoch, as a share of the loss before.
FAST = 0.10
SMALL = 0.02
# So many epochs in a row make a plateau or a failure to start.
LONG = 3
# So far back a plateau is followed.
WINDOW = 100
# A loss near guessing: within this share of it.
NEAR = 0.02
# A validation loss this much above its best, twice in a row, has turned.
TURNED = 0.03
# Mean step of a validation loss that jumps up and down, as a share of its mean.
NOISY = 0.08


@dataclass(frozen=True)
class Observation:
    """What one rule says about one epoch.

    Attributes
    ----------
    name
        The rule's name, e.g. `improving fast`.
    text
        A sentence for the student.
    evidence
        The numbers on which it rests, by name, rounded as they are shown.
    """

    name: str
    text: str
    evidence: Mapping[str, float] = field(default_factory=dict)


class Seen:
    """What the rules look at: the losses up to the epoch in question, rounded.

    Attributes
    ----------
    epochs
        Numbers of the epochs.
    loss
        Training loss of each.
    val
        The validation losses that there are, as (epoch, value).
    best
        The lowest of them, the first if there are several.
    low, high
        Lowest and highest training loss.
    rate
        Learning rates of this epoch and the one before.
    step
        The smallest difference that shows: one in the last digit.
    """

    def __init__(self, digits: int = 2) -> None:
        self.digits = digits
        self.step = 10.0**-digits
        self.epochs: list[int] = []
        self._position: dict[int, int] = {}
        self.loss: list[float] = []
        self.val: list[tuple[int, float]] = []
        self.best: tuple[int, float] | None = None
        # Kept as they come, so that the ten thousandth epoch costs no more than the tenth.
        self.low = math.inf
        self.high = -math.inf
        self.rate: tuple[float | None, float | None] = (None, None)
        self.baseline: Baseline | None = None
        self.not_finite: list[str] = []
        self.metrics: Mapping[str, float] = {}

    def add(
        self,
        epoch: int,
        metrics: Mapping[str, float],
        baseline: Baseline | None = None,
        rate: float | None = None,
    ) -> None:
        """Take in the next epoch."""
        self.metrics = metrics
        self.epochs.append(epoch)
        self.baseline = baseline
        self.rate = (self.rate[1], rate)
        self.not_finite = [n for n, v in metrics.items() if not math.isfinite(v)]
        loss = self._round(metrics.get("loss", math.nan))
        self._position[epoch] = len(self.loss)
        self.loss.append(loss)
        if math.isfinite(loss):
            self.low, self.high = min(self.low, loss), max(self.high, loss)
        if "val_loss" in metrics:
            value = self._round(metrics["val_loss"])
            self.val.append((epoch, value))
            if math.isfinite(value) and (self.best is None or value < self.best[1]):
                self.best = (epoch, value)

    def loss_at(self, epoch: int) -> float:
        """Return the training loss of an epoch that was seen."""
        return self.loss[self._position[epoch]]

    def same(self, one: float, other: float) -> bool:
        """Tell whether two rounded numbers differ by no more than the last digit."""
        return abs(one - other) < 1.5 * self.step

    def num(self, value: float) -> str:
        """Write a number as the table does."""
        return _text.num(value, self.digits)

    def _round(self, value: float) -> float:
        return round(value, self.digits) if math.isfinite(value) else value


def percent(before: float, after: float) -> str:
    """Write a relative change: `−31 %`."""
    share = round(100 * (after - before) / before)
    return f"{'−' if share < 0 else '+'}{abs(share)} %"


def _from_to(seen: Seen) -> tuple[float, float]:
    """Return the loss of the epoch before and of this one."""
    return seen.loss[-2], seen.loss[-1]


def _change(seen: Seen, back: int = 1) -> float:
    """Return the relative change of the loss in one epoch, the last one or one before it."""
    now, before = seen.loss[-back], seen.loss[-back - 1]
    return (now - before) / before if before and math.isfinite(before) and math.isfinite(now) else 0.0


def _moved(seen: Seen, verdict: str) -> str:
    """Say from where to where the loss went, and how much that is."""
    before, now = _from_to(seen)
    verb = "fell" if now < before else "rose"
    share = f" ({percent(before, now)})" if before else ""
    return f"Loss {verb} from {seen.num(before)} to {seen.num(now)}{share}: {verdict}"


# --- the training loss: the first rule that applies speaks ---


def nan_loss(seen: Seen) -> Observation | None:
    """Speak when a number has overflowed."""
    if not seen.not_finite:
        return None
    name = "loss" if "loss" in seen.not_finite else seen.not_finite[0]
    value = seen.metrics[name]
    # Plateau words would be wrong from here on: Adam never leaves NaN again.
    return Observation(
        "NaN loss" if name == "loss" else "NaN metric",
        f"{name.replace('_', ' ').capitalize()} is {_text.num(value)}: the numbers have run out of bounds, "
        "and nothing more is learned. Look for NaN in the data, unscaled inputs or too large a "
        "learning rate.",
        {name: value},
    )


def starts_learning(seen: Seen) -> Observation | None:
    """Speak in the first epoch: better than guessing, or not yet."""
    if len(seen.loss) > 1:
        return None
    loss = seen.loss[0]
    guess = seen.baseline
    if guess is None:
        text = f"Loss {seen.num(loss)} after the first epoch: the number to beat."
        return Observation("first epoch", text, {"loss": loss})
    chance = round(guess.value, seen.digits)
    evidence = {"loss": loss, "guessing": chance}
    costs = f"{guess.guess} would give {guess.formula} = {seen.num(chance)}"
    if loss < chance * (1 - NEAR) and not seen.same(loss, chance):
        return Observation("starts learning", f"Loss {seen.num(loss)}, {costs}: starts learning.", evidence)
    return Observation(
        "at chance level", f"Loss {seen.num(loss)}, {costs}: no better than guessing yet.", evidence
    )


def diverging(seen: Seen) -> Observation | None:
    """Speak when the loss climbs: twice in a row and well above its best, or far above where it began."""
    if len(seen.loss) < 2:
        return None
    before, now = _from_to(seen)
    best = seen.low
    rising = len(seen.loss) > 2 and now > before > seen.loss[-3] and now > best * (1 + FAST)
    far = now > 2 * seen.loss[0] and now > before
    if not (rising or far) or now - best < 3 * seen.step:
        return None
    return Observation(
        "diverging",
        f"Loss rose to {seen.num(now)}; its best was {seen.num(best)}: diverging. "
        "A smaller learning rate usually cures this.",
        {"loss": now, "best": best},
    )


def no_learning(seen: Seen) -> Observation | None:
    """Speak when after some epochs the loss still is where guessing, or the first epoch, was."""
    if len(seen.loss) < LONG:
        return None
    now, first = seen.loss[-1], seen.loss[0]
    if seen.baseline is not None:
        chance = round(seen.baseline.value, seen.digits)
        if seen.low < chance * (1 - NEAR) and not seen.same(seen.low, chance):
            return None
        # A large start has far to come down: while it steadily does, it learns, if slowly.
        *_, before, between = seen.loss[:-1]
        if now < between < before and not seen.same(now, before):
            return None
        return Observation(
            "at chance level",
            f"Loss {seen.num(now)} after {len(seen.loss)} epochs, by guessing {seen.num(chance)}: "
            "not learning.",
            {"loss": now, "guessing": chance},
        )
    if seen.high - seen.low > max(NEAR * abs(first), 1.5 * seen.step):
        return None
    return Observation(
        "no learning",
        f"Loss {seen.num(now)} after {len(seen.loss)} epochs, {seen.num(first)} after one: not learning.",
        {"loss": now, "first": first},
    )


def plateau(seen: Seen) -> Observation | None:
    """Speak when the loss has hardly moved for some epochs."""
    if len(seen.loss) <= LONG:
        return None
    low = high = seen.loss[-1]
    length = 0
    for value in islice(reversed(seen.loss), WINDOW):
        low, high = min(low, value), max(high, value)
        if high - low > max(SMALL * abs(high), 1.5 * seen.step):
            break
        length += 1
    if length <= LONG:
        return None
    window = seen.loss[-length:]
    low, high = min(window), max(window)
    where = f"at {seen.num(low)}" if low == high else f"between {seen.num(low)} and {seen.num(high)}"
    more = " or more" if length == WINDOW else ""
    return Observation(
        "plateau",
        f"Loss has stayed {where} for {length} epochs{more}: plateau.",
        {"low": low, "high": high, "epochs": length},
    )


def improving_fast(seen: Seen) -> Observation | None:
    """Speak when the loss fell by a tenth or more in one epoch."""
    if len(seen.loss) < 2 or _change(seen) > -FAST or seen.same(*_from_to(seen)):
        return None
    before, now = _from_to(seen)
    return Observation("improving fast", _moved(seen, "improving fast."), {"before": before, "loss": now})


def slowing(seen: Seen) -> Observation | None:
    """Speak when the loss falls, but by less than half of what it fell in the epoch before."""
    if len(seen.loss) < 3:
        return None
    before, now = _from_to(seen)
    earlier = seen.loss[-3] - before
    if not (now < before and earlier > 1.5 * seen.step and before - now < earlier / 2):
        return None
    return Observation(
        "slowing", _moved(seen, "slowing."), {"before": before, "loss": now, "fall before": earlier}
    )


def improving(seen: Seen) -> Observation | None:
    """Speak when the loss fell."""
    if len(seen.loss) < 2 or not seen.loss[-1] < seen.loss[-2]:
        return None
    before, now = _from_to(seen)
    return Observation("improving", _moved(seen, "improving slowly."), {"before": before, "loss": now})


def step_back(seen: Seen) -> Observation | None:
    """Speak when the loss rose by more than the last digit."""
    if len(seen.loss) < 2 or not seen.loss[-1] > seen.loss[-2] or seen.same(*_from_to(seen)):
        return None
    before, now = _from_to(seen)
    return Observation("step back", _moved(seen, "a step back."), {"before": before, "loss": now})


def steady(seen: Seen) -> Observation | None:
    """Speak when nothing else is to be said."""
    before, now = _from_to(seen)
    where = seen.num(now) if now == before else f"{seen.num(now)} after {seen.num(before)}"
    return Observation("steady", f"Loss {where}: hardly a change.", {"before": before, "loss": now})


# --- the validation rows and the learning rate: each speaks for itself ---


def overfitting(seen: Seen) -> Observation | None:
    """Speak when the validation loss has turned up while the training loss went on falling."""
    if len(seen.val) < 3 or seen.best is None:
        return None
    since, best = seen.best
    (first, one), (second, two) = seen.val[-2:]
    high = best * (1 + TURNED)
    if (
        second != seen.epochs[-1]
        or first <= since
        or min(one, two) <= high
        or min(one, two) - best < 1.5 * seen.step
    ):
        return None
    before, now = seen.loss_at(since), seen.loss[-1]
    if not now < before or seen.same(now, before):
        return None
    return Observation(
        "overfitting",
        f"Overfitting since epoch {since}: validation loss rose from {seen.num(best)} to {seen.num(two)} "
        f"while the training loss fell from {seen.num(before)} to {seen.num(now)}.",
        {"since": since, "best val_loss": best, "val_loss": two, "loss then": before, "loss": now},
    )


def validation_noisy(seen: Seen) -> Observation | None:
    """Speak when the validation loss jumps up and down."""
    if len(seen.val) < 5 or seen.val[-1][0] != seen.epochs[-1]:
        return None
    last = [v for _, v in seen.val[-5:]]
    if not all(map(math.isfinite, last)):
        return None
    steps = [b - a for a, b in pairwise(last)]
    turns = sum(a * b < 0 for a, b in pairwise(steps))
    mean = sum(map(abs, steps)) / len(steps)
    if turns < 2 or mean < max(NOISY * sum(last) / len(last), 3 * seen.step):
        return None
    return Observation(
        "validation noisy",
        f"Validation loss jumps between {seen.num(min(last))} and {seen.num(max(last))}: noisy; trust "
        "a trend, not one epoch. More validation rows or a smaller learning rate calm it.",
        {"low": min(last), "high": max(last), "mean step": round(mean, seen.digits)},
    )


def rate_lowered(seen: Seen) -> Observation | None:
    """Speak when the learning rate dropped to 60 % or less: a step of a schedule, not a smooth decay."""
    before, now = seen.rate
    if before is None or now is None or now > 0.6 * before:
        return None
    text = f"Learning rate lowered from {before:.3g} to {now:.3g}."
    return Observation("learning rate lowered", text, {"before": before, "learning_rate": now})


# Order matters in the first list: the first rule that applies speaks.
LOSS_RULES: Sequence[Callable[[Seen], Observation | None]] = (
    nan_loss,
    starts_learning,
    diverging,
    no_learning,
    plateau,
    improving_fast,
    slowing,
    improving,
    step_back,
    steady,
)
OTHER_RULES: Sequence[Callable[[Seen], Observation | None]] = (overfitting, validation_noisy, rate_lowered)


def observe(seen: Seen) -> tuple[Observation, ...]:
    """Return what the rules say about the last epoch in `seen`."""
    about_loss = next((o for rule in LOSS_RULES if (o := rule(seen))), None)
    spoken = [] if about_loss is None else [about_loss]
    if spoken and spoken[0].name.startswith("NaN"):
        return tuple(spoken)
    spoken += [o for rule in OTHER_RULES if (o := rule(seen))]
    return tuple(spoken)
