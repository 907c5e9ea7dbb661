"""Multinomial logistic regression with scikit-learn on one thread, from arrays on the disk."""

import oneThread  # noqa: F401, I001 -- before NumPy
import json
import sys
import time

import numpy
import scipy.sparse
from peakMemory import peak_memory_mib
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

task = json.load(open(sys.argv[1]))
values, columns = numpy.load(task["values"]), numpy.load(task["columns"])
starts, labels = numpy.load(task["starts"]).astype(numpy.int32), numpy.load(task["labels"])
rows = scipy.sparse.csr_matrix((values.astype(numpy.float64), columns, starts), shape=(len(labels), task["words"]))
started = time.perf_counter()
# Its gradient is a mean over documents: this leaves the objective within 1e-4 of the minimum.
model = LogisticRegression(C=1 / task["l2"], tol=1e-4, max_iter=1000).fit(rows, labels)
seconds = time.perf_counter() - started
memory = peak_memory_mib()
scores = rows @ model.coef_.T + model.intercept_
objective = (logsumexp(scores, axis=1) - scores[numpy.arange(len(labels)), labels]).sum() + task["l2"] / 2 * (model.coef_**2).sum()
print(json.dumps({"seconds": seconds, "objective": objective, "peakMemoryMiB": memory}))
