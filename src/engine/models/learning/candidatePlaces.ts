import type { StageContext } from '#engine/context.ts'
import { distinctPlaces } from '#engine/geo/distinctPlaces.ts'
import type { Points } from '#engine/geo/points.ts'
import { buildKdTree } from '#engine/labels/kdTree.ts'
import { labelCentres } from '#engine/labels/labelCentres.ts'

/** Places that are all candidates. */
const fewPlaces = 1024
/** Candidates at most, about: each is held against each label for every document. */
const mostCandidates = 2048
/** Training documents from which on a corpus is no small one. */
const smallCorpus = 10_000

/** Where a document may be placed: every training place where they are few, else the median points of a fine k-d tree. */
export async function candidatePlaces(training: Points, context: StageContext): Promise<Points> {
  const { places } = await distinctPlaces(training, context)
  if (places.lat.length <= fewPlaces) return places
  const count = training.lat.length
  const bucket = count < smallCorpus ? 8 : Math.max(64, Math.ceil(count / mostCandidates))
  const { tree, cellOfPoint } = await buildKdTree(training, bucket, context)
  return (await labelCentres(training, cellOfPoint, tree.cells, context)).median
}
