import type { Feature, FeatureCollection, LineString, MultiLineString, MultiPolygon, Point, Position } from 'geojson'
import type { BundleAnswer, LineAnswer, MapAnswer } from '#protocol/explorer.ts'
import type { SiteColumns } from '#protocol/siteColumns.ts'
import type { DifferenceAnswer } from '#protocol/groupDifference.ts'
import { EngineError } from '#protocol/errors.ts'
import type { StageContext } from '#engine/context.ts'
import { areasOfBoundaries } from '#engine/explorer/areas/countingAreas.ts'
import { clipLines, clipPolygons } from '#engine/geo/boundaries/clipShapes.ts'
import { readBoundaries } from '#engine/geo/boundaries/readBoundaries.ts'
import { areaFinder } from '#engine/geo/areaFinder.ts'
import { pause } from '#engine/pause.ts'
import { fileHash } from '../contentId.ts'
import type { AskedAreas } from './question.ts'

/** What an answer shows is cut to a person's own areas; its numbers stay those of the whole corpus. */

/** The areas that a question is to be cut to; null where it names none. */
export async function clipAreas({ clip }: { clip?: string | undefined }): Promise<AskedAreas | null> {
  if (clip === undefined) return null
  const boundaries = await readBoundaries(clip)
  if (boundaries.areas.length === 0)
    throw new EngineError(
      'explorer/clip-without-areas',
      `${clip} holds ${boundaries.lines.length} lines and no area to cut to. Name a file of areas.`,
      { clip },
    )
  return { id: await fileHash(clip), areasOf: () => Promise.resolve(areasOfBoundaries(boundaries)) }
}

/** Cuts shapes one after another, with a pause before each. */
interface Clipper {
  areas: Position[][][]
  area<Properties>(shape: Feature<MultiPolygon, Properties>): Promise<Feature<MultiPolygon, Properties>>
  all<Properties>(
    shapes: FeatureCollection<MultiPolygon, Properties>,
  ): Promise<FeatureCollection<MultiPolygon, Properties>>
}

async function clipperOf(
  asked: AskedAreas,
  support: Feature<MultiPolygon>,
  context: StageContext,
): Promise<Clipper & { support: Feature<MultiPolygon> }> {
  const areas = (await asked.areasOf({ lat: new Float64Array(), lon: new Float64Array() })).polygons.flat()
  const area: Clipper['area'] = async (shape) => {
    await pause(context)
    return {
      ...shape,
      geometry: { type: 'MultiPolygon', coordinates: clipPolygons(shape.geometry.coordinates, areas) },
    }
  }
  const all: Clipper['all'] = async (shapes) => {
    const features: (typeof shapes)['features'] = []
    for (const shape of shapes.features) {
      const cut = await area(shape)
      if (cut.geometry.coordinates.length > 0) features.push(cut)
    }
    return { ...shapes, features }
  }
  const known = await area(support)
  if (support.geometry.coordinates.length > 0 && known.geometry.coordinates.length === 0)
    throw new EngineError(
      'explorer/clip-elsewhere',
      'Nothing is known of the words in the areas to cut to: fewer than ten informants speak for any place there. Choose areas where the corpus has informants.',
    )
  return { areas, area, all, support: known }
}

export async function clippedMap(answer: MapAnswer, asked: AskedAreas, context: StageContext): Promise<MapAnswer> {
  const { areas, all, support } = await clipperOf(asked, answer.support, context)
  return { ...answer, support, surface: await all(answer.surface), points: sitesWithin(answer.points, areas) }
}

export async function clippedDifference(
  answer: DifferenceAnswer,
  asked: AskedAreas,
  context: StageContext,
): Promise<DifferenceAnswer> {
  const { areas, area, all, support } = await clipperOf(asked, answer.support, context)
  return {
    ...answer,
    support,
    surface: await all(answer.surface),
    certain: await area(answer.certain),
    points: pointsWithin(answer.points, areas),
  }
}

function sitesWithin({ lat, lon, informants, users }: SiteColumns, areas: Position[][][]): SiteColumns {
  const find = areaFinder([areas])
  const kept = [...lat.keys()].filter((site) => find(lat[site]!, lon[site]!) >= 0)
  const of = (values: number[]) => kept.map((site) => values[site]!)
  return { lat: of(lat), lon: of(lon), informants: of(informants), users: users.map(of) }
}

function pointsWithin<Properties>(
  points: FeatureCollection<Point, Properties>,
  areas: Position[][][],
): FeatureCollection<Point, Properties> {
  const find = areaFinder([areas])
  const isInside = ({ geometry: { coordinates } }: Feature<Point>) => find(coordinates[1]!, coordinates[0]!) >= 0
  return { ...points, features: points.features.filter((one) => isInside(one as Feature<Point>)) }
}

export async function clippedLine(answer: LineAnswer, asked: AskedAreas, context: StageContext): Promise<LineAnswer> {
  const { areas, area, all, support } = await clipperOf(asked, answer.support, context)
  const features = (answer.line?.features ?? []).map((one) => cutLine(one, areas)).filter((one) => one !== null)
  return {
    ...answer,
    support,
    line: answer.line && features.length > 0 ? { ...answer.line, features } : null,
    areas: answer.areas && (await all(answer.areas)),
    pointwiseBand: answer.pointwiseBand && (await area(answer.pointwiseBand)),
    simultaneousBand: answer.simultaneousBand && (await area(answer.simultaneousBand)),
    reason:
      answer.line && features.length === 0 ? 'The line runs outside of the areas that it is cut to.' : answer.reason,
  }
}

export async function clippedBundle(
  answer: BundleAnswer,
  asked: AskedAreas,
  context: StageContext,
): Promise<BundleAnswer> {
  const { areas, all, support } = await clipperOf(asked, answer.support, context)
  const lines = answer.lines.map((one) => {
    const line = one.line && (cutLine(one.line, areas) as typeof one.line)
    return {
      ...one,
      line,
      reason: one.line && !line ? 'The line runs outside of the areas that it is cut to.' : one.reason,
    }
  })
  return { ...answer, lines, support, expected: await all(answer.expected) }
}

function cutLine<Properties>(
  line: Feature<LineString | MultiLineString, Properties>,
  areas: Position[][][],
): Feature<MultiLineString, Properties> | null {
  const { geometry } = line
  const pieces = clipLines(geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates, areas)
  return pieces.length === 0 ? null : { ...line, geometry: { type: 'MultiLineString', coordinates: pieces } }
}
