"""Lesson 05, the loss: costs, pairs, numbers that stay finite, the gradient, and tags that lie."""

from __future__ import annotations

from mlcourse.practice.bank._ch05_costs import CATEGORICAL, COST, SPARSE
from mlcourse.practice.bank._ch05_experiment import TAGS_THAT_LIE
from mlcourse.practice.bank._ch05_logits import FINITE, FROM_LOGITS, GRADIENT
from mlcourse.practice.bank._ch05_pairs import CHOOSE, SEVERAL

TASKS = (COST, CHOOSE, CATEGORICAL, SPARSE, SEVERAL, FINITE, FROM_LOGITS, GRADIENT, TAGS_THAT_LIE)
