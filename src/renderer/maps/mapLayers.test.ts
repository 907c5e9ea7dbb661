import { describe, expect, it } from 'vitest'
import { cividis, countShare } from '#pure/maps/cividis.ts'
import { visibleExtent } from './mapCamera.ts'
import { coverage, resolveLayers, type MapLayer } from './mapLayers.ts'

const view = { x: 0, y: 0, zoom: 0 }
const shown = visibleExtent(view, 400, 300)
const points = (count: number, spreadKm: number) =>
  Float32Array.from({ length: 2 * count }, (_, i) => (((i * 7919) % 1000) / 1000 - 0.5) * spreadKm)
const layer = (positions: Float32Array, then: 'hexagons' | 'hide'): MapLayer => ({
  kind: 'points',
  id: 'points',
  positions,
  colour: 'kd',
  opacity: 1,
  sizePx: 3,
  crowd: { above: 500, then },
})

describe('crowded layers', () => {
  it('become hexagons that count every point in view, and points again where few are left', () => {
    const crowd = points(2000, 300)
    const [far] = resolveLayers([layer(crowd, 'hexagons')], coverage(null, view, shown))
    expect(far?.form).toBe('hexagons')
    expect(far?.bins?.counts.reduce((a, b) => a + b, 0)).toBe(2000)
    expect(far?.most).toBe(Math.max(...far!.bins!.counts))
    const near = { x: 0, y: 0, zoom: 4 }
    const [close] = resolveLayers([layer(crowd, 'hexagons')], coverage(null, near, visibleExtent(near, 400, 300)))
    expect(close?.form).toBe('plain')
  })

  it('are left out when they only help among few', () => {
    const cover = coverage(null, view, shown)
    expect(resolveLayers([layer(points(2000, 300), 'hide')], cover)[0]?.form).toBe('hidden')
    expect(resolveLayers([layer(points(400, 300), 'hide')], cover)[0]?.form).toBe('plain')
  })

  it('are counted anew only when the view leaves what was counted, or zooms', () => {
    const first = coverage(null, view, shown)
    const moved = { ...view, x: 100 }
    expect(coverage(first, moved, visibleExtent(moved, 400, 300))).toBe(first)
    const gone = { ...view, x: 300 }
    expect(coverage(first, gone, visibleExtent(gone, 400, 300))).not.toBe(first)
    const closer = { ...view, zoom: 1 }
    expect(coverage(first, closer, visibleExtent(closer, 400, 300)).zoom).toBe(1)
  })
})

it('shows more as brighter on dark and as darker on light', () => {
  const lightness = (share: number, dark: boolean) => cividis(share, dark).reduce((a, b) => a + b, 0)
  for (let step = 0; step < 10; step++) {
    const share = step / 10
    expect(lightness(share + 0.1, true)).toBeGreaterThan(lightness(share, true))
    expect(lightness(share + 0.1, false)).toBeLessThan(lightness(share, false))
  }
  expect([countShare(1, 100), countShare(10, 100), countShare(100, 100), countShare(1, 1)]).toEqual([0, 0.5, 1, 1])
})
