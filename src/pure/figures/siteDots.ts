import { element } from './svg.ts'

/** Dots of places, once each half point: a thousand villages are no ink spot. */
export function siteDots(
  places: [lon: number, lat: number][],
  place: (lon: number, lat: number) => [number, number],
  fill: string,
): string {
  const drawn = new Set<string>()
  const radius = places.length > 2000 ? 0.35 : places.length > 300 ? 0.6 : 0.9
  let dots = ''
  for (const [lon, lat] of places) {
    const [x, y] = place(lon, lat)
    const key = `${Math.round(x * 2)},${Math.round(y * 2)}`
    if (!Number.isFinite(x) || drawn.has(key)) continue
    drawn.add(key)
    dots += element('circle', { cx: x, cy: y, r: radius })
  }
  return element('g', { fill, 'fill-opacity': 0.75 }, dots)
}
