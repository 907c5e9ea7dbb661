import type { DegreeBox } from '#protocol/degreeBox.ts'

/** What keeps four numbers from being a rectangle, in words; null where nothing does. */
export function boxProblem({ south, north, west, east }: { [Side in keyof DegreeBox]: number | null }): string | null {
  if (south === null || north === null || west === null || east === null) return 'Four sides make a rectangle.'
  if (Math.abs(south) > 90 || Math.abs(north) > 90) return 'Latitudes lie between -90 and 90.'
  if (Math.abs(west) > 180 || Math.abs(east) > 180) return 'Longitudes lie between -180 and 180.'
  return south < north ? (west === east ? 'West and east are the same.' : null) : 'The south lies north of the north.'
}
