"""Figures of a classifier's data, training and mistakes, each with its alt text.

Every function returns a Matplotlib `Figure` whose `alt` says in words, with
the numbers, what it shows; a notebook shows the figure with that text. Pass
`ax` to draw into a figure of your own. No pyplot state is used, and Matplotlib
and scikit-learn load when the first figure is drawn.
"""

from __future__ import annotations

from mlcourse.plots._draw.confusion import confusion
from mlcourse.plots._draw.curves import curves
from mlcourse.plots._draw.decision_regions import decision_regions
from mlcourse.plots._draw.images import images
from mlcourse.plots._draw.label_matrix import label_matrix
from mlcourse.plots._draw.per_class import per_class
from mlcourse.plots._draw.reliability import reliability
from mlcourse.plots._draw.roc_pr import roc_pr
from mlcourse.plots._draw.threshold import threshold

__all__ = [
    "confusion",
    "curves",
    "decision_regions",
    "images",
    "label_matrix",
    "per_class",
    "reliability",
    "roc_pr",
    "threshold",
]
