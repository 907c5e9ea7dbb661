import type { LabelRow } from '#protocol/labelSets.ts'
import { medianOfSorted } from '#pure/quantiles.ts'
import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { latitudeOf, longitudeOf, unitVectors } from '#engine/geo/unitVectors.ts'
import { pause } from '#engine/pause.ts'
import { noLabel } from './scheme.ts'

export interface LabelCentres {
  /** Median latitude and longitude of a label's points, each by itself, as Rahimi et al. 2017 predict it. */
  median: Points
  /** Place of the mean of a label's unit vectors. */
  mean: Points
  documents: Uint32Array
}

/** The headline centres of labels: their median points. */
export const centresOf = (labels: LabelRow[]): Points => ({
  lat: Float64Array.from(labels, ({ lat }) => lat),
  lon: Float64Array.from(labels, ({ lon }) => lon),
})

/** Some tens of milliseconds. */
const pointsBetweenPauses = 200_000

/**
 * The centres of labels that have at least one point each; points without a label count for none. Longitudes are unwrapped round their mean vector's, so
 * that a label over the antimeridian has its median there too.
 */
export async function labelCentres(
  points: Points,
  labels: Int32Array,
  labelCount: number,
  context: StageContext,
): Promise<LabelCentres> {
  const { starts, members } = membersOf(labels, labelCount)
  const median: Points = { lat: new Float64Array(labelCount), lon: new Float64Array(labelCount) }
  const mean: Points = { lat: new Float64Array(labelCount), lon: new Float64Array(labelCount) }
  let paused = 0
  for (let label = 0; label < labelCount; label++) {
    const own = placesAt(points, members, starts[label]!, starts[label + 1]!)
    const [x, y, z] = sumOf(unitVectors(own))
    mean.lat[label] = latitudeOf(x, y, z)
    mean.lon[label] = longitudeOf(x, y)
    const meanLon = mean.lon[label]!
    for (let k = 0; k < own.lon.length; k++) own.lon[k] = nearTo(meanLon, own.lon[k]!)
    median.lat[label] = medianOfSorted(own.lat.sort())
    median.lon[label] = nearTo(0, medianOfSorted(own.lon.sort()))
    if (starts[label + 1]! - paused < pointsBetweenPauses) continue
    paused = starts[label + 1]!
    await pause(context)
  }
  return {
    median,
    mean,
    documents: Uint32Array.from({ length: labelCount }, (_, label) => starts[label + 1]! - starts[label]!),
  }
}

/** Points by label, ascending: those of label l are `members[starts[l]]` to `members[starts[l + 1] - 1]`. */
function membersOf(labels: Int32Array, labelCount: number): { starts: Int32Array; members: Int32Array } {
  const starts = new Int32Array(labelCount + 1)
  let labelled = 0
  for (const label of labels) {
    if (label === noLabel) continue
    starts[label + 1]!++
    labelled++
  }
  for (let label = 0; label < labelCount; label++) starts[label + 1]! += starts[label]!
  const next = starts.slice()
  const members = new Int32Array(labelled)
  for (let i = 0; i < labels.length; i++) if (labels[i] !== noLabel) members[next[labels[i]!]!++] = i
  return { starts, members }
}

function placesAt({ lat, lon }: Points, members: Int32Array, from: number, to: number): Points {
  const places: Points = { lat: new Float64Array(to - from), lon: new Float64Array(to - from) }
  for (let k = from; k < to; k++) {
    places.lat[k - from] = lat[members[k]!]!
    places.lon[k - from] = lon[members[k]!]!
  }
  return places
}

function sumOf(vectors: Float64Array): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0]
  for (let i = 0; i < vectors.length; i += 3) {
    sum[0] += vectors[i]!
    sum[1] += vectors[i + 1]!
    sum[2] += vectors[i + 2]!
  }
  return sum
}

/** The same longitude, at most half a turn from `centre`; untouched, to the last bit, where it is so already. */
function nearTo(centre: number, lon: number): number {
  if (lon - centre > 180) return lon - 360
  if (lon - centre < -180) return lon + 360
  return lon
}
