import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { coarserKdTree } from './coarserKdTree.ts'
import { buildKdTree } from './kdTree.ts'

/**
 * The bucket whose k-d tree has as many cells as wanted, or nearest to it: of several the largest. A larger bucket never gives more
 * cells, so that halving the range finds it; all trees are cut from one.
 */
export async function matchingBucket(train: Points, cells: number, context: StageContext): Promise<number> {
  const points = train.lat.length
  // Cells hold half a bucket at least where places are distinct, and fewer buckets than that are never needed.
  let finest = Math.max(1, Math.floor(points / cells / 4))
  let built = await buildKdTree(train, finest, context)
  while (built.tree.cells < cells && finest > 1) {
    finest >>= 1
    built = await buildKdTree(train, finest, context)
  }
  const cellsOf = (bucket: number) => coarserKdTree(built, bucket).tree.cells
  // The largest bucket that still gives as many as wanted, and the next one, which gives fewer.
  let [enough, fewer] = [finest, points + 1]
  while (fewer - enough > 1) {
    const middle = (enough + fewer) >> 1
    if (cellsOf(middle) >= cells) enough = middle
    else fewer = middle
  }
  if (fewer > points) return enough
  const isNearer = cells - cellsOf(fewer) <= cellsOf(enough) - cells
  if (!isNearer) return enough
  // All buckets up to the next size of a node give the same cells: the largest of them stands for them.
  return largestOfSame(cellsOf, fewer, points)
}

function largestOfSame(cellsOf: (bucket: number) => number, bucket: number, most: number): number {
  const cells = cellsOf(bucket)
  let [same, other] = [bucket, most + 1]
  while (other - same > 1) {
    const middle = (same + other) >> 1
    if (cellsOf(middle) === cells) same = middle
    else other = middle
  }
  return same
}
