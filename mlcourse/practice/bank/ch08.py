"""Lesson 08, measuring: counts, one tag, whole rows, averages, rankings, and what errors cost."""

from __future__ import annotations

from mlcourse.practice.bank._ch08_averages import MACRO, SUBSET
from mlcourse.practice.bank._ch08_counts import CONFUSION, COUNTS, PRECISION
from mlcourse.practice.bank._ch08_experiment import THE_BILL
from mlcourse.practice.bank._ch08_ranking import AUC, AVERAGE_PRECISION, LOWEST_BILL

TASKS = (COUNTS, PRECISION, SUBSET, MACRO, CONFUSION, AUC, AVERAGE_PRECISION, LOWEST_BILL, THE_BILL)
