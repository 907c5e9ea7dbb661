import type { LineAnswer, MapAnswer } from '#protocol/explorer.ts'
import type { FlatPolygon } from '#pure/maps/flatSink.ts'
import { planarAreas, planarLines } from '#pure/maps/planarShapes.ts'
import { lonLatOf, usersAt } from '#pure/maps/siteColumns.ts'
import { projectLonLat, type AtlasProjection } from '#pure/maps/projection.ts'
import type { Shade } from '#pure/maps/shades.ts'
import type { MapLayer } from '../../maps/mapLayers.ts'
import type { MapPart } from './exploreState.svelte.ts'

/** One class of a surface: shares from `from` on, up to that of the next. */
export interface SurfaceClass {
  from: number | null
  to: number | null
  shade: Shade
}

/** An answer in the plane of its map. */
export interface ExplorePlane {
  answer: MapAnswer
  /** Planar km of the sites, those with most of the first variant last: they lie on top. */
  sites: Float32Array
  /** Numbers of the points in the answer, in the order of `sites`. */
  order: Int32Array
  shades: Shade[]
  classes: SurfaceClass[]
  /** The known area, then where each level is reached. */
  areas: FlatPolygon[][]
}

/** What the colours of several maps span together, so that the same share has the same colour. */
export interface ShareRange {
  low: number
  high: number
}

const levelsOf = ({ surface }: MapAnswer): number[] => surface.features.map(({ properties }) => properties.share)

export function shareRange(answers: MapAnswer[]): ShareRange {
  const ranges = answers.map(levelsOf).flatMap((levels) => {
    const [first, last] = [levels[0], levels.at(-1)]
    if (first === undefined || last === undefined) return []
    // The lowest class begins a step below the first level.
    return [{ low: Math.max(0, first - (levels[1] === undefined ? first : levels[1] - first)), high: last }]
  })
  return {
    low: ranges.reduce((low, range) => Math.min(low, range.low), Infinity),
    high: ranges.reduce((high, range) => Math.max(high, range.high), -Infinity),
  }
}

/** The last plane of each answer: projecting a hundred thousand sites is felt, and one goes back and forth between words. */
const planes = new WeakMap<MapAnswer, { projection: AtlasProjection; range: ShareRange; plane: ExplorePlane }>()

/** @returns the same object for the same answer on the same map */
export function explorePlane(
  answer: MapAnswer,
  projection: AtlasProjection,
  range: ShareRange = shareRange([answer]),
): ExplorePlane {
  const known = planes.get(answer)
  if (known?.projection === projection && known.range.low === range.low && known.range.high === range.high)
    return known.plane
  const plane = planeOf(answer, projection, range)
  planes.set(answer, { projection, range, plane })
  return plane
}

function planeOf(answer: MapAnswer, projection: AtlasProjection, range: ShareRange): ExplorePlane {
  const levels = levelsOf(answer)
  const variants = answer.perVariant.length
  const classes = surfaceClasses(levels, range, variants === 2 ? 'diverging' : 'sequential')
  const { points } = answer
  const shareAt = Float64Array.from(points.lat, (_, at) =>
    shareOf({ informants: points.informants[at]!, users: usersAt(points, at) }),
  )
  const order = Int32Array.from(points.lat.keys()).sort((a, b) => shareAt[a]! - shareAt[b]! || a - b)
  const places = projectLonLat(projection.geo, lonLatOf(points))
  const sites = new Float32Array(places.length)
  order.forEach((at, i) => sites.set(places.subarray(2 * at, 2 * at + 2), 2 * i))
  return {
    answer,
    sites,
    order,
    shades: Array.from(order, (at) =>
      variants > 2
        ? { scale: 'categories', value: leaderOf(usersAt(points, at)) }
        : siteShade(shareAt[at]!, levels, classes),
    ),
    classes: variants > 2 ? [] : classes,
    areas:
      variants > 2
        ? []
        : [answer.support, ...answer.surface.features].map(({ geometry }) =>
            planarAreas(projection, geometry.coordinates),
          ),
  }
}

/** Share of the first variant: among all informants where it is alone, else among those who use one of the variants. */
export function shareOf({ informants, users }: { informants: number; users: number[] }): number {
  const of = users.length === 1 ? informants : users.reduce((sum, count) => sum + count, 0)
  return of > 0 ? users[0]! / of : 0
}

/** The variant with most users; ties go to the first. */
export const leaderOf = (users: number[]): number => users.indexOf(Math.max(...users))

function surfaceClasses(
  levels: number[],
  { low, high }: ShareRange,
  scale: 'sequential' | 'diverging',
): SurfaceClass[] {
  return [null, ...levels].map((from, k) => {
    const to = levels[k] ?? null
    // Shares of two variants have their own middle, a half; of one the scale spans what there is.
    if (scale === 'diverging') return { from, to, shade: { scale, value: ((from ?? 0) + (to ?? 1)) / 2 } }
    const value = levels.length === 0 || high <= low ? 0.5 : ((from ?? low) - low) / (high - low)
    return { from, to, shade: { scale, value } }
  })
}

function siteShade(share: number, levels: number[], classes: SurfaceClass[]): Shade {
  const { shade } = classes[levels.filter((level) => level <= share).length]!
  return shade.scale === 'diverging' ? { scale: 'diverging', value: share } : shade
}

/** Diameter of a site's dot: a thousand villages are no ink spot. */
const dotPx = (sites: number): number => (sites > 20_000 ? 2 : sites > 3000 ? 3 : sites > 500 ? 4.5 : 6.5)

/** What the map draws of the answers, the first lowest. */
export function exploreLayers(
  plane: ExplorePlane,
  line: LineAnswer | null,
  projection: AtlasProjection,
  shown: Record<MapPart, boolean>,
): MapLayer[] {
  const layers: MapLayer[] = []
  if (shown.surface)
    plane.areas.forEach((polygons, k) =>
      layers.push({ kind: 'areas', id: `surface-${k}`, polygons, colour: plane.classes[k]!.shade, opacity: 1 }),
    )
  if (shown.surface && line?.areas) layers.push(...leadLayers(plane.answer, line.areas, projection))
  if (shown.bands && line) layers.push(...bandLayers(line, projection))
  if (shown.points) {
    const sizePx = dotPx(plane.order.length)
    const { sites: positions, shades } = plane
    // A rim of paper, so that a dot is seen on a surface of its own shade.
    if (sizePx > 3)
      layers.push({ kind: 'points', id: 'rims', positions, colour: 'inkSoft', opacity: 0.9, sizePx: sizePx + 1.5 })
    layers.push({ kind: 'points', id: 'sites', positions, shades, colour: 'ink', opacity: 1, sizePx })
  }
  if (shown.line && line?.line) {
    const segments = planarLines(
      projection,
      line.line.features.map(({ geometry }) => geometry),
    )
    layers.push({ kind: 'lines', id: 'halo', segments, colour: 'paper', opacity: 0.9, widthPx: 5.5 })
    layers.push({ kind: 'lines', id: 'isogloss', segments, colour: 'ink', opacity: 1, widthPx: 2.5 })
  }
  return layers
}

/** Where each of several variants leads, in the colour of the sites at which it does. */
function leadLayers(
  { perVariant }: MapAnswer,
  areas: NonNullable<LineAnswer['areas']>,
  projection: AtlasProjection,
): MapLayer[] {
  return areas.features.map(({ geometry, properties: { variant } }) => {
    const value = perVariant.findIndex((one) => one.variant === variant)
    const polygons = planarAreas(projection, geometry.coordinates)
    return { kind: 'areas', id: `lead-${value}`, polygons, colour: { scale: 'categories', value }, opacity: 0.32 }
  })
}

/** Each band with its edge, since the surface below has shades of its own. */
function bandLayers(line: LineAnswer, projection: AtlasProjection): MapLayer[] {
  const band = (id: string, area: LineAnswer['pointwiseBand'], opacity: number): MapLayer[] => {
    if (!area) return []
    const { coordinates } = area.geometry
    const edges = planarLines(projection, [{ type: 'MultiLineString', coordinates: coordinates.flat() }])
    return [
      { kind: 'areas', id, polygons: planarAreas(projection, coordinates), colour: 'ink', opacity },
      { kind: 'lines', id: `${id}-edge`, segments: edges, colour: 'ink', opacity: 0.7 },
    ]
  }
  return [...band('simultaneous-band', line.simultaneousBand, 0.1), ...band('pointwise-band', line.pointwiseBand, 0.2)]
}
