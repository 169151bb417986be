"""Data to learn with: one record for tables and pictures, made here or loaded offline.

Names follow scikit-learn: `make_*` draws data from a seed, `load_*` reads what
is installed already. Nothing here needs the network.
"""

from __future__ import annotations

from mlcourse.datasets._baskets import make_fruit_baskets
from mlcourse.datasets._dataset import Dataset
from mlcourse.datasets._load import load_digits, load_iris, load_wine
from mlcourse.datasets._make import make_multiclass, make_multilabel
from mlcourse.datasets._scenes import make_digit_scenes

__all__ = [
    "Dataset",
    "load_digits",
    "load_iris",
    "load_wine",
    "make_digit_scenes",
    "make_fruit_baskets",
    "make_multiclass",
    "make_multilabel",
]
