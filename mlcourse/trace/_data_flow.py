"""The data as it flows: from raw rows to what trains and what tests a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse.datasets import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlcourse.trace._data_flow_records import Leak, Stage


class DataFlow:
    """How data flowed: its stages, the two sides it ended as, and leaks noticed on the way.

    Attributes
    ----------
    stages
        The stages in the order in which the data passed them.
    train, test
        What a model is fitted on and what it is tested on, or None if not known.
    leaks
        Steps that learned from rows which are later tested on.
    """

    def __init__(
        self,
        stages: Iterable[Stage] = (),
        *,
        train: Dataset | None = None,
        test: Dataset | None = None,
        leaks: Iterable[Leak] = (),
    ) -> None:
        self.stages = tuple(stages)
        self.train = train
        self.test = test
        self.leaks = tuple(leaks)

    @property
    def ok(self) -> bool:
        """Whether no leak was noticed."""
        return not self.leaks

    def __repr__(self) -> str:
        from mlcourse._text import count

        return f"DataFlow({count(len(self.stages), 'stage')}, {count(len(self.leaks), 'leak')})"

    def __str__(self) -> str:
        from mlcourse.trace import _data_flow_view

        return _data_flow_view.text(self)

    def _repr_html_(self) -> str:
        from mlcourse.trace import _data_flow_view

        return _data_flow_view.html(self)


def data_flow(
    dataset: Dataset,
    *,
    test_size: float = 0.2,
    seed: int = 0,
    scaler: str | None = "minmax",
) -> DataFlow:
    """Trace a data set from raw rows to training and evaluation data.

    Parameters
    ----------
    dataset
        The rows to follow.
    test_size
        Share of the rows to hold back, as in `Dataset.split`.
    seed
        The same seed gives the same split.
    scaler
        `"minmax"` (to 0..1), `"standard"` (mean 0, standard deviation 1) or None.
        It is fitted on the training rows alone.

    Returns
    -------
    DataFlow
        Five stages, `.train` and `.test`.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument is out of its range, or values are missing.
    """
    from mlcourse.trace import _data_flow_scaled

    return _data_flow_scaled.trace(dataset, test_size=test_size, seed=seed, scaler=scaler)
