import { describe, expect, it } from 'vitest'
import { RowFields } from '../form/rowFields.ts'
import { placeConventions } from './conventions.ts'
import { PlaceReader, type PlaceColumns } from './placeReader.ts'

/** What is read of each row, and what is told. */
function read(
  rows: string[][],
  place: PlaceColumns,
  { crs, namedDegrees = true }: { crs?: string; namedDegrees?: boolean } = {},
) {
  const { conventions, notes } = placeConventions(place, rows, crs, namedDegrees)
  const reader = new PlaceReader(place, conventions)
  const found = rows.map((row) => {
    const fields = new RowFields(row.length)
    fields.setTexts(row)
    const problem = reader.read(fields)
    return problem
      ? `${problem.reason}: ${problem.explanation}`
      : [Number(reader.lat.toFixed(4)), Number(reader.lon.toFixed(4))]
  })
  return { found, notes, counts: reader.counts }
}
const pair = { lat: 0, lon: 1 }

describe('PlaceReader', () => {
  it('reads notations in two columns, and lets letters say which is which', () => {
    expect(
      read(
        [
          ['47.5', '8.25'],
          ["47°30'N", "8°15'E"],
          ['8,25 E', '47,5 N'],
          ['−33.5', '70.6 W'],
        ],
        pair,
      ).found,
    ).toEqual([
      [47.5, 8.25],
      [47.5, 8.25],
      [47.5, 8.25],
      [-33.5, -70.6],
    ])
    expect(read([['47.5 N', '8.25 N']], pair).found[0]).toMatch(
      /^no-coordinates: Latitude "47.5 N" or longitude "8.25 N" is missing or no number. Expected decimal degrees/,
    )
    expect(read([['', '']], pair).found[0]).toMatch(/Latitude and longitude are missing/)
  })

  it('tells Ost from oeste by the other letters of the column, and tells where it cannot', () => {
    expect(
      read(
        [
          ['47 N', '8 O'],
          ['47 N', '3 W'],
        ],
        pair,
      ),
    ).toMatchObject({
      found: [
        [47, 8],
        [47, -3],
      ],
      notes: [],
    })
    expect(
      read(
        [
          ['40 N', '3 O'],
          ['40 N', '1 E'],
        ],
        pair,
      ),
    ).toMatchObject({
      found: [
        [40, -3],
        [40, 1],
      ],
      notes: [],
    })
    expect(read([['47 N', '8 O']], pair)).toMatchObject({
      found: [[47, 8]],
      notes: [expect.stringMatching(/O is read as Ost/) as string],
    })
  })

  it('takes longitudes from 0 to 360 where none is negative, and counts them', () => {
    expect(
      read(
        [
          ['-20', '170'],
          ['-17', '200'],
        ],
        pair,
      ),
    ).toMatchObject({
      found: [
        [-20, 170],
        [-17, -160],
      ],
      counts: { wrapped: 1 },
    })
    expect(
      read(
        [
          ['-20', '-170'],
          ['-17', '200'],
        ],
        pair,
      ).found[1],
    ).toMatch(/^out-of-range/)
  })

  it('names a projection, lost decimal points, swapped and unknown coordinates', () => {
    expect(read([['1200000', '2600000']], pair).found[0]).toMatch(
      /^out-of-range: .*projection: Swiss LV95 \(EPSG:2056\).*WGS84/,
    )
    expect(read([['4117090.7', '558353.5']], pair).found[0]).toMatch(/UTM/)
    expect(read([['4737', '854']], pair).found[0]).toMatch(/Decimal points seem to be lost/)
    expect(read([['473769', '85417']], pair).found[0]).toMatch(/projection.*Or decimal points are lost/)
    expect(read([['-122.4', '37.8']], pair).found[0]).toMatch(/look swapped/)
    expect(read([['0', '0']], pair).found[0]).toMatch(/^null-island/)
    expect(read([['0', '8']], pair)).toMatchObject({ found: [[0, 8]], counts: { zeroLat: 1 } })
  })

  it('converts metres where it is told of which projection', () => {
    expect(
      read(
        [
          ["1'247'868", "2'683'141"],
          ['2683141', '1247868'],
        ],
        pair,
        { crs: 'EPSG:2056' },
      ).found,
    ).toEqual([
      [47.3764, 8.5395],
      [47.3764, 8.5395],
    ])
    expect(read([['4117090.7', '558353.5']], pair, { crs: 'EPSG:32630' }).found).toEqual([[37.1985, -2.3425]])
    expect(read([['47.5', '8.25']], pair, { crs: 'EPSG:4326' }).found).toEqual([[47.5, 8.25]])
  })

  it('reads a point of one column in its own order, else in that of the column', () => {
    const point = (order: 'lat-lon' | 'lon-lat') => ({ point: 0, order })
    expect(read([['47.5, 8.25'], ['POINT (8.25 47.5)'], ['8.25 E, 47.5 N']], point('lat-lon')).found).toEqual([
      [47.5, 8.25],
      [47.5, 8.25],
      [47.5, 8.25],
    ])
    expect(read([['8.25, 47.5']], point('lon-lat')).found).toEqual([[47.5, 8.25]])
    expect(read([['[[[-80.2,40.3],[-79.8,40.3],[-79.8,40.5],[-80.2,40.5]]]']], point('lat-lon'))).toMatchObject({
      found: [[40.4, -80]],
      counts: { boxes: 1 },
    })
    expect(read([['nowhere'], ['']], point('lat-lon')).found).toEqual([
      expect.stringMatching(/"nowhere" are no point/),
      expect.stringMatching(/are missing/),
    ])
  })
})
