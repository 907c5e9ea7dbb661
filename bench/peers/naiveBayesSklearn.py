"""Multinomial Naive Bayes with scikit-learn on one thread, from counts on the disk."""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import json
import sys
import time

import numpy
import scipy.sparse
from peakMemory import peak_memory_mib
from sklearn.naive_bayes import MultinomialNB

task = json.load(open(sys.argv[1]))
counts, columns = numpy.load(task["counts"]), numpy.load(task["columns"])
starts, labels = numpy.load(task["starts"]).astype(numpy.int64), numpy.load(task["labels"])
rows = scipy.sparse.csr_matrix((counts.astype(numpy.float64), columns, starts), shape=(len(labels), task["words"]))
held_out = numpy.arange(len(labels)) % task["heldOutOneIn"] == 0
started = time.perf_counter()
model = MultinomialNB(alpha=0.01).fit(rows[~held_out], labels[~held_out])
fitted = time.perf_counter()
predictions = model.classes_[model.predict_log_proba(rows[held_out]).argmax(axis=1)]
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
