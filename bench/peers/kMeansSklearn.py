"""k-means of unit vectors with scikit-learn on one thread, from coordinates on the disk."""

import oneThread  # noqa: F401, I001 -- before NumPy
import json
import sys
import time

import numpy
from peakMemory import peak_memory_mib
from sklearn.cluster import KMeans

task = json.load(open(sys.argv[1]))
lat, lon = numpy.radians(numpy.load(task["lat"])), numpy.radians(numpy.load(task["lon"]))
started = time.perf_counter()
vectors = numpy.stack([numpy.cos(lat) * numpy.cos(lon), numpy.cos(lat) * numpy.sin(lon), numpy.sin(lat)], axis=1)
model = KMeans(task["clusters"], n_init=4, random_state=1).fit(vectors)
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "inertia": model.inertia_, "peakMemoryMiB": peak_memory_mib()}))
