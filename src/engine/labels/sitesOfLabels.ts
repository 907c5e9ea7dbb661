import type { StageContext } from '#engine/context.ts'
import { distinctPlaces } from '#engine/geo/distinctPlaces.ts'
import type { Points } from '#engine/geo/points.ts'
import { buildKdTree } from './kdTree.ts'
import { labelCentres } from './labelCentres.ts'
import { noLabel } from './scheme.ts'

/** Their Voronoi cells take a second; the time grows with the square. */
const mostSites = 4096

/**
 * Sites whose nearest one says which label a place has, for labels that do not follow from places: the distinct places of
 * documents, or, where these are more than 4,096, the cells of a k-d tree of about as many. A site has the label of most of its
 * documents (ties: the lower label) and lies at their median place. A label that is nowhere the commonest has no site.
 * @param labels of the points, at least one of them not `noLabel`
 */
export async function sitesOfLabels(
  points: Points,
  labels: Int32Array,
  labelCount: number,
  context: StageContext,
): Promise<{ sites: Points; labelOfSite: Int32Array }> {
  const labelled = Int32Array.from(labels.keys()).filter((i) => labels[i] !== noLabel)
  const own: Points = {
    lat: Float64Array.from(labelled, (i) => points.lat[i]!),
    lon: Float64Array.from(labelled, (i) => points.lon[i]!),
  }
  const distinct = await distinctPlaces(own, context)
  let [siteOf, count] = [distinct.placeOf, distinct.weights.length]
  if (count > mostSites) {
    const { tree, cellOfPoint } = await buildKdTree(own, Math.ceil((2 * labelled.length) / mostSites), context)
    ;[siteOf, count] = [cellOfPoint, tree.cells]
  }
  const labelOf = labelled.map((i) => labels[i]!)
  const labelOfSite = commonestLabels(siteOf, labelOf, labelCount, count)
  const siteOfItsLabel = siteOf.map((site, i) => (labelOf[i] === labelOfSite[site] ? site : noLabel))
  const { median } = await labelCentres(own, siteOfItsLabel, count, context)
  return { sites: median, labelOfSite }
}

/** The commonest label of each site; of equal ones the lower. */
function commonestLabels(siteOf: Int32Array, labelOf: Int32Array, labelCount: number, sites: number): Int32Array {
  const documents = new Map<number, number>()
  for (let i = 0; i < siteOf.length; i++) {
    const key = siteOf[i]! * labelCount + labelOf[i]!
    documents.set(key, (documents.get(key) ?? 0) + 1)
  }
  const most = new Float64Array(sites)
  const commonest = new Int32Array(sites)
  for (const [key, count] of documents) {
    const [site, label] = [Math.floor(key / labelCount), key % labelCount]
    if (count < most[site]! || (count === most[site] && label > commonest[site]!)) continue
    most[site] = count
    commonest[site] = label
  }
  return commonest
}
