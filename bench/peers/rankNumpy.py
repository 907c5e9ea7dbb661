"""Tests all words for geography in NumPy on one thread: the steps of src/engine/explorer/ranking."""

import oneThread  # noqa: F401, I001 -- before NumPy
import json
import math
import sys
import time

import numpy as np
from peakMemory import peak_memory_mib

EARTH_KM = 6371.0088
task = json.load(open(sys.argv[1]))


def read(name):
    return np.load(f"{task['arrays']}/{name}.npy")


cell_of, lengths, starts, users = read("cellOf"), read("lengths"), read("starts").astype(np.int64), read("users")
vectors, bandwidths = read("cellVectors").reshape(-1, 3), read("bandwidthsKm")
random = np.random.default_rng(1)
started = time.perf_counter()


def kernel_features(bandwidth, most_rank=100, tolerance=0.02):
    """Pivoted Cholesky of exp(-chord^2 / 2h^2)."""
    n = len(vectors)
    values, left = np.zeros((most_rank, n)), np.ones(n)
    for rank in range(most_rank):
        if not np.maximum(0, left).sum() > tolerance * n:
            return values[:rank].T
        pivot = int(left.argmax())
        line = np.exp(-(EARTH_KM**2) * ((vectors - vectors[pivot]) ** 2).sum(1) / (2 * bandwidth**2))
        line -= values[:rank, pivot] @ values[:rank]
        values[rank] = line / math.sqrt(left[pivot])
        left = left - values[rank] ** 2
    return values.T


parts = [kernel_features(bandwidth) for bandwidth in bandwidths]
rows = np.ascontiguousarray(np.concatenate(parts, axis=1))
ends = np.cumsum([part.shape[1] for part in parts])
begins = np.concatenate([[0], ends[:-1]])
squares = np.stack([(rows[:, a:b] ** 2).sum(1) for a, b in zip(begins, ends)], axis=1)

counted = np.flatnonzero(lengths > 0)
order = counted[np.argsort(lengths[counted], kind="stable")]
bin_of = np.full(len(lengths), -1)
counts, number, held = [], -1, 0
ordered = lengths[order]
least = len(order) / 64
edges = [0]
for k in range(1, len(order)):
    if k - edges[-1] >= least and ordered[k] != ordered[k - 1]:
        edges.append(k)
edges.append(len(order))
for number in range(len(edges) - 1):
    bin_of[order[edges[number] : edges[number + 1]]] = number
bins = len(edges) - 1
counts = np.diff(edges).astype(float)
log_length = np.array([np.log(ordered[edges[b] : edges[b + 1]]).mean() for b in range(bins)])
total = counts.sum()
members = [order[edges[b] : edges[b + 1]] for b in range(bins)]
# Informants of each group by cell: sums of features over groups are products with it.
crossed = np.zeros((bins, len(rows)))
np.add.at(crossed, (bin_of[counted], cell_of[counted]), 1)
by_group, squares_by_group = crossed @ rows, crossed @ squares


def use_by_length(n, sum_log):
    centre = (counts * log_length).sum() / total
    u = log_length - centre
    a, b = math.log(n / (total - n)), 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-(a + b * u)))
        w = counts * p * (1 - p)
        ga, gb = n - (counts * p).sum(), sum_log - n * centre - (counts * p * u).sum()
        haa, hab, hbb = w.sum(), (w * u).sum(), (w * u * u).sum()
        determinant = haa * hbb - hab * hab
        if not determinant > 1e-12:
            break
        da, db = (hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant
        part = min(1, 3 / (abs(da) + abs(db) + 1e-12))
        a, b = a + part * da, max(-20, min(20, b + part * db))
        if abs(da) + abs(db) < 1e-9:
            break
    return p


def by_bandwidth(values):
    return np.stack([(values[..., a:b] ** 2).sum(-1) for a, b in zip(begins, ends)], axis=-1)


def regression(w):
    s0, s1, s2 = (w * counts).sum(), (w * counts * log_length).sum(), (w * counts * log_length**2).sum()
    spread = s2 - s1 * s1 / s0
    level = (w @ by_group) / s0
    slope = ((w * log_length) @ by_group - s1 * level) / spread
    return s0, s1, spread, level, slope


def expected_of(p):
    w = p * (1 - p)
    s0, _, spread, level, slope = regression(w)
    return w @ squares_by_group - s0 * by_bandwidth(level) - spread * by_bandwidth(slope)


def tail_of(draws):
    draws = np.sort(draws)
    size = min(250, len(draws) // 4)
    threshold = draws[-size - 1]
    excess = draws[-size:] - threshold
    b0 = excess.mean()
    b1 = (excess * (size - 1 - np.arange(size) + 0.35)).sum() / size / size
    shape = max(0, 2 - b0 / (b0 - 2 * b1))
    scale = b0 if shape == 0 else 2 * b0 * b1 / (b0 - 2 * b1)

    def p(values):
        found = (len(draws) - np.searchsorted(draws, values) + 1) / (len(draws) + 1)
        beyond = np.maximum(0, values - threshold) / scale
        left = np.exp(-beyond) if shape < 1e-6 else (1 + shape * beyond) ** (-1 / shape)
        return np.where(values > threshold, size / len(draws) * left, found)

    return p


normal_tail = np.vectorize(lambda z: math.erfc(z / math.sqrt(2)) / 2)


def chi_square_tail(lambdas):
    """Lugannani and Rice's saddlepoint, all values at once."""
    mean = lambdas.sum()

    def tail(q):
        low, high = -(len(lambdas) + 1) / (2 * q), np.full(len(q), 1 / (2 * lambdas.max()))
        for _ in range(60):
            t = (low + high) / 2
            below = (lambdas / (1 - 2 * lambdas * t[:, None])).sum(1) < q
            low, high = np.where(below, t, low), np.where(below, high, t)
        t = (low + high) / 2
        inner = 1 - 2 * lambdas * t[:, None]
        cumulant = -np.log(inner).sum(1) / 2
        curvature = (2 * (lambdas / inner) ** 2).sum(1)
        w = np.sign(t) * np.sqrt(np.maximum(0, 2 * (t * q - cumulant)))
        v = t * np.sqrt(curvature)
        with np.errstate(all="ignore"):
            return np.clip(normal_tail(np.nan_to_num(w + np.log(v / w) / w)), 0, 1)

    def p(values):
        values = np.maximum(np.atleast_1d(values), 1e-12)
        near = np.abs(values - mean) < 0.005 * mean
        away = tail(np.where(near, 1.005 * mean, values))
        if near.any():
            below, above = tail(np.array([0.995 * mean]))[0], tail(np.array([1.005 * mean]))[0]
            away = np.where(near, below + (values / mean - 0.995) / 0.01 * (above - below), away)
        return away

    return p


def null_distribution(n, mean_log):
    p = use_by_length(n, n * mean_log)
    w = p * (1 - p)
    s0, s1, spread, level, slope = regression(w)
    level = level - slope * s1 / s0
    weights = w @ crossed
    variance = (rows.T * weights) @ rows - s0 * np.outer(level + slope * s1 / s0, level + slope * s1 / s0) - spread * np.outer(slope, slope)
    expected = np.array([np.trace(variance[a:b, a:b]) for a, b in zip(begins, ends)])
    if n <= 226:
        draws = round(max(20_000, min(50_000, 4e6 / n)))
        mean = (p @ by_group) - (p * counts).sum() * level - (p * counts * log_length).sum() * slope
        sums = np.empty((draws, rows.shape[1]))
        scale = np.empty(draws)
        for draw in range(draws):
            taken = [group[random.integers(0, len(group), k)] for group, k in zip(members, random.binomial(counts.astype(int), p)) if k]
            taken = np.concatenate(taken) if taken else np.empty(0, dtype=int)
            sums[draw] = rows[cell_of[taken]].sum(0) - len(taken) * level - log_length[bin_of[taken]].sum() * slope - mean
            scale[draw] = n / max(1, len(taken))
        drawn = by_bandwidth(sums) * scale[:, None]
        tails = [tail_of(drawn[:, h]) for h in range(len(ends))]
    else:
        jitter = 1e-9 * np.trace(variance) / len(variance) + 1e-12
        factor = np.linalg.cholesky(variance + jitter * np.eye(len(variance)))
        drawn = by_bandwidth(random.standard_normal((4000, len(variance))) @ factor.T)
        tails = []
        for a, b in zip(begins, ends):
            lambdas = np.linalg.eigvalsh(variance[a:b, a:b])
            tails.append(chi_square_tail(lambdas[lambdas > 1e-9 * lambdas.max()]))
    least_of_draws = np.sort(np.min([tails[h](drawn[:, h]) for h in range(len(ends))], axis=0))

    def p_of(statistics):
        least = np.min([tails[h](statistics[:, h]) for h in range(len(ends))], axis=0)
        joint = (np.searchsorted(least_of_draws, least, side="right") + 1) / (len(least_of_draws) + 1)
        return np.where(least < 1e-3, np.minimum(len(ends) * least, np.maximum(joint, least)), joint)

    return expected, p_of


words = len(starts) - 1
n = np.diff(starts)
mean_log = np.add.reduceat(log_length[bin_of[users]], starts[:-1]) / n
telling = n < total
sizes = [20, 28, 40, 57, 80, 113, 160, 226]
while sizes[-1] < n[telling].max():
    sizes.append(sizes[-1] * 2)
first = max(0, max((i for i, size in enumerate(sizes) if size <= n.min()), default=0))
last = next((i for i, size in enumerate(sizes) if size >= n[telling].max()), len(sizes) - 1)
sizes = [min(size, n[telling].max()) for size in sizes[first : last + 1]]
nulls = []
for size in sizes:
    near = (n >= size / 1.6) & (n <= size * 1.6)
    logs = np.sort(mean_log[near] if near.any() else mean_log)
    nulls.append(null_distribution(size, logs[len(logs) // 2]))
statistics, expected = np.empty((words, len(ends))), np.empty((words, len(ends)))
for word in range(words):
    p = use_by_length(n[word], n[word] * mean_log[word]) if telling[word] else np.ones(bins)
    total_of_users = rows[cell_of[users[starts[word] : starts[word + 1]]]].sum(0)
    statistics[word] = by_bandwidth(total_of_users - p @ by_group)
    expected[word] = expected_of(p) if telling[word] else 1
logs = np.full((len(sizes), words), 0.0)
for i, (null_expected, p_of) in enumerate(nulls):
    logs[i] = np.log(np.maximum(1e-300, p_of(statistics / expected * null_expected)))
high = np.minimum(np.searchsorted(sizes, n), len(sizes) - 1)
low = np.where(high > 0, high - 1, high)
share = np.where(low == high, 1, np.log(n / np.array(sizes)[low]) / np.where(low == high, 1, np.log(np.array(sizes)[high] / np.array(sizes)[low])))
index = np.arange(words)
p = np.where(telling, np.exp((1 - share) * logs[low, index] + share * logs[high, index]), 1.0)
seconds = time.perf_counter() - started
np.save(task["out"], p)
print(json.dumps({"seconds": seconds, "peakMemoryMiB": peak_memory_mib()}))
