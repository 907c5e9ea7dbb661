import { placeKey } from '#pure/placeKey.ts'
import type { Points } from '#engine/geo/points.ts'
import type { ComparedConditions } from './compareConditions.ts'

/**
 * What is resampled as one: an author, the documents of one place, or each document.
 * @param authors of each test document; -1 where it has none, and then it is a unit by itself
 */
export function unitsOf(
  authors: Int32Array,
  truth: Points,
  unit: 'author' | 'place' | 'document',
): ComparedConditions['units'] {
  const clusters = new Map<string | number, number>()
  const clusterOf = Int32Array.from(authors, (author, i) => {
    const key =
      unit === 'document' || (unit === 'author' && author < 0)
        ? `document ${i}`
        : unit === 'author'
          ? `author ${author}`
          : placeKey(truth.lat[i]!, truth.lon[i]!)
    if (!clusters.has(key)) clusters.set(key, clusters.size)
    return clusters.get(key)!
  })
  return { unit, clusterOf, clusters: clusters.size }
}

/** 1 for each test document whose place training has. */
export function seenPlaces(train: Points, truth: Points): Uint8Array {
  const seen = new Set(Array.from(train.lat, (lat, i) => placeKey(lat, train.lon[i]!)))
  return Uint8Array.from(truth.lat, (lat, i) => (seen.has(placeKey(lat, truth.lon[i]!)) ? 1 : 0))
}
