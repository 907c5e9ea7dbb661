/** A span of time as one says it: "40 s", "3 min 20 s", "2 h 5 min". */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  // Below ten minutes seconds tell something; above an hour only minutes do.
  if (minutes < 10) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`
  if (minutes < 60) return `${Math.round(seconds / 60)} min`
  const rounded = Math.round(seconds / 60)
  return rounded % 60 ? `${Math.floor(rounded / 60)} h ${rounded % 60} min` : `${rounded / 60} h`
}

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
