import { ascending } from '#engine/geo/ascending.ts'
import type { Points } from '#engine/geo/points.ts'
import { latitudeOf, longitudeOf, unitVectors } from '#engine/geo/unitVectors.ts'

export interface LabelCentres {
  /** Median latitude and longitude of a label's points, each by itself, as Rahimi et al. 2017 predict it. */
  median: Points
  /** Place of the mean of a label's unit vectors. */
  mean: Points
  documents: Uint32Array
}

/**
 * The centres of labels that have at least one point each. Longitudes are unwrapped round their mean vector's, so
 * that a label over the antimeridian has its median there too.
 */
export function labelCentres(points: Points, labels: Int32Array, labelCount: number): LabelCentres {
  const vectors = unitVectors(points)
  const documents = new Uint32Array(labelCount)
  for (const label of labels) documents[label]!++
  const starts = new Uint32Array(labelCount + 1)
  for (let label = 0; label < labelCount; label++) starts[label + 1] = starts[label]! + documents[label]!
  const next = starts.slice()
  const byLabel = ascending(labels.length)
  for (let i = 0; i < labels.length; i++) byLabel[next[labels[i]!]!++] = i

  const median: Points = { lat: new Float64Array(labelCount), lon: new Float64Array(labelCount) }
  const mean: Points = { lat: new Float64Array(labelCount), lon: new Float64Array(labelCount) }
  for (let label = 0; label < labelCount; label++) {
    const members = byLabel.subarray(starts[label]!, starts[label + 1]!)
    const [x, y, z] = sumOf(vectors, members)
    mean.lat[label] = latitudeOf(x, y, z)
    mean.lon[label] = longitudeOf(x, y)
    const meanLon = mean.lon[label]!
    const lat = new Float64Array(members.length)
    const lon = new Float64Array(members.length)
    members.forEach((i, k) => {
      lat[k] = points.lat[i]!
      lon[k] = nearTo(meanLon, points.lon[i]!)
    })
    median.lat[label] = medianOf(lat)
    median.lon[label] = nearTo(0, medianOf(lon))
  }
  return { median, mean, documents }
}

function sumOf(vectors: Float64Array, members: Int32Array): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0]
  for (const i of members) {
    sum[0] += vectors[3 * i]!
    sum[1] += vectors[3 * i + 1]!
    sum[2] += vectors[3 * i + 2]!
  }
  return sum
}

/** The same longitude, at most half a turn from `centre`; untouched, to the last bit, where it is so already. */
function nearTo(centre: number, lon: number): number {
  if (lon - centre > 180) return lon - 360
  if (lon - centre < -180) return lon + 360
  return lon
}

/** Sorts its argument. */
function medianOf(values: Float64Array): number {
  values.sort()
  const upper = values.length >> 1
  return values.length % 2 === 1 ? values[upper]! : (values[upper - 1]! + values[upper]!) / 2
}
