"""Words and n-grams of characters with scikit-learn's tf-idf and stochastic gradient descent, on one thread, from texts on the disk."""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import json
import sys
import time

import numpy
from peakMemory import peak_memory_mib
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
ended = time.perf_counter()
memory = peak_memory_mib()
numpy.save(task["predictions"], predictions.astype(numpy.int32))
print(
    json.dumps(
        {
            "fitSeconds": fitted - started,
            "predictSeconds": ended - fitted,
            "predictions": task["predictions"],
            "accuracy": float((predictions == labels[held_out]).mean()),
            "peakMemoryMiB": memory,
        }
    )
)
