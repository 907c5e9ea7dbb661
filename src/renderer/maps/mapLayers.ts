import type { ColourRole } from '../colours/palette.ts'
import { contains, type Extent } from '#pure/maps/extent.ts'
import type { FlatPolygon } from '#pure/maps/flatSink.ts'
import { hexbin, type Hexbins } from '#pure/maps/hexbin.ts'
import type { Shade } from '#pure/maps/shades.ts'
import type { MapCamera } from './mapCamera.ts'

/** What a view asks a map to draw, as plain data; the first of a list lies lowest. */
export type MapLayer =
  | {
      kind: 'points'
      id: string
      /** Planar km, interleaved. */
      positions: Float32Array
      colour: ColourRole
      /** 0-1. */
      opacity: number
      sizePx: number
      /** Instead of one colour, a shade for each point. */
      shades?: Shade[]
      /** More than this many in view are drawn as hexagons with counts; `hide` leaves them out instead. */
      crowd?: { above: number; then: 'hexagons' | 'hide' }
    }
  | {
      kind: 'lines'
      id: string
      /** x1, y1, x2, y2 of each piece, planar km. */
      segments: Float32Array
      colour: ColourRole
      opacity: number
      /** Opacity (0-255) of each end of a piece. */
      alphas?: Uint8Array
      /** Left out: a hairline. */
      widthPx?: number
    }
  | {
      /** They lie on the land and under its borders. */
      kind: 'areas'
      id: string
      polygons: FlatPolygon[]
      colour: ColourRole | Shade
      opacity: number
    }

/** Points beyond this number in view become hexagons. */
export const crowdedAbove = 20_000
/** Corner radius of a hexagon on the screen. */
const hexagonPx = 7

/** The part of the plane that points are counted and hexagons are made for: the view and as much round it. */
export interface Coverage {
  extent: Extent
  /** Zoom in half steps, which sizes the hexagons. */
  zoom: number
}

/** Keeps the last coverage while the view stays in it, so that a pan does not count anew at every frame. */
export function coverage(last: Coverage | null, view: MapCamera, shown: Extent): Coverage {
  const zoom = Math.round(view.zoom * 2) / 2
  if (last !== null && last.zoom === zoom && contains(last.extent, shown)) return last
  const width = shown.maxX - shown.minX
  const height = shown.maxY - shown.minY
  return {
    zoom,
    extent: {
      minX: shown.minX - width / 2,
      minY: shown.minY - height / 2,
      maxX: shown.maxX + width / 2,
      maxY: shown.maxY + height / 2,
    },
  }
}

/** How many points lie in a box. */
export function countIn(positions: Float32Array, extent: Extent): number {
  let count = 0
  for (let i = 0; i + 1 < positions.length; i += 2) {
    const x = positions[i]!
    const y = positions[i + 1]!
    if (x >= extent.minX && x <= extent.maxX && y >= extent.minY && y <= extent.maxY) count++
  }
  return count
}

/** A descriptor with what the coverage makes of it: points, hexagons, or nothing. */
export interface ResolvedLayer {
  layer: MapLayer
  form: 'plain' | 'hidden' | 'hexagons'
  bins?: Hexbins
  /** For hexagons: the fullest bin. */
  most?: number
}

/** Decides for each layer whether its points are too many for the view. */
export function resolveLayers(layers: MapLayer[], cover: Coverage): ResolvedLayer[] {
  return layers.map((layer): ResolvedLayer => {
    if (layer.kind !== 'points' || !layer.crowd) return { layer, form: 'plain' }
    // The coverage has four times the area of the view.
    const { above, then } = layer.crowd
    if (layer.positions.length / 2 <= above || countIn(layer.positions, cover.extent) <= above)
      return { layer, form: 'plain' }
    if (then === 'hide') return { layer, form: 'hidden' }
    const bins = hexbin(layer.positions, hexagonPx / 2 ** cover.zoom, cover.extent)
    return { layer, form: 'hexagons', bins, most: bins.counts.reduce((a, b) => Math.max(a, b), 0) }
  })
}
