"""gensim's skip-gram on a text of one document a line; only training is timed."""

import json
import sys
import time

import numpy
from gensim.models import Word2Vec

from peakMemory import peak_memory_mib

task = json.load(open(sys.argv[1]))
model = Word2Vec(
    vector_size=task["dimensions"], sg=1, negative=5, window=5, sample=1e-3, min_count=1,
    alpha=0.025, min_alpha=1e-4, workers=task["workers"], seed=1,
)
model.build_vocab(corpus_file=task["text"])
started = time.perf_counter()
model.train(
    corpus_file=task["text"], total_words=model.corpus_total_words, total_examples=model.corpus_count, epochs=task["epochs"]
)
seconds = time.perf_counter() - started
out = task["vectors"]
open(out + ".words.txt", "w").write("\n".join(model.wv.index_to_key))
numpy.save(out + ".input.npy", model.wv.vectors)
numpy.save(out + ".output.npy", model.syn1neg)
print(json.dumps({"wordsPerSecond": model.corpus_total_words * task["epochs"] / seconds, "peakMemoryMiB": peak_memory_mib()}))
