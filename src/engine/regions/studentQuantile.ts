import { normalTail } from './areas/normalTail.ts'

/**
 * The quantile of Student's t by Hill's expansion about the normal one (Abramowitz & Stegun 1964, 26.7.5): to a hundredth from
 * three degrees of freedom on for shares between .9 and .995.
 * @param share between 0.5 and 1
 * @param degrees of freedom, also fractions; at least 2
 */
export function studentQuantile(share: number, degrees: number): number {
  const z = normalQuantile(share)
  const z2 = z * z
  return (
    z +
    (z * (z2 + 1)) / (4 * degrees) +
    (z * (5 * z2 ** 2 + 16 * z2 + 3)) / (96 * degrees ** 2) +
    (z * (3 * z2 ** 3 + 19 * z2 ** 2 + 17 * z2 - 15)) / (384 * degrees ** 3) +
    (z * (79 * z2 ** 4 + 776 * z2 ** 3 + 1482 * z2 ** 2 - 1920 * z2 - 945)) / (92160 * degrees ** 4)
  )
}

/** By halving: the tail falls all the way. */
function normalQuantile(share: number): number {
  let [low, high] = [0, 40]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (normalTail(middle) > 1 - share) low = middle
    else high = middle
  }
  return (low + high) / 2
}
