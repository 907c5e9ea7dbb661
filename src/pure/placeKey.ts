/** A place as a number: equal for coordinates that are equal when rounded to four decimals. */
export const placeKey = (lat: number, lon: number) => tenThousandths(lat) * 4_000_000 + tenThousandths(lon)

/** Near a tie the product's own rounding would decide; toFixed looks at all digits. */
function tenThousandths(degrees: number): number {
  const product = degrees * 10_000
  const rounded = Math.round(product)
  return Math.abs(Math.abs(product - rounded) - 0.5) < 1e-6 ? Math.round(Number(degrees.toFixed(4)) * 10_000) : rounded
}
