/** Nunez, Anderton & Renslow 2018: a sequential scale that reads alike with and without colour vision deficiency. Nine even steps. */
const steps: readonly (readonly [number, number, number])[] = [
  [0, 34, 78],
  [18, 53, 112],
  [59, 73, 108],
  [87, 93, 109],
  [112, 113, 115],
  [138, 134, 120],
  [165, 156, 116],
  [195, 179, 105],
  [254, 232, 56],
]

/**
 * Colour of a share between 0 and 1. On light paper the scale runs from yellow to navy, so that more is darker on
 * light and brighter on dark.
 * @returns red, green, blue, 0-255
 */
export function cividis(share: number, dark: boolean): [number, number, number] {
  const held = Math.min(1, Math.max(0, share))
  const at = (dark ? held : 1 - held) * (steps.length - 1)
  const low = Math.min(steps.length - 2, Math.floor(at))
  const mix = at - low
  const [from, to] = [steps[low]!, steps[low + 1]!]
  return [0, 1, 2].map((k) => Math.round(from[k]! + (to[k]! - from[k]!) * mix)) as [number, number, number]
}

/** Share of the scale for a count, logarithmic: bins of a city and of a village differ by orders of magnitude. */
export function countShare(count: number, most: number): number {
  return most <= 1 ? 1 : Math.log(Math.max(1, count)) / Math.log(most)
}
