"""Ways in which test rows get known before the test: found by what rows, numbers and answers show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._text import count, listed, num
from mlcourse.practice._capstone_records import Leak

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mlcourse.datasets import Dataset
    from mlcourse.practice._capstone_hand_in import HandIn

    Array = np.ndarray[Any, Any]

CLOSE = 1e-3  # a scaler's own rows give its statistics to this, whatever the library and its float32


def shared_rows(hand_in: HandIn) -> Iterator[Leak]:
    """Find test rows that are training or validation rows too."""
    for name, other in (("training", hand_in.train), ("validation", hand_in.validation)):
        if other is None:
            continue
        known = set(other.keys)
        shared = sum(key in known for key in hand_in.test.keys)
        if shared:
            yield Leak(
                f"rows-in-{name}",
                f"{shared} of {count(len(hand_in.test), 'test row')} are {name} rows too.",
                "Split first. Copy, repeat or augment rows afterwards, on the training side only.",
            )


def shared_groups(hand_in: HandIn, data: Dataset) -> Iterator[Leak]:
    """Find groups (sheets of handwriting, patients) that stand on both sides of the split."""
    if data.groups is None:
        return
    sides = [{int(g) for g in data.groups[p.rows[p.rows >= 0]]} for p in (hand_in.train, hand_in.test)]
    both = sorted(sides[0] & sides[1])
    if both:
        yield Leak(
            "groups-on-both-sides",
            f"{'Group' if len(both) == 1 else 'Groups'} {listed(both)} {'stands' if len(both) == 1 else 'stand'} in "
            "training and in test: the same handwriting on both sides.",
            "Use data.split(), which keeps each group on one side, or scikit-learn's GroupShuffleSplit.",
        )


def chosen_on_test(hand_in: HandIn) -> Iterator[Leak]:
    """Find thresholds that were chosen on the test rows, as the student says."""
    if hand_in.tuned_on == "test":
        yield Leak(
            "tuned-on-test",
            "The thresholds were chosen on the test rows, which then flatter them.",
            "Choose thresholds on validation rows. The test rows are asked once, at the very end.",
        )


def neighbours(answer: Callable[[Array], Array], X: Array) -> Iterator[Leak]:
    """Find a row whose answer depends on the rows beside it.

    Parameters
    ----------
    answer
        From raw rows to probabilities.
    X
        Some rows.
    """
    together, alone = answer(X), np.concatenate([answer(X[i : i + 8]) for i in range(0, len(X), 8)])
    worst = float(np.abs(together - alone).max())
    if worst > 1e-3:
        yield Leak(
            "depends-on-neighbours",
            f"The same rows get other probabilities in another batch; they differ by up to {num(worst, 2)}.",
            "Fit the preprocessing once, on training rows, and only apply it later: transform, not fit_transform.",
        )


# --- what a scaler has seen ---------------------------------------------------------------------


def _families(Z: Array) -> dict[str, tuple[Array, Array]]:
    """Return, for the ways to scale, what is 0 and what is 1 on the rows that a scaler was fitted on."""
    low, high = Z.min(axis=0), Z.max(axis=0)
    quartiles = np.percentile(Z, [25, 50, 75], axis=0)
    return {
        "standard": (Z.mean(axis=0), Z.std(axis=0)),
        "minmax": (low, high),
        "minmax from -1": ((low + high) / 2, high),
        "robust": (quartiles[1], quartiles[2] - quartiles[0]),
    }


def _largest(Z: Array) -> dict[str, tuple[Array, Array]]:
    """Return the same for scaling by the largest value, which keeps 0 where it is."""
    return {"maxabs": (np.zeros(Z.shape[1]), np.abs(Z).max(axis=0))}


def fitted_on(Z: dict[str, Array]) -> tuple[str, str] | None:
    """Return the way of scaling and the set of rows whose statistics a table of scaled rows shows.

    Parameters
    ----------
    Z
        The scaled rows of each candidate set, first the innocent ones. A set that comes first wins
        where several have the same statistics, as a minimum and a maximum may.

    Returns
    -------
    (str, str) or None
        None if no set fits: nothing was learned from rows, or it cannot be told.
    """
    for look in (_families, _largest):  # the latter last: rows scaled in another way may look the same to it
        for name, rows in Z.items():
            for family, (zero, one) in look(rows).items():
                moved = one > 0  # a column that never changes has nothing to scale
                if moved.any() and max(np.abs(zero).max(), np.abs(one - 1)[moved].max()) < CLOSE:
                    return family, name
    return None


def _scaled_inside(model: Any) -> Callable[[Array], Array] | None:
    """Return what the model's own Normalization layer does to raw rows."""
    import keras

    found = [layer for layer in model.layers if isinstance(layer, keras.layers.Normalization)]
    if len(found) != 1:
        return None
    mean, variance = (np.asarray(getattr(found[0], name)) for name in ("mean", "variance"))
    if mean.size == 0 or variance.size == 0:
        return None

    def scaled(X: Array) -> Array:
        # One statistic for all pixels: every value is a row of a table with one column.
        table = X.reshape(-1, 1) if mean.size == 1 else X.reshape(-1, X.shape[-1])
        return np.asarray((table - mean.reshape(1, -1)) / np.sqrt(np.maximum(variance.reshape(1, -1), 1e-12)))

    return scaled


def scaler(hand_in: HandIn, data: Dataset) -> tuple[list[Leak], str]:
    """Find preprocessing whose statistics are those of rows it must not know.

    Returns
    -------
    leaks, note
        What was found, and in a sentence what could be told.
    """
    scaled = hand_in.preprocess
    inside = _scaled_inside(hand_in.model)
    if scaled is None and inside is None:
        return [], "No preprocessing that learns from rows was seen."
    train, test = hand_in.train, hand_in.test
    sets: dict[str, Array] = {"the training rows": train.X}
    if hand_in.validation is not None:
        sets["the training and validation rows"] = np.concatenate([train.X, hand_in.validation.X])
        sets["the validation rows"] = hand_in.validation.X
    own = train.rows[train.rows >= 0]
    sets["the training rows, each once"] = data.X[np.unique(own)] if len(own) else train.X
    # Fitted on rows that were handed in nowhere, too: wasteful to hide, but no leak.
    sets["all rows but the test rows"] = np.delete(data.X, test.rows, axis=0)
    innocent = set(sets) - {"the validation rows"}
    sets |= {
        "all rows, the test rows among them": data.X,
        "the test rows": test.X,
        "the training and test rows": np.concatenate([train.X, test.X]),
    }
    steps = [step for step in (scaled, inside) if step is not None]
    for step in steps:
        try:
            Z = {name: np.asarray(step(X.copy()), dtype=float) for name, X in sets.items()}
        except Exception:  # noqa: BLE001, S112 - it is the student's; what it cannot scale tells nothing
            continue
        if any(z.ndim != 2 or not np.isfinite(z).all() for z in Z.values()):
            continue
        found = fitted_on(Z)
        if found and found[1] not in innocent and found[1] != "the validation rows":
            return [
                Leak(
                    "scaler-knows-test",
                    f"The preprocessing has the statistics ({found[0]} scaling) of {found[1]}.",
                    "Fit it on the training rows alone: scaler.fit(X_train), or layer.adapt(X_train).",
                )
            ], ""
        if found:
            return [], f"The preprocessing ({found[0]} scaling) was fitted on {found[1]}."
    return [], "Which rows the preprocessing was fitted on cannot be told from its numbers."


def unexplained(test_minus_held: tuple[float, float, float], luck: float) -> Iterator[Leak]:
    """Find an own test score that is too far above the held-back one for chance."""
    gap, low, _ = test_minus_held
    if low > luck:
        yield Leak(
            "too-good",
            f"Your own test score is {num(100 * gap, 1)} points above the held-back one; chance explains "
            f"no more than {num(100 * (gap - low + luck), 1)}.",
            "Somehow the test rows were known: copies, relatives, or a choice made by looking at them. Follow "
            "each row from the data to the score.",
        )
