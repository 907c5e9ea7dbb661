import { Deck, OrthographicView } from '@deck.gl/core'
import { ScatterplotLayer } from '@deck.gl/layers'

/** deck.gl as its documentation has it: binary points, one layer, its own controller. */

const { positions, diameterPx, target, zoom } = (
  window as unknown as {
    points: { positions: number[]; diameterPx: number; target: [number, number, number]; zoom: number }
  }
).points

if (positions.length > 0)
  new Deck({
    parent: document.body as HTMLDivElement,
    views: new OrthographicView({ flipY: true, controller: { inertia: false } }),
    initialViewState: { target, zoom },
    layers: [
      new ScatterplotLayer({
        id: 'points',
        data: {
          length: positions.length / 2,
          attributes: { getPosition: { value: Float32Array.from(positions), size: 2 } },
        },
        radiusUnits: 'pixels',
        getRadius: diameterPx / 2,
        getFillColor: [0, 90, 160, 255],
      }),
    ],
  })
