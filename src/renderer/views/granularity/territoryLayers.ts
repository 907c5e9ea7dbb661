import type { SizedLabels } from '#protocol/labelSets.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { planarAreas } from '#pure/maps/planarShapes.ts'
import type { AtlasProjection } from '#pure/maps/projection.ts'
import type { MapLayer } from '../../maps/mapLayers.ts'

export type Shading = 'documents' | 'distance'

/** Classes of a shading: bounds that double, so that both small and large territories are told apart. */
export interface Classes {
  /** The lower bound of each class; the first is 0. */
  bounds: number[]
}

const classCount = 6

/** What each label is shaded by: documents, or the mean distance of its training points from its centre, km. */
export function shadedValues({ map }: SizedLabels, by: Shading): Float64Array {
  const values = new Float64Array(map.labels.length)
  if (by === 'documents') {
    map.labels.forEach(({ documents }, i) => (values[i] = documents))
    return values
  }
  const at = new Map(map.labels.map(({ index }, i) => [index, i]))
  const counts = new Float64Array(values.length)
  for (let p = 0; p < map.pointLabels.length; p++) {
    const i = at.get(map.pointLabels[p]!)
    if (i === undefined) continue
    const { lat, lon } = map.labels[i]!
    values[i]! += haversineKm(lat, lon, map.points[2 * p + 1]!, map.points[2 * p]!)
    counts[i]!++
  }
  return values.map((sum, i) => (counts[i]! > 0 ? sum / counts[i]! : 0))
}

/** One scale for several maps: the highest class begins at a half of the greatest value, each other at a half of the next. */
export function classesOf(values: Float64Array[]): Classes {
  const most = Math.max(1, ...values.map((some) => some.reduce((a, b) => Math.max(a, b), 0)))
  const top = 2 ** Math.floor(Math.log2(most))
  return { bounds: Array.from({ length: classCount }, (_, k) => (k === 0 ? 0 : top / 2 ** (classCount - 1 - k))) }
}

export const shadeOf = (k: number) => ({ scale: 'sequential', value: (k + 0.5) / classCount }) as const

/** The territories in their shades, a layer a class. */
export function territoryLayers(
  { territories, map }: SizedLabels,
  projection: AtlasProjection,
  values: Float64Array,
  { bounds }: Classes,
): MapLayer[] {
  const at = new Map(map.labels.map(({ index }, i) => [index, i]))
  const classOf = (label: number) => bounds.findLastIndex((bound) => values[at.get(label)!]! >= bound)
  return bounds.map((_, k) => ({
    kind: 'areas',
    id: `class-${k}`,
    polygons: territories.flatMap(({ label, polygons }) =>
      classOf(label) === k ? planarAreas(projection, polygons) : [],
    ),
    colour: shadeOf(k),
    opacity: 0.85,
  }))
}
