"""Predicts documents with attention weights; documents a second after a first batch, and the log-probabilities."""

import json
import sys
import time

import numpy
import tensorflow as tf

from attentionCnn import Documents, load_parameters, network
from peakMemory import peak_memory_mib

task = json.load(open(sys.argv[1]))
folder = task["folder"]
documents = Documents(folder, task["length"])
parameters, vectors = load_parameters(folder), tf.constant(numpy.load(folder + "/vectors.npy"))
batch = task["batch"]


@tf.function(reduce_retracing=True)
def predict(ids, mask):
    logits, guesses, weights = network(parameters, tf.gather(vectors, ids) * mask, mask, False)
    return tf.nn.log_softmax(logits), guesses, weights


rows = numpy.arange(len(documents.offsets) - 1)
batches = [rows[start:start + batch] for start in range(0, len(rows), batch)]
predict(*documents.batch(batches[0]))
started = time.perf_counter()
found = [[part.numpy() for part in predict(*documents.batch(rows))] for rows in batches]
seconds = time.perf_counter() - started
numpy.save(task["out"], numpy.concatenate([part[0] for part in found]))
print(json.dumps({"documentsPerSecond": len(rows) / seconds, "peakMemoryMiB": peak_memory_mib()}))
