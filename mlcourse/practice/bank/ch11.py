"""Lesson 11, generalising: the cures by hand, choosing honestly, and a reader of postcodes to cure."""

from __future__ import annotations

from mlcourse.practice.bank._ch11_choosing import DRAW, FOLDS, REPORT
from mlcourse.practice.bank._ch11_cures import DECAY, DROPOUT
from mlcourse.practice.bank._ch11_disguise import BATCH_NORM, SHIFT
from mlcourse.practice.bank._ch11_experiment import POSTCODES

TASKS = (DROPOUT, DRAW, DECAY, BATCH_NORM, SHIFT, FOLDS, REPORT, POSTCODES)
