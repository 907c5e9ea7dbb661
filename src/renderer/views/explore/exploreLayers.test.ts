import { describe, expect, it } from 'vitest'
import type { LineAnswer, MapAnswer } from '#protocol/explorer.ts'
import { chooseProjection } from '#pure/maps/projection.ts'
import { lonLatOf } from '#pure/maps/siteColumns.ts'
import { shadeColour } from '#pure/maps/shades.ts'
import { exploreLayers, explorePlane, leaderOf, shareOf } from './exploreLayers.ts'

const square = (size: number): MapAnswer['support']['geometry'] => ({
  type: 'MultiPolygon',
  coordinates: [[[8, 47], [8 + size, 47], [8 + size, 47 + size], [8, 47 + size], [8, 47]].map((place) => [...place])].map((ring) => [ring]), // prettier-ignore
})
type Site = [lon: number, informants: number, ...users: number[]]
const answer = (variants: string[], sites: Site[], levels: number[]): MapAnswer => ({
  informants: 10,
  sites: sites.length,
  perVariant: variants.map((variant) => ({ variant, informants: 5, occurrences: 6 })),
  test: null,
  bandwidthKm: 50,
  criterion: [],
  surface: {
    type: 'FeatureCollection',
    features: levels.map((share, k) => ({
      type: 'Feature',
      properties: { variant: variants[0]!, share },
      geometry: square(2 - k / 2),
    })),
  },
  support: { type: 'Feature', properties: {}, geometry: square(3) },
  points: {
    lat: sites.map(() => 47.5),
    lon: sites.map(([lon]) => lon),
    informants: sites.map(([, informants]) => informants),
    users: variants.map((_, k) => sites.map((site) => site[2 + k]!)),
  },
})

describe('explorePlane', () => {
  it('puts those with most of a variant on top, each in the colour of its class', () => {
    const found = answer(
      ['pop'],
      [
        [8, 10, 9],
        [9, 10, 0],
        [10, 10, 3],
      ],
      [0.2, 0.5],
    )
    const plane = explorePlane(found, chooseProjection(lonLatOf(found.points)))
    expect([...plane.order]).toEqual([1, 2, 0])
    expect(plane.classes.map(({ from, to }) => [from, to])).toEqual([
      [null, 0.2],
      [0.2, 0.5],
      [0.5, null],
    ])
    expect(plane.shades).toEqual(plane.classes.map(({ shade }) => shade))
    expect(plane.areas).toHaveLength(3)
    expect(plane.sites[0]!).toBeGreaterThan(plane.sites[4]!)
  })

  it('shades two variants through their middle, and more by the one that leads', () => {
    const two = answer(
      ['pop', 'soda'],
      [
        [8, 10, 5, 5],
        [9, 10, 0, 10],
      ],
      [0.5],
    )
    expect(explorePlane(two, chooseProjection(lonLatOf(two.points))).shades).toEqual([
      { scale: 'diverging', value: 0 },
      { scale: 'diverging', value: 0.5 },
    ])
    const three = answer(
      ['pop', 'soda', 'coke'],
      [
        [8, 10, 1, 2, 7],
        [9, 10, 5, 5, 0],
      ],
      [0.5],
    )
    const plane = explorePlane(three, chooseProjection(lonLatOf(three.points)))
    expect(plane.shades).toEqual([
      { scale: 'categories', value: 2 },
      { scale: 'categories', value: 0 },
    ])
    expect(plane.areas).toEqual([])
  })

  it('fills the areas in which a variant leads with the colour of its sites', () => {
    const three = answer(
      ['pop', 'soda', 'coke'],
      [
        [8, 10, 1, 2, 7],
        [9, 10, 5, 5, 0],
      ],
      [],
    )
    const projection = chooseProjection(lonLatOf(three.points))
    const areas = { type: 'FeatureCollection', features: [{ type: 'Feature', properties: { variant: 'coke' }, geometry: square(1) }] } // prettier-ignore
    const line = { line: null, areas } as LineAnswer
    const shown = { points: false, surface: true, line: true, bands: true }
    const plane = explorePlane(three, projection)
    expect(exploreLayers(plane, line, projection, shown)).toMatchObject([
      { kind: 'areas', colour: plane.shades[0]!, opacity: 0.32 },
    ])
    expect(exploreLayers(plane, line, projection, { ...shown, surface: false })).toEqual([])
  })

  it('counts a share among all informants, or among users of the variants', () => {
    expect(shareOf({ informants: 20, users: [5] })).toBe(0.25)
    expect(shareOf({ informants: 20, users: [5, 15] })).toBe(0.25)
    expect(shareOf({ informants: 20, users: [0, 0] })).toBe(0)
    expect(leaderOf([1, 4, 4])).toBe(1)
  })
})

describe('shadeColour', () => {
  it('grows darker with the share on paper and brighter in the dark', () => {
    const light = (value: number, dark: boolean) =>
      shadeColour({ scale: 'sequential', value }, dark).reduce((sum, channel) => sum + channel, 0)
    for (let k = 0; k < 8; k++) {
      expect(light((k + 1) / 8, false)).toBeLessThan(light(k / 8, false))
      expect(light((k + 1) / 8, true)).toBeGreaterThan(light(k / 8, true))
    }
  })
})
