"""Whether probabilities mean what they say: bins, observed shares and the calibration error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import whole_number
from mlcourse._text import count, num
from mlcourse.plots._numbers import _checks, _words

if TYPE_CHECKING:
    from mlcourse.plots._numbers._checks import Floats, Ints


@dataclass(frozen=True)
class Reliability:
    """Predictions sorted into bins of equal width by their probability.

    Attributes
    ----------
    edges
        The bins' bounds, shape `(n_bins + 1,)`.
    counts
        Predictions in each bin, shape `(n_bins,)`.
    mean
        Mean probability in each bin; NaN where it is empty.
    observed
        Share of the bin's predictions that came true; NaN where it is empty.
    ece
        Expected calibration error: the mean distance of `observed` from `mean`, weighted by
        `counts` (Naeini, Cooper and Hauskrecht 2015; Guo, Pleiss, Sun and Weinberger 2017).
    gap
        Mean probability less the share that came true, over all predictions: above 0 the model is
        too sure.
    what
        Which probabilities are judged, in words.
    """

    edges: Floats
    counts: Ints
    mean: Floats
    observed: Floats
    ece: float
    gap: float
    what: str

    @property
    def n(self) -> int:
        """Number of predictions."""
        return int(self.counts.sum())

    @property
    def alt(self) -> str:
        """What the diagram shows, in words."""
        filled = np.flatnonzero(self.counts)
        said = [
            (
                f"Reliability of {count(self.n, 'prediction')} ({self.what}) in {len(filled)} filled"
                f" {'bin' if len(filled) == 1 else 'bins'}: expected calibration error {num(self.ece)}."
            )
        ]
        share = np.abs(self.observed - self.mean) * self.counts
        worst = int(filled[np.argmax(np.round(share[filled], 6))])
        p, o = num(self.mean[worst]), num(self.observed[worst])
        if p == o:
            said.append("In every bin the probabilities match what came true.")
        else:
            said.append(
                f"The bin that adds most to it: probability {p} on average, and a share of {o} came true"
                f" ({count(int(self.counts[worst]), 'prediction')})."
            )
        if round(abs(self.gap), 2) >= 0.01:
            way = "above" if self.gap > 0 else "below"
            said.append(f"On the whole the probabilities lie {num(abs(self.gap))} {way} what came true.")
        else:
            said.append("On the whole they are neither too high nor too low.")
        return " ".join(said)


def measure(y_true: Any, y_prob: Any, *, n_bins: Any, label: Any, class_names: Any) -> Reliability:
    """Sort predictions into bins by scikit-learn's `calibration_curve`, and count them.

    Of a multi-class task the largest probability of each sample is judged, as Guo et al. do; of a
    multi-label task all labels together, or the one chosen.
    """
    from sklearn.calibration import calibration_curve

    bins = whole_number("n_bins", n_bins, least=2, most=100)
    true, prob, kind = _checks.scored(y_true, y_prob, "y_prob")
    noun = "class" if kind == "multiclass" else "label"
    names = _checks.names(class_names, 1 if kind == "binary" else prob.shape[1], noun=noun)
    if label is not None:
        chosen = _checks.pick(label, names)
        what = f"{names.word(chosen)}"
        if kind == "multiclass":
            true, prob = (true == chosen).astype(np.int64), prob[:, chosen]
        elif kind == "multilabel":
            true, prob = true[:, chosen], prob[:, chosen]
    elif kind == "multiclass":
        what = "the likeliest class of each sample"
        true, prob = (prob.argmax(axis=1) == true).astype(np.int64), prob.max(axis=1)
    elif kind == "multilabel":
        what = f"all {len(names)} labels together"
        true, prob = true.ravel(), prob.ravel()
    else:
        what = names[0] if names.given else "one label"
    edges = np.linspace(0, 1, bins + 1)
    # The same rule by which calibration_curve sorts; it returns the filled bins only.
    counts = np.bincount(np.searchsorted(edges[1:-1], prob), minlength=bins)
    observed, mean = np.full(bins, np.nan), np.full(bins, np.nan)
    if true.min() == true.max():  # calibration_curve refuses a single class, which is no mistake here
        index = np.searchsorted(edges[1:-1], prob)
        mean[counts > 0] = (np.bincount(index, weights=prob, minlength=bins) / np.maximum(counts, 1))[
            counts > 0
        ]
        observed[counts > 0] = float(true[0])
    else:
        observed[counts > 0], mean[counts > 0] = calibration_curve(
            true, prob, n_bins=bins, strategy="uniform"
        )
    full = counts > 0
    ece = float((counts[full] * np.abs(observed[full] - mean[full])).sum() / counts.sum())
    return Reliability(edges, counts, mean, observed, ece, float(prob.mean() - true.mean()), what)


def heading(record: Reliability) -> str:
    """Return the figure's title."""
    return f"{_words.capital(record.what)}\nexpected calibration error {num(record.ece)}"
