"""Lesson 16, review: decisions, costs, scaling, averages, two losses in one, a box of cards, next month's letters."""

from __future__ import annotations

from mlcourse.practice.bank._ch16_decide import CHEAPEST, DECIDE, MARK
from mlcourse.practice.bank._ch16_experiment import NEXT_MONTH
from mlcourse.practice.bank._ch16_write import BOX, ONE_LETTER, TWO_HEADS

TASKS = (DECIDE, ONE_LETTER, CHEAPEST, MARK, TWO_HEADS, BOX, NEXT_MONTH)
