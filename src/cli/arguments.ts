import { InvalidArgumentError } from 'commander'
import type { DegreeBox } from '#protocol/degreeBox.ts'
import { boxProblem } from '#pure/maps/boxProblem.ts'

/** Values of options, read from what was typed; what they cannot be is refused in words. */

export function jobCount(value: string): number {
  const count = Number(value)
  if (!Number.isInteger(count) || count < 1 || count > 256)
    throw new InvalidArgumentError('Expected a whole number from 1 to 256.')
  return count
}

export function neighbourCount(value: string): number {
  const count = Number(value)
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new InvalidArgumentError('Expected a whole number from 1 to 1000.')
  return count
}

export function bucketList(value: string): number[] {
  const buckets = value.split(',').map(Number)
  if (buckets.every((bucket) => Number.isInteger(bucket) && bucket > 0)) return buckets
  throw new InvalidArgumentError('Expected whole numbers from 1 on, with commas between them.')
}

export function radiusList(value: string): number[] {
  const radiiKm = value.split(',').map(Number)
  if (radiiKm.every((radiusKm) => radiusKm > 0 && radiusKm <= 2000)) return radiiKm
  throw new InvalidArgumentError('Expected kilometres above 0 and up to 2000, with commas between them.')
}

export function windowWords(value: string): number {
  const words = Number(value)
  if (Number.isInteger(words) && words >= 5 && words <= 100_000) return words
  throw new InvalidArgumentError('Expected a whole number of words, from 5 to 100000.')
}

export function kilometres(value: string): number {
  const km = Number(value)
  if (km >= 0.1 && km <= 1000) return km
  throw new InvalidArgumentError('Expected kilometres from 0.1 to 1000.')
}

export function runId(value: string): string {
  if (!/^[0-9a-f]{16}$/.test(value))
    throw new InvalidArgumentError('A run id is 16 hexadecimal digits; "isogloss train" lists them.')
  return value
}

export function wholeNumber(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw new InvalidArgumentError('Expected a whole number from 0 on.')
}

export const shareBetween =
  (least: number, most: number) =>
  (value: string): number => {
    const share = Number(value)
    if (share >= least && share <= most) return share
    throw new InvalidArgumentError(`Expected a share from ${least} to ${most}.`)
  }

const hiddenKinds = ['mentions', 'hashtags', 'names'] as const

export function includedKinds(value: string): (typeof hiddenKinds)[number][] {
  const kinds = value.split(',').map((kind) => hiddenKinds.find((known) => known === kind.trim()))
  if (kinds.every((kind) => kind !== undefined)) return kinds
  throw new InvalidArgumentError(`Expected some of ${hiddenKinds.join(', ')}, with commas between them.`)
}

/** `kd:12`, `p2c:Berlin`. */
export function parseLabel(value: string): { labels: string; label: string } {
  const at = value.indexOf(':')
  const [labels, label] = [value.slice(0, at).trim(), value.slice(at + 1).trim()]
  if (at > 0 && label !== '') return { labels, label }
  throw new InvalidArgumentError('Expected a scheme and a label, such as kd:12 or p2c:Berlin.')
}

/** As ISO 3166 has them. */
/** A rectangle, in the order of GeoJSON's bbox. */
export function degreeSides(value: string): DegreeBox {
  const [west = null, south = null, east = null, north = null, ...more] = value.split(',').map(Number)
  const problem = more.length > 0 ? 'Four sides make a rectangle.' : boxProblem({ west, south, east, north })
  if (problem === null && [west, south, east, north].every(Number.isFinite))
    return { west: west!, south: south!, east: east!, north: north! }
  throw new InvalidArgumentError(`Expected west,south,east,north in degrees, such as 5,45,17,49. ${problem ?? ''}`)
}

export function countryCode(value: string): string {
  if (/^[a-z]{2}$/i.test(value)) return value.toUpperCase()
  throw new InvalidArgumentError('Expected the two letters of a country (ISO 3166), such as DE.')
}
