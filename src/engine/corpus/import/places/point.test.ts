import { describe, expect, it } from 'vitest'
import { parsePoint } from './point.ts'

describe('parsePoint', () => {
  it.each([
    ['47.3769, 8.5417', [47.3769, 8.5417, null]],
    ['47.3769,8.5417', [47.3769, 8.5417, null]],
    ['47.3769 8.5417', [47.3769, 8.5417, null]],
    ['47.3769;8.5417', [47.3769, 8.5417, null]],
    ['47.3769 / -8.5417', [47.3769, -8.5417, null]],
    ['(47.3769, 8.5417)', [47.3769, 8.5417, null]],
    ['47,3769; 8,5417', [47.3769, 8.5417, null]],
    ['47,3769 8,5417', [47.3769, 8.5417, null]],
    ['47,3769, 8,5417', [47.3769, 8.5417, null]],
    ['47.3769N 8.5417E', [47.3769, 8.5417, 'lat-lon']],
    ['8.5417 E, 47.3769 N', [8.5417, 47.3769, 'lon-lat']],
    ['47°22\'37"N, 8°32\'30"E', [47.37694, 8.54167, 'lat-lon']],
    ['47 22 37 N 8 32 30 E', [47.37694, 8.54167, 'lat-lon']],
    ['4723N 00833E', [47.38333, 8.55, 'lat-lon']],
    ['POINT (8.5417 47.3769)', [8.5417, 47.3769, 'lon-lat']],
    ['SRID=4326;POINT(-79.9 40.4)', [-79.9, 40.4, 'lon-lat']],
    ['MULTIPOINT ((8.5417 47.3769))', [8.5417, 47.3769, 'lon-lat']],
    ['0101000020E6100000857CD0B35915214063EE5A423EB04740', [8.5417, 47.3769, 'lon-lat']],
    ['000000000140211559B3D07C854047B03E425AEE63', [8.5417, 47.3769, 'lon-lat']],
    ["{'type': 'Point', 'coordinates': [8.5, 47.4], 'x': None}", [8.5, 47.4, 'lon-lat']],
    ['POINT Z (8.5417 47.3769 400)', [8.5417, 47.3769, 'lon-lat']],
    ['{"type":"Point","coordinates":[8.5,47.4]}', [8.5, 47.4, 'lon-lat']],
    ['{"lat":47.4,"lng":8.5}', [47.4, 8.5, 'lat-lon']],
    ['[47.4, 8.5]', [47.4, 8.5, null]],
    ['[47.4, 8.5, 400]', [47.4, 8.5, null]],
    ['geo:47.4,8.5;u=10', [47.4, 8.5, 'lat-lon']],
  ] as const)('reads %j', (text, [first, second, order]) => {
    const found = parsePoint(text)
    expect(found?.first).toBeCloseTo(first, 4)
    expect(found?.second).toBeCloseTo(second, 4)
    expect(found?.order).toBe(order)
    expect(found?.fromBox).toBe(false)
  })

  it('takes the middle of a box, as tweets have it', () => {
    const ring = '[[[-80.2,40.3],[-79.8,40.3],[-79.8,40.5],[-80.2,40.5]]]'
    const middle = { first: -80, second: 40.4, order: 'lon-lat', fromBox: true }
    expect(parsePoint(ring)).toEqual(middle)
    expect(parsePoint(`{"type":"Polygon","coordinates":${ring}}`)).toEqual(middle)
    expect(parsePoint('[-80.2,40.3,-79.8,40.5]')).toEqual(middle)
    expect(parsePoint('POLYGON ((-80.2 40.3,-79.8 40.3,-79.8 40.5,-80.2 40.3))')).toEqual(middle)
    const many = Array.from({ length: 200 }, () => '-80.2 40.3').join(', ')
    expect(parsePoint(`MULTIPOLYGON (((${many}, -79.8 40.5)))`)).toEqual(middle)
  })

  it.each([
    '',
    'Zürich',
    '47.3769',
    'a, b',
    '1, 2, 3',
    '[1]',
    '{"x":1}',
    'POINT EMPTY',
    '47 N, 48 N',
    '[[1,2],["a",3]]',
  ])('does not take %j', (text) => {
    expect(parsePoint(text)).toBeNull()
  })
})
