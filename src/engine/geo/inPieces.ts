import type { StageContext } from '#engine/context.ts'
import { pause } from '#engine/pause.ts'
import { take } from './take.ts'
import { nearbyOrder } from './nearbyOrder.ts'
import type { Points } from './points.ts'

/** Points of a piece: some tens of milliseconds of looking for what is nearest. */
const piece = 100_000

/**
 * What `find` finds for each of many points, piece by piece: reports, and lets requests and a cancel in between. A piece
 * holds points that lie near one another, since a search among what the one before has just seen costs half.
 * @param title what the work is called where it is shown
 */
export async function inPieces(
  points: Points,
  find: (piece: Points) => Int32Array,
  title: string,
  context: StageContext,
): Promise<Int32Array> {
  const order = nearbyOrder(points)
  const all = new Int32Array(order.length)
  for (let from = 0; from < order.length; from += piece) {
    const part = order.subarray(from, from + piece)
    const found = find({ lat: take(points.lat, part), lon: take(points.lon, part) })
    for (let p = 0; p < part.length; p++) all[part[p]!] = found[p]!
    context.report({ done: from + part.length, total: order.length, unit: 'points', title })
    await pause(context)
  }
  return all
}
