import { describe, expect, it } from 'vitest'
import { gridsOf, parseMetres, unprojection } from './projection.ts'

/** Code, easting, northing, latitude and longitude as PROJ 9 (pyproj 3.7.2) has them. */
const reference: [number, number, number, number, number][] = [
  [2056, 2600000, 1200000, 46.951083, 7.438632],
  [2056, 2683141, 1247868, 47.376402, 8.539533],
  [21781, 683141, 247868, 47.376402, 8.539533],
  [32632, 465000, 5247000, 47.375521, 8.53637],
  [32630, 558353.5, 4117090.7, 37.198457, -2.342457],
  [32719, 350000, 6300000, -33.428898, -70.613491],
  [25832, 465000, 5247000, 47.375521, 8.53637],
  [3857, -8900000, 4900000, 40.233966, -79.95006],
  [27700, 530000, 180000, 51.503991, -0.128354],
  [27700, 325000, 674000, 55.95315, -3.202665],
  [31466, 2560000, 5640000, 50.892196, 6.852162],
  [31467, 3500000, 5400000, 48.737539, 8.998971],
  [31468, 4468000, 5333000, 48.134224, 11.568627],
  [31469, 5410000, 5655000, 51.023139, 13.715302],
  [31287, 625000, 483000, 48.206841, 16.361285],
  [2154, 652000, 6862000, 48.856248, 2.345812],
  [28992, 121000, 487000, 52.369826, 4.887971],
  [31370, 149000, 170000, 50.840411, 4.354555],
  [3035, 4321000, 3210000, 52, 10],
  [5070, 1500000, 2000000, 39.753548, -78.231562],
  [3067, 385000, 6672000, 60.168666, 24.927458],
  [3006, 674000, 6580000, 59.322873, 18.057965],
  [2180, 637000, 487000, 52.231977, 21.006704],
  [3003, 1515000, 5034000, 45.459186, 9.191499],
  [2193, 1749000, 5428000, -41.285699, 174.779336],
]

describe('unprojection', () => {
  it.each(reference)('converts EPSG:%i as PROJ does, to 10 m', (code, east, north, lat, lon) => {
    const found = unprojection(`EPSG:${code}`)(east, north)!
    expect(Math.abs(found.lat - lat)).toBeLessThan(1e-4)
    expect(Math.abs(found.lon - lon)).toBeLessThan(1.5e-4)
  })

  it('takes a Swiss pair either way round, and a definition of PROJ', () => {
    expect(unprojection('2056')(1247868, 2683141)!.lat).toBeCloseTo(47.3764, 4)
    expect(unprojection('+proj=utm +zone=32 +datum=WGS84')(465000, 5247000)!.lon).toBeCloseTo(8.53637, 5)
  })

  it.each(['EPSG:1', 'Swiss', '+proj=nonsense'])('refuses %s in words', (crs) => {
    expect(() => unprojection(crs)).toThrow(/cannot be used: .*EPSG:2056|Expected/)
  })
})

it('reads degrees that were made whole numbers', () => {
  expect(unprojection('E7')(85417000, 473769000)).toEqual({ lat: 47.3769, lon: 8.5417 })
})

it('reads metres as tables write them', () => {
  expect(parseMetres('2.683.141')).toBe(2683141)
  expect(parseMetres('1.247.868,5')).toBe(1247868.5)
  expect(["2'600'000", '2 600 000', '2,600,000', '558353.5', '558353,5', '1200000 m', 'x'].map(parseMetres)).toEqual([
    2600000,
    2600000,
    2600000,
    558353.5,
    558353.5,
    1200000,
    null,
  ])
})

it('names the grids that metres may belong to', () => {
  expect(gridsOf([{ lat: 1_200_000, lon: 2_600_000 }])[0]).toMatch(/LV95/)
  expect(gridsOf([{ lat: 2_600_000, lon: 1_200_000 }])[0]).toMatch(/LV95/)
  expect(gridsOf([{ lat: 4_117_090.7, lon: 558_353.5 }])[0]).toMatch(/UTM/)
  expect(gridsOf([{ lat: 180_000, lon: 530_000 }])).toContainEqual(expect.stringMatching(/British/) as string)
  expect(gridsOf([{ lat: 4_900_000, lon: -8_900_000 }])).toEqual([expect.stringMatching(/Mercator/) as string])
  expect(gridsOf([{ lat: 47, lon: 8 }])).toEqual([])
})
