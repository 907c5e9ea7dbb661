"""fastText's skip-gram without subwords on a text of one document a line; its own time, reading the text included."""

import json
import sys
import time

import fasttext

from peakMemory import peak_memory_mib

task = json.load(open(sys.argv[1]))
words = sum(len(line.split()) for line in open(task["text"]))
started = time.perf_counter()
fasttext.train_unsupervised(
    task["text"], model="skipgram", dim=task["dimensions"], ws=5, neg=5, t=1e-3, minCount=1, minn=0, maxn=0,
    lr=0.025, epoch=task["epochs"], thread=task["workers"], verbose=0,
)
seconds = time.perf_counter() - started
print(json.dumps({"wordsPerSecond": words * task["epochs"] / seconds, "peakMemoryMiB": peak_memory_mib()}))
