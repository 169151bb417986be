"""Rules about the split into training and test rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import count, num
from mlcourse.doctor._registry import Seen, rule

if TYPE_CHECKING:
    from mlcourse.doctor._facts import Facts

_MUCH = 0.05  # share of the test rows from which the score is no longer to be trusted


@rule(
    "leaking-rows",
    "warning",
    "split",
    "The same row in training and in test",
    "The test score should tell how the model does on rows it has never seen. A row it was trained on it "
    "may simply remember, so the score comes out too high.",
    whole=True,
)
def leaking_rows(facts: Facts) -> Seen | None:
    """Find test rows that are training rows too, more than equal rows occur by chance."""
    split = facts.split
    if split is None or split.shared == 0 or split.first is None:
        return None
    share = split.shared / split.test
    if share <= 1.5 * split.twins:
        return None  # such data have equal rows anyway: few features, few values
    test, train = split.first
    stand = "stands" if split.shared == 1 else "stand"
    return Seen(
        f"{split.shared} of {count(split.test, 'test row')} ({num(100 * share, 1)} %) {stand} among the "
        f"training rows too; the first: X_test[{test}] equals X[{train}].",
        "known = {row.tobytes() for row in np.asarray(X)}\n"
        "new = np.array([row.tobytes() not in known for row in np.asarray(X_test, dtype=X.dtype)])\n"
        "X_test, y_test = X_test[new], y_test[new]",
        severity="warning" if share >= _MUCH else "hint",
    )
