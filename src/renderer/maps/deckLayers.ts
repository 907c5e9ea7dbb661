import { PathLayer, SolidPolygonLayer } from '@deck.gl/layers'
import type { Layer } from '@deck.gl/core'
import { cividis, countShare } from '#pure/maps/cividis.ts'
import type { Palette, Rgba } from '../colours/palette.ts'
import type { Basemap } from '#pure/maps/basemapShapes.ts'
import { hexagonTriangles, type Hexbins } from '#pure/maps/hexbin.ts'
import type { FlatPolygon } from '#pure/maps/flatSink.ts'
import { shadeColour, type Shade } from '#pure/maps/shades.ts'
import type { MapLayer, ResolvedLayer } from './mapLayers.ts'
import { PlanarLayer } from './PlanarLayer.ts'

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

/** Colours of points that have a shade each, made once for each theme. */
const shadeCache = new WeakMap<Shade[], { dark: boolean; colours: Uint8Array }>()

function shadeBuffer(shades: Shade[], dark: boolean): Uint8Array {
  const cached = shadeCache.get(shades)
  if (cached?.dark === dark) return cached.colours
  const colours = new Uint8Array(4 * shades.length)
  shades.forEach((shade, i) => colours.set([...shadeColour(shade, dark), 255], 4 * i))
  shadeCache.set(shades, { dark, colours })
  return colours
}

/** What lies between the land and its borders. */
export function areaLayers(layers: MapLayer[], palette: Palette): Layer[] {
  return layers.flatMap((layer): Layer[] => {
    if (layer.kind !== 'areas') return []
    const { id, polygons, colour, opacity } = layer
    const full: Rgba = typeof colour === 'string' ? palette[colour] : [...shadeColour(colour, palette.dark), 255]
    const fill = faded(full, opacity)
    return [
      new SolidPolygonLayer({
        id,
        data: polygons,
        getPolygon: (polygon: FlatPolygon) => polygon,
        positionFormat: 'XY',
        getFillColor: fill,
        // Lines and points have no offset in depth: with one, areas would lie on them.
        getPolygonOffset: () => [0, 0],
        updateTriggers: { getFillColor: fill.join() },
      }),
    ]
  })
}

/** Segments as lines: each that begins where the last one ended goes on with it. */
function joined(segments: Float32Array): Float32Array[] {
  const lines: Float32Array[] = []
  for (let from = 0, at = 0; at < segments.length; at += 4) {
    const goesOn = segments[at + 2] === segments[at + 4] && segments[at + 3] === segments[at + 5]
    if (goesOn) continue
    const line = new Float32Array((at - from) / 2 + 4)
    line.set(segments.subarray(from, from + 2))
    for (let k = from; k <= at; k += 4) line.set(segments.subarray(k + 2, k + 4), (k - from) / 2 + 2)
    lines.push(line)
    from = at + 4
  }
  return lines
}

/** A line that is more than a hair; a translucent one lies nowhere over itself. */
function broadLine(id: string, segments: Float32Array, colour: Rgba, widthPx: number): Layer {
  return new PathLayer({
    id,
    data: joined(segments),
    getPath: (line: Float32Array) => line as never,
    positionFormat: 'XY',
    getColor: colour,
    getWidth: widthPx,
    widthUnits: 'pixels',
    capRounded: true,
    jointRounded: true,
    updateTriggers: { getColor: colour.join() },
  })
}

/** deck.gl's layers for what was resolved; areas are drawn by `areaLayers`. */
export function deckLayers(resolved: ResolvedLayer[], palette: Palette): Layer[] {
  return resolved.flatMap(({ layer, form, bins, most }): Layer[] => {
    if (layer.kind === 'areas') return []
    // The schemes' colours are the same in both themes, and drown in the dark sooner than on paper.
    const drowns = palette.dark && (layer.colour === 'kd' || layer.colour === 'p2c')
    const colour = faded(palette[layer.colour], drowns ? Math.sqrt(layer.opacity) : layer.opacity)
    if (layer.kind === 'lines') {
      const { id, segments, alphas, widthPx } = layer
      if (widthPx !== undefined) return [broadLine(id, segments, colour, widthPx)]
      return [new PlanarLayer({ id, topology: 'line-list', positions: segments, colour, alphas: alphas ?? null })]
    }
    if (form === 'hidden') return []
    if (form === 'hexagons' && bins) {
      const { positions, colours } = hexagonBuffers(bins, most ?? 1, palette.dark)
      return [
        new PlanarLayer({
          id: `${layer.id}-hexagons`,
          topology: 'triangle-list',
          positions,
          colours,
          colour: [0, 0, 0, 255],
        }),
      ]
    }
    return [
      new PlanarLayer({
        id: layer.id,
        topology: 'point-list',
        positions: layer.positions,
        colour,
        colours: layer.shades ? shadeBuffer(layer.shades, palette.dark) : null,
        pointSizePx: layer.sizePx,
      }),
    ]
  })
}

/** Land, under everything else. */
export function landLayers(map: Basemap, palette: Palette): Layer[] {
  return [
    new SolidPolygonLayer({
      id: 'land',
      data: map.land,
      getPolygon: (polygon: FlatPolygon) => polygon,
      positionFormat: 'XY',
      getFillColor: palette.surface,
      updateTriggers: { getFillColor: palette.surface.join() },
    }),
  ]
}

/** Coasts and borders, over areas and under everything else. */
export function borderLayers(map: Basemap, outline: Float32Array, palette: Palette): Layer[] {
  const line = (id: string, positions: Float32Array, colour: Rgba) =>
    new PlanarLayer({ id, topology: 'line-list', positions, colour })
  return [
    line('states', map.states, faded(palette.line, 0.75)),
    line('borders', map.borders, faded(palette.inkSoft, 0.8)),
    line('coast', map.coast, faded(palette.inkSoft, 0.7)),
    line('outline', outline, faded(palette.line, 1)),
  ]
}
