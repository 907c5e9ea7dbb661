import { describe, expect, it } from 'vitest'
import { parseAngle } from './angle.ts'

describe('parseAngle', () => {
  it.each([
    ['47.3769', 47.3769, null],
    ['47,3769', 47.3769, null],
    ['４７．３７６９', 47.3769, null],
    ['٤٧٫٣٧٦٩', 47.3769, null],
    ['\u200e-47.3769\u200f', -47.3769, null],
    ['४७.५', 47.5, null],
    ['47º 22´ 37¨ N', 47 + 22 / 60 + 37 / 3600, 'lat'],
    ['−8.54', -8.54, null],
    ['–8.54°', -8.54, null],
    ['47°22\'37"N', 47 + 22 / 60 + 37 / 3600, 'lat'],
    ['8°32’30”E', 8 + 32 / 60 + 30 / 3600, 'lon'],
    ['47° 22\' 37.5" N', 47 + 22 / 60 + 37.5 / 3600, 'lat'],
    ["47°22'37''", 47 + 22 / 60 + 37 / 3600, null],
    ['47º22′37″ S', -(47 + 22 / 60 + 37 / 3600), 'lat'],
    ["47° 22.62' N", 47 + 22.62 / 60, 'lat'],
    ['47 22,62 N', 47 + 22.62 / 60, 'lat'],
    ['47 22 37', 47 + 22 / 60 + 37 / 3600, null],
    ['47:22:37', 47 + 22 / 60 + 37 / 3600, null],
    ['-79 59 24', -(79 + 59 / 60 + 24 / 3600), null],
    ["-0°30'", -0.5, null],
    ['47.3769 N', 47.3769, 'lat'],
    ['N 47.3769', 47.3769, 'lat'],
    ['N47.3769', 47.3769, 'lat'],
    ['8.5E', 8.5, 'lon'],
    ['79.99W', -79.99, 'lon'],
    ['-79.99 W', -79.99, 'lon'],
    ['E 8° 32\' 30"', 8 + 32 / 60 + 30 / 3600, 'lon'],
    ['8,54 O', 8.54, 'lon'],
    ['8,54° Ost', 8.54, 'lon'],
    ['47° nördlich', null, null],
    ['47,37° n. Br.', 47.37, 'lat'],
    ['8,54° ö. L.', 8.54, 'lon'],
    ['55.75 с.ш.', 55.75, 'lat'],
    ['37.61 в.д.', 37.61, 'lon'],
    ["'47.3769", 47.3769, null],
    ['’-8.54', -8.54, null],
    ['47.37 deg', 47.37, null],
    ['47d22m37s', 47 + 22 / 60 + 37 / 3600, null],
    ['47d22m37sN', 47 + 22 / 60 + 37 / 3600, 'lat'],
    ['lat: 47.37', 47.37, null],
    ['Latitude 47.37 S', -47.37, 'lat'],
    ['4723N', 47 + 23 / 60, 'lat'],
    ['00833E', 8 + 33 / 60, 'lon'],
    ['472237N', 47 + 22 / 60 + 37 / 3600, 'lat'],
    ["47°72'", null, null],
    ['-47 N', null, null],
    ['Zürich', null, null],
    ['', null, null],
    ['12 apples', null, null],
    ['1.234,56', null, null],
  ])('reads %j as %s', (text, degrees, axis) => {
    const found = parseAngle(text)
    if (degrees === null) expect(found).toBeNull()
    else {
      expect(found?.degrees).toBeCloseTo(degrees, 9)
      expect(found?.axis).toBe(axis)
    }
  })

  it('takes O for Ost, and for west where it is told so', () => {
    expect(parseAngle('8.5 O')?.degrees).toBe(8.5)
    expect(parseAngle('8.5 O', true)?.degrees).toBe(-8.5)
  })
})
