"""fastText's skip-gram without subwords on a text of one document a line; its own time, reading the text included."""

import json
import resource
import sys
import time

import fasttext

task = json.load(open(sys.argv[1]))
words = sum(len(line.split()) for line in open(task["text"]))
started = time.perf_counter()
fasttext.train_unsupervised(
    task["text"], model="skipgram", dim=task["dimensions"], ws=5, neg=5, t=1e-3, minCount=1, minn=0, maxn=0,
    lr=0.025, epoch=task["epochs"], thread=task["workers"], verbose=0,
)
seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"wordsPerSecond": words * task["epochs"] / seconds, "peakMemoryMiB": peak}))
