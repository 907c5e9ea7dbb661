"""Median error of a ridge regression from a document's mean word vector to its latitude and longitude."""

import json
import sys

import numpy
from sklearn.linear_model import RidgeCV

from peakMemory import peak_memory_mib

task = json.load(open(sys.argv[1]))
words = open(task["vectors"] + ".words.txt").read().split("\n")
index = {word: i for i, word in enumerate(words)}
vectors = numpy.load(task["vectors"] + ".input.npy")
# One size for all: what the regression's penalty means depends on it.
vectors = vectors / numpy.sqrt((vectors**2).mean())
corpus = json.load(open(task["corpus"] + ".json"))


def read(fold):
    features = numpy.zeros((len(corpus[fold]), vectors.shape[1]))
    for row, (_, _, text) in enumerate(corpus[fold]):
        rows = [index[word] for word in text.split() if word in index]
        if rows:
            features[row] = vectors[rows].mean(0)
    return features, numpy.array([[lat, lon] for lat, lon, _ in corpus[fold]])


x, y = read("train")
model = RidgeCV(alphas=numpy.logspace(-2, 4, 13)).fit(x, y)
x, truth = read("test")
(lat, lon), (lat2, lon2) = numpy.radians(model.predict(x)).T, numpy.radians(truth).T
h = numpy.sin((lat2 - lat) / 2) ** 2 + numpy.cos(lat) * numpy.cos(lat2) * numpy.sin((lon2 - lon) / 2) ** 2
print(json.dumps({"medianErrorKm": float(numpy.median(2 * 6371 * numpy.arcsin(numpy.sqrt(h)))), "peakMemoryMiB": peak_memory_mib()}))
