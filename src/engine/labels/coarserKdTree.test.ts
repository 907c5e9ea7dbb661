import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { awkwardPlace, pointsOf } from '#engine/geo/testPlaces.ts'
import { coarserKdTree } from './coarserKdTree.ts'
import { buildKdTree } from './kdTree.ts'

test('a tree cut off at a larger bucket is the tree of that bucket', async () => {
  const places = fc.array(awkwardPlace, { minLength: 1, maxLength: 120 })
  const buckets = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 130 }))
  await fc.assert(
    fc.asyncProperty(places, buckets, async (all, [bucket, more]) => {
      const fine = await buildKdTree(pointsOf(...all), bucket, quietContext)
      const wanted = await buildKdTree(pointsOf(...all), bucket + more, quietContext)
      const { tree, cellOfCell } = coarserKdTree(fine, bucket + more)
      expect(tree).toEqual(wanted.tree)
      expect(fine.cellOfPoint.map((cell) => cellOfCell[cell]!)).toEqual(wanted.cellOfPoint)
    }),
  )
})
