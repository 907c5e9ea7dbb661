import type { Random } from '#engine/random.ts'

/** Ranks below `size` with a probability proportional to 1 / (rank + 2.7), by inversion (Zipf's law as Mandelbrot has it). */
export function zipfRanks(size: number): (random: Random) => number {
  const shift = 2.7
  const [low, high] = [Math.log(shift), Math.log(size + shift)]
  return (random) => Math.min(size - 1, Math.floor(Math.exp(low + random.next() * (high - low)) - shift))
}
