import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains, grow, robustExtent } from '#pure/maps/extent.ts'
import { closestZoom, fitCamera, panned, toPlane, toScreen, visibleExtent, zoomed } from './mapCamera.ts'
import { placeNames } from './placeNames.ts'
import { scaleBar } from '#pure/maps/scaleBar.ts'

const number = fc.double({ min: -5000, max: 5000, noNaN: true })

describe('planar view', () => {
  it('shows a whole box, and goes to the plane and back', () => {
    fc.assert(
      fc.property(
        number,
        number,
        fc.double({ min: 1, max: 4000, noNaN: true }),
        fc.double({ min: 1, max: 4000, noNaN: true }),
        (x, y, w, h) => {
          const extent = { minX: x, minY: y, maxX: x + w, maxY: y + h }
          const view = fitCamera(extent, 500, 300)
          const shown = visibleExtent(view, 500, 300)
          expect(contains(grow(shown, 1e-9), extent)).toBe(true)
          const [px, py] = toScreen(view, 500, 300, x, y)
          const [backX, backY] = toPlane(view, 500, 300, px, py)
          expect(backX).toBeCloseTo(x, 5)
          expect(backY).toBeCloseTo(y, 5)
        },
      ),
      { seed: 1 },
    )
  })

  it('moves by pixels within the bounds and zooms within its limits', () => {
    const bounds = { minX: -10, minY: -10, maxX: 10, maxY: 10 }
    expect(panned({ x: 0, y: 0, zoom: 1 }, 8, -4, bounds)).toEqual({ x: 4, y: -2, zoom: 1 })
    expect(panned({ x: 0, y: 0, zoom: 1 }, 800, 0, bounds).x).toBe(10)
    expect(zoomed({ x: 0, y: 0, zoom: 0 }, 100, -3).zoom).toBe(closestZoom)
    expect(zoomed({ x: 0, y: 0, zoom: 0 }, -100, -3).zoom).toBe(-3)
  })
})

describe('extents', () => {
  it('leave the outermost half per cent out, and what cannot be projected', () => {
    const xy = Float32Array.from(Array.from({ length: 1000 }, (_, i) => [i, -i]).flat())
    xy[0] = Number.NaN
    xy[20] = 1e6
    expect(robustExtent(xy)).toEqual({ minX: 5, minY: -995, maxX: 996, maxY: -5 })
    expect(robustExtent(new Float32Array([Number.NaN, 0]))).toBeNull()
  })

  it('never grow from a point to nothing', () => {
    const grown = grow({ minX: 3, minY: 4, maxX: 3, maxY: 4 }, 0.1, 20)
    expect(grown.maxX - grown.minX).toBeGreaterThanOrEqual(20)
  })
})

it('draws scale bars of 1, 2 or 5 times a power of ten that fit', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 200, noNaN: true }), (kmPerPx) => {
      const { km, px } = scaleBar(kmPerPx, 110)
      expect(px).toBeLessThanOrEqual(110.0001)
      expect(px).toBeGreaterThan(110 / 2.6)
      expect([1, 2, 5]).toContain(Math.round(km / 10 ** Math.floor(Math.log10(km * 1.0001))))
    }),
    { seed: 2 },
  )
})

it('places heavier names first and never one over another', () => {
  const places = Array.from({ length: 40 }, (_, i) => ({ px: (i * 53) % 300, py: (i * 37) % 200, text: `Place ${i}` }))
  const placed = placeNames(places, 300, 200, 12)
  expect(placed.length).toBeGreaterThan(4)
  expect(placed.length).toBeLessThanOrEqual(12)
  expect(placed[0]!.text).toBe('Place 1')
  const wall = { left: 0, right: 300, top: 0, bottom: 100 }
  expect(placeNames(places, 300, 200, 40, [wall]).every(({ baseline }) => baseline > 100)).toBe(true)
  for (const a of placed) {
    for (const b of placed) {
      if (a === b || Math.abs(a.baseline - b.baseline) >= 14) continue
      const width = Math.min(a.text.length, b.text.length) * 6.9
      expect(Math.abs(a.left - b.left)).toBeGreaterThanOrEqual(width)
    }
  }
})
