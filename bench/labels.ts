import { join } from 'node:path'
import { readNpy } from '#engine/files/npy.ts'
import { best, interleave, worst } from './interleave.ts'
import { bruteForceCities, cities, drawPoints, growth, kdTree, pointToCity, type LabelFiles } from './labelSides.ts'
import type { BenchProgram, Measured } from './program.ts'

/**
 * Labels of points drawn by population all over the world against NumPy and SciPy, which search on every core: k-d tree
 * cells, Point2City, the nearest city. Only the computation is timed, after each side has done it on fewer points: loading
 * and compiling cost the same tenth of a second at any size.
 */

interface Timed {
  seconds: number
}

/** The k-d tree's bucket of Rahimi et al. 2017 for the world, and Point2City as the paper has it. */
const settings = { bucket: 2400, radiusKm: 11, minPopulation: 15_000 }
const tenThousandToThreeMillion = [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000]

const plans = {
  small: { points: 50_000, rounds: 1, growth: tenThousandToThreeMillion.slice(0, 4) },
  default: { points: 138_677, rounds: 3, growth: tenThousandToThreeMillion },
  full: { points: 1_386_766, rounds: 1, growth: tenThousandToThreeMillion },
}

export const labels: BenchProgram = {
  peers: { numpy: '2.3.5', scipy: '1.16.3' },
  ours: { drawPoints, kdTree, pointToCity, cities, bruteForceCities, growth },
  async run({ size, directory, ours, peer, say }) {
    const { points, rounds, growth: sizes } = plans[size]
    const file = (name: string) => join(directory, `${name}.npy`)
    const inputs = { lat: file('lat'), lon: file('lon'), cityLat: file('cityLat'), cityLon: file('cityLon') }
    const task = (name: string): LabelFiles & typeof settings => ({ ...inputs, ...settings, out: file(name) })
    say(`drawing ${points} points`)
    await ours('drawPoints', { ...task(''), points, seed: 1 })
    const results = await interleave(rounds, {
      kdTree: () => ours<Timed>('kdTree', task('cells')),
      numpyTree: () => peer<Timed>('kdTreeCells', task('peerCells')),
      point2city: () => ours<Timed>('pointToCity', task('labels')),
      scipyPoint2city: () => peer<Timed>('point2CityLabels', task('peerLabels')),
      nearestCity: () => ours<Timed>('cities', task('cities')),
      scipyNearest: () => peer<Timed>('nearestCities', task('peerCities')),
    })
    for (const [name, measured] of Object.entries(results)) {
      say(`${name}: ${measured.map(({ seconds }) => seconds.toFixed(3)).join(', ')} s, ${peak(measured)} MiB`)
    }
    const { nearest, asNear } = await ours<{ nearest: number; asNear: number }>('bruteForceCities', {
      ...task('cities'),
      peer: file('peerCities'),
      sample: 1000,
    })
    const { secondsBySize } = await ours<{ secondsBySize: number[] }>('growth', { sizes, seed: 2, ...settings })
    sizes.forEach((count, k) => say(`Point2City of ${count} points: ${secondsBySize[k]!.toFixed(3)} s`))
    const seconds = (measured: Timed[]) => best(measured, ({ seconds }) => seconds)
    return {
      ratios: {
        kdTree: seconds(results.numpyTree) / seconds(results.kdTree),
        point2city: seconds(results.scipyPoint2city) / seconds(results.point2city),
        nearestCity: seconds(results.scipyNearest) / seconds(results.nearestCity),
      },
      checks: {
        sameCells: await shareOfSame(file('cells'), file('peerCells')),
        sameLabels: await shareOfSame(file('labels'), file('peerLabels')),
        asNearCities: asNear,
        nearestByBruteForce: nearest,
        growthExponent: slope(sizes, secondsBySize),
        growthExponentOfNLogN: slope(
          sizes,
          sizes.map((n) => n * Math.log(n)),
        ),
      },
      peakMemoryMiB: { ours: peak(results.point2city), peer: peak(results.scipyPoint2city) },
    }
  },
}

const peak = (measured: Measured<Timed>[]) => worst(measured, ({ peakMemoryMiB }) => peakMemoryMiB)

async function shareOfSame(a: string, b: string): Promise<number> {
  const [ours, theirs] = [(await readNpy(a)).values, (await readNpy(b)).values]
  if (ours.length !== theirs.length) throw new Error(`${a} has ${ours.length} values, ${b} has ${theirs.length}`)
  let same = 0
  for (let i = 0; i < ours.length; i++) if (ours[i] === theirs[i]) same++
  return same / ours.length
}

/** Of log y over log x, by least squares. */
function slope(x: number[], y: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [logX, logY] = [x.map(Math.log), y.map(Math.log)]
  const [middleX, middleY] = [mean(logX), mean(logY)]
  const products = logX.map((value, i) => (value - middleX) * (logY[i]! - middleY))
  return mean(products) / mean(logX.map((value) => (value - middleX) ** 2))
}
