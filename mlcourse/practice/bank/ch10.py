"""Lesson 10, imbalance: recalls, weights, repeated rows, honest odds, cheapest decisions, and a belt too balanced."""

from __future__ import annotations

from mlcourse.practice.bank._ch10_experiment import BALANCED_BELT
from mlcourse.practice.bank._ch10_odds import CHEAPEST, HONEST, POSITIVE
from mlcourse.practice.bank._ch10_rows import REPEATED
from mlcourse.practice.bank._ch10_weights import RECALLS, WEIGHTED_LOSS, WEIGHTS

TASKS = (RECALLS, WEIGHTS, WEIGHTED_LOSS, REPEATED, POSITIVE, HONEST, CHEAPEST, BALANCED_BELT)
