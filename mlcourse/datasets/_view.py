"""How a dataset shows itself: facts, label counts and its first rows, as HTML and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse import _html
from mlcourse._text import count, num, shape

if TYPE_CHECKING:
    from mlcourse.datasets._dataset import Array, Dataset

ROWS = 5
COLUMNS = 6
CLASSES = 12


def column(values: Array) -> list[str]:
    """Write the values of one column alike: all whole, or all with two decimals."""
    whole = all(np.isfinite(v) and float(v).is_integer() for v in values)
    return [str(int(v)) if whole else num(float(v)) for v in values]


def answer(dataset: Dataset, y: Array) -> str:
    """Write the label of one row in words: the class, or the labels that are on."""
    if dataset.task == "multiclass":
        return dataset.class_names[int(y)]
    return ", ".join(n for n, on in zip(dataset.class_names, y, strict=True) if on) or "none"


def facts(dataset: Dataset) -> str:
    """Say in one sentence what the data is."""
    rows, per_row = count(dataset.n_samples, "row"), dataset.X.shape[1:]
    of = count(per_row[0], "feature") if len(per_row) == 1 else f"pictures of {shape(per_row)}"
    if dataset.task == "multiclass":
        return f"{rows}, {of}, one of {dataset.n_classes} classes each (multi-class)"
    mean = num(float(dataset.y.sum(axis=1).mean()), 1)
    return f"{rows}, {of}, {count(dataset.n_classes, 'label')}, on average {mean} on (multi-label)"


def label_rows(dataset: Dataset) -> list[tuple[str, str, str]]:
    """Return (name, rows, share) of each class, the first ones if they are many."""
    rows = [
        (name, str(int(n)), f"{num(100 * n / dataset.n_samples, 1)} %")
        for name, n in zip(dataset.class_names, dataset.counts, strict=True)
    ]
    hidden = len(rows) - CLASSES
    return rows if hidden <= 0 else [*rows[:CLASSES], (f"… {hidden} more", "", "")]


def first_rows(dataset: Dataset) -> tuple[list[str], list[list[str]]]:
    """Return head and body of the table of first rows: some features, then the answer."""
    flat = dataset.X.reshape(dataset.n_samples, -1)[:ROWS]
    shown = min(COLUMNS, flat.shape[1])
    names = list(dataset.feature_names[:shown]) or [f"pixel {i}" for i in range(shown)]
    more = [f"… {flat.shape[1] - shown} more"] if flat.shape[1] > shown else []
    what = "labels" if dataset.task == "multilabel" else "class"
    cells = zip(*(column(flat[:, i]) for i in range(shown)), strict=True)
    body = [
        [str(i), *row, *("…" for _ in more), answer(dataset, y)]
        for i, (row, y) in enumerate(zip(cells, dataset.y, strict=False))
    ]
    return ["row", *names, *more, what], body


def html(dataset: Dataset) -> str:
    """Return the dataset as accessible HTML."""
    word = "label" if dataset.task == "multilabel" else "class"
    head, body = first_rows(dataset)
    escaped = [[_html.escape(c) for c in row] for row in body]
    parts = [f"<p><strong>{_html.escape(facts(dataset))}</strong></p>"]
    if dataset.description:
        parts.append(f"<p>{_html.escape(dataset.description)}</p>")
    parts.append(
        _html.table(
            [word, "rows", "share"],
            [[_html.escape(c) for c in row] for row in label_rows(dataset)],
            caption=f"Rows with each {word}",
            numeric=(1, 2),
        )
    )
    parts.append(
        _html.table(head, escaped, caption=f"The first {len(body)} rows", numeric=range(1, len(head) - 1))
    )
    if dataset.source:
        parts.append(f'<p class="soft">Source: {_html.escape(dataset.source)}.</p>')
    return _html.page(*parts, label="Dataset")


def text(dataset: Dataset) -> str:
    """Return the dataset as plain text, for terminals and screen readers."""
    head, body = first_rows(dataset)
    parts = [facts(dataset)]
    if dataset.description:
        parts.append(dataset.description)
    parts += [f"  {name}: {n} rows ({share})" if n else f"  {name}" for name, n, share in label_rows(dataset)]
    widths = [max(len(row[i]) for row in [head, *body]) for i in range(len(head))]
    parts += ["  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) for row in [head, *body]]
    if dataset.source:
        parts.append(f"Source: {dataset.source}.")
    return "\n".join(parts)
