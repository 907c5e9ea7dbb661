"""How good word vectors are, whoever made them: planted neighbours, and the loss on held-out text."""

import json
import sys
from collections import Counter

import numpy

from peakMemory import peak_memory_mib

task = json.load(open(sys.argv[1]))
words = open(task["vectors"] + ".words.txt").read().split("\n")
vectors = numpy.load(task["vectors"] + ".input.npy")
outputs = numpy.load(task["vectors"] + ".output.npy")
index = {word: i for i, word in enumerate(words)}
counts = Counter(open(task["planted"] + ".train.txt").read().split())
random = numpy.random.default_rng(1)


def neighbour_quality(sample=2000, nearest=10):
    """Shares of the nearest words in a word's own group and supergroup; words of groups ask, all words answer."""
    often = sorted(counts)
    rows = numpy.array([index[word] for word in often])
    unit = vectors[rows] / numpy.maximum(numpy.linalg.norm(vectors[rows], axis=1, keepdims=True), 1e-12)
    group = numpy.array([hash_of(word.rsplit("_", 1)[0]) for word in often])
    supergroup = numpy.array([hash_of(word.split("_", 1)[0]) for word in often])
    grouped = numpy.array([i for i, word in enumerate(often) if word[0] == "w"])
    chosen = random.choice(grouped, min(sample, len(grouped)), replace=False)
    own, wide = 0.0, 0.0
    for part in numpy.array_split(chosen, max(1, len(chosen) // 200)):
        similarity = unit[part] @ unit.T
        similarity[numpy.arange(len(part)), part] = -numpy.inf
        best = numpy.argpartition(-similarity, nearest, axis=1)[:, :nearest]
        own += (group[best] == group[part][:, None]).sum()
        wide += (supergroup[best] == supergroup[part][:, None]).sum()
    return own / (len(chosen) * nearest), wide / (len(chosen) * nearest)


def hash_of(name, seen={}):
    return seen.setdefault(name, len(seen))


def held_out_loss(pairs=200_000, negatives=5):
    """-ln sigmoid(x . y) - sum ln sigmoid(-x . n) over pairs at most two words apart, negatives by count^0.75."""
    centres, contexts = [], []
    for line in open(task["planted"] + ".heldOut.txt"):
        ids = [index[word] for word in line.split() if word in index]
        for i in range(len(ids) - 2):
            centres += [ids[i], ids[i]]
            contexts += [ids[i + 1], ids[i + 2]]
        if len(centres) >= pairs:
            break
    weights = numpy.array([counts[word] for word in words], dtype=float) ** 0.75
    # The same words as negatives whatever the order of rows.
    order = numpy.argsort(numpy.array(words))
    table = order[random.choice(len(words), (len(centres), negatives), p=(weights / weights.sum())[order])]
    total = 0.0
    for start in range(0, len(centres), 5000):
        x = vectors[contexts[start:start + 5000]].astype(float)
        y = outputs[centres[start:start + 5000]].astype(float)
        n = outputs[table[start:start + 5000]].astype(float)
        total += numpy.logaddexp(0, -(x * y).sum(1)).sum() + numpy.logaddexp(0, numpy.einsum("id,ijd->ij", x, n)).sum()
    return total / len(centres)


own, wide = neighbour_quality()
print(json.dumps({"neighbours": own, "superNeighbours": wide, "heldOutLoss": held_out_loss(), "peakMemoryMiB": peak_memory_mib()}))
