"""Multinomial Naive Bayes with scikit-learn on one thread, from counts on the disk."""

import oneThread  # noqa: F401, I001 -- before NumPy
import json
import sys
import time

import numpy
import scipy.sparse
from reportClassified import report_classified
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
report_classified(task, (started, fitted, time.perf_counter()), predictions, labels[held_out])
