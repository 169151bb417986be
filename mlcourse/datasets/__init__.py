"""Data to learn with: one record for tables and pictures, made here or loaded offline.

Names follow scikit-learn: `make_*` draws data from a seed, `load_*` reads what
is installed already. Nothing here needs the network.
"""

from __future__ import annotations

from mlcourse.datasets._dataset import Dataset
from mlcourse.datasets._load import load_digits, load_iris, load_wine
from mlcourse.datasets._make import make_multiclass, make_multilabel

__all__ = ["Dataset", "load_digits", "load_iris", "load_wine", "make_multiclass", "make_multilabel"]
