"""A student's own scikit-learn pipeline: its stages, and whether it was fitted on evaluation rows."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)

from mlcourse import datasets, trace
from mlcourse._errors import InvalidArgument, InvalidType

WINE = datasets.load_wine()
TRAIN, TEST = WINE.split()
COUNTS = datasets.make_multilabel(200, length=20)

NUMERIC = {
    "minmax": MinMaxScaler(),
    "standard": StandardScaler(),
    "robust": RobustScaler(),
    "max-abs": MaxAbsScaler(),
    "imputer": SimpleImputer(),
    "pca": PCA(3),
    "select": SelectKBest(k=4),
    "bins": KBinsDiscretizer(4, encode="ordinal", strategy="uniform"),
    "power": PowerTransformer(),
    "quantile": QuantileTransformer(n_quantiles=20),
    "pipeline": Pipeline([("scale", StandardScaler()), ("pca", PCA(2))]),
    "union": FeatureUnion([("pca", PCA(2)), ("best", SelectKBest(k=2))]),
    "columns": ColumnTransformer([("a", MinMaxScaler(), [0, 1]), ("b", StandardScaler(), slice(2, 5))]),
    "nested": make_pipeline(ColumnTransformer([("a", make_pipeline(SimpleImputer(), PCA(2)), [0, 1, 2])])),
    "with a model": make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
}


def fitted(name, X, y):
    from sklearn.base import clone

    return clone(NUMERIC[name]).fit(X, y)


@pytest.mark.parametrize("name", NUMERIC)
def test_fitted_on_the_training_rows_raises_no_alarm(name):
    flow = trace.data_flow(TRAIN, test=TEST, pipeline=fitted(name, TRAIN.X, TRAIN.y))
    assert flow.leaks == ()
    assert flow.not_judged == ()
    assert flow.ok


@pytest.mark.parametrize("name", NUMERIC)
def test_fitted_on_all_rows_is_noticed_by_name_and_numbers(name):
    flow = trace.data_flow(TRAIN, test=TEST, pipeline=fitted(name, WINE.X, WINE.y))
    assert flow.leaks
    assert not flow.ok
    for leak in flow.leaks:
        assert "all 178 rows, the 36 evaluation rows among them" in leak.evidence
        assert "training rows alone give" in leak.evidence
    assert "Leak in" in str(flow)
    assert "Leak in" in flow._repr_html_()


@pytest.mark.parametrize("name", ["minmax", "standard", "pca", "columns"])
def test_fitted_on_the_evaluation_rows_is_noticed(name):
    flow = trace.data_flow(TRAIN, test=TEST, pipeline=fitted(name, TEST.X, TEST.y))
    assert "fitted on the 36 evaluation rows, not on the 142 training rows" in flow.leaks[0].evidence


def test_the_numbers_quoted_are_those_of_the_data():
    flow = trace.data_flow(TRAIN, test=TEST, pipeline=MinMaxScaler().fit(WINE.X))
    evidence = flow.leaks[0].evidence
    feature = next(i for i, n in enumerate(WINE.feature_names) if f"'{n}'" in evidence)
    assert f"data_max_ of {WINE.feature_names[feature]!r} is {WINE.X[:, feature].max():.4g}" in evidence
    assert f"alone give {TRAIN.X[:, feature].max():.4g}" in evidence


def test_large_numbers_are_quoted_without_exponent():
    X = np.linspace(0, 2_000_000, 50).reshape(-1, 1)
    flow = trace.data_flow(X[:40], pipeline=MinMaxScaler().fit(X), test=X[40:])
    assert "data_max_ is 2000000, while the training rows alone give 1591837" in flow.leaks[0].evidence


def test_the_leaking_branch_of_several_is_named():
    pipeline = make_pipeline(
        ColumnTransformer([("good", MinMaxScaler(), [0, 1]), ("bad", StandardScaler(), [2, 3])]),
    ).fit(TRAIN.X)
    pipeline[0].named_transformers_["bad"].fit(WINE.X[:, [2, 3]])
    leaks = trace.data_flow(TRAIN, test=TEST, pipeline=pipeline).leaks
    assert [leak.step for leak in leaks] == ["columntransformer › bad (StandardScaler)"]
    assert "'ash'" in leaks[0].evidence or "'alcalinity_of_ash'" in leaks[0].evidence


@pytest.mark.parametrize(
    "step", [Normalizer(), FunctionTransformer(np.log1p), PolynomialFeatures(2, include_bias=False)]
)
def test_what_learns_nothing_from_the_values_cannot_leak(step):
    for rows in (TRAIN.X, WINE.X):
        pipeline = make_pipeline(step, MinMaxScaler()).fit(TRAIN.X)
        pipeline[0].fit(rows)
        assert trace.data_flow(TRAIN, test=TEST, pipeline=pipeline).ok


def test_fitted_on_part_of_the_training_rows_is_no_leak_but_not_judged():
    flow = trace.data_flow(TRAIN, test=TEST, pipeline=StandardScaler().fit(TRAIN.X[:100]))
    assert flow.ok
    assert (
        "learned from 100 rows, but neither from the 142 training rows nor from all 178" in flow.not_judged[0]
    )


def test_a_step_that_draws_random_numbers_is_not_judged():
    class Noisy(StandardScaler):
        def fit(self, X, y=None):
            super().fit(X, y)
            self.mean_ = self.mean_ + np.random.default_rng().normal(size=X.shape[1])
            return self

    flow = trace.data_flow(TRAIN, test=TEST, pipeline=Noisy().fit(TRAIN.X))
    assert flow.ok
    assert "draws random numbers" in flow.not_judged[0]


def test_a_step_that_cannot_be_fitted_again_is_not_judged():
    class Once(StandardScaler):
        def fit(self, X, y=None):
            if len(X) == 142:
                raise RuntimeError("no more")
            return super().fit(X, y)

    flow = trace.data_flow(TRAIN, test=TEST, pipeline=Once().fit(WINE.X))
    assert flow.ok
    assert "could not be fitted again for comparison (RuntimeError: no more)" in flow.not_judged[0]


def test_words_are_judged_by_their_vocabulary():
    texts = ["red wine", "white wine", "red grapes", "dry white", "new words", "more unseen terms"]
    right = trace.data_flow(texts[:4], pipeline=TfidfVectorizer().fit(texts[:4]), test=texts[4:])
    assert right.ok
    for vectorizer in (TfidfVectorizer(), CountVectorizer()):
        wrong = trace.data_flow(texts[:4], pipeline=vectorizer.fit(texts), test=texts[4:])
        assert "all 6 rows" in wrong.leaks[0].evidence
        assert (
            "vocabulary_ has 10 entries, while the training rows alone give 5 entries"
            in wrong.leaks[0].evidence
        )
    assert right.stages[2].shape_in == (4,)
    assert right.stages[2].shape_out == (4, 5)


@pytest.mark.parametrize("encoder", [OneHotEncoder(handle_unknown="ignore"), OrdinalEncoder()])
def test_categories_are_judged(encoder):
    colours = np.array([["red"], ["blue"], ["red"], ["green"]], dtype=object)
    flow = trace.data_flow(colours[:3], pipeline=encoder.fit(colours), test=colours[3:])
    assert (
        "categories_[0] has 3 entries, while the training rows alone give 2 entries" in flow.leaks[0].evidence
    )


def test_categories_with_missing_values_raise_no_alarm():
    colours = np.array([["red"], [np.nan], ["red"], ["blue"]], dtype=object)
    assert trace.data_flow(colours, pipeline=OneHotEncoder().fit(colours), test=colours[:1]).ok


def test_an_unfitted_pipeline_is_fitted_on_the_training_rows_and_stays_unfitted():
    pipeline = make_pipeline(StandardScaler(), PCA(5), LogisticRegression())
    flow = trace.data_flow(WINE, pipeline=pipeline)
    assert [s.name for s in flow.stages] == [
        "raw data", "train/test split", "standardscaler", "pca", "training data", "evaluation data",
    ]  # fmt: skip
    assert not hasattr(pipeline[0], "mean_")
    scaler = StandardScaler().fit(TRAIN.X)
    assert np.allclose(flow.stages[2].sample, scaler.transform(TRAIN.X[:1])[0])
    assert (flow.stages[2].sample_in == WINE.X[flow.stages[0].row]).all()
    assert flow.stages[3].shape_out == (142, 5)
    assert flow.train.X.shape == (142, 5)
    assert flow.test.feature_names == ("pca0", "pca1", "pca2", "pca3", "pca4")
    assert flow.train.class_names == WINE.class_names
    assert "LogisticRegression" in flow.stages[-2].action
    assert flow.ok


def test_a_pipeline_holding_only_a_model_has_no_steps_between():
    flow = trace.data_flow(WINE, pipeline=make_pipeline(LogisticRegression()))
    assert len(flow.stages) == 4


def test_a_column_transformer_says_which_columns_go_where():
    people = np.array(
        [[20.0, 1000, "red"], [30.0, np.nan, "blue"], [40.0, 3000, "red"], [50.0, 1, "blue"]] * 5, object
    )
    columns = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), [0, 1]),
            ("colour", OneHotEncoder(), [2]),
        ]
    )
    flow = trace.data_flow(people, [0, 1] * 10, pipeline=columns)
    assert (
        "numbers (Pipeline): column 0 and column 1 → 2 columns; colour (OneHotEncoder): column 2 → 2 columns"
        in (flow.stages[2].action)
    )
    assert flow.stages[2].shape_out == (16, 4)
    assert flow.train.X.dtype == float


def test_sparse_tables_and_labels_of_other_kinds():
    sparse = scipy.sparse.csr_array(COUNTS.X)
    flow = trace.data_flow(sparse, COUNTS.y, pipeline=MaxAbsScaler())
    assert flow.train.X.shape == (160, 20)
    assert flow.train.task == "multilabel"
    names = np.array(["a", "b"] * 100)
    flow = trace.data_flow(sparse, names, pipeline=MaxAbsScaler())
    assert flow.train.class_names == ("a", "b")
    assert flow.test.counts.tolist() == [20, 20]
    assert trace.data_flow(sparse, names.astype(object), pipeline=MaxAbsScaler()).test.counts.sum() == 40
    assert trace.data_flow(sparse, np.linspace(0, 1, 200), pipeline=MaxAbsScaler()).train is None
    assert flow.stages[2].shape_out == (160, 20)
    assert trace.data_flow(sparse, pipeline=MaxAbsScaler()).train is None
    leaky = trace.data_flow(sparse[:150], pipeline=MaxAbsScaler().fit(sparse), test=sparse[150:])
    assert leaky.leaks


def test_labels_are_dealt_evenly():
    y = np.array([0] * 160 + [1] * 40)
    flow = trace.data_flow(COUNTS.X, y, pipeline=MinMaxScaler())
    assert flow.test.counts.tolist() == [32, 8]


@pytest.mark.parametrize(
    ("arguments", "options", "error", "says"),
    [
        ((WINE,), {"pipeline": StandardScaler}, InvalidType, "an object, not a class"),
        (
            (WINE,),
            {"pipeline": "scale"},
            InvalidType,
            "pipeline is 'scale', but must be a scikit-learn Pipeline",
        ),
        ((WINE,), {"pipeline": LogisticRegression()}, InvalidType, "pipeline is LogisticRegression"),
        ((WINE,), {"pipeline": StandardScaler().fit(WINE.X)}, InvalidArgument, "pipeline is fitted already"),
        ((WINE, [1]), {"pipeline": StandardScaler()}, InvalidArgument, "y is given twice"),
        ((WINE.X, WINE.y[:9]), {"pipeline": StandardScaler()}, InvalidArgument, "X has 178 rows and y has 9"),
        ((WINE.X[:0],), {"pipeline": StandardScaler()}, InvalidArgument, "X is empty"),
        (("abc",), {"pipeline": StandardScaler()}, InvalidType, "X is 'abc', but must be an array"),
        (
            (WINE,),
            {"pipeline": StandardScaler(), "test": WINE.X[:, :3]},
            InvalidArgument,
            "the training rows are 178 × 13 and test is 178 × 3",
        ),
        (
            ([["a"], ["b"], ["c"]],),
            {"pipeline": StandardScaler()},
            InvalidArgument,
            "the pipeline cannot be fitted on the 2 training rows: could not convert string to float",
        ),
        ((WINE,), {"pipeline": StandardScaler(), "test_size": 0.0}, InvalidArgument, "test_size is 0.0"),
    ],
)
def test_bad_input_gets_one_sentence(arguments, options, error, says):
    with pytest.raises(error, match=says):
        trace.data_flow(*arguments, **options)
