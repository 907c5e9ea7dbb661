"""The isogloss of one variant, its bands and 1,000 draws, in NumPy on one thread: the steps of src/engine/regions/isogloss."""

import oneThread  # noqa: F401, I001 -- before NumPy
import json
import sys
import time

import numpy as np
from peakMemory import peak_memory_mib

EARTH_KM = 6371.0088
task = json.load(open(sys.argv[1]))


def read(name):
    return np.load(f"{task['arrays']}/line-{name}.npy")


informants, users = read("informants"), read("users")
vectors, nodes = read("vectors").reshape(-1, 3), read("nodes").reshape(-1, 3)
columns, node_rows = read("shape").astype(int)
started = time.perf_counter()


def chords(a, b):
    return EARTH_KM * np.sqrt(np.maximum(0, 2 - 2 * a @ b.T))


def matern(km, range_km):
    scaled = np.sqrt(3) * km / range_km
    return (1 + scaled) * np.exp(-scaled)


def farthest_points(vectors, most):
    nearest = np.full(len(vectors), np.inf)
    taken, following = [], 0
    while len(taken) < min(most, len(vectors)):
        taken.append(following)
        nearest = np.minimum(nearest, ((vectors - vectors[following]) ** 2).sum(1))
        following = int(nearest.argmax())
        if not nearest[following] > 0:
            break
    return vectors[taken]


def basis(knots, range_km):
    covariance = matern(chords(knots, knots), range_km)
    covariance[np.diag_indices(len(knots))] = 1 + 1e-6
    factor = np.linalg.cholesky(covariance)
    lost = np.maximum(0, 1 - np.concatenate([np.zeros((len(knots), 1)), np.cumsum(factor**2, axis=1)], axis=1))
    left = np.array([lost[n:, n].sum() for n in range(len(knots) + 1)])
    n = int(np.argmax(left < 0.01 * len(knots)))
    return knots[:n], factor[:n, :n]


def features(knots, factor, range_km, places):
    values = np.linalg.solve(factor, matern(chords(places, knots), range_km).T).T
    return np.concatenate([np.ones((len(places), 1)), values], axis=1)


def fit(x, sd_field, sd_site, start):
    tau = 1 / sd_site**2 if sd_site > 0 else np.inf
    precision = np.full(x.shape[1], 1 / sd_field**2)
    precision[0] = 0.01
    eta = np.log((users + 0.5) / (informants - users + 0.5)) / 2 if start is None else start
    beta, effects, objective = np.zeros(x.shape[1]), np.zeros(len(x)), -np.inf

    def log_posterior(eta, beta, u):
        value = (users * eta - informants * np.logaddexp(0, eta)).sum() - (precision * beta**2).sum() / 2
        return value if tau == np.inf else value - tau * (u**2).sum() / 2

    for _ in range(50):
        p = 1 / (1 + np.exp(-eta))
        w = np.maximum(informants * p * (1 - p), 1e-9)
        response = eta + (users - informants * p) / w
        weights = w if tau == np.inf else w * tau / (w + tau)
        hessian = (x.T * weights) @ x
        hessian[np.diag_indices(len(precision))] += precision
        factor = np.linalg.cholesky(hessian)
        following = np.linalg.solve(hessian, x.T @ (weights * response))
        fixed = x @ following
        following_effects = np.zeros(len(x)) if tau == np.inf else weights / tau * (response - fixed)
        part = 1.0
        while True:
            share = 1.0 if objective == -np.inf else part
            tried, tried_effects = beta + share * (following - beta), effects + share * (following_effects - effects)
            tried_eta = x @ tried + tried_effects
            found = log_posterior(tried_eta, tried, tried_effects)
            if found >= objective - 1e-9 or part < 1e-3:
                break
            part /= 2
        moved = np.abs(tried_eta - eta).max()
        beta, effects, eta, objective = tried, tried_effects, tried_eta, found
        if moved < 1e-4:
            break
    half = np.log(precision).sum()
    if tau != np.inf:
        p = 1 / (1 + np.exp(-eta))
        half += (np.log(tau) - np.log(np.maximum(informants * p * (1 - p), 1e-9) + tau)).sum()
    return beta, factor, objective + (half - 2 * np.log(np.diag(factor)).sum()) / 2, eta, precision, sd_site


REACH, STEPS = 20, 2


def likelihood_table(sd_site):
    """Log-likelihoods of sites and their slopes at every half logit, site effects integrated out."""
    fields = np.arange(-REACH, REACH + 1 / STEPS, 1 / STEPS)
    values, slopes = np.empty((len(users), len(fields))), np.empty((len(users), len(fields)))
    for s, (m, used) in enumerate(zip(informants, users)):
        step = min(sd_site / 2, 1.2 / np.sqrt(m))
        half = min(80, int(np.ceil(6 * sd_site / step))) if sd_site > 0 else 0
        effects = 6 * sd_site * np.arange(-half, half + 1) / max(1, half)
        eta = fields + effects[:, None]
        logs = used * eta - m * np.logaddexp(0, eta)
        if sd_site > 0:
            logs -= (effects[:, None] / sd_site) ** 2 / 2
        most = logs.max(0)
        weights = np.exp(logs - most)
        total = weights.sum(0)
        values[s] = most + np.log(total / len(effects))
        slopes[s] = (weights * (used - m / (1 + np.exp(-eta)))).sum(0) / total / STEPS
    return values.astype(np.float32).ravel(), slopes.astype(np.float32).ravel(), len(fields)


def moved_draws(x, mode, factor, precision, table, count, random, moves=12):
    """Draws from Laplace's approximation, moved by elliptical slice sampling about it, all at once."""
    values, slopes, columns = table
    single, spread = x.astype(np.float32), np.linalg.inv(factor).astype(np.float32)
    centre = (x @ mode).astype(np.float32)
    first = np.arange(len(x)) * columns

    def directions():
        z = random.standard_normal((count, len(mode)), dtype=np.float32)
        b = z @ spread
        return z, b, b @ single.T

    def log_likelihood(eta):
        position = (eta + REACH) * STEPS
        column = np.clip(position.astype(np.int32), 0, columns - 2)
        i, t = first + column, position - column
        a, sa, b, sb = values[i], slopes[i], values[i + 1], slopes[i + 1]
        rest = 1 - t
        inside = rest * rest * ((1 + 2 * t) * a + t * sa) + t * t * ((1 + 2 * rest) * b - rest * sb)
        return np.where(t < 0, a + t * sa, np.where(t > 1, b + (t - 1) * sb, inside)).sum(1, dtype=np.float64)

    def height(z, b, f):
        beta = mode + b
        return log_likelihood(centre + f) - (precision * beta**2).sum(1) / 2 + (z**2).sum(1) / 2

    z, b, f = directions()
    for _ in range(moves):
        z_to, b_to, f_to = directions()
        level = height(z, b, f) + np.log(random.random(count))
        angle = 2 * np.pi * random.random(count)
        low, high = angle - 2 * np.pi, angle.copy()
        left = np.arange(count)
        new = [z.copy(), b.copy(), f.copy()]
        while len(left):
            cos = np.cos(angle[left])[:, None].astype(np.float32)
            sin = np.sin(angle[left])[:, None].astype(np.float32)
            tried = [cos * own[left] + sin * to[left] for own, to in zip((z, b, f), (z_to, b_to, f_to))]
            taken = height(*tried) >= level[left]
            for own, found in zip(new, tried):
                own[left[taken]] = found[taken]
            left = left[~taken]
            below = angle[left] < 0
            low[left[below]], high[left[~below]] = angle[left[below]], angle[left[~below]]
            angle[left] = low[left] + (high[left] - low[left]) * random.random(len(left))
        z, b, f = new
    return mode + b


knots = farthest_points(vectors, 150)
nearest = np.sort(chords(vectors, vectors) + np.diag(np.full(len(vectors), np.inf)), axis=1)[:, 0]
end = chords(vectors[:1], vectors)[0].argmax()
extent = chords(vectors[end : end + 1], vectors).max()
longest = 2 / 3 * extent
shortest = min(max(np.sort(nearest)[len(nearest) // 2], longest / 200), longest / 4)
parts = []
for range_km in shortest * (longest / shortest) ** (np.arange(5) / 4):
    own_knots, factor = basis(knots, range_km)
    x = features(own_knots, factor, range_km, vectors)
    for sd_site in (0, 0.4, 0.9):
        before = None
        for sd_field in (0.7, 1.8, 4.6, 12):
            found = fit(x, sd_field, sd_site, None if before is None else before[3])
            parts.append((own_knots, factor, range_km, found))
            if before is not None and found[2] < before[2] - 10:
                break
            before = found
weights = np.exp(np.array([part[3][2] for part in parts]) - max(part[3][2] for part in parts))
weights /= weights.sum()
kept = [i for i in range(len(parts)) if weights[i] >= 1e-3]
shares = weights[kept] / weights[kept].sum()
ends = np.round(np.cumsum(shares) * 1000).astype(int)
random = np.random.default_rng(1)
draws = np.empty((1000, len(nodes)), dtype=np.float32)
first, tables = 0, {}
for i, last in zip(kept, ends):
    own_knots, factor, range_km, (beta, precision_factor, _, _, precision, sd_site) = parts[i]
    if last == first:
        continue
    if sd_site not in tables:
        tables[sd_site] = likelihood_table(sd_site)
    at_sites = features(own_knots, factor, range_km, vectors)
    drawn = moved_draws(at_sites, beta, precision_factor, precision, tables[sd_site], last - first, random)
    x = features(own_knots, factor, range_km, nodes).astype(np.float32)
    draws[first:last] = drawn.astype(np.float32) @ x.T
    first = last
mean, above = draws.mean(0, dtype=np.float64), (draws > 0).mean(0)
distance = -np.log((np.minimum(above, 1 - above) * 1000 + 0.5) / 1001)
pointwise = np.minimum(above, 1 - above) - 0.05
grid = np.arange(len(nodes)).reshape(node_rows, columns)
pairs = np.concatenate([
    np.stack([grid[:, :-1].ravel(), grid[:, 1:].ravel()]),
    np.stack([grid[:-1].ravel(), grid[1:].ravel()]),
], axis=1)
greatest = []
for draw in draws:
    a, b = draw[pairs[0]], draw[pairs[1]]
    crossed = (a > 0) != (b > 0)
    if crossed.any():
        a, b, i, j = a[crossed], b[crossed], pairs[0][crossed], pairs[1][crossed]
        greatest.append((distance[i] + a / (a - b) * (distance[j] - distance[i])).max())
critical = np.sort(greatest)[int(np.ceil(0.9 * len(greatest))) - 1]
simultaneous = critical - distance
seconds = time.perf_counter() - started
np.save(task["out"], mean)
print(json.dumps({"seconds": seconds, "fits": len(parts), "peakMemoryMiB": peak_memory_mib()}))
