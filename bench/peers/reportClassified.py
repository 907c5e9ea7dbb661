"""What a classifier of documents tells of itself: its last line."""

import json

import numpy
from peakMemory import peak_memory_mib


def report_classified(task, times, predictions, labels):
    """Writes the predictions of held-out documents; `times` are those of start, fitted and predicted, seconds."""
    memory = peak_memory_mib()
    started, fitted, ended = times
    numpy.save(task["predictions"], predictions.astype(numpy.int32))
    print(
        json.dumps(
            {
                "fitSeconds": fitted - started,
                "predictSeconds": ended - fitted,
                "predictions": task["predictions"],
                "accuracy": float((predictions == labels).mean()),
                "peakMemoryMiB": memory,
            }
        )
    )
