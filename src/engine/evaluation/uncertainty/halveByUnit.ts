import { seededRandom } from '#engine/random.ts'

/**
 * Halves documents by chance so that those of a unit stay together: 1 for those of the second half, which holds units until it
 * has half of the documents.
 * @param clusterOf the unit of each document, numbered from 0
 */
export function halveByUnit(clusterOf: Int32Array, clusters: number): Uint8Array {
  const sizes = new Int32Array(clusters)
  for (const cluster of clusterOf) sizes[cluster]!++
  const order = Int32Array.from(sizes.keys())
  seededRandom(1, 21).shuffle(order)
  const second = new Uint8Array(clusters)
  let documents = 0
  for (const cluster of order) {
    if (2 * documents >= clusterOf.length) break
    second[cluster] = 1
    documents += sizes[cluster]!
  }
  return Uint8Array.from(clusterOf, (cluster) => second[cluster]!)
}
