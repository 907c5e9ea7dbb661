import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import type { MultiPolygon, Position } from 'geojson'
import type { LineAnswer, MapAnswer } from '#protocol/explorer.ts'
import type { LabelMap } from '#protocol/labelSets.ts'
import type { EpochMetrics, RunErrors, RunSummary } from '#protocol/runs.ts'
import { attentionFigure, bandWeights } from './attentionFigure.ts'
import { errorLinesFigure } from './errorLinesFigure.ts'
import { flowsFigure } from './flowsFigure.ts'
import { errorMapFigure } from './errorMapFigure.ts'
import { predictionsFigure } from './predictionsFigure.ts'
import { errorTailFigure, learningCurvesFigure } from './runFigures.ts'
import { bundleFigure } from './bundleFigure.ts'
import { isoglossFigure, placesOfLines } from './isoglossFigure.ts'
import { isoglossShapes } from './isoglossShapes.ts'
import { groundUnder, type Atlas } from './landOfFigure.ts'
import { textWidth, wrap } from './svg.ts'
import { wordMapFigure } from './wordMapFigure.ts'

const atlas: Atlas = {
  countries: async (detail) =>
    (detail === '10m'
      ? await import('world-atlas/countries-10m.json')
      : await import('world-atlas/countries-110m.json')
    ).default as never,
  states: async () => (await import('us-atlas/states-10m.json')).default as never,
}

const box = (west: number, south: number, east: number, north: number): Position[] => [
  [west, south], [east, south], [east, north], [west, north], [west, south],
] // prettier-ignore
const feature = <Properties>(properties: Properties, ...boxes: Position[][]) => ({
  type: 'Feature' as const,
  properties,
  geometry: { type: 'MultiPolygon' as const, coordinates: boxes.map((ring) => [ring]) } satisfies MultiPolygon,
})
const test = { statistic: 1, p: 0.0001, unit: 'site' as const, bandwidthKm: 50, detectableDifference: null }
const totals = [
  { variant: 'Chnöi <i>', informants: 1234, occurrences: 1300 },
  { variant: 'Brötli', informants: 800, occurrences: 800 },
]
const sites: Position[] = [[6.2, 46.2], [7.4, 46.9], [8.5, 47.4], [9.4, 47.4], [9, 46], [10.2, 46.6]] // prettier-ignore
const mapAnswer: MapAnswer = {
  informants: 2034,
  sites: 6,
  perVariant: totals,
  test,
  bandwidthKm: 31.6,
  criterion: [],
  surface: {
    type: 'FeatureCollection',
    features: [0.2, 0.4, 0.6].map((share, k) => feature({ variant: 'a', share }, box(6 + k, 46, 10, 47.5))),
  },
  support: feature({}, box(6, 45.9, 10.4, 47.7), box(100, 0, 101, 1)) as MapAnswer['support'],
  points: {
    lat: sites.map(([, lat]) => lat!),
    lon: sites.map(([lon]) => lon!),
    informants: sites.map(() => 10),
    users: [sites.map(() => 5), sites.map(() => 5)],
  },
}
const lineAnswer: LineAnswer = {
  informants: 2034,
  sites: 6,
  perVariant: totals,
  test,
  line: {
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        properties: { variants: ['Chnöi <i>', 'Brötli'] },
        geometry: { type: 'LineString', coordinates: [[8, 46], [8, 47.6]] },
      },
    ],
  },
  areas: null,
  pointwiseBand: feature({}, box(7.8, 46, 8.2, 47.6)) as LineAnswer['pointwiseBand'],
  simultaneousBand: feature({}, box(7.5, 46, 8.5, 47.6)) as LineAnswer['simultaneousBand'],
  level: 0.9,
  support: mapAnswer.support,
  transitionWidthKm: { atMost: 42, plateaus: [0.05, 0.92] },
  homogeneity: 0.9,
  consistency: 0.9,
  leakage: 0.1,
  reason: null,
} // prettier-ignore
const places = Float32Array.from(sites.flat())

/** Elements of well-formed XML with their attributes, and all text. */
function parsed(svg: string) {
  const elements: { name: string; attributes: Record<string, string> }[] = []
  const texts: string[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) =>
    elements.push({ name, attributes: attributes as Record<string, string> }),
  )
  parser.on('text', (text) => texts.push(text))
  parser.write(svg).close()
  return { elements, text: texts.join(' ').replace(/\s+/g, ' ') }
}

describe('the figure of a word', () => {
  it('says what was computed, from how much, and has a class a level', async () => {
    const ground = await groundUnder(places, 160, atlas)
    const { elements, text } = parsed(wordMapFigure(mapAnswer, ground, { widthMm: 160, grey: false }))
    for (const words of ['Chnöi <i> against Brötli', 'under 20 %', '20 % to 40 %', 'over 60 %', 'kernel of 32 km', '2,034 informants at 6 sites', 'p < .001', '50 km', 'Natural Earth'])
      expect(text).toContain(words) // prettier-ignore
    expect(elements[0]!.attributes['width']).toBe('160mm')
    const dots = elements.filter(({ name, attributes }) => name === 'circle' && attributes['r'] === '0.9')
    // Sites, and the one of the legend.
    expect(dots).toHaveLength(sites.length + 1)
    // Switzerland is small: its coast and borders are those of 1 : 10 million, and what lies in Asia is left out.
    const borders = elements.find(({ attributes }) => attributes['stroke-width'] === '0.6')!
    expect(borders.attributes['d']!.length).toBeGreaterThan(20_000)
    const support = elements.filter(({ attributes }) => attributes['fill-rule'] === 'evenodd')[0]!
    expect(support.attributes['d']!.match(/M/g)).toHaveLength(1)
  })

  it('has hatchings and no colour in grey', async () => {
    const ground = await groundUnder(places, 90, atlas)
    const { elements } = parsed(wordMapFigure(mapAnswer, ground, { widthMm: 90, grey: true }))
    expect(elements.filter(({ name }) => name === 'pattern')).toHaveLength(4)
    const paints = elements.flatMap(({ attributes }) => [attributes['fill'], attributes['stroke']])
    for (const paint of paints) {
      if (paint === undefined || paint === 'none' || paint.startsWith('url(#hatch')) continue
      const [, r, g, b] = /^#(..?)(..?)(..?)$/.exec(paint)!
      expect([r, g], paint).toEqual([g, b])
    }
  })
})

describe('the figure of an isogloss', () => {
  it('shows line, bands and what is known, about the part that the line crosses', async () => {
    const ground = await groundUnder(placesOfLines([lineAnswer]), 160, atlas)
    expect(ground.projection.centre[0]).toBeCloseTo(8.2, 0)
    const { elements, text } = parsed(isoglossFigure(lineAnswer, ground, { widthMm: 160, grey: false, title: 'Dough' }))
    for (const words of ['Dough', '90 % band at each place', '90 % band for the whole line', 'at most 42 km', 'between Chnöi <i> and Brötli'])
      expect(text).toContain(words) // prettier-ignore
    const lines = elements.filter(({ name, attributes }) => name === 'path' && attributes['stroke-width'] === '1.6')
    expect(lines).toHaveLength(1)
  })

  it('fills the areas in which one of several variants leads', async () => {
    const led = [box(7, 46, 8, 47.6), box(8, 46, 9, 47.6)].map((ring, k) =>
      feature({ variant: totals[k]!.variant }, ring),
    )
    const areas: LineAnswer = { ...lineAnswer, pointwiseBand: null, simultaneousBand: null, areas: { type: 'FeatureCollection', features: led } } // prettier-ignore
    const ground = await groundUnder(placesOfLines([lineAnswer]), 160, atlas)
    const { elements, text } = parsed(isoglossFigure(areas, ground, { widthMm: 160, grey: false }))
    expect(text).toContain('Brötli leads')
    expect(text).toContain('Areas in which a variant has the greatest share')
    const fills = elements.filter(({ name, attributes }) => name === 'path' && attributes['fill-opacity'] === '0.4')
    expect(new Set(fills.map(({ attributes }) => attributes['fill'])).size).toBe(2)
    expect(isoglossShapes(areas).features.map(({ properties }) => properties!['name'] as string | undefined)).toEqual([
      undefined,
      'area',
      'area',
      'support',
    ])
  })

  it('says why there is no line, and which of a bundle have none', async () => {
    const none: LineAnswer = { ...lineAnswer, line: null, pointwiseBand: null, simultaneousBand: null, transitionWidthKm: null, reason: 'There is no geography.' } // prettier-ignore
    const ground = await groundUnder(places, 160, atlas)
    const size = { widthMm: 160, grey: true }
    expect(parsed(isoglossFigure(none, ground, size)).text).toContain('No line: There is no geography.')
    const variants = ['Chnöi <i>', 'Brötli']
    const { geometry, properties } = lineAnswer.line!.features[0]!
    const coordinates = geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates
    const line = { type: 'Feature', properties, geometry: { type: 'MultiLineString', coordinates } } as const
    const lines = [line, null].map((one) => ({ variants, informants: 9, p: 0.01, line: one, reason: null }))
    const count = (least: number) => ({ ...lineAnswer.support, properties: { count: least } })
    const { text, elements } = parsed(
      bundleFigure(
        {
          lines,
          cellKm: 12.4,
          greatest: 0.9,
          expected: { type: 'FeatureCollection', features: [count(0.2), count(0.4)] },
          support: lineAnswer.support,
        },
        ground,
        size,
      ),
    )
    for (const words of ['1 of 2 questions have a line; none have Chnöi <i> and Brötli', 'cell of 12 km', '0.2 to 0.4 expected', 'over 0.4 expected']) expect(text).toContain(words) // prettier-ignore
    expect(elements.filter(({ attributes }) => attributes['stroke-width'] === '1.4' && attributes['d'])).toHaveLength(1)
  })
})

describe('the figures of runs', () => {
  const run = (model: string) => ({ id: 'a', experiment: 'e', labels: 'kd', model, labelsMethod: 'kd-tree', method: 'attention-cnn', tasks: [], seed: 1, status: 'finished' }) as RunSummary // prettier-ignore
  const errorKm = Float32Array.from({ length: 60 }, (_, i) => 2 + 8 * i)
  const lonLat = Float32Array.from({ length: 120 }, (_, i) => (i % 2 === 0 ? 6.5 + (i % 50) / 15 : 46 + (i % 29) / 20))
  const errors = (model: string): RunErrors => ({ run: run(model), documents: 60, rows: new Int32Array(60), errorKm, labels: null, guessedLabels: null, trueLonLat: lonLat, guessLonLat: lonLat }) // prettier-ignore
  const size = { widthMm: 120, grey: true }

  it('place each document of a map in one hexagon, by classes of the median error', async () => {
    const { elements, text } = parsed(errorMapFigure(errors('stl'), await groundUnder(lonLat, 120, atlas), size))
    const hexagons = elements.filter(
      ({ attributes }) => attributes['stroke-width'] === '0.25' && attributes['fill'] !== 'none',
    )
    expect(hexagons.length).toBeGreaterThan(10)
    expect(text).toMatch(/60 documents/)
    expect(text).toMatch(/161 to 300 km/)
  })

  it('place each predicted text in one hexagon, by classes of its certainty', async () => {
    const ground = await groundUnder(lonLat, 120, atlas)
    const probabilities = Array.from({ length: lonLat.length / 2 }, (_, i) => (i % 2 ? 0.9 : 0.05))
    const drawn = parsed(predictionsFigure({ lonLat, probabilities }, ground, size))
    expect(drawn.text).toMatch(/60 texts/)
    expect(drawn.text).toMatch(/probability under 0\.1/)
    expect(drawn.text).toMatch(/over 0\.8/)
    // A model without labels has places alone.
    expect(parsed(predictionsFigure({ lonLat, probabilities: null }, ground, size)).text).not.toMatch(/probability/)
  })

  it('draw flows between territories, the greatest broadest, and lines of single documents', async () => {
    const label = (index: number, lon: number) => ({
      index,
      name: `${index}`,
      city: `City ${index}`,
      lon,
      lat: 46.5,
      documents: 9,
    })
    const labels = { labels: [label(1, 6.5), label(2, 8), label(3, 9.5)], borderVertices: Float32Array.of(7, 46, 7, 47), borderStarts: Uint32Array.of(0, 2) } as unknown as LabelMap // prettier-ignore
    const wrong: RunErrors = {
      ...errors('stl'),
      labels: Int32Array.from({ length: 60 }, () => 1),
      guessedLabels: Int32Array.from({ length: 60 }, (_, i) => (i < 40 ? 2 : i < 45 ? 3 : 1)),
      guessLonLat: lonLat.map((v) => v + 0.5),
    }
    const ground = await groundUnder(lonLat, 120, atlas)
    const flows = parsed(flowsFigure(wrong, labels, ground, size))
    expect(flows.text).toContain('45 of 60 test documents are put into another territory than their own, in 2 flows.')
    const widths = flows.elements.flatMap(({ attributes }) =>
      attributes['stroke-linecap'] === 'round' && attributes['d'] ? [attributes['stroke-width']] : [],
    )
    expect(widths).toEqual(['0.4', '2.4'])
    for (const words of ['City 1', 'City 2', '40 documents', '5 documents']) expect(flows.text).toContain(words)
    const lines = parsed(errorLinesFigure(wrong, Uint32Array.of(3, 1), 'the longest errors', ground, size))
    expect(lines.text).toContain('Great circles of 2 of 60 test documents: the longest errors.')
    // The caption is what the file says of itself.
    expect(flows.elements.filter(({ name }) => name === 'desc')).toHaveLength(1)
  })

  it('draw attention as classes of its multiple, several documents to a row where there are many', () => {
    const offsets = Uint32Array.of(0, 2, 3, 5)
    const attention = { rows: new Int32Array(3), offsets, weights: Float32Array.of(0.4, 1.6, 1, 4.5, 0), wordsPerPosition: 3, peaks: [], labels: [] } // prettier-ignore
    expect(Array.from(bandWeights(attention, Int32Array.of(1, 0), 3))).toEqual([expect.closeTo(0.7), expect.closeTo(1.6), NaN]) // prettier-ignore
    const shown = { documents: Int32Array.of(2, 0, 1), order: 'west to east' }
    const { elements, text } = parsed(attentionFigure(attention, run('net'), shown, size))
    const cells = elements.filter(({ name }) => name === 'path').map(({ attributes }) => attributes['d']!.split('M').length - 1) // prettier-ignore
    // Of 0, 0.25, 1, 1.5 and 4 times the uniform weight one cell each.
    expect(cells).toEqual([1, 1, 1, 1, 1])
    expect(text).toContain('Attention of 3 test documents, west to east')
    for (const words of ['west', 'east', '≥ 4', 'Position (3 words each)']) expect(text).toContain(words)
  })

  it('tell the tail of errors and how runs learnt, a dashed line each, the kept epoch marked', () => {
    const tail = parsed(errorTailFigure([errors('stl'), errors('mtl')], 'e', size))
    expect(tail.text).toContain('kd/mtl, seed 1: 60 documents, median 238 km')
    const epochs = [1, 2, 3].map((epoch) => ({ epoch, trainLoss: 3 - epoch / 2, devLoss: 3, devMedianErrorKm: 100 - epoch, best: epoch === 2 }) as EpochMetrics) // prettier-ignore
    const curves = parsed(
      learningCurvesFigure(
        [
          { run: run('stl'), epochs },
          { run: run('mtl'), epochs },
        ],
        'e',
        size,
      ),
    )
    expect(curves.elements.filter(({ name }) => name === 'circle')).toHaveLength(6)
    const lines = curves.elements.filter(
      ({ name, attributes }) => name === 'path' && attributes['stroke-width'] === '1.4',
    )
    expect(lines.map(({ attributes }) => attributes['stroke-dasharray'] ?? '')).toEqual([
      '',
      '6 2.5',
      '',
      '6 2.5',
      '',
      '6 2.5',
    ])
  })
})

describe('words in a figure', () => {
  it('are broken at blanks to lines that fit, and none is lost', () => {
    const words = 'Share of informants by a Gaussian kernel of 51 km, shown where at least ten informants speak.'
    const lines = wrap(words, 120, 7)
    expect(lines.join(' ')).toBe(words)
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) expect(textWidth(line, 7)).toBeLessThanOrEqual(120)
  })
})
