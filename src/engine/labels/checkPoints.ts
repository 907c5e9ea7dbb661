import { EngineError } from '#protocol/errors.ts'
import type { Points } from '#engine/geo/points.ts'

/** @throws EngineError 'labels/no-points', 'labels/bad-point' */
export function checkPoints({ lat, lon }: Points): void {
  if (lat.length === 0) {
    throw new EngineError(
      'labels/no-points',
      'The training fold holds no document with coordinates, expected at least one. Check the corpus and its split.',
    )
  }
  for (let i = 0; i < lat.length; i++) {
    if (Math.abs(lat[i]!) <= 90 && Math.abs(lon[i]!) <= 180) continue
    throw new EngineError(
      'labels/bad-point',
      `Training point ${i} lies at latitude ${lat[i]}, longitude ${lon[i]}; expected -90 to 90 and -180 to 180. Import the corpus again.`,
      { point: i, lat: lat[i], lon: lon[i] },
    )
  }
}
