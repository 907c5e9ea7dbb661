import type { BundleAnswer } from '#protocol/explorer.ts'
import type { FlatPolygon } from '#pure/maps/flatSink.ts'
import { planarAreas, planarLines } from '#pure/maps/planarShapes.ts'
import type { AtlasProjection } from '#pure/maps/projection.ts'
import type { Shade } from '#pure/maps/shades.ts'
import type { MapLayer } from '../../maps/mapLayers.ts'

/** One class of the expected number of isoglosses: from `from` on; the first one is what lies below all levels. */
export interface CountClass {
  from: number
  shade: Shade
  polygons: FlatPolygon[]
}

export function countClasses({ expected, support }: BundleAnswer, projection: AtlasProjection): CountClass[] {
  const levels = expected.features
  return [
    { from: 0, polygons: planarAreas(projection, support.geometry.coordinates) },
    ...levels.map(({ geometry, properties: { count } }) => ({
      from: count,
      polygons: planarAreas(projection, geometry.coordinates),
    })),
  ].map((one, k) => ({ ...one, shade: { scale: 'sequential', value: k / Math.max(1, levels.length) } }))
}

/** What the map of a bundle draws, the first lowest. @param active the line that is pointed at, -1 for none */
export function bundleLayers(
  { lines }: BundleAnswer,
  classes: CountClass[],
  projection: AtlasProjection,
  active: number,
): MapLayer[] {
  const layers: MapLayer[] = classes.map(({ polygons, shade }, k) => ({
    kind: 'areas',
    id: `count-${k}`,
    polygons,
    colour: shade,
    opacity: 1,
  }))
  lines.forEach(({ line }, k) => {
    if (!line || k === active) return
    const segments = planarLines(projection, [line.geometry])
    layers.push({ kind: 'lines', id: `line-${k}`, segments, colour: 'ink', opacity: 0.75, widthPx: 1.2 })
  })
  const pointed = lines[active]?.line
  if (pointed) {
    const segments = planarLines(projection, [pointed.geometry])
    layers.push({ kind: 'lines', id: 'pointed-halo', segments, colour: 'paper', opacity: 0.95, widthPx: 6.5 })
    layers.push({ kind: 'lines', id: 'pointed', segments, colour: 'accent', opacity: 1, widthPx: 3.5 })
  }
  return layers
}
