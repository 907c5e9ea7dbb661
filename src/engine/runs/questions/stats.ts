import type { FeatureCollection, MultiPolygon } from 'geojson'
import type { AreaReport } from '#protocol/areaStatistics.ts'
import type { QuestionOf } from '#protocol/explorer.ts'
import { areasOfBoundaries, areasOfLabels, type CountingAreas } from '#engine/explorer/areas/countingAreas.ts'
import { reportRates } from '#engine/explorer/areas/areaRates.ts'
import { hexagonAreas } from '#engine/explorer/areas/hexagonAreas.ts'
import type { CountedVariants } from '#engine/explorer/counting/countVariants.ts'
import { readBoundaries } from '#engine/geo/boundaries/readBoundaries.ts'
import { placesOf, unitVectors } from '#engine/geo/unitVectors.ts'
import { loadLabelSet } from '#engine/labels/labelSetFiles.ts'
import { fileHash } from '../contentId.ts'
import { countedSites } from './countedSites.ts'
import { requireUse } from './map.ts'
import type { AskedAreas, AskedProject, QuestionMethod } from './question.ts'

/** How a variant's rate lies over areas: Moran, Geary, join counts, and what stands out where. */
export const stats: QuestionMethod<'stats'> = {
  version: 1,
  areas: askedAreas,

  async answer(question, asked, context) {
    const { areasOf, reading } = asked.areas!
    const { counted, perVariant } = await countedSites({ ...question, measure: 'share' }, asked, context)
    requireUse(question.variants, counted.lat.length, perVariant[0]!.informants)
    const areas = await areasOf(counted)
    const { rates, outside } = countIn(areas, counted)
    const report = await reportRates(rates, question, context)
    return {
      variant: question.variants[0]!,
      outside,
      ...report,
      shapes: shapesOf(areas, report.areas),
      ...(reading === undefined ? {} : { reading }),
    }
  },
}

async function askedAreas({ areas }: QuestionOf<'stats'>, project: AskedProject): Promise<AskedAreas> {
  switch (areas.kind) {
    case 'hexagons':
      return { id: null, areasOf: (places) => Promise.resolve(hexagonAreas(places, areas.km)) }
    case 'labels': {
      const { id, directory } = await project.labelSet(areas.labels, areas.experiment)
      return { id, areasOf: async (places) => areasOfLabels(await loadLabelSet(directory), places) }
    }
    case 'file': {
      const boundaries = await readBoundaries(areas.file)
      return {
        id: await fileHash(areas.file),
        areasOf: () => Promise.resolve(areasOfBoundaries(boundaries)),
        reading: `${boundaries.format}, ${boundaries.areas.length} areas, ids are ${boundaries.idsFrom}`,
      }
    }
  }
}

/** Informants and users by area; an area lies where its informants do on average. */
function countIn(areas: CountingAreas, { lat, lon, informants, users }: CountedVariants) {
  const count = areas.ids.length
  const [inArea, using, sums] = [new Float64Array(count), new Float64Array(count), new Float64Array(3 * count)]
  const vectors = unitVectors({ lat, lon })
  let outside = 0
  areas.assign({ lat, lon }).forEach((area, site) => {
    if (area < 0) return void (outside += informants[site]!)
    inArea[area]! += informants[site]!
    using[area]! += users[0]![site]!
    for (let axis = 0; axis < 3; axis++) sums[3 * area + axis]! += informants[site]! * vectors[3 * site + axis]!
  })
  return {
    outside,
    rates: {
      ids: areas.ids,
      names: areas.names,
      places: placesOf(sums),
      informants: inArea,
      users: using,
      touching: () => areas.touching(),
    },
  }
}

function shapesOf(areas: CountingAreas, reports: AreaReport[]): FeatureCollection<MultiPolygon, AreaReport> {
  const numbers = new Map(areas.ids.map((id, i) => [id, i]))
  return {
    type: 'FeatureCollection',
    features: reports
      .map((report) => ({ report, coordinates: areas.polygons[numbers.get(report.id)!]! }))
      // What lies off the corpus's map has no outline; readers of maps choke on empty geometry.
      .filter(({ coordinates }) => coordinates.length > 0)
      .map(({ report, coordinates }) => ({
        type: 'Feature' as const,
        id: report.id,
        properties: report,
        geometry: { type: 'MultiPolygon' as const, coordinates },
      })),
  }
}
