"""Informants by site who use a word, with DuckDB's regular expressions over the corpus's Parquet, one thread."""

import json
import sys
import time

import duckdb
from peakMemory import peak_memory_mib

task = json.load(open(sys.argv[1]))
started = time.perf_counter()
connection = duckdb.connect()
connection.execute("SET threads TO 1")
informants = []
for word in task["words"]:
    sites = connection.execute(
        f"""SELECT round(lat, 4), round(lon, 4), count(DISTINCT author)
        FROM read_parquet(?) WHERE regexp_matches(text, ?, 'i') GROUP BY ALL""",
        [task["parquet"], rf"(^|[^\p{{L}}\p{{N}}'#@_-]){word}($|[^\p{{L}}\p{{N}}'_-])"],
    ).fetchall()
    informants.append(sum(count for _, _, count in sites))
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "informants": informants, "peakMemoryMiB": peak_memory_mib()}))
