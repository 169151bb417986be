"""Small real data sets that come with scikit-learn: no network needed."""

from __future__ import annotations

from mlcourse.datasets._dataset import Dataset


def load_iris() -> Dataset:
    """Load 150 iris flowers: 4 lengths in centimetres, 3 species, 50 flowers each.

    Returns
    -------
    Dataset
        Multi-class; `X` float, shape (150, 4), in cm; `y` int, shape (150,).
    """
    from sklearn import datasets

    data = datasets.load_iris()
    return Dataset(
        data.data,
        data.target,
        "multiclass",
        class_names=tuple(map(str, data.target_names)),
        feature_names=tuple(data.feature_names),
        description="150 iris flowers of three species, each measured four times with a ruler: length and "
        "width of a sepal and of a petal. Setosa is easy to tell; the other two overlap.",
        source="R. A. Fisher, 1936; the copy in scikit-learn",
    )


def load_wine() -> Dataset:
    """Load 178 Italian wines: 13 chemical measurements, 3 grape varieties.

    The features have very different scales (proline in hundreds, phenols
    around 0.3), so a model without scaling fails here.

    Returns
    -------
    Dataset
        Multi-class; `X` float, shape (178, 13); `y` int, shape (178,).
    """
    from sklearn import datasets

    data = datasets.load_wine()
    return Dataset(
        data.data,
        data.target,
        "multiclass",
        # scikit-learn says class_0, class_1, class_2; Forina names the varieties: 59, 71 and 48 wines.
        class_names=("Barolo", "Grignolino", "Barbera"),
        feature_names=tuple(data.feature_names),
        description="178 wines from one region of Italy, made from three varieties of grape, each with 13 "
        "chemical measurements. Their scales differ by a factor of thousands, so scale them before training.",
        source="M. Forina et al., 1986 (UCI Wine); the copy in scikit-learn",
    )


def load_digits() -> Dataset:
    """Load 1797 handwritten digits, each a picture of 8 × 8 grey values from 0 to 16.

    Returns
    -------
    Dataset
        Multi-class; `X` float, shape (1797, 64), row by row, so that
        `X.reshape(-1, 8, 8)` gives the pictures; `y` int, shape (1797,).
    """
    from sklearn import datasets

    data = datasets.load_digits()
    return Dataset(
        data.data,
        data.target,
        "multiclass",
        class_names=tuple(map(str, data.target_names)),
        feature_names=tuple(f"row {i // 8}, column {i % 8}" for i in range(64)),
        description="1797 digits written by hand by 13 people, scanned and reduced to 8 × 8 pixels; "
        "each value counts the inked points, from 0 (blank) to 16 (full).",
        source="E. Alpaydin and C. Kaynak, 1998 (UCI Optical Recognition of Handwritten Digits, test set); "
        "the copy in scikit-learn",
    )
