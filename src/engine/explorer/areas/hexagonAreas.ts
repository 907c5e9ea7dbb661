import type { Position } from 'geojson'
import type { Points } from '#engine/geo/points.ts'
import { equalAreaPlane } from '#engine/regions/equalAreaPlane.ts'
import type { CountingAreas } from './countingAreas.ts'

/** Axial steps to the neighbours of a hexagon. */
const steps = [
  [1, 0],
  [0, 1],
  [-1, 1],
] as const

/**
 * Hexagons of like area, `widthKm` from side to side, in an equal-area projection about some places; those with a place in them.
 * An area's id is its column and row along two axes at 60 degrees; the middle one is 0,0.
 */
export function hexagonAreas(places: Points, widthKm: number): CountingAreas {
  const plane = equalAreaPlane(places)
  const size = widthKm / Math.sqrt(3)
  const axial = (lat: number, lon: number): [q: number, r: number] => {
    const [x, y] = plane.toPlane(lat, lon)
    return roundHexagon((Math.sqrt(3) / 3) * (x / size) - y / size / 3, (2 / 3) * (y / size))
  }
  const numbers = new Map<string, number>()
  const hexagons: [number, number][] = []
  places.lat.forEach((lat, i) => {
    const hexagon = axial(lat, places.lon[i]!)
    if (numbers.has(hexagon.join(','))) return
    numbers.set(hexagon.join(','), -1)
    hexagons.push(hexagon)
  })
  // From south to north, west to east: no matter in which order places come.
  hexagons.sort((a, b) => a[1] - b[1] || a[0] - b[0])
  hexagons.forEach((hexagon, i) => numbers.set(hexagon.join(','), i))
  return {
    ids: hexagons.map((hexagon) => hexagon.join(',')),
    names: hexagons.map(() => null),
    polygons: hexagons.map(([q, r]) => {
      const [x, y] = [size * Math.sqrt(3) * (q + r / 2), size * 1.5 * r]
      return [[ringAbout(x, y, size, (px, py) => plane.toPlace(px, py))]]
    }),
    assign: ({ lat, lon }) => Int32Array.from(lat, (_, i) => numbers.get(axial(lat[i]!, lon[i]!).join(',')) ?? -1),
    touching: () =>
      Int32Array.from(
        hexagons
          .flatMap(([q, r], i) => {
            const others = steps.map(([dq, dr]) => numbers.get(`${q + dq},${r + dr}`)).filter((j) => j !== undefined)
            return others.map((j): [number, number] => [Math.min(i, j), Math.max(i, j)])
          })
          .sort((a, b) => a[0] - b[0] || a[1] - b[1])
          .flat(),
      ),
  }
}

/** The hexagon that holds fractional axial coordinates: the cube coordinate that rounding moved most follows from the others. */
function roundHexagon(q: number, r: number): [number, number] {
  const s = -q - r
  const [roundQ, roundR, roundS] = [Math.round(q), Math.round(r), Math.round(s)]
  const [offQ, offR, offS] = [Math.abs(roundQ - q), Math.abs(roundR - r), Math.abs(roundS - s)]
  // Adding 0 makes -0 a plain 0: it is part of a name.
  if (offQ > offR && offQ > offS) return [-roundR - roundS + 0, roundR + 0]
  if (offR > offS) return [roundQ + 0, -roundQ - roundS + 0]
  return [roundQ + 0, roundR + 0]
}

function ringAbout(
  x: number,
  y: number,
  size: number,
  toPlace: (x: number, y: number) => { lat: number; lon: number },
): Position[] {
  const corners = Array.from({ length: 6 }, (_, k): Position => {
    const angle = (Math.PI / 3) * k + Math.PI / 6
    const { lat, lon } = toPlace(x + size * Math.cos(angle), y + size * Math.sin(angle))
    return [lon, lat]
  })
  return [...corners, corners[0]!]
}
