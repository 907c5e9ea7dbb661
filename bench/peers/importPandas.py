"""user-info files to a corpus and a vocabulary, as one does it with pandas and scikit-learn's idiom of counting today."""

import csv
import json
import sys
import time
from array import array
from collections import defaultdict
from pathlib import Path

import numpy
import pandas
import regex
from peakMemory import peak_memory_mib

task = json.load(open(sys.argv[1]))
out = Path(task["out"])
out.mkdir()
word = r"[\p{L}\p{M}\p{N}_]"
TOKEN = regex.compile(
    r"(?:(?:https?://|www\.)\S+|&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[\da-fA-F]{1,6});|\|\|\|)"
    rf"|([@#]{word}+|\p{{N}}+(?:[.,:]\p{{N}}+)*(?!{word})|[\p{{L}}\p{{M}}]+(?:['’ʼ][\p{{L}}\p{{M}}]+)*(?!{word})|{word}+"
    r"|\p{Extended_Pictographic}|\p{Regional_Indicator}{2})"
)
NUMBER = regex.compile(r"\p{N}")
stop_words = frozenset(task["stopWords"])


def read(files, fold):
    frames = [
        pandas.read_csv(file, sep="\t", names=["author", "lat", "lon", "text"], quoting=csv.QUOTE_NONE,
                        dtype={"author": "str", "text": "str"}, keep_default_na=False)
        for file in files
    ]
    frame = pandas.concat(frames, ignore_index=True)
    # Columns with a field that is no number come as text.
    frame["lat"] = pandas.to_numeric(frame.lat, errors="coerce")
    frame["lon"] = pandas.to_numeric(frame.lon, errors="coerce")
    good = frame.lat.between(-90, 90) & frame.lon.between(-180, 180) & ~((frame.lat == 0) & (frame.lon == 0))
    good &= frame.text.str.strip() != ""
    rejected = int((~good).sum())
    frame = frame[good].reset_index(drop=True)
    if frame.author.duplicated().any():
        frame = frame.groupby("author", sort=False).agg({"lat": "first", "lon": "first", "text": " ||| ".join}).reset_index()
    frame.insert(0, "fold", fold)
    return frame, rejected


def tokenise(text):
    for token in TOKEN.findall(text.lower()):
        if token and token not in stop_words:
            yield token if token.isalpha() or token[0] == "@" else NUMBER.sub("0", token).replace("’", "'").replace("ʼ", "'")


started, started_cpu = time.perf_counter(), time.process_time()
parts = [read(task[fold], fold) for fold in ("train", "dev", "test")]
rejected = sum(count for _, count in parts)
corpus = pandas.concat([frame for frame, _ in parts], ignore_index=True)
del parts
corpus.to_parquet(out / "documents.parquet", compression="zstd")
imported = time.perf_counter()

# As CountVectorizer counts: a dictionary that numbers what it meets, and one array of numbers.
vocabulary = defaultdict()
vocabulary.default_factory = vocabulary.__len__
ids = array("i")
lengths = array("i")
for text in corpus.text:
    before = len(ids)
    ids.extend([vocabulary[token] for token in tokenise(text)])
    lengths.append(len(ids) - before)
ids = numpy.frombuffer(ids, dtype=numpy.int32)
lengths = numpy.frombuffer(lengths, dtype=numpy.int32)
training = int(lengths[(corpus.fold == "train").to_numpy()].sum())
# Training documents come first.
counts = numpy.bincount(ids[:training], minlength=len(vocabulary))
words = [(word, int(counts[i]), i) for word, i in vocabulary.items() if counts[i] >= task["minFrequency"]]
words.sort(key=lambda entry: (-entry[1], entry[0]))
rank = numpy.full(len(vocabulary), -1, dtype=numpy.int32)
rank[[i for _, _, i in words]] = numpy.arange(len(words), dtype=numpy.int32)
encoded = rank[ids]
document = numpy.repeat(numpy.arange(len(lengths), dtype=numpy.int32), lengths)
kept = encoded >= 0
encoded, document = encoded[kept], document[kept]
starts = numpy.concatenate([[0], numpy.cumsum(numpy.bincount(document, minlength=len(lengths)))])
within = numpy.arange(len(encoded)) - starts[document] < task["maxWords"]
encoded, document = encoded[within], document[within]
offsets = numpy.concatenate([[0], numpy.cumsum(numpy.bincount(document, minlength=len(lengths)))]).astype(numpy.float64)
numpy.save(out / "tokens.npy", encoded)
numpy.save(out / "offsets.npy", offsets)
pandas.DataFrame([(word, count, "") for word, count, _ in words], columns=["word", "count", "igr"]).to_csv(
    out / "words.tsv", sep="\t", index=False, quoting=csv.QUOTE_NONE
)
ended = time.perf_counter()
print(json.dumps({
    "seconds": ended - started,
    "cpuSeconds": time.process_time() - started_cpu,
    "importSeconds": imported - started,
    "documents": len(corpus),
    "rejected": rejected,
    "distinctTokens": len(vocabulary),
    "tokens": len(ids),
    "peakMemoryMiB": peak_memory_mib(),
}))
