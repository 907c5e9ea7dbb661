import { geoGraticule } from 'd3-geo'
import type { Position } from 'geojson'
import type { Extent } from '../maps/extent.ts'
import type { FlatPolygon } from '../maps/flatSink.ts'
import { groundScale } from '../maps/projection.ts'
import { scaleBar } from '../maps/scaleBar.ts'
import { framed, pointsPerMm, type FigureOptions, type LegendEntry } from './frame.ts'
import { naturalEarth, type Ground } from './landOfFigure.ts'
import type { Paint } from './paint.ts'
import { element, path, short, text, type Attributes } from './svg.ts'

/** From lon,lat degrees or planar km to points of the page. */
export interface MapPlane {
  place(lon: number, lat: number): [x: number, y: number]
  plane(xKm: number, yKm: number): [x: number, y: number]
  pointsPerKm: number
  width: number
  height: number
}

export interface MapFigure {
  title: string
  caption: string
  credits?: string
  legend: LegendEntry[]
  /** What is drawn over the land, under its borders. */
  under(plane: MapPlane): string
  /** And over them. */
  over?(plane: MapPlane): string
}

/** Beyond this variation of the scale a bar of kilometres would be wrong somewhere: a graticule is drawn. */
const steadyScale = 0.05

/** A map in its frame: land, borders, what it shows, a scale bar or a graticule. */
export function mapFigure(
  ground: Ground,
  paint: Paint,
  { widthMm }: FigureOptions,
  { title, caption, credits, legend, under, over }: MapFigure,
): string {
  const plane = planeOf(ground.projection.extent, widthMm * pointsPerMm, ground)
  const { width, height } = plane
  const land = ground.land.map((one) => polygonPath(one, plane)).join('')
  const steady = scaleVaries(ground) < steadyScale
  const line = (segments: Float32Array, attributes: Attributes) =>
    segments.length === 0 ? '' : element('path', { d: chained(segments, plane), fill: 'none', ...attributes })
  const body = [
    element('clipPath', { id: 'map' }, element('rect', { width, height })),
    element(
      'g',
      { 'clip-path': 'url(#map)', 'stroke-linejoin': 'round' },
      [
        element('rect', { width, height, fill: paint.land }),
        under(plane),
        // The sea lies over it: a surface ends at the coast, which its cells only follow in steps.
        element('path', {
          d: `M0 0H${short(width)}V${short(height)}H0Z${land}`,
          fill: paint.sea,
          'fill-rule': 'evenodd',
        }),
        steady ? '' : graticule(plane, paint),
        line(ground.states, { stroke: paint.border, 'stroke-width': 0.35 }),
        line(ground.borders, { stroke: paint.border, 'stroke-width': 0.6 }),
        line(ground.coast, { stroke: paint.border, 'stroke-width': 0.5 }),
        ground.context.length === 0
          ? ''
          : element('path', {
              d: linesPath(ground.context, plane),
              fill: 'none',
              stroke: paint.ink,
              'stroke-width': 0.4,
              'stroke-dasharray': '3 1 0.6 1',
            }),
        over?.(plane) ?? '',
      ].join('\n'),
    ),
    element('rect', { width, height, fill: 'none', stroke: paint.soft, 'stroke-width': 0.5 }),
    // Below the map, where it hides nothing.
    steady ? bar(plane, paint) : '',
  ].join('\n')
  return framed({
    title,
    widthMm,
    paint,
    bodyHeight: height + (steady ? 12 : 0),
    body,
    legend,
    caption: `${caption} ${ground.projection.title}${steady ? '' : '; parallels and meridians every ' + graticuleStep(plane) + '°'}.`,
    credits: [credits, naturalEarth].filter((one) => one !== undefined).join(' '),
  })
}

/** No map is higher than it is wide, nor flatter than 2 : 5. */
function planeOf(extent: Extent, width: number, { projection }: Ground): MapPlane {
  const [wide, high] = [extent.maxX - extent.minX, extent.maxY - extent.minY]
  const height = Math.min(width, Math.max(0.4 * width, (width * high) / wide))
  const pointsPerKm = Math.min(width / wide, height / high)
  const [middleX, middleY] = [(extent.minX + extent.maxX) / 2, (extent.minY + extent.maxY) / 2]
  const plane = (x: number, y: number): [number, number] => [
    width / 2 + (x - middleX) * pointsPerKm,
    height / 2 + (y - middleY) * pointsPerKm,
  ]
  return {
    width,
    height,
    pointsPerKm,
    plane,
    place: (lon, lat) => {
      const at = projection.geo([lon, lat])
      return at ? plane(at[0], at[1]) : [NaN, NaN]
    },
  }
}

/** How much a kilometre's length differs between the places of the map, as a share of the greatest. */
function scaleVaries({ projection }: Ground): number {
  const { minX, minY, maxX, maxY } = projection.extent
  const scales: number[] = []
  for (const x of [minX, (minX + maxX) / 2, maxX])
    for (const y of [minY, (minY + maxY) / 2, maxY]) {
      const along = groundScale(projection.geo, x, y, 1)
      // In an equal-area plane what is longer along x is shorter along y.
      scales.push(along, 1 / along)
    }
  return 1 - Math.min(...scales) / Math.max(...scales)
}

function bar(plane: MapPlane, paint: Paint): string {
  const { km, px } = scaleBar(1 / plane.pointsPerKm, Math.min(90, plane.width / 5))
  const [x, y] = [plane.width - px - 0.5, plane.height + 9]
  return (
    element('path', {
      d: `M${short(x)} ${short(y - 3)}V${short(y)}H${short(x + px)}V${short(y - 3)}`,
      fill: 'none',
      stroke: paint.ink,
      'stroke-width': 0.8,
    }) + text(x - 4, y, `${km} km`, { 'font-size': 6.5, 'text-anchor': 'end', fill: paint.ink })
  )
}

const graticuleStep = (plane: MapPlane) => {
  const kmAcross = plane.width / plane.pointsPerKm
  return [1, 2, 5, 10, 15, 30].find((step) => kmAcross / (step * 111) <= 9) ?? 30
}

function graticule(plane: MapPlane, paint: Paint): string {
  const step = graticuleStep(plane)
  const lines = geoGraticule().step([step, step]).lines()
  return element('path', {
    d: linesPath(
      lines.map(({ coordinates }) => coordinates),
      plane,
    ),
    fill: 'none',
    stroke: paint.soft,
    'stroke-width': 0.25,
    'stroke-dasharray': '2 2',
  })
}

/** Lines of lon,lat degrees, broken where the map is torn. */
export function linesPath(lines: Position[][], plane: MapPlane): string {
  return lines
    .map((line) => {
      const pieces: [number, number][][] = [[]]
      for (const [lon, lat] of line) {
        const at = plane.place(lon!, lat!)
        const last = pieces.at(-1)!.at(-1)
        if (!Number.isFinite(at[0]) || !Number.isFinite(at[1]) || (last && Math.abs(at[0] - last[0]) > plane.width / 2))
          pieces.push([])
        if (Number.isFinite(at[0]) && Number.isFinite(at[1])) pieces.at(-1)!.push(at)
      }
      return pieces.map((piece) => (piece.length > 1 ? path(piece, false) : '')).join('')
    })
    .join('')
}

/** Polygons of lon,lat degrees, edges straight on the map; holes by the rule of even and odd. What lies off the map is left out. */
export function areasPath(polygons: Position[][][], plane: MapPlane): string {
  let d = ''
  for (const ring of polygons.flat()) {
    const points = ring.map(([lon, lat]) => plane.place(lon!, lat!)).filter(([x]) => Number.isFinite(x))
    const off = (axis: 0 | 1, most: number) =>
      points.every((point) => point[axis] < 0) || points.every((point) => point[axis] > most)
    if (points.length > 2 && !off(0, plane.width) && !off(1, plane.height)) d += path(points, true)
  }
  return d
}

/** Such polygons as a shape: `look` is its fill and whatever else. */
export const areasShape = (polygons: Position[][][], plane: MapPlane, look: Record<string, string | number>): string =>
  element('path', { d: areasPath(polygons, plane), ...look, 'fill-rule': 'evenodd' })

function polygonPath({ positions, holeIndices }: FlatPolygon, plane: MapPlane): string {
  const starts = [0, ...holeIndices, positions.length]
  let d = ''
  for (let ring = 0; ring + 1 < starts.length; ring++) {
    const points: [number, number][] = []
    for (let at = starts[ring]!; at < starts[ring + 1]!; at += 2)
      points.push(plane.plane(positions[at]!, positions[at + 1]!))
    d += path(points, true)
  }
  return d
}

/** Pieces of lines as paths that go on where one piece ends at the next one's start. */
export function chained(segments: Float32Array, plane: MapPlane): string {
  let d = ''
  let [endX, endY] = [NaN, NaN]
  for (let at = 0; at < segments.length; at += 4) {
    const [x1, y1, x2, y2] = segments.subarray(at, at + 4) as unknown as [number, number, number, number]
    if (x1 !== endX || y1 !== endY) d += `M${plane.plane(x1, y1).map(short).join(' ')}`
    d += `L${plane.plane(x2, y2).map(short).join(' ')}`
    ;[endX, endY] = [x2, y2]
  }
  return d
}
