import type { DifferenceAnswer } from '#protocol/groupDifference.ts'
import type { FlatPolygon } from '#pure/maps/flatSink.ts'
import { planarAreas, planarLines } from '#pure/maps/planarShapes.ts'
import { projectLonLat, type AtlasProjection } from '#pure/maps/projection.ts'
import type { Shade } from '#pure/maps/shades.ts'
import type { MapLayer } from '../../maps/mapLayers.ts'

/** One class of a difference: the group that has more, and how much at least. */
export interface DifferenceClass {
  more: number
  atLeast: number
  shade: Shade
  polygons: FlatPolygon[]
}

/** A difference in the plane of its map. */
export interface DifferencePlane {
  answer: DifferenceAnswer
  known: FlatPolygon[]
  /** Of each group from the least difference on. */
  classes: DifferenceClass[]
  certain: Float32Array
  /** Planar km of the sites. */
  sites: Float32Array
}

export function differencePlane(answer: DifferenceAnswer, projection: AtlasProjection): DifferencePlane {
  const steps = [...new Set(answer.surface.features.map(({ properties }) => properties.atLeast))].sort((a, b) => a - b)
  const lonLat = answer.points.features.flatMap(({ geometry }) => geometry.coordinates)
  return {
    answer,
    known: planarAreas(projection, answer.support.geometry.coordinates),
    classes: answer.surface.features.map(({ geometry, properties: { more, atLeast } }) => ({
      more,
      atLeast,
      shade: differenceShade(more, steps.indexOf(atLeast), steps.length),
      polygons: planarAreas(projection, geometry.coordinates),
    })),
    certain: planarLines(projection, [
      { type: 'MultiLineString', coordinates: answer.certain.geometry.coordinates.flat() },
    ]),
    sites: projectLonLat(projection.geo, Float32Array.from(lonLat)),
  }
}

/** The first group has the upper end of the scale; the middle is left to what cannot be told apart. */
export const differenceShade = (more: number, step: number, steps: number): Shade => ({
  scale: 'diverging',
  value: 0.5 + (more === 0 ? 0.5 : -0.5) * ((step + 1) / steps),
})

export const alike: Shade = { scale: 'diverging', value: 0.5 }

/** What the map draws, the first lowest. */
export function differenceLayers({ known, classes, certain, sites }: DifferencePlane): MapLayer[] {
  return [
    { kind: 'areas', id: 'known', polygons: known, colour: alike, opacity: 1 },
    ...classes.map(({ more, atLeast, shade, polygons }): MapLayer => ({
      kind: 'areas',
      id: `more-${more}-${atLeast}`,
      polygons,
      colour: shade,
      opacity: 1,
    })),
    { kind: 'lines', id: 'certain', segments: certain, colour: 'ink', opacity: 1, widthPx: 1.5 },
    {
      kind: 'points',
      id: 'sites',
      positions: sites,
      colour: 'inkSoft',
      opacity: 0.7,
      sizePx: sites.length > 6000 ? 1.5 : 2.5,
    },
  ]
}
