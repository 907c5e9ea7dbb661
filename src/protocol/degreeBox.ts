import { z } from 'zod'

const latitude = z.number().min(-90).max(90)
const longitude = z.number().min(-180).max(180)

/** Sides of a rectangle in degrees; west may lie east of east where it crosses the antimeridian. */
export const degreeBox = z.strictObject({ south: latitude, north: latitude, west: longitude, east: longitude })
export type DegreeBox = z.output<typeof degreeBox>
