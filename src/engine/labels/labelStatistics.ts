import type { LabelSetSummary, Oracle } from '#protocol/results.ts'
import { haversineKm } from '#engine/geo/greatCircle.ts'
import type { Points } from '#engine/geo/points.ts'
import type { LabelSet } from './labelSet.ts'

/** Errors strictly under this count as right (Roller et al. 2012: 100 miles). */
const hitRadiusKm = 161

/**
 * A label set in figures. `oracle` is what a classifier without fault would reach on a fold: each document at the
 * centre of the label that `assign` gives it; null for a fold without documents. `oracleMedianKm` is the one of the
 * test fold, without it of development, else of training.
 */
export function describeLabelSet(
  set: LabelSet,
  name: string,
  folds: { train: Points; dev: Points | null; test: Points | null },
): Omit<LabelSetSummary, 'id' | 'assignments'> {
  const { settings, labels, cities, trainLabels } = set
  const toCentre = errorsKm(set, folds.train, trainLabels).sort()
  const documents = Float64Array.from(labels, (label) => label.documents)
  const centreToCity = labels.map((label, i) => haversineKm(label.lat, label.lon, cities.lat[i]!, cities.lon[i]!))
  const sizes = documents.slice().sort()
  const oracle = {
    train: oracleOf(set, folds.train),
    dev: folds.dev && oracleOf(set, folds.dev),
    test: folds.test && oracleOf(set, folds.test),
  }
  return {
    name,
    method: settings.method,
    assign: settings.method === 'kd-tree' ? settings.assign : 'nearest-centroid',
    labelCount: labels.length,
    meanToCentreKm: mean(toCentre),
    medianToCentreKm: quantileOf(toCentre, 0.5),
    centreToCityKm: centreToCity.reduce((sum, km, i) => sum + km * documents[i]!, 0) / trainLabels.length,
    oracleMedianKm: (oracle.test ?? oracle.dev ?? oracle.train)!.medianErrorKm,
    oracle,
    sizes: [0, 0.25, 0.5, 0.75, 1].map((share) => quantileOf(sizes, share)) as LabelSetSummary['sizes'],
    reassigned: set.reassigned,
  }
}

function oracleOf(set: LabelSet, points: Points): Oracle | null {
  if (points.lat.length === 0) return null
  const errors = errorsKm(set, points, set.assign(points)).sort()
  return {
    accuracyAt161Km: errors.filter((km) => km < hitRadiusKm).length / errors.length,
    meanErrorKm: mean(errors),
    medianErrorKm: quantileOf(errors, 0.5),
  }
}

function errorsKm({ labels }: LabelSet, { lat, lon }: Points, labelOf: Int32Array): Float64Array {
  return Float64Array.from(labelOf, (label, i) => {
    const centre = labels[label]!
    return haversineKm(lat[i]!, lon[i]!, centre.lat, centre.lon)
  })
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Between two values, linearly (type 7 of Hyndman and Fan 1996, NumPy's default). */
function quantileOf(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share
  const below = Math.floor(position)
  const low = sorted[below]!
  return low + (position - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - low)
}
