"""Tables drawn from a seed: texts with topics (many labels), items with a material (one label)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, number, shown, whole_number
from mlcourse._text import count, listed
from mlcourse.datasets._dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence

# Topics and words that are typical of each: names only, the numbers are drawn.
TOPICS = {
    "sport": "goal team match coach player season score league race medal",
    "politics": "vote party law minister election debate reform budget senate treaty",
    "science": "atom cell theory energy planet experiment data laboratory species gene",
    "music": "song band guitar concert melody album rhythm singer chord stage",
    "cooking": "flour oven salt recipe onion butter sauce pepper dough garlic",
    "travel": "hotel flight beach passport train map luggage island harbour guide",
    "health": "doctor sleep vaccine heart diet nurse muscle fever clinic blood",
    "business": "market price share profit bank trade invoice customer brand loan",
}
MATERIALS = ("glass", "metal", "paper", "plastic", "wood", "textile", "rubber", "ceramic", "leather", "stone")
_MOST = 1_000_000


def make_multilabel(
    n_samples: int = 1000,
    n_features: int = 20,
    n_labels: int = 4,
    *,
    labels_per_sample: int | None = None,
    length: int = 100,
    seed: int = 0,
) -> Dataset:
    """Make texts with topics: word counts as features, any number of topics as labels.

    Parameters
    ----------
    n_samples
        Number of texts (rows).
    n_features
        Number of words that are counted (columns).
    n_labels
        Number of topics there are. (scikit-learn calls this `n_classes`, and
        uses `n_labels` for what is `labels_per_sample` here.)
    labels_per_sample
        How many topics a text has on average (the mean of the Poisson numbers drawn; those above
        `n_labels` are drawn again, which lowers it). Left out: 2, or 1 if there is only one topic.
    length
        How many words a text has on average. Longer texts show their topics more clearly.
    seed
        The same seed gives the same data (scikit-learn's `random_state`).

    Returns
    -------
    Dataset
        Multi-label; `X` float (whole counts), shape (n_samples, n_features);
        `y` int 0 or 1, shape (n_samples, n_labels).

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument is out of its range.

    Notes
    -----
    `sklearn.datasets.make_multilabel_classification` draws the number of
    topics, then the topics, then a length, then each word from one of the
    topics' words. Here each column then gets the name of a word typical of the
    topic in which it is most frequent.
    """
    from sklearn.datasets import make_multilabel_classification

    n_samples = whole_number("n_samples", n_samples, least=1, most=_MOST)
    n_features = whole_number("n_features", n_features, least=1, most=10_000)
    n_labels = whole_number("n_labels", n_labels, least=1, most=1000)
    if labels_per_sample is None:
        labels_per_sample = min(2, n_labels)
    mean = whole_number("labels_per_sample", labels_per_sample, least=1, most=n_labels)
    length = whole_number("length", length, least=1, most=100_000)
    seed = whole_number("seed", seed, least=0, most=2**32 - 1)
    X, y, _, word_given_topic = make_multilabel_classification(
        n_samples=n_samples,
        n_features=n_features,
        n_classes=n_labels,
        n_labels=mean,
        length=length,
        random_state=seed,
        return_distributions=True,
    )
    topics = tuple(TOPICS)[:n_labels] + tuple(f"topic_{i}" for i in range(len(TOPICS), n_labels))
    return Dataset(
        X,
        y,
        "multilabel",
        class_names=topics,
        feature_names=_words(word_given_topic, topics),
        description=f"{count(n_samples, 'made-up text')} about any number of {n_labels} topics. Each row "
        f"counts how often {n_features} words occur in a text of about {length} words; a text may be about "
        "several topics or about none. The counts are drawn, not read: each topic has its own frequency for "
        "each word, a text mixes its topics' frequencies, and a text about nothing draws all words alike. "
        "A column bears the name of a word of the topic in which it is most frequent.",
        source=f"drawn by scikit-learn's make_multilabel_classification, seed {seed}",
    )


def _words(word_given_topic: np.ndarray[Any, Any], topics: Sequence[str]) -> tuple[str, ...]:
    """Name each column after a word of the topic in which it is most frequent."""
    taken = dict.fromkeys(topics, 0)
    names = []
    for column in word_given_topic:
        topic = topics[int(np.argmax(column))]
        words = TOPICS.get(topic, "").split()
        n = taken[topic]
        taken[topic] += 1
        names.append(words[n] if n < len(words) else f"{topic} word {n + 1}")
    return tuple(names)


def make_multiclass(
    n_samples: int = 1000,
    n_features: int = 20,
    n_classes: int = 3,
    *,
    n_informative: int | None = None,
    class_sep: float = 1.5,
    weights: Sequence[float] | None = None,
    seed: int = 0,
) -> Dataset:
    """Make items on a sorting belt: sensor readings as features, one material as the class.

    Parameters
    ----------
    n_samples
        Number of items (rows).
    n_features
        Number of sensors (columns).
    n_classes
        Number of materials.
    n_informative
        How many sensors differ between materials; the others only make noise.
        Left out: half of them, or as many as the classes need.
    class_sep
        How far apart the materials lie: half a side of the cube on whose corners
        they are placed, in standard deviations. 1 is hard, 2 easy.
    weights
        Share of each class, shape (n_classes,), adding up to 1; left out: equal shares.
    seed
        The same seed gives the same data (scikit-learn's `random_state`).

    Returns
    -------
    Dataset
        Multi-class; `X` float, shape (n_samples, n_features); `y` int, shape (n_samples,).

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument is out of its range.

    Notes
    -----
    `sklearn.datasets.make_classification`: one normally distributed cluster for
    each class; 1 row in 100 gets a random class.
    """
    from sklearn.datasets import make_classification

    n_samples = whole_number("n_samples", n_samples, least=1, most=_MOST)
    n_features = whole_number("n_features", n_features, least=1, most=10_000)
    n_classes = whole_number("n_classes", n_classes, least=2, most=min(1000, 2 ** min(n_features, 10)))
    needed = (n_classes - 1).bit_length()
    if n_informative is None:
        n_informative = max(needed, (n_features + 1) // 2)
    n_informative = whole_number("n_informative", n_informative, least=needed, most=n_features)
    class_sep = number("class_sep", class_sep, low=0, high=1000)
    seed = whole_number("seed", seed, least=0, most=2**32 - 1)
    X, y = make_classification(
        n_samples=n_samples,
        n_features=n_features,
        n_informative=n_informative,
        n_redundant=0,
        n_classes=n_classes,
        n_clusters_per_class=1,
        weights=_checked_weights(weights, n_classes),
        class_sep=class_sep,
        random_state=seed,
    )
    width = len(str(n_features))
    names = MATERIALS[:n_classes] + tuple(f"material_{i}" for i in range(len(MATERIALS), n_classes))
    return Dataset(
        X,
        y,
        "multiclass",
        class_names=names,
        feature_names=tuple(f"sensor_{i:0{width}d}" for i in range(1, n_features + 1)),
        description=f"{count(n_samples, 'made-up item')} on a sorting belt, each read by {n_features} "
        f"sensors and made of one of {n_classes} materials, such as {listed(names[:3])}. The readings are "
        f"drawn, not measured: {n_informative} of the sensors differ between materials, the others only make "
        "noise, and 1 item in 100 bears a random material, as careless labelling would have it.",
        source=f"drawn by scikit-learn's make_classification, seed {seed}",
    )


def _checked_weights(weights: Any, n_classes: int) -> list[float] | None:
    if weights is None:
        return None
    try:
        shares = [float(w) for w in weights]
    except (TypeError, ValueError):
        raise InvalidType(
            f"weights is {shown(weights)}, but must be a list of {n_classes} numbers."
        ) from None
    if len(shares) != n_classes or min(shares) < 0 or not np.isclose(sum(shares), 1):
        raise InvalidArgument(
            f"weights is {shown(weights)}, but must be {n_classes} shares, one a class, adding up to 1."
        )
    return shares
