"""What the peers of the label bench share: how they are run, unit vectors, and distances in whole millimetres."""

import json
import sys
import time

import numpy

from peakMemory import peak_memory_mib

EARTH_RADIUS_KM = 6371
WARM_UP_POINTS = 50_000
WARM_UP_ROUNDS = 5


def run(answer):
    """Times answer(task, lat, lon), once it has been given fewer a few times, and writes what it returns: a number a point."""
    task = json.load(open(sys.argv[1]))
    lat, lon = numpy.load(task["lat"]), numpy.load(task["lon"])
    for _ in range(WARM_UP_ROUNDS):
        answer(task, lat[:WARM_UP_POINTS], lon[:WARM_UP_POINTS])
    started = time.perf_counter()
    answers = answer(task, lat, lon)
    seconds = time.perf_counter() - started
    numpy.save(task["out"], answers.astype(numpy.int32))
    print(json.dumps({"seconds": seconds, "peakMemoryMiB": peak_memory_mib()}))


def cities(task):
    """Unit vectors of the cities that both sides know."""
    return unit_vectors(numpy.load(task["cityLat"]), numpy.load(task["cityLon"]))


def unit_vectors(lat, lon):
    phi, theta = numpy.radians(lat), numpy.radians(lon)
    cos = numpy.cos(phi)
    return numpy.stack((cos * numpy.cos(theta), cos * numpy.sin(theta), numpy.sin(phi)), axis=1)


def millimetres(chord):
    return numpy.rint(2 * numpy.arcsin(numpy.minimum(chord / 2, 1)) * EARTH_RADIUS_KM * 1e6)


def chord_of(km):
    """Slightly more than the chord of an arc: a bound for searches, not for comparisons."""
    return 2 * numpy.sin((km + 1e-5) / EARTH_RADIUS_KM / 2)
