"""Chapter 07's playground: one sample through a small network, layer by layer; every input can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse import _html
from mlcourse._errors import InvalidArgument, InvalidType, number, shown
from mlcourse._text import count, listed, num
from mlcourse.explore._playground import Playground

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_FEATURES, MOST_UNITS, MOST_LABELS, MOST_SAMPLES = 12, 12, 8, 8
KINDS = {"sigmoid": "threshold", "softmax": "argmax"}
TRIES = (
    "Explain music in the first text. Which word pushes for it most, which against it?",
    "Take one song away after the other. At which count does music go? Was a unit switched on the way?",
    "Watch the hidden units and take every mention of song away. Which unit wakes up?",
    "Move the threshold from 0.5 to 0.99. Which numbers move, and which do not?",
    "Choose the section network. Can you make it unsure, all four shares near 0.25?",
    "Set all words to 0. Who speaks now?",
    "Choose the text about nothing. What do the two networks answer?",
)


def _network(name: str, model: Any, n_features: int, n_labels: int) -> dict[str, Any]:
    """Return the numbers of Input → Dense ReLU → Dense sigmoid or softmax; six decimals travel."""
    layers = [layer for layer in getattr(model, "layers", ()) if type(layer).__name__ != "InputLayer"]
    activations = [getattr(getattr(layer, "activation", None), "__name__", None) for layer in layers]
    if (
        len(layers) != 2
        or any(type(layer).__name__ != "Dense" for layer in layers)
        or activations[0] != "relu"
        or activations[1] not in KINDS
    ):
        found = listed(f"{type(layer).__name__} ({a})" for layer, a in zip(layers, activations, strict=True))
        raise InvalidArgument(
            f"The network {shown(name)} consists of {found or 'no layers'}, but this playground shows one "
            "hidden Dense layer with relu and one Dense output with sigmoid or softmax."
        )
    weights = [np.asarray(w, dtype=float) for layer in layers for w in layer.get_weights()]
    if len(weights) != 4:
        raise InvalidArgument(f"The network {shown(name)} has a layer without a bias; give both layers one.")
    W1, _, W2, _ = weights
    if W1.shape[0] != n_features or W2.shape[1] != n_labels or W1.shape[1] > MOST_UNITS:
        raise InvalidArgument(
            f"The network {shown(name)} takes {W1.shape[0]} inputs, has {W1.shape[1]} hidden units and "
            f"{W2.shape[1]} outputs; needed are {n_features} inputs, at most {MOST_UNITS} units and "
            f"{n_labels} outputs."
        )
    rounded = {key: w.round(6).tolist() for key, w in zip(("W1", "b1", "W2", "b2"), weights, strict=True)}
    return {"name": name, "kind": activations[1], **rounded}


def _names(what: str, given: Sequence[str], most: int) -> list[str]:
    if isinstance(given, str):
        raise InvalidType(f"{what} is {shown(given)}, but must be a sequence of names.")
    names = [str(name) for name in given]
    if not 1 <= len(names) <= most or len(set(names)) != len(names):
        raise InvalidArgument(f"{what} is {shown(names)}, but must be 1 to {most} different names.")
    return names


def _table(what: str, given: Any, columns: int) -> np.ndarray[Any, Any]:
    try:
        made = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise InvalidType(f"{what} is {shown(given)}, but must be a table of numbers.") from None
    if made.ndim != 2 or made.shape[1] != columns or not 1 <= len(made) <= MOST_SAMPLES:
        raise InvalidArgument(
            f"{what} has the shape {shown(made.shape)}, but must have 1 to {MOST_SAMPLES} rows of {columns}."
        )
    if not np.isfinite(made).all() or made.min() < 0:
        raise InvalidArgument(f"{what} holds NaN or numbers below 0, but must hold counts.")
    return made


def forward(net: Mapping[str, Any], x: np.ndarray[Any, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """Return sums, hidden values, logits and probabilities of one prepared sample, shape (n_features,)."""
    sums = x @ np.array(net["W1"]) + np.array(net["b1"])
    hidden = np.maximum(0, sums)
    logits = hidden @ np.array(net["W2"]) + np.array(net["b2"])
    if net["kind"] == "softmax":
        raised = np.exp(logits - logits.max())
        p = raised / raised.sum()
    else:
        p = 1 / (1 + np.exp(-np.clip(logits, -700, 700)))
    return {"sums": sums, "hidden": hidden, "logits": logits, "p": p}


def contributions(net: Mapping[str, Any], x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return what each feature adds to each logit, shape (n_features, n_labels): gradient × input."""
    on = x @ np.array(net["W1"]) + np.array(net["b1"]) > 0
    each: np.ndarray[Any, Any] = (x[:, None] * np.array(net["W1"]) * on) @ np.array(net["W2"])
    return each


def prediction(
    models: Any,
    X: Any,
    Y: Any,
    *,
    feature_names: Sequence[str],
    class_names: Sequence[str],
    sample_names: Sequence[str] | None = None,
    divide_by: float = 1.0,
    threshold: float = 0.5,
    explain: str | None = None,
) -> Playground:
    """Send a sample through a small network in the browser; change a feature and watch it pass through.

    Parameters
    ----------
    models
        A Keras model, or a dict of models by name, to choose from. Each has one hidden Dense layer
        with ReLU (at most 12 units) and a Dense output with sigmoid or softmax, both with biases.
    X
        The samples' raw counts, shape (n_samples, n_features); at most 8 samples of 12 features.
    Y
        Their labels, 0 or 1, shape (n_samples, n_labels); at most 8 labels.
    feature_names, class_names
        A name for each feature and for each label.
    sample_names
        A name for each sample; "sample 1" and so on if none are given.
    divide_by
        The models have learned from `X / divide_by`.
    threshold
        At the start, for networks that end in sigmoids.
    explain
        The label whose logit is taken apart at the start; the last one if left out.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument, InvalidType
        If a network or the numbers cannot be shown.
    """
    words = _names("feature_names", feature_names, MOST_FEATURES)
    labels = _names("class_names", class_names, MOST_LABELS)
    counts = _table("X", X, len(words))
    truth = _table("Y", Y, len(labels))
    if len(truth) != len(counts) or not np.isin(truth, (0, 1)).all():
        raise InvalidArgument(f"Y must hold only 0 and 1, in {count(len(counts), 'row')} as in X.")
    if sample_names is None:
        sample_names = [f"sample {i + 1}" for i in range(len(counts))]
    samples = _names("sample_names", sample_names, MOST_SAMPLES)
    if len(samples) != len(counts):
        raise InvalidArgument(f"sample_names has {len(samples)} names, but X has {len(counts)} rows.")
    if explain is not None and explain not in labels:
        raise InvalidArgument(f"explain is {shown(explain)}, but must be one of {listed(labels, 'or')}.")
    divide_by = number("divide_by", divide_by, low=0, high=1e6, open_ends=True)
    threshold = number("threshold", threshold, low=0, high=1)
    given = dict(models) if isinstance(models, dict) else {"network": models}
    nets = [_network(str(name), model, len(words), len(labels)) for name, model in given.items()]
    if not nets:
        raise InvalidArgument("models is empty, but must hold at least one network.")
    told = labels.index(explain) if explain is not None else len(labels) - 1
    start = {
        "network": 0,
        "sample": 0,
        "counts": counts[0].tolist(),
        "threshold": threshold,
        "explain": told,
    }
    data = {
        "words": words,
        "labels": labels,
        "samples": [
            {"name": name, "counts": row.tolist(), "truth": y.astype(int).tolist()}
            for name, row, y in zip(samples, counts, truth, strict=True)
        ],
        "nets": nets,
        "divideBy": divide_by,
        "most": float(max(40.0, np.ceil(counts.max() / 10) * 10)),
    }
    return Playground(
        "prediction",
        title="One sample through the layers",
        intro="Choose a text and a network, then change a word and watch it pass through to the answer.",
        summary=_summary(data, start),
        start=start,
        data=data,
        tries=TRIES,
    )


def _summary(data: Mapping[str, Any], start: Mapping[str, Any]) -> str:
    """Return the start as tables: the words, the hidden units, the output."""
    net, sample, told = data["nets"][0], data["samples"][0], start["explain"]
    name, labels = data["labels"][told], data["labels"]
    x = np.array(start["counts"]) / data["divideBy"]
    made, each = forward(net, x), contributions(net, x)[:, told]
    to_label = np.array(net["W2"])[:, told]
    inputs = [
        (_html.escape(word), num(start["counts"][i], 0), num(x[i], 2), num(each[i], 2))
        for i, word in enumerate(data["words"])
    ]
    hidden = [
        (f"unit {h + 1}", num(s, 2), num(v, 2) if s > 0 else "0, off", num(v * to_label[h], 2))
        for h, (s, v) in enumerate(zip(made["sums"], made["hidden"], strict=True))
    ]
    said = answers(net, made["p"], start["threshold"])
    outputs = [
        (
            _html.escape(label),
            num(made["logits"][k], 2),
            num(made["p"][k], 2),
            "yes" if k in said else "no",
            "yes" if sample["truth"][k] else "no",
        )
        for k, label in enumerate(labels)
    ]
    rule = f"threshold {num(start['threshold'])}" if net["kind"] == "sigmoid" else "the largest share wins"
    heads = ("count", "x", f"pushes {name}"), ("sum", "hands on", f"pushes {name}")
    return (
        _html.table(("word", *heads[0]), inputs, caption=f"Input: {sample['name']}", numeric=(1, 2, 3))
        + _html.table(("unit", *heads[1]), hidden, caption="Hidden layer", numeric=(1, 2, 3))
        + _html.table(
            ("label", "logit", "probability", "answer", "truth"),
            outputs,
            caption=f"Output of the network “{net['name']}”: {net['kind']}, {rule}",
            numeric=(1, 2),
        )
    )


def answers(net: Mapping[str, Any], p: np.ndarray[Any, Any], threshold: float) -> list[int]:
    """Return the places of the labels that are answered."""
    if net["kind"] == "softmax":
        return [int(np.argmax(p))]
    return [int(k) for k in np.flatnonzero(p >= threshold)]
