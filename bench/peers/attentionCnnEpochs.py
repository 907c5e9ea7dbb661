"""Trains the network for some epochs; after each, the seconds since the start and the loss on development."""

import json
import sys
import time

import numpy
import tensorflow as tf

from attentionCnn import Documents, Trainer, load_parameters, losses, network
from peakMemory import peak_memory_mib

task = json.load(open(sys.argv[1]))
folder = task["folder"]
documents = Documents(folder, task["length"])
labels, coordinates = numpy.load(folder + "/labels.npy"), numpy.load(folder + "/coordinates.npy")
train, dev = numpy.load(folder + "/train.npy"), numpy.load(folder + "/dev.npy")
trainer = Trainer(load_parameters(folder), numpy.load(folder + "/vectors.npy"))
random = numpy.random.default_rng(1)
batch = task["batch"]


@tf.function(reduce_retracing=True)
def score(ids, mask, labels, targets):
    logits, guesses, _ = network(trainer.parameters, tf.gather(trainer.vectors, ids) * mask, mask, False)
    return losses(logits, guesses, labels, targets)[0]


def batches_of(rows):
    return [rows[start:start + batch] for start in range(0, len(rows), batch)]


def dev_loss():
    total = 0.0
    for rows in batches_of(dev):
        total += len(rows) * float(score(*documents.batch(rows), labels[rows], coordinates[rows]))
    return total / len(dev)


# Traced before the clock starts.
before = [variable.numpy() for variable in trainer.parameters.values()]
for rows in {len(rows): rows for rows in batches_of(train)}.values():
    trainer.step(*documents.batch(rows), labels[rows], coordinates[rows])
dev_loss()
for variable, value in zip(trainer.parameters.values(), before):
    variable.assign(value)
for variable in [*trainer.first, *trainer.second, trainer.steps]:
    variable.assign(tf.zeros_like(variable))

epochs, started = [], time.perf_counter()
for epoch in range(task["epochs"]):
    for rows in batches_of(random.permutation(train)):
        trainer.step(*documents.batch(rows), labels[rows], coordinates[rows])
    loss = dev_loss()
    epochs.append({"seconds": time.perf_counter() - started, "devLoss": loss})
print(json.dumps({"epochs": epochs, "peakMemoryMiB": peak_memory_mib()}))
