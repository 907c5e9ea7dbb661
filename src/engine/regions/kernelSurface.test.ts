import { describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { chooseBandwidth } from './bandwidth.ts'
import { chordKm } from './chords.ts'
import { equalAreaGrid } from './equalAreaGrid.ts'
import { kernelSurface } from './kernelSurface.ts'
import { landTest } from './land.ts'
import { observedOverExpected } from './observedOverExpected.ts'
import { cellsOfSites, mergeSites } from './siteCells.ts'
import { total } from './sites.ts'
import { plantedField } from './testing/plantedField.ts'

const { sites } = plantedField({ line: { widthKm: 50 }, sites: 120, informants: 900, siteEffectSd: 0.4, seed: 4 })
const vectors = unitVectors(sites)

describe('land', () => {
  it('is where the atlas has it, on both sides of the antimeridian', async () => {
    const isLand = await landTest()
    const places: [number, number, boolean][] = [
      [40, -95, true], [48.85, 2.35, true], [0, -30, false], [36, -70, false], [66.5, 179.5, true], [66.5, -179, true], [-80, 20, true], [54, -4.5, false], [35, 18, false],
    ] // prettier-ignore
    for (const [lat, lon, land] of places) expect(isLand(lat, lon), `${lat}, ${lon}`).toBe(land)
  })
})

describe('the equal-area grid', () => {
  it('covers the places with cells of one area, 200 along its longer side', () => {
    const grid = equalAreaGrid(sites, { cells: 200, isLand: null })
    expect(grid.columns).toBe(200)
    const node = 60 * grid.columns + 20
    const side = (a: number, b: number) =>
      haversineKm(grid.places.lat[a]!, grid.places.lon[a]!, grid.places.lat[b]!, grid.places.lon[b]!)
    expect(side(node, node + 1) * side(node, node + grid.columns)).toBeCloseTo(grid.cellKm ** 2, 0)
    for (let i = 0; i < sites.lat.length; i++) {
      const [x, y] = grid.plane.toPlane(sites.lat[i]!, sites.lon[i]!)
      expect(x).toBeGreaterThan(grid.west)
      expect(y).toBeLessThan(grid.south + grid.rows * grid.cellKm)
      const { lat, lon } = grid.plane.toPlace(x, y)
      expect(lat).toBeCloseTo(sites.lat[i]!, 9)
      expect(lon).toBeCloseTo(sites.lon[i]!, 9)
    }
  })

  it('lies about places on both sides of the antimeridian and all over the world', () => {
    const fiji = equalAreaGrid(
      { lat: Float64Array.of(-16, -18), lon: Float64Array.of(179, -179) },
      { cells: 50, isLand: null },
    )
    expect(fiji.cellKm * 50).toBeLessThan(400)
    const world = equalAreaGrid(
      { lat: Float64Array.of(60, -35, 35, -34), lon: Float64Array.of(-150, 150, 100, -60) },
      { cells: 60, isLand: null },
    )
    expect(world.places.lat.some((lat, node) => world.shown[node] === 1 && lat < -20)).toBe(true)
  })
})

describe('the surface', () => {
  it('is the share of users weighted by the kernel, blank where few speak', async () => {
    const { grid, bandwidth, shares, effectiveInformants } = await kernelSurface(
      sites,
      { cells: 40, isLand: null, bandwidthKm: 60 },
      quietContext,
    )
    let blank = 0
    for (let node = 0; node < grid.shown.length; node += 7) {
      let [up, down, squares] = [0, 0, 0]
      for (let i = 0; i < sites.lat.length; i++) {
        const kernel = Math.exp(-(chordKm(grid.vectors, node, vectors, i) ** 2) / (2 * bandwidth.bandwidthKm ** 2))
        up += kernel * sites.users[0]![i]!
        down += kernel * sites.informants[i]!
        squares += kernel ** 2 * sites.informants[i]!
      }
      expect(effectiveInformants[node]).toBeCloseTo(down ** 2 / squares, 4)
      if (down ** 2 / squares < 10) blank++
      if (down ** 2 / squares < 10) expect(shares[0]![node]).toBeNaN()
      else expect(shares[0]![node]).toBeCloseTo(up / down, 6)
    }
    expect(blank).toBeGreaterThan(0)
  })

  it('takes the bandwidth under which sites say the most of one another, found by the plain sum', async () => {
    const { bandwidthKm, curve } = await chooseBandwidth(vectors, sites.informants, sites.users, quietContext)
    expect(curve).toHaveLength(15)
    const people = total(sites.informants)
    const plain = (h: number) => {
      let sum = 0
      for (let i = 0; i < sites.lat.length; i++) {
        const estimates = sites.users.map((users) => {
          let [up, down] = [(0.5 * total(users)) / people, 0.5]
          for (let j = 0; j < sites.lat.length; j++) {
            const kernel = j === i ? 0 : Math.exp(-(chordKm(vectors, i, vectors, j) ** 2) / (2 * h * h))
            up += kernel * users[j]!
            down += kernel * sites.informants[j]!
          }
          return up / down
        })
        sites.users.forEach((users, v) => (sum += users[i]! === 0 ? 0 : users[i]! * Math.log(estimates[v]!)))
      }
      return sum / people
    }
    for (const { bandwidthKm: h, logLikelihood } of curve) expect(logLikelihood).toBeCloseTo(plain(h), 5)
    expect(bandwidthKm).toBe(curve.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a)).bandwidthKm)
    expect(bandwidthKm).toBeLessThan(150)
  })

  it('of one word alone is 1 where people use it as expected', async () => {
    const grid = equalAreaGrid(sites, { cells: 30, isLand: null })
    const expected = sites.informants.map((m) => m * 0.2)
    const ratio = await observedOverExpected(
      { ...sites, users: expected.map((e) => 3 * e), expected },
      grid,
      100,
      quietContext,
    )
    for (const value of ratio) if (!Number.isNaN(value)) expect(value).toBeCloseTo(3, 9)
  })
})

describe('cells of sites', () => {
  it('have like numbers of informants, keep all counts, and are sites where there are few', () => {
    expect([...cellsOfSites(sites, 500)]).toEqual([...sites.lat.keys()])
    const cellOf = cellsOfSites(sites, 30)
    const merged = mergeSites(sites, cellOf)
    expect(merged.lat).toHaveLength(30)
    expect(total(merged.informants)).toBe(total(sites.informants))
    expect(total(merged.users[1]!)).toBe(total(sites.users[1]!))
    // A site is never parted, so that the heaviest cell may be one large site.
    const largest = Math.max(...sites.informants)
    expect(Math.max(...merged.informants)).toBeLessThanOrEqual(Math.max(largest, (3 * 900) / 30))
  })
})
