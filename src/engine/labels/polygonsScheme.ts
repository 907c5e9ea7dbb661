import { basename } from 'node:path'
import type { Position } from 'geojson'
import type { BoundaryArea } from '#protocol/boundaries.ts'
import { EngineError } from '#protocol/errors.ts'
import type { PolygonsSettings } from '#protocol/labels/polygons.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { nearestCity } from '#engine/gazetteer/nearestCity.ts'
import { areaFinder } from '#engine/geo/areaFinder.ts'
import { readBoundaries } from '#engine/geo/boundaries/readBoundaries.ts'
import { shapefileSiblings } from '#engine/geo/boundaries/shapefileSiblings.ts'
import { inPieces } from '#engine/geo/inPieces.ts'
import { assembleLabelSet } from './assembleLabelSet.ts'
import { describeLabels } from './fittedLabelSet.ts'
import { labelCentres } from './labelCentres.ts'
import { noLabel, type LabelScheme } from './scheme.ts'

/** Labels lie near a city of the size that Point2City uses by default. */
const cityPopulation = 15_000

/** A person's own areas: the label of a document is the area that it lies in; outside of all it has none. */
export const polygonsScheme: LabelScheme<PolygonsSettings> = {
  version: 1,
  assign: () => 'polygon',
  inputFiles: ({ file }) => [file, ...shapefileSiblings(file)],
  async fit(settings, train, context) {
    const { file, by } = settings
    const { areas, format, idsFrom } = await readBoundaries(file)
    if (areas.length === 0) throw noAreas(file, format)
    const { groups, unnamed } = groupsOf(file, areas, by)
    const find = areaFinder(groups.map(({ polygons }) => polygons))
    const holds = (points: typeof train) => Int32Array.from(points.lat, (lat, i) => find(lat, points.lon[i]!))
    const groupOfPoint = await inPieces(train, holds, 'Assigning places', context)
    // Areas without a training document are no labels: nothing could be learnt of them.
    const used = [...new Set(groupOfPoint)].filter((group) => group !== noLabel).sort((a, b) => a - b)
    if (used.length === 0) throw allOutside(file, groups.length, train.lat.length)
    const labelOf = new Map(used.map((group, label) => [group, label]))
    const trainLabels = groupOfPoint.map((group) => labelOf.get(group) ?? noLabel)
    context.note(
      `${basename(file)}: ${format}, ${areas.length} areas${by === undefined ? ` named by ${idsFrom}` : ` in ${groups.length} by ${by}`}` +
        `${unnamed > 0 ? `; ${unnamed} without a value there are left out` : ''}` +
        `${used.length < groups.length ? `; ${groups.length - used.length} hold no training document and are no labels` : ''}.`,
    )
    const gazetteer = await loadGazetteer(cityPopulation)
    const centres = await labelCentres(train, trainLabels, used.length, context)
    const cityOfLabel = nearestCity(gazetteer, centres.median)
    const names = used.map((group) => groups[group]!.name)
    const set = assembleLabelSet({
      // The folder holds the areas: where the file lay is nobody's business.
      settings: { ...settings, file: basename(file) },
      ...describeLabels(centres, names, cityOfLabel, gazetteer),
      trainLabels,
      reassigned: null,
      rule: { kind: 'polygons', areas: used.map((group) => groups[group]!.polygons) },
    })
    return { ...set, trainAssigned: trainLabels }
  },
}

interface AreaGroup {
  name: string
  polygons: Position[][][]
}

/** Areas by the value of a property, in the order of the file; each by itself where none is named. */
function groupsOf(
  file: string,
  areas: BoundaryArea[],
  by: string | undefined,
): { groups: AreaGroup[]; unnamed: number } {
  if (by === undefined) return { groups: namedApart(areas), unnamed: 0 }
  const groups = new Map<string, AreaGroup>()
  let unnamed = 0
  for (const { properties, polygons } of areas) {
    const value = properties[by]
    if ((typeof value !== 'string' && typeof value !== 'number') || value === '') {
      unnamed++
      continue
    }
    const group = groups.get(String(value))
    if (group) group.polygons.push(...polygons)
    else groups.set(String(value), { name: String(value), polygons: [...polygons] })
  }
  if (groups.size === 0) throw noProperty(file, by, areas)
  return { groups: [...groups.values()], unnamed }
}

/** Areas by their names; where several have one name, their ids stand beside it. */
function namedApart(areas: BoundaryArea[]): AreaGroup[] {
  const times = new Map<string, number>()
  for (const { name, id } of areas) times.set(name ?? id, (times.get(name ?? id) ?? 0) + 1)
  return areas.map(({ name, id, polygons }) => ({
    name: times.get(name ?? id)! > 1 ? `${name ?? id} (${id})` : (name ?? id),
    polygons,
  }))
}

const noAreas = (file: string, format: string) =>
  new EngineError(
    'labels/no-areas',
    `${file} is ${format} and holds lines, but no polygon; labels need areas. Name a file of polygons.`,
    { file },
  )

const allOutside = (file: string, areas: number, points: number) =>
  new EngineError(
    'labels/all-outside',
    `None of the ${points} training documents lies in one of the ${areas} areas of ${file}. Name areas of the region that the corpus is from, in degrees (longitude, latitude).`,
    { file },
  )

function noProperty(file: string, by: string, areas: BoundaryArea[]): EngineError {
  const known = [...new Set(areas.flatMap(({ properties }) => Object.keys(properties)))]
  return new EngineError(
    'labels/no-property',
    `No area of ${file} has a value of "${by}"; its properties are ${known.join(', ') || 'none'}. Name one of these under by, or leave it out: each area is a label then.`,
    { file, known },
  )
}
