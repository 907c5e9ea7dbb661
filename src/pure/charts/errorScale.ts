import { nearKm } from '#pure/metricRules.ts'

/** Distances that the field reports shares for, in km: a town's surroundings, 100 miles, a region. */
export const markedKm = [25, nearKm, 1000] as const

/** Errors run from this to half the Earth's circumference; smaller ones are drawn at the left edge. */
export const leastKm = 1
export const greatestKm = 20_037

/** An axis of log kilometres on `width` pixels. */
export interface ErrorScale {
  lowKm: number
  highKm: number
  /** Pixels from the left; clamped to the axis. */
  x(km: number): number
  km(x: number): number
}

/** @param highKm the axis ends at the next 1, 2 or 5 times a power of ten */
export function errorScale(width: number, highKm = greatestKm, lowKm = leastKm): ErrorScale {
  const power = 10 ** Math.floor(Math.log10(Math.max(lowKm * 10, highKm)))
  const end = [1, 2, 5, 10].map((factor) => factor * power).find((km) => km >= highKm) ?? 10 * power
  const span = Math.log10(end / lowKm)
  return {
    lowKm,
    highKm: end,
    x: (km) => (Math.log10(Math.min(end, Math.max(lowKm, km)) / lowKm) / span) * width,
    km: (x) => lowKm * 10 ** ((Math.min(width, Math.max(0, x)) / width) * span),
  }
}

/** Powers of ten on the axis. */
export function decadeTicks(scale: ErrorScale): number[] {
  const ticks: number[] = []
  for (let km = scale.lowKm; km <= scale.highKm * 1.0001; km *= 10) ticks.push(Math.round(km))
  return ticks
}
