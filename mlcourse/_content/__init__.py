"""Lints what is taught: the question bank, the exercises' counts, and the lessons that use them."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run `python -m mlcourse check-content`; the exit code is 1 if anything is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m mlcourse check-content",
        description="Check the question bank and the lessons. Errors must be mended, warnings looked at.",
    )
    parser.add_argument("--strict", action="store_true", help="let warnings fail, too")
    options = parser.parse_args(argv)

    from mlcourse._content._bank_rules import check_bank
    from mlcourse._content._counts import counts, table
    from mlcourse._content._lesson_rules import check_lessons

    rows = counts()
    remarks = [*check_bank(), *check_lessons(), *(remark for row in rows for remark in row.remarks())]
    for remark in sorted(remarks, key=lambda r: (r.severity, r.where)):
        sys.stdout.write(f"{remark}\n")
    errors = sum(remark.severity == "error" for remark in remarks)
    sys.stdout.write(f"\n{table(rows)}\n\n{errors} errors, {len(remarks) - errors} warnings\n")
    return 1 if errors or (options.strict and remarks) else 0
