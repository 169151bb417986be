"""The exercise of lesson 06 about early stopping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator


def _validation_losses(rng: np.random.Generator) -> Iterator[Case]:
    yield Case([0.60, 0.45, 0.40, 0.42, 0.41, 0.43, 0.39, 0.38], 3)
    yield Case([0.9, 0.7, 0.6, 0.5, 0.45], 2, note="a loss that falls to the end")
    yield Case([0.50, 0.55, 0.52, 0.49, 0.51, 0.50, 0.53], 2, note="the first epoch is the best for a while")
    yield Case([0.5, 0.4, 0.4, 0.4, 0.4, 0.3], 3, note="several epochs with exactly the same loss")
    yield Case([0.6, 0.5, 0.55, 0.52, 0.51, 0.505, 0.4], 4, note="falling again, but not below the best")
    yield Case([0.8, 0.7, 0.75, 0.6, 0.65, 0.66, 0.5], 1, note="a patience of 1")
    losses = np.round(np.abs(np.linspace(1, -0.4, 14)) + rng.normal(0, 0.06, 14), 3)
    yield Case(losses.tolist(), 3)


EARLY_STOP = Exercise(
    id="06-early-stop",
    title="When to stop",
    level=3,
    concept="early stopping",
    prompt="""
Write early stopping yourself. `val_losses` is a list: the validation loss of epoch 1, 2, 3 and so on.

An epoch is a *new best* if its loss is **lower** than all before it (the first epoch is one). Training
stops after the
epoch in which `patience` epochs **in a row** have brought no new best. If that never happens, it runs to
the end.

Return two epoch numbers, counted from 1: the epoch after which it stopped, and the best epoch up to there.
""",
    name="early_stop",
    cases=_validation_losses,
    starter="""
def early_stop(val_losses, patience):
    return ...
""",
    hints=(
        (
            "Go through the epochs with a loop. Remember two things: the best loss so far, and the epoch it "
            "came from."
        ),
        (
            "How many epochs have passed without a new best? It is the epoch's number minus that of the best "
            "one."
        ),
        (
            "`for epoch, loss in enumerate(val_losses, 1):` – if the loss is below the best, remember it; "
            "else, if `epoch - best_epoch >= patience`, return both numbers."
        ),
    ),
    solution="""
def early_stop(val_losses, patience):
    best_epoch, best = 0, np.inf
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best:
            best_epoch, best = epoch, loss
        elif epoch - best_epoch >= patience:
            return epoch, best_epoch
    return len(val_losses), best_epoch
""",
    explanation="""
Keras' `EarlyStopping(patience=...)` does the same. It stops several epochs *after* the best one, so without
`restore_best_weights=True` you are left with a model that is `patience` epochs too old. And it cannot see
the future:
a better epoch may come after it stopped.
""",
    alternatives=(
        """
def early_stop(val_losses, patience):
    best_epoch, waited = 1, 0
    epoch = 1
    while epoch < len(val_losses) and waited < patience:
        epoch += 1
        if val_losses[epoch - 1] < val_losses[best_epoch - 1]:
            best_epoch, waited = epoch, 0
        else:
            waited += 1
    return [epoch, best_epoch]
""",
        """
def early_stop(val_losses, patience):
    for end in range(1, len(val_losses) + 1):
        best = int(np.argmin(val_losses[:end])) + 1
        if end - best >= patience:
            break
    return end, best
""",
        """
def early_stop(losses, patience):
    lowest = np.minimum.accumulate(losses)
    last_best = [int(np.argmax(lowest == low)) for low in lowest]
    for i, b in enumerate(last_best):
        if i - b == patience:
            return i + 1, b + 1
    return len(losses), last_best[-1] + 1
""",
    ),
    mistakes=(
        Mistake(
            "from-zero",
            """
def early_stop(val_losses, patience):
    best_epoch, best = 0, np.inf
    for epoch, loss in enumerate(val_losses):
        if loss < best:
            best_epoch, best = epoch, loss
        elif epoch - best_epoch >= patience:
            return epoch, best_epoch
    return len(val_losses) - 1, best_epoch
""",
            "Both numbers are one too small: you count from 0, as Python does. Epochs are counted from 1 "
            "here.",
        ),
        Mistake(
            "one-epoch-late",
            """
def early_stop(val_losses, patience):
    best_epoch, best = 0, np.inf
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best:
            best_epoch, best = epoch, loss
        elif epoch - best_epoch > patience:
            return epoch, best_epoch
    return len(val_losses), best_epoch
""",
            "You wait one epoch too long. With a patience of 3, the third epoch without a new best is the "
            "last.",
        ),
        Mistake(
            "any-rise",
            """
def early_stop(val_losses, patience):
    waited = 0
    for i in range(1, len(val_losses)):
        waited = waited + 1 if val_losses[i] >= val_losses[i - 1] else 0
        if waited >= patience:
            return i + 1, int(np.argmin(val_losses[: i + 1])) + 1
    return len(val_losses), int(np.argmin(val_losses)) + 1
""",
            "You compare each epoch with the one *before* it. A loss can go up and down for a long time "
            "without any new "
            "best. Compare with the best so far.",
            "patience-counts-any-rise",
        ),
        Mistake(
            "sees-the-future",
            """
def early_stop(val_losses, patience):
    best = int(np.argmin(val_losses)) + 1
    return min(best + patience, len(val_losses)), best
""",
            "You look for the lowest of *all* epochs first. While it trains, early stopping knows only "
            "those up to now; it "
            "may stop before the lowest one comes.",
            "early-stopping-sees-the-future",
        ),
        Mistake(
            "never-resets",
            """
def early_stop(val_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best:
            best_epoch, best = epoch, loss
        else:
            waited += 1
            if waited >= patience:
                return epoch, best_epoch
    return len(val_losses), best_epoch
""",
            "Your counter is never set back. A new best gives the training its whole patience again.",
        ),
        Mistake(
            "same-is-better",
            """
def early_stop(val_losses, patience):
    best_epoch, best = 0, np.inf
    for epoch, loss in enumerate(val_losses, 1):
        if loss <= best:
            best_epoch, best = epoch, loss
        elif epoch - best_epoch >= patience:
            return epoch, best_epoch
    return len(val_losses), best_epoch
""",
            "An epoch with exactly the same loss is no new best here; it must be lower. A loss that stands "
            "still should run "
            "out of patience.",
        ),
        Mistake(
            "last-is-best",
            """
def early_stop(val_losses, patience):
    best_epoch, best = 0, np.inf
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best:
            best_epoch, best = epoch, loss
        elif epoch - best_epoch >= patience:
            return epoch, epoch
    return len(val_losses), len(val_losses)
""",
            "Your second number repeats the first. When it stops, the best epoch lies some epochs back; "
            "that one is asked for.",
            "early-stopping-restores",
        ),
    ),
)
