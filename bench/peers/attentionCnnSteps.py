"""Training steps of the network on given batches: the time of each after the first ones, and the last losses."""

import json
import sys
import time

import numpy

from attentionCnn import Documents, Trainer, load_parameters
from peakMemory import peak_memory_mib

task = json.load(open(sys.argv[1]))
folder = task["folder"]
documents = Documents(folder, task["length"])
labels, coordinates = numpy.load(folder + "/labels.npy"), numpy.load(folder + "/coordinates.npy")
trainer = Trainer(load_parameters(folder), numpy.load(folder + "/vectors.npy"), dropout=task["dropout"], xla=task["xla"])
batches = [numpy.arange(start, start + task["batch"]) for start in range(0, len(labels), task["batch"])]
seconds = []
for step in range(task["warmUp"] + task["steps"]):
    rows = batches[step % len(batches)]
    started = time.perf_counter()
    ids, mask = documents.batch(rows)
    label, distance = trainer.step(ids, mask, labels[rows], coordinates[rows])
    last = [float(label), float(distance)]
    if step >= task["warmUp"]:
        seconds.append(time.perf_counter() - started)
print(json.dumps({"secondsPerStep": min(seconds), "losses": last, "peakMemoryMiB": peak_memory_mib()}))
