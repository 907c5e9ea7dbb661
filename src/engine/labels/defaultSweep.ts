/** A sweep has no more buckets than a table that one takes in at a glance. */
const mostBuckets = 8
const finestBucket = 25
/** Fewer cells than this tell nothing about a region, more than this leave no classifier enough documents to learn from. */
const [fewestCells, mostCells] = [8, 4000]

/** Radii of Point2City round the 11 km of Fornaciari & Hovy 2019: from a town to a country's region. */
export const defaultRadiiKm = [2, 5, 11, 25, 50, 100]

/** Buckets for a k-d tree of so many points: doubled from 25 on, those that give some 8 to 4,000 cells, the finest first. */
export function defaultBuckets(points: number): number[] {
  const buckets: number[] = []
  for (let bucket = finestBucket; buckets.length < mostBuckets && bucket * fewestCells <= points; bucket *= 2) {
    if (bucket * mostCells >= points) buckets.push(bucket)
  }
  return buckets.length > 0 ? buckets : [finestBucket]
}
