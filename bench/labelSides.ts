import { quietContext } from '#engine/context.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import { arcMillimetres } from '#engine/geo/arcMillimetres.ts'
import { inPieces } from '#engine/geo/inPieces.ts'
import type { Points } from '#engine/geo/points.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { buildKdTree } from '#engine/labels/kdTree.ts'
import { cityFinder } from '#engine/gazetteer/nearestCity.ts'
import { point2City } from '#engine/labels/point2City.ts'
import { seededRandom } from '#engine/random.ts'
import { worldPoints } from './worldPoints.ts'

/** Our side of the bench of labels: each function is one side's work, in a process of its own. */

export interface LabelFiles {
  lat: string
  lon: string
  cityLat: string
  cityLon: string
  /** Where the side's answer goes, one number a point. */
  out: string
}
interface Point2CityTask {
  radiusKm: number
  minPopulation: number
}

/** Before it is timed a side does its work on some points, a few times: compilers work beside it, and take their time. */
const warmUpPoints = 50_000
const warmUpRounds = 5

/** Writes the points and the cities that both sides read. */
export async function drawPoints(task: LabelFiles & { points: number; seed: number; minPopulation: number }) {
  const { lat, lon } = await worldPoints(task.points, task.seed)
  const gazetteer = await loadGazetteer(task.minPopulation)
  await writeNpy(task.lat, lat)
  await writeNpy(task.lon, lon)
  await writeNpy(task.cityLat, gazetteer.lat)
  await writeNpy(task.cityLon, gazetteer.lon)
  return {}
}

export async function kdTree(task: LabelFiles & { bucket: number }) {
  return timed(task, async (points) => (await buildKdTree(points, task.bucket, quietContext)).cellOfPoint)
}

export async function pointToCity(task: LabelFiles & Point2CityTask) {
  const label = await labeller(task)
  return timed(task, label)
}

export async function cities(task: LabelFiles & { minPopulation: number }) {
  const gazetteer = await loadGazetteer(task.minPopulation)
  return timed(task, (points) => inPieces(points, cityFinder(gazetteer), 'Finding cities', quietContext))
}

/**
 * How many of a sample of points have the city that a scan of all cities gives, and for how many of all points our city
 * and the peer's are equally far to the millimetre: the peer does not know our rule for ties.
 */
export async function bruteForceCities(task: LabelFiles & { peer: string; sample: number; minPopulation: number }) {
  const { population, id, ...places } = await loadGazetteer(task.minPopulation)
  const points = unitVectors(await readPoints(task))
  const all = unitVectors(places)
  const [ours, theirs] = [(await readNpy(task.out)).values, (await readNpy(task.peer)).values]
  const millimetres = (point: number, city: number) => {
    const [p, c] = [3 * point, 3 * city]
    return arcMillimetres(points[p]!, points[p + 1]!, points[p + 2]!, all[c]!, all[c + 1]!, all[c + 2]!)
  }
  const random = seededRandom(3)
  let right = 0
  for (let k = 0; k < task.sample; k++) {
    const point = random.below(ours.length)
    let [best, least] = [0, millimetres(point, 0)]
    for (let city = 1; city < id.length; city++) {
      const distance = millimetres(point, city)
      const isLarger =
        population[city]! > population[best]! || (population[city] === population[best] && id[city]! < id[best]!)
      if (distance < least || (distance === least && isLarger)) [best, least] = [city, distance]
    }
    if (ours[point] === best) right++
  }
  let asNear = 0
  for (let i = 0; i < ours.length; i++) if (millimetres(i, ours[i]!) === millimetres(i, theirs[i]!)) asNear++
  return { nearest: right / task.sample, asNear: asNear / ours.length }
}

/** The best of three times of Point2City for each of several numbers of points, ascending. */
export async function growth({ sizes, seed, ...task }: Point2CityTask & { sizes: number[]; seed: number }) {
  const all = await worldPoints(sizes.at(-1)!, seed)
  const label = await labeller(task)
  await warmUp(all, label)
  const secondsBySize: number[] = []
  for (const size of sizes) {
    const seconds: number[] = []
    for (let round = 0; round < 3; round++) seconds.push(await secondsOf(() => label(first(all, size))))
    secondsBySize.push(Math.min(...seconds))
  }
  return { secondsBySize }
}

async function labeller({ radiusKm, minPopulation }: Point2CityTask): Promise<(points: Points) => Promise<Int32Array>> {
  const gazetteer = await loadGazetteer(minPopulation)
  return async (points) => {
    const { clusterOfPoint, labelOfCluster } = await point2City(
      points,
      { radiusKm, merge: 'nearest' },
      gazetteer,
      quietContext,
    )
    return clusterOfPoint.map((cluster) => labelOfCluster[cluster]!)
  }
}

async function timed(task: LabelFiles, answer: (points: Points) => Promise<Int32Array>): Promise<{ seconds: number }> {
  const points = await readPoints(task)
  await warmUp(points, answer)
  let answers: Int32Array = new Int32Array(0)
  const seconds = await secondsOf(async () => void (answers = await answer(points)))
  await writeNpy(task.out, answers)
  return { seconds }
}

async function warmUp(points: Points, answer: (points: Points) => Promise<unknown>): Promise<void> {
  for (let round = 0; round < warmUpRounds; round++) await answer(first(points, warmUpPoints))
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

const first = ({ lat, lon }: Points, count: number): Points => ({
  lat: lat.subarray(0, count),
  lon: lon.subarray(0, count),
})

async function readPoints({ lat, lon }: LabelFiles): Promise<Points> {
  return { lat: (await readNpy(lat)).values as Float64Array, lon: (await readNpy(lon)).values as Float64Array }
}
