"""The data as it flows: from raw rows to what trains and what tests a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse._errors import InvalidArgument
from mlcourse._text import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlcourse.datasets import Dataset
    from mlcourse.trace._data_flow_hand import Recorder
    from mlcourse.trace._data_flow_records import Leak, Stage


class DataFlow:
    """How data flowed: its stages, the two sides it ended as, and leaks noticed on the way.

    `data_flow` returns one. To record steps by hand, open one, name each step
    with the table before and after it, and the split::

        with trace.DataFlow() as flow:
            X_train, X_test = X[:800], X[800:]
            flow.split(X, X_train, X_test)
            scaler = StandardScaler().fit(X_train)
            flow.step("scale", X_train, scaler.transform(X_train), transformer=scaler)
        flow

    Attributes
    ----------
    stages
        The stages in the order in which the data passed them.
    train, test
        What a model is fitted on and what it is tested on: a `Dataset` each, or
        None if the result is not a table of numbers with labels.
    leaks
        Steps that learned from rows which are later tested on, each with
        `.step`, `.evidence` and `.fix`.
    not_judged
        Sentences: which steps could not be judged, and why.
    follows
        What the samples of the stages are, in words.
    """

    def __init__(
        self,
        stages: Iterable[Stage] = (),
        *,
        train: Dataset | None = None,
        test: Dataset | None = None,
        leaks: Iterable[Leak] = (),
        not_judged: Iterable[str] = (),
        follows: str = "one row followed",
    ) -> None:
        self._found = (tuple(stages), tuple(leaks), tuple(not_judged))
        self._recorder: Recorder | None = None
        self._stale = False
        self.follows = follows
        self.train = train
        self.test = test

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in the order in which the data passed them."""
        return self._result()[0]

    @property
    def leaks(self) -> tuple[Leak, ...]:
        """Steps that learned from rows which are later tested on."""
        return self._result()[1]

    @property
    def not_judged(self) -> tuple[str, ...]:
        """Which steps could not be judged, and why."""
        return self._result()[2]

    @property
    def ok(self) -> bool:
        """Whether no leak was noticed."""
        return not self.leaks

    def step(
        self,
        name: str,
        before: Any,
        after: Any,
        *,
        transformer: Any = None,
        fitted_on: Any = None,
        action: str = "",
    ) -> None:
        """Record one step of a flow by hand.

        Parameters
        ----------
        name
            What to call the step.
        before, after
            The table before and after it, rows first; any columns.
        transformer
            The fitted scikit-learn transformer or Keras layer that did it. What it
            remembers is compared with what the training rows teach.
        fitted_on
            For a step of your own: the rows from which it took its numbers.
        action
            What happens, in words; made up if left out.

        Raises
        ------
        InvalidArgument, InvalidType
            If a table is empty or no table, or the transformer is not fitted.
        """
        self._open().step(name, before, after, transformer=transformer, fitted_on=fitted_on, action=action)

    def split(self, before: Any, train: Any, test: Any, *, name: str = "train/test split") -> None:
        """Record which rows of `before` train and which are held back.

        Parameters
        ----------
        before
            The table that was split.
        train, test
            Its two parts: each row of both must stand in `before`.
        name
            What to call the step.

        Raises
        ------
        InvalidArgument, InvalidType
            If a row is not in `before`, or a split was recorded already.
        """
        self._open().split(before, train, test, name=name)

    def __enter__(self) -> DataFlow:  # noqa: PYI034 - typing.Self came with Python 3.11
        self._open()
        return self

    def __exit__(self, *exception: object) -> None:
        """Close the block; the verdict is made when it is first asked for."""

    def _open(self) -> Recorder:
        if self._recorder is None:
            if self._found[0]:
                raise InvalidArgument(
                    "this flow was traced already; open a new one with `with trace.DataFlow() as flow:`."
                )
            from mlcourse.trace._data_flow_hand import Recorder

            self._recorder = Recorder()
        self._stale = True
        return self._recorder

    def _result(self) -> tuple[tuple[Stage, ...], tuple[Leak, ...], tuple[str, ...]]:
        if self._recorder is not None and self._stale:
            self._found, self._stale = self._recorder.finish(), False
        return self._found

    def __repr__(self) -> str:
        return f"DataFlow({count(len(self.stages), 'stage')}, {count(len(self.leaks), 'leak')})"

    def __str__(self) -> str:
        from mlcourse.trace import _data_flow_view

        return _data_flow_view.text(self)

    def _repr_html_(self) -> str:
        from mlcourse.trace import _data_flow_view

        return _data_flow_view.html(self)


def data_flow(
    dataset: Any,
    y: Any = None,
    *,
    pipeline: Any = None,
    test: Any = None,
    test_size: float = 0.2,
    seed: int = 0,
    scaler: str | None = "minmax",
) -> DataFlow:
    """Trace data from raw rows to training and evaluation data.

    Parameters
    ----------
    dataset
        The rows to follow: a `Dataset`, a table `X` of shape (n_samples, ...), or
        a `tf.data.Dataset`.
    y
        The labels if `dataset` is a table `X`: classes, shape (n_samples,), or 0
        and 1, shape (n_samples, n_labels).
    pipeline
        Your own preprocessing instead of `scaler`: a scikit-learn `Pipeline`,
        `ColumnTransformer` or transformer, or a Keras layer with `adapt`. Not fitted
        yet: a copy is fitted on the training rows. Fitted already: it is judged by
        what it remembers, and `test` must say on which rows it is tested.
    test
        Rows that were held back before: a `Dataset`, `(X_test, y_test)`, `X_test` or
        a `tf.data.Dataset`. `dataset` is then all training rows and is not split.
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
        Its stages; `.train` and `.test`; the leaks noticed. For a `Dataset` without a
        pipeline five stages: raw data, train/test split, preprocessing, training
        data, evaluation data.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument is out of its range, tables do not fit together, or values are
        missing where no pipeline fills them.
    """
    from mlcourse.trace import _data_flow_pipeline, _data_flow_scaled, _data_flow_tf

    if _data_flow_tf.is_dataset(dataset):
        if y is not None or pipeline is not None:
            raise InvalidArgument(
                "a tf.data.Dataset brings its own labels and steps, so y and pipeline must be left out."
            )
        return _data_flow_tf.trace(dataset, test)
    if pipeline is not None:
        return _data_flow_pipeline.trace(
            dataset, y, pipeline=pipeline, test=test, test_size=test_size, seed=seed
        )
    return _data_flow_scaled.trace(dataset, y, test=test, test_size=test_size, seed=seed, scaler=scaler)
