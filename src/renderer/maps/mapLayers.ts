import { SolidPolygonLayer } from '@deck.gl/layers'
import type { Layer } from '@deck.gl/core'
import type { Basemap } from './basemap.ts'
import { cividis, countShare } from './cividis.ts'
import type { Extent } from './extent.ts'
import { hexagonTriangles, hexbin, type Hexbins } from './hexbin.ts'
import { PlanarLayer, type Rgba } from './PlanarLayer.ts'
import type { ColourRole, Palette } from './palette.ts'
import type { PlanarView } from './planarView.ts'

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
export function coverage(last: Coverage | null, view: PlanarView, shown: Extent): Coverage {
  const zoom = Math.round(view.zoom * 2) / 2
  const inside =
    last !== null &&
    last.zoom === zoom &&
    shown.minX >= last.extent.minX &&
    shown.maxX <= last.extent.maxX &&
    shown.minY >= last.extent.minY &&
    shown.maxY <= last.extent.maxY
  if (inside) return last
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
    if (layer.positions.length / 2 <= above || countIn(layer.positions, cover.extent) <= above) return { layer, form: 'plain' }
    if (then === 'hide') return { layer, form: 'hidden' }
    const bins = hexbin(layer.positions, hexagonPx / 2 ** cover.zoom, cover.extent)
    return { layer, form: 'hexagons', bins, most: bins.counts.reduce((a, b) => Math.max(a, b), 0) }
  })
}

/** Buffers of a set of hexagons, made once for each theme. */
const hexagonCache = new WeakMap<Hexbins, { dark: boolean; positions: Float32Array; colours: Uint8Array }>()

function hexagonBuffers(bins: Hexbins, most: number, dark: boolean) {
  const cached = hexagonCache.get(bins)
  if (cached?.dark === dark) return cached
  const colours = new Uint8Array(bins.counts.length * 48)
  bins.counts.forEach((count, i) => {
    const share = countShare(count, most)
    // Sparse hexagons are paler as well: on light paper the scale's yellow would shout where there is least.
    const vertex = [...cividis(share, dark), 90 + 150 * share]
    for (let k = 0; k < 12; k++) colours.set(vertex, 48 * i + 4 * k)
  })
  const made = { dark, positions: hexagonTriangles(bins), colours }
  hexagonCache.set(bins, made)
  return made
}

function faded([r, g, b, a]: Rgba, opacity: number): Rgba {
  return [r, g, b, Math.round(a * Math.min(1, Math.max(0, opacity)))]
}

/** deck.gl's layers for what was resolved. */
export function deckLayers(resolved: ResolvedLayer[], palette: Palette): Layer[] {
  return resolved.flatMap(({ layer, form, bins, most }): Layer[] => {
    const colour = faded(palette[layer.colour], layer.opacity)
    if (layer.kind === 'lines') {
      const { id, segments, alphas } = layer
      return [new PlanarLayer({ id, topology: 'line-list', positions: segments, colour, alphas: alphas ?? null })]
    }
    if (form === 'hidden') return []
    if (form === 'hexagons' && bins) {
      const { positions, colours } = hexagonBuffers(bins, most ?? 1, palette.dark)
      return [new PlanarLayer({ id: `${layer.id}-hexagons`, topology: 'triangle-list', positions, colours, colour: [0, 0, 0, 255] })]
    }
    return [
      new PlanarLayer({ id: layer.id, topology: 'point-list', positions: layer.positions, colour, pointSizePx: layer.sizePx }),
    ]
  })
}

/** Land and borders, under everything else. */
export function basemapLayers(map: Basemap, outline: Float32Array, palette: Palette): Layer[] {
  const line = (id: string, positions: Float32Array, colour: Rgba) =>
    new PlanarLayer({ id, topology: 'line-list', positions, colour })
  return [
    new SolidPolygonLayer({
      id: 'land',
      data: map.land,
      getPolygon: (polygon: Basemap['land'][number]) => polygon,
      positionFormat: 'XY',
      getFillColor: palette.surface,
      updateTriggers: { getFillColor: palette.surface.join() },
    }),
    line('states', map.states, faded(palette.line, 0.75)),
    line('borders', map.borders, faded(palette.inkSoft, 0.8)),
    line('coast', map.coast, faded(palette.inkSoft, 0.7)),
    line('outline', outline, faded(palette.line, 1)),
  ]
}
