import type { MapPlane } from './mapFigure.ts'
import type { Paint } from './paint.ts'
import { element, text, textWidth } from './svg.ts'

export interface PlacedName {
  lon: number
  lat: number
  /** Empty for a place that has none. */
  name: string
  /** Written as often as it stands at a place; the name of a city near several places is written once. */
  repeats?: boolean
}

/** A dot for each place, and its name as far as there is room: those that come first are written first. */
export function placedNames(places: PlacedName[], plane: MapPlane, paint: Paint): string {
  const taken: [number, number, number, number][] = []
  const written = new Set<string>()
  return places
    .map(({ lon, lat, name, repeats = false }) => {
      const [x, y] = plane.place(lon, lat)
      if (!(x >= 0 && x <= plane.width && y >= 0 && y <= plane.height)) return ''
      const dot = element('circle', { cx: x, cy: y, r: 1.6, fill: '#ffffff', stroke: paint.ink, 'stroke-width': 0.7 })
      const width = textWidth(name, 6)
      const from = x + 4 + width < plane.width ? x + 3.5 : x - 3.5 - width
      const box: [number, number, number, number] = [from - 1, y - 4, from + width, y + 4]
      const crossed = taken.some(([a, b, c, d]) => a < box[2] && c > box[0] && b < box[3] && d > box[1])
      if (name === '' || (!repeats && written.has(name)) || crossed || from < 0) return dot
      taken.push(box)
      written.add(name)
      return dot + haloed(from, y + 2.1, name, paint)
    })
    .join('')
}

/** Words that stay readable over lines. */
export const haloed = (x: number, y: number, words: string, paint: Paint): string =>
  text(x, y, words, {
    'font-size': 6,
    fill: '#ffffff',
    stroke: '#ffffff',
    'stroke-width': 1.8,
    'stroke-linejoin': 'round',
  }) + text(x, y, words, { 'font-size': 6, fill: paint.ink })
