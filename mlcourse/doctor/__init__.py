"""The doctor: examine a compiled Keras classifier and its data, and explain what is wrong.

>>> from mlcourse import doctor
>>> doctor.examine(model, X, y)  # doctest: +SKIP
"""

from __future__ import annotations

from mlcourse.doctor import rules as rules
from mlcourse.doctor._examine import codes, examine
from mlcourse.doctor._records import Code, Codes, Diagnosis, Finding

__all__ = ["Code", "Codes", "Diagnosis", "Finding", "codes", "examine"]
