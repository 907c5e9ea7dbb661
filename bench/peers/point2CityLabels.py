"""Point2City by SciPy: k-d trees over unit vectors and connected components, round by round, searching on every core."""

import numpy
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from labelPeer import chord_of, cities, millimetres, run, unit_vectors


def distinct(lat, lon):
    """Places sorted by latitude, then longitude; the place of each point; how many points each has."""
    order = numpy.lexsort((lon, lat))
    sorted_lat, sorted_lon = lat[order], lon[order]
    first = numpy.ones(len(lat), bool)
    first[1:] = (sorted_lat[1:] != sorted_lat[:-1]) | (sorted_lon[1:] != sorted_lon[:-1])
    place = numpy.cumsum(first) - 1
    place_of = numpy.empty(len(lat), numpy.int64)
    place_of[order] = place
    return sorted_lat[first], sorted_lon[first], place_of, numpy.bincount(place).astype(float)


def nearest_others(vectors, radius_km):
    """Nearest other vector strictly nearer than the radius, else -1; of those equally far in millimetres the lowest."""
    count = len(vectors)
    # A tree that is split at midpoints is built faster and searched as fast.
    tree = cKDTree(vectors, balanced_tree=False)
    nearest = numpy.full(count, -1)
    rows = numpy.arange(count)
    k = 3
    while len(rows):
        chords, others = tree.query(vectors[rows], k=min(k, count), distance_upper_bound=chord_of(radius_km), workers=-1)
        far = millimetres(chords)
        far[(others == rows[:, None]) | (others == count)] = numpy.inf
        least = far.min(axis=1)
        candidates = numpy.where(far == least[:, None], others, count).min(axis=1)
        nearest[rows] = numpy.where(least < numpy.rint(radius_km * 1e6), candidates, -1)
        # More may be as far as the farthest that was asked for.
        open_ = (far[:, -1] == least) & numpy.isfinite(least) & (k < count)
        rows, k = rows[open_], 4 * k
    return nearest


def clusters(vectors, weights, radius_km):
    cluster_of = numpy.arange(len(vectors))
    while True:
        count = len(vectors)
        nearest = nearest_others(vectors, radius_km)
        joined = numpy.flatnonzero(nearest >= 0)
        if len(joined) == 0:
            return vectors, cluster_of
        graph = coo_matrix((numpy.ones(len(joined), bool), (joined, nearest[joined])), (count, count))
        parts, part = connected_components(graph, directed=False)
        # By lowest member, whatever the order in which the components were found.
        _, lowest = numpy.unique(part, return_index=True)
        rank = numpy.empty(parts, numpy.int64)
        rank[numpy.argsort(lowest)] = numpy.arange(parts)
        part = rank[part]
        sums = numpy.stack([numpy.bincount(part, weights * vectors[:, axis], parts) for axis in range(3)], axis=1)
        means = sums / numpy.sqrt((sums * sums).sum(axis=1))[:, None]
        alone = numpy.bincount(part, minlength=parts)[part] == 1
        means[part[alone]] = vectors[alone]
        vectors, weights = means, numpy.bincount(part, weights, parts)
        cluster_of = part[cluster_of]


def first_met(values):
    """Numbers by first appearance."""
    _, index, inverse = numpy.unique(values, return_index=True, return_inverse=True)
    rank = numpy.empty(len(index), numpy.int64)
    rank[numpy.argsort(index)] = numpy.arange(len(index))
    return rank[inverse]


def labels(task, lat, lon):
    place_lat, place_lon, place_of, weights = distinct(lat + 0.0, lon + 0.0)
    centroids, cluster_of = clusters(unit_vectors(place_lat, place_lon), weights, task["radiusKm"])
    _, city = cKDTree(cities(task)).query(centroids, workers=-1)
    return first_met(city)[cluster_of][place_of]


run(labels)
