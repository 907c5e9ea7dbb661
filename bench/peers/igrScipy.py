"""Information gain ratio of words over labels with scipy's sparse matrices, from arrays on the disk."""

import json
import sys
import time

import numpy
import scipy.sparse
from peakMemory import peak_memory_mib

task = json.load(open(sys.argv[1]))
started = time.perf_counter()
ids = numpy.load(task["ids"])
offsets = numpy.load(task["offsets"]).astype(numpy.int64)
labels = numpy.load(task["labels"])
words, label_count, documents = task["words"], task["labelCount"], len(offsets) - 1

presence = scipy.sparse.csr_matrix((numpy.ones(len(ids), dtype=numpy.int32), ids, offsets), shape=(documents, words))
presence.sum_duplicates()
presence.data[:] = 1
of_label = scipy.sparse.csr_matrix((numpy.ones(documents, dtype=numpy.int32), (labels, numpy.arange(documents))), shape=(label_count, documents))
# Labels by words: in how many documents of the label the word occurs.
cells = (of_label @ presence).tocsc()


def x_log_x(x):
    x = x.astype(numpy.float64)
    return x * numpy.log(numpy.where(x > 0, x, 1))


label_documents = numpy.bincount(labels, minlength=label_count)
present = numpy.asarray(cells.sum(axis=0)).ravel()
absent = documents - present
all_of_cell = label_documents[cells.indices]
word_of_cell = numpy.repeat(numpy.arange(words), numpy.diff(cells.indptr))
sum_labels = x_log_x(label_documents).sum()
total = x_log_x(numpy.array([documents]))[0]
sum_present = numpy.bincount(word_of_cell, weights=x_log_x(cells.data), minlength=words)
sum_absent = sum_labels + numpy.bincount(word_of_cell, weights=x_log_x(all_of_cell - cells.data) - x_log_x(all_of_cell), minlength=words)
gain = (total - sum_labels) - (x_log_x(present) - sum_present) - (x_log_x(absent) - sum_absent)
entropy = total - x_log_x(present) - x_log_x(absent)
ratios = numpy.where(entropy > 0, numpy.maximum(0, gain / numpy.where(entropy > 0, entropy, 1)), 0)
seconds = time.perf_counter() - started
numpy.save(task["out"], ratios)
print(json.dumps({"seconds": seconds, "peakMemoryMiB": peak_memory_mib()}))
