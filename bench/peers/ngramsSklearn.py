"""Words and n-grams of characters with scikit-learn's tf-idf and stochastic gradient descent, on one thread, from texts on the disk."""

import oneThread  # noqa: F401, I001 -- before NumPy
import json
import sys
import time

import numpy
from reportClassified import report_classified
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import FeatureUnion

task = json.load(open(sys.argv[1]))
texts = numpy.array(open(task["texts"], encoding="utf-8").read().splitlines(), dtype=object)
labels = numpy.load(task["labels"])
held_out = numpy.arange(len(labels)) % task["heldOutOneIn"] == 0
started = time.perf_counter()
common = {"min_df": 2, "sublinear_tf": True, "dtype": numpy.float32}
features = FeatureUnion(
    [
        ("words", TfidfVectorizer(token_pattern=r"\S+", **common)),
        ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), **common)),
    ],
    transformer_weights={"words": 0.5**0.5, "characters": 0.5**0.5},
)
rows = features.fit_transform(texts[~held_out])
model = SGDClassifier(loss="log_loss", alpha=1e-6, max_iter=task["epochs"], tol=None, random_state=1, n_jobs=1)
model.fit(rows, labels[~held_out])
fitted = time.perf_counter()
predictions = model.predict(features.transform(texts[held_out]))
report_classified(task, (started, fitted, time.perf_counter()), predictions, labels[held_out])
