export { durationText } from '#pure/durationText.ts'

/** Bytes in the unit in which they are read. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value.toLocaleString('en-US', { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`
}

/** A rate with as many digits as it deserves. */
export function rateText(perSecond: number, unit: string): string {
  if (unit === 'bytes') return `${bytesText(perSecond)}/s`
  const digits = perSecond < 10 ? 1 : 0
  return `${perSecond.toLocaleString('en-US', { maximumFractionDigits: digits })} ${unit}/s`
}
