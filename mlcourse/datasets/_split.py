"""Splitting: which rows train and which are held back, stratified by label, or by whole groups."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlcourse._errors import InvalidArgument, number, whole_number
from mlcourse._text import count, listed


def test_rows(test_size: Any, n_samples: int) -> int:
    """Return how many of `n_samples` rows are held back, as scikit-learn counts them.

    A fraction is rounded up; a whole number is taken as it is.
    """
    if n_samples < 2:
        raise InvalidArgument(f"the data has {count(n_samples, 'row')}, but a split needs at least 2.")
    if isinstance(test_size, (int, np.integer)) and not isinstance(test_size, bool):
        return whole_number("test_size", test_size, least=1, most=n_samples - 1)
    fraction = number("test_size", test_size, low=0, high=1, open_ends=True)
    n_test = math.ceil(fraction * n_samples)
    if n_test >= n_samples:
        raise InvalidArgument(
            f"test_size is {test_size:g}, which holds back all {n_samples} rows and leaves none to train on; "
            f"take less."
        )
    return n_test


def split_multiclass(
    y: np.ndarray[Any, Any], n_test: int, seed: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Split rows so that each class keeps its share; scikit-learn does the work.

    A class with a single row cannot be on both sides: its row goes to the
    training rows, since a class nobody learned cannot be tested.

    Parameters
    ----------
    y
        Class of each row, shape (n_samples,).
    n_test
        How many rows to hold back.
    seed
        The same seed gives the same split.

    Returns
    -------
    train, test
        Row numbers, shapes (n_samples - n_test,) and (n_test,).
    """
    from sklearn.model_selection import train_test_split

    _, of_row, counts = np.unique(y, return_inverse=True, return_counts=True)
    alone = counts[of_row] == 1
    rows, single = np.flatnonzero(~alone), np.flatnonzero(alone)
    n_split = int((counts > 1).sum())
    fewest = min(n_test, len(rows) - n_test)
    if fewest < n_split:
        side = "test" if n_test == fewest else "training"
        raise InvalidArgument(
            f"holding back {n_test} of {len(y)} rows leaves {count(max(fewest, 0), 'row')} on the {side} "
            f"side, too few for one of each of the {n_split} classes; choose another test_size."
        )
    train, test = train_test_split(rows, test_size=n_test, random_state=seed, stratify=y[rows])
    return np.concatenate([train, single]), test


def split_multilabel(
    Y: np.ndarray[Any, Any], n_test: int, seed: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Split rows so that every label keeps its share, by iterative stratification.

    The rarest label is dealt first, because later there would be no rows left
    to mend its share with. For two parts the inner loop of the paper comes to
    one number, how many of the label's remaining rows to hold back; so each
    label is dealt at once. Which of them is left open by the paper: here they
    are spread evenly over the label combinations.

    Parameters
    ----------
    Y
        0 or 1 for each row and label, shape (n_samples, n_labels).
    n_test
        How many rows to hold back.
    seed
        The same seed gives the same split.

    Returns
    -------
    train, test
        Row numbers in random order, shapes (n_samples - n_test,) and (n_test,).

    References
    ----------
    Sechidis, Tsoumakas and Vlahavas, "On the Stratification of Multi-Label
    Data", ECML PKDD 2011.
    """
    rng = np.random.default_rng(seed)
    n_samples, n_labels = Y.shape
    on = Y.astype(bool)
    wanted = on.sum(axis=0) * (n_test / n_samples)
    is_open = np.ones(n_samples, dtype=bool)
    held = np.zeros(n_samples, dtype=bool)

    def deal(rows: np.ndarray[Any, Any], want: float) -> None:
        """Hold back about `want` of `rows`; the others go to training."""
        room_test = n_test - int(held.sum())
        room_train = int(is_open.sum()) - room_test
        k = min(max(round(want), len(rows) - room_train, 0), room_test, len(rows))
        # Sorted by combination and taken at even steps, each combination gives its share.
        order = rows[np.lexsort((rng.random(len(rows)), *on[rows].T))]
        held[order[((np.arange(k) + rng.random()) * len(rows) / max(k, 1)).astype(int)]] = True
        is_open[rows] = False

    for _ in range(n_labels):
        left = on[is_open].sum(axis=0)
        if not left.any():
            break
        label = int(np.where(left > 0, left, n_samples + 1).argmin())
        want = wanted[label] - on[held, label].sum()
        deal(np.flatnonzero(is_open & on[:, label]), want)
    unlabelled = np.flatnonzero(is_open)
    deal(unlabelled, n_test - int(held.sum()))
    return rng.permutation(np.flatnonzero(~held)), rng.permutation(np.flatnonzero(held))


def split_groups(
    groups: np.ndarray[Any, Any], n_test: int, seed: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Split rows so that no group has rows on both sides.

    Groups are held back in random order, each as long as it brings the number
    of test rows nearer to `n_test`; at least one, and never all.

    Parameters
    ----------
    groups
        Group of each row, int, shape (n_samples,).
    n_test
        About how many rows to hold back.
    seed
        The same seed gives the same split.

    Returns
    -------
    train, test
        Row numbers in random order.

    Raises
    ------
    InvalidArgument
        If there is only one group.
    """
    names, of_row, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(names) < 2:
        raise InvalidArgument(
            f"all rows are of group {names[0]}, but a split needs two groups: one to learn from, one to test."
        )
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(names))[:-1]
    # The rows held back if the first 1, 2, 3, … groups are.
    held = order[: int(np.abs(np.cumsum(sizes[order]) - n_test).argmin()) + 1]
    is_test = np.isin(of_row, held)
    return rng.permutation(np.flatnonzero(~is_test)), rng.permutation(np.flatnonzero(is_test))


def split_plain(n_samples: int, n_test: int, seed: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Split rows at random, for data without labels; returns row numbers as the others do."""
    order = np.random.default_rng(seed).permutation(n_samples)
    return order[n_test:], order[:n_test]


def missing_message(
    y: np.ndarray[Any, Any],
    train: np.ndarray[Any, Any],
    test: np.ndarray[Any, Any],
    names: tuple[str, ...],
    task: str,
) -> str | None:
    """Say which classes or labels one side of a split lacks; None if both have all that occur."""
    multilabel = task == "multilabel"
    word, words = ("label", "labels") if multilabel else ("class", "classes")

    def counts(rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return y[rows].sum(axis=0) if multilabel else np.bincount(y[rows], minlength=len(names))

    n_train, n_test = counts(train), counts(test)
    sentences = []
    for here, there, missing in (("test", "measured", n_test), ("training", "learned", n_train)):
        lacking = np.flatnonzero((missing == 0) & (n_train + n_test > 0))
        if len(lacking):
            which = listed(f"{names[i]!r} ({count(int(n_train[i] + n_test[i]), 'row')})" for i in lacking[:5])
            more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
            sentences.append(
                f"The {here} rows hold no example of {word if len(lacking) == 1 else words} {which}{more}, "
                f"so {'it' if len(lacking) == 1 else 'they'} cannot be {there}: too few rows to split."
            )
    return " ".join(sentences) or None
