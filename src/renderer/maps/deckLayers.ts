import { SolidPolygonLayer } from '@deck.gl/layers'
import type { Layer } from '@deck.gl/core'
import { cividis, countShare } from '#pure/maps/cividis.ts'
import type { Palette, Rgba } from '../colours/palette.ts'
import type { Basemap } from '#pure/maps/basemapShapes.ts'
import { hexagonTriangles, type Hexbins } from '#pure/maps/hexbin.ts'
import type { ResolvedLayer } from './mapLayers.ts'
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

/** deck.gl's layers for what was resolved. */
export function deckLayers(resolved: ResolvedLayer[], palette: Palette): Layer[] {
  return resolved.flatMap(({ layer, form, bins, most }): Layer[] => {
    // The schemes' colours are the same in both themes, and drown in the dark sooner than on paper.
    const drowns = palette.dark && (layer.colour === 'kd' || layer.colour === 'p2c')
    const colour = faded(palette[layer.colour], drowns ? Math.sqrt(layer.opacity) : layer.opacity)
    if (layer.kind === 'lines') {
      const { id, segments, alphas } = layer
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
        pointSizePx: layer.sizePx,
      }),
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
