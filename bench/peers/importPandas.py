"""user-info files to a corpus and a vocabulary, as one does it with pandas and scikit-learn's idiom of counting today."""

import csv
import html
import json
import sys
import time
from array import array
from collections import defaultdict
from pathlib import Path
from unicodedata import normalize

import numpy
import pandas
import regex
from peakMemory import peak_memory_mib

task = json.load(open(sys.argv[1]))
out = Path(task["out"])
out.mkdir()
marks = r"[[\p{M}˞˥-˭꜀-꜖]--[\ufe0e\ufe0f\u20e3]]"
letters = rf"[\p{{L}}{marks}\u200c\u200d]*"
start = r"[\p{L}\p{N}_]"
word = rf"[\p{{L}}\p{{N}}_{marks}\u200c\u200d]"
pictograph = r"\p{Extended_Pictographic}[\ufe0e\ufe0f]?\p{Emoji_Modifier}?[\U000e0020-\U000e007f]*"
TOKEN = regex.compile(
    rf"(?V1)(?:(?:https?://|www\.)\S+|\|\|\|)"
    rf"|([@#]{start}{word}*|\p{{L}}{letters}(?:['’‘‛`´′＇՚]\p{{L}}{letters})*(?!{word})"
    rf"|\p{{Regional_Indicator}}{{2}}|[#*0-9]\ufe0f?\u20e3|{pictograph}(?:\u200d{pictograph})*"
    rf"|\p{{N}}+(?:[.,:]\p{{N}}+)*(?!{word})|{start}{word}*)"
)
ENTITY = regex.compile(r"&(?:amp;)*(?:[a-zA-Z][a-zA-Z\d]{1,31}|#\d{1,7}|#[xX][\da-fA-F]{1,6});")
INVISIBLE = regex.compile(r"[\u00ad\u2060]+")
NUMBER = regex.compile(r"\p{N}")
APOSTROPHE = regex.compile(r"(?<!^)['’‘‛`´′＇՚ʼʻ](?!$)")
EMOJI = regex.compile(r"^(?:\p{Extended_Pictographic}|.\ufe0f?\u20e3)")
TEXT_EMOJI = regex.compile(r"(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})")
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


def decoded(entity):
    return html.unescape(regex.sub(r"^&(?:amp;)+", "&", entity[0]))


def tokenise(text):
    if "&" in text:
        text = ENTITY.sub(decoded, text)
    text = normalize("NFC", normalize("NFC", INVISIBLE.sub("", text)).lower())
    for token in TOKEN.findall(text):
        if not token or token in stop_words:
            continue
        if token.isalpha() or token[0] == "@":
            yield token
        elif EMOJI.search(token):
            yield TEXT_EMOJI.sub("\\g<0>\ufe0f", regex.sub("[\ufe0e\ufe0f]", "", token))
        else:
            yield APOSTROPHE.sub("'", NUMBER.sub("0", token)).rstrip("\u200c")


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
