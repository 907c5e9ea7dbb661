/** The range of an axis and when it was last changed. */
export interface CalmDomain {
  low: number
  high: number
  changedAtMs: number
}

/** An axis under a live curve jumps at most this often. */
export const calmMs = 1000

/**
 * The range that an axis should have now: the wanted one, unless the last change is too recent.
 * @returns the domain, and after how many ms to ask again (null: nothing pending)
 */
export function calmDomain(
  last: CalmDomain | null,
  wanted: [number, number],
  nowMs: number,
): { domain: CalmDomain; againInMs: number | null } {
  const [low, high] = wanted
  if (last && last.low === low && last.high === high) return { domain: last, againInMs: null }
  const age = last ? nowMs - last.changedAtMs : Infinity
  if (last && age < calmMs) return { domain: last, againInMs: calmMs - age }
  return { domain: { low, high, changedAtMs: nowMs }, againInMs: null }
}

/** A range with round ends that holds all values; values that are not finite are left out. */
export function niceRange(values: Iterable<number>, fromZero: boolean): [number, number] {
  let low = fromZero ? 0 : Infinity
  let high = -Infinity
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (!(high >= low)) return [0, 1]
  if (high === low) return [low - Math.abs(low || 1) * 0.1, high + Math.abs(high || 1) * 0.1]
  const step = 10 ** Math.floor(Math.log10((high - low) / 2))
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step]
}
